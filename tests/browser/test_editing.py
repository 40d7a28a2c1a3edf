"""What an editor does in the admin, and what readers then see."""

from __future__ import annotations

import pytest

from tests.browser.addresses import MEDICAL_DELTA, MEDICAL_DELTA_NL, PARTNERSHIPS

pytestmark = pytest.mark.browser
ALLIANCES = "/admin/wagtail_regional/alliance/"
SAVED = ".messages .success"


def choose_alliance(editor, name: str) -> None:
    """Through the chooser of the first block."""
    editor.click("[data-streamfield-child] button", "Choose an alliance")
    editor.fill("[data-chooser-modal-search] [name=q]", name)
    choices = "a[data-chooser-modal-choice]"
    editor.wait(
        lambda: [each.text.strip() for each in editor.all(choices)] == [name], "what was found"
    )
    editor.click(choices, name)
    editor.wait(
        lambda: name in editor.text("[data-streamfield-child] .chooser__title"), "the choice"
    )


def test_the_edit_view_shows_the_panels_and_the_blocks_of_a_page(editor, demo):
    editor.open(f"/admin/pages/{demo.page(MEDICAL_DELTA)['id']}/edit/")
    form = editor.wait(lambda: editor.text("#page-edit-form"), "the form")
    for panel in ("Introduction", "Hero image", "About the alliance", "Body"):
        assert panel in form
    blocks = [each.get_property("value") for each in editor.all("[name^=body-][name$=-type]")]
    assert blocks == ["alliance", "partner_grid", "quote"]
    assert editor.text("[data-contentpath=subject] .chooser__title") == ("Medical Delta")
    assert editor.errors() == []


def test_a_new_page_with_a_chosen_alliance_reaches_readers_and_programs(editor, demo):
    parent = demo.page(PARTNERSHIPS)["id"]
    editor.open(f"/admin/pages/add/wagtail_regional_pages/partnershippage/{parent}/")
    editor.fill("#id_title", "Made in a browser")
    editor.click(".c-sf-add-button")
    editor.click("[role=option]", "Alliance")
    choose_alliance(editor, "Medical Delta")
    editor.click("footer .w-dropdown__toggle")
    editor.click("[name=action-publish]")
    editor.wait(lambda: editor.all(SAVED), "the page to be published")
    assert editor.errors() == []

    path = f"{PARTNERSHIPS}made-in-a-browser/"
    editor.open(path)
    assert editor.text("h1") == "Made in a browser"
    assert editor.text(".regional-alliance h2") == "Medical Delta"
    page = demo.page(path)
    assert page["title"] == "Made in a browser"
    (block,) = page["body"]
    assert block["type"] == "alliance"
    assert block["value"]["alliance"]["name"] == "Medical Delta"


def test_an_end_date_in_the_registry_puts_every_page_in_the_past_tense(editor):
    editor.open(ALLIANCES)
    editor.click("a[title='Edit this alliance']", "Medical Delta")
    editor.fill("#id_ends", "2020-06")
    editor.click("footer button.action-save")
    editor.wait(lambda: editor.address == ALLIANCES and editor.all(SAVED), "the list")

    for path, words in (
        (MEDICAL_DELTA, "Ran from 2006 until June 2020"),
        (MEDICAL_DELTA_NL, "Liep van 2006 tot en met juni 2020"),
    ):
        editor.open(path)
        assert editor.text(".regional-header__status") == words
        assert editor.all(".regional-status--active") == []
