"""What stands in a cell, to and from what the registry stores.

Each kind of cell reads what spreadsheets really hold (a number for a year, a decimal comma, a date
in place of a month) and writes what it would read back.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_regional.fields import PartialDate
from wagtail_regional.imports.problems import CellError
from wagtail_regional.imports.records import CLEAR, Reference
from wagtail_regional.models import canonical_ror_id

#: Either of these in a cell makes the field empty.
CLEAR_TOKENS: Final = ("(empty)", "-")

#: What parts the values of a cell that holds several. The first is what is written.
_SEPARATORS: Final = re.compile(r"[;|\n]")

_YES: Final = frozenset(("yes", "y", "true", "1", "x", "ja", "j", "waar"))
_NO: Final = frozenset(("no", "n", "false", "0", "nee", "onwaar"))

# The day first, as everywhere but in the United States, which write slashes.
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})")

# Neither PostgreSQL nor XML can hold these.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def as_text(value: Any) -> str:
    """What a cell says, whatever the spreadsheet made of it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, or ``""``."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return found[0] if found else ""


class CellType:
    """Reads and writes one kind of cell; this one, plain text."""

    #: What a template says of the column.
    note: str = ""

    def read(self, value: Any) -> Any:
        """What the cell holds; CLEAR where it says to make the field empty.

        Raises:
            CellError: saying what is wrong and what to write.
        """
        text = as_text(value).strip()
        if _CONTROL.search(text):
            raise CellError(_("This has a character that cannot be stored. Type it anew."))
        return CLEAR if text.lower() in CLEAR_TOKENS else self.parse(value, text)

    def parse(self, value: Any, text: str) -> Any:
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def write(self, value: Any) -> Any:
        """What to put in a cell for a stored value; None and ``""`` for nothing."""
        return value


class Code(CellType):
    """A code of a vocabulary.

    Args:
        choices: its codes.
    """

    def __init__(self, choices: Callable[[], Sequence[str]]) -> None:
        self.choices = choices

    def parse(self, value: Any, text: str) -> str:
        return check_code(text, self.choices())


def check_code(text: str, known: Sequence[str]) -> str:
    """The code of `known` that `text` is, whatever its case, and with spaces for underscores."""
    if text in known:
        return text
    folded = {code.lower(): code for code in known}
    key = text.lower()
    for attempt in (key, key.replace(" ", "_").replace("-", "_")):
        if attempt in folded:
            return folded[attempt]
    hint = nearest(key, list(folded))
    if hint:
        raise CellError(
            _("“%(code)s” is not a known code. Did you mean “%(hint)s”? Allowed: %(known)s.")
            % {"code": text, "hint": folded[hint], "known": some(known)}
        )
    raise CellError(
        _("“%(code)s” is not a known code. Allowed: %(known)s.")
        % {"code": text, "known": some(known)}
    )


def some(known: Sequence[str], most: int = 20) -> str:
    """The codes in a sentence: all of a short list, the first of a long one."""
    shown = ", ".join(known[:most])
    return f"{shown}, …" if len(known) > most else shown


class ListOf(CellType):
    """Several cells in one, with ``;`` or ``|`` between them."""

    def __init__(self, item: CellType) -> None:
        self.item = item

    def parse(self, value: Any, text: str) -> list[Any]:
        parts = (part.strip() for part in _SEPARATORS.split(text))
        return list(dict.fromkeys(self.item.parse(part, part) for part in parts if part))

    def write(self, value: Any) -> str:
        return "; ".join(str(self.item.write(each)) for each in value)


class Country(Code):
    def parse(self, value: Any, text: str) -> str:
        try:
            return super().parse(value, text)
        except CellError:
            raise CellError(
                _("“%(value)s” is not a country code. Use two capitals of ISO 3166-1, such as NL.")
                % {"value": text}
            ) from None


class Uuid(CellType):
    def parse(self, value: Any, text: str) -> uuid.UUID:
        try:
            return uuid.UUID(text)
        except ValueError:
            raise CellError(
                _("“%(value)s” is not a uuid. Leave the cell empty for something new.")
                % {"value": text}
            ) from None

    def write(self, value: Any) -> str:
        return str(value)


class RorId(CellType):
    def parse(self, value: Any, text: str) -> str:
        try:
            return canonical_ror_id(text)
        except ValidationError as error:
            raise CellError(error.messages[0]) from error


class Number(CellType):
    """A number with decimals, or none. A decimal comma will do.

    Args:
        places: how many decimals are kept; None leaves that to the field.
    """

    def __init__(self, places: int | None = None) -> None:
        self.places = places

    def parse(self, value: Any, text: str) -> Decimal:
        if not re.fullmatch(r"[+-]?\d+([.,]\d+)?(e-?\d+)?", text, re.IGNORECASE | re.ASCII):
            raise CellError(
                _("“%(value)s” is not a number. Write digits only, such as 52.1571.")
                % {"value": text}
            )
        try:
            number = Decimal(text.replace(",", "."))
            # What a spreadsheet stores in binary has digits nobody typed.
            return number if self.places is None else round(number, self.places)
        except InvalidOperation:
            raise CellError(_("“%(value)s” is too large.") % {"value": text}) from None

    def write(self, value: Any) -> Any:
        return None if value is None else Decimal(value).normalize() + 0


class Whole(CellType):
    def parse(self, value: Any, text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            raise CellError(_("“%(value)s” is not a whole number.") % {"value": text})
        return int(text)


class YesNo(CellType):
    def parse(self, value: Any, text: str) -> bool:
        if text.lower() in _YES:
            return True
        if text.lower() in _NO:
            return False
        raise CellError(_("“%(value)s” is neither yes nor no.") % {"value": text})

    def write(self, value: Any) -> str:
        return "yes" if value else "no"


def _day(text: str) -> dt.date | None:
    """The day that a spreadsheet's own way of writing dates means, where only one is meant."""
    match = _DAY_FIRST.fullmatch(text)
    if not match:
        return None
    day, mark, month, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if mark == "/" and day <= 12 and month <= 12 and day != month:
        raise CellError(
            _("“%(value)s” can be two days. Write the year first: 2014-02-28.") % {"value": text}
        )
    try:
        return dt.date(year, month, day) if month <= 12 else dt.date(year, day, month)
    except ValueError:
        raise CellError(_("“%(value)s” is not in the calendar.") % {"value": text}) from None


class Date(CellType):
    """A day."""

    def parse(self, value: Any, text: str) -> dt.date:
        if found := _day(text):
            return found
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise CellError(
                _("“%(value)s” is not a day. Write it as 2014-02-28.") % {"value": text}
            ) from None

    def write(self, value: Any) -> Any:
        return value.isoformat() if value else None


class Partial(CellType):
    """A date known to the year, the month or the day."""

    def parse(self, value: Any, text: str) -> PartialDate:
        try:
            found = _day(text)
            return PartialDate.from_date(found) if found else PartialDate.parse(text)
        except CellError:
            raise
        except ValueError:
            raise CellError(
                _(
                    "“%(value)s” is not a date. Write a year (2014), a month (2014-02) or a day "
                    "(2014-02-28)."
                )
                % {"value": text}
            ) from None

    def write(self, value: Any) -> Any:
        return str(value) if value else None


class Link(CellType):
    """The row that another one names: by uuid, identifier or exact name."""

    def parse(self, value: Any, text: str) -> Reference:
        return Reference((text,))


class SchemeValue(CellType):
    """An identifier in a scheme, as ``scheme:value``.

    Args:
        schemes: the schemes there are; None for any.
        check: brings a value to its usual form, or raises a CellError.
    """

    def __init__(
        self,
        schemes: Callable[[], Sequence[str]] | None = None,
        check: Callable[[str, str], str] | None = None,
    ) -> None:
        self.schemes = schemes
        self.check = check

    def parse(self, value: Any, text: str) -> tuple[str, str]:
        scheme, colon, code = (part.strip() for part in text.partition(":"))
        if not (scheme and colon and code):
            raise CellError(
                _("“%(value)s” is not written as scheme:value, such as kvk:27368929.")
                % {"value": text}
            )
        if self.schemes is not None:
            scheme = check_code(scheme, self.schemes())
        return scheme, self.check(scheme, code) if self.check else code

    def write(self, value: Any) -> str:
        return ":".join(value)
