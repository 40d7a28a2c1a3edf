"""Choosing a registry row by typing its name.

The suggestions come from the choosers (see :mod:`wagtail_regional.choosers.viewsets`); the script
is one custom element, which works wherever it is put: in a form, a row that is added later, a
block, a modal. Without it, what it surrounds works as it always does.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.widgets import BaseChooser

from wagtail_regional.choosers.keys import valid_key
from wagtail_regional.choosers.labels import chosen_title
from wagtail_regional.text import is_digits

SCRIPT = "wagtail_regional/autocomplete.js"


def texts() -> dict[str, Any]:
    """What the element says."""
    return {
        "none": _("Nothing found."),
        "one": _("1 suggestion. Use the arrow keys to go there."),
        "many": _("%(count)s suggestions. Use the arrow keys to go through them."),
        "more": _("There are more: type more of the name."),
        "failed": _("The suggestions could not be loaded. Use the button instead."),
        "remove": _("Remove %(name)s"),
    }


class _Suggesting:
    """A widget with suggestions from one of our choosers."""

    suggest_url_name = ""
    choose_one_text: Any

    def suggestions(self) -> dict[str, Any]:
        """What the element's template needs."""
        return {
            "suggest_url": reverse(self.suggest_url_name),
            "suggest_label": self.choose_one_text,
            "suggest_texts": texts(),
        }


class RegistryChooser(_Suggesting, BaseChooser):
    """Wagtail's chooser, with a field to type a name into beside its button."""

    template_name = "wagtail_regional/admin/widgets/chooser.html"
    #: The rows of all choosers of a form, where they are loaded together.
    together: Together | None = None

    def get_instance(self, value: Any) -> Any:
        if value is None or isinstance(value, self.model_class):
            return value
        # Of what was typed, or put in an address, too: a form that is refused is shown again.
        key = valid_key(self.model_class, value)
        if key is None:
            return None
        return super().get_instance(key) if self.together is None else self.together.row(key)

    def get_context(self, name: str, value_data: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value_data, attrs), **self.suggestions()}

    def get_display_title(self, instance: Any) -> str:
        return chosen_title(instance)

    @property
    def media(self) -> forms.Media:
        own: forms.Media = super().media
        return own + forms.Media(js=[versioned_static(SCRIPT)])


class Together:
    """The rows that many choosers of one model show, loaded with the first of them."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.fields: list[tuple[forms.BaseForm, str]] = []

    @cached_property
    def _rows(self) -> dict[str, Any]:
        values = (str(form[name].value()) for form, name in self.fields)
        keys = {value for value in values if is_digits(value)}
        return {str(row.pk): row for row in self.model.objects.filter(pk__in=keys)}

    def row(self, value: Any) -> Any:
        """The row with this primary key; None when there is none."""
        return self._rows.get(str(value))


def load_together(several: Iterable[forms.BaseForm]) -> None:
    """Have the choosers of all these forms load their rows with one query for each model, rather
    than one for each field."""
    found: dict[Any, Together] = {}
    for form in several:
        for name, field in form.fields.items():
            if isinstance(field.widget, RegistryChooser):
                model = field.widget.model_class
                together = found.setdefault(model, Together(model))
                together.fields.append((form, name))
                field.widget.together = together


class SeveralRows(_Suggesting, forms.SelectMultiple):
    """Any number of rows, each with a button that removes it.

    Args:
        chooser: the chooser whose rows they are.
    """

    template_name = "wagtail_regional/admin/widgets/several.html"

    def __init__(self, chooser: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggest_url_name = chooser.get_url_name("suggest")
        self.choose_one_text = chooser.choose_one_text

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super(forms.Select, self).get_context(name, [], attrs)
        context["widget"]["chosen"] = self._chosen(value)
        return {**context, **self.suggestions()}

    def _chosen(self, value: Any) -> list[tuple[Any, str]]:
        """The rows chosen, in the order they were chosen in."""
        keys = [str(getattr(key, "pk", key)) for key in value or ()]
        keys = [key for key in keys if is_digits(key)]
        queryset = self.choices.queryset if hasattr(self.choices, "queryset") else None
        if not keys or queryset is None:
            return []
        found = {str(row.pk): row for row in queryset.filter(pk__in=keys)}
        return [(key, chosen_title(found[key])) for key in keys if key in found]

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[versioned_static(SCRIPT)])
