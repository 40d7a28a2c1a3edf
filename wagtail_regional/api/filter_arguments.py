"""From what a request asks for to filters: public ids become keys, and words may be codes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wagtail_regional.api.problems import refusal
from wagtail_regional.filters import (
    AllianceFilter,
    OrganisationFilter,
    ProgrammeFilter,
    words_or_code,
)
from wagtail_regional.models import Alliance, Organisation, Theme
from wagtail_regional.representation.context import ReadContext


def keys_of(model: Any, uuids: list[UUID], parameter: str) -> tuple[int, ...]:
    """Primary keys of public ids.

    Raises:
        ValidationError: naming the first id that does not exist.
    """
    if not uuids:
        return ()
    found = dict(model.objects.filter(uuid__in=uuids).values_list("uuid", "pk"))
    for each in uuids:
        if each not in found:
            raise refusal(
                parameter,
                f"There is no {model._meta.model_name} with the id {each}. "
                f"Take ids from the list of {model._meta.model_name}s.",
            )
    return tuple(dict.fromkeys(found[each] for each in uuids))


def programme_filter(asked: Any, context: ReadContext) -> ProgrammeFilter:
    """Of :class:`~wagtail_regional.api.parameters.ProgrammeFilters`."""
    return ProgrammeFilter(
        types=_codes(asked.type),
        levels=_codes(asked.level),
        languages=_codes(asked.language),
        modes=_codes(asked.mode),
        deliveries=_codes(asked.delivery),
        fields=_codes(asked.field),
        alliances=keys_of(Alliance, asked.alliance, "alliance"),
        themes=keys_of(Theme, asked.theme, "theme"),
        providers=keys_of(Organisation, asked.provider, "provider"),
        audiences=keys_of(Organisation, asked.home, "home"),
        terms=_codes(asked.terms),
        ects_min=asked.ects_min,
        ects_max=asked.ects_max,
        open_on=context.moment.today if asked.open else asked.open_on,
        statuses=_codes(asked.status),
        joint=asked.joint,
        **words_or_code(asked.q),
    )


def organisation_filter(asked: Any) -> OrganisationFilter:
    """Of :class:`~wagtail_regional.api.parameters.OrganisationFilters`."""
    return OrganisationFilter(
        alliances=keys_of(Alliance, asked.alliance, "alliance"), **_partners(asked)
    )


def alliance_filter(asked: Any) -> AllianceFilter:
    """Of :class:`~wagtail_regional.api.parameters.AllianceFilters`."""
    return AllianceFilter(members=keys_of(Organisation, asked.member, "member"), **_partners(asked))


def _partners(asked: Any) -> dict[str, Any]:
    return {
        "text": asked.q.strip(),
        "types": _codes(asked.type),
        "statuses": _codes(asked.status),
        "roles": _codes(asked.role),
        "themes": keys_of(Theme, asked.theme, "theme"),
        "activities": _codes(asked.activity),
        "localities": _codes(asked.locality),
        "countries": _codes(asked.country),
        "lau_codes": _codes(asked.lau),
        **asked.areas(),
    }


def _codes(values: list[Any]) -> tuple[str, ...]:
    """Plain text: members of vocabularies would be compared as themselves in some databases."""
    return tuple(dict.fromkeys(getattr(each, "value", each) for each in values))
