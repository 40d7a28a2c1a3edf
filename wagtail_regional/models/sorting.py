"""Indexes for sorting by name, in each language that the site has.

Which languages those are is the host's choice and may change, so these indexes are in no
migration: they are made after migrating, for the languages of that day, and those of languages
that went are dropped. On PostgreSQL only; without them lists are as right, and slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Index
from django.db.models.functions import Lower

from wagtail_regional.fields import Localized
from wagtail_regional.languages import content_languages, fallback_chain
from wagtail_regional.models.alliances import Alliance
from wagtail_regional.models.organisations import Organisation
from wagtail_regional.models.programmes import Programme
from wagtail_regional.models.projects import Project

PREFIX = "wr_sort_"

#: What lists are sorted by.
SORTED = ((Organisation, "name"), (Alliance, "name"), (Project, "title"), (Programme, "name"))


def sort_indexes(model: Any, column: str) -> Iterator[Index]:
    """An index for each content language, of what the list in that language is sorted by."""
    for language in content_languages():
        # Which texts stand in for which is part of the expression, and so of the name.
        what = f"{model._meta.db_table} {column} {fallback_chain(language)}"
        name = PREFIX + blake2b(what.encode(), digest_size=8).hexdigest()
        yield Index(Lower(Localized(column, language=language)), F("pk"), name=name)


def make_sort_indexes(using: str, **kwargs: Any) -> None:
    """Make the indexes there should be, and drop those there should not. Receives Django's
    `post_migrate`."""
    connection = connections[using]
    # MariaDB indexes no expressions, and SQLite is for small sites.
    if connection.vendor != "postgresql":
        return
    tables = set(connection.introspection.table_names())
    for model, column in SORTED:
        if model._meta.db_table in tables:
            _make(connection, model, list(sort_indexes(model, column)))


def _make(connection: BaseDatabaseWrapper, model: Any, wanted: list[Index]) -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)
    present = {name for name in constraints if name.startswith(PREFIX)}
    names = {index.name for index in wanted}
    if present == names:
        return
    with connection.schema_editor() as editor:
        for index in wanted:
            if index.name not in present:
                editor.add_index(model, index)
        for name in present - names:
            editor.remove_index(model, Index(fields=["id"], name=name))
