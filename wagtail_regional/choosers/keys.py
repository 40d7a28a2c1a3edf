"""Keys in addresses: what is no key of anything is not found, rather than asked of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404
from django.urls import URLPattern


def valid_key(model: type[Model], text: Any) -> Any:
    """The primary key that `text` stands for; None where it can be none of `model`: no number,
    a number that the database has no room for, no UUID."""
    field: Any = model._meta.pk
    try:
        key = field.to_python(text)
        field.run_validators(key)
    except (ValidationError, ValueError, TypeError, OverflowError):
        return None
    return key


def key_or_404(model: type[Model], text: Any) -> Any:
    """The same.

    Raises:
        Http404: where it can be none.
    """
    key = valid_key(model, text)
    if key is None:
        raise Http404(f"There is no {model._meta.verbose_name} “{text}”.")
    return key


class KnownKeys:
    """Of a screen's addresses, those with a key lead somewhere only where a row can have it.
    Comes before `ModelAdmin`, which asks the database for whatever stands there."""

    model: type[Model]

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        patterns: Iterable[Any] = super().get_admin_urls_for_registration()  # type: ignore[misc]
        return tuple(
            _guarded(each, self.model) if _has_key(each) else each
            for each in (*patterns, *self.more_urls())
        )

    def more_urls(self) -> Iterable[Any]:
        """Addresses besides modeladmin's own."""
        return ()


def _has_key(pattern: Any) -> bool:
    return isinstance(pattern, URLPattern) and "instance_pk" in pattern.pattern.regex.groupindex


def _guarded(pattern: URLPattern, model: type[Model]) -> URLPattern:
    view: Callable[..., Any] = pattern.callback

    @wraps(view)
    def checked(request: Any, instance_pk: str, **kwargs: Any) -> Any:
        key_or_404(model, unquote(instance_pk))
        return view(request, instance_pk=instance_pk, **kwargs)

    return URLPattern(pattern.pattern, checked, pattern.default_args, pattern.name)
