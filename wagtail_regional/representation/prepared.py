"""Queries that the ORM writes once and that run many times.

Building and compiling a queryset takes Django longer than the database takes to answer it: a
page needs ten, and they differ only in the primary keys asked for. So a query is built once
with a marker in the place of each list of keys, and its SQL is kept; running it puts the keys
where the marker was.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, Generic, TypeVar, overload

from django.db import connections, router
from django.db.models import QuerySet, UUIDField

from wagtail_regional.fields import CodeListField, LocalizedTextField, PartialDateField
from wagtail_regional.lifecycle import Moment

_PLACEHOLDER = re.compile(r"(?<!%)%s")

#: Columns left as the database holds them, text in JSON or ISO 8601: the same names and dates
#: come back in many rows, and are read once for all of them.
_READ_AS_STORED = (LocalizedTextField, PartialDateField)

#: Columns whose values come back with each reading, and take longer to convert than to look up.
_READ_ONCE = (UUIDField, CodeListField)
#: How many values are remembered of a column.
_MOST_VALUES = 16_384

#: How many statements are kept of a query: one for each database and day.
_MOST_STATEMENTS = 8

#: Stands for a list in the query that is built: no key, and no path, of any real row.
_MARKER = -2_000_000_001


Make = Callable[[tuple[Any, ...]], Any]
Arranged = TypeVar("Arranged")


class Statement:
    """A query's SQL, and what turns the database's values into Python's.

    Args:
        queryset: made with `values_list`.
        using: the database it is for.
        make: makes a row of its values.
        as_stored: whether localised texts and partial dates stay as the database holds them.
    """

    def __init__(
        self,
        queryset: QuerySet[Any],
        using: str,
        make: Make | None = None,
        as_stored: bool = True,
    ) -> None:
        compiler = queryset.query.get_compiler(using)
        self.sql, params = compiler.as_sql()
        self.params = tuple(params)
        selected = [column[0] for column in compiler.select[: compiler.col_count]]
        self.using = using
        self.converters = {
            position: _converter(converters, expression)
            for position, (converters, expression) in compiler.get_converters(selected).items()
            if not (as_stored and isinstance(expression.output_field, _READ_AS_STORED))
        }
        self.make = make

    def run(self, sql: str | None = None, params: Sequence[Any] | None = None) -> list[Any]:
        """The rows."""
        connection = connections[self.using]
        with connection.cursor() as cursor:
            cursor.execute(sql or self.sql, self.params if params is None else params)
            rows: Any = cursor.fetchall()
        if self.converters:
            rows = [self._read(stored, connection) for stored in rows]
        return list(map(self.make, rows) if self.make else rows)

    def _read(self, stored: tuple[Any, ...], connection: Any) -> tuple[Any, ...]:
        """A row's values as Python's."""
        values = list(stored)
        for position, convert in self.converters.items():
            values[position] = convert(values[position], connection)
        return tuple(values)


def _converter(converters: Sequence[Any], expression: Any) -> Callable[[Any, Any], Any]:
    """What makes Python's value of a column's, given the connection."""

    def convert(value: Any, connection: Any) -> Any:
        for each in converters:
            value = each(value, expression, connection)
        return value

    if not isinstance(expression.output_field, _READ_ONCE):
        return convert
    known: dict[Any, Any] = {}

    def look_up(value: Any, connection: Any) -> Any:
        try:
            return known[value]
        except KeyError:
            found = convert(value, connection)
        if len(known) >= _MOST_VALUES:
            known.clear()
        # For all who read it.
        known[value] = found = tuple(found) if isinstance(found, list) else found
        return found

    return look_up


class Prepared(Generic[Arranged]):
    """A query with lists of keys left open.

    Args:
        build: makes the queryset (with `values_list`). Each of its positional parameters is a
            list, to be used with `__in`; for a single value, use ``column__in`` and run it with
            one key. Where the query depends on when somebody reads, it takes that as the keyword
            `moment`.
        arrange: makes what is given in the place of the rows, such as a dictionary.
        options: as for :class:`Statement`.
    """

    @overload
    def __init__(
        self: Prepared[list[Any]],
        build: Callable[..., QuerySet[Any, Any]],
        arrange: None = None,
        **options: Any,
    ) -> None: ...

    @overload
    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        arrange: Callable[[list[Any]], Arranged],
        **options: Any,
    ) -> None: ...

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        arrange: Callable[[list[Any]], Any] | None = None,
        **options: Any,
    ) -> None:
        self.build = build
        self.arrange = arrange
        self.options = options
        kinds = [each.kind for each in inspect.signature(build).parameters.values()]
        self._lists = kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD)
        self._model: Any = None
        self._statements: dict[tuple[str, Moment | None], tuple[Statement, list[Any]]] = {}

    def rows(self, *lists: Collection[Any], moment: Moment | None = None) -> Arranged:
        """Its rows, as `arrange` makes them.

        Args:
            lists: the keys, one list for each parameter of `build`; an empty one matches nothing.
            moment: when somebody reads, where `build` asks for that.
        """
        statement, pieces = self._statement(moment)
        rows: Any = self._run(statement, pieces, lists)
        arranged: Arranged = self.arrange(rows) if self.arrange else rows
        return arranged

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

    def _statement(self, moment: Moment | None) -> tuple[Statement, list[Any]]:
        using = router.db_for_read(self._model) if self._model else ""
        found = self._statements.get((using, moment))
        if found is None:
            more = {} if moment is None else {"moment": moment}
            queryset = self.build(*([_MARKER - index] for index in range(self._lists)), **more)
            self._model, using = queryset.model, queryset.db
            statement = Statement(queryset, using, **self.options)
            found = statement, _pieces(statement)
            if len(self._statements) >= _MOST_STATEMENTS:
                # Those of days gone by.
                self._statements = {}
            self._statements[using, moment] = found
        return found


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
