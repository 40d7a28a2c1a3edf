"""CSV as spreadsheets really save it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import IO, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports.kinds import Kind
from wagtail_regional.imports.limits import Limits
from wagtail_regional.imports.problems import ImportRefusedError, Place
from wagtail_regional.imports.tables import RawTable, Row, normal_header

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS: Final = (",", ";", "\t", "|")
_CHUNK: Final = 1 << 20

# A small letter with an accent between small letters: what a text has when it is decoded well.
_ACCENT: Final = re.compile(r"[a-z][à-öø-ÿœš][a-z]")


def detect_encoding(file: IO[bytes]) -> str:
    """How a CSV file is encoded.

    By its byte order mark; else UTF-8 if all of it is; else UTF-16 if every other byte is NUL;
    else the one of Windows' and the old Macintosh's in which more accents are where accents go.
    General detectors guess among dozens, and take a short list of names for Cyrillic at times.

    Returns:
        The name of a codec. The file is at its beginning again.
    """
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    for encoding, nul in (("utf-16-le", slice(1, None, 2)), ("utf-16-be", slice(0, None, 2))):
        if len(head) > 3 and head[nul].count(0) > len(head) // 4:
            return encoding
    return "utf-8" if _is_utf8(file) else _detect_single_byte(file)


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _detect_single_byte(file: IO[bytes]) -> str:
    scores = {"cp1252": 0, "mac_roman": 0}
    while chunk := file.read(_CHUNK):
        for encoding in list(scores):
            try:
                scores[encoding] += len(_ACCENT.findall(chunk.decode(encoding)))
            except UnicodeDecodeError:
                # Five bytes mean nothing in Windows' encoding.
                del scores[encoding]
    file.seek(0)
    return max(scores, key=lambda encoding: scores[encoding])


def read_csv(
    file: IO[bytes], name: str, kind: Kind, limits: Limits, encoding: str = ""
) -> RawTable:
    """The table in a CSV file.

    Args:
        file: opened for bytes; it is read as the rows are.
        name: what to call it in messages.
        kind: whose columns to expect: they show which separator is used.
        limits: what is refused.
        encoding: a codec, where detecting goes wrong.

    Raises:
        ImportRefusedError: when it is no text, or holds no headers.
    """
    place = Place(name)
    _refuse_other_formats(file, place)
    encoding = encoding or detect_encoding(file)
    try:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        first = text.readline()
        skipped, separator = 0, _said_separator(first)
        if separator:
            skipped, first = 1, text.readline()
        text.seek(0)
        separator = separator or _find_separator(text.read(20_000), kind)
        text.seek(0)
        if skipped:
            text.readline()
    except (UnicodeError, LookupError) as error:
        raise ImportRefusedError(
            _("The file cannot be read as %(encoding)s. Save it as “CSV UTF-8”.")
            % {"encoding": encoding},
            place,
        ) from error
    raw = RawTable(name, "", _rows(text, separator, skipped, place, encoding, limits))
    if not raw.read_headers():
        raise ImportRefusedError(
            _("The file is empty. Its first line should name the columns."), place
        )
    return raw


def _refuse_other_formats(file: IO[bytes], place: Place) -> None:
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        raise ImportRefusedError(
            _("This is a workbook or zip archive, not CSV. Name it .xlsx."), place
        )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefusedError(
            _("This is an old Excel workbook. Save it as .xlsx or as “CSV UTF-8”."), place
        )


def _said_separator(first: str) -> str:
    """The separator of a first line such as ``sep=;``, which Excel reads and hides."""
    match = re.fullmatch(r'\ufeff?"?sep=(.)"?\s*', first, re.IGNORECASE)
    return match[1] if match else ""


def _find_separator(head: str, kind: Kind) -> str:
    """The separator that makes the most known columns of the first lines."""
    known = {name for table in kind.tables for name in table.headers()}

    def fitting(separator: str) -> tuple[int, int]:
        try:
            for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
                if any(row) and not row[0].startswith("#"):
                    return sum(normal_header(name) in known for name in row), len(row)
        except csv.Error:
            pass
        return 0, 0

    return max(_SEPARATORS, key=fitting)


def _rows(
    text: io.TextIOWrapper,
    separator: str,
    skipped: int,
    place: Place,
    encoding: str,
    limits: Limits,
) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=separator)
    line = skipped + 1
    try:
        for row in reader:
            # Rows with line ends in them begin where the one before ended.
            yield line, row
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise ImportRefusedError(
            _("Line %(line)d cannot be read (%(error)s). Is a quotation mark left open?")
            % {"line": line, "error": error},
            Place(place.source, "", line),
        ) from error
    except UnicodeError as error:
        raise ImportRefusedError(
            _("Line %(line)d is not %(encoding)s. Save the file as “CSV UTF-8”.")
            % {"line": line, "encoding": encoding},
            Place(place.source, "", line),
        ) from error
