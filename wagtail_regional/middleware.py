"""Middleware that a site may use: for speed, and for when its database is away."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse

from wagtail_regional import away
from wagtail_regional.api.kept_answers import answer_again
from wagtail_regional.api.problems import database_away


class KeptAnswersMiddleware:
    """Gives an answer of the regional API again, or makes it anew, without finding its view.

    Optional: the API gives the same answers without it, only later, since by then sessions,
    languages, users and addresses have been looked up. Whatever decides who may read the API,
    or writes headers on every answer, comes before it in ``MIDDLEWARE``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = answer_again(request)
        if response is None:
            response = self.get_response(request)
            # An answer is for everybody. Middleware on the way said otherwise, as it does of all,
            # and would not of the same answer given again.
            if hasattr(response, "regional_vary"):
                response["Vary"] = response.regional_vary
            return response
        # As Django's CommonMiddleware does, so that the connection can stay open.
        response.setdefault("Content-Length", str(len(response.content)))
        return response


class DatabaseAwayMiddleware:
    """Answers 503 rather than 500 when the database cannot be asked, wherever that is noticed.

    Optional, and for the whole site: pages, documents, the admin. It comes first in
    ``MIDDLEWARE``. The answer says when to ask again (``Retry-After``) and is kept by nobody
    (``no-store``); it is a plain page, or problem+json (RFC 9457) where JSON is asked for. Errors
    of the code stay errors.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        got_request_exception.connect(_notice, dispatch_uid="wagtail_regional.away")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What other middleware met is an answer with 500 by now.
        error = request.__dict__.pop(_AWAY, None)
        return _away_answer(request, error) if error and response.status_code == 500 else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Of views, and of templates while they are rendered."""
        return _away_answer(request, exception) if away.is_away(exception) else None


_AWAY = "_regional_database_away"


def _notice(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    error = sys.exc_info()[1]
    if request is not None and away.is_away(error):
        request.__dict__[_AWAY] = error


def _away_answer(request: HttpRequest, error: Exception) -> HttpResponse:
    wanted = request.get_preferred_type(
        ["text/html", "application/json", "application/problem+json"]
    )
    html = wanted is None or wanted == "text/html"
    return away.html_answer(error) if html else database_away(error)
