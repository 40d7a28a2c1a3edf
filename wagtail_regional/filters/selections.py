"""Lists of programmes as something on a page asks for them: many of them cost one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, router
from django.db.models import Count, QuerySet, Subquery, Value, Window
from django.db.models.functions import RowNumber

from wagtail_regional.filters.programmes import ProgrammeFilter
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import Programme
from wagtail_regional.models.visibility import visible


@dataclass(frozen=True)
class ProgrammeSelection:
    """A list of programmes as something on a page asks for it.

    Attributes:
        filter: which ones.
        order: the name of an order, perhaps with a hyphen in front, or "given" for the
            order of hand-picked rows.
        limit: the most to show.
        offset: how many to pass over.
        counted: whether to count how many there are in all.
        few: whether there are few, as far as anybody knows.
    """

    filter: ProgrammeFilter = field(default_factory=ProgrammeFilter)
    order: str = "name"
    limit: int = 100
    offset: int = 0
    counted: bool = True
    few: bool = False


@dataclass(frozen=True)
class Selected:
    """What a selection found: primary keys to show, and how many there are in all."""

    ids: tuple[int, ...]
    total: int


def branches(
    selections: Sequence[ProgrammeSelection], language: str, moment: Moment
) -> list[QuerySet[Programme]]:
    """A queryset for each selection, ready to be joined in a UNION: a page with many lists costs
    what a page with one does.

    Their rows carry `list_index` (which selection), `list_position` and `list_total`.
    """
    return [_branch(index, each, language, moment) for index, each in enumerate(selections)]


def gather(
    selections: Sequence[ProgrammeSelection], hits: Iterable[tuple[int, int, int, int]]
) -> dict[ProgrammeSelection, Selected]:
    """What each selection found.

    Args:
        selections: as given to `branches`.
        hits: primary key, `list_index`, `list_position` and `list_total` of each row.
    """
    found: list[list[tuple[int, int]]] = [[] for _ in selections]
    totals = [0] * len(selections)
    for pk, index, position, total in hits:
        found[index].append((position, pk))
        totals[index] = total
    return {
        selection: Selected(_ordered(selection, positions), total)
        for selection, positions, total in zip(selections, found, totals, strict=True)
    }


def _ordered(selection: ProgrammeSelection, hits: list[tuple[int, int]]) -> tuple[int, ...]:
    ids = [pk for _position, pk in sorted(hits)]
    if selection.order == "given":
        ids.sort(key=selection.filter.ids.index)
    return tuple(ids)


def _branch(
    index: int, selection: ProgrammeSelection, language: str, moment: Moment
) -> QuerySet[Programme]:
    order = selection.filter.order_by(selection.order, language, moment)
    chosen = selection.filter.rows(moment).order_by()
    position = Window(RowNumber(), order_by=order)
    end = selection.offset + selection.limit
    if connections[router.db_for_read(Programme)].vendor == "mysql":
        # MariaDB and MySQL take no LIMIT in a subquery of IN: there, all rows are numbered.
        total: Any = Window(Count("*")) if selection.counted else Value(0)
        rows = chosen.annotate(list_position=position, list_total=total)
        rows = rows.filter(list_position__gt=selection.offset, list_position__lte=end)
    else:
        indexed = selection.filter.with_indexes(chosen)
        shown = indexed.order_by(*order).values("pk")[selection.offset : end]
        # Of rows and not of keys, so that whatever index has the filter's columns serves.
        few = selection.few
        counted = selection.filter.with_indexes(chosen, few=True) if few else chosen
        counts = counted.annotate(all=Value(1)).values("all").annotate(total=Count("*"))
        total = Subquery(counts.values("total")) if selection.counted else Value(0)
        rows = visible(Programme, moment).filter(pk__in=shown)
        rows = rows.annotate(list_position=position, list_total=total)
    branch: QuerySet[Programme] = rows.annotate(list_index=Value(index)).order_by()
    return branch
