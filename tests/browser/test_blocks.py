"""Blocks in the page editor: what an editor adds, ticks or finds there is never lost."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail import blocks

from tests.browser.addresses import MEDICAL_DELTA
from tests.browser.test_editing import SAVED
from wagtail_regional.blocks import RegionalStreamBlock

pytestmark = pytest.mark.browser
BLOCKS = RegionalStreamBlock.base_blocks
REFUSED = ".messages .error"
OPTIONS = "[role=option]"
AUTOSAVE = "#w-autosave-indicator"
FORM = "[data-edit-form]"
EDITS = "data-w-unsaved-has-edits-value"
WATCHED = f"""
const form = document.querySelector("{FORM}");
const watch = wagtail.app.getControllerForElementAndIdentifier(form, "w-unsaved");
return Boolean(watch?.initialFormData);
"""


def block(name: str) -> str:
    """Where a block of this type is."""
    return f'[data-streamfield-child]:has(> [name$="-type"][value="{name}"])'


@pytest.fixture
def page(demo) -> int:
    """A page whose draft has no blocks, once somebody has logged in."""
    return demo.page(MEDICAL_DELTA)["id"]


def open_page(editor, page: int) -> None:
    editor.open(f"/admin/pages/{page}/edit/")
    editor.wait(lambda: editor.all(".c-sf-add-button"), "the blocks")


def add(editor, label: str, within: str = "") -> None:
    """A new block before all others of a stream."""
    editor.wait(lambda: not editor.all(OPTIONS), "no other menu")
    before = len(shown(editor))
    editor.click(f"{within} .c-sf-add-button")

    def option() -> Any:
        return next((each for each in editor.all(OPTIONS) if each.text.strip() == label), None)

    editor.click(f"#{editor.wait(option, label).get_attribute('id')}")
    # A click that comes while the menu still moves is lost.
    editor.wait(lambda: len(shown(editor)) > before, f"a block more: {label}")


def add_items(editor, within: str, names: list[str]) -> None:
    """An empty item more in each of these lists."""
    for name in names:
        editor.click(f"{within} [data-contentpath={name}] [data-streamfield-list-add]")


def lists_of(kind: Any) -> list[str]:
    """The lists among a block's fields."""
    fields = getattr(kind, "child_blocks", {}).items()
    return [name for name, each in fields if isinstance(each, blocks.ListBlock)]


def shown(editor) -> list[str]:
    """The types of all blocks that are shown, at any depth; of an item of a list, nothing."""
    return [each.get_property("value") for each in editor.all("[name^=body-][name$=-type]")]


def save_draft(editor) -> None:
    editor.click("footer .action-save")
    editor.wait(lambda: editor.all(f"{SAVED}, {REFUSED}"), "an answer")
    assert [each.text for each in editor.all(REFUSED)] == []


def wait_until_watched(editor) -> None:
    """Until Wagtail notices changes, which it does after two seconds."""
    editor.wait(lambda: editor.js(WATCHED), "the form to be watched")


def wait_until_saved(editor) -> None:
    """Until Wagtail says that it has saved the draft by itself, of its own accord."""
    said = editor.wait(
        lambda: (words := editor.text(AUTOSAVE)) in {"Saved", "Autosave is paused"} and words,
        "the draft to be saved",
    )
    assert said == "Saved", editor.text("footer")


@pytest.mark.parametrize("name", BLOCKS)
def test_an_empty_block_is_saved_by_the_button_and_by_itself(
    editor, demo, host, page, name, monkeypatch
):
    kind = BLOCKS[name]
    demo.write_draft(page, [])
    open_page(editor, page)
    add(editor, str(kind.label))
    add_items(editor, block(name), lists_of(kind))
    added = shown(editor)
    assert added[0] == name
    save_draft(editor)
    open_page(editor, page)
    assert shown(editor) == added

    # Only there are drafts saved by themselves: the button would come in between.
    monkeypatch.setattr(editor, "base_url", host.url)
    open_page(editor, page)
    wait_until_watched(editor)
    add(editor, str(kind.label))
    assert editor.wait(lambda: shown(editor).count(name) == 2, "the other one")
    added = shown(editor)
    wait_until_saved(editor)
    open_page(editor, page)
    assert shown(editor) == added
    assert [each["type"] for each in demo.draft(page)] == [name, name]
    assert editor.errors() == []


#: A site's own blocks that have each of ours from the beginning, and those to add them to.
HOSTS = {"in_struct": "Ours in a struct", "in_lists": "Ours in lists"}
STREAMS = {"in_stream": "Ours in a stream", "in_batch": "Ours in a batch"}


@pytest.mark.parametrize("name", HOSTS)
def test_all_blocks_inside_a_sites_own_are_saved_empty(host_editor, demo, page, name):
    editor = host_editor
    demo.write_draft(page, [])
    open_page(editor, page)
    wait_until_watched(editor)
    add(editor, HOSTS[name])
    for each in BLOCKS:
        assert editor.all(f"{block(name)} [data-contentpath={each}]"), each
    wait_until_saved(editor)
    [stored] = demo.draft(page)
    assert stored["type"] == name and set(stored["value"]) == set(BLOCKS)
    open_page(editor, page)
    save_draft(editor)
    open_page(editor, page)
    for each in BLOCKS:
        assert editor.all(f"{block(name)} [data-contentpath={each}]"), each
    assert [set(each["value"]) for each in demo.draft(page)] == [set(BLOCKS)]
    assert editor.errors() == []


@pytest.mark.parametrize("name", STREAMS)
def test_all_blocks_in_a_stream_inside_are_saved_empty(host_editor, demo, page, name):
    editor = host_editor
    demo.write_draft(page, [])
    open_page(editor, page)
    wait_until_watched(editor)
    add(editor, STREAMS[name])
    for kind in BLOCKS.values():
        add(editor, str(kind.label), within=block(name))
    inside = [*reversed(BLOCKS)]

    def kept() -> list[list[str]]:
        return [[inner["type"] for inner in outer["value"]] for outer in demo.draft(page)]

    added = shown(editor)
    assert [each for each in added if each in BLOCKS] == inside
    wait_until_saved(editor)
    editor.wait(lambda: editor.one(FORM).get_attribute(EDITS) == "false", "nothing to be unsaved")
    # What was added while it saved what came before, Wagtail takes with the next change.
    editor.fill("#id_introduction", "Everything at once")
    editor.wait(lambda: kept() == [inside], "all of them to be saved by itself")
    wait_until_saved(editor)
    open_page(editor, page)
    assert shown(editor) == added
    save_draft(editor)
    open_page(editor, page)
    assert shown(editor) == added and kept() == [inside]
    assert editor.errors() == []


# --- Sets of choices --------------------------------------------------------------------------

#: Each field that takes several choices, with its block.
SETS = [
    (name, field)
    for name, kind in BLOCKS.items()
    for field, each in getattr(kind, "child_blocks", {}).items()
    if isinstance(each, blocks.MultipleChoiceBlock)
]


@pytest.mark.parametrize(("name", "field"), SETS)
def test_a_choice_leaves_the_others_as_they_are(editor, demo, page, name, field):
    demo.write_draft(page, [])
    open_page(editor, page)
    add(editor, str(BLOCKS[name].label))
    boxes = f"{block(name)} [data-contentpath={field}] input[type=checkbox]"

    def ticked() -> set[str]:
        return {each.get_property("value") for each in editor.all(boxes) if each.is_selected()}

    choices = [value for value, _label in BLOCKS[name].child_blocks[field].field.choices]
    assert [each.get_property("value") for each in editor.all(boxes)] == choices
    expected = ticked()
    assert expected == set(BLOCKS[name].child_blocks[field].get_default() or ())
    for choice in (*choices, choices[1]):
        editor.click(f'{boxes}[value="{choice}"]')
        expected ^= {choice}
        assert ticked() == expected
    save_draft(editor)
    [stored] = demo.draft(page)
    assert set(stored["value"][field]) == expected
    open_page(editor, page)
    assert ticked() == expected


def test_no_block_has_a_list_to_mark_several_lines_in(host_editor, demo, page):
    demo.write_draft(page, [])
    open_page(host_editor, page)
    add(host_editor, HOSTS["in_struct"])
    assert host_editor.all(f"{block('in_struct')} select")
    assert not host_editor.all("select[multiple]")


# --- Blocks of unknown types ------------------------------------------------------------------

GONE = {
    "type": "opening_hours",
    "value": {"days": ["Monday", {"from": 9}], "note": "PLANTED “so” </script>"},
    "id": "8a6c51f9-6a1c-4b44-9d1e-2a5c1f6d2f11",
}
GONE_INSIDE = {**GONE, "id": "8a6c51f9-6a1c-4b44-9d1e-2a5c1f6d2f12"}
HEADING = {
    "type": "heading",
    "value": {"text": "What stays", "level": "2"},
    "id": "8a6c51f9-6a1c-4b44-9d1e-2a5c1f6d2f13",
}
BATCH = {
    "type": "in_batch",
    "value": [GONE_INSIDE],
    "id": "8a6c51f9-6a1c-4b44-9d1e-2a5c1f6d2f14",
}
WARNINGS = f"{block('regional_unknown')} .help-warning"


def test_a_block_of_an_unknown_type_warns_at_once_and_is_kept(host_editor, demo, page):
    editor = host_editor
    demo.write_draft(page, [HEADING, GONE, BATCH])
    open_page(editor, page)
    assert shown(editor) == ["heading", "regional_unknown", "in_batch", "regional_unknown"]
    editor.wait(lambda: all(each.is_displayed() for each in editor.all(WARNINGS)), "the warnings")
    warnings = [each.text for each in editor.all(WARNINGS)]
    assert len(warnings) == 2 and all("kept as it is" in each for each in warnings)
    # What there is to say of it is found in the panel at the top, too.
    assert "“opening_hours”" in editor.text("#page-edit-form")
    # Other blocks are as closed as Wagtail has them.
    assert not editor.one(f"{block('heading')} input[type=text]").is_displayed()
    ours = [each for each in editor.violations() if "unknown" in each or "help-warning" in each]
    assert ours == [] and editor.errors() == []

    editor.fill("#id_title", "Another title")
    save_draft(editor)
    assert demo.draft(page) == [HEADING, GONE, BATCH]
    open_page(editor, page)
    wait_until_watched(editor)
    editor.click(f"{block('regional_unknown')} [title='Move up']")
    wait_until_saved(editor)
    assert demo.draft(page) == [GONE, HEADING, BATCH]
    editor.click("footer .w-dropdown__toggle")
    editor.click("[name=action-publish]")
    editor.wait(lambda: editor.all(SAVED), "the page to be published")
    assert demo.draft(page) == [GONE, HEADING, BATCH]
    assert "PLANTED" not in str(demo.page(MEDICAL_DELTA)["body"])


def test_no_block_of_an_unknown_type_is_offered(editor, page):
    open_page(editor, page)
    editor.click(".c-sf-add-button")
    editor.wait(lambda: editor.all(OPTIONS), "the menu")
    offered = [each.get_property("textContent").strip() for each in editor.all(OPTIONS)]
    assert offered == [str(kind.label) for kind in BLOCKS.values()]
