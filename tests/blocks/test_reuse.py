"""What a host may do with each block, none of which makes a migration."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from pydantic import BaseModel
from wagtail import blocks, hooks
from wagtail.fields import StreamField

from tests.blocks.test_drafts import edit
from tests.blocks.test_unknown import API, registered
from tests.conftest import block, fill
from wagtail_regional import blocks as our_blocks
from wagtail_regional import factories as f
from wagtail_regional.blocks import AllianceBlock, RegionalStreamBlock
from wagtail_regional.blocks.stream import BatchStreamBlock
from wagtail_regional.pages.models import PartnershipPage

STREAM = RegionalStreamBlock()
TYPES = list(STREAM.child_blocks)
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "blocks.md"


@pytest.fixture
def host_templates(settings):
    """Templates of the host, which come before the package's."""

    def use(templates: dict[str, str]) -> None:
        own = ("django.template.loaders.locmem.Loader", templates)
        [engine] = django_settings.TEMPLATES
        options = {
            **engine["OPTIONS"],
            "loaders": [own, "django.template.loaders.app_directories.Loader"],
        }
        settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]

    return use


def test_each_template_can_be_replaced(section, client, whole, host_templates):
    host_templates({f"wagtail_regional/blocks/{name}.html": f"OURS:{name}" for name in TYPES})
    page = fill(section.page, [block(name, whole[name]) for name in TYPES])
    html = client.get(page.get_url()).content.decode()
    assert [name for name in TYPES if f"OURS:{name}" not in html] == []


def test_a_member_that_is_an_alliance_is_mentioned_by_the_hosts_template(
    section, client, host_templates
):
    host_templates({"wagtail_regional/includes/reference.html": "OURS:{{ reference.name }}"})
    alliance, member = f.AllianceFactory(), f.AllianceFactory(name={"en": "A network"})
    f.MembershipFactory(alliance=alliance, organisation=None, member_alliance=member)
    value = {"alliance": alliance.pk, "show": ["members"]}
    page = fill(section.page, [block("alliance", value)])
    assert "OURS:A network" in client.get(page.url).content.decode()


@pytest.mark.django_db
def test_in_a_stream_of_wagtails_own_no_two_elements_have_one_id(site, rf):
    stream = blocks.StreamBlock([("alliance", AllianceBlock())])
    first, second = f.AllianceFactory.create_batch(2)
    value = [block("alliance", {"alliance": each.pk}) for each in (first, second, first)]
    kept = []
    for _ in range(2):
        request = rf.get("/", headers={"host": "localhost"})
        html = stream.render(stream.to_python(value), {"request": request})
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids)) == 3
        assert re.findall(r'aria-labelledby="([^"]+)"', html) == ids
        kept.append(html)
    assert kept[0] == kept[1]


@pytest.mark.parametrize("name", TYPES)
def test_each_block_can_be_subclassed_and_used_alone(whole, host_templates, name):
    host_templates({"ours.html": "OURS {{ block_id }} {{ block|length }}"})
    parent = type(STREAM.child_blocks[name])

    class Ours(parent):
        class Meta:
            template = "ours.html"
            label = "Ours"

    for stream_type in (blocks.StreamBlock, BatchStreamBlock):
        stream = stream_type([("ours", Ours()), ("plain", blocks.CharBlock())])
        value = stream.to_python([block("ours", whole[name]), block("plain", "Words")])
        html = stream.render(value)
        assert "OURS block-" in html and "Words" in html
        ours, plain = stream.get_api_representation(value)
        assert ours["type"] == "ours" and ours["value"] and plain["value"] == "Words"


def test_a_stream_of_ours_stands_right_inside_another(section, client, admin_client, whole):
    """Readers, programs and the page editor take it; what is in it is loaded for itself."""
    inner = [(name, type(kind)()) for name, kind in STREAM.child_blocks.items()]
    with registered(section.page, "box", BatchStreamBlock(inner)):
        page = fill(section.page, [block("box", [block(name, whole[name]) for name in TYPES])])
        html = client.get(page.get_url()).content.decode()
        assert all(f"regional-block--{name}" in html for name in TYPES), html
        for address in (f"/api/v2/pages/{page.pk}/", f"{API}/pages/{page.pk}/"):
            [box] = client.get(address).json()["body"]
            assert [each["type"] for each in box["value"]] == TYPES
        assert admin_client.get(edit(page)).status_code == 200


def test_a_hook_adds_blocks_and_nothing_makes_a_migration(db):
    def ours() -> list[tuple[str, Any]]:
        return [("opening_hours", blocks.CharBlock(label="Opening hours"))]

    with hooks.register_temporarily("register_regional_blocks", ours):
        field = PartnershipPage._meta.get_field("body")
        added = type(field)(RegionalStreamBlock, blank=True)
        assert "opening_hours" in added.stream_block.child_blocks
        assert set(TYPES) < set(added.stream_block.child_blocks)
        # With and without it, a migration sees one and the same column.
        assert added.deconstruct()[1:3] == field.deconstruct()[1:3]
        assert "block" not in str(added.deconstruct()).lower()
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_our_blocks_enter_a_hosts_migration_as_wagtails_own(db):
    """A host's StreamField freezes its blocks: by classes that stay, not by this package's."""
    frozen = StreamField(RegionalStreamBlock()).deconstruct()[3]["block_lookup"]
    assert frozen and all(path.startswith("wagtail.blocks.") for path, *_ in frozen.values())


def test_each_block_can_be_imported_with_the_others():
    kinds = {type(child).__name__: type(child) for child in STREAM.child_blocks.values()}
    assert kinds.items() <= vars(our_blocks).items() and kinds.keys() <= set(our_blocks.__all__)


def test_the_reference_names_each_block_field_and_shape():
    parts = re.split(r"\n## .*: `(\w+)`\n", REFERENCE.read_text())
    documented = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(documented) == TYPES
    for name, child in STREAM.child_blocks.items():
        wanted = set(getattr(child, "child_blocks", {}))
        if inspect.isclass(child.schema) and issubclass(child.schema, BaseModel):
            wanted |= set(child.schema.model_fields)
        text = documented[name]
        assert type(child).__name__ in text
        assert [each for each in wanted if f"| `{each}` |" not in text] == [], name
