"""Columns of tables: what each is called, and how its cells are read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy

from wagtail_regional.imports import cells, dates
from wagtail_regional.languages import content_languages

#: In the column `organisation` of access: the terms for students of anywhere else.
GUESTS: Final = "guests"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: its header; of a localised column, what comes before ``_nl`` and ``_en``.
        cell: what stands in it.
        example: for the template; of a localised column, by language.
        note: what the template says of it.
        links: the kind of row it names.
        child: for codes that are rows of their own, the accessor to them.
        codes: what may stand in it, for the template.
    """

    name: str
    cell: cells.CellType
    example: Any = ""
    note: Any = ""
    links: str = ""
    child: str = ""
    codes: Callable[[], Sequence[str]] | None = None
    localised: bool = False
    #: Whether it tells which row is meant, rather than being a value of it.
    key: bool = False
    #: What to say where it is empty; ``""`` where it may be.
    needed: Any = ""

    @property
    def telling(self) -> bool:
        """Whether few texts can stand in it, so that one that may tells something."""
        return not isinstance(self.cell, (cells.Text, cells.Lines, cells.Link)) and not (
            isinstance(self.cell, cells.ListOf)
            and isinstance(self.cell.item, (cells.Link, cells.LanguageTag))
        )

    @property
    def several(self) -> bool:
        return isinstance(self.cell, cells.ListOf)

    def headers(self) -> Iterator[tuple[str, str]]:
        """Its headers, each with its language; ``""`` where it has none."""
        if not self.localised:
            yield self.name, ""
            return
        for language in content_languages():
            yield header(self.name, language), language

    def example_for(self, language: str) -> Any:
        if not self.localised:
            return self.example
        return self.example.get(language) or self.example.get(language.partition("-")[0], "")


def header(name: str, language: str) -> str:
    """The header of a localised column: ``name_nl``, ``name_pt_br``."""
    return f"{name}_{language.replace('-', '_')}"


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook, or a CSV file.

    Attributes:
        name: of the sheet, and of the file without its ending.
        model: whose rows it holds.
        columns: in the order of the template.
        parent: for parts, the column that names the row they hang on.
        accessor: for parts, the name of the relation to them.
    """

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    parent: str = ""
    accessor: str = ""

    def headers(self) -> dict[str, tuple[Column, str]]:
        """Every header that is known, with its column and language."""
        return {
            name: (column, language)
            for column in self.columns
            for name, language in column.headers()
        }

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}


def texts(
    name: str, example: Mapping[str, str], note: Any = "", *, multiline: bool = False
) -> Column:
    cell = cells.Lines() if multiline else cells.Text()
    return Column(name, cell, example, note, localised=True)


def text(name: str, example: str = "", note: Any = "") -> Column:
    return Column(name, cells.Text(), example, note)


def url(name: str, example: str = "", note: Any = "") -> Column:
    note = note or gettext_lazy("An address of the web; https:// may be left out.")
    return Column(name, cells.Url(), example, note)


def code(name: str, choices: Any, example: str, note: Any = "") -> Column:
    return Column(name, cells.Code.of(choices), example, note, codes=lambda: list(choices.values))


def codes(name: str, choices: Any, example: str) -> Column:
    cell = cells.ListOf(cells.Code.of(choices))
    return Column(name, cell, example, codes=lambda: list(choices.values))


def date(name: str, example: str = "") -> Column:
    note = gettext_lazy("A year (2014), a month (2014-02) or a day (2014-02-28).")
    return Column(name, dates.Partial(), example, note)


def day(name: str, example: str = "") -> Column:
    return Column(name, dates.Date(), example, gettext_lazy("A day: 2014-02-28."))


def link(
    name: str,
    kind: str,
    example: str = "",
    note: Any = "",
    key: bool = False,
    needed: Any = "",
) -> Column:
    note = note or gettext_lazy("A uuid, an identifier (scheme:value), an acronym or a name.")
    return Column(name, cells.Link(), example, note, links=kind, key=key, needed=needed)


def links(name: str, kind: str, example: str, note: Any = "") -> Column:
    note = note or gettext_lazy("Uuids, acronyms or names.")
    return Column(name, cells.ListOf(cells.Link()), example, note, links=kind)
