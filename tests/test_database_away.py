"""While the database is away: 503, when to ask again, and nothing that anybody may keep."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.utils import ProgrammingError

from tests.test_addresses import _api
from wagtail_regional.away import is_away

AWAY = "wagtail_regional.middleware.DatabaseAwayMiddleware"
KEPT = "wagtail_regional.middleware.KeptAnswersMiddleware"
ERRORS = [OperationalError("server closed the connection"), InterfaceError("connection closed")]


@contextmanager
def lost(error: Exception, after: int = 0):
    """The connection is lost after so many statements."""
    left = [after]

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise error
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
    # A block that the loss broke is over with its connection; the test's own goes on.
    if connection.in_atomic_block:
        connection.set_rollback(False)


def check(answer: Any) -> None:
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer and "Surrogate-Key" not in answer


def check_problem(answer: Any) -> None:
    check(answer)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["status"] == 503 and answer.json()["title"] == "Service Unavailable"


PATHS = (
    "alliances/",
    "organisations/facets/",
    "programmes/?q=x",
    "network/",
    "pages/",
    "search/?q=x",
)


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("with_middleware", [False, True])
def test_the_api_says_so(site, full_page, client, settings, error, with_middleware):
    if with_middleware:
        settings.MIDDLEWARE = [KEPT, *settings.MIDDLEWARE]
    base = _api(client)
    for path in PATHS:
        # What is kept from before is not given either: nobody knows whether it still holds.
        kept = client.get(base + path)
        assert kept.status_code == 200
        with lost(error):
            check_problem(client.get(base + path))
            etag = kept.get("ETag", '"x"')
            check_problem(client.get(base + path, headers={"if-none-match": etag}))
            assert client.head(base + path).status_code == 503
        assert client.get(base + path).status_code == 200


def test_it_may_be_lost_at_any_statement(site, full_page, client, settings):
    settings.WAGTAIL_REGIONAL = {"API_CACHE_SECONDS": 0}
    base = _api(client)
    seen = set()
    for path in (f"pages/{full_page.pk}/", "alliances/", "programmes/facets/"):
        for after in range(0, 60, 2):
            with lost(ERRORS[0], after):
                answer = client.get(base + path)
            seen.add(answer.status_code)
            if answer.status_code == 200:
                break
            check_problem(answer)
        assert answer.status_code == 200
    assert seen == {200, 503}


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_a_page_says_so_in_the_readers_language(site, full_page, client, settings, error):
    settings.MIDDLEWARE = [AWAY, *settings.MIDDLEWARE]
    url = full_page.url
    for after in range(0, 60, 2):
        with lost(error, after):
            answer = client.get(url)
        if answer.status_code == 200:
            break
        check(answer)
        html = answer.content.decode()
        assert '<html lang="en" dir="ltr">' in html and "<h1>" in html and "<main>" in html
        assert "<script" not in html and "<style" not in html
    assert answer.status_code == 200 and after > 3
    with lost(error):
        answer = client.get("/nl/in-the-region/")
    check(answer)
    assert answer["Content-Language"] == "nl" and '<html lang="nl"' in answer.content.decode()


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/problem+json"),
        ("text/html,application/json;q=0.9", "text/html"),
        ("*/*", "text/html"),
    ],
)
def test_it_says_so_in_what_is_asked_for(site, client, settings, accept, kind):
    settings.MIDDLEWARE = [AWAY, *settings.MIDDLEWARE]
    with lost(ERRORS[0]):
        answer = client.get("/api/v2/pages/", headers={"accept": accept})
    check(answer)
    assert answer["Content-Type"].startswith(kind)


class AskingMiddleware:
    """A host's own, which asks the database before any view does."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return self.get_response(request)


def test_other_middleware_may_notice_it_first(site, full_page, client, settings):
    settings.MIDDLEWARE = [
        AWAY,
        *settings.MIDDLEWARE,
        "tests.test_database_away.AskingMiddleware",
    ]
    client.raise_request_exception = False
    url = full_page.url
    with lost(ERRORS[0]):
        check(client.get(url))
    with lost(ProgrammingError("no such column")):
        assert client.get(url).status_code == 500
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("middleware", [[], [AWAY], [AWAY, KEPT]])
def test_errors_of_the_code_stay_errors(site, full_page, client, settings, middleware):
    settings.MIDDLEWARE = [*middleware, *settings.MIDDLEWARE]
    url = f"{_api(client)}alliances/"
    client.get(url)
    for error in (ProgrammingError("no such column"), ValueError("a mistake"), KeyError("x")):
        with lost(error), pytest.raises(type(error)):
            client.get(url)


def test_a_wrong_statement_is_an_error_of_the_code(site):
    with pytest.raises(Exception, match="nothing") as caught, connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM django_site_that_is_not")
    assert not is_away(caught.value)


# --- A real one -------------------------------------------------------------------------------

_ASK = """
import json, sys
import django
django.setup()
from django.conf import settings
settings.MIDDLEWARE = [
    "wagtail_regional.middleware.DatabaseAwayMiddleware",
    "wagtail_regional.middleware.KeptAnswersMiddleware",
    *settings.MIDDLEWARE,
]
import wagtail
from django.test import Client
base = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"
found = []
for path in (base + "alliances/", "/en/in-the-region/", "/admin/login/", "/admin/"):
    answer = Client(raise_request_exception=False).get(path)
    found.append([answer.status_code, dict(answer.headers), answer.content.decode()])
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////no/such/directory/db.sqlite3",
        pytest.param(
            "postgres://nobody@127.0.0.1:1/nothing",
            marks=[
                pytest.mark.slow,
                pytest.mark.skipif(not find_spec("psycopg"), reason="without psycopg"),
            ],
        ),
        pytest.param(
            "mysql://nobody@127.0.0.1:1/nothing",
            marks=[
                pytest.mark.slow,
                pytest.mark.skipif(not find_spec("MySQLdb"), reason="without mysqlclient"),
            ],
        ),
    ],
)
def test_a_database_that_cannot_be_reached(url):
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    run = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    api, page, *_admin = json.loads(run.stdout)
    for status, headers, _body in (api, page):
        assert (status, headers["Cache-Control"]) == (503, "no-store")
        assert "Retry-After" in headers
    assert api[1]["Content-Type"] == "application/problem+json"
    assert all(status != 500 for status, _headers, _body in _admin)
