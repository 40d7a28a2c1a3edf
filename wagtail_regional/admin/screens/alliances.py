from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from wagtail_regional.admin.filters import (
    MissingTranslationFilter,
    OwnerFilter,
    ReviewFilter,
    StatusFilter,
    ThemeFilter,
    TypeFilter,
)
from wagtail_regional.admin.forms import AllianceForm
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
from wagtail_regional.models import Alliance


class AllianceAdmin(RegistryAdmin):
    model = Alliance
    base_form_class = AllianceForm
    menu_icon = "globe"
    list_display = ("__str__", "kind", "status", "review", "used")
    list_filter = (
        StatusFilter,
        TypeFilter,
        ThemeFilter,
        ReviewFilter,
        OwnerFilter,
        MissingTranslationFilter,
    )
    inspect_parts = (("memberships", _("Members")), ("recognitions", _("Recognitions")))
    export_related = (
        "themes",
        "memberships__organisation",
        "memberships__member_alliance",
        "recognitions",
    )
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                beside("acronym", "type"),
                FieldPanel("activities"),
                FieldPanel("website"),
                FieldPanel("logo"),
            ],
            heading=_("Alliance"),
            icon="globe",
        ),
        period_panel("starts", "ends"),
        InlinePanel(
            "memberships",
            panels=[
                FieldRowPanel(
                    [
                        chosen("organisation", organisation_chooser),
                        chosen("member_alliance", alliance_chooser),
                    ]
                ),
                beside("group_label", "group_count"),
                beside("role", "starts", "ends"),
            ],
            heading=_("Members"),
            label=_("Member"),
            icon="group",
            help_text=_(
                "Each member is one of three: an organisation, another alliance, or a group that "
                "is not named member by member. An organisation that is not in the registry yet "
                "is made from its chooser."
            ),
        ),
        MultiFieldPanel(
            [FieldPanel("summary"), FieldPanel("region")], heading=_("Words"), icon="pilcrow"
        ),
        MultiFieldPanel(
            [
                several("themes", theme_chooser),
                FieldRowPanel(
                    [
                        chosen("parent", alliance_chooser),
                        chosen("succeeded_by", alliance_chooser),
                    ]
                ),
            ],
            heading=_("Relations"),
            icon="link",
        ),
        InlinePanel("recognitions", heading=_("Recognitions"), label=_("Recognition")),
        review_panel(),
    ]

    def export_more(self) -> Iterator[tuple[str, Any, Any]]:
        yield "members", _("Members"), names_of("memberships")
        yield "themes", _("Themes"), names_of("themes")
        yield "recognitions", _("Recognitions"), names_of("recognitions")
