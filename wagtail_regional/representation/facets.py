"""Facets: for each filter, its values with how many rows each would find.

A facet is counted with all filters but its own, so that its numbers say what choosing another
value there leads to. Two queries count everything, however many filters there are:

- Columns of the row itself are counted together, grouped by all of them at once; their own
  filters are then applied to the groups, of which there are few.
- What hangs on other tables, a branch of one UNION for each facet.

Names and labels of what was counted take one query for each kind of row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, RowNumber
from django.utils.translation import gettext

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.compat import union_of
from wagtail_regional.fields import choose_text
from wagtail_regional.filters import AllianceFilter, OrganisationFilter, ProgrammeFilter
from wagtail_regional.languages import country_name, language_name
from wagtail_regional.lifecycle import Status
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
    Theme,
)
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.counts import KeptCount

#: The most values of a facet whose values are rows or free text.
MOST_VALUES = 100


# --- Counting ------------------------------------------------------------------------------------


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


def count_columns(queryset: QuerySet, columns: Collection[Column]) -> tuple[int, dict[str, Any]]:
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
    """

    counts: dict[str, dict[str, int]]
    totals: dict[str, int]

    def of(self, name: str) -> dict[str, int]:
        """The counts of a facet by value."""
        return self.counts.get(name, {})

    def number(self, name: str) -> int:
        """What :meth:`Tally.total` counted."""
        return self.of(name).get("1", 0)


@dataclass
class Tally:
    """Facets on other tables, each a branch of one UNION."""

    branches: list[QuerySet] = field(default_factory=list)
    selected: dict[str, set[str]] = field(default_factory=dict)

    def group(
        self,
        name: str,
        rows: QuerySet,
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

    def total(self, name: str, rows: QuerySet, number: Any = None) -> None:
        """Count all `rows`."""
        one = rows.order_by().annotate(facet_key=Value("1", output_field=CharField()))
        one = one.values("facet_key").annotate(number=number or Count("*"))
        self._add(name, one, Value(0))

    def _add(self, name: str, groups: QuerySet, total: Any) -> None:
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


# --- Values with their labels --------------------------------------------------------------------


class Labels:
    """Makes values with labels in the reader's language of counts."""

    def __init__(self, context: ReadContext, totals: dict[str, int] | None = None) -> None:
        self.context = context
        #: Of facets of which only some values were read, how many there are.
        self.totals = totals or {}
        #: Of facets that are cut, how many values there are.
        self.truncated: dict[str, int] = {}

    def vocabulary(
        self, terms: Any, counts: dict[str, int], selected: Collection[str]
    ) -> list[s.RegionalFacetValue]:
        """Codes in the order of their vocabulary."""
        return [
            self._value(term.value, str(term.label), counts.get(term.value, 0), selected)
            for term in terms
            if counts.get(term.value) or term.value in selected
        ]

    def codes(
        self,
        name: str,
        counts: dict[str, int],
        selected: Collection[str],
        label: Callable[[str], str] = str,
    ) -> list[s.RegionalFacetValue]:
        """Other values: the highest counts first, then by label."""
        keys = {key for key in (*counts, *selected) if key}
        values = [self._value(key, label(key), counts.get(key, 0), selected) for key in keys]
        return self._cut(name, values)

    def rows(
        self, name: str, model: Any, counts: dict[str, int], selected: Collection[int], column: str
    ) -> list[s.RegionalFacetValue]:
        """Rows of the registry, by public id; one query."""
        keys = {int(key) for key in counts} | set(selected)
        if not keys:
            return []
        found = model.objects.filter(pk__in=keys).values_list("pk", "uuid", column)
        chain = self.context.chain
        values = [
            self._value(
                str(uuid),
                choose_text(texts, chain)[0],
                counts.get(str(pk), 0),
                {str(uuid)} if pk in selected else (),
            )
            for pk, uuid, texts in found
        ]
        return self._cut(name, values)

    def _value(
        self, value: str, label: str, count: int, selected: Collection[str]
    ) -> s.RegionalFacetValue:
        return s.RegionalFacetValue.shape(
            value=value, label=label, count=count, selected=value in selected
        )

    def _cut(self, name: str, values: list[Any]) -> list[Any]:
        values.sort(key=lambda each: (-each.count, each.label.casefold(), each.value))
        others = [each for each in values if not each.selected]
        least = {each.value for each in others[MOST_VALUES:]}
        shown = [each for each in values if each.value not in least]
        total = max(self.totals.get(name, 0), len(values))
        if total > len(shown):
            self.truncated[name] = total
        return shown


def field_label(code: str) -> str:
    """What a field of education is called: of narrower ones, the broad field's name and the
    code."""
    broad = v.BroadField(code[:2]) if code[:2] in v.BroadField.values else None
    if broad is None:
        return code
    return str(broad.label) if len(code) == 2 else f"{broad.label} ({code})"


# --- Programmes ----------------------------------------------------------------------------------


def programme_facets(chosen: ProgrammeFilter, context: ReadContext) -> s.RegionalProgrammeFacets:
    """The facets of the programmes that `chosen` finds."""
    context.shown |= {"programmes", "organisations", "alliances", "themes"}
    kept = KeptCount("facets", chosen, context.moment, context.stamps)
    counts = kept.read()
    if counts is None:
        counts = _count_programmes(chosen, context)
        kept.keep(counts)
    return _programme_values(chosen, context, *counts)


def _count_programmes(chosen: ProgrammeFilter, context: ReadContext) -> tuple[int, Any, Any]:
    """How many there are, the counts of columns, and those on other tables."""
    columns = [
        Column("type", "type", chosen.types),
        Column("level", "level", chosen.levels),
        Column("language", "teaching_languages", chosen.languages),
        Column("mode", "modes_of_study", chosen.modes),
        Column("delivery", "modes_of_delivery", chosen.deliveries),
        Column("status", "current_status", chosen.statuses),
    ]
    open_ = chosen.without("types", "levels", "languages", "modes", "deliveries", "statuses")
    rows = open_.apply(Programme.objects.with_status(context.moment), context.moment)
    total, counts = count_columns(rows, columns)
    return total, counts, _programme_tally(chosen, context).counts()


def _programme_tally(chosen: ProgrammeFilter, context: ReadContext) -> Tally:
    tally, moment = Tally(), context.moment

    def rest(*names: str) -> Q:
        """What the other filters ask of a row that belongs to a programme."""
        others = chosen.without(*names)
        if others == ProgrammeFilter():
            return Q()
        return Q(programme_id__in=others.apply(Programme.objects.order_by(), moment).values("pk"))

    for name, field_name, model, column in (
        ("alliance", "alliances", Programme.alliances.through, "alliance_id"),
        ("theme", "themes", Programme.themes.through, "theme_id"),
        ("provider", "providers", ProgrammeProvider, "organisation_id"),
    ):
        rows = model.objects.filter(rest(field_name))
        tally.group(name, rows, column, getattr(chosen, field_name))
    fields = chosen.without("fields").apply(Programme.objects.exclude(isced_fields=""), moment)
    tally.group("field", fields, "isced_fields", most=None)
    day = chosen.open_on or moment.today
    opened = ProgrammeFilter(**{**_given(chosen), "open_on": day})
    tally.total("open", opened.apply(Programme.objects.all(), moment))
    either = chosen.without("joint").apply(Programme.objects.all(), moment)
    if chosen.joint is not None:
        tally.total("either", either)
    tally.total("joint", either.filter(pk__in=_several_providers()))
    _tally_homes(tally, chosen, rest("audiences", "ects_min", "ects_max", "open_on", "terms"))
    return tally


def _given(chosen: ProgrammeFilter) -> dict[str, Any]:
    return {name: getattr(chosen, name) for name in chosen.__dataclass_fields__}


def _several_providers() -> QuerySet:
    providers = ProgrammeProvider.objects.order_by().values("programme_id")
    return providers.annotate(providers=Count("*")).filter(providers__gt=1).values("programme_id")


def _tally_homes(tally: Tally, chosen: ProgrammeFilter, rest: Q) -> None:
    """For whoever studies at an organisation: programmes with terms of its own that fit, and
    those with fitting terms for guests in which it has none of its own.

    What fits is counted of each organisation's own terms. Of the programmes with fitting terms
    for guests, which are the same for all, those are taken off in which it has terms of its own.
    So an organisation counts that has terms in any programme, though in none that is found here.
    """
    # What depends on an audience is asked of each organisation's terms in turn.
    anyone = ProgrammeFilter(
        audiences=(0,),
        ects_min=chosen.ects_min,
        ects_max=chosen.ects_max,
        open_on=chosen.open_on,
    )
    if chosen.open_on:
        still = ProgrammeFilter(open_on=chosen.open_on)._columns()
        rest &= Q(programme_id__in=Programme.objects.order_by().filter(*still).values("pk"))
    fits = rest & anyone.which_terms()
    kinds = chosen.terms or ("own", "guests")
    terms = ProgrammeAccess.objects.filter(organisation__isnull=False)
    parts = []
    if "own" in kinds:
        parts.append(_one_where(fits, 1))
    if "guests" in kinds:
        guests = ProgrammeAccess.objects.filter(fits, organisation__isnull=True)
        parts.append(_one_where(Q(programme_id__in=guests.values("programme_id")), -1))
        # Only forms see to it that guests have one set of terms in a programme.
        tally.total("guests", guests, Count("programme_id", distinct=True))
    else:
        terms = terms.filter(fits)
    for place, part in enumerate(parts):
        terms = terms.annotate(**{f"part_{place}": part})
    number: Any = sum(Sum(f"part_{place}") for place in range(len(parts)))
    tally.group("home", terms, "organisation_id", chosen.audiences, number=number, most=None)


def _one_where(condition: Q, number: int) -> Any:
    """`number` in rows of which `condition` holds, 0 in others."""
    if not condition:
        return Value(number, output_field=IntegerField())
    return Case(When(condition, then=Value(number)), default=Value(0), output_field=IntegerField())


def _homes(chosen: ProgrammeFilter, others: Tallied) -> dict[str, int]:
    """How many programmes there are for students of each organisation: what
    :func:`_tally_homes` counted of each, and what guests may take."""
    guests = others.number("guests")
    own = {str(key): 0 for key in chosen.audiences} | others.of("home")
    return {
        key: number + guests
        for key, number in own.items()
        if number + guests or int(key) in chosen.audiences
    }


def _highest(counts: dict[str, int], selected: Collection[int]) -> dict[str, int]:
    """The selected rows, and those with the highest counts: as many as a facet has."""
    keys = sorted(counts, key=lambda key: (int(key) not in selected, -counts[key], int(key)))
    return {key: counts[key] for key in keys[: MOST_VALUES + len(selected)]}


def _programme_values(
    chosen: ProgrammeFilter,
    context: ReadContext,
    total: int,
    counts: dict[str, Any],
    others: Tallied,
) -> s.RegionalProgrammeFacets:
    homes = _homes(chosen, others)
    labels = Labels(context, {**others.totals, "home": len(homes)})
    in_language = context.words_language
    return s.RegionalProgrammeFacets.shape(
        count=total,
        type=labels.vocabulary(v.ProgrammeType, counts["type"], chosen.types),
        level=labels.vocabulary(v.Level, counts["level"], chosen.levels),
        language=labels.codes(
            "language",
            counts["language"],
            chosen.languages,
            lambda code: language_name(code, in_language),
        ),
        mode=labels.vocabulary(v.ModeOfStudy, counts["mode"], chosen.modes),
        delivery=labels.vocabulary(v.ModeOfDelivery, counts["delivery"], chosen.deliveries),
        field=_fields(labels, others.of("field"), chosen.fields),
        alliance=labels.rows("alliance", Alliance, others.of("alliance"), chosen.alliances, "name"),
        provider=labels.rows(
            "provider", Organisation, others.of("provider"), chosen.providers, "name"
        ),
        theme=labels.rows("theme", Theme, others.of("theme"), chosen.themes, "label"),
        home=labels.rows(
            "home", Organisation, _highest(homes, chosen.audiences), chosen.audiences, "name"
        ),
        status=labels.vocabulary(Status, counts["status"], chosen.statuses),
        joint=_joint(
            labels, others, total if chosen.joint is None else others.number("either"), chosen.joint
        ),
        open=_open(labels, others.number("open"), chosen, context),
        truncated=labels.truncated,
    )


def _fields(
    labels: Labels, counts: dict[str, int], selected: tuple[str, ...]
) -> list[s.RegionalFacetValue]:
    """Broad fields, and the selected ones; a programme of several counts for each once."""
    found: Counter[str] = Counter()
    for stored, number in counts.items():
        codes = stored.strip("|").split("|")
        held = {code[:2] for code in codes}
        held |= {each for each in selected if any(code.startswith(each) for code in codes)}
        found.update(dict.fromkeys(held, number))
    values = labels.codes("field", found, selected, field_label)
    return sorted(values, key=lambda each: each.value)


def _joint(
    labels: Labels, others: Tallied, either: int, selected: bool | None
) -> list[s.RegionalFacetValue]:
    joint = others.number("joint")
    numbers = {"true": joint, "false": either - joint}
    words = {
        "true": gettext("Several providers"),
        "false": gettext("One provider"),
    }
    chosen = () if selected is None else (str(selected).lower(),)
    return [
        labels._value(key, words[key], number, chosen)
        for key, number in numbers.items()
        if number or key in chosen
    ]


def _open(
    labels: Labels, number: int, chosen: ProgrammeFilter, context: ReadContext
) -> list[s.RegionalFacetValue]:
    today = context.moment.today
    value = "now" if chosen.open_on in (None, today) else str(chosen.open_on)
    selected = (value,) if chosen.open_on else ()
    if not (number or selected):
        return []
    return [labels._value(value, gettext("Open for applications"), number, selected)]


# --- Organisations -------------------------------------------------------------------------------


def organisation_facets(
    chosen: OrganisationFilter, context: ReadContext
) -> s.RegionalOrganisationFacets:
    """The facets of the organisations that `chosen` finds."""
    context.shown |= {"organisations", "alliances", "themes"}
    columns = [
        Column("type", "type", chosen.types),
        Column("country", "country", chosen.countries),
        Column("status", "current_status", chosen.statuses),
    ]
    rows = chosen.without("types", "countries", "statuses").apply(
        Organisation.objects.with_status(context.moment), context.moment
    )
    total, counts = count_columns(rows, columns)
    others = _organisation_tally(chosen, context).counts()
    labels = Labels(context, others.totals)
    return s.RegionalOrganisationFacets.shape(
        count=total,
        type=labels.vocabulary(v.OrganisationType, counts["type"], chosen.types),
        role=labels.vocabulary(v.MemberRole, others.of("role"), chosen.roles),
        alliance=labels.rows("alliance", Alliance, others.of("alliance"), chosen.alliances, "name"),
        activity=labels.vocabulary(v.Activity, _activities(others), chosen.activities),
        theme=labels.rows("theme", Theme, others.of("theme"), chosen.themes, "label"),
        country=labels.codes(
            "country",
            counts["country"],
            chosen.countries,
            lambda code: country_name(code, context.words_language),
        ),
        locality=labels.codes("locality", others.of("locality"), chosen.localities),
        lau=labels.codes("lau", others.of("lau"), chosen.lau_codes),
        status=labels.vocabulary(Status, counts["status"], chosen.statuses),
        truncated=labels.truncated,
    )


def _activities(others: Tallied) -> dict[str, int]:
    return {code: others.number(f"activity {code}") for code in v.Activity.values}


def _organisation_tally(chosen: OrganisationFilter, context: ReadContext) -> Tally:
    tally, moment = Tally(), context.moment
    # Who they are, apart from what ties them to alliances.
    own = chosen.without("alliances", "roles", "themes", "activities")
    ties = Membership.objects.filter(organisation__isnull=False)
    if own != OrganisationFilter():
        people = own.apply(Organisation.objects.order_by(), moment)
        ties = ties.filter(organisation_id__in=people.values("pk"))
    number = Count("organisation_id", distinct=True)

    def fitting(name: str) -> QuerySet:
        return ties.filter(chosen.without(name).membership())

    tally.group("role", fitting("roles"), "role", chosen.roles, number=number)
    tally.group("alliance", fitting("alliances"), "alliance_id", chosen.alliances, number=number)
    tally.group("theme", fitting("themes"), "alliance__themes__pk", chosen.themes, number=number)
    for code in v.Activity.values:
        about = fitting("activities").filter(alliance__activities__has=code)
        tally.total(f"activity {code}", about, number)
    for name, fields, column in (
        ("locality", "localities", "locality"),
        ("lau", "lau_codes", "lau_code"),
    ):
        rows = chosen.without(fields).apply(Organisation.objects.exclude(**{column: ""}), moment)
        tally.group(name, rows, column, getattr(chosen, fields))
    return tally


# --- Alliances -----------------------------------------------------------------------------------


def alliance_facets(chosen: AllianceFilter, context: ReadContext) -> s.RegionalAllianceFacets:
    """The facets of the alliances that `chosen` finds."""
    context.shown |= {"organisations", "alliances", "themes"}
    columns = [
        Column("type", "type", chosen.types),
        Column("activity", "activities", chosen.activities),
        Column("status", "current_status", chosen.statuses),
    ]
    rows = chosen.without("types", "activities", "statuses").apply(
        Alliance.objects.with_status(context.moment), context.moment
    )
    total, counts = count_columns(rows, columns)
    others = _alliance_tally(chosen, context).counts()
    labels = Labels(context, others.totals)
    return s.RegionalAllianceFacets.shape(
        count=total,
        type=labels.vocabulary(v.AllianceType, counts["type"], chosen.types),
        activity=labels.vocabulary(v.Activity, counts["activity"], chosen.activities),
        theme=labels.rows("theme", Theme, others.of("theme"), chosen.themes, "label"),
        member=labels.rows("member", Organisation, others.of("member"), chosen.members, "name"),
        role=labels.vocabulary(v.MemberRole, others.of("role"), chosen.roles),
        country=labels.codes(
            "country",
            others.of("country"),
            chosen.countries,
            lambda code: country_name(code, context.words_language),
        ),
        locality=labels.codes("locality", others.of("locality"), chosen.localities),
        lau=labels.codes("lau", others.of("lau"), chosen.lau_codes),
        status=labels.vocabulary(Status, counts["status"], chosen.statuses),
        truncated=labels.truncated,
    )


def _alliance_tally(chosen: AllianceFilter, context: ReadContext) -> Tally:
    tally, moment = Tally(), context.moment
    # What they are, apart from who their members are.
    own = chosen.without("members", "roles", "localities", "countries", "lau_codes", "near", "box")
    ties = Membership.objects.all()
    if own != AllianceFilter():
        ties = ties.filter(alliance_id__in=own.apply(Alliance.objects.order_by(), moment))
    number = Count("alliance_id", distinct=True)

    def fitting(name: str) -> QuerySet:
        return ties.filter(chosen.without(name).membership())

    for name, fields, column in (
        ("role", "roles", "role"),
        ("member", "members", "organisation_id"),
        ("country", "countries", "organisation__country"),
        ("locality", "localities", "organisation__locality"),
        ("lau", "lau_codes", "organisation__lau_code"),
    ):
        rows = fitting(fields).exclude(**{f"{column}__isnull": True})
        tally.group(name, rows, column, getattr(chosen, fields), number=number)
    about = Alliance.themes.through.objects.all()
    if (others := chosen.without("themes")) != AllianceFilter():
        about = about.filter(alliance_id__in=others.apply(Alliance.objects.order_by(), moment))
    tally.group("theme", about, "theme_id", chosen.themes)
    return tally
