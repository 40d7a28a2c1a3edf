"""Which pages and media any reader may see."""

from __future__ import annotations

from typing import Any

from django.db import connections, router
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

from wagtail_regional.compat import get_page_model


def public_pages(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Live pages outside private sections, whoever asks; decided within the same query."""
    return queryset.filter(~Q(_IsPrivate(F("path"))), live=True)


def private_paths() -> list[str]:
    """Where private sections begin in the tree of pages. One query."""
    using = router.db_for_read(PageViewRestriction)
    with connections[using].cursor() as cursor:
        sections = _private_sections(connections[using])
        cursor.execute(f"{sections} SELECT path FROM private")  # noqa: S608 - names of tables
        return [path for (path,) in cursor.fetchall()]


def _private_sections(connection: Any) -> str:
    """SQL that calls the beginnings of private sections `private`.

    Wagtail asks for a password, or who somebody is, on an alias where it does on the page that this
    repeats, and on all that lies below either (`Page.get_view_restrictions`). Aliases are made of
    aliases, too, so that nothing but a recursive query finds them all.
    """
    quote = connection.ops.quote_name
    page, restriction = (
        quote(model._meta.db_table) for model in (get_page_model(), PageViewRestriction)
    )
    return (
        "WITH RECURSIVE private (id, path) AS ("  # noqa: S608 - names of tables
        f"SELECT p.id, p.path FROM {page} p JOIN {restriction} r ON r.page_id = p.id UNION "
        f"SELECT p.id, p.path FROM {page} p JOIN private ON p.alias_of_id = private.id)"
    )


class _IsPrivate(Func):
    """Whether the page at a path is in a private section."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        # No path of the tree has a character that LIKE takes for another.
        if connection.vendor == "postgresql":
            # The paths are read once. PostgreSQL takes a table that was always empty, as this
            # mostly is, for one of a thousand rows; to look through those for each page seems so
            # costly that it compiles the query first, which takes half a second.
            begin, end = "%(expressions)s LIKE ANY(ARRAY(", "SELECT private.path || '%%%%'"
            where = "FROM private))"
        else:
            is_sqlite = connection.vendor == "sqlite"
            path = "private.path || '%%%%'" if is_sqlite else "CONCAT(private.path, '%%%%')"
            begin, end = "EXISTS (", "SELECT 1"
            where = f"FROM private WHERE %(expressions)s LIKE {path})"
        context["template"] = " ".join((begin, _private_sections(connection), end, where))
        return super().as_sql(compiler, connection, *args, **context)


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
