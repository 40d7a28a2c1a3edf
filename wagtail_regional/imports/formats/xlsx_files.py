"""Workbooks (XLSX), with openpyxl, which Wagtail brings along.

Its parser of sheets is used rather than its sheets: they do not tell a formula that nobody
calculated from an empty cell, nor a row that is only formatted from one that is not there.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from wagtail_regional.imports.cells import BadCell, ShownDate, ShownNumber
from wagtail_regional.imports.formats.archives import open_archive
from wagtail_regional.imports.formats.limits import Limits
from wagtail_regional.imports.formats.raw_tables import Merged, RawTable, Row
from wagtail_regional.imports.problems import ImportRefusedError, Place

#: The last row that a sheet can have.
_LAST_ROW: Final = 1_048_576

# ISO 29500 has two dialects. Excel writes the "strict" one on demand; it differs in the names of
# its namespaces, and in that dates may be written as text.
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_DIALECTS: Final = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    ),
)
_CHUNK: Final = 1 << 20

# How workbooks write a character that XML has no way to write, and a carriage return, which it
# does not keep (ISO 29500-1, 22.9.2.19); openpyxl leaves it as it is.
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


#: Formats that show a number as it is kept, and how many of its digits a spreadsheet keeps.
_AS_KEPT: Final = ("", "general", "@")
_MOST_DIGITS: Final = 15


def read_xlsx(file: IO[bytes], name: str, limits: Limits) -> Iterator[RawTable]:
    """The sheets of a workbook that have rows, in order.

    Args:
        file: opened for bytes, and able to seek.
        name: what to call it in messages.
        limits: what is refused.

    Raises:
        ImportRefusedError: when it is no workbook, is too large, or declares entities.
    """
    place = Place(name)
    with open_archive(file, place, limits) as archive:
        if "[Content_Types].xml" not in archive.namelist():
            raise ImportRefusedError(_("This zip archive is not a workbook (.xlsx)."), place)
        strict = _look_into(archive, place)
        if strict:
            file = _as_transitional(archive, place)
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [(sheet, str(sheet.title), sheet.sheet_state) for sheet in book.worksheets]
    except Exception as error:
        # What openpyxl raises for what is no workbook is anything at all.
        raise _damaged(place, strict) from error
    for sheet, title, state in sheets:
        raw = RawTable(name, title, iter(()), hidden=state != "visible")
        raw.rows = _rows(book, sheet, raw, limits)
        raw.read_headers()
        yield raw


def _damaged(place: Place, strict: bool = False) -> ImportRefusedError:
    if strict:
        return ImportRefusedError(
            _(
                "This workbook is in the format “Strict Open XML”, and cannot be read. In your "
                "spreadsheet choose Save as, and “Excel workbook (.xlsx)”."
            ),
            place,
        )
    return ImportRefusedError(
        _("The workbook is damaged. Open it in your spreadsheet and save it anew as .xlsx."), place
    )


def _look_into(archive: zipfile.ZipFile, place: Place) -> bool:
    """Refuse a workbook that declares a document type, as none does: entities that unfold are
    declared in one. (defusedxml refuses them too, where openpyxl finds it.)

    Returns:
        Whether it is in the strict dialect.
    """
    strict = False
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with archive.open(part) as file:
                # A document type comes before the first element.
                head = file.read(65536).replace(b"\0", b"")
        except Exception as error:
            raise _damaged(place) from error
        if re.search(rb"<!\s*(DOCTYPE|ENTITY)", head, re.IGNORECASE):
            raise ImportRefusedError(
                _("The workbook declares XML entities, which none needs. Save it anew as .xlsx."),
                place,
            )
        strict = strict or (part.filename.endswith("workbook.xml") and _STRICT in head)
    return strict


def _as_transitional(archive: zipfile.ZipFile, place: Place) -> IO[bytes]:
    """A workbook of the strict dialect in the other one, which openpyxl reads."""
    made = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
            for part in archive.infolist():
                with archive.open(part) as source, target.open(part.filename, "w") as sink:
                    for chunk in _translated(source):
                        sink.write(chunk)
    except Exception as error:
        raise _damaged(place, strict=True) from error
    return made


def _translated(source: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a part with the other names; none is cut in two where a chunk ends."""
    most = max(len(strict) for strict, _transitional in _DIALECTS)
    rest = b""
    while chunk := source.read(_CHUNK):
        rest += chunk
        for strict, transitional in _DIALECTS:
            rest = rest.replace(strict, transitional)
        # A name that began here would not be whole yet.
        cut = rest.find(_STRICT[:1], max(0, len(rest) - most))
        cut = len(rest) if cut < 0 else cut
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


class _Parser(WorkSheetParser):
    """openpyxl's, which also tells cells whose formula nobody calculated."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        before = self.col_counter
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except Exception:
            return self._unreadable(element, before)
        if isinstance(cell["value"], float) and not math.isfinite(cell["value"]):
            return self._unreadable(element, before)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            # A formula may give a text of no letters: then there is a value, and it is a text.
            text = element.get("t") == "str" and element.find(VALUE_TAG) is not None
            cell["uncalculated"] = not text
        return cell

    def _unreadable(self, element: Any, before: int) -> dict[str, Any]:
        """A cell whose value is none, by its place, so that the others are read all the same."""
        coordinate = element.get("r")
        # Raises what makes the sheet a damaged one where it has no such place.
        column = coordinate_to_tuple(coordinate)[1] if coordinate else before + 1
        self.col_counter = column
        return {"column": column, "value": None, "unreadable": True}


def _rows(book: Any, sheet: Any, raw: RawTable, limits: Limits) -> Iterator[Row]:
    place = raw.place()
    count = last = 0
    try:
        with sheet._get_source() as source:
            parser = _Parser(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for line, cells in parser.parse():
                if not last < line <= _LAST_ROW:
                    raise _damaged(place)
                last = line
                row = _row(sheet, cells)
                count += len(row)
                if count > limits.cells:
                    raise ImportRefusedError(
                        _("The sheet has more than %(cells)d cells. Split it.")
                        % {"cells": limits.cells},
                        raw.place(line),
                    )
                yield line, row
            if parser.merged_cells is not None:
                raw.merged = [
                    Merged(str(each.coord), each.min_row, each.max_row, each.min_col)
                    for each in parser.merged_cells.mergeCell
                ]
    except ImportRefusedError:
        raise
    except Exception as error:
        raise _damaged(place) from error


def _row(sheet: Any, cells: list[dict[str, Any]]) -> list[Any]:
    """The values of a row, up to the last cell that holds something."""
    row: list[Any] = []
    for cell in cells:
        bad: BadCell | None = _UNCALCULATED if cell.pop("uncalculated", False) else None
        bad = _UNREADABLE if cell.pop("unreadable", False) else bad
        if cell["value"] is None and bad is None:
            continue
        place = cell["column"] - 1
        if place >= len(row):
            row.extend([None] * (place + 1 - len(row)))
        elif row[place] is not None:
            raise ValueError(f"Two cells are in column {place + 1} of a row")
        row[place] = bad or _value_of(sheet, cell)
    return row


def _value_of(sheet: Any, cell: dict[str, Any]) -> Any:
    try:
        return _value(ReadOnlyCell(sheet, **cell))
    except Exception:
        # Of a style that is not there, say.
        return _UNREADABLE


class _Uncalculated(BadCell):
    @property
    def reason(self) -> str:
        return _(
            "This formula has no value yet. Open the workbook in your spreadsheet and save it, or "
            "write the value."
        )


class _Unreadable(BadCell):
    @property
    def reason(self) -> str:
        return _("The workbook is damaged in this cell: it holds no value. Type it anew.")


_UNCALCULATED: Final = _Uncalculated()
_UNREADABLE: Final = _Unreadable()


def _value(cell: Any) -> Any:
    value, number_format = cell.value, cell.number_format
    if isinstance(value, dt.datetime):
        return ShownDate(_date(value, number_format))
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return ShownDate(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value, number_format or "")
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    return value


def _number(value: float, number_format: str) -> Any:
    """A number as people see it, where that is not what is kept."""
    shown = number_format.lower()
    if "%" in _plain_format(shown):
        return f"{round(value * 100, 6):g}%"
    whole = value == int(value) if math.isfinite(value) else False
    if whole and value >= 0 and shown.count("0") == len(shown) > 1:
        # Zeros are put before it: 0012.
        return f"{int(value):0{len(shown)}d}"
    kept = Decimal(str(value))
    digits = len(kept.as_tuple().digits) if kept.is_finite() else 0
    plain = shown in _AS_KEPT or (whole and shown in ("0", "#"))
    # 1E+20 has one digit that says something, and is shown so.
    plain = plain and digits <= _MOST_DIGITS and -5 < kept.adjusted() < _MOST_DIGITS
    return value if plain or not value else ShownNumber(kept)


def _plain_format(number_format: str | None) -> str:
    """A number format without what it quotes."""
    return re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", (number_format or "").lower())


def _date(value: dt.datetime, number_format: str | None) -> str:
    """A date at the precision it is shown in: spreadsheets turn “2014-02” into 1 February."""
    shown = _plain_format(number_format)
    if "y" in shown and "d" not in shown:
        return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
    return value.date().isoformat()
