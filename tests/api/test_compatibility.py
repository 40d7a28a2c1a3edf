"""Clients of earlier releases go on working: docs/explanation/versioning.md says what that means.

The released documents are beside this test; docs/how-to/release.md says how one comes there.
"""

from __future__ import annotations

import copy
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

import wagtail_regional
from tests.api.compatibility import breaking_changes

RELEASED = Path(__file__).parent / "released"


def numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def series(version: str) -> list[int]:
    """Within it nothing breaks: 1.4.2 is of 1; before 1.0, 0.3.1 is of 0.3."""
    major, minor, *_ = numbers(version)
    return [major] if major else [0, minor]


def releases() -> list[str]:
    """The versions whose document is kept, the newest last."""
    kept = [path.stem.removeprefix("openapi-") for path in RELEASED.glob("openapi-*.json")]
    return sorted(kept, key=numbers)


def compared(version: str, kept: list[str]) -> list[str]:
    """What a version must not break: its own series, and the last release of the one before."""
    own = [each for each in kept if series(each) == series(version)]
    before = [each for each in kept if series(each) < series(version)]
    return before[-1:] + own


@pytest.fixture(scope="module")
def current() -> dict:
    out = io.StringIO()
    # Bounds are a site's own: those of the example site, whose document is kept.
    with override_settings(WAGTAILAPI_LIMIT_MAX=100):
        call_command("regional_openapi", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("release", compared(wagtail_regional.__version__, releases()))
def test_nothing_breaks_clients_of_a_release(current, release):
    old = json.loads((RELEASED / f"openapi-{release}.json").read_text())
    is_new_series = series(wagtail_regional.__version__) > series(release)
    assert breaking_changes(old, current, may_remove_deprecated=is_new_series) == []


def test_there_is_a_release_to_compare_with():
    assert compared(wagtail_regional.__version__, releases())


# --- Does it catch them? Each way to break something, done to the document at hand ---

LIST = ("paths", "/programmes/", "get")
OK = ("responses", "200", "content", "application/json")
SCHEMAS = ("components", "schemas")
PROGRAMME = (*SCHEMAS, "RegionalProgramme")
BLOCKS = (*SCHEMAS, "RegionalPageDetail", "properties", "body", "items")


def at(document, *keys):
    for key in keys:
        document = document[key]
    return document


def parameter(document, name):
    return next(each for each in at(document, *LIST)["parameters"] if each["name"] == name)


def drop(*keys):
    def change(document):
        del at(document, *keys[:-1])[keys[-1]]

    return change


def put(value, *keys):
    def change(document):
        at(document, *keys[:-1])[keys[-1]] = value

    return change


def on_parameter(name, change):
    return lambda document: change(parameter(document, name))


def drop_parameter(document):
    at(document, *LIST)["parameters"].remove(parameter(document, "theme"))


def add_parameter(required):
    new = {"in": "query", "name": "new", "required": required, "schema": {"type": "string"}}
    return lambda document: at(document, *LIST)["parameters"].append(new)


def drop_block(document):
    blocks = at(document, *BLOCKS)
    del blocks["discriminator"]["mapping"]["quote"]
    blocks["oneOf"] = [each for each in blocks["oneOf"] if "Quote" not in each["$ref"]]


def rename_block(document):
    at(document, *SCHEMAS, "RegionalQuoteBlock", "properties", "type")["const"] = "citation"


def rename_component(document):
    schemas = at(document, *SCHEMAS)
    schemas["RegionalMistake"] = schemas.pop("RegionalProblemError")
    new = {"$ref": "#/components/schemas/RegionalMistake"}
    put(new, *SCHEMAS, "RegionalProblem", "properties", "errors", "items")(document)


def add_block(document):
    blocks = at(document, *BLOCKS)
    new = copy.deepcopy(at(document, *SCHEMAS, "RegionalQuoteBlock"))
    new["properties"]["type"]["const"] = "opening_hours"
    document["components"]["schemas"]["RegionalOpeningHoursBlock"] = new
    blocks["oneOf"].append({"$ref": "#/components/schemas/RegionalOpeningHoursBlock"})


BREAKING = {
    "path removed": drop("paths", "/programmes/"),
    "operation removed": drop(*LIST),
    "operation renamed": put("programmes", *LIST, "operationId"),
    "parameter removed": drop_parameter,
    "required parameter added": add_parameter(True),
    "parameter became required": on_parameter("q", put(True, "required")),
    "parameter's type changed": on_parameter("joint", put("string", "schema", "type")),
    "list parameter became single": on_parameter("type", put("string", "schema", "type")),
    "request's value removed": on_parameter("type", lambda p: p["schema"]["items"]["enum"].pop()),
    "request's values limited": on_parameter("q", put(["a"], "schema", "enum")),
    "request's limit lowered": on_parameter("q", put(50, "schema", "maxLength")),
    "request's limit added": on_parameter("theme", put(3, "schema", "maxItems")),
    "request's least raised": on_parameter("limit", put(5, "schema", "minimum")),
    "request's pattern added": on_parameter("q", put("^a", "schema", "pattern")),
    "default changed": on_parameter("order", put("starts", "schema", "default")),
    "answer no longer given": drop(*LIST, "responses", "200"),
    "media type changed": drop(*LIST, *OK),
    "answer of another shape": put({"type": "string"}, *LIST, *OK, "schema"),
    "property removed": drop(*PROGRAMME, "properties", "is_joint"),
    "property not always there": lambda d: at(d, *PROGRAMME)["required"].remove("is_joint"),
    "property's type changed": put("string", *PROGRAMME, "properties", "is_joint", "type"),
    "property may be null": put(
        {"anyOf": [{"type": "string"}, {"type": "null"}]}, *PROGRAMME, "properties", "name"
    ),
    "property became plain text": put({"type": "string"}, *PROGRAMME, "properties", "study_load"),
    "format dropped": drop(*PROGRAMME, "properties", "id", "format"),
    "answer's value removed": lambda d: at(d, *SCHEMAS, "RegionalStatus")["enum"].remove("ended"),
    "values no longer listed": drop(*SCHEMAS, "RegionalStatus", "enum"),
    "items changed": put(
        {"type": "string"}, *PROGRAMME, "properties", "teaching_languages", "items"
    ),
    "component renamed": rename_component,
    "block removed": drop_block,
    "block renamed": rename_block,
}
HARMLESS = {
    "path added": lambda d: d["paths"].update({"/new/": copy.deepcopy(d["paths"]["/programmes/"])}),
    "optional parameter added": add_parameter(False),
    "request's value added": on_parameter(
        "type", lambda p: p["schema"]["items"]["enum"].append("new")
    ),
    "request's limit raised": on_parameter("q", put(500, "schema", "maxLength")),
    "property added": put({"type": "string"}, *PROGRAMME, "properties", "new"),
    "answer's value added": lambda d: at(d, *SCHEMAS, "RegionalStatus")["enum"].append("paused"),
    "never null any more": put({"type": "string"}, *PROGRAMME, "properties", "language"),
    "block added": add_block,
    "described anew": put("New words", *LIST, "summary"),
    "deprecated": put(True, *LIST, "deprecated"),
}


def changed(current, change):
    new = copy.deepcopy(current)
    change(new)
    assert new != current
    return breaking_changes(current, new)


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING)
def test_what_breaks_clients_is_caught(current, change):
    assert changed(current, change)


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_breaks_nobody_passes(current, change):
    assert changed(current, change) == []


def test_what_was_deprecated_may_go_in_a_new_series_only(current):
    old, new = copy.deepcopy(current), copy.deepcopy(current)
    parameter(old, "theme")["deprecated"] = True
    drop_parameter(new)
    assert breaking_changes(old, new) == ["GET /programmes/ query theme: removed"]
    assert breaking_changes(old, new, may_remove_deprecated=True) == []
    assert breaking_changes(current, new, may_remove_deprecated=True) != []


def test_which_releases_are_compared():
    kept = ["0.1.0", "0.1.1", "0.2.0", "1.0.0", "1.1.0", "2.0.0"]
    assert compared("0.1.2", kept) == ["0.1.0", "0.1.1"]
    assert compared("0.2.1", kept) == ["0.1.1", "0.2.0"]
    assert compared("1.2.0", kept) == ["0.2.0", "1.0.0", "1.1.0"]
    assert compared("3.0.0", kept) == ["2.0.0"]
