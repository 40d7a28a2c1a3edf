"""Reading of which every part is of one instant: answers of the API, pages, blocks, fields.

Each statement of a reading sees what was committed before it, so that one of several may show half
of a change. So the content stamp is read before and after; where it moved in between, all is read
again. While somebody writes without a pause that never ends, and it is read in one transaction
instead (see :mod:`wagtail_regional.freshness.snapshots`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, NamedTuple, TypeVar

from django.http import HttpRequest

from wagtail_regional.freshness import stamps as stamp
from wagtail_regional.freshness.snapshots import can_be_taken, snapshot
from wagtail_regional.freshness.stamps import Stamps

#: How often something is read until the content stayed as it was meanwhile.
TRIES = 3

Value = TypeVar("Value")


class UnsettledError(Exception):
    """The content changes faster than it can be read, and a transaction that is open already
    leaves no room for one of our own."""


class Whole(NamedTuple, Generic[Value]):
    """What was read in one instant.

    Attributes:
        value: as `make` or `find` gave it.
        stamps: of the content that it shows.
        was_found: whether it was kept, and not made.
    """

    value: Value
    stamps: Stamps
    was_found: bool


class _Instant(NamedTuple):
    """A reading under way.

    Attributes:
        stamps: under which it may use what is kept; None where it may use nothing: in a snapshot,
            what is kept under its stamps was perhaps read when they had moved on.
    """

    stamps: Stamps | None


_under_way: ContextVar[_Instant | None] = ContextVar("wagtail_regional_instant", default=None)


def is_under_way() -> bool:
    """Whether what is read now is part of a reading that sees to being of one instant."""
    return _under_way.get() is not None


def stamps_for(request: HttpRequest | None) -> Stamps | None:
    """The stamps under which a reader may use what is kept, from before anything was read; None
    where it may use nothing."""
    instant = _under_way.get()
    return instant.stamps if instant else _shared(request)


def read_whole(
    make: Callable[[Stamps], Value],
    find: Callable[[Stamps], Value | None] | None = None,
    request: HttpRequest | None = None,
) -> Whole[Value]:
    """Read something in one instant. Within a reading that sees to that already, just read it.

    Args:
        make: reads it; it is called again where the content changed meanwhile, and then finds the
            request as it was.
        find: gives what was kept under the stamps, as `make` made it before; None where it was not.
        request: for whom; where it writes nothing, all that is read for it is read under the same
            stamps, as long as they hold.

    Raises:
        UnsettledError: when one instant cannot be had.
    """
    instant = _under_way.get()
    if instant is not None:
        stamps = instant.stamps or stamp.current()
        return Whole(make(stamps), stamps, was_found=False)
    if request:
        # Found before the stamps were read, perhaps.
        vars(request).pop("_wagtail_site", None)
    before = dict(vars(request)) if request else {}
    stamps = _shared(request)
    for _ in range(TRIES):
        if find and (found := find(stamps)) is not None:
            return Whole(found, stamps, was_found=True)
        with _reading(stamps):
            value = make(stamps)
        now = stamp.current()
        if now == stamps:
            return Whole(value, stamps, was_found=False)
        stamps = now
        if request:
            # Nobody has seen what was read.
            vars(request).clear()
            vars(request).update(before)
            _share(request, stamps)
    using = stamp.database()
    if not can_be_taken(using):
        raise UnsettledError
    with snapshot(using):
        stamps = stamp.current()
        with _reading(None):
            return Whole(make(stamps), stamps, was_found=False)


@contextmanager
def _reading(stamps: Stamps | None) -> Iterator[None]:
    token = _under_way.set(_Instant(stamps))
    try:
        yield
    finally:
        _under_way.reset(token)


def _shared(request: HttpRequest | None) -> Stamps:
    """The stamps from when something was first read for a request, unless it may have written
    since; those of now without one."""
    if request is None or request.method not in ("GET", "HEAD"):
        return stamp.current()
    known: Any = vars(request).get("_regional_stamps")
    return known or _share(request, stamp.current())


def _share(request: HttpRequest, stamps: Stamps) -> Stamps:
    vars(request)["_regional_stamps"] = stamps
    return stamps
