"""Terms of access: on what terms students may enrol in a programme, and until when.

Students of an organisation enrol on the terms that a programme has for it; where it has none, on
those for guests. Whatever is asked of terms must hold for one and the same.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from wagtail_regional.filters.examples import LEIDEN
from wagtail_regional.filters.kinds import Choice, Codes, Day, Number, Rows
from wagtail_regional.filters.questions import (
    Answers,
    Facet,
    Filter,
    Now,
    Order,
    Question,
    Related,
    Rule,
    any_of,
)
from wagtail_regional.filters.tally import Tallied, Tally
from wagtail_regional.filters.values import FIRST_DAY, LAST_DAY
from wagtail_regional.lifecycle import Moment, ended_q
from wagtail_regional.models import Organisation, Programme, ProgrammeAccess
from wagtail_regional.models.visibility import visible
from wagtail_regional.vocabularies import StudyLoadUnit

#: The terms that count: those of the students' own organisation, and those for guests.
TERMS = ("own", "guests")


class TermsOfAccess(Related):
    """The terms of a programme."""

    def conditions(self, chosen: Filter, moment: Moment) -> list[Any]:
        conditions: list[Any] = []
        bounds, day = _bounds(chosen), application_day(chosen)
        if bounds and not chosen["home"]:
            conditions += [Q(**{f"study_load__{bound}": value}) for bound, value in bounds]
            conditions.append(Q(study_load_unit=StudyLoadUnit.ECTS))
        if day:
            conditions.append(goes_on_q(day))
        if day or chosen["home"] or chosen["terms"]:
            terms = self.of_outer_row(moment).filter(self.fitting(chosen, moment))
            conditions.append(Exists(terms))
        return conditions

    def fitting(self, chosen: Filter, moment: Moment) -> Q:
        return whose_terms(chosen, moment) & which_terms(chosen, bool(chosen["home"]))


TERMS_OF_ACCESS = TermsOfAccess(ProgrammeAccess, "programme_id")


def application_day(chosen: Filter) -> dt.date | None:
    """The day on which one wants to apply: a day or two are known, and it is not outside them,
    and the programme has not ended."""
    day: dt.date | None = chosen["open"] or chosen["open_on"]
    return day


def whose_terms(chosen: Filter, moment: Moment) -> Q:
    """Terms of access of whom it concerns."""
    home, kinds = chosen["home"], chosen["terms"] or TERMS
    guests = Q(organisation__isnull=True)
    own = Q(organisation_id__in=home) if home else ~guests
    if home:
        theirs = visible(ProgrammeAccess, moment).filter(programme_id=OuterRef("programme_id"))
        guests &= any_of(~Exists(theirs.filter(organisation_id=each)) for each in home)
    if not home and len(set(kinds)) == len(TERMS):
        return Q()
    wanted = {"own": own, "guests": guests}
    return any_of(wanted[each] for each in dict.fromkeys(kinds))


def which_terms(chosen: Filter, of_somebody: bool) -> Q:
    """Terms of access that say what is wanted.

    Args:
        of_somebody: whether it is asked what somebody's students get; then it is ECTS by the
            terms that count, and where these do not say, the study load.
    """
    condition = Q()
    if bounds := _bounds(chosen) if of_somebody else []:
        named, load = Q(), Q(ects__isnull=True, programme__study_load_unit=StudyLoadUnit.ECTS)
        for bound, value in bounds:
            named &= Q(**{f"ects__{bound}": value})
            load &= Q(**{f"programme__study_load__{bound}": value})
        condition &= named | load
    day = application_day(chosen)
    return condition & open_q(day) if day else condition


def _bounds(chosen: Filter) -> list[tuple[str, float]]:
    bounds = {"gte": chosen["ects_min"], "lte": chosen["ects_max"]}
    return [(bound, value) for bound, value in bounds.items() if value is not None]


def open_q(day: dt.date) -> Q:
    """Terms of access under which one can apply on `day`. Without any date nobody knows."""
    opens, closes = Q(application_opens__isnull=True), Q(application_closes__isnull=True)
    begun = opens | Q(application_opens__lte=day)
    return begun & (closes | Q(application_closes__gte=day)) & ~(opens & closes)


def goes_on_q(day: dt.date) -> Q:
    """Programmes that have not ended before `day`."""
    return ~ended_q(Moment(day, 0))


# --- Sorting -------------------------------------------------------------------------------------


def _fitting_terms(chosen: Filter, moment: Moment) -> QuerySet[ProgrammeAccess, Any]:
    terms = TERMS_OF_ACCESS.of_outer_row(moment).order_by()
    return terms.filter(TERMS_OF_ACCESS.fitting(chosen, moment))


def _ects(chosen: Filter, moment: Moment) -> Any:
    load = Case(When(study_load_unit=StudyLoadUnit.ECTS, then=F("study_load")))
    if not chosen["home"]:
        return load
    terms = _fitting_terms(chosen, moment).values("programme_id")
    return Coalesce(Subquery(terms.annotate(least=Min("ects")).values("least")), load)


def _deadline(chosen: Filter, moment: Moment) -> Any:
    coming = _fitting_terms(chosen, moment).filter(application_closes__gte=moment.today)
    coming = coming.values("programme_id")
    return Subquery(coming.annotate(first=Min("application_closes")).values("first"))


ORDERS = (
    Order("ects", _ects, label=_("ECTS, fewest first"), label_down=_("ECTS, most first")),
    Order("deadline", _deadline, label=_("Deadline, soonest first")),
)


# --- Counting ------------------------------------------------------------------------------------


class ByHome(Facet):
    """For whoever studies at an organisation: programmes with terms of its own that fit, and
    those with fitting terms for guests in which it has none of its own.

    What fits is counted of each organisation's own terms. Of the programmes with fitting terms
    for guests, which are the same for all, those are taken off in which it has terms of its own.
    So an organisation counts that has terms in any programme, though in none that is found here.
    """

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        others = chosen.without_those_within(TERMS_OF_ACCESS)
        rest = TERMS_OF_ACCESS.of_rows(others, moment)
        if day := application_day(chosen):
            going_on = visible(Programme, moment).order_by().filter(goes_on_q(day))
            rest &= Q(programme_id__in=going_on.values("pk"))
        # What depends on a home is asked of each organisation's terms in turn.
        fits = rest & which_terms(chosen, True)
        kinds = chosen["terms"] or TERMS
        everybody = visible(ProgrammeAccess, moment)
        terms = everybody.filter(organisation__isnull=False)
        parts = []
        if "own" in kinds:
            parts.append(_one_where(fits, 1))
        if "guests" in kinds:
            guests = everybody.filter(fits, organisation__isnull=True)
            parts.append(_one_where(Q(programme_id__in=guests.values("programme_id")), -1))
            # Only forms see to it that guests have one set of terms in a programme.
            tally.total("guests", guests, Count("programme_id", distinct=True))
        else:
            terms = terms.filter(fits)
        for place, part in enumerate(parts):
            terms = terms.annotate(**{f"part_{place}": part})
        number: Any = sum(Sum(f"part_{place}") for place in range(len(parts)))
        tally.group(
            question.name, terms, "organisation_id", chosen["home"], number=number, most=None
        )

    def read(
        self, question: Question, chosen: Filter, moment: Moment, tallied: Tallied
    ) -> dict[str, int]:
        guests = tallied.number("guests")
        own = {str(key): 0 for key in chosen["home"]} | dict(tallied.of(question.name))
        return {
            key: number + guests
            for key, number in own.items()
            if number + guests or int(key) in chosen["home"]
        }


def _one_where(condition: Q, number: int) -> Any:
    """`number` in rows of which `condition` holds, 0 in others."""
    if not condition:
        return Value(number, output_field=IntegerField())
    return Case(When(condition, then=Value(number)), default=Value(0), output_field=IntegerField())


class ByOpen(Facet):
    """What is open for applications today, or on the day asked for."""

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        day = application_day(chosen) or moment.today
        opened = chosen.without("open").asking(open_on=day)
        tally.total(question.name, opened.rows(moment))

    def read(
        self, question: Question, chosen: Filter, moment: Moment, tallied: Tallied
    ) -> dict[str, int]:
        return {self._value(chosen, moment): tallied.number(question.name)}

    def selected(self, question: Question, chosen: Filter, moment: Moment) -> tuple[str, ...]:
        return (self._value(chosen, moment),) if application_day(chosen) else ()

    @staticmethod
    def _value(chosen: Filter, moment: Moment) -> str:
        day = application_day(chosen)
        return "now" if day in (None, moment.today) else str(day)

    def label(self, question: Question, value: str, language: str) -> str:
        return str(question.label)


# --- What may be asked ---------------------------------------------------------------------------


def _today(answers: Answers, now: Now) -> dt.date | None:
    return now().today if answers.get("open") else None


ECTS = Number(most=100_000)

QUESTIONS = (
    Question(
        "home",
        Rows(Organisation, most_values=20),
        "“I study at”: only what students of this organisation may take. The answer has the terms "
        "that hold for them alone: their own or, in a programme without terms of their own, those "
        "for guests.",
        [LEIDEN],
        within=TERMS_OF_ACCESS,
        label=_("I study at"),
        facet=ByHome(
            "Organisations that some programme has terms for: how many programmes, found by the "
            "others, their students may take."
        ),
    ),
    Question(
        "terms",
        Codes((("own", _("For students of the organisation")), ("guests", _("For guests")))),
        "Whose terms count: `own`, an organisation's (with `home`: of that one), or `guests`; "
        "both where left out.",
        ["own"],
        within=TERMS_OF_ACCESS,
        label=_("Terms"),
    ),
    Question(
        "open",
        Choice((("now", _("today")),)),
        "`now`: only what one can apply for today. Terms without any date say nothing, and do not "
        "count.",
        "now",
        within=TERMS_OF_ACCESS,
        read=_today,
        label=_("Open for applications"),
        facet=ByOpen("Open for applications today, or on the day asked for."),
    ),
    Question(
        "open_on",
        Day(),
        "The same on another day, such as 2026-09-01; not with `open`. From the year "
        f"{FIRST_DAY.year} to {LAST_DAY.year}.",
        "2026-09-01",
        within=TERMS_OF_ACCESS,
        label=_("Open for applications on"),
    ),
    Question(
        "ects_min",
        ECTS,
        "At least so many ECTS: those that `home` gets by the terms that hold for it; where these "
        "do not say, or without `home`, the study load, if it is in ECTS.",
        15,
        within=TERMS_OF_ACCESS,
        label=_("ECTS, at least"),
    ),
    Question(
        "ects_max",
        ECTS,
        "At most so many ECTS; as `ects_min`.",
        30,
        within=TERMS_OF_ACCESS,
        label=_("ECTS, at most"),
    ),
)


def _crossed(answers: Answers) -> bool:
    least, most = answers.get("ects_min"), answers.get("ects_max")
    return least is not None and most is not None and least > most


RULES = (
    Rule(
        "ects_min",
        _crossed,
        "ects_min {ects_min:g} is more than ects_max {ects_max:g}. Turn them round.",
        _("At most %(ects_max)g ECTS is less than at least %(ects_min)g. Turn them round."),
        shown_at="ects_max",
    ),
    Rule(
        "open_on",
        lambda answers: bool(answers.get("open") and answers.get("open_on")),
        "Give open or open_on, not both.",
        _("Choose today or another day, not both."),
        shown_at="open_on",
    ),
)
