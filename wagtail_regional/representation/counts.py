"""Counts of programmes, kept for as long as no programme changes.

Counting is the one part of a list that costs more the more there is. An answer is made anew
after every change of content; its counts only when the finer stamp of programmes has moved.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from typing import Any

from wagtail_regional import keeping
from wagtail_regional.conf import conf
from wagtail_regional.filters import Filter
from wagtail_regional.freshness.release import release
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import Alliance, Organisation, Programme, Theme
from wagtail_regional.models.visibility import visible_q


class KeptCount:
    """What was counted of the programmes that a filter finds.

    Args:
        what: the kind of count.
        chosen: the filter.
        moment: of counting.
        stamps: those of the reader, read before anything was counted. None where nothing is kept.
    """

    def __init__(self, what: str, chosen: Filter, moment: Moment, stamps: Stamps | None) -> None:
        hidden = any(
            visible_q(model, moment) for model in (Programme, Organisation, Alliance, Theme)
        )
        # Without these it is the same on any day.
        self.parts = what, chosen, moment if chosen.by_day or what == "facets" or hidden else None
        # What is hidden counts for nothing, and whether it is depends on more than programmes.
        self.stamp = stamps and (stamps.content if hidden else stamps.programmes)

    @cached_property
    def key(self) -> str:
        digest = blake2b(repr(self.parts).encode(), key=release(), digest_size=16).hexdigest()
        return f"wagtail_regional.count.{digest}"

    @cached_property
    def _kept(self) -> tuple[Any, Any]:
        """The stamp and the count that are kept."""
        found = keeping.read(self.key, _pair) if self.stamp else None
        return found or (None, None)

    def read(self) -> Any:
        """The count, or None when it has to be made."""
        stamp, value = self._kept
        return value if stamp == self.stamp else None

    @property
    def last(self) -> Any:
        """What it was when it was last made, perhaps before a change: about what it is now. None
        where nobody knows."""
        last = self._kept[1]
        return last if type(last) is int else None

    def keep(self, value: Any) -> None:
        if self.stamp and self.read() != value:
            kept = self.stamp, value
            keeping.keep(self.key, kept, conf.API_CACHE_SECONDS)


def _pair(found: Any) -> tuple[Any, Any] | None:
    """The stamp and the count that were kept; None for anything else."""
    return found if type(found) is tuple and len(found) == 2 else None
