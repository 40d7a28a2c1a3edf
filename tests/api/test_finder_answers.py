"""What the finder's endpoints say besides which rows they find."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import wagtail
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from pydantic import TypeAdapter
from wagtail.models import PageViewRestriction

from tests.conftest import block, facets_in, fill, make_alliance
from wagtail_regional import factories as f
from wagtail_regional import schemas as s
from wagtail_regional.filters import ProgrammeFilter
from wagtail_regional.models import Organisation, Programme, ProgrammeCode, ProgrammeProvider, Theme
from wagtail_regional.representation.facets import FACETS
from wagtail_regional.text import fold, words_of

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"


def read(client, address, schema=None):
    response = client.get(f"{API}/{address}")
    assert response.status_code == 200, response.content
    if schema:
        TypeAdapter(schema).validate_json(response.content, strict=True)
    return response.json()


# --- Eligibility ----------------------------------------------------------------------------------


@pytest.fixture
def terms(site):
    """A programme with terms for one university and for guests."""
    home, other = f.OrganisationFactory(), f.OrganisationFactory()
    programme = f.ProgrammeFactory(study_load=20)
    f.ProgrammeAccessFactory(programme=programme, organisation=home, ects=15)
    f.ProgrammeAccessFactory(programme=programme, organisation=None, ects=5)
    return home, other


def test_the_answer_has_the_terms_that_hold_for_the_home_alone(client, terms):
    home, other = terms
    for organisation, audience, ects in ((home, "organisation", 15), (other, "guests", 5)):
        [item] = read(client, f"programmes/?home={organisation.uuid}")["items"]
        assert [(a["audience"], a["ects"]) for a in item["access"]] == [(audience, ects)]
    assert read(client, f"programmes/?home={other.uuid}&terms=own")["count"] == 0
    assert read(client, f"programmes/?home={home.uuid}&terms=guests")["count"] == 0
    both = read(client, f"programmes/?home={home.uuid}&home={other.uuid}")["items"]
    assert len(both[0]["access"]) == 2


def test_ects_are_those_of_the_home(client, terms):
    home, _other = terms
    assert read(client, f"programmes/?home={home.uuid}&ects_min=15&ects_max=15")["count"] == 1
    assert read(client, "programmes/?ects_min=15&ects_max=15")["count"] == 0
    assert read(client, "programmes/?ects_min=20&ects_max=20")["count"] == 1


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("ects", ["five", "ten", "none"]),
        ("-ects", ["ten", "five", "none"]),
        ("deadline", ["ten", "five", "none"]),
        ("-deadline", ["five", "ten", "none"]),
        ("-name", ["ten", "none", "five"]),
    ],
)
def test_orders_go_both_ways_and_what_lacks_the_value_comes_last(client, site, order, expected):
    today = timezone.localdate()
    for name, load, days in (("five", 5, 20), ("ten", 10, 10), ("none", None, -1)):
        programme = f.ProgrammeFactory(name={"en": name}, study_load=load)
        f.ProgrammeAccessFactory(
            programme=programme, application_closes=today + dt.timedelta(days=days)
        )
    items = read(client, f"programmes/?order={order}")["items"]
    assert [item["name"] for item in items] == expected


# --- Refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "parameter", "words"),
    [
        ("programmes/?ects_min=20&ects_max=10", "ects_min", "ects_max 10"),
        ("programmes/?ects_min=nan", "ects_min", ""),
        ("programmes/?open=today", "open", "now"),
        ("programmes/?open=now&open_on=2026-09-01", "open_on", "not both"),
        ("programmes/?open_on=soon", "open_on", ""),
        ("programmes/?open_on=0003-09-02", "open_on", "1900"),
        ("programmes/?field=11", "field", ""),
        ("programmes/?mode=evening", "mode", "part_time"),
        ("programmes/?terms=mine", "terms", "guests"),
        ("programmes/?order=relevance", "order", "deadline"),
        ("programmes/?q=%3F%3F", "q", "letter"),
        ("programmes/facets/?limit=3", "limit", "There is no parameter"),
        ("programmes/facets/?type=school", "type", "minor"),
        ("organisations/?near=52.1", "near", "latitude,longitude"),
        ("organisations/?near=91,4", "near", "latitude 91"),
        ("organisations/?radius_km=5", "radius_km", "near"),
        ("organisations/?order=distance", "order", "near"),
        ("organisations/?bbox=4,53,5,52", "bbox", "south 53 above north 52"),
        ("organisations/?bbox=4,52,5", "bbox", "west,south,east,north"),
        ("organisations/?bbox=a,b,c,d", "bbox", ""),
        ("organisations.geojson?limit=1001", "limit", ""),
        ("alliances/?role=boss", "role", "coordinator"),
        ("network/?type=x", "type", "alliance"),
        ("search/", "q", ""),
        ("search/?q=a&kind=theme", "kind", "page"),
    ],
)
def test_wrong_values_are_refused_by_name(client, site, address, parameter, words):
    response = client.get(f"{API}/{address}")
    assert response.status_code == 422
    errors = response.json()["errors"]
    assert parameter in json.dumps([error["loc"] for error in errors])
    assert words in json.dumps([error["msg"] for error in errors], ensure_ascii=False)


# --- Facets ---------------------------------------------------------------------------------------


def test_labels_are_in_the_readers_language(client, site):
    theme = f.ThemeFactory(label={"en": "Health", "nl": "Gezondheid"})
    programme = f.ProgrammeFactory(teaching_languages=["nl"])
    programme.themes.add(theme)
    programme.save()
    facets = facets_in(read(client, "programmes/facets/?locale=nl", FACETS[ProgrammeFilter]))
    assert facets["theme"]["label"] == "Thema"
    assert facets["theme"]["values"] == [
        {"value": str(theme.uuid), "label": "Gezondheid", "count": 1, "selected": False}
    ]
    assert facets["language"]["values"][0]["label"] == "Nederlands"


def test_a_selected_value_stays_though_it_finds_nothing(client, site):
    f.ProgrammeFactory(type="minor", level="master")
    facets = facets_in(read(client, "programmes/facets/?type=course&level=master"))
    assert {v["value"]: (v["count"], v["selected"]) for v in facets["type"]["values"]} == {
        "minor": (1, False),
        "course": (0, True),
    }
    assert facets["level"]["values"] == [
        {"value": "master", "label": "Master", "count": 0, "selected": True}
    ]


def many(number=103):
    """That many of everything that a facet lists, beside rows that have none of it."""
    alliance, programme = f.AllianceFactory(), f.ProgrammeFactory()
    f.AllianceFactory(), f.ProgrammeFactory()
    towns = iter(range(1000))
    for each in range(number):
        organisation = f.OrganisationFactory(locality=f"Town {next(towns)}", lau_code=f"GM{each}")
        f.MembershipFactory(alliance=alliance, organisation=organisation)
        f.ProgrammeProviderFactory(programme=programme, organisation=organisation)
        f.ProgrammeAccessFactory(programme=programme, organisation=organisation)
        theme = f.ThemeFactory()
        alliance.themes.add(theme)
        programme.themes.add(theme)
    f.OrganisationFactory(locality="", lau_code="")
    nowhere = f.OrganisationFactory(locality="", lau_code="")
    f.MembershipFactory(organisation=nowhere)
    alliance.save()
    programme.save()
    for _ in range(number):
        own = f.AllianceFactory()
        f.MembershipFactory(alliance=own, organisation=nowhere)
        programme.alliances.add(own)
    programme.save()


LONG = {
    "programmes": ["alliance", "home", "provider", "theme"],
    "organisations": ["alliance", "lau", "locality", "theme"],
    "alliances": ["lau", "locality", "member", "theme"],
}


@pytest.fixture
def much(site):
    many()


def test_long_facets_are_cut_and_say_how_many_there_are(client, much):
    for kind, names in LONG.items():
        told = facets_in(read(client, f"{kind}/facets/"))
        for name in names:
            assert len(told[name]["values"]) == 100, (kind, name)
            assert told[name]["total"] in (103, 104, 105)
        assert sorted(name for name, each in told.items() if each["truncated"]) == names
        # In the order of their counts, and what is asked for besides.
        last = {
            "programmes": (
                "provider",
                Organisation.objects.filter(provided_programmes__isnull=False),
            ),
            "organisations": ("theme", Theme.objects.all()),
            "alliances": ("member", Organisation.objects.filter(locality="Town 102")),
        }[kind]
        name, rows = last
        chosen = str(rows.order_by("pk").last().uuid)
        told = facets_in(read(client, f"{kind}/facets/?{name}={chosen}"))[name]
        assert len(told["values"]) == 101 and told["total"] in (103, 104) and told["truncated"]
        assert [each["value"] for each in told["values"] if each["selected"]] == [chosen]


def test_the_finder_says_what_it_does_not_show(client, much):
    page = f.ProgrammeIndexPageFactory()
    html = client.get(page.get_url()).content.decode()
    # "I study at", providers, themes, alliances.
    assert html.count("100 of 103: those with the most programmes.") == 4


def test_facets_of_just_a_hundred_values_are_whole(client, site):
    for number in range(100):
        f.MembershipFactory(organisation__locality=f"Town {number}")
    f.MembershipFactory(organisation__locality="")

    def towns(query=""):
        told = facets_in(read(client, f"organisations/facets/{query}"))["locality"]
        return len(told["values"]), told["total"], told["truncated"]

    assert towns() == (100, 100, False)
    assert towns("?locality=Nowhere") == (101, 101, False)
    f.OrganisationFactory(locality="Another town")
    assert towns("?locality=Nowhere") == (101, 102, True)


def test_a_code_finds_all_that_begin_with_it(client, site):
    rows = Programme.objects.bulk_create(
        Programme(name={"en": f"Programme {number}"}, type=("minor", "course")[number % 2])
        for number in range(520)
    )
    for half, (model, column) in enumerate(
        ((ProgrammeCode, "value"), (ProgrammeProvider, "partner_code"))
    ):
        more = {"organisation": f.OrganisationFactory()} if half else {"scheme": "catalogue"}
        model.objects.bulk_create(
            model(programme=row, **{column: f"X1-{row.pk}"}, **more)
            for row in rows[half * 260 :][:260]
        )
    assert read(client, "programmes/?q=x1-")["count"] == 520
    told = read(client, "programmes/facets/?q=x1-")
    types = facets_in(told)["type"]["values"]
    assert told["count"] == 520 and [each["count"] for each in types] == [260, 260]
    page = f.ProgrammeIndexPageFactory()
    found = client.get(page.get_url() + "?q=x1-")
    assert found.context["finder"].count == 520


@pytest.mark.parametrize("kind", ["programmes", "organisations", "alliances"])
def test_facets_take_as_many_queries_for_any_content(
    client, site, kind, django_assert_max_num_queries
):
    for _ in range(3):
        make_alliance(members=2)
        cache.clear()
        with django_assert_max_num_queries(12):
            read(client, f"{kind}/facets/")


# --- Partner views --------------------------------------------------------------------------------


def test_an_organisation_answers_what_is_shared_with_it(client, site):
    alliance = make_alliance(members=1, projects=2)
    tie = alliance.memberships.filter(organisation__isnull=False).get()
    home = tie.organisation
    programme = f.ProgrammeProviderFactory(organisation=home).programme
    f.ProgrammeAccessFactory(programme=programme, organisation=home, ects=15)
    address = f"organisations/{home.uuid}/"
    detail = read(client, address, s.RegionalOrganisationDetail)
    assert [each["alliance"]["id"] for each in detail["memberships"]] == [str(alliance.uuid)]
    assert detail["memberships_total"] == 1 and detail["projects_total"] == 2
    assert len(detail["projects"]) == 2
    assert [each["id"] for each in detail["programmes"]] == [str(programme.uuid)]
    assert detail["accessible_programmes_total"] == 1
    assert detail["accessible_programmes"][0]["access"][0]["ects"] == 15


def test_an_organisation_that_shares_much_is_cut_and_counted(
    client, site, django_assert_max_num_queries
):
    home = f.OrganisationFactory()
    for _ in range(53):
        programme = f.ProgrammeProviderFactory(organisation=home).programme
        f.ProgrammeAccessFactory(programme=programme, organisation=home)
        f.MembershipFactory(organisation=home)
    with django_assert_max_num_queries(20):
        detail = read(client, f"organisations/{home.uuid}/")
    for name, most in (("memberships", 50), ("programmes", 50), ("accessible_programmes", 20)):
        assert len(detail[name]) == most and detail[f"{name}_total"] == 53


def test_geojson_has_features_and_links(client, site):
    for number in range(3):
        f.OrganisationFactory(latitude="52.1", longitude=str(4 + number), locality="Leiden")
    f.OrganisationFactory()
    response = client.get(f"{API}/organisations.geojson?limit=2&near=52.1,4&radius_km=500")
    assert response["Content-Type"] == "application/geo+json"
    assert response["ETag"] and response["Cache-Tag"]
    TypeAdapter(s.RegionalFeatureCollection).validate_json(response.content, strict=True)
    found = response.json()
    assert found["numberMatched"] == 3 and found["numberReturned"] == 2
    assert [each["geometry"]["coordinates"] for each in found["features"]] == [[4, 52.1], [5, 52.1]]
    assert found["features"][0]["properties"]["distance_km"] == 0
    [link] = found["links"]
    following = client.get(link["href"]).json()
    assert following["numberReturned"] == 1 and following["links"][0]["rel"] == "prev"
    again = client.get(
        f"{API}/organisations.geojson?limit=2&near=52.1,4&radius_km=500",
        headers={"If-None-Match": response["ETag"]},
    )
    assert again.status_code == 304


def test_the_network_links_members_and_parts(client, site):
    alliance = make_alliance(members=2)
    found = read(client, f"network/?alliance={alliance.uuid}", s.RegionalNetwork)
    nodes = {node["id"]: node["kind"] for node in found["nodes"]}
    assert sorted(nodes.values()) == ["alliance", "alliance", "organisation", "organisation"]
    assert sorted(link["kind"] for link in found["links"]) == ["membership", "membership", "part"]
    assert all(link["source"] in nodes and link["target"] in nodes for link in found["links"])
    assert not found["truncated"]
    assert read(client, "network/?status=ended")["nodes"] == []


# --- Search ---------------------------------------------------------------------------------------


@pytest.fixture
def found_everywhere(section):
    """Something of each kind that “quokka” finds, a page among them."""
    name = {"en": "Quokka", "nl": "Quokka"}
    f.OrganisationFactory(name=name)
    f.ProjectFactory(title=name, alliance=f.AllianceFactory(name=name))
    f.ProgrammeFactory(name=name)
    section.page.title = "Quokka page"
    section.page.save_revision().publish()
    return section


#: InnoDB's full-text index knows rows once they are committed.
searches = pytest.mark.django_db(transaction=connection.vendor == "mysql")


@pytest.mark.indexed
@searches
def test_search_finds_registry_and_pages(client, found_everywhere):
    found = read(client, "search/?q=quokka", s.RegionalSearchList)
    assert found["counts"] == dict.fromkeys(
        ("alliance", "organisation", "programme", "project", "page"), 1
    )
    assert found["count"] == 5 and len({item["kind"] for item in found["items"]}) == 5
    some = read(client, "search/?q=quokka&kind=page&kind=project")
    assert [item["kind"] for item in some["items"]] == ["project", "page"]
    parted = read(client, "search/?q=quokka&limit=2&offset=3")
    assert parted["items"] == found["items"][3:]


@pytest.mark.indexed
@searches
def test_search_never_tells_of_drafts_and_private_pages(client, found_everywhere):
    page = found_everywhere.page
    restriction = PageViewRestriction.objects.create(
        page=found_everywhere.index, restriction_type="login"
    )
    assert read(client, "search/?q=quokka&kind=page")["count"] == 0
    restriction.delete()
    assert read(client, "search/?q=quokka&kind=page")["count"] == 1
    page.unpublish()
    assert read(client, "search/?q=quokka&kind=page")["count"] == 0
    assert read(client, "search/?q=quokka&kind=page&locale=nl")["count"] == 0


@pytest.mark.indexed
@searches
@pytest.mark.parametrize(
    "words", ['quokka"', "quokka'", "(quokka", "quokka*", "quokka -", "AND", "NOT x", "NEAR(quokka"]
)
def test_search_takes_words_and_no_syntax(client, found_everywhere, words):
    found = client.get(f"{API}/search/", {"q": words})
    assert found.status_code == 200
    assert (found.json()["count"] == 5) == (words.strip("\"'(*- ") == "quokka")


@pytest.mark.indexed
@searches
@pytest.mark.parametrize(
    "name", ["Straße", "Łódź", "Œconomie", "Ёлка", "Hawaiʻi", "x²y", "㎢", "東京"]
)
def test_search_goes_by_the_words_that_lists_go_by(client, section, name):
    row = f.OrganisationFactory(name={"en": f"Uni {name}"})
    fill(section.page, [block("partner_grid", {"source": "picked", "organisations": [row.pk]})])
    for words in (name, name.upper(), fold(name)):
        assert read(client, f"organisations/?q={words}")["count"] == 1
        found = read(client, f"search/?q={words}&kind=organisation")
        assert [item["id"] for item in found["items"]] == [str(row.uuid)]
    # InnoDB's index leaves out words of one and two letters (`innodb_ft_min_token_size`), and what
    # is asked of it with one of these finds nothing.
    if connection.vendor != "mysql" or min(map(len, words_of(name))) > 2:
        assert read(client, f"search/?q={fold(name)}&kind=page")["count"] == 1


@searches
def test_search_finds_short_words_and_puts_first_what_begins_with_them(client):
    for name in ("Alliance of TU Delft", "TU Delft", "Tunis"):
        f.OrganisationFactory(name={"en": name}, acronym="")
    found = read(client, "search/?q=tu&kind=organisation")
    assert [item["title"] for item in found["items"]] == [
        "TU Delft",
        "Tunis",
        "Alliance of TU Delft",
    ]
    assert read(client, "search/?q=tu+delft")["count"] == 2


# --- What stays bounded ---------------------------------------------------------------------------


def test_an_alliance_with_many_programmes_shows_the_first_ones(client, section, monkeypatch):
    from wagtail_regional.representation import registry
    from wagtail_regional.representation.shapes import programmes

    for module in (registry, programmes):
        monkeypatch.setattr(module, "MOST_OF_ALLIANCE", 2)
    registry._selection_query.cache_clear()
    alliance, other = f.AllianceFactory(), f.AllianceFactory()
    for name in ("Cello", "Alto", "Bass"):
        programme = f.ProgrammeFactory(name={"en": name})
        programme.alliances.add(alliance, other)
        programme.save()
    f.PartnershipPageFactory(
        parent=section.index,
        slug="many",
        body=json.dumps(
            [{"type": "alliance", "value": {"alliance": alliance.pk, "show": ["programmes"]}}]
        ),
    )

    detail = read(client, f"alliances/{alliance.uuid}/", s.RegionalAllianceDetail)
    assert [each["name"] for each in detail["programmes"]] == ["Alto", "Bass"]
    assert detail["programmes_total"] == 3

    page = section.index.get_children().get(slug="many")
    [block] = read(client, f"pages/{page.pk}/")["body"]
    assert [each["name"] for each in block["value"]["programmes"]] == ["Alto", "Bass"]
    assert block["value"]["programmes_total"] == 3
    assert "2 of 3 programmes" in client.get(page.url).content.decode()
    registry._selection_query.cache_clear()


@pytest.mark.parametrize("offset", [0, 3, 7, 8, 11, 12, 13, 50])
@pytest.mark.parametrize("order", ["name", "-name", "starts", "-starts"])
def test_a_page_deep_in_a_list_is_the_same_from_either_end(
    client, site, monkeypatch, offset, order
):
    from wagtail_regional.api import listing

    monkeypatch.setattr(listing, "DEEP", 3)
    for number in range(13):
        starts = [None, "2010", "2015"][number % 3]
        f.ProgrammeFactory(name={"en": f"Name {number % 5}"}, starts=starts)
    everything = read(client, f"programmes/?limit=20&order={order}")
    assert len(everything["items"]) == everything["count"] == 13
    found = read(client, f"programmes/?limit=4&offset={offset}&order={order}")
    assert found == {"count": 13, "items": everything["items"][offset : offset + 4]}
    cache.clear()
    assert read(client, f"programmes/?limit=4&offset={offset}&order={order}") == found


@pytest.mark.parametrize("kind", ["organisations", "alliances", "projects"])
def test_lists_end_as_they_begin(client, site, kind):
    make = {
        "organisations": f.OrganisationFactory,
        "alliances": f.AllianceFactory,
        "projects": f.ProjectFactory,
    }[kind]
    make.create_batch(7)
    everything = read(client, f"{kind}/?limit=20")
    for offset in range(9):
        found = read(client, f"{kind}/?limit=2&offset={offset}")
        assert found["count"] == everything["count"]
        assert found["items"] == everything["items"][offset : offset + 2]
