"""A list of programmes leads to the programme index, with the same question in the address."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, PageViewRestriction

from tests.conftest import block, fill
from wagtail_regional import factories as f


def value_of(page, **options):
    """What readers get of a list with these options."""
    page = fill(page, [block("programme_list", {"source": "query", "types": [], **options})])
    cache.clear()
    (found,) = page.read(None).body
    return found["value"] if isinstance(found, dict) else found.value


@pytest.fixture
def programme(section):
    provider = f.ProgrammeProviderFactory(programme__type="minor", programme__level="bachelor")
    programme = provider.programme
    programme.teaching_languages = ["en"]
    programme.alliances.add(f.AllianceFactory())
    programme.themes.add(f.ThemeFactory())
    programme.save()
    f.ProgrammeAccessFactory(programme=programme)
    f.ProgrammeFactory(name={"en": "Another"}, type="course")
    return programme


@pytest.mark.parametrize("name", ["types", "levels", "languages", "theme", "provider", "alliance"])
def test_each_filter_is_in_the_address_and_finds_the_same(client, section, programme, name):
    options = {
        "types": ["minor"],
        "levels": ["bachelor"],
        "languages": "en",
        "theme": programme.themes.get().pk,
        "provider": programme.providers.get().organisation_id,
        "alliance": programme.alliances.get().pk,
    }
    shown = value_of(section.page, show_filters=True, **{name: options[name]})
    assert shown.finder_url.startswith(section.programmes.full_url + "?")
    found = client.get(shown.finder_url).context["finder"]
    assert found.valid
    assert {each.id for each in found.programmes} == {each.id for each in shown.programmes}
    assert programme.uuid in {each.id for each in found.programmes}


def test_all_filters_together_with_the_audience_and_the_order(client, section, programme):
    home = programme.access.get().organisation
    shown = value_of(
        section.page, types=["minor", "course"], audience=home.pk, order="starts", show_filters=True
    )
    asked = parse_qs(urlsplit(shown.finder_url).query)
    assert asked == {"type": ["minor", "course"], "home": [str(home.uuid)], "order": ["starts"]}
    assert client.get(shown.finder_url).context["finder"].valid


def test_there_is_an_address_where_there_is_more_or_readers_may_filter(section, programme):
    assert value_of(section.page).finder_url is None
    assert value_of(section.page, maximum=1).finder_url == section.programmes.full_url
    assert value_of(section.page, show_filters=True).finder_url == section.programmes.full_url
    picked = {"source": "picked", "programmes": [programme.pk], "show_filters": True}
    assert value_of(section.page, **picked).finder_url is None
    nothing = {"types": ["mooc"], "show_filters": True}
    assert value_of(section.page, **nothing).finder_url is None


def test_the_page_says_how_many_there_are_and_leads_there(client, section, programme):
    value_of(section.page, maximum=1, heading="Minors")
    html = client.get(section.page.url).content.decode()
    assert f'href="{section.programmes.url}">All 2 programmes' in html
    value_of(section.page, show_filters=True)
    html = client.get(section.page.url).content.decode()
    assert "Search and filter these programmes" in html


def test_an_index_that_is_not_public_is_not_led_to(section, programme):
    section.programmes.unpublish()
    assert value_of(section.page, show_filters=True).finder_url is None
    section.programmes.save_revision().publish()
    assert value_of(section.page, show_filters=True).finder_url
    PageViewRestriction.objects.create(page=section.programmes, restriction_type="login")
    assert value_of(section.page, show_filters=True).finder_url is None


def test_an_index_of_another_language_or_site_is_not_led_to(section, programme):
    section.programmes.locale = Locale.objects.get(language_code="nl")
    section.programmes.save()
    assert value_of(section.page, show_filters=True).finder_url is None


def test_the_address_costs_no_query_but_for_a_theme(client, section, programme):
    def cost(**options):
        value_of(section.page, show_filters=True, **options)
        client.get(section.page.url)
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            assert "regional-more" in client.get(section.page.url).content.decode()
        return len(found)

    alone = cost()
    assert cost(alliance=programme.alliances.get().pk) == alone
    assert cost(provider=programme.providers.get().organisation_id) == alone
    assert cost(theme=programme.themes.get().pk) == alone + 1
    for _ in range(5):
        f.ProgrammeIndexPageFactory(parent=section.index)
    assert cost() == alone
