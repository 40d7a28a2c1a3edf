"""One way to read what stands in JSON: nothing that is there can raise, and nothing of it is
dropped without a word.

Values are read as the cells of tables are (`cells`), so that a number, a date or an address is the
same in every format, and checked as the fields of the models are, so that what is wrong is told by
its name in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from wagtail_regional.imports.cells import CellType, ListOf, Text, is_empty
from wagtail_regional.imports.columns import Column, Table
from wagtail_regional.imports.problems import CellError
from wagtail_regional.imports.records import CLEAR

#: Told what is wrong: the JSON name, what stands there, why, and whether it is left out (a
#: warning) rather than refused.
Tell = Callable[[str, Any, Any, bool], None]

#: More characters than any text of one line has that is no description.
_MOST: Final = 500


class _Short(Text):
    def parse(self, value: Any, text: str) -> Any:
        if len(text) > _MOST:
            raise CellError(
                _("This has %(length)d characters; at most %(most)d fit.")
                % {"length": len(text), "most": _MOST}
            )
        return super().parse(value, text)


#: A text of one line: a name, a code.
TEXT: Final = _Short()


def ignore(name: str, value: Any, reason: Any, warning: bool) -> None:
    """For a first look at a value, which is read again."""


def as_list(value: Any) -> list[Any]:
    """A list as it is, anything else as a list of one, nothing as none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_nothing(value: Any) -> bool:
    """Whether a value says nothing: null, an empty list or object, a text of spaces."""
    if isinstance(value, str):
        # Most texts begin with a letter; the others are looked at more closely.
        return not value[:1].isalnum() and is_empty(value)
    return value is None or (isinstance(value, (list, dict)) and not value)


def read_value(cell: CellType, value: Any) -> Any:
    """What a value of JSON means in such a cell; None where it says nothing.

    Raises:
        CellError: saying what is wrong and what to write. Nothing else, whatever is given.
    """
    if is_nothing(value):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        raise CellError(_("This is no number, and no JSON. Leave it out."))
    if isinstance(value, (list, dict)):
        raise CellError(_("This should be a single value, and is a list or an object."))
    found = cell.read(value)
    return None if found is CLEAR or found == "" else found


@dataclass
class JsonObject:
    """An object, whose values are all read through here.

    Attributes:
        raw: the object as it is.
        tell: told what is wrong with a value.
        path: the names that lead to it, for messages.
    """

    raw: Mapping[str, Any]
    tell: Tell
    path: str = ""

    def find(self, *names: str) -> tuple[str, Any]:
        """The first of these names that says something, and its value; else the first, and None."""
        for name in names:
            value = self.raw.get(name)
            if not is_nothing(value):
                return name, value
        return names[0], None

    def has(self, *names: str) -> bool:
        """Whether one of these names is there, whatever its value."""
        return any(name in self.raw for name in names)

    def wrong(self, name: str, value: Any, reason: Any, *, warning: bool = False) -> None:
        """Say what is wrong with the value of a name."""
        self.tell(f"{self.path}.{name}" if self.path else name, value, reason, warning)

    def read_as(self, cell: CellType, name: str, value: Any) -> Any:
        """What `value` means in such a cell; None where it says nothing, or cannot be read, which
        is told."""
        try:
            return read_value(cell, value)
        except CellError as error:
            self.wrong(name, value, error)
            return None

    def read(self, cell: CellType, *names: str) -> Any:
        """What the first of these names holds; None where it is nothing, or cannot be read."""
        return self.read_as(cell, *self.find(*names))

    def text(self, *names: str) -> str:
        """The text of the first of these names; ``""`` where there is none."""
        return self.read(TEXT, *names) or ""

    def read_all(self, cell: CellType, *names: str) -> list[Any]:
        """What the values in a list mean, each once; of a single value, that one."""
        name, value = self.find(*names)
        found = (self.read_as(cell, name, each) for each in as_list(value))
        return list(dict.fromkeys(each for each in found if each is not None))

    def objects(self, *names: str, having: Sequence[str] = ()) -> list[JsonObject]:
        """The objects in a list; of a single object, that one. What is none is told.

        Args:
            names: the first of these that says something.
            having: what is told has none of these names, and is left out.
        """
        name, value = self.find(*names)
        found = []
        for each in as_list(value):
            if is_nothing(each):
                continue
            if not isinstance(each, dict):
                self.wrong(name, each, _("This should be an object, with names and values."))
            elif having and not any(needed in each for needed in having):
                self.wrong(
                    name, each, _("It has none of %(names)s.") % {"names": ", ".join(having)}
                )
            else:
                found.append(self.within(name, each))
        return found

    def within(self, name: str, raw: Mapping[str, Any]) -> JsonObject:
        """An object in this one, by the name it has here."""
        return JsonObject(raw, self.tell, f"{self.path}.{name}" if self.path else name)

    def only(self, name: str, values: list[Any]) -> Any:
        """The first of several values where one fits, which is told; None where there is none."""
        if not values:
            return None
        for other in values[1:]:
            if other != values[0]:
                self.wrong(
                    name,
                    other,
                    _("Only one fits here: “%(first)s” is kept.") % {"first": str(values[0])[:100]},
                    warning=True,
                )
        return values[0]

    def fits(self, field: Field[Any, Any], name: str, value: Any) -> bool:
        """Whether a field of a model takes a value; else that is told."""
        try:
            field.clean(value, None)
        except ValidationError as error:
            shown = next(iter(value.values()), "") if isinstance(value, dict) else value
            for message in error.messages:
                self.wrong(name, shown, message)
            return False
        return True


@dataclass
class Values:
    """The values of a record as they are read, by the names of their columns.

    Args:
        table: whose columns they are for.
    """

    table: Table
    found: dict[str, Any]

    def column(self, name: str) -> Column:
        return self.table.by_name[name]

    def field(self, name: str) -> Field[Any, Any]:
        return self.table.model._meta.get_field(name)  # type: ignore[return-value]

    def put(self, column: str, item: JsonObject, name: str, value: Any) -> None:
        """Keep a value, if its field takes it; what is wrong with it is told by its JSON name."""
        if value in (None, "", []):
            return
        if isinstance(value, list):
            value = [each for each in value if item.fits(self.field(column), name, [each])]
            if value:
                self.found[column] = value
        elif item.fits(self.field(column), name, value):
            self.found[column] = value

    def read(self, column: str, item: JsonObject, *names: str) -> None:
        """Read the first of these names as the cell of this column in a table is read."""
        name, value = item.find(*names)
        cell = self.column(column).cell
        if isinstance(cell, ListOf):
            self.put(column, item, name, item.read_all(cell.item, *names))
        else:
            self.put(column, item, name, item.read_as(cell, name, value))

    def read_coordinates(self, item: JsonObject, latitude: str, longitude: str) -> None:
        """Both, or neither."""
        for column, name in (("latitude", latitude), ("longitude", longitude)):
            self.read(column, item, name)
        missing = [
            name
            for column, name in (("latitude", latitude), ("longitude", longitude))
            if column not in self.found
        ]
        if len(missing) == 1:
            self.found.pop("latitude", None)
            self.found.pop("longitude", None)
            item.wrong(
                missing[0],
                item.raw.get(missing[0]),
                _("Give latitude and longitude together, or leave both empty."),
            )
