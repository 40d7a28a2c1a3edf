"""Programmes and courses of the Open Education API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from babel.core import get_global
from django.utils.translation import gettext as _

from wagtail_regional.fields import PartialDate
from wagtail_regional.imports import cells, dates
from wagtail_regional.imports.formats.json_files import JsonItem
from wagtail_regional.imports.formats.json_values import (
    TEXT,
    JsonObject,
    Values,
    ignore,
    is_nothing,
)
from wagtail_regional.imports.formats.oeapi.alliances import Exchange
from wagtail_regional.imports.formats.oeapi.codes import (
    DELIVERY,
    DESIGNATED,
    LEVELS,
    QUALIFICATIONS,
    STUDY,
    TYPES,
    UNITS,
)
from wagtail_regional.imports.formats.oeapi.items import (
    CODE_NAMES,
    ORGANISATION_IDS,
    PROGRAMME_IDS,
    Context,
    Item,
    code_of,
    item_of,
    key_of,
    pair_of,
    put_texts,
    read_name,
    read_uuid,
    readable,
    refuse_unknown,
    says,
    texts_of,
    unknown_code,
)
from wagtail_regional.imports.formats.oeapi.organisations import (
    TELLING,
    advice_on_provider,
    name_provider,
    organisation_reference,
)
from wagtail_regional.imports.kinds import PROGRAMMES
from wagtail_regional.imports.plain_text import first_paragraph
from wagtail_regional.imports.problems import CellError, Place
from wagtail_regional.imports.records import Record, Reference
from wagtail_regional.models import ProgrammeCode, ProgrammeProvider

_PROVIDERS: Final = PROGRAMMES.table("providers")


def read_programmes(items: Iterable[JsonItem], context: Context) -> Iterator[Record]:
    """Programmes, with their providers and access, from programmes, courses and v5's education
    specifications. Organisations among the items are passed over: see `collect_organisations`.
    """
    for item in readable(items, context):
        if says(item.value, PROGRAMME_IDS):
            yield from _read_programme(item_of(item.value, item.place, context), item.place)
        elif says(item.value, ORGANISATION_IDS):
            context.problems.ledger.pass_over(
                item.place, _("An organisation: it is used to tell who provides programmes.")
            )
        else:
            refuse_unknown(item, PROGRAMME_IDS, context)


def _read_programme(item: Item, place: Place) -> Iterator[Record]:
    kind = _type(item)
    if kind == "":
        item.context.problems.ledger.pass_over(
            place, _("It is of a type that the registry has no place for.")
        )
        return
    values = Values(PROGRAMMES.main, {})
    key = read_uuid(item, PROGRAMME_IDS)
    if kind:
        values.found["type"] = kind
    _names_and_dates(item, values)
    _lists_and_codes(item, values)
    primary = _codes(item, values)
    exchange = Exchange(item)
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


def _type(item: Item) -> str | None:
    """Its type here; None where it cannot be read, ``""`` where there is no place for it."""
    itself = item.itself
    name, value = itself.find("programmeType", "programType", "educationSpecificationType")
    if value is None:
        return "course" if itself.has("courseId") else "programme"
    text = itself.read_as(TEXT, name, value)
    if text is not None and TYPES.get(key_of(text).removeprefix("x_"), text) is None:
        return ""
    return code_of(itself, name, text, TYPES)


def _names_and_dates(item: Item, values: Values) -> None:
    read_name(item, values)
    summaries = texts_of(item, "description", cells.Lines())
    plain = {language: first_paragraph(text) for language, text in summaries.items()}
    put_texts(item, values, "summary", "description", plain)
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


class _Over(dates.Partial):
    """The moment, or the first day, at which something is over: the last day of it."""

    def parse(self, value: Any, text: str) -> PartialDate:
        if found := dates.read_day(text, exclusive=True):
            return PartialDate.from_date(found)
        raise CellError(
            _("“%(value)s” is not a day. Write it as 2014-02-28.") % {"value": text[:60]}
        )


def _lists_and_codes(item: Item, values: Values) -> None:
    for column, names, known in (
        ("level", ("level",), LEVELS),
        ("modes_of_study", ("modeOfStudy",), STUDY),
        ("modes_of_delivery", ("modesOfDelivery", "modeOfDelivery"), DELIVERY),
    ):
        name, _value = item.find(*names)
        codes = [code_of(item, name, text, known) for text in item.read_all(TEXT, *names)]
        found = list(dict.fromkeys(code for code in codes if code))
        values.put(column, item, name, item.only(name, found) if column == "level" else found)
    values.put("qualification", item, "qualificationAwarded", _qualification(item))
    name, _value = item.find("teachingLanguages", "teachingLanguage")
    values.put("teaching_languages", item, name, _teaching_languages(item, name))
    values.read("isced_fields", item, "fieldsOfStudy")
    _study_load(item, values)
    values.put("duration", item, "duration", _duration(item))


def _teaching_languages(item: JsonObject, name: str) -> list[str]:
    """v5 has one code of ISO 639-2, v6 a list of BCP 47 tags; here it is languages only."""
    aliases = get_global("language_aliases")
    found = []
    for tag in item.read_all(cells.LanguageTag(), name):
        base = tag.lower().replace("_", "-").partition("-")[0]
        found.append(aliases.get(base, base))
    return list(dict.fromkeys(found))


def _qualification(item: Item) -> str | None:
    text = item.text("qualificationAwarded")
    designations = item.itself.read_all(TEXT, "qualificationDesignations")
    if not text:
        return None
    for designation in designations:
        for (degree, word), code in DESIGNATED.items():
            if degree == text.lower() and word in designation.lower():
                return code
    return code_of(item, "qualificationAwarded", text, QUALIFICATIONS)


def _study_load(item: JsonObject, values: Values) -> None:
    """v5 has one load, v6 several; ECTS where there are."""
    loads: dict[str, list[Any]] = {}
    known = (*UNITS, "contact_time")
    for load in item.objects("studyLoad", having=("value",)):
        value = load.read(values.column("study_load").cell, "value")
        unit = key_of(load.text("studyLoadUnit")).replace("contacttime", "contact_time")
        if unit not in known:
            if not is_nothing(load.raw.get("value")):
                load.wrong(
                    "studyLoadUnit", load.raw.get("studyLoadUnit"), unknown_code(unit, known)
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


def _codes(item: Item, values: Values) -> str:
    """Its codes, which are kept in `values`, and the first of its primary ones."""
    found: list[tuple[str, str]] = []
    primary: list[str] = []
    for name in ("primaryCode", "otherCodes"):
        for entry in item.itself.objects(name, having=("codeType", "code")):
            if pair := pair_of(entry):
                scheme, code = pair
                if _fit(entry, ProgrammeCode, scheme=scheme, value=code):
                    found.append(pair)
                if name == "primaryCode":
                    primary.append(code)
    if found:
        values.found["codes"] = list(dict.fromkeys(found))
    return item.only("primaryCode.code", primary) or ""


def _fit(entry: JsonObject, model: Any, **given: str) -> bool:
    # Of both, so that both are told.
    fit = [
        entry.fits(model._meta.get_field(name), CODE_NAMES[name], text)
        for name, text in given.items()
    ]
    return all(fit)


def _providers(
    item: Item, exchange: Exchange, primary: str
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
        told = _("It does not say who provides it.")
        item.wrong("organisation", "", f"{told} {name_provider()}")
    return found


def _owner(item: Item) -> Reference | None:
    context = item.context
    provider = [context.provider] if context.provider else []
    name, value = item.find("organisation", "organization", *ORGANISATION_IDS)
    if isinstance(value, dict):
        organisation = next(iter(item.objects(name, having=TELLING)), None)
        return organisation_reference(organisation, context) if organisation else None
    text = item.read_as(TEXT, name, value)
    if text is None:
        return Reference((context.provider,)) if provider else None
    known = context.organisations.get(text.lower())
    if known is not None:
        return organisation_reference(JsonObject(known, ignore), context)
    return Reference((text, *provider), advice=advice_on_provider(context))
