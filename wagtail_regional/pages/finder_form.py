"""The finder's form: a field for each question about programmes that has a label."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_regional.filters import ProgrammeFilter

#: The orders that readers choose from, by what the address says.
ORDER_LABELS: dict[str, Any] = {
    name: label
    for order in ProgrammeFilter.orders
    for name, label in ((order.name, order.label), (f"-{order.name}", order.label_down))
    if label
}


class _Form(forms.Form):
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", ""),
            *((f"{way}{each.name}", "") for each in ProgrammeFilter.orders for way in ("", "-")),
        ],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def clean(self) -> dict[str, Any]:
        # A field that an error is added to loses its answer.
        answers = dict(self.cleaned_data)
        for rule in ProgrammeFilter.rules:
            if rule.broken(answers):
                self.add_error(rule.shown_at, forms.ValidationError(rule.message, params=answers))
        return self.cleaned_data


#: What may be asked; it checks, and the template shows the values with their counts.
FinderForm: type[forms.Form] = type(
    "FinderForm",
    (_Form,),
    {
        question.name: question.kind.form_field(question.label)
        for question in ProgrammeFilter.questions
        if question.label
    },
)
