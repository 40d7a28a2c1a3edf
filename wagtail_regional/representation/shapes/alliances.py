"""Alliances, with their members, parts, recognitions and projects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.addresses import web_address
from wagtail_regional.lifecycle import Status
from wagtail_regional.representation.aggregates import decode_rows
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.rows import AllianceRow, Rows
from wagtail_regional.representation.shapes.dates import partial_date, public_id
from wagtail_regional.representation.shapes.orders import in_order, in_project_order
from wagtail_regional.representation.shapes.organisations import Organisations
from wagtail_regional.representation.shapes.words import MENTION
from wagtail_regional.schemas import mentions

_Members = list[tuple[dict[str, Any], s.RegionalMember]]


class Alliances(Organisations):
    """Alliances and what hangs on them, programmes aside."""

    def __init__(self, rows: Rows, context: ReadContext) -> None:
        super().__init__(rows, context)
        self._alliances: dict[int, s.RegionalAlliance] = {}
        self._members: dict[int, tuple[_Members, _Members]] = {}

    def alliance(self, pk: int | None) -> s.RegionalAlliance | None:
        if pk is None or pk not in self.rows.alliances:
            return None
        if pk not in self._alliances:
            row = self.rows.alliances[pk]
            self._alliances[pk] = s.RegionalAlliance.shape(**self.alliance_columns(row))
        return self._alliances[pk]

    def alliance_columns(self, row: AllianceRow) -> dict[str, Any]:
        name, language = self.text(row.name)
        summary, summary_language = self.text(row.summary)
        page = self.alliance_page(row.pk)
        return {
            "id": row.uuid,
            "type": row.type,
            "type_label": self.label(v.AllianceType, row.type),
            "name": name,
            "language": language,
            "acronym": row.acronym,
            "summary": summary,
            "summary_language": summary_language,
            "region": self.text(row.region)[0],
            "url": page.url if page else web_address(row.website),
            "page": page,
            "website": web_address(row.website),
            "logo": self.image("logo", row.logo_id, alt=""),
            "lifecycle": self.lifecycle(row.starts, row.ends),
            "activities": self.terms(v.Activity, row.activities),
            "themes": self.themes(row.themes),
            "parent": self._related_alliance(row, "parent"),
            "succeeded_by": self._related_alliance(row, "successor"),
        }

    def _related_alliance(self, row: AllianceRow, relation: str) -> s.RegionalReference | None:
        pk = getattr(row, f"{relation}_id")
        columns = {name: getattr(row, f"{relation}_{name}") for name in MENTION}
        return None if pk is None else self.alliance_reference(pk, columns)

    def members(self, pk: int) -> tuple[list[s.RegionalMember], list[s.RegionalMember]]:
        """Current members and former ones. Of an alliance that has ended, the first are those
        who were members at its end."""
        current, former = self._split_members(pk)
        return [member for _entry, member in current], [member for _entry, member in former]

    def _split_members(self, pk: int) -> tuple[_Members, _Members]:
        """Memberships with their representation: those of today, and those that are over."""
        if pk not in self._members:
            ended = partial_date(self.rows.alliances[pk].ends)
            split: tuple[_Members, _Members] = ([], [])
            for entry in in_order(self.rows.alliances[pk].memberships):
                if member := self._member(entry):
                    left = partial_date(entry["ends"])
                    stayed = ended and left and left.last_day >= ended.last_day
                    over = member.lifecycle and member.lifecycle.status == Status.ENDED
                    over = bool(over and not stayed)
                    split[over].append((entry, member))
            self._members[pk] = split
        return self._members[pk]

    def _member(self, entry: Mapping[str, Any]) -> s.RegionalMember | None:
        row, kind, named = None, "group", None
        if entry["organisation"]:
            kind, named = "organisation", self.organisation_reference(entry["organisation"])
            if named is None:
                return None
            if entry["organisation"] in self.rows.whole_organisations:
                row = partial(self.organisation, entry["organisation"])
        elif entry["alliance"]:
            kind = "alliance"
            named = self.alliance_reference(entry["alliance"], entry, "alliance_")
        return s.RegionalMember.mention(
            row,
            kind=kind,
            id=named.id if named else None,
            name=named.name if named else self.text(entry["group_label"])[0],
            acronym=named.acronym if named else None,
            url=named.url if named else None,
            count=entry["group_count"],
            role=entry["role"],
            role_label=self.label(v.MemberRole, entry["role"]),
            lifecycle=mentions.dated(self.lifecycle(entry["starts"], entry["ends"], Status.ACTIVE)),
        )

    def member_organisation_ids(self, pk: int) -> list[int]:
        """The organisations among an alliance's current members, in order."""
        return [
            entry["organisation"]
            for entry, _member in self._split_members(pk)[0]
            if entry["organisation"]
        ]

    def centres(self, pk: int) -> list[s.RegionalMention]:
        """The parts of an alliance, in short."""
        return [mentions.of_alliance(part) for part in self.parts_of(pk)]

    def parts_of(self, pk: int) -> list[s.RegionalAlliance]:
        """The alliances that name this one as parent: current ones first, then by name."""
        return sorted(
            filter(None, map(self.alliance, self.rows.parts.get(pk, ()))),
            key=lambda part: (part.lifecycle.status == Status.ENDED, part.name.casefold()),
        )

    def recognitions(self, pk: int) -> list[s.RegionalRecognition]:
        alliance = self.alliance(pk)
        if alliance is None:
            return []
        return self._recognitions(alliance, self.rows.alliances[pk])

    def _recognitions(
        self, alliance: s.RegionalAlliance, row: AllianceRow
    ) -> list[s.RegionalRecognition]:
        mention = s.RegionalReference.shape(
            id=alliance.id, name=alliance.name, acronym=alliance.acronym, url=alliance.url
        )
        return [
            s.RegionalRecognition.shape(
                label=self.text(entry["label"])[0],
                issued_by=self.text(entry["issued_by"])[0],
                url=web_address(entry["url"]),
                alliance=mention,
                lifecycle=self.lifecycle(entry["valid_from"], entry["valid_until"], Status.ACTIVE),
            )
            for entry in in_order(row.recognitions)
        ]

    def projects(self, pk: int) -> list[s.RegionalProject]:
        """An alliance's projects: running ones first, then the latest to have ended."""
        return in_project_order(map(self.project, self.rows.alliances[pk].projects))

    def project(self, entry: Mapping[str, Any]) -> s.RegionalProject:
        return s.RegionalProject.shape(**self.project_columns(entry))

    def project_columns(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        title, language = self.text(entry["title"])
        summary, summary_language = self.text(entry["summary"])
        return {
            "id": public_id(entry["uuid"]),
            "title": title,
            "language": language,
            "summary": summary,
            "summary_language": summary_language,
            "website": web_address(entry["website"]),
            "alliance": self.alliance_reference(entry["alliance"], entry, "alliance_"),
            "lifecycle": self.lifecycle(entry["starts"], entry["ends"]),
            "themes": self.themes(decode_rows(entry["themes"])),
        }
