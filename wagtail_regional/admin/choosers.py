"""Choosers of registry rows, for forms and blocks: search by any name, see the status."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from wagtail_regional.models import Alliance, Organisation, Programme, Project, Theme


class _RegistryColumns:
    """Adds type and status to the rows of a chooser."""

    @property
    def columns(self) -> list[Column]:
        columns = [*super().columns]  # type: ignore[misc]
        model = self.model_class  # type: ignore[attr-defined]
        if hasattr(model, "get_type_display"):
            columns.append(Column("type", label=_("Type"), accessor="get_type_display"))
        if hasattr(model, "get_status_display"):
            columns.append(Column("status", label=_("Status"), accessor="get_status_display"))
        return columns


class RegistryChooseView(_RegistryColumns, ChooseView):
    pass


class RegistryChooseResultsView(_RegistryColumns, ChooseResultsView):
    pass


class RegistryChooserViewSet(ChooserViewSet):
    """What the registry's choosers share."""

    choose_view_class = RegistryChooseView
    choose_results_view_class = RegistryChooseResultsView
    per_page = 20


class OrganisationChooserViewSet(RegistryChooserViewSet):
    model = Organisation
    icon = "group"
    choose_one_text = _("Choose an organisation")
    choose_another_text = _("Choose another organisation")
    edit_item_text = _("Edit this organisation")
    form_fields = ["name", "acronym", "type", "ror_id", "website", "locality", "country"]


class AllianceChooserViewSet(RegistryChooserViewSet):
    model = Alliance
    icon = "globe"
    choose_one_text = _("Choose an alliance")
    choose_another_text = _("Choose another alliance")
    edit_item_text = _("Edit this alliance")


class ProjectChooserViewSet(RegistryChooserViewSet):
    model = Project
    icon = "tasks"
    choose_one_text = _("Choose a project")
    choose_another_text = _("Choose another project")
    edit_item_text = _("Edit this project")


class ProgrammeChooserViewSet(RegistryChooserViewSet):
    model = Programme
    icon = "doc-full"
    choose_one_text = _("Choose a programme")
    choose_another_text = _("Choose another programme")
    edit_item_text = _("Edit this programme")
    form_fields = ["name", "type", "level", "study_load", "link"]


class ThemeChooserViewSet(RegistryChooserViewSet):
    model = Theme
    icon = "tag"
    choose_one_text = _("Choose a theme")
    choose_another_text = _("Choose another theme")
    edit_item_text = _("Edit this theme")
    form_fields = ["label", "scheme", "notation", "uri"]


organisation_chooser = OrganisationChooserViewSet("regional_organisation_chooser")
alliance_chooser = AllianceChooserViewSet("regional_alliance_chooser")
project_chooser = ProjectChooserViewSet("regional_project_chooser")
programme_chooser = ProgrammeChooserViewSet("regional_programme_chooser")
theme_chooser = ThemeChooserViewSet("regional_theme_chooser")

ALL_CHOOSERS: tuple[Any, ...] = (
    organisation_chooser,
    alliance_chooser,
    project_chooser,
    programme_chooser,
    theme_chooser,
)
