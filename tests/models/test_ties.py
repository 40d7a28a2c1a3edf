"""One table says which rows of the registry refer to which; all that follow relations read it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField
from wagtail.images import get_image_model

from tests.conftest import make_image
from wagtail_regional import factories as f
from wagtail_regional.invalidation.reach import Reach
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    RegionalSettings,
    RegistryEntry,
    Theme,
)
from wagtail_regional.models.ties import TIES, showing, tie, ties_to


def relations():
    """Every relation between models of the registry, as they declare it."""
    models = set(apps.get_app_config("wagtail_regional").get_models()) - {RegionalSettings}
    entries = {model for model in models if issubclass(model, RegistryEntry)}
    for model in models:
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if isinstance(field, ForeignKey | ManyToManyField) and (
                field.related_model in {*entries, get_image_model()}
            ):
                yield model, field.name


def test_the_table_has_every_relation_of_the_registry():
    assert {(each.model, each.name) for each in TIES} == set(relations())
    assert len(TIES) == len({(each.model, each.name) for each in TIES})


def test_each_lookup_leads_from_one_end_to_the_other(db):
    for each in TIES:
        holder, target = each.holder_model, each.target
        if each.is_part:
            assert holder is target
            continue
        assert not holder.objects.filter(**{f"{each.path}__in": [0]}).exists()
        if each.listed:
            assert not target.objects.filter(**{f"{each.path_back}__in": [0]}).exists()
        assert not each.pairs(holders=[0], targets=[0]).exists()


def test_what_is_used_is_found_by_the_table_and_by_what_a_host_adds():
    names = {(each.model, each.name) for each in ties_to(Organisation)}
    assert (Membership, "organisation") in names
    assert all(each in TIES for each in ties_to(Theme))
    # Pages are in no table of the registry.
    assert any(each.name == "subject" for each in ties_to(Alliance))


def reached(model, *rows):
    reach = Reach()
    reach.add(model, {row.pk for row in rows})
    return reach


@pytest.fixture
def network(db):
    """An alliance that is part of another, with a member, a project and a programme."""
    # So that no key of one table is by chance that of another.
    for number, model in enumerate((f.ProgrammeFactory, f.ProgrammeProviderFactory), 3):
        model.create_batch(number)
    whole = f.AllianceFactory()
    part = f.AllianceFactory(parent=whole, logo=make_image())
    member = f.MembershipFactory(alliance=part)
    project = f.ProjectFactory(alliance=part)
    programme = f.ProgrammeFactory()
    programme.alliances.add(part)
    programme.save()
    provider = f.ProgrammeProviderFactory(programme=programme)
    return whole, part, member, project, programme, provider


def test_a_change_reaches_what_shows_it(network):
    whole, part, member, project, programme, provider = network
    reach = reached(Organisation, member.organisation)
    assert reach.organisations == {member.organisation_id}
    assert reach.alliances == {part.pk, whole.pk} and not reach.projects and not reach.programmes
    assert reach.lists == {"organisations"}

    reach = reached(Alliance, part)
    assert reach.alliances == {part.pk, whole.pk} and reach.projects == {project.pk}
    assert reach.programmes == {programme.pk} and reach.lists == {"alliances"}

    reach = reached(Programme, programme)
    assert reach.programmes == {programme.pk} and reach.alliances == {part.pk}
    assert reach.organisations == {provider.organisation_id}

    reach = reached(type(project), project)
    assert reach.alliances == {part.pk} and reach.lists == {"projects"}

    reach = reached(type(provider), provider)
    assert reach.programmes == {programme.pk} and reach.lists == {"programmes"}

    reach = reached(type(member), member)
    assert reach.alliances == {part.pk} and not reach.lists
    assert reach.organisations == {member.organisation_id}

    reach = reached(get_image_model(), part.logo)
    assert reach.alliances == {part.pk, whole.pk} and not reach.lists


def test_a_change_reaches_those_that_show_a_successor_by_name(db):
    successor = f.OrganisationFactory()
    before = f.OrganisationFactory(successor=successor)
    member = f.MembershipFactory(organisation=before)
    reach = reached(Organisation, successor)
    assert reach.organisations == {before.pk, successor.pk}
    assert reach.alliances == {member.alliance_id}


def test_nothing_is_asked_where_no_relation_leads(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not showing(Theme, Programme, {1}).exists()
    assert tie(Membership, "organisation").is_needed
    assert not tie(Organisation, "parent").is_needed
