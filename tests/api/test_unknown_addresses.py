"""What is at no address below the API's, and what is the host's own."""

from __future__ import annotations

import pytest
import wagtail
from django.http import HttpResponse
from django.urls import path

from tests import urls

BASE = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"

#: A host with something of its own below ours, after ours.
urlpatterns = [
    *urls.urlpatterns[:-1],
    path(f"{BASE[1:]}ours/<int:number>/", lambda request, number: HttpResponse(f"ours {number}")),
    urls.urlpatterns[-1],
]


@pytest.mark.parametrize(
    "rest",
    [
        # On Wagtail 7.4 it is Ninja that answers there.
        *([""] if wagtail.VERSION >= (8, 0) else []),
        "nothing/",
        "organisations/x/y/",
        "organisations/not-a-uuid/more/",
        "pages/1/2/3/",
        "alliances.geojson",
        "%00/",
        "%FF/",
        "é/",
        "..%2f..%2f",
        "a" * 3000,
        "organisations//",
        "//",
    ],
)
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
def test_an_unknown_address_is_a_problem(site, client, rest, method):
    answer = getattr(client, method)(BASE + rest)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer["Cache-Control"] == "no-store"
    if method == "get":
        assert answer.json()["status"] == 404


def test_a_missing_slash_is_still_added(site, client):
    answer = client.get(f"{BASE}organisations?type=course")
    assert answer.status_code == 301
    assert answer["Location"] == f"{BASE}organisations/?type=course"


@pytest.mark.urls("tests.api.test_unknown_addresses")
def test_what_the_host_has_there_is_answered_by_the_host(site, client):
    assert client.get(f"{BASE}ours/3/").content == b"ours 3"
    assert client.get(f"{BASE}ours/3")["Location"] == f"{BASE}ours/3/"
    assert client.get(f"{BASE}ours/x/")["Content-Type"].startswith("application/problem+json")


def test_what_is_beside_the_api_is_the_hosts(site, client):
    answer = client.get("/api/nothing/")
    assert "problem" not in answer.get("Content-Type", "")


def test_the_document_does_not_tell_of_it(site, client):
    document = client.get(f"{BASE.replace('regional/', '') if 'v3' in BASE else BASE}openapi.json")
    assert not [each for each in document.json()["paths"] if "unknown" in each]
