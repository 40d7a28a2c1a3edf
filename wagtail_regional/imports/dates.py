"""Cells that hold a day or a period, in each notation that files have them in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_regional.fields import PartialDate
from wagtail_regional.imports.cells import CellType
from wagtail_regional.imports.problems import CellError
from wagtail_regional.text import plain_digits

# A day, and the time of day that spreadsheets and programs add to it.
_TIME: Final = re.compile(
    r"(?P<date>\S+?)(?:T|\s+)(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?\s*"
    r"(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?",
    re.IGNORECASE | re.ASCII,
)


_YEAR_FIRST: Final = re.compile(
    r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})"
)


# The day first, as everywhere but in the United States, which write slashes.
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")


_MONTH_FIRST: Final = re.compile(r"([0-9]{1,2})[-/]([0-9]{4})")


#: The first day that spreadsheets count from, and the years that such a number may mean.
_EPOCH: Final = dt.date(1899, 12, 30)


_SERIAL: Final = re.compile(r"[1-9][0-9]{4}([.,][0-9]+)?")


def read_day(text: str, *, exclusive: bool = False) -> dt.date | None:
    """The day that a text means, however it is written; None where it is written as none.

    Of a moment, the day that it falls on in the time zone of the site counts.

    Args:
        text: of one line.
        exclusive: whether it says when something is over, and the last day of it is wanted: what
            lasts until midnight had its last day before.

    Raises:
        CellError: when it can mean two days, or is not in the calendar.
    """
    text = plain_digits(text)
    if match := _TIME.fullmatch(text):
        day = _plain_day(match["date"])
        if day is None:
            return None
        return _day_of_moment(day, match["time"], match["zone"], text, exclusive)
    day = _plain_day(text)
    return day - dt.timedelta(days=1) if day and exclusive else day


def _plain_day(text: str) -> dt.date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day_number = (match[1], match[3], match[4]) if match[1] else match.groups()[4:]
        return _calendar(int(year), int(month), int(day_number), text)
    if match := _DAY_FIRST.fullmatch(text):
        first, mark, second, year_number = int(match[1]), match[2], int(match[3]), int(match[4])
        if mark == "/" and first <= 12 and second <= 12 and first != second:
            raise CellError(
                _("“%(value)s” can be two days. Write the year first: 2014-02-28.")
                % {"value": text}
            )
        if mark == "/" and second > 12:
            first, second = second, first
        return _calendar(year_number, second, first, text)
    return None


def _calendar(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        if year < 1000:
            raise ValueError
        return dt.date(year, month, day)
    except ValueError:
        raise CellError(_("“%(value)s” is not in the calendar.") % {"value": text}) from None


def _day_of_moment(
    day: dt.date, time: str, zone: str | None, text: str, exclusive: bool
) -> dt.date:
    zone = "+00:00" if zone in ("Z", "z") else zone or ""
    try:
        moment = dt.datetime.fromisoformat(f"{day}T{time if time[1] != ':' else '0' + time}{zone}")
        if moment.tzinfo is not None:
            moment = moment.astimezone(timezone.get_default_timezone())
        if exclusive:
            moment -= dt.timedelta(microseconds=1)
        return _calendar(moment.year, moment.month, moment.day, text)
    except CellError:
        raise
    except (ValueError, OverflowError):
        raise CellError(_("“%(value)s” is not in the calendar.") % {"value": text}) from None


def _refuse_serial(text: str) -> None:
    """A date that lost its format is a number of days: 46387."""
    if not _SERIAL.fullmatch(text):
        return
    day = _EPOCH + dt.timedelta(days=int(text[:5]))
    raise CellError(
        _(
            "“%(value)s” is not a date. As a spreadsheet's own number for a day it would be "
            "%(day)s: format the column as a date, or write it so."
        )
        % {"value": text, "day": day.isoformat()}
    )


class Date(CellType):
    """A day."""

    dates = numbers = True

    def parse(self, value: Any, text: str) -> dt.date:
        if found := read_day(text):
            return found
        _refuse_serial(plain_digits(text))
        raise CellError(
            _("“%(value)s” is not a day. Write it as 2014-02-28.") % {"value": text[:60]}
        )

    def write(self, value: Any) -> Any:
        return value.isoformat() if value else None


class Partial(CellType):
    """A date known to the year, the month or the day."""

    dates = numbers = True

    def parse(self, value: Any, text: str) -> PartialDate:
        if found := read_day(text):
            return PartialDate.from_date(found)
        plain = plain_digits(text)
        if match := _MONTH_FIRST.fullmatch(plain):
            plain = f"{match[2]}-{match[1]:0>2}"
        try:
            return PartialDate.parse(plain)
        except ValueError:
            pass
        _refuse_serial(plain)
        raise CellError(
            _(
                "“%(value)s” is not a date. Write a year (2014), a month (2014-02) or a day "
                "(2014-02-28)."
            )
            % {"value": text[:60]}
        )

    def write(self, value: Any) -> Any:
        return str(value) if value else None
