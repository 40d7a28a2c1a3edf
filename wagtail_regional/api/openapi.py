"""What the OpenAPI document says beyond what ninja reads from the views.

The router is mounted under somebody else's API as well as on its own, so everything is said on
its operations; whoever makes the document finds it there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from ninja import Router
from ninja.openapi.schema import flatten_properties
from ninja.operation import Operation
from pydantic import BaseModel

from wagtail_regional.api.examples import of_answers
from wagtail_regional.api.problems import CONTENT_TYPE
from wagtail_regional.schemas.answers import RegionalFeatureCollection, RegionalProblem

DESCRIPTIONS: Final = {
    200: "The answer.",
    304: "What the client has is still right: it sent the answer's `ETag` in `If-None-Match`.",
    403: "The token of the preview is forged, has expired, or its draft is gone.",
    404: "There is no such thing, or it is not public.",
    405: "Of any other method than GET and HEAD: everything here is for reading alone.",
    422: "A parameter is not known, or its value is not; `errors` names each.",
}

#: What the operations go by together.
TAG: Final = {
    "name": "regional",
    "description": "Alliances, partners and programmes of a university, and the pages about them.",
}

HEADERS: Final = {
    "ETag": "Strong, and the same as long as the answer is; send it back in `If-None-Match`.",
    "Content-Language": "The language of the content (BCP 47), and where labels and dates are in "
    "another, that one too: `fy, nl`.",
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
    405: {
        "post": _problem(
            405, "Method Not Allowed", "POST is not possible here. Use one of: GET, HEAD."
        )
    },
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
                "msg": "locale “xx” is not a content language of this site. Use one of: en, nl.",
            },
        ),
    },
}


def answers_as(media_type: str, schema: type[BaseModel]) -> dict[str, Any]:
    """Of an operation that answers something else than plain JSON."""
    reference = {"$ref": f"#/components/schemas/{schema.__name__}"}
    return {"responses": {200: {"content": {media_type: {"schema": reference}}}}}


def describe_answers(router: Router) -> None:
    """Say of each operation's answers what they mean, with their media type, headers and examples.

    ninja writes one media type for all answers of an API. What has another is therefore told here
    and kept from ninja, except for its schemas.
    """
    operations = [
        operation for view in router.path_operations.values() for operation in view.operations
    ]
    for operation in operations:
        extra = operation.openapi_extra or {}
        said = extra.get("responses", {})
        told = {
            status: _answer(status, operation) | said.get(status, {})
            for status in (*operation.response_models, 405)
            if status in DESCRIPTIONS
        }
        if example := of_answers().get(operation.operation_id or ""):
            content = told[200].setdefault("content", {"application/json": {}})
            told[200]["content"] = {
                media_type: {**each, "example": example} for media_type, each in content.items()
            }
        # Nobody has to log in, whatever the rest of an API asks for.
        operation.openapi_extra = {**extra, "responses": told, "security": []}
        for status in {*EXAMPLES, *said} & {*operation.response_models}:
            operation.response_models[status] = None
        for model in operation.models:
            model.model_json_schema = partial(_without_components, model.model_json_schema)
    first = operations[0].response_models
    first[200] = _bringing(first[200], RegionalProblem, RegionalFeatureCollection)


def _answer(status: int, operation: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": DESCRIPTIONS[status]}
    if status in EXAMPLES:
        schema = {"$ref": f"#/components/schemas/{RegionalProblem.__name__}"}
        answer["content"] = {CONTENT_TYPE: {"schema": schema, "examples": EXAMPLES[status]}}
    elif 304 in operation.response_models:
        answer["headers"] = _headers(HEADERS)
    if status == 405:
        answer["headers"] = _headers({"Allow": "The methods that are possible (RFC 9110)."})
    return answer


def _headers(descriptions: dict[str, str]) -> dict[str, Any]:
    return {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in descriptions.items()
    }


def _without_components(schema_of: Callable[..., dict[str, Any]], **how: Any) -> dict[str, Any]:
    """The schema of an operation's parameters, with each by itself: ninja tells of a parameter in
    place, and would leave the models and vocabularies that they came from among the components,
    where nothing refers to them.

    Args:
        schema_of: makes it as pydantic does.
    """
    schema = schema_of(**how)
    definitions = schema.get("$defs", {})
    asked_for = schema.get("required", ())
    flat = [
        each
        for name, described in schema["properties"].items()
        for each in flatten_properties(name, described, name in asked_for, definitions)
    ]
    return {
        "type": "object",
        "properties": {name: described for name, described, _required in flat},
        "required": [name for name, _described, required in flat if required],
    }


def _bringing(model: Any, *others: type[BaseModel]) -> Any:
    """`model`, with the schemas of `others` among those it refers to."""

    class Answer(model):
        @classmethod
        def model_json_schema(cls, **how: Any) -> dict[str, Any]:
            schema: dict[str, Any] = super().model_json_schema(**how)
            known = schema.setdefault("$defs", {})
            for other in others:
                described = other.model_json_schema(**how)
                known |= described.pop("$defs", {})
                known[other.__name__] = described
            return schema

    return Answer
