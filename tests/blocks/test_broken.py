"""Whatever is stored, a page renders and serves: what is broken is left out, the rest stays.

Stored blocks come from old versions, imports and other programs. Each field of each block is
given each of the values below in turn, and read the way every page and endpoint reads it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import wagtail
from django.db import connection
from pydantic import TypeAdapter
from pydantic_core import to_json

from tests.conftest import block, fill
from wagtail_regional.blocks import RegionalStreamBlock
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import represent_with

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
STREAM = RegionalStreamBlock()

#: Nothing an editor would enter; anything another program might have stored.
JUNK: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, 1e300,
    2**31, 2**63, -(2**63) - 1, 10**60,
    "", " ", "words", "1", "-1", " 1 ", "²", "٣", "1e3", "9" * 60, "9" * 5000,
    "http://[", "http://[::1", "//host", "javascript:alert(1)", "mailto:a@b.nl", "http://a b/",
    "2014-13", "2014-02-30", "0000", "99999", "2026-02-29T10:00:00", "someday",
    "<script>alert(1)</script>", '<a linktype="page" id="²">x</a>',
    f'<a linktype="page" id="{"9" * 60}">x</a>', '<a linktype="document" id="-1">x</a>',
    '<embed embedtype="image" id="²" alt="" format="left"/>',
    '<embed embedtype="media" url="http://["/>', '<a linktype="unknown" id="1">x</a>', "<a <b",
    [], [[]], [None], [1], ["1"], [[[1]]], [{}], [{"value": None}], [{"value": [1]}],
    [{"type": "item", "value": {"a": 1}, "id": 3}], [{"type": "item", "value": 10**60}],
    ["members", "no such section", None, {}],
    {}, {"value": 1}, {"a": {"b": [1]}}, {"image": 10**60}, {"image": "²", "alt_text": 3},
]  # fmt: skip


def broken(value: Any) -> Iterator[Any]:
    """`value` with each of its parts, and itself, replaced by each kind of junk, or missing."""
    yield from JUNK
    if isinstance(value, dict):
        for name, part in value.items():
            yield {key: each for key, each in value.items() if key != name}
            for other in broken(part):
                yield {**value, name: other}
    elif isinstance(value, list):
        for position, part in enumerate(value):
            for other in broken(part):
                yield [*value[:position], other, *value[position + 1 :]]


def test_the_sound_blocks_are_all_of_them(whole):
    assert set(whole) == set(STREAM.child_blocks)


@contextmanager
def naming(name: str, value: Any) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        error.add_note(f"{name} was stored as {json.dumps(value)[:500]}")
        raise


@pytest.mark.parametrize("name", list(STREAM.child_blocks))
def test_anything_stored_is_read(whole, section, client, name):
    child, needs = STREAM.child_blocks[name], Needs()
    schema = TypeAdapter(child.schema)
    values = list(broken(whole[name]))
    for value in values:
        with naming(name, value):
            child.collect(copy.deepcopy(value), needs)
    content = represent_with(needs, ReadContext("en"))
    for value in values:
        with naming(name, value):
            found = child.represent(value, content)
            if found is not None:
                schema.validate_json(to_json(found))
    some = values[:: len(values) // 60 + 1]
    store(section.page, [block(name, value) for value in (*JUNK, *some)])
    assert_served(client, section.page)


def store(page: Any, stored: Any) -> None:
    """Write a body as another program would: past the field's own care."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {type(page)._meta.db_table} SET body = %s WHERE page_ptr_id = %s",
            [json.dumps(stored), page.pk],
        )


def assert_served(client, page) -> None:
    addresses = [page.get_url(), f"/api/v2/pages/{page.pk}/", f"{API}/pages/{page.pk}/"]
    if wagtail.VERSION >= (8, 0):
        addresses.append(f"/api/v3/pages/{page.pk}/")
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, (address, response.content[:500])
        assert 'href="javascript:' not in response.content.decode()


def test_words_are_words_on_a_page(section, client, whole):
    """What an editor types as text is text, in whichever block and field."""

    def typed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: typed(each) for key, each in value.items()}
        if isinstance(value, list):
            return [typed(each) for each in value]
        is_rich = isinstance(value, str) and value.startswith("<p>")
        return (
            "<script>alert(1)</script>"
            if value and isinstance(value, str) and not is_rich
            else value
        )

    kept = {"source", "count", "show", "url", "source_url", "as_of", "date"}
    bodies = []
    for name, value in whole.items():
        words = typed(value)
        if isinstance(words, dict):
            words |= {key: each for key, each in value.items() if key in kept}
        bodies.append(block(name, words))
    fill(section.page, bodies)
    html = client.get(section.page.get_url()).content.decode()
    assert html.count("&lt;script&gt;alert(1)") > 10
    assert "<script>alert(1)" not in html.replace(whole["rich_text"], "")


STREAMS: list[Any] = [
    [{"type": kind, "value": "x"} for kind in (None, 1, [], {}, ["heading"], "", "no such")],
    [{"value": "x"}, {"type": "heading"}, None, 1, "x", [], [{}], {}],
    [{"type": "heading", "value": {"text": "T"}, "id": odd} for odd in (None, 1, [], {}, "<b>")],
    {"type": "heading", "value": {"text": "T"}},
    [[["heading", {"text": "T"}]]],
    [1, 2, 3],
    ["heading"],
    3,
    True,
    "words",
]


@pytest.mark.parametrize("stored", STREAMS, ids=lambda stored: json.dumps(stored)[:40])
def test_any_stream_is_read(section, client, stored):
    store(section.page, stored)
    assert_served(client, section.page)
