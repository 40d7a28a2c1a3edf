"""Cache tags: what an answer shows, in words that a shared cache can be purged by.

Every answer carries `regional`, the kinds it lists (`programmes`) and each row it shows
(`alliance-12`). They go out as ``Surrogate-Key`` (Fastly, Varnish's xkey: parted by spaces) and
``Cache-Tag`` (Cloudflare, Akamai: parted by commas).
"""

from __future__ import annotations

from collections.abc import Iterable

from wagtail_regional.models import Alliance, Organisation, Programme, Project
from wagtail_regional.representation.rows import Rows

#: Above so many rows of one kind, an answer carries the kind's own tag in their place: proxies
#: take headers of a few kilobytes. Whatever changes such a row purges its kind, too.
MOST_OF_A_KIND = 25

EVERYTHING = "regional"


def tags_of(rows: Rows) -> set[str]:
    """The tags of everything in `rows`, and of what is mentioned there by name."""
    found: set[str] = set()
    for model in (Organisation, Alliance, Programme, Project):
        keys = set(rows.of(model)) | rows.mentioned(model)
        found |= _bounded(str(model._meta.model_name), keys)
    for kind, keys in (
        ("page", set(rows.pages)),
        ("document", set(rows.documents)),
        ("image", {pk for _profile, pk in rows.images}),
    ):
        found |= _bounded(kind, keys)
    return found


def _bounded(kind: str, keys: set[int]) -> set[str]:
    return {f"{kind}s"} if len(keys) > MOST_OF_A_KIND else {f"{kind}-{key}" for key in keys}


def headers(tags: Iterable[str]) -> dict[str, str]:
    """The response headers that carry `tags`, and the one of every answer."""
    ordered = sorted({EVERYTHING, *tags})
    return {"Surrogate-Key": " ".join(ordered), "Cache-Tag": ",".join(ordered)}
