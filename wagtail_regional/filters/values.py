"""How a value is written in a query: one way for each kind of value.

pydantic reads leniently what it finds in text: ``0`` as a day of 1970, ``yes`` as true, ``1e1``
and `` 10 `` as numbers. A value that is read as something else than was meant gives an answer to
another question, so each of these has one notation here, and codes are compared as their
standards say.

What a validator here says of a wrong value goes on from the parameter's name.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from wagtail_regional.text import words_of

#: Days that can be asked for.
FIRST_DAY: Final = dt.date(1900, 1, 1)
LAST_DAY: Final = dt.date(2999, 12, 31)

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_BOOLEAN: Final = re.compile("true|false")


def is_decimal(text: str) -> bool:
    """Whether a text is a decimal number: digits, perhaps with a hyphen in front and a point
    between them."""
    return _DECIMAL.fullmatch(text) is not None


def day_of(text: str) -> dt.date:
    """A day as ISO 8601 writes it in full: 2026-09-01.

    Raises:
        ValueError: when it is written in another way, or there is no such day.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(f"“{text}” is not a day, such as 2026-09-01.")
    return dt.date.fromisoformat(text)


def language_tag(tag: str) -> str:
    """A language tag with capitals as RFC 5646 (2.1.1) recommends, which pay no part in what it
    means: ``nl``, ``pt-BR``, ``zh-Hant``."""
    language, *rest = tag.lower().split("-")
    capitals = {2: str.upper, 4: str.title}
    return "-".join([language, *(capitals.get(len(part), str)(part) for part in rest)])


#: What is wrong with a value that is written in another way, by pydantic's name for it.
REMEDIES: Final = {
    "int_parsing": "is not a whole number. Give digits alone, such as 20.",
    "float_parsing": "is not a number, such as 15 or 7.5.",
    "date_parsing": "is not a day, such as 2026-09-01.",
    "bool_parsing": "is neither true nor false. Give one of these.",
    "uuid_parsing": "is not an id. Take ids (UUIDs) from the lists.",
}


def _written_as(notation: re.Pattern[str], kind: str) -> BeforeValidator:
    """Refuse text that is written in another way.

    Args:
        kind: of `REMEDIES`.
    """

    def check(value: Any) -> Any:
        if isinstance(value, str) and not notation.fullmatch(value):
            message: Any = f"“{{value}}” {REMEDIES[kind]}"
            raise PydanticCustomError(kind, message, {"value": value[:60]})
        return value

    return BeforeValidator(check)


# Bounds come before these in an Annotated: the document tells of them as JSON Schema does only
# where they are put on the number itself.
AS_WHOLE: Final = _written_as(_WHOLE, "int_parsing")
AS_DECIMAL: Final = _written_as(_DECIMAL, "float_parsing")
AS_DAY: Final = _written_as(_DAY, "date_parsing")

#: ``true`` or ``false``.
Boolean = Annotated[bool, _written_as(_BOOLEAN, "bool_parsing")]
#: The public id of a row: a UUID as RFC 9562 writes it, in capitals or not.
Id = Annotated[UUID, _written_as(_UUID, "uuid_parsing")]
#: Codes whose standards do not tell capitals from small letters, as they are stored: BCP 47 (RFC
#: 5646) says so of language tags; those of ISO 3166-1 and of LAU are capitals, and nothing else.
LanguageTag = Annotated[
    str, Field(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"), AfterValidator(language_tag)
]
CountryCode = Annotated[str, Field(pattern="^[A-Za-z]{2}$"), AfterValidator(str.upper)]
LauCode = Annotated[str, Field(pattern="^[A-Za-z0-9_.-]{1,20}$"), AfterValidator(str.upper)]
#: A field of education (ISCED-F).
FieldCode = Annotated[str, Field(pattern="^(0[0-9]|10|99)[0-9]{0,4}$")]


def _without_null(value: str) -> str:
    if "\x00" in value:
        raise ValueError("There is a null character in this text. Leave it out.")
    return value


def _has_words(value: str) -> str:
    if value.strip() and not words_of(value):
        raise ValueError(f"“{value}” has neither a letter nor a digit. Give words, or leave q out.")
    return value


#: PostgreSQL takes no null character in a text.
SoundText = Annotated[str, AfterValidator(_without_null)]
Text = Annotated[SoundText, Field(max_length=100)]
Name = Annotated[Text, Field(min_length=1)]
#: Words to look for.
SearchText = Annotated[Text, AfterValidator(_has_words)]


def is_possible_day(value: dt.date) -> dt.date:
    """The day, where it can be asked for; JSON Schema has no bounds for days.

    Raises:
        ValueError: when it cannot.
    """
    if value < FIRST_DAY:
        raise ValueError(f"“{value}” is too early. Give {FIRST_DAY} or later.")
    if value > LAST_DAY:
        raise ValueError(f"“{value}” is too late. Give {LAST_DAY} or earlier.")
    return value


def point_text(value: str) -> str:
    """A point, where it is one.

    Raises:
        ValueError: when it is none.
    """
    latitude, longitude = _numbers(value, "latitude,longitude", "52.16,4.49")
    _within("latitude", latitude, 90)
    _within("longitude", longitude, 180)
    return value


def box_text(value: str) -> str:
    """A box, where it is one.

    Raises:
        ValueError: when it is none.
    """
    west, south, east, north = _numbers(value, "west,south,east,north", "4.2,52.0,4.7,52.3")
    _within("west", west, 180)
    _within("south", south, 90)
    _within("east", east, 180)
    _within("north", north, 90)
    if south > north:
        raise ValueError(f"has south {south:g} above north {north:g}. Give west,south,east,north.")
    return value


def _numbers(value: str, form: str, example: str) -> list[float]:
    parts = value.split(",")
    if len(parts) != form.count(",") + 1 or not all(map(is_decimal, parts)):
        raise ValueError(f"“{value}” is not of the form {form}, such as {example}.")
    return [float(each) for each in parts]


def _within(name: str, value: float, most: int) -> None:
    if abs(value) > most:
        raise ValueError(f"has {name} {value:g}, which is not between -{most} and {most}.")
