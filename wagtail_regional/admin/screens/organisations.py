from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel

from wagtail_regional.admin.filters import (
    CountryFilter,
    MissingTranslationFilter,
    OwnerFilter,
    ReviewFilter,
    StatusFilter,
    TypeFilter,
)
from wagtail_regional.admin.forms import OrganisationForm
from wagtail_regional.admin.screens.base import (
    RegistryAdmin,
    beside,
    chosen,
    names_of,
    review_panel,
)
from wagtail_regional.choosers.viewsets import organisation_chooser
from wagtail_regional.models import Organisation

ABOUT_ROR = _(
    "An ROR id names an organisation unmistakably, in every country and language: it is what "
    "research databases and other universities know it by. To find it, search for the "
    "organisation's name at ror.org and copy the address of the result, such as "
    "https://ror.org/027bh9e22. Most universities, hospitals and research institutes have one; "
    "municipalities and small companies often have none, and then this stays empty."
)


class OrganisationAdmin(RegistryAdmin):
    model = Organisation
    base_form_class = OrganisationForm
    menu_icon = "group"
    list_display = ("__str__", "kind", "place", "status", "review", "used")
    list_filter = (
        StatusFilter,
        TypeFilter,
        CountryFilter,
        ReviewFilter,
        OwnerFilter,
        MissingTranslationFilter,
    )
    inspect_parts = (("identifiers", _("Further identifiers")),)
    export_related = ("identifiers",)
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                beside("acronym", "type"),
                FieldPanel("website"),
                FieldPanel("logo"),
            ],
            heading=_("Organisation"),
            icon="group",
        ),
        MultiFieldPanel(
            [
                beside("founded", "dissolved"),
                chosen("parent", organisation_chooser),
                chosen("successor", organisation_chooser),
            ],
            heading=_("History"),
            icon="history",
        ),
        MultiFieldPanel(
            [
                beside("locality", "country"),
                FieldPanel("lau_code"),
                beside("latitude", "longitude"),
            ],
            heading=_("Place"),
            icon="site",
        ),
        MultiFieldPanel(
            [HelpPanel(content=ABOUT_ROR), FieldPanel("ror_id", help_text="")],
            heading=_("Identity"),
            icon="key",
        ),
        InlinePanel("identifiers", heading=_("Further identifiers"), label=_("Identifier")),
        review_panel(),
    ]

    def export_more(self) -> Iterator[tuple[str, Any, Any]]:
        yield "identifiers", _("Further identifiers"), names_of("identifiers")
