"""Whether somebody may change all that replacing a row would change."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.locks import ScheduledForPublishLock

from wagtail_regional.usage.plans import Conflict, Plan


def check_permissions(plan: Plan, user: Any) -> None:
    """Add to the plan, as conflicts, what `user` may not change of it."""
    refused: dict[tuple[type[Model], Any], Conflict] = {}
    for step in plan.steps:
        holder = step.holder
        if step.is_page:
            if not _may_change_page(holder, user):
                refused[type(holder), holder.pk] = Conflict(
                    holder, _("You may not change and publish this page. Ask somebody who may.")
                )
        elif not user.has_perm(f"{holder._meta.app_label}.change_{holder._meta.model_name}"):
            message = _("You may not change %(kind)s. Ask somebody who may.") % {
                "kind": holder._meta.verbose_name_plural
            }
            refused[type(holder), None] = Conflict(holder, message)
    plan.conflicts.extend(refused.values())


def _may_change_page(page: Any, user: Any) -> bool:
    may, lock = page.permissions_for_user(user), page.get_lock()
    # Scheduling locks a page for everybody; what is scheduled is to be put right, too.
    is_locked = lock and not isinstance(lock, ScheduledForPublishLock) and lock.for_user(user)
    return bool(may.can_edit() and (may.can_publish() or not page.live) and not is_locked)
