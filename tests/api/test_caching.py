"""Answers are kept, given again, and never stale."""

from __future__ import annotations

import datetime as dt
import io
import itertools

import pytest
import wagtail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance
from wagtail_regional import factories as f
from wagtail_regional.freshness import stamps as stamp
from wagtail_regional.models import Organisation
from wagtail_regional.representation.context import site_of

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def address(section):
    alliance = make_alliance(members=2, programmes=2)
    value = {"alliance": alliance.pk, "show": ALL_SECTIONS}
    fill(section.page, [block("alliance", value)])
    return f"{API}pages/{section.page.pk}/"


def addresses(section) -> list[str]:
    lists = [f"{API}{kind}/" for kind in ("pages", "organisations", "alliances", "programmes")]
    return [*lists, f"{API}projects/?locale=nl", f"{API}pages/{section.page.pk}/"]


def test_an_unchanged_answer_costs_one_query(client, address, section, django_assert_num_queries):
    found = f"{API}pages/find/?path={section.page.get_url()}"
    for each in [*addresses(section), found]:
        first = client.get(each)
        assert first.status_code == 200, each
        with django_assert_num_queries(1):
            again = client.get(each)
        assert again.content == first.content
        assert again["ETag"] == first["ETag"]
        assert again["Content-Type"] == first["Content-Type"]


def test_who_asks_for_the_headers_alone_gets_them(client, address, section):
    wrong = [f"{API}organisations/?colour=red", f"{API}pages/find/?path=/nowhere/"]
    others = [f"{API}programmes/facets/", f"{API}search/?q=leiden"]
    for each in [*addresses(section), *others, *wrong]:
        whole, headers = client.get(each), client.head(each)
        assert headers.status_code == whole.status_code, each
        assert headers.content == b""
        assert headers.headers == whole.headers, each
    etag = client.get(address)["ETag"]
    assert client.head(address, headers={"if-none-match": etag}).status_code == 304


def test_the_body_is_left_out_by_whichever_server(client, address):
    # Django's test client leaves it out by itself.
    view = resolve(address)
    answer = view.func(RequestFactory().head(address), *view.args, **view.kwargs)
    assert answer.content == b""
    assert answer["Content-Length"] == client.get(address)["Content-Length"]


def test_the_headers_alone_cost_one_query(client, address, django_assert_num_queries):
    client.head(address)
    with django_assert_num_queries(1):
        client.head(address)


def test_a_reader_who_has_the_answer_gets_no_body(client, address, django_assert_num_queries):
    etag = client.get(address)["ETag"]
    assert etag.startswith('"')
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        with django_assert_num_queries(1):
            answer = client.get(address, headers={"if-none-match": known})
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer["ETag"] == etag
        assert "Cache-Control" in answer
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_change_is_in_the_next_answer(client, address):
    before = client.get(address)
    organisation = Organisation.objects.first()
    organisation.name = {"en": "Renamed"}
    organisation.save()
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "Renamed" in after.content.decode()
    assert after["ETag"] != before["ETag"]


def test_an_answer_is_not_given_for_another_address_or_host(client, address, settings):
    settings.ALLOWED_HOSTS = ["*"]
    first = client.get(f"{API}alliances/?locale=en")
    other = client.get(f"{API}alliances/?locale=nl", headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200
    elsewhere = client.get(
        f"{API}alliances/?locale=en",
        headers={"if-none-match": first["ETag"], "host": "other.example.org"},
    )
    assert elsewhere.status_code == 200


@pytest.mark.parametrize(
    ("setting", "header"), [(False, "SERVER_PORT"), (True, "HTTP_X_FORWARDED_PORT")]
)
def test_an_answer_is_not_given_for_another_port(client, section, site, settings, setting, header):
    """Sites on one host are told apart by their ports, which a proxy may name by itself."""
    settings.USE_X_FORWARDED_PORT = setting
    other = f.RegionIndexPageFactory(title="Elsewhere", parent=section.index.get_root())
    Site.objects.create(hostname=site.hostname, port=8001, root_page=other)

    def titles(**port):
        found = client.get(f"{API}pages/", headers={"host": site.hostname}, **port)
        return [each["title"] for each in found.json()["items"]]

    first = titles()
    assert titles(**{header: "8001"}) == ["Elsewhere"] and "Elsewhere" not in first
    assert titles() == first


def test_servers_of_one_site_share_answers(client, address, site, django_assert_num_queries):
    """Behind a balancer each has a port of its own, and the site is the same."""
    first = client.get(address, headers={"host": site.hostname}, SERVER_PORT="8001")
    known = {"host": site.hostname, "if-none-match": first["ETag"]}
    # The stamp and, the first time at that port, the site.
    for queries in (2, 1):
        with django_assert_num_queries(queries):
            answer = client.get(address, headers=known, SERVER_PORT="8002")
        assert answer.status_code == 304 and answer["ETag"] == first["ETag"]


def test_what_becomes_private_is_gone_at_once(client, address, section):
    etag = client.get(address)["ETag"]
    PageViewRestriction.objects.create(page=section.page, restriction_type="login")
    assert client.get(address).status_code == 404
    assert client.get(address, headers={"if-none-match": etag}).status_code == 404


def test_errors_are_not_kept(client, section):
    missing = f"{API}pages/999999/"
    answer = client.get(missing)
    assert answer.status_code == 404
    assert "ETag" not in answer and answer["Cache-Control"] == "no-store"
    answer = client.get(f"{API}alliances/?no=1")
    assert answer.status_code == 422 and answer["Cache-Control"] == "no-store"


def test_a_condition_that_fails_is_kept_by_nobody(client, address):
    """Nor is it told before there is known to be an answer."""
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-match": etag}).status_code == 200
    long_ago = {"if-unmodified-since": "Mon, 01 Jan 2001 00:00:00 GMT"}
    for condition in ({"if-match": '"other"'}, long_ago):
        answer = client.get(address, headers=condition)
        assert answer.status_code == 412 and "Cache-Control" not in answer
        assert client.get(f"{API}pages/999999/", headers=condition).status_code == 404
        answer = client.get(f"{API}preview/?token=x", headers=condition)
        assert answer.status_code == 403 and answer["Cache-Control"] == "private, no-store"


def test_another_day_is_another_answer(client, address, monkeypatch):
    today = timezone.localdate()
    alliance = f.AllianceFactory(name={"en": "Ends today"}, starts="2020", ends=str(today))
    url = f"{API}alliances/{alliance.uuid}/"
    before = client.get(url)
    assert before.json()["lifecycle"]["status"] == "ending_soon"

    tomorrow = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    after = client.get(url, headers={"if-none-match": before["ETag"]})

    assert after.status_code == 200
    assert after.json()["lifecycle"]["status"] == "ended"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_day_is_the_sites_whatever_zone_a_visitor_has(client, site, zone):
    """One of these is always in another day than the site."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    f.AllianceFactory(starts=str(today), ends=str(today))
    with timezone.override(zone):
        [alliance] = client.get(f"{API}alliances/").json()["items"]
    assert alliance["lifecycle"]["status"] == "ending_soon"


@pytest.mark.indexed
def test_pages_that_are_found_follow_the_index(client, section):
    """It may be brought up to date later than the pages, and elsewhere."""
    address = f"{API}search/?q=Zwammerdam"
    Page.objects.filter(pk=section.page.pk).update(title="Zwammerdam")
    answer = client.get(address)
    assert answer.json()["count"] == 0
    assert answer["Cache-Control"] == "no-cache" and "ETag" not in answer
    call_command("update_index", verbosity=0, stdout=io.StringIO())
    assert client.get(address).json()["count"] == 1


def test_caches_are_told_to_ask_again(client, address):
    answer = client.get(address)
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" not in answer["Vary"]


def test_a_shared_cache_may_keep_an_answer_until_the_day_ends(client, address, settings):
    settings.WAGTAIL_REGIONAL = {"API_MAX_AGE": 60, "API_SHARED_MAX_AGE": 200_000}
    directives = dict(
        each.strip().partition("=")[::2] for each in client.get(address)["Cache-Control"].split(",")
    )
    assert int(directives["max-age"]) <= 60
    assert 0 < int(directives["s-maxage"]) <= 86_400


def test_a_setting_that_shapes_answers_makes_them_anew(client, address, settings):
    etag = client.get(address)["ETag"]
    settings.WAGTAIL_REGIONAL = {"API_CACHE_VERSION": "release 2"}
    assert client.get(address)["ETag"] != etag


def test_keeping_can_be_switched_off(client, address, settings, django_assert_max_num_queries):
    settings.WAGTAIL_REGIONAL = {"API_CACHE_SECONDS": 0}
    first = client.get(address)
    again = client.get(address)
    assert again.content == first.content
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_an_answer_names_what_it_shows(client, address, section):
    organisation = Organisation.objects.first()
    answer = client.get(address)
    tags = answer["Surrogate-Key"].split(" ")
    assert answer["Cache-Tag"].split(",") == tags
    assert {"regional", f"organisation-{organisation.pk}", f"page-{section.page.pk}"} <= set(tags)
    assert client.get(address)["Surrogate-Key"] == answer["Surrogate-Key"]
    listed = client.get(f"{API}programmes/")["Surrogate-Key"].split(" ")
    assert "programmes" in listed


def test_many_rows_make_no_long_header(client, address, section):
    f.OrganisationFactory.create_batch(90)
    answer = client.get(f"{API}organisations/?limit=20")
    assert len(answer["Surrogate-Key"]) < 2000


def test_the_site_is_looked_for_again_only_when_sites_have_changed(client, site, rf):
    address = f"{API}alliances/"
    f.AllianceFactory(website="")

    def asked():
        Organisation.objects.update(locality=f"Place {next(numbers)}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, headers={"host": "localhost"}).status_code == 200
        return sum("CASE WHEN" in each["sql"] for each in queries if "_site" in each["sql"])

    numbers = itertools.count()
    asked()
    assert asked() == 0
    for change in ({"site_name": "Another"}, {"port": 8080}, {"hostname": "www.example.org"}):
        Site.objects.filter(pk=site.pk).update(**change)
        assert asked() == 1
        assert asked() == 0
    # Each request has a site of its own, and its page as it is now.
    request = rf.get("/", headers={"host": "localhost"})
    found = site_of(request, stamp.current())
    type(site.root_page).objects.filter(pk=found.root_page_id).update(title="Renamed")
    again = site_of(rf.get("/", headers={"host": "localhost"}), stamp.current())
    assert again == found and again is not found
    assert again.root_page.title == "Renamed" and again.site_name == "Another"
