"""Putting what a cell says into a row, and saying what changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail_regional.fields import LocalizedText
from wagtail_regional.imports.columns import Column, header
from wagtail_regional.imports.records import CLEAR


def assign(row: Any, column: Column, value: Any) -> list[tuple[str, str, str]]:
    """Set a field of `row`.

    Args:
        row: an instance, new or as the database has it.
        column: which field.
        value: what the cell says; of a localised column, by language.

    Returns:
        What changed by it, as header, old text and new text; nothing where it says the same.
    """
    if column.localised:
        return _assign_texts(row, column.name, value)
    field = row._meta.get_field(column.name)
    old = getattr(row, column.name)
    new = value
    if value is CLEAR:
        new = None if field.null else field.get_default()
    if old == new or (old in (None, "") and new in (None, "")):
        return []
    setattr(row, column.name, new)
    return [(column.name, text_of(column, old), text_of(column, new))]


def _assign_texts(row: Any, name: str, given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    old = getattr(row, name).as_dict()
    new = LocalizedText(
        {**old, **{language: "" if text is CLEAR else text for language, text in given.items()}}
    ).as_dict()
    if old == new:
        return []
    setattr(row, name, new)
    return [
        (header(name, language), old.get(language, ""), new.get(language, ""))
        for language in dict.fromkeys((*old, *new))
        if old.get(language) != new.get(language)
    ]


def text_of(column: Column, value: Any) -> str:
    """A stored value as its cell would show it."""
    if value is None or value == "" or value == []:
        return ""
    written = column.cell.write(value)
    return "" if written is None else str(written)


def shown(column: Column, value: Any) -> str:
    """A value that was read as a message shows it."""
    if column.localised and isinstance(value, Mapping):
        return "; ".join(str(text) for text in value.values())
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return str(value)
