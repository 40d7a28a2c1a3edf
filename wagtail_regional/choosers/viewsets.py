"""Choosers of registry rows, for forms and blocks.

Whoever gets into the admin may choose, as with Wagtail's own choosers; making something new in
the modal takes the permission to add it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
    CreateView,
    CreationFormMixin,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.log_actions import log

from wagtail_regional.choosers.keys import key_or_404, valid_key
from wagtail_regional.choosers.labels import chosen_title, status_tag
from wagtail_regional.choosers.searching import by_name, current_first, search, site_moment
from wagtail_regional.choosers.widgets import RegistryChooser
from wagtail_regional.languages import country_name
from wagtail_regional.models import Alliance, Dated, Organisation, Programme, Project, Theme
from wagtail_regional.models.base import StatusQuerySet

#: How many suggestions are given.
SUGGESTIONS = 10


# --- Looking ---------------------------------------------------------------------------------


def _select(label: Any, choices: list[tuple[Any, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Any")), *choices],
        required=False,
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )


class RegistryFilterForm(BaseFilterForm):
    """Narrows down what a chooser lists.

    Subclasses name the model; there is a filter for each of these columns that it has.
    """

    model: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"] = forms.CharField(
            label=_("Search term"),
            required=False,
            help_text=_("A name in any language, an acronym or a code."),
            widget=forms.TextInput(attrs={"placeholder": _("Search")}),
        )
        names = {field.name for field in self.model._meta.get_fields()}
        if "type" in names:
            self.fields["type"] = _select(_("Type"), self.model._meta.get_field("type").choices)
        if issubclass(self.model, Dated):
            choices = [(each.value, each.label) for each in self.model.statuses()]
            self.fields["status"] = _select(_("Status"), choices)
        if "country" in names:
            self.fields["country"] = _select(_("Country"), self._countries())
        if "themes" in names:
            themes = [(row.pk, str(row)) for row in by_name(Theme.objects.all())]
            self.fields["theme"] = _select(_("Theme"), themes)

    def _countries(self) -> list[tuple[str, str]]:
        rows = self.model.objects.exclude(country="").order_by()
        codes = rows.values_list("country", flat=True).distinct()
        return sorted(((code, country_name(code)) for code in codes), key=lambda each: each[1])

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if "q" in given:
            objects = search(objects, given["q"])
            self.is_searching, self.search_query = True, given["q"]
        if "status" in given:
            dated = cast(StatusQuerySet, objects).with_status(site_moment())
            objects = dated.filter(current_status=given["status"])
        if "theme" in given:
            through = self.model.themes.through.objects.filter(theme=given["theme"])
            objects = objects.filter(pk__in=through.values(self.model._meta.model_name))
        equal = {name: given[name] for name in ("type", "country") if name in given}
        narrowed: QuerySet[Any] = super().filter(objects.filter(**equal))
        return narrowed


class RegistryListing:
    """How a chooser lists its rows: what goes on first, the status in words."""

    model_class: Any

    def get_object_list(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model_class.objects.all()
        return rows.select_related("alliance") if self.model_class is Project else rows

    def apply_object_list_ordering(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        return current_first(objects)

    def get_filter_form_class(self) -> type[RegistryFilterForm]:
        return type("FilterForm", (RegistryFilterForm,), {"model": self.model_class})

    @property
    def columns(self) -> list[Column]:
        columns = [*super().columns]  # type: ignore[misc]
        model = self.model_class
        if hasattr(model, "get_type_display"):
            columns.append(Column("type", label=_("Type"), accessor="get_type_display"))
        if model is Project:
            columns.append(Column("alliance", label=_("Alliance")))
        if model is Organisation:
            columns.append(Column("place", label=_("Place"), accessor=_place))
        if issubclass(model, Dated):
            moment = site_moment()
            columns.append(
                Column("status", label=_("Status"), accessor=lambda row: status_tag(row, moment))
            )
        return columns


def _place(row: Organisation) -> str:
    country = country_name(row.country) if row.country else ""
    return ", ".join(filter(None, (row.locality, country)))


# --- Making something new --------------------------------------------------------------------


class RegistryCreation(CreationFormMixin):
    """The form for something new; it knows who asks."""

    def can_create(self) -> bool:
        # Without a form there is nothing to create with.
        return self.get_creation_form_class() is not None and super().can_create()

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        # With a prefix, since the page around the modal has fields called "name" too.
        kwargs = super().get_creation_form_kwargs()
        return {**kwargs, "for_user": self.request.user, "prefix": "regional-new"}


class RegistryChooseView(RegistryListing, RegistryCreation, ChooseView):
    template_name = "wagtail_regional/admin/choosers/chooser.html"


class RegistryChooseResultsView(RegistryListing, RegistryCreation, ChooseResultsView):
    pass


class _ChosenTitle:
    def get_display_title(self, instance: Any) -> str:
        return chosen_title(instance)


class RegistryChosenView(_ChosenTitle, ChosenView):
    def get_object(self, pk: str) -> Any:
        return super().get_object(key_or_404(self.model_class, pk))


class RegistryChosenMultipleView(_ChosenTitle, ChosenMultipleView):
    def get_objects(self, pks: Iterable[str]) -> QuerySet[Any]:
        keys = (valid_key(self.model_class, pk) for pk in pks)
        rows: QuerySet[Any] = super().get_objects([key for key in keys if key is not None])
        return rows


class RegistryCreateView(_ChosenTitle, RegistryCreation, CreateView):
    def save_form(self, form: Any) -> Any:
        """Save, and leave the trace that the edit screens leave."""
        row = form.save()
        for made in (*getattr(form, "made_along", ()), row):
            log(made, "wagtail.create", content_changed=True)
        return row


class AllianceChooseView(RegistryChooseView):
    creation_form_template_name = "wagtail_regional/admin/choosers/new_alliance.html"


class AllianceCreateView(RegistryCreateView):
    creation_form_template_name = "wagtail_regional/admin/choosers/new_alliance.html"


# --- Suggestions -----------------------------------------------------------------------------


class SuggestView(View):
    """Rows whose name is being typed, as JSON. In a fixed number of queries."""

    model: Any = None

    def get(self, request: HttpRequest) -> JsonResponse:
        text = request.GET.get("q", "").strip()[:100]
        rows: list[Any] = []
        if text:
            found = current_first(search(self.model.objects.all(), text), text)
            rows = list(found[: SUGGESTIONS + 1])
        finder = AdminURLFinder(request.user)
        items = [self._item(row, finder) for row in rows[:SUGGESTIONS]]
        return JsonResponse({"items": items, "more": len(rows) > SUGGESTIONS})

    @staticmethod
    def _item(row: Any, finder: AdminURLFinder) -> dict[str, Any]:
        detail = [row.get_type_display()] if hasattr(row, "get_type_display") else []
        if isinstance(row, Organisation):
            detail.append(row.locality)
        if isinstance(row, Dated) and any(row.period):
            detail.append(row.get_status_display())
        return {
            "id": str(row.pk),
            "title": chosen_title(row),
            "detail": " · ".join(str(each) for each in detail if each),
            "edit_url": finder.get_edit_url(row),
        }


# --- The choosers ----------------------------------------------------------------------------


class RegistryChooserViewSet(ChooserViewSet):
    """What the registry's choosers share."""

    choose_view_class = RegistryChooseView
    choose_results_view_class = RegistryChooseResultsView
    chosen_view_class = RegistryChosenView
    chosen_multiple_view_class = RegistryChosenMultipleView
    create_view_class = RegistryCreateView
    base_widget_class = RegistryChooser
    # Wagtail's own is in whatever language was active when it was imported.
    search_tab_label = _("Search")
    per_page = 20

    @property
    def widget_class(self) -> Any:
        found = self.__dict__.get("_widget_class")
        if found is None:
            made = super().widget_class
            made.suggest_url_name = self.get_url_name("suggest")
            found = self.__dict__["_widget_class"] = made
        return found

    def get_urlpatterns(self) -> list[Any]:
        suggest = SuggestView.as_view(model=self.model)
        return [*super().get_urlpatterns(), path("suggest/", suggest, name="suggest")]


class OrganisationChooserViewSet(RegistryChooserViewSet):
    model = Organisation
    icon = "group"
    choose_one_text = _("Choose an organisation")
    choose_another_text = _("Choose another organisation")
    edit_item_text = _("Edit this organisation")
    creation_tab_label = _("New organisation")
    create_action_label = _("Create and choose")
    creation_form_class = "wagtail_regional.choosers.creating.NewOrganisationForm"


class AllianceChooserViewSet(RegistryChooserViewSet):
    model = Alliance
    icon = "globe"
    choose_one_text = _("Choose an alliance")
    choose_another_text = _("Choose another alliance")
    edit_item_text = _("Edit this alliance and its members")
    creation_tab_label = _("New alliance")
    create_action_label = _("Create and choose")
    creation_form_class = "wagtail_regional.choosers.creating.NewAllianceForm"
    choose_view_class = AllianceChooseView
    create_view_class = AllianceCreateView


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
    creation_tab_label = _("New programme")
    create_action_label = _("Create and choose")
    creation_form_class = "wagtail_regional.choosers.creating.NewProgrammeForm"


class ThemeChooserViewSet(RegistryChooserViewSet):
    model = Theme
    icon = "tag"
    choose_one_text = _("Choose a theme")
    choose_another_text = _("Choose another theme")
    edit_item_text = _("Edit this theme")
    creation_tab_label = _("New theme")
    create_action_label = _("Create and choose")
    creation_form_class = "wagtail_regional.choosers.creating.NewThemeForm"


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
CHOOSERS: dict[Any, Any] = {chooser.model: chooser for chooser in ALL_CHOOSERS}
