"""The map of partners, with a keyboard, under a strict policy and on all kinds of windows."""

from __future__ import annotations

import json

import pytest

from tests.browser.addresses import PARTNERSHIPS
from wagtail_regional.conf import SETTING_NAME

pytestmark = pytest.mark.browser
PAGE = f"{PARTNERSHIPS}leiden-delft-erasmus/"
READY = ".regional-map[data-state=ready]"
MARKER = ".regional-map__marker"
CARD = ".regional-map__card"


@pytest.fixture
def maps(live_server, settings, browser):
    """Opens the page with two maps; keywords are settings of ours."""

    def open_maps(language: str = "en", **ours):
        settings.ROOT_URLCONF = "tests.browser.map_pages"
        setattr(settings, SETTING_NAME, ours)
        browser.driver.get(f"{live_server.url}/maps/?language={language}")
        browser.wait(lambda: browser.all(f"{READY} {MARKER}"), "the map")
        return browser

    return open_maps


def go_to(browser, css=".regional-map"):
    browser.js(
        "document.querySelector(arguments[0])"
        ".scrollIntoView({ block: 'center', behavior: 'instant' })",
        css,
    )


def open_demo(browser):
    browser.open(PAGE)
    go_to(browser)
    browser.wait(lambda: len(browser.all(f"{READY} {MARKER}")) == 3, "three towns")


def card_text(browser) -> str:
    """What the card says once it has faded in: a driver reads nothing that cannot be seen."""
    browser.wait(lambda: any(card.text for card in browser.all(CARD)), "the card")
    return browser.text(CARD)


def centre_of(browser):
    """Where the first marker is in the window; moves with the map."""
    return browser.js(
        "const { x, y } = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return [Math.round(x), Math.round(y)]",
        MARKER,
    )


def test_nothing_is_fetched_until_the_map_comes_near(browser):
    browser.open(PAGE)
    browser.requests()
    assert browser.all(READY) == []
    go_to(browser)
    browser.wait(lambda: browser.all(READY), "the map")
    asked = {url.rsplit("/", 1)[-1] for url in browser.requests()}
    assert {"leaflet.js", "leaflet.css", "map.css", "low-countries.json"} <= asked


def test_the_map_asks_no_other_host_for_anything(browser, demo):
    open_demo(browser)
    urls = [url for url in browser.requests() if not url.startswith(("data:", "about:"))]
    assert any("leaflet" in url for url in urls)
    assert [url for url in urls if not url.startswith(f"{demo.url}/")] == []
    assert browser.errors() == []


def test_without_javascript_there_is_the_list_and_nothing_else(browser):
    browser.allow_scripts(False)
    browser.open(PAGE)
    assert not browser.one(".regional-map").is_displayed()
    assert "Delft University of Technology" in browser.text(".regional-places")
    assert browser.one(".regional-geo").get_attribute("href").startswith("geo:51.99")


def test_by_keyboard_a_partner_is_found_read_and_left_again(browser):
    open_demo(browser)
    browser.tab_to(".regional-map__canvas", at_most=90)
    browser.tab_to(MARKER)
    assert browser.js("return document.activeElement.ariaLabel") == "Delft University of Technology"
    browser.press("ENTER")
    browser.wait(lambda: browser.focused(CARD), "what the marker tells")
    assert browser.one(CARD).get_attribute("role") == "dialog"
    text = card_text(browser)
    assert "Delft University of Technology" in text and "Education" in text and "Delft" in text
    assert len(browser.all(CARD)) == 1
    browser.press("TAB")
    assert browser.js("return document.activeElement.href") == "https://www.tudelft.nl/"
    browser.press("ESCAPE")
    browser.wait(lambda: not browser.all(CARD), "the card to close")
    assert browser.js("return document.activeElement.ariaLabel") == "Delft University of Technology"


def test_space_opens_too_and_the_close_button_leads_back(browser):
    open_demo(browser)
    browser.js("document.querySelector(arguments[0]).focus()", MARKER)
    browser.press("SPACE")
    browser.wait(lambda: browser.focused(CARD), "what the marker tells")
    browser.tab_to(".regional-map__close", at_most=3)
    browser.press("ENTER")
    browser.wait(lambda: browser.focused(MARKER), "the marker again")


def test_the_map_can_be_skipped(browser):
    open_demo(browser)
    browser.js("document.querySelector('.regional-map__skip').focus({ focusVisible: true })")
    box = browser.js("return document.activeElement.getBoundingClientRect().toJSON()")
    assert box["width"] > 24 and box["height"] >= 24
    browser.press("ENTER")
    browser.wait(lambda: browser.focused(".regional-places"), "the list")


def test_the_arrow_keys_move_the_map_and_a_wheel_scrolls_the_page(browser):
    open_demo(browser)
    browser.js("document.querySelector('.regional-map__canvas').focus({ preventScroll: true })")
    before = centre_of(browser)
    browser.press("ARROW_RIGHT")
    browser.wait(lambda: centre_of(browser)[0] < before[0] - 30, "the map to move")
    kept = browser.js(
        "return document.querySelector('.regional-map__canvas')"
        ".dispatchEvent(new WheelEvent('wheel', { deltaY: 200, bubbles: true, cancelable: true }))"
    )
    assert kept, "the wheel was taken from the page"


def test_one_finger_scrolls_the_page(browser):
    open_demo(browser)
    touch = "return getComputedStyle(document.querySelector('.regional-map__canvas')).touchAction"
    assert browser.js(touch) == "pan-x pan-y"
    # A mouse drags, and that changes nothing for fingers.
    browser.js(
        "document.querySelector('.regional-map__canvas')"
        ".dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'mouse', bubbles: true }))"
    )
    assert browser.js(touch) == "pan-x pan-y"


def test_the_list_leads_to_the_marker(browser):
    open_demo(browser)
    browser.click(".regional-geo", "On the map")
    browser.wait(lambda: browser.focused(CARD), "the partner on the map")
    assert "Delft University of Technology" in card_text(browser)
    assert browser.address == PAGE


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
def test_the_map_meets_wcag(browser, opened):
    found = {}
    for width in (320, 390, 1280):
        for scheme in ("light", "dark"):
            browser.show_as(width, scheme)
            open_demo(browser)
            if opened:
                browser.js("document.querySelector(arguments[0]).click()", MARKER)
                browser.wait(lambda: browser.all(CARD), "the card")
            for violation in browser.violations():
                found.setdefault(violation, []).append(f"{width} {scheme}")
            assert browser.js("return document.documentElement.scrollWidth") <= width
    assert not found, "\n".join(f"{views}: {violation}" for violation, views in found.items())


def test_what_can_be_pressed_is_large_enough(browser):
    browser.show_as(390, "light")
    open_demo(browser)
    browser.js("document.querySelector(arguments[0]).click()", MARKER)
    browser.wait(lambda: browser.all(CARD), "the card")
    sizes = browser.js(
        "return [...document.querySelectorAll('.regional-map button, .regional-map__card a')]"
        ".map((e) => e.getBoundingClientRect()).map(({ width, height }) => [width, height])"
    )
    assert len(sizes) >= 7
    assert [size for size in sizes if min(size) < 24] == []


def test_less_motion_moves_at_once(browser):
    browser._cdp(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-reduced-motion", "value": "reduce"}],
    )
    open_demo(browser)
    assert browser.all(".leaflet-fade-anim, .leaflet-zoom-anim") == []


def test_print_has_the_list_and_no_map(browser):
    open_demo(browser)
    browser._cdp("Emulation.setEmulatedMedia", media="print")
    try:
        assert not browser.one(".regional-map").is_displayed()
        assert browser.one(".regional-places").is_displayed()
    finally:
        browser._cdp("Emulation.setEmulatedMedia", media="")


# --- On a page that forbids what it can ---


def test_a_strict_policy_is_kept(maps):
    browser = maps()
    go_to(browser)
    browser.js("document.querySelector(arguments[0]).click()", MARKER)
    browser.wait(lambda: browser.all(CARD), "the card")
    assert browser.errors() == []
    land = browser.one("path.regional-map__land").value_of_css_property("fill")
    assert land == "rgb(250, 249, 245)"


def test_partners_in_one_spot_are_all_reached(maps):
    browser = maps()
    markers = browser.all(f"{READY} {MARKER}")
    labels = [each.get_attribute("aria-label") for each in markers]
    assert labels == [
        "2 partners: Amstelmere University, Amstelmere University Hospital",
        "2 partners: Veerhaven University of Technology, City of Veerhaven",
    ]
    browser.js("arguments[0].click()", markers[1])
    card_text(browser)
    assert [each.text.splitlines()[0] for each in browser.all(".regional-map__entry")] == [
        "Veerhaven University of Technology",
        "City of Veerhaven",
    ]
    # Nearer by, each has a marker of its own.

    def nearer() -> bool:
        browser.js("document.querySelector('.regional-map__button').click()")
        return len(browser.all(f"{READY} {MARKER}")) == 4

    browser.wait(nearer, "four markers")


def test_a_map_in_a_closed_part_is_made_when_it_opens(maps):
    browser = maps()
    assert len(browser.all(READY)) == 1
    browser.click("summary", "More")
    go_to(browser, "details .regional-map")
    browser.wait(lambda: len(browser.all(READY)) == 2, "the second map")
    seen = browser.js(
        "const box = document.querySelector('details .regional-map__canvas');"
        "const { left, right, top, bottom } = box.getBoundingClientRect();"
        "return [...box.querySelectorAll('.regional-map__marker')]"
        ".map((each) => each.getBoundingClientRect())"
        ".every((each) => each.left >= left && each.right <= right"
        " && each.top >= top && each.bottom <= bottom)"
    )
    assert seen, "markers outside their map"


def test_from_right_to_left_the_buttons_are_on_the_left(maps):
    browser = maps(language="ar")
    assert browser.one("html").get_attribute("dir") == "rtl"
    sides = browser.js(
        "return ['.regional-map__controls', '.regional-map__canvas']"
        ".map((css) => document.querySelector(css).getBoundingClientRect().left)"
    )
    assert sides[0] - sides[1] < 30
    browser.js("document.querySelector(arguments[0]).click()", MARKER)
    browser.wait(lambda: browser.all(CARD), "the card")
    assert browser.one(CARD).value_of_css_property("direction") == "rtl"
    assert browser.violations() == []


def test_tiles_of_the_hosts_own_replace_the_outline(maps, live_server):
    url = f"{live_server.url}/tiles/{{z}}/{{x}}/{{y}}.png"
    browser = maps(MAP_TILES={"url": url, "attribution": "© Us", "max_zoom": 15})
    browser.wait(lambda: browser.all("img.leaflet-tile-loaded"), "the tiles")
    asked = browser.requests()
    assert any("/tiles/" in each for each in asked)
    assert not any("low-countries" in each for each in asked)
    assert browser.text(".leaflet-control-attribution") == "© Us"
    assert json.loads(browser.one(".regional-map").get_attribute("data-regional-map"))["tiles"]


def test_when_an_outline_is_missing_the_list_stands_alone(live_server, settings, browser):
    settings.ROOT_URLCONF = "tests.browser.map_pages"
    setattr(settings, SETTING_NAME, {"MAP_OUTLINES": [{"file": "gone.json", "max_zoom": 5}]})
    browser.driver.get(f"{live_server.url}/maps/")
    browser.wait(lambda: not browser.one(".regional-map").is_displayed(), "the map to go")
    browser.wait(lambda: "gone.json" in " ".join(browser.errors()), "a word in the console")
    assert "Amstelmere University" in browser.text(".regional-places")
