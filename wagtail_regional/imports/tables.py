"""From the rows of a sheet or CSV file to records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from wagtail_regional.imports.cells import as_text, nearest, some
from wagtail_regional.imports.kinds import GUESTS, Column, Kind, Table
from wagtail_regional.imports.limits import Limits
from wagtail_regional.imports.problems import CellError, ImportRefusedError, Place, Problems
from wagtail_regional.imports.records import CLEAR, Record, Reference
from wagtail_regional.spreadsheets import restore

#: How a note in a template's first cell begins; such a row is passed over.
NOTE = "#"

Row = tuple[int, Sequence[Any]]


@dataclass
class RawTable:
    """A sheet or a CSV file as it was read.

    Attributes:
        source: the name of the file.
        sheet: the name of the sheet; empty for a CSV file.
        rows: its rows, each with its line, the headers first.
    """

    source: str
    sheet: str
    rows: Iterator[Row]
    headers: list[str] = field(default_factory=list)
    header_line: int = 0

    def place(self, line: int = 0) -> Place:
        return Place(self.source, self.sheet, line)

    @property
    def name(self) -> str:
        return self.sheet or re.sub(r"\.\w+$", "", self.source)

    def read_headers(self) -> bool:
        """Take the first row that is neither empty nor a note. False where there is none."""
        for line, row in self.rows:
            names = [as_text(cell).strip() for cell in row]
            if any(names) and not names[0].startswith(NOTE):
                self.headers = [normal_header(name) for name in names]
                self.header_line = line
                while self.headers and not self.headers[-1]:
                    self.headers.pop()
                return True
        return False


def normal_header(name: str) -> str:
    """``Name NL`` and ``name-nl`` mean ``name_nl``."""
    return re.sub(r"[\s\-]+", "_", str(restore(name)).strip().strip("*").lower()).strip("_")


def choose_table(raw: RawTable, kind: Kind) -> Table | None:
    """Which table of `kind` this is: by its name, or else by its headers.

    Returns:
        None where neither its name nor a single header fits, as on a sheet of notes.
    """
    words = re.split(r"[^a-z]+", raw.name.lower())
    for table in kind.tables:
        if table.name in words:
            return table
    fits = [(sum(name in table.headers() for name in raw.headers), table) for table in kind.tables]
    best = max(count for count, _table in fits)
    if not best:
        return None
    # Parts name their parent, and that column is no table's but theirs.
    candidates = [
        table
        for count, table in fits
        if count == best and (not table.parent or table.parent in raw.headers)
    ]
    return candidates[0] if candidates else kind.main


def read_table(raw: RawTable, table: Table, limits: Limits, problems: Problems) -> Iterator[Record]:
    """The records of a table. What is wrong with a row is added to `problems`.

    Raises:
        ImportRefusedError: when the headers do not fit, or there are too many rows.
    """
    columns = _check_headers(raw, table)
    for count, (line, row) in enumerate(raw.rows, start=1):
        if count > limits.rows:
            raise ImportRefusedError(
                _("There are more than %(limit)d rows. Split the file.") % {"limit": limits.rows},
                raw.place(line),
            )
        if record := _read_row(raw.place(line), row, columns, table, problems):
            yield record


def _check_headers(raw: RawTable, table: Table) -> list[tuple[str, Column, str] | None]:
    known = table.headers()
    place = raw.place(raw.header_line)
    columns: list[tuple[str, Column, str] | None] = []
    seen: set[str] = set()
    for name in raw.headers:
        if not name:
            columns.append(None)
            continue
        if name in seen:
            raise ImportRefusedError(
                _("The column “%(name)s” is there twice. Take one of them out.") % {"name": name},
                place,
                name,
            )
        if name not in known:
            raise ImportRefusedError(_unknown_header(name, table), place, name)
        seen.add(name)
        columns.append((name, *known[name]))
    _need_key(seen, table, place)
    return columns


def _need_key(seen: set[str], table: Table, place: Place) -> None:
    if table.parent and table.parent not in seen:
        raise ImportRefusedError(
            _("The column “%(name)s” is missing: it says what each row belongs to.")
            % {"name": table.parent},
            place,
            table.parent,
        )


def _unknown_header(name: str, table: Table) -> str:
    known = list(table.headers())
    # `name` alone, or with a language that the site does not have; else the nearest word.
    hint = next(
        (
            next(column.headers())[0]
            for column in table.columns
            if column.localised and re.fullmatch(rf"{column.name}(_[a-z_]+)?", name)
        ),
        "",
    ) or nearest(name, known)
    parts = {"name": name, "hint": hint, "known": some(known, 60), "table": table.name}
    if hint:
        return _("There is no column “%(name)s” in %(table)s. Did you mean “%(hint)s”?") % parts
    return _("There is no column “%(name)s” in %(table)s. Known are: %(known)s.") % parts


def _read_row(
    place: Place,
    row: Sequence[Any],
    columns: Sequence[tuple[str, Column, str] | None],
    table: Table,
    problems: Problems,
) -> Record | None:
    if all(cell is None or not as_text(cell).strip() for cell in row):
        return None
    if as_text(row[0]).startswith(NOTE):
        return None
    _refuse_extra_cells(place, row[len(columns) :], problems)
    values: dict[str, Any] = {}
    unread: set[str] = set()
    for cell, entry in zip(row, columns, strict=False):
        cell = restore(cell)
        if not as_text(cell).strip():
            continue
        if entry is None:
            problems.add(place, "", cell, _("This cell is in a column without a header."))
            continue
        name, column, language = entry
        try:
            value = column.cell.read(cell)
        except CellError as error:
            problems.add(place, name, cell, error)
            unread.add(column.name)
            continue
        if column.localised:
            values.setdefault(column.name, {})[language] = value
        else:
            values[column.name] = value
    record = _make_record(place, values, table, problems)
    if record is not None:
        record.unread = frozenset(unread)
    return record


def _refuse_extra_cells(place: Place, cells: Iterable[Any], problems: Problems) -> None:
    for cell in cells:
        if as_text(cell).strip():
            problems.add(
                place,
                "",
                cell,
                _(
                    "This row has more cells than there are columns. Put quotation marks around a "
                    "text that holds the separator."
                ),
            )
            return


def _make_record(
    place: Place, values: dict[str, Any], table: Table, problems: Problems
) -> Record | None:
    if not table.parent:
        return Record(table.name, place, values)
    parent = values.pop(table.parent, None)
    if not isinstance(parent, Reference):
        problems.add(place, table.parent, "", _("Say what this row belongs to."))
        return None
    if table.name == "access":
        _read_guests(values)
    return Record(table.name, place, values, parent=parent)


def _read_guests(values: dict[str, Any]) -> None:
    """Terms for guests are those without an organisation."""
    organisation = values.get("organisation")
    if organisation is CLEAR or str(organisation).lower() == GUESTS:
        del values["organisation"]
