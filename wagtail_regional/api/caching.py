"""Answers kept and given again: one stamp, one query, no body where the reader has it.

An answer depends on its address, the content stamp, the day (status follows from today) and the
release and settings that made it. Their digest is both the strong ETag (RFC 9110, 8.8.3) and
the key under which the bytes are kept in Django's cache. So a kept answer needs no
invalidation: after a change its key is never asked for again.

The stamp is read before the content. A change in between is answered with newer content under
the older stamp, which the next reader no longer asks for; never the other way round.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache, wraps
from hashlib import blake2b
from typing import Any

import wagtail
from django.conf import settings
from django.core.cache import caches
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from wagtail_regional import __version__
from wagtail_regional.conf import conf
from wagtail_regional.freshness import stamp

View = Callable[..., HttpResponse]

#: Headers that are kept along with the bytes.
_KEPT_HEADERS = (
    "Content-Type",
    "Content-Language",
    "Surrogate-Key",
    "Cache-Tag",
    "Deprecation",
    "Sunset",
    "Link",
)

#: Django's settings that shape answers, besides our own.
_SHAPING_SETTINGS = (
    "LANGUAGE_CODE",
    "LANGUAGES",
    "MEDIA_URL",
    "STORAGES",
    "TIME_ZONE",
    "USE_TZ",
    "WAGTAILAPI_LIMIT_MAX",
    "WAGTAIL_CONTENT_LANGUAGES",
    "WAGTAIL_I18N_ENABLED",
)


def kept(view: View) -> View:
    """Answer from what is kept, or with 304, when nothing changed; else ask `view` and keep it.

    Only for answers that are the same for everybody. Errors are neither kept nor tagged, nor is
    an answer that has a Cache-Control of its own.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        digest = version_of(request, today)
        etag = f'"{digest}"'
        # Who knows the ETag had the answer. "*" is known to anybody, so it has to exist first.
        response: Any = None if _asks_for_any(request) else get_conditional_response(request, etag)
        if response is None:
            response = _read(digest)
        if response is None:
            response = view(request, *args, **kwargs)
            # Errors, and what says itself who may keep it.
            if response.status_code != 200 or "Cache-Control" in response:
                return response
            _keep(digest, response)
        if _asks_for_any(request):
            response = get_conditional_response(request, etag, response=response)
        _describe(response, etag, today)
        return response

    return answer


def _asks_for_any(request: HttpRequest) -> bool:
    return request.headers.get("If-None-Match", "").strip() == "*"


def version_of(request: HttpRequest, today: dt.date) -> str:
    """What tells one answer from every other, before or after it. One query."""
    parts = (
        stamp.current(),
        today.isoformat(),
        request.scheme or "",
        request.get_host(),
        request.get_full_path(),
    )
    return blake2b("\n".join(parts).encode(), key=release(), digest_size=16).hexdigest()


@cache
def release() -> bytes:
    """The code and the settings that shape answers. With the secret, so that nobody can work
    out the version of an answer they may not have."""
    shaping = [(name, repr(getattr(settings, name, None))) for name in _SHAPING_SETTINGS]
    shaping += [("SECRET_KEY", settings.SECRET_KEY), ("wagtail", wagtail.__version__)]
    text = repr((__version__, shaping, sorted(conf.as_dict().items())))
    return blake2b(text.encode(), digest_size=32).digest()


def _forget_release(**kwargs: Any) -> None:
    release.cache_clear()


setting_changed.connect(_forget_release, dispatch_uid="wagtail_regional.caching")


def _key(digest: str) -> str:
    return f"wagtail_regional.answer.{digest}"


def _read(digest: str) -> HttpResponse | None:
    if not conf.API_CACHE_SECONDS:
        return None
    found = caches[conf.API_CACHE].get(_key(digest))
    if found is None:
        return None
    headers, body = found
    return HttpResponse(body, headers=headers)


def _keep(digest: str, response: HttpResponse) -> None:
    if conf.API_CACHE_SECONDS:
        headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        value = headers, response.content
        caches[conf.API_CACHE].set(_key(digest), value, conf.API_CACHE_SECONDS)


def _describe(response: HttpResponse, etag: str, today: dt.date) -> None:
    """The headers by which others keep the answer: for no longer than the day lasts."""
    response["ETag"] = etag
    left = _seconds_left_of(today)
    directives = ["public", f"max-age={min(conf.API_MAX_AGE, left)}"]
    if conf.API_SHARED_MAX_AGE:
        directives.append(f"s-maxage={min(conf.API_SHARED_MAX_AGE, left)}")
    response["Cache-Control"] = ", ".join([*directives, "must-revalidate"])
    patch_vary_headers(response, ["Accept-Encoding"])


def _seconds_left_of(today: dt.date) -> int:
    if not (conf.API_MAX_AGE or conf.API_SHARED_MAX_AGE):
        return 0
    tomorrow = dt.datetime.combine(today + dt.timedelta(days=1), dt.time())
    if settings.USE_TZ:
        tomorrow = timezone.make_aware(tomorrow)
    now = timezone.now() if settings.USE_TZ else dt.datetime.now()
    return max(0, int((tomorrow - now).total_seconds()))
