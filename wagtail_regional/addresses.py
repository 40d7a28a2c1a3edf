"""Which stored addresses go out as links.

Forms refuse what is no address, but rows also come by imports, by scripts and from earlier days,
and a `javascript:` in a link runs in whoever follows it. So what goes out is looked at again, by
one rule, wherever it goes: HTML, the API, JSON-LD, GeoJSON, the admin.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit

#: Schemes in the links of a rich text, as Wagtail's editor makes them; and those without a scheme
#: lead into the site.
_RICH_TEXT_SCHEMES = frozenset(("", "http", "https", "mailto", "tel"))

#: Browsers drop these from an address, or from its beginning, before they read its scheme.
_DROPPED = re.compile(r"[\x00-\x1f\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]")

_START_TAG = re.compile(r"<[aA](?:[rR][eE][aA])?\b[^>]*>")
_HREF = re.compile(r"(?<![\w-])[hH][rR][eE][fF]\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")


@lru_cache(16_384)
def web_address(url: str | None) -> str:
    """`url` where it is an http or https address that a reader can follow; "" for anything
    else. Spaces around it are left out."""
    if not url:
        return ""
    stripped = url.strip()
    return stripped if _scheme(stripped) in ("http", "https") and _has_host(stripped) else ""


def is_http(url: str) -> bool:
    """Whether an address is one a reader can follow."""
    return bool(web_address(url))


def safe_links(html: str) -> str:
    """Rich text in which links lead only to where its editor could have made them lead: http,
    https, mailto, tel, or into the site. Others are plain text."""
    return _START_TAG.sub(_checked, html) if "<" in html else html


def _checked(tag: re.Match[str]) -> str:
    for found in _HREF.finditer(tag[0]):
        if _scheme(unescape(found[1].strip("\"'")).strip()) not in _RICH_TEXT_SCHEMES:
            return _HREF.sub("", tag[0])
    return tag[0]


def _scheme(url: str) -> str | None:
    """Its scheme, "" for none; None where browsers might read another one than we do."""
    if _DROPPED.search(url):
        return None
    try:
        return urlsplit(url).scheme
    except ValueError:  # as of `http://[`
        return None


def _has_host(url: str) -> bool:
    return bool(urlsplit(url).hostname)
