"""Lists and details of the registry: querysets to the contract's shapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404

from wagtail_regional import schema_org
from wagtail_regional import vocabularies as v
from wagtail_regional.api import parameters as p
from wagtail_regional.api import schemas as s
from wagtail_regional.api.context import ReadContext
from wagtail_regional.api.loading import (
    Needs,
    Rows,
    load,
    load_brief_alliances,
    load_programmes,
    load_projects,
    load_surroundings,
)
from wagtail_regional.api.represent import Representation, terms
from wagtail_regional.api.selections import (
    ProgrammeFilter,
    ProgrammeSelection,
)
from wagtail_regional.fields import Localized
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    Project,
    Theme,
)


def window(queryset: QuerySet, parameters: p.ListParameters, name: str, language: str) -> Any:
    """How many rows there are, and the primary keys of the page asked for, by name."""
    ordered = queryset.order_by(Lower(Localized(name, language=language)), "pk")
    end = parameters.offset + parameters.limit
    return queryset.count(), list(ordered.values_list("pk", flat=True)[parameters.offset : end])


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
            from wagtail_regional.api.problems import refusal

            raise refusal(
                parameter,
                f"There is no {model._meta.model_name} with the id {each}. "
                f"Take ids from the list of {model._meta.model_name}s.",
            )
    return tuple(found[each] for each in uuids)


def matching_name(text: str, *columns: str) -> Q:
    """Rows with all words of `text` in one of the columns."""
    condition = Q()
    for word in text.split():
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__icontains": word})
        condition &= anywhere
    return condition


def with_status(queryset: Any, statuses: Iterable[str], context: ReadContext) -> Any:
    statuses = list(statuses)
    if not statuses:
        return queryset
    return queryset.with_status(context.moment).filter(current_status__in=statuses)


# --- Organisations -------------------------------------------------------------------------------


def organisations(parameters: Any, context: ReadContext) -> s.RegionalOrganisationList:
    context.shown.add("organisations")
    queryset = Organisation.objects.filter(matching_name(parameters.q, "name", "acronym"))
    if parameters.type:
        queryset = queryset.filter(type__in=parameters.type)
    if parameters.country:
        queryset = queryset.filter(country__in=parameters.country)
    queryset = with_status(queryset, parameters.status, context)
    count, ids = window(queryset, parameters, "name", context.language)
    content = Representation(load(Needs(organisations=set(ids)), context), context)
    items = [item for item in map(content.organisation, ids) if item]
    return s.RegionalOrganisationList.shape(count=count, items=items)


def organisation(uuid: UUID, context: ReadContext) -> s.RegionalOrganisationDetail:
    row = found(Organisation.objects.select_related("parent").filter(uuid=uuid), uuid)
    needs = Needs(organisations={row.pk})
    memberships = list(
        Membership.objects.filter(organisation=row).select_related("alliance").order_by("pk")
    )
    provided = list(Programme.objects.filter(providers__organisation=row).order_by("pk"))
    needs.alliances = {each.alliance_id for each in memberships}
    content = Representation(load(needs, context), context)
    columns = content.organisation_columns(content.rows.organisations[row.pk])
    ties = [tie for each in memberships if (tie := _tie(each, content))]
    detail = s.RegionalOrganisationDetail.shape(
        **columns,
        lau_code=row.lau_code,
        latitude=None if row.latitude is None else float(row.latitude),
        longitude=None if row.longitude is None else float(row.longitude),
        identifiers=[
            s.RegionalIdentifier.shape(scheme=each.scheme, value=each.value)
            for each in row.identifiers.all()
        ],
        parent=_plain_reference(row.parent, content) if row.parent else None,
        memberships=sorted(ties, key=lambda tie: tie.alliance.name.casefold()),
        programmes=sorted(
            (
                s.RegionalReference.shape(
                    id=each.uuid, name=content.text(each.name)[0], url=each.link or None
                )
                for each in provided
            ),
            key=lambda each: each.name.casefold(),
        ),
        review=_review(row),
        json_ld={},
    )
    return with_json_ld(detail, schema_org.organisation(detail))


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
    context.shown.add("alliances")
    queryset = Alliance.objects.filter(matching_name(parameters.q, "name", "acronym"))
    if parameters.type:
        queryset = queryset.filter(type__in=parameters.type)
    if parameters.activity:
        queryset = queryset.filter(activities__has_any=[str(a) for a in parameters.activity])
    if themes := keys_of(Theme, parameters.theme, "theme"):
        queryset = queryset.filter(
            _related(Alliance.themes.through, "alliance_id", "theme_id", themes)
        )
    if members := keys_of(Organisation, parameters.member, "member"):
        queryset = queryset.filter(_related(Membership, "alliance_id", "organisation_id", members))
    queryset = with_status(queryset, parameters.status, context)
    count, ids = window(queryset, parameters, "name", context.language)
    rows = Rows(alliances=load_brief_alliances(ids))
    load_surroundings(Needs(), rows, context)
    content = Representation(rows, context)
    return s.RegionalAllianceList.shape(
        count=count, items=[item for item in map(content.alliance, ids) if item]
    )


def alliance(uuid: UUID, context: ReadContext) -> s.RegionalAllianceDetail:
    row = found(Alliance.objects.filter(uuid=uuid), uuid)
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
        timeline=content.timeline(row.pk),
        review=_review(row),
        json_ld={},
    )
    return with_json_ld(detail, schema_org.alliance(detail, members))


# --- Projects ------------------------------------------------------------------------------------


def projects(parameters: Any, context: ReadContext) -> s.RegionalProjectList:
    context.shown.add("projects")
    queryset = Project.objects.filter(matching_name(parameters.q, "title"))
    if found_alliances := keys_of(Alliance, parameters.alliance, "alliance"):
        queryset = queryset.filter(alliance__in=found_alliances)
    if themes := keys_of(Theme, parameters.theme, "theme"):
        queryset = queryset.filter(
            _related(Project.themes.through, "project_id", "theme_id", themes)
        )
    queryset = with_status(queryset, parameters.status, context)
    count, ids = window(queryset, parameters, "title", context.language)
    rows = Rows(projects=load_projects(ids))
    load_surroundings(Needs(), rows, context)
    content = Representation(rows, context)
    return s.RegionalProjectList.shape(
        count=count, items=[content.project(rows.projects[pk]) for pk in ids]
    )


def project(uuid: UUID, context: ReadContext) -> s.RegionalProjectDetail:
    row = found(Project.objects.filter(uuid=uuid), uuid)
    content = Representation(load(Needs(projects={row.pk}), context), context)
    detail = s.RegionalProjectDetail.shape(
        **content.project_columns(content.rows.projects[row.pk]),
        themes=_themes(row, content),
        review=_review(row),
        json_ld={},
    )
    return with_json_ld(detail, schema_org.project(detail))


# --- Programmes ----------------------------------------------------------------------------------


def programmes(parameters: Any, context: ReadContext) -> s.RegionalProgrammeList:
    context.shown.add("programmes")
    selection = ProgrammeSelection(
        ProgrammeFilter(
            types=tuple(parameters.type),
            levels=tuple(parameters.level),
            languages=tuple(parameters.language),
            alliances=keys_of(Alliance, parameters.alliance, "alliance"),
            themes=keys_of(Theme, parameters.theme, "theme"),
            providers=keys_of(Organisation, parameters.provider, "provider"),
            audiences=keys_of(Organisation, parameters.home, "home"),
            statuses=tuple(parameters.status),
            joint=parameters.joint,
            text=parameters.q,
        ),
        order=parameters.order,
        limit=parameters.limit,
        offset=parameters.offset,
    )
    rows = Rows()
    rows.programmes, found_by = load_programmes((), [selection], context)
    selected = found_by[selection]
    count = selected.total
    if not selected.ids and selection.offset:
        # Past the end there is no row to carry the total.
        count = selection.filter.apply(Programme.objects.all(), context.moment).count()
    load_surroundings(Needs(), rows, context)
    content = Representation(rows, context)
    return s.RegionalProgrammeList.shape(
        count=count, items=[item for item in map(content.programme, selected.ids) if item]
    )


def programme(uuid: UUID, context: ReadContext) -> s.RegionalProgrammeDetail:
    row = found(Programme.objects.filter(uuid=uuid), uuid)
    content = Representation(load(Needs(programmes={row.pk}), context), context)
    detail = s.RegionalProgrammeDetail.shape(
        **content.programme_columns(content.rows.programmes[row.pk]),
        qualification=row.qualification or None,
        modes_of_study=terms(v.ModeOfStudy, row.modes_of_study),
        modes_of_delivery=terms(v.ModeOfDelivery, row.modes_of_delivery),
        duration=row.duration,
        isced_fields=list(row.isced_fields),
        themes=_themes(row, content),
        codes=[
            s.RegionalIdentifier.shape(scheme=each.scheme, value=each.value)
            for each in row.codes.all()
        ],
        review=_review(row),
        json_ld={},
    )
    return with_json_ld(detail, schema_org.programme(detail))


# --- Shared parts --------------------------------------------------------------------------------


def found(queryset: QuerySet, uuid: UUID) -> Any:
    """The row, or a 404 that names it."""
    row = queryset.first()
    if row is None:
        raise Http404(f"There is no {queryset.model._meta.model_name} with the id {uuid}.")
    return row


def with_json_ld(detail: Any, data: dict[str, Any]) -> Any:
    detail["json_ld"] = schema_org.with_context(data)
    return detail


def _related(through: Any, owner: str, column: str, values: tuple[int, ...]) -> Exists:
    return Exists(through.objects.filter(**{owner: OuterRef("pk"), f"{column}__in": values}))


def _themes(row: Any, content: Representation) -> list[s.RegionalTheme]:
    return content.themes(row.themes.values("uuid", "scheme", "notation", "uri", "label"))


def _review(row: Any) -> s.RegionalReview:
    """When and by what a fact is known; by whom stays inside."""
    return s.RegionalReview.shape(last_reviewed=row.last_reviewed, source_url=row.source_url)


def _plain_reference(row: Organisation, content: Representation) -> s.RegionalReference:
    return s.RegionalReference.shape(
        id=row.uuid,
        name=content.text(row.name)[0],
        acronym=row.acronym,
        url=row.website or None,
    )
