"""Organisations: partners, and those that provide programmes."""

from __future__ import annotations

from typing import Any

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.addresses import web_address
from wagtail_regional.languages import country_name
from wagtail_regional.lifecycle import Status
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.rows import OrganisationRow, Rows
from wagtail_regional.representation.shapes.media import Media
from wagtail_regional.representation.shapes.words import MENTION


class Organisations(Media):
    """Organisations, whole and in short."""

    def __init__(self, rows: Rows, context: ReadContext) -> None:
        super().__init__(rows, context)
        self._organisations: dict[int, s.RegionalOrganisation] = {}
        self._organisation_references: dict[int, s.RegionalReference] = {}

    def organisation(self, pk: int | None) -> s.RegionalOrganisation | None:
        if pk is None or pk not in self.rows.organisations:
            return None
        if pk not in self._organisations:
            row = self.rows.organisations[pk]
            self._organisations[pk] = s.RegionalOrganisation.shape(**self.organisation_columns(row))
        return self._organisations[pk]

    def organisation_reference(self, pk: int | None) -> s.RegionalReference | None:
        """A short mention of an organisation, which links to its own site."""
        if pk is None or pk not in self.rows.organisations:
            return None
        if pk not in self._organisation_references:
            row = self.rows.organisations[pk]
            columns = {name: getattr(row, name) for name in MENTION}
            self._organisation_references[pk] = self.reference(columns)
        return self._organisation_references[pk]

    def organisation_columns(self, row: OrganisationRow) -> dict[str, Any]:
        name, language = self.text(row.name)
        return {
            "id": row.uuid,
            "type": row.type,
            "type_label": self.label(v.OrganisationType, row.type),
            "name": name,
            "language": language,
            "acronym": row.acronym,
            "ror_id": row.ror_id,
            "website": web_address(row.website),
            "logo": self.image("logo", row.logo_id, alt=""),
            "locality": row.locality,
            "country": (
                s.RegionalTerm.shape(code=row.country, label=country_name(row.country, self.words))
                if row.country
                else None
            ),
            "lifecycle": self.lifecycle(row.founded, row.dissolved, Status.ACTIVE),
            "successor": self.organisation_reference(row.successor_id),
        }
