"""What the registry refuses, and in which words; what the database refuses by itself."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from wagtail_regional import factories as f
from wagtail_regional.models import Organisation, canonical_ror_id

REAL_ROR_IDS = [
    "027bh9e22", "05xvt9f17", "02e2c7k09", "057w15z03",
    "018906e22", "01bnjb948", "00v2tx290", "008xxew50",
]  # fmt: skip


@pytest.mark.parametrize("ror", REAL_ROR_IDS)
@pytest.mark.parametrize("form", ["{}", "ror.org/{}", "https://ror.org/{}", "HTTPS://ROR.ORG/{}/"])
def test_ror_ids_become_canonical(ror, form):
    assert canonical_ror_id(form.format(ror)) == f"https://ror.org/{ror}"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("027bh9e23", "check digits"),
        ("027hb9e22", "check digits"),
        ("127bh9e22", "not an ROR id"),
        ("027bl9e22", "not an ROR id"),
        ("https://example.org/027bh9e22", "not an ROR id"),
    ],
)
def test_mistyped_ror_ids_are_refused(wrong, said):
    with pytest.raises(ValidationError, match=said):
        canonical_ror_id(wrong)


def refused(row, field):
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return " ".join(caught.value.message_dict[field])


def test_coordinates_come_in_pairs(db):
    organisation = f.OrganisationFactory.build(latitude="52.1", longitude=None)
    assert "together" in refused(organisation, "longitude")
    with pytest.raises(IntegrityError), transaction.atomic():
        f.OrganisationFactory(latitude="52.1", longitude=None)


def test_an_end_before_the_start_is_refused(db):
    alliance = f.AllianceFactory.build(starts="2014-02", ends="2013")
    assert "before the start" in refused(alliance, "ends")
    with pytest.raises(IntegrityError), transaction.atomic():
        f.AllianceFactory(starts="2014-02", ends="2013")


def test_successors_make_no_circle(db):
    first = f.OrganisationFactory()
    second = f.OrganisationFactory(successor=first)
    first.successor = second
    assert "leads back" in refused(first, "successor")


def test_an_alliance_is_no_part_of_itself(db):
    parent = f.AllianceFactory()
    child = f.AllianceFactory(parent=parent)
    parent.parent = child
    assert "part of itself" in refused(parent, "parent")


def test_a_membership_has_exactly_one_member(db):
    both = f.MembershipFactory.build(
        alliance=f.AllianceFactory(),
        organisation=f.OrganisationFactory(),
        member_alliance=f.AllianceFactory(),
    )
    assert "exactly one" in refused(both, "member_alliance")
    with pytest.raises(IntegrityError), transaction.atomic():
        both.save()


def test_a_bilateral_partnership_has_two_members(db):
    alliance = f.AllianceFactory(type="bilateral")
    f.MembershipFactory(alliance=alliance)
    with pytest.raises(ValidationError, match="has 1"):
        alliance.check_members()
    f.MembershipFactory(alliance=alliance)
    alliance.check_members()


def test_the_same_role_twice_at_once_is_refused(db):
    alliance, organisation = f.AllianceFactory(), f.OrganisationFactory()
    f.MembershipFactory(alliance=alliance, organisation=organisation, ends="2015")
    later = f.MembershipFactory(alliance=alliance, organisation=organisation, starts="2016")
    alliance.check_members()
    later.starts = "2015-12-31"
    later.save()
    alliance.refresh_from_db()
    with pytest.raises(ValidationError, match="listed twice"):
        type(alliance).objects.get(pk=alliance.pk).check_members()


@pytest.mark.parametrize(("award", "least"), [("joint", 2), ("double", 2), ("multiple", 3)])
def test_degrees_need_their_providers(db, award, least):
    programme = f.ProgrammeFactory(degree_award=award)
    for _ in range(least - 1):
        f.ProgrammeProviderFactory(programme=programme)
    with pytest.raises(ValidationError, match=f"at least {least}"):
        programme.check_providers()
    f.ProgrammeProviderFactory(programme=programme)
    programme.check_providers()


def test_review_is_due_a_year_on_and_never_after_the_end(db, settings):
    today = dt.date.today()
    undated = f.AllianceFactory()
    assert undated.review_by.year == today.year + 1
    ending = f.AllianceFactory(ends=(today + dt.timedelta(days=30)).isoformat())
    assert ending.review_by == today + dt.timedelta(days=30)


def test_a_used_organisation_is_protected(db):
    membership = f.MembershipFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=membership.organisation_id).delete()
