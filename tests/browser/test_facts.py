"""The headless client shows what the site's own pages do."""

import pytest

from tests.demo_facts import FACTS, missing

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", FACTS)
def test_every_fact_is_in_the_headless_client(browser, path):
    browser.open(f"/headless/?path={path}")
    browser.js("for (const each of document.querySelectorAll('details')) each.open = true")
    assert missing(path, browser.js("return document.body.textContent")) == []
