"""What an import is going to do: plans of rows and of their parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from wagtail_regional.imports.directory import Entry
from wagtail_regional.imports.problems import Place, Problems
from wagtail_regional.imports.records import Reference

#: How many rows are compared, and written, at a time.
BATCH = 500


@dataclass(slots=True)
class Change:
    """One field, before and after, as people read it."""

    column: str
    old: str
    new: str


@dataclass(slots=True)
class PartPlan:
    """What happens to one part of a row: a member, a provider."""

    table: str
    action: str
    row: Any
    place: Place
    label: str = ""
    changes: list[Change] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    #: What it names and that has no primary key yet, by field.
    pending: dict[str, Entry] = field(default_factory=dict)


@dataclass(slots=True)
class RowPlan:
    """What happens to one row.

    Attributes:
        action: ``add``, ``change`` or ``same``.
        entry: which row it is.
        row: the instance with its new values.
        fields: the columns of its own table that change.
        pending: foreign keys to rows that have no primary key yet, by field.
        relations: for each many-to-many field, the rows to add and the keys to take out.
        children: for codes that are rows of their own, those to add and those to delete.
        parts: what happens to its parts.
        takes_over_ror: whether its ROR id is that of a row which gives it up.
    """

    action: str
    entry: Entry
    row: Any
    place: Place
    label: str
    changes: list[Change] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    pending: dict[str, Entry] = field(default_factory=dict)
    relations: dict[str, tuple[list[Entry], list[int]]] = field(default_factory=dict)
    children: dict[str, tuple[list[Any], list[Any]]] = field(default_factory=dict)
    parts: list[PartPlan] = field(default_factory=list)
    takes_over_ror: bool = False


class Resolver(Protocol):
    """What finds the rows that others name: the planner, as parts see it."""

    problems: Problems

    def resolve(self, name: str, reference: Reference, place: Place, column: str) -> Entry | None:
        """The row that another one names; None where there is none, which is then a problem."""
