"""Stored content as JSON: finding what was chosen in it, and choosing something else.

Streams are read as they are stored, without building native values, and only the values of
chooser blocks for one model change. Everything else - blocks of types that no longer exist,
ids, the order, keys that no block knows - stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.fields import StreamField

#: Given a stored primary key, gives the one to store instead.
Swap = Callable[[Any], Any]


def chosen_model(block: blocks.Block) -> type[Model] | None:
    """The model whose rows a block lets one choose, if it is a chooser."""
    return block.model_class if isinstance(block, blocks.ChooserBlock) else None


def chooses(block: blocks.Block, model: type[Model]) -> bool:
    """Whether a block, at any depth, can refer to rows of `model`."""
    if chosen_model(block) is model:
        return True
    return any(chooses(child, model) for child in _children(block))


def _children(block: blocks.Block) -> list[blocks.Block]:
    if isinstance(block, blocks.ListBlock):
        return [block.child_block]
    return list(getattr(block, "child_blocks", {}).values())


def values_of(block: blocks.Block, raw: Any, kind: type[blocks.Block]) -> Iterator[Any]:
    """The stored values of every block of a kind, at any depth, in the order they are in.

    Args:
        block: the definition.
        raw: the stored value. What does not fit the definition is passed over.
        kind: a class of blocks. What is inside such a block is its own affair.
    """
    if isinstance(block, kind):
        yield raw
        return
    for child, value in _inside(block, raw):
        yield from values_of(child, value, kind)


def unknown_types(block: blocks.Block, raw: Any) -> Iterator[str]:
    """The types of stored blocks that the stream they are in does not know, at any depth.

    Args:
        block: the definition.
        raw: the stored value. What does not fit the definition is passed over.
    """
    if isinstance(block, blocks.BaseStreamBlock):
        items = raw if isinstance(raw, list) else []
        types = [item.get("type") for item in items if isinstance(item, dict) and "value" in item]
        known = block.child_blocks.keys()
        yield from (name for name in types if isinstance(name, str) and name not in known)
    for child, value in _inside(block, raw):
        yield from unknown_types(child, value)


def _inside(block: Any, raw: Any) -> Iterator[tuple[blocks.Block, Any]]:
    """The blocks right inside one, each with its stored value."""
    if isinstance(block, blocks.ListBlock):
        items = raw if isinstance(raw, list) else []
        yield from ((block.child_block, e["value"] if _wrapped(e) else e) for e in items)
        return
    if isinstance(block, blocks.BaseStreamBlock):
        items = raw if isinstance(raw, list) else []
        pairs = [(e.get("type"), e.get("value")) for e in items if isinstance(e, dict)]
    elif isinstance(block, blocks.BaseStructBlock):
        pairs = list(raw.items()) if isinstance(raw, dict) else []
    else:
        return
    known = block.child_blocks
    yield from ((known[name], value) for name, value in pairs if name in known)


def _wrapped(item: Any) -> bool:
    """As ListBlock tells its items from bare values, which it stored until Wagtail 2.16."""
    return isinstance(item, dict) and {"id", "value", "type"} <= item.keys()


def swap_chosen(block: blocks.Block, raw: Any, model: type[Model], swap: Swap) -> Any:
    """A block's stored value with every chosen row of `model` put through `swap`.

    Args:
        block: the definition.
        raw: the stored value; it is not changed itself. What does not fit the definition is
            given back as it is.
        model: whose choosers are meant.
        swap: gives the value to store for a stored one.
    """
    if chosen_model(block) is model:
        return raw if raw is None else swap(raw)
    for kind, walk in _WALKS:
        if isinstance(block, kind):
            return walk(block, raw, model, swap)
    return raw


def _in_stream(block: Any, raw: Any, model: type[Model], swap: Swap) -> Any:
    if not isinstance(raw, list):
        return raw
    return [
        {**item, "value": swap_chosen(child, item["value"], model, swap)}
        if isinstance(item, dict)
        and "value" in item
        and (child := block.child_blocks.get(item.get("type"))) is not None
        else item
        for item in raw
    ]


def _in_list(block: Any, raw: Any, model: type[Model], swap: Swap) -> Any:
    if not isinstance(raw, list):
        return raw
    return [
        {**item, "value": swap_chosen(block.child_block, item["value"], model, swap)}
        if _wrapped(item)
        else swap_chosen(block.child_block, item, model, swap)
        for item in raw
    ]


def _in_struct(block: Any, raw: Any, model: type[Model], swap: Swap) -> Any:
    if not isinstance(raw, dict):
        return raw
    return {
        name: swap_chosen(block.child_blocks[name], value, model, swap)
        if name in block.child_blocks
        else value
        for name, value in raw.items()
    }


def _in_table(block: Any, raw: Any, model: type[Model], swap: Swap) -> Any:
    if not isinstance(raw, dict):
        return raw
    columns = [block.child_blocks.get(each.get("type")) for each in raw.get("columns", [])]
    rows = [
        {
            **row,
            "values": [
                swap_chosen(columns[at], value, model, swap)
                if at < len(columns) and columns[at] is not None
                else value
                for at, value in enumerate(row.get("values", []))
            ],
        }
        for row in raw.get("rows", [])
    ]
    return {**raw, "rows": rows}


_WALKS: tuple[tuple[Any, Callable[..., Any]], ...] = (
    (blocks.BaseStreamBlock, _in_stream),
    (blocks.ListBlock, _in_list),
    (blocks.BaseStructBlock, _in_struct),
    (BaseTypedTableBlock, _in_table),
)


# --- Models that hold streams, and revisions of them -----------------------------------------


@cache
def stream_fields(model: type[Model], target: type[Model]) -> tuple[StreamField, ...]:
    """The streams of `model` itself, not of its parents, that can refer to rows of `target`."""
    return tuple(
        field
        for field in model._meta.local_fields
        if isinstance(field, StreamField) and chooses(field.stream_block, target)
    )


@cache
def streaming_models(target: type[Model]) -> tuple[type[Model], ...]:
    """The models with such a stream: pages, and whatever else the host has."""
    models = (m for m in apps.get_models() if not m._meta.proxy and m._meta.managed)
    return tuple(model for model in models if stream_fields(model, target))


def swap_in_content(
    model: type[Model], content: dict[str, Any], target: type[Model], swap: Swap
) -> dict[str, Any]:
    """The content of a revision of `model` with every reference to `target` put through `swap`:
    in streams, in foreign keys, and in the rows that hang on it.

    A row that hangs on it by a foreign key to `target` itself is its part and stays.
    """
    changed = dict(content)
    for field in model._meta.get_fields():
        if field.name not in content:
            continue
        value = content[field.name]
        if isinstance(field, StreamField):
            changed[field.name] = _swap_in_text(field, value, target, swap)
        elif _refers(field, target) and value is not None:
            changed[field.name] = swap(value)
        elif field.many_to_many and field.related_model is target and isinstance(value, list):
            changed[field.name] = list(dict.fromkeys(swap(each) for each in value))
    for name, child, rows in _child_rows(model, content):
        changed[name] = [swap_in_content(child, row, target, swap) for row in rows]
    return changed


def _refers(field: Any, target: type[Model]) -> bool:
    is_key = isinstance(field, ForeignKey) and not isinstance(field, ParentalKey)
    return is_key and field.related_model is target


def _child_rows(
    model: type[Model], content: dict[str, Any]
) -> Iterator[tuple[str, type[Model], list[dict[str, Any]]]]:
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        rows = content.get(name)
        if isinstance(rows, list):
            yield name, relation.related_model, [row for row in rows if isinstance(row, dict)]


def _swap_in_text(field: StreamField, value: Any, target: type[Model], swap: Swap) -> Any:
    """Revisions hold streams as JSON within the JSON."""
    if not chooses(field.stream_block, target):
        return value
    if not isinstance(value, str):
        return swap_chosen(field.stream_block, value, target, swap)
    try:
        raw = json.loads(value)
    except ValueError:
        return value
    swapped = swap_chosen(field.stream_block, raw, target, swap)
    return value if swapped == raw else json.dumps(swapped)


def replacing(old: Any, new: Any) -> tuple[Swap, list[Any]]:
    """A swap of one primary key for another, and the list of those it met."""
    met: list[Any] = []

    def swap(value: Any) -> Any:
        if str(value) != str(old):
            return value
        met.append(value)
        return new

    return swap, met
