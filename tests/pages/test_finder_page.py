"""The programme index: a form that works by its address alone."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from tests.conftest import make_alliance
from wagtail_regional import factories as f


def show(client, section, query=""):
    response = client.get(section.programmes.url + query)
    assert response.status_code == 200
    return response.content.decode()


def test_filters_combine_and_can_be_taken_away(client, section):
    f.ProgrammeFactory(name={"en": "Yes"}, type="minor", level="master")
    f.ProgrammeFactory(name={"en": "No"}, type="minor", level="bachelor")
    html = show(client, section, "?type=minor&level=master")
    assert "Yes" in html and ">No<" not in html
    assert 'href="?level=master"' in html and 'href="?type=minor"' in html
    assert re.search(r'name="type" value="minor"[^>]*checked', html)


def test_views_that_are_filtered_are_not_for_search_engines(client, section):
    for _ in range(21):
        f.ProgrammeFactory()
    plain, filtered = show(client, section), show(client, section, "?type=minor")
    later = show(client, section, "?page=2")
    canonical = f'<link rel="canonical" href="{section.programmes.full_url}'
    assert "noindex" not in plain and f'{canonical}">' in plain
    assert '<meta name="robots" content="noindex,follow">' in filtered
    assert f'{canonical}">' in filtered
    assert "noindex" not in later and f'{canonical}?page=2">' in later
    assert 'rel="next"' in plain and 'rel="prev"' in later


def test_a_language_may_be_in_any_capitals(client, section):
    f.ProgrammeFactory(name={"en": "Samba"}, teaching_languages=["pt-BR"])
    f.ProgrammeFactory(name={"en": "Waltz"}, teaching_languages=["de"])
    html = show(client, section, "?language=PT-br")
    assert "Samba" in html and "Waltz" not in html
    assert re.search(r'name="language" value="pt-BR"[^>]*checked', html)


def test_an_empty_answer_says_which_choice_to_loosen(client, section):
    f.ProgrammeFactory(type="minor", level="master")
    html = show(client, section, "?type=minor&level=bachelor&q=programme")
    assert "No programme fits" in html
    assert 'href="?type=minor&amp;q=programme">Level</a>' in html
    assert ">Search</a>" not in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?ects_min=9&ects_max=3", "Turn them round"),
        ("?ects_min=many", "Enter a number"),
        ("?type=nonsense", "nonsense"),
        ("?alliance=nonsense", "nonsense"),
        ("?home=00000000-0000-0000-0000-000000000000", "00000000"),
        ("?language=%00", "not a language code"),
        ("?field=77", "not an ISCED-F field"),
        ("?open_on=soon", "Enter a valid date"),
        ("?open_on=2026-9-1", "Enter a valid date"),
        ("?open_on=0", "Enter a valid date"),
        ("?status=undated", "undated is not one of the available choices"),
        ("?open_on=0003-09-02", "1900"),
        ("?q=%3F", "has none"),
        ("?page=0", "no such page"),
        ("?page=99", "no such page"),
    ],
)
def test_wrong_values_get_a_message_and_no_results(client, section, query, words):
    f.ProgrammeFactory(name={"en": "Shown only in lists"})
    html = show(client, section, query)
    assert words in html and "Shown only in lists" not in html


def test_the_page_takes_as_many_queries_for_any_content(
    client, section, django_assert_max_num_queries
):
    for _ in range(3):
        make_alliance(members=2)
        cache.clear()
        show(client, section)
        with django_assert_max_num_queries(28):
            show(client, section, "?type=minor&q=programme")


def test_what_a_browser_sends_of_empty_fields_asks_nothing(client, section):
    f.ProgrammeFactory(name={"en": "Still there"})
    html = show(client, section, "?q=&home=&ects_min=&open_on=&type=&alliance=&joint=&order=")
    assert "Still there" in html and "errorlist" not in html and "noindex" not in html


@pytest.mark.parametrize("query", ["?page=0", "?page=99", "?type=nonsense", "?order=nonsense"])
def test_views_with_nothing_to_see_are_not_for_search_engines(client, section, query):
    f.ProgrammeFactory()
    html = show(client, section, query)
    assert '<meta name="robots" content="noindex,follow">' in html
    assert f'<link rel="canonical" href="{section.programmes.full_url}">' in html
    assert 'rel="prev" href="http' not in html and 'rel="next"' not in html


def test_what_is_wrong_is_said_where_the_results_would_be_and_links_to_the_field(client, section):
    f.ProgrammeFactory()
    results = show(client, section, "?ects_min=9&ects_max=3&type=nonsense")
    results = results[results.index('id="regional-results"') :]
    assert 'href="#id_ects_max">ECTS, at most</a>: At most 3' in results
    assert 'href="#regional-group-type">Type</a>: Select a valid choice. nonsense' in results
