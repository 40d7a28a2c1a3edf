"""The addresses: anonymous, read-only, live and public things only.

The router stands on top of everything else: it serves registry and pages alike. On Wagtail 8
it mounts itself under API v3; anywhere else a host mounts :mod:`wagtail_regional.api.standalone`
or adds it to a NinjaAPI of its own.
"""

from __future__ import annotations

from wagtail_regional import schemas as s
from wagtail_regional.api import (
    geojson,
    listing,
    page_endpoints,  # noqa: F401 - registers them
    unknown,
)
from wagtail_regional.api import parameters as p
from wagtail_regional.api.endpoints import endpoint
from wagtail_regional.api.openapi import describe_answers
from wagtail_regional.api.routing import answer_head, refuse_other_methods, router
from wagtail_regional.api.search import search
from wagtail_regional.filters import AllianceFilter, OrganisationFilter, ProgrammeFilter
from wagtail_regional.representation.facets import FACETS

__all__ = ["router"]

# Of two addresses that fit, the first one answers.

# --- Organisations ---------------------------------------------------------------------------

endpoint(
    "/organisations/",
    listing.organisations,
    p.OrganisationParameters,
    s.RegionalOrganisationList,
    name="organisations_list",
    summary="List organisations",
)
endpoint(
    "/organisations/facets/",
    listing.facets,
    p.OrganisationFacetParameters,
    FACETS[OrganisationFilter],
    name="organisations_facets",
    choose_fields=False,
    summary="Count organisations by the values of each filter",
)
endpoint(
    "/organisations/{uuid}/",
    listing.organisation,
    p.LocaleParameters,
    s.RegionalOrganisationDetail,
    name="organisations_detail",
    summary="Read an organisation",
)
endpoint(
    "/organisations.geojson",
    geojson.features,
    p.GeoJsonParameters,
    s.RegionalFeatureCollection,
    name="organisations_geojson",
    choose_fields=False,
    summary="Read organisations as GeoJSON",
    media_type=geojson.GEO_JSON,
)

# --- Alliances -------------------------------------------------------------------------------

endpoint(
    "/alliances/",
    listing.alliances,
    p.AllianceParameters,
    s.RegionalAllianceList,
    name="alliances_list",
    summary="List alliances",
)
endpoint(
    "/alliances/facets/",
    listing.facets,
    p.AllianceFacetParameters,
    FACETS[AllianceFilter],
    name="alliances_facets",
    choose_fields=False,
    summary="Count alliances by the values of each filter",
)
endpoint(
    "/alliances/{uuid}/",
    listing.alliance,
    p.LocaleParameters,
    s.RegionalAllianceDetail,
    name="alliances_detail",
    summary="Read an alliance",
)

# --- Projects --------------------------------------------------------------------------------

endpoint(
    "/projects/",
    listing.projects,
    p.ProjectParameters,
    s.RegionalProjectList,
    name="projects_list",
    summary="List projects",
)
endpoint(
    "/projects/{uuid}/",
    listing.project,
    p.LocaleParameters,
    s.RegionalProjectDetail,
    name="projects_detail",
    summary="Read a project",
)

# --- Programmes ------------------------------------------------------------------------------

endpoint(
    "/programmes/",
    listing.programmes,
    p.ProgrammeParameters,
    s.RegionalProgrammeList,
    name="programmes_list",
    summary="List programmes",
)
endpoint(
    "/programmes/facets/",
    listing.facets,
    p.ProgrammeFacetParameters,
    FACETS[ProgrammeFilter],
    name="programmes_facets",
    choose_fields=False,
    summary="Count programmes by the values of each filter",
)
endpoint(
    "/programmes/{uuid}/",
    listing.programme,
    p.LocaleParameters,
    s.RegionalProgrammeDetail,
    name="programmes_detail",
    summary="Read a programme",
)

# --- All of it together ----------------------------------------------------------------------

endpoint(
    "/network/",
    geojson.network,
    p.NetworkParameters,
    s.RegionalNetwork,
    name="network",
    choose_fields=False,
    summary="Read alliances and members as nodes and links",
)
endpoint(
    "/search/",
    search,
    p.SearchParameters,
    s.RegionalSearchList,
    name="search",
    summary="Search the registry and the pages",
    # The index may follow its rows later, which no stamp tells.
    changes_with_the_stamp=False,
)


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
