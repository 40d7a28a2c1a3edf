"""Keeping the registry in a browser: making, ending, deleting, choosing with the keyboard."""

from __future__ import annotations

import pytest

from tests.browser.addresses import MEDICAL_DELTA, MEDICAL_DELTA_NL, PARTNERSHIPS
from tests.browser.test_editing import SAVED

pytestmark = pytest.mark.browser
REGISTRY = "/admin/wagtail_regional"
CREATE = "[data-chooser-modal-creation-form]"


def new_page(editor, title: str, block: str) -> None:
    parent = editor.demo.page(PARTNERSHIPS)["id"]
    editor.open(f"/admin/pages/add/wagtail_regional_pages/partnershippage/{parent}/")
    editor.fill("#id_title", title)
    editor.click(".c-sf-add-button")
    editor.click("[role=option]", block)


def publish(editor) -> None:
    editor.click("footer .w-dropdown__toggle")
    editor.click("[name=action-publish]")
    editor.wait(lambda: editor.all(SAVED), "the page to be published")


def open_tab(editor, label: str) -> None:
    def opened() -> bool:
        # The tabs of a modal work a moment after they are there.
        editor.click("[role=tab]", label)
        return editor.one(f"{CREATE} input:not([type=hidden])").is_displayed()

    editor.wait(opened, label)


def choose_option(editor, css: str, label: str) -> None:
    editor.wait(
        lambda: editor.js(
            "const s = document.querySelector(arguments[0]);"
            "s.value = [...s.options].find((o) => o.text.includes(arguments[1])).value;"
            "return s.value",
            css,
            label,
        ),
        label,
    )


def test_a_municipality_is_made_from_inside_an_alliance_block(editor, demo):
    editor.demo = demo
    new_page(editor, "With a new municipality", "Alliance")
    editor.click("[data-streamfield-child] button", "Choose an alliance")
    open_tab(editor, "New alliance")
    editor.fill("[name=regional-new-name_en]", "Region of tomorrow")
    choose_option(editor, "#id_regional-new-type", "Alliance")
    # One member that is known, found by typing; and one that is new.
    editor.fill(f"{CREATE} [role=combobox]", "tu delft")
    editor.click(f"{CREATE} [role=option]", "Delft")
    editor.wait(lambda: "Delft" in editor.text(f"{CREATE} .regional-chosen"), "the member")
    editor.fill("[name=regional-new-new_0_name_en]", "Municipality of Zoetermeer")
    choose_option(editor, "#id_regional-new-new_0_type", "Government")
    editor.click(f"{CREATE} button[type=submit]")
    chosen = "[data-streamfield-child] .chooser__title"
    editor.wait(lambda: "Region of tomorrow" in editor.text(chosen), "the choice")
    publish(editor)

    (block,) = demo.page(f"{PARTNERSHIPS}with-a-new-municipality/")["body"]
    members = [each["name"] for each in block["value"]["members"]]
    assert members == ["Delft University of Technology", "Municipality of Zoetermeer"]
    found = demo.json("/api/v3/regional/organisations/?q=zoetermeer")
    assert [each["name"] for each in found["items"]] == ["Municipality of Zoetermeer"]


def test_an_organisation_is_made_in_the_members_of_an_alliance(editor, demo):
    editor.open(f"{REGISTRY}/alliance/?q=medical+delta")
    editor.click("a[title='Edit this alliance']", "Medical Delta")
    editor.click("button", "Add Member")
    rows = "#id_memberships-FORMS > *:last-child"
    editor.click(f"{rows} button", "Choose an organisation")
    open_tab(editor, "New organisation")
    editor.click(f"{CREATE} button[type=submit]")
    editor.wait(lambda: "at least one language" in editor.text(CREATE), "what is wrong")
    editor.fill("[name=regional-new-name_en]", "Municipality of Westland")
    choose_option(editor, "#id_regional-new-type", "Government")
    editor.click(f"{CREATE} button[type=submit]")
    editor.wait(lambda: "Westland" in editor.text(f"{rows} .chooser__title"), "the choice")
    editor.click("footer button.action-save")
    editor.wait(lambda: editor.all(SAVED), "the list")
    (block,) = (b for b in demo.page(MEDICAL_DELTA)["body"] if b["type"] == "alliance")
    members = [each["name"] for each in block["value"]["members"]]
    assert "Municipality of Westland" in members


def test_a_member_is_chosen_with_the_keyboard_alone(editor):
    editor.open(f"{REGISTRY}/project/create/")
    editor.wait(lambda: editor.all("regional-autocomplete [role=combobox]"), "the field")
    editor.tab_to("regional-autocomplete [role=combobox]")
    editor.press("medical d")
    editor.wait(lambda: editor.all("[role=option]"), "the suggestions")
    assert editor.one("[role=combobox]").get_attribute("aria-expanded") == "true"
    editor.press("ARROW_DOWN")
    active = editor.one("[role=combobox]").get_attribute("aria-activedescendant")
    assert editor.one(f"#{active}").get_attribute("aria-selected") == "true"
    assert editor.violations() == []
    editor.press("ENTER")
    editor.wait(lambda: "Medical Delta" in editor.text(".chooser__title"), "the choice")
    assert editor.address == f"{REGISTRY}/project/create/"


def test_suggestions_that_are_cut_say_so_to_those_who_look(editor):
    editor.open(f"{REGISTRY}/project/create/")
    editor.wait(lambda: editor.all("regional-autocomplete [role=combobox]"), "the field")
    editor.fill("regional-autocomplete [role=combobox]", "e")
    editor.wait(lambda: len(editor.all("[role=option]")) == 10, "the first suggestions")
    seen = editor.one(".regional-suggest__status [aria-hidden]")
    assert seen.is_displayed() and seen.text == "There are more: type more of the name."
    editor.fill("regional-autocomplete [role=combobox]", "medical d")
    editor.wait(lambda: 0 < len(editor.all("[role=option]")) < 10, "fewer of them")
    assert not editor.one(".regional-suggest__status [aria-hidden]").text


def test_an_end_set_once_is_told_in_both_languages(editor, demo):
    editor.open(f"{REGISTRY}/alliance/?q=medical+delta")
    editor.click("a[title='Inspect this alliance']")
    editor.click("footer a", "Mark as ended")
    editor.fill("#id_ended", "2020-06")
    editor.click("main button[type=submit]", "Mark as ended")
    editor.wait(lambda: editor.all(SAVED), "the inspect screen")
    for path, words in (
        (MEDICAL_DELTA, "Ran from 2006 until June 2020"),
        (MEDICAL_DELTA_NL, "Liep van 2006 tot en met juni 2020"),
    ):
        assert demo.page(path)["subject"]["lifecycle"]["status"] == "ended"
        editor.open(path)
        assert editor.text(".regional-header__status") == words


def test_deleting_a_used_organisation_is_refused_and_says_why(editor):
    editor.open(f"{REGISTRY}/organisation/?q=tno")
    editor.click("a[title='Inspect this organisation']")
    editor.click("footer a", "Delete")
    words = editor.wait(lambda: editor.text("main"), "the screen")
    assert "cannot be deleted" in words and "LUMC and TNO" in words
    assert "Mark as ended" in words and "Replace" in words
    assert editor.violations() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_screens_are_accessible_and_fit(editor, width, scheme):
    for path in (
        "organisation/",
        "alliance/?status=ended",
        "organisation/inspect/1/",
        "organisation/replace/2/?new=1",
        "alliance/end/1/",
        "organisation/history/1/",
        "programme/create/",
        "webhook/",
    ):
        editor.show_as(width, scheme)
        editor.open(f"{REGISTRY}/{path}")
        assert editor.js("return document.documentElement.scrollWidth <= innerWidth"), path
        assert editor.violations() == [], path
