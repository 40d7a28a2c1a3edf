"""Errors as RFC 9457 (problem+json), in the same form as Wagtail's API v3.

On Wagtail 8 the v3 API turns exceptions into answers; mounted on its own, our router does so
with the handlers here.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from wagtail_regional.api.schemas import RegionalProblem

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


def refusal(name: str, message: str, kind: str = "value_error") -> ValidationError:
    """The exception that refuses a query parameter."""
    return ValidationError([{"type": kind, "loc": ["query", name], "msg": message}])


def document(router: Router) -> None:
    """Say in the description of a router's operations that their errors are problems."""
    schema = {"schema": {"$ref": f"#/components/schemas/{RegionalProblem.__name__}"}}
    for view in router.path_operations.values():
        for operation in view.operations:
            errors = [code for code in operation.response_models if str(code)[:1] in "45"]
            described = operation.openapi_extra or {}
            responses = described.setdefault("responses", {})
            for code in errors:
                responses[code] = {"content": {CONTENT_TYPE: schema}}
            operation.openapi_extra = described


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
