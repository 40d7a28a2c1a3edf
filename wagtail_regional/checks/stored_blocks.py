"""Looking for stored blocks that nobody shows: a system check, and what it finds.

It asks the database, so it runs where Django asks such checks: at `migrate`, and at
`check --database default`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import DatabaseError, router
from django.db.models import Model
from wagtail.fields import StreamField

from wagtail_regional.blocks import BatchStreamBlock
from wagtail_regional.usage.streams import unknown_types

#: So many rows are named.
_MOST_TO_NAME = 5


@dataclass(frozen=True)
class UnknownStored:
    """A row with blocks of types that its stream does not know.

    Attributes:
        model: of the row.
        field: the name of the stream.
        types: of the blocks, each once.
    """

    model: type[Model]
    pk: Any
    field: str
    types: tuple[str, ...]


def find_unknown_blocks(using: str | None = None) -> Iterator[UnknownStored]:
    """The rows with blocks of unknown types, live or in the latest draft, in the streams that keep
    such blocks. One query for each model with such a stream, and one more where it has drafts.

    Args:
        using: the database; by default that of each model.
    """
    for model in apps.get_models():
        names = _streams_of(model)
        if not names or (using is not None and not router.allow_migrate_model(using, model)):
            continue
        found: dict[tuple[Any, str], dict[str, None]] = {}
        for pk, name, value in _stored(model, names, using):
            for each in unknown_types(value.stream_block, value.get_prep_value()):
                found.setdefault((pk, name), {})[each] = None
        for (pk, name), types in found.items():
            yield UnknownStored(model, pk, name, tuple(types))


def _streams_of(model: type[Model]) -> list[str]:
    if model._meta.proxy or not model._meta.managed:
        return []
    return [
        field.name
        for field in model._meta.local_concrete_fields
        if isinstance(field, StreamField) and isinstance(field.stream_block, BatchStreamBlock)
    ]


def _stored(
    model: type[Model], names: list[str], using: str | None
) -> Iterator[tuple[Any, str, Any]]:
    rows = model._default_manager.using(using).order_by("pk")
    for pk, *values in rows.values_list("pk", *names).iterator(chunk_size=500):
        yield from ((pk, name, value) for name, value in zip(names, values, strict=True))
    if not hasattr(model, "latest_revision"):
        return
    drafts = rows.filter(latest_revision__isnull=False, has_unpublished_changes=True)
    contents = drafts.values_list("pk", "latest_revision__content")
    for pk, content in contents.iterator(chunk_size=500):
        for name in names:
            field: Any = model._meta.get_field(name)
            yield pk, name, field.to_python(content.get(name))


def check_unknown_blocks(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """W030: content is stored that nobody is shown, for want of its type of block."""
    messages: list[checks.CheckMessage] = []
    for using in databases or ():
        try:
            rows = list(find_unknown_blocks(using))
        except DatabaseError:
            # Before the first migration there is nothing to look at.
            continue
        if rows:
            messages.append(_message(rows))
    return messages


def _message(rows: list[UnknownStored]) -> checks.CheckMessage:
    types = sorted({name for row in rows for name in row.types})
    named = [f"{row.model._meta.label} {row.pk} ({row.field})" for row in rows[:_MOST_TO_NAME]]
    more = len(rows) - len(named)
    where = ", ".join(named) + (f" and {more} more" if more else "")
    return checks.Warning(
        f"There are stored blocks of unknown types ({', '.join(types)}), which are kept and not "
        f"shown: {where}.",
        hint="Register the types again under these names (see the hook register_regional_blocks), "
        "rename what is stored in a data migration, or delete the blocks in the page editor.",
        id="wagtail_regional.W030",
    )
