"""Rows in short, as lists in a body have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from wagtail_regional.schemas.base import row_of
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
    _collect(body, kinds, found)
    return RegionalIncluded.shape(**{name: list(rows.values()) for name, rows in found.items()})


def _collect(value: Any, kinds: Mapping[type, str], found: dict[str, dict[Any, Any]]) -> None:
    if isinstance(value, list):
        for each in value:
            _collect(each, kinds, found)
    elif isinstance(value, dict):
        row = row_of(value)
        if row is not None and (name := kinds.get(type(row))):
            found[name].setdefault(row.id, row)
        for each in value.values():
            _collect(each, kinds, found)
