"""The engine: which pages show what, a host's own rules, what is kept, and what it all costs."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail import hooks

from tests.conftest import block, fill, make_alliance
from tests.review.conftest import day
from wagtail_regional import factories as f
from wagtail_regional.models import LinkCheck, Organisation
from wagtail_regional.review import Rule, Severity, Text, current_findings, review
from wagtail_regional.review.engine import HOOK_NAME


def pages_of(finding):
    return [(use.title, use.public, use.draft) for use in finding.pages]


def only(rule):
    (finding,) = review(only=[rule])
    return finding


# --- Pages -----------------------------------------------------------------------------------


def test_a_page_shows_an_alliance_its_members_and_its_projects(section):
    alliance = f.AllianceFactory(starts="2010", ends=day(10))
    f.MembershipFactory(alliance=alliance, organisation__dissolved=day(10))
    f.ProjectFactory(alliance=alliance, starts="2010", ends=day(10))
    fill(section.page, [block("alliance", {"alliance": alliance.pk})])
    found = review(only=["ends_soon"])
    assert len(found) == 3
    assert all(pages_of(each) == [("Regional partnerships", True, False)] for each in found)


def test_a_list_shows_what_it_selects(section):
    f.ProgrammeFactory(type="minor", starts="2010", ends=day(10))
    f.ProgrammeFactory(type="mooc", starts="2010", ends=day(10))
    fill(section.page, [block("programme_list", {"source": "query", "types": ["minor"]})])
    minor, mooc = review(only=["ends_soon"])
    assert [title for title, *_ in pages_of(minor)] == ["Programmes", "Regional partnerships"]
    # The programme index shows them all.
    assert [title for title, *_ in pages_of(mooc)] == ["Programmes"]


def test_a_draft_counts_as_one(section):
    alliance = f.AllianceFactory(starts="2010", ends=day(10))
    page = section.page
    page.body = [("alliance", {"alliance": alliance, "show": [], "links": []})]
    page.title = "The draft"
    page.save_revision()
    assert pages_of(only("ends_soon")) == [("The draft", False, True)]
    page.get_latest_revision().publish()
    assert pages_of(only("ends_soon")) == [("The draft", True, False)]


def test_the_subject_of_a_page_is_shown_there(section):
    section.page.subject = f.AllianceFactory(starts="2010", ends=day(10))
    section.page.save()
    assert [title for title, *_ in pages_of(only("ends_soon"))] == ["Regional partnerships"]


def test_nothing_shows_what_no_page_names(section):
    f.AllianceFactory(starts="2010", ends=day(10))
    assert only("ends_soon").pages == ()


# --- Order, and a host's own rules -----------------------------------------------------------


def test_the_worst_comes_first(site):
    f.AllianceFactory()
    f.ProgrammeFactory()
    f.MembershipFactory(organisation__dissolved="2019", alliance__starts="2010")
    ranks = [finding.severity.rank for finding in review()]
    assert ranks == sorted(ranks) and len(set(ranks)) == 3
    assert Severity.ERROR.reaches(Severity.WARNING)
    assert not Severity.NOTICE.reaches(Severity.WARNING)


class NoAcronym(Rule):
    code = "no_acronym"
    severity = Severity.NOTICE
    title = gettext_lazy("Without acronym")

    def find(self, facts):
        for (entry,) in facts.entries(Organisation.objects.filter(acronym=""), Organisation):
            yield self.finding(
                entry, Text("“%(name)s” has none.", name=entry.row.label), Text("Add one.")
            )


def test_a_host_adds_a_rule(site):
    f.OrganisationFactory(name={"en": "Leiden"})
    f.OrganisationFactory(acronym="TNO")
    with hooks.register_temporarily(HOOK_NAME, lambda: [NoAcronym]):
        finding = only("no_acronym")
        assert str(finding.explanation) == "“Leiden” has none."
        assert "no_acronym" in {each.rule for each in current_findings()}
    assert not review(only=["no_acronym"])


@pytest.mark.parametrize("code", ["", "undated"])
def test_a_hosts_rule_needs_a_code_of_its_own(site, code):
    rule = type("Ours", (NoAcronym,), {"code": code})
    with (
        hooks.register_temporarily(HOOK_NAME, lambda: [rule()]),
        pytest.raises(ImproperlyConfigured, match="Ours"),
    ):
        review()


# --- What is kept ----------------------------------------------------------------------------


def count_queries(function):
    with CaptureQueriesContext(connection) as captured:
        function()
    return len(captured)


def test_findings_are_kept_until_something_changes(section):
    alliance = f.AllianceFactory(name={"en": "First"})
    first = current_findings()
    assert count_queries(current_findings) <= 8 < count_queries(review)
    assert [each.rule for each in current_findings()] == [each.rule for each in first]
    alliance.name = {"en": "First", "nl": "Eerste"}
    alliance.save()
    assert {each.rule for each in first} - {each.rule for each in current_findings()} == {
        "missing_translation"
    }


def test_a_draft_and_a_checked_link_are_changes(section):
    alliance = f.AllianceFactory(starts="2010", ends=day(10), website="https://lost.example/")
    assert not any(pages_of(each) for each in current_findings())
    section.page.body = [("alliance", {"alliance": alliance, "show": [], "links": []})]
    section.page.save_revision()
    assert all(pages_of(each) for each in current_findings())
    LinkCheck.objects.create(
        url="https://lost.example/", problem="timeout", checked_at=timezone.now()
    )
    assert "broken_link" in {each.rule for each in current_findings()}


def test_what_is_kept_reads_as_what_is_new(full_page):
    fresh = [(str(each.row), str(each.explanation), str(each.fix)) for each in review()]
    current_findings()
    kept = [(str(each.row), str(each.explanation), str(each.fix)) for each in current_findings()]
    assert kept == fresh and kept


# --- What it costs ---------------------------------------------------------------------------


def crowd(page, size):
    """Everything that rules find, `size` times."""
    blocks = []
    for _ in range(size):
        alliance = make_alliance(members=2, programmes=2, projects=2, ends="2013")
        f.MembershipFactory(alliance=f.AllianceFactory(starts="2010"), starts="2009")
        f.MembershipFactory(organisation__dissolved="2019")
        f.ProgrammeFactory(ends=day(5), starts="2010")
        f.OrganisationFactory(website="https://lost.example/")
        blocks.append(block("alliance", {"alliance": alliance.pk, "show": ["programmes"]}))
        blocks.append(block("programme_list", {"source": "alliance", "alliance": alliance.pk}))
    fill(page, blocks)


def test_queries_do_not_grow_with_content(section):
    LinkCheck.objects.create(
        url="https://lost.example/", problem="timeout", checked_at=timezone.now()
    )
    crowd(section.page, 1)
    few = count_queries(review)
    crowd(section.page, 6)
    assert len({each.rule for each in review()}) == 12
    assert count_queries(review) == few
    assert few < 80
