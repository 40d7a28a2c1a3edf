"""factory_boy factories for the registry and the pages, for a host's own tests.

They come with the extra ``wagtail-regional[factories]``. Each makes a valid row; pass what the
test is about.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Site

from wagtail_regional import models


class ThemeFactory(DjangoModelFactory[models.Theme]):
    notation = Sequence(lambda n: f"theme-{n}")
    label = Sequence(lambda n: {"en": f"Theme {n}", "nl": f"Thema {n}"})

    class Meta:
        model = models.Theme


class OrganisationFactory(DjangoModelFactory[models.Organisation]):
    name = Sequence(lambda n: {"en": f"Organisation {n}", "nl": f"Organisatie {n}"})
    type = "education"
    website = Sequence(lambda n: f"https://organisation-{n}.example.org/")

    class Meta:
        model = models.Organisation


class AllianceFactory(DjangoModelFactory[models.Alliance]):
    name = Sequence(lambda n: {"en": f"Alliance {n}", "nl": f"Alliantie {n}"})
    type = "alliance"

    class Meta:
        model = models.Alliance


class MembershipFactory(DjangoModelFactory[models.Membership]):
    alliance = SubFactory(AllianceFactory)
    organisation = SubFactory(OrganisationFactory)

    class Meta:
        model = models.Membership


class RecognitionFactory(DjangoModelFactory[models.Recognition]):
    alliance = SubFactory(AllianceFactory)
    label = Sequence(lambda n: {"en": f"Recognition {n}"})

    class Meta:
        model = models.Recognition


class ProjectFactory(DjangoModelFactory[models.Project]):
    title = Sequence(lambda n: {"en": f"Project {n}", "nl": f"Project {n}"})
    alliance = SubFactory(AllianceFactory)

    class Meta:
        model = models.Project


class ProgrammeFactory(DjangoModelFactory[models.Programme]):
    name = Sequence(lambda n: {"en": f"Programme {n}", "nl": f"Programma {n}"})
    type = "minor"

    class Meta:
        model = models.Programme


class ProgrammeProviderFactory(DjangoModelFactory[models.ProgrammeProvider]):
    programme = SubFactory(ProgrammeFactory)
    organisation = SubFactory(OrganisationFactory)

    class Meta:
        model = models.ProgrammeProvider


class ProgrammeAccessFactory(DjangoModelFactory[models.ProgrammeAccess]):
    programme = SubFactory(ProgrammeFactory)
    organisation = SubFactory(OrganisationFactory)

    class Meta:
        model = models.ProgrammeAccess


class RegionalPageFactory(DjangoModelFactory[Any]):
    """Adds the page below `parent`: by default the root page of the default site."""

    title = Sequence(lambda n: f"Page {n}")
    parent: Any = None

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        parent = kwargs.pop("parent", None) or Site.objects.get(is_default_site=True).root_page
        page = model_class(*args, **kwargs)
        page.content_type = ContentType.objects.get_for_model(model_class)
        if "locale" not in kwargs:
            page.locale = parent.locale if parent.depth > 1 else Locale.get_default()
        return parent.add_child(instance=page)


# A site with page types of its own leaves `wagtail_regional.pages` out; these go with it.
if apps.is_installed("wagtail_regional.pages"):

    class RegionIndexPageFactory(RegionalPageFactory):
        class Meta:
            model = "wagtail_regional_pages.RegionIndexPage"

    class PartnershipPageFactory(RegionalPageFactory):
        class Meta:
            model = "wagtail_regional_pages.PartnershipPage"

    class ProgrammeIndexPageFactory(RegionalPageFactory):
        class Meta:
            model = "wagtail_regional_pages.ProgrammeIndexPage"
