"""How the values of filters are counted.

A facet is counted with all filters but its own, so that its numbers say what choosing another
value there leads to. Two queries count everything, however many filters there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.db.models import Count

from wagtail_regional.filters.kinds import Rows
from wagtail_regional.filters.questions import Facet, Filter, Question
from wagtail_regional.filters.tally import Column, Tallied, Tally, count_columns
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models.base import StatusQuerySet
from wagtail_regional.models.visibility import leads_to_visible, visible


class Counted(NamedTuple):
    """The facets of the rows that a filter finds.

    Attributes:
        total: how many rows it finds.
        counts: of each facet, by value.
        totals: of each facet of which only some values were read, how many it has.
    """

    total: int
    counts: dict[str, dict[str, int]]
    totals: dict[str, int]


def count(chosen: Filter, moment: Moment) -> Counted:
    """Count everything that the filter's table has facets for."""
    counted = [(each, each.facet) for each in chosen.questions if each.facet]
    columns = [
        Column(each.name, each.column, chosen[each.name])
        for each, facet in counted
        if isinstance(facet, ByColumn)
    ]
    rows = chosen.without(*(each.name for each in columns)).apply(
        cast(StatusQuerySet, visible(chosen.model, moment)).with_status(moment), moment
    )
    total, counts = count_columns(rows, columns)
    tally = Tally()
    for each, facet in counted:
        facet.count(each, chosen, moment, tally)
    others = tally.counts()
    tallied = Tallied({**others.counts, **counts}, others.totals, total)
    return Counted(
        total,
        {each.name: dict(facet.read(each, chosen, moment, tallied)) for each, facet in counted},
        tallied.totals,
    )


class ByColumn(Facet):
    """By a column of the row itself that has few values: all of these are counted at once."""

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        """Nothing more: :func:`count` does it for all of them."""


class ByValue(Facet):
    """By a column of the row itself that has many values."""

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        name, column = question.name, question.column
        rows = visible(chosen.model, moment).exclude(**{column: ""})
        found = chosen.without(name).apply(rows, moment)
        tally.group(name, found, column, chosen[name])


@dataclass(frozen=True)
class ByRelated(Facet):
    """By the rows of another table that belong to a row.

    Attributes:
        column: there; that of the question's `where` where left out.
    """

    column: str = ""

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        rows, number = _related_rows(question, chosen, moment)
        column, selected = self.column or question.column, chosen[question.name]
        if self.column and isinstance(question.kind, Rows):
            # It leads farther than to what hangs on a row.
            rows = rows.filter(leads_to_visible(question.kind.model, column, moment))
        tally.group(question.name, rows, column, selected, number=number)


@dataclass(frozen=True)
class ByCodeOfRelated(Facet):
    """By the codes in a list that rows of another table have.

    Attributes:
        lookup: finds the rows there that have a code.
    """

    lookup: str = ""

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        rows, number = _related_rows(question, chosen, moment)
        for code, _label in question.kind.choices:
            tally.total(f"{question.name} {code}", rows.filter(**{self.lookup: code}), number)

    def read(
        self, question: Question, chosen: Filter, moment: Moment, tallied: Tallied
    ) -> dict[str, int]:
        codes = [code for code, _label in question.kind.choices]
        return {code: tallied.number(f"{question.name} {code}") for code in codes}


def _related_rows(question: Question, chosen: Filter, moment: Moment) -> tuple[Any, Any]:
    """The rows of the other table that fit all other questions, and the aggregate that counts to
    how many rows they belong."""
    related = question.within
    assert related is not None  # noqa: S101 - its facet says so
    others = chosen.without(question.name)
    whose = related.of_rows(others.without_those_within(related), moment)
    rows = visible(related.model, moment).filter(whose, related.fitting(others, moment))
    if related.model._meta.get_field(related.owner.removesuffix("_id")).null:
        rows = rows.filter(**{f"{related.owner}__isnull": False})
    number = Count(related.owner, distinct=True) if related.repeats else None
    return rows, number
