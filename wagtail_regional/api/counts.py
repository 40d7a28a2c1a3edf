"""Counts of programmes, kept for as long as no programme changes.

Counting is the one part of a list that costs more the more there is. An answer is made anew
after every change of content; its counts only when the finer stamp of programmes has moved.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.core.cache import caches

from wagtail_regional.api.caching import release
from wagtail_regional.api.selections import ProgrammeFilter
from wagtail_regional.conf import conf
from wagtail_regional.freshness.stamp import Stamps
from wagtail_regional.freshness.statements import programme_tables
from wagtail_regional.lifecycle import Moment


class KeptCount:
    """What was counted of the programmes that a filter finds.

    Args:
        what: the kind of count.
        chosen: the filter.
        moment: the day on which status was judged; None where the count asks for no status.
        stamps: those of the reader. Not later ones: what was counted may be rows that are kept
            under these. None where nothing is kept.
    """

    def __init__(
        self, what: str, chosen: ProgrammeFilter, moment: Moment | None, stamps: Stamps | None
    ) -> None:
        self.parts = what, chosen, moment
        self.stamps = stamps

    @cached_property
    def key(self) -> str:
        programmes = self.stamps.of(programme_tables()) if self.stamps else None
        text = repr((programmes, *self.parts))
        digest = blake2b(text.encode(), key=release(), digest_size=16).hexdigest()
        return f"wagtail_regional.count.{digest}"

    def read(self) -> Any:
        """The count, or None when it has to be made."""
        return caches[conf.API_CACHE].get(self.key) if self.stamps else None

    def keep(self, value: Any) -> None:
        if self.stamps:
            caches[conf.API_CACHE].set(self.key, value, conf.API_CACHE_SECONDS)
