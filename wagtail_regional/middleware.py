"""Answers that are kept, given before anything else is asked."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wagtail_regional.api.caching import answer_again


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
