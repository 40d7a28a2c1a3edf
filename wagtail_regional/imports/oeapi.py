"""Programmes, courses and organisations of the Open Education API, versions 5 and 6.

The versions are told apart item by item, by the names they use: ``programId`` is v5,
``programmeId`` v6. A code the specification knows and this registry has no place for is left out
with a warning; one that neither knows is an error. Values that begin with ``x-`` are the
specification's own way to extend its codes.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from babel.core import get_global
from django.utils.translation import gettext as _

from wagtail_regional.fields import PartialDate
from wagtail_regional.imports.kinds import check_identifier
from wagtail_regional.imports.problems import CellError, ImportRefusedError, Place, Problems
from wagtail_regional.imports.records import Record, Reference
from wagtail_regional.languages import content_languages

# --- Codes: what the specification calls it, and what it is here. None: there is no place for it.

_TYPES: Final[dict[str, str | None]] = {
    "program": "programme",
    "programme": "programme",
    "private_program": "programme",
    "privateprogram": "programme",
    "minor": "minor",
    "honours": "honours",
    "specialization": "specialisation",
    "specialisation": "specialisation",
    "track": "track",
    "course": "course",
    "mooc": "mooc",
    "summer_school": "summer_school",
    "summerschool": "summer_school",
    # A definition that programmes refer to, and nothing to enrol for.
    "specification": None,
    "cluster": None,
    "programcluster": None,
}
_LEVELS: Final[dict[str, str | None]] = {
    "associate_degree": "associate_degree",
    "bachelor": "bachelor",
    "master": "master",
    "doctoral": "doctoral",
    "post_doctoral": "post_doctoral",
    "undefined": "unspecified",
    "undivided": "unspecified",
    "pre_vocational": None,
    "secondary_vocational_education": None,
    "secondary_vocational_education_1": None,
    "secondary_vocational_education_2": None,
    "secondary_vocational_education_3": None,
    "secondary_vocational_education_4": None,
    "nt2_1": None,
    "nt2_2": None,
}
_DELIVERY: Final[dict[str, str | None]] = {
    "distance_learning": "distance_learning",
    "on_campus": "presential",
    "situated": "presential",
    "presential": "presential",
    "online": "online",
    "hybrid": "hybrid",
    "blended": "blended",
    "coil": None,
    "joint_delivery": None,
    "project_based": None,
    "research_lab_based": None,
    "work_based": None,
}
_STUDY: Final[dict[str, str | None]] = {
    "full_time": "full_time",
    "part_time": "part_time",
    "dual_training": "dual_training",
    "self_paced": "self_paced",
}
_QUALIFICATIONS: Final[dict[str, str | None]] = {
    "ad": "AD",
    "ba": "BA",
    "bsc": "BSc",
    "llb": "LLB",
    "ma": "MA",
    "msc": "MSc",
    "llm": "LLM",
    "mphil": "MPhil",
    "phd": "PhD",
    "pdeng": "PDEng",
    "none": "none",
    "associate_degree": "AD",
    "doctoral": "PhD",
    # These need a designation to tell which.
    "bachelor": None,
    "master": None,
    "diploma": None,
    "vocational_diploma": None,
    "certificate": None,
}
#: v6: a degree, and the word that its designation holds.
_DESIGNATED: Final = {
    ("bachelor", "art"): "BA",
    ("bachelor", "science"): "BSc",
    ("bachelor", "law"): "LLB",
    ("master", "art"): "MA",
    ("master", "science"): "MSc",
    ("master", "law"): "LLM",
    ("master", "philosophy"): "MPhil",
}
_UNITS: Final = ("ects", "sbu", "sp", "hour")

#: Types of codes that identify an organisation, and the scheme they are here.
_ORGANISATION_CODES: Final = {
    "brin": "brin",
    "institution_code": "brin",
    "kvk_organisation_id": "kvk",
    "schac_home": "schac_home",
    "schachome": "schac_home",
    "isni": "isni",
    "x_isni": "isni",
    "x_lei": "lei",
    "x_wikidata": "wikidata",
    "x_brin": "brin",
    "x_kvk": "kvk",
}

_IDS: Final = ("programmeId", "programId", "courseId", "educationSpecificationId")
_ORGANISATION_IDS: Final = ("organisationId", "organizationId")


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
class _Item:
    """An item, with the means to say what is wrong with it."""

    raw: dict[str, Any]
    place: Place
    context: Context

    def get(self, *names: str) -> Any:
        """The first of these that it has; else what its education specification has."""
        for raw in (self.raw, self.raw.get("educationSpecification")):
            if isinstance(raw, dict):
                for name in names:
                    if raw.get(name) not in (None, "", [], {}):
                        return raw[name]
        return None

    def wrong(self, name: str, value: Any, reason: str, *, warning: bool = False) -> None:
        self.context.problems.add(self.place, name, value, reason, warning=warning)

    def code(self, name: str, value: Any, known: dict[str, str | None]) -> str | None:
        """Our code for the specification's."""
        key = re.sub(r"[\s\-]+", "_", str(value).strip()).lower()
        key = key.removeprefix("x_")
        if key not in known:
            allowed = ", ".join(sorted(known))
            self.wrong(
                name,
                value,
                _("“%(code)s” is not a known code. Allowed: %(known)s.")
                % {"code": value, "known": allowed},
            )
            return None
        if known[key] is None:
            self.wrong(
                name, value, _("The registry has no place for this; it is left out."), warning=True
            )
        return known[key]


def collect_organisations(items: Iterable[dict[str, Any]], context: Context) -> None:
    """Remember the organisations among `items`, which others name by id only."""
    for item in items:
        if (found := _id_of(item, _ORGANISATION_IDS)) and not _id_of(item, _IDS):
            context.organisations[found.lower()] = item


def _id_of(item: dict[str, Any], names: Iterable[str]) -> str:
    return next((str(item[name]) for name in names if isinstance(item.get(name), str)), "")


def read_programmes(
    items: Iterable[dict[str, Any]], source: str, context: Context
) -> Iterator[Record]:
    """Programmes, with their providers and access, from programmes, courses and v5's education
    specifications. Organisations among the items are passed over: see `collect_organisations`.

    Raises:
        ImportRefusedError: when an item is none of these.
    """
    for number, raw in enumerate(items, start=1):
        place = Place(source, "", number)
        if _id_of(raw, _IDS):
            yield from _read_programme(_Item(raw, place, context))
        elif not _id_of(raw, _ORGANISATION_IDS):
            raise _unknown_item(place, _IDS)


def _unknown_item(place: Place, names: Iterable[str]) -> ImportRefusedError:
    return ImportRefusedError(
        _("This is no item of the Open Education API: it has none of %(names)s.")
        % {"names": ", ".join(names)},
        place,
    )


def _read_programme(item: _Item) -> Iterator[Record]:
    values = _programme_values(item)
    if values is None:
        return
    _names_and_dates(item, values)
    _lists_and_codes(item, values)
    alliances = _alliances(item)
    if alliances:
        _relate_alliances(alliances, values)
    providers = _providers(item, alliances)
    yield Record(
        "programmes",
        item.place,
        values,
        types=(values["type"],),
        adds=frozenset(("codes", "alliances", "themes")),
        providers=tuple(reference for reference, _values in providers),
    )
    me = Reference((str(values["uuid"]),))
    for reference, part in providers:
        yield Record("providers", item.place, {"organisation": reference, **part}, parent=me)
    for access in _access(alliances, providers):
        yield Record("access", item.place, access, parent=me)


def _programme_values(item: _Item) -> dict[str, Any] | None:
    """The id and type, without which there is nothing to import."""
    text = _id_of(item.raw, _IDS)
    try:
        key = uuid.UUID(text)
    except ValueError:
        item.wrong("id", text, _("“%(value)s” is not a uuid.") % {"value": text})
        return None
    raw_type = item.raw.get("programmeType") or item.raw.get("programType")
    if not raw_type:
        raw_type = item.raw.get("educationSpecificationType") or (
            "course" if "courseId" in item.raw else "programme"
        )
    kind = item.code("programmeType", raw_type, _TYPES)
    return {"uuid": key, "type": kind} if kind else None


def _names_and_dates(item: _Item, values: dict[str, Any]) -> None:
    names = _texts(item, "name")
    values["name"] = {language: text[:255] for language, text in names.items()}
    if summary := _texts(item, "description"):
        values["summary"] = {
            language: plain
            for language, text in summary.items()
            if (plain := _first_paragraph(text))
        }
    if link := item.get("link"):
        values["link"] = str(link)
    for column, names_of in (
        ("starts", ("firstPossibleOfferingStartDateTime", "firstStartDateTime", "firstStartDate")),
        ("ends", ("lastPossibleOfferingEndDateTime",)),
    ):
        if value := item.get(*names_of):
            _put_day(item, values, column, names_of[0], value)
    if "ends" not in values and (until := item.raw.get("validTo")):
        # Exclusive: what is valid to midnight had its last day before.
        _put_day(item, values, "ends", "validTo", until, exclusive=True)


def _put_day(
    item: _Item,
    values: dict[str, Any],
    column: str,
    name: str,
    value: Any,
    *,
    exclusive: bool = False,
) -> None:
    try:
        text = str(value).replace("Z", "+00:00")
        if len(text) > 10:
            moment = datetime.fromisoformat(text)
            day = (moment - timedelta(seconds=1)).date() if exclusive else moment.date()
        else:
            day = date.fromisoformat(text) - timedelta(days=int(exclusive))
        values[column] = PartialDate.from_date(day)
    except ValueError:
        item.wrong(name, value, _("“%(value)s” is not a date.") % {"value": value})


def _lists_and_codes(item: _Item, values: dict[str, Any]) -> None:
    codes = (
        ("level", ("level",), _LEVELS),
        ("modes_of_study", ("modeOfStudy",), _STUDY),
        ("modes_of_delivery", ("modesOfDelivery", "modeOfDelivery"), _DELIVERY),
    )
    for column, names, known in codes:
        given = item.get(*names)
        if given is None:
            continue
        found = [item.code(names[0], value, known) for value in _list(given)]
        kept = list(dict.fromkeys(code for code in found if code))
        if kept:
            values[column] = kept[0] if column == "level" else kept
    for column, value in (
        ("qualification", _qualification(item)),
        ("teaching_languages", _teaching_languages(item)),
        ("isced_fields", [str(f).strip() for f in _list(item.get("fieldsOfStudy"))]),
        ("codes", _codes(item)),
        ("duration", _duration(item)),
    ):
        if value:
            values[column] = value
    _study_load(item, values)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(item: _Item, name: str) -> dict[str, str]:
    """Language-tagged strings, by content language: ``en-GB`` will do for ``en``."""
    found: dict[str, str] = {}
    content = content_languages()
    value = item.get(name)
    tagged = [each for each in _list(value) if isinstance(each, dict) and each.get("value")]
    for each in tagged:
        tag = str(each.get("language", "")).lower()
        for language in content:
            if language == tag:
                found[language] = str(each["value"])
            elif language.partition("-")[0] == tag.partition("-")[0]:
                found.setdefault(language, str(each["value"]))
    if tagged and not found:
        # In no language of the site. A name is better than none.
        found[content[0]] = str(tagged[0]["value"])
    if name == "name" and not found:
        item.wrong(name, value, _("It has no name. Give one in at least one language."))
    return found


def _first_paragraph(text: str) -> str:
    """What a summary can hold of a description, which may be pages long, in Markdown."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    plain = next((part for part in paragraphs if part and not part.startswith("#")), "")
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    plain = re.sub(r"<[^>]+>|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", plain)
    return re.sub(r"\s+", " ", plain).strip()


def _teaching_languages(item: _Item) -> list[str]:
    """v5 has one code of ISO 639-2, v6 a list of BCP 47 tags; here it is languages only."""
    aliases = get_global("language_aliases")
    found = []
    for value in _list(item.get("teachingLanguages", "teachingLanguage")):
        base = str(value).lower().partition("-")[0]
        found.append(aliases.get(base, base))
    return list(dict.fromkeys(found))


def _qualification(item: _Item) -> str | None:
    value = item.get("qualificationAwarded")
    if value is None:
        return None
    key = str(value).lower()
    for designation in _list(item.raw.get("qualificationDesignations")):
        for (degree, word), code in _DESIGNATED.items():
            if degree == key and word in str(designation).lower():
                return code
    return item.code("qualificationAwarded", value, _QUALIFICATIONS)


def _study_load(item: _Item, values: dict[str, Any]) -> None:
    """v5 has one load, v6 several; ECTS where there are."""
    loads = {}
    for load in _list(item.get("studyLoad")):
        if isinstance(load, dict) and load.get("value") is not None:
            loads[str(load.get("studyLoadUnit", "")).lower()] = load["value"]
    unit = next((unit for unit in _UNITS if unit in loads), "")
    for other in loads:
        if other not in (*_UNITS, "contacttime", "contact_time"):
            item.wrong(
                "studyLoad.studyLoadUnit",
                other,
                _("“%(code)s” is not a known code. Allowed: %(known)s.")
                % {"code": other, "known": ", ".join((*_UNITS, "contact_time"))},
            )
    if unit:
        values["study_load"] = Decimal(str(loads[unit]))
        values["study_load_unit"] = unit


def _duration(item: _Item) -> str:
    """Years to days; hours are no duration of something to study."""
    return str(item.get("duration") or "").partition("T")[0].removesuffix("P")


def _codes(item: _Item) -> list[tuple[str, str]]:
    found = []
    for entry in (item.raw.get("primaryCode"), *_list(item.raw.get("otherCodes"))):
        if isinstance(entry, dict) and entry.get("codeType") and entry.get("code"):
            found.append((str(entry["codeType"])[:50], str(entry["code"])[:100]))
    return list(dict.fromkeys(found))


# --- Alliances (eduXchange) ------------------------------------------------------------------


def _consumers(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """v5 has a list of consumers, v6 the one that was asked for."""
    found = [*_list(raw.get("consumers")), *_list(raw.get("consumer"))]
    return [each for each in found if isinstance(each, dict)]


def _alliances(item: _Item) -> list[dict[str, Any]]:
    return [
        alliance
        for consumer in _consumers(item.raw)
        if str(consumer.get("consumerKey", "")).lower() == "eduxchange"
        for alliance in _list(consumer.get("alliances"))
        if isinstance(alliance, dict) and alliance.get("name")
    ]


def _relate_alliances(alliances: list[dict[str, Any]], values: dict[str, Any]) -> None:
    values["alliances"] = [
        Reference((f"acronym:{alliance['name']}", str(alliance["name"]))) for alliance in alliances
    ]
    themes = [
        str(theme)
        for alliance in alliances
        # v2.1 has a list; where that is present, the older single theme is ignored.
        for theme in _list(alliance.get("themes") or alliance.get("theme"))
    ]
    if themes:
        values["themes"] = [Reference((theme,)) for theme in dict.fromkeys(themes)]


def _access(
    alliances: list[dict[str, Any]], providers: list[tuple[Reference, dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """The terms that an alliance states: for students of the provider itself, and for guests."""
    own: dict[str, Any] = {}
    guests: dict[str, Any] = {}
    for alliance in alliances:
        for target, visible, links in (
            (own, "visibleForOwnStudents", ("enrolmentUrl", "enrollmentUrl")),
            (
                guests,
                "visibleForGuests",
                ("enrolmentUrlForGuests", "enrollmentUrlForGuests"),
            ),
        ):
            if alliance.get(visible) is True:
                target["selective"] = bool(alliance.get("selection", False))
                if link := next((alliance[name] for name in links if alliance.get(name)), None):
                    target["enrolment_link"] = str(link)
    if own and providers:
        yield {"organisation": providers[0][0], **own}
    if guests:
        yield guests


# --- Organisations ---------------------------------------------------------------------------


def _providers(
    item: _Item, alliances: list[dict[str, Any]]
) -> list[tuple[Reference, dict[str, Any]]]:
    """Who provides it: the organisation it names, and the partners of a joint programme."""
    owner = _owner(item)
    codes = [
        str(code)
        for source in (*alliances, *_consumers(item.raw))
        for code in _list(source.get("jointPartnerCodes"))
    ]
    found: list[tuple[Reference, dict[str, Any]]] = []
    if owner:
        part: dict[str, Any] = {"role": "coordinator"} if codes else {}
        primary = item.raw.get("primaryCode")
        if isinstance(primary, dict) and primary.get("code"):
            part["partner_code"] = str(primary["code"])[:50]
        found.append((owner, part))
    for code in dict.fromkeys(codes):
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
    value = item.get("organisation", "organization", "organisationId", "organizationId")
    if isinstance(value, dict):
        return _organisation_reference(value, item.context)
    if isinstance(value, str):
        known = item.context.organisations.get(value.lower())
        if known is not None:
            return _organisation_reference(known, item.context)
        return Reference((value, *([item.context.provider] if item.context.provider else [])))
    return Reference((item.context.provider,)) if item.context.provider else None


def _organisation_reference(raw: dict[str, Any], context: Context) -> Reference:
    """All that may tell an organisation; of a faculty, the institution it belongs to."""
    for names in (
        ("root", "rootId"),
        ("parent", "parentId"),
    ):
        above = next((raw[name] for name in names if raw.get(name)), None)
        if isinstance(above, str):
            above = context.organisations.get(above.lower())
        if isinstance(above, dict) and not _is_root(raw):
            return _organisation_reference(above, context)
    candidates = [_id_of(raw, _ORGANISATION_IDS)]
    candidates += [f"{scheme}:{value}" for scheme, value in _organisation_codes(raw)]
    candidates += [context.provider]
    candidates += [str(each["value"]) for each in _list(raw.get("name")) if isinstance(each, dict)]
    if raw.get("shortName"):
        candidates.append(f"acronym:{raw['shortName']}")
    return Reference(tuple(dict.fromkeys(each for each in candidates if each)))


def _is_root(raw: dict[str, Any]) -> bool:
    return (raw.get("organisationType") or raw.get("organizationType") or "root") == "root"


def _organisation_codes(raw: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for entry in (raw.get("primaryCode"), *_list(raw.get("otherCodes"))):
        if not isinstance(entry, dict):
            continue
        key = re.sub(r"[\s\-]+", "_", str(entry.get("codeType", ""))).lower()
        if key in _ORGANISATION_CODES and entry.get("code"):
            found.append((_ORGANISATION_CODES[key], str(entry["code"])))
    return list(dict.fromkeys(found))


def read_organisations(
    items: Iterable[dict[str, Any]], source: str, context: Context
) -> Iterator[Record]:
    """Institutions: organisations of type root. Their faculties are no partners of anybody.

    Raises:
        ImportRefusedError: when an item is no organisation.
    """
    for number, raw in enumerate(items, start=1):
        place = Place(source, "", number)
        if not _id_of(raw, _ORGANISATION_IDS):
            raise _unknown_item(place, _ORGANISATION_IDS)
        if _is_root(raw) and (record := _read_organisation(_Item(raw, place, context))):
            yield record


def _read_organisation(item: _Item) -> Record | None:
    text = _id_of(item.raw, _ORGANISATION_IDS)
    try:
        values: dict[str, Any] = {"uuid": uuid.UUID(text), "type": "education"}
    except ValueError:
        item.wrong("organisationId", text, _("“%(value)s” is not a uuid.") % {"value": text})
        return None
    values["name"] = _texts(item, "name")
    readers: tuple[tuple[str, Callable[[_Item], Any]], ...] = (
        ("acronym", lambda each: str(each.get("shortName") or "")[:50]),
        ("website", lambda each: str(each.get("link") or "")),
        ("identifiers", _checked_identifiers),
    )
    for column, read in readers:
        if value := read(item):
            values[column] = value
    values.update(_address(item))
    return Record(
        "organisations", item.place, values, types=("education",), adds=frozenset(("identifiers",))
    )


def _checked_identifiers(item: _Item) -> list[tuple[str, str]]:
    found = []
    for scheme, value in _organisation_codes(item.raw):
        try:
            found.append((scheme, check_identifier(scheme, value)))
        except CellError as error:
            item.wrong("otherCodes", value, str(error), warning=True)
    return found


def _address(item: _Item) -> dict[str, Any]:
    addresses = [each for each in _list(item.get("addresses")) if isinstance(each, dict)]
    if not addresses:
        return {}
    address = next((a for a in addresses if a.get("addressType") == "visit"), addresses[0])
    found: dict[str, Any] = {}
    if address.get("city"):
        found["locality"] = str(address["city"])
    if address.get("countryCode"):
        found["country"] = str(address["countryCode"]).upper()
    place = address.get("geolocation")
    if isinstance(place, dict) and {"latitude", "longitude"} <= set(place):
        found["latitude"] = round(Decimal(str(place["latitude"])), 6)
        found["longitude"] = round(Decimal(str(place["longitude"])), 6)
    return found
