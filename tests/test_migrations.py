"""Migrations: none missing, the host's models honoured, and all of them reversible."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True)


@pytest.mark.slow
def test_migrations_honour_a_hosts_own_models_and_go_back(tmp_path):
    script = """
import django; django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", run_syncdb=True, verbosity=0)
call_command("makemigrations", "wagtail_regional", "wagtail_regional_pages", check=True,
             dry_run=True, verbosity=0)
with connection.cursor() as cursor:
    relations = connection.introspection.get_relations(
        cursor, "wagtail_regional_organisation")
assert relations["logo_id"][1] == "customsite_ourimage", relations
assert relations["reviewed_by_id"][1] == "customsite_user", relations
for app in ("wagtail_regional_pages", "wagtail_regional"):
    call_command("migrate", app, "zero", verbosity=0)
assert "wagtail_regional_organisation" not in connection.introspection.table_names()
call_command("migrate", verbosity=0)
"""
    # Without the host's apps having migrations, only ours prove anything; they come last.
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.customsite.settings",
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="SQLite's are tried above.")
@pytest.mark.parametrize("app", ["wagtail_regional_pages", "wagtail_regional"])
def test_migrations_go_back(app, transactional_db):
    call_command("migrate", "wagtail_regional_pages", "zero", verbosity=0)
    if app == "wagtail_regional":
        call_command("migrate", app, "zero", verbosity=0)
    call_command("migrate", verbosity=0)
