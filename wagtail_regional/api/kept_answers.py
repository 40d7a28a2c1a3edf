"""Answers kept and given again: one stamp, one query, no body where the reader has it.

An answer depends on its address, the site, the content stamp, the day (status follows from
today) and the release and settings that made it. Their digest is the strong ETag (RFC 9110, 8.8.3),
with which the bytes are kept in Django's cache. So a kept answer needs no invalidation: after a
change nobody asks for it again, and the next one takes its place.

An answer shows one instant (see :mod:`wagtail_regional.freshness.instants`). Where that cannot be
had, it is 503.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from wagtail_regional import keeping
from wagtail_regional.api.problems import busy, database_away
from wagtail_regional.away import is_away
from wagtail_regional.conf import conf
from wagtail_regional.freshness.instants import UnsettledError, read_whole, stamps_for
from wagtail_regional.freshness.release import release
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.lifecycle import site_today
from wagtail_regional.representation.context import site_of

View = Callable[..., HttpResponse]
#: A view that has its arguments.
Answers = Callable[[HttpRequest], HttpResponse]
#: Scheme, host and the rest; the query also as it was sent: as part of the rest it is written
#: anew, and bytes that mean something else may look the same. Last the port, which may tell one
#: site from another, but is that of whichever server is asked where a proxy names none.
Address = tuple[str, str, str, str, str]

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


def kept(view: View) -> View:
    """Answer from what is kept, or with 304, when nothing changed; else ask `view` and keep it.

    Only for answers that are the same for everybody. Errors are neither kept nor tagged, nor is
    an answer that has a Cache-Control of its own.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _answer(
            request, _address(request), lambda request: view(request, *args, **kwargs)
        )
        return _headers_of(response) if request.method == "HEAD" else response

    return answer


def _headers_of(response: HttpResponse) -> HttpResponse:
    """`response` as HEAD asks for it (RFC 9110, 9.3.2): not every server leaves the body out."""
    if response.content:
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _answer(request: HttpRequest, address: Address, view: Answers) -> HttpResponse:
    try:
        return _answer_of(request, address, view)
    except (OperationalError, InterfaceError) as error:
        if is_away(error):
            return database_away(error)
        raise


def _answer_of(request: HttpRequest, address: Address, view: Answers) -> HttpResponse:
    def find(stamps: Stamps) -> tuple[Version, HttpResponse] | None:
        version = version_of(request, address, stamps)
        response = _again(request, version)
        return None if response is None else (version, response)

    def make(stamps: Stamps) -> tuple[Version, HttpResponse]:
        return version_of(request, address, stamps), view(request)

    try:
        whole = read_whole(make, find, request)
    except UnsettledError:
        return busy()
    version, response = whole.value
    return response if whole.was_found else _whole(request, address, view, version, response)


def _whole(
    request: HttpRequest, address: Address, view: Answers, version: Version, response: HttpResponse
) -> HttpResponse:
    """An answer that shows one state of the content, as it goes out and is kept."""
    if response.status_code != 200:
        # What is not there may come, and there is no tag to purge it by.
        response.setdefault("Cache-Control", "no-store")
    # Errors, and what says itself who may keep it.
    if "Cache-Control" in response:
        return response
    _keep(version, response)
    _remember(address, view)
    return _finished(request, version, response)


def answer_again(request: HttpRequest) -> HttpResponse | None:
    """The answer at an address where this process has given one before: the one that is kept, or
    304, or a new one by the same view. None where there is none, which the view then tells
    itself.

    An address at which nothing was given before costs no query.
    """
    if request.method != "GET" or not conf.API_CACHE_SECONDS:
        return None
    address = _address(request)
    view = _answers.get(address)
    if view is None:
        return None
    before = dict(vars(request))
    response = _answer(request, address, view)
    if response.status_code in (200, 304, 503):
        return response
    # Nobody has seen this request yet.
    vars(request).clear()
    vars(request).update(before)
    return None


def _again(request: HttpRequest, version: Version) -> HttpResponse | None:
    # Who knows the ETag had the answer.
    response: HttpResponse | None = None
    if not _asks_what_there_is(request):
        response = get_conditional_response(request, version.etag)
    if response is None:
        response = _read(version)
    return None if response is None else _finished(request, version, response)


def _finished(request: HttpRequest, version: Version, response: HttpResponse) -> HttpResponse:
    if _asks_what_there_is(request):
        # Which gives back what it was given, where that is the answer.
        response = get_conditional_response(request, version.etag, response=response) or response
    if response.status_code in (200, 304):
        _describe(response, version)
    return response


def _asks_what_there_is(request: HttpRequest) -> bool:
    """Whether a condition holds only where there is an answer: "*" is known to anybody, and what
    is not there has not changed either (412)."""
    given = request.META
    return (
        given.get("HTTP_IF_NONE_MATCH", "").strip() == "*"
        or "HTTP_IF_MATCH" in given
        or "HTTP_IF_UNMODIFIED_SINCE" in given
    )


@dataclass(frozen=True)
class Version:
    """What tells one answer from every other, before or after it.

    Attributes:
        digest: of all that the answer depends on.
        day: on which it holds.
        key: under which it is kept, in the place of the one before.
    """

    digest: str
    day: dt.date
    key: str

    @property
    def etag(self) -> str:
        return f'"{self.digest}"'


def version_of(request: HttpRequest, address: Address, stamps: Stamps) -> Version:
    """The version of what is at an address, when the content has these stamps."""
    known: tuple[Address, Stamps] | None
    version: Version | None
    known, version = request.__dict__.get("_regional_version", (None, None))
    if version is None or known != (address, stamps):
        today = site_today()
        # In a snapshot nothing that is kept may be used.
        site = site_of(request, stamps_for(request))
        *named, _port = address
        # Addresses in answers begin with the prefix that the server names.
        place = str(site and site.pk), get_script_prefix(), *named
        digest = _digest(stamps.content, today.isoformat(), *place)
        version = Version(digest, today, f"wagtail_regional.answer.{_digest(*place)}")
        request.__dict__["_regional_version"] = (address, stamps), version
    return version


def _digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(), key=release(), digest_size=16).hexdigest()


#: The view at an address, with its arguments, where this process has kept an answer: nobody asks
#: for the stamp anywhere else, and the view need not be found again.
_answers: dict[Address, Answers] = {}


def _address(request: HttpRequest) -> Address:
    query = request.META.get("QUERY_STRING", "")
    named = request.scheme or "", request.get_host(), request.get_full_path(), query
    return *named, request.get_port()


def _remember(address: Address, view: Answers) -> None:
    if len(_answers) >= 10_000:
        _answers.clear()
    _answers[address] = view


def _read(version: Version) -> HttpResponse | None:
    if not conf.API_CACHE_SECONDS:
        return None
    return keeping.read(version.key, _response_of, version.digest)


def _response_of(found: Any) -> HttpResponse | None:
    """The answer that was kept; None for what is none."""
    headers, body = found
    if type(body) is not bytes or not body or "Content-Type" not in headers:
        return None
    if not all(name in _KEPT_HEADERS and type(value) is str for name, value in headers.items()):
        return None
    return HttpResponse(body, headers=headers)


def _keep(version: Version, response: HttpResponse) -> None:
    if conf.API_CACHE_SECONDS:
        headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        value = headers, response.content
        keeping.keep(version.key, value, conf.API_CACHE_SECONDS, version.digest)


def _describe(response: HttpResponse, version: Version) -> None:
    """The headers by which others keep the answer: for no longer than the day lasts."""
    response["ETag"] = version.etag
    left = _seconds_left_of(version.day)
    directives = ["public", f"max-age={min(conf.API_MAX_AGE, left)}"]
    if conf.API_SHARED_MAX_AGE:
        directives.append(f"s-maxage={min(conf.API_SHARED_MAX_AGE, left)}")
    response["Cache-Control"] = ", ".join([*directives, "must-revalidate"])
    patch_vary_headers(response, ["Accept-Encoding"])
    response.regional_vary = response["Vary"]  # type: ignore[attr-defined]


def _seconds_left_of(today: dt.date) -> int:
    if not (conf.API_MAX_AGE or conf.API_SHARED_MAX_AGE):
        return 0
    tomorrow = dt.datetime.combine(today + dt.timedelta(days=1), dt.time())
    if settings.USE_TZ:
        tomorrow = timezone.make_aware(tomorrow, timezone.get_default_timezone())
    now = timezone.now() if settings.USE_TZ else dt.datetime.now()
    return max(0, int((tomorrow - now).total_seconds()))
