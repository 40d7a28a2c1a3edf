"""Workbooks (XLSX), with openpyxl, which Wagtail brings along."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from wagtail_regional.imports.archives import open_archive
from wagtail_regional.imports.limits import Limits
from wagtail_regional.imports.problems import ImportRefusedError, Place
from wagtail_regional.imports.tables import RawTable, Row

# What openpyxl raises for what is no workbook is anything at all.
_UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
)


def read_xlsx(file: IO[bytes], name: str, limits: Limits) -> Iterator[RawTable]:
    """The sheets of a workbook that have headers, in order.

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
        _refuse_entities(archive, place)
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (*_UNREADABLE, DefusedXmlException) as error:
        raise _damaged(place) from error
    for sheet in book.worksheets:
        # What a sheet says of its own size may be a lie.
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()
        raw = RawTable(name, sheet.title, _rows(sheet, Place(name, sheet.title), limits))
        if sheet.sheet_state == "visible" and raw.read_headers():
            yield raw


def _damaged(place: Place) -> ImportRefusedError:
    return ImportRefusedError(
        _("The workbook is damaged. Open it in your spreadsheet and save it anew as .xlsx."), place
    )


def _refuse_entities(archive: zipfile.ZipFile, place: Place) -> None:
    """No workbook declares a document type; entities that unfold are declared in one.

    defusedxml refuses them too, where openpyxl finds it. This holds without it.
    """
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with archive.open(part) as file:
                # A document type comes before the first element.
                head = file.read(65536).replace(b"\0", b"")
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
            raise _damaged(place) from error
        if re.search(rb"<!\s*(DOCTYPE|ENTITY)", head, re.IGNORECASE):
            raise ImportRefusedError(
                _("The workbook declares XML entities, which none needs. Save it anew as .xlsx."),
                place,
            )


def _rows(sheet: Any, place: Place, limits: Limits) -> Iterator[Row]:
    count = 0
    try:
        for line, row in enumerate(sheet.iter_rows(), start=1):
            count += len(row)
            if count > limits.cells or line > limits.rows + 100:
                raise ImportRefusedError(
                    _(
                        "The sheet has more than %(rows)d rows or %(cells)d cells. Delete empty "
                        "rows and columns, or split it."
                    )
                    % {"rows": limits.rows, "cells": limits.cells},
                    Place(place.source, place.table, line),
                )
            yield line, [_value(cell) for cell in row]
    except (*_UNREADABLE, DefusedXmlException) as error:
        raise _damaged(place) from error


def _value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, dt.datetime):
        return _date(value, cell.number_format)
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return str(value)
    return value


def _date(value: dt.datetime, number_format: str | None) -> str:
    """A date at the precision it is shown in: spreadsheets turn “2014-02” into 1 February."""
    shown = re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", (number_format or "").lower())
    if "y" in shown and "d" not in shown:
        return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
    return value.date().isoformat()
