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
from typing import Any

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


def key_of(request: HttpRequest, stamps: Stamps, *parts: Any) -> str:
    """Under what HTML is kept.

    Args:
        request: tells the site, and by which address the reader reaches it.
        stamps: of the content that it shows.
        parts: all else that it is made of, each with a `repr` of its own.
    """
    site = site_of(request, stamps)
    shaping = (
        *(stamps.content, site_today(), get_language()),
        *(site and site.pk, site and base_url_of(site, request)),
        *(get_script_prefix(), get_urlconf(), *map(static, _SCRIPTS)),
    )
    text = repr((shaping, parts))
    digest = blake2b(text.encode(errors="replace"), key=release(), digest_size=16).hexdigest()
    return f"wagtail_regional.html.{digest}"


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
    def find(cls, key: str) -> KeptHtml | None:
        """What is kept under a key."""
        return keeping.read(key, cls._checked)

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

    def keep(self, key: str) -> None:
        keeping.keep(key, (self.parts, self.tags), conf.API_CACHE_SECONDS)
