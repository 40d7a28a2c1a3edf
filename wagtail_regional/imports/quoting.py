"""Cells that say of a text that it is one, whatever it looks like.

What an export writes with :func:`quote`, an import reads with :func:`unquote` as the same text:
also ``-`` and ``(empty)``, which otherwise make a field empty, and ``#N/A``, which is otherwise a
formula that failed. An apostrophe in front says so, as it does for what would run as a formula.
Several texts in one cell have quotation marks around those that hold what parts them.
"""

from __future__ import annotations

import re
from typing import Any, Final

from wagtail_regional.imports.error_values import is_error_value
from wagtail_regional.spreadsheets import neutralise, restore

#: Either of these in a cell makes the field empty.
CLEAR_TOKENS: Final = ("(empty)", "-")

#: Stands in a workbook for a text that no cell of it can hold, and leaves the field alone.
TOO_LONG: Final = "(too long for a workbook)"

#: What parts the values of a cell that holds several. The first is what is written.
_SEPARATORS: Final = ";|\n"

# One of several values: between quotation marks, where nothing but the end follows them; or what
# comes before the next separator. Names may begin with a quotation mark: “"Foo" institute”.
_PART: Final = re.compile(
    rf'\s*"(?P<quoted>(?:[^"]|"")*)"\s*(?=[{_SEPARATORS}]|$)|(?P<plain>[^{_SEPARATORS}]*)'
)


class Literal(str):
    """A text that is what it says, and no sign for something else."""

    __slots__ = ()


def is_sign(text: str) -> bool:
    """Whether a cell with this text says something else than that."""
    lowered = text.strip().lower()
    return lowered in CLEAR_TOKENS or lowered == TOO_LONG or is_error_value(text.strip())


def quote(value: Any) -> Any:
    """What to write into a cell for `value`, so that it runs nowhere and is read as it is."""
    written = neutralise(value)
    if isinstance(written, str) and written == value and is_sign(written.lstrip("'")):
        return f"'{written}"
    return written


def unquote(value: Any) -> Any:
    """What was meant by a cell that :func:`quote` wrote; a `Literal` where it is a text."""
    if not isinstance(value, str):
        return value
    restored = restore(value)
    if restored != value:
        return Literal(restored)
    if value.startswith("'") and is_sign(value.lstrip("'")):
        return Literal(value[1:])
    return value


def join(parts: list[str]) -> str:
    """Several values as one cell."""
    return "; ".join(_quoted(part) if _needs_quotes(part) else part for part in parts)


def split(text: str) -> list[str]:
    """The values of a cell, with spaces around them as they are."""
    found, at = [], 0
    while at <= len(text):
        match = _PART.match(text, at)
        if match is None:
            break
        quoted = match["quoted"]
        found.append(match["plain"] if quoted is None else Literal(quoted.replace('""', '"')))
        at = match.end() + 1
    return found


def _needs_quotes(part: str) -> bool:
    return part.startswith('"') or any(mark in part for mark in _SEPARATORS)


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def write_scheme(scheme: str, value: str) -> str:
    """``scheme:value``, with quotation marks around a scheme that holds a colon."""
    awkward = ":" in scheme or scheme.startswith('"')
    return f"{_quoted(scheme) if awkward else scheme}:{value}"


_QUOTED_SCHEME: Final = re.compile(r'"((?:[^"]|"")*)"\s*(:)(.*)', re.DOTALL)


def read_scheme(text: str) -> tuple[str, str, str]:
    """The scheme, the colon and the value; the last two empty where there is no colon."""
    if match := _QUOTED_SCHEME.fullmatch(text):
        return match[1].replace('""', '"').strip(), match[2], match[3].strip()
    scheme, colon, value = text.partition(":")
    return scheme.strip(), colon, value.strip()
