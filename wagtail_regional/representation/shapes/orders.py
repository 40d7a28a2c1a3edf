"""The orders that things are listed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from wagtail_regional import schemas as s
from wagtail_regional.lifecycle import Status
from wagtail_regional.representation.shapes.dates import parsed


def in_order(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nested rows come in no certain order; editors gave them one, and else the oldest leads."""
    return sorted(entries, key=lambda entry: (entry["sort_order"] or 0, entry["pk"]))


def in_project_order(projects: Iterable[s.RegionalProject]) -> list[s.RegionalProject]:
    """Running and coming projects by title; then ended ones, the latest first."""
    by_title = sorted(projects, key=lambda project: project.title.casefold())
    ended = [p for p in by_title if p.lifecycle.status == Status.ENDED]
    others = [p for p in by_title if p.lifecycle.status != Status.ENDED]
    return others + sorted(ended, key=lambda p: p.lifecycle.ends or "", reverse=True)


def in_time_order(events: Iterable[s.RegionalEvent]) -> list[s.RegionalEvent]:
    """Events by date.

    Of a bare year or month nobody knows the day: it comes after the days in it, by when it had
    surely happened. The start of the alliance itself comes as early as it may be, and first of a
    day; its end, last of a day, and after the bare year or month in which it falls.
    """
    events = list(events)
    ends = (parsed(event.date).last_day for event in events if event.kind == "end")
    end = max(ends, default=None)
    return sorted(events, key=lambda event: _place_in_time(event, end))


#: The order of what happened on one day; all else is 1.
_OF_A_DAY = {"start": 0, "left": 2, "end": 3}


def _place_in_time(event: s.RegionalEvent, end: dt.date | None) -> tuple[Any, ...]:
    date = parsed(event.date)
    day = date.first_day if event.kind == "start" else date.last_day
    if end is not None and date.first_day <= end:
        day = min(day, end)
    # What is known better stands before what is not.
    return day, _OF_A_DAY.get(event.kind, 1), -len(event.date)
