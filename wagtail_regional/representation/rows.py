"""What was read of the database: plain rows by primary key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model

from wagtail_regional.filters import ProgrammeSelection, Selected
from wagtail_regional.models.ties import TIES, Tie
from wagtail_regional.representation.images import ImageRow


class OrganisationRow(NamedTuple):
    pk: int
    uuid: UUID
    type: str
    name: Any
    acronym: str
    ror_id: str | None
    website: str
    logo_id: int | None
    locality: str
    country: str
    founded: Any
    dissolved: Any
    latitude: Any
    longitude: Any
    successor_id: int | None


class AllianceRow(NamedTuple):
    pk: int
    uuid: UUID
    type: str
    name: Any
    acronym: str
    summary: Any
    region: Any
    website: str
    logo_id: int | None
    activities: Sequence[str]
    starts: Any
    ends: Any
    parent_id: int | None
    parent_uuid: UUID | None
    parent_name: Any
    parent_acronym: str | None
    parent_website: str | None
    successor_id: int | None
    successor_uuid: UUID | None
    successor_name: Any
    successor_acronym: str | None
    successor_website: str | None
    themes: list[dict[str, Any]]
    memberships: list[dict[str, Any]]
    recognitions: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    programmes_total: int


class ProgrammeRow(NamedTuple):
    """A programme. What has a default is not read where it is only mentioned."""

    pk: int
    uuid: UUID
    name: Any
    link: str
    starts: Any
    ends: Any
    alliances: Sequence[dict[str, Any]]
    type: str = ""
    summary: Any = ""
    level: str = ""
    degree_award: str = ""
    study_load: Any = None
    study_load_unit: str = ""
    teaching_languages: Sequence[str] = ()
    modes_of_study: Sequence[str] = ()
    modes_of_delivery: Sequence[str] = ()
    isced_fields: Sequence[str] = ()
    themes: Sequence[dict[str, Any]] = ()
    providers: Sequence[dict[str, Any]] = ()
    access: Sequence[dict[str, Any]] = ()


@dataclass
class Rows:
    """What was loaded, by primary key."""

    alliances: dict[int, AllianceRow] = field(default_factory=dict)
    #: The programmes of alliances whose programmes are wanted: the first ones at least.
    alliance_programmes: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    organisations: dict[int, OrganisationRow] = field(default_factory=dict)
    programmes: dict[int, ProgrammeRow] = field(default_factory=dict)
    #: Whether all of these was read, and which organisations were read with all they show.
    programmes_are_whole: bool = True
    whole_organisations: set[int] = field(default_factory=set)
    projects: dict[int, dict[str, Any]] = field(default_factory=dict)
    selected: dict[ProgrammeSelection, Selected] = field(default_factory=dict)
    images: dict[tuple[str, int], ImageRow] = field(default_factory=dict)
    pages: dict[int, Any] = field(default_factory=dict)
    documents: dict[int, Any] = field(default_factory=dict)
    embeds: dict[str, Any] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    #: Public ids by primary key.
    themes: dict[int, UUID] = field(default_factory=dict)

    def of(self, model: type[Model]) -> dict[int, Any]:
        """Those of a kind."""
        rows: dict[int, Any] = getattr(self, f"{model._meta.model_name}s")
        return rows

    def mentioned(self, model: type[Model]) -> set[int]:
        """The rows of a kind that what was loaded refers to, or lists."""
        found: set[int] = set()
        for tie in TIES:
            if tie.target is model and tie.loaded:
                found |= self.referred_to(tie)
            if tie.model is model and tie.listed_in:
                found.update(_keys_at(self.of(tie.target), tie.listed_in))
        return found

    def referred_to(self, tie: Tie, holders: Collection[int] | None = None) -> set[int]:
        """What rows that were loaded refer to by one relation.

        Args:
            holders: the only ones that count, by primary key.
        """
        rows = self.of(tie.holder_model)
        if holders is not None:
            rows = {pk: row for pk, row in rows.items() if pk in holders}
        return {key for key in _keys_at(rows, tie.loaded) if key is not None}

    @cached_property
    def parts(self) -> dict[int, list[int]]:
        """The parts that were loaded, by the alliance that is their parent."""
        parts: dict[int, list[int]] = defaultdict(list)
        for row in self.alliances.values():
            if row.parent_id is not None:
                parts[row.parent_id].append(row.pk)
        return parts


def _keys_at(rows: dict[int, Any], place: str) -> Iterator[int]:
    """What rows have at a place, as :class:`wagtail_regional.models.ties.Tie` writes it."""
    name, _dot, key = place.partition(".")
    for row in rows.values():
        # Projects are as they are nested elsewhere: dictionaries.
        value = row[name] if isinstance(row, dict) else getattr(row, name)
        if key:
            yield from (entry[key] for entry in value)
        else:
            yield value
