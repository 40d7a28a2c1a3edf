"""Drafts, private pages and files of private collections are nowhere: not as a title, not as
an address, not as a count."""

from __future__ import annotations

import pytest
import wagtail
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, Locale, PageViewRestriction

from tests.conftest import block, fill, make_image
from wagtail_regional import factories as f

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"


def restrict(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def unpublish(page):
    page.unpublish()


HIDINGS = {
    "draft": lambda parent, page: unpublish(page),
    "private": lambda parent, page: restrict(page),
    "under a private page": lambda parent, page: restrict(parent),
}


@pytest.fixture
def hidden(section, dutch_home):
    """A page about an alliance, with a page above it, both mentioned all over the index page;
    with Dutch translations that stay public."""
    alliance = f.AllianceFactory(name={"en": "Alliance"}, website="")
    part = f.AllianceFactory(name={"en": "Part"}, parent=alliance, website="")
    f.MembershipFactory(alliance=part, organisation=None, member_alliance=alliance)
    f.ProjectFactory(alliance=alliance)
    programme = f.ProgrammeFactory()
    programme.alliances.add(alliance)
    programme.save()
    section.page.title, section.page.slug = "Veiled parent", "veiled-parent"
    section.page.introduction = "Hidden introduction"
    section.page.save()
    page = f.PartnershipPageFactory(
        title="Veiled page", slug="veiled-page", parent=section.page, introduction="Hidden words"
    )
    page.subject = alliance
    page.save()
    links = [
        {"page": page.pk, "text": ""},
        {"page": section.page.pk, "text": ""},
        {"page": page.pk, "text": "Where to"},
    ]
    rich = f'<p><a linktype="page" id="{page.pk}">there</a> <a/linktype="page" id="{page.pk}"></p>'
    shown = ["members", "centres", "projects", "programmes"]
    words = {"text": rich, "links": links}
    event = {"date": "2014", "title": "T", "text": rich}
    fill(
        section.index,
        [
            block("alliance", {"alliance": alliance.pk, "show": shown, **words}),
            block("alliance", {"alliance": part.pk, "show": shown}),
            block("related_links", {"links": links}),
            block("call_to_action", {"heading": "Go", "link": links[0], "text": rich}),
            block("contact", {"name": "Desk", "link": links[0]}),
            block("faq", {"questions": [{"question": "Q", "answer": rich}]}),
            block("timeline", {"alliance": alliance.pk, "events": [event]}),
            block("recognitions", {"alliances": [alliance.pk]}),
            block("project_list", {"alliance": alliance.pk}),
            block("programme_list", {"alliance": alliance.pk, "introduction": rich}),
            block("rich_text", rich),
        ],
    )  # fmt: skip
    dutch = Locale.objects.get(language_code="nl")
    for each, slug in ((section.index, "regio"), (section.page, "ouder"), (page, "blad")):
        copy = each.copy_for_translation(dutch)
        copy.title, copy.slug, copy.introduction = f"Nederlands {slug}", slug, ""
        copy.save_revision().publish()
    return section.page, page, alliance


def everything(client, section, alliance) -> dict[str, str]:
    """All public addresses that could mention a page."""
    dutch = section.index.get_translation(Locale.objects.get(language_code="nl"))
    child = dutch.get_children().get(slug="ouder").specific
    grandchild = child.get_children().get(slug="blad").specific
    addresses = [
        page.get_url() for page in (section.index, section.programmes, dutch, child, grandchild)
    ]
    pages = (section.index, section.programmes, dutch, child, grandchild)
    addresses += [f"{API}/pages/{page.pk}/" for page in pages]
    addresses += [f"/api/v2/pages/{page.pk}/" for page in pages]
    addresses += [f"{API}/pages/find/?path={page.get_url()}" for page in pages]
    if wagtail.VERSION >= (8, 0):
        addresses += [f"/api/v3/pages/{page.pk}/" for page in pages]
    for kind in ("pages", "alliances", "organisations", "projects", "programmes"):
        addresses.append(f"{API}/{kind}/")
    addresses += [f"{API}/alliances/{alliance.uuid}/", f"{API}/alliances/?locale=nl"]
    addresses += [
        f"{API}/projects/{alliance.projects.get().uuid}/",
        "/api/v2/pages/",
        "/sitemap.xml",
    ]
    found = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = response.content.decode()
    return found


def test_what_is_public_is_mentioned(client, section, hidden):
    texts = everything(client, section, hidden[2])
    assert sum("veiled-page" in text for text in texts.values()) > 8


@pytest.mark.parametrize("how", HIDINGS)
def test_hidden_pages_are_nowhere(client, section, hidden, how):
    parent, page, alliance = hidden
    before = client.get(f"{API}/pages/").json()["count"]
    HIDINGS[how](parent, page)
    word = "eiled" if how == "under a private page" else "eiled-page"
    for address, text in everything(client, section, alliance).items():
        assert word not in text and "Veiled page" not in text, address
        assert "Hidden words" not in text, address
    gone = 2 if how == "under a private page" else 1
    assert client.get(f"{API}/pages/").json()["count"] == before - gone
    assert client.get(f"{API}/pages/{page.pk}/").status_code == 404
    assert client.get(f"{API}/pages/find/?path={page.get_url()}").status_code == 404


@pytest.mark.indexed
@pytest.mark.parametrize("place", ["itself", "below", "an alias of it"])
def test_aliases_of_private_pages_are_private(client, section, place):
    """Wagtail's own `public()` knows them by their place in the tree alone, its pages ask for a
    password."""
    alliance = f.AllianceFactory(name={"en": "Subject"}, website="")
    original = f.PartnershipPageFactory(title="Veiled", parent=section.page, introduction="Veiled")
    page = original.create_alias(parent=section.index, update_slug="alias-of-it")
    if place == "an alias of it":
        page = page.create_alias(parent=section.index, update_slug="alias-of-alias")
    if place == "below":
        page = f.PartnershipPageFactory(title="Veiled child", parent=page)
    page.subject = alliance
    page.save()
    index = section.index
    addresses = [
        *(f"{API}/pages/?limit=20", f"{API}/search/?q=veiled", f"{API}/alliances/{alliance.uuid}/"),
        *(index.get_url(), f"{API}/pages/{index.pk}/", "/sitemap.xml"),
    ]

    def mentioned():
        texts = {each: client.get(each).content.decode() for each in addresses}
        marks = ("Veiled", "alias-of", f'/pages/{page.pk}/"')
        return [each for each, text in texts.items() if any(mark in text for mark in marks)]

    assert len(mentioned()) >= 4
    restrict(original)
    assert client.get(page.get_url()).status_code == 302
    assert mentioned() == []
    assert client.get(f"{API}/pages/{page.pk}/").status_code == 404
    assert client.get(f"{API}/pages/find/?path={page.get_url()}").status_code == 404
    PageViewRestriction.objects.all().delete()
    assert client.get(f"{API}/pages/{page.pk}/").status_code == 200


@pytest.fixture
def private_collection(site):
    collection = Collection.get_first_root_node().add_child(name="Private")
    # A collection below a private one is private too.
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection.add_child(name="Inside")


def test_files_of_private_collections_are_nowhere(client, section, private_collection):
    image = make_image("hidden-image", collection=private_collection, description="hidden words")
    document = get_document_model().objects.create(
        title="hidden-document",
        file=ContentFile(b"x", "hidden-document.txt"),
        collection=private_collection,
    )
    rich = (
        f'<p><a linktype="document" id="{document.pk}">file</a></p>'
        f'<embed embedtype="image" id="{image.pk}" alt="an image" format="fullwidth"/>'
    )
    portrait = {"image": image.pk, "alt_text": "hidden person", "decorative": False}
    alliance = f.AllianceFactory(logo=image)
    f.MembershipFactory(alliance=alliance, organisation__logo=image)
    section.page.hero_image = image
    link, shown = {"document": document.pk, "text": ""}, ["members"]
    page = fill(
        section.page,
        [
            block("document", document.pk),
            block("image", {"image": portrait, "caption": ""}),
            block("quote", {"text": "Words", "image": portrait}),
            block("contact", {"name": "Desk", "image": portrait, "link": link}),
            block("related_links", {"links": [link]}),
            block("rich_text", rich),
            block("alliance", {"alliance": alliance.pk, "image": portrait, "text": rich}),
            block("alliance", {"alliance": alliance.pk, "show": shown}),
            block("partner_grid", {"alliance": alliance.pk}),
        ],
    )  # fmt: skip
    addresses = [page.get_url(), f"{API}/pages/{page.pk}/", f"/api/v2/pages/{page.pk}/"]
    addresses += [f"{API}/alliances/", f"{API}/organisations/", f"{API}/alliances/{alliance.uuid}/"]
    if wagtail.VERSION >= (8, 0):
        addresses.append(f"/api/v3/pages/{page.pk}/")
    for address in addresses:
        text = client.get(address).content.decode()
        assert "hidden" not in text, address
    assert image.renditions.count() == 0


def test_rich_text_shows_public_images_and_media(client, section, django_assert_max_num_queries):
    image = make_image("shown-image")
    rich = (
        f'<p>Look:</p><embed embedtype="image" id="{image.pk}" alt="A view" format="left"/>'
        '<embed embedtype="media" url="https://video.example/1?a=1&amp;b=2"/>'
    )
    page = fill(section.page, [block("rich_text", rich)])
    html = client.get(f"{API}/pages/{page.pk}/").json()["body"][0]["value"]
    assert 'alt="A view"' in html and "shown-image" in html and "richtext-image left" in html
    # The other site was never asked, so a link stands in.
    assert '<a href="https://video.example/1?a=1&amp;b=2">' in html
