"""Blocks of a site's own, with each of ours inside."""

from typing import Any

from wagtail import blocks, hooks

from wagtail_regional.blocks import BatchStreamBlock, RegionalStreamBlock


def ours() -> list[tuple[str, Any]]:
    """Each of our blocks, made anew: one block stands in one place only."""
    return [(name, type(block)()) for name, block in RegionalStreamBlock.base_blocks.items()]


@hooks.register("register_regional_blocks")
def blocks_with_ours_inside() -> list[tuple[str, Any]]:
    lists = [(name, blocks.ListBlock(block)) for name, block in ours()]
    return [
        ("in_struct", blocks.StructBlock(ours(), label="Ours in a struct")),
        ("in_lists", blocks.StructBlock(lists, label="Ours in lists")),
        ("in_stream", blocks.StreamBlock(ours(), label="Ours in a stream", required=False)),
        ("in_batch", BatchStreamBlock(ours(), label="Ours in a batch", required=False)),
    ]
