from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel

from wagtail_regional.admin.filters import (
    LevelFilter,
    MissingTranslationFilter,
    OwnerFilter,
    ReviewFilter,
    StatusFilter,
    ThemeFilter,
    TypeFilter,
)
from wagtail_regional.admin.forms import ProgrammeForm
from wagtail_regional.admin.screens.base import (
    RegistryAdmin,
    beside,
    chosen,
    names_of,
    period_panel,
    review_panel,
    several,
)
from wagtail_regional.choosers.viewsets import alliance_chooser, organisation_chooser, theme_chooser
from wagtail_regional.models import Programme


class ProgrammeAdmin(RegistryAdmin):
    model = Programme
    base_form_class = ProgrammeForm
    menu_icon = "doc-full"
    list_display = ("__str__", "kind", "level", "status", "review", "used")
    list_filter = (
        StatusFilter,
        TypeFilter,
        LevelFilter,
        ThemeFilter,
        ReviewFilter,
        OwnerFilter,
        MissingTranslationFilter,
    )
    inspect_parts = (
        ("providers", _("Providers")),
        ("access", _("Who may enrol")),
        ("codes", _("Codes")),
    )
    export_related = (
        "alliances",
        "themes",
        "providers__organisation",
        "access__organisation",
        "codes",
    )
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                beside("type", "level"),
                FieldPanel("link"),
                several("alliances", alliance_chooser),
                several("themes", theme_chooser),
            ],
            heading=_("Programme"),
            icon="doc-full",
        ),
        InlinePanel(
            "providers",
            panels=[
                chosen("organisation", organisation_chooser),
                beside("role", "partner_code"),
            ],
            heading=_("Providers"),
            label=_("Provider"),
            icon="group",
        ),
        MultiFieldPanel(
            [
                beside("degree_award", "qualification"),
                beside("study_load", "study_load_unit", "duration"),
                beside("modes_of_study", "modes_of_delivery"),
                beside("teaching_languages", "isced_fields"),
            ],
            heading=_("Study"),
            icon="list-ul",
        ),
        InlinePanel(
            "access",
            panels=[
                chosen("organisation", organisation_chooser),
                beside("ects", "places"),
                beside("application_opens", "application_closes"),
                FieldPanel("enrolment_link"),
                FieldPanel("selective"),
                FieldPanel("conditions"),
            ],
            heading=_("Who may enrol"),
            label=_("Terms"),
            icon="user",
        ),
        period_panel("starts", "ends"),
        MultiFieldPanel([FieldPanel("summary")], heading=_("Words"), icon="pilcrow"),
        InlinePanel("codes", heading=_("Codes"), label=_("Code")),
        review_panel(),
    ]

    def export_more(self) -> Iterator[tuple[str, Any, Any]]:
        yield "alliances", _("Alliances"), names_of("alliances")
        yield "providers", _("Providers"), names_of("providers")
        yield "access", _("Who may enrol"), names_of("access")
        yield "themes", _("Themes"), names_of("themes")
        yield "codes", _("Codes"), names_of("codes")
