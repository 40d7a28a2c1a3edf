from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from wagtail_regional.admin.filters import (
    MissingTranslationFilter,
    OwnerFilter,
    ReviewFilter,
    StatusFilter,
    ThemeFilter,
)
from wagtail_regional.admin.screens.base import (
    RegistryAdmin,
    chosen,
    names_of,
    period_panel,
    review_panel,
    several,
)
from wagtail_regional.choosers.viewsets import alliance_chooser, theme_chooser
from wagtail_regional.models import Project


class ProjectAdmin(RegistryAdmin):
    model = Project
    menu_icon = "tasks"
    list_display = ("__str__", "alliance", "status", "review", "used")
    list_filter = (StatusFilter, ThemeFilter, ReviewFilter, OwnerFilter, MissingTranslationFilter)
    list_select_related = ("alliance",)
    export_related = ("themes",)
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("title"),
                chosen("alliance", alliance_chooser),
                FieldPanel("website"),
                several("themes", theme_chooser),
            ],
            heading=_("Project"),
            icon="tasks",
        ),
        period_panel("starts", "ends"),
        MultiFieldPanel([FieldPanel("summary")], heading=_("Words"), icon="pilcrow"),
        review_panel(),
    ]

    def export_more(self) -> Iterator[tuple[str, Any, Any]]:
        yield "themes", _("Themes"), names_of("themes")
