"""Blocks in the picker, in the editor's hands, and in a host's own."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext
from pydantic import TypeAdapter
from pydantic_core import to_json
from wagtail import blocks

from tests.conftest import block
from wagtail_regional import factories as f
from wagtail_regional.blocks import AllianceBlock, LinkBlock, RegionalStreamBlock
from wagtail_regional.blocks.base import RegionalStructBlock
from wagtail_regional.blocks.samples import SCHEMAS, VALUES, sample
from wagtail_regional.blocks.stream import BatchStreamBlock
from wagtail_regional.lifecycle import site_today
from wagtail_regional.models import Alliance
from wagtail_regional.schemas import RegionalIncluded, mentions
from wagtail_regional.schemas.base import RegionalModel
from wagtail_regional.schemas.blocks import RegionalAllianceValue

STREAM = RegionalStreamBlock()
TYPES = list(STREAM.child_blocks)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_previews_show_a_sample_and_write_nothing(
    client, db, admin_client, name, language, django_assert_num_queries
):
    block = STREAM.child_blocks[name]
    assert block.is_previewable and block.get_description() and block.meta.icon
    with translation.override(language), django_assert_num_queries(0):
        context = block.get_preview_context(block.get_preview_value())
    assert len(context["block_html"]) > 40
    assert Alliance.objects.count() == 0


def test_every_block_has_a_sample_of_its_schema():
    expected = {block.sample_name: block.schema for block in STREAM.child_blocks.values()}
    assert expected == SCHEMAS and SCHEMAS.keys() == VALUES.keys()


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_samples_fit_their_schemas_as_do_the_rows_that_they_mention(name, language):
    with translation.override(language):
        value = sample(name)
        rows = mentions.included(value, mentions.INCLUDED)
    TypeAdapter(SCHEMAS[name]).validate_json(to_json(value))
    RegionalIncluded.model_validate_json(to_json(rows))


@pytest.mark.parametrize("name", SCHEMAS)
def test_samples_speak_the_language_of_the_editor(name):
    with translation.override("en"):
        english = to_json(sample(name))
    with translation.override("nl"):
        assert to_json(sample(name)) != english


def test_samples_mention_rows_of_every_kind_that_can_be_included():
    assert all(mentions.included(sample("alliance"), mentions.INCLUDED).values())


def test_an_ended_alliance_must_be_shown_as_history(db):
    ended = f.AllianceFactory(ends="2013")
    block = AllianceBlock()
    value = block.to_python({"alliance": ended.pk, "show": [], "links": []})
    with pytest.raises(ValidationError) as caught:
        block.clean(value)
    assert "show_as_history" in caught.value.block_errors
    value["show_as_history"] = True
    block.clean(value)


def test_links_lead_to_exactly_one_place(site):
    block = LinkBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"text": "Nowhere"}))
    with pytest.raises(ValidationError):
        block.clean(
            block.to_python({"url": "https://example.org", "page": site.root_page.pk, "text": "x"})
        )
    block.clean(block.to_python({"url": "https://example.org", "text": "Example"}))


class OurAllianceBlock(AllianceBlock):
    motto = blocks.CharBlock(required=False)

    class Meta:
        template = "testapp/our_alliance.html"


def test_a_host_subclasses_a_block_and_uses_it_alone(db):
    alliance = f.AllianceFactory(name={"en": "Delta"})
    stream = blocks.StreamBlock([("ours", OurAllianceBlock())])
    value = stream.to_python(
        [{"type": "ours", "value": {"alliance": alliance.pk, "show": [], "motto": "Onward"}}]
    )
    assert stream.render(value).strip().count("Delta: Onward") == 1
    [shape] = stream.get_api_representation(value)
    assert shape["value"]["alliance"]["name"] == "Delta"


def test_wording_turns_to_the_past_by_itself(site):
    running, ended = f.AllianceFactory(), f.AllianceFactory(ends="2013")
    for alliance in (running, ended):
        f.MembershipFactory(alliance=alliance)
    block = AllianceBlock()
    shapes = [
        block.get_api_representation(block.to_python({"alliance": a.pk, "show": ["members"]}))
        for a in (running, ended)
    ]
    assert [shape["is_past"] for shape in shapes] == [False, True]
    assert shapes[1]["alliance"]["lifecycle"]["text"] == "Ran until 2013"
    assert len(shapes[1]["members"]) == 1


@pytest.mark.parametrize(
    "language, begun, over",
    [("en", "From 2006", "From 2006 until 2010"), ("nl", "Vanaf 2006", "Van 2006 tot en met 2010")],
)
def test_members_of_what_has_ended_are_past_too(site, language, begun, over):
    """They ended with it: nothing goes on "since", and nothing is to end soon."""
    ended = f.AllianceFactory(starts="2006", ends="2013")
    f.MembershipFactory(alliance=ended, starts="2006")
    f.MembershipFactory(alliance=ended, starts="2006", ends="2010")
    f.MembershipFactory(alliance=ended, starts="2006", ends=str(site_today()))
    running = f.AllianceFactory(starts="2006")
    f.MembershipFactory(alliance=running, starts="2006")
    block = AllianceBlock()
    with translation.override(language):
        past, current = (
            block.render(
                block.to_python({"alliance": a.pk, "show": ["members", "former_members"]})
            ).partition('class="regional-members"')[2]
            for a in (ended, running)
        )
        since = gettext("Since %(starts)s") % {"starts": "2006"}
        soon = gettext("Ends soon: %(ends)s").partition("%")[0]
    assert f">{begun}<" in past and over in past
    assert since not in past and soon not in past
    assert since in current and begun not in current


class MottoValue(RegionalAllianceValue):
    motto: str = ""


class MottoBlock(AllianceBlock):
    schema = MottoValue
    motto = blocks.CharBlock(required=False)

    def represent_fields(self, raw, content):
        value = super().represent_fields(raw, content)
        return value and value.model_copy(update={"motto": raw.text("motto")})


class NoticeValue(RegionalModel):
    text: str
    day: dt.date


class NoticeBlock(RegionalStructBlock):
    """A host's own, which gives an instance of its schema."""

    schema = NoticeValue
    text = blocks.CharBlock()

    def represent_fields(self, raw, content):
        return NoticeValue(text=raw.text("text"), day="2026-01-02")


class HostStream(BatchStreamBlock):
    motto = MottoBlock()
    notice = NoticeBlock()


def test_a_hosts_own_blocks_give_their_own_shapes(site):
    alliance = f.AllianceFactory(name={"en": "Ours"})
    stream = HostStream()
    value = stream.to_python(
        [
            block("motto", {"alliance": alliance.pk, "show": [], "motto": "Together"}),
            block("notice", {"text": "Soon"}),
        ]
    )

    motto, notice = stream.get_api_representation(value)

    assert motto["value"]["motto"] == "Together"
    assert motto["value"]["alliance"]["name"] == "Ours"
    assert notice["value"] == {"text": "Soon", "day": "2026-01-02"}
