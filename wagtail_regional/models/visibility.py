"""Which rows of the registry readers may see.

Whatever a reader is shown is asked for with :func:`visible`. Of a hidden row a reader sees nothing:
no name, no id, no count, and no relation to it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Case, F, ForeignKey, Model, Q, QuerySet, When

from wagtail_regional.lifecycle import Moment
from wagtail_regional.models.base import ModelT, RegistryEntry
from wagtail_regional.models.ties import TIES


def own_q(model: type[Model], moment: Moment, prefix: str = "") -> Q:
    """Which rows of a kind readers may see as far as the rows themselves say: all of them.

    This is the one definition. What hangs on a row follows it (see :func:`visible_q`).

    Args:
        model: of an entry of the registry, such as an alliance.
        moment: when somebody reads. Of a site's own window it knows nothing.
        prefix: leads to the row, such as ``alliance__``.
    """
    return Q()


def visible_q(model: type[Model], moment: Moment, prefix: str = "") -> Q:
    """Which rows of a model readers may see: those that may be seen themselves, and that need
    nothing which may not. Empty where all may.

    Args:
        model: of the registry, or of a table that ties two of its kinds.
        moment: when somebody reads.
        prefix: leads to the row, such as ``alliance__``.
    """
    condition = own_q(model, moment, prefix) if issubclass(model, RegistryEntry) else Q()
    for name, target, nullable in _needs(model):
        if whole := visible_q(target, moment, f"{prefix}{name}__"):
            nobody = Q(**{f"{prefix}{name}__isnull": True}) if nullable else Q()
            condition &= nobody | whole
    return condition


def visible(rows: type[ModelT] | QuerySet[ModelT], moment: Moment) -> QuerySet[ModelT]:
    """The rows that readers may see.

    Args:
        rows: a queryset, or a model for all of its rows.
        moment: when somebody reads.
    """
    queryset = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    condition = visible_q(queryset.model, moment)
    return queryset.filter(condition) if condition else queryset


def visible_key(model: type[Model], name: str, moment: Moment) -> Any:
    """A foreign key as a column, of which readers see nothing where they may not see the row that
    it leads to."""
    target: Any = model._meta.get_field(name).related_model
    condition = visible_q(target, moment, f"{name}__")
    return Case(When(condition, then=F(f"{name}_id"))) if condition else f"{name}_id"


def leads_to_visible(model: type[Model], column: str, moment: Moment) -> Q:
    """Where a column, which may have many values, leads to a row that readers may see. Empty where
    they may see all."""
    if not visible_q(model, moment):
        return Q()
    return Q(**{f"{column}__in": visible(model, moment).values("pk")})


@cache
def _needs(model: type[Model]) -> tuple[tuple[str, Any, bool], ...]:
    """What rows of a model are nothing without: the name of the relation, the model that it leads
    to, and whether they may lack it."""
    if model._meta.auto_created:
        keys = [each for each in model._meta.get_fields() if isinstance(each, ForeignKey)]
    else:
        keys = [each.field for each in TIES if each.model is model and each.is_needed]
    return tuple((each.name, each.related_model, each.null) for each in keys)
