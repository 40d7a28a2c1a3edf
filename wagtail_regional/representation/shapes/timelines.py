"""The history of alliances."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from wagtail_regional import schemas as s
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.rows import Rows
from wagtail_regional.representation.shapes.alliances import Alliances
from wagtail_regional.representation.shapes.dates import partial_date
from wagtail_regional.representation.shapes.orders import in_time_order
from wagtail_regional.representation.shapes.words import in_words


class Timelines(Alliances):
    """What happened in an alliance, and when."""

    def __init__(self, rows: Rows, context: ReadContext) -> None:
        super().__init__(rows, context)
        self._dates: dict[str, tuple[str, str]] = {}

    def timeline(self, pk: int) -> list[s.RegionalEvent]:
        """What the registry knows of an alliance's history, in order."""
        row, alliance = self.rows.alliances[pk], self.alliance(pk)
        if alliance is None:
            return []
        words = _event_words(self.words)
        events = [
            self._event(row.starts, "start", words["start"], alliance.name),
            self._event(row.ends, "end", words["end"], alliance.name),
        ]
        for member in [*self.members(pk)[0], *self.members(pk)[1]]:
            lifecycle = member.lifecycle
            if lifecycle is None:
                continue
            if lifecycle.starts != alliance.lifecycle.starts:
                events.append(self._event(lifecycle.starts, "joined", words["joined"], member.name))
            events.append(self._event(lifecycle.ends, "left", words["left"], member.name))
        for recognition in self.recognitions(pk):
            starts = recognition.lifecycle.starts
            events.append(self._event(starts, "recognition", "%(name)s", recognition.label))
        for project in self.projects(pk):
            starts = project.lifecycle.starts
            events.append(self._event(starts, "project", "%(name)s", project.title))
        return in_time_order(event for event in events if event)

    def _event(self, date: Any, kind: Any, title: str, name: str) -> s.RegionalEvent | None:
        if not date:
            return None
        key = str(date)
        if key not in self._dates:
            when = partial_date(date)
            self._dates[key] = str(when), self.date(when) if when else ""
        written, words = self._dates[key]
        return s.RegionalEvent.shape(
            date=written, date_text=words, kind=kind, title=title % {"name": name}
        )


@in_words
def _event_words() -> dict[str, str]:
    """The wording of events."""
    return {
        "start": gettext("Start of %(name)s"),
        "end": gettext("End of %(name)s"),
        "joined": gettext("%(name)s joined"),
        "left": gettext("%(name)s left"),
    }
