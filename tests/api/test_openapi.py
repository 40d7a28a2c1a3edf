"""The OpenAPI document has all that a generated client and its reader need."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest
import wagtail
from django.core.management import call_command

from wagtail_regional.management.commands.regional_openapi import tidy
from wagtail_regional.pages import api_fields


def printed() -> str:
    out = io.StringIO()
    call_command("regional_openapi", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def document() -> dict:
    return json.loads(printed())


@pytest.fixture
def operations(document):
    return {path: methods["get"] for path, methods in document["paths"].items()}


def test_the_document_is_the_same_each_time():
    assert printed() == printed()


@pytest.mark.skipif(wagtail.VERSION < (8, 0), reason="API v3 came with Wagtail 8.0")
def test_under_api_v3_the_same_is_said(client, db, document):
    mounted = tidy(client.get("/api/v3/openapi.json").json())
    prefix = "/api/v3/regional"
    paths = {
        path.removeprefix(prefix): operations
        for path, operations in mounted["paths"].items()
        if path.startswith(prefix)
    }
    assert paths == document["paths"]
    ours = document["components"]["schemas"]
    theirs = mounted["components"]["schemas"]
    assert {name: theirs.get(name) for name in ours} == ours


def test_operations_and_parameters_are_described(operations):
    for path, operation in operations.items():
        assert operation["summary"] and operation["description"], path
        assert operation["operationId"].startswith("regional_"), path
        for parameter in operation["parameters"]:
            assert parameter.get("description"), (path, parameter["name"])
            assert "null" not in json.dumps(parameter["schema"]), (path, parameter["name"])


def test_answers_are_described_and_problems_have_examples(operations):
    for path, operation in operations.items():
        for status, answer in operation["responses"].items():
            assert len(answer["description"]) > 20 or status == "200", (path, status)
            if status[0] == "4":
                examples = answer["content"]["application/problem+json"]["examples"]
                assert all(each["value"]["status"] == int(status) for each in examples.values())


def test_nobody_is_asked_to_log_in(document, operations):
    assert "securitySchemes" not in document["components"]
    # Not left out: beside operations that need a token, that would leave it open.
    assert all(operation["security"] == [] for operation in operations.values())


@pytest.fixture(params=["on its own", "under API v3"])
def any_document(request, client, db, document):
    if request.param == "on its own":
        return document
    if wagtail.VERSION < (8, 0):
        pytest.skip("API v3 came with Wagtail 8.0")
    return client.get("/api/v3/openapi.json").json()


def test_the_tag_is_declared(any_document):
    [tag] = [each for each in any_document["tags"] if each["name"] == "regional"]
    assert tag["description"]


def test_every_component_is_used(any_document):
    text = json.dumps(any_document)
    for name in any_document["components"]["schemas"]:
        if name.startswith("Regional"):
            assert f'"#/components/schemas/{name}"' in text, name


def test_numbers_have_bounds_and_languages_are_told(operations, settings):
    for path, operation in operations.items():
        for parameter in operation["parameters"]:
            name, schema = parameter["name"], parameter["schema"]
            unknown = {"ge", "gt", "le", "lt"} & set(schema)
            assert not unknown, f"{name} of {path}: JSON Schema has no {unknown}"
            if parameter["in"] == "query" and schema["type"] in ("integer", "number"):
                assert "maximum" in schema, (path, name)
                assert {"minimum", "exclusiveMinimum"} & set(schema), (path, name)
            if name == "locale":
                assert schema["enum"] == ["en", "nl"]
            if name == "limit":
                assert schema["minimum"] == 1 and 1 <= schema["default"] <= schema["maximum"]


def test_the_document_follows_the_settings(settings):
    settings.WAGTAILAPI_LIMIT_MAX = 7
    settings.WAGTAIL_CONTENT_LANGUAGES = [("nl", "Dutch")]
    described = json.loads(printed())["paths"]["/alliances/"]["get"]["parameters"]
    schemas = {each["name"]: each["schema"] for each in described}
    assert schemas["limit"]["maximum"] == schemas["limit"]["default"] == 7
    assert schemas["locale"]["enum"] == ["nl"]
    settings.WAGTAILAPI_LIMIT_MAX = None
    described = json.loads(printed())["paths"]["/alliances/"]["get"]["parameters"]
    schemas = {each["name"]: each["schema"] for each in described}
    assert "maximum" not in schemas["limit"]


def test_the_document_says_where_the_site_has_the_api(document):
    mounts = ["/api/v3/regional"] if wagtail.VERSION >= (8, 0) else ["/api/regional"]
    assert [each["url"] for each in document["servers"]] == mounts


def test_components_keep_to_our_prefix(document):
    names = document["components"]["schemas"]
    assert [name for name in names if not name.startswith("Regional")] == []


def test_what_is_always_answered_is_required(document):
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("Parameters") or name in {"RegionalProblem", "RegionalProblemError"}:
            continue
        assert set(schema.get("properties", ())) == set(schema.get("required", ())), name


def test_every_block_is_told_by_its_type(document):
    body = document["components"]["schemas"]["RegionalPageDetail"]["properties"]["body"]["items"]
    mapping = body["discriminator"]["mapping"]
    assert {each["$ref"] for each in body["oneOf"]} == set(mapping.values())
    for kind, reference in mapping.items():
        block = document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
        assert block["properties"]["type"]["const"] == kind
        assert block["properties"]["value"].keys() & {"$ref", "type"}, f"{kind} is not typed"


def test_it_is_told_what_keeps_a_body_from_having_a_schema(monkeypatch):
    def broken():
        raise AttributeError("a name that is not there")

    monkeypatch.setattr(api_fields, "body_schema", broken)
    with pytest.raises(RuntimeError, match="a name that is not there"):
        get_type_hints(api_fields.BodyField().to_representation)


def test_a_sites_own_blocks_join_the_union():
    """In a process of its own, since blocks are gathered once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.api.document_with_own_blocks"],
        cwd=Path(__file__).resolve().parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    schemas = json.loads(done.stdout)["components"]["schemas"]
    body = schemas["RegionalPageDetail"]["properties"]["body"]["items"]
    assert {"opening_hours", "plain", "alliance"} <= body["discriminator"]["mapping"].keys()
    value = schemas["RegionalOpeningHoursBlock"]["properties"]["value"]
    assert value == {"$ref": "#/components/schemas/OpeningHours"}
    assert schemas["OpeningHours"]["required"] == ["opens", "note"]
