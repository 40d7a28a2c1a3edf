"""Cells that hold a number."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from wagtail_regional.imports.cells import CellType
from wagtail_regional.imports.numerals import read_number
from wagtail_regional.imports.problems import CellError
from wagtail_regional.text import plain_digits


class Number(CellType):
    """A number with decimals, or none: 52.1571, 52,1571, 1 234,5.

    Args:
        places: how many decimals are kept; None leaves that to the field.
        most: no number here is larger, which tells 52,157 from fifty-two thousand.
    """

    numbers = True

    def __init__(self, places: int | None = None, most: int | None = None) -> None:
        self.places = places
        self.most = most

    def parse(self, value: Any, text: str) -> Decimal:
        number = read_number(value, text, self.most)
        if self.most is not None and abs(number) > self.most:
            raise CellError(
                _("“%(value)s” is too large: the most is %(most)d. Is the decimal point missing?")
                % {"value": text[:60], "most": self.most}
            )
        # What a spreadsheet stores in binary has digits nobody typed.
        return number if self.places is None else round(number, self.places)

    def write(self, value: Any) -> Any:
        return None if value is None else Decimal(value).normalize() + 0


class Whole(CellType):
    """A whole number, none below zero."""

    numbers = True

    def parse(self, value: Any, text: str) -> int:
        plain = plain_digits(text)
        if isinstance(value, str):
            # No decimals here, so that a mark before three digits parts thousands. A number of a
            # workbook or of JSON has no such marks.
            plain = re.sub(r"(?<=[0-9])[., '’](?=[0-9]{3}(?![0-9]))", "", plain)
        if not re.fullmatch(r"[0-9]{1,9}([.,]0+)?", plain):
            raise CellError(_("“%(value)s” is not a whole number.") % {"value": text[:60]})
        return int(re.split(r"[.,]", plain)[0])
