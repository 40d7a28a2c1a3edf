"""Cache tags: what an answer shows, in words that a shared cache can be purged by.

Every answer carries `regional`, the kinds it lists (`programmes`) and each row it shows
(`alliance-12`). They go out as ``Surrogate-Key`` (Fastly, Varnish's xkey: parted by spaces) and
``Cache-Tag`` (Cloudflare, Akamai: parted by commas).
"""

from __future__ import annotations

from collections.abc import Iterable

from wagtail_regional.representation.rows import Rows

#: Above so many rows of one kind, an answer carries the kind's own tag in their place: proxies
#: take headers of a few kilobytes. Whatever changes such a row purges its kind, too.
MOST_OF_A_KIND = 25

EVERYTHING = "regional"


def tags_of(rows: Rows) -> set[str]:
    """The tags of everything in `rows`, and of what is mentioned there by name."""
    organisations = set(rows.organisations)
    alliances = set(rows.alliances)
    for alliance in rows.alliances.values():
        alliances.update(filter(None, (alliance.parent_id, alliance.successor_id)))
        alliances.update(entry["alliance"] for entry in alliance.memberships)
    for programme in rows.programmes.values():
        alliances.update(entry["pk"] for entry in programme.alliances)
        for tie in (*programme.providers, *programme.access):
            organisations.add(tie["organisation"])
    projects = set(rows.projects)
    for alliance in rows.alliances.values():
        projects.update(entry["pk"] for entry in alliance.projects)
    alliances.update(entry["alliance"] for entry in rows.projects.values())
    found: set[str] = set()
    for kind, keys in (
        ("organisation", organisations),
        ("alliance", alliances),
        ("programme", set(rows.programmes)),
        ("project", projects),
        ("page", set(rows.pages)),
        ("document", set(rows.documents)),
        ("image", {pk for _profile, pk in rows.images}),
    ):
        found |= _bounded(kind, keys - {None})
    return found


def _bounded(kind: str, keys: set[int]) -> set[str]:
    return {f"{kind}s"} if len(keys) > MOST_OF_A_KIND else {f"{kind}-{key}" for key in keys}


def headers(tags: Iterable[str]) -> dict[str, str]:
    """The response headers that carry `tags`, and the one of every answer."""
    ordered = sorted({EVERYTHING, *tags})
    return {"Surrogate-Key": " ".join(ordered), "Cache-Tag": ",".join(ordered)}
