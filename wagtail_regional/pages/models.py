from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_regional.pages.mixins import (
    PartnershipPageMixin,
    ProgrammeIndexPageMixin,
    RegionIndexPageMixin,
)


class RegionIndexPage(RegionIndexPageMixin, Page):
    """ "In the region": the top of the section."""

    content_panels = Page.content_panels + RegionIndexPageMixin.regional_panels
    search_fields = Page.search_fields + RegionIndexPageMixin.regional_search_fields
    api_fields = RegionIndexPageMixin.regional_api_fields

    template = "wagtail_regional/pages/region_index_page.html"
    subpage_types = [
        "wagtail_regional_pages.PartnershipPage",
        "wagtail_regional_pages.ProgrammeIndexPage",
    ]
    page_description = _("The top of the regional section; lists the pages below it.")

    class Meta:
        verbose_name = _("region index page")
        verbose_name_plural = _("region index pages")


class PartnershipPage(PartnershipPageMixin, Page):
    """Partnerships, or one of them."""

    content_panels = Page.content_panels + PartnershipPageMixin.regional_panels
    search_fields = Page.search_fields + PartnershipPageMixin.regional_search_fields
    api_fields = PartnershipPageMixin.regional_api_fields

    template = "wagtail_regional/pages/partnership_page.html"
    parent_page_types = [
        "wagtail_regional_pages.RegionIndexPage",
        "wagtail_regional_pages.PartnershipPage",
    ]
    subpage_types = ["wagtail_regional_pages.PartnershipPage"]
    page_description = _("Tells of partnerships with blocks; can be the page about one alliance.")

    class Meta:
        verbose_name = _("partnership page")
        verbose_name_plural = _("partnership pages")


class ProgrammeIndexPage(ProgrammeIndexPageMixin, Page):
    """The programmes one can take with partners, with filters."""

    content_panels = Page.content_panels + ProgrammeIndexPageMixin.regional_panels
    search_fields = Page.search_fields + ProgrammeIndexPageMixin.regional_search_fields
    api_fields = ProgrammeIndexPageMixin.regional_api_fields

    template = "wagtail_regional/pages/programme_index_page.html"
    parent_page_types = ["wagtail_regional_pages.RegionIndexPage"]
    subpage_types: list[str] = []
    page_description = _("A list of joint programmes, minors, courses and MOOCs with filters.")

    class Meta:
        verbose_name = _("programme index page")
        verbose_name_plural = _("programme index pages")
