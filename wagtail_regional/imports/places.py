"""Where in a file something stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read.

    Attributes:
        source: the name of the file.
        table: the sheet of a workbook; empty for other files.
        line: the line of a CSV file, the row of a sheet, the number of an item in JSON; 0 where
            the whole file is meant.
    """

    source: str
    table: str = ""
    line: int = 0

    @property
    def whole(self) -> Place:
        """The file or sheet that it is a line of."""
        return self.at(0)

    def at(self, line: int) -> Place:
        """A line of the same file or sheet."""
        return replace(self, line=line)

    def __str__(self) -> str:
        return self.named([str(self.line)] if self.line else [])

    def named(self, lines: Sequence[str]) -> str:
        """The file or sheet and these lines of it, in words."""
        where = f"{self.source}, {self.table}" if self.table else self.source
        if not lines:
            return where
        return self._words(len(lines) > 1) % {"where": where, "lines": ", ".join(lines)}

    def _words(self, several: bool) -> str:
        return _("%(where)s, lines %(lines)s") if several else _("%(where)s, line %(lines)s")


@dataclass(frozen=True, slots=True)
class ItemPlace(Place):
    """A place in JSON, where `line` is the number of an item."""

    def _words(self, several: bool) -> str:
        return _("%(where)s, items %(lines)s") if several else _("%(where)s, item %(lines)s")
