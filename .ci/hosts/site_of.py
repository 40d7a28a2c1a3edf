"""A site of somebody who installs the package: made, changed, served and walked through."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import guide

#: Settings that belong to the tests around us, and not to a stranger's site.
_NOT_THEIRS = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "PYTHONPATH", "PORT", "BASE_URL"}


class HostError(AssertionError):
    """What a site did that it should not have done."""


@dataclass
class Answer:
    """What came back from an address."""

    status: int
    url: str
    headers: dict[str, str]
    text: str


class Browser:
    """Keeps cookies, follows redirects, and does not raise on a status."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str, data: dict[str, str] | None = None) -> Answer:
        """GET, or with data POST, of a path or an address."""
        url = urllib.parse.urljoin(self.origin, path)
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(url, data=body, headers={"Referer": url})
        try:
            with self._opener.open(request, timeout=60) as answer:
                return _answer(answer)
        except urllib.error.HTTPError as error:
            return _answer(error)

    def post_form(self, path: str, data: dict[str, str]) -> Answer:
        """Fill in the form at a path; its token is sent along."""
        form = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"', form.text)
        need(token, f"{path} has no form: {form.status}")
        return self.get(path, {"csrfmiddlewaretoken": token[1], **data})


def _answer(response) -> Answer:
    text = response.read().decode("utf-8", "replace")
    return Answer(response.status, response.url, dict(response.headers), text)


class _Links(HTMLParser):
    """What a page leads to and loads. What it tells search engines is absolute by nature."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and values.get("rel") not in ("stylesheet", "icon"):
            return
        for name in ("href", "src"):
            if values.get(name):
                self.found.add(values[name])


def links_of(html: str) -> set[str]:
    """Every address that a page leads to or loads."""
    parser = _Links()
    parser.feed(html)
    return parser.found


def need(truth: object, complaint: str) -> None:
    """Raise with a complaint unless something is so."""
    if not truth:
        raise HostError(complaint)


@dataclass
class Site:
    """A project of ``wagtail start mysite`` in a directory of its own.

    Attributes:
        venv: the environment with the package in it.
        release: Wagtail's, such as ``8.0``.
        directory: where everything is.
    """

    venv: Path
    release: str
    directory: Path
    done: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        """Where manage.py is, or will be."""
        inside = self.directory / "mysite"
        return inside if inside.exists() else self.directory

    @property
    def python(self) -> str:
        return str(self.venv / "bin" / "python")

    def start(self) -> Site:
        """``wagtail start mysite``, and no more."""
        self.run("wagtail start mysite")
        return self

    def start_as(self, prepared: Path) -> Site:
        """A copy of what another site had become."""
        shutil.copytree(prepared, self.directory, dirs_exist_ok=True)
        return self

    def run(self, command: str, *, stdin: str = "", fails: bool = False) -> str:
        """What a command in the site's directory prints.

        Raises:
            HostError: when it fails, or with `fails` when it does not.
        """
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=self.root,
            env=self._environment(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
        )
        printed = done.stdout + done.stderr
        if (done.returncode != 0) != fails:
            raise HostError(f"$ {command}\n{printed[-6000:]}\n(exit status {done.returncode})")
        return printed

    def _environment(self) -> dict[str, str]:
        outer = {key: value for key, value in os.environ.items() if key not in _NOT_THEIRS}
        return outer | {
            "PATH": f"{self.venv / 'bin'}:{os.environ['PATH']}",
            "VIRTUAL_ENV": str(self.venv),
            "DJANGO_SUPERUSER_USERNAME": "admin",
            "DJANGO_SUPERUSER_PASSWORD": "a-long-password",
            "DJANGO_SUPERUSER_EMAIL": "admin@example.org",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def manage(self, arguments: str, **options) -> str:
        return self.run(f"python manage.py {arguments}", **options)

    def shell(self, code: str) -> str:
        """Run Python in the site."""
        return self.manage("shell --no-imports -v0", stdin=code)

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def append(self, path: str, text: str) -> None:
        need((self.root / path).exists(), f"there is no {path} to add to")
        with (self.root / path).open("a") as file:
            file.write("\n" + text)

    def follow(self, page: str, heading: str = "") -> list[guide.Step]:
        """Do what a page of the documentation says. Gives back its steps."""
        followed = [
            step
            for step in guide.steps(page, heading)
            if not step.release or self.release[0] == step.release
        ]
        for step in followed:
            self.do(step)
        need(any(step.action for step in followed), f"{page} {heading} has no steps")
        return followed

    def do(self, step: guide.Step) -> None:
        """One step of a guide."""
        match step.action:
            case "run":
                for command in step.text.replace("\\\n", " ").splitlines():
                    if command.strip():
                        self.command(command)
            case "write":
                self.write(step.path, step.text)
            case "append":
                self.append(step.path, step.text)
            case "replace":
                file = self.root / step.path
                file.write_text(guide.replaced(file.read_text(), step))
            case "" | "serve" | "ask" | "shows" | "find" | "instead":
                pass
            case other:
                raise HostError(f"no guide can say {other!r}")
        if step.action:
            self.done.append(step.action)

    def undo(self, page: str, heading: str = "") -> None:
        """Take out again what a page had added to the ends of files."""
        for step in guide.steps(page, heading):
            file = self.root / step.path
            if step.action == "append" and (not step.release or self.release[0] == step.release):
                need(step.text in file.read_text(), f"{step.path} does not have what was added")
                file.write_text(file.read_text().replace(step.text, ""))

    def command(self, command: str) -> None:
        """A command as a guide gives it. Questions it asks on a terminal are answered."""
        if command.startswith("cd "):
            need(self.root.name == command[3:].strip(), f"{command}: we are in {self.root}")
            return
        if "createsuperuser" in command:
            command += " --noinput"
        self.run(command)

    def healthy(self) -> None:
        """The checks are silent about us, and no migration is missing."""
        self.shell(
            "from django.core.management import call_command\n"
            "call_command('check', fail_level='WARNING')\n"
            "call_command('makemigrations', check_changes=True, dry_run=True)\n"
        )

    @contextmanager
    def served(self, command: str = "python manage.py runserver --noreload") -> Iterator[Browser]:
        """The site on a free port that is neither 80 nor 8000."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        origin = f"http://localhost:{port}"
        log = self.directory / "server.log"
        with log.open("w") as out:
            server = subprocess.Popen(
                ["bash", "-c", f"exec {command} {port}"],
                cwd=self.root,
                env=self._environment(),
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._await(server, port, log)
            yield Browser(origin)
        except AssertionError as error:
            raise HostError(f"{error}\n--- the server said:\n{log.read_text()[-4000:]}") from error
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()

    @staticmethod
    def _await(server: subprocess.Popen, port: int, log: Path) -> None:
        for _ in range(300):
            need(server.poll() is None, f"the server ended:\n{log.read_text()[-4000:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise HostError("the server did not start within 30 seconds")

    def remove(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)


def walk(browser: Browser, start: str = "/", most: int = 120) -> dict[str, Answer]:
    """Follow every link within the site, from one page on. All of them answer 200.

    A link to the same host on another port leads to another program, and is an error too.

    Returns:
        what was found, by path.
    """
    origin = urllib.parse.urlsplit(browser.origin)
    found: dict[str, Answer] = {}
    waiting = [(start, "the start")]
    while waiting and len(found) < most:
        path, by = waiting.pop(0)
        if path in found:
            continue
        answer = found[path] = browser.get(path)
        need(answer.status == 200, f"{path}, linked from {by}, answers {answer.status}")
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        for link in sorted(links_of(answer.text)):
            url = urllib.parse.urlsplit(urllib.parse.urljoin(f"{browser.origin}{path}", link))
            if url.scheme not in ("http", "https") or url.hostname != origin.hostname:
                continue
            need(
                url.netloc == origin.netloc, f"{path} links to {link}, which is not {origin.netloc}"
            )
            target = url.path + (f"?{url.query}" if url.query else "")
            waiting.append((target, path))
    return found


def styled(pages: dict[str, Answer], path: str) -> None:
    """A page links our stylesheet, and it answers."""
    sheets = [link for link in links_of(pages[path].text) if "regional" in link and ".css" in link]
    need(sheets, f"{path} has no stylesheet of ours")
    for sheet in sheets:
        need(sheet.partition("#")[0] in pages, f"{sheet} was not looked at")
