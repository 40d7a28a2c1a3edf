"""Bad questions get an answer that says what is wrong with them, on every endpoint."""

from __future__ import annotations

import io
import json
from urllib.parse import quote

import pytest
import wagtail
from django.core.management import call_command
from wagtail.models import PageViewRestriction

from tests.conftest import facets_in, make_alliance
from wagtail_regional import factories as f
from wagtail_regional.filters import (
    AllianceFilter,
    NetworkFilter,
    OrganisationFilter,
    ProgrammeFilter,
    ProjectFilter,
    kinds,
    values,
)

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


@pytest.mark.parametrize("form", ["/{}/", "{}", "/{}", "{}/"])
def test_a_path_is_found_with_and_without_slashes(client, section, form):
    regional = section.page.get_url().strip("/")
    assert client.get(f"{API}/pages/find/?path={form.format(regional)}").status_code == 200
    home = section.index.get_parent().get_url().strip("/")
    response = client.get(f"{API}/pages/find/?path={form.format(home)}")
    assert response.status_code == 404
    assert response.json()["detail"].startswith(f"The page at /{home}/ is not a regional one.")


def test_a_page_of_another_type_that_is_hidden_is_not_told(client, section):
    home = section.index.get_parent()
    PageViewRestriction.objects.create(page=home, restriction_type="login")
    response = client.get(f"{API}/pages/find/?path={home.get_url()}")
    assert response.json()["detail"] == f"There is no regional page at {home.get_url()}."


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PLAY"])
def test_nothing_can_be_written(client, site, api_root, method, django_assert_num_queries):
    alliance = make_alliance()
    for address in ("alliances/", f"alliances/{alliance.uuid}/", "pages/", "search/", "preview/"):
        with django_assert_num_queries(0):
            response = client.generic(method, f"{api_root}/{address}", b"{}")
        assert response.status_code == 405, address
        assert response["Allow"] == "GET, HEAD"
        assert response["Content-Type"] == "application/problem+json"
        assert response["Cache-Control"] == "no-store"
        problem = response.json()
        assert problem["status"] == 405 and problem["title"] == "Method Not Allowed"
        assert method in problem["detail"] and "GET, HEAD" in problem["detail"]


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
    ("programmes/?ects_max=1e9", ["ects_max"], "ects_max “1e9” is not a number, such as 15 or "),
    ("programmes/?ects_max=100001", ["ects_max"], "ects_max “100001” is too high. Give 100000 at"),
    ("programmes/?status=undated", ["status", 0], "status “undated” is not known. Use one of: pl"),
    ("organisations/?status=undated", ["status", 0], "status “undated” is not known."),
    ("organisations/?locality=", ["locality", 0], "locality “” is empty."),
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


# --- Each kind of value has one notation ----------------------------------------------------------

#: What pydantic, Python or a database would read as something.
ODD = {
    "whole": [
        *("", "+5", " 5", "5 ", "5.0", "1e1", "1_0", "05", "0x5", "٥", "５", "5\n", "5,", "true"),
        *("NaN", "--5", "9" * 5000),
    ],
    "decimal": [
        *("", "+5", " 5", "5 ", "1e1", "1E1", "1_0", "05", ".5", "5.", "5,5", "٥", "nan", "inf"),
        *("Infinity", "-inf", "0x5", "5\n", "true", "1e400"),
    ],
    "day": [
        *("", "0", "1", "-1", "1790000000", "1790000000000", "1.5", "2026-1-1", " 2026-01-01"),
        *("2026-01-01 ", "2026-01-01\n", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "20260101"),
        *("2026-W01-1", "2026-001", "2026-02-30", "2026-13-01", "26-01-01", "٢٠٢٦-٠١-٠١", "today"),
        *("2026/01/01", "01-01-2026", "2026", "2026-01"),
    ],
    "boolean": [
        *("", "1", "0", "yes", "no", "on", "off", "t", "f", "y", "n", "True", "FALSE", "true "),
        *(" true", "null", "2"),
    ],
    "id": [
        *("", "leiden", "0", NOBODY[:-1], NOBODY.replace("-", ""), f"{{{NOBODY}}}", f" {NOBODY}"),
        *(f"urn:uuid:{NOBODY}", f"{NOBODY}\n", f"{NOBODY},{NOBODY}", NOBODY.replace("0", "٠")),
    ],
    "point": [
        "",
        "52.16",
        "52.16, 4.49",
        "52.16;4.49",
        "5e1,4",
        "52,4,1",
        "nan,4",
        "+52,4",
        "٥٢,4",
    ],
    "box": ["", "4,52,5", "4, 52, 5, 53", "4,5e1,5,53", "4,52,5,53,6", "4,52,5,inf", "4,52,5,5_3"],
    "fields": ["", ",", "id,", ",id", "id;type", "id type", "ID", "*", "-id", "colour", "id,\n"],
    "code": ["", " ", "xx", "Minor", "minor,course", "minor ", "0", "null"],
    "language": ["", "n", "nl_NL", "nl-", " nl", "nl,en", "nederlands", "*", "nl-NL\n"],
    "country": ["", "N", "NLD", " NL", "NL,BE", "N1", "NL\n"],
    "lau": ["", " GM0546", "GM 0546", "GM0546,GM0503", "x" * 21],
    "field": ["", "9", "11", "0", "09 ", "٠٩", "0912345", "091,", "09\n"],
}
#: Of parameters that no table of questions has.
KINDS = {
    "limit": "whole",
    "offset": "whole",
    "locale": "language",
    "kind": "code",
    "order": "code",
    "type": "code",
    "fields": "fields",
    "include": "fields",
}
#: Of what tables ask: by the kind of value, and of codes without a list by their type.
TABLES = (AllianceFilter, NetworkFilter, OrganisationFilter, ProgrammeFilter, ProjectFilter)
ODD_OF = {
    kinds.Number: "decimal",
    kinds.Day: "day",
    kinds.YesNo: "boolean",
    kinds.Rows: "id",
    kinds.Point: "point",
    kinds.Area: "box",
    kinds.Codes: "code",
    kinds.Choice: "code",
}
ODD_CODES = [
    (values.LanguageTag, "language"),
    (values.CountryCode, "country"),
    (values.LauCode, "lau"),
    (values.FieldCode, "field"),
]


def odd_kind(name):
    """What odd values a parameter gets."""
    asked = (each for table in TABLES for each in table.questions if each.name == name)
    kind = next(asked).kind if name not in KINDS else None
    if isinstance(kind, kinds.OpenCodes):
        return next(odd for code, odd in ODD_CODES if code is kind.code)
    return KINDS[name] if kind is None else ODD_OF[type(kind)]


#: Free text: any will do, and what there is none of is not found.
TEXTS = {"q", "locality", "path", "token"}


def parameters_of_everything():
    """Each operation with each of its parameters, as the document tells of them."""
    out = io.StringIO()
    call_command("regional_openapi", stdout=out)
    for path, methods in json.loads(out.getvalue())["paths"].items():
        for each in methods["get"]["parameters"]:
            if each["in"] == "query":
                yield path, each["name"]


def needed(path):
    return {"/search/": {"q": "delta"}, "/pages/find/": {"path": "/"}}.get(path, {})


def test_odd_values_are_refused_by_name_on_every_endpoint(client, site):
    rows = {
        "organisations": f.OrganisationFactory(),
        "alliances": f.AllianceFactory(),
        "projects": f.ProjectFactory(),
        "programmes": f.ProgrammeFactory(),
    }
    tried = 0
    for path, name in parameters_of_everything():
        if name in TEXTS:
            continue
        uuid = next((row.uuid for kind, row in rows.items() if f"/{kind}/" in path), None)
        address = f"{API}{path.format(uuid=uuid, page_id=1)}"
        for value in ODD[odd_kind(name)]:
            more = {"near": "52,4"} if name == "radius_km" else {}
            response = client.get(address, {**needed(path), **more, name: value})
            refused(response, name)
            tried += 1
    assert tried > 1000


@pytest.mark.parametrize("value", [*ODD["id"][1:], "%00"])
@pytest.mark.parametrize("name", DETAILS)
def test_odd_ids_in_addresses_are_none(client, site, name, value):
    address = f"{API}/{name}/{quote(value)}/"
    response = client.get(address)
    assert response.status_code in (404, 422), address
    if response.status_code == 422:
        refused(response, "uuid")


@pytest.mark.parametrize("value", ODD["whole"][1:])
def test_odd_numbers_of_pages_are_none(client, section, value):
    assert client.get(f"{API}/pages/{quote(value)}/").status_code in (404, 422)
    padded = (
        f"0{section.page.pk}",
        f"+{section.page.pk}",
        f" {section.page.pk}",
        f"{section.page.pk}.0",
    )
    for each in padded:
        refused(client.get(f"{API}/pages/{quote(each)}/"), "page_id")


#: The same asked in another way that its standard does not tell apart.
SAME = [
    ("programmes/?language=nl-NL", ["nl-nl", "NL-NL", "Nl-nL"]),
    ("programmes/?language=zh-Hant", ["zh-hant", "ZH-HANT"]),
    ("programmes/?language=pt-BR", ["pt-br", "PT-BR"]),
    ("organisations/?country=NL", ["nl", "Nl"]),
    ("alliances/?country=NL", ["nl"]),
    ("organisations/?lau=GM0546", ["gm0546"]),
    ("programmes/?locale=nl", ["NL", "Nl"]),
    ("search/?q=zz&locale=nl", ["NL"]),
]


@pytest.mark.parametrize(("address", "others"), SAME)
def test_capitals_do_not_matter_where_a_standard_says_so(client, site, address, others):
    for tag in ("nl-NL", "zh-Hant", "pt-BR", "nl"):
        f.ProgrammeFactory(teaching_languages=[tag])
    home = f.OrganisationFactory(country="NL", lau_code="GM0546")
    f.MembershipFactory(organisation=home)
    path, _mark, query = address.partition("?")
    expected = client.get(f"{API}/{address}")
    assert expected.status_code == 200
    assert expected.json()["count"] or "zz" in query
    for other in others:
        same = client.get(f"{API}/{path}?{query.rpartition('=')[0]}={other}")
        assert same.json() == expected.json(), other
        assert same["Content-Language"] == expected["Content-Language"]


def test_a_code_in_other_capitals_is_the_chosen_one_among_facets(client, site):
    f.ProgrammeFactory(teaching_languages=["pt-BR"])
    facets = facets_in(client.get(f"{API}/programmes/facets/?language=PT-br").json())
    [value] = facets["language"]["values"]
    assert (value["value"], value["selected"]) == ("pt-BR", True)


def test_an_id_may_be_in_capitals(client, site):
    programme = f.ProgrammeProviderFactory()
    uuid = str(programme.organisation.uuid).upper()
    assert client.get(f"{API}/programmes/?provider={uuid}").json()["count"] == 1
    assert client.get(f"{API}/organisations/{uuid}/").status_code == 200


def test_all_that_is_wrong_is_told_together(client, site):
    answer = client.get(f"{API}/programmes/?type=bogus&foo=1&limit=0&limit=5&open=maybe&bar=2")
    assert answer.status_code == 422
    told = {each["loc"][1] for each in answer.json()["errors"]}
    assert told >= {"type", "foo", "limit", "bar"}
