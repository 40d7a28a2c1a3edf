"""The endpoints of pages."""

# No postponed annotations here: ninja reads the real ones, through a decorator.

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from ninja import P, PathEx, Query
from wagtail.models import get_page_models

from wagtail_regional import schemas as s
from wagtail_regional.api import parameters as p
from wagtail_regional.api.chosen_fields import choosing_fields, including
from wagtail_regional.api.endpoints import endpoint, in_language
from wagtail_regional.api.problems import problem
from wagtail_regional.api.routing import ANSWERS, router
from wagtail_regional.compat import get_page_model
from wagtail_regional.filters.values import AS_WHOLE
from wagtail_regional.languages import content_languages
from wagtail_regional.page_types import regional_page_models
from wagtail_regional.pages.content import page_summary
from wagtail_regional.pages.preview import TokenError, read_token
from wagtail_regional.pages.schema import page_schema
from wagtail_regional.representation.context import ReadContext, without_prefix
from wagtail_regional.representation.pages import keys_at, public_page, summary_columns
from wagtail_regional.visibility import public_pages

PageNumber = PathEx[
    Annotated[int, AS_WHOLE], P(description="The `id` that lists of pages give.", example=5)
]


PageDetail = page_schema()


FindParameters = including(choosing_fields(p.FindParameters, PageDetail))
PageParameters = including(choosing_fields(p.NoParameters, PageDetail))


def page_response(request: HttpRequest, page: Any, parameters: Any) -> HttpResponse:
    """A page in its own language."""
    content = page.read(request, with_rows=parameters.include is not None)
    return in_language(content.context, lambda: content.json(parameters.fields, parameters.include))


def pages(parameters: Any, context: ReadContext) -> s.RegionalPageList:
    """Live, public regional pages of this site, in one language, in the order of the tree."""
    context.shown.add("pages")
    models = regional_page_models()
    if parameters.type:
        models = [model for model in models if model.regional_type in parameters.type]
    queryset = site_pages(context, models).filter(locale__language_code=context.language)
    rows = queryset.annotate(**summary_columns()).order_by("path")
    rows = rows[parameters.offset : parameters.offset + parameters.limit]
    items = [summary for page in rows if (summary := page_summary(page, context))]
    return s.RegionalPageList.shape(count=queryset.count(), items=items)


endpoint(
    "/pages/",
    pages,
    p.PageListParameters,
    s.RegionalPageList,
    name="pages_list",
    summary="List regional pages",
)


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
    return any(page.url_path.startswith(root.root_path) for root in context.roots)


@router.get(
    "/pages/find/",
    response={200: PageDetail, **ANSWERS},
    operation_id="regional_pages_find",
    summary="Find a regional page by its path",
)
def find_page(request: HttpRequest, parameters: Query[FindParameters]) -> HttpResponse:  # type: ignore[valid-type]
    """The page at a path, right away: no redirect."""
    context = ReadContext(content_languages()[0], request)
    asked: Any = parameters
    page = page_at(asked.path, context)
    if page is None:
        at = _with_slashes(asked.path)
        if page_at(asked.path, context, get_page_models()) is not None:
            raise Http404(f"The page at {at} is not a regional one. Wagtail's own API has it.")
        raise Http404(f"There is no regional page at {at}.")
    return page_response(request, page, asked)


def _with_slashes(path: str) -> str:
    bare = path.strip("/")
    return f"/{bare}/" if bare else "/"


def page_at(path: str, context: ReadContext, models: Any = None) -> Any:
    """The live, public page that the site serves at `path`, with or without slashes around it, or
    None. Of the regional types, unless other models are given."""
    # Where Wagtail is mounted below a prefix, a front end may leave that out.
    bare = without_prefix(_with_slashes(path))
    candidates = _candidate_url_paths(bare, context)
    keys = keys_at(candidates)
    for key in (keys[each] for each in candidates if each in keys):
        page = public_page(key, models or regional_page_models(), context)
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
def read_preview(request: HttpRequest, parameters: Query[p.PreviewParameters]) -> HttpResponse:
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
def read_page(
    request: HttpRequest,
    page_id: PageNumber,
    parameters: Query[PageParameters],  # type: ignore[valid-type]
) -> HttpResponse:
    """A page with its body, in the page's own language."""
    context = ReadContext(content_languages()[0], request)
    page = public_page(page_id, regional_page_models(), context)
    if page is None or not is_below(page, context):
        raise Http404(f"There is no regional page with the id {page_id}.")
    return page_response(request, page, parameters)
