"""The example site with its demo content, served by a process of its own."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60
DRAFT = """
    SELECT content FROM wagtailcore_revision JOIN wagtailcore_page
    ON wagtailcore_revision.id = latest_revision_id WHERE wagtailcore_page.id = ?
"""


class Demo:
    """A running demo.

    Args:
        data: the directory that takes its database, media and log, or has them already.
        port: where it is served, and where its site says that it is; by default a free one.
    """

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.data = data
        self.database = data / "db.sqlite3"
        self._set("site_settings", port)

    def _set(self, settings: str, port: int | None = None) -> None:
        port = port or _free_port()
        self.url = f"http://localhost:{port}"
        outer = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_DEBUG"}}
        self.env = outer | {
            "DJANGO_SETTINGS_MODULE": f"tests.browser.{settings}",
            "BROWSER_TEST_DATA": str(self.data),
            "PORT": str(port),
            "BASE_URL": self.url,
        }
        self.log = self.data / f"{settings}.log"

    def beside(self, settings: str) -> Demo:
        """The same site with its data as another process serves it, with other settings."""
        other = copy.copy(self)
        other._set(settings)
        return other

    def load(self) -> None:
        """Make the database, as `make demo` does."""
        for command in (("migrate", "--verbosity", "0"), ("load_demo",)):
            subprocess.run(self._manage(*command), cwd=ROOT, env=self.env, check=True)

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                self._manage("runserver", "--noreload", self.env["PORT"]),
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_for(process)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)

    def write(self, statement: str) -> None:
        """Change the database from outside, as the documentation says to."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as database:
            database.execute(statement)
            database.commit()
        subprocess.run(
            self._manage("regional_touch"), cwd=ROOT, env=self.env, check=True, capture_output=True
        )

    @contextlib.contextmanager
    def undone(self) -> Iterator[None]:
        """Puts the database back as it was, whatever happens to it inside."""
        with (
            contextlib.closing(sqlite3.connect(":memory:")) as before,
            contextlib.closing(sqlite3.connect(self.database, timeout=20)) as database,
        ):
            database.backup(before)
            yield
            before.backup(database)

    def draft(self, page: int) -> list[dict[str, Any]]:
        """The body of a page's draft as it is stored."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as database:
            [content] = database.execute(DRAFT, (page,)).fetchone()
        body: list[dict[str, Any]] = json.loads(json.loads(content)["body"])
        return body

    def write_draft(self, page: int, body: list[dict[str, Any]]) -> None:
        """Store something else there, past every form."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as database:
            [content] = database.execute(DRAFT, (page,)).fetchone()
            changed = json.dumps(json.loads(content) | {"body": json.dumps(body)})
            database.execute(
                "UPDATE wagtailcore_revision SET content = ? WHERE id ="
                " (SELECT latest_revision_id FROM wagtailcore_page WHERE id = ?)",
                (changed, page),
            )
            # Without it, the editor is given what is live.
            database.execute(
                "UPDATE wagtailcore_page SET has_unpublished_changes = 1 WHERE id = ?", (page,)
            )
            database.commit()

    def json(self, path: str) -> Any:
        with urlopen(self.url + path, timeout=30) as response:
            return json.load(response)

    def page(self, path: str) -> Any:
        """A page as the API gives it."""
        return self.json(f"/api/v3/regional/pages/find/?path={path}")

    def _manage(self, *arguments: str) -> list[str]:
        return [sys.executable, str(ROOT / "example_site" / "manage.py"), *arguments]

    def _wait_for(self, process: subprocess.Popen) -> None:
        end = time.monotonic() + SECONDS_TO_START
        while process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(URLError, OSError):
                urlopen(f"{self.url}/en/", timeout=30).close()
                return
            time.sleep(0.2)
        raise RuntimeError(f"The demo did not start:\n{self.log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
