"""Reading the database as it is in one instant.

What it is for: see :mod:`wagtail_regional.freshness.instants`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction


def can_be_taken(using: str) -> bool:
    """Whether `snapshot` is possible here: not within a transaction of somebody else's, which has
    begun to read already."""
    return not connections[using].in_atomic_block


@contextmanager
def snapshot(using: str) -> Iterator[None]:
    """A transaction in which every statement sees what the first one saw.

    That is REPEATABLE READ on PostgreSQL and MariaDB, and a transaction that takes no lock before
    it writes on SQLite, whatever Django opens there otherwise.

    Args:
        using: the database; it must be in no transaction (see `can_be_taken`).
    """
    connection: Any = connections[using]
    if connection.vendor == "sqlite":
        mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic(using=using):
                yield
        finally:
            connection.transaction_mode = mode
        return
    level = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
    if connection.vendor == "mysql":
        # Of the next transaction; within one it would be refused.
        with connection.cursor() as cursor:
            cursor.execute(level)
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(level)
        yield
