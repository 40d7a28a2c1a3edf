"""Bad questions get an answer that says what is wrong with them, on every endpoint."""

from __future__ import annotations

import json

import pytest
import wagtail

from tests.conftest import make_alliance
from wagtail_regional import factories as f

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
NOBODY = "00000000-0000-0000-0000-000000000000"
LISTS = ["pages", "organisations", "alliances", "projects", "programmes"]
DETAILS = {
    "organisations": f.OrganisationFactory,
    "alliances": f.AllianceFactory,
    "projects": f.ProjectFactory,
    "programmes": f.ProgrammeFactory,
}


def refused(response, parameter):
    assert response.status_code == 422, response.content
    assert response["Content-Type"].startswith("application/problem+json")
    problem = response.json()
    assert problem["status"] == 422 and problem["title"]
    assert parameter in json.dumps([error["loc"] for error in problem["errors"]])
    assert all(error["msg"] for error in problem["errors"])


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("colour=blue", "colour"),
        ("Limit=3", "Limit"),
        ("locale=xx", "locale"),
        ("locale=", "locale"),
        ("locale=en&locale=nl", "locale"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=1000000", "limit"),
        ("limit=1&limit=2", "limit"),
        ("offset=-1", "offset"),
        ("offset=1.5", "offset"),
        (f"offset={'9' * 30}", "offset"),
        ("offset=0&offset=0", "offset"),
    ],
)
def test_every_list_refuses(client, site, name, query, parameter):
    refused(client.get(f"{API}/{name}/?{query}"), parameter)


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("pages/?type=blog", "type"),
        ("organisations/?country=Netherlands", "country"),
        ("organisations/?status=sleeping", "status"),
        ("organisations/?q=a%00b", "q"),
        ("alliances/?q=a%00b", "q"),
        ("alliances/?type=club", "type"),
        ("alliances/?activity=sports", "activity"),
        (f"alliances/?theme={NOBODY}", "theme"),
        (f"alliances/?member={NOBODY}", "member"),
        ("projects/?q=a%00b", "q"),
        (f"projects/?theme={NOBODY}", "theme"),
        (f"projects/?alliance={NOBODY}", "alliance"),
        ("programmes/?q=a%00b", "q"),
        ("programmes/?level=phd", "level"),
        ("programmes/?language=!", "language"),
        ("programmes/?joint=perhaps", "joint"),
        (f"programmes/?provider={NOBODY}", "provider"),
        (f"programmes/?theme={NOBODY}", "theme"),
        ("pages/find/", "path"),
        ("pages/find/?path=/en/&path=/nl/", "path"),
        ("pages/find/?path=/en/&colour=blue", "colour"),
        (f"pages/find/?path={'x' * 3000}", "path"),
        ("preview/", "token"),
        ("preview/?token=a&colour=blue", "colour"),
    ],
)
def test_every_value_is_looked_at(client, site, address, parameter):
    refused(client.get(f"{API}/{address}"), parameter)


@pytest.mark.parametrize("name", DETAILS)
def test_every_detail_refuses(client, site, name):
    address = f"{API}/{name}/{DETAILS[name]().uuid}/"
    assert client.get(address).status_code == 200
    refused(client.get(f"{address}?colour=blue"), "colour")
    refused(client.get(f"{address}?locale=xx"), "locale")
    refused(client.get(f"{address}?locale=en&locale=en"), "locale")
    refused(client.get(f"{API}/{name}/leiden/"), "uuid")
    missing = client.get(f"{API}/{name}/{NOBODY}/")
    assert missing.status_code == 404
    assert missing["Content-Type"].startswith("application/problem+json")
    assert NOBODY in missing.json()["detail"]


def test_a_page_refuses(client, section):
    refused(client.get(f"{API}/pages/{section.page.pk}/?locale=nl"), "locale")
    refused(client.get(f"{API}/pages/about/"), "page_id")
    for key in (0, 2**31, 2**63, 10**40):
        response = client.get(f"{API}/pages/{key}/")
        assert response.status_code in (404, 422), key
        assert response["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "path", ["/nowhere/", "", "%00", "/en/%00/", "//example.org/", "/en/../en/", "/de/", "²", "?"]
)
def test_paths_that_lead_nowhere(client, section, path):
    response = client.get(f"{API}/pages/find/?path={path}")
    assert response.status_code in (404, 422)
    assert response["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, site, method):
    alliance = make_alliance()
    for address in ("alliances/", f"alliances/{alliance.uuid}/", "pages/"):
        response = getattr(client, method)(f"{API}/{address}")
        assert response.status_code == 405, address
