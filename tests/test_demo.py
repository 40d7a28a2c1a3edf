"""The demo as `make demo` sets it up: loaded twice, then read over HTTP."""

from __future__ import annotations

import contextlib
import html
import json
import re
import sqlite3
from collections import Counter
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import wagtail

from tests.browser.demo import Demo
from tests.demo_facts import FACTS, missing

#: In one process: to load the demo takes long.
pytestmark = pytest.mark.xdist_group("demo")
HAS_V3 = wagtail.VERSION >= (8, 0)


@pytest.fixture(scope="module")
def demo(new_demo):
    demo = Demo(new_demo())
    demo.loaded_once = counts(demo)
    demo.load()
    with demo.serving():
        yield demo


def read(demo, path, **headers):
    with urlopen(Request(demo.url + path, headers=headers), timeout=60) as response:
        return response.read().decode()


def words(page):
    """What is read of an HTML page."""
    shown = re.sub(r"(?s)<(script|style).*?</\1>", "", page)
    return html.unescape(re.sub(r"<[^>]+>", " ", shown))


@pytest.mark.parametrize("path", FACTS)
def test_every_fact_is_on_the_page_and_in_each_api(demo, path):
    assert missing(path, words(read(demo, path))) == []
    page = demo.page(path)["id"]
    addresses = [f"/api/v2/pages/{page}/", f"/api/v3/regional/pages/{page}/"]
    if HAS_V3:
        addresses.append(f"/api/v3/pages/{page}/")
    for address in addresses:
        body = json.dumps(json.loads(read(demo, address)), ensure_ascii=False)
        assert missing(path, body) == [], address


def test_each_state_and_each_kind_has_an_example(demo):
    alliances = demo.json("/api/v3/regional/alliances/?limit=100")["items"]
    states = {each["lifecycle"]["status"] for each in alliances}
    assert states >= {"planned", "active", "ended", "undated"}
    programmes = demo.json("/api/v3/regional/programmes/?limit=100")["items"]
    kinds = Counter(each["type"] for each in programmes)
    assert len(kinds) == 8 and min(kinds.values()) >= 2


def counts(demo):
    with contextlib.closing(sqlite3.connect(demo.database, timeout=20)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables
            if name.startswith(("wagtail_regional", "home_", "auth_", "wagtailimages_image"))
            or name in ("wagtailcore_page", "wagtailcore_site", "wagtailcore_locale")
        }


def test_loading_again_doubles_nothing(demo):
    moved = {"wagtail_regional_contentchange"}
    once, twice = demo.loaded_once, counts(demo)
    assert {k: v for k, v in twice.items() if k not in moved} == {
        k: v for k, v in once.items() if k not in moved
    }


def test_the_site_around_the_section(demo):
    path = next(iter(FACTS))
    page = read(demo, path)
    assert 'hreflang="nl"' in page and "Cookie notice" in page and "/en/cookies/" in page
    assert "In the region</a>" in page and 'aria-label="Breadcrumb' in page
    assert "Regional partnerships" in words(read(demo, "/en/search/?q=economic"))
    assert "Regionale samenwerking" in words(read(demo, "/nl/search/?q=regionale"))
    assert "Cookie notice" not in read(demo, path, Cookie="cookie_notice=hidden")
    sitemap = read(demo, "/sitemap.xml")
    assert 'hreflang="nl"' in sitemap and path in sitemap
    # In each language, and in each just once.
    places = re.findall(r"<loc>https?://[^/]+(/(en|nl)/[^<]*)</loc>", sitemap)
    assert len({place for place, _language in places}) == len(places)
    by_language = Counter(language for _place, language in places)
    assert by_language["en"] == by_language["nl"] > 3


@pytest.mark.parametrize(
    ("query", "link", "label"),
    [
        ("en/search/?q=delta&kind=alliance", "partnerships/medical-delta/", "Medical Delta"),
        ("nl/search/?q=delta&kind=alliance", "samenwerking/medical-delta/", "Medical Delta"),
        ("en/search/?q=naturalis", "https://www.naturalis.nl", "Naturalis Biodiversity Center"),
        ("nl/search/?q=industrial", "https://www.leiden-delft-erasmus.nl", "Industrial Ecology"),
    ],
)  # fmt: skip
def test_the_search_page_leads_to_what_it_finds(demo, query, link, label):
    results = read(demo, f"/{query}").split('class="results"')[1]
    assert re.search(rf'<a href="[^"]*{link}">{label}</a>', results)


def test_the_search_page_narrows_down_by_kind_and_goes_from_page_to_page(demo):
    first = read(demo, "/en/search/?q=leiden")
    assert "kind=programme" not in first
    assert 'href="?q=leiden&amp;kind=alliance"' in first
    many = read(demo, "/en/search/?q=centre")
    assert 'href="?q=centre&amp;page=2"' in many
    last = read(demo, "/en/search/?q=centre&page=99999&kind=nonsense")
    assert 'rel="prev"' in last and 'rel="next"' not in last and '<ol class="results"' in last
    assert "Give a word" in read(demo, "/en/search/?q=%3F%00") and "<h1" in read(
        demo, "/en/search/?q=centre&page=%C2%B2"
    )


def test_the_site_around_the_section_keeps_secrets(demo):
    """The language switch, the search page, the navigation and the sitemap."""
    english, dutch = list(FACTS)
    with demo.undone():
        demo.write(
            "INSERT INTO wagtailcore_pageviewrestriction (restriction_type, password, page_id)"
            " SELECT 'login', '', id FROM wagtailcore_page WHERE slug = 'in-de-regio'"
        )
        for address in (english, "/en/", "/nl/", "/nl/search/?q=regio", "/sitemap.xml"):
            text = read(demo, address)
            assert "in-de-regio" not in text and "In de regio<" not in text, address
        with pytest.raises(HTTPError) as refused:
            read(demo, f"/api/v3/regional/pages/find/?path={dutch}")
        assert refused.value.code == 404
