"""An entry in a table of questions is all that a filter takes: whatever follows from it is there.

That a filter finds the right rows is for :mod:`tests.api.test_finder` to say.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
import wagtail
from django.core.management import call_command
from django.utils import translation

from tests.api import hidden_rows
from wagtail_regional import factories as f
from wagtail_regional.api import parameters as p
from wagtail_regional.filters import ProgrammeFilter
from wagtail_regional.filters.examples import LEIDEN, MEDICAL_DELTA, THEME
from wagtail_regional.representation.context import ReadContext

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"

#: Every endpoint that takes a table of questions.
ENDPOINTS = {f"/{path}": takes for path, takes in hidden_rows.ENDPOINTS.items()}
FACETS = [path for path in ENDPOINTS if path.endswith("facets/")]
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


@pytest.mark.parametrize("path", ENDPOINTS)
def test_the_document_tells_of_each_question(document, path):
    told = {each["name"]: each for each in document["paths"][path]["get"]["parameters"]}
    for question in ENDPOINTS[path].asks.questions:
        assert told[question.name]["description"] == question.description
        assert told[question.name]["example"] == question.example


@pytest.mark.parametrize("path", ENDPOINTS)
def test_each_question_is_taken_and_narrows_what_is_found(client, examples, path):
    takes, context = ENDPOINTS[path], ReadContext("en")
    rows = takes.asks.model.objects.all()

    def query(asked):
        return str(takes(**asked).filter(context).apply(rows, context.moment).query)

    for question in takes.asks.questions:
        needed = NEEDED.get(question.name, {})
        asked = {**needed, question.name: question.example}
        assert query(asked) != query(needed), question.name
        address = f"{API}{path}?{urlencode(asked, doseq=True).replace('True', 'true')}"
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("path", FACETS)
def test_facets_are_those_of_the_table(client, examples, document, path):
    wanted = [each.name for each in ENDPOINTS[path].asks.questions if each.facet]
    components = document["components"]["schemas"]
    answer = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    schema = components[answer["schema"]["$ref"].rpartition("/")[2]]
    facet = components[schema["properties"]["facets"]["items"]["$ref"].rpartition("/")[2]]
    assert facet["properties"]["name"]["enum"] == wanted
    answered = client.get(f"{API}{path}?locale=nl").json()["facets"]
    assert [each["name"] for each in answered] == wanted
    labels = {each.name: each.label for each in ENDPOINTS[path].asks.questions}
    with translation.override("nl"):
        for each in answered:
            assert each["label"] == str(labels[each["name"]]) != "None", each["name"]


def test_the_finder_asks_each_question_and_says_what_is_asked(client, section, examples):
    for question in IN_FINDER:
        value = "true" if question.example is True else question.example
        page = client.get(section.programmes.url, {question.name: value})
        finder, html = page.context["finder"], page.content.decode()
        assert f'name="{question.name}"' in html and str(question.label) in html, question.name
        assert finder.valid, question.name
        assert {each.label for each in finder.active} == {str(question.label)}
        assert [each.name for each in finder.filter.asked] == [question.name]


def test_programmes_are_found_by_all_that_is_asked_of_them():
    """A filter of programmes without a label would be the API's alone."""
    assert list(ProgrammeFilter.questions) == IN_FINDER


def test_the_reference_names_every_filter():
    text = REFERENCE.read_text()
    names = {each.name for takes in ENDPOINTS.values() for each in takes.asks.questions}
    assert [name for name in sorted(names) if f"`{name}" not in text] == []
