"""Numbers as files have them: with a comma or a point, with thousands, in any script's digits."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from wagtail_regional.imports.problems import CellError
from wagtail_regional.text import plain_digits

# What people part thousands with, besides commas and points: spaces (also those that do not
# break, and thin ones, which are plain spaces by now) and, in Switzerland, apostrophes.
_GROUPED = re.compile(r"[0-9]{1,3}([ '’])[0-9]{3}(\1[0-9]{3})*(?![0-9 '’])")

_PLAIN = re.compile(r"[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]{1,3})?")
_THOUSANDS = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(?P<more>\1[0-9]{3})*(?P<rest>(?!\1)[.,][0-9]+)?")

#: No number of the registry has as many digits before the point.
_MOST_DIGITS = 15


def read_number(value: Any, text: str, most: int | None = None) -> Decimal:
    """The number that a cell holds.

    Args:
        value: the cell itself: a number of a workbook or of JSON has no commas to wonder about.
        text: what it says, on one line.
        most: no number here is larger, which tells 52,157 from fifty-two thousand.

    Raises:
        CellError: when it is none, can be two, or is larger than anything stored.
    """
    written = plain_digits(text)
    sign = -1 if written.startswith("-") else 1
    digits = written.removeprefix("-").removeprefix("+").strip()
    if isinstance(value, str):
        digits = _without_thousands(digits, text, most)
    if not _PLAIN.fullmatch(digits):
        raise CellError(_not_a_number(text))
    try:
        number = sign * Decimal(digits.replace(",", "."))
    except InvalidOperation:
        raise CellError(_not_a_number(text)) from None
    if number.adjusted() > _MOST_DIGITS:
        raise CellError(_("“%(value)s” is too large.") % {"value": text[:60]})
    # Digits that far behind the point come of a number close to none, kept in binary.
    return number if number.adjusted() > -_MOST_DIGITS else Decimal(0)


def _without_thousands(digits: str, text: str, most: int | None) -> str:
    """The digits without what parts thousands, and with one mark before decimals at most."""
    if match := _GROUPED.match(digits):
        digits = re.sub(r"[ '’]", "", match[0]) + digits[match.end() :]
        return digits
    match = _THOUSANDS.fullmatch(digits)
    if match and (match["more"] or match["rest"]):
        return digits.replace(match[1], "").replace(",", ".")
    if match and not digits.startswith("0"):
        whole = re.sub(r"[.,]", "", digits)
        if most is None or int(whole) <= most:
            raise CellError(
                _("“%(value)s” can be two numbers. Write %(whole)s or %(decimal)s.")
                % {
                    "value": text,
                    "whole": whole,
                    "decimal": digits.replace(",", ".").rstrip("0").rstrip("."),
                }
            )
    return digits


def _not_a_number(text: str) -> str:
    return _("“%(value)s” is not a number. Write digits only, such as 52.1571.") % {
        "value": text[:60]
    }
