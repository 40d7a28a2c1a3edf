"""Items of the Open Education API, as programmes, courses and organisations all read them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports import cells
from wagtail_regional.imports.formats.json_files import JsonItem
from wagtail_regional.imports.formats.json_values import (
    TEXT,
    JsonObject,
    Values,
    ignore,
    is_nothing,
)
from wagtail_regional.imports.problems import Place, Problems
from wagtail_regional.languages import content_languages

PROGRAMME_IDS: Final = ("programmeId", "programId", "courseId", "educationSpecificationId")


ORGANISATION_IDS: Final = ("organisationId", "organizationId")


ORGANISATION_TYPES: Final = ("organisationType", "organizationType")


@dataclass
class Context:
    """What reading a set of files needs.

    Attributes:
        problems: where to add what is wrong.
        provider: who provides what says nothing of it: an endpoint belongs to one institution.
        organisations: those found among the files, by their id.
    """

    problems: Problems
    provider: str = ""
    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Item(JsonObject):
    """An item; what it does not say, its education specification may."""

    specification: Mapping[str, Any] = field(default_factory=dict)
    context: Context = field(default_factory=lambda: Context(Problems()))

    def find(self, *names: str) -> tuple[str, Any]:
        name, value = super().find(*names)
        if value is None:
            other, value = JsonObject(self.specification, ignore).find(*names)
            name = name if value is None else other
        return name, value

    @property
    def itself(self) -> JsonObject:
        """What it says without its education specification."""
        return JsonObject(self.raw, self.tell)


def item_of(raw: dict[str, Any], place: Place, context: Context) -> Item:
    def tell(name: str, value: Any, reason: Any, warning: bool) -> None:
        context.problems.add(place, name, value, reason, warning=warning)

    specification = raw.get("educationSpecification")
    found = Item(raw, tell, "", {}, context)
    if isinstance(specification, dict):
        found.specification = specification
    elif not is_nothing(specification) and not isinstance(specification, str):
        found.wrong("educationSpecification", specification, _("This should be an object."))
    return found


def code_of(item: JsonObject, name: str, value: Any, known: Mapping[str, str | None]) -> str | None:
    """Our code for the specification's."""
    text = item.read_as(TEXT, name, value)
    if text is None:
        return None
    key = key_of(text).removeprefix("x_")
    if key not in known:
        item.wrong(name, text, unknown_code(text, known))
        return None
    if known[key] is None:
        item.wrong(
            name, text, _("The registry has no place for this; it is left out."), warning=True
        )
    return known[key]


def key_of(text: str) -> str:
    return re.sub(r"[\s\-]+", "_", text).lower()


def unknown_code(text: str, known: Iterable[str]) -> str:
    return _("“%(code)s” is not a known code. Allowed: %(known)s.") % {
        "code": text[:100],
        "known": ", ".join(sorted(known)),
    }


def says(raw: Mapping[str, Any], names: Sequence[str]) -> bool:
    return any(not is_nothing(raw.get(name)) for name in names)


def readable(items: Iterable[JsonItem], context: Context) -> Iterator[JsonItem]:
    """The items that can be read; the others are refused."""
    for item in items:
        context.problems.ledger.read(item.place)
        if item.refusal:
            context.problems.add(item.place, item.name, "", item.refusal)
        else:
            yield item


def refuse_unknown(item: JsonItem, names: Sequence[str], context: Context) -> None:
    message = _("This is no item of the Open Education API: it has none of %(names)s.")
    context.problems.add(item.place, "", "", message % {"names": ", ".join(names)})


def read_uuid(item: JsonObject, names: Sequence[str]) -> uuid.UUID | None:
    name, value = item.find(*names)
    text = item.read_as(TEXT, name, value)
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        item.wrong(name, text, _("“%(value)s” is not a uuid.") % {"value": text[:100]})
        return None


def read_name(item: Item, values: Values) -> None:
    before = item.context.problems.errors
    names = texts_of(item, "name", TEXT)
    put_texts(item, values, "name", "name", names)
    if not names and item.context.problems.errors == before:
        item.wrong("name", "", _("It has no name. Give one in at least one language."))


def texts_of(item: JsonObject, name: str, cell: cells.CellType) -> dict[str, str]:
    """Language-tagged strings, by content language: ``en-GB`` will do for ``en``."""
    tagged: list[tuple[str, str]] = []
    for each in item.objects(name, having=("value",)):
        tag = each.text("language").lower()
        if (text := each.read(cell, "value")) is not None:
            tagged.append((tag, text))
    found: dict[str, str] = {}
    content = content_languages()
    for language in content:
        base = language.partition("-")[0]
        exact = [text for tag, text in tagged if tag == language]
        near = [text for tag, text in tagged if tag.partition("-")[0] == base]
        if text := item.only(name, exact or near):
            found[language] = text
    if tagged and not found:
        # In no language of the site. A name is better than none.
        found[content[0]] = tagged[0][1]
    return found


def put_texts(
    item: JsonObject, values: Values, column: str, name: str, texts: Mapping[str, str]
) -> None:
    model_field = values.field(column)
    kept = {
        language: text
        for language, text in texts.items()
        if text and item.fits(model_field, name, {language: text})
    }
    if kept:
        values.found[column] = kept


CODE_NAMES: Final = {"scheme": "codeType", "value": "code"}


def pair_of(entry: JsonObject) -> tuple[str, str] | None:
    """The type and the code of an identifier; None where one of them is not there."""
    kind, code = entry.text("codeType"), entry.text("code")
    if kind and code:
        return kind, code
    missing = [name for name in ("codeType", "code") if is_nothing(entry.raw.get(name))]
    # Both can be there and empty, where there is no code.
    if len(missing) == 1:
        entry.wrong(missing[0], "", _("It is missing. Write a code and its type."))
    return None
