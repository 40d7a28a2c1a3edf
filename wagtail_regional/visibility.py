"""Which pages any reader may see."""

from __future__ import annotations

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import PageViewRestriction


def public_pages(queryset: QuerySet) -> QuerySet:
    """Live pages outside private sections, whoever asks; decided within the same query."""
    private = PageViewRestriction.objects.annotate(
        outer_path=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(outer_path__startswith=F("page__path"))
    return queryset.filter(~Exists(private), live=True)
