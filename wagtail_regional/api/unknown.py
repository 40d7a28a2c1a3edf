"""What is at no address below the API's: a problem (RFC 9457), rather than the site's HTML page.

The address is the last of the router's, and takes whatever nothing else takes: neither what the
host has at addresses below ours, nor what Django redirects to the same address with a slash.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, URLPattern, get_resolver, get_urlconf, register_converter
from django.urls.converters import PathConverter
from wagtail.views import serve

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
CONVERTER = "regional_unknown"

#: Whether it is being looked for what else there is at an address.
_looking: ContextVar[bool] = ContextVar("regional_unknown", default=False)


class UnknownPath(PathConverter):
    """Matches what is at no other address."""

    regex = ".*"

    def to_python(self, value: str) -> str:
        """`value`.

        Raises:
            ValueError: when something else answers here, which lets Django go on.
        """
        if _looking.get():
            raise ValueError
        looking = _looking.set(True)
        try:
            if any(_answers(f"{mount}{value}") for mount in _mounts(get_urlconf())):
                raise ValueError
        finally:
            _looking.reset(looking)
        return value


register_converter(UnknownPath, CONVERTER)


def no_such_address(request: HttpRequest, rest: str) -> HttpResponse:
    """Nothing."""
    raise Http404(f"There is nothing at {request.path}. The OpenAPI document lists what there is.")


def _answers(path: str) -> bool:
    """Whether something of the host's is at a path, or at the same one with a slash."""
    paths = [path] if path.endswith("/") else [path, f"{path}/"]
    return any(_answers_at(each) for each in paths)


def _answers_at(path: str) -> bool:
    try:
        match = get_resolver(get_urlconf()).resolve(f"/{path}")
    except Resolver404:
        return False
    # Wagtail's pages are at any path, and none is below an API.
    return match.func is not serve


@cache
def _mounts(urlconf: Any) -> tuple[str, ...]:
    """Where the router is, in a URL configuration."""
    return tuple(_found(get_resolver(urlconf).url_patterns, ""))


def _found(patterns: Any, route: str) -> Iterator[str]:
    for each in patterns:
        here = f"{route}{each.pattern}"
        if not isinstance(each, URLPattern):
            yield from _found(each.url_patterns, here)
        elif any(isinstance(c, UnknownPath) for c in each.pattern.converters.values()):
            yield here.partition("<")[0]
