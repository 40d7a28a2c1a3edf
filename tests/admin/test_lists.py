"""The lists: columns, filters, search, order, export."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.admin.conftest import MAKE, MODELS, address, chooser
from tests.conftest import make_alliance
from wagtail_regional import factories as f
from wagtail_regional.models import Organisation

TODAY = dt.date.today()
DAY = dt.timedelta(days=1)


@pytest.fixture
def listed(site, admin_client):
    """What a list shows, by name."""

    def listed(model, **params):
        response = admin_client.get(address(model, "index"), params)
        assert response.status_code == 200
        return [str(row) for row in response.context["object_list"]]

    return listed


def test_status_is_filtered_by_date(listed):
    f.AllianceFactory(name={"en": "Past"}, ends="2016-06")
    f.AllianceFactory(name={"en": "Now"}, starts="2010")
    f.AllianceFactory(name={"en": "Soon"}, ends=str(TODAY + 30 * DAY))
    f.AllianceFactory(name={"en": "Later"}, starts=str(TODAY + 30 * DAY))
    f.AllianceFactory(name={"en": "Some day"})
    found = {
        status: listed("alliance", status=status)
        for status in ("ended", "active", "ending_soon", "planned", "undated")
    }
    assert found == {
        "ended": ["Past"],
        "active": ["Now"],
        "ending_soon": ["Soon"],
        "planned": ["Later"],
        "undated": ["Some day"],
    }


def test_type_country_and_theme_filter(listed):
    theme = f.ThemeFactory()
    f.OrganisationFactory(name={"en": "City"}, type="government", country="NL")
    f.OrganisationFactory(name={"en": "School"}, type="education", country="BE")
    alliance = f.AllianceFactory(name={"en": "With"})
    alliance.themes.add(theme)
    alliance.save()
    f.AllianceFactory(name={"en": "Without"})
    assert listed("organisation", type="government") == ["City"]
    assert listed("organisation", country="BE") == ["School"]
    assert listed("organisation", type="government", country="BE") == []
    assert listed("alliance", theme=theme.pk) == ["With"]


def test_review_states_are_told_apart(listed):
    f.ThemeFactory(label={"en": "Never"}, review_by=TODAY + 400 * DAY)
    f.ThemeFactory(label={"en": "Overdue"}, review_by=TODAY - DAY)
    f.ThemeFactory(label={"en": "Due"}, last_reviewed=TODAY, review_by=TODAY + 10 * DAY)
    f.ThemeFactory(label={"en": "Fine"}, last_reviewed=TODAY, review_by=TODAY + 400 * DAY)
    for state in ("never", "overdue", "due", "fine"):
        assert listed("theme", review=state) == [state.title()]


def test_rows_are_found_by_owner(listed, django_user_model, admin_client, site):
    kim = django_user_model.objects.create_user("kim", first_name="Kim", last_name="Keeper")
    f.ThemeFactory(label={"en": "Nobody's"})
    f.ThemeFactory(label={"en": "Kim's"}, owner=kim)
    assert listed("theme", owner=kim.pk) == ["Kim's"]
    assert listed("theme", owner="none") == ["Nobody's"]
    assert "Kim Keeper" in admin_client.get(address("theme", "index")).content.decode()


def test_a_missing_translation_is_found_in_any_text(listed):
    f.AllianceFactory(name={"en": "No Dutch name"})
    f.AllianceFactory(name={"en": "Both", "nl": "Beide"})
    f.AllianceFactory(name={"en": "Half", "nl": "Half"}, summary={"en": "Only English"})
    f.AllianceFactory(name={"nl": "Alleen Nederlands"})
    assert listed("alliance", missing="nl") == ["Half", "No Dutch name"]
    assert listed("alliance", missing="en") == ["Alleen Nederlands"]


@pytest.mark.parametrize(
    "name", ["status", "type", "country", "review", "missing", "theme", "owner"]
)
def test_a_value_that_is_no_choice_finds_nothing(listed, name):
    for model in ("organisation", "alliance"):
        MAKE[model](country="NL") if model == "organisation" else MAKE[model]()
    f.ThemeFactory()
    model = "alliance" if name == "theme" else "organisation"
    assert listed(model, **{name: "<nonsense>"}) == []


def test_search_knows_every_language_acronyms_and_codes(listed):
    leiden = f.OrganisationFactory(
        name={"en": "Leiden University", "nl": "Universiteit Leiden"},
        acronym="LU",
        locality="Leiden",
        ror_id="https://ror.org/027bh9e22",
        lau_code="GM0546",
    )
    leiden.identifiers.create(scheme="wikidata", value="Q156598")
    leiden.save()
    f.OrganisationFactory(name={"en": "Delft", "nl": "Delft"})
    for text in ("university", "universiteit", "leiden UNI", "LU", "027bh9e22", "GM0546", "Q1565"):
        assert listed("organisation", q=text) == ["Leiden University (LU)"], text
    # The codes of languages are in the stored text, and are no words of it.
    assert listed("organisation", q="nl") == []
    assert listed("organisation", q="leiden delft") == []
    programme = f.ProgrammeFactory(name={"en": "Minor"})
    programme.codes.create(scheme="croho", value="60123")
    programme.save()
    assert listed("programme", q="60123") == ["Minor"]
    theme = f.ThemeFactory(label={"en": "Health"}, notation="0912")
    assert listed("theme", q="0912") == [str(theme)]


def test_lists_are_in_the_order_of_the_readers_language(site, admin_user, client):
    from wagtail.users.models import UserProfile

    f.OrganisationFactory(name={"en": "alpha", "nl": "Zulu"})
    f.OrganisationFactory(name={"en": "Beta", "nl": "Alfa"})
    client.force_login(admin_user)
    index = address("organisation", "index")
    assert names(client.get(index), "en") == ["alpha", "Beta"]
    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = "nl"
    profile.save()
    assert names(client.get(index), "nl") == ["Alfa", "Zulu"]


def test_above_the_list_is_the_way_to_import_for_who_may(site, as_person):
    start = f"{reverse('wagtail_regional_imports:start')}?kind=alliances"
    client = as_person("add_alliance", "change_alliance", "view_theme")
    assert start in client.get(address("alliance", "index")).content.decode()
    assert "?kind=" not in client.get(address("theme", "index")).content.decode()
    page = client.get(start).content.decode()
    assert 'value="alliances"' in page and 'value="organisations"' not in page
    client = as_person("view_alliance", "change_alliance")
    assert "?kind=" not in client.get(address("alliance", "index")).content.decode()


def names(response, language) -> list[str]:
    return [row.name.text(language) for row in response.context["object_list"]]


def test_the_list_says_how_often_and_links_to_where(site, admin_client):
    organisation = f.OrganisationFactory()
    f.MembershipFactory(organisation=organisation)
    f.ProgrammeProviderFactory(organisation=organisation)
    html = admin_client.get(address("organisation", "index")).content.decode()
    assert "2 places" in html
    assert f"{address('organisation', 'inspect', organisation.pk)}#uses" in html


def query_count(client, url, **params) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, params).status_code == 200
    return len(queries)


def test_queries_do_not_grow_with_the_rows(site, admin_client):
    places = {
        (model, name): (url, params)
        for model in MODELS
        for name, url, params in (
            ("list", address(model, "index"), {}),
            ("export", address(model, "index"), {"export": "xlsx"}),
            ("chooser", chooser(model, "choose"), {}),
            ("suggest", chooser(model, "suggest"), {"q": "e"}),
        )
    }

    def counts() -> dict:
        return {
            place: query_count(admin_client, url, **params)
            for place, (url, params) in places.items()
        }

    make_alliance(members=2, projects=2, programmes=2)
    counts()
    before = counts()
    make_alliance(members=6, projects=6, programmes=6)
    f.ThemeFactory.create_batch(6)
    after = counts()
    assert {place: count for place, count in after.items() if count > before[place]} == {}
    assert max(after.values()) < 40


# --- Export ------------------------------------------------------------------------------------


def exported(client, model, **params):
    response = client.get(address(model, "index"), {"export": "csv", **params})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_what_is_exported_is_what_is_filtered(site, admin_client):
    f.OrganisationFactory(name={"en": "City", "nl": "Stad"}, type="government", acronym="C")
    f.OrganisationFactory(type="education")
    (row,) = exported(admin_client, "organisation", type="government", q="city")
    assert (row["Name (English)"], row["Name (Dutch)"]) == ("City", "Stad")
    assert (row["Type"], row["Acronym"], row["Status"]) == ("government", "C", "Active")
    assert row["Public id"] == str(Organisation.objects.get(type="government").uuid)


def test_the_export_names_what_hangs_on_a_row(site, admin_client):
    alliance = f.AllianceFactory()
    f.MembershipFactory(alliance=alliance, organisation__name={"en": "City"}, role="founder")
    (row,) = exported(admin_client, "alliance")
    assert row["Members"] == "City – Founder"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_in_an_export_is_a_formula(site, admin_client, begin):
    evil = f"{begin}HYPERLINK(1)"
    f.OrganisationFactory(name={"en": "x"}, locality=evil, acronym=evil)
    (row,) = exported(admin_client, "organisation")
    assert row["Acronym"].startswith("'") and row["Town or city"].startswith("'")
    response = admin_client.get(address("organisation", "index"), {"export": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    cells = [cell for line in book.active.iter_rows(min_row=2) for cell in line]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'" in {str(cell.value)[0] for cell in cells if cell.value}


@pytest.mark.parametrize("model", MODELS)
def test_only_filters_look_rows_up(listed, model, admin_user):
    row = MAKE[model]()
    type(row).objects.update(owner=admin_user)
    for text in (admin_user.password, "another"):
        assert listed(model, owner__password__startswith=text) == [str(row)]
