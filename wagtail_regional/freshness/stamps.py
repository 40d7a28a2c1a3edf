"""The content stamp: a value that any change of shown content moves.

An answer made under a stamp may be given again for as long as the stamp stays the same. That
holds only if nothing slips past it, so the stamp does not rely on signals, which bulk updates,
tree moves and raw SQL do not send. It watches the statements: whatever Django executes on a
table that readers see adds a row to :class:`~wagtail_regional.models.ContentChange` in the same
transaction. Readers see the change and the new stamp in the same instant, or neither.

The stamp is the sum of all rows' random tokens, not the highest id: ids are handed out before
they are committed, so a slow transaction may add a lower id after a higher one was seen.

Each row also says which tables were written. So the same rows make finer stamps, of some tables
only: what there is to count need not be counted again because a page was published.

What changes the database from outside Django (another program, `psql`) is not seen; such a
program ends with ``manage.py regional_touch``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import chain
from operator import or_
from typing import Any

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from wagtail_regional.freshness.statements import first_word, tables_written
from wagtail_regional.freshness.transactions import enlist, waiting
from wagtail_regional.models import ContentChange
from wagtail_regional.models.changes import ANY_TABLE

#: After so many changes, rows are folded: the fewer there are, the faster the stamp is read.
FOLD_AT = 16

#: How many sets of tables have a row of their own then; the rest share one.
MOST_FOLDED = 24

_TABLE = ContentChange._meta.db_table
_STRUCTURE = frozenset(("CREATE", "DROP", "ALTER"))


class _NewRow:
    """A row added in a transaction that has yet to commit."""

    def __init__(self, connection: BaseDatabaseWrapper, tables: int) -> None:
        self.using = connection.alias
        self.pk = _insert(connection, tables)
        #: With which of them it would be rolled back.
        self.savepoints = _savepoints(connection)
        self.tables = tables
        self.rollbacks = _rollbacks(connection)
        #: Whether the stamp was read in the transaction since; the next change must move it.
        self.was_read = False

    def committed(self) -> None:
        if self.pk % FOLD_AT == 0:
            fold(self.using)


@dataclass(frozen=True)
class Stamps:
    """The stamps of any tables, all of one instant.

    Attributes:
        using: the database they are of.
        changes: each with its tables (bits), its number and its token.
    """

    using: str
    changes: Sequence[tuple[int, int, int]]

    @property
    def of_all(self) -> str:
        """The stamp of everything, as a short text."""
        if not self.changes:
            return "0-0"
        _tables, numbers, tokens = zip(*self.changes, strict=True)
        return f"{max(numbers)}-{sum(tokens)}"

    @cached_property
    def _by_tables(self) -> list[tuple[int, int, int]]:
        """The tables that were written together: bits, newest change and sum of tokens."""
        found: dict[int, tuple[int, int]] = {}
        for tables, number, token in self.changes:
            newest, total = found.get(tables, (0, 0))
            found[tables] = max(newest, number), total + token
        return [(tables, *stamp) for tables, stamp in found.items()]

    def of(self, tables: int) -> tuple[int, int]:
        """A value that differs after any change of these tables, and after few others.

        Args:
            tables: bits, as `bits_of` and `tables_read` give them.
        """
        newest = total = 0
        for changed, last, tokens in self._by_tables:
            if changed & tables:
                newest, total = max(newest, last), total + tokens
        return newest, total


def current(using: str | None = None) -> str:
    """The stamp now. Costs one query.

    Args:
        using: the database; by default, where content is read.

    Returns:
        A short text that differs after any change of shown content.
    """
    return by_table(using).of_all


def by_table(using: str | None = None) -> Stamps:
    """The stamps of the tables now, and so of all. Costs one query."""
    using = using or router.db_for_read(ContentChange)
    # Plain SQL: for the most frequent query of all, the ORM would take longer than it; and so few
    # rows are faster read than added up there.
    return Stamps(using, _read(f"SELECT tables, id, token FROM {_TABLE}", using))  # noqa: S608


def _read(sql: str, using: str) -> list[tuple[Any, ...]]:
    connection = connections[using]
    if (row := _standing(connection)) is not None:
        if not _savepoints(connection) <= row.savepoints:
            # What was changed since a savepoint may yet be rolled back without that row: what
            # is read here must be known by one that goes with it.
            row = _add(connection, row.tables)
        row.was_read = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def touch(using: str | None = None) -> None:
    """Move the stamp, as part of the transaction under way.

    For changes that Django does not see; it sees all that are made through it.
    """
    using = using or router.db_for_write(ContentChange)
    with transaction.atomic(using=using, savepoint=False):
        _record(connections[using])


def touch_after_migrate(using: str, **kwargs: Any) -> None:
    """Move the stamp once the database has a new form. Receives Django's `post_migrate`."""
    if _has_stamp(connections[using]):
        touch(using)


def fold(using: str) -> None:
    """Make one row of all those that say the same tables. That leaves every stamp as it is; what
    a transaction has yet to commit is added to it all the same."""
    changes = ContentChange.objects.using(using)
    with transaction.atomic(using=using):
        features: Any = connections[using].features
        if not features.has_select_for_update:
            # Where there is one lock for all, any statement that writes takes it.
            changes.filter(pk__lt=0).update(token=0)
        # What somebody else is folding, or has yet to commit, is left to the next time.
        locked = changes.select_for_update(skip_locked=features.has_select_for_update_skip_locked)
        groups: dict[int, list[ContentChange]] = defaultdict(list)
        for row in locked.order_by("-pk"):
            groups[row.tables].append(row)
        found = list(groups.values())
        # What was not written for long is folded as if it had been written together.
        for rows in (*found[:MOST_FOLDED], list(chain(*found[MOST_FOLDED:]))):
            _fold_rows(rows, changes)


def _fold_rows(rows: list[ContentChange], changes: QuerySet[ContentChange]) -> None:
    """Rows, the newest first, into that one."""
    if len(rows) < 2:
        return
    newest, *older = rows
    newest.tables = reduce(or_, (row.tables for row in rows))
    # Within what the database can hold, and far more than what is added until the next time.
    newest.token = sum(row.token for row in rows) % 2**62
    # Where they were locked: a router may send them elsewhere.
    newest.save(using=changes.db)
    for row in older:
        # One by one: MariaDB would look through the whole table for several, and wait for rows
        # that are yet to be committed.
        changes.filter(pk=row.pk).delete()


# --- Watching --------------------------------------------------------------------------------


def watch(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Watch what is executed on a connection. Receives Django's `connection_created`."""
    if _watcher not in connection.execute_wrappers:
        # First of all: whoever wraps for a while takes the last one away again.
        connection.execute_wrappers.insert(0, _watcher)


def watch_open_connections() -> None:
    """Watch those that other apps used before this one was ready."""
    for connection in connections.all(initialized_only=True):
        watch(connection)


def _watcher(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Runs each statement; one that changes what readers see also moves the stamp."""
    connection = context["connection"]
    text = sql if isinstance(sql, str) else _text_of(sql, connection)
    tables = tables_written(text)
    if not tables:
        word = first_word(text)
        if word in _STRUCTURE:
            connection.__dict__.pop("_regional_has_stamp", None)
        elif word == "ROLLBACK":
            connection.__dict__["_regional_rollbacks"] = _rollbacks(connection) + 1
    if not tables or not _has_stamp(connection):
        return execute(sql, params, many, context)
    run = partial(execute, sql, params, many, context)
    return _execute_and_record(run, connection, text, tables)


def _text_of(sql: Any, connection: BaseDatabaseWrapper) -> str:
    """A statement that is no text: bytes, or composed by psycopg."""
    if isinstance(sql, bytes):
        return sql.decode(errors="replace")
    return sql.as_string(connection.connection) if hasattr(sql, "as_string") else str(sql)


def _rollbacks(connection: BaseDatabaseWrapper) -> int:
    """How often a transaction was rolled back, or part of one, be it to a savepoint that Django
    does not know."""
    return connection.__dict__.get("_regional_rollbacks", 0)


def _execute_and_record(
    execute: Callable[[], Any], connection: BaseDatabaseWrapper, sql: str, tables: int
) -> Any:
    if connection.in_atomic_block:
        result = execute()
        _record(connection, tables)
        return result
    if connection.vendor == "sqlite" and "RETURNING" in sql:
        # SQLite commits nothing while rows that are yet to be fetched wait. Moving the stamp
        # on both sides leaves only a crash between two statements.
        touch(connection.alias)
        result = execute()
        _insert(connection, tables)
        return result
    with transaction.atomic(using=connection.alias):
        result = execute()
        _record(connection, tables)
    return result


def _has_stamp(connection: BaseDatabaseWrapper) -> bool:
    """Whether this database takes the stamp's rows: not before they are migrated, nor where it
    holds other things. Asked until it does."""
    if not connection.__dict__.get("_regional_has_stamp"):
        found = _TABLE in connection.introspection.table_names() and _has_columns(connection)
        # Not that there is none: another process may be about to migrate.
        connection.__dict__["_regional_has_stamp"] = found
    return connection.__dict__["_regional_has_stamp"]


def _has_columns(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, _TABLE)
    return {each.column for each in ContentChange._meta.fields} <= {each.name for each in columns}


def _record(connection: BaseDatabaseWrapper, tables: int = ANY_TABLE) -> None:
    """Add a row in the transaction under way, unless one that says as much is there that nobody
    has read yet."""
    row = _standing(connection)
    if row is None or row.was_read or tables & ~row.tables:
        # One that says more, too: it stands for what the last one said.
        _add(connection, tables if row is None or row.was_read else tables | row.tables)


def _standing(connection: BaseDatabaseWrapper) -> _NewRow | None:
    """The row that was added last in the transaction under way, where nothing was rolled back
    since, which may have taken it along."""
    row = waiting(connection, _NewRow)
    return row if row and row.rollbacks == _rollbacks(connection) else None


def _add(connection: BaseDatabaseWrapper, tables: int) -> _NewRow:
    row = _NewRow(connection, tables)
    enlist(connection, row)
    return row


def _savepoints(connection: BaseDatabaseWrapper) -> set[str]:
    return set(filter(None, connection.savepoint_ids))


def _insert(connection: BaseDatabaseWrapper, tables: int) -> int:
    return ContentChange.objects.using(connection.alias).create(tables=tables).pk
