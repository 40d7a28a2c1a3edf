"""Counting rows by the values of many columns and relations, in two queries.

- Columns of the row itself are counted together, grouped by all of them at once; their own
  filters are then applied to the groups, of which there are few.
- What hangs on other tables, a branch of one UNION for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, Min, QuerySet, Value, When, Window
from django.db.models.functions import Cast, RowNumber

from wagtail_regional.compat import union_of

#: The most values of a facet whose values are rows or free text.
MOST_VALUES = 100


@dataclass(frozen=True)
class Column:
    """A facet on a column of the row itself.

    Attributes:
        name: of the facet.
        column: where the value is; a list of codes holds several.
        selected: the values that the filter asks for.
    """

    name: str
    column: str
    selected: tuple[str, ...]


def count_columns(
    queryset: QuerySet[Any], columns: Collection[Column]
) -> tuple[int, dict[str, Any]]:
    """How many rows all filters find, and the counts of each facet by value.

    Args:
        queryset: the rows, narrowed by all filters but those of `columns`.
    """
    groups = queryset.order_by().values_list(*(each.column for each in columns))
    total, counts = 0, {each.name: Counter[str]() for each in columns}
    for *values, number in groups.annotate(number=Count("*")):
        held = [[value] if isinstance(value, str) else value for value in values]
        missed = [
            each.name
            for each, codes in zip(columns, held, strict=True)
            if each.selected and not set(each.selected) & set(codes)
        ]
        if not missed:
            total += number
        for each, codes in zip(columns, held, strict=True):
            if missed in ([], [each.name]):
                counts[each.name].update(dict.fromkeys(codes, number))
    return total, counts


class Tallied(NamedTuple):
    """What was counted on other tables.

    Attributes:
        counts: of each facet, by value: those above zero, and those of the selected values.
        totals: of each facet of which only some values were read, how many it has.
        total: how many rows all filters find.
    """

    counts: dict[str, dict[str, int]]
    totals: dict[str, int]
    total: int = 0

    def of(self, name: str) -> dict[str, int]:
        """The counts of a facet by value."""
        return self.counts.get(name, {})

    def number(self, name: str) -> int:
        """What :meth:`Tally.total` counted."""
        return self.of(name).get("1", 0)


@dataclass
class Tally:
    """Facets on other tables, each a branch of one UNION."""

    branches: list[QuerySet[Any]] = field(default_factory=list)
    selected: dict[str, set[str]] = field(default_factory=dict)

    def group(
        self,
        name: str,
        rows: QuerySet[Any],
        column: str,
        selected: Iterable[Any] = (),
        *,
        number: Any = None,
        most: int | None = MOST_VALUES,
    ) -> None:
        """Count `rows` by `column`: the selected values, and those with the highest counts. Rows
        without a value count for nothing.

        Args:
            number: the aggregate; a plain count where left out.
            most: how many values besides the selected ones; with None, all of them, those of
                number 0 and less among them.
        """
        chosen = list(selected)
        groups = rows.order_by().values(group_key=F(column)).filter(group_key__isnull=False)
        if isinstance(groups.query.annotations["group_key"].output_field, CharField):
            groups = groups.exclude(group_key="")
        # The key as text, of all in the group: a cast of it would be grouped by, row by row.
        key = Cast(Min(column), CharField(max_length=255))
        groups = groups.annotate(number=number or Count("*"), facet_key=key)
        total: Any = Value(0)
        if most is not None:
            first: list[Any] = [F("number").desc(), F("group_key")]
            if chosen:
                given = When(**{f"{column}__in": chosen}, then=Value(0))
                first.insert(0, Case(given, default=Value(1)))
            place = Window(RowNumber(), order_by=first)
            groups = groups.annotate(place=place, all=Window(Count("*")))
            groups = groups.filter(place__lte=most + len(chosen))
            total = F("all")
        self._add(name, groups, total)
        self.selected[name] = {str(each) for each in chosen}

    def total(self, name: str, rows: QuerySet[Any], number: Any = None) -> None:
        """Count all `rows`."""
        one = rows.order_by().annotate(facet_key=Value("1", output_field=CharField()))
        one = one.values("facet_key").annotate(number=number or Count("*"))
        self._add(name, one, Value(0))

    def _add(self, name: str, groups: QuerySet[Any], total: Any) -> None:
        branch = groups.annotate(
            facet_name=Value(name, output_field=CharField()), facet_total=total
        )
        self.branches.append(branch.values_list("facet_name", "facet_key", "number", "facet_total"))

    def counts(self) -> Tallied:
        """One query."""
        counts: dict[str, dict[str, int]] = {}
        totals: dict[str, int] = {}
        for name, key, number, total in union_of(self.branches):
            counts.setdefault(name, {})[key] = int(number or 0)
            if total:
                totals[name] = int(total)
        for name, values in self.selected.items():
            if name in totals:
                totals[name] += len(values - counts[name].keys())
        return Tallied(counts, totals)
