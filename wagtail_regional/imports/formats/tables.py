"""From the rows of a sheet or CSV file to records."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import localedata
from django.conf.global_settings import LANGUAGES
from django.utils.translation import gettext as _

from wagtail_regional.imports.cells import is_empty, nearest, some
from wagtail_regional.imports.columns import GUESTS, Column, Table, header
from wagtail_regional.imports.formats.limits import Limits
from wagtail_regional.imports.formats.raw_tables import (
    MOST_MERGED,
    RawTable,
    is_note,
)
from wagtail_regional.imports.kinds import KINDS, Kind
from wagtail_regional.imports.problems import CellError, ImportRefusedError, Place, Problems
from wagtail_regional.imports.quoting import TOO_LONG, Literal, unquote
from wagtail_regional.imports.records import Record, Reference
from wagtail_regional.languages import content_languages


def choose_table(raw: RawTable, kind: Kind) -> Table | None:
    """Which table of `kind` this is: by its name, or else by its headers.

    Returns:
        None where neither its name nor a single header fits, as on a sheet of notes, and for a
        sheet with the name of another kind's table.
    """
    words = re.split(r"[^a-z]+", raw.name.lower())
    for table in kind.tables:
        if table.name in words:
            return table
    if raw.sheet and table_of_another(raw, kind):
        return None
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


def table_of_another(raw: RawTable, kind: Kind) -> str:
    """The kind that the name of a sheet belongs to, where that is another one; else ``""``."""
    words = re.split(r"[^a-z]+", raw.name.lower())
    return next(
        (
            other.name
            for other in KINDS.values()
            if other is not kind and any(table.name in words for table in other.tables)
        ),
        "",
    )


@dataclass
class _Columns:
    """What the headers say.

    Attributes:
        entries: for each column its header, what it holds and the language; None for one that is
            passed over: without header, or already told to be unknown.
        names: the headers.
        meant: for a header that is not known, the field that it was probably meant for; that it
            is missing from a row with something there needs no saying again.
        missing: columns without which nobody knows what a row is about; it is told that they are
            not there.
    """

    entries: list[tuple[str, Column, str] | None] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    meant: dict[int, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


def read_table(raw: RawTable, table: Table, limits: Limits, problems: Problems) -> Iterator[Record]:
    """The records of a table. What is wrong with its headers or a row is added to `problems`, and
    so is every row: each is read, refused or passed over.

    Raises:
        ImportRefusedError: when there are too many rows.
    """
    ledger = problems.ledger
    columns = _check_headers(raw, table, problems)
    for line in raw.notes:
        ledger.pass_over(raw.place(line), _("It is a note: its first cell begins with “#”."))
    empty, count = raw.empty, 0
    for line, row in raw.rows:
        place = raw.place(line)
        if all(is_empty(cell) for cell in row):
            empty += 1
            continue
        if is_note(row):
            ledger.pass_over(place, _("It is a note: its first cell begins with “#”."))
            continue
        count += 1
        ledger.read(place)
        if count > limits.rows:
            raise ImportRefusedError(
                _("There are more than %(limit)d rows. Split the file.") % {"limit": limits.rows},
                place,
            )
        yield _read_row(raw, place, row, columns, table, problems)
    if empty:
        ledger.pass_over(raw.place(), _("The row is empty."), empty)
    _refuse_merged(raw, problems)


def _refuse_merged(raw: RawTable, problems: Problems) -> None:
    """Of merged cells only the first has a value; what is meant by the others is not said."""
    lines = sorted({raw.header_line, *problems.ledger.lines_read(raw.place())})
    told = 0
    for each in raw.merged:
        at = bisect_left(lines, each.first)
        line = lines[at] if at < len(lines) else 0
        if not each.first <= line <= each.last or each.column > len(raw.headers):
            continue
        if told == MOST_MERGED:
            return
        told += 1
        problems.add(
            raw.place(line),
            raw.headers[each.column - 1],
            each.range,
            _("These cells are merged. Unmerge them, and write in each what holds for its row."),
        )


def _check_headers(raw: RawTable, table: Table, problems: Problems) -> _Columns:
    known = table.headers()
    place = raw.place(raw.header_line)
    columns = _Columns(names=raw.headers)
    seen: set[str] = set()
    for number, name in enumerate(raw.headers):
        entry = None
        if name in seen:
            problems.add(
                place,
                name,
                "",
                _("The column “%(name)s” is there twice. Take one of them out.") % {"name": name},
            )
        elif name and name not in known:
            reason, hint = _unknown_header(name, table)
            problems.add(place, name, "", reason)
            if hint:
                columns.meant[number] = known[hint][0].name
        elif name:
            seen.add(name)
            entry = (name, *known[name])
        columns.entries.append(entry)
    for column in table.columns:
        if column.needed and column.name not in seen:
            columns.missing.add(column.name)
            problems.add(
                place,
                column.name,
                "",
                _("The column “%(name)s” is missing: it says what each row belongs to.")
                % {"name": column.name},
            )
    return columns


def _unknown_header(name: str, table: Table) -> tuple[str, str]:
    """What to say of a header that is not known, and the one that was probably meant."""
    known = list(table.headers())
    for column in table.columns:
        if language := _other_language(name, column):
            text = _(
                "“%(language)s” is not among this site's languages (WAGTAIL_CONTENT_LANGUAGES: "
                "%(languages)s)."
            ) % {"language": language, "languages": ", ".join(content_languages())}
            return text, next(column.headers())[0]
    # `name` alone, or with a language that the site does not have; else the nearest word.
    hint = next(
        (
            next(column.headers())[0]
            for column in table.columns
            if column.localised and re.fullmatch(rf"{column.name}(_[a-z_]+)?", name)
        ),
        "",
    ) or nearest(name[:100], known)
    parts = {"name": name[:100], "hint": hint, "known": some(known, 60), "table": table.name}
    if hint:
        text = _("There is no column “%(name)s” in %(table)s. Did you mean “%(hint)s”?") % parts
        return text, hint
    return _("There is no column “%(name)s” in %(table)s. Known are: %(known)s.") % parts, ""


def _other_language(name: str, column: Column) -> str:
    """The language that a header names beside a localised column; empty where it names none."""
    code = name.removeprefix(f"{column.name}_")
    if not column.localised or code == name:
        return ""
    return code.replace("_", "-") if code in _language_codes() else ""


@functools.cache
def _language_codes() -> frozenset[str]:
    """The languages there are, as headers write them."""
    return frozenset(
        header("", language).removeprefix("_").lower()
        for language in {*localedata.locale_identifiers(), *(code for code, _name in LANGUAGES)}
    )


def _read_row(
    raw: RawTable,
    place: Place,
    row: Sequence[Any],
    columns: _Columns,
    table: Table,
    problems: Problems,
) -> Record:
    _refuse_extra_cells(place, row[len(columns.entries) :], problems)
    if raw.split is not None:
        _refuse_swallowed_rows(raw, place, row, columns, problems)
    values: dict[str, Any] = {}
    unread = set(columns.missing)
    cells = zip(columns.names, row, columns.entries, strict=False)
    for number, (name, cell, entry) in enumerate(cells):
        cell = unquote(cell)
        if is_empty(cell):
            continue
        if entry is None:
            if not name:
                problems.add(place, "", cell, _("This cell is in a column without a header."))
            # Else its header was told of, and what stands here is not imported.
            problems.ledger.refuse(place)
            if number in columns.meant:
                unread.add(columns.meant[number])
            continue
        name, column, language = entry
        if cell == TOO_LONG and not isinstance(cell, Literal):
            problems.add(
                place,
                name,
                cell,
                _("The text is left as it is: no cell of a workbook can hold it. Export as CSV."),
                warning=True,
            )
            continue
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
    return _make_record(place, values, table, problems, unread)


def _refuse_swallowed_rows(
    raw: RawTable, place: Place, row: Sequence[Any], columns: _Columns, problems: Problems
) -> None:
    """A quotation mark left open takes in all that comes before the next one: whole rows, if that
    is at the beginning of a cell. Text of several lines rarely looks like rows of this table."""
    line = place.line
    for cell, name in zip(row, columns.names, strict=False):
        lines = re.split(r"\r\n?|\n", cell) if isinstance(cell, str) else [""]
        for inner in lines[1:]:
            if _looks_like_a_row(raw, inner, columns):
                problems.add(
                    raw.place(place.line),
                    name,
                    lines[0],
                    _(
                        "The quotation mark that opens in line %(line)d takes in other rows, such "
                        "as “%(row)s”. Close it where the text ends."
                    )
                    % {"line": line, "row": inner[:60]},
                )
                return
        line += len(lines) - 1


def _looks_like_a_row(raw: RawTable, line: str, columns: _Columns) -> bool:
    """Whether a line has as many cells as there are columns, and in at least one whose cells are
    no mere texts stands what may stand there, and nothing in any that may not."""
    cells = raw.split(line) if raw.split else []
    if len(cells) < 2 or len(cells) != len(columns.names):
        return False
    fitting = 0
    for cell, entry in zip(cells, columns.entries, strict=True):
        if entry is None or is_empty(cell) or not entry[1].telling:
            continue
        try:
            entry[1].cell.read(unquote(cell))
        except CellError:
            return False
        fitting += 1
    return fitting > 0


def _refuse_extra_cells(place: Place, cells: Iterable[Any], problems: Problems) -> None:
    for cell in cells:
        if not is_empty(cell):
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
    place: Place, values: dict[str, Any], table: Table, problems: Problems, unread: set[str]
) -> Record:
    for column in table.columns:
        if not column.needed or isinstance(values.get(column.name), Reference):
            continue
        if column.name not in unread:
            problems.add(place, column.name, "", column.needed)
        unread.add(column.name)
        values.pop(column.name, None)
        # Of what is told at the headers, too.
        problems.ledger.refuse(place)
    parent = values.pop(table.parent, None) if table.parent else None
    if table.name == "access" and str(values.get("organisation")).lower() == GUESTS:
        # Terms for guests are those without an organisation.
        del values["organisation"]
    return Record(table.name, place, values, parent=parent, unread=frozenset(unread))
