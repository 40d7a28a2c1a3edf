"""The number of queries does not grow with content."""

import pytest
import wagtail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance
from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, Organisation, Programme

PREFIX = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
#: What a page may cost after a change through our API, and through Wagtail's or as HTML, where ten
#: queries are Wagtail's own, and three see to one instant.
CEILING, WITH_WAGTAIL = 12, 21


def ceiling_of(name):
    return CEILING if name in ("regional", "find") else WITH_WAGTAIL


@pytest.fixture(autouse=True)
def nothing_kept(settings):
    """An answer that is given again costs one query and would say nothing."""
    settings.WAGTAIL_REGIONAL = {"API_CACHE_SECONDS": 0}


def busy_body(alliances, picture):
    blocks = [
        block("rich_text", f'<p>See <a linktype="page" id="{picture["page"]}">here</a>.</p>'),
        block("programme_list", {"source": "query", "types": ["minor"], "maximum": 100}),
        block("programme_list", {"source": "query", "levels": [], "maximum": 5}),
    ]
    for alliance in alliances:
        blocks.append(
            block(
                "alliance",
                {"alliance": alliance.pk, "show": ALL_SECTIONS, "text": "<p>Words</p>"},
            )
        )
    return blocks


@pytest.fixture(params=[3, 10])
def busy_page(request, section):
    alliances = [make_alliance(members=2, programmes=1, projects=1) for _ in range(request.param)]
    section.page.subject = alliances[0]
    return fill(section.page, busy_body(alliances, {"page": section.index.pk}))


def addresses(page):
    found = {
        "page": page.url,
        "v2": f"/api/v2/pages/{page.pk}/",
    }
    if wagtail.VERSION >= (8, 0):
        found["v3"] = f"/api/v3/pages/{page.pk}/"
    found["regional"] = f"{PREFIX}/pages/{page.pk}/"
    found["find"] = f"{PREFIX}/pages/find/?path={page.url}"
    return found


def test_a_page_costs_the_same_at_any_size(busy_page, client, django_assert_max_num_queries):
    for name, address in addresses(busy_page).items():
        assert client.get(address).status_code == 200, name  # makes the renditions
    for name, address in addresses(busy_page).items():
        cache.clear()
        client.get(address)  # site roots and content types, as on any running site
        with django_assert_max_num_queries(ceiling_of(name)):
            response = client.get(address)
        assert response.status_code == 200


def test_a_page_after_a_change(busy_page, client, settings, django_assert_max_num_queries):
    settings.WAGTAIL_REGIONAL = {}
    for name, address in addresses(busy_page).items():
        assert client.get(address).status_code == 200, name
    for model in (Organisation, Alliance, Programme):
        for name, address in addresses(busy_page).items():
            client.get(address)
            model.objects.first().save()
            cache.clear()
            client.get(address)  # site roots and content types, as on any running site
            model.objects.first().save()
            with django_assert_max_num_queries(ceiling_of(name)):
                assert client.get(address).status_code == 200


#: What each of the other addresses may cost, uncached; measured, with two to spare.
CEILINGS = {
    "pages/": 7,
    "organisations/": 9,
    "alliances/": 8,
    "projects/": 8,
    "programmes/": 8,
    "organisations/{organisation}/": 15,
    "alliances/{alliance}/": 10,
    "projects/{project}/": 8,
    "programmes/{programme}/": 9,
}


@pytest.fixture(params=[3, 10])
def busy_registry(request, section):
    home = f.OrganisationFactory()
    alliances = [make_alliance(members=2, programmes=2) for _ in range(request.param)]
    for alliance in alliances:
        f.MembershipFactory(alliance=alliance, organisation=home)
        f.PartnershipPageFactory(parent=section.index, subject=alliance)
    programme = alliances[0].programmes.first()
    for alliance in alliances:
        programme.alliances.add(alliance)
        f.ProgrammeProviderFactory(programme=programme)
        f.ProgrammeAccessFactory(programme=programme)
        f.ProgrammeProviderFactory(programme=alliance.programmes.last(), organisation=home)
    programme.save()
    return {
        "organisation": home.uuid,
        "alliance": alliances[0].uuid,
        "project": alliances[0].projects.first().uuid,
        "programme": programme.uuid,
    }


def test_the_registry_costs_the_same_at_any_size(busy_registry, client):
    for address, ceiling in CEILINGS.items():
        url = f"{PREFIX}/{address.format(**busy_registry)}"
        query = "" if "{" in address else "?limit=20"
        assert client.get(url + query).status_code == 200, address  # makes the renditions
        cache.clear()
        client.get(url)  # site roots, as on any running site
        with CaptureQueriesContext(connection) as found:
            assert client.get(url + query).status_code == 200
        assert len(found) <= ceiling, address


@pytest.mark.parametrize("children", [2, 15])
def test_each_kind_of_page_costs_the_same_at_any_size(section, client, children):
    for number in range(children):
        f.PartnershipPageFactory(parent=section.index, subject=f.AllianceFactory())
        f.ProgrammeAccessFactory(programme__name={"en": f"Programme {number}"})
    for page in (section.index, section.programmes, section.page):
        for name, address in addresses(page).items():
            client.get(address)
            cache.clear()
            client.get(address)
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
                assert len(found) <= ceiling_of(name), address
