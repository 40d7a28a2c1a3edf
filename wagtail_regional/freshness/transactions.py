"""What waits for a transaction to commit, found again in constant time.

Django keeps what waits in `connection.run_on_commit`, and forgets what was enlisted in a
savepoint that is rolled back. So as long as something is found there, what was written along
with it stands.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


class Waiting(Protocol):
    """Something to be done when a transaction has committed."""

    def committed(self) -> None: ...


WaitingT = TypeVar("WaitingT", bound=Waiting)


def enlist(connection: BaseDatabaseWrapper, item: Waiting) -> None:
    """Call `item.committed` when the transaction under way commits; at once where there is
    none. What it raises is logged."""
    position = len(connection.run_on_commit)
    connection.__dict__[_attribute(type(item))] = position, item
    # A method: Django names what failed in the log, and an instance has no name.
    transaction.on_commit(item.committed, using=connection.alias, robust=True)


def waiting(connection: BaseDatabaseWrapper, kind: type[WaitingT]) -> WaitingT | None:
    """The item of this kind enlisted last, unless it was called or rolled back since. (None
    also when something before it was rolled back; enlisting another one does no harm.)"""
    position, item = connection.__dict__.get(_attribute(kind), (0, None))
    entries = connection.run_on_commit
    if item is not None and position < len(entries):
        return item if getattr(entries[position][1], "__self__", None) is item else None
    return None


def _attribute(kind: type[Any]) -> str:
    return f"_regional_{kind.__name__}"
