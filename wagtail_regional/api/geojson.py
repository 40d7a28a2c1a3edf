"""Organisations as GeoJSON, and the network of alliances and members."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.filters.geo import distance_km
from wagtail_regional.lifecycle import Status
from wagtail_regional.models import Membership
from wagtail_regional.models.visibility import visible
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.loading import load, load_surroundings
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.registry import load_brief_alliances
from wagtail_regional.representation.represent import Representation
from wagtail_regional.representation.rows import OrganisationRow, Rows

GEO_JSON = "application/geo+json"

#: The most alliances, and the most memberships, in one answer of the network.
MOST_ALLIANCES = 300
MOST_MEMBERSHIPS = 3000


# --- GeoJSON -------------------------------------------------------------------------------------


def features(parameters: Any, context: ReadContext) -> s.RegionalFeatureCollection:
    """Organisations that have coordinates (RFC 7946); `links` leads to the next ones."""
    context.shown.add("organisations")
    chosen = parameters.filter(context)
    queryset = chosen.rows(context.moment).filter(latitude__isnull=False)
    # The nearest first where a point is given.
    order = chosen.order_by(
        "distance" if chosen["near"] else "name", context.language, context.moment
    )
    end = parameters.offset + parameters.limit
    keys = list(queryset.order_by(*order).values_list("pk", flat=True)[parameters.offset : end])
    content = Representation(load(Needs(organisations=set(keys)), context), context)
    rows = [content.rows.organisations[pk] for pk in keys if pk in content.rows.organisations]
    matched = queryset.count()
    return s.RegionalFeatureCollection.shape(
        type="FeatureCollection",
        features=[_feature(row, content, chosen["near"]) for row in rows],
        numberMatched=matched,
        numberReturned=len(rows),
        links=_links(parameters, matched, context.request),
    )


def _feature(row: OrganisationRow, content: Representation, near: Any) -> s.RegionalFeature:
    latitude, longitude = float(row.latitude), float(row.longitude)
    found = content.organisation(row.pk)
    assert found is not None  # noqa: S101 - its row is there
    distance = near and distance_km((near.latitude, near.longitude), (latitude, longitude))
    return s.RegionalFeature.shape(
        type="Feature",
        id=found.id,
        geometry=s.RegionalPoint.shape(type="Point", coordinates=[longitude, latitude]),
        properties=s.RegionalFeatureProperties.shape(
            uuid=found.id,
            type=found.type,
            type_label=found.type_label,
            name=found.name,
            acronym=found.acronym,
            url=found.website,
            locality=found.locality,
            country=row.country,
            logo=found.logo.src if found.logo else None,
            distance_km=None if distance is None else round(distance, 3),
        ),
    )


def _links(parameters: Any, matched: int, request: HttpRequest | None) -> list[s.RegionalGeoLink]:
    offset, limit = parameters.offset, parameters.limit
    found = {}
    if offset + limit < matched:
        found["next"] = offset + limit
    if offset:
        found["prev"] = max(0, offset - limit)
    return [
        s.RegionalGeoLink.shape(rel=rel, href=_address(request, start), type=GEO_JSON)
        for rel, start in found.items()
    ]


def _address(request: HttpRequest | None, offset: int) -> str:
    assert request is not None  # noqa: S101 - whoever asks for the next ones has asked for these
    query = request.GET.copy()
    query["offset"] = str(offset)
    pairs = [(name, value) for name, values in query.lists() for value in values]
    return request.build_absolute_uri(f"{request.path}?{urlencode(pairs)}")


# --- The network ---------------------------------------------------------------------------------


def network(parameters: Any, context: ReadContext) -> s.RegionalNetwork:
    """At most 300 alliances and 3,000 memberships; `truncated` says that there are more."""
    context.shown |= {"alliances", "organisations"}
    chosen = parameters.filter(context)
    queryset = chosen.rows(context.moment)
    order = chosen.order_by("name", context.language, context.moment)
    wanted = list(queryset.order_by(*order).values_list("pk", flat=True)[: MOST_ALLIANCES + 1])
    # A member that is an alliance is a node, too.
    ties: list[Any] = list(
        visible(Membership, context.now)
        .filter(alliance_id__in=wanted[:MOST_ALLIANCES])
        .exclude(organisation__isnull=True, member_alliance__isnull=True)
        .order_by("alliance_id", "pk")
        .values("alliance_id", "organisation_id", "member_alliance_id", "role", "starts", "ends")[
            : MOST_MEMBERSHIPS + 1
        ]
    )
    truncated = len(wanted) > MOST_ALLIANCES or len(ties) > MOST_MEMBERSHIPS
    wanted, ties = wanted[:MOST_ALLIANCES], ties[:MOST_MEMBERSHIPS]
    others = {tie["member_alliance_id"] for tie in ties} - {None, *wanted}
    members = {tie["organisation_id"] for tie in ties} - {None}
    rows = Rows(alliances=load_brief_alliances({*wanted, *others}, context))
    load_surroundings(Needs(organisations=members), rows, context)
    content = Representation(rows, context)
    return s.RegionalNetwork.shape(
        nodes=_nodes(content, [*wanted, *sorted(others)], sorted(members)),
        links=[*_memberships(content, ties), *_parts(content)],
        truncated=truncated,
    )


def _nodes(
    content: Representation, alliances: list[int], members: list[int]
) -> list[s.RegionalNode]:
    found: list[Any] = [("alliance", content.alliance(pk)) for pk in alliances]
    organisations = filter(None, map(content.organisation, members))
    found += [
        ("organisation", each) for each in sorted(organisations, key=lambda o: o.name.casefold())
    ]
    return [
        s.RegionalNode.shape(
            id=each.id,
            kind=kind,
            name=each.name,
            acronym=each.acronym,
            type=each.type,
            type_label=each.type_label,
            url=each.url if kind == "alliance" else each.website,
            lifecycle=each.lifecycle,
        )
        for kind, each in found
        if each is not None
    ]


def _memberships(content: Representation, ties: list[dict[str, Any]]) -> list[s.RegionalTie]:
    links = []
    for tie in ties:
        member: Any = content.organisation(tie["organisation_id"]) or content.alliance(
            tie["member_alliance_id"]
        )
        whole = content.alliance(tie["alliance_id"])
        if member and whole:
            links.append(
                s.RegionalTie.shape(
                    source=member.id,
                    target=whole.id,
                    kind="membership",
                    role=tie["role"],
                    role_label=content.label(v.MemberRole, tie["role"]),
                    lifecycle=content.lifecycle(tie["starts"], tie["ends"], Status.ACTIVE),
                )
            )
    return links


def _parts(content: Representation) -> list[s.RegionalTie]:
    rows = content.rows.alliances
    return [
        s.RegionalTie.shape(source=row.uuid, target=rows[row.parent_id].uuid, kind="part")
        for row in rows.values()
        if row.parent_id in rows
    ]
