"""Choosing programmes: one query layer for blocks, pages and endpoints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connections, router
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Lower, RowNumber

from wagtail_regional.compat import union_of
from wagtail_regional.fields import Localized
from wagtail_regional.lifecycle import Moment, ended_q
from wagtail_regional.models import Programme, ProgrammeAccess, ProgrammeCode, ProgrammeProvider
from wagtail_regional.models.words import HasWords
from wagtail_regional.text import words_of
from wagtail_regional.vocabularies import StudyLoadUnit

#: The terms that count: those of the students' own organisation, and those for guests.
TERMS = ("own", "guests")

#: So many programmes are found by the beginning of a code before anything else is asked, which
#: spares the other queries the search. Of more, they are left to it.
FEW_BY_CODE = 500


@dataclass(frozen=True)
class ProgrammeFilter:
    """Which programmes. Values of one field are alternatives; fields narrow each other.

    What depends on terms of access (`audiences`, `terms`, `ects_*` with an audience, `open_on`)
    must hold for one and the same terms.

    Attributes:
        ids: hand-picked rows (primary keys), in the order wanted.
        types, levels, languages, modes, deliveries: codes.
        fields: ISCED-F codes; 09 finds 0912, too.
        alliances, themes, providers: primary keys.
        audiences: organisations whose students ask. Terms of their own count; in a programme
            that has none for them, those for guests do.
        terms: of `TERMS`, those that count; all where left out.
        ects_min, ects_max: what the audience gets for it; where its terms do not say, or nobody
            asks, the study load, if that is in ECTS.
        open_on: a day on which one can apply: a day or two are known, and it is not outside
            them, and the programme has not ended.
        statuses: as of the moment of asking.
        joint: only programmes of several providers (True), or of one (False).
        text: words, each of which begins a word of the name or summary, in any language.
        coded: programmes (primary keys) that `text` finds by code; see `words_or_code`.
        code: the beginning of a code that finds, too, in place of `coded`.
    """

    ids: tuple[int, ...] = ()
    types: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    alliances: tuple[Any, ...] = ()
    themes: tuple[Any, ...] = ()
    providers: tuple[Any, ...] = ()
    audiences: tuple[Any, ...] = ()
    terms: tuple[str, ...] = ()
    ects_min: float | None = None
    ects_max: float | None = None
    open_on: dt.date | None = None
    statuses: tuple[str, ...] = ()
    joint: bool | None = None
    text: str = ""
    coded: tuple[int, ...] = ()
    code: str = ""

    def without(self, *names: str) -> ProgrammeFilter:
        """The same choice with these fields left open."""
        return replace(self, **{name: _OPEN[name] for name in names})

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
            "modes_of_study__has_any": self.modes,
            "modes_of_delivery__has_any": self.deliveries,
        }
        for lookup, values in columns.items():
            if values:
                queryset = queryset.filter(**{lookup: list(values)})
        for condition in (*self._columns(), *self._relations()):
            queryset = queryset.filter(condition)
        if self.statuses:
            dated: Any = queryset
            queryset = dated.with_status(moment).filter(current_status__in=self.statuses)
        return queryset

    def with_indexes(
        self, queryset: QuerySet[Programme], *, few: bool = False
    ) -> QuerySet[Programme]:
        """`queryset`, which is narrowed to this choice already, so that its first rows are
        found by an index where few have the code; all of them where they are known to be few.
        Counting many is faster without."""
        if self.languages:
            codes = list(self.languages)
            queryset = queryset.filter(teaching_languages__has_any_indexed=codes)
        if self.fields:
            lookup = "begins_any_of_few" if few else "begins_any_indexed"
            queryset = queryset.filter(**{f"isced_fields__{lookup}": list(self.fields)})
        return queryset

    def _columns(self) -> list[Any]:
        conditions: list[Any] = []
        if words := words_of(self.text):
            found = Q(HasWords(words))
            if self.coded:
                found |= Q(pk__in=self.coded)
            if self.code:
                found |= any_of(Q(pk__in=each) for each in _with_code(self.code))
            conditions.append(found)
        if self.fields:
            conditions.append(any_of(Q(isced_fields__contains=f"|{each}") for each in self.fields))
        if not self.audiences:
            conditions += [Q(**{f"study_load__{bound}": value}) for bound, value in self._ects()]
            if self._ects():
                conditions.append(Q(study_load_unit=StudyLoadUnit.ECTS))
        if self.open_on:
            conditions.append(~ended_q(Moment(self.open_on, 0)))
        return conditions

    def _relations(self) -> list[Any]:
        through = {
            Programme.alliances.through: ("alliance_id", self.alliances),
            Programme.themes.through: ("theme_id", self.themes),
            ProgrammeProvider: ("organisation_id", self.providers),
        }
        conditions: list[Any] = [
            Exists(model.objects.filter(programme_id=OuterRef("pk"), **{f"{column}__in": values}))
            for model, (column, values) in through.items()
            if values
        ]
        if self.joint is not None:
            conditions.append(joint_q(self.joint))
        if self.asks_for_terms:
            terms = ProgrammeAccess.objects.filter(programme_id=OuterRef("pk"))
            conditions.append(Exists(terms.filter(self.whose_terms(), self.which_terms())))
        return conditions

    @property
    def asks_for_terms(self) -> bool:
        """Whether some terms of access have to fit."""
        return bool(self.audiences or self.terms or self.open_on)

    def whose_terms(self) -> Q:
        """Terms of access of whom it concerns."""
        guests = Q(organisation__isnull=True)
        own = Q(organisation_id__in=self.audiences) if self.audiences else ~guests
        if self.audiences:
            theirs = ProgrammeAccess.objects.filter(programme_id=OuterRef("programme_id"))
            guests &= any_of(
                ~Exists(theirs.filter(organisation_id=each)) for each in self.audiences
            )
        wanted = {"own": own, "guests": guests}
        kinds = self.terms or TERMS
        if not self.audiences and len(set(kinds)) == len(TERMS):
            return Q()
        return any_of(wanted[each] for each in dict.fromkeys(kinds))

    def which_terms(self) -> Q:
        """Terms of access that say what is wanted."""
        condition = Q()
        if bounds := self._ects() if self.audiences else []:
            named, load = Q(), Q(ects__isnull=True, programme__study_load_unit=StudyLoadUnit.ECTS)
            for bound, value in bounds:
                named &= Q(**{f"ects__{bound}": value})
                load &= Q(**{f"programme__study_load__{bound}": value})
            condition &= named | load
        return condition & open_q(self.open_on) if self.open_on else condition

    def _ects(self) -> list[tuple[str, float]]:
        bounds = {"gte": self.ects_min, "lte": self.ects_max}
        return [(bound, value) for bound, value in bounds.items() if value is not None]


_OPEN: dict[str, Any] = {
    name: each.default for name, each in ProgrammeFilter.__dataclass_fields__.items()
}


def any_of(conditions: Iterable[Any]) -> Q:
    """One of the conditions, of which there is one at least, holds."""
    first, *others = conditions
    found = Q(first)
    for each in others:
        found |= Q(each)
    return found


def open_q(day: dt.date) -> Q:
    """Terms of access under which one can apply on `day`. Without any date nobody knows."""
    opens, closes = Q(application_opens__isnull=True), Q(application_closes__isnull=True)
    begun = opens | Q(application_opens__lte=day)
    return begun & (closes | Q(application_closes__gte=day)) & ~(opens & closes)


def joint_q(joint: bool) -> Q:
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


def words_or_code(text: str) -> dict[str, Any]:
    """What finds programmes by words or by the beginning of a code, in a catalogue or at a
    partner: arguments of `ProgrammeFilter`."""
    text = text.strip()
    if not words_of(text):
        return {"text": text}
    found = [pk for (pk,) in union_of(_with_code(text), distinct=True)[: FEW_BY_CODE + 1]]
    if len(found) > FEW_BY_CODE:
        return {"text": text, "code": text}
    return {"text": text, "coded": tuple(sorted(found))}


def _with_code(text: str) -> list[QuerySet]:
    """Primary keys of programmes that have a code that begins with `text`."""
    codes = ProgrammeCode.objects.filter(value__istartswith=text)
    partners = ProgrammeProvider.objects.filter(partner_code__istartswith=text)
    return [each.order_by().values_list("programme_id") for each in (codes, partners)]


#: The orders that editors may ask for, and those that readers may, too; a hyphen in front
#: turns one round.
ORDERS = ("name", "type", "starts")
READER_ORDERS = (*ORDERS, "ects", "deadline")


def programme_order(
    order: str, language: str, chosen: ProgrammeFilter | None = None, day: dt.date | None = None
) -> list[Any]:
    """Columns to sort by; the primary key last, so that pages of results never overlap. What
    lacks the value comes last in either direction.

    Args:
        order: one of `READER_ORDERS`, perhaps with a hyphen in front.
        chosen: whose ECTS and deadlines count.
        day: deadlines before it are past.
    """
    key, down = order.removeprefix("-"), order.startswith("-")
    name = Lower(Localized("name", language=language))
    if key == "name":
        return [name.desc() if down else name, "pk"]
    chosen = chosen or ProgrammeFilter()
    value = {
        "type": lambda: F("type"),
        "starts": lambda: F("starts"),
        "ects": lambda: _ects(chosen),
        "deadline": lambda: _deadline(chosen, day or Moment.now().today),
    }[key]()
    if key == "type":
        return [value.desc() if down else value, name, "pk"]
    return [value.desc(nulls_last=True) if down else value.asc(nulls_last=True), name, "pk"]


def _terms(chosen: ProgrammeFilter) -> QuerySet[ProgrammeAccess]:
    terms = ProgrammeAccess.objects.filter(programme_id=OuterRef("pk")).order_by()
    return terms.filter(chosen.whose_terms(), chosen.which_terms())


def _ects(chosen: ProgrammeFilter) -> Any:
    load = Case(When(study_load_unit=StudyLoadUnit.ECTS, then=F("study_load")))
    if not chosen.audiences:
        return load
    least = _terms(chosen).values("programme_id").annotate(least=Min("ects")).values("least")
    return Coalesce(Subquery(least), load)


def _deadline(chosen: ProgrammeFilter, day: dt.date) -> Any:
    coming = _terms(chosen).filter(application_closes__gte=day)
    first = coming.values("programme_id").annotate(first=Min("application_closes"))
    return Subquery(first.values("first"))


@dataclass(frozen=True)
class ProgrammeSelection:
    """A list of programmes as something on a page asks for it.

    Attributes:
        filter: which ones.
        order: a name of `READER_ORDERS`, perhaps with a hyphen in front, or "given" for the
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
    name = selection.order if selection.order.removeprefix("-") in READER_ORDERS else "name"
    order = programme_order(name, language, selection.filter, moment.today if moment else None)
    chosen = selection.filter.apply(Programme.objects.order_by(), moment)
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
        rows = Programme.objects.filter(pk__in=shown)
        rows = rows.annotate(list_position=position, list_total=total)
    return rows.annotate(list_index=Value(index)).order_by()


#: Days that can be asked for.
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
