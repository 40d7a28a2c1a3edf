"""Each rule finds what it should, and leaves alone what is in order."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone, translation

from tests.conftest import block, fill, make_image
from tests.review.conftest import day
from wagtail_regional import factories as f
from wagtail_regional.models import LinkCheck
from wagtail_regional.review import Severity, review
from wagtail_regional.review.engine import BUILT_IN, all_rules

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "review-rules.md"
ENDED, GOING_ON = "2013", "2999"


def test_every_rule_says_what_it_is(db):
    rules = all_rules()
    assert len(rules) == len(BUILT_IN)
    for code, rule in rules.items():
        assert code.isidentifier() and str(rule.title) and str(rule.description)
        assert rule.severity in Severity


def test_the_reference_lists_every_rule():
    table = REFERENCE.read_text().partition("\n## ")[0]
    told = re.findall(r"^\| `(\w+)` \| (\w+)(, settled)? \|", table, re.MULTILINE)
    assert [(code, severity, bool(settled)) for code, severity, settled in told] == [
        (rule.code, rule.severity.value, rule.settled_by_review) for rule in BUILT_IN
    ]


# --- Ended, but shown as current -------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "history", "finds"),
    [(ENDED, False, True), (ENDED, True, False), (GOING_ON, False, False), (None, False, False)],
)
def test_an_ended_alliance_on_a_page_needs_the_tick(section, found, ends, history, finds):
    alliance = f.AllianceFactory(name={"en": "HealthTIES"}, starts="2010", ends=ends)
    value = {"alliance": alliance.pk, "show": [], "show_as_history": history}
    fill(section.page, [block("alliance", value)])
    told = found("ended_shown_as_current")
    assert bool(told) == finds
    if finds:
        assert told[0][0] == "HealthTIES" and "Regional partnerships" in told[0][1]


def test_it_is_fixed_on_the_page(section):
    alliance = f.AllianceFactory(ends=ENDED)
    fill(section.page, [block("alliance", {"alliance": alliance.pk})])
    (finding,) = review(only=["ended_shown_as_current"])
    assert finding.to_edit == ("wagtailcore.page", section.page.pk)
    assert [(use.pk, use.public) for use in finding.pages] == [(section.page.pk, True)]


def test_a_page_that_nobody_sees_is_no_matter(section, found):
    alliance = f.AllianceFactory(ends=ENDED)
    page = fill(section.page, [block("alliance", {"alliance": alliance.pk})])
    page.unpublish()
    assert not found("ended_shown_as_current")


@pytest.mark.parametrize("own_end", [None, ENDED])
def test_what_belongs_to_an_ended_alliance_ends_too(site, found, own_end):
    over = f.AllianceFactory(ends=ENDED)
    f.ProjectFactory(title={"en": "The project"}, alliance=over, ends=own_end)
    f.AllianceFactory(name={"en": "The centre"}, parent=over, ends=own_end)
    programme = f.ProgrammeFactory(name={"en": "The minor"}, ends=own_end)
    programme.alliances.add(over)
    programme.save()
    names = {name for name, _explanation in found("ended_shown_as_current")}
    assert names == (set() if own_end else {"The project", "The centre", "The minor"})


def test_a_programme_of_another_alliance_that_goes_on_is_in_order(site, found):
    programme = f.ProgrammeFactory()
    programme.alliances.set([f.AllianceFactory(ends=ENDED), f.AllianceFactory(ends=None)])
    programme.save()
    assert not found("ended_shown_as_current")


@pytest.mark.parametrize(("until", "finds"), [(None, True), ("2013", False)])
def test_an_alliance_that_ended_is_no_current_member(site, found, until, finds):
    member = f.AllianceFactory(name={"en": "HealthTIES"}, ends=ENDED)
    f.MembershipFactory(
        alliance__name={"en": "Delta"}, organisation=None, member_alliance=member, ends=until
    )
    told = found("ended_shown_as_current")
    assert [name for name, _ in told] == (["Delta"] if finds else [])
    assert not finds or "HealthTIES" in told[0][1]


# --- Dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("offset", "finds"), [(-1, False), (0, True), (90, True), (91, False)])
def test_ends_within_the_window(site, found, offset, finds):
    ends = day(offset)
    f.AllianceFactory(name={"en": "The alliance"}, starts="2000", ends=ends)
    f.ProjectFactory(title={"en": "The project"}, starts="2000", ends=ends)
    f.ProgrammeFactory(name={"en": "The minor"}, starts="2000", ends=ends)
    f.OrganisationFactory(name={"en": "The hospital"}, dissolved=ends)
    f.MembershipFactory(alliance__name={"en": "Of a member"}, ends=ends)
    f.RecognitionFactory(alliance__name={"en": "Of a title"}, valid_until=ends)
    names = {name for name, _explanation in found("ends_soon")}
    everything = {"The alliance", "The project", "The minor", "The hospital"}
    everything |= {"Of a member", "Of a title"}
    assert names == (everything if finds else set())


def test_the_sites_own_window_counts(site, found):
    from wagtail_regional.models import RegionalSettings

    f.AllianceFactory(starts="2000", ends=day(30))
    RegionalSettings.objects.create(site=site, ending_soon_days=10)
    assert not found("ends_soon")


def test_undated(site, found):
    f.AllianceFactory(name={"en": "No dates"})
    f.AllianceFactory(starts="2003")
    f.AllianceFactory(ends="2999")
    f.ProjectFactory(title={"en": "No dates either"}, alliance__starts="2003")
    assert {name for name, _ in found("undated")} == {"No dates", "No dates either"}


def test_a_review_settles_what_is_undated_until_the_next_one(site, found, django_user_model):
    row = f.AllianceFactory()
    row.mark_reviewed(None)
    assert not found("undated")
    type(row).objects.update(review_by=day(-1))
    assert found("undated")


@pytest.mark.parametrize(
    ("due", "last", "finds"),
    [
        (-1, None, True),
        (0, None, False),
        (-1, -400, True),
        # Of what has ended, the day of the next review stays in the past.
        (-100, -5, False),
    ],
)
def test_review_overdue(site, found, due, last, finds):
    row = f.OrganisationFactory(name={"en": "The row"})
    last_reviewed = None if last is None else day(last)
    type(row).objects.update(review_by=day(due), last_reviewed=last_reviewed)
    told = found("review_overdue")
    assert [name for name, _ in told] == (["The row"] if finds else [])
    assert not finds or ("never" in told[0][1]) == (last is None)


def test_something_that_ended_is_reviewed_once_more_and_then_never(site, found):
    row = f.AllianceFactory(starts="2010", ends=ENDED)
    assert found("review_overdue")
    row.mark_reviewed(None)
    row.refresh_from_db()
    assert row.review_by == dt.date(2013, 12, 31) and row.last_reviewed == day(0)
    assert not found("review_overdue")


# --- Members, roles and providers ------------------------------------------------------------


@pytest.mark.parametrize("gone", [{"dissolved": "2019"}, {"successor": True}])
def test_a_member_that_is_no_more(site, found, gone):
    if "successor" in gone:
        gone = {"successor": f.OrganisationFactory(name={"en": "HMC"})}
    bronovo = f.OrganisationFactory(name={"en": "Bronovo"}, **gone)
    f.MembershipFactory(alliance__name={"en": "The alliance"}, organisation=bronovo)
    f.ProgrammeProviderFactory(programme__name={"en": "The minor"}, organisation=bronovo)
    told = dict(found("member_gone"))
    assert set(told) == {"The alliance", "The minor"}
    assert all("Bronovo" in text for text in told.values())
    assert all(("HMC" in text) == ("successor" in gone) for text in told.values())


def test_a_former_member_may_be_no_more(site, found):
    gone = f.OrganisationFactory(dissolved="2019")
    f.MembershipFactory(organisation=gone, ends="2019")
    f.MembershipFactory(organisation=gone, alliance__ends="2018")
    f.ProgrammeProviderFactory(organisation=gone, programme__ends="2018")
    f.MembershipFactory(organisation__dissolved="2999")
    assert not found("member_gone")


@pytest.mark.parametrize(
    ("starts", "ends", "finds"),
    [
        ("2009", None, "2009"),
        ("2010", None, ""),
        # Somewhere in the year in which the alliance began.
        ("2010-01", "2013", ""),
        (None, "2014", "2014"),
        (None, "2013-06", ""),
        (None, None, ""),
    ],
)
def test_a_role_outside_the_alliances_dates(site, found, starts, ends, finds):
    f.MembershipFactory(
        alliance__starts="2010",
        alliance__ends="2013",
        alliance__name={"en": "HealthTIES"},
        organisation__name={"en": "Leiden"},
        starts=starts,
        ends=ends,
    )
    told = found("role_outside_dates")
    assert len(told) == bool(finds)
    assert not finds or ("Leiden" in told[0][1] and finds in told[0][1])


def test_the_rule_and_the_model_agree_about_roles(site):
    from wagtail_regional.models import Membership

    dates = (None, "2009", "2010", "2010-06", "2013", "2013-12-31", "2014-01")
    for starts in dates:
        for ends in dates:
            if starts and ends and ends < starts:
                continue
            f.MembershipFactory(
                alliance__starts="2010", alliance__ends="2013-12", starts=starts, ends=ends
            )
    ours = {finding.row.pk for finding in review(only=["role_outside_dates"])}
    theirs = {row.alliance_id for row in Membership.objects.all() if row.outside_alliance}
    assert ours == theirs and ours


def test_a_programme_without_provider(site, found):
    f.ProgrammeFactory(name={"en": "Nobody's"})
    f.ProgrammeFactory(ends="2013")
    f.ProgrammeProviderFactory()
    assert [name for name, _ in found("programme_without_provider")] == ["Nobody's"]


def test_an_application_deadline_that_has_passed(site, found):
    programme = f.ProgrammeFactory(name={"en": "The minor"})
    for closes in (day(-1), day(0), None):
        f.ProgrammeAccessFactory(programme=programme, application_closes=closes)
    f.ProgrammeAccessFactory(
        programme=programme,
        organisation=None,
        application_closes=day(-1),
    )
    f.ProgrammeAccessFactory(programme__ends="2013", application_closes=dt.date(2013, 5, 1))
    ((name, text),) = found("deadline_past")
    assert name == "The minor" and "guests" in text and "Organisation" in text


# --- Words and pictures ----------------------------------------------------------------------


def test_a_missing_translation(site, found):
    both = {"en": "Name", "nl": "Naam"}
    f.AllianceFactory(name=both)
    f.AllianceFactory(name={"en": "Half"}, summary={"nl": "Samenvatting"})
    f.RecognitionFactory(alliance__name={"en": "Title", "nl": "Titel"}, label={"en": "Award"})
    told = dict(found("missing_translation"))
    assert set(told) == {"Half", "Title"}
    assert "Dutch" in told["Half"] and "English" in told["Half"] and "summary" in told["Half"]
    assert "Award" in told["Title"]


def test_every_kind_of_row_is_looked_at_for_translations(site, found):
    f.OrganisationFactory(name={"en": "organisation"})
    f.AllianceFactory(name={"en": "alliance"})
    f.ThemeFactory(label={"en": "theme"})
    f.ProjectFactory(title={"en": "project"}, alliance__name={"en": "a", "nl": "a"})
    f.ProgrammeFactory(name={"en": "programme"})
    access = {"programme__name": {"en": "p", "nl": "p"}, "conditions": {"en": "Terms"}}
    f.ProgrammeAccessFactory(**access)
    names = {name for name, _ in found("missing_translation")}
    assert names == {"organisation", "alliance", "theme", "project", "programme", "p"}


def test_one_language_lacks_no_translation(site, found, settings):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
    f.AllianceFactory(name={"en": "Half"})
    assert not found("missing_translation")


def test_a_logo_without_alternative_text(site, found):
    bare, described = make_image("Bare"), make_image("Described", description="Logo of X")
    f.OrganisationFactory(name={"en": "Bare organisation"}, logo=bare)
    f.AllianceFactory(name={"en": "Bare alliance"}, logo=bare)
    f.OrganisationFactory(logo=described)
    f.OrganisationFactory()
    assert {name for name, _ in found("logo_without_alt")} == {
        "Bare organisation",
        "Bare alliance",
    }
    finding = review(only=["logo_without_alt"])[0]
    assert finding.to_edit == ("wagtailimages.image", bare.pk)


def test_a_link_that_did_not_answer(site, found):
    now = timezone.now()
    lost, fine = "https://lost.example/a", "https://fine.example/"
    LinkCheck.objects.create(url=lost, problem="status", status=404, checked_at=now)
    LinkCheck.objects.create(url=fine, status=200, checked_at=now)
    f.OrganisationFactory(name={"en": "Twice"}, website=lost, source_url=lost)
    f.OrganisationFactory(website=fine)
    f.ProgrammeAccessFactory(programme__name={"en": "The minor"}, enrolment_link=lost)
    told = dict(found("broken_link"))
    assert set(told) == {"Twice", "The minor"}
    assert lost in told["Twice"] and "404" in told["Twice"] and "source" in told["Twice"]


# --- In the reader's language ----------------------------------------------------------------


def test_names_and_dates_are_in_the_language_of_whoever_reads(site):
    f.AllianceFactory(name={"en": "Agenda", "nl": "De agenda"}, starts="2014", ends=day(1))
    (finding,) = review(only=["ends_soon"])
    with translation.override("nl"):
        assert str(finding.row) == "De agenda"
    with translation.override("en"):
        assert str(finding.row) == "Agenda"
