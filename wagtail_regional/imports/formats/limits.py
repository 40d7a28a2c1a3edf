"""How much a file may hold, so that a small one cannot fill the memory."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before it is read.

    Attributes:
        file_bytes: the size of one file as it comes; None for any.
        unpacked_bytes: what the parts of a workbook or zip archive come to, unpacked.
        ratio: how many times larger than its packed size a part may be. Sheets of numbers pack
            some thirty times, bombs a thousand.
        rows: rows of one sheet or file.
        cells: cells of one sheet, empty ones within it counted.
        depth: how deep JSON may be nested.
    """

    file_bytes: int | None = None
    unpacked_bytes: int = 4096 * MEGABYTE
    ratio: int = 250
    rows: int = 1_000_000
    cells: int = 50_000_000
    depth: int = 40


#: For files that an operator of the site names on the command line.
FOR_COMMAND = Limits()

#: For files that somebody uploads.
FOR_UPLOADS = Limits(
    file_bytes=10 * MEGABYTE,
    unpacked_bytes=200 * MEGABYTE,
    rows=60_000,
    cells=3_000_000,
)
