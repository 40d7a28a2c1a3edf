"""Replacing a row in the rows of the registry that refer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from wagtail_regional.compat import get_page_model
from wagtail_regional.invalidation.changes import remember
from wagtail_regional.lifecycle import Status
from wagtail_regional.models import (
    Alliance,
    Dated,
    Membership,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
)
from wagtail_regional.models.ties import Tie
from wagtail_regional.usage.plans import Conflict, Kept, Plan, Step, errors_of
from wagtail_regional.usage.succession import SUCCESSOR_FIELDS


def plan_reference(plan: Plan, relation: Tie, row: Any, include_past: bool) -> None:
    """Add to the plan what becomes of one row that refers to the old one by `relation`."""
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
    if errors := errors_of(row.clean) + _taken(row):
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
    errors = errors_of(row.validate_unique) + errors_of(row.validate_constraints)
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


def check_together(plan: Plan) -> None:
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
    if errors_of(check, rows):
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
    plan.conflicts.extend(Conflict(holder, message) for message in errors_of(check, after))
