"""Cells that a spreadsheet takes for text, whatever they begin with.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, also when it
comes from a CSV file (OWASP, "CSV Injection"). An apostrophe in front makes it text, and is what
spreadsheets themselves use for that. Whatever is written with :func:`neutralise` is read back by
:func:`restore` unchanged, but for control characters, which no cell can hold.
"""

from __future__ import annotations

import re
from typing import Any, Final

from wagtail_regional.text import without_control

# Apostrophes count along, so that a text that had one of its own gets it back.
_DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALISED: Final = re.compile(r"'+[=+\-@\t\r]")


def neutralise(value: Any) -> Any:
    """What to write into a cell for `value`.

    Args:
        value: of any type; only a str is changed, so that a number below zero stays a number.

    Returns:
        The text with an apostrophe in front where a spreadsheet would run it; else `value`.
    """
    if not isinstance(value, str):
        return value
    # XLSX, which is XML, has no way to write those at all.
    value = without_control(value)
    return f"'{value}" if _DANGEROUS.match(value) else value


def restore(value: Any) -> Any:
    """What was meant by a cell that :func:`neutralise` wrote."""
    return value[1:] if isinstance(value, str) and _NEUTRALISED.match(value) else value
