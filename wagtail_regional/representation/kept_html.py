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
from wagtail_regional.representation.context import ReadContext, base_url_of, site_of
from wagtail_regional.schemas.encoding import to_json
from wagtail_regional.schemas.mentions import rows_mentioned

#: What a map is drawn with.
MAP_LIBRARY = "wagtail_regional/leaflet/leaflet.js"
MAP_STYLES = "wagtail_regional/leaflet/leaflet.css", "wagtail_regional/map.css"
#: Files that our HTML names, besides outlines of maps.
_FILES = "wagtail_regional/finder.js", "wagtail_regional/map.js", MAP_LIBRARY, *MAP_STYLES


def _addresses_of_files() -> list[str]:
    """The addresses of files that our HTML names: they change with what is in them."""
    outlines = (outline["file"] for outline in conf.MAP_OUTLINES)
    return [_address_of(each) for each in (*_FILES, *outlines)]


def _address_of(file: str) -> str:
    try:
        return static(file)
    except ValueError:
        # It was not collected: that is for the page to say that has such a map.
        return ""


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
        *(get_language(), get_script_prefix(), get_urlconf(), *_addresses_of_files()),
    )
    version = stamps.content, site_today(), made_of
    return Place(f"wagtail_regional.html.{_digest((surroundings, what))}", _digest(version))


def _digest(parts: Any) -> str:
    text = repr(parts).encode(errors="replace")
    return blake2b(text, key=release(), digest_size=16).hexdigest()


class KeptBlock(NamedTuple):
    """A block of a body as HTML.

    Attributes:
        key: of all that it is made of.
        type: the block's name in its stream.
    """

    key: str
    type: str
    html: str


def block_key(shown: Any, context: ReadContext, *what: Any) -> str:
    """The key of a block's HTML: the same block that shows the same has the same HTML, whatever
    else has changed.

    Args:
        shown: the block's value in the shape of the contract; with all rows that it mentions.
        context: for whom it was read.
        what: tells the block from all others at its place, and whatever else its template is
            given; by the `repr` of each.
    """
    reader = context.language, context.words_language, context.now.today
    made_of = to_json([shown, rows_mentioned(shown)])
    return _digest((blake2b(made_of, digest_size=16).digest(), reader, what))


@dataclass
class KeptHtml:
    """HTML in parts, kept together.

    Attributes:
        parts: by their names.
        tags: of what they show.
        blocks: of a page's body, in their order; None as long as they are not made.
        before: the HTML of blocks that was kept here before something changed, by their keys.
        is_new: whether it is yet to be made.
    """

    parts: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    blocks: list[KeptBlock] | None = None
    before: dict[str, str] = field(default_factory=dict)
    is_new: bool = True

    @classmethod
    def find(cls, place: Place) -> KeptHtml:
        """What is kept at a place; where that is nothing, or of before a change, a new one."""
        version, found = keeping.read(place.key, cls._checked) or ("", cls())
        if version == place.version:
            return found
        return cls(before={block.key: block.html for block in found.blocks or ()})

    @classmethod
    def _checked(cls, found: Any) -> tuple[str, KeptHtml] | None:
        version, parts, tags, blocks = found
        texts = [version, *parts.keys(), *parts.values(), *tags]
        texts += [text for block in blocks or () for text in KeptBlock(*block)]
        sound = parts and type(tags) is list and all(isinstance(text, str) for text in texts)
        if not sound:
            return None
        kept = None if blocks is None else [KeptBlock(*block) for block in blocks]
        return version, cls(parts, tags, kept, is_new=False)

    def part(self, name: str, make: Callable[[], str]) -> SafeString:
        """A part; made where it is not there yet."""
        if name not in self.parts:
            self.parts[name] = str(make())
        return mark_safe(self.parts[name])  # noqa: S308 - a template's own

    def keep(self, place: Place) -> None:
        """Keep it, in the place of what was kept there before."""
        blocks = None if self.blocks is None else [tuple(block) for block in self.blocks]
        kept = place.version, self.parts, self.tags, blocks
        keeping.keep(place.key, kept, conf.API_CACHE_SECONDS)
