"""The router, and what all of its endpoints have in common."""

# No postponed annotations here: ninja reads the real ones, through a decorator.

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja import P, PathEx, Router
from ninja.operation import PathView

from wagtail_regional import schemas as s
from wagtail_regional.api.kept_answers import kept
from wagtail_regional.api.openapi import TAG
from wagtail_regional.api.problems import problem
from wagtail_regional.filters.examples import LEIDEN
from wagtail_regional.filters.values import Id


class Anonymous:
    """Everybody reads as nobody: a session or a token changes nothing, so nothing leaks.

    None of ninja's own kinds of authentication, so that the document asks nobody to log in.
    """

    def __call__(self, request: HttpRequest) -> Any:
        request.user = AnonymousUser()
        # Only middleware on the way out reads this; addresses are made from the thread's own.
        request.urlconf = "wagtail_regional.api.no_i18n_urls"
        return request.user


#: Besides 200. An answer that the reader has already has no body (304).
LIST_ANSWERS = {304: None, 422: s.RegionalProblem}


ANSWERS = {**LIST_ANSWERS, 404: s.RegionalProblem}


Identifier = PathEx[Id, P(description="The `id` that lists and mentions give.", example=LEIDEN)]


router = Router(tags=[TAG["name"]], auth=Anonymous())
# Before ninja reads the request: what is kept was asked for in just these words before.
router.add_decorator(kept, mode="view")


def answer_head(router: Router) -> None:
    """Let each address that answers GET answer HEAD, too, as RFC 9110 (9.1) asks of every server.
    The OpenAPI document tells of GET alone."""
    for path, view in router.path_operations.items():
        for operation in list(view.operations):
            router.add_api_operation(path, ["HEAD"], operation.view_func, include_in_schema=False)


class ReadOnlyPath(PathView):
    """The operations at an address, which refuses every other method as we refuse all else:
    ninja would do so in plain text."""

    @classmethod
    def of(cls, view: PathView) -> "ReadOnlyPath":
        """The same operations."""
        made = cls()
        vars(made).update(vars(view))
        return made

    def clone(self) -> "ReadOnlyPath":
        return self.of(super().clone())

    def _sync_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        allowed = sorted({method for each in self.operations for method in each.methods})
        if request.method in allowed:
            return super()._sync_view(request, *args, **kwargs)
        told = f"{request.method} is not possible here. Use one of: {', '.join(allowed)}."
        response = problem(405, told)
        # RFC 9110 (15.5.6) asks for it.
        response["Allow"] = ", ".join(allowed)
        response["Cache-Control"] = "no-store"
        return response


def refuse_other_methods(router: Router) -> None:
    """Tell of methods that are not possible as problem+json."""
    for path, view in router.path_operations.items():
        router.path_operations[path] = ReadOnlyPath.of(view)
