"""Checking links, against a real server on this machine."""

import contextlib
import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command
from django.test import override_settings

from wagtail_regional import factories as f
from wagtail_regional.freshness import stamps as stamp
from wagtail_regional.models import LinkCheck, Organisation


class Site(ThreadingHTTPServer):
    """Answers each path as its name says, and remembers what was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.at_once, self.most_at_once = [], 0, 0
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    #: Statuses in place of what the names of paths say.
    answers: dict[str, int] = {}

    def do_GET(self):
        self._count()
        with contextlib.suppress(OSError):
            self._answer(self.path.partition("?")[0].strip("/"))

    def _count(self):
        """How many wait for an answer. It ends before the answer is sent: who reads that may ask
        the next thing before this thread goes on. It lasts long enough to be seen."""
        site = self.server
        with site.lock:
            site.asked.append((self.path, self.headers["User-Agent"]))
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
        time.sleep(0.02)
        with site.lock:
            site.at_once -= 1

    def _answer(self, name):
        if name.isdigit():
            self.send_response(self.answers.get(self.path, int(name)))
        elif name == "slow":
            time.sleep(20)
            return
        elif name == "drip":
            # A byte now and then never times a socket out.
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(200):
                time.sleep(0.1)
                self.wfile.write(b"x")
            return
        elif name == "endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 65536)
        elif name == "nonsense":
            self.wfile.write(b"not http at all\r\n\r\n")
            return
        else:
            self.send_response(302)
            targets = {
                "circle": "/circle",
                "moved": "/200",
                "lost": "/404",
                "away": "http://[::1]/",
            }
            self.send_header("Location", targets[name])
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    site = Site()
    yield site
    site.shutdown()
    site.server_close()


@pytest.fixture
def allowed(settings):
    """The server is on the loopback, which is refused otherwise."""
    settings.WAGTAIL_REGIONAL = {
        "LINK_CHECK_ALLOW_PRIVATE": True,
        "LINK_CHECK_TIMEOUT_SECONDS": 1,
    }


def check(*args):
    out, err = io.StringIO(), io.StringIO()
    args = ("--check-links", "--rule", "broken_link", "--fail-at", "never", *args)
    call_command("regional_review", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def outcome(url):
    row = LinkCheck.objects.get(url=url)
    return row.problem, row.status


@pytest.mark.parametrize(
    ("path", "problem", "status"),
    [
        ("/200", "", 200),
        ("/404", "status", 404),
        ("/410", "status", 410),
        ("/500", "status", 500),
        # Somebody is there, and talks to no program.
        ("/403", "", 403),
        ("/429", "", 429),
        ("/moved", "", 200),
        ("/lost", "status", 404),
        ("/circle", "redirects", None),
        ("/slow", "timeout", None),
        ("/drip", "timeout", None),
        ("/endless", "", 200),
        ("/nonsense", "unreachable", None),
    ],
)
def test_what_becomes_of_a_link(site, server, allowed, path, problem, status):
    url = server.url(path)
    f.OrganisationFactory(name={"en": "The row"}, website=url)
    begin = time.perf_counter()
    out, err = check()
    assert time.perf_counter() - begin < 10
    assert outcome(url) == (problem, status)
    assert ("The row" in out) == bool(problem) and "1 links tried" in err


def test_addresses_that_are_not_public_are_refused(site, server):
    url = server.url("/200")
    f.OrganisationFactory(website=url)
    out, _ = check()
    assert outcome(url) == ("private", None) and not server.asked
    assert "not on the public internet" in out


def test_a_redirect_cannot_lead_to_a_private_address(site, server, allowed, monkeypatch):
    """With the first host taken for public, where it points to is checked all the same."""
    from wagtail_regional.net import addresses as net

    def public_but_for_ipv6(ip):
        return ip.version == 4

    monkeypatch.setattr(net, "is_public", public_but_for_ipv6)
    with override_settings(WAGTAIL_REGIONAL={"LINK_CHECK_TIMEOUT_SECONDS": 1}):
        url = server.url("/away")
        f.OrganisationFactory(website=url)
        check()
    assert outcome(url) == ("private", None)


def test_a_host_that_does_not_exist(site):
    f.OrganisationFactory(website="https://nowhere.invalid/")
    out, err = check()
    assert outcome("https://nowhere.invalid/") == ("unknown_host", None)
    assert "cannot be found" in out and "connected to the internet" in err


def test_a_port_that_nobody_listens_to(site, allowed):
    f.OrganisationFactory(website="http://127.0.0.1:1/")
    check()
    assert outcome("http://127.0.0.1:1/") == ("unreachable", None)


def test_what_is_no_address(site):
    row = f.OrganisationFactory()
    Organisation.objects.filter(pk=row.pk).update(website="https://[broken/")
    check()
    assert outcome("https://[broken/") == ("invalid", None)


def test_every_link_of_the_registry_is_tried_once(site, server, allowed):
    url = server.url
    f.OrganisationFactory(website=url("/200"), source_url=url("/201"))
    f.AllianceFactory(website=url("/200"))
    f.ProjectFactory(website=url("/202"))
    f.ProgrammeFactory(link=url("/203"))
    f.ProgrammeAccessFactory(enrolment_link=url("/204"))
    f.RecognitionFactory(url=url("/205"))
    f.ThemeFactory(uri=url("/206"))
    Organisation.objects.exclude(website=url("/200")).update(website="")
    check()
    assert sorted(path for path, _agent in server.asked) == [f"/20{n}" for n in range(7)]
    assert all("wagtail-regional" in agent for _path, agent in server.asked)
    # One host is asked one thing at a time.
    assert server.most_at_once == 1


def test_since_when_it_fails_is_kept_and_forgotten(site, server, allowed):
    f.OrganisationFactory(website=server.url("/404"))
    check()
    since = LinkCheck.objects.get().failing_since
    check()
    again = LinkCheck.objects.get()
    assert again.failing_since == since and again.checked_at > since
    Handler.answers["/404"] = 200
    try:
        check()
    finally:
        Handler.answers.clear()
    assert LinkCheck.objects.get().failing_since is None


def test_links_that_went_are_forgotten(site, server, allowed):
    row = f.OrganisationFactory(website=server.url("/404"))
    check()
    row.website = ""
    row.save()
    out, _ = check()
    assert not LinkCheck.objects.exists() and "The row" not in out


def test_a_dead_host_is_not_waited_for_link_by_link(site, server, allowed):
    for number in range(15):
        f.OrganisationFactory(website=server.url(f"/slow/?{number}"))
    begin = time.perf_counter()
    check()
    assert time.perf_counter() - begin < 10
    assert LinkCheck.objects.filter(problem="timeout").count() == 15


def test_nothing_that_readers_see_changes(site, server, allowed):
    f.OrganisationFactory(website=server.url("/404"))
    before = stamp.current()
    check()
    assert stamp.current() == before


def test_no_page_of_the_admin_asks_for_links(site, server, allowed, admin_client):
    f.OrganisationFactory(website=server.url("/404"))
    assert admin_client.get("/admin/").status_code == 200
    assert admin_client.get("/admin/regional/review/").status_code == 200
    assert not server.asked
