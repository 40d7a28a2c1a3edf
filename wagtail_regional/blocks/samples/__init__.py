"""Believable values for the previews in the editor's block picker: one for each block type.

They are data, in `values` and `region`; what follows from those by rule is filled in here, in the
editor's language. Nothing here reads or writes the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from inspect import isclass
from types import NoneType
from typing import Any, Final, TypeVar, get_args, get_origin
from uuid import UUID, uuid5

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.blocks.samples.region import USUAL, Facts
from wagtail_regional.blocks.samples.values import SCHEMAS, VALUES
from wagtail_regional.fields import PartialDate
from wagtail_regional.languages import country_name, current_language, language_name
from wagtail_regional.lifecycle import Moment, describe, site_today, status_of
from wagtail_regional.schemas import mentions

Schema = TypeVar("Schema", bound=s.RegionalModel)

#: Names of samples become the same ids at every call.
_NAMESPACE: Final = UUID("5e2b5c1c-6f0e-4e0c-9a53-6f3f7a0d6c11")


def sample(name: str) -> Any:
    """The sample of that name (see :data:`SCHEMAS`), in the shape of its schema."""
    return _value(name, SCHEMAS[name], VALUES[name])


def _value(name: str, annotation: Any, given: Any) -> Any:
    """What is given for a field, as its schema has it."""
    if given is None:
        return None
    schema = _type_in(annotation, s.RegionalModel)
    if schema is None:
        return _plain(annotation, given)
    if isinstance(given, list):
        return [_value(name, schema, each) for each in given]
    if schema is s.RegionalTerm:
        return s.RegionalTerm.shape(code=given, label=_TERMS[name](given))
    return _MAKERS[schema](given) if schema in _MAKERS else _shape(schema, given)


def _plain(annotation: Any, given: Any) -> Any:
    if isinstance(given, Promise):
        return str(given)
    if isinstance(given, list):
        return "".join(format_html("<p>{}</p>", paragraph) for paragraph in given)
    if annotation is str and isinstance(given, int):
        return number_format(given, force_grouping=True)
    if _type_in(annotation, dt.date):
        return dt.date.fromisoformat(_date(given))
    vocabulary = _type_in(annotation, v.Vocabulary)
    return vocabulary(given) if vocabulary else given


def _type_in(annotation: Any, kind: type) -> Any:
    """The first type of that kind in an annotation, be it of a list or beside None."""
    if parts := get_args(annotation):
        return next(filter(None, (_type_in(part, kind) for part in parts)), None)
    return annotation if isclass(annotation) and issubclass(annotation, kind) else None


def _date(text: str) -> str:
    year = site_today().year
    return text.format(next=year + 1, after_next=year + 2)


def _shape(schema: type[Schema], facts: Facts) -> Schema:
    return schema.shape(**_filled(schema, facts))


def _filled(schema: type[s.RegionalModel], facts: Facts) -> dict[str, Any]:
    """The fields of a schema, of which some are given."""
    facts = {**USUAL.get(schema, {}), **facts}
    starts, ends = _date(facts.pop("starts", "")), _date(facts.pop("ends", ""))
    values: dict[str, Any] = {}
    for name, field in schema.model_fields.items():
        may_be_null = NoneType in get_args(field.annotation)
        if name in facts:
            values[name] = _value(name, field.annotation, facts[name])
        elif name == "id":
            values[name] = uuid5(_NAMESPACE, str(facts.get("name") or facts["title"]))
        elif name == "lifecycle":
            lifecycle = _lifecycle(starts, ends)
            values[name] = mentions.dated(lifecycle) if may_be_null else lifecycle
        elif (words := _words(name, values)) or may_be_null:
            values[name] = words
        elif get_origin(field.annotation) is list:
            values[name] = []
    # With what is no field, for the schema to refuse.
    return {**facts, **values}


def _words(name: str, values: Mapping[str, Any]) -> str | None:
    """What a field says in words of another one, or of the language that they are in."""
    other, _, suffix = name.rpartition("_")
    if suffix == "language":
        return current_language()
    if suffix == "label":
        return str(values[other].label) if other else values["unit"].of(values["value"])
    if suffix == "text" and values.get(other):
        return PartialDate.parse(values[other]).display()
    return None


def _lifecycle(starts: str, ends: str) -> s.RegionalLifecycle:
    first, last = (PartialDate.parse(day) if day else None for day in (starts, ends))
    status = status_of(first, last, Moment.now(ending_soon_days=90))
    text = describe(first, last, status)
    return s.RegionalLifecycle.shape(status=status, text=text, starts=starts, ends=ends)


def _member(facts: Facts) -> s.RegionalMember:
    if "organisation" not in facts:
        return _shape(s.RegionalMember, facts)
    tie = dict(facts)
    row = _shape(s.RegionalOrganisation, tie.pop("organisation"))
    tie |= {"kind": "organisation", "name": row.name, "acronym": row.acronym, "url": row.website}
    return s.RegionalMember.mention(row, **_filled(s.RegionalMember, tie))


def _reference(row: Facts) -> s.RegionalReference:
    return _shape(s.RegionalReference, {"name": row["name"], "acronym": row.get("acronym")})


#: Of the schemas whose values are given as something else.
_MAKERS: Final[Mapping[Any, Callable[[Facts], Any]]] = {
    s.RegionalMember: _member,
    s.RegionalMention: lambda row: mentions.of_alliance(_shape(s.RegionalAlliance, row)),
    s.RegionalProgrammeMention: lambda row: mentions.of_programme(_shape(s.RegionalProgramme, row)),
    s.RegionalReference: _reference,
}
#: What a code is called, by the field that has it.
_TERMS: Final[Mapping[str, Callable[[str], str]]] = {
    "activities": lambda code: str(v.Activity(code).label),
    "country": country_name,
    "teaching_languages": language_name,
}
