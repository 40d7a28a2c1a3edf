"""How a value is written in a query: one way for each kind of value.

pydantic reads leniently what it finds in text: ``0`` as a day of 1970, ``yes`` as true, ``1e1``
and `` 10 `` as numbers. A value that is read as something else than was meant gives an answer to
another question, so each of these has one notation here, and codes are compared as their
standards say.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
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
            raise PydanticCustomError(kind, message, {"value": value[:60]})  # type: ignore[arg-type]
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
