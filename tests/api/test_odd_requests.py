"""Whatever is asked of the public addresses, no answer is an error of the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.test_addresses import _api

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
