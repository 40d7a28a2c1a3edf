"""Whatever is asked of the public addresses, no answer is an error of the server."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

import pytest
import wagtail

from tests.test_addresses import _api
from wagtail_regional.factories import OrganisationFactory
from wagtail_regional.filters.form_fields import MOST_VALUES

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"

VALUES = (
    "%00",
    "a%00b",
    "%ff%fe",
    "%ED%A0%80",
    "%F0%9F%8E%93",
    "9" * 30,
    "9" * 5000,
    "-1",
    "1e400",
    "NaN",
    "Infinity",
    "%D9%A3",
    "x" * 8000,
    "'",
    "%22%3E%3Cscript%3E",
    "..",
    "%",
    "%zz",
    "",
    "null",
    "true",
    "[]",
    "0000-00-00",
    "9999-99-99",
    "%0b",
)
NAMES = (
    *("q", "limit", "offset", "page", "locale", "language", "type", "level", "status", "theme"),
    *("home", "near", "radius", "radius_km", "bbox", "country", "region", "open_on", "sort"),
    *("path", "token", "alliance", "organisation", "ects_min", "ects_max", "p", "preview"),
)
PATHS = (
    "alliances/",
    "organisations/",
    "organisations.geojson",
    "projects/",
    "programmes/",
    "programmes/facets/",
    "organisations/facets/",
    "alliances/facets/",
    "network/",
    "pages/",
    "pages/find/",
    "preview/",
    "search/",
)
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")


def queries() -> Iterator[str]:
    """All parameters with each value, and things that are no query at all."""
    for value in VALUES:
        yield "&".join(f"{name}={value}" for name in NAMES)
    yield "&".join(f"q={number}" for number in range(500))
    yield "&=&%&&==&a[]=1&%00=1"


@pytest.mark.parametrize("path", PATHS)
def test_parameters_of_the_api(site, full_page, client, path):
    url = _api(client) + path
    for query in queries():
        assert client.get(f"{url}?{query}").status_code < 500, query[:80]
    for value in VALUES:
        # Where one is refused, the others are not looked at; this one is known everywhere.
        for name in ("limit", "locale", "q", "path", "token"):
            assert client.get(f"{url}?{name}={value}").status_code < 500, (name, value[:40])
    for method in METHODS:
        assert getattr(client, method)(url).status_code < 500


def test_keys_of_the_api(site, full_page, client):
    base = _api(client)
    for value in VALUES:
        for kind in ("alliances", "organisations", "projects", "programmes", "pages"):
            assert client.get(f"{base}{kind}/{value}/").status_code < 500, value[:40]


@pytest.mark.slow
def test_parameters_of_pages(section, full_page, client):
    for page in (section.programmes, full_page):
        for query in queries():
            assert client.get(f"{page.url}?{query}").status_code < 500, query[:80]
        for value in VALUES:
            for name in ("q", "page", "home", "type", "open_on", "status"):
                answer = client.get(f"{page.url}?{name}={value}")
                assert answer.status_code < 500, (name, value[:40])
        for method in METHODS:
            assert getattr(client, method)(page.url).status_code < 500


def test_the_finder_takes_as_many_as_the_api(client, section):
    rows = OrganisationFactory.create_batch(21)
    for number in (20, 21):
        asked = {"home": [str(row.uuid) for row in rows[:number]]}
        is_taken = client.get(f"{API}/programmes/", asked).status_code == 200
        html = client.get(section.programmes.url, asked).content.decode()
        assert is_taken == (number == 20) == ("20 at most, and not 21" not in html)


@pytest.mark.parametrize("kind", ["programmes", "organisations", "alliances"])
@pytest.mark.parametrize("end", ["", "facets/"])
def test_as_many_values_as_there_may_be_are_answered_and_more_refused(client, section, kind, end):
    client.raise_request_exception = False
    values = {
        "language": [f"{one}{other}" for one in ascii_lowercase for other in ascii_lowercase],
        "field": [f"0{number:03}" for number in range(1000)],
        "locality": [f"Town {number}" for number in range(1000)],
        "lau": [f"NL{number}" for number in range(1000)],
        "country": [f"{one}{other}" for one in ascii_lowercase for other in ascii_lowercase],
    }
    path = f"{API}/{kind}/{end}"
    values = {
        name: each
        for name, each in values.items()
        if client.get(path, {name: each[0]}).status_code == 200
    }
    assert values
    most = {name: each[:MOST_VALUES] for name, each in values.items()}
    assert client.get(path, most).status_code == 200
    if kind == "programmes":
        assert client.get(section.programmes.url, most).status_code == 200
    for name, each in values.items():
        answer = client.get(path, {name: each[: MOST_VALUES + 1]})
        assert answer.status_code == 422
        assert name in str(answer.json()["errors"])
        if kind == "programmes":
            html = client.get(section.programmes.url, {name: each[: MOST_VALUES + 1]})
            assert "100 at most, and not 101" in html.content.decode()
