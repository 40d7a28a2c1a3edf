"""Choosing programmes and other rows: one query layer for blocks, pages and endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, router
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Lower, RowNumber

from wagtail_regional.fields import Localized
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import Programme, ProgrammeAccess, ProgrammeProvider


@dataclass(frozen=True)
class ProgrammeFilter:
    """Which programmes. Values of one field are alternatives; fields narrow each other.

    Attributes:
        ids: hand-picked rows (primary keys), in the order wanted.
        types, levels, languages: codes.
        alliances, themes, providers, audiences: primary keys; an audience is an organisation
            whose students may enrol.
        statuses: as of the moment of asking.
        joint: only programmes of several providers (True), or of one (False).
        text: words to find in the name, in any language.
    """

    ids: tuple[int, ...] = ()
    types: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    alliances: tuple[Any, ...] = ()
    themes: tuple[Any, ...] = ()
    providers: tuple[Any, ...] = ()
    audiences: tuple[Any, ...] = ()
    statuses: tuple[str, ...] = ()
    joint: bool | None = None
    text: str = ""

    def apply(
        self, queryset: QuerySet[Programme], moment: Moment | None = None
    ) -> QuerySet[Programme]:
        """`queryset` narrowed to this choice, with a status as of `moment`. Relations are tested
        with EXISTS, so that no programme is counted twice."""
        columns = {
            "pk__in": self.ids,
            "type__in": self.types,
            "level__in": self.levels,
            "teaching_languages__has_any": self.languages,
        }
        for lookup, values in columns.items():
            if values:
                queryset = queryset.filter(**{lookup: list(values)})
        for condition in self._relations():
            queryset = queryset.filter(condition)
        if self.statuses:
            queryset = queryset.with_status(moment).filter(current_status__in=self.statuses)
        if self.text:
            queryset = queryset.filter(name__icontains=self.text)
        return queryset

    def _relations(self) -> list[Any]:
        through = {
            Programme.alliances.through: ("programme_id", "alliance_id", self.alliances),
            Programme.themes.through: ("programme_id", "theme_id", self.themes),
            ProgrammeProvider: ("programme_id", "organisation_id", self.providers),
            ProgrammeAccess: ("programme_id", "organisation_id", self.audiences),
        }
        conditions: list[Any] = [
            Exists(model.objects.filter(**{owner: OuterRef("pk"), f"{column}__in": list(values)}))
            for model, (owner, column, values) in through.items()
            if values
        ]
        if self.joint is not None:
            conditions.append(_joint_q(self.joint))
        return conditions


def _joint_q(joint: bool) -> Q:
    """Several providers: there is one, and another one after it."""
    providers = ProgrammeProvider.objects.filter(programme_id=OuterRef("pk"))
    several = Exists(
        providers.filter(
            Exists(
                ProgrammeProvider.objects.filter(
                    programme_id=OuterRef("programme_id"), pk__gt=OuterRef("pk")
                )
            )
        )
    )
    return Q(several) if joint else ~Q(several)


#: The orders that editors and clients may ask for.
ORDERS = ("name", "type", "starts")


def programme_order(order: str, language: str) -> list[Any]:
    """Columns to sort by; the primary key last, so that pages of results never overlap."""
    name = Lower(Localized("name", language=language))
    return {
        "name": [name, "pk"],
        "type": ["type", name, "pk"],
        "starts": ["starts", name, "pk"],
    }[order]


@dataclass(frozen=True)
class ProgrammeSelection:
    """A list of programmes as something on a page asks for it.

    Attributes:
        filter: which ones.
        order: a name of `ORDERS`, or "given" for the order of hand-picked rows.
        limit: the most to show.
        offset: how many to pass over.
    """

    filter: ProgrammeFilter = field(default_factory=ProgrammeFilter)
    order: str = "name"
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True)
class Selected:
    """What a selection found: primary keys to show, and how many there are in all."""

    ids: tuple[int, ...]
    total: int


def branches(
    selections: Sequence[ProgrammeSelection], language: str, moment: Moment | None
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
    index: int, selection: ProgrammeSelection, language: str, moment: Moment | None
) -> QuerySet[Programme]:
    order = programme_order(selection.order if selection.order in ORDERS else "name", language)
    chosen = selection.filter.apply(Programme.objects.order_by(), moment)
    position = Window(RowNumber(), order_by=order)
    end = selection.offset + selection.limit
    if connections[router.db_for_read(Programme)].vendor == "mysql":
        # MariaDB and MySQL take no LIMIT in a subquery of IN: there, all rows are numbered.
        rows = chosen.annotate(list_position=position, list_total=Window(Count("pk")))
        rows = rows.filter(list_position__gt=selection.offset, list_position__lte=end)
    else:
        shown = chosen.order_by(*order).values("pk")[selection.offset : end]
        total = chosen.annotate(all=Value(1)).values("all").annotate(total=Count("pk"))
        rows = Programme.objects.filter(pk__in=shown).annotate(
            list_position=position, list_total=Subquery(total.values("total"))
        )
    return rows.annotate(list_index=Value(index)).order_by()
