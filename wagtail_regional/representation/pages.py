"""Loading pages: those that are linked to, and whole ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache, partial
from typing import Any

from django.db import router
from django.db.models import F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from wagtail.models import Locale

from wagtail_regional.compat import get_page_model
from wagtail_regional.models import RegionalSettings
from wagtail_regional.page_types import (
    programme_index_models,
    regional_page_models,
    subject_page_models,
)
from wagtail_regional.representation.context import SETTINGS_COLUMNS, SETTINGS_PREFIX, ReadContext
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.prepared import Prepared
from wagtail_regional.visibility import public_pages

#: What reading needs of a page; the rest is deferred.
_PAGE_COLUMNS = {
    "id",
    "path",
    "depth",
    "title",
    "slug",
    "url_path",
    "live",
    "locale_id",
    "translation_key",
    "content_type_id",
    "alias_of_id",
}


@cache
def page_columns() -> tuple[str, ...]:
    """Those columns, in the order in which a model takes them."""
    names = (field.attname for field in get_page_model()._meta.concrete_fields)
    return tuple(name for name in names if name in _PAGE_COLUMNS)


def page_rows(queryset: QuerySet[Any], sites: list[int]) -> QuerySet[Any, Any]:
    """Live, public pages with the columns that reading needs, and what comes beside."""
    queryset = public_pages(queryset).annotate(
        regional_subject=first_of_pages(subject_page_models(), "subject_id"),
        **summary_columns(),
        **settings_columns(sites),
    )
    return queryset.order_by("path").values_list(
        *page_columns(), "locale__language_code", *_beside()
    )


def summary_columns() -> dict[str, Any]:
    """What a page is shown with in lists, as columns beside those of the base model."""
    return {
        "regional_introduction": first_of_pages(regional_page_models(), "introduction"),
        # Of its words: those of an alias are another page's.
        "regional_language": Coalesce(
            F("alias_of__locale__language_code"), F("locale__language_code")
        ),
    }


@cache
def _beside() -> tuple[str, ...]:
    """The names of those."""
    return ("regional_subject", *summary_columns(), *_settings_names())


def _page(values: tuple[Any, ...]) -> Any:
    """A page of the base model, made of the columns of `page_rows`. Whatever else is asked of
    it would be a query, so nothing is."""
    width = len(page_columns())
    page = _first(get_page_model(), page_columns(), values[: width + 1])
    for name, value in zip(_beside(), values[width + 1 :], strict=True):
        setattr(page, name, value)
    return page


def _first(model: Any, columns: Sequence[str], values: Sequence[Any]) -> Any:
    """A page of its columns, of which the code of its language comes last."""
    page = model.from_db(router.db_for_read(model), columns, values[:-1])
    page.locale = Locale(id=page.locale_id, language_code=values[-1])
    return page


def _pages(
    keys: list[int],
    alliances: list[int],
    paths: list[str],
    parent: list[str],
    depth: list[int],
    sites: list[int],
    finders: list[str],
) -> QuerySet[Any, Any]:
    pages = get_page_model().objects
    # With their translations: a link leads to the page in the reader's language.
    translations = pages.filter(pk__in=keys).values("translation_key")
    wanted = Q(translation_key__in=translations) | Q(path__in=paths)
    wanted |= Q(path__startswith=parent[0], depth__in=depth)
    for model in subject_page_models():
        wanted |= Q(pk__in=model.objects.filter(subject_id__in=alliances).values("pk"))
    for model in programme_index_models():
        wanted |= Q(pk__in=model.objects.filter(locale__language_code__in=finders).values("pk"))
    return page_rows(pages.filter(wanted), sites)


_PAGES = Prepared(_pages, make=_page)


def _load_pages(needs: Needs, alliances: set[int], context: ReadContext) -> dict[int, Any]:
    """Pages that are linked to, that surround the page, or whose subject is mentioned."""
    wanted = needs.pages or needs.page_paths or needs.children_of or needs.finder
    if not (wanted or alliances):
        return {}
    parent = needs.children_of
    depth = [len(parent) // get_page_model().steplen + 1] if parent else []
    site = [context.site.pk] if context.site else []
    finders = [context.language] if needs.finder else []
    if finders:
        # Whether or not there is one: one may come.
        context.shown.add("finders")
    lists = needs.pages, alliances, needs.page_paths, [parent] if parent else [], depth, site
    rows = _PAGES.rows(*lists, finders)
    pages = {page.pk: page for page in rows}
    for page in pages.values():
        # Nearly every reading has a page and needs the settings: they share a query.
        context.use_settings_of(page)
        break
    return pages


#: Types of pages by primary key, as they were last found: a page keeps its type for life, but
#: not longer, and a restored database may have another page in its place.
_types: dict[int, Any] = {}


_KEYS_AT: Prepared[dict[str, int]] = Prepared(
    lambda paths: get_page_model().objects.filter(url_path__in=paths).values_list("url_path", "pk"),
    dict,
)


def keys_at(url_paths: Collection[str]) -> dict[str, int]:
    """The primary keys of the pages, public or not, at these places in the tree."""
    return _KEYS_AT.rows(url_paths) if url_paths else {}


def public_page(pk: int, models: Iterable[Any], context: ReadContext) -> Any:
    """The live, public page of one of `models` with this primary key, as an instance of its own
    type; None when there is none. One query; two more when it is asked for first, or missing."""
    page = _page_of_type(pk, _types.get(pk), models)
    if page is None:
        found = get_page_model().objects.only("content_type").filter(pk=pk).first()
        model = found and found.specific_class
        page = _page_of_type(pk, model, models)
        if page is not None:
            _types[pk] = model
    return page


def _page_of_type(pk: int, model: Any, models: Iterable[Any]) -> Any:
    if model is None or model not in models:
        return None
    return next(iter(_specific_query(model).rows([pk])), None)


@cache
def _specific_query(model: Any) -> Prepared[list[Any]]:
    """The query for pages of one type, whole."""
    columns = [field.attname for field in model._meta.concrete_fields]

    def build(keys: list[int]) -> QuerySet[Any, Any]:
        rows = public_pages(model._base_manager.filter(pk__in=keys))
        return rows.values_list(*columns, "locale__language_code")

    make = partial(_first, model, columns)
    return Prepared(build, make=make, as_stored=False)


def settings_columns(sites: list[int]) -> dict[str, Any]:
    """The site's settings, as columns beside something else."""
    rows = RegionalSettings.objects.filter(site__in=sites)
    return {
        f"{SETTINGS_PREFIX}{name}": Subquery(rows.values(name)[:1]) for name in SETTINGS_COLUMNS
    }


def _settings_names() -> list[str]:
    return [f"{SETTINGS_PREFIX}{name}" for name in SETTINGS_COLUMNS]


def page_path(model: Any) -> str:
    """The lookup that leads from the base page model to `model`."""
    chain = [*model._meta.get_base_chain(get_page_model()), model]
    steps = [each for each in chain if each is not get_page_model()]
    return "__".join(
        step._meta.get_ancestor_link(parent).related_query_name()
        for parent, step in zip([get_page_model(), *steps], steps, strict=False)
    )


def first_of_pages(models: list[Any], column: str) -> Any:
    """A column of whichever of `models` a base page row belongs to."""
    paths = [F(f"{page_path(model)}__{column}") for model in models]
    if not paths:
        return Value(None)
    return Coalesce(*paths) if len(paths) > 1 else paths[0]
