"""Search over the registry and the pages.

Rows of the registry are found as their lists find them: by the words that they hold, which are the
same in every database. A search backend would find others, each in its own way: that of MariaDB
and MySQL, for one, nothing at all by a word of one or two letters. Pages are found by whichever
search backend the site has.

Each kind is asked for by itself, for what ranks rows ranks those of one model only. So kinds take
turns: the best of each, then the second best.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Q, QuerySet, Value, When
from wagtail.models import Locale
from wagtail.search.backends import get_search_backend

from wagtail_regional import schemas as s
from wagtail_regional.compat import get_page_model
from wagtail_regional.fields.words import VERSION
from wagtail_regional.filters import (
    AllianceFilter,
    Filter,
    OrganisationFilter,
    ProgrammeFilter,
    ProjectFilter,
)
from wagtail_regional.models.visibility import visible
from wagtail_regional.models.words import HasWords
from wagtail_regional.page_types import regional_page_models
from wagtail_regional.pages.content import page_summary
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.loading import load_surroundings
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.pages import summary_columns
from wagtail_regional.representation.registry import (
    load_brief_alliances,
    load_programmes,
    load_projects,
)
from wagtail_regional.representation.represent import Representation
from wagtail_regional.representation.rows import Rows
from wagtail_regional.text import split_words, words_of
from wagtail_regional.visibility import private_paths, public_pages
from wagtail_regional.vocabularies import Kind

REGISTRY: dict[Kind, type[Filter]] = {
    Kind.ALLIANCE: AllianceFilter,
    Kind.ORGANISATION: OrganisationFilter,
    Kind.PROGRAMME: ProgrammeFilter,
    Kind.PROJECT: ProjectFilter,
}


def search(parameters: Any, context: ReadContext) -> s.RegionalSearchList:
    """The registry by the words of its lists, pages by the site's search backend. Kinds take turns:
    the best of each, then the second best. Pages are those in the reader's language."""
    context.shown |= {"organisations", "alliances", "projects", "programmes", "pages"}
    end = parameters.offset + parameters.limit
    counts: dict[Kind, int] = {}
    turns: list[tuple[int, int, Kind, int]] = []
    # In the order in which kinds take turns.
    for number, kind in enumerate(Kind):
        if parameters.kind and kind not in parameters.kind:
            continue
        find = _pages if kind == Kind.PAGE else partial(_rows, kind)
        found = find(parameters.q, context)
        counts[kind] = found.count()
        turns += [(place, number, kind, row.pk) for place, row in enumerate(found[:end])]
    chosen = [(kind, pk) for _place, _number, kind, pk in sorted(turns)[parameters.offset : end]]
    return s.RegionalSearchList.shape(
        count=sum(counts.values()), counts=counts, items=_represented(chosen, context)
    )


def _rows(kind: Kind, text: str, context: ReadContext) -> QuerySet[Any]:
    """Rows of the registry that have the words, those whose name begins with them first."""
    chosen, words = REGISTRY[kind](), words_of(text)
    begins = When(words__startswith=" ".join((VERSION, *words)), then=Value(0))
    rows: QuerySet[Any] = visible(chosen.model, context.now).filter(HasWords(words))
    # What is shown of them is loaded later, of those that have their turn alone.
    rows = rows.annotate(rank=Case(begins, default=Value(1))).only("pk")
    return rows.order_by("rank", *chosen.order_by("name", context.language, context.now))


def _pages(text: str, context: ReadContext) -> Any:
    """Live, public regional pages of the site, in the reader's language, that have the words."""
    # Of words alone: quotes and the like mean something to some backends, and break others.
    words = " ".join(split_words(text))
    return get_search_backend().search(words, _public(context), operator="and")


def _public(context: ReadContext) -> Any:
    """Those pages, asked for in words that every search backend understands."""
    model, kinds = get_page_model(), regional_page_models()
    roots = [root.root_path for root in context.roots]
    paths = list(model.objects.filter(url_path__in=roots).values_list("path", flat=True))
    locale = Locale.objects.filter(language_code=context.language).first()
    if not (paths and kinds and locale):
        return model.objects.none()
    types = list(ContentType.objects.get_for_models(*kinds).values())
    rows = model.objects.filter(_below(paths), live=True, content_type__in=types, locale=locale)
    return rows.exclude(_below(hidden)) if (hidden := private_paths()) else rows


def _below(paths: list[str]) -> Q:
    condition = Q()
    for path in paths:
        condition |= Q(path__startswith=path)
    return condition


# --- What was found ------------------------------------------------------------------------------


def _represented(
    chosen: list[tuple[Kind, int]], context: ReadContext
) -> list[s.RegionalSearchResult]:
    keys: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    for kind, pk in chosen:
        keys[kind].append(pk)
    rows = Rows(
        alliances=(
            load_brief_alliances(keys[Kind.ALLIANCE], context) if keys[Kind.ALLIANCE] else {}
        ),
        projects=load_projects(keys[Kind.PROJECT], context) if keys[Kind.PROJECT] else {},
    )
    rows.programmes, _selected = load_programmes(keys[Kind.PROGRAMME], [], context)
    load_surroundings(Needs(organisations=set(keys[Kind.ORGANISATION])), rows, context)
    content = Representation(rows, context)
    pages = _summaries(keys[Kind.PAGE], context)
    context.shown.update(f"page-{pk}" for pk in pages)
    with context.reading():
        results = [_result(kind, pk, content, pages) for kind, pk in chosen]
    return [each for each in results if each is not None]


def _summaries(keys: list[int], context: ReadContext) -> dict[int, s.RegionalPageSummary]:
    if not keys:
        return {}
    rows = public_pages(get_page_model().objects.select_related("locale").filter(pk__in=keys))
    rows = rows.annotate(**summary_columns())
    found = ((page.pk, page_summary(page, context)) for page in rows)
    return {pk: summary for pk, summary in found if summary is not None}


def _result(
    kind: Kind, pk: int, content: Representation, pages: dict[int, s.RegionalPageSummary]
) -> s.RegionalSearchResult | None:
    if kind == Kind.PAGE:
        page = pages.get(pk)
        if page is None:
            return None
        return s.RegionalSearchResult.shape(
            kind=kind,
            kind_label=str(kind.label),
            id=str(page.id),
            title=page.title,
            language=page.language,
            text=page.introduction,
            type=page.type,
            type_label=str(page.type.label) if page.type else None,
            url=page.url,
        )
    if kind == Kind.PROJECT:
        found: Any = content.rows.projects.get(pk) and content.project(content.rows.projects[pk])
    else:
        found = getattr(content, kind.value)(pk)
    if found is None:
        return None
    return s.RegionalSearchResult.shape(
        kind=kind,
        kind_label=str(kind.label),
        id=str(found.id),
        title=found.title if kind == Kind.PROJECT else found.name,
        language=found.language,
        text=found.get("summary"),
        type=found.get("type"),
        type_label=found.get("type_label"),
        url=found.get("url") or found.get("website"),
    )
