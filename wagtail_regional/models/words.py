"""Finding rows by the beginnings of words, in every language, without regard to accents or case.

The database itself knows the words of a row, so that no bulk update and no raw SQL leaves them
behind. On PostgreSQL they are a generated column with an index; like the indexes for sorting, it
is made after migrating and is in no migration, for other databases have no such type. There,
and on SQLite, which is for small sites, the words are worked out when they are asked for.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func

from wagtail_regional.fields import LocalizedTextField
from wagtail_regional.languages import content_languages
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
SEARCHED: dict[Any, tuple[str, ...]] = {
    Organisation: ("name", "acronym", "locality"),
    Alliance: ("name", "acronym", "summary", "region"),
    Project: ("title", "summary"),
    Programme: ("name", "summary"),
}

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

#: A word: a run of letters and digits.
WORD = re.compile(r"[^\W_]+")
#: Letters of which no part is an accent to Unicode, though to readers it is.
_STROKES = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t"}


@cache
def plain_letters() -> dict[str, str]:
    """Letters with an accent and those without; an accent by itself becomes nothing."""
    plain = {**_STROKES, **{key.upper(): value for key, value in _STROKES.items() if key != "ı"}}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        parts = unicodedata.normalize("NFKD", chr(code))
        accents = len(parts) > 1 and all(map(unicodedata.combining, parts[1:]))
        if accents and parts[0].isascii() and parts[0].isalpha():
            plain[chr(code)] = parts[0].lower()
    return plain | {chr(code): "" for code in range(0x300, 0x370)}


@cache
def _folding() -> dict[int, str]:
    return str.maketrans(plain_letters())


def words_of(text: str) -> list[str]:
    """The words of a text: runs of letters and digits, in lower case, without accents."""
    return WORD.findall(text.lower().translate(_folding()))


class HasWords(Func):
    """Whether each of some words begins a word of the row.

    Args:
        model: one of `SEARCHED`.
        words: as `words_of` gives them; one at least.
    """

    output_field = BooleanField()

    def __init__(self, model: Any, words: Iterable[str]) -> None:
        self.model, self.words = model, tuple(words)
        super().__init__(*(F(name) for name in SEARCHED[model]))

    @property
    def identity(self) -> Any:
        return (*super().identity, self.words)

    def _kinds(self) -> list[tuple[Any, bool]]:
        fields = [self.model._meta.get_field(name) for name in SEARCHED[self.model]]
        localised = [isinstance(each, LocalizedTextField) for each in fields]
        return list(zip(self.source_expressions, localised, strict=True))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        column: Any = self.source_expressions[0]
        alias = compiler.quote_name_unless_alias(column.alias)
        # Of letters and digits alone: nothing in them needs a quote.
        query = " & ".join(f"'{word}':*" for word in self.words)
        return f"{alias}.{COLUMN} @@ CAST(%s AS tsquery)", [query]

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        kinds = sorted(self._kinds(), key=lambda kind: not kind[1])
        columns = [compiler.compile(source) for source, _localised in kinds]
        names = ", ".join(sql for sql, _params in columns)
        params = [param for _sql, own in columns for param in own]
        localised = sum(each for _source, each in kinds)
        return (
            f"regional_has_words(%s, %s, {names})",
            [" ".join(self.words), localised, *params],
        )

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        texts, params = [], []
        for source, localised in self._kinds():
            sql, own = compiler.compile(source)
            for path in [f'$."{code}"' for code in content_languages()] if localised else [None]:
                if path:
                    texts.append(f"COALESCE(JSON_UNQUOTE(JSON_EXTRACT({sql}, %s)), '')")
                    params += [*own, path]
                else:
                    texts.append(sql)
                    params += own
        joined = f"CONVERT(CONCAT_WS(' ', {', '.join(texts)}) USING utf8mb4)"
        # A collation that looks past accents and case, on MariaDB and MySQL alike.
        plain = (
            f"CONCAT(' ', REGEXP_REPLACE({joined}, '[^[:alnum:]]+', ' ')) "
            "COLLATE utf8mb4_unicode_520_ci"
        )
        tests = [f"({plain} LIKE %s)" for _word in self.words]
        return (
            f"({' AND '.join(tests)})",
            [each for word in self.words for each in (*params, f"% {word}%")],
        )


def add_function(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Teach SQLite to look for words. Receives Django's `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "regional_has_words", -1, _has_words, deterministic=True
        )


def _has_words(words: str, localised: int, *columns: str | None) -> bool:
    known = _words_in(localised, columns)
    return all(any(each.startswith(word) for each in known) for word in words.split())


@lru_cache(20_000)
def _words_in(localised: int, columns: tuple[str | None, ...]) -> frozenset[str]:
    texts = [text for text in columns[localised:] if text]
    for column in columns[:localised]:
        texts += [text for text in json.loads(column or "{}").values() if isinstance(text, str)]
    return frozenset(words_of(" ".join(texts)))


# --- PostgreSQL ----------------------------------------------------------------------------------


def make_words(using: str, **kwargs: Any) -> None:
    """Make the column of words and its index where they are missing or of another form.
    Receives Django's `post_migrate`."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in SEARCHED:
            if model._meta.db_table in tables:
                _make_column(cursor, model)
        for name, (model, what) in INDEXES.items():
            if model._meta.db_table in tables:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} {what}")


def _make_column(cursor: Any, model: Any) -> None:
    table, expression = model._meta.db_table, _expression(model)
    version = blake2b(expression.encode(), digest_size=8).hexdigest()
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
    # The expression holds nothing but names of ours and letters.
    cursor.execute(
        f'ALTER TABLE "{table}" ADD COLUMN {COLUMN} tsvector '
        f"GENERATED ALWAYS AS ({expression}) STORED"
    )
    cursor.execute(f"COMMENT ON COLUMN \"{table}\".{COLUMN} IS '{version}'")
    cursor.execute(f'CREATE INDEX "{table}_words" ON "{table}" USING gin ({COLUMN})')


def _expression(model: Any) -> str:
    """The words of a row, as PostgreSQL finds them."""
    texts = []
    for name in SEARCHED[model]:
        field = model._meta.get_field(name)
        text = f'"{field.column}"'
        if isinstance(field, LocalizedTextField):
            # As text, JSON writes the end of a line with two characters.
            text = f"replace(jsonb_path_query_array({text}, '$.*')::text, '\\n', ' ')"
        texts.append(text)
    letters = plain_letters()
    plain = [each for each in letters if letters[each]]
    accents = [each for each in letters if not letters[each]]
    # What has no partner in the second list is left out.
    source, target = "".join([*plain, *accents]), "".join(letters[each] for each in plain)
    text = " || ' ' || ".join(texts)
    folded = f"translate(lower({text}), '{source}', '{target}')"
    return f"array_to_tsvector(array_remove(regexp_split_to_array({folded}, '[^[:alnum:]]+'), ''))"
