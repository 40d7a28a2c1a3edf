"""Counts of programmes are kept for as long as none changes, and not a moment longer."""

from __future__ import annotations

import threading

import pytest
import wagtail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction

from tests.conftest import facets_in, make_alliance
from wagtail_regional import factories as f
from wagtail_regional.filters import ProgrammeFilter
from wagtail_regional.freshness import stamps as stamp
from wagtail_regional.models import (
    Alliance,
    Organisation,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
    Theme,
)

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"


def raw(section):
    with connection.cursor() as cursor:
        cursor.execute("update wagtail_regional_programme set type = 'mooc'")


def give_theme(section):
    programme = Programme.objects.first()
    programme.themes.add(f.ThemeFactory())
    programme.save()


CHANGES = {
    "a programme is saved": lambda section: Programme.objects.first().save(),
    "programmes are updated": lambda section: Programme.objects.update(level="master"),
    "programmes are added in bulk": lambda section: Programme.objects.bulk_create(
        [Programme(name={"en": "New"}, type="mooc")]
    ),
    "programmes are changed in bulk": lambda section: Programme.objects.bulk_update(
        list(Programme.objects.all()), ["type"]
    ),
    "SQL is typed": raw,
    "a programme is deleted": lambda section: Programme.objects.first().delete(),
    "a provider comes": lambda section: f.ProgrammeProviderFactory(
        programme=Programme.objects.first()
    ),
    "providers go": lambda section: ProgrammeProvider.objects.all().delete(),
    "terms come": lambda section: f.ProgrammeAccessFactory(programme=Programme.objects.first()),
    "terms change": lambda section: ProgrammeAccess.objects.update(ects=5),
    "it gets a theme": give_theme,
    "its theme is deleted": lambda section: Theme.objects.all().delete(),
    "its alliances change": lambda section: Programme.alliances.through.objects.all().delete(),
    "somebody says so": lambda section: call_command("regional_touch"),
    "tables change": lambda section: stamp.touch_after_migrate("default"),
}
OTHERS = {
    "an organisation is saved": lambda section: Organisation.objects.first().save(),
    "an alliance is renamed": lambda section: Alliance.objects.update(name={"en": "Other"}),
    "a page is published": lambda section: section.page.save_revision().publish(),
}


@pytest.fixture
def filled(section):
    make_alliance(members=1, programmes=2)
    give_theme(section)
    f.ProgrammeAccessFactory(programme=Programme.objects.first())
    return section


@pytest.mark.parametrize("name", CHANGES)
def test_both_stamps_move_when(name, filled):
    before = stamp.current()
    CHANGES[name](filled)
    after = stamp.current()
    assert after[0] != before[0] and after[1] != before[1]


@pytest.mark.parametrize("name", OTHERS)
def test_only_one_moves_when(name, filled):
    before = stamp.current()
    OTHERS[name](filled)
    after = stamp.current()
    assert after[0] != before[0] and after[1] == before[1]


@pytest.mark.parametrize("read_between", [False, True])
def test_a_programme_after_something_else_in_one_transaction(filled, read_between):
    before = stamp.current().programmes
    with transaction.atomic():
        Organisation.objects.update(locality="Delft")
        if read_between:
            assert stamp.current().programmes == before
        Programme.objects.update(level="master")
        middle = stamp.current().programmes
        assert middle != before
        Organisation.objects.update(locality="Leiden")
        Programme.objects.update(level="bachelor")
        assert stamp.current().programmes not in (before, middle)


def test_a_change_that_is_rolled_back_was_none(filled):
    before = stamp.current().programmes
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Programme.objects.update(level="master")
            1 / 0  # noqa: B018
        assert stamp.current().programmes == before
        Programme.objects.update(level="master")
    assert stamp.current().programmes != before


# --- Through the front door ----------------------------------------------------------------------


def counts(client, query="type=minor"):
    listed = client.get(f"{API}programmes/?{query}").json()["count"]
    facets = client.get(f"{API}programmes/facets/?{query}").json()
    levels = facets_in(facets)["level"]["values"]
    return listed, facets["count"], {each["value"]: each["count"] for each in levels}


def test_counts_follow_every_change(client, site):
    minors = f.ProgrammeFactory.create_batch(2, type="minor", level="bachelor")
    assert counts(client) == (2, 2, {"bachelor": 2})
    Programme.objects.filter(pk=minors[0].pk).update(level="master")
    assert counts(client) == (2, 2, {"bachelor": 1, "master": 1})
    f.ProgrammeFactory(type="minor", level="master")
    assert counts(client) == (3, 3, {"bachelor": 1, "master": 2})
    minors[1].delete()
    assert counts(client) == (2, 2, {"master": 2})


@pytest.mark.parametrize("query", ["language=de", "field=0311", "language=de&field=0311"])
def test_how_many_there_were_decides_only_how_they_are_counted(client, site, monkeypatch, query):
    monkeypatch.setattr("wagtail_regional.api.listing.FEW", 2)
    given = {"type": "minor", "teaching_languages": ["de"], "isced_fields": ["0311"]}
    rows = []
    for number in (0, 1, 2, 3, 4, 3, 2, 1, 0, 3):
        while len(rows) > number:
            rows.pop().delete()
        while len(rows) < number:
            rows.append(f.ProgrammeFactory(**given))
        assert counts(client, query)[:2] == (number, number)


@pytest.mark.parametrize("query", ["language=de", "field=0311"])
def test_what_few_have_is_counted_by_its_index(client, site, django_assert_max_num_queries, query):
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL has such an index.")

    def asked() -> str:
        f.ProgrammeFactory(teaching_languages=["de"], isced_fields=["0311"])
        with django_assert_max_num_queries(10) as captured:
            client.get(f"{API}programmes/?{query}")
        (found,) = (q["sql"] for q in captured.captured_queries if "COUNT(*)" in q["sql"])
        return found

    # To show the first ones; then to count, too.
    assert [asked().count("string_to_array") for _ in range(3)] == [1, 2, 2]


def test_counts_of_a_transaction_that_is_rolled_back_are_forgotten(client, site):
    f.ProgrammeFactory(type="minor", level="bachelor")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        f.ProgrammeFactory(type="minor", level="master")
        assert counts(client)[0] == 2
        1 / 0  # noqa: B018
    assert counts(client) == (1, 1, {"bachelor": 1})


def test_what_is_not_about_programmes_does_not_count_again(
    client, site, django_assert_max_num_queries
):
    f.ProgrammeFactory(type="minor", level="bachelor")
    for kind in ("programmes/", "programmes/facets/"):
        client.get(f"{API}{kind}?type=minor")
        f.OrganisationFactory()
        with django_assert_max_num_queries(10) as captured:
            client.get(f"{API}{kind}?type=minor")
        assert not any("COUNT(*)" in each["sql"] for each in captured.captured_queries)


def test_counts_follow_the_day(client, site, time_machine_day):
    f.ProgrammeFactory(type="minor", ends="2030-06-01")
    query = "status=active&status=ending_soon"
    time_machine_day("2030-06-01")
    assert counts(client, query)[:2] == (1, 1)
    time_machine_day("2030-06-02")
    assert counts(client, query)[:2] == (0, 0)


@pytest.fixture
def time_machine_day(monkeypatch):
    import datetime as dt

    from django.utils import timezone

    def to(day):
        date = dt.date.fromisoformat(day)
        monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: date)

    return to


def test_no_count_is_older_than_a_late_commit(client, transactional_db, site):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time.")
    programme = f.ProgrammeFactory(type="minor", level="bachelor")
    written, seen = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Programme.objects.filter(pk=programme.pk).update(level="master")
            written.set()
            assert seen.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    f.ProgrammeFactory(type="minor", level="bachelor")
    assert counts(client) == (2, 2, {"bachelor": 2})
    seen.set()
    thread.join()
    assert counts(client) == (2, 2, {"bachelor": 1, "master": 1})


@pytest.mark.parametrize("address", ["programmes/", "programmes/facets/"])
def test_a_count_is_kept_with_the_stamp_of_the_rows_it_was_taken_from(
    client, site, monkeypatch, address
):
    """A programme comes while a request is on its way that has read the stamps already."""
    real = ProgrammeFilter.read

    coming = iter([{"type": "minor", "level": "bachelor"}])

    def interrupted(*args):
        for values in coming:
            f.ProgrammeFactory(**values)
        return real(*args)

    f.ProgrammeFactory(type="minor", level="bachelor")
    assert client.get(f"{API}{address}?type=minor").json()["count"] == 1
    cache.clear()
    with monkeypatch.context() as patched:
        patched.setattr(ProgrammeFilter, "read", interrupted)
        # Made again, since what it shows has changed meanwhile.
        assert client.get(f"{API}{address}?type=minor").json()["count"] == 2
    assert client.get(f"{API}{address}?type=minor").json()["count"] == 2


def test_who_cannot_be_answered_whole_is_told_to_ask_again(client, site, monkeypatch):
    """Within a transaction (of the host's, or of a test) no snapshot can be taken."""
    real = ProgrammeFilter.read

    def interrupted(*args):
        f.ProgrammeFactory(type="minor")
        return real(*args)

    monkeypatch.setattr(ProgrammeFilter, "read", interrupted)
    response = client.get(f"{API}programmes/?type=minor")
    assert response.status_code == 503 and response["Retry-After"] == "1"
    assert response["Cache-Control"] == "no-store" and "ETag" not in response
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.django_db(transaction=True)
def test_who_reads_while_others_write_without_a_pause_gets_one_instant(client, site, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection.")
    real = ProgrammeFilter.read

    def interrupted(*args):
        def write():
            f.ProgrammeFactory(type="minor")
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        return real(*args)

    monkeypatch.setattr(ProgrammeFilter, "read", interrupted)
    answer = client.get(f"{API}programmes/?type=minor").json()
    # The last one came after the snapshot was taken.
    assert answer["count"] == len(answer["items"]) == Programme.objects.count() - 1


def test_nothing_is_kept_where_keeping_is_off(client, site, settings):
    settings.WAGTAIL_REGIONAL = {"API_CACHE_SECONDS": 0}
    cache.clear()
    f.ProgrammeFactory(type="minor", level="bachelor")
    assert counts(client) == (1, 1, {"bachelor": 1})
    cache_keys = getattr(cache, "_cache", {})
    assert not any("regional.count" in key for key in cache_keys)
