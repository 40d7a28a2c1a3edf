"""Pages made in another language with simple_translation and with wagtail-localize: every block
goes along, and what it points to in the registry stays what it was."""

from __future__ import annotations

from typing import Any

import polib
import pytest
import wagtail
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Locale
from wagtail_localize.models import Translation

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance, make_image
from wagtail_regional import factories as f
from wagtail_regional.blocks import RegionalStreamBlock
from wagtail_regional.models import Programme

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"
TYPES = list(RegionalStreamBlock().child_blocks)


def item(value: Any, key: str) -> dict[str, Any]:
    """An entry of a list block, as editors' forms store it."""
    return {"type": "item", "value": value, "id": f"00000000-0000-4000-8000-{key:0>12}"}


@pytest.fixture
def page(section, dutch_home):
    """A page with every block, each with words of its own."""
    alliance = make_alliance(name={"en": "Delta", "nl": "De Delta"}, starts="2010")
    organisation = f.OrganisationFactory(
        name={"en": "City", "nl": "Stad"}, latitude=52, longitude=4
    )
    theme, image = f.ThemeFactory(), make_image("Figure")
    document = get_document_model().objects.create(
        title="Report", file=ContentFile(b"report", "report.txt")
    )
    picture = {"image": image.pk, "alt_text": "A picture", "decorative": False}
    text = f'<p>Words of <a linktype="page" id="{section.index.pk}">ours</a></p>'
    link = {"text": "A link", "page": section.index.pk, "document": None, "url": ""}
    blocks = [
        block(
            "alliance",
            {
                "alliance": alliance.pk,
                "heading": "Alliance heading",
                "text": text,
                "image": picture,
                "show": ALL_SECTIONS,
                "show_as_history": False,
                "links": [item(link, "1")],
            },
        ),
        block(
            "programme_list",
            {
                "heading": "Programme heading",
                "introduction": text,
                "source": "query",
                "alliance": None,
                "types": ["minor"],
                "levels": [],
                "languages": "en, nl",
                "theme": theme.pk,
                "provider": organisation.pk,
                "programmes": [item(Programme.objects.first().pk, "2")],
                "audience": None,
                "order": "name",
                "maximum": 5,
                "show_filters": True,
                "empty_text": "Nothing now",
            },
        ),
        block("partner_grid", {"heading": "Grid", "alliance": alliance.pk, "organisations": []}),
        block(
            "partner_map",
            {"heading": "Map", "alliance": None, "organisations": [item(organisation.pk, "3")]},
        ),
        block("project_list", {"heading": "Projects", "alliance": alliance.pk, "projects": []}),
        block(
            "timeline",
            {
                "heading": "History",
                "alliance": alliance.pk,
                "events": [item({"date": "2014-02", "title": "Signed", "text": text}, "4")],
            },
        ),
        block(
            "facts",
            {
                "heading": "Figures",
                "facts": [
                    item({"label": "members", "count": "members", "alliance": alliance.pk}, "5"),
                    item(
                        {
                            "label": "budget",
                            "count": "",
                            "alliance": None,
                            "value": "€ 2 m",
                            "as_of": "2026-01-01",
                            "source_text": "Report",
                            "source_url": "https://example.org/",
                        },
                        "6",
                    ),
                ],
            },
        ),
        block("recognitions", {"heading": "Titles", "alliances": [item(alliance.pk, "7")]}),
        block("heading", {"text": "A heading", "level": "3"}),
        block("rich_text", text),
        block("quote", {"text": "Said so", "name": "N", "role": "Dean", "image": picture}),
        block(
            "faq", {"heading": "FAQ", "questions": [item({"question": "Why", "answer": text}, "8")]}
        ),
        block(
            "call_to_action", {"heading": "Join", "text": text, "audience": "Firms", "link": link}
        ),
        block("related_links", {"heading": "See also", "links": [item(link, "9")]}),
        block(
            "contact",
            {"name": "P", "role": "Coordinator", "organisation": organisation.pk, "image": picture},
        ),
        block("image", {"image": picture, "caption": "Caption", "credit": "Me"}),
        block("document", document.pk),
        block("embed", {"url": "https://example.org/video", "caption": "Watch"}),
    ]
    assert {each["type"] for each in blocks} == set(TYPES)
    section.index.copy_for_translation(
        Locale.objects.get(language_code="nl")
    ).save_revision().publish()
    page = fill(section.page, blocks)
    page.subject = alliance
    page.save_revision().publish()
    return page


@pytest.fixture
def dutch() -> Locale:
    return Locale.objects.get(language_code="nl")


def body(client: Any, page: Any) -> list[dict[str, Any]]:
    """What readers of the API get."""
    found = client.get(f"{API}pages/{page.pk}/")
    assert found.status_code == 200, found.content
    return found.json()["body"]


def test_simple_translation_keeps_every_block(client, admin_client, page, dutch):
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    assert admin_client.post(address, {"locales": [dutch.pk]}).status_code == 302
    copy = page.get_translation(dutch)
    assert copy.subject == page.subject
    assert list(copy.body.raw_data) == list(page.body.raw_data)
    assert admin_client.get(reverse("wagtailadmin_pages:edit", args=[copy.pk])).status_code == 200
    copy.get_latest_revision().publish()
    assert_whole(client, page, copy)


def test_localize_keeps_every_block(
    client, admin_client, page, dutch, django_capture_on_commit_callbacks
):
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    assert admin_client.post(address, {"locales": [dutch.pk]}).status_code == 302
    translation = Translation.objects.get(target_locale=dutch, source__object=page.translation_key)
    words = translate(translation)
    editor = reverse("wagtailadmin_pages:edit", args=[page.get_translation(dutch).pk])
    assert admin_client.get(editor).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    copy = page.get_translation(dutch).specific
    assert copy.subject == page.subject
    assert_whole(client, page, copy)
    # Words are put before translators; codes, dates and facts are not.
    assert {"Alliance heading", "Said so", "Why", "Nothing now", "budget"} <= words
    assert not words & {"2014-02", "en, nl", "https://example.org/"}
    shown = {each["type"]: each["value"] for each in body(client, copy)}
    assert shown["alliance"]["heading"] == "NL Alliance heading"
    assert shown["faq"]["questions"][0]["question"] == "NL Why"
    assert shown["programme_list"]["empty_text"] == "NL Nothing now"


def translate(translation: Translation) -> set[str]:
    """Put "NL" before everything that translators are given, and return what that was."""
    catalogue = translation.export_po()
    for entry in catalogue:
        entry.msgstr = f"NL {entry.msgid}"
    warnings = list(translation.import_po(polib.pofile(str(catalogue))))
    assert not warnings
    return {entry.msgid for entry in catalogue}


def assert_whole(client: Any, page: Any, copy: Any) -> None:
    """Both pages show every block, about the same things, each in its own language."""
    before, after = body(client, page), body(client, copy)
    assert [each["type"] for each in after] == [each["type"] for each in before]
    assert set(TYPES) == {each["type"] for each in after}
    values = {each["type"]: each["value"] for each in after}
    assert values["alliance"]["alliance"]["name"] == "De Delta"
    assert values["partner_map"]["places"][0]["partner"]["name"] == "Stad"
    link = values["related_links"]["links"][0]["url"]
    assert "/nl/" in link and f'href="{link}"' in values["rich_text"]
    html = client.get(copy.url)
    assert html.status_code == 200 and "De Delta" in html.content.decode()
