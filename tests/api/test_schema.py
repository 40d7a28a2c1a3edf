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


def test_pages_fit_their_schemas(client, section):
    for item in fits(s.RegionalPageList, client.get(f"{API}/pages/"))["items"]:
        fits(PageDetail, client.get(f"{API}/pages/{item['id']}/"))
    for page in (section.index, section.programmes):
        fits(PageDetail, client.get(f"{API}/pages/find/?path={page.get_url()}"))


def test_pages_with_everything_render(client, content, section):
    for page in (content, section.index, section.programmes):
        assert client.get(page.get_url()).status_code == 200
