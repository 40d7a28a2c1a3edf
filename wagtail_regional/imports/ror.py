"""Organisations from the Research Organization Registry: records of its schema 2.0 and 2.1.

A record brings names in the site's languages, place, website, founding year, identifiers and, of
other organisations that are imported or registered, parent and successor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_regional.fields import PartialDate
from wagtail_regional.imports.kinds import check_identifier
from wagtail_regional.imports.problems import CellError, ImportRefusedError, Place, Problems
from wagtail_regional.imports.records import Record, Reference
from wagtail_regional.languages import content_languages
from wagtail_regional.models import canonical_ror_id
from wagtail_regional.vocabularies import OrganisationType

#: ROR lists types by the alphabet; we have one. A university that also pays for research is a
#: university.
_PRECEDENCE: Final = (
    "education",
    "healthcare",
    "government",
    "company",
    "nonprofit",
    "archive",
    "facility",
    "funder",
    "other",
)

_SCHEMES: Final = {"isni": "isni", "wikidata": "wikidata", "grid": "grid"}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records to take: nobody wants all of ROR.

    Attributes:
        countries: ISO 3166-1 codes; empty for all.
        ids: canonical ROR ids; empty for all.
        only_existing: only what the registry has already.
    """

    countries: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    only_existing: bool = False

    def takes(self, item: dict[str, Any]) -> bool:
        if self.ids and item.get("id") not in self.ids:
            return False
        return not self.countries or _country(item) in self.countries


def read_ror(
    items: Iterable[dict[str, Any]], source: str, selection: Selection, problems: Problems
) -> Iterator[Record]:
    """The records among `items` that are selected.

    Raises:
        ImportRefusedError: when these are not ROR records of schema 2.
    """
    for number, item in enumerate(items, start=1):
        place = Place(source, "", number)
        if "names" not in item or "id" not in item:
            raise ImportRefusedError(
                _(
                    "This is not a ROR record of schema 2.0 or 2.1: it has no “names”. Download a "
                    "newer dump from ror.org."
                ),
                place,
            )
        if selection.takes(item) and (record := _read(item, place, selection, problems)):
            yield record


def _read(
    item: dict[str, Any], place: Place, selection: Selection, problems: Problems
) -> Record | None:
    try:
        ror_id = canonical_ror_id(str(item["id"]))
        types = _types(item)
        values = _values(item, ror_id, types, place, problems)
    except ValidationError as error:
        problems.add(place, "id", item["id"], error.messages[0])
        return None
    except CellError as error:
        problems.add(place, "types", item.get("types"), error)
        return None
    except (TypeError, KeyError, AttributeError, ValueError):
        problems.add(
            place, "", item.get("id"), _("This record does not follow ROR's schema 2.0 or 2.1.")
        )
        return None
    status = item.get("status", "active")
    if status != "active":
        # ROR does not say when; an editor has to.
        problems.add(
            place,
            "status",
            status,
            _("ROR calls this organisation %(status)s. Fill in when it was dissolved.")
            % {"status": status},
            warning=True,
        )
    return Record(
        "organisations",
        place,
        values,
        types=tuple(types),
        adds=frozenset(("identifiers",)),
        # What is gone is updated where it is known, and not added.
        only_existing=selection.only_existing or status != "active",
    )


def _values(
    item: dict[str, Any], ror_id: str, types: list[str], place: Place, problems: Problems
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "ror_id": ror_id,
        "name": _names(item["names"]),
        "type": types[0],
        **_location(item),
        **_relations(item.get("relationships") or ()),
    }
    acronym = next((n["value"] for n in item["names"] if "acronym" in n["types"]), "")
    website = next(
        (link["value"] for link in item.get("links") or () if link["type"] == "website"), ""
    )
    for name, text, most in (("acronym", acronym, 50), ("website", website, 500)):
        if text and len(text) <= most:
            values[name] = text
    if item.get("established"):
        values["founded"] = PartialDate(int(item["established"]))
    if identifiers := _identifiers(item.get("external_ids") or (), place, problems):
        values["identifiers"] = identifiers
    return values


def _names(names: list[dict[str, Any]]) -> dict[str, str]:
    """Names by content language. Where ROR has none in any, the one it displays will do in the
    site's first: names of organisations are used untranslated."""
    labels: dict[str, str] = {}
    display = ""
    for name in names:
        types = name["types"]
        if "ror_display" in types:
            display = name["value"]
        if "label" in types and (language := name.get("lang")):
            labels.setdefault(language, name["value"])
    content = content_languages()
    found = {
        language: labels[base]
        for language in content
        if (base := language.partition("-")[0]) in labels
    }
    return found or {content[0]: display or names[0]["value"]}


def _types(item: dict[str, Any]) -> list[str]:
    types = [str(name).lower() for name in item["types"]]
    for name in types:
        if name not in OrganisationType.values:
            raise CellError(
                _("“%(code)s” is not a type. Allowed: %(known)s.")
                % {"code": name, "known": ", ".join(OrganisationType.values)}
            )
    return sorted(types, key=_PRECEDENCE.index) or ["other"]


def _country(item: dict[str, Any]) -> str:
    for location in item.get("locations") or ():
        if code := (location.get("geonames_details") or {}).get("country_code"):
            return str(code)
    return ""


def _location(item: dict[str, Any]) -> dict[str, Any]:
    locations = item.get("locations") or ()
    details = locations[0].get("geonames_details") or {} if locations else {}
    found: dict[str, Any] = {}
    if details.get("name"):
        found["locality"] = details["name"]
    if details.get("country_code"):
        found["country"] = details["country_code"]
    latitude, longitude = details.get("lat"), details.get("lng")
    if latitude is not None and longitude is not None:
        found["latitude"] = round(Decimal(str(latitude)), 6)
        found["longitude"] = round(Decimal(str(longitude)), 6)
    return found


def _relations(relationships: Iterable[dict[str, Any]]) -> dict[str, Reference]:
    """Its parent and successor, if they are in the registry or among what is imported."""
    found: dict[str, Reference] = {}
    for each in relationships:
        name = str(each["type"]).lower()
        if name in ("parent", "successor"):
            # Several parents: the first one. We have one, and ROR has no order among them.
            found.setdefault(name, Reference((canonical_ror_id(each["id"]),), optional=True))
    return found


def _identifiers(
    external: Iterable[dict[str, Any]], place: Place, problems: Problems
) -> list[tuple[str, str]]:
    found = []
    for each in external:
        scheme = _SCHEMES.get(str(each["type"]).lower())
        value = each.get("preferred") or (each["all"][0] if each.get("all") else "")
        if not scheme or not value:
            continue
        try:
            found.append((scheme, check_identifier(scheme, str(value))))
        except CellError as error:
            problems.add(place, f"external_ids.{scheme}", value, error, warning=True)
    return found
