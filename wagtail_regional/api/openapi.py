"""What the OpenAPI document says beyond what ninja reads from the views.

The router is mounted under somebody else's API as well as on its own, so everything is said on
its operations; whoever makes the document finds it there.
"""

from __future__ import annotations

from typing import Any, Final

from ninja import Router

from wagtail_regional.api.problems import CONTENT_TYPE
from wagtail_regional.api.schemas import RegionalProblem

DESCRIPTIONS: Final = {
    200: "The answer.",
    304: "What the client has is still right: it sent the answer's `ETag` in `If-None-Match`.",
    403: "The token of the preview is forged, has expired, or its draft is gone.",
    404: "There is no such thing, or it is not public.",
    422: "A parameter is not known, or its value is not; `errors` names each.",
}

HEADERS: Final = {
    "ETag": "Strong, and the same as long as the answer is; send it back in `If-None-Match`.",
    "Content-Language": "The language of the words (BCP 47).",
    "Cache-Control": "How long a cache may keep the answer.",
}


def _problem(status: int, title: str, detail: str, *errors: dict[str, Any]) -> dict[str, Any]:
    told = {"errors": list(errors)} if errors else {}
    return {
        "value": {"type": "about:blank", "title": title, "status": status, "detail": detail, **told}
    }


#: As the demo answers; a newer Python says “Unprocessable Content” for 422.
EXAMPLES: Final = {
    403: {
        "expired": _problem(
            403, "Forbidden", "This preview has expired. Open it again in the editor."
        )
    },
    404: {"missing": _problem(404, "Not Found", "There is no regional page at /en/nowhere/.")},
    422: {
        "unknown_parameter": _problem(
            422,
            "Unprocessable Entity",
            "Validation failed",
            {
                "type": "extra_forbidden",
                "loc": ["query", "colour"],
                "msg": "There is no parameter “colour” here. Parameters: locale.",
            },
        ),
        "unknown_value": _problem(
            422,
            "Unprocessable Entity",
            "Validation failed",
            {
                "type": "value_error",
                "loc": ["query", "locale"],
                "msg": "Value error, locale “xx” is not a content language of this site. "
                "Use one of: en, nl.",
            },
        ),
    },
}


def describe_answers(router: Router) -> None:
    """Say of each operation's answers what they mean, with their headers and examples.

    ninja names one media type for all answers of an API. That of errors is added beside it.
    """
    for path_view in router.path_operations.values():
        for operation in path_view.operations:
            extra = operation.openapi_extra or {}
            said = extra.get("responses", {})
            is_private = bool(operation.response_models.get(304, True))
            operation.openapi_extra = {
                **extra,
                "responses": {
                    status: _answer(status, is_private) | said.get(status, {})
                    for status in operation.response_models
                    if status in DESCRIPTIONS
                },
            }


def _answer(status: int, is_private: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": DESCRIPTIONS[status]}
    if status in EXAMPLES:
        schema = {"$ref": f"#/components/schemas/{RegionalProblem.__name__}"}
        answer["content"] = {CONTENT_TYPE: {"schema": schema, "examples": EXAMPLES[status]}}
    elif not is_private:
        answer["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in HEADERS.items()
        }
    return answer
