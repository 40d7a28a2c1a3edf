"""What there is none of is null, and never an empty text; and no page says “None” of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import wagtail
from django.core.cache import cache
from wagtail.documents import get_document_model
from wagtail.search.index import insert_or_update_object

from tests.conftest import ALL_SECTIONS, block, fill, make_image
from wagtail_regional import factories as f
from wagtail_regional import schemas as s
from wagtail_regional.blocks import RegionalStreamBlock
from wagtail_regional.models import Alliance, Organisation, Programme, Project

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
KINDS = ["organisations", "alliances", "projects", "programmes"]
OURS = ["introduction", "body", "regional_meta", "hero_image", "subject"]


def empty_texts(value: Any, path: str = "") -> Iterator[str]:
    """Where in an answer an empty text is."""
    if value == "":
        yield path
    for key, each in value.items() if isinstance(value, dict) else ():
        yield from empty_texts(each, f"{path}.{key}")
    for each in value if isinstance(value, list) else ():
        yield from empty_texts(each, f"{path}[]")


def bare_blocks() -> list[dict[str, Any]]:
    """Every type of block with as little in it as an editor, a draft or an import may leave."""
    alliance = Alliance.objects.get(name__en="Bare alliance")
    organisation = Organisation.objects.get(name__en="Bare organisation")
    project, programme = Project.objects.get(), Programme.objects.get()
    document = get_document_model().objects.create(title="Document", file="bare")
    return [
        block("alliance", {"alliance": alliance.pk, "show": ALL_SECTIONS, "links": []}),
        block("programme_list", {"source": "picked", "programmes": [programme.pk]}),
        block("programme_list", {"source": "alliance"}),
        block("partner_grid", {"organisations": [organisation.pk]}),
        block("partner_map", {"organisations": [organisation.pk, f.OrganisationFactory().pk]}),
        block("project_list", {"projects": [project.pk]}),
        block("timeline", {"events": [{"date": "2014", "title": "Something"}]}),
        block("recognitions", {"alliances": [alliance.pk]}),
        block("facts", {"facts": [{"value": "5"}, {"count": "alliances"}]}),
        block("contact", {}),
        block("call_to_action", {}),
        block("quote", {"text": "So it is."}),
        block("faq", {"questions": [{"question": "Why?"}]}),
        block("image", {"image": {"image": make_image().pk, "decorative": True}}),
        block("document", document.pk),
        block("embed", {"url": "https://video.example.org/1"}),
        block("related_links", {"links": [{"url": "https://site.example.org/"}]}),
        block("rich_text", "<p>Words</p>"),
        block("rich_text", '<embed embedtype="image" id="31337" alt="" format="left"/>'),
        block("heading", {"text": "!"}),
    ]


@pytest.fixture
def bare(section, settings):
    """A section of rows that lack everything they may lack, on a page with every block."""
    cache.clear()
    only = {"en": "Bare organisation"}
    organisation = Organisation.objects.create(
        name=only, type="other", latitude="52.1", longitude="4.5"
    )
    alliance = Alliance.objects.create(name={"en": "Bare alliance"}, type="alliance")
    for row in (organisation, alliance):
        insert_or_update_object(row)
    f.MembershipFactory(alliance=alliance, organisation=organisation)
    f.MembershipFactory(alliance=alliance, organisation=None, group_label={"en": "towns"})
    f.RecognitionFactory(alliance=alliance, issued_by={}, url="", label={"en": "Label"})
    alliance.themes.add(f.ThemeFactory(notation="", uri=""))
    alliance.save()
    Alliance.objects.create(name={"en": "Part"}, type="joint_centre", parent=alliance)
    Project.objects.create(title={"en": "Bare project"}, alliance=alliance)
    programme = Programme.objects.create(
        name={"en": "Bare programme"}, type="minor", study_load=None
    )
    programme.alliances.add(alliance)
    programme.save()
    f.ProgrammeProviderFactory(programme=programme, organisation=organisation)
    f.ProgrammeAccessFactory(programme=programme, organisation=None)
    f.ProgrammeAccessFactory(programme=programme, organisation=organisation)
    section.page.subject = alliance
    section.page.introduction = ""
    assert {each["type"] for each in bare_blocks()} == set(RegionalStreamBlock().child_blocks) - {
        "opening_hours",
        "plain",
    }
    section.page = fill(section.page, bare_blocks())
    return section


def addresses(client: Any, section: Any) -> Iterator[tuple[str, list[str]]]:
    """Every address of an API, with the parts of its answer that are ours; all where none is
    named."""
    for kind in KINDS:
        yield f"{API}/{kind}/", []
        for item in client.get(f"{API}/{kind}/").json()["items"]:
            yield f"{API}/{kind}/{item['id']}/", []
        if kind != "projects":
            yield f"{API}/{kind}/facets/", []
    yield f"{API}/organisations.geojson", []
    yield f"{API}/network/", []
    yield f"{API}/search/?q=bare", []
    yield f"{API}/pages/", []
    for page in (section.index, section.page, section.programmes):
        yield f"{API}/pages/{page.pk}/", []
        yield f"/api/v2/pages/{page.pk}/", OURS
        if wagtail.VERSION >= (8, 0):
            yield f"/api/v3/pages/{page.pk}/", OURS


@pytest.mark.indexed
def test_no_answer_has_an_empty_text(client, bare):
    found = {}
    for address, ours in addresses(client, bare):
        answer = client.get(address).json()
        parts = {name: answer[name] for name in ours if name in answer} if ours else answer
        assert parts, address
        if texts := sorted(set(empty_texts(parts))):
            found[address] = texts
    assert found == {}


@pytest.mark.indexed
def test_no_answer_of_full_rows_has_one_either(client, section, full_page):
    found = {
        address: texts
        for address, ours in addresses(client, section)
        if not ours
        if (texts := sorted(set(empty_texts(client.get(address).json()))))
    }
    assert found == {}


def test_no_page_says_none(client, bare):
    for page in (bare.index, bare.page, bare.programmes):
        html = client.get(page.get_url()).content.decode()
        assert not re.search(r"\bNone\b", html), page


def test_no_block_by_itself_says_none(bare):
    stream = RegionalStreamBlock()
    for stored in bare_blocks():
        child = stream.child_blocks[stored["type"]]
        html = child.render(child.to_python(stored["value"]))
        assert not re.search(r"\bNone\b", html), stored["type"]


def test_an_empty_text_is_null_only_where_a_field_may_be():
    made = s.RegionalReference.shape(id="0b0c3ba0-4f0b-4c29-a1a8-2ff5c5e32d7a", name="", acronym="")
    assert made.acronym is None and made.name == ""
