"""An entry in a table of questions is all that a filter takes: whatever follows from it is there.

That a filter finds the right rows is for :mod:`tests.api.test_finder` to say.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import wagtail
from django.core.management import call_command

from wagtail_regional import factories as f
from wagtail_regional.api import parameters as p
from wagtail_regional.filters import ProgrammeFilter
from wagtail_regional.filters.examples import LEIDEN, MEDICAL_DELTA, THEME
from wagtail_regional.representation.context import ReadContext

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"

#: Every endpoint that takes a table of questions.
ENDPOINTS = {
    "/organisations/": p.OrganisationParameters,
    "/organisations/facets/": p.OrganisationFacetParameters,
    "/organisations.geojson": p.GeoJsonParameters,
    "/alliances/": p.AllianceParameters,
    "/alliances/facets/": p.AllianceFacetParameters,
    "/projects/": p.ProjectParameters,
    "/programmes/": p.ProgrammeParameters,
    "/programmes/facets/": p.ProgrammeFacetParameters,
    "/network/": p.NetworkParameters,
}
FACETS = [path for path in ENDPOINTS if path.endswith("facets/")]
QUESTIONS = [
    pytest.param(path, question, id=f"{path.strip('/')}-{question.name}")
    for path, takes in ENDPOINTS.items()
    for question in takes.asks.questions
]
IN_FINDER = [each for each in ProgrammeFilter.questions if each.label]
#: Without this a question says nothing.
NEEDED = {"radius_km": {"near": "52.16,4.49"}}


@pytest.fixture(scope="module")
def document():
    out = io.StringIO()
    call_command("regional_openapi", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def examples(site):
    """The rows that examples speak of."""
    leiden = f.OrganisationFactory(uuid=LEIDEN)
    alliance = f.AllianceFactory(uuid=MEDICAL_DELTA)
    theme = f.ThemeFactory(uuid=THEME)
    programme = f.ProgrammeFactory(
        name={"en": "Delta works"},
        type="minor",
        level="bachelor",
        teaching_languages=["en"],
        modes_of_study=["part_time"],
        modes_of_delivery=["online"],
        isced_fields=["0912"],
    )
    programme.alliances.set([alliance])
    programme.themes.set([theme])
    programme.save()
    for provider in (leiden, f.OrganisationFactory()):
        f.ProgrammeProviderFactory(programme=programme, organisation=provider)
    f.ProgrammeAccessFactory(
        programme=programme, organisation=leiden, application_closes="2999-12-31"
    )
    return programme


def test_every_table_has_its_endpoints():
    tables = {takes.asks for takes in ENDPOINTS.values()}
    offered = [each for each in vars(p).values() if getattr(each, "asks", None)]
    assert {each.asks for each in offered} == tables
    for takes in ENDPOINTS.values():
        names = [each.name for each in takes.asks.questions]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(("path", "question"), QUESTIONS)
def test_the_document_tells_of_it(document, path, question):
    told = {each["name"]: each for each in document["paths"][path]["get"]["parameters"]}
    assert told[question.name]["description"] == question.description
    assert told[question.name]["example"] == question.example


@pytest.mark.parametrize(("path", "question"), QUESTIONS)
def test_it_narrows_what_is_found(examples, path, question):
    takes, context = ENDPOINTS[path], ReadContext("en")
    rows, needed = takes.asks.model.objects.all(), NEEDED.get(question.name, {})

    def query(**asked):
        parameters = takes(**needed, **asked)
        return str(parameters.filter(context).apply(rows, context.moment).query)

    assert query(**{question.name: question.example}) != query()


@pytest.mark.parametrize(("path", "question"), QUESTIONS)
def test_endpoints_take_it(client, examples, path, question):
    asked = {**NEEDED.get(question.name, {}), question.name: question.example}
    if question.example is True:
        asked[question.name] = "true"
    assert client.get(f"{API}{path}", asked).status_code == 200


@pytest.mark.parametrize("path", FACETS)
def test_facets_are_those_of_the_table(client, examples, document, path):
    wanted = {each.name for each in ENDPOINTS[path].asks.questions if each.facet}
    answer = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    schema = document["components"]["schemas"][answer["schema"]["$ref"].rpartition("/")[2]]
    assert schema["properties"].keys() - {"count", "truncated"} == wanted
    assert client.get(f"{API}{path}").json().keys() - {"count", "truncated"} == wanted


@pytest.mark.parametrize("question", IN_FINDER, ids=lambda each: each.name)
def test_the_finder_asks_it_and_says_what_is_asked(client, section, examples, question):
    address = section.programmes.url
    html = client.get(address).content.decode()
    assert f'name="{question.name}"' in html and str(question.label) in html
    value = str(question.example).lower() if question.example is True else question.example
    asked = client.get(address, {question.name: value}).context["finder"]
    assert asked.valid
    assert {each.label for each in asked.active} == {str(question.label)}
    assert asked.filter == ProgrammeFilter.read(asked.answers, lambda: asked.context.moment)
    assert question.name in {each.name for each in asked.filter.asked}


def test_programmes_are_found_by_all_that_is_asked_of_them():
    """A filter of programmes without a label would be the API's alone."""
    assert list(ProgrammeFilter.questions) == IN_FINDER


def test_the_reference_names_every_filter():
    text = REFERENCE.read_text()
    names = {each.name for takes in ENDPOINTS.values() for each in takes.asks.questions}
    assert [name for name in sorted(names) if f"`{name}" not in text] == []
