"""Reading a block's stored value without building it.

Blocks read the JSON that is in the database. It may be old, partial or broken - a child added
since, a row deleted, an import gone wrong - and none of that may break a page, so every reader
here answers with something of the right kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from wagtail_regional.text import without_control

#: The largest number that a database keeps in a column for keys.
_MOST = 2**63 - 1


def as_number(value: Any) -> int | None:
    """A whole number, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def as_pk(value: Any) -> int | None:
    """A primary key, or None for what cannot be one: databases refuse to look for a number that
    is larger than any they can hold."""
    number = as_number(value)
    return number if number is not None and 0 < number <= _MOST else None


def _is_list_item(entry: Any) -> bool:
    """Whether a value in a list is wrapped. Its type says so: a struct may have a field called
    `value` of its own."""
    return isinstance(entry, Mapping) and entry.get("type") == "item" and "value" in entry


class Raw:
    """The stored value of a struct block.

    Args:
        value: what is stored; anything but a mapping reads as an empty one.
    """

    __slots__ = ("_values",)

    def __init__(self, value: Any) -> None:
        self._values: Mapping[str, Any] = value if isinstance(value, Mapping) else {}

    def get(self, name: str) -> Any:
        return self._values.get(name)

    def text(self, name: str) -> str:
        """A text, stripped; "" where there is none."""
        value = self._values.get(name)
        return without_control(value).strip() if isinstance(value, str) else ""

    def pk(self, name: str) -> int | None:
        """The primary key of what was chosen."""
        return as_pk(self._values.get(name))

    def flag(self, name: str, default: bool = False) -> bool:
        """A checkbox."""
        value = self._values.get(name)
        return value if isinstance(value, bool) else default

    def number(self, name: str) -> int | None:
        """A whole number."""
        return as_number(self._values.get(name))

    def date(self, name: str) -> date | None:
        """A date stored as ISO 8601."""
        value = self._values.get(name)
        if isinstance(value, date):
            return value
        try:
            return parse_date(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes ticked in a multiple choice."""
        value = self._values.get(name)
        return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()

    def struct(self, name: str) -> Raw:
        """A nested struct."""
        return Raw(self._values.get(name))

    def items(self, name: str) -> list[Any]:
        """The values of a list, in today's format and in the older one without ids."""
        stored = self._values.get(name)
        if not isinstance(stored, list):
            return []
        return [entry["value"] if _is_list_item(entry) else entry for entry in stored]

    def structs(self, name: str) -> list[Raw]:
        """The structs of a list."""
        return [Raw(value) for value in self.items(name)]

    def pks(self, name: str) -> list[int]:
        """The primary keys of a list of choosers, without repeats."""
        keys = (as_pk(value) for value in self.items(name))
        return list(dict.fromkeys(key for key in keys if key is not None))
