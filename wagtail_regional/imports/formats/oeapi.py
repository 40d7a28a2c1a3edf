"""Programmes, courses and organisations of the Open Education API, versions 5 and 6.

The versions are told apart item by item, by the names they use: ``programId`` is v5,
``programmeId`` v6. A code the specification knows and this registry has no place for is left out
with a warning; one that neither knows is an error. Values that begin with ``x-`` are the
specification's own way to extend its codes.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from babel.core import get_global
from django.utils.translation import gettext as _

from wagtail_regional.fields import PartialDate
from wagtail_regional.imports import cells
from wagtail_regional.imports.formats.json_files import JsonItem
from wagtail_regional.imports.formats.json_values import (
    TEXT,
    JsonObject,
    Values,
    ignore,
    is_nothing,
)
from wagtail_regional.imports.formats.oeapi_codes import (
    DELIVERY,
    DESIGNATED,
    LEVELS,
    ORGANISATION_CODES,
    QUALIFICATIONS,
    STUDY,
    TYPES,
    UNITS,
)
from wagtail_regional.imports.kinds import ORGANISATIONS, PROGRAMMES, check_identifier
from wagtail_regional.imports.plain_text import first_paragraph
from wagtail_regional.imports.problems import CellError, Place, Problems
from wagtail_regional.imports.records import Record, Reference
from wagtail_regional.languages import content_languages
from wagtail_regional.models import OrganisationIdentifier, ProgrammeCode, ProgrammeProvider

_IDS: Final = ("programmeId", "programId", "courseId", "educationSpecificationId")
_ORGANISATION_IDS: Final = ("organisationId", "organizationId")
_ORGANISATION_TYPES: Final = ("organisationType", "organizationType")

#: Of an organisation that programmes name by its id, what may tell it.
_TELLING: Final = (
    *_ORGANISATION_IDS,
    *_ORGANISATION_TYPES,
    "root",
    "rootId",
    "parent",
    "parentId",
    "primaryCode",
    "otherCodes",
    "name",
    "shortName",
)

_YES_NO: Final = cells.YesNo()
_PROVIDERS: Final = PROGRAMMES.table("providers")
_ACCESS: Final = PROGRAMMES.table("access")


@dataclass
class Context:
    """What reading a set of files needs.

    Attributes:
        problems: where to add what is wrong.
        provider: who provides what says nothing of it: an endpoint belongs to one institution.
        organisations: those found among the files, by their id.
    """

    problems: Problems
    provider: str = ""
    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class _Item(JsonObject):
    """An item; what it does not say, its education specification may."""

    specification: Mapping[str, Any] = field(default_factory=dict)
    context: Context = field(default_factory=lambda: Context(Problems()))

    def find(self, *names: str) -> tuple[str, Any]:
        name, value = super().find(*names)
        if value is None:
            other, value = JsonObject(self.specification, ignore).find(*names)
            name = name if value is None else other
        return name, value

    @property
    def itself(self) -> JsonObject:
        """What it says without its education specification."""
        return JsonObject(self.raw, self.tell)


def _item(raw: dict[str, Any], place: Place, context: Context) -> _Item:
    def tell(name: str, value: Any, reason: Any, warning: bool) -> None:
        context.problems.add(place, name, value, reason, warning=warning)

    specification = raw.get("educationSpecification")
    found = _Item(raw, tell, "", {}, context)
    if isinstance(specification, dict):
        found.specification = specification
    elif not is_nothing(specification) and not isinstance(specification, str):
        found.wrong("educationSpecification", specification, _("This should be an object."))
    return found


def _code(item: JsonObject, name: str, value: Any, known: Mapping[str, str | None]) -> str | None:
    """Our code for the specification's."""
    text = item.read_as(TEXT, name, value)
    if text is None:
        return None
    key = _key(text).removeprefix("x_")
    if key not in known:
        item.wrong(name, text, _unknown_code(text, known))
        return None
    if known[key] is None:
        item.wrong(
            name, text, _("The registry has no place for this; it is left out."), warning=True
        )
    return known[key]


def _key(text: str) -> str:
    return re.sub(r"[\s\-]+", "_", text).lower()


def _unknown_code(text: str, known: Iterable[str]) -> str:
    return _("“%(code)s” is not a known code. Allowed: %(known)s.") % {
        "code": text[:100],
        "known": ", ".join(sorted(known)),
    }


def collect_organisations(items: Iterable[JsonItem], context: Context) -> None:
    """Remember the organisations among `items`, which others name by id only."""
    for item in items:
        if _says(item.value, _ORGANISATION_IDS) and not _says(item.value, _IDS):
            found = JsonObject(item.value, ignore).text(*_ORGANISATION_IDS)
            telling: dict[str, Any] = {
                name: item.value[name] for name in _TELLING if name in item.value
            }
            context.organisations.setdefault(found.lower(), telling)


def _says(raw: Mapping[str, Any], names: Sequence[str]) -> bool:
    return any(not is_nothing(raw.get(name)) for name in names)


def read_programmes(items: Iterable[JsonItem], context: Context) -> Iterator[Record]:
    """Programmes, with their providers and access, from programmes, courses and v5's education
    specifications. Organisations among the items are passed over: see `collect_organisations`.
    """
    for item in _readable(items, context):
        if _says(item.value, _IDS):
            yield from _read_programme(_item(item.value, item.place, context), item.place)
        elif _says(item.value, _ORGANISATION_IDS):
            context.problems.ledger.pass_over(
                item.place, _("An organisation: it is used to tell who provides programmes.")
            )
        else:
            _refuse_unknown(item, _IDS, context)


def _readable(items: Iterable[JsonItem], context: Context) -> Iterator[JsonItem]:
    """The items that can be read; the others are refused."""
    for item in items:
        context.problems.ledger.read(item.place)
        if item.refusal:
            context.problems.add(item.place, item.name, "", item.refusal)
        else:
            yield item


def _refuse_unknown(item: JsonItem, names: Sequence[str], context: Context) -> None:
    message = _("This is no item of the Open Education API: it has none of %(names)s.")
    context.problems.add(item.place, "", "", message % {"names": ", ".join(names)})


def _read_uuid(item: JsonObject, names: Sequence[str]) -> uuid.UUID | None:
    name, value = item.find(*names)
    text = item.read_as(TEXT, name, value)
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        item.wrong(name, text, _("“%(value)s” is not a uuid.") % {"value": text[:100]})
        return None


def _read_programme(item: _Item, place: Place) -> Iterator[Record]:
    kind = _type(item)
    if kind == "":
        item.context.problems.ledger.pass_over(
            place, _("It is of a type that the registry has no place for.")
        )
        return
    values = Values(PROGRAMMES.main, {})
    key = _read_uuid(item, _IDS)
    if kind:
        values.found["type"] = kind
    _names_and_dates(item, values)
    _lists_and_codes(item, values)
    primary = _codes(item, values)
    exchange = _Exchange(item)
    exchange.relate(values)
    providers = _providers(item, exchange, primary)
    if key is None:
        # All that is wrong with it has been told; without an id it is nothing to import.
        return
    values.found["uuid"] = key
    yield Record(
        "programmes",
        place,
        values.found,
        types=(kind,) if kind else (),
        adds=frozenset(("codes", "alliances", "themes")),
        providers=tuple(reference for reference, _values in providers),
        unread=frozenset(name for name in ("name", "type") if name not in values.found),
    )
    me = Reference((str(key),))
    for reference, part in providers:
        yield Record("providers", place, {"organisation": reference, **part}, parent=me)
    for access in exchange.access(providers):
        yield Record("access", place, access, parent=me)


def _type(item: _Item) -> str | None:
    """Its type here; None where it cannot be read, ``""`` where there is no place for it."""
    itself = item.itself
    name, value = itself.find("programmeType", "programType", "educationSpecificationType")
    if value is None:
        return "course" if itself.has("courseId") else "programme"
    text = itself.read_as(TEXT, name, value)
    if text is not None and TYPES.get(_key(text).removeprefix("x_"), text) is None:
        return ""
    return _code(itself, name, text, TYPES)


def _names_and_dates(item: _Item, values: Values) -> None:
    _read_name(item, values)
    summaries = _texts(item, "description", cells.Lines())
    plain = {language: first_paragraph(text) for language, text in summaries.items()}
    _put_texts(item, values, "summary", "description", plain)
    values.read("link", item, "link")
    values.read(
        "starts",
        item,
        "firstPossibleOfferingStartDateTime",
        "firstStartDateTime",
        "firstStartDate",
    )
    values.read("ends", item, "lastPossibleOfferingEndDateTime")
    if is_nothing(item.find("lastPossibleOfferingEndDateTime")[1]):
        # Exclusive: what is valid to midnight had its last day before.
        values.put("ends", item, "validTo", item.itself.read(_Over(), "validTo"))


class _Over(cells.Partial):
    """The moment, or the first day, at which something is over: the last day of it."""

    def parse(self, value: Any, text: str) -> PartialDate:
        if found := cells.read_day(text, exclusive=True):
            return PartialDate.from_date(found)
        raise CellError(
            _("“%(value)s” is not a day. Write it as 2014-02-28.") % {"value": text[:60]}
        )


def _lists_and_codes(item: _Item, values: Values) -> None:
    for column, names, known in (
        ("level", ("level",), LEVELS),
        ("modes_of_study", ("modeOfStudy",), STUDY),
        ("modes_of_delivery", ("modesOfDelivery", "modeOfDelivery"), DELIVERY),
    ):
        name, _value = item.find(*names)
        codes = [_code(item, name, text, known) for text in item.read_all(TEXT, *names)]
        found = list(dict.fromkeys(code for code in codes if code))
        values.put(column, item, name, item.only(name, found) if column == "level" else found)
    values.put("qualification", item, "qualificationAwarded", _qualification(item))
    name, _value = item.find("teachingLanguages", "teachingLanguage")
    values.put("teaching_languages", item, name, _teaching_languages(item, name))
    values.read("isced_fields", item, "fieldsOfStudy")
    _study_load(item, values)
    values.put("duration", item, "duration", _duration(item))


def _read_name(item: _Item, values: Values) -> None:
    before = item.context.problems.errors
    names = _texts(item, "name", TEXT)
    _put_texts(item, values, "name", "name", names)
    if not names and item.context.problems.errors == before:
        item.wrong("name", "", _("It has no name. Give one in at least one language."))


def _texts(item: JsonObject, name: str, cell: cells.CellType) -> dict[str, str]:
    """Language-tagged strings, by content language: ``en-GB`` will do for ``en``."""
    tagged: list[tuple[str, str]] = []
    for each in item.objects(name, having=("value",)):
        tag = each.text("language").lower()
        if (text := each.read(cell, "value")) is not None:
            tagged.append((tag, text))
    found: dict[str, str] = {}
    content = content_languages()
    for language in content:
        base = language.partition("-")[0]
        exact = [text for tag, text in tagged if tag == language]
        near = [text for tag, text in tagged if tag.partition("-")[0] == base]
        if text := item.only(name, exact or near):
            found[language] = text
    if tagged and not found:
        # In no language of the site. A name is better than none.
        found[content[0]] = tagged[0][1]
    return found


def _put_texts(
    item: JsonObject, values: Values, column: str, name: str, texts: Mapping[str, str]
) -> None:
    model_field = values.field(column)
    kept = {
        language: text
        for language, text in texts.items()
        if text and item.fits(model_field, name, {language: text})
    }
    if kept:
        values.found[column] = kept


def _teaching_languages(item: JsonObject, name: str) -> list[str]:
    """v5 has one code of ISO 639-2, v6 a list of BCP 47 tags; here it is languages only."""
    aliases = get_global("language_aliases")
    found = []
    for tag in item.read_all(cells.LanguageTag(), name):
        base = tag.lower().replace("_", "-").partition("-")[0]
        found.append(aliases.get(base, base))
    return list(dict.fromkeys(found))


def _qualification(item: _Item) -> str | None:
    text = item.text("qualificationAwarded")
    designations = item.itself.read_all(TEXT, "qualificationDesignations")
    if not text:
        return None
    for designation in designations:
        for (degree, word), code in DESIGNATED.items():
            if degree == text.lower() and word in designation.lower():
                return code
    return _code(item, "qualificationAwarded", text, QUALIFICATIONS)


def _study_load(item: JsonObject, values: Values) -> None:
    """v5 has one load, v6 several; ECTS where there are."""
    loads: dict[str, list[Any]] = {}
    known = (*UNITS, "contact_time")
    for load in item.objects("studyLoad", having=("value",)):
        value = load.read(values.column("study_load").cell, "value")
        unit = _key(load.text("studyLoadUnit")).replace("contacttime", "contact_time")
        if unit not in known:
            if not is_nothing(load.raw.get("value")):
                load.wrong(
                    "studyLoadUnit", load.raw.get("studyLoadUnit"), _unknown_code(unit, known)
                )
        elif value is not None:
            loads.setdefault(unit, []).append(value)
    unit = next((unit for unit in UNITS if unit in loads), "")
    if unit:
        values.put("study_load", item, "studyLoad.value", item.only("studyLoad.value", loads[unit]))
        if "study_load" in values.found:
            values.found["study_load_unit"] = unit


def _duration(item: JsonObject) -> str:
    """Years to days; hours are no duration of something to study."""
    text = item.text("duration")
    days, mark, hours = text.partition("T")
    if mark and hours:
        item.wrong(
            "duration",
            text,
            _("The registry has no place for hours; they are left out."),
            warning=True,
        )
    return days.removesuffix("P")


def _codes(item: _Item, values: Values) -> str:
    """Its codes, which are kept in `values`, and the first of its primary ones."""
    found: list[tuple[str, str]] = []
    primary: list[str] = []
    for name in ("primaryCode", "otherCodes"):
        for entry in item.itself.objects(name, having=("codeType", "code")):
            if pair := _pair(entry):
                scheme, code = pair
                if _fit(entry, ProgrammeCode, scheme=scheme, value=code):
                    found.append(pair)
                if name == "primaryCode":
                    primary.append(code)
    if found:
        values.found["codes"] = list(dict.fromkeys(found))
    return item.only("primaryCode.code", primary) or ""


_CODE_NAMES: Final = {"scheme": "codeType", "value": "code"}


def _fit(entry: JsonObject, model: Any, **given: str) -> bool:
    # Of both, so that both are told.
    fit = [
        entry.fits(model._meta.get_field(name), _CODE_NAMES[name], text)
        for name, text in given.items()
    ]
    return all(fit)


def _pair(entry: JsonObject) -> tuple[str, str] | None:
    """The type and the code of an identifier; None where one of them is not there."""
    kind, code = entry.text("codeType"), entry.text("code")
    if kind and code:
        return kind, code
    missing = [name for name in ("codeType", "code") if is_nothing(entry.raw.get(name))]
    # Both can be there and empty, where there is no code.
    if len(missing) == 1:
        entry.wrong(missing[0], "", _("It is missing. Write a code and its type."))
    return None


# --- Alliances (eduXchange) ------------------------------------------------------------------


class _Exchange:
    """What the extension for eduXchange says of a programme."""

    def __init__(self, item: _Item) -> None:
        self.item = item
        # v5 has a list of consumers, v6 the one that was asked for.
        self.consumers = [
            *item.itself.objects("consumers", having=("consumerKey",)),
            *item.itself.objects("consumer", having=("consumerKey",)),
        ]
        self.alliances: list[tuple[str, JsonObject]] = []
        for consumer in self.consumers:
            if consumer.text("consumerKey").lower() == "eduxchange":
                self._take_alliances(consumer)

    def _take_alliances(self, consumer: JsonObject) -> None:
        for alliance in consumer.objects("alliances"):
            if name := alliance.text("name"):
                self.alliances.append((name, alliance))
            elif is_nothing(alliance.raw.get("name")):
                alliance.wrong("name", "", _("It is missing. Write which alliance is meant."))

    def relate(self, values: Values) -> None:
        """Add the alliances and their themes."""
        if not self.alliances:
            return
        names = dict.fromkeys(name for name, _alliance in self.alliances)
        values.found["alliances"] = [Reference((f"acronym:{name}", name)) for name in names]
        themes = [
            theme
            for _name, alliance in self.alliances
            # v2.1 has a list; where that is present, the older single theme is ignored.
            for theme in alliance.read_all(TEXT, "themes", "theme")
        ]
        if themes:
            values.found["themes"] = [Reference((theme,)) for theme in dict.fromkeys(themes)]

    def partner_codes(self) -> list[str]:
        """The codes of the partners of a joint programme."""
        sources = [*(alliance for _name, alliance in self.alliances), *self.consumers]
        codes = [code for each in sources for code in each.read_all(TEXT, "jointPartnerCodes")]
        return list(dict.fromkeys(codes))

    def access(
        self, providers: Sequence[tuple[Reference, dict[str, Any]]]
    ) -> Iterator[dict[str, Any]]:
        """The terms that the alliances state: for students of the provider, and for guests."""
        own = self._terms("visibleForOwnStudents", "enrolmentUrl", "enrollmentUrl")
        guests = self._terms("visibleForGuests", "enrolmentUrlForGuests", "enrollmentUrlForGuests")
        if own is not None and providers:
            yield {"organisation": providers[0][0], **own}
        if guests is not None:
            yield guests

    def _terms(self, visible: str, *links: str) -> dict[str, Any] | None:
        stated = [alliance for _name, alliance in self.alliances if alliance.read(_YES_NO, visible)]
        if not stated:
            return None
        values = Values(_ACCESS, {})
        given = [bool(alliance.read(_YES_NO, "selection")) for alliance in stated]
        values.found["selective"] = stated[0].only("selection", given)
        cell = values.column("enrolment_link").cell
        addresses = [each for alliance in stated if (each := alliance.read(cell, *links))]
        name, _value = stated[0].find(*links)
        values.put("enrolment_link", stated[0], name, stated[0].only(name, addresses))
        return values.found


# --- Organisations ---------------------------------------------------------------------------


def _providers(
    item: _Item, exchange: _Exchange, primary: str
) -> list[tuple[Reference, dict[str, Any]]]:
    """Who provides it: the organisation it names, and the partners of a joint programme."""
    owner = _owner(item)
    codes = exchange.partner_codes()
    found: list[tuple[Reference, dict[str, Any]]] = []
    if owner:
        part: dict[str, Any] = {"role": "coordinator"} if codes else {}
        model_field = ProgrammeProvider._meta.get_field("partner_code")
        if primary and item.fits(model_field, "primaryCode.code", primary):
            part["partner_code"] = primary
        found.append((owner, part))
    for code in codes:
        if not owner or f"brin:{code}" not in owner.candidates:
            found.append((Reference((f"brin:{code}", f"acronym:{code}", code)), {}))
    if not found:
        item.wrong(
            "organisation",
            "",
            _("It does not say who provides it. Name the institution with --provider."),
        )
    return found


def _owner(item: _Item) -> Reference | None:
    context = item.context
    provider = [context.provider] if context.provider else []
    name, value = item.find("organisation", "organization", *_ORGANISATION_IDS)
    if isinstance(value, dict):
        organisation = next(iter(item.objects(name, having=_TELLING)), None)
        return _organisation_reference(organisation, context) if organisation else None
    text = item.read_as(TEXT, name, value)
    if text is None:
        return Reference((context.provider,)) if provider else None
    known = context.organisations.get(text.lower())
    if known is not None:
        return _organisation_reference(JsonObject(known, ignore), context)
    return Reference((text, *provider))


def _organisation_reference(found: JsonObject, context: Context) -> Reference | None:
    """All that may tell an organisation; of a faculty, the institution it belongs to."""
    organisation = _institution(found, context)
    candidates = [organisation.text(*_ORGANISATION_IDS)]
    candidates += [f"{scheme}:{value}" for scheme, value in _organisation_codes(organisation)]
    candidates += [context.provider]
    candidates += [each.text("value") for each in organisation.objects("name", having=("value",))]
    if acronym := organisation.text("shortName"):
        candidates.append(f"acronym:{acronym}")
    candidates = [each for each in dict.fromkeys(candidates) if each]
    return Reference(tuple(candidates)) if candidates else None


def _institution(found: JsonObject, context: Context) -> JsonObject:
    """The institution that an organisation belongs to, as far as the files tell: organisations
    may name each other in a circle."""
    seen: set[str] = set()
    while not _is_root(found):
        above = _above(found, context)
        if above is None:
            break
        key = above.text(*_ORGANISATION_IDS).lower()
        if key and key in seen:
            break
        seen.add(key)
        found = above
    return found


def _above(found: JsonObject, context: Context) -> JsonObject | None:
    for names in (("root", "rootId"), ("parent", "parentId")):
        name, value = found.find(*names)
        if isinstance(value, dict):
            return next(iter(found.objects(name, having=_TELLING)), None)
        text = found.read_as(TEXT, name, value)
        if text and (known := context.organisations.get(text.lower())) is not None:
            return JsonObject(known, ignore)
    return None


def _is_root(organisation: JsonObject) -> bool:
    return (organisation.text(*_ORGANISATION_TYPES) or "root").lower() == "root"


def _organisation_codes(organisation: JsonObject) -> list[tuple[str, str]]:
    found = []
    for name in ("primaryCode", "otherCodes"):
        for entry in organisation.objects(name, having=("codeType", "code")):
            pair = _pair(entry)
            if pair and (scheme := ORGANISATION_CODES.get(_key(pair[0]))):
                found.append((scheme, pair[1]))
    return list(dict.fromkeys(found))


def read_organisations(items: Iterable[JsonItem], context: Context) -> Iterator[Record]:
    """Institutions: organisations of type root. Their faculties are no partners of anybody."""
    for item in _readable(items, context):
        if not _says(item.value, _ORGANISATION_IDS):
            _refuse_unknown(item, _ORGANISATION_IDS, context)
        elif _says(item.value, _IDS):
            context.problems.ledger.pass_over(item.place, _("A programme, and no organisation."))
        else:
            organisation = _item(item.value, item.place, context)
            if not _is_root(organisation):
                context.problems.ledger.pass_over(
                    item.place, _("A part of an institution, which is no partner by itself.")
                )
            elif record := _read_organisation(organisation, item.place):
                yield record


def _read_organisation(item: _Item, place: Place) -> Record | None:
    values = Values(ORGANISATIONS.main, {"type": "education"})
    key = _read_uuid(item, _ORGANISATION_IDS)
    _read_name(item, values)
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


def _checked_identifiers(item: _Item) -> list[tuple[str, str]]:
    found = []
    for scheme, value in _organisation_codes(item):
        try:
            checked = check_identifier(scheme, value)
        except CellError as error:
            item.wrong("otherCodes", value, error, warning=True)
            continue
        if item.fits(OrganisationIdentifier._meta.get_field("value"), "otherCodes", checked):
            found.append((scheme, checked))
    return list(dict.fromkeys(found))


def _address(item: _Item, values: Values) -> None:
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
