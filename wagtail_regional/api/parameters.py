"""Query parameters: what each endpoint takes, and the refusal of everything else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    field_validator,
    model_validator,
)
from pydantic import ValidationError as Invalid

from wagtail_regional import vocabularies as v
from wagtail_regional.api.examples import of_parameter
from wagtail_regional.api.problems import refusal, refusal_of
from wagtail_regional.conf import conf
from wagtail_regional.filters import READER_ORDERS, TERMS
from wagtail_regional.filters.geo import Box, Circle
from wagtail_regional.filters.partners import ALLIANCE_ORDERS, ORGANISATION_ORDERS
from wagtail_regional.filters.programmes import FIRST_DAY, LAST_DAY
from wagtail_regional.filters.values import (
    AS_DAY,
    AS_DECIMAL,
    AS_WHOLE,
    Boolean,
    CountryCode,
    Id,
    LanguageTag,
    LauCode,
    is_decimal,
)
from wagtail_regional.languages import content_languages
from wagtail_regional.models import Alliance, Organisation, Programme, Project
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.tags import headers
from wagtail_regional.schemas.encoding import to_json
from wagtail_regional.text import words_of

#: What can be searched for.
SEARCH_KINDS = ("organisation", "alliance", "project", "programme", "page")

#: The most features in one answer of GeoJSON.
MOST_FEATURES = 1000


Ects = Annotated[float, Field(ge=0, le=100_000), AS_DECIMAL]
Kilometres = Annotated[float, Field(gt=0, le=20_100), AS_DECIMAL]
Offset = Annotated[int, Field(ge=0, le=10_000_000), AS_WHOLE]


def statuses_of(model: Any) -> Any:
    """The codes of the statuses that rows of a model can have."""
    return Literal[tuple(each.value for each in model.statuses())]


def both_ways(orders: Iterable[str]) -> list[str]:
    """The orders, each also with the hyphen that turns it round."""
    return [way for order in orders for way in (order, f"-{order}")]


def _without_null(value: str) -> str:
    if "\x00" in value:
        raise ValueError("There is a null character in this text. Leave it out.")
    return value


#: PostgreSQL takes no null character in a text.
SoundText = Annotated[str, AfterValidator(_without_null)]
#: Words to look for.
Text = Annotated[SoundText, Field(max_length=100)]


class Parameters(Schema):
    """What a query may hold."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # Parameters become components of the OpenAPI document, too, and keep to our names.
        cls.__qualname__ = f"Regional{cls.__name__}"
        super().__init_subclass__(**kwargs)

    @model_validator(mode="wrap")
    @classmethod
    def refused_by_name(cls, data: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        """Refuse in our own words: ninja would say, of an item in a list only, in which argument
        of our view the list is."""
        try:
            return handler(data)
        except Invalid as error:
            raise refusal_of(error, cls.model_fields) from None

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """With an example of each. A parameter may be left out, but no query can say null."""
        described = handler(core_schema)
        schema = handler.resolve_ref_schema(described)
        more = cls.described()
        schema["properties"] = {
            name: _never_null(each)
            | {"example": of_parameter(cls.__name__, name)}
            | more.get(name, {})
            for name, each in schema.get("properties", {}).items()
        }
        return described

    @classmethod
    def described(cls) -> dict[str, dict[str, Any]]:
        """What the document says of parameters beside their types: what settings say."""
        return {}


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**{k: v for k, v in schema.items() if k not in ("anyOf", "default")}, **kinds[0]}


class LocaleParameters(Parameters):
    """The language of the words."""

    locale: str | None = Field(
        None, description="A content language of the site; texts that lack it fall back."
    )

    def check(self) -> None:
        """Whether the values fit together.

        Raises:
            ValidationError: naming a parameter that does not fit another one.
        """

    @field_validator("locale")
    @classmethod
    def known_locale(cls, value: str | None) -> str | None:
        languages = content_languages()
        # Capitals do not matter in a language tag (RFC 5646, 2.1.1).
        known = {each.lower(): each for each in languages}
        if value is not None and value.lower() not in known:
            raise ValueError(
                f"locale “{value}” is not a content language of this site. "
                f"Use one of: {', '.join(languages)}."
            )
        return known[value.lower()] if value is not None else None

    @classmethod
    def described(cls) -> dict[str, dict[str, Any]]:
        languages = content_languages()
        return {**super().described(), "locale": {"enum": languages, "example": languages[0]}}


def most_items() -> int | None:
    """The most items that a list answers; None for as many as are asked for. Wagtail's own APIs
    go by the same setting."""
    return getattr(settings, "WAGTAILAPI_LIMIT_MAX", 20)


def usual_items() -> int:
    """How many items a list answers that is not asked for another number."""
    most = most_items()
    return conf.API_PAGE_SIZE if most is None else min(conf.API_PAGE_SIZE, most)


class ListParameters(LocaleParameters):
    """A page of results."""

    limit: Annotated[int, Field(ge=1), AS_WHOLE] = Field(
        default_factory=usual_items, description="Items in one answer."
    )
    offset: Offset = Field(0, description="Items to pass over.")

    @field_validator("limit")
    @classmethod
    def bounded(cls, value: int) -> int:
        most = most_items()
        if most is not None and value > most:
            raise ValueError(f"limit {value} is too high. Ask for {most} at most.")
        return value

    @classmethod
    def described(cls) -> dict[str, dict[str, Any]]:
        bounds = {"default": usual_items(), "example": usual_items()}
        if (most := most_items()) is not None:
            bounds["maximum"] = most
        return {**super().described(), "limit": bounds}


class PageListParameters(ListParameters):
    type: list[Literal["region_index", "partnership", "programme_index"]] = Field(
        [], description="Types of page."
    )


class FindParameters(Parameters):
    path: SoundText = Field(
        description="The path of a page, such as /en/in-the-region/.", max_length=2000
    )


class PreviewParameters(Parameters):
    token: str = Field(description="As the address of the preview has it.", max_length=200)


class NoParameters(Parameters):
    """An endpoint without query parameters."""


class _Searching(Parameters):
    """Words to find."""

    q: Text = Field(
        "",
        description="Words, each of which begins a word of the name, in any language, of the "
        "acronym, or of the other short texts. Accents and case do not matter.",
    )

    @field_validator("q")
    @classmethod
    def has_words(cls, value: str) -> str:
        if value.strip() and not words_of(value):
            raise ValueError(
                f"q “{value}” has neither a letter nor a digit. Give words, or leave q out."
            )
        return value


class _Places(Parameters):
    """Where organisations are."""

    country: list[CountryCode] = Field([], description="ISO 3166-1 alpha-2 codes, such as NL.")
    locality: list[Annotated[Text, Field(min_length=1)]] = Field(
        [], description="Towns, spelled as the registry has them."
    )
    lau: list[LauCode] = Field([], description="LAU codes of municipalities, such as GM0546.")
    near: str | None = Field(
        None,
        max_length=50,
        description="A point, as `latitude,longitude` in degrees (WGS 84): `52.16,4.49`.",
    )
    radius_km: Kilometres | None = Field(
        None,
        description="How far from `near`, in kilometres, as the crow flies; 10 where left out.",
    )
    bbox: str | None = Field(
        None,
        max_length=100,
        description="A box, as `west,south,east,north` in degrees (RFC 7946); with west of more "
        "than east it crosses the antimeridian.",
    )

    @field_validator("near")
    @classmethod
    def is_point(cls, value: str | None) -> str | None:
        if value is not None:
            latitude, _longitude = _numbers("near", value, "latitude,longitude", "52.16,4.49")
            _within("near", "latitude", latitude, 90)
            _within("near", "longitude", _longitude, 180)
        return value

    @field_validator("bbox")
    @classmethod
    def is_box(cls, value: str | None) -> str | None:
        if value is not None:
            west, south, east, north = _numbers(
                "bbox", value, "west,south,east,north", "4.2,52.0,4.7,52.3"
            )
            for name, number, most in (
                ("west", west, 180),
                ("south", south, 90),
                ("east", east, 180),
                ("north", north, 90),
            ):
                _within("bbox", name, number, most)
            if south > north:
                raise ValueError(
                    f"bbox has south {south:g} above north {north:g}. Give west,south,east,north."
                )
        return value

    def check(self) -> None:
        super().check()  # type: ignore[misc]
        if self.radius_km is not None and self.near is None:
            raise refusal(
                "radius_km", "radius_km needs near: give near=latitude,longitude with it."
            )

    def areas(self) -> dict[str, Any]:
        """The circle and the box asked for, as filters take them."""
        near = box = None
        if self.near is not None:
            latitude, longitude = map(float, self.near.split(","))
            near = Circle(latitude, longitude, self.radius_km or 10)
        if self.bbox is not None:
            box = Box(*map(float, self.bbox.split(",")))
        return {"near": near, "box": box}


def _numbers(name: str, value: str, form: str, example: str) -> list[float]:
    parts = value.split(",")
    if len(parts) != form.count(",") + 1 or not all(map(is_decimal, parts)):
        raise ValueError(f"{name} “{value}” is not of the form {form}, such as {example}.")
    return [float(each) for each in parts]


def _within(parameter: str, name: str, value: float, most: int) -> None:
    if abs(value) > most:
        raise ValueError(
            f"{parameter} has {name} {value:g}, which is not between -{most} and {most}."
        )


class OrganisationFilters(_Searching, _Places):
    """What narrows organisations. `alliance`, `role`, `theme` and `activity` must hold for one
    membership, present or past."""

    type: list[v.OrganisationType] = Field([], description="Types of organisation (ROR).")
    alliance: list[Id] = Field([], description="Alliances that it is or was a member of.")
    role: list[v.MemberRole] = Field([], description="Its role in an alliance.")
    theme: list[Id] = Field([], description="Themes of an alliance that it is a member of.")
    activity: list[v.Activity] = Field(
        [], description="Activities of an alliance that it is a member of."
    )
    status: list[statuses_of(Organisation)] = Field(  # type: ignore[valid-type,misc]
        [], description="Where it stands today."
    )


class OrganisationParameters(OrganisationFilters, ListParameters):
    order: Literal[tuple(both_ways(ORGANISATION_ORDERS))] = Field(  # type: ignore[valid-type]
        "name", description="`distance` needs `near`. A hyphen turns the order round."
    )

    def check(self) -> None:
        super().check()
        if self.order.endswith("distance") and self.near is None:
            raise refusal(
                "order", f"order “{self.order}” needs near: give near=latitude,longitude."
            )


class OrganisationFacetParameters(OrganisationFilters, LocaleParameters):
    """Facets take all filters of their list."""


class GeoJsonParameters(OrganisationFilters, LocaleParameters):
    limit: Annotated[int, Field(ge=1, le=MOST_FEATURES), AS_WHOLE] = Field(
        MOST_FEATURES, description="Features in one answer, at most."
    )
    offset: Offset = Field(0, description="Features to pass over.")


class AllianceFilters(_Searching, _Places):
    """What narrows alliances. `member`, `role` and where its members are must hold for one
    membership, present or past."""

    type: list[v.AllianceType] = Field([], description="Types of alliance.")
    status: list[statuses_of(Alliance)] = Field(  # type: ignore[valid-type,misc]
        [], description="Where it stands today."
    )
    activity: list[v.Activity] = Field([], description="What it works on.")
    theme: list[Id] = Field([], description="Its themes.")
    member: list[Id] = Field([], description="Organisations that are or were members.")
    role: list[v.MemberRole] = Field([], description="A role that a member has in it.")


class AllianceParameters(AllianceFilters, ListParameters):
    order: Literal[tuple(both_ways(ALLIANCE_ORDERS))] = Field(  # type: ignore[valid-type]
        "name", description="A hyphen turns the order round; what has no date comes last."
    )


class AllianceFacetParameters(AllianceFilters, LocaleParameters):
    """Facets take all filters of their list."""


class NetworkParameters(LocaleParameters):
    alliance: list[Id] = Field([], description="These alliances, and their parts.")
    status: list[statuses_of(Alliance)] = Field(  # type: ignore[valid-type,misc]
        [], description="Where the alliances stand today."
    )


class SearchParameters(ListParameters):
    q: Annotated[SoundText, Field(min_length=1, max_length=200)] = Field(
        description="Words to find."
    )
    kind: list[Literal[SEARCH_KINDS]] = Field(  # type: ignore[valid-type]
        [], description="What to find; everything where left out."
    )
    offset: Annotated[int, Field(ge=0, le=1000), AS_WHOLE] = Field(
        0, description="Results to pass over."
    )

    @field_validator("q")
    @classmethod
    def has_words(cls, value: str) -> str:
        if not words_of(value):
            raise ValueError(f"q “{value}” has neither a letter nor a digit. Give words.")
        return value


class ProjectParameters(_Searching, ListParameters):
    alliance: list[Id] = Field([], description="Alliances whose project it is.")
    theme: list[Id] = Field([], description="Its themes.")
    status: list[statuses_of(Project)] = Field(  # type: ignore[valid-type,misc]
        [], description="Where it stands today."
    )


class ProgrammeFilters(_Searching):
    """What narrows programmes. What depends on terms of access (`home`, `terms`, `open`,
    `open_on` and, with `home`, ECTS) must hold for one and the same terms."""

    q: Text = Field(
        "",
        description="Words, each of which begins a word of the name or summary, in any language; "
        "accents and case do not matter. Or the beginning of a code.",
    )
    type: list[v.ProgrammeType] = Field([], description="Types of programme.")
    level: list[v.Level] = Field([], description="Levels.")
    language: list[LanguageTag] = Field(
        [], description="Teaching languages (BCP 47), such as nl or pt-BR."
    )
    mode: list[v.ModeOfStudy] = Field([], description="Modes of study.")
    delivery: list[v.ModeOfDelivery] = Field([], description="Modes of delivery.")
    field: list[Annotated[str, Field(pattern="^(0[0-9]|10|99)[0-9]{0,4}$")]] = Field(
        [], description="Fields of education (ISCED-F), two to six digits; 09 finds 0912, too."
    )
    alliance: list[Id] = Field([], description="Alliances that it belongs to.")
    provider: list[Id] = Field([], description="Organisations that provide it.")
    theme: list[Id] = Field([], description="Its themes.")
    home: list[Id] = Field(
        [],
        max_length=20,
        description="“I study at”: only what students of this organisation may take. The answer "
        "has the terms that hold for them alone: their own or, in a programme without terms of "
        "their own, those for guests.",
    )
    terms: list[Literal[TERMS]] = Field(  # type: ignore[valid-type]
        [],
        description="Whose terms count: `own`, an organisation's (with `home`: of that one), or "
        "`guests`; both where left out.",
    )
    ects_min: Ects | None = Field(
        None,
        description="At least so many ECTS: those that `home` gets by the terms that hold for "
        "it; where these do not say, or without `home`, the study load, if it is in ECTS.",
    )
    ects_max: Ects | None = Field(None, description="At most so many ECTS; as `ects_min`.")
    open: Literal["now"] | None = Field(
        None,
        description="`now`: only what one can apply for today. Terms without any date say "
        "nothing, and do not count.",
    )
    open_on: Annotated[dt.date, AS_DAY] | None = Field(
        None,
        description="The same on another day, such as 2026-09-01; not with `open`. From the year "
        f"{FIRST_DAY.year} to {LAST_DAY.year}.",
    )
    status: list[statuses_of(Programme)] = Field(  # type: ignore[valid-type,misc]
        [], description="Where it stands today."
    )
    joint: Boolean | None = Field(None, description="Whether several organisations provide it.")

    @field_validator("open_on")
    @classmethod
    def is_near(cls, value: dt.date | None) -> dt.date | None:
        # JSON Schema has no bounds for days.
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            word, bound = (
                ("early", f"{FIRST_DAY} or later")
                if value < FIRST_DAY
                else ("late", f"{LAST_DAY} or earlier")
            )
            raise ValueError(f"open_on “{value}” is too {word}. Give {bound}.")
        return value

    def check(self) -> None:
        super().check()  # type: ignore[misc]
        least, most = self.ects_min, self.ects_max
        if least is not None and most is not None and least > most:
            raise refusal(
                "ects_min",
                f"ects_min {least:g} is more than ects_max {most:g}. Turn them round.",
            )
        if self.open and self.open_on:
            raise refusal("open_on", "Give open or open_on, not both.")


class ProgrammeParameters(ProgrammeFilters, ListParameters):
    order: Literal[tuple(both_ways(READER_ORDERS))] = Field(  # type: ignore[valid-type]
        "name",
        description="`ects` and `deadline` are those of `home`, if given; `deadline` is the next "
        "one from today. A hyphen turns the order round; what lacks the value comes last.",
    )


class ProgrammeFacetParameters(ProgrammeFilters, LocaleParameters):
    """Facets take all filters of their list."""


def strict(*schemas: type[Schema]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Refuse query parameters that none of `schemas` declares, and single ones given twice."""
    fields = {name: field for schema in schemas for name, field in schema.model_fields.items()}

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            for name, values in request.GET.lists():
                if name not in fields:
                    known = ", ".join(sorted(fields)) or "none"
                    raise refusal(
                        name,
                        f"There is no parameter “{name}” here. Parameters: {known}.",
                        "extra_forbidden",
                    )
                if len(values) > 1 and "list" not in str(fields[name].annotation):
                    raise refusal(name, f"Give “{name}” once; it was given {len(values)} times.")
            return view(request, *args, **kwargs)

        return checked

    return decorate


def context_of(request: HttpRequest, parameters: LocaleParameters) -> ReadContext:
    """The reader: in the language asked for, or else the site's own."""
    parameters.check()
    fallback = settings.LANGUAGE_CODE
    languages = content_languages()
    if fallback not in languages:
        fallback = next((c for c in languages if fallback.startswith(c)), languages[0])
    return ReadContext(parameters.locale or fallback, request)


def in_language(context: ReadContext, answer: Callable[[], Any]) -> HttpResponse:
    """The JSON of `answer`, with our words in the reader's language or what that falls back to;
    bytes are JSON already.

    The bytes go out as they are: letting the framework validate a pydantic object again would
    cost more than making it.
    """
    with context.reading():
        found = answer()
        body = found if isinstance(found, bytes) else to_json(found)
    response = HttpResponse(body, content_type="application/json")
    response["Content-Language"] = ", ".join(context.languages)
    for name, value in headers(context.shown).items():
        response[name] = value
    return response
