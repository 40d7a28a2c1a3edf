"""The endpoints: anonymous, read-only, live and public things only.

The router stands on top of everything else: it serves registry and pages alike. On Wagtail 8
it mounts itself under API v3; anywhere else a host mounts :mod:`wagtail_regional.api.standalone`
or adds it to a NinjaAPI of its own.
"""

# No postponed annotations here: ninja reads the views' real ones, through a decorator.

from django.http import HttpRequest, HttpResponse
from ninja import Query

from wagtail_regional import schemas as s
from wagtail_regional.api import (
    geojson,
    listing,
    page_endpoints,  # noqa: F401 - registers them, before those below
    unknown,
)
from wagtail_regional.api import parameters as p
from wagtail_regional.api.filter_arguments import (
    alliance_filter,
    organisation_filter,
    programme_filter,
)
from wagtail_regional.api.openapi import answers_as, describe_answers
from wagtail_regional.api.routing import (
    ANSWERS,
    LIST_ANSWERS,
    Identifier,
    answer_head,
    refuse_other_methods,
    router,
)
from wagtail_regional.api.search import search
from wagtail_regional.representation import facets

# --- The registry ----------------------------------------------------------------------------


@router.get(
    "/organisations/",
    response={200: s.RegionalOrganisationList, **LIST_ANSWERS},
    operation_id="regional_organisations_list",
    summary="List organisations",
)
@p.strict(p.OrganisationParameters)
def list_organisations(
    request: HttpRequest,
    parameters: p.OrganisationParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Organisations, in the order of their names."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: listing.organisations(parameters, context))


@router.get(
    "/organisations/facets/",
    response={200: s.RegionalOrganisationFacets, **LIST_ANSWERS},
    operation_id="regional_organisations_facets",
    summary="Count organisations by the values of each filter",
)
@p.strict(p.OrganisationFacetParameters)
def organisation_facets(
    request: HttpRequest,
    parameters: p.OrganisationFacetParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Each filter is counted without itself and with all the others; values that would find
    nothing are left out, unless they are asked for."""
    context = p.context_of(request, parameters)
    chosen = organisation_filter(parameters)
    return p.in_language(context, lambda: facets.organisation_facets(chosen, context))


@router.get(
    "/organisations/{uuid}/",
    response={200: s.RegionalOrganisationDetail, **ANSWERS},
    operation_id="regional_organisations_detail",
    summary="Read an organisation",
)
@p.strict(p.LocaleParameters)
def read_organisation(
    request: HttpRequest,
    uuid: Identifier,  # type: ignore[valid-type]
    parameters: p.LocaleParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """An organisation with its alliances and programmes."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: listing.organisation(uuid, context))


@router.get(
    "/organisations.geojson",
    response={200: s.RegionalFeatureCollection, **LIST_ANSWERS},
    operation_id="regional_organisations_geojson",
    summary="Read organisations as GeoJSON",
    openapi_extra=answers_as(geojson.GEO_JSON, s.RegionalFeatureCollection),
)
@p.strict(p.GeoJsonParameters)
def organisations_geojson(
    request: HttpRequest,
    parameters: p.GeoJsonParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Organisations that have coordinates (RFC 7946); `links` leads to the next ones."""
    context = p.context_of(request, parameters)
    response = p.in_language(context, lambda: geojson.features(parameters, context, request))
    response["Content-Type"] = geojson.GEO_JSON
    return response


@router.get(
    "/alliances/",
    response={200: s.RegionalAllianceList, **LIST_ANSWERS},
    operation_id="regional_alliances_list",
    summary="List alliances",
)
@p.strict(p.AllianceParameters)
def list_alliances(
    request: HttpRequest,
    parameters: p.AllianceParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Alliances, in the order of their names."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: listing.alliances(parameters, context))


@router.get(
    "/alliances/facets/",
    response={200: s.RegionalAllianceFacets, **LIST_ANSWERS},
    operation_id="regional_alliances_facets",
    summary="Count alliances by the values of each filter",
)
@p.strict(p.AllianceFacetParameters)
def alliance_facets(
    request: HttpRequest,
    parameters: p.AllianceFacetParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Each filter is counted without itself and with all the others; values that would find
    nothing are left out, unless they are asked for."""
    context = p.context_of(request, parameters)
    chosen = alliance_filter(parameters)
    return p.in_language(context, lambda: facets.alliance_facets(chosen, context))


@router.get(
    "/alliances/{uuid}/",
    response={200: s.RegionalAllianceDetail, **ANSWERS},
    operation_id="regional_alliances_detail",
    summary="Read an alliance",
)
@p.strict(p.LocaleParameters)
def read_alliance(
    request: HttpRequest,
    uuid: Identifier,  # type: ignore[valid-type]
    parameters: p.LocaleParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """An alliance with its members, parts, projects, programmes and timeline."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: listing.alliance(uuid, context))


@router.get(
    "/projects/",
    response={200: s.RegionalProjectList, **LIST_ANSWERS},
    operation_id="regional_projects_list",
    summary="List projects",
)
@p.strict(p.ProjectParameters)
def list_projects(
    request: HttpRequest,
    parameters: p.ProjectParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Projects, in the order of their titles."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: listing.projects(parameters, context))


@router.get(
    "/projects/{uuid}/",
    response={200: s.RegionalProjectDetail, **ANSWERS},
    operation_id="regional_projects_detail",
    summary="Read a project",
)
@p.strict(p.LocaleParameters)
def read_project(
    request: HttpRequest,
    uuid: Identifier,  # type: ignore[valid-type]
    parameters: p.LocaleParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """A project with its themes."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: listing.project(uuid, context))


@router.get(
    "/programmes/",
    response={200: s.RegionalProgrammeList, **LIST_ANSWERS},
    operation_id="regional_programmes_list",
    summary="List programmes",
)
@p.strict(p.ProgrammeParameters)
def list_programmes(
    request: HttpRequest,
    parameters: p.ProgrammeParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Programmes, each with its providers and the terms on which students may enrol."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: listing.programmes(parameters, context))


@router.get(
    "/programmes/facets/",
    response={200: s.RegionalProgrammeFacets, **LIST_ANSWERS},
    operation_id="regional_programmes_facets",
    summary="Count programmes by the values of each filter",
)
@p.strict(p.ProgrammeFacetParameters)
def programme_facets(
    request: HttpRequest,
    parameters: p.ProgrammeFacetParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Each filter is counted without itself and with all the others; values that would find
    nothing are left out, unless they are asked for."""
    context = p.context_of(request, parameters)
    chosen = programme_filter(parameters, context)
    return p.in_language(context, lambda: facets.programme_facets(chosen, context))


@router.get(
    "/programmes/{uuid}/",
    response={200: s.RegionalProgrammeDetail, **ANSWERS},
    operation_id="regional_programmes_detail",
    summary="Read a programme",
)
@p.strict(p.LocaleParameters)
def read_programme(
    request: HttpRequest,
    uuid: Identifier,  # type: ignore[valid-type]
    parameters: p.LocaleParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """A programme with its modes, fields and codes."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: listing.programme(uuid, context))


# --- All of it together ----------------------------------------------------------------------


@router.get(
    "/network/",
    response={200: s.RegionalNetwork, **LIST_ANSWERS},
    operation_id="regional_network",
    summary="Read alliances and members as nodes and links",
)
@p.strict(p.NetworkParameters)
def read_network(
    request: HttpRequest,
    parameters: p.NetworkParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """At most 300 alliances and 3,000 memberships; `truncated` says that there are more."""
    context = p.context_of(request, parameters)
    return p.in_language(context, lambda: geojson.network(parameters, context))


@router.get(
    "/search/",
    # Never 304: no answer has an ETag.
    response={200: s.RegionalSearchList, 422: s.RegionalProblem},
    operation_id="regional_search",
    summary="Search the registry and the pages",
)
@p.strict(p.SearchParameters)
def read_search(request: HttpRequest, parameters: p.SearchParameters = Query(...)) -> HttpResponse:  # type: ignore[type-arg]
    """The registry by the words of its lists, pages by the site's search backend. Kinds take turns:
    the best of each, then the second best. Pages are those in the reader's language."""
    context = p.context_of(request, parameters)
    roots = [root.root_path for root in context.roots]
    response = p.in_language(context, lambda: search(parameters, context, roots))
    # The index may follow its rows later, which no stamp tells.
    response["Cache-Control"] = "no-cache"
    return response


describe_answers(router)
answer_head(router)
refuse_other_methods(router)
# After all others.
router.add_api_operation(
    f"/{{{unknown.CONVERTER}:rest}}",
    unknown.METHODS,
    unknown.no_such_address,
    include_in_schema=False,
)
