"""Lists and details of the registry: querysets to the contract's shapes."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.db.models.functions import Lower
from django.http import Http404
from pydantic import BaseModel

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.addresses import web_address
from wagtail_regional.fields import Localized
from wagtail_regional.filters import ProgrammeFilter, ProgrammeSelection, Selected
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    Project,
)
from wagtail_regional.models.visibility import visible
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.counts import KeptCount
from wagtail_regional.representation.facets import facets_of
from wagtail_regional.representation.loading import load, load_surroundings
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.registry import (
    load_brief_alliances,
    load_programmes,
    load_projects,
)
from wagtail_regional.representation.represent import Representation
from wagtail_regional.representation.rows import Rows
from wagtail_regional.schemas import json_ld as schema_org

_Row = TypeVar("_Row", bound=Model)
_Detail = TypeVar("_Detail", bound=BaseModel)


def page_of(parameters: Any, context: ReadContext) -> tuple[int, list[int]]:
    """How many rows there are, and the primary keys of the page asked for."""
    chosen = parameters.filter(context)
    context.shown.add(f"{chosen.model._meta.model_name}s")
    queryset = chosen.rows(context.moment)
    count = queryset.count()
    order = chosen.order_by(getattr(parameters, "order", "name"), context.language, context.moment)
    return count, keys_at(queryset.order_by(*order), count, parameters.offset, parameters.limit)


def keys_at(queryset: QuerySet[Any], count: int, offset: int, limit: int) -> list[int]:
    """Primary keys of a page of a sorted queryset of `count` rows, read from the nearer end."""
    end = min(offset + limit, count)
    keys = queryset.values_list("pk", flat=True)
    if offset >= end:
        return []
    if offset <= count // 2:
        return list(keys[offset:end])
    return list(keys.reverse()[count - end : count - offset])[::-1]


def facets(parameters: Any, context: ReadContext) -> s.RegionalFacets:
    """Each filter is counted without itself and with all the others; values that would find
    nothing are left out, unless they are asked for."""
    return facets_of(parameters.filter(context), context)


# --- Organisations -------------------------------------------------------------------------------

#: How many of each kind the detail of an organisation holds; lists have the rest.
MOST_SHARED = 50
MOST_ACCESSIBLE = 20


def organisations(parameters: Any, context: ReadContext) -> s.RegionalOrganisationList:
    """Organisations, in the order of their names."""
    count, ids = page_of(parameters, context)
    content = Representation(load(Needs(organisations=set(ids)), context), context)
    items = [item for item in map(content.organisation, ids) if item]
    return s.RegionalOrganisationList.shape(count=count, items=items)


def organisation(uuid: UUID, context: ReadContext) -> s.RegionalOrganisationDetail:
    """An organisation with its alliances and programmes."""
    row = found(Organisation, uuid, context)
    context.shown |= {"alliances", "projects", "programmes"}
    shared = Shared(row, context)
    content = shared.content
    columns = content.organisation_columns(content.rows.organisations[row.pk])
    ties = [tie for each in shared.memberships if (tie := _tie(each, content))]
    detail = s.RegionalOrganisationDetail.shape(
        **columns,
        lau_code=row.lau_code,
        latitude=None if row.latitude is None else float(row.latitude),
        longitude=None if row.longitude is None else float(row.longitude),
        identifiers=[
            s.RegionalIdentifier.shape(scheme=each.scheme, value=each.value)
            for each in row.identifiers.all()
        ],
        parent=content.organisation_reference(row.parent_id),
        memberships=ties,
        memberships_total=shared.counts["memberships"],
        projects=[content.project(content.rows.projects[pk]) for pk in shared.projects],
        projects_total=shared.counts["projects"],
        programmes=[
            s.RegionalReference.shape(
                id=each.uuid, name=content.text(each.name)[0], url=web_address(each.link)
            )
            for each in shared.provided
        ],
        programmes_total=shared.counts["provided"],
        accessible_programmes=content.selected(shared.accessible)[0],
        accessible_programmes_total=content.selected(shared.accessible)[1],
        review=_review(row),
        json_ld={},
    )
    return with_json_ld(detail, schema_org.organisation(detail))


class Shared:
    """What is shared with an organisation: its alliances and their projects, the programmes it
    provides and those that its students may take."""

    def __init__(self, row: Organisation, context: ReadContext) -> None:
        language = context.language
        ties = visible(Membership, context.now).filter(organisation=row)
        name = Lower(Localized("alliance__name", language=language))
        self.memberships = list(ties.order_by(name, "pk")[:MOST_SHARED])
        alliances = ties.order_by().values("alliance_id")
        projects = visible(Project, context.now).filter(alliance__in=alliances)
        title = Lower(Localized("title", language=language))
        self.projects = list(
            projects.order_by(title, "pk").values_list("pk", flat=True)[:MOST_SHARED]
        )
        provided = ProgrammeFilter(provider=(row.pk,)).rows(context.now)
        name = Lower(Localized("name", language=language))
        self.provided = list(provided.order_by(name, "pk")[:MOST_SHARED])
        self.counts = {
            "memberships": _all_of(self.memberships, ties),
            "projects": _all_of(self.projects, projects),
            "provided": _all_of(self.provided, provided),
        }
        self.accessible = ProgrammeSelection(ProgrammeFilter(home=(row.pk,)), limit=MOST_ACCESSIBLE)
        self.content = Representation(self._rows(row, context), context)

    def _rows(self, row: Organisation, context: ReadContext) -> Rows:
        rows = Rows(
            alliances=load_brief_alliances({tie.alliance_id for tie in self.memberships}, context),
            projects=load_projects(self.projects, context) if self.projects else {},
        )
        rows.programmes, rows.selected = load_programmes((), [self.accessible], context)
        around = {row.parent_id} if row.parent_id else set()
        load_surroundings(Needs(organisations={row.pk, *around}), rows, context)
        return rows


def _all_of(shown: list[Any], queryset: QuerySet[Any]) -> int:
    """How many there are: counted only where not all are shown."""
    return len(shown) if len(shown) < MOST_SHARED else queryset.count()


def _tie(row: Membership, content: Representation) -> s.RegionalMembershipOf | None:
    alliance = content.alliance(row.alliance_id)
    if alliance is None:
        return None
    return s.RegionalMembershipOf.shape(
        alliance=s.RegionalReference.shape(
            id=alliance.id, name=alliance.name, acronym=alliance.acronym, url=alliance.url
        ),
        role=row.role,
        role_label=content.label(v.MemberRole, row.role),
        lifecycle=content.lifecycle(row.starts, row.ends, row.undated_status),
    )


# --- Alliances -----------------------------------------------------------------------------------


def alliances(parameters: Any, context: ReadContext) -> s.RegionalAllianceList:
    """Alliances, in the order of their names."""
    count, ids = page_of(parameters, context)
    rows = Rows(alliances=load_brief_alliances(ids, context))
    load_surroundings(Needs(), rows, context)
    content = Representation(rows, context)
    return s.RegionalAllianceList.shape(
        count=count, items=[item for item in map(content.alliance, ids) if item]
    )


def alliance(uuid: UUID, context: ReadContext) -> s.RegionalAllianceDetail:
    """An alliance with its members, parts, projects, programmes and timeline."""
    row = found(Alliance, uuid, context)
    needs = Needs(alliances={row.pk}, alliance_parts={row.pk}, alliance_programmes={row.pk})
    content = Representation(load(needs, context), context)
    members, former = content.members(row.pk)
    detail = s.RegionalAllianceDetail.shape(
        **content.alliance_columns(content.rows.alliances[row.pk]),
        members=members,
        former_members=former,
        children=content.parts_of(row.pk),
        recognitions=content.recognitions(row.pk),
        projects=content.projects(row.pk),
        programmes=content.programmes_of(row.pk),
        programmes_total=content.rows.alliances[row.pk].programmes_total,
        timeline=content.timeline(row.pk),
        review=_review(row),
        json_ld={},
    )
    return with_json_ld(detail, schema_org.alliance(detail, members))


# --- Projects ------------------------------------------------------------------------------------


def projects(parameters: Any, context: ReadContext) -> s.RegionalProjectList:
    """Projects, in the order of their titles."""
    count, ids = page_of(parameters, context)
    rows = Rows(projects=load_projects(ids, context))
    load_surroundings(Needs(), rows, context)
    content = Representation(rows, context)
    return s.RegionalProjectList.shape(
        count=count, items=[content.project(rows.projects[pk]) for pk in ids]
    )


def project(uuid: UUID, context: ReadContext) -> s.RegionalProjectDetail:
    """A project with its themes."""
    row = found(Project, uuid, context)
    content = Representation(load(Needs(projects={row.pk}), context), context)
    detail = s.RegionalProjectDetail.shape(
        **content.project_columns(content.rows.projects[row.pk]),
        review=_review(row),
        json_ld={},
    )
    return with_json_ld(detail, schema_org.project(detail))


# --- Programmes ----------------------------------------------------------------------------------

#: Where it pays to know how many there are first, and to read from the nearer end.
DEEP = 1000
#: So many are counted faster by an index than by looking through all.
FEW = 2000


def programmes(parameters: Any, context: ReadContext) -> s.RegionalProgrammeList:
    """Programmes, each with its providers and the terms on which students may enrol."""
    context.shown.add("programmes")
    chosen = parameters.filter(context)
    kept = KeptCount("total", chosen, context.moment_of(chosen), context.stamps)
    total = kept.read()
    selection = ProgrammeSelection(
        chosen,
        order=parameters.order,
        limit=parameters.limit,
        offset=parameters.offset,
        counted=total is None,
        few=kept.last is not None and kept.last <= FEW,
    )
    rows = Rows()
    if selection.offset < DEEP:
        rows.programmes, rows.selected = load_programmes((), [selection], context)
        selected = rows.selected[selection]
        if total is None and (selected.ids or not selection.offset):
            total = selected.total
    if total is None:
        # Past the end there is no row to carry it.
        total = chosen.rows(context.moment).count()
    if selection.offset >= DEEP:
        ids = _deep(selection, total, context)
        rows.programmes, rows.selected = load_programmes(ids, (), context)
        rows.selected[selection] = Selected(tuple(ids), total)
    kept.keep(total)
    load_surroundings(Needs(), rows, context)
    content = Representation(rows, context)
    return s.RegionalProgrammeList.shape(count=total, items=content.selected(selection)[0])


def _deep(selection: ProgrammeSelection, total: int, context: ReadContext) -> list[int]:
    """Keys of a page deep in a list, read from its nearer end."""
    order = selection.filter.order_by(selection.order, context.language, context.moment)
    found = selection.filter.rows(context.moment).order_by()
    return keys_at(found.order_by(*order), total, selection.offset, selection.limit)


def programme(uuid: UUID, context: ReadContext) -> s.RegionalProgrammeDetail:
    """A programme with its modes, fields and codes."""
    row = found(Programme, uuid, context)
    content = Representation(load(Needs(programmes={row.pk}), context), context)
    detail = s.RegionalProgrammeDetail.shape(
        **content.programme_columns(content.rows.programmes[row.pk]),
        qualification=row.qualification,
        duration=row.duration,
        codes=[
            s.RegionalIdentifier.shape(scheme=each.scheme, value=each.value)
            for each in row.codes.all()
        ],
        review=_review(row),
        json_ld={},
    )
    return with_json_ld(detail, schema_org.programme(detail))


# --- Shared parts --------------------------------------------------------------------------------


def found(model: type[_Row], uuid: UUID, context: ReadContext) -> _Row:
    """The row, or a 404 that names it."""
    row = visible(model, context.now).filter(uuid=uuid).first()
    if row is None:
        raise Http404(f"There is no {model._meta.model_name} with the id {uuid}.")
    return row


def with_json_ld(detail: _Detail, data: dict[str, Any]) -> _Detail:
    # What a schema's `shape` gives is a dictionary.
    written: Any = detail
    written["json_ld"] = schema_org.with_context(data)
    return detail


def _review(row: Any) -> s.RegionalReview:
    """When and by what a fact is known; by whom stays inside."""
    source = web_address(row.source_url)
    return s.RegionalReview.shape(last_reviewed=row.last_reviewed, source_url=source)
