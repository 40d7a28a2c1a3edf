"""Facets in the shape of the contract: for each filter, its values with how many rows each would
find, and what they are called.

What was counted (:mod:`wagtail_regional.filters.facets`) gets its names and labels with one query
for each kind of row.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, create_model

from wagtail_regional import schemas as s
from wagtail_regional.fields import choose_text
from wagtail_regional.filters import (
    AllianceFilter,
    Filter,
    OrganisationFilter,
    ProgrammeFilter,
    Question,
)
from wagtail_regional.filters.facets import Counted, count
from wagtail_regional.filters.kinds import Rows
from wagtail_regional.filters.tally import MOST_VALUES
from wagtail_regional.models import Programme
from wagtail_regional.models.visibility import visible
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.counts import KeptCount

_Base = TypeVar("_Base", bound=BaseModel)


def _schema(asks: type[Filter]) -> type[s.RegionalFacets]:
    """What is answered about the facets of a table of questions."""
    counted = [(each.name, each.facet.description) for each in asks.questions if each.facet]
    told = "".join(f" `{name}`: {description}" for name, description in counted if description)
    fields: dict[str, Any] = {
        "name": (
            Literal[tuple(name for name, _description in counted)],
            Field(description=f"The parameter's.{told}"),
        )
    }
    facet = _named(f"Regional{asks.model.__name__}Facet", s.RegionalFacet, **fields)
    facets = {"facets": (list[facet], ...)}  # type: ignore[valid-type]
    return _named(f"Regional{asks.model.__name__}Facets", s.RegionalFacets, **facets)


def _named(model: str, base: type[_Base], /, **fields: Any) -> type[_Base]:
    """`base` with other fields."""
    return create_model(model, __base__=base, __module__=__name__, __doc__=base.__doc__, **fields)


#: The schemas of answers, by whose facets they have.
FACETS: dict[type[Filter], type[s.RegionalFacets]] = {
    each: _schema(each) for each in (OrganisationFilter, AllianceFilter, ProgrammeFilter)
}


def facets_of(chosen: Filter, context: ReadContext) -> s.RegionalFacets:
    """The facets of the rows that `chosen` finds, in its schema of :data:`FACETS`."""
    labels = Labels(chosen, _counted(chosen, context), context)
    facets = [labels.of(each) for each in chosen.questions if each.facet]
    return FACETS[type(chosen)].shape(count=labels.counted.total, facets=facets)


def _counted(chosen: Filter, context: ReadContext) -> Counted:
    if chosen.model is not Programme:
        return count(chosen, context.moment)
    kept = KeptCount("facets", chosen, context.moment, context.stamps)
    counted: Counted | None = kept.read()
    if counted is None:
        counted = count(chosen, context.moment)
        kept.keep(counted)
    return counted


class Labels:
    """Makes values with labels in the reader's language of counts."""

    def __init__(self, chosen: Filter, counted: Counted, context: ReadContext) -> None:
        self.chosen, self.counted, self.context = chosen, counted, context
        context.shown.add(f"{chosen.model._meta.model_name}s")

    def of(self, question: Question) -> s.RegionalFacet:
        """The values of a question that find something, and those that are asked for."""
        values, total = self._values(question)
        return s.RegionalFacet.shape(
            name=question.name,
            label=str(question.label),
            values=values,
            total=total,
            truncated=total > len(values),
        )

    def _values(self, question: Question) -> tuple[list[s.RegionalFacetValue], int]:
        """The values to list, and how many there are."""
        facet, kind = question.facet, question.kind
        assert facet is not None  # noqa: S101 - asked for those that have one
        counts = self.counted.counts[question.name]
        selected = facet.selected(question, self.chosen, self.context.moment)
        if isinstance(kind, Rows):
            return self._rows(question, kind, counts, selected)
        language = self.context.words_language
        known = [code for code, _label in kind.choices] or [key for key in counts if key]
        values = [
            _value(key, facet.label(question, key, language), counts.get(key, 0), key in selected)
            for key in dict.fromkeys((*known, *selected))
            if counts.get(key) or key in selected
        ]
        if kind.choices:
            return values, len(values)
        values, total = self._cut(question.name, values, len(values))
        return sorted(values, key=lambda each: each.value) if kind.in_order else values, total

    def _rows(
        self, question: Question, kind: Rows, counts: dict[str, int], selected: Collection[int]
    ) -> tuple[list[s.RegionalFacetValue], int]:
        """Rows of the registry, by public id; one query."""
        self.context.shown.add(f"{kind.model._meta.model_name}s")
        keys = {int(key) for key in counts} | set(selected)
        if not keys:
            return [], 0
        first = sorted(keys, key=lambda key: (key not in selected, -counts.get(str(key), 0), key))
        first = first[: MOST_VALUES + len(selected)]
        rows = visible(kind.model, self.context.now).filter(pk__in=first)
        found = rows.values_list("pk", "uuid", kind.words)
        chain = self.context.chain
        values = [
            _value(str(uuid), choose_text(texts, chain)[0], counts.get(str(pk), 0), pk in selected)
            for pk, uuid, texts in found
        ]
        return self._cut(question.name, values, len(keys))

    def _cut(self, name: str, values: list[Any], number: int) -> tuple[list[Any], int]:
        """The highest counts first, then by label; and how many values there are.

        Args:
            number: how many values there are as far as they were read.
        """
        values.sort(key=lambda each: (-each.count, each.label.casefold(), each.value))
        others = [each for each in values if not each.selected]
        least = {each.value for each in others[MOST_VALUES:]}
        shown = [each for each in values if each.value not in least]
        return shown, max(self.counted.totals.get(name, 0), number)


def _value(value: str, label: str, number: int, selected: bool) -> s.RegionalFacetValue:
    return s.RegionalFacetValue.shape(value=value, label=label, count=number, selected=selected)
