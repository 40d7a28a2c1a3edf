"""Organisations of the Open Education API, and what programmes say of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from wagtail_regional.imports.formats.json_files import JsonItem
from wagtail_regional.imports.formats.json_values import TEXT, JsonObject, Values, ignore
from wagtail_regional.imports.formats.oeapi.codes import ORGANISATION_CODES
from wagtail_regional.imports.formats.oeapi.items import (
    ORGANISATION_IDS,
    ORGANISATION_TYPES,
    PROGRAMME_IDS,
    Context,
    Item,
    item_of,
    key_of,
    pair_of,
    read_name,
    read_uuid,
    readable,
    refuse_unknown,
    says,
)
from wagtail_regional.imports.kinds import ORGANISATIONS, check_identifier
from wagtail_regional.imports.problems import CellError, Place
from wagtail_regional.imports.records import Record, Reference
from wagtail_regional.models import OrganisationIdentifier

#: Of an organisation that programmes name by its id, what may tell it.
TELLING: Final = (
    *ORGANISATION_IDS,
    *ORGANISATION_TYPES,
    "root",
    "rootId",
    "parent",
    "parentId",
    "primaryCode",
    "otherCodes",
    "name",
    "shortName",
)


def collect_organisations(items: Iterable[JsonItem], context: Context) -> None:
    """Remember the organisations among `items`, which others name by id only."""
    for item in items:
        if says(item.value, ORGANISATION_IDS) and not says(item.value, PROGRAMME_IDS):
            found = JsonObject(item.value, ignore).text(*ORGANISATION_IDS)
            telling: dict[str, Any] = {
                name: item.value[name] for name in TELLING if name in item.value
            }
            context.organisations.setdefault(found.lower(), telling)


def organisation_reference(found: JsonObject, context: Context) -> Reference | None:
    """All that may tell an organisation; of a faculty, the institution it belongs to."""
    organisation = _institution(found, context)
    candidates = [organisation.text(*ORGANISATION_IDS)]
    candidates += [f"{scheme}:{value}" for scheme, value in organisation_codes(organisation)]
    candidates += [context.provider]
    candidates += [each.text("value") for each in organisation.objects("name", having=("value",))]
    if acronym := organisation.text("shortName"):
        candidates.append(f"acronym:{acronym}")
    candidates = [each for each in dict.fromkeys(candidates) if each]
    advice = advice_on_provider(context)
    return Reference(tuple(candidates), advice=advice) if candidates else None


def advice_on_provider(context: Context) -> str:
    """What to do about an organisation that is not there, unless that is done already."""
    return "" if context.provider else name_provider()


def name_provider() -> str:
    return _(
        "Name the institution that provides these programmes under Provider, or on the command "
        "line with --provider."
    )


def _institution(found: JsonObject, context: Context) -> JsonObject:
    """The institution that an organisation belongs to, as far as the files tell: organisations
    may name each other in a circle."""
    seen: set[str] = set()
    while not _is_root(found):
        above = _above(found, context)
        if above is None:
            break
        key = above.text(*ORGANISATION_IDS).lower()
        if key and key in seen:
            break
        seen.add(key)
        found = above
    return found


def _above(found: JsonObject, context: Context) -> JsonObject | None:
    for names in (("root", "rootId"), ("parent", "parentId")):
        name, value = found.find(*names)
        if isinstance(value, dict):
            return next(iter(found.objects(name, having=TELLING)), None)
        text = found.read_as(TEXT, name, value)
        if text and (known := context.organisations.get(text.lower())) is not None:
            return JsonObject(known, ignore)
    return None


def _is_root(organisation: JsonObject) -> bool:
    return (organisation.text(*ORGANISATION_TYPES) or "root").lower() == "root"


def organisation_codes(organisation: JsonObject) -> list[tuple[str, str]]:
    found = []
    for name in ("primaryCode", "otherCodes"):
        for entry in organisation.objects(name, having=("codeType", "code")):
            pair = pair_of(entry)
            if pair and (scheme := ORGANISATION_CODES.get(key_of(pair[0]))):
                found.append((scheme, pair[1]))
    return list(dict.fromkeys(found))


def read_organisations(items: Iterable[JsonItem], context: Context) -> Iterator[Record]:
    """Institutions: organisations of type root. Their faculties are no partners of anybody."""
    for item in readable(items, context):
        if not says(item.value, ORGANISATION_IDS):
            refuse_unknown(item, ORGANISATION_IDS, context)
        elif says(item.value, PROGRAMME_IDS):
            context.problems.ledger.pass_over(item.place, _("A programme, and no organisation."))
        else:
            organisation = item_of(item.value, item.place, context)
            if not _is_root(organisation):
                context.problems.ledger.pass_over(
                    item.place, _("A part of an institution, which is no partner by itself.")
                )
            elif record := _read_organisation(organisation, item.place):
                yield record


def _read_organisation(item: Item, place: Place) -> Record | None:
    values = Values(ORGANISATIONS.main, {"type": "education"})
    key = read_uuid(item, ORGANISATION_IDS)
    read_name(item, values)
    values.read("acronym", item, "shortName")
    values.read("website", item, "link")
    if identifiers := _checked_identifiers(item):
        values.found["identifiers"] = identifiers
    _address(item, values)
    if key is None:
        return None
    values.found["uuid"] = key
    return Record(
        "organisations",
        place,
        values.found,
        types=("education",),
        adds=frozenset(("identifiers",)),
        unread=frozenset(() if "name" in values.found else ("name",)),
    )


def _checked_identifiers(item: Item) -> list[tuple[str, str]]:
    found = []
    for scheme, value in organisation_codes(item):
        try:
            checked = check_identifier(scheme, value)
        except CellError as error:
            item.wrong("otherCodes", value, error, warning=True)
            continue
        if item.fits(OrganisationIdentifier._meta.get_field("value"), "otherCodes", checked):
            found.append((scheme, checked))
    return list(dict.fromkeys(found))


def _address(item: Item, values: Values) -> None:
    addresses = item.objects(
        "addresses", having=("addressType", "city", "countryCode", "geolocation")
    )
    visits = [each for each in addresses if each.text("addressType").lower() == "visit"]
    for address in (visits or addresses)[:1]:
        for other in (visits or addresses)[1:]:
            if other.raw != address.raw:
                item.wrong(
                    "addresses",
                    other.raw.get("city"),
                    _("Only one address fits here: the first is kept."),
                    warning=True,
                )
        values.read("locality", address, "city")
        values.read("country", address, "countryCode")
        places = address.objects("geolocation", having=("latitude", "longitude"))
        address.only("geolocation", [each.raw for each in places])
        for place in places[:1]:
            values.read_coordinates(place, "latitude", "longitude")
