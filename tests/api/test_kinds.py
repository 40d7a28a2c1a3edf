"""One vocabulary: what an answer calls something is what a filter takes."""

from __future__ import annotations

import pytest
import wagtail
from wagtail.search.index import insert_or_update_object

from tests.conftest import make_alliance
from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, Organisation, Programme, Project

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"


def read(client, address):
    response = client.get(f"{API}/{address}")
    assert response.status_code == 200, response.content
    return response.json()


@pytest.mark.parametrize("kind", ["organisations", "alliances", "programmes", "pages"])
def test_the_type_of_an_item_finds_it(client, section, kind):
    make_alliance()
    items = read(client, f"{kind}/")["items"]
    assert items
    for item in items:
        found = read(client, f"{kind}/?type={item['type']}")["items"]
        assert item["id"] in [each["id"] for each in found]
        assert {each["type"] for each in found} == {item["type"]}


def test_a_page_tells_its_type_and_its_model(client, section):
    told = {
        each["type"]: (each["model"], read(client, f"pages/{each['id']}/")["type"])
        for each in read(client, "pages/")["items"]
    }
    assert told == {
        "region_index": ("wagtail_regional_pages.RegionIndexPage", "region_index"),
        "partnership": ("wagtail_regional_pages.PartnershipPage", "partnership"),
        "programme_index": ("wagtail_regional_pages.ProgrammeIndexPage", "programme_index"),
    }


@pytest.mark.indexed
def test_results_of_a_search_are_of_kinds_and_types_that_can_be_asked_for(client, section):
    make_alliance(name={"en": "Quokka"})
    f.OrganisationFactory(name={"en": "Quokka"})
    f.ProgrammeFactory(name={"en": "Quokka"})
    f.ProjectFactory(title={"en": "Quokka"})
    section.page.title = "Quokka"
    section.page.save()
    for model in (Alliance, Organisation, Programme, Project, type(section.page)):
        for row in model.objects.all():
            insert_or_update_object(row)
    answer = read(client, "search/?q=quokka&locale=en")
    assert len(answer["counts"]) == 5
    labels = {item["kind"]: (item["kind_label"], item["type_label"]) for item in answer["items"]}
    assert labels["project"] == ("Project", None) and labels["page"] == ("Page", "Partnership")
    for item in answer["items"]:
        found = read(client, f"search/?q=quokka&kind={item['kind']}")["items"]
        assert {each["kind"] for each in found} == {item["kind"]}
        if item["type"]:
            listed = read(client, f"{item['kind']}s/?type={item['type']}&limit=20")["items"]
            assert item["id"] in [str(each["id"]) for each in listed]
