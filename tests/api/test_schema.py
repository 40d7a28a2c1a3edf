"""Every answer fits the schema that the OpenAPI document gives for it.

The answers are made without validation, so this is where it happens: strictly, so that a number
in quotes or a date that is none is found.
"""

from __future__ import annotations

import pytest
import wagtail
from django.core.cache import cache
from pydantic import TypeAdapter

from wagtail_regional import factories as f
from wagtail_regional.api import schemas as s
from wagtail_regional.api.router import PageDetail

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


#: Each with what finds something in the section, and what finds nothing.
OTHERS = {
    "organisations/facets/?country=NL": s.RegionalOrganisationFacets,
    "organisations/facets/?q=nowhere&country=NL": s.RegionalOrganisationFacets,
    "alliances/facets/?status=active&status=ended": s.RegionalAllianceFacets,
    "alliances/facets/?q=nowhere&status=ended": s.RegionalAllianceFacets,
    "programmes/facets/?open=now&ects_min=1": s.RegionalProgrammeFacets,
    "programmes/facets/": s.RegionalProgrammeFacets,
    "organisations.geojson": s.RegionalFeatureCollection,
    "organisations.geojson?near=52.16,4.49&radius_km=20000&limit=1": s.RegionalFeatureCollection,
    "organisations.geojson?near=52.16,4.49&radius_km=20000&limit=1&offset=1": (
        s.RegionalFeatureCollection
    ),
    "organisations.geojson?bbox=0,0,1,1": s.RegionalFeatureCollection,
    "network/": s.RegionalNetwork,
    "network/?status=planned": s.RegionalNetwork,
    "search/?q=medical": s.RegionalSearchList,
    "search/?q=nowhere&kind=page": s.RegionalSearchList,
    "organisations/?order=-distance&near=52.16,4.49": s.RegionalOrganisationList,
    "programmes/?order=deadline&ects_max=100": s.RegionalProgrammeList,
}


@pytest.mark.parametrize("address", OTHERS)
@pytest.mark.parametrize("locale", ["en", "nl"])
def test_what_the_finder_answers_fits_its_schema(client, content, address, locale):
    f.OrganisationFactory(country="NL", latitude="52.1571", longitude="4.4853")
    f.OrganisationFactory(country="NL", latitude="51.9225", longitude="4.4792")
    join = "&" if "?" in address else "?"
    found = fits(OTHERS[address], client.get(f"{API}/{address}{join}locale={locale}"))
    kept = found.get("features") or found.get("nodes") or found.get("items") or found.get("type")
    looks_for_nothing = any(each in address for each in ("nowhere", "planned", "open=", "bbox"))
    assert bool(kept) != looks_for_nothing or address.startswith("organisations.geojson?bbox")


def test_pages_fit_their_schemas(client, section):
    for item in fits(s.RegionalPageList, client.get(f"{API}/pages/"))["items"]:
        fits(PageDetail, client.get(f"{API}/pages/{item['id']}/"))
    for page in (section.index, section.programmes):
        fits(PageDetail, client.get(f"{API}/pages/find/?path={page.get_url()}"))


def test_pages_with_everything_render(client, content, section):
    for page in (content, section.index, section.programmes):
        assert client.get(page.get_url()).status_code == 200
