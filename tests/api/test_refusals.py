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


#: The same wherever the router is mounted.
ONE_MISTAKE = [
    ("alliances/?status=gone", ["status", 0], "status “gone” is not known. Use one of: planned, "),
    ("alliances/?status=active&status=gone", ["status", 1], "status “gone” is not known."),
    ("programmes/?home=here", ["home", 0], "home “here” is not an id."),
    ("programmes/?open=later", ["open"], "open “later” is not known. Use one of: now."),
    ("programmes/?open_on=soon", ["open_on"], "open_on “soon” is not a day, such as 2026-09-01."),
    ("programmes/?open_on=1700-01-01", ["open_on"], "open_on “1700-01-01” is too early."),
    ("programmes/?open_on=3700-01-01", ["open_on"], "open_on “3700-01-01” is too late."),
    ("programmes/?ects_min=-1", ["ects_min"], "ects_min “-1” is too low. Give 0 or more."),
    ("programmes/?ects_max=1e9", ["ects_max"], "ects_max “1e9” is too high. Give 100000 at most."),
    ("programmes/?joint=perhaps", ["joint"], "joint “perhaps” is neither true nor false."),
    ("programmes/?limit=many", ["limit"], "limit “many” is not a whole number."),
    ("programmes/?limit=1000000", ["limit"], "limit 1000000 is too high. Ask for "),
    ("programmes/?locale=xx", ["locale"], "locale “xx” is not a content language of this site."),
    ("programmes/?colour=blue", ["colour"], "There is no parameter “colour” here."),
    ("organisations/?country=Chad", ["country", 0], "country “Chad” does not fit here. It takes: "),
    ("organisations/?near=here", ["near"], "near “here” is not of the form latitude,longitude"),
    ("organisations/?radius_km=0&near=1,2", ["radius_km"], "radius_km “0” is too low."),
    ("organisations/?q=a%00b", ["q"], "q: There is a null character in this text."),
    (f"organisations/?q={'x' * 101}", ["q"], f"q “{'x' * 60}…” is too long. Give 100 "),
    ("search/", ["q"], "Give “q”; it is required."),
    ("search/?q=", ["q"], "q “” is empty."),
]


@pytest.mark.parametrize(("address", "place", "message"), ONE_MISTAKE)
def test_a_refusal_says_where_what_and_what_is_right(
    client, site, api_root, address, place, message
):
    [error] = client.get(f"{api_root}/{address}").json()["errors"]
    assert error["loc"] == ["query", *place]
    assert error["msg"].startswith(message)


def test_all_mistakes_are_told_at_once(client, site, api_root):
    errors = client.get(f"{api_root}/alliances/?status=gone&limit=0&type=club").json()["errors"]
    assert [each["loc"][1:] for each in errors] == [["limit"], ["type", 0], ["status", 0]]
