"""Which pages any reader may see."""

from __future__ import annotations

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
from wagtail.models import PageViewRestriction


def public_pages(queryset: QuerySet) -> QuerySet:
    """Live pages outside private sections, whoever asks; decided within the same query."""
    return queryset.filter(~Q(_is_private(queryset.db)), live=True)


def _is_private(using: str) -> Exists | Func:
    """Whether a page is in a private section, as a condition on the base page model."""
    if connections[using].vendor == "postgresql":
        # The paths are read once. PostgreSQL takes a table that was always empty, as this one
        # mostly is, for one of a thousand rows; to look through those for each page seems so
        # costly that it compiles the query first, which takes half a second.
        begin = PageViewRestriction.objects.values_list(
            Concat("page__path", Value("%"), output_field=CharField())
        )
        return Func(
            F("path"),
            Subquery(begin),
            template="%(expressions)s)",
            arg_joiner=" LIKE ANY(ARRAY",
            output_field=BooleanField(),
        )
    private = PageViewRestriction.objects.annotate(
        outer_path=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(outer_path__startswith=F("page__path"))
    return Exists(private)
