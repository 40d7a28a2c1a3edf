"""JSON-LD in the terms of schema.org, made from the contract's shapes.

Where a standard term does not exist, nothing is invented: Organization and Project know no
startDate, so an alliance's dates become foundingDate and dissolutionDate, and those of its
members sit on the OrganizationRole that ties them. Each property is one of its type's own or of a
type above it; only the role repeats the property that it stands in, as https://schema.org/Role
has it.

What is ours has an `@id` that is the same wherever it is mentioned: an organisation's ROR id, else
the registry's UUID as a URN (RFC 9562).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from wagtail_regional import schemas as s
from wagtail_regional.schemas.base import whole
from wagtail_regional.text import writable

CONTEXT: Final = "https://schema.org"

ORGANISATION_TYPES: Final = {
    "education": "CollegeOrUniversity",
    "healthcare": "Hospital",
    "government": "GovernmentOrganization",
    "company": "Corporation",
    "facility": "ResearchOrganization",
    "nonprofit": "NGO",
    "funder": "FundingAgency",
    "archive": "ArchiveOrganization",
}

#: Of these, the ones that are places, too, as schema.org has them: only places have coordinates.
PLACES: Final = {"CollegeOrUniversity", "Hospital", "ArchiveOrganization"}

# Characters that could end the <script> element, or a line of it, written as JSON escapes.
_ESCAPES: Final = {ord(c): f"\\u{ord(c):04X}" for c in "<>&\u2028\u2029"}


def dump_json_ld(data: Any) -> SafeString:
    """JSON-LD as the content of a ``<script>`` element: nothing in it can end the element.

    Args:
        data: a dictionary, or a list of them.
    """
    text = json.dumps(writable(data), ensure_ascii=False, separators=(",", ":"), default=str)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - what matters is escaped above


def _tidy(**values: Any) -> dict[str, Any]:
    """Without what is not known; `type_` and `id_` become the keywords of JSON-LD."""
    keywords = {"type_": "@type", "id_": "@id", "context_": "@context"}
    return {
        keywords.get(name, name): value
        for name, value in values.items()
        if value not in (None, "", [], {})
    }


def with_context(data: dict[str, Any]) -> dict[str, Any]:
    """The outermost object, which names the vocabulary."""
    return {"@context": CONTEXT, **data}


def _id(uuid: Any) -> str:
    """What a row of the registry is called, wherever it is mentioned."""
    return f"urn:uuid:{uuid}"


#: What holds an address, if a text stands there.
_ADDRESSES = {"@id", "item", "logo", "sameAs", "url"}


def with_absolute(data: Any, absolute: Callable[[str], str]) -> Any:
    """Structured data with every address made absolute.

    Args:
        data: objects, lists of them, or anything inside of one.
        absolute: makes an address absolute; one that is already stays as it is.
    """
    if isinstance(data, list):
        return [with_absolute(each, absolute) for each in data]
    if not isinstance(data, dict):
        return data
    return {
        name: absolute(value)
        if name in _ADDRESSES and isinstance(value, str)
        else with_absolute(value, absolute)
        for name, value in data.items()
    }


def organisation(shape: s.RegionalOrganisation) -> dict[str, Any]:
    """An organisation as schema.org's Organization, or the fitting kind of it. Its detail says
    where it is on the map, too."""
    kind = ORGANISATION_TYPES.get(shape.type, "Organization")
    point = _point(shape)
    return _tidy(
        type_=kind,
        id_=shape.ror_id or _id(shape.id),
        name=shape.name,
        alternateName=shape.acronym,
        url=shape.website,
        logo=shape.logo.src if shape.logo else None,
        sameAs=shape.ror_id,
        foundingDate=shape.lifecycle.starts,
        dissolutionDate=shape.lifecycle.ends,
        address=_address(shape),
        geo=point if kind in PLACES else None,
        location=_tidy(type_="Place", geo=point) if point and kind not in PLACES else None,
    )


def _point(shape: s.RegionalOrganisation) -> dict[str, Any] | None:
    latitude, longitude = getattr(shape, "latitude", None), getattr(shape, "longitude", None)
    if latitude is None or longitude is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}


def _address(shape: s.RegionalOrganisation) -> dict[str, Any] | None:
    if not shape.locality and not shape.country:
        return None
    return _tidy(
        type_="PostalAddress",
        addressLocality=shape.locality,
        addressCountry=shape.country.code if shape.country else None,
    )


def alliance(shape: s.RegionalAlliance, members: Iterable[s.RegionalMember] = ()) -> dict[str, Any]:
    """An alliance as schema.org's Consortium, its members through OrganizationRole."""
    return _tidy(
        type_="Consortium",
        id_=_id(shape.id),
        name=shape.name,
        alternateName=shape.acronym,
        description=shape.summary,
        url=shape.url,
        sameAs=shape.website if shape.website != shape.url else None,
        logo=shape.logo.src if shape.logo else None,
        foundingDate=shape.lifecycle.starts,
        dissolutionDate=shape.lifecycle.ends,
        areaServed=shape.region,
        parentOrganization=_mentioned(shape.parent),
        knowsAbout=[theme.label for theme in shape.themes],
        member=[_member(each) for each in members if each.kind != "group"],
    )


def _mentioned(
    alliance: s.RegionalReference | s.RegionalMember | None,
) -> dict[str, Any] | None:
    """An alliance in short."""
    if alliance is None:
        return None
    return _tidy(type_="Consortium", id_=_id(alliance.id), name=alliance.name, url=alliance.url)


def _member(member: s.RegionalMember) -> dict[str, Any]:
    named = organisation(whole(member)) if member.kind == "organisation" else _mentioned(member)
    return _tidy(
        type_="OrganizationRole",
        roleName=member.role_label,
        startDate=member.lifecycle and member.lifecycle.starts,
        endDate=member.lifecycle and member.lifecycle.ends,
        member=named,
    )


def project(shape: s.RegionalProject) -> dict[str, Any]:
    """A project as schema.org's Project."""
    return _tidy(
        type_="Project",
        id_=_id(shape.id),
        name=shape.title,
        description=shape.summary,
        url=shape.website,
        foundingDate=shape.lifecycle.starts,
        dissolutionDate=shape.lifecycle.ends,
        parentOrganization=_mentioned(shape.alliance),
    )


def programme(shape: s.RegionalProgramme) -> dict[str, Any]:
    """A programme: a Course for courses and MOOCs, else an EducationalOccupationalProgram."""
    if shape.type in ("course", "mooc"):
        return _course(shape)
    return _tidy(
        type_="EducationalOccupationalProgram",
        id_=_id(shape.id),
        **_common(shape),
        programType=shape.type_label,
        numberOfCredits=_credits(shape),
        educationalProgramMode=[
            term.label for term in (*shape.modes_of_study, *shape.modes_of_delivery)
        ],
        timeToComplete=getattr(shape, "duration", None),
        startDate=shape.lifecycle.starts,
        endDate=shape.lifecycle.ends,
        applicationDeadline=_deadline(shape),
    )


def _course(shape: s.RegionalProgramme) -> dict[str, Any]:
    instance = _tidy(
        type_="CourseInstance",
        courseMode="online" if shape.type == "mooc" else None,
        startDate=shape.lifecycle.starts,
        endDate=shape.lifecycle.ends,
        inLanguage=[language.code for language in shape.teaching_languages],
    )
    return _tidy(
        type_="Course",
        id_=_id(shape.id),
        **_common(shape),
        educationalLevel=shape.level_label,
        numberOfCredits=_credits(shape),
        inLanguage=[language.code for language in shape.teaching_languages],
        hasCourseInstance=instance,
    )


def _common(shape: s.RegionalProgramme) -> dict[str, Any]:
    return {
        "name": shape.name,
        "description": shape.summary,
        "url": shape.url,
        "provider": [
            _tidy(type_="Organization", name=p.organisation.name, url=p.organisation.url)
            for p in shape.providers
        ],
        "educationalCredentialAwarded": getattr(shape, "qualification", None),
    }


def _credits(shape: s.RegionalProgramme) -> dict[str, Any] | None:
    if shape.study_load is None:
        return None
    return _tidy(
        # The kind of StructuredValue that has a value and a unit.
        type_="QuantitativeValue",
        value=shape.study_load.value,
        unitText=str(shape.study_load.unit).upper(),
    )


def _deadline(shape: s.RegionalProgramme) -> str | None:
    """The last day on which anybody may still apply."""
    days = [access.application_closes for access in shape.access if access.application_closes]
    return max(days).isoformat() if days else None


def page(shape: s.RegionalPage, members: Iterable[s.RegionalMember] = ()) -> list[dict[str, Any]]:
    """A page: itself, its breadcrumb, and what it is about.

    Args:
        shape: the page.
        members: the current members of its subject.
    """
    web_page = _tidy(
        type_="CollectionPage" if shape.children or shape.programmes else "WebPage",
        id_=shape.meta.html_url,
        url=shape.meta.html_url,
        name=shape.title,
        description=shape.meta.seo.description,
        inLanguage=shape.meta.language,
        datePublished=_iso(shape.meta.first_published_at),
        dateModified=_iso(shape.meta.last_published_at),
        about=alliance(shape.subject, members) if shape.subject else None,
        mainEntity=_list_of(shape.programmes) if shape.programmes else None,
    )
    crumbs = [
        _tidy(type_="ListItem", position=position, name=title, item=url)
        for position, (title, url) in enumerate(
            [
                *((crumb.title, crumb.url) for crumb in shape.meta.breadcrumbs),
                (shape.title, shape.meta.html_url),
            ],
            start=1,
        )
    ]
    breadcrumb = {"@type": "BreadcrumbList", "itemListElement": crumbs}
    return [with_context(web_page), with_context(breadcrumb)]


def _list_of(programmes: Iterable[s.RegionalProgramme]) -> dict[str, Any]:
    """The programmes that a page lists."""
    items = [
        _tidy(type_="ListItem", position=position, item=programme(each))
        for position, each in enumerate(programmes, start=1)
    ]
    return _tidy(type_="ItemList", numberOfItems=len(items), itemListElement=items)


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
