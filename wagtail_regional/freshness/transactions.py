"""What waits for a transaction to commit, found again in constant time.

Django keeps what waits in `connection.run_on_commit`, and forgets what was enlisted in a
savepoint that is rolled back. So as long as something is found there, what was written along
with it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

WaitingT = TypeVar("WaitingT", bound=Callable[[], Any])


def enlist(connection: BaseDatabaseWrapper, item: Callable[[], Any]) -> None:
    """Call `item` when the transaction under way commits; at once where there is none. What it
    raises is logged."""
    position = len(connection.run_on_commit)
    connection.__dict__[_attribute(type(item))] = position, item
    transaction.on_commit(item, using=connection.alias, robust=True)


def waiting(connection: BaseDatabaseWrapper, kind: type[WaitingT]) -> WaitingT | None:
    """The item of this kind enlisted last, unless it was called or rolled back since. (None
    also when something before it was rolled back; enlisting another one does no harm.)"""
    position, item = connection.__dict__.get(_attribute(kind), (0, None))
    entries = connection.run_on_commit
    if item is not None and position < len(entries) and entries[position][1] is item:
        return item
    return None


def _attribute(kind: type[Any]) -> str:
    return f"_regional_{kind.__name__}"
