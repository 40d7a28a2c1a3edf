"""Answers that are kept, given before anything else is asked."""

from __future__ import annotations

import pytest
import wagtail
from django.core.cache import cache
from django.test import Client

from tests.conftest import block, fill, make_alliance
from wagtail_regional.models import Organisation

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"
OURS = "wagtail_regional.middleware.KeptAnswersMiddleware"


@pytest.fixture
def address(section):
    value = {"alliance": make_alliance(members=1).pk, "show": ["members"]}
    fill(section.page, [block("alliance", value)])
    cache.clear()
    return f"{API}pages/{section.page.pk}/"


@pytest.fixture
def with_middleware(settings):
    settings.MIDDLEWARE = [settings.MIDDLEWARE[0], OURS, *settings.MIDDLEWARE[1:]]


class Refusing:
    """Lets nobody in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        from django.http import HttpResponseForbidden

        return HttpResponseForbidden()


def test_it_changes_no_answer(client, address, settings, with_middleware):
    answers = [client.get(address), client.get(address)]
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != OURS]
    plain = Client().get(address)
    for answer in answers:
        assert answer.status_code == 200
        assert answer.content == plain.content
        for header in ("ETag", "Content-Type", "Content-Length", "Cache-Control", "Surrogate-Key"):
            assert answer[header] == plain[header]


#: What sends headers with every answer comes before it.
BEFORE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
AFTER = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


@pytest.mark.parametrize("accepts", ["nl", "en", "fy"])
def test_a_kept_answer_has_the_headers_of_the_first_one(
    client, address, section, settings, accepts
):
    settings.MIDDLEWARE = [*BEFORE, OURS, *AFTER]
    path = section.page.get_url()
    for each in (
        address,
        f"{API}pages/find/?path={path}",
        f"{API}programmes/",
        f"{API}programmes/facets/?locale=nl",
        f"{API}organisations/{Organisation.objects.first().uuid}/",
        f"{API}organisations.geojson",
        f"{API}network/",
    ):
        cache.clear()
        client = Client(headers={"Accept-Language": accepts})
        fresh, kept = client.get(each), client.get(each)
        assert fresh.status_code == 200
        assert dict(fresh.headers) == dict(kept.headers)
        assert fresh["Vary"] == "Accept-Encoding" and fresh["ETag"] and fresh["Content-Language"]
        # As much is true of what has not changed, and of an answer made anew after a change.
        known = {"If-None-Match": fresh["ETag"]}
        unchanged = client.get(each, headers=known)
        assert unchanged.status_code == 304 and unchanged["Vary"] == fresh["Vary"]
        settings.MIDDLEWARE = [*BEFORE, *AFTER]
        plain = Client(headers={"Accept-Language": accepts}).get(each, headers=known)
        settings.MIDDLEWARE = [*BEFORE, OURS, *AFTER]
        assert plain.status_code == 304
        Organisation.objects.update(acronym=f"X{accepts}")
        anew = Client(headers={"Accept-Language": accepts}).get(each)
        changing = {"ETag", "Content-Length"}
        assert {k: v for k, v in anew.headers.items() if k not in changing} == {
            k: v for k, v in fresh.headers.items() if k not in changing
        }


def test_a_kept_answer_costs_one_query_and_no_view(
    client, address, settings, with_middleware, django_assert_num_queries
):
    first = client.get(address)
    # Whatever comes after it is not asked.
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Refusing"]
    client = Client()
    with django_assert_num_queries(1):
        answer = client.get(address)
    assert answer.status_code == 200 and answer.content == first.content
    with django_assert_num_queries(1):
        answer = client.get(address, headers={"if-none-match": first["ETag"]})
    assert answer.status_code == 304 and answer.content == b""


def test_whoever_comes_before_it_decides(client, address, settings, with_middleware):
    assert client.get(address).status_code == 200
    settings.MIDDLEWARE = [f"{__name__}.Refusing", *settings.MIDDLEWARE]
    assert Client().get(address).status_code == 403


def test_a_change_is_in_the_next_answer(client, address, with_middleware):
    before = client.get(address)
    Organisation.objects.update(name={"en": "Renamed"})
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200 and "Renamed" in after.content.decode()


def test_it_is_made_anew_as_without_it(client, address, settings, with_middleware):
    client.get(address)
    Organisation.objects.update(name={"en": "Renamed"})
    plain = [each for each in settings.MIDDLEWARE if each != OURS]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Refusing"]
    answer = Client().get(address)
    settings.MIDDLEWARE = plain
    cache.clear()
    assert answer.status_code == 200 and "Renamed" in answer.content.decode()
    assert answer.content == Client().get(address).content


def test_what_has_gone_is_told_by_the_api(client, address, section, with_middleware):
    client.get(address)
    section.page.specific.unpublish()
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert "no regional page" in answer.json()["detail"]
    section.page.save_revision().publish()
    assert client.get(address).status_code == 200


def test_other_addresses_cost_nothing(client, address, with_middleware, django_assert_num_queries):
    client.get(address)
    with django_assert_num_queries(0):
        assert client.post(address).status_code == 405


def test_an_error_is_not_kept(client, address, with_middleware):
    assert client.get(f"{API}alliances/?no=1").status_code == 422
    assert client.get(f"{API}alliances/?no=1").status_code == 422


def test_nothing_is_kept_where_keeping_is_off(client, address, settings, with_middleware):
    client.get(address)
    settings.WAGTAIL_REGIONAL = {"API_CACHE_SECONDS": 0}
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Refusing"]
    assert Client().get(address).status_code == 403
