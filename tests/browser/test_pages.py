"""Every page of the demo, as a reader's browser takes it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser.addresses import EVERYTHING, SECTION

pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("path", EVERYTHING)


def test_all_pages_of_the_section_are_among_those_looked_at(demo):
    found = [
        urlsplit(item["url"]).path
        for locale in ("en", "nl")
        for item in demo.json(f"/api/v3/regional/pages/?locale={locale}&limit=100")["items"]
    ]
    assert sorted(found) == sorted(SECTION)


@every_page
def test_a_page_meets_wcag_narrow_and_wide_light_and_dark(browser, path):
    browser.open(path)
    found = {}
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            browser.show_as(width, scheme)
            for violation in browser.violations():
                found.setdefault(violation, []).append(f"{width} {scheme}")
    assert not found, "\n".join(f"{views}: {violation}" for violation, views in found.items())


@every_page
def test_a_page_loads_without_errors_or_another_hosts_help(browser, demo, path):
    browser.open(path)
    # What waits until a reader comes near, comes too.
    browser.js("for (const each of document.querySelectorAll('[loading]')) each.loading = 'eager'")
    browser.wait(
        lambda: browser.js("return [...document.images].every((image) => image.complete)"),
        "the images",
    )
    assert browser.errors() == []
    requests = [url for url in browser.requests() if not url.startswith(("data:", "about:"))]
    assert requests
    assert [url for url in requests if not url.startswith(f"{demo.url}/")] == []


@every_page
def test_a_page_fits_a_window_of_320_pixels_without_sideways_scrolling(browser, path):
    browser.show_as(320, "light")
    browser.open(path)
    assert browser.js("return document.documentElement.scrollWidth") <= 320
