"""How blocks stand in the migrations of a site that uses them.

Wagtail writes the definition of a host's stream into the host's migrations. Of our blocks it
writes what the stored value is made of and nothing else, in classes of Wagtail's own: no label,
help text, choice or rule, which may be reworded, and no path into this package, which may be
reorganised or removed. A historical model made of it reads and writes what is stored unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from wagtail_regional.compat import default_of

#: Whose classes are replaced. A host's own block among ours freezes as it says itself.
_REPLACED = ("wagtail", "wagtail_regional")


def _plain(kind: type[blocks.Block]) -> Callable[[Any], blocks.Block]:
    return lambda block: kind(**_default(block))


def _struct(block: Any) -> blocks.Block:
    return blocks.StructBlock([(name, frozen(each)) for name, each in block.child_blocks.items()])


def _stream(block: Any) -> blocks.Block:
    return blocks.StreamBlock([(name, frozen(each)) for name, each in block.child_blocks.items()])


def _list(block: Any) -> blocks.Block:
    return blocks.ListBlock(frozen(block.child_block), **_default(block))


#: The first that fits. What is chosen is kept by its key, whatever becomes of the row: Wagtail's
#: own choosers ask today's models for it, and write nothing where it is missing.
_FROZEN: tuple[tuple[Any, Callable[[Any], blocks.Block]], ...] = (
    # Stored as an image's key once, and as an object now: kept as it is.
    (ImageBlock, lambda block: blocks.Block()),
    (blocks.BaseStructBlock, _struct),
    (blocks.BaseStreamBlock, _stream),
    (blocks.ListBlock, _list),
    (blocks.ChooserBlock, lambda block: blocks.IntegerBlock()),
    (blocks.MultipleChoiceBlock, lambda block: blocks.MultipleChoiceBlock(choices=[])),
    (blocks.ChoiceBlock, lambda block: blocks.ChoiceBlock(choices=[])),
    (blocks.RichTextBlock, lambda block: blocks.RichTextBlock()),
    (blocks.BooleanBlock, _plain(blocks.BooleanBlock)),
    (blocks.IntegerBlock, _plain(blocks.IntegerBlock)),
    # A date block fails on a stored text that is no date.
    (blocks.DateBlock, lambda block: blocks.CharBlock()),
    (blocks.URLBlock, lambda block: blocks.URLBlock()),
    (blocks.EmailBlock, _plain(blocks.EmailBlock)),
    (blocks.TextBlock, _plain(blocks.TextBlock)),
    (blocks.RegexBlock, _plain(blocks.CharBlock)),
    (blocks.CharBlock, _plain(blocks.CharBlock)),
)


def _default(block: blocks.Block) -> dict[str, Any]:
    """What a field that was stored before it existed reads as. Not where it is in words."""
    default = default_of(block)
    is_word = isinstance(default, str) and default
    plain = isinstance(default, str | bool | int | list) and not is_word
    return {"default": default} if plain else {}


def frozen(block: blocks.Block) -> blocks.Block:
    """What stands for a block in a migration: of Wagtail's classes, without words and rules.

    Args:
        block: of ours or Wagtail's. Any other is given back as it is.
    """
    is_ours = isinstance(block, Freezes)
    if is_ours or type(block).__module__.partition(".")[0] in _REPLACED:
        for kind, make in _FROZEN:
            if isinstance(block, kind):
                return make(block)
    return block


class Freezes(blocks.Block):
    """Mixin for a block that enters migrations as :func:`frozen` says."""

    @cached_property
    def _frozen(self) -> blocks.Block:
        return frozen(self)

    def deconstruct(self) -> Any:
        return super().deconstruct() if self._frozen is self else self._frozen.deconstruct()

    def deconstruct_with_lookup(self, lookup: Any) -> Any:
        if self._frozen is self:
            return super().deconstruct_with_lookup(lookup)
        return self._frozen.deconstruct_with_lookup(lookup)
