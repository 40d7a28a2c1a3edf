"""Every answer fits the schema that the OpenAPI document gives for it.

The answers are made without validation, so this is where it happens: strictly, so that a number
in quotes or a date that is none is found.
"""

from __future__ import annotations

import pytest
import wagtail
from django.core.cache import cache
from pydantic import TypeAdapter
from wagtail.search.index import insert_or_update_object

from wagtail_regional import factories as f
from wagtail_regional import schemas as s
from wagtail_regional.api.page_endpoints import PageDetail
from wagtail_regional.filters import AllianceFilter, OrganisationFilter, ProgrammeFilter
from wagtail_regional.representation.facets import FACETS

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"

KINDS = {
    "organisations": (s.RegionalOrganisationList, s.RegionalOrganisationDetail),
    "alliances": (s.RegionalAllianceList, s.RegionalAllianceDetail),
    "projects": (s.RegionalProjectList, s.RegionalProjectDetail),
    "programmes": (s.RegionalProgrammeList, s.RegionalProgrammeDetail),
}


def fits(schema, response):
    assert response.status_code == 200
    TypeAdapter(schema).validate_json(response.content, strict=True)
    return response.json()


@pytest.fixture(autouse=True)
def content(full_page):
    cache.clear()
    f.ProgrammeFactory(level="", degree_award="", study_load=None, study_load_unit="")
    f.OrganisationFactory(founded="1575", dissolved="1999-12", country="NL")
    return full_page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["en", "nl"])
def test_lists_and_details_fit_their_schemas(client, kind, locale):
    listed, detailed = KINDS[kind]
    items = fits(listed, client.get(f"{API}/{kind}/?locale={locale}"))["items"]
    assert items
    for item in items:
        fits(detailed, client.get(f"{API}/{kind}/{item['id']}/?locale={locale}"))


#: What finds something in the section, and has it where.
FINDS = {
    "organisations/facets/?country=NL": (FACETS[OrganisationFilter], "facets"),
    "alliances/facets/?status=active&status=ended": (FACETS[AllianceFilter], "facets"),
    "programmes/facets/?joint=true": (FACETS[ProgrammeFilter], "facets"),
    "organisations.geojson": (s.RegionalFeatureCollection, "features"),
    "organisations.geojson?near=52,4&radius_km=20000&limit=1&offset=1": (
        s.RegionalFeatureCollection,
        "links",
    ),
    "network/": (s.RegionalNetwork, "links"),
    "search/?q=museum": (s.RegionalSearchList, "items"),
    "organisations/?order=-distance&near=52.16,4.49": (s.RegionalOrganisationList, "items"),
    "programmes/?order=deadline&ects_max=100": (s.RegionalProgrammeList, "items"),
}
FINDS_NOTHING = {
    "organisations/facets/?q=nowhere": FACETS[OrganisationFilter],
    "alliances/facets/?q=nowhere": FACETS[AllianceFilter],
    "programmes/facets/?q=nowhere": FACETS[ProgrammeFilter],
    "organisations.geojson?bbox=0,0,1,1": s.RegionalFeatureCollection,
    "network/?status=planned": s.RegionalNetwork,
    "search/?q=nowhere": s.RegionalSearchList,
}


@pytest.mark.indexed
@pytest.mark.parametrize("address", FINDS)
@pytest.mark.parametrize("locale", ["en", "nl"])
def test_what_is_found_fits_its_schema(client, content, address, locale):
    place = {"country": "NL", "latitude": "52.1571", "longitude": "4.4853"}
    museum = f.OrganisationFactory(name={"en": "Museum", "nl": "Museum"}, **place)
    f.OrganisationFactory(**place)
    insert_or_update_object(museum)
    schema, holds = FINDS[address]
    join = "&" if "?" in address else "?"
    assert fits(schema, client.get(f"{API}/{address}{join}locale={locale}"))[holds]


@pytest.mark.parametrize("address", FINDS_NOTHING)
def test_what_is_not_found_fits_its_schema(client, address):
    found = fits(FINDS_NOTHING[address], client.get(f"{API}/{address}"))
    assert not (found.get("count") or found.get("numberMatched") or found.get("nodes"))


def test_pages_fit_their_schemas(client, section):
    for item in fits(s.RegionalPageList, client.get(f"{API}/pages/"))["items"]:
        fits(PageDetail, client.get(f"{API}/pages/{item['id']}/"))
    for page in (section.index, section.programmes):
        fits(PageDetail, client.get(f"{API}/pages/find/?path={page.get_url()}"))


def test_pages_with_everything_render(client, content, section):
    for page in (content, section.index, section.programmes):
        assert client.get(page.get_url()).status_code == 200
