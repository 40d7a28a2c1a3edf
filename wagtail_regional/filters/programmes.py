"""What may be asked of programmes."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_regional import vocabularies as v
from wagtail_regional.compat import union_of
from wagtail_regional.filters import common, terms
from wagtail_regional.filters.examples import LEIDEN, MEDICAL_DELTA
from wagtail_regional.filters.facets import ByColumn, ByRelated
from wagtail_regional.filters.kinds import OpenCodes, Rows, Words, YesNo, codes
from wagtail_regional.filters.questions import (
    Answers,
    Facet,
    Filter,
    Now,
    Order,
    Question,
    Related,
    any_of,
)
from wagtail_regional.filters.tally import Tallied, Tally
from wagtail_regional.filters.values import FieldCode, LanguageTag
from wagtail_regional.languages import language_name
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import (
    Alliance,
    Organisation,
    Programme,
    ProgrammeCode,
    ProgrammeProvider,
)
from wagtail_regional.models.visibility import visible
from wagtail_regional.models.words import HasWords
from wagtail_regional.text import words_of

#: So many programmes are found by the beginning of a code before anything else is asked, which
#: spares the other queries the search. Of more, they are left to it.
FEW_BY_CODE = 500


# --- By words or by a code -----------------------------------------------------------------------


class Search(NamedTuple):
    """Words, or the beginning of a code that a programme has in a catalogue or at a partner.

    Attributes:
        text: words, each of which begins a word of the name or summary, in any language.
        coded: programmes (primary keys) that are found by code.
        code: the beginning of a code that finds, too, in place of `coded`.
    """

    text: str
    coded: tuple[int, ...] = ()
    code: str = ""


def search_for(text: str, moment: Moment) -> Search | None:
    """What finds programmes by words or by the beginning of a code."""
    text = text.strip()
    if not words_of(text):
        return None
    found = [pk for (pk,) in union_of(_with_code(text, moment), distinct=True)[: FEW_BY_CODE + 1]]
    if len(found) > FEW_BY_CODE:
        return Search(text, code=text)
    return Search(text, tuple(sorted(found)))


def _with_code(text: str, moment: Moment) -> list[QuerySet[Any, Any]]:
    """Primary keys of programmes that have a code that begins with `text`."""
    catalogued = visible(ProgrammeCode, moment).filter(value__istartswith=text)
    partners = visible(ProgrammeProvider, moment).filter(partner_code__istartswith=text)
    return [each.order_by().values_list("programme_id") for each in (catalogued, partners)]


def _found_by(search: Search, moment: Moment) -> Q:
    found = Q(HasWords(words_of(search.text)))
    if search.coded:
        found |= Q(pk__in=search.coded)
    if search.code:
        found |= any_of(Q(pk__in=each) for each in _with_code(search.code, moment))
    return found


def _read_search(answers: Answers, now: Now) -> Search | None:
    return search_for(answers.get("q") or "", now())


# --- By field of education -----------------------------------------------------------------------


def field_label(code: str, language: str | None = None) -> str:
    """What a field of education is called: of narrower ones, the broad field's name and the
    code."""
    broad = v.BroadField(code[:2]) if code[:2] in v.BroadField.values else None
    if broad is None:
        return code
    return str(broad.label) if len(code) == 2 else f"{broad.label} ({code})"


def _in_field(wanted: tuple[str, ...], moment: Moment) -> Q:
    return any_of(Q(isced_fields__contains=f"|{each}") for each in wanted)


class ByField(Facet):
    """Broad fields, and the ones asked for; a programme of several counts for each once."""

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        rows = visible(Programme, moment).exclude(isced_fields="")
        found = chosen.without(question.name).apply(rows, moment)
        tally.group(question.name, found, "isced_fields", most=None)

    def read(
        self, question: Question, chosen: Filter, moment: Moment, tallied: Tallied
    ) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for stored, number in tallied.of(question.name).items():
            held = stored.strip("|").split("|")
            counted = {code[:2] for code in held}
            counted |= {
                each
                for each in chosen[question.name]
                if any(code.startswith(each) for code in held)
            }
            counts.update(dict.fromkeys(counted, number))
        return counts


# --- By the number of providers ------------------------------------------------------------------


def _is_joint(joint: bool, moment: Moment) -> Q:
    """Several providers: there is one, and another one after it."""
    everybody = visible(ProgrammeProvider, moment)
    providers = everybody.filter(programme_id=OuterRef("pk"))
    others = everybody.filter(programme_id=OuterRef("programme_id"), pk__gt=OuterRef("pk"))
    several = Q(Exists(providers.filter(Exists(others))))
    return several if joint else ~several


class ByJoint(Facet):
    """Programmes of several providers, and those of one."""

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        either = chosen.without(question.name).rows(moment)
        if chosen[question.name] is not None:
            tally.total("either", either)
        providers = visible(ProgrammeProvider, moment).order_by().values("programme_id")
        several = providers.annotate(providers=Count("*")).filter(providers__gt=1)
        tally.total(question.name, either.filter(pk__in=several.values("programme_id")))

    def read(
        self, question: Question, chosen: Filter, moment: Moment, tallied: Tallied
    ) -> dict[str, int]:
        joint = tallied.number(question.name)
        asked = chosen[question.name] is not None
        either = tallied.number("either") if asked else tallied.total
        return {"true": joint, "false": either - joint}

    def selected(self, question: Question, chosen: Filter, moment: Moment) -> tuple[str, ...]:
        joint = chosen[question.name]
        return () if joint is None else (str(joint).lower(),)


# --- The table -----------------------------------------------------------------------------------


class ProgrammeFilter(Filter):
    """Which programmes. What depends on terms of access (`home`, `terms`, `open`, `open_on` and,
    with `home`, ECTS) must hold for one and the same terms."""

    model = Programme
    description = (
        "What narrows programmes. What depends on terms of access (`home`, `terms`, `open`, "
        "`open_on` and, with `home`, ECTS) must hold for one and the same terms."
    )
    questions = (
        Question(
            "q",
            Words(),
            "Words, each of which begins a word of the name or summary, in any language; accents "
            "and case do not matter. Or the beginning of a code.",
            "delta",
            _found_by,
            read=_read_search,
            label=_("Search"),
        ),
        *terms.QUESTIONS,
        Question(
            "type",
            codes(v.ProgrammeType),
            "Types of programme.",
            ["minor"],
            "type__in",
            facet=ByColumn(),
            label=_("Type"),
        ),
        Question(
            "level",
            codes(v.Level),
            "Levels.",
            ["bachelor"],
            "level__in",
            facet=ByColumn(),
            label=_("Level"),
        ),
        Question(
            "language",
            OpenCodes(
                LanguageTag,
                _("“%(value)s” is not a language code, such as nl or en."),
                language_name,
            ),
            "Teaching languages (BCP 47), such as nl or pt-BR.",
            ["en"],
            "teaching_languages__has_any",
            facet=ByColumn(),
            label=_("Teaching language"),
            indexed="teaching_languages__has_any_indexed",
        ),
        Question(
            "field",
            OpenCodes(
                FieldCode,
                _("“%(value)s” is not an ISCED-F field, such as 09 or 0912."),
                field_label,
                in_order=True,
            ),
            "Fields of education (ISCED-F), two to six digits; 09 finds 0912, too.",
            ["09"],
            _in_field,
            facet=ByField("Broad fields (ISCED-F), and the ones asked for."),
            label=_("Field of education"),
            indexed="isced_fields__begins_any_indexed",
            indexed_of_few="isced_fields__begins_any_of_few",
        ),
        common.themes(Programme.themes.through, "programme_id", ByRelated()),
        Question(
            "mode",
            codes(v.ModeOfStudy),
            "Modes of study.",
            ["part_time"],
            "modes_of_study__has_any",
            facet=ByColumn(),
            label=_("Mode of study"),
        ),
        Question(
            "delivery",
            codes(v.ModeOfDelivery),
            "Modes of delivery.",
            ["online"],
            "modes_of_delivery__has_any",
            facet=ByColumn(),
            label=_("Where and how"),
        ),
        Question(
            "alliance",
            Rows(Alliance),
            "Alliances that it belongs to.",
            [MEDICAL_DELTA],
            "alliance_id__in",
            within=Related(Programme.alliances.through, "programme_id"),
            facet=ByRelated(),
            label=_("Alliance"),
        ),
        Question(
            "provider",
            Rows(Organisation),
            "Organisations that provide it.",
            [LEIDEN],
            "organisation_id__in",
            within=Related(ProgrammeProvider, "programme_id"),
            facet=ByRelated(),
            label=_("Given by"),
        ),
        Question(
            "joint",
            YesNo((("true", _("Several providers")), ("false", _("One provider")))),
            "Whether several organisations provide it.",
            True,
            _is_joint,
            facet=ByJoint(),
            label=_("Providers"),
        ),
        common.status_of(Programme),
    )
    rules = terms.RULES
    orders = (
        Order("name", label=_("Name"), label_down=_("Name, from Z to A")),
        Order("type", nullable=False, label=_("Type")),
        Order("starts", label=pgettext_lazy("order", "Start date")),
        *terms.ORDERS,
    )
    order_description = (
        "`ects` and `deadline` are those of `home`, if given; `deadline` is the next one from "
        "today. A hyphen turns the order round; what lacks the value comes last."
    )
