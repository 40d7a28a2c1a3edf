"""Stamps of tables, and what is kept for as long as its tables stay as they are."""

from __future__ import annotations

from collections import Counter

import pytest
import wagtail
from django.core.cache import cache
from django.db import connection, transaction
from wagtail.models import Page, Site

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance
from tests.freshness import test_counts, test_stamp
from wagtail_regional import factories as f
from wagtail_regional.freshness import stamps as stamp
from wagtail_regional.freshness import statements
from wagtail_regional.models import (
    Alliance,
    ContentChange,
    Organisation,
    Programme,
    ProgrammeProvider,
)

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"
ORGANISATIONS = statements.bits_of(["wagtail_regional_organisation"])
PROGRAMMES = statements.bits_of(["wagtail_regional_programme"])

#: All that the tests of the two stamps know to change, each at an instant of its own.
CHANGES = {**test_stamp.CHANGES, **test_counts.CHANGES, **test_counts.OTHERS}


@pytest.fixture
def filled(section):
    alliance = make_alliance(members=2, programmes=2)
    test_counts.give_theme(section)
    f.ProgrammeAccessFactory(programme=Programme.objects.first())
    f.ProgrammeProviderFactory(programme=Programme.objects.first())
    value = {"alliance": alliance.pk, "show": ALL_SECTIONS}
    listed = {"source": "alliance", "alliance": alliance.pk}
    section.page.subject = alliance
    fill(section.page, [block("alliance", value), block("programme_list", listed)])
    cache.clear()
    return section


def addresses(section) -> list[str]:
    organisation, programme = Organisation.objects.first(), Programme.objects.first()
    return [
        f"{API}pages/{section.page.pk}/",
        f"{API}pages/",
        f"{API}programmes/?type=minor",
        f"{API}programmes/{programme.uuid}/",
        f"{API}programmes/facets/",
        f"{API}organisations/{organisation.uuid}/",
        f"{API}alliances/?locale=nl",
        f"{API}projects/",
        section.page.get_url(),
    ]


def answers(client, asked):
    found = [client.get(address) for address in asked]
    return {
        address: (answer.status_code, answer.content, answer.headers.get("Surrogate-Key"))
        for address, answer in zip(asked, found, strict=True)
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_what_is_kept_is_what_would_be_read(name, filled, client, settings):
    asked = addresses(filled)
    before = answers(client, asked)
    assert {status for status, *_rest in before.values()} == {200}
    CHANGES[name](filled)
    kept = answers(client, asked)
    settings.WAGTAIL_REGIONAL = {"API_CACHE_SECONDS": 0}
    assert kept == answers(client, asked)


def test_only_what_changed_is_read_again(filled, client, django_assert_max_num_queries):
    address = f"{API}pages/{filled.page.pk}/"
    client.get(address)  # makes renditions
    cache.clear()
    client.get(address)
    organisation = Organisation.objects.filter(memberships__isnull=False).first()
    organisation.name = {"en": "Renamed"}
    organisation.save()
    with django_assert_max_num_queries(3) as captured:
        answer = client.get(address)
    assert "Renamed" in answer.content.decode()
    read = [each["sql"] for each in captured.captured_queries if "contentchange" not in each["sql"]]
    assert len(read) == 1 and "organisation" in read[0]


def test_a_change_moves_the_stamps_of_its_tables_alone(filled):
    before = stamp.by_table()
    Organisation.objects.update(locality="Delft")
    after = stamp.by_table()
    assert before.of(ORGANISATIONS) != after.of(ORGANISATIONS)
    assert before.of(PROGRAMMES) == after.of(PROGRAMMES)


def test_a_transaction_moves_those_of_all_it_wrote(filled):
    before = stamp.by_table()
    with transaction.atomic():
        Organisation.objects.update(locality="Delft")
        Organisation.objects.update(locality="Leiden")
        Programme.objects.update(level="master")
        Organisation.objects.update(locality="Rotterdam")
    after = stamp.by_table()
    assert before.of(ORGANISATIONS) != after.of(ORGANISATIONS)
    assert before.of(PROGRAMMES) != after.of(PROGRAMMES)


def test_what_was_read_in_a_transaction_that_is_rolled_back_is_forgotten(filled, client):
    address = f"{API}pages/{filled.page.pk}/"
    first = client.get(address).json()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Organisation.objects.update(name={"en": "Never"})
        assert "Never" in client.get(address).content.decode()
        1 / 0  # noqa: B018
    assert client.get(address).json() == first
    with transaction.atomic():
        Alliance.objects.update(name={"en": "Other"})
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Organisation.objects.update(name={"en": "Never"})
            assert "Never" in client.get(address).content.decode()
            1 / 0  # noqa: B018
        assert "Never" not in client.get(address).content.decode()
    assert "Never" not in client.get(address).content.decode()


def test_rows_of_an_older_release_stand_for_any_table(filled):
    before = stamp.by_table()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO wagtail_regional_contentchange (token) VALUES (12345)")
    after = stamp.by_table()
    for table in statements.watched_tables():
        assert before.of(statements.bits_of([table])) != after.of(statements.bits_of([table]))
    assert ContentChange.objects.latest("pk").tables == -1


def test_tables_that_change_often_do_not_stand_for_each_other():
    ours = [
        table
        for table in statements.watched_tables()
        if table.startswith(("wagtail", "taggit")) and "_pages_" not in table
    ]
    shared = Counter(statements.bits_of([table]) for table in ours)
    assert len(ours) > 20 and max(shared.values()) == 1
    assert all(0 < bit < 2**62 for bit in shared)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT 1 FROM "auth_user"',
        'SELECT 1 FROM "wagtail_regional_theme" INNER JOIN "auth_user" ON (1 = 1)',
        'SELECT 1 FROM "elsewhere"."wagtail_regional_theme"',
        "SELECT 1",
    ],
)
def test_a_query_of_anything_else_is_not_kept(sql):
    assert statements.tables_read(sql) is None


def test_a_query_reads_what_it_names():
    providers = ProgrammeProvider.objects.filter(organisation__locality="Leiden")
    queryset = Programme.objects.filter(pk__in=providers.values("programme"))
    tables = ["programme", "programmeprovider", "organisation"]
    expected = statements.bits_of(f"wagtail_regional_{table}" for table in tables)
    assert statements.tables_read(str(queryset.query)) == expected


def test_an_organisation_that_goes_while_it_is_read_is_left_out(client, site, monkeypatch):
    """Programmes are read before the organisations they name."""
    from wagtail_regional.representation import loading

    programme = f.ProgrammeFactory()
    provider = f.ProgrammeProviderFactory(programme=programme)
    f.ProgrammeAccessFactory(programme=programme, organisation=provider.organisation)
    real = loading._tied_to_programmes

    def interrupted(rows):
        found = real(rows)
        programme.providers.all().delete()
        programme.access.all().delete()
        Organisation.objects.filter(pk=provider.organisation_id).delete()
        return found

    monkeypatch.setattr(loading, "_tied_to_programmes", interrupted)
    answer = client.get(f"{API}programmes/{programme.uuid}/")
    assert answer.status_code == 200
    assert answer.json()["providers"] == [] and answer.json()["access"] == []


ELSEWHERE = {
    "the site gets another host": lambda section: Site.objects.update(hostname="other.example.org"),
    "the site gets another port": lambda section: Site.objects.update(port=8080),
    "the site begins elsewhere": lambda section: Site.objects.update(
        root_page=section.index.get_parent().get_parent()
    ),
    "the site begins at the section": lambda section: Site.objects.update(root_page=section.index),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_addresses_are_today_s_though_another_process_changed_the_site(name, filled, client):
    """Without signals, by which Wagtail forgets in the process that saves what it remembers."""
    address = f"{API}pages/{filled.page.pk}/"
    before = client.get(address).json()["meta"]

    ELSEWHERE[name](filled)

    answer = client.get(address)
    Site.clear_site_root_paths_cache()
    expected = Page.objects.get(pk=filled.page.pk).full_url
    if answer.status_code == 200:
        assert answer.json()["meta"]["html_url"] == expected != before["html_url"]
    else:
        assert expected is None
