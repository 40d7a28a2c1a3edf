"""Programmes, with their providers and terms, and what selections found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.addresses import web_address
from wagtail_regional.filters import ProgrammeFilter, ProgrammeSelection
from wagtail_regional.filters.kinds import Rows as RowsOf
from wagtail_regional.filters.programmes import field_label
from wagtail_regional.filters.terms import TERMS
from wagtail_regional.languages import language_name
from wagtail_regional.lifecycle import Status
from wagtail_regional.models import Alliance, Theme
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.registry import MOST_OF_ALLIANCE
from wagtail_regional.representation.rows import ProgrammeRow, Rows
from wagtail_regional.representation.shapes.dates import day, public_id
from wagtail_regional.representation.shapes.orders import in_order
from wagtail_regional.representation.shapes.organisations import Organisations
from wagtail_regional.representation.shapes.words import in_words
from wagtail_regional.schemas import mentions

_Programme = TypeVar("_Programme", s.RegionalProgramme, s.RegionalProgrammeMention)


class Programmes(Organisations):
    """Programmes by themselves, of alliances, and in lists that editors selected."""

    def __init__(self, rows: Rows, context: ReadContext) -> None:
        super().__init__(rows, context)
        self._programmes: dict[int, s.RegionalProgramme] = {}

    def programme(self, pk: int) -> s.RegionalProgramme | None:
        if pk not in self.rows.programmes:
            return None
        if pk not in self._programmes:
            row = self.rows.programmes[pk]
            self._programmes[pk] = s.RegionalProgramme.shape(**self.programme_columns(row))
        return self._programmes[pk]

    def programme_columns(self, row: ProgrammeRow) -> dict[str, Any]:
        name, language = self.text(row.name)
        summary, summary_language = self.text(row.summary)
        # An organisation that went while this was read takes what ties it along.
        providers = list(filter(None, map(self._provider, in_order(row.providers))))
        return {
            "id": row.uuid,
            "type": row.type,
            "type_label": self.label(v.ProgrammeType, row.type),
            "name": name,
            "language": language,
            "summary": summary,
            "summary_language": summary_language,
            "level": row.level,
            "level_label": self.label(v.Level, row.level) if row.level else None,
            "degree_award": row.degree_award,
            "study_load": self._study_load(row),
            "teaching_languages": [
                s.RegionalTerm.shape(code=code, label=language_name(code, self.words))
                for code in row.teaching_languages
            ],
            "modes_of_study": self.terms(v.ModeOfStudy, row.modes_of_study),
            "modes_of_delivery": self.terms(v.ModeOfDelivery, row.modes_of_delivery),
            "isced_fields": [
                s.RegionalTerm.shape(code=code, label=_field(self.words, code))
                for code in row.isced_fields
            ],
            "themes": self.themes(row.themes),
            "is_joint": len(providers) > 1,
            "url": web_address(row.link),
            "providers": providers,
            "access": list(filter(None, map(self._access, in_order(row.access)))),
            "alliances": sorted(
                (self.alliance_reference(entry["pk"], entry) for entry in row.alliances),
                key=lambda alliance: alliance.name.casefold(),
            ),
            "lifecycle": self.lifecycle(row.starts, row.ends, Status.ACTIVE),
        }

    def _mention(
        self, pk: int, access: list[s.RegionalAccess] | None = None
    ) -> s.RegionalProgrammeMention | None:
        row = self.rows.programmes.get(pk)
        if row is None:
            return None
        return s.RegionalProgrammeMention.mention(
            partial(self.programme, pk) if self.rows.programmes_are_whole else None,
            id=row.uuid,
            name=self.text(row.name)[0],
            url=web_address(row.link),
            lifecycle=mentions.dated(self.lifecycle(row.starts, row.ends, Status.ACTIVE)),
            access=access,
        )

    def mentions_of(self, pk: int) -> list[s.RegionalProgrammeMention]:
        """As `programmes_of`, in short."""
        return self._of_alliance(pk, self._mention)

    def mentions_selected(
        self, selection: ProgrammeSelection
    ) -> tuple[list[s.RegionalProgrammeMention], int]:
        """As `selected`, in short; terms are told where the selection is for somebody."""
        found, chosen = self.rows.selected[selection], selection.filter
        told = (
            self._mention(pk, self._terms(pk, chosen) if chosen["home"] else None)
            for pk in found.ids
        )
        return list(filter(None, told)), found.total

    def programmes_of(self, pk: int) -> list[s.RegionalProgramme]:
        """An alliance's programmes, by name; the first ones of many."""
        return self._of_alliance(pk, self.programme)

    def _of_alliance(self, pk: int, make: Callable[[int], _Programme | None]) -> list[_Programme]:
        found = filter(None, map(make, self.rows.alliance_programmes.get(pk, ())))
        return sorted(found, key=lambda each: each.name.casefold())[:MOST_OF_ALLIANCE]

    def selected(self, selection: ProgrammeSelection) -> tuple[list[s.RegionalProgramme], int]:
        """What a selection found, and how many there are in all. One for somebody's students
        has the terms that hold for them alone."""
        found, chosen = self.rows.selected[selection], selection.filter
        programmes = [self.programme(pk) for pk in found.ids]
        if chosen["home"]:
            programmes = [
                each and each.model_copy(update={"access": self._terms(pk, chosen)})
                for pk, each in zip(found.ids, programmes, strict=True)
            ]
        return [each for each in programmes if each is not None], found.total

    def _terms(self, pk: int, chosen: ProgrammeFilter) -> list[s.RegionalAccess]:
        entries = self.rows.programmes[pk].access
        own = {entry["organisation"] for entry in entries}.intersection(chosen["home"])
        kinds = chosen["terms"] or TERMS
        held = own if "own" in kinds else set()
        if "guests" in kinds and len(own) < len(chosen["home"]):
            held = {*held, None}
        entries = [each for each in in_order(entries) if each["organisation"] in held]
        return list(filter(None, map(self._access, entries)))

    def finder_url(self, selection: ProgrammeSelection) -> str | None:
        """Where readers narrow down what `selection` found: the programme index, with the same
        question in its address. None where there is no such page, where nothing was found, and
        where the question cannot be asked there: picked programmes have no question."""
        found, chosen = self.rows.selected[selection].ids, selection.filter
        if self.finder is None or chosen.ids or not found:
            return None
        asked: list[tuple[str, Any]] = []
        for question in chosen.asked:
            kind, values = question.kind, chosen[question.name]
            if isinstance(kind, RowsOf):
                ids = self._public_ids(kind.model, self.rows.programmes[found[0]])
                values = [ids.get(pk) for pk in values]
            asked += [(question.name, value) for value in values]
        if any(value is None for _name, value in asked):
            return None
        if selection.order != "name":
            asked.append(("order", selection.order))
        return f"{self.finder.url}?{urlencode(asked)}" if asked else self.finder.url

    def _public_ids(self, model: Any, programme: ProgrammeRow) -> Mapping[int, UUID]:
        """Those of rows that a programme is tied to: whatever it was found by is among them."""
        if model is Theme:
            return self.rows.themes
        if model is Alliance:
            return {each["pk"]: public_id(each["uuid"]) for each in programme.alliances}
        return {pk: row.uuid for pk, row in self.rows.organisations.items()}

    def _study_load(self, row: ProgrammeRow) -> s.RegionalStudyLoad | None:
        if row.study_load is None:
            return None
        value, unit = float(row.study_load), v.StudyLoadUnit(row.study_load_unit)
        return s.RegionalStudyLoad.shape(
            value=value, unit=unit, label=_load(self.words, unit, value)
        )

    def _provider(self, entry: Mapping[str, Any]) -> s.RegionalProvider | None:
        organisation = self.organisation_reference(entry["organisation"])
        if organisation is None:
            return None
        return s.RegionalProvider.shape(
            organisation=organisation,
            role=entry["role"],
            role_label=self.label(v.ProviderRole, entry["role"]),
            partner_code=entry["partner_code"],
        )

    def _access(self, entry: Mapping[str, Any]) -> s.RegionalAccess | None:
        has_organisation = entry["organisation"] is not None
        organisation = self.organisation_reference(entry["organisation"])
        if has_organisation and organisation is None:
            return None
        return s.RegionalAccess.shape(
            audience="organisation" if has_organisation else "guests",
            organisation=organisation,
            ects=None if entry["ects"] is None else float(entry["ects"]),
            places=entry["places"],
            application_opens=day(entry["application_opens"]),
            application_closes=day(entry["application_closes"]),
            enrolment_link=web_address(entry["enrolment_link"]),
            selective=bool(entry["selective"]),
            conditions=self.text(entry["conditions"])[0],
        )


@in_words
def _field(code: str) -> str:
    return field_label(code)


@in_words
def _load(unit: v.StudyLoadUnit, value: float) -> str:
    return unit.of(value)
