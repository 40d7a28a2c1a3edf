"""Each of two sites has a page of its own about one alliance."""

import datetime as dt

import pytest
import wagtail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import nested_form_data, streamfield

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


# --- One site within the other -------------------------------------------------------------------


@pytest.fixture
def inner(site, section, alliance):
    """A site within the first one, whose pages are first in the tree, with a page about the
    alliance on each."""
    home = f.RegionIndexPageFactory(title="Inner", slug="inner", parent=site.root_page)
    home.move(section.index, "left")
    home.refresh_from_db()
    section.index.refresh_from_db()
    Site.objects.create(hostname="two.example", root_page=home)
    pages = {
        host: f.PartnershipPageFactory(
            title=f"At {host}", slug="about", parent=parent, subject=alliance
        )
        for host, parent in (("two.example", home), ("localhost", section.index))
    }
    for parent in (home, section.index):
        f.ProgrammeIndexPageFactory(title="Finder", slug="finder", parent=parent)
    return pages


@pytest.mark.parametrize(
    ("host", "path"),
    [("two.example", "/en/about/"), ("localhost", "/en/in-the-region/about/")],
)
def test_the_page_of_the_outer_site_is_that_of_its_readers(client, inner, host, path):
    for page in inner.values():
        page.full_clean()
    [shown] = client.get(f"{API}alliances/", headers={"host": host}).json()["items"]
    assert shown["url"] == f"http://{host}{path}"


def test_the_finder_of_the_outer_site_is_that_of_its_readers(client, section, inner):
    f.ProgrammeFactory()
    section.page.refresh_from_db()
    item = block("programme_list", {"source": "query", "maximum": 5, "show_filters": True})
    page = fill(section.page, [item])
    html = client.get(page.url, headers={"host": "localhost"}).content.decode()
    assert "/inner/finder/" not in html and "/in-the-region/programmes/" in html


def test_the_outer_site_has_what_the_inner_one_serves(client, inner):
    inner["localhost"].unpublish()
    [shown] = client.get(f"{API}alliances/", headers={"host": "localhost"}).json()["items"]
    assert shown["url"] == "http://localhost/en/inner/about/"


# --- Elsewhere in the tree -----------------------------------------------------------------------


def test_a_page_that_moves_to_the_other_site_is_in_the_way_there(client, pages, section):
    theirs, mine = pages["two.example"][0], pages["localhost"][0]
    theirs.slug = "theirs"
    theirs.save()
    theirs.move(section.index, "last-child")
    theirs.refresh_from_db()
    with pytest.raises(ValidationError, match="At localhost"):
        theirs.full_clean()
    # Mentions lead to the first of both, on both sites.
    for host in pages:
        [shown] = client.get(f"{API}alliances/", headers={"host": host}).json()["items"]
        assert shown["url"] == f"http://localhost{mine.get_url_parts()[2]}"


def test_a_page_below_no_site_is_in_nobodys_way(client, pages, alliance):
    root = Page.objects.get(depth=1)
    nowhere = f.PartnershipPageFactory(title="Nowhere", slug="nowhere", parent=root)
    nowhere.subject = alliance
    nowhere.full_clean()
    nowhere.save()
    for host, (about, _mention) in pages.items():
        about.full_clean()
        [shown] = client.get(f"{API}alliances/", headers={"host": host}).json()["items"]
        assert shown["url"] == f"http://{host}{about.get_url_parts()[2]}"


def test_an_alias_is_in_nobodys_way(client, pages):
    about = pages["localhost"][0]
    # First in the tree.
    alias = about.create_alias(parent=about.get_parent(), update_slug="alias")
    Page.objects.get(pk=alias.pk).move(about.get_parent(), "first-child")
    about.refresh_from_db()
    about.full_clean()
    [shown] = client.get(f"{API}alliances/", headers={"host": "localhost"}).json()["items"]
    assert shown["url"] == f"http://localhost{about.get_url_parts()[2]}"


# --- In the admin --------------------------------------------------------------------------------


def form(alliance, slug, **more):
    values = {"title": "New", "slug": slug, "introduction": "", "hero_image": ""}
    values |= {"subject": alliance.pk, "seo_title": "", "search_description": ""}
    values |= {"body": streamfield([]), "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    return {**nested_form_data(values), **more}


PUBLISH = {"action-publish": "on"}


def adding(parent):
    model = f.PartnershipPageFactory._meta.model
    return reverse("wagtailadmin_pages:add", args=(*model._meta.label_lower.split("."), parent.pk))


def editing(page):
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


def test_a_new_page_is_refused_where_its_site_has_one(admin_client, pages, alliance, section):
    added = admin_client.post(adding(section.index), form(alliance, "new", **PUBLISH))
    assert "At localhost" in added.context["form"].errors["subject"][0]
    assert not Page.objects.filter(slug="new").exists()
    # A draft may be about whatever its editors like.
    assert admin_client.post(adding(section.index), form(alliance, "new")).status_code == 302
    assert not Page.objects.get(slug="new").live


def test_a_new_page_is_published_where_its_site_has_none(admin_client, pages, alliance):
    about = pages["two.example"][0]
    home = about.get_parent()
    about.delete()
    added = admin_client.post(adding(home), form(alliance, "new", **PUBLISH))
    assert added.status_code == 302 and Page.objects.get(slug="new").live


def test_a_draft_is_refused_when_it_is_to_be_published(admin_client, pages, alliance):
    about = pages["localhost"][0]
    copy = about.copy(update_attrs={"slug": "copy"}, keep_live=False)
    assert admin_client.post(editing(copy), form(alliance, "copy")).status_code == 302
    refused = admin_client.post(editing(copy), form(alliance, "copy", **PUBLISH))
    assert "At localhost" in refused.context["form"].errors["subject"][0]
    copy.refresh_from_db()
    assert not copy.live


def test_publishing_from_a_list_does_not_fail(admin_client, client, pages):
    about = pages["localhost"][0]
    copy = about.copy(update_attrs={"slug": "copy"}, keep_live=False)
    publish = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    assert admin_client.post(f"{publish}?id={copy.pk}").status_code == 302
    copy.refresh_from_db()
    assert copy.live
    [shown] = client.get(f"{API}alliances/", headers={"host": "localhost"}).json()["items"]
    assert shown["url"] == f"http://localhost{about.get_url_parts()[2]}"
    # Whoever opens either of them decides.
    with pytest.raises(ValidationError, match="is about this alliance already"):
        copy.full_clean()


def test_publishing_at_a_set_time_does_not_fail(pages):
    copy = pages["localhost"][0].copy(update_attrs={"slug": "copy"}, keep_live=False)
    past = timezone.now() - dt.timedelta(minutes=1)
    copy.save_revision(approved_go_live_at=past)
    call_command("publish_scheduled")
    copy.refresh_from_db()
    assert copy.live
