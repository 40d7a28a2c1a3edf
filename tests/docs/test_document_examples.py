"""The examples inside the OpenAPI document are real, and as the document says.

After a change of what is answered, make those of answers anew::

    UPDATE_EXAMPLES=1 pytest tests/docs/test_document_examples.py
"""

from __future__ import annotations

import json
import os
import re

import pytest
from pydantic import TypeAdapter

from wagtail_regional import schemas as s
from wagtail_regional.api import parameters as p
from wagtail_regional.api.examples import ANSWERS, of_answers
from wagtail_regional.api.page_endpoints import PageDetail
from wagtail_regional.filters import AllianceFilter, OrganisationFilter, ProgrammeFilter
from wagtail_regional.filters.examples import LEIDEN, MEDICAL_DELTA
from wagtail_regional.representation.facets import FACETS

LOCALE = "locale=en"
#: By operation: what is asked of the demo, its schema, and how many items of each list are kept.
OPERATIONS = {
    "regional_pages_list": (f"pages/?type=partnership&{LOCALE}", s.RegionalPageList, 2),
    "regional_pages_detail": ("pages/$PAGE/", PageDetail, 1),
    "regional_pages_find": ("pages/find/?path=/en/in-the-region/programmes/", PageDetail, 1),
    "regional_preview": ("preview/?token=$TOKEN", PageDetail, 1),
    "regional_organisations_list": (
        f"organisations/?q=bronovo&{LOCALE}",
        s.RegionalOrganisationList,
        1,
    ),
    "regional_organisations_facets": (
        f"organisations/facets/?type=education&{LOCALE}",
        FACETS[OrganisationFilter],
        2,
    ),
    "regional_organisations_detail": (
        f"organisations/{LEIDEN}/?{LOCALE}",
        s.RegionalOrganisationDetail,
        1,
    ),
    "regional_organisations_geojson": (
        f"organisations.geojson?near=52.16,4.49&radius_km=5&{LOCALE}",
        s.RegionalFeatureCollection,
        2,
    ),
    "regional_alliances_list": (f"alliances/?status=ended&{LOCALE}", s.RegionalAllianceList, 1),
    "regional_alliances_facets": (
        f"alliances/facets/?type=consortium&{LOCALE}",
        FACETS[AllianceFilter],
        2,
    ),
    "regional_alliances_detail": (
        f"alliances/{MEDICAL_DELTA}/?{LOCALE}",
        s.RegionalAllianceDetail,
        1,
    ),
    "regional_projects_list": (f"projects/?{LOCALE}", s.RegionalProjectList, 1),
    "regional_projects_detail": (
        f"projects/a31a73e3-9676-5641-a94c-d4b20dff4355/?{LOCALE}",
        s.RegionalProjectDetail,
        1,
    ),
    "regional_programmes_list": (
        f"programmes/?type=minor&home={LEIDEN}&{LOCALE}",
        s.RegionalProgrammeList,
        1,
    ),
    "regional_programmes_facets": (
        f"programmes/facets/?type=minor&{LOCALE}",
        FACETS[ProgrammeFilter],
        2,
    ),
    "regional_programmes_detail": (
        f"programmes/bf0b9a2e-67c7-585d-a4bd-c5aa058776a3/?{LOCALE}",
        s.RegionalProgrammeDetail,
        1,
    ),
    "regional_network": (f"network/?alliance={MEDICAL_DELTA}&{LOCALE}", s.RegionalNetwork, 2),
    "regional_search": (f"search/?q=delta&{LOCALE}", s.RegionalSearchList, 2),
}
TAKES = [
    each
    for each in vars(p).values()
    if isinstance(each, type) and each.__name__.endswith("Parameters")
]


@pytest.fixture(scope="module", autouse=True)
def made_anew_if_asked(request):
    if os.environ.get("UPDATE_EXAMPLES"):
        ask_demo = request.getfixturevalue("ask_demo")
        base = "/api/v3/regional/"
        found = ask_demo([{"url": base + url, "headers": {}} for url, _, _ in OPERATIONS.values()])
        examples = {
            name: cut(tidy(answer["body"]), OPERATIONS[name][2])
            for name, answer in zip(OPERATIONS, found, strict=True)
        }
        text = json.dumps(examples, indent=1, ensure_ascii=False)
        text = text.replace("http://localhost:8000", "https://www.example.edu")
        ANSWERS.write_text(text + "\n", "utf-8")
        of_answers.cache_clear()


def cut(value, most):
    """With the first items of each list only. A pair of coordinates stays whole."""
    if isinstance(value, dict):
        return {
            name: each if name in ("coordinates", "@type") else cut(each, most)
            for name, each in value.items()
        }
    return [cut(each, most) for each in value[:most]] if isinstance(value, list) else value


def tidy(value):
    """Without what is new each time: what tells uploads apart, and when pages were published."""
    text = re.sub(r"(monogram-[a-z]+)_\w{7}", r"\1", json.dumps(value))
    text = re.sub(r'"[-\d]{10}T[:\d]{8}\.\d{6}(?=Z|\+00:00)', '"2026-09-01T09:00:00', text)
    return json.loads(text)


def test_every_answer_has_an_example(operations):
    told = {
        each["operationId"]: each["responses"]["200"]["content"] for each in operations.values()
    }
    assert told.keys() == OPERATIONS.keys()
    for name, content in told.items():
        for media_type in content.values():
            assert media_type["example"] == of_answers()[name]


@pytest.mark.parametrize("name", OPERATIONS)
def test_examples_of_answers_fit_their_schemas(name):
    schema = OPERATIONS[name][1]
    example = json.dumps(of_answers()[name])
    TypeAdapter(schema).validate_json(example, strict=True)
    assert len(example) < 16_000


def test_every_parameter_has_an_example(operations):
    without = [
        (path, each["name"])
        for path, operation in operations.items()
        for each in operation["parameters"]
        if each.get("example") is None
    ]
    assert without == []


@pytest.mark.django_db
@pytest.mark.parametrize("takes", TAKES, ids=lambda each: each.__name__)
def test_examples_of_parameters_are_taken(takes):
    examples = {
        name: each["example"]
        for name, each in takes.model_json_schema().get("properties", {}).items()
    }
    for name, example in examples.items():
        needed = {field: examples[field] for field in ("q", "path", "token") if field in examples}
        takes.model_validate({**needed, name: example})
