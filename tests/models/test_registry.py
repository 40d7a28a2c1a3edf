"""What the registry refuses, and in which words; what the database refuses by itself."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from wagtail_regional import factories as f
from wagtail_regional.models import Organisation, OrganisationIdentifier, canonical_ror_id

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


def refuse_both(row, field, said):
    """The form says why, and the database holds even without a form."""
    assert said in refused(row, field)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_group_has_at_least_one_member(db):
    row = f.MembershipFactory.build(
        alliance=f.AllianceFactory(), organisation=None, group_label={"en": "cities"}, group_count=0
    )
    refuse_both(row, "group_count", "1")


def test_an_alliance_is_no_member_of_itself(db):
    alliance = f.AllianceFactory()
    row = f.MembershipFactory.build(alliance=alliance, organisation=None, member_alliance=alliance)
    refuse_both(row, "member_alliance", "member of itself")


def test_only_a_group_has_a_number(db):
    row = f.MembershipFactory.build(
        alliance=f.AllianceFactory(), organisation=f.OrganisationFactory(), group_count=6
    )
    refuse_both(row, "group_count", "Only an unnamed group")


def test_credits_are_not_below_zero(db):
    programme, organisation = f.ProgrammeFactory(), f.OrganisationFactory()
    row = f.ProgrammeAccessFactory.build(programme=programme, organisation=organisation, ects=-5)
    refuse_both(row, "ects", "0")


def test_application_closes_after_it_opens(db):
    row = f.ProgrammeAccessFactory.build(
        programme=f.ProgrammeFactory(),
        organisation=f.OrganisationFactory(),
        application_opens=dt.date(2027, 5, 1),
        application_closes=dt.date(2027, 4, 1),
    )
    refuse_both(row, "application_closes", "before it opens")


def test_guests_have_one_set_of_terms(db):
    programme = f.ProgrammeFactory()
    f.ProgrammeAccessFactory(programme=programme, organisation=None)
    row = f.ProgrammeAccessFactory.build(programme=programme, organisation=None)
    assert "terms for guests already" in refused(row, "organisation")


def test_one_ror_id_is_of_one_organisation(db):
    f.OrganisationFactory(ror_id="https://ror.org/027bh9e22")
    row = f.OrganisationFactory.build(ror_id="https://ror.org/027bh9e22")
    refuse_both(row, "ror_id", "Another organisation")


@pytest.mark.parametrize(
    ("scheme", "value", "canonical"),
    [
        ("isni", "0000000121032683", "0000 0001 2103 2683"),
        ("isni", "0000000121032684", None),
        ("wikidata", "Q156598", "Q156598"),
        ("wikidata", "156598", None),
        ("lei", "724500F9QMJRMZ9GYS62", None),
        ("no such scheme", "1", None),
    ],
)
def test_identifiers_are_checked_by_their_scheme(db, scheme, value, canonical):
    row = OrganisationIdentifier(organisation=f.OrganisationFactory(), scheme=scheme, value=value)
    if canonical:
        row.full_clean()
        assert row.value == canonical
    else:
        refused(row, "scheme" if scheme == "no such scheme" else "value")


def test_names_need_a_language(db):
    for row in (
        f.OrganisationFactory.build(name={}),
        f.AllianceFactory.build(name={"en": " "}),
        f.ProgrammeFactory.build(name={}),
        f.ThemeFactory.build(label={}),
    ):
        with pytest.raises(ValidationError):
            row.full_clean()


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("teaching_languages", ["english"], "BCP 47"),
        ("isced_fields", ["12345678"], "ISCED-F"),
        ("duration", "two years", "ISO 8601"),
        ("study_load", -1, "0"),
        ("link", "example", "valid URL"),
    ],
)
def test_a_programmes_fields_say_what_they_take(db, field, wrong, said):
    assert said in refused(f.ProgrammeFactory.build(**{field: wrong}), field)
