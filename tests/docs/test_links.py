"""Every page of the documentation is found from its index, and leads to what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(page: Path) -> list[str]:
    """What a page leads to within the repository, code left aside."""
    found = LINK.findall(FENCE.sub("", page.read_text()))
    return [each for each in found if "://" not in each and not each.startswith("mailto:")]


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub names them."""
    titles = (
        re.sub(r"[`*]|\]\([^)]*\)|\[", "", each)
        for each in HEADING.findall(FENCE.sub("", page.read_text()))
    )
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in titles}


def test_the_index_names_every_page():
    named = {(DOCS / each.partition("#")[0]).resolve() for each in links(DOCS / "index.md")}
    pages = {page for page in DOCS.rglob("*.md") if page != DOCS / "index.md"}
    assert sorted(str(page.relative_to(DOCS)) for page in pages - named) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    lost = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


#: Pages that a host in .ci/hosts follows: where, and below which heading.
FOLLOWED = [
    ("README.md", "## Add it to your site"),
    ("README.md", "## Use the blocks on your own pages"),
    ("docs/tutorials/first-section.md", ""),
    ("docs/how-to/own-base-page.md", ""),
]
#: What a reader does elsewhere: making and entering an environment.
BY_HAND = ("python3 -m venv venv",)


@pytest.mark.parametrize("page, heading", FOLLOWED)
def test_all_that_a_reader_is_told_to_do_is_tried(page, heading, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / ".ci" / "hosts"))
    import guide

    steps = guide.steps(page, heading)
    assert steps
    untried = [each.text for each in steps if not each.action]
    assert [each for each in untried if not each.startswith(BY_HAND)] == []
    for step in steps:
        assert step.path or step.action in ("run", "serve", "ask", "shows", "find", ""), step
