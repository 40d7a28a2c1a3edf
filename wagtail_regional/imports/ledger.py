"""What became of each row of the files: of every one exactly one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports.places import Place

#: How many lines are named where rows were passed over, and how many groups of them are kept.
MOST_LINES: Final = 10
MOST_GROUPS: Final = 500

# One byte for each line of a file, so that a million of them are a megabyte.
_READ, _ADDED, _CHANGED, _SAME, _PASSED = range(1, 6)
_REFUSED: Final = 0x80
_ACTIONS: Final = {"add": _ADDED, "change": _CHANGED, "remove": _CHANGED, "same": _SAME}


@dataclass(slots=True)
class Passed:
    """Rows that were passed over for one reason.

    Attributes:
        place: the first of them, or the sheet.
        reason: why, for people.
        count: how many there are.
        lines: the first of their lines.
    """

    place: Place
    reason: str
    count: int = 0
    lines: list[int] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The file, the sheet and the lines."""
        if len(self.lines) <= 1:
            return str(self.place)
        more = ["…"] if self.count > len(self.lines) else []
        return self.place.named([*map(str, self.lines), *more])

    def as_dict(self) -> dict[str, Any]:
        return {"where": self.where, "reason": self.reason, "count": self.count}


@dataclass(frozen=True, slots=True)
class Totals:
    """The rows of all files: `rows` is what the others come to together."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    passed_over: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


class Ledger:
    """Keeps what became of each row.

    A row is a line of a CSV file, a row of a sheet or an item of JSON. What is refused in the end
    is refused, whatever was to become of it before.
    """

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], bytearray] = {}
        self._wholes: dict[tuple[str, str], Place] = {}
        self._passed: dict[tuple[str, str, str], Passed] = {}
        #: Rows without lines of their own: those of sheets that are not read.
        self._uncounted = 0

    def _lines(self, place: Place) -> bytearray:
        key = place.source, place.table
        if (lines := self._states.get(key)) is None:
            lines = self._states[key] = bytearray()
            self._wholes[key] = place.whole
        if len(lines) <= place.line:
            lines.extend(bytes(place.line + 1 - len(lines)))
        return lines

    def read(self, place: Place) -> None:
        """There is a row here, of which something has to become."""
        lines = self._lines(place)
        if not lines[place.line] & ~_REFUSED:
            lines[place.line] |= _READ

    def lines_read(self, place: Place) -> Iterator[int]:
        """The lines of a file or sheet with a row that is not passed over."""
        for line, state in enumerate(self._lines(place)):
            if state & ~_REFUSED not in (0, _PASSED):
                yield line

    def refuse(self, place: Place) -> None:
        """Something is wrong with what stands here."""
        if place.line:
            self._lines(place)[place.line] |= _REFUSED

    def is_refused(self, place: Place) -> bool:
        return bool(place.line and self._lines(place)[place.line] & _REFUSED)

    def action(self, place: Place) -> str:
        """What would have become of a row that is refused: ``add``, ``change`` or ``same``; empty
        where nothing would."""
        state = self._lines(place)[place.line] & ~_REFUSED
        return next((name for name, each in _ACTIONS.items() if each == state), "")

    def settle(self, place: Place, action: str) -> None:
        """This becomes of the row, unless something else does already: of an item that holds a
        programme and its providers, what becomes of the programme."""
        lines = self._lines(place)
        if place.line and lines[place.line] & ~_REFUSED in (0, _READ):
            lines[place.line] = lines[place.line] & _REFUSED | _ACTIONS[action]

    def pass_over(self, place: Place, reason: Any, count: int = 1) -> None:
        """The row here, or so many of a sheet, are left out for a good reason."""
        if place.line:
            lines = self._lines(place)
            if lines[place.line] & ~_REFUSED == _PASSED:
                return
            lines[place.line] = lines[place.line] & _REFUSED | _PASSED
        else:
            self._uncounted += count
        key = (place.source, place.table, str(reason))
        if key not in self._passed and len(self._passed) >= MOST_GROUPS:
            key = ("", "", "")
            reason, place = _("Other rows, for reasons like these."), place.whole
        group = self._passed.setdefault(key, Passed(place, str(reason)))
        group.count += count
        if place.line and len(group.lines) < MOST_LINES:
            group.lines.append(place.line)

    @property
    def passed(self) -> list[Passed]:
        """What was passed over, in groups of one file, sheet and reason."""
        return list(self._passed.values())

    def close(self) -> None:
        """Nothing more is to come: rows of which nothing became are said to be passed over."""
        for key, lines in list(self._states.items()):
            for line in _where(lines, _READ):
                place = self._wholes[key].at(line)
                self.pass_over(place, _("Nothing in it belongs to what is imported."))

    @property
    def open(self) -> int:
        """How many rows there are of which nothing became so far."""
        return sum(lines.count(_READ) for lines in self._states.values())

    @property
    def totals(self) -> Totals:
        """The numbers."""
        counts: Counter[int] = Counter()
        for lines in self._states.values():
            counts.update(lines)
        refused = sum(
            count for state, count in counts.items() if state & _REFUSED and state != _REFUSED
        )
        parts = {
            "added": counts[_ADDED],
            "changed": counts[_CHANGED],
            "unchanged": counts[_SAME],
            "refused": refused,
            "passed_over": counts[_PASSED] + self._uncounted,
        }
        return Totals(rows=sum(parts.values()) + counts[_READ], **parts)


def _where(lines: bytearray, state: int) -> Iterator[int]:
    at = lines.find(state)
    while at >= 0:
        yield at
        at = lines.find(state, at + 1)
