"""The forms, the inspect screen and the history."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.admin.conftest import FORMS, address
from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, LinkCheck, LinkProblem, Organisation

REPORT = "/admin/regional/review/"


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_form_costs_the_same_for_any_number_of_members(site, admin_client):
    few, many = f.AllianceFactory(), f.AllianceFactory()
    f.MembershipFactory(alliance=few)
    f.MembershipFactory.create_batch(30, alliance=many)
    counts = [queries(admin_client, address("alliance", "edit", row.pk)) for row in (few, many)]
    assert counts[0] == counts[1] < 25
    page = admin_client.get(address("alliance", "edit", many.pk)).content.decode()
    assert all(str(row.organisation) in page for row in many.memberships.all())


def test_a_form_costs_the_same_for_any_number_of_providers(site, admin_client):
    few, many = f.ProgrammeFactory(), f.ProgrammeFactory()
    for row, how_many in ((few, 1), (many, 20)):
        f.ProgrammeProviderFactory.create_batch(how_many, programme=row)
        f.ProgrammeAccessFactory.create_batch(how_many, programme=row)
    counts = [queries(admin_client, address("programme", "edit", row.pk)) for row in (few, many)]
    assert counts[0] == counts[1] < 25


def test_what_was_chosen_and_refused_is_shown_again(site, admin_client):
    chosen = f.OrganisationFactory(name={"en": "The chosen one"})
    for value in (chosen.pk, "nonsense"):
        data = {**FORMS["organisation"], "name_en": "", "parent": value}
        response = admin_client.post(address("organisation", "create"), data)
        assert response.status_code == 200 and Organisation.objects.count() == 1
        assert ("The chosen one" in response.content.decode()) is (value == chosen.pk)


def test_what_nobody_sees_is_not_stored(site, admin_client):
    name = "Alpha\u200b\u00a0 Colle\u0301ge\ufeff"
    data = {**FORMS["organisation"], "name_en": name, "locality": "Lei\u00adden\u200b"}
    admin_client.post(address("organisation", "create"), data)
    row = Organisation.objects.get()
    assert row.name["en"] == "Alpha Coll\u00e9ge" and row.locality == "Leiden"


def test_lines_of_a_summary_stay_lines(site, admin_client):
    data = {**FORMS["alliance"], "summary_en": "One\u200b\r\nTwo"}
    admin_client.post(address("alliance", "create"), data)
    assert Alliance.objects.get().summary["en"] == "One\nTwo"


def test_saved_it_leads_back_to_where_one_came_from(site, admin_client):
    row = f.OrganisationFactory(dissolved=None)
    edit = address("organisation", "edit", row.pk)
    back = f"{REPORT}?rule=undated"
    assert (
        "next=/admin/regional/review/%3Frule%3Dundated"
        in admin_client.get(edit, {"next": back}).content.decode()
    )
    to = admin_client.post(f"{edit}?next={back}", FORMS["organisation"])
    assert to["Location"] == back
    elsewhere = admin_client.post(f"{edit}?next=https://example.org/", FORMS["organisation"])
    assert elsewhere["Location"] == address("organisation", "index")


def test_the_report_leads_there_and_back(site, admin_client):
    row = f.ProgrammeFactory()
    page = admin_client.get(f"{REPORT}?rule=programme_without_provider").content.decode()
    edit = address("programme", "edit", row.pk)
    assert f"{edit}?next=/admin/regional/review/%3Frule%3Dprogramme_without_provider" in page


def test_inspecting_says_what_needs_care(site, as_person):
    row = f.ProgrammeFactory(last_reviewed=None)
    other = f.AllianceFactory()
    client = as_person("change_programme")
    inspect = address("programme", "inspect", row.pk)
    page = client.get(inspect).content.decode()
    assert "Needs care" in page and "Programme without provider" in page
    assert str(other) not in page
    client.post(f"/admin/regional/review/wagtail_regional.programme/{row.pk}/reviewed/")
    row.refresh_from_db()
    assert row.last_reviewed == timezone.localdate()


def test_whose_a_row_is_is_told_to_whoever_sees_it(site, as_person, django_user_model):
    anna = django_user_model.objects.create_user("anna", first_name="Anna", last_name="Blaman")
    row = f.OrganisationFactory(owner=anna)
    page = as_person("view_organisation").get(address("organisation", "inspect", row.pk))
    assert "Anna Blaman" in page.content.decode()
    assert "may not open" not in page.content.decode()


def test_who_may_only_look_marks_nothing(site, as_person):
    row = f.ProgrammeFactory()
    inspect = address("programme", "inspect", row.pk)
    page = as_person("view_programme").get(inspect).content.decode()
    assert "Programme without provider" in page and "Mark as reviewed" not in page
    page = as_person("delete_programme").get(inspect).content.decode()
    assert "Programme without provider" not in page


def test_inspecting_says_whether_links_answer(site, admin_client):
    row = f.OrganisationFactory(
        website="https://good.example.org/", source_url="https://bad.example.org/"
    )
    now = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
    LinkCheck.objects.create(url=row.website, status=200, checked_at=now)
    LinkCheck.objects.create(
        url=row.source_url, problem=LinkProblem.TIMEOUT, checked_at=now, failing_since=now
    )
    page = admin_client.get(address("organisation", "inspect", row.pk)).content.decode()
    assert "answered on 03/04/2026" in page
    assert "Does not answer" in page and "it took too long" in page


def test_the_history_is_shown(site, admin_client):
    row = f.OrganisationFactory()
    history = address("organisation", "history", row.pk)
    assert "Nothing is recorded" in admin_client.get(history).content.decode()
    admin_client.post(address("organisation", "edit", row.pk), FORMS["organisation"])
    assert ModelLogEntry.objects.filter(object_id=str(row.pk)).exists()
    page = admin_client.get(history).content.decode()
    assert "Nothing is recorded" not in page
    row.refresh_from_db()
    assert str(row) in page and "Edit" in page
