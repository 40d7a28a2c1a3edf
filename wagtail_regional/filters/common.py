"""Questions that are asked of several kinds of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_regional.filters.examples import THEME
from wagtail_regional.filters.facets import ByColumn
from wagtail_regional.filters.geo import Circle
from wagtail_regional.filters.kinds import Area, Number, OpenCodes, Point, Rows, Words, statuses
from wagtail_regional.filters.questions import Answers, Facet, Filter, Now, Question, Related, Rule
from wagtail_regional.filters.values import CountryCode, LauCode, Name
from wagtail_regional.languages import country_name
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import Theme
from wagtail_regional.models.words import HasWords
from wagtail_regional.text import words_of

#: How far around a point one looks who does not say.
USUAL_RADIUS_KM = 10


def _has_words(text: str, moment: Moment) -> Any:
    return HasWords(words) if (words := words_of(text)) else Q()


WORDS = Question(
    "q",
    Words(),
    "Words, each of which begins a word of the name, in any language, of the acronym, or of the "
    "other short texts. Accents and case do not matter.",
    "delta",
    _has_words,
)


def status_of(model: Any) -> Question:
    """Where rows of a model stand."""
    return Question(
        "status",
        statuses(model),
        "Where it stands today.",
        ["active", "ending_soon"],
        "current_status__in",
        by_day=True,
        facet=ByColumn(),
        label=_("Status"),
    )


def themes(through: Any, owner: str, facet: Facet | None = None) -> Question:
    """The themes of a row.

    Args:
        through: the table that ties them.
        owner: its column that leads to the row.
    """
    return Question(
        "theme",
        Rows(Theme, "label"),
        "Its themes.",
        [THEME],
        "theme_id__in",
        within=Related(through, owner),
        facet=facet,
        label=_("Theme"),
    )


# --- Where an organisation is --------------------------------------------------------------------


def _circle(answers: Answers, now: Now) -> Circle | None:
    point = answers.get("near")
    return Point.circle(point, answers.get("radius_km") or USUAL_RADIUS_KM) if point else None


def _nothing(answers: Answers, now: Now) -> None:
    """`near` has it already."""


def places(
    prefix: str = "", within: Related | None = None, **facets: Facet
) -> tuple[Question, ...]:
    """Where an organisation is.

    Args:
        prefix: leads to it, such as ``organisation__``.
        facets: by the names of the questions.
    """

    def lies_in(area: Any, moment: Moment) -> Q:
        condition: Q = area.condition(prefix)
        return condition

    asked = (
        Question(
            "country",
            OpenCodes(CountryCode, name=country_name),
            "ISO 3166-1 alpha-2 codes, such as NL.",
            ["NL"],
            f"{prefix}country__in",
            label=_("Country"),
        ),
        Question(
            "locality",
            OpenCodes(Name),
            "Towns, spelled as the registry has them.",
            ["Leiden"],
            f"{prefix}locality__in",
            label=_("Place"),
        ),
        Question(
            "lau",
            OpenCodes(LauCode),
            "LAU codes of municipalities, such as GM0546.",
            ["GM0546"],
            f"{prefix}lau_code__in",
            label=_("Municipality"),
        ),
        Question(
            "near",
            Point(),
            "A point, as `latitude,longitude` in degrees (WGS 84): `52.16,4.49`.",
            "52.16,4.49",
            lies_in,
            read=_circle,
        ),
        Question(
            "radius_km",
            Number(most=20_100, above_zero=True),
            "How far from `near`, in kilometres, as the crow flies; "
            f"{USUAL_RADIUS_KM} where left out.",
            25,
            read=_nothing,
        ),
        Question(
            "bbox",
            Area(),
            "A box, as `west,south,east,north` in degrees (RFC 7946); with west of more than east "
            "it crosses the antimeridian.",
            "4.2,52.0,4.7,52.3",
            lies_in,
        ),
    )
    return tuple(replace(each, within=within, facet=facets.get(each.name)) for each in asked)


PLACE_RULES = (
    Rule(
        "radius_km",
        lambda answers: answers.get("radius_km") is not None and answers.get("near") is None,
        f"radius_km needs near: give near={Point.form} with it.",
    ),
)


def distance(chosen: Filter, moment: Moment) -> Any:
    """How far an organisation is from the point that is asked for."""
    return chosen["near"].distance()
