"""Query parameters: what each endpoint takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar, Literal, get_origin

from django.conf import settings
from django.http import HttpRequest
from ninja import Schema
from ninja.errors import ValidationError
from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)
from pydantic import ValidationError as Invalid

from wagtail_regional import vocabularies as v
from wagtail_regional.api.examples import of_parameter
from wagtail_regional.api.problems import refusal, refusal_of
from wagtail_regional.conf import conf
from wagtail_regional.filters import (
    AllianceFilter,
    Filter,
    NetworkFilter,
    OrganisationFilter,
    ProgrammeFilter,
    ProjectFilter,
)
from wagtail_regional.filters.kinds import UnknownRowError
from wagtail_regional.filters.values import AS_WHOLE, SoundText
from wagtail_regional.languages import content_languages
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.text import words_of

#: The most features in one answer of GeoJSON.
MOST_FEATURES = 1000


Offset = Annotated[int, Field(ge=0, le=10_000_000), AS_WHOLE]


def both_ways(orders: Iterable[str]) -> list[str]:
    """The orders, each also with the hyphen that turns it round."""
    return [way for order in orders for way in (order, f"-{order}")]


class Parameters(Schema):
    """What a query may hold."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # Parameters become components of the OpenAPI document, too, and keep to our names.
        cls.__qualname__ = f"Regional{cls.__name__}"
        super().__init_subclass__(**kwargs)

    @model_validator(mode="wrap")
    @classmethod
    def refused_by_name(
        cls, data: Any, handler: ModelWrapValidatorHandler[Any], info: ValidationInfo
    ) -> Any:
        """Refuse in our own words, all that is wrong together: ninja would say, of an item in a
        list only, in which argument of our view the list is, and passes over what it does not
        know."""
        request = (info.context or {}).get("request")
        errors = [] if request is None else list(cls._not_taken(request))
        made = None
        try:
            made = handler(data)
        except Invalid as error:
            errors += refusal_of(error, cls.model_fields).errors
        if errors:
            raise ValidationError(errors)
        return made

    @classmethod
    def _not_taken(cls, request: HttpRequest) -> Iterator[dict[str, Any]]:
        """Parameters that are not known here, and single ones given twice."""
        fields = cls.model_fields
        for name, values in request.GET.lists():
            if name not in fields:
                known = ", ".join(sorted(fields)) or "none"
                message = f"There is no parameter “{name}” here. Parameters: {known}."
                yield from refusal(name, message, "extra_forbidden").errors
            elif len(values) > 1 and get_origin(fields[name].annotation) is not list:
                message = f"Give “{name}” once; it was given {len(values)} times."
                yield from refusal(name, message).errors

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """With an example of each. A parameter may be left out, but no query can say null."""
        described: dict[str, Any] = handler(core_schema)
        schema = handler.resolve_ref_schema(described)
        more = cls.described()
        schema["properties"] = {
            name: {"example": of_parameter(cls.__name__, name), **_never_null(each)}
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
                f"“{value}” is not a content language of this site. "
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
    most: int | None = getattr(settings, "WAGTAILAPI_LIMIT_MAX", 20)
    return most


def usual_items() -> int:
    """How many items a list answers that is not asked for another number."""
    most = most_items()
    usual: int = conf.API_PAGE_SIZE
    return usual if most is None else min(usual, most)


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
            raise ValueError(f"{value} is too high. Ask for {most} at most.")
        return value

    @classmethod
    def described(cls) -> dict[str, dict[str, Any]]:
        bounds = {"default": usual_items(), "example": usual_items()}
        if (most := most_items()) is not None:
            bounds["maximum"] = most
        return {**super().described(), "limit": bounds}


class PageListParameters(ListParameters):
    type: list[v.PageType] = Field([], description="Types of page.")


class FindParameters(Parameters):
    path: SoundText = Field(
        description="The path of a page, such as /en/in-the-region/.", max_length=2000
    )


class PreviewParameters(Parameters):
    token: str = Field(description="As the address of the preview has it.", max_length=200)


class NoParameters(Parameters):
    """An endpoint without query parameters."""


class SearchParameters(ListParameters):
    q: Annotated[SoundText, Field(min_length=1, max_length=200)] = Field(
        description="Words to find."
    )
    kind: list[v.Kind] = Field([], description="What to find; everything where left out.")
    offset: Annotated[int, Field(ge=0, le=1000), AS_WHOLE] = Field(
        0, description="Results to pass over."
    )

    @field_validator("q")
    @classmethod
    def has_words(cls, value: str) -> str:
        if not words_of(value):
            raise ValueError(f"“{value}” has neither a letter nor a digit. Give words.")
        return value


# --- What tables of questions ask ----------------------------------------------------------------


class FilterParameters(LocaleParameters):
    """What narrows rows, as a table of questions has it."""

    asks: ClassVar[type[Filter]]

    def check(self) -> None:
        answers = dict(self)
        for rule in self.asks.rules:
            if rule.broken(answers):
                raise refusal(rule.name, rule.told.format(**answers))
        order = self.asks.order(answers.get("order", ""))
        if order and order.needs and answers[order.needs] is None:
            example = self.asks.question(order.needs).example
            raise refusal(
                "order",
                f"order “{answers['order']}” needs {order.needs}, such as {order.needs}={example}.",
            )

    def filter(self, context: ReadContext) -> Any:
        """The filter that is asked for.

        Raises:
            ValidationError: naming the first row asked for that does not exist.
        """
        answers = {}
        for question in self.asks.questions:
            try:
                answers[question.name] = question.kind.stored(
                    getattr(self, question.name), context.now
                )
            except UnknownRowError as error:
                raise refusal(question.name, str(error)) from None
        return self.asks.read(answers, lambda: context.now)


class FilteredListParameters(FilterParameters, ListParameters):
    """A page of the rows that a filter finds."""


class MapParameters(FilterParameters):
    """What goes on a map."""

    limit: Annotated[int, Field(ge=1, le=MOST_FEATURES), AS_WHOLE] = Field(
        MOST_FEATURES, description="Features in one answer, at most."
    )
    offset: Offset = Field(0, description="Features to pass over.")


def asking(asks: type[Filter], base: type[FilterParameters], name: str) -> Any:
    """The parameters of an endpoint that takes the questions of a table and, where it lists rows,
    their orders.

    Args:
        base: what else it takes.
        name: of the class.
    """
    fields: dict[str, Any] = {}
    for each in asks.questions:
        annotation, default = each.kind.parameter
        extra = {"example": each.example}
        fields[each.name] = (
            annotation,
            Field(default, description=each.description, json_schema_extra=extra),
        )
    if issubclass(base, ListParameters) and asks.orders[1:]:
        names: Any = Literal[tuple(both_ways(each.name for each in asks.orders))]
        fields["order"] = names, Field("name", description=asks.order_description)
    made = create_model(
        name, __base__=base, __module__=__name__, __doc__=asks.description, **fields
    )
    made.asks = asks
    return made


OrganisationParameters = asking(
    OrganisationFilter, FilteredListParameters, "OrganisationParameters"
)
OrganisationFacetParameters = asking(
    OrganisationFilter, FilterParameters, "OrganisationFacetParameters"
)
GeoJsonParameters = asking(OrganisationFilter, MapParameters, "GeoJsonParameters")
AllianceParameters = asking(AllianceFilter, FilteredListParameters, "AllianceParameters")
AllianceFacetParameters = asking(AllianceFilter, FilterParameters, "AllianceFacetParameters")
NetworkParameters = asking(NetworkFilter, FilterParameters, "NetworkParameters")
ProjectParameters = asking(ProjectFilter, FilteredListParameters, "ProjectParameters")
ProgrammeParameters = asking(ProgrammeFilter, FilteredListParameters, "ProgrammeParameters")
ProgrammeFacetParameters = asking(ProgrammeFilter, FilterParameters, "ProgrammeFacetParameters")
