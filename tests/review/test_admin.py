"""The report, "mark as reviewed" and the panel on the home page, and who gets there."""

import csv
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.conftest import block, fill, make_image
from tests.review.conftest import day
from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, Organisation, RegionalSettings

REPORT = "/admin/regional/review/"


def mark(row):
    return reverse("wagtail_regional_review:reviewed", args=(row._meta.label_lower, row.pk))


def listed(response):
    """The names in the table, in order."""
    return [each.label for each in response.context["object_list"]]


@pytest.fixture
def rows(section, django_user_model):
    """One finding of each severity, owned by two people and nobody."""
    keeper = django_user_model.objects.create_user("keeper", first_name="Kim", last_name="Keeper")
    gone = f.MembershipFactory(
        alliance__name={"en": "The error", "nl": "De fout"},
        alliance__starts="2010",
        alliance__owner=keeper,
        organisation__dissolved="2019",
        organisation__last_reviewed=day(0),
        organisation__name={"en": "Bronovo", "nl": "Bronovo"},
    ).alliance
    f.ProgrammeFactory(name={"en": "The warning", "nl": "De waarschuwing"}, owner=keeper)
    f.AllianceFactory(name={"en": "The notice", "nl": "De melding"})
    fill(section.page, [block("alliance", {"alliance": gone.pk})])
    return section


# --- The report ------------------------------------------------------------------------------


def test_the_report_explains_and_links(rows, admin_client):
    response = admin_client.get(REPORT)
    assert listed(response) == ["The error", "The warning", "The notice"]
    page = response.content.decode()
    assert "Bronovo" in page and "was dissolved (2019)" in page and "End the role" in page
    error = Alliance.objects.get(name__en="The error")
    assert reverse("wagtail_regional_alliance_modeladmin_edit", args=(error.pk,)) in page
    assert reverse("wagtailadmin_pages:edit", args=(rows.page.pk,)) in page
    assert mark(error) in page and "Kim Keeper" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("severity=error", ["The error"]),
        ("severity=error&severity=notice", ["The error", "The notice"]),
        ("rule=undated", ["The notice"]),
        ("owner=none", ["The notice"]),
        ("owner={keeper}", ["The error", "The warning"]),
        ("page={page}", ["The error"]),
        ("kind=wagtail_regional.programme", ["The warning"]),
        ("q=bronovo", ["The error"]),
        ("q=nothing+like+it", []),
        ("severity=error&rule=undated", []),
        ("ordering=label", ["The error", "The notice", "The warning"]),
        ("ordering=-label", ["The warning", "The notice", "The error"]),
        ("ordering=-severity", ["The notice", "The warning", "The error"]),
        ("ordering=owner", ["The error", "The warning", "The notice"]),
        ("ordering=nonsense", ["The error", "The warning", "The notice"]),
        # A value that is not offered narrows nothing; the form says so.
        ("severity=nonsense", ["The error", "The warning", "The notice"]),
    ],
)
def test_filters_search_and_order(rows, admin_client, django_user_model, query, names):
    keeper = django_user_model.objects.get(username="keeper").pk
    query = query.format(keeper=keeper, page=rows.page.pk)
    assert listed(admin_client.get(f"{REPORT}?{query}")) == names
    assert listed(admin_client.get(f"{REPORT}results/?{query}")) == names


def test_pages_of_results(site, admin_client):
    f.ProgrammeFactory.create_batch(52)
    first, second = admin_client.get(REPORT), admin_client.get(f"{REPORT}?p=2")
    assert (len(listed(first)), len(listed(second))) == (50, 2)
    assert first.context["items_count"] == 52


def test_export_as_csv_holds_the_filtered_rows(rows, admin_client):
    response = admin_client.get(f"{REPORT}?export=csv&owner=none")
    text = b"".join(response.streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Name"] == "The notice" and row["Code"] == "undated" and row["Severity"] == "Notice"
    assert row["Address"].startswith("http://testserver/admin/")
    assert row["What to do"]


def test_export_as_xlsx(rows, admin_client):
    response = admin_client.get(f"{REPORT}?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    names = [cell.value for cell in sheet["E"]]
    assert names == ["Name", "The error", "The warning", "The notice"]
    assert [cell.value for cell in sheet["J"]][1] == "Regional partnerships"


def test_no_name_becomes_a_formula(site, admin_client):
    f.AllianceFactory(name={"en": "=1+1", "nl": "=1+1"})
    text = b"".join(admin_client.get(f"{REPORT}?export=csv").streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Name"] == "'=1+1"


def test_names_are_escaped(site, admin_client):
    f.AllianceFactory(name={"en": "<b>bold</b>", "nl": "x"})
    page = admin_client.get(REPORT).content.decode()
    assert "<b>bold</b>" not in page and "&lt;b&gt;bold&lt;/b&gt;" in page


def test_nothing_to_do(site, admin_client):
    assert "Nothing needs care now." in admin_client.get(REPORT).content.decode()


def test_of_many_pages_the_report_says_how_many_more_there_are(section, admin_client):
    alliance = f.AllianceFactory()
    for number in range(6):
        page = f.PartnershipPageFactory(parent=section.index, title=f"Page {number}")
        fill(page, [block("alliance", {"alliance": alliance.pk})])
    html = admin_client.get(f"{REPORT}?rule=undated").content.decode()
    [shown] = re.findall("Shown on:(.*?)</p>", html, re.S)
    assert len(re.findall(r"Page \d", shown)) == 4 and "and 2 more" in shown


def test_queries_of_the_report_do_not_grow(section, admin_client):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(REPORT).status_code == 200
        return len(captured)

    def add(how_many):
        for _ in range(how_many):
            alliance = f.AllianceFactory(starts="2010", ends=day(1), logo=make_image())
            f.MembershipFactory(alliance=alliance, organisation__dissolved="2019")

    add(2)
    count()
    few = count()
    add(10)
    count()
    assert count() == few


# --- Permissions -----------------------------------------------------------------------------


def test_without_permission_on_the_registry_there_is_no_report(rows, log_in):
    client = log_in()
    response = client.get(REPORT)
    assert response.status_code == 302 and response["Location"] == reverse("wagtailadmin_home")
    home = client.get("/admin/").content.decode()
    assert REPORT not in home and "The error" not in home


def test_to_view_is_to_see_the_findings_and_no_button(rows, log_in):
    response = log_in("view_alliance").get(REPORT)
    assert listed(response) == ["The error", "The notice"]
    page = response.content.decode()
    assert "Mark as reviewed" not in page
    assert "_modeladmin_edit" not in page and "/alliance/edit/" not in page


def test_to_change_is_to_see_the_buttons(rows, log_in):
    response = log_in("change_programme").get(REPORT)
    assert listed(response) == ["The warning"]
    page = response.content.decode()
    assert "Mark as reviewed" in page and "/programme/edit/" in page


@pytest.mark.parametrize("permission", ["add_alliance", "delete_alliance"])
def test_to_add_or_delete_is_not_to_see(rows, log_in, permission):
    assert log_in(permission).get(REPORT).status_code == 302


def test_a_page_or_image_one_may_not_edit_is_not_linked(section, log_in):
    alliance = f.AllianceFactory(starts="2010", ends="2013", logo=make_image())
    fill(section.page, [block("alliance", {"alliance": alliance.pk})])
    client = log_in("change_alliance")
    by_rule = {each.rule: each for each in client.get(REPORT).context["object_list"]}
    assert by_rule["ended_shown_as_current"].fix_url == ""
    assert by_rule["logo_without_alt"].fix_url == ""
    assert by_rule["ended_shown_as_current"].row_url


def test_the_menu_shows_the_report_to_whom_it_is_for(site, log_in):
    assert "Regional: needs care" in log_in("view_theme").get("/admin/").content.decode()


# --- Mark as reviewed ------------------------------------------------------------------------


def test_mark_as_reviewed(site, log_in):
    RegionalSettings.objects.create(site=site, review_period_months=1)
    row = f.AllianceFactory(name={"en": "Agenda"}, review_by=day(-10))
    client = log_in("change_alliance")
    response = client.post(mark(row), {"next": f"{REPORT}?p=2"}, follow=True)
    assert response.redirect_chain[0][0] == f"{REPORT}?p=2"
    assert "“Agenda” is marked as reviewed" in response.content.decode()
    row.refresh_from_db()
    assert row.last_reviewed == day(0) and row.reviewed_by.username == "editor"
    assert day(27) < row.review_by < day(32)


def test_the_next_review_is_never_after_the_end(site, admin_client):
    row = f.ProjectFactory(starts="2010", ends=day(20))
    admin_client.post(mark(row))
    row.refresh_from_db()
    assert row.review_by == day(20)


def test_of_what_has_ended_no_next_review_is_told(site, admin_client):
    row = f.AllianceFactory(name={"en": "Agenda"}, starts="2010", ends="2014")
    told = admin_client.post(mark(row), follow=True).content.decode()
    assert "“Agenda” is marked as reviewed; it has ended" in told and "next review" not in told


def test_the_history_tells_of_a_review(site, admin_client):
    row = f.OrganisationFactory()
    admin_client.post(mark(row))
    entry = ModelLogEntry.objects.get(action="wagtail_regional.review")
    assert entry.object_id == str(row.pk) and entry.user.username == "admin"
    address = reverse("wagtail_regional_organisation_modeladmin_history", args=(row.pk,))
    assert "Marked as reviewed" in admin_client.get(address).content.decode()


@pytest.mark.parametrize("permission", [None, "view_alliance", "change_programme"])
def test_only_who_may_change_a_row_marks_it(site, log_in, permission):
    row = f.AllianceFactory()
    client = log_in(*([permission] if permission else []))
    assert client.post(mark(row)).status_code in (302, 403)
    row.refresh_from_db()
    assert row.last_reviewed is None


def test_a_link_marks_nothing(site, admin_client):
    row = f.AllianceFactory()
    assert admin_client.get(mark(row)).status_code == 405
    row.refresh_from_db()
    assert row.last_reviewed is None


@pytest.mark.parametrize(
    "path",
    [
        "wagtail_regional.alliance/999/reviewed/",
        "wagtail_regional.webhook/1/reviewed/",
        "auth.user/1/reviewed/",
        "no.such/1/reviewed/",
    ],
)
def test_what_is_no_row_of_the_registry_is_not_found(site, admin_client, path):
    assert admin_client.post(REPORT + path).status_code == 404


def test_it_does_not_lead_away_from_the_site(site, admin_client):
    row = f.AllianceFactory()
    response = admin_client.post(mark(row), {"next": "https://evil.example/"})
    assert response["Location"] == REPORT


def test_other_changes_to_a_row_stay(site, admin_client):
    row = f.OrganisationFactory(acronym="OLD")
    Organisation.objects.filter(pk=row.pk).update(acronym="NEW")
    admin_client.post(mark(row))
    row.refresh_from_db()
    assert row.acronym == "NEW"


# --- The home page ---------------------------------------------------------------------------


def test_the_home_page_says_what_needs_care_now(rows, admin_client):
    page = admin_client.get("/admin/").content.decode()
    assert "The error" in page and "1 · Error" in page and "1 · Notice" in page
    assert f"{REPORT}?severity=error" in page.replace("/en/", "/") and "See all 3" in page


def test_the_home_page_shows_only_what_one_may_see(rows, log_in):
    page = log_in("view_programme").get("/admin/").content.decode()
    assert "The warning" in page and "The error" not in page and "· Error" not in page


def test_ones_own_comes_first(site, log_in, django_user_model):
    f.ProgrammeFactory.create_batch(8)
    client = log_in("view_programme")
    owner = django_user_model.objects.get(username="editor")
    f.ProgrammeFactory(name={"en": "Mine", "nl": "Mijn"}, owner=owner)
    assert "Mine" in client.get("/admin/").content.decode()


def test_the_home_page_costs_the_same_for_any_number(site, admin_client):
    def count():
        admin_client.get("/admin/")
        with CaptureQueriesContext(connection) as captured:
            admin_client.get("/admin/")
        return len(captured)

    f.ProgrammeFactory()
    few = count()
    f.ProgrammeFactory.create_batch(30)
    assert count() == few
