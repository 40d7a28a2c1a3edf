"""Nested rows in one query, on every database that Wagtail supports."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Aggregate, Func, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject


class JSONArrayAgg(Aggregate):
    """Collect one JSON value of each row of a group into a JSON array, in no certain order.

    Django has such an aggregate for PostgreSQL only; SQL has it as ``JSON_ARRAYAGG``.
    """

    function = "JSON_ARRAYAGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # As text, which is what is read of it: making JSONB takes twice the time.
        sql, params = self.as_sql(compiler, connection, function="JSON_AGG", **context)
        return f"({sql})::text", params


class _Object(JSONObject):
    """Django's, but on PostgreSQL text and no JSONB."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return Func.as_sql(self, compiler, connection, function="JSON_BUILD_OBJECT", **context)


def nested(queryset: QuerySet[Any], owner: str, **fields: Any) -> Subquery:
    """The rows of `queryset` that belong to the outer row, as a JSON array of objects.

    Args:
        queryset: the nested rows, filtered but neither sliced nor ordered.
        owner: the column of `queryset` that holds the outer row's primary key.
        **fields: keys of each object, with the column or expression to read.

    A row without nested rows gives NULL. Use :func:`decode` on JSON columns read this way, and
    :func:`decode_rows` on rows nested in these.
    """
    rows = (
        queryset.filter(**{owner: OuterRef("pk")})
        .order_by()
        .values(owner)
        .annotate(nested_rows=JSONArrayAgg(_Object(**fields)))
        .values("nested_rows")
    )
    return Subquery(rows, output_field=JSONField())


def decode(value: Any) -> dict[str, str]:
    """A JSON object read inside another one: SQLite and MariaDB give it as text."""
    if isinstance(value, str):
        value = json.loads(value)
    return value if isinstance(value, dict) else {}


def decode_rows(value: Any) -> list[dict[str, Any]]:
    """Nested rows read inside other nested ones, which all databases may give as text."""
    return (json.loads(value) if isinstance(value, str) else value) or []
