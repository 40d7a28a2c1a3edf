"""The stream of regional blocks, and the field that holds it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail import blocks, hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks import StreamValue
from wagtail.blocks.stream_block import StreamBlockAdapter, StreamBlockValidationError
from wagtail.fields import StreamField

from wagtail_regional.blocks.alliances import AllianceBlock, RecognitionsBlock, TimelineBlock
from wagtail_regional.blocks.base import (
    ReadAlone,
    RegionalBlock,
    html_alone,
    is_of_package,
    read_alone,
    shows_only_ours,
)
from wagtail_regional.blocks.media import DocumentBlock, EmbedBlock, ImageBlock
from wagtail_regional.blocks.partners import (
    FactsBlock,
    PartnerGridBlock,
    PartnerMapBlock,
    ProjectListBlock,
)
from wagtail_regional.blocks.programmes import ProgrammeList
from wagtail_regional.blocks.unknown import UNKNOWN, KnownBlocks, Unreadable, unknown_block
from wagtail_regional.blocks.words import (
    CallToActionBlock,
    ContactBlock,
    FaqBlock,
    HeadingBlock,
    QuoteBlock,
    RelatedLinksBlock,
    RichTextBlock,
)
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.rendering import assets_once, render
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.kept_html import KeptBlock, KeptHtml, block_key
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation
from wagtail_regional.schemas.encoding import to_data
from wagtail_regional.text import refuse_control, texts_in

#: A hook whose functions return (name, block) pairs to add to every RegionalStreamBlock.
HOOK_NAME = "register_regional_blocks"


@dataclass(frozen=True)
class RepresentedBlock:
    """A block of a stream in the contract's shape.

    Attributes:
        type: the block's name in the stream.
        value: its represented value.
        id: the stored id, which stays when the block moves.
        position: where it stands in the stream, for its native value.
    """

    type: str
    value: Any
    id: str | None
    position: int

    def as_shape(self) -> dict[str, Any]:
        """As an item of a page's body."""
        return {"type": self.type, "value": self.value, "id": self.id}

    def as_data(self) -> dict[str, Any]:
        """As Wagtail's APIs write a block, with JSON data for its value."""
        return {**self.as_shape(), "value": to_data(self.value)}


class Stored(NamedTuple):
    """A block as a stream stores it, native value unmade.

    Attributes:
        item: what is stored.
        block: its definition.
    """

    item: Mapping[str, Any]
    block: blocks.Block

    @property
    def value(self) -> Any:
        return self.item.get("value")


class BatchStreamBlock(blocks.StreamBlock):
    """A stream that loads what all its regional blocks refer to at once.

    Subclass it with your own choice of blocks to keep the number of queries fixed. Other
    blocks of Wagtail's or the host's may stand among them; they work as they always do.
    """

    def collect(self, value: Any, needs: Needs) -> None:
        """Say what the stream refers to."""
        for stored in self.stored(value):
            if isinstance(stored.block, RegionalBlock):
                stored.block.collect(stored.value, needs)
                # Who knows what a host's block shows of what is mentioned.
                needs.whole |= not is_of_package(stored.block)

    def represent(self, value: Any, content: Representation) -> list[RepresentedBlock]:
        """The blocks of the stream, without those whose subject is missing."""
        found = (
            self._represent_item(value, position, stored, content)
            for position, stored in enumerate(self.stored(value))
        )
        return [block for block in found if block is not None]

    def _represent_item(
        self, value: Any, position: int, stored: Stored, content: Representation
    ) -> RepresentedBlock | None:
        block = stored.block
        if isinstance(block, RegionalBlock):
            represented = block.represent(stored.value, content)
        else:
            context = {"request": content.context.request}
            represented = block.get_api_representation(value[position].value, context)
        if represented is None:
            return None
        found = stored.item.get("id")
        return RepresentedBlock(block.name, represented, str(found) if found else None, position)

    def stored(self, value: Any) -> list[Stored]:
        """The blocks of a stream as they are stored; native values are built for none."""
        items = value.get_prep_value() if value is not None else []
        return [Stored(item, self.child_blocks[item["type"]]) for item in items]

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        super().__init__(local_blocks, **kwargs)
        self.child_blocks: Any = KnownBlocks(self.child_blocks)

    def to_python(self, value: Any) -> Any:
        """Drop items that are no blocks at all. Those of unknown types, which Wagtail itself
        drops, are kept (see :mod:`wagtail_regional.blocks.unknown`)."""
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return super().to_python(value)
        if isinstance(value, list):
            value = _only_blocks(value)
            if value and isinstance(value[0], Mapping):
                return StreamValue(self, value, is_lazy=True)
        elif not isinstance(value, StreamValue):
            value = None
        return super().to_python(value)

    def bulk_to_python(self, values: Any) -> list[Any]:
        values = list(values)
        known = self.child_blocks.keys()
        if all(_are_known(value, known) for value in values):
            # Which loads what is chosen in all of them at once.
            found: list[Any] = super().bulk_to_python(values)
            return found
        return [self.to_python(value) for value in values]

    def clean(self, value: Any) -> Any:
        """Also refuses texts in a host's blocks that no output could give."""
        cleaned = super().clean(value)
        errors = {}
        for position, child in enumerate(cleaned):
            if isinstance(child.block, RegionalBlock):
                continue
            try:
                for text in texts_in(child.block.get_prep_value(child.value)):
                    refuse_control(text)
            except ValidationError as error:
                errors[position] = error
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned

    # --- Blocks of unknown types in forms --------------------------------------------------------

    def get_form_state(self, value: Any) -> list[dict[str, Any]]:
        state: list[dict[str, Any]] = super().get_form_state(value)
        for item in state:
            if item["type"] not in self.child_blocks:
                item["type"] = UNKNOWN
        return state

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        value = super().value_from_datadict(data, files, prefix)
        return StreamValue(self, [self._as_stored(child) for child in value])

    def _as_stored(self, child: Any) -> tuple[str, Any, Any]:
        """A child of a form as its stored type has it."""
        name, value = child.block_type, child.value
        if name in self.child_blocks:
            return name, value, child.id
        if name == UNKNOWN and isinstance(value, dict) and isinstance(value.get("type"), str):
            name, value = value["type"], value.get("value")
            block = self.child_blocks.get(name)
            if block is None:
                return name, value, child.id
            # The type has come back since the form was made.
            with suppress(AttributeError, KeyError, TypeError, ValueError):
                return name, block.to_python(value), child.id
        return UNKNOWN, Unreadable(), child.id

    def get_api_representation(self, value: Any, context: Any = None) -> list[dict[str, Any]]:
        """All blocks as JSON data, loaded as one batch."""
        request = (context or {}).get("request")
        read = self._read_alone(value, {"request": request})
        return [block.as_data() for block in read.value]

    def render(self, value: Any, context: Mapping[str, Any] | None = None) -> SafeString:
        """The stream in HTML. A page that reads its body itself says so in the context
        (`regional_content`), and nothing is loaded twice."""
        context = context or {}
        content = context.get("regional_content")
        stored = self.stored(value)
        is_kept = all(shows_only_ours(each.block) for each in stored)
        if content is not None and content.holds(value):
            html = self._html_of_page(content, context, is_kept=is_kept)
        else:
            items = [each.item for each in stored]
            html = html_alone(
                partial(self._html_alone, value, context), context, items, is_kept=is_kept
            )
        assets = assets_once(context.get("request")) if stored else ""
        return format_html("{}{}", assets, html)

    def _html_of_page(
        self, content: Any, context: Mapping[str, Any], *, is_kept: bool
    ) -> SafeString:
        kept: KeptHtml | None = getattr(context.get("regional_html"), "kept", None)
        if kept is None or not is_kept:
            return self._html(content.body, content.source.body, content.context, context)
        if kept.blocks is None:
            kept.blocks = self._kept_blocks(content, kept)
        # As our own templates gave it.
        return _in_stream((block.type, mark_safe(block.html)) for block in kept.blocks)  # noqa: S308

    def _kept_blocks(self, content: Any, kept: KeptHtml) -> list[KeptBlock]:
        """The blocks of a page: those that show what they showed before are not made again."""
        page, reader, found = content.source, content.context, []
        with reader.override_language():
            for block in content.body:
                key = block_key(block.value, reader, page.pk, block.type, block.id)
                html = kept.before.get(key)
                if html is None:
                    html = str(self._html_of(block, page.body, {"page": page}))
                found.append(KeptBlock(key, block.type, html))
        return found

    def _html_alone(
        self, value: Any, context: Mapping[str, Any], around: Mapping[str, Any]
    ) -> tuple[SafeString, Stamps | None]:
        read = self._read_alone(value, context, relative=True)
        return self._html(read.value, value, read.reader, around), read.stamps

    def _html(
        self,
        represented: list[RepresentedBlock],
        value: Any,
        reader: ReadContext,
        around: Mapping[str, Any],
    ) -> SafeString:
        # A host's blocks speak the language of the content; ours see to themselves.
        with reader.override_language():
            items = [(each.type, self._html_of(each, value, around)) for each in represented]
        return _in_stream(items)

    def _read_alone(
        self, value: Any, context: Mapping[str, Any], *, relative: bool = False
    ) -> ReadAlone[list[RepresentedBlock]]:
        needs = Needs()
        self.collect(value, needs)
        return read_alone(needs, partial(self.represent, value), context, relative=relative)

    def _html_of(self, item: RepresentedBlock, value: Any, context: Mapping[str, Any]) -> str:
        block = self.child_blocks[item.type]
        around = {**context, "id": item.id}
        if isinstance(block, RegionalBlock):
            native = SimpleLazyObject(lambda: value[item.position].value)
            return block.render_represented(item.value, native, around)
        html: str = value[item.position].render(around)
        return html


def _in_stream(blocks: Iterable[tuple[str, str]]) -> SafeString:
    """Blocks as a stream shows them: each by its type and its HTML."""
    items = [{"type": name, "html": html} for name, html in blocks]
    return render("wagtail_regional/blocks/stream.html", {"items": items})


def _are_known(value: Any, known: Collection[str]) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, Mapping) and "value" in item and item.get("type") in known
        for item in value
    )


class _StreamBlockAdapter(StreamBlockAdapter):
    """As Wagtail's, with the block that stands for those of unknown types."""

    js_constructor = "wagtail_regional.blocks.StreamBlock"

    def js_args(self, block: Any) -> list[Any]:
        name, groups, *others = super().js_args(block)
        return [name, [*groups, (UNKNOWN, [unknown_block()])], *others]

    @cached_property
    def media(self) -> forms.Media:
        script = versioned_static("wagtail_regional/stream_block.js")
        media: forms.Media = super().media + forms.Media(js=[script])
        return media


register(_StreamBlockAdapter(), BatchStreamBlock)


def _only_blocks(items: list[Any]) -> list[Any]:
    """The items that are blocks: as they are stored, or else pairs of a type and a value, as
    code may give them."""
    stored = [
        item
        for item in items
        if isinstance(item, Mapping) and isinstance(item.get("type"), str) and "value" in item
    ]
    return stored or [
        item
        for item in items
        if isinstance(item, list | tuple) and len(item) == 2 and isinstance(item[0], str)
    ]


class RegionalStreamBlock(BatchStreamBlock):
    """All blocks of the package, and those that the host registers.

    A host adds to it with a hook, in its own ``wagtail_hooks.py``::

        @hooks.register("register_regional_blocks")
        def our_blocks():
            return [("opening_hours", OpeningHoursBlock())]

    Type names are public and do not change.
    """

    alliance = AllianceBlock()
    programme_list = ProgrammeList()
    partner_grid = PartnerGridBlock()
    project_list = ProjectListBlock()
    timeline = TimelineBlock()
    partner_map = PartnerMapBlock()
    facts = FactsBlock()
    recognitions = RecognitionsBlock()
    heading = HeadingBlock()
    rich_text = RichTextBlock()
    quote = QuoteBlock()
    faq = FaqBlock()
    call_to_action = CallToActionBlock()
    related_links = RelatedLinksBlock()
    contact = ContactBlock()
    image = ImageBlock()
    document = DocumentBlock()
    embed = EmbedBlock()

    _has_added = False

    @property
    def child_blocks(self) -> KnownBlocks:
        """With those of the host, which are looked for when all models are there: a stream in the
        definition of a model is made before."""
        if not self._has_added and apps.models_ready:
            self._has_added = True
            for function in hooks.get_hooks(HOOK_NAME):
                for name, block in function():
                    block.set_name(name)
                    self._blocks[name] = block
        return self._blocks

    @child_blocks.setter
    def child_blocks(self, known: Mapping[str, blocks.Block]) -> None:
        self._blocks = KnownBlocks(known)


class RegionalStreamField(StreamField):
    """A StreamField whose blocks never enter a migration.

    Hosts add blocks, so the list of blocks is not the package's to freeze. In migrations the
    field is the JSON column that it is in the database: the same column type, and a historical
    model reads and writes the stored list unchanged. (Deconstructing as a StreamField without
    blocks would not do: saving a historical row would then drop its content.)
    """

    def __init__(self, block_types: Any = RegionalStreamBlock, **kwargs: Any) -> None:
        self._constructed_with = (block_types, dict(kwargs))
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> Any:
        # Not StreamField's own, which would build every block for it.
        name, _path, _args, kwargs = models.Field.deconstruct(self)
        kwargs["encoder"] = DjangoJSONEncoder
        return name, "django.db.models.JSONField", [], kwargs

    def clone(self) -> RegionalStreamField:
        """A true copy: the default goes through `deconstruct`, which names another class."""
        block_types, kwargs = self._constructed_with
        return type(self)(block_types, **kwargs)
