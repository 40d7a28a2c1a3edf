"""The number of queries does not grow with content."""

import pytest
import wagtail
from django.core.cache import cache

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance

CEILING = 15


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


@pytest.fixture(params=[5, 100])
def busy_page(request, section):
    alliances = [make_alliance(members=2, programmes=1, projects=1) for _ in range(request.param)]
    section.page.subject = alliances[0]
    return fill(section.page, busy_body(alliances, {"page": section.index.pk}))


def addresses(page):
    found = {
        "page": page.url,
        "v2": f"/api/v2/pages/{page.pk}/",
    }
    prefix = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
    if wagtail.VERSION >= (8, 0):
        found["v3"] = f"/api/v3/pages/{page.pk}/"
    found["regional"] = f"{prefix}/pages/{page.pk}/"
    found["find"] = f"{prefix}/pages/find/?path={page.url}"
    return found


def test_a_page_costs_the_same_at_any_size(busy_page, client, django_assert_max_num_queries):
    for name, address in addresses(busy_page).items():
        assert client.get(address).status_code == 200, name  # makes the renditions
    for address in addresses(busy_page).values():
        cache.clear()
        client.get(address)  # site roots and content types, as on any running site
        with django_assert_max_num_queries(CEILING):
            response = client.get(address)
        assert response.status_code == 200
