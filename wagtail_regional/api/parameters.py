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


class LocaleParameters(Schema):
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

    limit: int = Field(default_factory=lambda: conf.API_PAGE_SIZE, ge=1)
    offset: int = Field(0, ge=0, le=10_000_000)

    @field_validator("limit")
    @classmethod
    def bounded(cls, value: int) -> int:
        most = getattr(settings, "WAGTAILAPI_LIMIT_MAX", 20)
        if most is not None and value > most:
            raise ValueError(f"limit {value} is too high. Ask for {most} at most.")
        return value


class PageListParameters(ListParameters):
    type: list[Literal["region_index", "partnership", "programme_index"]] = []


class FindParameters(Schema):
    path: SoundText = Field(
        description="The path of a page, such as /en/in-the-region/.", max_length=2000
    )


class PreviewParameters(Schema):
    token: str = Field(description="As the address of the preview has it.", max_length=200)


class NoParameters(Schema):
    """An endpoint without query parameters."""


class OrganisationParameters(ListParameters):
    q: Text = Field("", description="Words in the name, in any language, or the acronym.")
    type: list[v.OrganisationType] = []
    country: list[Annotated[str, Field(pattern="^[A-Z]{2}$")]] = []
    status: list[Status] = []


class AllianceParameters(ListParameters):
    q: Text = Field("", description="Words in the name, in any language, or the acronym.")
    type: list[v.AllianceType] = []
    status: list[Status] = []
    activity: list[v.Activity] = []
    theme: list[UUID] = []
    member: list[UUID] = Field([], description="Organisations that are or were members.")


class ProjectParameters(ListParameters):
    q: Text = Field("", description="Words in the title, in any language.")
    alliance: list[UUID] = []
    theme: list[UUID] = []
    status: list[Status] = []


class ProgrammeParameters(ListParameters):
    q: Text = Field("", description="Words in the name, in any language.")
    type: list[v.ProgrammeType] = []
    level: list[v.Level] = []
    language: list[Annotated[str, Field(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]] = []
    alliance: list[UUID] = []
    provider: list[UUID] = []
    theme: list[UUID] = []
    home: list[UUID] = Field([], description="Open to the students of these organisations.")
    status: list[Status] = []
    joint: bool | None = None
    order: Literal[ORDERS] = "name"  # type: ignore[valid-type]


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
