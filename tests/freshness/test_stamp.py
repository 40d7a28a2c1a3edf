"""The content stamp moves with whatever readers see, and with nothing else."""

from __future__ import annotations

import os
import sqlite3
import threading

import pytest
import wagtail
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction
from django.db.models import Subquery
from wagtail.images import get_image_model
from wagtail.models import Comment, Locale, Page, PageViewRestriction, Site

from tests.conftest import block, fill, make_alliance, make_image
from tests.freshness import torn
from tests.freshness.hunt import hunt
from wagtail_regional import factories as f
from wagtail_regional.freshness import stamps as stamp
from wagtail_regional.models import (
    Alliance,
    ContentChange,
    Membership,
    Organisation,
    Programme,
    RegionalSettings,
    Theme,
)

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"


def organisation_raw(section):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtail_regional_organisation SET locality = %s", ["Delft"])


def organisation_raw_in_lines(section):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            /* from a script */
            UPDATE wagtail_regional_organisation
               SET locality = 'Leiden'
            """
        )


def move_page(section):
    section.page.refresh_from_db()
    other = f.RegionIndexPageFactory(title="Elsewhere", parent=section.index.get_parent())
    section.page.move(other, pos="last-child")


def new_slug(section):
    section.page.slug = "moved"
    section.page.save_revision().publish()


def restrict(section):
    PageViewRestriction.objects.create(page=section.index, restriction_type="login")


CHANGES = {
    "a row is saved": lambda section: Organisation.objects.first().save(),
    "rows are updated": lambda section: Organisation.objects.update(locality="Leiden"),
    "rows are added in bulk": lambda section: Organisation.objects.bulk_create(
        [Organisation(name={"en": "New"}, type="municipality")]
    ),
    "rows are changed in bulk": lambda section: Organisation.objects.bulk_update(
        list(Organisation.objects.all()), ["type"]
    ),
    "a row is deleted": lambda section: Membership.objects.first().delete(),
    "rows are deleted": lambda section: Membership.objects.all().delete(),
    "SQL is typed": organisation_raw,
    "SQL is typed in lines": organisation_raw_in_lines,
    "an alliance gets a theme": lambda section: Alliance.themes.through.objects.create(
        alliance=Alliance.objects.first(), theme=f.ThemeFactory()
    ),
    "a theme is renamed": lambda section: Theme.objects.update(label={"en": "Other"}),
    "a programme is saved": lambda section: Programme.objects.first().save(),
    "a page is published": lambda section: section.page.save_revision().publish(),
    "a page is unpublished": lambda section: section.page.unpublish(),
    "a page is moved": move_page,
    "a page gets another slug": new_slug,
    "a page is deleted": lambda section: section.page.delete(),
    "a page is added": lambda section: f.PartnershipPageFactory(title="X", parent=section.index),
    "a page becomes private": restrict,
    "an image is described": lambda section: get_image_model().objects.first().save(),
    "a rendition is deleted": lambda section: (
        get_image_model().get_rendition_model().objects.all().delete()
    ),
    "the site changes": lambda section: Site.objects.first().save(),
    "a language comes": lambda section: Locale.objects.create(language_code="de"),
    "the settings change": lambda section: RegionalSettings.objects.create(
        site=Site.objects.first(), ending_soon_days=10
    ),
}


@pytest.fixture
def filled(section):
    make_alliance(members=1)
    image = get_image_model().objects.first()
    image.get_rendition("max-160x80")
    return section


@pytest.mark.parametrize("name", CHANGES)
def test_the_stamp_moves_when(name, filled):
    before = stamp.current()
    CHANGES[name](filled)
    after = stamp.current()
    assert after != before, name


UPDATE = "UPDATE wagtail_regional_organisation SET locality = 'Delft'"
#: Ways to write past the ORM, by the database that takes them; None is any.
STATEMENTS = {
    "in capitals": ("sqlite postgresql", UPDATE.upper()),
    "with a comment within": (None, UPDATE.replace(" ", " /* why */ ", 1)),
    "behind comments": (None, f"-- why\n /* and\nwhat */ {UPDATE}"),
    "or else": ("sqlite", UPDATE.replace("UPDATE", "UPDATE OR IGNORE")),
    "in brackets": ("sqlite", "UPDATE [wagtail_regional_organisation] SET locality = 'Delft'"),
    "behind a setting": ("postgresql", f"SET lock_timeout = '1s'; {UPDATE}"),
    "as bytes": ("postgresql", UPDATE.encode()),
    "in a block": ("postgresql", f"DO $$BEGIN {UPDATE}; END$$"),
    "explained": ("postgresql", f"EXPLAIN ANALYZE {UPDATE}"),
    "of several tables": (
        "mysql",
        UPDATE.replace(" SET", ", wagtail_regional_theme SET"),
    ),
    "with less priority": ("mysql", UPDATE.replace("UPDATE", "UPDATE LOW_PRIORITY")),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_stamp_moves_however_it_is_written(name, filled):
    vendors, sql = STATEMENTS[name]
    if vendors and connection.vendor not in vendors:
        pytest.skip(f"It is no statement of {connection.vendor}.")
    f.ThemeFactory()
    before = stamp.current()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert stamp.current() != before


def test_what_psycopg_composes_is_seen(filled):
    if connection.vendor != "postgresql":
        pytest.skip("It composes for PostgreSQL alone.")
    from psycopg import sql

    statement = sql.SQL("UPDATE {} SET locality = 'Delft'")
    before = stamp.current()
    with connection.cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier("wagtail_regional_organisation")))
    assert stamp.current() != before


def test_what_was_prepared_may_write_anything(filled):
    if connection.vendor != "postgresql":
        pytest.skip("Elsewhere the driver prepares.")
    before = stamp.current()
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE regional_test AS {UPDATE}")
        assert stamp.current() == before
        cursor.execute("EXECUTE regional_test")
        cursor.execute("DEALLOCATE regional_test")
    assert stamp.current() != before


def test_a_draft_title_along_with_another_column_moves_the_stamp(filled):
    before = stamp.current()
    Page.objects.filter(pk=filled.page.pk).update(
        draft_title=Subquery(Page.objects.filter(depth=1).values("title")[:1]), title="Another"
    )
    assert stamp.current() != before


def test_a_rendition_that_takes_the_place_of_another_moves_the_stamp(filled):
    model = get_image_model().get_rendition_model()
    row = model.objects.first()
    columns = [field.attname for field in model._meta.concrete_fields]
    again = model(**{name: getattr(row, name) for name in columns})
    before = stamp.current()
    unique = [] if connection.vendor == "mysql" else ["id"]
    model.objects.bulk_create(
        [again], update_conflicts=True, update_fields=["file"], unique_fields=unique or None
    )
    assert stamp.current() != before


def test_a_savepoint_by_hand_that_is_rolled_back(filled):
    before = stamp.current()
    with transaction.atomic():
        # Renamed in Django 6.1; what it does is the connection's.
        savepoint = connection.savepoint()
        Organisation.objects.update(locality="Delft")
        connection.savepoint_rollback(savepoint)
        Organisation.objects.update(locality="Leiden")
    assert stamp.current() != before


def test_a_wrapper_for_a_while_does_not_end_the_watching(db):
    """Whoever wraps for a while takes the last wrapper away again."""
    other = connections.create_connection("default")

    def passed(execute, *args):
        return execute(*args)

    try:
        with other.execute_wrapper(passed):
            other.ensure_connection()
        assert other.execute_wrappers == [stamp._watcher]
    finally:
        other.close()


def test_a_connection_that_another_app_opened_first_is_watched(filled):
    before = stamp.current()
    connection.execute_wrappers.remove(stamp._watcher)
    apps.get_app_config("wagtail_regional").ready()
    Organisation.objects.update(locality="Delft")
    assert stamp.current() != before


def test_a_connection_from_before_another_process_migrated(filled):
    before = stamp.current()
    connection.__dict__["_regional_has_stamp"] = False
    Organisation.objects.update(locality="Delft")
    assert stamp.current() != before


def test_folding_asks_no_router(unchanged, settings):
    class Elsewhere:
        def db_for_write(self, model, **hints):
            raise AssertionError("It is written where it was locked.")

    for _ in range(3):
        stamp.touch()
    before = stamp.current()
    settings.DATABASE_ROUTERS = [Elsewhere()]
    stamp.fold("default")
    settings.DATABASE_ROUTERS = []
    assert stamp.current() == before and ContentChange.objects.count() == 1


def test_a_redirect_moves_the_stamp(filled):
    from wagtail.contrib.redirects.models import Redirect

    before = stamp.current()
    Redirect.add_redirect("/old/", redirect_to=filled.page)
    assert stamp.current() != before


def test_what_readers_do_not_see_leaves_the_stamp(filled, client):
    filled.page.title = "Not published"
    make_image().get_rendition("max-160x80")
    user = get_user_model().objects.create_superuser("somebody", "a@example.org", "x")
    image = get_image_model().objects.first()
    before = stamp.current()

    filled.page.save_revision()
    Comment.objects.create(
        page=filled.page, user=user, text="Is this so?", contentpath="introduction", position=""
    )
    client.force_login(user)
    client.get("/admin/")
    image.get_rendition("max-320x160")

    assert stamp.current() == before


def test_reading_leaves_the_stamp(filled):
    before = stamp.current()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH picked AS (SELECT id FROM wagtail_regional_organisation) "
            "SELECT picked.id FROM picked "
            "JOIN wagtail_regional_organisation AS o ON o.id = picked.id"
        )
    list(Organisation.objects.select_related("parent"))
    assert stamp.current() == before


def test_a_change_that_is_rolled_back_was_none(filled):
    before = stamp.current()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Organisation.objects.update(locality="Delft")
        assert stamp.current() != before
        1 / 0  # noqa: B018
    assert stamp.current() == before


def test_what_was_read_before_a_savepoint_was_rolled_back_is_forgotten(filled):
    with transaction.atomic():
        Organisation.objects.update(locality="Leiden")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Organisation.objects.update(locality="Delft")
            inside = stamp.current()
            assert stamp.current() == inside
            1 / 0  # noqa: B018
        assert stamp.current() != inside
    assert stamp.current() != inside


def test_a_change_after_one_that_was_rolled_back_moves_the_stamp(filled):
    before = stamp.current()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Organisation.objects.update(locality="Delft")
            1 / 0  # noqa: B018
        Organisation.objects.update(locality="Leiden")
    assert stamp.current() != before


def test_many_changes_of_one_transaction_are_one(filled):
    before = ContentChange.objects.count()
    with transaction.atomic():
        for organisation in Organisation.objects.all():
            organisation.save()
            organisation.save()
    assert ContentChange.objects.count() <= before + 1


@pytest.fixture
def unchanged(transactional_db):
    ContentChange.objects.all().delete()


def test_changes_are_folded_and_every_stamp_is_new(unchanged):
    seen = set()
    programme = f.ProgrammeFactory()
    for number in range(100):
        Organisation.objects.update(locality=f"Place {number}")
        programme.save()
        found = set(stamp.current())
        assert not seen.intersection(found)
        seen.update(found)
    assert ContentChange.objects.count() < 2 * stamp.FOLD_AT


def test_folding_leaves_both_stamps(unchanged):
    for number in range(10):
        ContentChange.objects.create(of_programmes=number % 3 == 0)
    before = stamp.current()

    stamp.fold("default")

    assert ContentChange.objects.count() == 2
    assert stamp.current() == before


def test_what_was_added_up_stays_within_what_the_database_holds(unchanged):
    for token in (2**62 - 1, 2**62 - 2, 5):
        ContentChange.objects.create(token=token)
    stamp.fold("default")
    assert 0 < ContentChange.objects.get().token < 2**62
    Organisation.objects.update(locality="Leiden")
    assert stamp.current()


def test_many_fold_at_once_and_while_something_is_yet_to_be_committed(unchanged):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time.")
    organisation, start, done = f.OrganisationFactory(), threading.Barrier(5), threading.Event()

    def folding() -> None:
        start.wait(10)
        stamp.fold("default")
        connection.close()

    def writing() -> None:
        with transaction.atomic():
            Organisation.objects.filter(pk=organisation.pk).update(locality="Late")
            start.wait(10)
            assert done.wait(10)
        connection.close()

    for _ in range(40):
        ContentChange.objects.create(of_programmes=False)
    before = stamp.current()
    threads = [threading.Thread(target=target) for target in (writing, *[folding] * 4)]
    for thread in threads:
        thread.start()
    for thread in threads[1:]:
        thread.join(10)

    assert stamp.current() == before
    assert ContentChange.objects.filter(of_programmes=False).count() < 40
    done.set()
    threads[0].join()
    assert stamp.current() != before
    assert stamp.current().programmes == before.programmes


def test_a_transaction_that_commits_late_is_seen(transactional_db):
    """Its row has a lower number than one that was seen before."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time.")
    first, second = f.OrganisationFactory(), f.OrganisationFactory()
    written, seen = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Organisation.objects.filter(pk=first.pk).update(locality="Late")
            written.set()
            assert seen.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    Organisation.objects.filter(pk=second.pk).update(locality="Early")
    early = stamp.current()
    seen.set()
    thread.join()
    assert stamp.current() != early


@pytest.mark.slow
def test_no_answer_is_stale_with_several_processes_writing_and_reading(
    transactional_db, site, tmp_path
):
    rows = [f.OrganisationFactory(name={"en": "Count 0"}) for _ in range(3)]
    environment = {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tests.settings"),
        "DATABASE_URL": database_url(tmp_path),
        "REGIONAL_API": API,
    }

    result = hunt(environment, {row.pk: str(row.uuid) for row in rows}, seconds=5)

    assert not result["stale"]
    assert result["answers"] > 20 and result["writes"] > 10
    assert result["unchanged"] > 0 and result["programmes"] > 3


@pytest.mark.slow
@pytest.mark.parametrize("pause", [0.05, 0.002], ids=["now and then", "without a pause"])
def test_no_answer_shows_half_of_a_change(transactional_db, site, tmp_path, pause):
    words = {"en": "Count 00000000"}
    index = f.RegionIndexPageFactory(parent=site.root_page)
    alliances = []
    for _ in range(4):
        alliance = f.AllianceFactory(name=words)
        members = [f.OrganisationFactory(name=words) for _ in range(12)]
        for member in members:
            f.MembershipFactory(alliance=alliance, organisation=member)
        page = f.PartnershipPageFactory(
            parent=index, title=words["en"], introduction=words["en"], subject=alliance
        )
        shown = {"alliance": alliance.pk, "heading": "", "show": ["members"]}
        page = fill(page, [block("alliance", shown)])
        versions = ("v2", "v3") if wagtail.VERSION >= (8, 0) else ("v2",)
        addresses = [
            *(f"{API}alliances/{alliance.uuid}/", f"{API}pages/{page.pk}/"),
            *(f"/api/{version}/pages/{page.pk}/" for version in versions),
            *(page.url, page.url),
        ]
        keys = alliance.pk, [each.pk for each in members], page.pk
        alliances.append((addresses, *keys))
    environment = {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tests.settings"),
        "DATABASE_URL": database_url(tmp_path),
        "REGIONAL_API": API,
    }

    seconds = float(os.environ.get("HUNT_SECONDS", 5))
    result = torn.hunt(environment, alliances, seconds=seconds, pause=pause)

    print(result)
    assert not result["wrong"][:10]
    assert result["answers"] > 20 and result["writes"] > 10
    assert result["refused"] < result["answers"] / 10


def database_url(tmp_path) -> str:
    """Where other processes find this test's database."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        path = tmp_path / "db.sqlite3"
        copy = sqlite3.connect(path)
        connection.ensure_connection()
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
        copy.close()
        return f"sqlite:///{path}"
    scheme = "mysql" if connection.vendor == "mysql" else "postgres"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    host = f"{values['HOST'] or 'localhost'}:{values['PORT']}".rstrip(":")
    return f"{scheme}://{values['USER']}{password}@{host}/{values['NAME']}"
