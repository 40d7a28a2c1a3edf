"""Finding rows by the beginnings of words, in every language and script, without regard to accents
or case.

What a word is, and which are the same, says :mod:`wagtail_regional.text` alone. Each row holds its
words as that module folds them; databases compare letter by letter, and so give the same answers.
On PostgreSQL an index over them is made after migrating; like the indexes for sorting, it is in no
migration, for other databases have no such type.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from django.db import connections
from django.db.models import BooleanField, F, Func, QuerySet

from wagtail_regional.fields import words_field
from wagtail_regional.fields.words import VERSION
from wagtail_regional.models.alliances import Alliance
from wagtail_regional.models.organisations import Organisation
from wagtail_regional.models.programmes import (
    Programme,
    ProgrammeCode,
    ProgrammeProvider,
)
from wagtail_regional.models.projects import Project

COLUMN = "regional_words"

#: Where words are looked for.
SEARCHED: tuple[Any, ...] = (Organisation, Alliance, Project, Programme)

#: Other indexes that only PostgreSQL can have or needs: what they are on.
INDEXES: dict[str, tuple[Any, str]] = {
    "wr_programme_facets": (
        Programme,
        "(type, level, teaching_languages, modes_of_study, modes_of_delivery, starts, ends)",
    ),
    "wr_programme_languages": (
        Programme,
        "USING gin (string_to_array(btrim(teaching_languages, '|'), '|'))",
    ),
    "wr_programme_fields": (Programme, "(isced_fields)"),
    "wr_programme_field_codes": (
        Programme,
        "USING gin (array_to_tsvector(array_remove(string_to_array(isced_fields, '|'), '')))",
    ),
    "wr_programme_code": (ProgrammeCode, "(upper(value::text) text_pattern_ops)"),
    "wr_programme_partner_code": (
        ProgrammeProvider,
        "(upper(partner_code::text) text_pattern_ops)",
    ),
}


class HasWords(Func):
    """Whether each of some words begins a word of the row.

    Args:
        words: as :func:`wagtail_regional.text.words_of` gives them; one at least.
    """

    output_field = BooleanField()

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        super().__init__(F("words"))

    @property
    def identity(self) -> Any:
        return (*super().identity, self.words)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        # The column beside that of the words, which only this database has.
        column, _params = compiler.compile(self.source_expressions[0])
        table = column.rpartition(".")[0]
        # Of letters and digits alone: nothing in them needs a quote.
        query = " & ".join(f"'{word}':*" for word in self.words)
        return f"{table}.{COLUMN} @@ CAST(%s AS tsquery)", [query]

    def as_mysql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # By default these find letters alike that are not the same to us.
        return self._with(compiler, "INSTR(CAST({column} AS BINARY), CAST(%s AS BINARY)) > 0")

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        return self._with(compiler, "INSTR({column}, %s) > 0")

    def _with(self, compiler: Any, test: str) -> tuple[str, list[Any]]:
        column, own = compiler.compile(self.source_expressions[0])
        tests = " AND ".join(test.format(column=column) for _word in self.words)
        return f"({tests})", [each for word in self.words for each in (*own, f" {word}")]


def renew_words(using: str, *, all_rows: bool = False) -> int:
    """Make the words of rows anew: of those whose words another release made, or of all rows.

    Returns:
        How many rows were written.
    """
    return sum(_renew(model, using, all_rows) for model in SEARCHED)


def _renew(model: Any, using: str, all_rows: bool) -> int:
    field = words_field(model)
    assert field is not None  # noqa: S101 - whatever is searched has one
    rows: Any = QuerySet(model, using=using).order_by("pk")
    return field.renew(rows if all_rows else rows.exclude(words__startswith=VERSION))


def make_words(using: str, **kwargs: Any) -> None:
    """Make the words of rows that lack them, or whose words another release made, and what
    PostgreSQL finds them by. Receives Django's `post_migrate`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        models = [model for model in SEARCHED if _has_words(connection, cursor, tables, model)]
    for model in models:
        _renew(model, using, all_rows=False)
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in models:
            _make_column(cursor, model)
        for name, (model, what) in INDEXES.items():
            if model._meta.db_table in tables:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} {what}")


def _has_words(connection: Any, cursor: Any, tables: set[str], model: Any) -> bool:
    """Whether the database has the column: not before its migration, nor after that was undone."""
    table = model._meta.db_table
    if table not in tables:
        return False
    # A name of ours.
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} WHERE 1 = 0")  # noqa: S608
    return any(column[0] == "words" for column in cursor.description)


#: The words of a row, as PostgreSQL's index takes them.
_EXPRESSION = "array_to_tsvector(array_remove(string_to_array(words, ' '), ''))"


def _make_column(cursor: Any, model: Any) -> None:
    table = model._meta.db_table
    version = blake2b(_EXPRESSION.encode(), digest_size=8).hexdigest()
    cursor.execute(
        "SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = "
        "to_regclass(%s) AND attname = %s AND NOT attisdropped",
        [f'"{table}"', COLUMN],
    )
    found = cursor.fetchone()
    if found == (version,):
        return
    if found:
        cursor.execute(f'ALTER TABLE "{table}" DROP COLUMN {COLUMN}')
    cursor.execute(
        f'ALTER TABLE "{table}" ADD COLUMN {COLUMN} tsvector '
        f"GENERATED ALWAYS AS ({_EXPRESSION}) STORED"
    )
    cursor.execute(f"COMMENT ON COLUMN \"{table}\".{COLUMN} IS '{version}'")
    cursor.execute(f'CREATE INDEX "{table}_words" ON "{table}" USING gin ({COLUMN})')
