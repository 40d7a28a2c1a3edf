"""A cache that fails costs no answer: killed, frozen, full, or with something else in it."""

from __future__ import annotations

import logging
import pickle
import shutil
import signal
import socket
import subprocess
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache

from tests.test_addresses import _api
from wagtail_regional import keeping

#: What the failing backend does: raises this, or gives it back.
behaviour: dict[str, Any] = {}


class FailingCache(BaseCache):
    """A cache backend that fails in a way the test chooses."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        return self._fail(behaviour["get"], default)

    def set(self, key: str, value: Any, timeout: Any = None, version: Any = None) -> None:
        self._fail(behaviour["set"], None)

    def _fail(self, how: Any, default: Any) -> Any:
        if isinstance(how, Exception):
            raise how
        return default if how is None else how


@pytest.fixture(autouse=True)
def healthy():
    """What a process remembers of its cache's failures is of one test only."""
    keeping.health.reset()
    yield
    keeping.health.reset()


ERRORS = [
    ConnectionError("killed"),
    TimeoutError("frozen"),
    OSError("full"),
    pickle.UnpicklingError("foreign"),
    ModuleNotFoundError("foreign"),
    KeyError("anything"),
    RuntimeError("anything"),
]


class Foreign:
    """What another program put there."""

    def __repr__(self) -> str:
        # Without its address, which differs from process to process.
        return "something foreign"


JUNK = [
    "a text",
    b"bytes",
    0,
    -1,
    True,
    (),
    ("a", "b"),
    (None, None),
    ({}, b""),
    ({}, b"body"),
    ({"Content-Type": "text/html"}, "text"),
    ({"Content-Type": "a\nb"}, b"x"),
    ({"Content-Type": 3}, b"x"),
    ({"Set-Cookie": "x", "Content-Type": "text/html"}, b"x"),
    {"a": 1},
    [1, 2, 3],
    Foreign(),
    ({"Content-Type": "application/json"}, b"{}", 3),
]


def failing(settings: Any, get: Any = None, set_: Any = None) -> None:
    backend = {"BACKEND": "tests.test_keeping.FailingCache"}
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {"default": local, "regional": backend}
    settings.WAGTAIL_REGIONAL = {"API_CACHE": "regional"}
    behaviour.update(get=get, set=set_)


PATHS = (
    "alliances/",
    "organisations/?limit=1",
    "programmes/",
    "programmes/?type=course",
    "programmes/facets/",
    "alliances/facets/",
    "organisations.geojson",
    "network/",
    "pages/",
    "search/?q=alliance",
)


def some_of(cases: list[Any]) -> list[Any]:
    """All of these; most of them for the slow tests."""
    return [
        each if at % 12 == 0 else pytest.param(each, marks=pytest.mark.slow)
        for at, each in enumerate(cases)
    ]


@pytest.mark.parametrize("how", some_of([*ERRORS, *JUNK]), ids=repr)
def test_an_answer_is_the_same_without_a_cache(
    site, full_page, client, admin_client, settings, how
):
    base = _api(client)
    urls = [base + path for path in PATHS]
    right = [client.get(url) for url in urls]
    is_error = isinstance(how, Exception)
    failing(settings, how, how if is_error else None)
    middleware = "wagtail_regional.middleware.KeptAnswersMiddleware"
    settings.MIDDLEWARE = [middleware, *settings.MIDDLEWARE]
    for url, expected in zip(urls, right, strict=True):
        answer = client.get(url)
        assert (answer.status_code, answer.content) == (200, expected.content), url
        if etag := answer.get("ETag"):
            assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    assert client.get(full_page.url).status_code == 200
    assert admin_client.get("/admin/regional/review/").status_code == 200
    assert admin_client.get("/admin/").status_code == 200


def test_it_is_said_once_a_minute(site, client, settings, caplog, monkeypatch):
    base = _api(client)
    failing(settings, ConnectionError("killed"), ConnectionError("killed"))
    now = [1000.0]
    monkeypatch.setattr(keeping.time, "monotonic", lambda: now[0])
    caplog.set_level(logging.WARNING, "wagtail_regional")

    def said() -> int:
        return len([each for each in caplog.records if each.name == "wagtail_regional"])

    for _time in range(5):
        client.get(f"{base}alliances/")
    assert said() == 1 and "“regional”" in caplog.records[0].getMessage()
    now[0] += 59
    client.get(f"{base}alliances/")
    assert said() == 1
    now[0] += 2
    client.get(f"{base}alliances/")
    assert said() == 2
    assert "11 failures" in caplog.records[-1].getMessage()


def test_a_cache_that_recovers_is_used_again(site, client, settings):
    base = _api(client)
    failing(settings, ConnectionError("killed"), ConnectionError("killed"))
    client.get(f"{base}alliances/")
    settings.WAGTAIL_REGIONAL = {}
    cache.clear()
    client.get(f"{base}alliances/")
    assert cache._cache  # type: ignore[attr-defined]


# --- A real one -------------------------------------------------------------------------------


@pytest.fixture
def redis_server(tmp_path):
    """Starts a Redis of its own; gives its port and its process."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server on the PATH")
    pytest.importorskip("redis")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir"]
    process = subprocess.Popen([*command, str(tmp_path)], stdout=subprocess.DEVNULL)
    for _try in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield port, process
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


@pytest.mark.slow
def test_redis_frozen_full_and_killed(site, full_page, client, settings, redis_server):
    port, process = redis_server
    base = _api(client)
    url = f"{base}alliances/"
    expected = client.get(url).content
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    redis_cache = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"redis://127.0.0.1:{port}",
        "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
    }
    settings.CACHES = {"default": local, "regional": redis_cache}
    settings.WAGTAIL_REGIONAL = {"API_CACHE": "regional"}

    import redis

    server = redis.Redis(port=port)

    def check() -> None:
        keeping.health.reset()
        for path in PATHS:
            assert client.get(base + path).status_code == 200
        assert client.get(url).content == expected

    check()
    keys = server.keys("*wagtail_regional.answer*")
    assert keys
    # Something of somebody else's, which is no pickle.
    for key in server.keys("*"):
        server.set(key, b"\x80\x04nothing")
    check()
    for key in server.keys("*"):
        server.delete(key)
        server.lpush(key, "of another type")
    check()
    server.config_set("maxmemory", "1")
    check()
    process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    check()
    # It is not waited for at each access.
    assert time.monotonic() - begun < 10
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()
    check()
