"""The cache in which answers are kept, as something that may fail at any moment.

What is kept there can always be made anew. So a cache that is away, slow, full, or that holds
something else than was put there, never costs an answer: it is as if nothing had been kept.
Everything of ours that is kept in a cache of Django's passes here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from django.core.cache import caches

from wagtail_regional.conf import conf

logger = logging.getLogger("wagtail_regional")

#: How long is waited, in seconds, before it is said again that the cache fails.
SAY_AGAIN = 60
#: For how long a cache that did not answer in time is left alone: each attempt costs its timeout.
LEAVE_ALONE = 5

#: An access that takes as long as this, in seconds, and then fails, was waiting.
_SLOW = 0.25

Value = TypeVar("Value")


class _Health:
    """When the cache last failed, in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        """Begin as a new process does."""
        self._said: float | None = None
        self._more = 0
        self._until = 0.0

    @property
    def is_left_alone(self) -> bool:
        return time.monotonic() < self._until

    def failed(self, what: str, error: BaseException | None, took: float) -> None:
        now = time.monotonic()
        with self._lock:
            if took >= _SLOW:
                self._until = now + LEAVE_ALONE
            if self._said is not None and now - self._said < SAY_AGAIN:
                self._more += 1
                return
            more, self._said, self._more = self._more, now, 0
        logger.warning(
            "The cache “%s” %s, so answers are made without it. (%s failures since this was "
            "last said.)",
            conf.API_CACHE,
            what,
            more,
            exc_info=error,
        )


health = _Health()


def read(
    key: str, check: Callable[[Any], Value | None], version: str | None = None
) -> Value | None:
    """What is kept under `key`; None where there is nothing, or nothing that can be used.

    Args:
        check: gives back a value that is what was put there, and None for anything else. It may
            raise: that is the same.
        version: which one is wanted, where there are several of it over time. Each takes the place
            of the one before, so that what is no longer asked for takes no room.
    """
    if health.is_left_alone:
        return None
    begun = time.monotonic()
    try:
        found = caches[conf.API_CACHE].get(key)
    # A backend raises whatever its library does: no connection, no answer, no pickle.
    except Exception as error:
        health.failed("cannot be read", error, time.monotonic() - begun)
        return None
    if found is None:
        return None
    try:
        if version is not None:
            kept, found = found
            if type(kept) is str and kept != version:
                return None
        checked = check(found)
    # Somebody else's value may be anything at all.
    except Exception:
        checked = None
    if checked is None:
        health.failed(f"holds something else under {key}", None, 0)
    return checked


def keep(key: str, value: Any, seconds: int, version: str | None = None) -> None:
    """Keep `value` under `key`, if that can be done; with a `version`, in the place of the one
    before."""
    if health.is_left_alone:
        return
    if version is not None:
        value = version, value
    begun = time.monotonic()
    try:
        caches[conf.API_CACHE].set(key, value, seconds)
    except Exception as error:
        health.failed("cannot be written", error, time.monotonic() - begun)
