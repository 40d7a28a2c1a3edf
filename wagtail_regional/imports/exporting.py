"""The registry in the tables that imports read, and empty ones to begin with."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from wagtail_regional.imports.columns import GUESTS, Column, Table
from wagtail_regional.imports.formats.raw_tables import NOTE
from wagtail_regional.imports.kinds import Kind
from wagtail_regional.imports.quoting import TOO_LONG, join, quote
from wagtail_regional.models import Organisation

#: How many rows are loaded at a time.
_CHUNK = 500

#: How many units of UTF-16 a cell of a workbook holds; what is longer would be cut.
_LONGEST = 32_767

Rows = Iterable[list[Any]]


def export_rows(table: Table) -> Iterator[list[Any]]:
    """The rows of a table as cells, in the order of its headers. The headers come first."""
    columns = [(name, *entry) for name, entry in table.headers().items()]
    yield [name for name, _column, _language in columns]
    for row in _queryset(table).iterator(chunk_size=_CHUNK):
        yield [quote(_cell(row, table, column, language)) for _name, column, language in columns]


def _queryset(table: Table) -> Any:
    rows = table.model._default_manager.order_by("pk")
    single = [c.name for c in table.columns if c.links and not c.several]
    several = [c.child or c.name for c in table.columns if c.child or (c.links and c.several)]
    rows = rows.select_related(*single) if single else rows
    if table.parent:
        rows = rows.order_by(table.parent, "sort_order", "pk")
    prefetches = [Prefetch(name) for name in several]
    return rows.prefetch_related(*prefetches) if prefetches else rows


def _cell(row: Any, table: Table, column: Column, language: str) -> Any:
    if column.name == "remove":
        return None
    if column.child:
        codes = [(child.scheme, child.value) for child in getattr(row, column.child).all()]
        return column.cell.write(codes) if codes else None
    if column.links:
        return _links(row, table, column)
    value = getattr(row, column.name)
    if column.localised:
        return value.get(language)
    return None if value in (None, "", []) else column.cell.write(value)


def _links(row: Any, table: Table, column: Column) -> str | None:
    if column.several:
        return join([_key(each) for each in getattr(row, column.name).all()]) or None
    target = getattr(row, column.name)
    if target is None:
        return GUESTS if table.name == "access" else None
    return _key(target)


def _key(row: Any) -> str:
    """What tells a row everywhere, also in another registry that knows it: its ROR id, a theme's
    notation, else its uuid."""
    if isinstance(row, Organisation) and row.ror_id:
        return row.ror_id
    if hasattr(row, "notation"):
        return f"{row.scheme}:{row.notation}"
    return str(row.uuid)


# --- Templates -------------------------------------------------------------------------------


def template_rows(table: Table) -> Iterator[list[Any]]:
    """Headers, notes on what may stand below them, and an example. Reading them adds nothing."""
    headers = list(table.headers().items())
    yield [name for name, _entry in headers]
    notes = [_note(column) for _name, (column, _language) in headers]
    examples = [column.example_for(language) for _name, (column, language) in headers]
    yield [f"{NOTE} {notes[0]}".strip(), *notes[1:]]
    example = _("for example:")
    yield [f"{NOTE} {example} {examples[0]}".strip(), *map(quote, examples[1:])]


def _note(column: Column) -> str:
    parts = [str(column.note)] if column.note else []
    if column.codes is not None:
        parts.append(", ".join(column.codes()))
    if column.several:
        parts.append(_("Several with “;” between them."))
    return " ".join(parts)


# --- Files -----------------------------------------------------------------------------------


class _Line:
    """Gives back what csv writes to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Rows, separator: str = ",") -> Iterator[str]:
    """Rows as the lines of a CSV file, with a byte order mark: without it Excel takes UTF-8 for
    something else."""
    writer = csv.writer(_Line(), delimiter=separator, lineterminator="\r\n")
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(_plain(row))


def _plain(row: list[Any]) -> list[Any]:
    return [
        "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else cell for cell in row
    ]


def write_workbook(tables: Iterable[tuple[str, Rows]], file: IO[bytes]) -> None:
    """Write a workbook with a sheet for each table, row by row."""
    book = Workbook(write_only=True)
    for name, rows in tables:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            if number == 0:
                for position, header in enumerate(row, start=1):
                    width = max(14, len(header) + 3)
                    sheet.column_dimensions[get_column_letter(position)].width = width
                sheet.append([_bold(sheet, header) for header in row])
            else:
                sheet.append([_escaped(cell) for cell in row])
    book.save(file)


def _escaped(cell: Any) -> Any:
    """A cell of which no text stands for another character, as ``_x000D_`` does in workbooks, and
    none is cut short."""
    if not isinstance(cell, str):
        return cell
    cell = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", cell)
    return TOO_LONG if len(cell.encode("utf-16-le")) > 2 * _LONGEST else cell


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def export_workbook(kind: Kind, *, template: bool = False) -> bytes:
    """A workbook with the tables of a kind, filled or as a template."""
    rows = template_rows if template else export_rows
    file = io.BytesIO()
    write_workbook(((table.name, rows(table)) for table in kind.tables), file)
    return file.getvalue()


def export_csv(table: Table, *, template: bool = False, separator: str = ",") -> Iterator[str]:
    """The lines of a CSV file with one table, filled or as a template."""
    return csv_lines(template_rows(table) if template else export_rows(table), separator)
