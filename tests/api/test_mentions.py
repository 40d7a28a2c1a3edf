"""A body names in short what it would else say many times; `include` brings it whole, once."""

import json

import pytest
import wagtail

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance
from wagtail_regional import factories as f

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"


@pytest.fixture
def page(section):
    """The same alliance twice, and its programmes once more in a list."""
    alliance = make_alliance()
    about = {"alliance": alliance.pk, "show": ALL_SECTIONS}
    programmes = {"source": "alliance", "alliance": alliance.pk}
    return fill(
        section.page,
        [block("alliance", about), block("alliance", about), block("programme_list", programmes)],
    )


def read(client, page, query=""):
    answer = client.get(f"{API}/pages/{page.pk}/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def rows_of(client, kind):
    return {each["id"]: each for each in client.get(f"{API}/{kind}/?limit=20").json()["items"]}


def test_nothing_is_included_that_was_not_asked_for(client, page):
    assert read(client, page)["included"] is None
    included = read(client, page, "?include=programmes")["included"]
    assert included["programmes"] and included["organisations"] is included["alliances"] is None


def test_what_is_named_is_there_whole_and_once(client, page):
    answer = read(client, page, "?include=organisations,alliances,programmes")
    value = answer["body"][0]["value"]
    wanted = {
        "organisations": [m["id"] for m in value["members"] if m["kind"] == "organisation"],
        "alliances": [each["id"] for each in value["centres"]],
        "programmes": [each["id"] for each in value["programmes"]],
    }
    for kind, ids in wanted.items():
        rows = rows_of(client, kind)
        assert ids and answer["included"][kind] == [rows[each] for each in ids]


def test_what_is_told_in_short_is_what_the_row_tells(client, page):
    answer = read(client, page, "?include=organisations,alliances,programmes")
    rows = {row["id"]: row for each in answer["included"].values() for row in each}
    value = answer["body"][0]["value"]
    members = [each for each in value["members"] if each["kind"] == "organisation"]
    assert members and value["centres"] and value["programmes"]
    for each in (*members, *value["centres"], *value["programmes"]):
        row = rows[each["id"]]
        assert each["name"] == row["name"]
        assert each["acronym"] == row.get("acronym")
        assert each["url"] == row.get("url", row.get("website"))
    for each in (*value["centres"], *value["programmes"]):
        dated = rows[each["id"]]["lifecycle"]
        assert each["lifecycle"] == (dated if dated["starts"] or dated["ends"] else None)


def test_a_body_is_the_same_with_what_is_included(client, page):
    assert read(client, page, "?include=organisations")["body"] == read(client, page)["body"]


def test_it_goes_with_fields(client, page):
    assert set(read(client, page, "?fields=title&include=alliances")) == {"title", "included"}


def test_where_nothing_is_named_the_lists_are_empty(client, section):
    included = read(client, section.page, "?include=organisations")["included"]
    assert included == {"organisations": [], "alliances": None, "programmes": None}


@pytest.mark.parametrize("value", ["colour", "", "organisations,", "organisations,colour"])
def test_what_there_is_not_is_refused_by_name(client, page, value):
    answer = client.get(f"{API}/pages/{page.pk}/?include={value}")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["loc"] == ["query", "include"]
    assert "organisations, alliances, programmes" in error["msg"]


def test_a_member_or_programme_without_dates_tells_no_status(client, section):
    alliance = f.AllianceFactory()
    f.MembershipFactory(alliance=alliance)
    f.MembershipFactory(alliance=alliance, ends="2016")
    programme = f.ProgrammeFactory()
    programme.alliances.add(alliance)
    programme.save()
    page = fill(section.page, [block("alliance", {"alliance": alliance.pk, "show": ALL_SECTIONS})])
    [value] = [each["value"] for each in read(client, page)["body"]]
    assert [each["lifecycle"] for each in value["members"]] == [None]
    assert [each["lifecycle"]["status"] for each in value["former_members"]] == ["ended"]
    assert [each["lifecycle"] for each in value["programmes"]] == [None]


def test_a_list_for_students_has_their_terms_and_what_is_included_all(client, section):
    home, programme = f.OrganisationFactory(), f.ProgrammeFactory()
    for organisation in (home, f.OrganisationFactory(), None):
        f.ProgrammeAccessFactory(programme=programme, organisation=organisation)
    value = {"source": "picked", "programmes": [programme.pk]}
    page = fill(
        section.page,
        [
            block("programme_list", {**value, "audience": home.pk}),
            block("programme_list", value),
        ],
    )
    answer = read(client, page, "?include=programmes")
    own, all_of_them = [each["value"]["programmes"][0] for each in answer["body"]]
    assert [each["organisation"]["id"] for each in own["access"]] == [str(home.uuid)]
    assert all_of_them["access"] is None
    [row] = answer["included"]["programmes"]
    assert len(row["access"]) == 3


def test_a_page_shows_the_terms_that_its_answer_tells(client, section):
    """Also where the organisation whose students a list is for is there no more."""
    other, programme = f.OrganisationFactory(name={"en": "Elsewhere"}), f.ProgrammeFactory()
    for organisation in (other, None):
        f.ProgrammeAccessFactory(programme=programme, organisation=organisation)
    page = fill(
        section.page,
        [
            block(
                "programme_list",
                {"source": "picked", "programmes": [programme.pk], "audience": 999_999},
            )
        ],
    )
    [told] = read(client, page)["body"][0]["value"]["programmes"]
    assert [each["audience"] for each in told["access"]] == ["guests"]
    html = client.get(page.url).content.decode()
    assert "guests" in html and "Elsewhere" not in html


def weight(client, page):
    return len(json.dumps(read(client, page)["body"], separators=(",", ":")))


@pytest.mark.parametrize(
    ("more", "most"),
    [
        # The most bytes that each of them may add to a body.
        ("members", 320),
        ("programmes", 220),
    ],
)
def test_one_more_weighs_little(client, section, more, most):
    shown = {"show": ["members", "programmes"]}
    few = make_alliance(**{more: 1}, name={"en": "Few"})
    many = make_alliance(**{more: 11}, name={"en": "Many"})
    weights = []
    for alliance in (few, many):
        page = fill(section.page, [block("alliance", {**shown, "alliance": alliance.pk})])
        weights.append(weight(client, page))
    assert weights[1] - weights[0] < 10 * most
