"""Naming the successor of a row that is replaced."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext as _

from wagtail_regional.usage.plans import Conflict, Plan, Step, errors_of

#: The field that names a row's successor, where its model has one.
SUCCESSOR_FIELDS = ("succeeded_by", "successor")


def successor_field(model: type[Model]) -> str | None:
    """The name of the field that names the successor of a row of `model`."""
    names = {f.name for f in model._meta.get_fields()}
    return next((name for name in SUCCESSOR_FIELDS if name in names), None)


def plan_succession(plan: Plan) -> None:
    """Add to the plan that the old row names the new one as its successor."""
    name = successor_field(type(plan.old))
    if name is None or getattr(plan.old, f"{name}_id") == plan.new.pk:
        return
    row = type(plan.old)._base_manager.get(pk=plan.old.pk)
    setattr(row, name, plan.new)
    label = str(row._meta.get_field(name).verbose_name)
    errors = errors_of(row.clean)
    if errors:
        plan.conflicts.extend(Conflict(plan.new, message) for message in errors)
        return
    plan.steps.append(
        Step(
            plan.old,
            label[:1].upper() + label[1:],
            _("Will name its successor."),
            lambda: row.save(update_fields=[name]),
            (row._meta.label, row.pk, name),
        )
    )
