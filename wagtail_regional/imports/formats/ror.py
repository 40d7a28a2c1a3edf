"""Organisations from the Research Organization Registry: records of its schema 2.0 and 2.1.

A record brings names in the site's languages, place, website, founding year, identifiers and, of
other organisations that are imported or registered, parent and successor.

Nobody who imports a dump can mend it. So a value that cannot be read is left out with a warning,
and a record without what it needs is passed over; the others are imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports.cells import Country, RorId
from wagtail_regional.imports.formats.json_files import JsonItem
from wagtail_regional.imports.formats.json_values import (
    TEXT,
    JsonObject,
    Values,
    ignore,
    is_nothing,
)
from wagtail_regional.imports.kinds import ORGANISATIONS, check_identifier
from wagtail_regional.imports.problems import CellError, ImportRefusedError, Place, Problems
from wagtail_regional.imports.records import Record, Reference
from wagtail_regional.languages import content_languages, country_codes
from wagtail_regional.models import OrganisationIdentifier
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

_STATUSES: Final = ("active", "inactive", "withdrawn")

_DETAILS: Final = ("name", "country_code", "lat", "lng")

_COUNTRY: Final = Country(country_codes)
_ROR_ID: Final = RorId()


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

    def takes(self, raw: dict[str, Any]) -> bool:
        """Whether a record is one of these."""
        item = JsonObject(raw, ignore)
        if self.ids and item.read(_ROR_ID, "id") not in self.ids:
            return False
        if not self.countries:
            return True
        return any(
            details.read(_COUNTRY, "country_code") in self.countries
            for details in _places(item)[:1]
        )


def read_ror(
    items: Iterable[JsonItem], selection: Selection, problems: Problems
) -> Iterator[Record]:
    """The records among `items` that are selected.

    Raises:
        ImportRefusedError: when these are records of an older schema, or not one can be read.
    """
    whole: Place | None = None
    read = False
    for item in items:
        problems.ledger.read(item.place)
        whole = item.place.whole
        if item.refusal:
            problems.add(item.place, item.name, "", item.refusal)
        elif "names" not in item.value and "name" in item.value:
            raise ImportRefusedError(
                _(
                    "This is not a ROR record of schema 2.0 or 2.1: it has no “names”. Download a "
                    "newer dump from ror.org."
                ),
                item.place,
            )
        elif not selection.takes(item.value):
            read = True
            problems.ledger.pass_over(item.place, _("It is not among those asked for."))
        elif _is_withdrawn(item):
            read = True
            problems.ledger.pass_over(
                item.place,
                _(
                    "ROR has withdrawn it: it was never an organisation of its own, or is there "
                    "twice."
                ),
            )
        elif record := _read(item, selection, problems):
            read = True
            yield record
    if whole and not read:
        raise ImportRefusedError(
            _("Not one of these records can be read as one of ROR's schema 2.0 or 2.1."), whole
        )


def _is_withdrawn(item: JsonItem) -> bool:
    return JsonObject(item.value, ignore).text("status").lower() == "withdrawn"


def _read(item: JsonItem, selection: Selection, problems: Problems) -> Record | None:
    place = item.place

    def tell(name: str, value: Any, reason: Any, warning: bool) -> None:
        problems.add(place, name, value, reason, warning=True)

    found = JsonObject(item.value, tell)
    status = _status(found)
    values = _values(found, place, problems)
    types = _types(found)
    missing = [name for name in ("ror_id", "name") if name not in values.found]
    if missing or not types:
        problems.ledger.pass_over(
            place,
            _("This record does not follow ROR's schema 2.0 or 2.1: its %(names)s cannot be read.")
            % {"names": {"ror_id": "id", "name": "names"}[missing[0]] if missing else "types"},
        )
        return None
    values.found["type"] = types[0]
    wanted: tuple[tuple[str, str, str, str], ...] = ()
    if status == "inactive":
        # ROR does not say when; an editor has to.
        reason = _("ROR calls this organisation %(status)s. Fill in when it was dissolved.")
        wanted = (("dissolved", "status", status, reason % {"status": status}),)
    return Record(
        "organisations",
        place,
        values.found,
        types=tuple(types),
        adds=frozenset(("identifiers",)),
        # What is gone is updated where it is known, and not added.
        only_existing=selection.only_existing or status != "active",
        wanted=wanted,
    )


def _status(item: JsonObject) -> str:
    status = item.text("status").lower() or "active"
    if status not in _STATUSES:
        item.wrong(
            "status",
            status,
            _("“%(code)s” is not a known code. Allowed: %(known)s.")
            % {"code": status, "known": ", ".join(_STATUSES)},
        )
        return "active"
    return status


def _values(item: JsonObject, place: Place, problems: Problems) -> Values:
    values = Values(ORGANISATIONS.main, {})
    values.read("ror_id", item, "id")
    if "ror_id" not in values.found and is_nothing(item.raw.get("id")):
        item.wrong("id", "", _("This cannot be empty. Fill it in."))
    _names(item, values)
    places = _places(item)
    for other in places[1:]:
        if other.raw != places[0].raw:
            item.wrong(
                "locations",
                other.raw.get("name"),
                _("Only one address fits here: the first is kept."),
                warning=True,
            )
    for details in places[:1]:
        values.read("locality", details, "name")
        values.read("country", details, "country_code")
        values.read_coordinates(details, "lat", "lng")
    for link in item.objects("links", having=("type",)):
        if link.text("type").lower() == "website" and "website" not in values.found:
            values.read("website", link, "value")
    values.read("founded", item, "established")
    _relations(item, values)
    if identifiers := _identifiers(item):
        values.found["identifiers"] = identifiers
    return values


def _names(item: JsonObject, values: Values) -> None:
    """Names by content language. The one that ROR displays comes before others in its language;
    where it has none, that is the site's first: names of organisations are used untranslated."""
    labels: dict[str, str] = {}
    displays: list[tuple[str, str]] = []
    acronym = spare = ""
    for name in item.objects("names", having=("value",)):
        text = name.text("value")
        types = [kind.lower() for kind in name.read_all(TEXT, "types")]
        language = name.text("lang").lower().partition("-")[0]
        if not text:
            continue
        spare = spare or text
        if "ror_display" in types:
            displays.append((language, text))
        if "label" in types and language:
            labels.setdefault(language, text)
        if "acronym" in types:
            acronym = acronym or text
    content = content_languages()
    display = item.only("names", [text for _language, text in displays])
    if displays:
        labels[displays[0][0] or content[0].partition("-")[0]] = display
    found = {
        language: labels[base]
        for language in content
        if (base := language.partition("-")[0]) in labels
    }
    if shown := display or spare:
        found = found or {content[0]: shown}
    values.put("name", item, "names", found)
    values.put("acronym", item, "names", acronym)
    if not found and is_nothing(item.raw.get("names")):
        item.wrong("names", "", _("It has no name. Give one in at least one language."))


def _types(item: JsonObject) -> list[str]:
    """Its types, the one that counts first; none where they cannot be read."""
    types = [name.lower() for name in item.read_all(TEXT, "types")]
    for name in types:
        if name not in OrganisationType.values:
            item.wrong(
                "types",
                name,
                _("“%(code)s” is not a type. Allowed: %(known)s.")
                % {"code": name[:100], "known": ", ".join(OrganisationType.values)},
            )
    known = sorted(set(types) & set(_PRECEDENCE), key=_PRECEDENCE.index)
    return known or (["other"] if is_nothing(item.raw.get("types")) else [])


def _places(item: JsonObject) -> list[JsonObject]:
    """What is said of its locations, in their order."""
    return [
        details
        for location in item.objects("locations", having=("geonames_id", "geonames_details"))
        for details in location.objects("geonames_details", having=_DETAILS)
    ]


def _relations(item: JsonObject, values: Values) -> None:
    """Its parent and successor, if they are in the registry or among what is imported."""
    for each in item.objects("relationships", having=("type", "id")):
        name = each.text("type").lower()
        if name not in ("parent", "successor"):
            continue
        # Several parents: the first one. We have one, and ROR has no order among them.
        if (key := each.read(_ROR_ID, "id")) is not None:
            values.found.setdefault(name, Reference((key,), optional=True))


def _identifiers(item: JsonObject) -> list[tuple[str, str]]:
    found = []
    for each in item.objects("external_ids", having=("type",)):
        scheme = _SCHEMES.get(each.text("type").lower())
        if scheme is None:
            continue
        value = each.text("preferred") or next(iter(each.read_all(TEXT, "all")), "")
        if not value:
            continue
        name = f"external_ids.{scheme}"
        try:
            checked = check_identifier(scheme, value)
        except CellError as error:
            item.wrong(name, value, error)
            continue
        if item.fits(OrganisationIdentifier._meta.get_field("value"), name, checked):
            found.append((scheme, checked))
    return list(dict.fromkeys(found))
