"""The demo without a mouse, and without JavaScript."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.addresses import ENGLISH, MEDICAL_DELTA, MEDICAL_DELTA_NL, PROGRAMMES

pytestmark = pytest.mark.browser
FOUND = ".regional-programmes > li"


@pytest.mark.parametrize("path", [ENGLISH, "/headless/"])
def test_the_first_tab_shows_a_link_that_skips_to_the_content(browser, path):
    browser.open(path)
    browser.press("TAB")
    assert browser.focused("a[href='#content']")
    box = browser.js("return document.activeElement.getBoundingClientRect().toJSON()")
    assert box["top"] >= 0 and box["left"] >= 0 and box["width"] > 20 and box["height"] > 10
    browser.press("ENTER")
    browser.wait(lambda: browser.focused("#content"), "the focus in the content")


def test_the_language_switch_leads_to_the_same_page_and_back(browser):
    browser.open(MEDICAL_DELTA)
    browser.tab_to(".languages a[lang=nl]")
    browser.press("ENTER")
    browser.wait(lambda: browser.address == MEDICAL_DELTA_NL, "the Dutch page")
    assert browser.one("html").get_attribute("lang") == "nl"
    browser.tab_to(".languages a[lang=en]")
    browser.press("ENTER")
    browser.wait(lambda: browser.address == MEDICAL_DELTA, "the English page")
    assert browser.one("html").get_attribute("lang") == "en"


def test_the_focus_can_be_seen_wherever_it_goes(browser):
    browser.open(PROGRAMMES)
    unseen = []
    for _ in range(25):
        browser.press("TAB")
        style = browser.js(
            "const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);"
            "return { outlineStyle, boxShadow, at: document.activeElement.outerHTML }"
        )
        if style["outlineStyle"] == "none" and style["boxShadow"] == "none":
            unseen.append(style["at"][:200])
    assert unseen == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with_scripts", "without_scripts"])
def test_the_finder_narrows_down_by_keyboard(browser, scripts):
    browser.allow_scripts(scripts)
    browser.open(PROGRAMMES)
    before = len(browser.all(FOUND))
    browser.tab_to("#id_type_minor")
    wanted = "minor"
    browser.press("SPACE")
    if not scripts:
        browser.tab_to(".regional-form button")
        browser.press("ENTER")
    browser.wait(lambda: "type=" in browser.address, "the results")

    assert parse_qs(urlsplit(browser.address).query)["type"] == [wanted]
    assert 0 < len(browser.all(FOUND)) < before
    assert {each.get_attribute("data-type") for each in browser.all(FOUND)} == {wanted}
    assert browser.one("#id_type_minor").get_property("checked")


def test_the_address_of_a_search_can_be_shared(browser):
    browser.allow_scripts(False)
    browser.open(PROGRAMMES)
    before = len(browser.all(FOUND))
    browser.tab_to("#id_q")
    browser.press("minor", "ENTER")
    browser.wait(lambda: "q=minor" in browser.address, "the results")
    shared, results = browser.address, browser.text("#regional-results")
    assert len(browser.all(FOUND)) < before

    browser.reset()
    browser.open(shared)
    assert browser.text("#regional-results") == results
    assert browser.one("#id_q").get_property("value") == "minor"


def test_a_search_that_finds_nothing_leads_back_to_everything(browser):
    browser.allow_scripts(False)
    browser.open(f"{PROGRAMMES}?q=nothing+is+called+this")
    assert browser.all(FOUND) == []
    browser.tab_to(".regional-empty a")
    browser.press("ENTER")
    browser.wait(lambda: len(browser.all(FOUND)) > 1, "all programmes")
    assert "q=" not in browser.address
