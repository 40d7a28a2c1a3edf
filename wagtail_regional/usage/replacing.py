"""Putting one row of the registry in the place of another, wherever that one is used.

First a plan is made, which names everything that would change, what stays because it is of the
past, and what stands in the way. Carrying it out makes the plan anew under locks, in one
transaction: all of it happens or nothing does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.db.models import JSONField, Model, Value
from django.utils.translation import gettext as _
from wagtail.locks import ScheduledForPublishLock
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex

from wagtail_regional.compat import get_page_model
from wagtail_regional.invalidation.changes import announce, remember
from wagtail_regional.lifecycle import Status
from wagtail_regional.models import (
    Alliance,
    Dated,
    Membership,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
)
from wagtail_regional.models.ties import Tie, ties_to
from wagtail_regional.usage.finding import drafts, locked, stored_streams
from wagtail_regional.usage.streams import (
    replacing,
    stream_fields,
    streaming_models,
    swap_chosen,
    swap_in_content,
)

#: The field that names a row's successor, where its model has one.
SUCCESSOR_FIELDS = ("succeeded_by", "successor")

REPLACED = "wagtail_regional.replaced"
TOOK_OVER = "wagtail_regional.took_over"
REPOINTED = "wagtail_regional.repointed"


def successor_field(model: type[Model]) -> str | None:
    """The name of the field that names the successor of a row of `model`."""
    names = {f.name for f in model._meta.get_fields()}
    return next((name for name in SUCCESSOR_FIELDS if name in names), None)


@dataclass
class Step:
    """One change of a plan.

    Attributes:
        holder: what an editor opens to see it.
        what: the kind of use: "Member", "Part of", "Content of the page".
        note: what happens, where it is not simply that the other row is named.
        apply: does it.
        key: tells this change from any other, for noticing that a plan is out of date.
    """

    holder: Any
    what: str
    note: str
    apply: Callable[[], None]
    key: tuple[Any, ...]

    @property
    def is_page(self) -> bool:
        return isinstance(self.holder, get_page_model())


@dataclass
class Conflict:
    """What stands in the way, and what to do about it."""

    holder: Any
    message: str


@dataclass
class Kept:
    """A use that stays as it is, since it is of the past."""

    holder: Any
    what: str


@dataclass
class Plan:
    """What replacing `old` by `new` would do."""

    old: Any
    new: Any
    steps: list[Step] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Differs when the plan does."""
        said = sorted(repr(step.key) for step in self.steps)
        return blake2b(json.dumps([self.new.pk, said]).encode(), digest_size=12).hexdigest()


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
    _plan_succession(plan)
    model: Any = type(old)
    for relation in ties_to(model):
        rows = relation.rows(old)
        for row in locked(rows) if lock else rows:
            _plan_row(plan, relation, row, include_past)
    _check_together(plan)
    plan.steps.extend(_stream_steps(plan, lock))
    plan.steps.extend(_draft_steps(plan))
    if user is not None:
        _check_permissions(plan, user)
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


# --- The row itself --------------------------------------------------------------------------


def _plan_succession(plan: Plan) -> None:
    name = successor_field(type(plan.old))
    if name is None or getattr(plan.old, f"{name}_id") == plan.new.pk:
        return
    row = type(plan.old)._base_manager.get(pk=plan.old.pk)
    setattr(row, name, plan.new)
    label = str(row._meta.get_field(name).verbose_name)
    errors = _errors_of(row.clean)
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


# --- Rows that refer to it -------------------------------------------------------------------


def _plan_row(plan: Plan, relation: Tie, row: Any, include_past: bool) -> None:
    holder = relation.holder(row)
    if not include_past and _is_past(relation, row, holder):
        plan.kept.append(Kept(holder, relation.label))
        return
    if relation.many:
        plan.steps.append(_tie_step(plan, relation, row))
        return
    if _is_there_already(row, relation, plan.new):
        note = _("Will be removed: %(new)s is named there already.") % {"new": plan.new}
        plan.steps.append(
            Step(holder, relation.label, note, row.delete, (row._meta.label, row.pk, "delete"))
        )
        return
    setattr(row, relation.name, plan.new)
    if errors := _errors_of(row.clean) + _taken(row):
        plan.conflicts.extend(Conflict(holder, message) for message in dict.fromkeys(errors))
        return
    plan.steps.append(
        Step(
            holder,
            relation.label,
            "",
            lambda: row.save(update_fields=[relation.name]),
            (row._meta.label, row.pk, relation.name),
        )
    )


def _taken(row: Any) -> list[str]:
    """What may be there once and is there already, with the way out."""
    if isinstance(row, get_page_model()):
        return []
    errors = _errors_of(row.validate_unique) + _errors_of(row.validate_constraints)
    return [
        _("%(problem)s Remove one of the two there, or make them the same.") % {"problem": problem}
        for problem in errors
    ]


def _is_past(relation: Tie, row: Any, holder: Any) -> bool:
    """Whether a use says something of the past, which stays true."""
    if relation.name in SUCCESSOR_FIELDS:
        return True
    return any(isinstance(each, Dated) and each.status == Status.ENDED for each in (row, holder))


def _tie_step(plan: Plan, relation: Tie, row: Any) -> Step:
    old, new = plan.old, plan.new

    def apply() -> None:
        ties = getattr(row, relation.name)
        remember(row)
        ties.remove(old)
        ties.add(new)
        row.save()

    return Step(row, relation.label, "", apply, (row._meta.label, row.pk, relation.name))


def _is_there_already(row: Any, relation: Tie, new: Any) -> bool:
    """Whether the other row is named there in just the same way, so that this one can go."""
    find = _TWINS.get(type(row))
    return find is not None and any(find(row, new, relation.name))


def _membership_twins(row: Any, new: Any, name: str) -> Iterator[bool]:
    others = row.alliance.memberships.filter(**{name: new}, role=row.role)
    for other in others:
        starts_before = other.starts is None or (
            row.starts is not None and other.starts.first_day <= row.starts.first_day
        )
        ends_after = other.ends is None or (
            row.ends is not None and other.ends.last_day >= row.ends.last_day
        )
        yield starts_before and ends_after


def _provider_twins(row: ProgrammeProvider, new: Any, name: str) -> Iterator[bool]:
    for other in row.programme.providers.filter(organisation=new):
        yield row.partner_code in ("", other.partner_code)


def _access_twins(row: ProgrammeAccess, new: Any, name: str) -> Iterator[bool]:
    terms = [f.attname for f in row._meta.concrete_fields if f.name not in _NO_TERMS]
    for other in row.programme.access.filter(organisation=new):
        yield all(getattr(row, each) == getattr(other, each) for each in terms)


_NO_TERMS = ("id", "programme", "organisation", "sort_order")
_TWINS: dict[type[Model], Callable[[Any, Any, str], Iterator[bool]]] = {
    Membership: _membership_twins,
    ProgrammeProvider: _provider_twins,
    ProgrammeAccess: _access_twins,
}


def _check_together(plan: Plan) -> None:
    """What holds for the members of an alliance, and the providers of a programme, together."""
    holders = {(type(s.holder), s.holder.pk): s.holder for s in plan.steps}
    for (model, _key), holder in holders.items():
        if model is Alliance:
            rows = list(Membership.objects.filter(alliance=holder).select_related("organisation"))
            _check_parts(
                plan, holder, holder.check_members, rows, ("organisation", "member_alliance")
            )
        elif model is Programme:
            rows = list(ProgrammeProvider.objects.filter(programme=holder))
            _check_parts(plan, holder, holder.check_providers, rows, ("organisation",))


def _check_parts(
    plan: Plan, holder: Any, check: Callable[..., None], rows: list[Any], names: Iterable[str]
) -> None:
    if _errors_of(check, rows):
        return  # It was so before, and is none of this plan's doing.
    steps: dict[Any, Any] = {step.key[:2]: step.key[2] for step in plan.steps}
    after = []
    for row in rows:
        change: Any = steps.get((row._meta.label, row.pk))
        if change == "delete":
            continue
        if change in names:
            setattr(row, change, plan.new)
        after.append(row)
    plan.conflicts.extend(Conflict(holder, message) for message in _errors_of(check, after))


def _errors_of(check: Callable[..., Any], *args: Any) -> list[str]:
    try:
        check(*args)
    except ValidationError as error:
        return list(error.messages)
    return []


# --- Streams and drafts ----------------------------------------------------------------------


def _stream_steps(plan: Plan, lock: bool) -> Iterator[Step]:
    target: Any = type(plan.old)
    for model in streaming_models(target):
        changed: dict[Any, dict[str, Any]] = {}
        for pk, raws in stored_streams(model, target, plan.old.pk, lock=lock):
            swap, met = replacing(plan.old.pk, plan.new.pk)
            swapped = {
                each.name: swap_chosen(each.stream_block, raws[each.name], target, swap)
                for each in stream_fields(model, target)
                if each.name in raws
            }
            if met:
                changed[pk] = {name: raw for name, raw in swapped.items() if raw != raws[name]}
        for holder in model._base_manager.filter(pk__in=changed).order_by("pk"):
            yield _stream_step(holder, changed[holder.pk])


def _stream_step(holder: Any, raws: dict[str, Any]) -> Step:
    def apply() -> None:
        stored = {name: Value(raw, output_field=JSONField()) for name, raw in raws.items()}
        # Not save(), which would drop blocks of types that no longer exist.
        type(holder)._base_manager.filter(pk=holder.pk).update(**stored)
        changed = type(holder)._base_manager.get(pk=holder.pk)
        if ReferenceIndex.is_indexed(type(changed)):
            ReferenceIndex.create_or_update_for_object(changed)
        # An update sends no signal.
        if getattr(changed, "live", True):
            announce(changed)

    what = _("Content of the page") if isinstance(holder, get_page_model()) else _("Content")
    return Step(holder, what, "", apply, (holder._meta.label, holder.pk, *sorted(raws)))


def _draft_steps(plan: Plan) -> Iterator[Step]:
    target: Any = type(plan.old)
    changed = []
    for revision in drafts(target, plan.old.pk):
        swap, met = replacing(plan.old.pk, plan.new.pk)
        model = revision.content_type.model_class()
        content = swap_in_content(model, revision.content, target, swap)
        if met:
            changed.append((revision, content))
    holders = _holders_of([revision for revision, _content in changed])
    for revision, content in changed:
        holder = holders.get((revision.content_type_id, revision.object_id))
        if holder is not None:
            yield _draft_step(holder, revision, content)


def _holders_of(revisions: list[Any]) -> dict[tuple[int, str], Any]:
    found = {}
    for kind in {revision.content_type for revision in revisions}:
        keys = [r.object_id for r in revisions if r.content_type_id == kind.pk]
        for row in kind.model_class()._base_manager.filter(pk__in=keys):
            found[kind.pk, str(row.pk)] = row
    return found


def _draft_step(holder: Any, revision: Any, content: dict[str, Any]) -> Step:
    def apply() -> None:
        type(revision).objects.filter(pk=revision.pk).update(content=content)

    what = _("Scheduled version") if revision.approved_go_live_at else _("Draft")
    if revision.pk == getattr(holder, "live_revision_id", None):
        what = _("Published version in the history")
    return Step(holder, what, "", apply, ("revision", revision.pk))


# --- Who may, and the record -----------------------------------------------------------------


def _check_permissions(plan: Plan, user: Any) -> None:
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
