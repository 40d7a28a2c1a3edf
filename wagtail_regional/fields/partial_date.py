"""Dates known to the year, the month or the day, as ISO 8601 writes them."""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from babel.dates import format_date, format_skeleton
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..languages import cldr_locale
from ._attribute import ConvertingAttribute

_ISO_8601 = re.compile(r"([1-9][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)


@functools.total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month or a day of the Gregorian calendar; immutable.

    They sort by their ISO 8601 text, as the database does: 2014, 2014-02, 2014-02-28, 2015.

    Args:
        year: 1000 to 9999, so that every year has four digits.
        month: 1 to 12, or None where only the year is known.
        day: a day of that month, or None where only the month is known.

    Raises:
        ValueError: when there is no such date.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not 1000 <= self.year <= 9999:
            raise ValueError("the year must be between 1000 and 9999")
        if self.month is None and self.day is not None:
            raise ValueError("a day needs a month")
        datetime.date(self.year, _or_first(self.month), _or_first(self.day))

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read "2014", "2014-02" or "2014-02-28" (ISO 8601); spaces around it do not matter.

        Raises:
            ValueError: when it is written otherwise, or is no date of the calendar.
        """
        match = _ISO_8601.fullmatch(text.strip())
        if match is None:
            raise ValueError(
                f"{text!r} is not written as a year (2014), a month (2014-02) or a day (2014-02-28)"
            )
        try:
            return cls(*(int(part) for part in match.groups() if part is not None))
        except ValueError as error:
            raise ValueError(f"{text!r} is not in the calendar: {error}") from error

    @classmethod
    def from_date(cls, date: datetime.date) -> PartialDate:
        """The day of a ``datetime.date``.

        Raises:
            ValueError: for a year before 1000.
        """
        return cls(date.year, date.month, date.day)

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        """How much of the date is known."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def first_day(self) -> datetime.date:
        """The first day of the period."""
        return datetime.date(self.year, _or_first(self.month), _or_first(self.day))

    @property
    def last_day(self) -> datetime.date:
        """The last day of the period."""
        month = 12 if self.month is None else self.month
        day = calendar.monthrange(self.year, month)[1] if self.day is None else self.day
        return datetime.date(self.year, month, day)

    def display(self, language: str | None = None) -> str:
        """The date as people write it, after the CLDR: "2014", "februari 2014", "1 mai 2027".

        Args:
            language: a BCP 47 tag, by default the active language.
        """
        locale = cldr_locale(language)
        if self.precision == "day":
            return format_date(self.first_day, format="long", locale=locale)
        skeleton = "y" if self.precision == "year" else "yMMMM"
        return format_skeleton(skeleton, self.first_day, locale=locale)

    def __str__(self) -> str:
        text = f"{self.year}"
        if self.month is not None:
            text += f"-{self.month:02}"
        if self.day is not None:
            text += f"-{self.day:02}"
        return text

    def __lt__(self, other: object) -> bool:
        if isinstance(other, PartialDate):
            return str(self) < str(other)
        return NotImplemented


def _or_first(number: int | None) -> int:
    return 1 if number is None else number


_INVALID_MESSAGE = _(
    "“%(value)s” is not a date. Write a year (2014), a month (2014-02) or a day (2014-02-28)."
)
_HELP_TEXT = _("A year (2014), a month (2014-02) or a day (2014-02-28).")


def _to_partial_date(value: Any) -> PartialDate | None:
    """A PartialDate of what fields accept.

    Raises:
        ValidationError: when it is no date.
    """
    if value is None or isinstance(value, PartialDate):
        return value
    try:
        if isinstance(value, datetime.datetime):
            return PartialDate.from_date(_local_date(value))
        if isinstance(value, datetime.date):
            return PartialDate.from_date(value)
        if isinstance(value, str):
            return PartialDate.parse(value) if value.strip() else None
    except ValueError:
        pass
    raise ValidationError(_INVALID_MESSAGE, code="invalid", params={"value": value})


def _local_date(moment: datetime.datetime) -> datetime.date:
    # The default time zone, as DateField has it: what is stored must not depend on the visitor.
    if timezone.is_aware(moment):
        moment = timezone.make_naive(moment, timezone.get_default_timezone())
    return moment.date()


if TYPE_CHECKING:
    _CharField = models.CharField[Any, PartialDate | None]
else:
    _CharField = models.CharField


class PartialDateField(_CharField):
    """A :class:`PartialDate`, stored as ISO 8601 text: "2014", "2014-02" or "2014-02-28".

    Accepts PartialDate, ``datetime.date`` and str; no date is None, never "". As with DateField,
    an optional one needs ``null=True, blank=True``.

    ``__lt``, ``__gte`` and the like compare the texts. To compare periods with a day there are
    ``__begins_after`` (the first day comes after it) and ``__ended_before`` (the last day came
    before it); they take another PartialDate too, and then all of its period counts.
    """

    description = _("Date known to the year, month or day")
    descriptor_class = ConvertingAttribute
    empty_strings_allowed = False
    default_error_messages = {"invalid": _INVALID_MESSAGE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)
        # The text of a PartialDate always fits, and a PartialDate has no len().
        self.validators = [v for v in self.validators if not isinstance(v, MaxLengthValidator)]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if type(self) is PartialDateField:
            path = "wagtail_regional.fields.PartialDateField"
        del kwargs["max_length"]
        return name, path, args, kwargs

    def to_python(self, value: Any) -> PartialDate | None:
        return _to_partial_date(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if not value:
            return None
        try:
            return PartialDate.parse(value)
        except ValueError:
            # A row written past this field must not make the whole table unreadable.
            return value

    def get_prep_value(self, value: Any) -> str | None:
        date = self.to_python(value)
        return None if date is None else str(date)

    def value_to_string(self, obj: Any) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        defaults = {
            "form_class": PartialDateFormField,
            "help_text": self.help_text or _HELP_TEXT,
        }
        # Past CharField.formfield, which counts characters.
        return super(models.CharField, self).formfield(**{**defaults, **kwargs})


class _PeriodLookup(models.Lookup):
    """Compares a period with a day, on the text, so that an index on the column serves."""

    def get_prep_lookup(self) -> str | None:
        date = _to_partial_date(self.rhs)
        return None if date is None else self.day_of(date).isoformat()

    def day_of(self, date: PartialDate) -> datetime.date:
        raise NotImplementedError


@PartialDateField.register_lookup
class BeginsAfter(_PeriodLookup):
    lookup_name = "begins_after"

    def day_of(self, date: PartialDate) -> datetime.date:
        return date.last_day

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        # A month or year that holds the day is a prefix of it, so it sorts before it.
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} > %s", (*params, self.rhs)


@PartialDateField.register_lookup
class EndedBefore(_PeriodLookup):
    lookup_name = "ended_before"

    def day_of(self, date: PartialDate) -> datetime.date:
        return date.first_day

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        # The month and the year that hold the day sort before it, but have not ended.
        sql = f"({lhs} < %s AND {lhs} NOT IN (%s, %s))"
        return sql, (*params, self.rhs, *params, self.rhs[:4], self.rhs[:7])


def not_before(start_field: str, end_field: str) -> Q:
    """The condition that a period does not end before it starts; either may be unknown.

    A coarse end counts to its last day: a thing may start in 2014-05 and end in 2014.

    Args:
        start_field: the name of a PartialDateField.
        end_field: the name of another one.

    Returns:
        A Q for a ``CheckConstraint`` (which also validates by it) or a filter.
    """
    # LEFT and not `startswith`: its LIKE needs escapes, which databases read differently
    # in a CHECK.
    end_holds_start = Exact(Left(start_field, Length(end_field)), F(end_field))
    return (
        Q(**{f"{start_field}__isnull": True})
        | Q(**{f"{end_field}__isnull": True})
        | Q(**{f"{end_field}__gte": F(start_field)})
        | Q(end_holds_start)
    )


class PartialDateFormField(forms.CharField):
    """Asks for a date known to the year, month or day; gives a :class:`PartialDate` or None."""

    default_error_messages = {"invalid": _INVALID_MESSAGE}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _HELP_TEXT)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        # No numeric keyboard: some have no hyphen.
        attrs.update(placeholder="2014-02-28", inputmode="text")
        return attrs

    def to_python(self, value: Any) -> Any:
        return _to_partial_date(value)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, (PartialDate, datetime.date)) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True
