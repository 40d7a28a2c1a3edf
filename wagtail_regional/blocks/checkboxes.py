"""A set of choices as checkboxes.

A list in which several lines can be marked loses all but one of them to a click, and a draft that
is saved by itself keeps that.
"""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail import blocks

from wagtail_regional.blocks.freezing import Freezes


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes as a group that says what it is about.

    Attributes:
        group_label: what.
    """

    template_name = "wagtail_regional/admin/widgets/checkboxes.html"
    group_label: Any = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["group_label"] = self.group_label
        return context


class CheckboxesBlock(Freezes, blocks.MultipleChoiceBlock):
    """As Wagtail's MultipleChoiceBlock, whose values it stores, with a checkbox for each."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Checkboxes(), **kwargs)

    def set_name(self, name: str) -> None:
        super().set_name(name)
        self.field.widget.group_label = self.label
