"""Aliases: pages that repeat another one, as Wagtail makes them for languages that lack a page."""

from __future__ import annotations

import re

import pytest
import wagtail
from wagtail.models import Locale, Page

from tests.conftest import block, fill
from wagtail_regional import factories as f

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"


@pytest.fixture
def aliased(section, dutch_home):
    """An English page, what repeats it in the Dutch part of the site, and a real translation."""
    name = {"en": "Health", "nl": "Gezondheid"}
    section.page.subject = f.AllianceFactory(name={"en": "Delta", "nl": "De Delta"})
    section.page.subject.themes.add(f.ThemeFactory(label=name))
    section.page.subject.save()
    fill(
        section.page,
        [
            block("heading", {"text": "Words of ours", "level": "2"}),
            block("alliance", {"alliance": section.page.subject.pk, "show": []}),
        ],
    )
    dutch = Locale.objects.get(language_code="nl")
    index = section.index.copy_for_translation(dutch, alias=True)
    page = section.page.copy_for_translation(dutch, alias=True)
    finder = section.programmes.copy_for_translation(dutch)
    finder.title = finder.draft_title = "Opleidingen"
    finder.save_revision().publish()
    section.dutch_index, section.alias, section.dutch_finder = index, page, finder
    return section


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response


def test_search_engines_are_sent_to_the_original(client, aliased):
    original, alias = aliased.page.full_url, aliased.alias.full_url
    html = get(client, aliased.alias.get_url()).content.decode()
    assert f'<link rel="canonical" href="{original}">' in html
    for page in (aliased.page, aliased.alias):
        html = get(client, page.get_url()).content.decode()
        assert re.findall(r'rel="alternate" hreflang="(\w+)" href="([^"]+)"', html) == [
            ("en", original)
        ]
        assert '<meta property="og:locale" content="en">' in html
    places = get(client, "/sitemap.xml").content.decode()
    assert alias not in places
    # A page that is really there in both languages.
    html = get(client, aliased.programmes.get_url()).content.decode()
    both = {("en", aliased.programmes.full_url), ("nl", aliased.dutch_finder.full_url)}
    assert set(re.findall(r'rel="alternate" hreflang="(\w+)" href="([^"]+)"', html)) == both


def test_words_are_marked_as_what_they_are(client, aliased):
    response = get(client, aliased.alias.get_url())
    html = response.content.decode()
    assert response["Content-Language"] == "en"
    assert '<div class="regional regional-page" lang="en" dir="ltr">' in html
    # All of it is in one language: what comes from the registry, too, and the interface.
    assert "Words of ours" in html and "Delta" in html and "De Delta" not in html
    assert 'aria-label="Breadcrumbs"' in html and "Kruimelpad" not in html
    english = get(client, aliased.page.get_url()).content.decode()
    assert '<div class="regional regional-page">' in english
    # Among others it is marked, too.
    index = get(client, aliased.index.get_url()).content.decode()
    assert "lang=" not in index.partition("regional-cards")[2].partition("</ul>")[0]
    dutch = get(client, aliased.dutch_index.get_url()).content.decode()
    cards = dutch.partition("regional-cards")[2].partition("</ul>")[0]
    assert re.search(r'lang="nl" dir="ltr">Opleidingen</a>', cards)


def test_the_api_says_what_an_alias_repeats(client, aliased):
    response = get(client, f"{API}/pages/{aliased.alias.pk}/")
    told = response.json()
    assert response["Content-Language"] == "en"
    meta = told["meta"]
    assert (meta["locale"], meta["language"]) == ("nl", "en")
    assert meta["alias_of"]["id"] == aliased.page.pk
    assert meta["alias_of"]["url"] == meta["seo"]["canonical_url"] == aliased.page.full_url
    assert [each["hreflang"] for each in meta["alternates"]] == ["en"]
    assert meta["html_url"] == aliased.alias.full_url
    assert meta["json_ld"][0]["inLanguage"] == "en"
    original = get(client, f"{API}/pages/{aliased.page.pk}/").json()
    assert told["body"] == original["body"] and told["subject"] == original["subject"]
    assert original["meta"]["alias_of"] is None and original["meta"]["language"] == "en"
    listed = get(client, f"{API}/pages/?locale=nl").json()["items"]
    languages = {each["title"]: (each["locale"], each["language"]) for each in listed}
    assert languages["Regional partnerships"] == ("nl", "en")
    assert languages["Opleidingen"] == ("nl", "nl")


def test_an_alias_follows_its_original(client, aliased):
    address = f"{API}/pages/{aliased.alias.pk}/"
    before = get(client, address).json()
    aliased.page.slug = "partnerships"
    aliased.page.save_revision().publish()
    after = get(client, address).json()
    assert before["meta"]["alias_of"]["url"] != after["meta"]["alias_of"]["url"]
    assert after["meta"]["seo"]["canonical_url"].endswith("/en/in-the-region/partnerships/")


def test_an_original_that_nobody_may_see_is_not_told(client, aliased):
    # To unpublish it would take its aliases along.
    Page.objects.filter(pk=aliased.page.pk).update(live=False)
    told = get(client, f"{API}/pages/{aliased.alias.pk}/").json()["meta"]
    assert told["alias_of"] is None and told["alternates"] == []
    assert told["seo"]["canonical_url"] == aliased.alias.full_url
    assert told["language"] == "en"


def test_an_alias_in_the_same_language_has_its_originals_languages(client, aliased):
    alias = aliased.programmes.create_alias(parent=aliased.index, update_slug="again")
    told = get(client, f"{API}/pages/{alias.pk}/").json()["meta"]
    assert told["seo"]["canonical_url"] == aliased.programmes.full_url
    assert {each["url"] for each in told["alternates"]} == {
        aliased.programmes.full_url,
        aliased.dutch_finder.full_url,
    }


def test_an_alias_of_an_alias_leads_to_the_words(client, aliased, dutch_home):
    again = aliased.dutch_index.create_alias(parent=dutch_home, update_slug="again")
    told = get(client, f"{API}/pages/{again.pk}/").json()["meta"]
    assert told["language"] == "en" and told["alias_of"]["id"] == aliased.index.pk


def test_an_alias_takes_few_more_queries(client, aliased, django_assert_max_num_queries):
    get(client, aliased.alias.get_url())
    with django_assert_max_num_queries(25):
        get(client, aliased.alias.get_url())
