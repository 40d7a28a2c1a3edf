"""How an endpoint answers: what it does not know is refused, and what a function makes of the rest
goes out as JSON in the reader's language."""

# No postponed annotations here: ninja reads the views' real ones.

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import BaseModel

from wagtail_regional import schemas as s
from wagtail_regional.api.chosen_fields import choosing_fields, only
from wagtail_regional.api.openapi import answers_as
from wagtail_regional.api.parameters import LocaleParameters
from wagtail_regional.api.routing import ANSWERS, LIST_ANSWERS, Identifier, router
from wagtail_regional.languages import content_languages
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.tags import headers
from wagtail_regional.schemas.encoding import to_json

JSON = "application/json"


def endpoint(
    path: str,
    answer: Callable[[Any, ReadContext], Any],
    takes: type[LocaleParameters],
    schema: type[BaseModel],
    *,
    name: str,
    summary: str,
    media_type: str = JSON,
    choose_fields: bool = True,
    changes_with_the_stamp: bool = True,
) -> None:
    """Answer at `path` what `answer` makes; its docstring is the description in the document.

    Args:
        answer: takes the parameters or, where the path has one, the id of a row; and the reader.
        takes: the query parameters.
        schema: what is answered.
        name: of the operation.
        choose_fields: whether it takes `fields`.
        changes_with_the_stamp: whether nothing but a change of content changes it. Else no cache
            may keep it, and it is never 304.
    """
    if choose_fields:
        takes = choosing_fields(takes, schema)
    statuses: dict[int, Any] = ANSWERS if "{uuid}" in path else LIST_ANSWERS
    if not changes_with_the_stamp:
        statuses = {422: s.RegionalProblem}

    def read(request: HttpRequest, parameters: LocaleParameters, asked: Any) -> HttpResponse:
        context = context_of(request, parameters)
        names = getattr(parameters, "fields", None)
        response = in_language(context, lambda: only(answer(asked, context), names))
        response["Content-Type"] = media_type
        if not changes_with_the_stamp:
            response["Cache-Control"] = "no-cache"
        return response

    def read_rows(
        request: HttpRequest,
        parameters: Query[takes],  # type: ignore[valid-type]
    ) -> HttpResponse:
        return read(request, parameters, parameters)

    def read_row(
        request: HttpRequest,
        uuid: Identifier,
        parameters: Query[takes],  # type: ignore[valid-type]
    ) -> HttpResponse:
        return read(request, parameters, uuid)

    view = read_row if "{uuid}" in path else read_rows
    router.get(
        path,
        response={200: schema, **statuses},
        operation_id=f"regional_{name}",
        summary=summary,
        description=answer.__doc__,
        openapi_extra=None if media_type == JSON else answers_as(media_type, schema),
    )(view)


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
    response = HttpResponse(body, content_type=JSON)
    response["Content-Language"] = ", ".join(context.languages)
    for name, value in headers(context.shown).items():
        response[name] = value
    return response
