"""What was chosen, found at any depth of a host's own blocks."""

from __future__ import annotations

import pytest
from wagtail import blocks

from wagtail_regional.blocks import AllianceBlock
from wagtail_regional.usage.streams import values_of

ALLIANCE = AllianceBlock()
NESTED = blocks.StreamBlock(
    [
        ("alliance", ALLIANCE),
        (
            "section",
            blocks.StructBlock(
                [
                    ("title", blocks.CharBlock()),
                    ("items", blocks.ListBlock(blocks.StreamBlock([("alliance", ALLIANCE)]))),
                ]
            ),
        ),
    ]
)


ONE = {"type": "alliance", "value": {"alliance": 2}}


def inside(items):
    return [{"type": "section", "id": "s", "value": {"title": "x", "items": items}}]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ([{"type": "alliance", "value": {"alliance": 1}, "id": "a"}], [1]),
        (inside([{"type": "item", "id": "i", "value": [ONE]}]), [2]),
        # As lists were stored once.
        (inside([[{"type": "alliance", "value": {"alliance": 3}}]]), [3]),
        # What fits no definition is passed over.
        (inside("nonsense"), []),
        ([{"type": "gone", "value": {"alliance": 4}}, "nonsense", {}], []),
        (None, []),
    ],
)
def test_blocks_are_found_at_any_depth(raw, found):
    assert [value["alliance"] for value in values_of(NESTED, raw, AllianceBlock)] == found
