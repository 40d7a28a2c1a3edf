"""Addresses: paths in HTML that the site serves, absolute for programs, wherever it is served."""

from __future__ import annotations

import re

import pytest
import wagtail
from django.urls import clear_script_prefix, set_script_prefix
from wagtail.models import Site

from tests.conftest import block, fill
from wagtail_regional import factories as f

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"


@pytest.fixture
def linking(section):
    """A page that links to another in every way."""
    rich = f'<p><a linktype="page" id="{section.index.pk}">The section</a></p>'
    return fill(
        section.page,
        [
            block("rich_text", rich),
            block("related_links", {"links": [{"text": "", "page": section.index.pk}]}),
        ],
    )


def hrefs(html: str) -> list[str]:
    return re.findall(r'<a\b[^>]*href="([^"]*)"', html)


def canonical(html: str) -> str:
    return re.search(r'rel="canonical" href="([^"]*)"', html)[1]


def test_links_live_at_whatever_port_the_site_is_served(client, linking):
    """A new site says port 80, and runs elsewhere."""
    html = client.get(linking.url, headers={"host": "localhost:9101"}).content.decode()
    within = [href for href in hrefs(html) if "in-the-region" in href]
    assert len(within) >= 3 and all(href.startswith("/en/in-the-region/") for href in within)
    assert canonical(html) == f"http://localhost:9101{linking.url}"
    assert "http://localhost/" not in html


def test_programs_get_the_address_that_they_asked(client, linking):
    address = f"{API}pages/{linking.pk}/"
    for host in ("localhost:9101", "localhost"):
        answer = client.get(address, headers={"host": host}).json()
        assert answer["meta"]["html_url"] == f"http://{host}{linking.url}"
        assert f'href="http://{host}/en/in-the-region/"' in answer["body"][0]["value"]
    # Of another name nobody knows whether readers can use it.
    answer = client.get(address, headers={"host": "inside.example"}).json()
    assert answer["meta"]["html_url"] == f"http://localhost{linking.url}"


def test_a_sites_own_port_is_kept(client, linking, site):
    Site.objects.update(port=8443)
    answer = client.get(f"{API}pages/{linking.pk}/", headers={"host": "localhost"}).json()
    assert answer["meta"]["html_url"] == f"http://localhost:8443{linking.url}"


def test_a_link_to_another_site_is_absolute(client, section, site):
    home = f.RegionIndexPageFactory(title="Elsewhere", parent=section.index.get_root())
    Site.objects.create(hostname="other.example", port=8080, root_page=home)
    links = [{"text": "", "page": home.pk}, {"text": "", "page": section.index.pk}]
    page = fill(section.page, [block("related_links", {"links": links})])
    html = client.get(page.url, headers={"host": "localhost"}).content.decode()
    assert "http://other.example:8080/en/" in hrefs(html)
    assert "/en/in-the-region/" in hrefs(html)


@pytest.fixture
def below_a_prefix(settings):
    """As a server that names a prefix leaves it, which Django's test client does not."""
    settings.FORCE_SCRIPT_NAME = "/uni"
    set_script_prefix("/uni/")
    yield
    clear_script_prefix()


def test_everything_is_below_the_prefix_that_the_server_names(client, linking, below_a_prefix):
    own = "/uni/en/in-the-region/regional-partnerships/"
    html = client.get(own.removeprefix("/uni")).content.decode()
    within = [href for href in hrefs(html) if "in-the-region" in href]
    assert within and all(href.startswith("/uni/en/in-the-region/") for href in within)
    assert canonical(html) == f"http://localhost{own}"
    answer = client.get(f"{API}pages/{linking.pk}/").json()
    assert answer["meta"]["html_url"] == f"http://localhost{own}"
    for path in (own, own.removeprefix("/uni")):
        found = client.get(f"{API}pages/find/", {"path": path})
        assert found.status_code == 200 and found.json()["id"] == linking.pk
    # And what was made for it is not given without.
    clear_script_prefix()
    assert "/uni/" not in client.get(f"{API}pages/{linking.pk}/?").content.decode()


def test_structured_data_and_the_sitemap_are_absolute(client, linking):
    html = client.get(linking.url, headers={"host": "localhost:9101"}).content.decode()
    assert '"item":"http://localhost:9101/en/in-the-region/"' in html
    sitemap = client.get("/sitemap.xml", headers={"host": "localhost:9101"}).content.decode()
    assert f"<loc>http://localhost:9101{linking.url}</loc>" in sitemap
