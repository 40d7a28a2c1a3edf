"""Where in a file something stands."""

from __future__ import annotations

from dataclasses import dataclass

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
        return Place(self.source, self.table)

    def __str__(self) -> str:
        where = f"{self.source}, {self.table}" if self.table else self.source
        if not self.line:
            return where
        return _("%(where)s, line %(line)s") % {"where": where, "line": self.line}
