"""The block of the how-to that is not a regional one gives a front end what the page promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from wagtail.models import PageViewRestriction

from tests.blocks.test_unknown import API, registered
from tests.conftest import block, fill

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "blocks.md"
EXAMPLE = re.compile(r"<!-- example: own block -->\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def notice():
    [code] = EXAMPLE.findall(PAGE.read_text())
    names: dict = {}
    exec(code, names)  # what a reader would paste
    return names["NoticeBlock"]()


@pytest.mark.parametrize("private", [False, True])
def test_the_block_of_the_how_to_gives_addresses(section, client, notice, private):
    linked = section.index
    rich = f'<p><a linktype="page" id="{linked.pk}">x</a></p>'
    if private:
        PageViewRestriction.objects.create(page=linked, restriction_type="login")
    with registered(section.page, "notice", notice):
        page = fill(section.page, [block("notice", {"text": rich, "page": linked.pk})])
        value = notice.get_api_representation(page.body[0].value, {})
        if not private:  # below it, the page itself is private as well
            [answered] = client.get(f"{API}/pages/{page.pk}/").json()["body"]
            assert answered["value"] == value
    address = linked.full_url
    assert address.startswith("http")
    assert value == {
        "text": "<p><a>x</a></p>" if private else f'<p><a href="{address}">x</a></p>',
        "page": None if private else address,
    }
