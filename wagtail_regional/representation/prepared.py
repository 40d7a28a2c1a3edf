"""Queries that the ORM writes once and that run many times.

Building and compiling a queryset takes Django longer than the database takes to answer it: a
page needs ten, and they differ only in the primary keys asked for. So a query is built once
with a marker in the place of each list of keys, and its SQL is kept; running it puts the keys
where the marker was.

What it found is kept, too, for as long as none of the tables it reads has changed: one change
touches few of the tables that a page is made of.
"""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, partial
from typing import Any

from django.db import connections, router
from django.db.models import QuerySet

from wagtail_regional.fields import LocalizedTextField, PartialDateField
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.freshness.statements import tables_read

_PLACEHOLDER = re.compile(r"(?<!%)%s")

#: Columns left as the database holds them, text in JSON or ISO 8601: the same names and dates
#: come back in many rows, and are read once for all of them.
_READ_AS_STORED = (LocalizedTextField, PartialDateField)

#: Stands for a list in the query that is built: no key, and no path, of any real row.
_MARKER = -2_000_000_001


#: Numbers for rows; none is given twice, so two rows with one number hold the same values.
_versions = itertools.count(1)

#: For how many lists of keys it is remembered what one query found, and how many rows at most.
_RUNS_REMEMBERED, _ROWS_OF_A_RUN = 64, 1_000

Make = Callable[[tuple[Any, ...], int], Any]


class Statement:
    """A query's SQL, and what turns the database's values into Python's.

    Args:
        queryset: made with `values_list`.
        using: the database it is for.
        make: makes a row of its values and its version, a number. Rows with the same values are
            made once and then shared, so nobody may change them.
        most: how many rows are remembered, in each process.
        as_stored: whether localised texts and partial dates stay as the database holds them.
    """

    def __init__(
        self,
        queryset: QuerySet,
        using: str,
        make: Make | None = None,
        most: int = 10_000,
        as_stored: bool = True,
    ) -> None:
        compiler = queryset.query.get_compiler(using)
        self.sql, params = compiler.as_sql()
        self.params = tuple(params)
        selected = [column[0] for column in compiler.select[: compiler.col_count]]
        self.converters = {
            position: entry
            for position, entry in compiler.get_converters(selected).items()
            if not (as_stored and isinstance(entry[1].output_field, _READ_AS_STORED))
        }
        self.using = using
        self.tables = tables_read(self.sql)
        self.make = lru_cache(most)(partial(self._make, make)) if make else self._read

    def run(self, sql: str | None = None, params: Sequence[Any] | None = None) -> list[Any]:
        """The rows."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(sql or self.sql, self.params if params is None else params)
            return [self.make(row) for row in cursor.fetchall()]

    def _read(self, stored: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row's values as Python's."""
        if not self.converters:
            return stored
        values, connection = list(stored), connections[self.using]
        for position, (converters, expression) in self.converters.items():
            for convert in converters:
                values[position] = convert(values[position], expression, connection)
        return tuple(values)

    def _make(self, make: Make, stored: tuple[Any, ...]) -> Any:
        return make(self._read(stored), next(_versions))


class _Last:
    """What a query last found for certain keys, with the stamp of its tables."""

    run: tuple[Any, Any] = None, None


class Prepared:
    """A query with lists of keys left open.

    Args:
        build: makes the queryset (with `values_list`). Each of its parameters is a list, to be
            used with `__in`; for a single value, use ``column__in`` and run it with one key.
        arrange: makes what is given, and kept, in the place of the rows, such as a dictionary.
            Many get the same one, so nobody may change it.
        options: as for :class:`Statement`.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet],
        arrange: Callable[[list[Any]], Any] | None = None,
        **options: Any,
    ) -> None:
        self.build = build
        self.arrange = arrange
        self.options = options
        self._lists = len(inspect.signature(build).parameters)
        self._model: Any = None
        self._statements: dict[str | None, tuple[Statement, list[Any]]] = {}
        self._last = lru_cache(_RUNS_REMEMBERED)(lambda *key: _Last())

    def rows(
        self, *lists: Collection[Any], stamps: Stamps | None = None, again: bool = False
    ) -> Any:
        """Its rows, as `arrange` makes them: those it finds now, or found before.

        Args:
            lists: the keys, one list for each parameter of `build`; an empty one matches nothing.
            stamps: read before this; without them nothing is kept.
            again: run it in any case, and keep what it finds now.
        """
        statement, pieces = self._statement()
        if stamps is None or statement.tables is None or stamps.using != statement.using:
            return self._arranged(self._run(statement, pieces, lists))
        stamp = stamps.of(statement.tables)
        last = self._last(statement.using, *map(frozenset, lists))
        # Taken at once: another thread may put a newer one there.
        known, found = last.run
        if again or known != stamp:
            rows = self._run(statement, pieces, lists)
            found = self._arranged(rows)
            if len(rows) <= _ROWS_OF_A_RUN:
                last.run = stamp, found
        return found

    def _arranged(self, rows: list[Any]) -> Any:
        return self.arrange(rows) if self.arrange else rows

    def _run(
        self, statement: Statement, pieces: list[Any], lists: Sequence[Collection[Any]]
    ) -> list[Any]:
        sql: list[str] = []
        params: list[Any] = []
        for piece in pieces:
            if isinstance(piece, int):
                # Below zero: the number of a list whose values begin what is looked for.
                keys = lists[piece] if piece >= 0 else [f"{key}%" for key in lists[-1 - piece]]
                if all(type(key) is int for key in keys):
                    # As they are: drivers take long to put in what hundreds of `%s` stand for.
                    sql.append(", ".join(map(str, keys)) or "NULL")
                else:
                    sql.append(", ".join(["%s"] * len(keys)))
                    params.extend(keys)
            else:
                text, values = piece
                sql.append(text)
                params.extend(values)
        return statement.run("".join(sql), params)

    def _statement(self) -> tuple[Statement, list[Any]]:
        using = router.db_for_read(self._model) if self._model else None
        if using not in self._statements:
            queryset = self.build(*([_MARKER - index] for index in range(self._lists)))
            self._model, using = queryset.model, queryset.db
            statement = Statement(queryset, using, **self.options)
            self._statements[using] = statement, _pieces(statement)
        return self._statements[using]


def by_key(rows: list[Any]) -> dict[int, Any]:
    """Rows by their primary keys: a way to arrange them."""
    return {row.pk: row for row in rows}


def _pieces(statement: Statement) -> list[Any]:
    """The SQL cut at the markers: texts with their parameters, and numbers of lists."""
    marked = {str(_MARKER - index): index for index in range(20)}
    # What `startswith` makes of a marker.
    marked |= {f"{marker}%": -1 - index for marker, index in marked.items()}
    pieces: list[Any] = []
    text = ""
    values: list[Any] = []
    chunks = _PLACEHOLDER.split(statement.sql)
    for chunk, value in zip(chunks, statement.params, strict=False):
        text += chunk
        if isinstance(value, (int, str)) and str(value) in marked:
            pieces += [(text, values), marked[str(value)]]
            text, values = "", []
        else:
            text += "%s"
            values = [*values, value]
    return [*pieces, (text + chunks[-1], values)]
