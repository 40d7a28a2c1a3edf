"""Whatever an editor adds can be saved as a draft at once; publishing asks for the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django import forms
from django.urls import reverse
from wagtail import blocks, hooks
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.conftest import block, fill
from wagtail_regional.blocks import BatchStreamBlock, RegionalStreamBlock
from wagtail_regional.usage.streams import values_of

STREAM = RegionalStreamBlock()
TYPES = list(STREAM.child_blocks)
#: Those of which nothing need be filled in.
NOTHING_NEEDED = {"timeline"}


def empty_form(block: blocks.Block) -> Any:
    """What a browser posts of a block that was just added: its first state, untouched."""
    if isinstance(block, blocks.StructBlock):
        return {name: empty_form(child) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        items = len(block.get_default())
        return streamfield_list([empty_form(block.child_block)] * items)
    if isinstance(block, blocks.RichTextBlock):
        return rich_text("")
    return first_value(block)


def first_value(block: blocks.Block) -> Any:
    value = block.get_prep_value(block.get_default())
    if isinstance(block, blocks.BooleanBlock):
        return "on" if value else None
    if isinstance(block, blocks.MultipleChoiceBlock):
        # Not a list, which would be the rows of a form.
        return tuple(value) if value else None
    return "" if value is None else value


def streamfield_list(items: list[Any]) -> dict[str, Any]:
    form: dict[str, Any] = {"count": str(len(items))}
    for position, value in enumerate(items):
        form[str(position)] = {"value": value, "deleted": "", "order": str(position), "id": ""}
    return form


def page_form(page: Any, items: list[tuple[str, Any]]) -> dict[str, Any]:
    data = nested_form_data(
        {
            "title": "The page",
            "slug": page.slug,
            "introduction": "",
            "hero_image": "",
            "subject": "",
            "seo_title": "",
            "search_description": "",
            "body": streamfield(items),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
        }
    )
    # An unticked checkbox is not posted.
    return {name: value for name, value in data.items() if value is not None}


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


def saved(client: Any, page: Any, items: list[tuple[str, Any]]) -> Any:
    """The draft of a page that was saved with these blocks."""
    before = page.get_latest_revision()
    response = client.post(edit(page), page_form(page, items))
    assert response.status_code == 302, errors_in(response)
    page.refresh_from_db()
    revision = page.get_latest_revision()
    assert revision is not None and revision != before
    return revision.as_object()


def errors_in(response: Any) -> Any:
    form = response.context["form"]
    return form.errors.as_json(), [
        error.as_json_data() for error in form.errors.as_data().get("body", ())
        if hasattr(error, "as_json_data")
    ]  # fmt: skip


def test_every_block_alone(section, admin_client):
    for name in TYPES:
        draft = saved(admin_client, section.page, [(name, empty_form(STREAM.child_blocks[name]))])
        assert [item.block_type for item in draft.body] == [name]


@pytest.mark.parametrize("name", [name for name in TYPES if name not in NOTHING_NEEDED])
def test_publishing_asks_for_what_is_missing(section, admin_client, name):
    page = section.page
    before = page.body.get_prep_value()
    form = page_form(page, [(name, empty_form(STREAM.child_blocks[name]))])
    response = admin_client.post(edit(page), {**form, "action-publish": "on"})
    assert response.status_code == 200
    [error] = response.context["form"].errors.as_data()["body"]
    # At the block itself.
    assert list(error.as_json_data()["blockErrors"]) == [0]
    page.refresh_from_db()
    assert page.body.get_prep_value() == before


#: What is no key of a row, or of none that any database has room for.
NO_KEYS = ["abc", "1.5", "-1", "9" * 30, "1e3", "\u0661\u0662x", "0x10", " "]


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_posted_key_that_is_none_chooses_nothing(section, admin_client, key):
    form = {**empty_form(STREAM.child_blocks["alliance"]), "alliance": key}
    draft = saved(admin_client, section.page, [("alliance", form)])
    assert draft.body[0].value["alliance"] is None


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_stored_key_that_is_none_is_edited(section, admin_client, key):
    alliance = block("alliance", {"alliance": key, "show": []})
    grid = block("partner_grid", {"source": "picked", "organisations": [key]})
    fill(section.page, [alliance, grid])
    assert admin_client.get(edit(section.page)).status_code == 200


def test_all_blocks_are_saved_by_themselves(section, admin_client):
    """As the page editor saves a draft every so often: as JSON, over the same revision."""
    items = [(name, empty_form(STREAM.child_blocks[name])) for name in TYPES]
    response = admin_client.post(
        edit(section.page), page_form(section.page, items), HTTP_ACCEPT="application/json"
    )
    assert response.status_code == 200, response.content
    assert json.loads(response.content)["success"] is True
    section.page.refresh_from_db()
    draft = section.page.get_latest_revision().as_object()
    assert [item.block_type for item in draft.body] == TYPES
    assert admin_client.get(edit(section.page)).status_code == 200


@pytest.mark.parametrize("name", TYPES)
def test_every_block_inside_a_hosts_own(section, admin_client, name):
    kind = type(STREAM.child_blocks[name])

    def ours() -> list[tuple[str, Any]]:
        stream = blocks.StreamBlock([("inner", kind())], required=False)
        batch = BatchStreamBlock([("inner", kind())], required=False)
        return [
            ("struct", blocks.StructBlock([("inner", kind())])),
            ("list", blocks.ListBlock(kind())),
            ("stream", stream),
            ("batch", batch),
        ]

    with hooks.register_temporarily("register_regional_blocks", ours):
        stream = RegionalStreamBlock()
        field = type(section.page)._meta.get_field("body")
        old, field.__dict__["stream_block"] = field.stream_block, stream
        try:
            inner = empty_form(kind())
            items = [
                ("struct", {"inner": inner}),
                ("list", streamfield_list([inner])),
                ("stream", streamfield([("inner", inner)])),
                ("batch", streamfield([("inner", inner)])),
            ]
            draft = saved_with(admin_client, section.page, items, stream)
            assert len(list(values_of(stream, draft.body.get_prep_value(), kind))) == 4
        finally:
            field.__dict__["stream_block"] = old


def saved_with(client: Any, page: Any, items: Any, stream: RegionalStreamBlock) -> Any:
    """As `saved`, past a form class that was made with another stream."""
    from wagtail.admin.panels import get_edit_handler

    get_edit_handler.cache_clear() if hasattr(get_edit_handler, "cache_clear") else None
    type(page).get_edit_handler.cache_clear()
    try:
        return saved(client, page, items)
    finally:
        type(page).get_edit_handler.cache_clear()


def inside(block: blocks.Block) -> list[blocks.Block]:
    """A block and all that is in it."""
    children = list(getattr(block, "child_blocks", {}).values())
    if isinstance(block, blocks.ListBlock):
        children = [block.child_block]
    return [block, *(each for child in children for each in inside(child))]


def test_sets_of_choices_are_checkboxes_in_a_named_group():
    several = [each for each in inside(STREAM) if isinstance(each, blocks.MultipleChoiceBlock)]
    assert len(several) == 3
    for each in several:
        widget = each.field.widget
        assert isinstance(widget, forms.CheckboxSelectMultiple)
        html = widget.render("x", None, {"id": "x"})
        assert f'role="group" aria-label="{each.label}"' in html
        assert html.count('type="checkbox"') == len(list(each.field.choices))
        assert each.field.help_text
    fields = [each.field for each in inside(STREAM) if isinstance(each, blocks.FieldBlock)]
    assert not [each for each in fields if type(each.widget) is forms.SelectMultiple]


def test_no_tick_is_stored_as_none(section, admin_client):
    form = empty_form(STREAM.child_blocks["alliance"])
    for ticked in (("programmes", "timeline"), None):
        draft = saved(admin_client, section.page, [("alliance", {**form, "show": ticked})])
        assert draft.body.get_prep_value()[0]["value"]["show"] == list(ticked or ())
