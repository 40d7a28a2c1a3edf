"""Query parameters: what each endpoint takes, and the refusal of everything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Schema
from pydantic import AfterValidator, Field, field_validator
from pydantic_core import to_json

from wagtail_regional import vocabularies as v
from wagtail_regional.api.context import ReadContext
from wagtail_regional.api.problems import refusal
from wagtail_regional.api.selections import ORDERS
from wagtail_regional.conf import conf
from wagtail_regional.freshness.tags import headers
from wagtail_regional.languages import content_languages
from wagtail_regional.lifecycle import Status


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

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """A parameter may be left out, but no query can say null."""
        described = handler(core_schema)
        schema = handler.resolve_ref_schema(described)
        schema["properties"] = {
            name: _never_null(each) for name, each in schema.get("properties", {}).items()
        }
        return described


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

    @field_validator("locale")
    @classmethod
    def known_locale(cls, value: str | None) -> str | None:
        languages = content_languages()
        if value is not None and value not in languages:
            raise ValueError(
                f"locale “{value}” is not a content language of this site. "
                f"Use one of: {', '.join(languages)}."
            )
        return value


class ListParameters(LocaleParameters):
    """A page of results."""

    limit: int = Field(
        default_factory=lambda: conf.API_PAGE_SIZE, ge=1, description="Items in one answer."
    )
    offset: int = Field(0, ge=0, le=10_000_000, description="Items to pass over.")

    @field_validator("limit")
    @classmethod
    def bounded(cls, value: int) -> int:
        most = getattr(settings, "WAGTAILAPI_LIMIT_MAX", 20)
        if most is not None and value > most:
            raise ValueError(f"limit {value} is too high. Ask for {most} at most.")
        return value


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


class OrganisationParameters(ListParameters):
    q: Text = Field("", description="Words in the name, in any language, or the acronym.")
    type: list[v.OrganisationType] = Field([], description="Types of organisation (ROR).")
    country: list[Annotated[str, Field(pattern="^[A-Z]{2}$")]] = Field(
        [], description="ISO 3166-1 alpha-2 codes, such as NL."
    )
    status: list[Status] = Field([], description="Where it stands today.")


class AllianceParameters(ListParameters):
    q: Text = Field("", description="Words in the name, in any language, or the acronym.")
    type: list[v.AllianceType] = Field([], description="Types of alliance.")
    status: list[Status] = Field([], description="Where it stands today.")
    activity: list[v.Activity] = Field([], description="What it works on.")
    theme: list[UUID] = Field([], description="Its themes.")
    member: list[UUID] = Field([], description="Organisations that are or were members.")


class ProjectParameters(ListParameters):
    q: Text = Field("", description="Words in the title, in any language.")
    alliance: list[UUID] = Field([], description="Alliances that it belongs to.")
    theme: list[UUID] = Field([], description="Its themes.")
    status: list[Status] = Field([], description="Where it stands today.")


class ProgrammeParameters(ListParameters):
    q: Text = Field("", description="Words in the name, in any language.")
    type: list[v.ProgrammeType] = Field([], description="Types of programme.")
    level: list[v.Level] = Field([], description="Levels.")
    language: list[Annotated[str, Field(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]] = Field(
        [], description="Teaching languages (BCP 47)."
    )
    alliance: list[UUID] = Field([], description="Alliances that it belongs to.")
    provider: list[UUID] = Field([], description="Organisations that provide it.")
    theme: list[UUID] = Field([], description="Its themes.")
    home: list[UUID] = Field([], description="Open to the students of these organisations.")
    status: list[Status] = Field([], description="Where it stands today.")
    joint: bool | None = Field(None, description="Whether several organisations provide it.")
    order: Literal[ORDERS] = Field("name", description="In which order.")  # type: ignore[valid-type]


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
    fallback = settings.LANGUAGE_CODE
    languages = content_languages()
    if fallback not in languages:
        fallback = next((c for c in languages if fallback.startswith(c)), languages[0])
    return ReadContext(parameters.locale or fallback, request)


def in_language(context: ReadContext, answer: Callable[[], Any]) -> HttpResponse:
    """The JSON of `answer`, made in the reader's language; bytes are JSON already.

    The bytes go out as they are: letting the framework validate a pydantic object again would
    cost more than making it.
    """
    with translation.override(context.language):
        found = answer()
        body = found if isinstance(found, bytes) else to_json(found)
    response = HttpResponse(body, content_type="application/json")
    response["Content-Language"] = context.language
    for name, value in headers(context.shown).items():
        response[name] = value
    return response
