"""The page editor: the panel, and what is checked when a page is published."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.conftest import block, fill
from tests.review.conftest import day
from wagtail_regional import factories as f
from wagtail_regional.models import Alliance


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


def form(page, alliance, *, history=False, **more):
    value = {
        "alliance": alliance.pk,
        "heading": "",
        "text": rich_text(""),
        "image": {"image": "", "alt_text": ""},
        "links-count": 0,
        # A list would be the rows of a form.
        "show": ("members",),
        **({"show_as_history": "on"} if history else {}),
    }
    data = nested_form_data(
        {
            "title": "The page",
            "slug": page.slug,
            "introduction": "",
            "hero_image": "",
            "subject": "",
            "seo_title": "",
            "search_description": "",
            "body": streamfield([("alliance", value)]),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
        }
    )
    return {**data, **more}


@pytest.fixture
def ended(section):
    return f.AllianceFactory(name={"en": "HealthTIES"}, starts="2010", ends="2013")


# --- The panel -------------------------------------------------------------------------------


def test_the_panel_lists_what_this_page_shows(section, admin_client, ended):
    f.AllianceFactory(name={"en": "Elsewhere"})
    fill(section.page, [block("alliance", {"alliance": ended.pk})])
    page = admin_client.get(edit(section.page)).content.decode()
    assert "Needs care" in page and "HealthTIES" in page
    assert "Ended, but shown as current" in page and "Elsewhere" not in page


def test_the_panel_judges_the_draft(section, admin_client, ended):
    page = fill(section.page, [block("alliance", {"alliance": ended.pk, "show": []})])
    page.body = [
        ("alliance", {"alliance": ended, "show": [], "show_as_history": True, "links": []})
    ]
    page.save_revision()
    html = admin_client.get(edit(page)).content.decode()
    assert "Ended, but shown as current" not in html
    assert "Review overdue" in html


def test_members_and_programmes_that_are_shown_are_in_the_panel(section, admin_client):
    alliance = f.AllianceFactory(starts="2010", name={"en": "A", "nl": "A"})
    f.MembershipFactory(
        alliance=alliance, organisation__dissolved=day(10), organisation__name={"en": "Clinic"}
    )
    programme = f.ProgrammeFactory(name={"en": "The minor", "nl": "De minor"})
    fill(
        section.page,
        [
            block("alliance", {"alliance": alliance.pk}),
            block("programme_list", {"source": "picked", "programmes": [programme.pk]}),
        ],
    )
    html = admin_client.get(edit(section.page)).content.decode()
    assert "Clinic" in html and "It will be dissolved soon" in html
    assert "It has no provider" in html


def test_there_is_no_panel_where_nothing_needs_care(section, admin_client):
    assert "Needs care" not in _content(admin_client.get(edit(section.page)))


def test_there_is_no_panel_before_the_first_save(section, admin_client):
    address = reverse(
        "wagtailadmin_pages:add",
        args=("wagtail_regional_pages", "partnershippage", section.index.pk),
    )
    response = admin_client.get(address)
    assert response.status_code == 200 and "regional-review__list" not in response.content.decode()


def _content(response):
    """Without the menu, which names the report."""
    return response.content.decode().partition('id="main"')[2]


# --- Saving and publishing -------------------------------------------------------------------


def test_a_draft_is_never_stopped(section, admin_client, ended):
    response = admin_client.post(edit(section.page), form(section.page, ended))
    assert response.status_code == 302
    section.page.refresh_from_db()
    assert section.page.has_unpublished_changes


def test_publishing_asks_for_the_tick(section, admin_client, ended):
    publish = {"action-publish": "1"}
    response = admin_client.post(edit(section.page), form(section.page, ended, **publish))
    assert response.status_code == 200
    assert "HealthTIES has ended" in response.content.decode().replace("&quot;", '"')
    section.page.refresh_from_db()
    assert section.page.title == "Regional partnerships"

    response = admin_client.post(
        edit(section.page), form(section.page, ended, history=True, **publish)
    )
    assert response.status_code == 302
    section.page.refresh_from_db()
    assert section.page.title == "The page"


def test_an_alliance_that_goes_on_needs_no_tick(section, admin_client, ended):
    Alliance.objects.update(ends=None)
    data = form(section.page, ended, **{"action-publish": "1"})
    assert admin_client.post(edit(section.page), data).status_code == 302


def test_what_is_scheduled_is_checked_when_it_is_scheduled(section, admin_client, ended):
    go_live = (timezone.localtime() + dt.timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    data = form(section.page, ended, go_live_at=go_live, **{"action-publish": "1"})
    assert admin_client.post(edit(section.page), data).status_code == 200
    data = form(section.page, ended, history=True, go_live_at=go_live, **{"action-publish": "1"})
    assert admin_client.post(edit(section.page), data).status_code == 302


def test_what_ends_while_it_waits_is_published_and_reported(section, admin_client, found):
    """Nobody is there to ask; the block turns to the past by itself, and the review tells."""
    alliance = f.AllianceFactory(starts="2010", ends=day(10))
    page = section.page
    page.title = "Scheduled"
    page.body = [("alliance", {"alliance": alliance, "show": [], "links": []})]
    page.go_live_at = timezone.now() + dt.timedelta(hours=1)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    Alliance.objects.update(ends="2013")
    past = timezone.now() - dt.timedelta(hours=1)
    revision.approved_go_live_at, revision.content["go_live_at"] = past, past.isoformat()
    revision.save()
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert page.title == "Scheduled"
    assert [name for name, _ in found("ended_shown_as_current")] == [str(alliance.name)]


def test_submitting_to_a_workflow_is_checked_too(section, admin_client, ended):
    workflow = Workflow.objects.create(name="Approval", active=True)
    task = GroupApprovalTask.objects.create(name="Approve", active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=section.index)
    data = form(section.page, ended, **{"action-submit": "1"})
    response = admin_client.post(edit(section.page), data)
    assert response.status_code == 200 and "has ended" in response.content.decode()
    data = form(section.page, ended, history=True, **{"action-submit": "1"})
    assert admin_client.post(edit(section.page), data).status_code == 302
