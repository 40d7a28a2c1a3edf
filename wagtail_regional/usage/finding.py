"""Where a row of the registry is used: by which other rows, and on which pages.

:func:`find_uses` looks for one row, exactly: it reads streams as they are stored, live ones and
those of drafts. :func:`count_uses` counts for a list of rows, in a fixed number of queries; for
streams it asks Wagtail's reference index, which knows live content only.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import Count, F, Model, Q, TextField
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex, Revision, RevisionMixin

from wagtail_regional.compat import get_page_model
from wagtail_regional.models.ties import Tie, owner_field, ties_to
from wagtail_regional.titles import Titles
from wagtail_regional.usage.streams import (
    replacing,
    stream_fields,
    streaming_models,
    swap_chosen,
    swap_in_content,
)

#: How many uses of one kind are named; the rest is counted.
SHOWN = 25


@dataclass
class RowUses:
    """The rows that refer to a row by one relation, the first of them by name."""

    relation: Tie
    total: int
    #: Pairs of what refers and what to open to see it.
    shown: list[tuple[Any, Any]]

    @property
    def more(self) -> int:
        return self.total - len(self.shown)


@dataclass
class StreamUse:
    """Something with a stream or a draft that refers to a row: mostly a page."""

    holder: Any
    live: bool = False
    draft: bool = False

    @property
    def only_in_draft(self) -> bool:
        return not self.live

    @property
    def is_page(self) -> bool:
        return isinstance(self.holder, get_page_model())


@dataclass
class Uses:
    """Where a row is used."""

    rows: list[RowUses] = field(default_factory=list)
    streams: list[StreamUse] = field(default_factory=list)

    @property
    def protecting(self) -> list[RowUses]:
        """Uses that deleting would make untrue."""
        return [each for each in self.rows if each.relation.protects]

    @property
    def losing(self) -> list[RowUses]:
        """Uses that would simply lose the row."""
        return [each for each in self.rows if not each.relation.protects]

    @property
    def total(self) -> int:
        return sum(each.total for each in self.rows) + len(self.streams)

    def __bool__(self) -> bool:
        return bool(self.rows or self.streams)


def find_uses(row: Model, titles: Titles | None = None) -> Uses:
    """Every use of `row`, in a number of queries that does not grow with them.

    Args:
        titles: of whoever asks: of what they may not open, nothing is told. None tells all.
    """
    titles = titles or Titles(None)
    uses = Uses()
    found: dict[tuple[type[Model], Any], StreamUse] = {}
    for relation in ties_to(type(row)):
        if issubclass(relation.model, get_page_model()):
            for page in relation.rows(row).select_related("locale"):
                _use(found, page).live = True
        else:
            total, rows = _first(relation, row, titles)
            if total:
                uses.rows.append(RowUses(relation, total, rows))
    for holder in _streams_with(row):
        _use(found, holder).live = True
    for holder in _drafts_with(row):
        _use(found, holder).draft = True
    seen = _seen_by(titles, list(found.values()))
    uses.streams = sorted(seen, key=lambda use: (not use.live, str(use.holder).lower()))
    return uses


def _seen_by(titles: Titles, uses: list[StreamUse]) -> Iterator[StreamUse]:
    page = get_page_model()
    titles.load(page, [use.holder.pk for use in uses if use.is_page])
    for use in uses:
        model, key = type(use.holder), use.holder.pk
        if titles.may_open(model, key):
            yield use
        # Of a page that is only read, there is what readers see.
        elif use.is_page and use.live and titles.is_public(page, key):
            yield StreamUse(use.holder, live=True)


def _use(found: dict[tuple[type[Model], Any], StreamUse], holder: Any) -> StreamUse:
    base = get_page_model() if isinstance(holder, get_page_model()) else type(holder)
    use = found.setdefault((base, holder.pk), StreamUse(holder))
    return use


def _first(relation: Tie, row: Model, titles: Titles) -> tuple[int, list[tuple[Any, Any]]]:
    found = titles.narrow(relation.rows(row))
    rows = list(found[: SHOWN + 1])
    total = len(rows) if len(rows) <= SHOWN else found.count()
    return total, [(each, relation.holder(each)) for each in rows[:SHOWN]]


# --- Streams and drafts ----------------------------------------------------------------------


def stored_streams(
    model: type[Model], target: type[Model], key: Any, lock: bool = False
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Rows of `model` whose stored streams may name `key`: primary key, and field to raw value."""
    fields = stream_fields(model, target)
    texts = {f"_raw_{f.name}": Cast(F(f.attname), TextField()) for f in fields}
    # A rough look by the database first: most streams do not name the row at all.
    named = reduce(or_, (Q(**{f"{name}__contains": str(key)}) for name in texts))
    rows = model._base_manager.annotate(**texts).filter(named).order_by("pk")
    # Of one table, so no more than what is found gets locked.
    rows = rows.select_for_update() if lock else rows
    for pk, *raws in rows.values_list("pk", *texts).iterator(chunk_size=200):
        yield pk, {f.name: json.loads(raw) for f, raw in zip(fields, raws, strict=True) if raw}


def locked(rows: Any) -> Any:
    """A queryset that locks its own rows and none that it joins, where the database can."""
    features = connections[router.db_for_write(rows.model)].features
    return rows.select_for_update(of=("self",) if features.has_select_for_update_of else ())


def _streams_with(row: Model) -> Iterator[Any]:
    target = type(row)
    for model in streaming_models(target):
        keys = []
        for pk, raws in stored_streams(model, target, row.pk):
            swap, met = replacing(row.pk, row.pk)
            for each in stream_fields(model, target):
                if each.name in raws:
                    swap_chosen(each.stream_block, raws[each.name], target, swap)
            if met:
                keys.append(pk)
        yield from _named(model, keys)


def _drafts_with(row: Model) -> Iterator[Any]:
    found: dict[type[Model], list[Any]] = defaultdict(list)
    for revision in drafts(type(row), row.pk):
        swap, met = replacing(row.pk, row.pk)
        model = revision.content_type.model_class()
        swap_in_content(model, revision.content, type(row), swap)
        if met:
            found[model].append(revision.object_id)
    for model, keys in found.items():
        yield from _named(model, list(dict.fromkeys(keys)))


def _named(model: type[Model], keys: list[Any]) -> Any:
    rows = model._base_manager.filter(pk__in=keys)
    return rows.select_related("locale") if issubclass(model, get_page_model()) else rows


@cache
def drafting_models(target: type[Model]) -> tuple[type[Model], ...]:
    """Models whose revisions may refer to rows of `target`."""
    referring = {relation.model for relation in ties_to(target)}
    # A part's revision is in that of its owner.
    owners = {
        model._meta.get_field(owner).related_model
        for model in referring
        if (owner := owner_field(model))
    }
    models: set[Any] = {*streaming_models(target), *referring, *owners}
    return tuple(model for model in models if issubclass(model, RevisionMixin))


def drafts(target: type[Model], key: Any) -> Iterator[Any]:
    """The revisions that may still reach readers and may name `key`: the latest one of each
    thing, the one that is live, those that are scheduled and those under review."""
    kinds = [
        ContentType.objects.get_for_model(m, for_concrete_model=False)
        for m in drafting_models(target)
    ]
    latest = Q(pk__in=())
    for model in drafting_models(target):
        latest |= Q(
            pk__in=model._base_manager.exclude(latest_revision=None).values("latest_revision")
        )
        if hasattr(model, "live_revision"):
            live = model._base_manager.exclude(live_revision=None)
            latest |= Q(pk__in=live.values("live_revision"))
    waiting = Q(approved_go_live_at__isnull=False) | Q(task_states__status="in_progress")
    revisions = (
        Revision.objects.filter(content_type__in=kinds)
        .filter(latest | waiting)
        .annotate(_text=Cast("content", TextField()))
        .filter(_text__contains=str(key))
        .select_related("content_type")
        .order_by("pk")
    )
    seen = set()
    for revision in revisions.iterator(chunk_size=200):
        # Joins may give a revision twice; DISTINCT cannot compare JSON on every database.
        if revision.pk not in seen:
            seen.add(revision.pk)
            yield revision


# --- Counting for lists ----------------------------------------------------------------------


def count_uses(
    model: type[Model], keys: Iterable[Any], titles: Titles | None = None
) -> Counter[Any]:
    """How often each of these rows is used, in a number of queries fixed by the model.

    Args:
        model: of the registry.
        keys: primary keys of its rows.
        titles: of whoever asks: what they may not open is not counted. None counts all.
    """
    titles, keys = titles or Titles(None), list(keys)
    counts: Counter[Any] = Counter()
    if not keys:
        return counts
    for relation in ties_to(model):
        if issubclass(relation.model, get_page_model()):
            continue  # counted below, with the streams
        rows = titles.narrow(relation.model._base_manager.filter(**{f"{relation.name}__in": keys}))
        grouped = rows.order_by().values_list(relation.name).annotate(total=Count("pk"))
        counts.update(dict(grouped))
    counts.update(_referring(model, keys, titles))
    return counts


def _referring(model: type[Model], keys: list[Any], titles: Titles) -> dict[Any, int]:
    """Pages, and other things with streams, by Wagtail's reference index."""
    streaming = {*streaming_models(model)}
    pages = ContentType.objects.get_for_model(get_page_model())
    kinds = [
        pages if issubclass(each, get_page_model()) else ContentType.objects.get_for_model(each)
        for each in {*streaming, get_page_model()}
    ]
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model),
        to_object_id__in=[str(key) for key in keys],
        base_content_type__in=kinds,
    )
    pairs = references.order_by().values_list("to_object_id", "base_content_type", "object_id")
    found = list(pairs.distinct())
    models: dict[int, Any] = {kind.pk: kind.model_class() for kind in kinds}
    parsed = [(key, models[kind], models[kind]._meta.pk.to_python(pk)) for key, kind, pk in found]
    for each in set(models.values()):
        titles.load(each, [pk for _key, model_, pk in parsed if model_ is each])
    counted = Counter(
        key
        for key, holder, pk in parsed
        if titles.may_open(holder, pk) or titles.is_public(holder, pk)
    )
    return {key: counted[str(key)] for key in keys}
