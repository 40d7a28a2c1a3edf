"""Replacing a row in stored content: streams, and drafts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import JSONField, Value
from django.utils.translation import gettext as _
from wagtail.models import ReferenceIndex

from wagtail_regional.compat import get_page_model
from wagtail_regional.invalidation.changes import announce
from wagtail_regional.usage.finding import drafts, stored_streams
from wagtail_regional.usage.plans import Plan, Step
from wagtail_regional.usage.streams import (
    replacing,
    stream_fields,
    streaming_models,
    swap_chosen,
    swap_in_content,
)


def stream_steps(plan: Plan, lock: bool) -> Iterator[Step]:
    """The changes of stored streams, for each row that has any; locks these rows if asked."""
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


def draft_steps(plan: Plan) -> Iterator[Step]:
    """The changes of revisions that may yet be published."""
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
