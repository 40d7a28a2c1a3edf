"""The endpoints: anonymous, read-only, live and public things only.

The router stands on top of everything else: it serves registry and pages alike. On Wagtail 8
it mounts itself under API v3; anywhere else a host mounts :mod:`wagtail_regional.api.standalone`
or adds it to a NinjaAPI of its own.
"""

# No postponed annotations here: ninja reads the views' real ones, through a decorator.

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from ninja import P, PathEx, Query, Router
from ninja.operation import PathView
from pydantic import Field, RootModel, create_model

from wagtail_regional.api import facets, listing, maps
from wagtail_regional.api import parameters as p
from wagtail_regional.api import schemas as s
from wagtail_regional.api.asking import alliance_filter, organisation_filter, programme_filter
from wagtail_regional.api.caching import kept
from wagtail_regional.api.context import ReadContext, without_prefix
from wagtail_regional.api.examples import LEIDEN
from wagtail_regional.api.loading import keys_at, public_page, public_pages, summary_columns
from wagtail_regional.api.openapi import TAG, answers_as, describe_answers
from wagtail_regional.api.pages import page_summary
from wagtail_regional.api.problems import problem
from wagtail_regional.api.search import search
from wagtail_regional.api.values import AS_WHOLE, Id
from wagtail_regional.blocks import RegionalBlock
from wagtail_regional.compat import get_page_model
from wagtail_regional.languages import content_languages
from wagtail_regional.page_mixins import (
    PartnershipPageMixin,
    ProgrammeIndexPageMixin,
    RegionIndexPageMixin,
)
from wagtail_regional.preview import TokenError, read_token
from wagtail_regional.regional_pages import regional_page_models


class Anonymous:
    """Everybody reads as nobody: a session or a token changes nothing, so nothing leaks.

    None of ninja's own kinds of authentication, so that the document asks nobody to log in.
    """

    def __call__(self, request: HttpRequest) -> Any:
        from django.contrib.auth.models import AnonymousUser

        request.user = AnonymousUser()
        # Only middleware on the way out reads this; addresses are made from the thread's own.
        request.urlconf = "wagtail_regional.api.no_i18n_urls"
        return request.user


PAGE_KINDS = {
    "region_index": RegionIndexPageMixin,
    "partnership": PartnershipPageMixin,
    "programme_index": ProgrammeIndexPageMixin,
}

#: Besides 200. An answer that the reader has already has no body (304).
LIST_ANSWERS = {304: None, 422: s.RegionalProblem}
ANSWERS = {**LIST_ANSWERS, 404: s.RegionalProblem}

Identifier = PathEx[Id, P(description="The `id` that lists and mentions give.", example=LEIDEN)]

PageNumber = PathEx[
    Annotated[int, AS_WHOLE], P(description="The `id` that lists of pages give.", example=5)
]

router = Router(tags=[TAG["name"]], auth=Anonymous())
# Before ninja reads the request: what is kept was asked for in just these words before.
router.add_decorator(kept, mode="view")


# --- The schema of a page: its body holds whatever blocks the site has ---------------------------


@cache
def block_schemas() -> dict[str, Any]:
    """A schema for each block type that a regional page can hold, the host's own included."""
    schemas: dict[str, Any] = {}
    for model in regional_page_models():
        for name, block in model._meta.get_field("body").stream_block.child_blocks.items():
            if name not in schemas:
                value = block.schema if isinstance(block, RegionalBlock) else Any
                schemas[name] = create_model(
                    f"Regional{''.join(part.title() for part in name.split('_'))}Block",
                    __base__=s.RegionalModel,
                    __doc__=str(block.get_description() or block.label),
                    type=(Literal[name], ...),  # type: ignore[valid-type,arg-type]
                    value=(value, ...),
                    id=(str, Field(description="Stays the same when the block moves.")),
                )
    return schemas


def page_schema() -> Any:
    """The schema of a page with its body: blocks, discriminated by `type`."""
    schemas = tuple(block_schemas().values())
    if not schemas:
        block: Any = dict[str, Any]
    elif len(schemas) == 1:
        block = schemas[0]
    else:
        from typing import Union

        block = Annotated[Union[schemas], Field(discriminator="type")]  # noqa: UP007
    return create_model(
        "RegionalPageDetail",
        __base__=s.RegionalPage,
        __doc__="A regional page with its body.",
        body=(list[block], ...),
    )


PageDetail = page_schema()


def page_response(request: HttpRequest, page: Any) -> HttpResponse:
    """A page in its own language."""
    content = page.read(request)
    return p.in_language(content.context, content.json)


# --- Pages -----------------------------------------------------------------------------------


@router.get(
    "/pages/",
    response={200: s.RegionalPageList, **LIST_ANSWERS},
    operation_id="regional_pages_list",
    summary="List regional pages",
)
@p.strict(p.PageListParameters)
def list_pages(request: HttpRequest, parameters: p.PageListParameters = Query(...)) -> HttpResponse:  # type: ignore[type-arg]
    """Live, public regional pages of this site, in one language, in the order of the tree."""
    context = p.context_of(request, parameters)
    context.shown.add("pages")
    models = [m for m in regional_page_models() if _is_kind(m, parameters.type)]
    queryset = site_pages(context, models).filter(locale__language_code=context.language)
    rows = queryset.annotate(**summary_columns()).order_by("path")
    rows = rows[parameters.offset : parameters.offset + parameters.limit]
    items = [summary for page in rows if (summary := page_summary(page, context))]
    return p.in_language(
        context, lambda: s.RegionalPageList.shape(count=queryset.count(), items=items)
    )


def _is_kind(model: Any, kinds: Sequence[str]) -> bool:
    return not kinds or any(issubclass(model, PAGE_KINDS[kind]) for kind in kinds)


def site_pages(context: ReadContext, models: list[Any]) -> Any:
    """The base rows of live, public pages of these types, of the reader's site."""
    from django.contrib.contenttypes.models import ContentType
    from django.db.models import Q

    queryset = get_page_model().objects.select_related("locale")
    if context.site is None or not models:
        return queryset.none()
    types = [ct.pk for ct in ContentType.objects.get_for_models(*models).values()]
    below = Q(pk__in=[])
    for root in context.roots:
        below |= Q(url_path__startswith=root.root_path)
    return public_pages(queryset.filter(below, content_type__in=types))


def is_below(page: Any, context: ReadContext) -> bool:
    """Whether a page is one of the reader's site."""
    return page.url_path.startswith(tuple(root.root_path for root in context.roots))


@router.get(
    "/pages/find/",
    response={200: PageDetail, **ANSWERS},
    operation_id="regional_pages_find",
    summary="Find a regional page by its path",
)
@p.strict(p.FindParameters)
def find_page(request: HttpRequest, parameters: p.FindParameters = Query(...)) -> HttpResponse:  # type: ignore[type-arg]
    """The page at a path, right away: no redirect."""
    context = ReadContext(content_languages()[0], request)
    page = page_at(parameters.path, context)
    if page is None:
        raise Http404(f"There is no regional page at {parameters.path}.")
    return page_response(request, page)


def page_at(path: str, context: ReadContext) -> Any:
    """The live, public regional page that the site serves at `path`, or None."""
    wanted = "/" + path.strip("/") + "/" if path.strip("/") else "/"
    # Where Wagtail is mounted below a prefix, a front end may leave that out.
    bare = without_prefix(wanted)
    candidates = _candidate_url_paths(bare, context)
    keys = keys_at(candidates, context.stamps)
    for key in (keys[each] for each in candidates if each in keys):
        page = public_page(key, regional_page_models(), context)
        parts = context.url_parts(page) if page else None
        if parts and parts[2] and without_prefix(parts[2]).rstrip("/") == bare.rstrip("/"):
            return page
    return None


def _candidate_url_paths(path: str, context: ReadContext) -> list[str]:
    """Where a public path may lie in the page tree: below the site's root in the language that
    the path begins with, or below any root when addresses carry no language."""
    language = translation.get_language_from_path(path)
    rest = path[len(language) + 2 :] if language else path[1:]
    found = []
    for root in context.roots:
        mount = _mount(root.language_code)
        if mount and path.startswith(mount):
            found.append(root.root_path + path[len(mount) :])
        found.append(root.root_path + (rest if language == root.language_code else path[1:]))
    return list(dict.fromkeys(found))


def _mount(language: str) -> str | None:
    """Where the site's urls put Wagtail's pages, for a language; None where they have none."""
    try:
        with translation.override(language):
            return without_prefix(reverse("wagtail_serve", args=("",)))
    except NoReverseMatch:
        return None


@router.get(
    "/preview/",
    response={200: PageDetail, 403: s.RegionalProblem, 422: s.RegionalProblem},
    operation_id="regional_preview",
    summary="Read a draft with the token of its preview",
)
@p.strict(p.PreviewParameters)
def read_preview(
    request: HttpRequest,
    parameters: p.PreviewParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """The page as its editor sees it now. The token comes with the address of the preview; it
    expires."""
    try:
        response = HttpResponse(read_token(parameters.token), content_type="application/json")
    except TokenError as error:
        response = problem(403, str(error))
    response["Cache-Control"] = "private, no-store"
    return response


@router.get(
    "/pages/{page_id}/",
    response={200: PageDetail, **ANSWERS},
    operation_id="regional_pages_detail",
    summary="Read a regional page",
)
@p.strict(p.NoParameters)
def read_page(
    request: HttpRequest,
    page_id: PathEx[
        Annotated[int, AS_WHOLE], P(description="The `id` that lists of pages give.", example=5)
    ],  # type: ignore[valid-type]
) -> HttpResponse:
    """A page with its body, in the page's own language."""
    context = ReadContext(content_languages()[0], request)
    page = public_page(page_id, regional_page_models(), context)
    if page is None or not is_below(page, context):
        raise Http404(f"There is no regional page with the id {page_id}.")
    return page_response(request, page)


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
    openapi_extra=answers_as(maps.GEO_JSON, s.RegionalFeatureCollection),
)
@p.strict(p.GeoJsonParameters)
def organisations_geojson(
    request: HttpRequest,
    parameters: p.GeoJsonParameters = Query(...),  # type: ignore[type-arg]
) -> HttpResponse:
    """Organisations that have coordinates (RFC 7946); `links` leads to the next ones."""
    context = p.context_of(request, parameters)
    response = p.in_language(context, lambda: maps.features(parameters, context, request))
    response["Content-Type"] = maps.GEO_JSON
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
    return p.in_language(context, lambda: maps.network(parameters, context))


@router.get(
    "/search/",
    # Never 304: no answer has an ETag.
    response={200: s.RegionalSearchList, 422: s.RegionalProblem},
    operation_id="regional_search",
    summary="Search the registry and the pages",
)
@p.strict(p.SearchParameters)
def read_search(request: HttpRequest, parameters: p.SearchParameters = Query(...)) -> HttpResponse:  # type: ignore[type-arg]
    """By the site's search backend. Kinds take turns: the best of each, then the second best.
    Pages are those in the reader's language."""
    context = p.context_of(request, parameters)
    roots = [root.root_path for root in context.roots]
    response = p.in_language(context, lambda: search(parameters, context, roots))
    # The index may follow its rows later, which no stamp tells.
    response["Cache-Control"] = "no-cache"
    return response


@cache
def body_schema() -> Any:
    """The schema of a body alone, for Wagtail's API v3."""
    field = PageDetail.model_fields["body"]
    return create_model("RegionalBody", __base__=RootModel[field.annotation])  # type: ignore[name-defined]


def answer_head(router: Router) -> None:
    """Let each address that answers GET answer HEAD, too, as RFC 9110 (9.1) asks of every server.
    The OpenAPI document tells of GET alone."""
    for path, view in router.path_operations.items():
        for operation in list(view.operations):
            router.add_api_operation(path, ["HEAD"], operation.view_func, include_in_schema=False)


class ReadOnlyPath(PathView):
    """The operations at an address, which refuses every other method as we refuse all else:
    ninja would do so in plain text."""

    @classmethod
    def of(cls, view: PathView) -> "ReadOnlyPath":
        """The same operations."""
        made = cls()
        vars(made).update(vars(view))
        return made

    def clone(self) -> "ReadOnlyPath":
        return self.of(super().clone())

    def _sync_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        allowed = sorted({method for each in self.operations for method in each.methods})
        if request.method in allowed:
            return super()._sync_view(request, *args, **kwargs)
        told = f"{request.method} is not possible here. Use one of: {', '.join(allowed)}."
        response = problem(405, told)
        # RFC 9110 (15.5.6) asks for it.
        response["Allow"] = ", ".join(allowed)
        response["Cache-Control"] = "no-store"
        return response


def refuse_other_methods(router: Router) -> None:
    """Tell of methods that are not possible as problem+json."""
    for path, view in router.path_operations.items():
        router.path_operations[path] = ReadOnlyPath.of(view)


describe_answers(router)
answer_head(router)
refuse_other_methods(router)
