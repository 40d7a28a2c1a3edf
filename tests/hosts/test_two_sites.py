"""Each of two sites has a page of its own about one alliance."""

import pytest
import wagtail
from django.core.exceptions import ValidationError
from wagtail.models import Page, Site

from tests.conftest import block, fill
from wagtail_regional import factories as f

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"


@pytest.fixture
def alliance(db):
    return f.AllianceFactory(name={"en": "Quantum alliance"})


@pytest.fixture
def pages(section, site, alliance):
    """A page about the alliance on each site, and one that mentions it."""
    root = Page.objects.get(depth=1)
    home = f.RegionIndexPageFactory(title="Elsewhere", slug="elsewhere", parent=root)
    Site.objects.create(hostname="two.example", root_page=home)
    found = {}
    for host, parent in (("localhost", section.index), ("two.example", home)):
        about = f.PartnershipPageFactory(title=f"At {host}", slug="about", parent=parent)
        about.subject = alliance
        about.save()
        mention = f.PartnershipPageFactory(title="Mentions", slug="mentions", parent=parent)
        grid = {"source": "alliance", "alliance": alliance.pk}
        item = block("alliance", {"alliance": alliance.pk, "show": []})
        found[host] = about, fill(mention, [item, block("partner_grid", grid)])
    return found


@pytest.mark.parametrize("host", ["localhost", "two.example"])
def test_a_mention_leads_to_the_page_of_the_readers_site(client, pages, host):
    about, mention = pages[host]
    path = about.get_url_parts()[2]
    html = client.get(mention.get_url_parts()[2], headers={"host": host}).content.decode()
    assert f'href="{path}"' in html
    other = next(each for each in pages if each != host)
    assert f'href="http://{other}' not in html
    answer = client.get(f"{API}alliances/", headers={"host": host}).json()
    [shown] = answer["items"]
    assert shown["url"] == f"http://{host}{path}"


def test_without_a_page_of_its_own_the_others_is_linked_to(client, pages):
    about, mention = pages["two.example"]
    about.unpublish()
    address = pages["localhost"][0].get_url_parts()[2]
    html = client.get(mention.get_url_parts()[2], headers={"host": "two.example"}).content.decode()
    assert f'href="http://localhost{address}"' in html


def test_a_second_one_on_a_site_is_refused(pages, alliance, section):
    second = f.PartnershipPageFactory(title="Second", parent=section.index)
    second.subject = alliance
    with pytest.raises(ValidationError, match="At localhost"):
        second.full_clean()
