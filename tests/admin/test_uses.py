"""Where rows are used, and what becomes of the uses when a row goes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from tests.admin.conftest import address
from tests.conftest import block, fill, make_alliance
from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, Organisation, Theme
from wagtail_regional.usage.finding import count_uses, find_uses


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_inspecting_names_rows_and_pages_in_their_languages(site, section, admin_client):
    alliance = f.AllianceFactory(name={"en": "The alliance", "nl": "De alliantie"})
    f.MembershipFactory(alliance=alliance, organisation__name={"en": "City"})
    f.ProjectFactory(alliance=alliance, title={"en": "The project"})
    fill(section.page, [block("alliance", {"alliance": alliance.pk, "show": []})])
    html = text_of(admin_client.get(address("alliance", "inspect", alliance.pk)))
    for words in ("The alliance", "De alliantie", "City", "The project", "Regional partnerships"):
        assert words in html
    assert f"/admin/pages/{section.page.pk}/edit/" in html


def test_a_draft_that_uses_a_row_is_marked(site, section, admin_client):
    alliance = f.AllianceFactory()
    section.page.body = [("alliance", {"alliance": alliance, "show": [], "links": []})]
    section.page.save_revision()
    uses = find_uses(alliance)
    (use,) = uses.streams
    assert use.only_in_draft and use.draft
    html = text_of(admin_client.get(address("alliance", "inspect", alliance.pk)))
    assert "in a draft only" in html


@pytest.mark.indexed
def test_the_subject_of_a_page_is_a_use(site, section):
    alliance = f.AllianceFactory()
    section.page.subject = alliance
    section.page.save()
    assert [use.holder.pk for use in find_uses(alliance).streams] == [section.page.pk]
    assert count_uses(Alliance, [alliance.pk])[alliance.pk] == 1


def test_a_number_that_merely_looks_like_the_key_is_no_use(site, section):
    alliance, organisation = f.AllianceFactory(), f.OrganisationFactory(pk=4711)
    blocks = [
        block("alliance", {"alliance": alliance.pk, "heading": "4711", "show": []}),
        block("alliance", {"alliance": 4711, "show": []}),
    ]
    fill(section.page, blocks)
    assert not find_uses(organisation)


def test_a_draft_page_is_not_named_to_who_may_not_open_it(site, section, as_person):
    alliance = f.AllianceFactory()
    secret = f.PartnershipPageFactory(
        title="Secret plans", parent=section.index, live=False, subject=alliance
    )
    client = as_person("view_alliance", "delete_alliance")
    for screen in ("inspect", "delete"):
        html = text_of(client.get(address("alliance", screen, alliance.pk)))
        assert "Secret plans" not in html and f"/pages/{secret.pk}/" not in html
        # Nor is it counted.
        assert "that you may open refers to it" in html
    assert ">1 place<" not in text_of(client.get(address("alliance", "index")))


def test_inspecting_costs_the_same_for_any_number_of_uses(site, section, admin_client):
    alliance = make_alliance(members=2, projects=1, programmes=1)
    organisation = Organisation.objects.first()

    def count() -> int:
        url = address("organisation", "inspect", organisation.pk)
        with CaptureQueriesContext(connection) as queries:
            text_of(admin_client.get(url))
        return len(queries)

    def use(number: int) -> None:
        for _ in range(number):
            f.MembershipFactory(organisation=organisation)
            f.ProgrammeProviderFactory(organisation=organisation)
            page = f.PartnershipPageFactory(parent=section.index)
            grid = {"source": "picked", "organisations": [organisation.pk]}
            fill(page, [block("partner_grid", grid)])

    use(1)
    count()
    before = count()
    use(4)
    # The first look after a change has the review judge everything anew.
    count()
    assert count() <= before
    assert alliance.pk


# --- Deleting ----------------------------------------------------------------------------------


def test_what_is_not_used_is_deleted_and_logged(site, admin_client):
    organisation = f.OrganisationFactory()
    url = address("organisation", "delete", organisation.pk)
    assert "Nothing else refers to it" in text_of(admin_client.get(url))
    assert admin_client.post(url).status_code == 302
    assert not Organisation.objects.exists()
    assert ModelLogEntry.objects.filter(action="wagtail.delete").exists()


def protect_by_membership(row):
    f.MembershipFactory(organisation=row, alliance__name={"en": "Holder"})


def protect_by_provider(row):
    f.ProgrammeProviderFactory(organisation=row, programme__name={"en": "Holder"})


def protect_by_access(row):
    f.ProgrammeAccessFactory(organisation=row, programme__name={"en": "Holder"})


def protect_by_parent(row):
    f.OrganisationFactory(parent=row, name={"en": "Holder"})


def protect_by_successor(row):
    f.OrganisationFactory(successor=row, name={"en": "Holder"})


@pytest.mark.parametrize(
    "protect",
    [
        protect_by_membership,
        protect_by_provider,
        protect_by_access,
        protect_by_parent,
        protect_by_successor,
    ],
)
def test_deleting_what_facts_need_is_refused_and_says_where(site, admin_client, protect):
    organisation = f.OrganisationFactory()
    protect(organisation)
    url = address("organisation", "delete", organisation.pk)
    for response in (admin_client.get(url), admin_client.post(url)):
        html = text_of(response)
        assert "cannot be deleted" in html and "Holder" in html
        assert address("organisation", "replace", organisation.pk) in html
        assert address("organisation", "end", organisation.pk) in html
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_who_may_only_delete_is_offered_no_changes(site, as_person):
    organisation = f.OrganisationFactory()
    protect_by_membership(organisation)
    client = as_person("delete_organisation")
    html = text_of(client.get(address("organisation", "delete", organisation.pk)))
    assert "cannot be deleted" in html
    assert address("organisation", "replace", organisation.pk) not in html


def test_long_lists_of_uses_are_counted_and_cut(site, admin_client):
    organisation = f.OrganisationFactory()
    for _ in range(30):
        f.MembershipFactory(organisation=organisation)
    html = text_of(admin_client.get(address("organisation", "delete", organisation.pk)))
    assert "(30)" in html and "and 5 more" in html


def test_deleting_what_only_pages_show_says_which_will_lose_it(site, section, admin_client):
    organisation = f.OrganisationFactory()
    grid = {"source": "picked", "organisations": [organisation.pk]}
    fill(section.page, [block("partner_grid", grid)])
    url = address("organisation", "delete", organisation.pk)
    html = text_of(admin_client.get(url))
    assert "will disappear" in html and "Regional partnerships" in html
    assert admin_client.post(url).status_code == 302
    assert not Organisation.objects.exists()
    section.page.refresh_from_db()
    assert section.page.get_url()


def test_a_theme_leaves_what_had_it(site, admin_client):
    theme, alliance = f.ThemeFactory(), f.AllianceFactory(name={"en": "Holder"})
    alliance.themes.add(theme)
    alliance.save()
    url = address("theme", "delete", theme.pk)
    assert "Holder" in text_of(admin_client.get(url))
    admin_client.post(url)
    assert not Theme.objects.exists()
    assert not Alliance.objects.get().themes.exists()


# --- Ending ------------------------------------------------------------------------------------


def test_ending_sets_the_date_and_is_logged(site, admin_client):
    alliance = f.AllianceFactory(starts="2010")
    url = address("alliance", "end", alliance.pk)
    assert "20" in text_of(admin_client.get(url))
    response = admin_client.post(url, {"ended": "2020-06"})
    assert response["Location"] == address("alliance", "inspect", alliance.pk)
    alliance.refresh_from_db()
    assert str(alliance.ends) == "2020-06" and alliance.status == "ended"
    entry = ModelLogEntry.objects.get(action="wagtail_regional.ended")
    assert "June 2020" in entry.message
    history = text_of(admin_client.get(address("alliance", "history", alliance.pk)))
    assert "June 2020" in history


@pytest.mark.parametrize(
    ("ended", "told"), [("2009", "before the start"), ("soon", "soon"), ("", "required")]
)
def test_an_end_that_cannot_be_is_told_at_the_field(site, admin_client, ended, told):
    alliance = f.AllianceFactory(starts="2010")
    html = text_of(admin_client.post(address("alliance", "end", alliance.pk), {"ended": ended}))
    assert told in html
    alliance.refresh_from_db()
    assert alliance.ends is None


def test_an_end_date_set_once_shows_in_every_language_and_the_api(site, section, admin_client):
    from wagtail.models import Locale

    from wagtail_regional.freshness import stamps as stamp

    alliance = f.AllianceFactory(name={"en": "The alliance"}, starts="2010")
    value = {"alliance": alliance.pk, "show": [], "show_as_history": True}
    page = fill(section.page, [block("alliance", value)])
    section.index.copy_for_translation(Locale.objects.get(language_code="nl"))
    dutch = page.copy_for_translation(Locale.objects.get(language_code="nl"))
    dutch.save_revision().publish()
    for each in (page, dutch.get_parent(), dutch):
        each.specific.save_revision().publish()
    find = _finder()
    assert "Since 2010" in text_of(admin_client.get(page.get_url()))
    before = stamp.current()
    admin_client.post(address("alliance", "end", alliance.pk), {"ended": "2020"})
    assert stamp.current() != before
    assert "Ran from 2010 until 2020" in text_of(admin_client.get(page.get_url()))
    assert "Liep van 2010 tot en met 2020" in text_of(admin_client.get(dutch.get_url()))
    for path in (page.get_url(), dutch.get_url()):
        (found,) = admin_client.get(find, {"path": path}).json()["body"]
        assert found["value"]["alliance"]["lifecycle"]["status"] == "ended"


def _finder() -> str:
    from wagtail_regional.compat import HAS_API_V3

    return "/api/v3/regional/pages/find/" if HAS_API_V3 else "/api/regional/pages/find/"


def test_inspecting_writes_dates_for_people(site, admin_client):
    alliance = f.AllianceFactory(starts="2014-02")
    html = text_of(admin_client.get(address("alliance", "inspect", alliance.pk)))
    assert "<dd>February 2014</dd>" in html
