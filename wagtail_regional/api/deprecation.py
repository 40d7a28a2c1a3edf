"""Telling clients that something of the API will go: docs/explanation/versioning.md.

An answer that used it says so in the headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594),
and the OpenAPI document says `deprecated`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date


def deprecated(
    since: dt.date, sunset: dt.date, *, parameter: str | None = None, link: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Announce that an endpoint, or one of its parameters, will go.

    Say it in the OpenAPI document, too: `@router.get(..., deprecated=True)`, or
    `Field(deprecated=True)` for a parameter.

    Args:
        since: the day of the release that deprecates it.
        sunset: the day from which it may be gone.
        parameter: tell only those who ask with this one.
        link: where it says what to use instead.
    """
    headers = {"Deprecation": f"@{_timestamp(since)}", "Sunset": http_date(_timestamp(sunset))}
    if link:
        headers["Link"] = f'<{link}>; rel="deprecation"; type="text/html"'

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def announced(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if parameter is None or parameter in request.GET:
                for name, value in headers.items():
                    response[name] = value
            return response

        return announced

    return decorate


def _timestamp(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
