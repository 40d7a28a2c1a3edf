"""Putting one row of the registry in the place of another, wherever that one is used.

First a plan is made, which names everything that would change, what stays because it is of the
past, and what stands in the way. Carrying it out makes the plan anew under locks, in one
transaction: all of it happens or nothing does.
"""

from __future__ import annotations

from typing import Any

from django.db import router, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_regional.models.ties import ties_to
from wagtail_regional.usage.content import draft_steps, stream_steps
from wagtail_regional.usage.finding import locked
from wagtail_regional.usage.permissions import check_permissions
from wagtail_regional.usage.plans import Conflict, Plan
from wagtail_regional.usage.references import check_together, plan_reference
from wagtail_regional.usage.succession import plan_succession

REPLACED = "wagtail_regional.replaced"
TOOK_OVER = "wagtail_regional.took_over"
REPOINTED = "wagtail_regional.repointed"


class ReplaceError(Exception):
    """The plan cannot be carried out: it has conflicts, or is no longer the one that was seen."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


def plan_replacement(
    old: Any, new: Any, user: Any = None, *, include_past: bool = False, lock: bool = False
) -> Plan:
    """Plan to name `new` wherever `old` is named now.

    Args:
        old: a row of the registry.
        new: another row of the same model.
        user: who asks: what they may not change stands in the way. None may change anything.
        include_past: also change what has ended. That is right when the two are the same thing
            entered twice; after a real succession the past stays true of the old one.
        lock: lock what will be changed, in the transaction under way.
    """
    plan = Plan(old, new)
    if old.pk == new.pk:
        plan.conflicts.append(Conflict(old, _("Choose another row: this is the same one.")))
        return plan
    plan_succession(plan)
    model: Any = type(old)
    for relation in ties_to(model):
        rows = relation.rows(old)
        for row in locked(rows) if lock else rows:
            plan_reference(plan, relation, row, include_past)
    check_together(plan)
    plan.steps.extend(stream_steps(plan, lock))
    plan.steps.extend(draft_steps(plan))
    if user is not None:
        check_permissions(plan, user)
    return plan


def replace(
    old: Any,
    new: Any,
    user: Any = None,
    *,
    include_past: bool = False,
    expected: str | None = None,
) -> Plan:
    """Name `new` wherever `old` is named now, and record it as the successor.

    Args:
        old, new, user, include_past: as for :func:`plan_replacement`.
        expected: the fingerprint of the plan that was agreed to, if any was.

    Returns:
        The plan, carried out.

    Raises:
        ReplaceError: when something stands in the way, or the plan is another one by now.
            Nothing has changed then.
    """
    model = type(old)
    with transaction.atomic(using=router.db_for_write(model)):
        keys = sorted({old.pk, new.pk})
        # In the order of their keys, so that two of these at once do not wait for each other.
        rows = model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk")
        locked = {row.pk: row for row in rows}
        if set(keys) - locked.keys():
            plan = Plan(old, new)
            plan.conflicts.append(Conflict(old, _("One of the two has been deleted meanwhile.")))
            raise ReplaceError(plan)
        old, new = locked[old.pk], locked[new.pk]
        plan = plan_replacement(old, new, user, include_past=include_past, lock=True)
        if plan.conflicts or (expected is not None and expected != plan.fingerprint):
            raise ReplaceError(plan)
        for step in plan.steps:
            step.apply()
        _log(plan, user)
    return plan


def _log(plan: Plan, user: Any) -> None:
    old, new = ({"id": row.pk, "title": str(row)} for row in (plan.old, plan.new))
    data = {"old": old, "new": new}
    log(plan.old, REPLACED, user=user, data={**data, "changes": len(plan.steps)})
    log(plan.new, TOOK_OVER, user=user, data={**data, "changes": len(plan.steps)})
    logged = {(type(plan.old), plan.old.pk), (type(plan.new), plan.new.pk)}
    for step in plan.steps:
        key = type(step.holder), step.holder.pk
        if key not in logged:
            logged.add(key)
            log(step.holder, REPOINTED, user=user, data=data, content_changed=True)
