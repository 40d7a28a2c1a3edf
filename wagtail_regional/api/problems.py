"""Errors as RFC 9457 (problem+json), in the same form as Wagtail's API v3.

On Wagtail 8 the v3 API turns exceptions into answers; mounted on its own, our router does so
with the handlers here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import ValidationError as Invalid
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from wagtail_regional import away
from wagtail_regional.filters.values import REMEDIES
from wagtail_regional.schemas.answers import RegionalProblem

CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str, errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    """An error answer.

    Args:
        status: the HTTP status.
        detail: what is wrong, for a person.
        errors: one entry for each thing that is wrong, with `loc` and `msg`.
    """
    body = RegionalProblem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=[{"type": e["type"], "loc": e["loc"], "msg": e["msg"]} for e in errors]  # type: ignore[misc]
        if errors
        else None,
    )
    return HttpResponse(
        body.model_dump_json(exclude_none=True), status=status, content_type=CONTENT_TYPE
    )


def database_away(error: BaseException | None) -> HttpResponse:
    """The answer while the database cannot be asked: not kept, not even one that was kept."""
    detail = "The data cannot be reached at the moment. Ask again later."
    return away.describe(problem(503, detail), error)


def busy() -> HttpResponse:
    """The answer while the content changes faster than it can be read."""
    return away.changing(problem(503, "The content is changing just now. Ask again in a moment."))


def refusal(name: str, message: str, kind: str = "value_error") -> ValidationError:
    """The exception that refuses a query parameter."""
    return ValidationError([{"type": kind, "loc": ["query", name], "msg": message}])


def refusal_of(error: Invalid, fields: Mapping[str, FieldInfo]) -> ValidationError:
    """The same of a whole query: each thing that is wrong with it, by the parameter's name and, in
    a list of values, by its number.

    Args:
        fields: the parameters by their names.
    """
    return ValidationError(
        [
            {"type": each["type"], "loc": ["query", *each["loc"]], "msg": _message(each, fields)}
            for each in error.errors(include_url=False)
        ]
    )


#: What to do about a value, by pydantic's name for what is wrong with it.
_REMEDIES: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "enum": lambda ctx: f"is not known. Use one of: {_listed(ctx['expected'])}.",
    "literal_error": lambda ctx: f"is not known. Use one of: {_listed(ctx['expected'])}.",
    "int_parsing_size": lambda ctx: "is too large a number.",
    "greater_than": lambda ctx: f"is too low. Give more than {ctx['gt']:g}.",
    "greater_than_equal": lambda ctx: f"is too low. Give {ctx['ge']:g} or more.",
    "less_than_equal": lambda ctx: f"is too high. Give {ctx['le']:.10g} at most.",
    "date_from_datetime_parsing": lambda ctx: REMEDIES["date_parsing"],
    "string_too_short": lambda ctx: "is empty. Give at least one character.",
    "string_too_long": lambda ctx: f"is too long. Give {ctx['max_length']} characters at most.",
    "too_long": lambda ctx: f"has too many values. Give {ctx['max_length']} at most.",
}
_LONGEST: Final = 60


def _message(error: ErrorDetails, fields: Mapping[str, FieldInfo]) -> str:
    """What is wrong, and what would be right, with the parameter's name and value."""
    name, kind, context = str(error["loc"][0]), error["type"], error.get("ctx", {})
    if kind == "missing":
        return f"Give “{name}”; it is required."
    if kind == "value_error":
        # Ours, which says what is right: a sentence of its own, or one that begins with the name.
        told = str(context["error"])
        return f"{name}: {told}" if told[0].isupper() else f"{name} {told}"
    value = error["input"]
    shown = name if isinstance(value, list) else f"{name} “{_cut(str(value))}”"
    if kind == "string_pattern_mismatch":
        return f"{shown} does not fit here. It takes: {fields[name].description}"
    if isinstance(value, str) and kind in ("too_long", "too_short"):
        kind = f"string_{kind}"
    if kind in REMEDIES:
        return f"{shown} {REMEDIES[kind]}"
    if remedy := _REMEDIES.get(kind):
        return f"{shown} {remedy(context)}"
    return f"{shown} is not right. {error['msg']}."


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _listed(expected: str) -> str:
    """The values in pydantic's “'a', 'b' or 'c'”."""
    return expected.replace(" or ", ", ").replace("'", "")


def register_handlers(api: NinjaAPI) -> None:
    """Make `api` answer with problems."""

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(422, "Validation failed", error.errors)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, str(error) or "Not found")

    @api.exception_handler(HttpError)
    def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))
