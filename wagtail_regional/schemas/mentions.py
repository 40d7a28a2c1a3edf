"""Rows in short, as lists in a body have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from wagtail_regional.schemas.base import Shape, row_of
from wagtail_regional.schemas.pages import RegionalIncluded
from wagtail_regional.schemas.parts import RegionalLifecycle
from wagtail_regional.schemas.registry import (
    RegionalAccess,
    RegionalAlliance,
    RegionalMention,
    RegionalOrganisation,
    RegionalProgramme,
    RegionalProgrammeMention,
)

#: What can be included whole, by the name of the list that has it.
INCLUDED: Final[Mapping[str, type[Any]]] = {
    "organisations": RegionalOrganisation,
    "alliances": RegionalAlliance,
    "programmes": RegionalProgramme,
}


def dated(lifecycle: RegionalLifecycle) -> RegionalLifecycle | None:
    """A lifecycle as mentions have it: None where there are no dates, so that nothing is told."""
    return lifecycle if lifecycle.starts or lifecycle.ends else None


def of_alliance(alliance: RegionalAlliance) -> RegionalMention:
    """An alliance in short."""
    return RegionalMention.mention(
        alliance,
        id=alliance.id,
        name=alliance.name,
        acronym=alliance.acronym,
        url=alliance.url,
        lifecycle=dated(alliance.lifecycle),
    )


def of_programme(
    programme: RegionalProgramme, access: Sequence[RegionalAccess] | None = None
) -> RegionalProgrammeMention:
    """A programme in short, with the terms of whom a list is for."""
    return RegionalProgrammeMention.mention(
        programme,
        id=programme.id,
        name=programme.name,
        url=programme.url,
        lifecycle=dated(programme.lifecycle),
        access=access,
    )


def included(body: Any, names: Iterable[str]) -> RegionalIncluded:
    """What a body mentions, each row whole and once.

    Args:
        body: blocks in the shape of the contract.
        names: of the lists that are wanted (see :data:`INCLUDED`).
    """
    kinds = {INCLUDED[name].kind_of_shape(): name for name in names}
    found: dict[str, dict[Any, Any]] = {name: {} for name in kinds.values()}
    for row in rows_mentioned(body):
        if name := kinds.get(type(row)):
            found[name].setdefault(row.id, row)
    return RegionalIncluded.shape(**{name: list(rows.values()) for name, rows in found.items()})


def rows_mentioned(value: Any) -> list[Any]:
    """The rows that something in the shape of the contract mentions, and those that these mention
    in turn, in the order in which they come, each object once."""
    found: dict[int, Any] = {}
    todo = [value]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            row = row_of(each)
            if row is not None and id(row) not in found:
                found[id(row)] = row
                todo.append(row)
            names = each.mentioning if isinstance(each, Shape) else each.keys()
            each = [each[name] for name in names]
        todo += [part for part in reversed(each) if isinstance(part, (dict, list))]
    return list(found.values())
