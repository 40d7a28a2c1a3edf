"""The head of the registry's screens: where one is, as everywhere in Wagtail's admin."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail_modeladmin.views import IndexView


class Heading:
    """Says where a modeladmin screen is. Its templates include ``admin/header.html``."""

    index_url: str
    verbose_name: str
    verbose_name_plural: str
    get_page_title: Any

    @property
    def breadcrumbs(self) -> list[dict[str, str]]:
        """The way here; the last is where one is."""
        home: dict[str, str] = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        rows = {"url": self.index_url, "label": capfirst(self.verbose_name_plural)}
        title, name = capfirst(str(self.get_page_title())), self._name
        if title == rows["label"]:
            return [home, rows]
        # The name comes first: a phone shows no more than the beginning.
        here = (name, title) if name else (title, capfirst(self.verbose_name))
        return [home, rows, {"url": "", "label": here[0], "sublabel": here[1]}]

    @property
    def heading(self) -> str:
        """The same in one line, for the title of the window and for screen readers."""
        title, name = capfirst(str(self.get_page_title())), self._name
        return f"{title}: {name}" if name else title

    @property
    def _name(self) -> str:
        row = getattr(self, "instance", None)
        return str(row) if row is not None and row.pk else ""

    def get_meta_title(self) -> str:
        return self.heading


class ListView(Heading, IndexView):
    """A list with a form of filters above it. They are :class:`~.filters.RegistryFilter`."""

    def get_filters(self, request: HttpRequest) -> tuple[list[Any], bool, dict[str, Any], bool]:
        """The filters, and nothing besides: modeladmin would look rows up by whatever else is in
        the address, and so tell of any column that a relation leads to, such as a secret."""
        specs, has_filters, _lookups, distinct = super().get_filters(request)
        return specs, has_filters, {}, distinct

    @cached_property
    def chosen_filters(self) -> list[Any]:
        """The filters that narrow the list down now."""
        return [spec for spec in self.filter_specs if spec.value()]

    @property
    def kept_params(self) -> list[tuple[str, str]]:
        """What the form of filters passes on: the search and the order."""
        names = (self.SEARCH_VAR, self.ORDER_VAR)
        return [(name, self.params[name]) for name in names if name in self.params]


class LabelledCells:
    """Tells each cell of a list its heading, for phones, where cells stand under each other."""

    model: Any
    list_display: tuple[str, ...]

    def get_extra_attrs_for_field_col(self, obj: Any, field_name: str) -> dict[str, Any]:
        if field_name == self.list_display[0]:
            return {}
        # Django knows no other admin than its own; it looks up an attribute, and no more.
        admin: Any = self
        return {"data-label": capfirst(str(label_for_field(field_name, self.model, admin)))}
