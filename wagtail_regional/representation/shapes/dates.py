"""Dates and public ids as rows have them: many are the same, and each is read once."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any
from uuid import UUID

from wagtail_regional.fields import PartialDate


def partial_date(value: Any) -> PartialDate | None:
    if not value:
        return None
    return value if isinstance(value, PartialDate) else parsed(value)


parsed = lru_cache(4096)(PartialDate.parse)


def day(value: Any) -> dt.date | None:
    """A day as nested rows have it: ISO 8601."""
    return _parsed_day(value) if value else None


_parsed_day = lru_cache(4096)(dt.date.fromisoformat)


def public_id(value: Any) -> UUID:
    """A public id: as a column has it, or as nested rows do, which is text."""
    return value if isinstance(value, UUID) else _parsed_id(value)


_parsed_id = lru_cache(16_384)(UUID)
