"""Form fields for what a filter asks. What they clean is what a filter takes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from wagtail_regional.filters.values import day_of
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models.visibility import visible
from wagtail_regional.text import words_of

#: Databases take so many conditions, and no more.
MOST_VALUES = 100


def not_too_many(value: Any, most: int) -> Any:
    """`value`, where there are at most so many of it.

    Raises:
        forms.ValidationError: where there are more.
    """
    if value and len(value) > most:
        message = _("Choose %(most)s at most, and not %(number)s.")
        raise forms.ValidationError(message, params={"most": most, "number": len(value)})
    return value


class CodesField(forms.Field):
    """Several codes of no fixed vocabulary.

    Args:
        code: the type of a code, which is also how it is stored.
        message: says of the ``value`` that it is no such code.
        most: how many there may be.
    """

    widget = forms.SelectMultiple

    def __init__(self, code: Any, message: Any, most: int = MOST_VALUES, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.code: TypeAdapter[str] = TypeAdapter(code)
        self.message = message

    def clean(self, value: Any) -> tuple[str, ...]:
        return tuple(self._stored(code) for code in not_too_many(value, self.most) or () if code)

    def _stored(self, code: str) -> str:
        try:
            return self.code.validate_python(code)
        except ValidationError:
            raise forms.ValidationError(self.message, params={"value": code}) from None


# Django's class takes no type arguments while the code runs.
if TYPE_CHECKING:
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Any]
else:
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField


class RowsField(_ModelMultipleChoiceField):
    """Several rows of the registry by their public ids; cleaned, their primary keys."""

    def __init__(self, model: Any, most: int = MOST_VALUES, **kwargs: Any) -> None:
        super().__init__(queryset=model.objects.none(), to_field_name="uuid", **kwargs)
        self.model, self.most = model, most

    def __deepcopy__(self, memo: Any) -> Any:
        # Each form has a copy of its own: of what may be seen when it is asked.
        copied = super().__deepcopy__(memo)
        copied.queryset = visible(self.model, Moment.now())
        return copied

    def clean(self, value: Any) -> Any:
        return tuple(sorted(row.pk for row in super().clean(not_too_many(value, self.most))))


class DayField(forms.DateField):
    """A day as browsers send it, whichever formats a site has."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        try:
            return day_of(value)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class WordsField(forms.CharField):
    """Words to look for."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not words_of(value):
            raise forms.ValidationError(
                _("Give a word: “%(value)s” has none."), params={"value": value}
            )
