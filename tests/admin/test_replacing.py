"""Replacing a row by another: what changes, what stays, and what stands in the way."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError
from wagtail.models import Locale, ModelLogEntry, PageLogEntry

from tests.admin.conftest import address
from tests.conftest import block, fill
from wagtail_regional import factories as f
from wagtail_regional.models import Membership, Organisation, ProgrammeAccess, ProgrammeProvider
from wagtail_regional.usage import replacing as succession
from wagtail_regional.usage.finding import find_uses
from wagtail_regional.usage.replacing import ReplaceError, plan_replacement, replace


@pytest.fixture
def pair(site):
    """Two organisations, of which one takes the place of the other."""
    old = f.OrganisationFactory(name={"en": "Old hospital"}, type="healthcare")
    new = f.OrganisationFactory(name={"en": "New hospital"}, type="healthcare")
    return old, new


def conflicts(old, new, **kwargs) -> list[str]:
    before = snapshot()
    with pytest.raises(ReplaceError) as error:
        replace(old, new, **kwargs)
    assert snapshot() == before, "nothing may be half done"
    return [each.message for each in error.value.plan.conflicts]


def snapshot() -> list:
    rows = []
    for model in (Membership, ProgrammeProvider, ProgrammeAccess, Organisation):
        rows += list(model.objects.order_by("pk").values_list())
    return rows


# --- Rows ---------------------------------------------------------------------------------------


def test_every_kind_of_use_goes_over(pair):
    old, new = pair
    member = f.MembershipFactory(organisation=old)
    provider = f.ProgrammeProviderFactory(organisation=old)
    access = f.ProgrammeAccessFactory(organisation=old)
    child = f.OrganisationFactory(parent=old)
    replace(old, new)
    for row in (member, provider, access, child, old):
        row.refresh_from_db()
    assert member.organisation == provider.organisation == access.organisation == new
    assert child.parent == new and old.successor == new
    assert not find_uses(old)


def test_alliances_projects_and_ties_go_over(site, section):
    old, new = f.AllianceFactory(), f.AllianceFactory()
    project = f.ProjectFactory(alliance=old)
    centre = f.AllianceFactory(parent=old)
    member = f.MembershipFactory(organisation=None, member_alliance=old)
    own = f.MembershipFactory(alliance=old)
    programme = f.ProgrammeFactory()
    programme.alliances.add(old)
    programme.save()
    section.page.subject = old
    section.page.save()
    replace(old, new)
    for row in (project, centre, member, own, old, section.page):
        row.refresh_from_db()
    assert project.alliance == centre.parent == member.member_alliance == new
    assert list(type(programme).objects.get().alliances.all()) == [new]
    assert section.page.subject == new and old.succeeded_by == new
    # Its own members were its own.
    assert own.alliance == old


def test_a_theme_is_replaced_and_named_once(site):
    old, new = f.ThemeFactory(), f.ThemeFactory()
    one, both = f.AllianceFactory(), f.AllianceFactory()
    one.themes.add(old)
    both.themes.add(old, new)
    for row in (one, both):
        row.save()
    replace(old, new)
    for row in (one, both):
        assert list(type(row).objects.get(pk=row.pk).themes.all()) == [new]


def test_the_past_stays_with_the_old_one(pair):
    old, new = pair
    past = f.MembershipFactory(organisation=old, ends="2010")
    in_past = f.MembershipFactory(organisation=old, alliance__ends="2010")
    predecessor = f.OrganisationFactory(successor=old)
    now = f.MembershipFactory(organisation=old)
    plan = replace(old, new)
    assert len(plan.kept) == 3
    for row in (past, in_past, predecessor, now):
        row.refresh_from_db()
    assert past.organisation == in_past.organisation == predecessor.successor == old
    assert now.organisation == new


def test_the_same_thing_entered_twice_gives_up_its_past_too(pair):
    old, new = pair
    past = f.MembershipFactory(organisation=old, ends="2010")
    predecessor = f.OrganisationFactory(successor=old)
    replace(old, new, include_past=True)
    past.refresh_from_db()
    predecessor.refresh_from_db()
    assert past.organisation == predecessor.successor == new
    assert not find_uses(old)


# --- Duplicates and conflicts ---------------------------------------------------------------------


def test_a_membership_that_the_other_covers_goes(pair):
    old, new = pair
    row = f.MembershipFactory(organisation=old, starts="2010")
    f.MembershipFactory(alliance=row.alliance, organisation=new, starts="2005")
    plan = plan_replacement(old, new)
    assert [step.note for step in plan.steps if "removed" in step.note]
    replace(old, new)
    assert [each.organisation for each in Membership.objects.all()] == [new]


def test_memberships_that_overlap_in_part_are_a_conflict(pair):
    old, new = pair
    row = f.MembershipFactory(organisation=old, starts="2010")
    f.MembershipFactory(alliance=row.alliance, organisation=new, starts="2015")
    (message,) = conflicts(old, new)
    assert "listed twice" in message and "periods" in message


def test_another_role_at_the_same_time_is_no_duplicate(pair):
    old, new = pair
    row = f.MembershipFactory(organisation=old, role="founder")
    f.MembershipFactory(alliance=row.alliance, organisation=new, role="partner")
    replace(old, new)
    assert Membership.objects.filter(organisation=new).count() == 2


def test_a_partnership_of_two_does_not_become_one_of_one(pair):
    old, new = pair
    alliance = f.AllianceFactory(type="bilateral")
    for organisation in pair:
        f.MembershipFactory(alliance=alliance, organisation=organisation)
    (message,) = conflicts(old, new)
    assert "two current members" in message


def test_a_provider_is_there_once(pair):
    old, new = pair
    row = f.ProgrammeProviderFactory(organisation=old)
    f.ProgrammeProviderFactory(programme=row.programme, organisation=new)
    replace(old, new)
    assert [each.organisation for each in ProgrammeProvider.objects.all()] == [new]


def test_a_partner_code_is_not_lost(pair):
    old, new = pair
    row = f.ProgrammeProviderFactory(organisation=old, partner_code="21PB")
    f.ProgrammeProviderFactory(programme=row.programme, organisation=new)
    (message,) = conflicts(old, new)
    assert "provider already" in message


def test_a_joint_degree_keeps_its_providers(pair):
    old, new = pair
    programme = f.ProgrammeFactory(degree_award="joint")
    for organisation in pair:
        f.ProgrammeProviderFactory(programme=programme, organisation=organisation)
    (message,) = conflicts(old, new)
    assert "at least 2 providers" in message


def test_terms_that_differ_are_a_conflict_and_equal_ones_are_not(pair):
    old, new = pair
    row = f.ProgrammeAccessFactory(organisation=old, ects=30)
    other = f.ProgrammeAccessFactory(programme=row.programme, organisation=new, ects=15)
    (message,) = conflicts(old, new)
    assert "terms" in message and "Remove one of the two" in message
    other.ects = 30
    other.save()
    replace(old, new)
    assert [each.organisation for each in ProgrammeAccess.objects.all()] == [new]


def test_circles_are_refused(pair):
    old, new = pair
    new.parent = old
    new.save()
    assert any("part of itself" in each for each in conflicts(old, new))
    new.parent, new.successor = None, old
    new.save()
    assert any("leads back" in each for each in conflicts(old, new))
    assert conflicts(old, old)


def test_a_page_cannot_get_a_subject_that_another_has(site, section):
    old, new = f.AllianceFactory(), f.AllianceFactory()
    section.page.subject = old
    section.page.save()
    f.PartnershipPageFactory(title="The other page", parent=section.index, subject=new)
    with pytest.raises(ReplaceError) as error:
        replace(old, new)
    assert "The other page" in error.value.plan.conflicts[0].message
    section.page.refresh_from_db()
    assert section.page.subject == old


# --- Pages ---------------------------------------------------------------------------------------


def stored(page, name="body"):
    """What the database has, unread by any block."""
    from django.db import connection

    with connection.cursor() as cursor:
        table = type(page)._meta.db_table
        cursor.execute(f"SELECT {name} FROM {table} WHERE page_ptr_id = %s", [page.pk])
        (raw,) = cursor.fetchone()
    return json.loads(raw) if isinstance(raw, str) else raw


def store(page, raw) -> None:
    from django.db.models import JSONField, Value

    type(page).objects.filter(pk=page.pk).update(body=Value(raw, output_field=JSONField()))


def test_streams_change_in_just_that_place(site, section):
    old, new, other = (f.OrganisationFactory() for _ in range(3))
    raw = [
        block("partner_grid", {"source": "picked", "organisations": [old.pk, other.pk]}),
        block("partner_grid", {"organisations": [{"type": "item", "value": old.pk, "id": "x"}]}),
        block("contact", {"name": "Somebody", "organisation": old.pk, "from_before": {"a": 1}}),
        block("no_longer_a_block", {"organisation": old.pk}),
        block("programme_list", {"source": "picked", "maximum": old.pk, "audience": old.pk}),
        block("rich_text", f"<p>{old.pk}</p>"),
    ]
    store(section.page, raw)
    replace(old, new)
    expected = json.loads(json.dumps(raw))
    expected[0]["value"]["organisations"][0] = new.pk
    expected[1]["value"]["organisations"][0]["value"] = new.pk
    expected[2]["value"]["organisation"] = new.pk
    expected[4]["value"]["audience"] = new.pk
    assert stored(section.page) == expected


def test_drafts_and_what_is_scheduled_change_too(site, section):
    import datetime as dt

    from django.utils import timezone

    old, new = f.AllianceFactory(), f.AllianceFactory()
    page = section.page
    page.body = [("alliance", {"alliance": old, "show": [], "links": []})]
    page.subject = old
    earlier = page.save_revision()
    scheduled = page.save_revision(approved_go_live_at=timezone.now() + dt.timedelta(days=3))
    latest = page.save_revision()
    replace(old, new)
    for revision in (scheduled, latest):
        revision.refresh_from_db()
        assert revision.content["subject"] == new.pk
        assert json.loads(revision.content["body"])[0]["value"]["alliance"] == new.pk
        assert revision.as_object().body[0].value["alliance"] == new
    # What is history stays.
    earlier.refresh_from_db()
    assert earlier.content["subject"] == old.pk
    page.refresh_from_db()
    assert page.subject is None and not page.live_revision_id


def test_hosts_blocks_at_any_depth_are_walked(site):
    from wagtail import blocks
    from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

    from wagtail_regional.blocks import OrganisationChooserBlock
    from wagtail_regional.models import Organisation
    from wagtail_regional.usage.streams import replacing, swap_chosen

    class Deep(blocks.StreamBlock):
        row = blocks.StructBlock(
            [("list", blocks.ListBlock(blocks.StreamBlock([("who", OrganisationChooserBlock())])))]
        )
        table = TypedTableBlock(
            [("who", OrganisationChooserBlock()), ("no", blocks.IntegerBlock())]
        )

    raw = [
        {"type": "row", "value": {"list": [[{"type": "who", "value": 7, "id": "a"}]]}},
        {
            "type": "table",
            "value": {
                "columns": [{"type": "who", "heading": ""}, {"type": "no", "heading": ""}],
                "rows": [{"values": [7, 7]}],
                "caption": "7",
            },
        },
        "not a block",
        {"type": "row", "value": None},
    ]
    swap, met = replacing("7", 8)
    swapped = swap_chosen(Deep(), raw, Organisation, swap)
    assert len(met) == 2
    assert swapped[0]["value"]["list"][0][0]["value"] == 8
    assert swapped[1]["value"]["rows"] == [{"values": [8, 7]}]
    assert swapped[2:] == raw[2:]


def test_readers_see_the_other_one_in_every_language(site, section, admin_client, admin_user):
    old, new = f.AllianceFactory(name={"en": "Before"}), f.AllianceFactory(name={"en": "After"})
    page = fill(section.page, [block("alliance", {"alliance": old.pk, "show": []})])
    section.index.copy_for_translation(Locale.objects.get(language_code="nl"))
    dutch = page.copy_for_translation(Locale.objects.get(language_code="nl"))
    for each in (page, dutch.get_parent(), dutch):
        each.specific.save_revision().publish()
    assert b"Before" in admin_client.get(page.get_url()).content
    replace(old, new, admin_user)
    for each in (page, dutch):
        html = admin_client.get(each.get_url()).content
        assert b"After" in html and b"Before" not in html
    logged = PageLogEntry.objects.filter(action=succession.REPOINTED)
    assert {entry.page_id for entry in logged} == {page.pk, dutch.pk}
    assert all(entry.user == admin_user for entry in logged)


# --- In the admin ---------------------------------------------------------------------------------


def test_first_it_says_what_would_change_and_then_what_did(pair, admin_client):
    old, new = pair
    f.MembershipFactory(organisation=old, alliance__name={"en": "The alliance"})
    url = address("organisation", "replace", old.pk)
    response = admin_client.get(url, {"new": new.pk})
    html = response.content.decode()
    assert "What would change" in html and "The alliance" in html
    assert Membership.objects.get().organisation == old
    post = {"new": new.pk, "expected": response.context["plan"].fingerprint}
    html = admin_client.post(url, post).content.decode()
    assert "What was changed" in html and "The alliance" in html
    assert Membership.objects.get().organisation == new
    actions = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert {succession.REPLACED, succession.TOOK_OVER, succession.REPOINTED} <= actions
    history = admin_client.get(address("organisation", "history", old.pk)).content.decode()
    assert "Replaced by “New hospital”" in history


def test_a_plan_that_is_out_of_date_is_shown_anew(pair, admin_client):
    old, new = pair
    f.MembershipFactory(organisation=old)
    url = address("organisation", "replace", old.pk)
    seen = admin_client.get(url, {"new": new.pk}).context["plan"].fingerprint
    f.MembershipFactory(organisation=old, alliance__name={"en": "Came meanwhile"})
    html = admin_client.post(url, {"new": new.pk, "expected": seen}).content.decode()
    assert "has changed since you looked" in html and "Came meanwhile" in html
    assert not Membership.objects.filter(organisation=new).exists()


def test_conflicts_are_shown_with_a_link_and_no_button(pair, admin_client):
    old, new = pair
    row = f.MembershipFactory(organisation=old, starts="2010")
    f.MembershipFactory(alliance=row.alliance, organisation=new, starts="2015")
    url = address("organisation", "replace", old.pk)
    response = admin_client.get(url, {"new": new.pk})
    html = response.content.decode()
    assert "First solve" in html and address("alliance", "inspect", row.alliance_id) in html
    assert 'name="expected"' not in html


def test_an_error_half_way_undoes_everything(pair, admin_client, monkeypatch):
    old, new = pair
    f.MembershipFactory(organisation=old)
    f.ProgrammeProviderFactory(organisation=old)
    url = address("organisation", "replace", old.pk)
    seen = admin_client.get(url, {"new": new.pk}).context["plan"].fingerprint
    before = snapshot()

    def fail(self, *args, **kwargs):
        raise DatabaseError("the disk is full")

    # The provider comes after the member.
    monkeypatch.setattr(ProgrammeProvider, "save", fail)
    html = admin_client.post(url, {"new": new.pk, "expected": seen}).content.decode()
    assert "nothing was done" in html
    assert snapshot() == before
    assert not ModelLogEntry.objects.filter(action=succession.REPLACED).exists()


def test_who_may_not_change_what_would_change_is_told(pair, section, person):
    old, new = pair
    f.MembershipFactory(organisation=old)
    grid = {"source": "picked", "organisations": [old.pk]}
    fill(section.page, [block("partner_grid", grid)])
    user = person("change_organisation")
    messages = conflicts(old, new, user=user)
    assert any("alliances" in each for each in messages)
    assert any("page" in each for each in messages)


def test_a_locked_page_stands_in_the_way_of_all_but_who_locked_it(
    pair, section, admin_user, django_user_model
):
    old, new = pair
    grid = {"source": "picked", "organisations": [old.pk]}
    page = fill(section.page, [block("partner_grid", grid)])
    type(page).objects.filter(pk=page.pk).update(locked=True, locked_by=admin_user)
    other = django_user_model.objects.create_superuser("other", password="x")
    assert any("page" in each for each in conflicts(old, new, user=other))
    replace(old, new, admin_user)


def test_a_row_that_went_meanwhile_is_told(pair):
    old, new = pair
    type(new).objects.filter(pk=new.pk).delete()
    with pytest.raises(ReplaceError) as error:
        replace(old, new)
    assert "deleted meanwhile" in error.value.plan.conflicts[0].message
