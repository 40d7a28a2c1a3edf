"""The content stamp: a value that any change of shown content moves.

An answer made under a stamp may be given again for as long as the stamp stays the same. That
holds only if nothing slips past it, so the stamp does not rely on signals, which bulk updates,
tree moves and raw SQL do not send. It watches the statements: whatever Django executes on a
table that readers see adds a row to :class:`~wagtail_regional.models.ContentChange` in the same
transaction. Readers see the change and the new stamp in the same instant, or neither.

The stamp is the sum of all rows' random tokens, not the highest id: ids are handed out before
they are committed, so a slow transaction may add a lower id after a higher one was seen.

Each row also says whether programmes may have changed. So the same rows make a second stamp:
what there is to count need not be counted again because a page was published.

What changes the database from outside Django (another program, `psql`) is not seen; such a
program ends with ``manage.py regional_touch``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from wagtail_regional.freshness.statements import are_programmes, first_word, tables_written
from wagtail_regional.freshness.transactions import enlist, waiting
from wagtail_regional.models import ContentChange

#: After so many changes, rows are folded: the fewer there are, the faster the stamp is read.
FOLD_AT = 16

_TABLE = ContentChange._meta.db_table
_STRUCTURE = frozenset(("CREATE", "DROP", "ALTER"))


class _NewRow:
    """A row added in a transaction that has yet to commit."""

    def __init__(self, connection: BaseDatabaseWrapper, of_programmes: bool) -> None:
        self.using = connection.alias
        self.pk = _insert(connection, of_programmes)
        #: With which of them it would be rolled back.
        self.savepoints = _savepoints(connection)
        self.of_programmes = of_programmes
        self.rollbacks = _rollbacks(connection)
        #: Whether the stamp was read in the transaction since; the next change must move it.
        self.was_read = False

    def committed(self) -> None:
        if self.pk % FOLD_AT == 0:
            fold(self.using)


class Stamps(NamedTuple):
    """The stamps of one instant, as short texts.

    Attributes:
        content: differs after any change of what readers see.
        programmes: differs after any change of programmes, or of what hangs on them.
    """

    content: str
    programmes: str


def current(using: str | None = None) -> Stamps:
    """The stamps now. Costs one query.

    Args:
        using: the database; by default, where content is read.
    """
    using = using or database()
    # Plain SQL: for the most frequent query of all, the ORM would take longer than it; and so few
    # rows are faster read than added up there.
    rows = _read(f"SELECT of_programmes, id, token FROM {_TABLE}", using)  # noqa: S608
    return Stamps(_sum_of(rows), _sum_of([row for row in rows if row[0]]))


def database() -> str:
    """Where content, and so its stamp, is read."""
    return router.db_for_read(ContentChange)


def _sum_of(rows: Sequence[tuple[Any, int, int]]) -> str:
    if not rows:
        return "0-0"
    _of, numbers, tokens = zip(*rows, strict=True)
    return f"{max(numbers)}-{sum(tokens)}"


def _read(sql: str, using: str) -> list[tuple[Any, ...]]:
    connection = connections[using]
    if (row := _standing(connection)) is not None:
        if not _savepoints(connection) <= row.savepoints:
            # What was changed since a savepoint may yet be rolled back without that row: what
            # is read here must be known by one that goes with it.
            row = _add(connection, row.of_programmes)
        row.was_read = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


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
    """Make one row of all those that say the same. That leaves both stamps as they are; what
    a transaction has yet to commit is added to them all the same."""
    changes = ContentChange.objects.using(using)
    with transaction.atomic(using=using):
        features: Any = connections[using].features
        if not features.has_select_for_update:
            # Where there is one lock for all, any statement that writes takes it.
            changes.filter(pk__lt=0).update(token=0)
        # What somebody else is folding, or has yet to commit, is left to the next time.
        locked = changes.select_for_update(skip_locked=features.has_select_for_update_skip_locked)
        groups: dict[bool, list[ContentChange]] = {True: [], False: []}
        for row in locked.order_by("-pk"):
            groups[row.of_programmes].append(row)
        for rows in groups.values():
            _fold_rows(rows, changes)


def _fold_rows(rows: list[ContentChange], changes: QuerySet[ContentChange]) -> None:
    """Rows, the newest first, into that one."""
    if len(rows) < 2:
        return
    newest, *older = rows
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
    return _execute_and_record(run, connection, text, are_programmes(tables))


def _text_of(sql: Any, connection: BaseDatabaseWrapper) -> str:
    """A statement that is no text: bytes, or composed by psycopg."""
    if isinstance(sql, bytes):
        return sql.decode(errors="replace")
    return sql.as_string(connection.connection) if hasattr(sql, "as_string") else str(sql)


def _rollbacks(connection: BaseDatabaseWrapper) -> int:
    """How often a transaction was rolled back, or part of one, be it to a savepoint that Django
    does not know."""
    rollbacks: int = connection.__dict__.get("_regional_rollbacks", 0)
    return rollbacks


def _execute_and_record(
    execute: Callable[[], Any], connection: BaseDatabaseWrapper, sql: str, of_programmes: bool
) -> Any:
    if connection.in_atomic_block:
        result = execute()
        _record(connection, of_programmes)
        return result
    if connection.vendor == "sqlite" and "RETURNING" in sql:
        # SQLite commits nothing while rows that are yet to be fetched wait. Moving the stamp
        # on both sides leaves only a crash between two statements.
        touch(connection.alias)
        result = execute()
        _insert(connection, of_programmes)
        return result
    with transaction.atomic(using=connection.alias):
        result = execute()
        _record(connection, of_programmes)
    return result


def _has_stamp(connection: BaseDatabaseWrapper) -> bool:
    """Whether this database takes the stamp's rows: not before they are migrated, nor where it
    holds other things. Asked until it does."""
    known: bool = connection.__dict__.get("_regional_has_stamp", False)
    if not known:
        known = _TABLE in connection.introspection.table_names() and _has_columns(connection)
        # Not that there is none: another process may be about to migrate.
        connection.__dict__["_regional_has_stamp"] = known
    return known


def _has_columns(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, _TABLE)
    return {each.column for each in ContentChange._meta.fields} <= {each.name for each in columns}


def _record(connection: BaseDatabaseWrapper, of_programmes: bool = True) -> None:
    """Add a row in the transaction under way, unless one that says as much is there that nobody
    has read yet."""
    row = _standing(connection)
    if row is None or row.was_read or (of_programmes and not row.of_programmes):
        _add(connection, of_programmes)


def _standing(connection: BaseDatabaseWrapper) -> _NewRow | None:
    """The row that was added last in the transaction under way, where nothing was rolled back
    since, which may have taken it along."""
    row = waiting(connection, _NewRow)
    return row if row and row.rollbacks == _rollbacks(connection) else None


def _add(connection: BaseDatabaseWrapper, of_programmes: bool) -> _NewRow:
    row = _NewRow(connection, of_programmes)
    enlist(connection, row)
    return row


def _savepoints(connection: BaseDatabaseWrapper) -> set[str]:
    return set(filter(None, connection.savepoint_ids))


def _insert(connection: BaseDatabaseWrapper, of_programmes: bool) -> int:
    changes = ContentChange.objects.using(connection.alias)
    return changes.create(of_programmes=of_programmes).pk
