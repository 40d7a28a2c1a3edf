"""Rows of a table as a file has them, before anybody knows which table it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from wagtail_regional.imports.cells import BadCell, as_text, is_empty
from wagtail_regional.imports.error_values import is_error_value
from wagtail_regional.imports.problems import CellError, Place, Problems
from wagtail_regional.spreadsheets import restore
from wagtail_regional.text import normal_text

#: How a note in a template's first cell begins; such a row is passed over.
NOTE = "#"


#: How many merged ranges of a sheet are told of.
MOST_MERGED = 50


Row = tuple[int, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of a sheet that are one to the eye: all but the first of them are empty."""

    range: str
    first: int
    last: int
    column: int


@dataclass
class RawTable:
    """A sheet or a CSV file as it was read.

    Attributes:
        source: the name of the file.
        sheet: the name of the sheet; empty for a CSV file.
        rows: its rows, each with its line, the headers first.
        hidden: whether people do not see the sheet.
        split: for CSV, parts a line into its cells.
        warnings: what to say of the file as a whole.
        merged: ranges of merged cells, known once all rows are read.
        headers: normalised, without the empty ones at the end.
        notes: the lines above the headers that are notes.
    """

    source: str
    sheet: str
    rows: Iterator[Row]
    hidden: bool = False
    split: Callable[[str], list[str]] | None = None
    warnings: list[str] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    header_line: int = 0
    notes: list[int] = field(default_factory=list)
    empty: int = 0

    def place(self, line: int = 0) -> Place:
        return Place(self.source, self.sheet, line)

    @property
    def name(self) -> str:
        return self.sheet or re.sub(r"\.\w+$", "", self.source)

    def read_headers(self) -> bool:
        """Take the first row that is neither empty nor a note. False where there is none."""
        for line, row in self.rows:
            if all(is_empty(cell) for cell in row):
                self.empty += 1
            elif is_note(row):
                self.notes.append(line)
            else:
                self.headers = [normal_header(_shown(cell)) for cell in row]
                self.header_line = line
                while self.headers and not self.headers[-1]:
                    self.headers.pop()
                return True
        return False

    def pass_over(self, problems: Problems, reason: str) -> None:
        """Count all its rows as passed over."""
        count = sum(not all(is_empty(cell) for cell in row) for _line, row in self.rows)
        count += len(self.notes) + bool(self.headers)
        if count:
            problems.ledger.pass_over(self.place(), reason, count)


def _shown(cell: Any) -> str:
    try:
        return as_text(cell)
    except CellError:
        return "?"


def is_note(row: Sequence[Any]) -> bool:
    """Whether a row is one of a template's notes: its first cell begins with ``#``, and holds
    more than what a spreadsheet shows for a formula that failed."""
    first = row[0] if row else None
    if not isinstance(first, str) or isinstance(first, BadCell):
        return False
    text = normal_text(first)
    return text.startswith(NOTE) and not is_error_value(text)


def normal_header(name: str) -> str:
    """``Name NL`` and ``name-nl`` mean ``name_nl``."""
    text = normal_text(str(restore(name)))
    return re.sub(r"[\s\-]+", "_", text.strip("*").lower()).strip("_")
