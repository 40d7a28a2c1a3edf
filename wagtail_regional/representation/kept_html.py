"""HTML of ours that is kept, and given again for as long as nothing has changed.

What blocks, headers and lists of ours look like follows from the content, the day, the site and
the languages: from nothing about who reads, and nothing around them. So it is kept by the stamp of
the content and by all the rest that it is made of, as whole answers of the API are.

It is not kept where something else may have a say: templates or blocks of a host's, which may
show anything, previews, and requests that write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from wagtail_regional import keeping
from wagtail_regional.conf import conf
from wagtail_regional.freshness.release import release
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.lifecycle import site_today
from wagtail_regional.representation.context import base_url_of, site_of

#: Files that our HTML names, whose addresses change with what is in them.
_SCRIPTS = "wagtail_regional/finder.js", "wagtail_regional/map.js"


def may_be_kept(request: HttpRequest | None) -> bool:
    """Whether HTML for this request may be kept, or given from what was."""
    return (
        request is not None
        and request.method in ("GET", "HEAD")
        and conf.API_CACHE_SECONDS > 0
        and not getattr(request, "is_preview", False)
    )


class Place(NamedTuple):
    """Where HTML is kept.

    Attributes:
        key: of what it is.
        version: of what it is made of now; another one takes its place.
    """

    key: str
    version: str


def place_of(
    request: HttpRequest, stamps: Stamps, what: tuple[Any, ...], made_of: Any = None
) -> Place:
    """Where HTML is kept.

    Args:
        request: tells the site, and by which address the reader reaches it.
        stamps: of the content that it shows.
        what: tells it from all other HTML, by the `repr` of each.
        made_of: what it is made of besides, which may change.
    """
    site = site_of(request, stamps)
    surroundings = (
        *(site and site.pk, site and base_url_of(site, request)),
        *(get_language(), get_script_prefix(), get_urlconf(), *map(static, _SCRIPTS)),
    )
    version = stamps.content, site_today(), made_of
    return Place(f"wagtail_regional.html.{_digest((surroundings, what))}", _digest(version))


def _digest(parts: Any) -> str:
    text = repr(parts).encode(errors="replace")
    return blake2b(text, key=release(), digest_size=16).hexdigest()


@dataclass
class KeptHtml:
    """HTML in parts, kept together.

    Attributes:
        parts: by their names.
        tags: of what they show.
    """

    parts: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    @classmethod
    def find(cls, place: Place) -> KeptHtml | None:
        """What is kept at a place."""
        return keeping.read(place.key, cls._checked, place.version)

    @classmethod
    def _checked(cls, found: Any) -> KeptHtml | None:
        parts, tags = found
        texts = [*parts.keys(), *parts.values(), *tags]
        sound = parts and type(tags) is list and all(isinstance(text, str) for text in texts)
        return cls(parts, tags) if sound else None

    def part(self, name: str, make: Callable[[], str]) -> SafeString:
        """A part; made where it is not there yet."""
        if name not in self.parts:
            self.parts[name] = str(make())
        return mark_safe(self.parts[name])  # noqa: S308 - a template's own

    def keep(self, place: Place) -> None:
        kept = self.parts, self.tags
        keeping.keep(place.key, kept, conf.API_CACHE_SECONDS, place.version)
