"""The programme index: what a script adds to it, and that nothing is lost without one."""

from __future__ import annotations

import pytest

from tests.browser.addresses import PROGRAMMES

pytestmark = pytest.mark.browser
FOUND = ".regional-programmes > li"
HEADING = "#regional-results-heading"
STATES = {
    "plain": "",
    "filtered": "?type=minor&q=in",
    "empty": "?type=minor&q=zzzz",
    "wrong": "?ects_min=9&ects_max=3",
    "nonsense": "?type=nonsense&language=%3F",
    "past_the_end": "?page=99",
}


def mark(browser):
    """A trace that only a new page wipes out."""
    browser.js("window.sameDocument = true")


def unbroken(browser):
    return browser.js("return window.sameDocument === true")


def narrow(browser):
    browser.open(PROGRAMMES)
    mark(browser)
    browser.tab_to("#id_type_minor")
    browser.press("SPACE")
    browser.wait(lambda: "type=minor" in browser.address, "the filtered list")


def test_a_choice_changes_the_list_in_place(browser):
    narrow(browser)
    assert unbroken(browser)
    assert browser.focused("#id_type_minor")
    browser.wait(
        lambda: browser.text("[data-regional-status]") == browser.text(HEADING), "what was found"
    )
    assert browser.text(HEADING) == f"{len(browser.all(FOUND))} programmes"
    browser.press("SPACE")
    browser.wait(lambda: browser.address == PROGRAMMES, "all programmes")
    assert unbroken(browser)


def test_the_back_button_takes_a_choice_back(browser):
    browser.open(PROGRAMMES)
    everything = browser.text(HEADING)
    narrow(browser)
    fewer = browser.text(HEADING)
    browser.driver.back()
    browser.wait(lambda: browser.text(HEADING) == everything, "all programmes")
    assert unbroken(browser)
    assert not browser.one("#id_type_minor").get_property("checked")
    browser.driver.forward()
    browser.wait(lambda: browser.text(HEADING) == fewer, "the filtered list")
    assert browser.one("#id_type_minor").get_property("checked")


def test_a_choice_is_taken_away_by_keyboard_and_the_focus_goes_to_the_results(browser):
    browser.open(f"{PROGRAMMES}?type=minor")
    mark(browser)
    browser.tab_to(".regional-active a")
    browser.press("ENTER")
    browser.wait(lambda: browser.address == PROGRAMMES, "all programmes")
    assert unbroken(browser)
    assert browser.focused("#regional-results")


def test_words_that_are_typed_are_searched_for_on_enter(browser):
    browser.open(PROGRAMMES)
    mark(browser)
    browser.tab_to("#id_q")
    browser.press("innov", "ENTER")
    browser.wait(lambda: "q=innov" in browser.address, "the results")
    assert unbroken(browser)
    assert browser.focused("#regional-results")
    # Nothing that was left empty is in the address that readers share.
    assert browser.address == f"{PROGRAMMES}?q=innov"


def test_another_place_in_the_page_is_no_other_question(browser):
    browser.open(PROGRAMMES)
    browser.requests()
    browser.tab_to("a[href='#content']", at_most=5)
    browser.press("ENTER")
    browser.wait(lambda: browser.focused("#content"), "the content")
    assert [url for url in browser.requests() if url.endswith(PROGRAMMES)] == []


def test_what_cannot_be_fetched_is_loaded_as_a_page(browser):
    browser.open(PROGRAMMES)
    mark(browser)
    browser.js("window.fetch = () => Promise.reject(new TypeError('no network'))")
    browser.tab_to("#id_type_minor")
    browser.press("SPACE")
    browser.wait(lambda: "type=minor" in browser.address, "a page")
    browser.wait(lambda: browser.js("return document.readyState") == "complete", "all of it")
    assert not unbroken(browser)
    assert browser.one("#id_type_minor").get_property("checked")


def test_a_phone_shows_what_was_found_soon_and_the_rest_of_the_form_on_demand(browser):
    browser.show_as(390, "light")
    browser.open(PROGRAMMES)
    assert not browser.one("#id_type_minor").is_displayed()
    browser.click("#regional-form-more > summary")
    assert browser.one("#id_type_minor").is_displayed()
    browser.click("#id_type_minor")
    browser.wait(lambda: "type=minor" in browser.address, "the filtered list")
    # It stays as the reader left it.
    assert browser.one("#id_type_minor").is_displayed()


def test_without_scripts_fields_left_empty_ask_nothing(browser):
    browser.allow_scripts(False)
    browser.open(PROGRAMMES)
    browser.click(".regional-form button")
    browser.wait(lambda: "home=" in browser.address, "the form to be sent")
    assert len(browser.all(FOUND)) > 1
    assert browser.all(".errorlist") == []


@pytest.mark.parametrize("query", STATES.values(), ids=STATES)
def test_every_state_meets_wcag_and_fits_a_narrow_window(browser, query):
    browser.open(PROGRAMMES + query)
    found = []
    for width in (320, 390, 1280):
        for scheme in ("light", "dark"):
            browser.show_as(width, scheme)
            found += browser.violations()
            assert browser.js("return document.documentElement.scrollWidth") <= width
    assert found == []


def test_on_paper_what_was_found_has_the_whole_width(browser):
    browser.open(f"{PROGRAMMES}?type=minor")
    browser._cdp("Emulation.setEmulatedMedia", media="print")
    try:
        width = "return document.querySelector(arguments[0]).clientWidth"
        assert browser.js(width, "#regional-results") == browser.js(width, ".regional-finder")
        assert not browser.one(".regional-form").is_displayed()
    finally:
        browser._cdp("Emulation.setEmulatedMedia", media="")
