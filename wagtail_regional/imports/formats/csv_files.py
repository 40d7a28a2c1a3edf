"""CSV as spreadsheets really save it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import IO, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports.formats.limits import Limits
from wagtail_regional.imports.formats.raw_tables import RawTable, Row, normal_header
from wagtail_regional.imports.kinds import Kind
from wagtail_regional.imports.problems import ImportRefusedError, Place

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS: Final = (",", ";", "\t", "|")
_CHUNK: Final = 1 << 20

# Accented letters after a small letter: where a text that is decoded well has them.
_ACCENT: Final = re.compile(r"(?<=[a-z])[ß-öø-ÿœš]")
#: Those that the languages of Western Europe write most.
_COMMON: Final = frozenset("éèêëçüöäïñøåæßôîœ")

#: What a file that is not Unicode may be in: Windows', the old Macintosh's, that of DOS.
_SINGLE_BYTE: Final = ("cp1252", "mac_roman", "cp850")

# What UTF-8 has for letters beyond ASCII, and single-byte texts never.
_SEQUENCE: Final = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_HIGH: Final = re.compile(rb"[\x80-\xff]")

#: How encodings are called in spreadsheets.
_NAMES: Final = {
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp850": "DOS (code page 850)",
}


#: The most characters in a cell; Python's own reader stops at 131,072, which a text may have.
MOST_IN_CELL: Final = 1 << 24


def detect_encoding(file: IO[bytes]) -> str:
    """How a CSV file is encoded.

    By its byte order mark; else UTF-8 if all of it is, or all but some damage; else UTF-16 if
    every other byte is NUL; else, as a guess, the one of Windows', the old Macintosh's and DOS'
    in which more accents are where accents go. General detectors guess among dozens, and take a
    short list of names for Cyrillic at times.

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
    return "utf-8" if _is_utf8(file) or _is_damaged_utf8(file) else _detect_single_byte(file)


def _with_mark(encoding: str, file: IO[bytes]) -> str:
    """The encoding that somebody named, as it is where a byte order mark comes first, which else
    would be a letter of the first header."""
    try:
        family = codecs.lookup(encoding).name[:6]
    except LookupError:
        return encoding
    head = file.read(4)
    file.seek(0)
    for bom, marked in _BOMS:
        if head.startswith(bom) and marked.startswith(family):
            return marked
    return encoding


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


def _is_damaged_utf8(file: IO[bytes]) -> bool:
    """Whether more letters are written as UTF-8 does than bytes are left over."""
    letters = others = 0
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        found = _SEQUENCE.findall(chunk)
        letters += len(found)
        others += len(_HIGH.findall(chunk)) - sum(map(len, found))
    file.seek(0)
    return letters > others


def _detect_single_byte(file: IO[bytes]) -> str:
    scores = dict.fromkeys(_SINGLE_BYTE, 0)
    while chunk := file.read(_CHUNK):
        for encoding in list(scores):
            try:
                accents = _ACCENT.findall(chunk.decode(encoding))
            except UnicodeDecodeError:
                # Five bytes mean nothing in Windows' encoding.
                del scores[encoding]
            else:
                scores[encoding] += sum(2 if each in _COMMON else 1 for each in accents)
    file.seek(0)
    return max(scores, key=lambda encoding: scores[encoding])


def _guess(file: IO[bytes], encoding: str) -> str:
    """What to say where the encoding is a guess: which, and words to see by whether it is right."""
    if encoding not in _SINGLE_BYTE:
        return ""
    words: dict[str, None] = {}
    for line in file:
        if _HIGH.search(line):
            found = re.findall(r"\w+", line.decode(encoding, "replace"))
            words |= dict.fromkeys(word for word in found if not word.isascii())
        if len(words) > 2:
            break
    file.seek(0)
    return _(
        "The file does not say how its letters are kept. It was read as %(encoding)s, which is a "
        "guess. If words such as %(words)s are wrong, save it as “CSV UTF-8”."
    ) % {
        "encoding": _NAMES[encoding],
        "words": ", ".join(f"“{word[:40]}”" for word in list(words)[:3]) or "–",
    }


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
    warnings = []
    if encoding:
        encoding = _with_mark(encoding, file)
    else:
        encoding = detect_encoding(file)
        if guess := _guess(file, encoding):
            warnings.append(guess)
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
    except UnicodeError as error:
        raise _not_in(encoding, file, place) from error
    except (LookupError, ValueError) as error:
        raise ImportRefusedError(
            _("There is no encoding “%(encoding)s”. Use a name such as utf-8 or cp1252.")
            % {"encoding": encoding},
            place,
        ) from error
    lines = _Lines(text, skipped)
    raw = RawTable(
        name,
        "",
        _rows(lines, separator, place, lambda: _not_in(encoding, file, place)),
        split=lambda line: _split(line, separator),
        warnings=warnings,
    )
    if not raw.read_headers():
        raise ImportRefusedError(
            _("The file is empty. Its first line should name the columns."), place
        )
    return raw


def _said_separator(first: str) -> str:
    """The separator of a first line such as ``sep=;``, which Excel reads and hides."""
    match = re.fullmatch(r'\ufeff?"?sep=([^"\s]|\t)"?\s*', first, re.IGNORECASE | re.ASCII)
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


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def _not_in(encoding: str, file: IO[bytes], place: Place) -> ImportRefusedError:
    """That a file is not in its encoding, with the line that is the first to show it."""
    file.seek(0)
    line = 0
    for number, data in enumerate(file, start=1):
        try:
            data.decode(encoding)
        except UnicodeError:
            # Lines of UTF-16 and its like are not those of bytes.
            line = number if encoding not in ("utf-32", "utf-16", "utf-16-le", "utf-16-be") else 0
            break
    if not line:
        message = _("The file cannot be read as %(encoding)s. Save it as “CSV UTF-8”.")
    else:
        message = _("Line %(line)d is not %(encoding)s. Save the file as “CSV UTF-8”.")
    return ImportRefusedError(
        message % {"encoding": encoding, "line": line}, Place(place.source, "", line)
    )


class _Lines:
    """The lines of a file, and those of the row that is being read.

    Args:
        text: the file, at the line that comes next.
        skipped: how many lines came before.
    """

    def __init__(self, text: io.TextIOWrapper, skipped: int) -> None:
        self.text = text
        self.number = skipped
        self.row: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.text)
        self.number += 1
        self.row.append(line)
        return line

    @property
    def first(self) -> int:
        """The line that the row begins in."""
        return self.number - len(self.row) + 1


def _rows(
    lines: _Lines, separator: str, place: Place, undecodable: Callable[[], ImportRefusedError]
) -> Iterator[Row]:
    # It is one number for all of Python's readers, so that it is raised and never lowered.
    csv.field_size_limit(max(csv.field_size_limit(), MOST_IN_CELL))
    # Strictly: else a quotation mark left open takes in the rest of the file, without a word.
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    try:
        for row in reader:
            yield lines.first, row
            lines.row.clear()
    except csv.Error as error:
        raise _refusal(lines, separator, place, error) from error
    except UnicodeError as error:
        raise undecodable() from error


def _refusal(lines: _Lines, separator: str, place: Place, error: csv.Error) -> ImportRefusedError:
    """Why a row cannot be read. It can hardly be anything but a quotation mark."""
    if "field limit" in str(error):
        return ImportRefusedError(
            _("Line %(line)d has a cell of more than %(most)d characters. Is it a table at all?")
            % {"line": lines.first, "most": csv.field_size_limit()},
            Place(place.source, "", lines.first),
        )
    opened, following = _last_quote(lines.row, separator)
    if opened is None:
        line = lines.first
        return ImportRefusedError(
            _("Line %(line)d cannot be read (%(error)s). Is a quotation mark left open?")
            % {"line": line, "error": error},
            Place(place.source, "", line),
        )
    line = lines.first + opened
    if following:
        message = _(
            "The quotation mark that opens in line %(line)d closes before “%(text)s”. Close it at "
            'the end of the cell, and write two ("") for one within the text.'
        )
    else:
        message = _(
            "The quotation mark that opens in line %(line)d is left open, so that it takes in all "
            "that follows. Close it, or take it out."
        )
    return ImportRefusedError(
        message % {"line": line, "text": following}, Place(place.source, "", line)
    )


def _last_quote(row: list[str], separator: str) -> tuple[int | None, str]:
    """Where in the lines of a row the quotation mark opens that spoils it, and what follows where
    it closes amid a cell."""
    quoted = re.compile(
        rf'(?:^|{re.escape(separator)}|(?<=[\r\n])) *"([^"]*(?:""[^"]*)*)("?)', re.MULTILINE
    )
    text = "".join(row)
    ends = list(accumulate(map(len, row)))
    at = 0
    while match := quoted.search(text, at):
        line = bisect_right(ends, match.start(1) - 1)
        at = match.end()
        if not match[2]:
            return line, ""
        # Not the whole rest each time: a row may have a million cells.
        rest = text[at : at + 40]
        if rest[:1] not in (separator, "\r", "\n", ""):
            return line, rest.splitlines()[0]
    return None, ""
