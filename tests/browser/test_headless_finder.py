"""The headless client's finder and search: the API filters and counts, the address remembers."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.browser.addresses import MEDICAL_DELTA, PROGRAMMES

pytestmark = pytest.mark.browser
FINDER = f"/headless/?path={PROGRAMMES}"
FOUND = ".finder .programme"


def shows(browser, count):
    noun = "programme" if count == 1 else "programmes"
    browser.wait(lambda: browser.text("#found") == f"{count} {noun}", f"{count} {noun}")


def chosen(browser):
    pairs = parse_qsl(urlsplit(browser.address).query)
    return [pair for pair in pairs if pair[0] != "path"]


def count_beside(browser, box):
    return int(browser.text(f"label[for='{box}'] .box__count"))


def test_a_choice_finds_as_many_as_it_says_and_is_in_the_address(browser):
    browser.open(FINDER)
    browser.wait(lambda: browser.all(FOUND), "programmes")
    promised = count_beside(browser, "find-type-minor")
    browser.click("#find-type-minor")
    shows(browser, promised)
    assert len(browser.all(FOUND)) == promised
    assert chosen(browser) == [("type", "minor")]
    # Somebody else opens that address.
    address = browser.address
    browser.open("/headless/")
    browser.open(address)
    shows(browser, promised)
    assert browser.one("#find-type-minor").is_selected()


def test_where_one_studies_says_on_what_terms(browser):
    browser.open(f"{FINDER}&type=minor")
    shows(browser, 3)
    browser.js(
        "const home = document.querySelector('#find-home');"
        "home.value = [...home.options].find((each) => each.text.startsWith('Erasmus')).value;"
        "home.dispatchEvent(new Event('change', { bubbles: true }));"
    )
    browser.wait(lambda: "I study at Erasmus" in browser.text(".chosen"), "the choice")
    terms = browser.text(".finder__results")
    assert "Students of Erasmus University Rotterdam: 15 ECTS" in terms
    assert "Students of Leiden University" not in terms


def test_choices_can_be_taken_back_one_by_one_and_all_at_once(browser):
    browser.open(f"{FINDER}&type=minor&level=bachelor&q=frugal")
    shows(browser, 1)
    browser.click(".chip", "frugal")
    shows(browser, 3)
    assert chosen(browser) == [("type", "minor"), ("level", "bachelor")]
    assert browser.focused("#found")
    browser.click(".chip--all")
    shows(browser, 18)
    assert chosen(browser) == []
    browser.driver.back()
    shows(browser, 3)
    assert browser.one("#find-level-bachelor").is_selected()


def test_the_list_follows_what_is_typed(browser):
    browser.open(FINDER)
    shows(browser, 18)
    browser.fill("#find-q", "heritage")
    shows(browser, 2)
    assert browser.focused("#find-q") and chosen(browser) == [("q", "heritage")]


def test_where_nothing_fits_it_says_what_to_give_up(browser):
    browser.open(f"{FINDER}&type=minor&level=master")
    shows(browser, 0)
    browser.click(".nothing a", "Without Master: 3 programmes")
    shows(browser, 3)
    assert chosen(browser) == [("type", "minor")]


def test_an_address_that_is_not_right_is_told_so(browser):
    browser.open(f"{FINDER}&type=thesis")
    browser.wait(lambda: "type “thesis” is not known" in browser.text(".nothing"), "the refusal")
    browser.click(".nothing a")
    shows(browser, 18)
    browser.errors()


def test_pages_follow_each_other(browser):
    browser.open(FINDER)
    shows(browser, 18)
    first = browser.text(".programme")
    browser.click(".pages a", "Next")
    browser.wait(lambda: browser.text(".programme") != first, "the second page")
    assert len(browser.all(FOUND)) == 6 and chosen(browser) == [("page", "2")]
    assert browser.focused("#found")
    browser.click(".pages a", "Previous")
    browser.wait(lambda: browser.text(".programme") == first, "the first page")


def test_by_keyboard_the_focus_stays_on_the_box(browser):
    browser.open(FINDER)
    shows(browser, 18)
    browser.tab_to("#find-type-minor")
    browser.press("SPACE")
    shows(browser, 3)
    assert browser.focused("#find-type-minor")


def test_search_finds_pages_and_leads_to_them(browser):
    browser.open(FINDER)
    browser.fill("#search", "delta")
    browser.press("ENTER")
    browser.wait(lambda: "delta" in browser.text("h1"), "the results")
    assert browser.focused("h1")
    browser.click(".found .chip", "Pages")
    browser.wait(lambda: "kind=page" in browser.address, "pages only")
    browser.wait_until_loaded()
    assert {each.text for each in browser.all(".rows .programme__facts")} == {"Page"}
    browser.click(".rows a", "Medical Delta")
    browser.wait(lambda: browser.address.endswith(MEDICAL_DELTA), "the page")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        FINDER,
        f"{FINDER}&type=minor&q=frugal",
        f"{FINDER}&type=minor&level=master",
        "/headless/?search=leiden&locale=nl",
        "/headless/?search=nothingatall&locale=en",
    ],
)
def test_everybody_can_use_it(browser, address, width, scheme):
    browser.show_as(width, scheme)
    browser.open(address)
    browser.wait(lambda: browser.all("#found:not(:empty), .found h1"), "what was found")
    assert browser.violations() == []
    assert browser.errors() == []
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth")
