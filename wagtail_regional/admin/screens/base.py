"""What the registry's screens share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import re_path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, Panel
from wagtail_modeladmin.helpers.search import BaseSearchHandler
from wagtail_modeladmin.options import ModelAdmin

from wagtail_regional.admin import exporting
from wagtail_regional.admin.deleting import EndView, RegistryDeleteView, ReplaceView
from wagtail_regional.admin.forms import RegistryForm
from wagtail_regional.admin.imports import import_buttons
from wagtail_regional.admin.screens.columns import Columns
from wagtail_regional.admin.screens.views import (
    RegistryButtonHelper,
    RegistryCreateView,
    RegistryEditView,
    RegistryHistoryView,
    RegistryIndexView,
    RegistryInspectView,
)
from wagtail_regional.choosers.keys import KnownKeys
from wagtail_regional.choosers.searching import by_name, search
from wagtail_regional.choosers.widgets import SeveralRows
from wagtail_regional.lifecycle import review_state_of
from wagtail_regional.models import Dated

_TEMPLATES = "wagtail_regional/admin"


def chosen(name: str, chooser: Any, **kwargs: Any) -> FieldPanel:
    """A field that is filled with one of our choosers."""
    return FieldPanel(name, widget=chooser.widget_class, **kwargs)


def several(name: str, chooser: Any, **kwargs: Any) -> FieldPanel:
    """A field that is filled with any number of rows."""
    return FieldPanel(name, widget=SeveralRows(chooser), **kwargs)


def beside(*names: str) -> FieldRowPanel:
    """Short fields beside each other."""
    return FieldRowPanel([FieldPanel(name) for name in names])


def review_panel() -> Panel:
    """Who keeps a fact true."""
    return MultiFieldPanel(
        [FieldPanel("source_url"), FieldPanel("owner"), beside("last_reviewed", "review_by")],
        heading=_("Review"),
        icon="check",
    )


def period_panel(*names: str) -> Panel:
    return MultiFieldPanel(
        [beside(*names)],
        heading=_("Dates"),
        icon="date",
        help_text=_(
            "As far as they are known: a year (2014), a month (2014-02) or a day (2014-02-28). "
            "Pages and the API say by themselves when something is planned, ends soon or has "
            "ended."
        ),
    )


class RegistrySearchHandler(BaseSearchHandler):
    """The registry's own search, in modeladmin's lists."""

    def search_queryset(
        self, queryset: QuerySet[Any], search_term: str, **kwargs: Any
    ) -> QuerySet[Any]:
        return search(queryset, search_term) if search_term else queryset


class RegistryAdmin(KnownKeys, Columns, ModelAdmin):
    """A screen of the registry: search in every language, order by name, where things are used.

    Attributes:
        inspect_parts: accessors of the rows that hang on this one, with their headings.
        export_related: what the export loads along.
    """

    base_form_class: Any = RegistryForm
    panels: list[Any] = []
    inspect_parts: tuple[tuple[str, Any], ...] = ()
    export_related: tuple[str, ...] = ()
    #: A field that is there makes the buttons of the export appear; the columns are below.
    list_export = ("uuid",)
    list_per_page = 50
    inspect_view_enabled = True
    search_handler_class = RegistrySearchHandler
    search_fields = ("uuid",)
    button_helper_class = RegistryButtonHelper
    index_view_class = RegistryIndexView
    create_view_class = RegistryCreateView
    edit_view_class = RegistryEditView
    inspect_view_class = RegistryInspectView
    delete_view_class = RegistryDeleteView
    history_view_class = RegistryHistoryView
    index_template_name = f"{_TEMPLATES}/index.html"
    create_template_name = f"{_TEMPLATES}/create.html"
    edit_template_name = f"{_TEMPLATES}/edit.html"
    inspect_template_name = f"{_TEMPLATES}/inspect.html"
    history_template_name = f"{_TEMPLATES}/history.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return by_name(super().get_queryset(request))

    def get_edit_handler(self) -> Any:
        handler = ObjectList(self.panels, base_form_class=self.base_form_class)
        return handler.bind_to_model(self.model)

    def get_header_buttons(self, request: HttpRequest) -> list[dict[str, str]]:
        """Further buttons above the list. Each has `url`, `label` and `icon`."""
        return import_buttons(request, self.model)

    def part_rows(self, row: Any, name: str) -> Any:
        """The rows that hang on `row` by the accessor `name`, for the inspect screen."""
        rows = getattr(row, name).all()
        related = {f.name for f in rows.model._meta.concrete_fields if f.is_relation}
        needed = related & {"organisation", "member_alliance"}
        return rows.select_related(*needed) if needed else rows

    # --- Export ---

    def export_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the export, with what its columns need."""
        keys = [f.name for f in self.model._meta.concrete_fields if f.is_relation]
        rows = rows.select_related(*keys) if keys else rows
        return rows.prefetch_related(*self.export_related)

    def export_columns(self) -> Iterator[tuple[str, Any, Any]]:
        """The columns of the export: key, heading, and what gives the cell of a row."""
        yield from exporting.field_columns(self.model)
        if issubclass(self.model, Dated):
            yield "status", _("Status"), lambda row: row.status_at(row._moment).label
        yield "review", _("Review"), lambda row: review_state_of(row, row._moment).label
        yield from self.export_more()

    def export_more(self) -> Iterator[tuple[str, Any, Any]]:
        """Columns of what hangs on a row."""
        return iter(())

    # --- Further screens ---

    def more_urls(self) -> tuple[Any, ...]:
        screens = [("replace", self.replace_view)]
        if issubclass(self.model, Dated):
            screens.append(("end", self.end_view))
        return tuple(
            re_path(
                self.url_helper.get_action_url_pattern(action),
                view,
                name=self.url_helper.get_action_url_name(action),
            )
            for action, view in screens
        )

    def replace_view(self, request: HttpRequest, instance_pk: str) -> Any:
        return ReplaceView.as_view(model_admin=self, instance_pk=instance_pk)(request)

    def end_view(self, request: HttpRequest, instance_pk: str) -> Any:
        return EndView.as_view(model_admin=self, instance_pk=instance_pk)(request)


def names_of(accessor: str, name: Any = str) -> Any:
    """A cell with the names of the rows that hang on one, separated by semicolons."""
    return lambda row: "; ".join(str(name(each)) for each in getattr(row, accessor).all())
