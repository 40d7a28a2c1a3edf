"""The kinds of values that filters take: how each is written in a query, stored in a filter, asked
in a form, and called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from wagtail_regional.filters import form_fields as fields
from wagtail_regional.filters.geo import Box, Circle
from wagtail_regional.filters.values import (
    AS_DAY,
    AS_DECIMAL,
    FIRST_DAY,
    LAST_DAY,
    Boolean,
    Id,
    SearchText,
    box_text,
    is_possible_day,
    point_text,
)
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models.visibility import visible

#: What forms say of a value where nothing better is known.
NOT_POSSIBLE = _("“%(value)s” is not possible here.")


class UnknownRowError(ValueError):
    """There is no row with a public id. The message says so to whoever gave it."""


class Kind:
    """A kind of value.

    Attributes:
        several: whether a filter takes several values, one of which has to fit.
        most_values: how many, then.
        is_content: whether values are the registry's or the reader's words, and not ours.
        choices: all values there are with their labels, in their order; none where any may come.
        in_order: whether others are listed in their own order, and not the most frequent first.
    """

    several: ClassVar[bool] = True
    most_values: int = fields.MOST_VALUES
    is_content: ClassVar[bool] = False
    choices: tuple[tuple[str, Any], ...] = ()
    in_order: bool = False

    @property
    def type(self) -> Any:
        """The type of one value in a query, for pydantic."""
        raise NotImplementedError

    @property
    def parameter(self) -> tuple[Any, Any]:
        """The type of the query parameter, and its value where it is left out."""
        if not self.several:
            return self.type | None, None
        values: Any = list[self.type]  # type: ignore[name-defined]
        return Annotated[values, Field(max_length=self.most_values)], []

    @property
    def nothing(self) -> Any:
        """What stands in a filter where nothing is asked."""
        return () if self.several else None

    def stored(self, given: Any, moment: Moment) -> Any:
        """The value of a query parameter as a filter stores it. Codes become plain text: members
        of vocabularies would be compared as themselves in some databases.

        Args:
            given: as pydantic reads it.
            moment: of reading.

        Raises:
            UnknownRowError: when it names a row that does not exist.
        """
        if not self.several:
            return given
        return tuple(dict.fromkeys(getattr(each, "value", each) for each in given))

    def form_field(self, label: Any) -> forms.Field:
        """A form field that cleans to what a filter stores."""
        raise NotImplementedError

    def label(self, value: str, language: str | None = None) -> str:
        """What a value is called, in a language."""
        return next((str(label) for code, label in self.choices if code == value), value)


@dataclass(frozen=True)
class Codes(Kind):
    """Codes of ours.

    Attributes:
        vocabulary: where they come from, if from one whole vocabulary.
    """

    choices: tuple[tuple[str, Any], ...]
    vocabulary: Any = None

    @property
    def type(self) -> Any:
        return self.vocabulary or Literal[tuple(code for code, _label in self.choices)]

    def form_field(self, label: Any) -> forms.Field:
        return forms.MultipleChoiceField(label=label, choices=self.choices, required=False)


def codes(vocabulary: Any) -> Codes:
    """The codes of a vocabulary."""
    return Codes(tuple(vocabulary.choices), vocabulary)


def statuses(model: Any) -> Codes:
    """Where rows of a model can stand."""
    return Codes(tuple((each.value, each.label) for each in model.statuses()))


@dataclass(frozen=True)
class Choice(Codes):
    """One of a few codes of ours."""

    several: ClassVar[bool] = False

    def form_field(self, label: Any) -> forms.Field:
        choices = [("", ""), *self.choices]
        return forms.ChoiceField(label=label, choices=choices, required=False)


@dataclass(frozen=True)
class YesNo(Choice):
    """Whether something is so: what `true` and `false` mean."""

    @property
    def type(self) -> Any:
        return Boolean

    def form_field(self, label: Any) -> forms.Field:
        return forms.TypedChoiceField(
            label=label,
            choices=[("", ""), *self.choices],
            required=False,
            coerce={"true": True, "false": False}.get,
            empty_value=None,
        )


@dataclass(frozen=True)
class OpenCodes(Kind):
    """Codes or names of which there is no list.

    Attributes:
        code: the type of one.
        message: says of a ``value`` that it is none.
        name: what one is called in a language.
    """

    code: Any
    message: Any = NOT_POSSIBLE
    name: Callable[[str, str | None], str] | None = None
    in_order: bool = False

    @property
    def type(self) -> Any:
        return self.code

    def form_field(self, label: Any) -> forms.Field:
        return fields.CodesField(
            self.code, self.message, self.most_values, label=label, required=False
        )

    def label(self, value: str, language: str | None = None) -> str:
        return self.name(value, language) if self.name else value


@dataclass(frozen=True)
class Rows(Kind):
    """Rows of the registry, by their public ids; a filter stores primary keys.

    Attributes:
        words: the column of what a row is called.
        most_values: how many may be asked for.
    """

    model: Any
    words: str = "name"
    most_values: int = fields.MOST_VALUES
    is_content: ClassVar[bool] = True

    @property
    def type(self) -> Any:
        return Id

    def stored(self, given: Any, moment: Moment) -> tuple[int, ...]:
        if not given:
            return ()
        rows = visible(self.model, moment).filter(uuid__in=given)
        found = dict(rows.values_list("uuid", "pk"))
        for each in given:
            if each not in found:
                name = self.model._meta.model_name
                raise UnknownRowError(
                    f"There is no {name} with the id {each}. Take ids from the list of {name}s."
                )
        return tuple(dict.fromkeys(found[each] for each in given))

    def form_field(self, label: Any) -> forms.Field:
        return fields.RowsField(self.model, self.most_values, label=label, required=False)


class Words(Kind):
    """Words to look for."""

    several: ClassVar[bool] = False
    is_content: ClassVar[bool] = True

    @property
    def type(self) -> Any:
        return SearchText

    @property
    def parameter(self) -> tuple[Any, Any]:
        return self.type, ""

    def stored(self, given: Any, moment: Moment) -> str:
        text: str = given.strip()
        return text

    def form_field(self, label: Any) -> forms.Field:
        return fields.WordsField(label=label, required=False, max_length=100)


@dataclass(frozen=True)
class Number(Kind):
    """A number within bounds.

    Attributes:
        most: the highest that can be given.
        above_zero: whether 0 is refused.
    """

    most: float
    above_zero: bool = False
    several: ClassVar[bool] = False

    @property
    def type(self) -> Any:
        lowest: Any = {"gt": 0} if self.above_zero else {"ge": 0}
        return Annotated[float, Field(**lowest, le=self.most), AS_DECIMAL]

    def form_field(self, label: Any) -> forms.Field:
        return forms.FloatField(label=label, required=False, min_value=0, max_value=self.most)


class Day(Kind):
    """A day."""

    several: ClassVar[bool] = False

    @property
    def type(self) -> Any:
        return Annotated[dt.date, AS_DAY, AfterValidator(is_possible_day)]

    def form_field(self, label: Any) -> forms.Field:
        bounds = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        return fields.DayField(label=label, required=False, validators=bounds)


class Point(Kind):
    """A point on the earth; a filter stores a circle around it."""

    several: ClassVar[bool] = False
    form: ClassVar[str] = "latitude,longitude"

    @property
    def type(self) -> Any:
        return Annotated[str, Field(max_length=50), AfterValidator(point_text)]

    @staticmethod
    def circle(point: str, radius_km: float) -> Circle:
        latitude, longitude = map(float, point.split(","))
        return Circle(latitude, longitude, radius_km)


class Area(Kind):
    """A box between meridians and parallels."""

    several: ClassVar[bool] = False

    @property
    def type(self) -> Any:
        return Annotated[str, Field(max_length=100), AfterValidator(box_text)]

    def stored(self, given: Any, moment: Moment) -> Box | None:
        return None if given is None else Box(*map(float, given.split(",")))
