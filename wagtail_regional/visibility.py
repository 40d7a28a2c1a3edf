"""Which pages and media any reader may see."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Concat
from wagtail.models import CollectionViewRestriction, PageViewRestriction


def public_pages(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Live pages outside private sections, whoever asks; decided within the same query."""
    private = _is_below(queryset.db, "path", PageViewRestriction.objects, "page__path")
    return queryset.filter(~Q(private), live=True)


def in_public_collection(queryset: QuerySet[Any], collection: str = "collection") -> QuerySet[Any]:
    """Media outside private collections, decided within the same query.

    Args:
        collection: what leads from a row to its collection.
    """
    restrictions = CollectionViewRestriction.objects
    path = f"{collection}__path"
    return queryset.filter(~Q(_is_below(queryset.db, path, restrictions, "collection__path")))


def _is_below(using: str, path: str, restrictions: Any, restricted: str) -> Exists | Func:
    """Whether `path` is that of something restricted, or lies below it in the tree."""
    if connections[using].vendor == "postgresql":
        # The paths are read once. PostgreSQL takes a table that was always empty, as these
        # mostly are, for one of a thousand rows; to look through those for each page seems so
        # costly that it compiles the query first, which takes half a second.
        begin = restrictions.values_list(Concat(restricted, Value("%"), output_field=CharField()))
        return Func(
            F(path),
            Subquery(begin),
            template="%(expressions)s)",
            arg_joiner=" LIKE ANY(ARRAY",
            output_field=BooleanField(),
        )
    above = restrictions.annotate(
        outer_path=ExpressionWrapper(OuterRef(path), output_field=CharField())
    ).filter(outer_path__startswith=F(restricted))
    return Exists(above)
