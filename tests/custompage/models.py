"""A site with a base page model of its own (Wagtail 8), as docs/how-to/own-base-page.md says."""

from django.db import models
from wagtail.models import AbstractPage

from wagtail_regional.pages.mixins import (
    PartnershipPageMixin,
    ProgrammeIndexPageMixin,
    RegionIndexPageMixin,
)


class BasePage(AbstractPage):
    department = models.CharField(max_length=100, blank=True)


class HomePage(BasePage):
    pass


class RegionPage(RegionIndexPageMixin, BasePage):
    template = "wagtail_regional/pages/region_index_page.html"
    content_panels = BasePage.content_panels + RegionIndexPageMixin.regional_panels
    search_fields = BasePage.search_fields + RegionIndexPageMixin.regional_search_fields
    api_fields = RegionIndexPageMixin.regional_api_fields


class OurPartnershipPage(PartnershipPageMixin, BasePage):
    template = "wagtail_regional/pages/partnership_page.html"
    content_panels = BasePage.content_panels + PartnershipPageMixin.regional_panels
    search_fields = BasePage.search_fields + PartnershipPageMixin.regional_search_fields
    api_fields = PartnershipPageMixin.regional_api_fields


class OurProgrammesPage(ProgrammeIndexPageMixin, BasePage):
    template = "wagtail_regional/pages/programme_index_page.html"
    content_panels = BasePage.content_panels + ProgrammeIndexPageMixin.regional_panels
    search_fields = BasePage.search_fields + ProgrammeIndexPageMixin.regional_search_fields
    api_fields = ProgrammeIndexPageMixin.regional_api_fields
