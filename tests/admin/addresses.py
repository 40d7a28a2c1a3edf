"""Every address of this package's in the admin, as the URL configuration has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver


def ours() -> Iterator[tuple[str, str, Any]]:
    """Every address of this package's in the admin: its name, its route and its pattern."""

    def walk(patterns: Any, route: str, namespaces: tuple[str, ...]) -> Iterator[Any]:
        for each in patterns:
            here = route + str(each.pattern)
            if isinstance(each, URLPattern):
                yield ":".join((*namespaces, each.name or "")), here, each
            else:
                more = (each.namespace,) if each.namespace else ()
                yield from walk(each.url_patterns, here, (*namespaces, *more))

    for name, route, pattern in walk(get_resolver().url_patterns, "", ()):
        if route.startswith("admin/") and "regional" in route:
            yield name, route, pattern


ADDRESSES = {name: pattern for name, _route, pattern in ours()}


def model_of(name: str) -> str:
    """Which of the rows an address is about."""
    parts = name.replace("wagtail_regional_", "").replace("regional_", "")
    return parts.split("_")[0].split(":")[0]


def arguments(name: str, rows: dict[str, Any]) -> dict[str, Any]:
    """What belongs in an address, so that it leads somewhere."""
    groups = ADDRESSES[name].pattern.regex.groupindex
    row = rows.get(model_of(name), rows["alliance"])
    known = {
        "instance_pk": row.pk,
        "pk": row.pk,
        "model": row._meta.label_lower,
        "key": rows["upload"].key,
        "file_format": "csv",
        "kind": "organisations",
        "what": "template",
    }
    return {group: known[group] for group in groups}
