"""Whatever is asked of the admin's addresses, no answer is an error of the server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from tests.admin.addresses import ADDRESSES, arguments, model_of

METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")

ODD_KEYS = (
    "0",
    "-1",
    "abc",
    "9" * 23,
    "9" * 5000,
    "-" * 36,
    "٣",
    "1_0",
    "2147483648",
    "9223372036854775808",
    "1.5",
    "1e3",
    "_00",
    "_",
    "\0",
    "1\0",
    "'",
    '"',
    "1' OR '1'='1",
    "..",
    "%ff",
    "\\ud800",
    "null",
    "00000000-0000-0000-0000-000000000000",
    "f" * 36,
    "%00",
)

ODD_VALUES = (
    "abc",
    "",
    "-1",
    "0",
    "1" + "0" * 30,
    "9" * 5000,
    "%00",
    "%ff%fe",
    "%ED%A0%80",
    "'",
    "..",
    "1.2.3",
    "-",
    "x" * 3000,
    "%D9%A3",
)


WITH_KEY = [
    name
    for name, pattern in ADDRESSES.items()
    if {"instance_pk", "pk", "key"} & pattern.pattern.regex.groupindex.keys()
]
WITHOUT_KEY = [name for name in ADDRESSES if name not in WITH_KEY]


#: Rows whose screens are made by the same code as those of organisations.
ALIKE = ("alliance", "programme", "project", "theme")


def of_each_kind(names: list[str]) -> list[Any]:
    """All of these; those that others are just like are left to the slow tests."""
    alike = (*ALIKE, "webhook", "webhookdelivery")
    return [
        pytest.param(name, marks=pytest.mark.slow)
        if model_of(name) in alike or "chooser" in name
        else name
        for name in names
    ]


def test_the_addresses_are_found():
    assert len(ADDRESSES) > 80 and "wagtail_regional_review:reviewed" in WITH_KEY


@pytest.fixture
def browser(admin_client):
    """A superuser's, who meets no refusal before the view; it tells a failure as 500."""
    admin_client.raise_request_exception = False
    return admin_client


def with_key(name: str, key: str, rows: dict[str, Any]) -> str:
    """The address as it is typed with some other key, also one that the route does not take."""
    mark = "987654321"
    given = arguments(name, rows)
    url = None
    for group in ("instance_pk", "pk", "key"):
        if group in given:
            stand_in: Any = uuid.UUID(int=0) if group == "key" else mark
            url = reverse(name, kwargs={**given, group: stand_in})
            return url.replace(str(stand_in), key if "%" in key else quote(key, safe=""))
    raise AssertionError(name)


def check(answer: Any, *said: Any) -> None:
    assert answer.status_code < 500, said
    # Files are made while they are read.
    if getattr(answer, "streaming", False):
        b"".join(answer.streaming_content)


@pytest.mark.parametrize("name", of_each_kind(WITH_KEY))
def test_a_key_that_nothing_has_is_not_found(rows, browser, name):
    for key in ODD_KEYS:
        url = with_key(name, key, rows)
        for method in ("get", "post"):
            check(getattr(browser, method)(url), method, url)


def test_any_model_can_be_named(rows, browser):
    for model in ("auth.user", "nothing", "a.b.c", "..", "%00", "wagtailcore.page", "%C3%A9.x"):
        url = reverse("wagtail_regional_review:reviewed", args=("MODEL", "1"))
        assert browser.post(url.replace("MODEL", model)).status_code in (302, 404)


@pytest.mark.parametrize("name", of_each_kind(list(ADDRESSES)))
def test_every_method_is_answered(rows, browser, name):
    url = reverse(name, kwargs=arguments(name, rows))
    junk = {"new": "9" * 23, "ended": "\0", "name_en": "\0", "id": "x", "include_past": "?"}
    for method in METHODS:
        # What is posted last may delete the row.
        if method != "post":
            check(getattr(browser, method)(url), method, url)
    check(browser.post(url, junk), "post", url)
    check(browser.post(url, b"\xff\0{", content_type="application/json"), "post", url)
    check(browser.post(url), "post", url)


#: What our lists, choosers and reports take, and some of Django's lookups.
NAMES = (
    "p",
    "q",
    "o",
    "e",
    "ordering",
    "order",
    "page",
    "export",
    "id",
    "new",
    "severity",
    "rule",
    "kind",
    "owner",
    "status",
    "type",
    "country",
    "theme",
    "table",
    "webhook",
    "state",
    "review",
    "themes__id__exact",
    "owner__id",
    "owner__password__startswith",
    "pk__in",
    "starts__year",
    "next",
    "locale",
    "multiple",
    "unknown",
)


def query_strings() -> Iterator[str]:
    """Each parameter with odd values, several of them at a time; any refusal must be the
    parameter's own."""
    for at in range(0, len(ODD_VALUES), 3):
        values = ODD_VALUES[at : at + 3]
        yield "&".join(f"{name}={values[i % len(values)]}" for i, name in enumerate(NAMES))
    yield "q=%00&q=x&p=1&p=2&ordering=-&ordering=x&" + "id=1&" * 50
    yield "&&==&%&%zz=1&[]=1&p[]=2"


@pytest.mark.parametrize("name", of_each_kind(WITHOUT_KEY))
def test_odd_parameters_are_no_error(rows, browser, name):
    url = reverse(name, kwargs=arguments(name, rows))
    for query in query_strings():
        check(browser.get(f"{url}?{query}"), url, query[:300])


@pytest.mark.slow
@pytest.mark.parametrize("name", [each for each in ADDRESSES if model_of(each) not in ALIKE])
def test_each_odd_parameter_alone_is_no_error(rows, browser, name):
    url = reverse(name, kwargs=arguments(name, rows))
    # Each address meets each parameter, and each parameter in one address or another each value.
    first = list(ADDRESSES).index(name)
    for at, parameter in enumerate(NAMES):
        for value in ODD_VALUES[(first + at) % 5 :: 5]:
            check(browser.get(f"{url}?{parameter}={value}"), url, parameter, value[:60])
