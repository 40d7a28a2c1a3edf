"""How much work an import is, counted: it grows with the rows, not with their square."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.imports.conftest import workbook
from tests.imports.test_nothing_lost import rewritten
from wagtail_regional import factories as f
from wagtail_regional.imports import parts
from wagtail_regional.imports.ledger import Ledger
from wagtail_regional.models import Membership


@pytest.fixture
def counted(monkeypatch):
    """Counts calls: `counted(module, name)`."""
    counts: Counter[str] = Counter()

    def count(owner, name):
        original = getattr(owner, name)

        def called(*args, **kwargs):
            counts[name] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, called)
        return counts

    return count


def test_groups_of_one_alliance(run, counted):
    f.AllianceFactory(acronym="LDE")
    lines = [f"LDE,Municipality number {i} of the region,{i + 1}" for i in range(300)]
    text = "alliance,group_label_en,group_count\n" + "\n".join(lines)
    counts = counted(parts, "name_key")
    for _ in range(2):
        assert run("alliances", {"members.csv": text}).status == 0
        assert counts["name_key"] < 5 * len(lines)
        counts.clear()
    assert Membership.objects.count() == len(lines)


def test_members_of_one_alliance(run, counted):
    f.AllianceFactory(acronym="LDE")
    names = [f"Org {i}" for i in range(300)]
    organisations = "name_en,type\n" + "".join(f"{name},company\n" for name in names)
    assert run("organisations", {"o.csv": organisations}).status == 0
    counts = counted(parts, "_meets")
    text = "alliance,organisation,role\n" + "".join(f"LDE,{name},member\n" for name in names)
    for _ in range(2):
        assert run("alliances", {"members.csv": text}).status == 0
    assert 0 < counts["_meets"] <= len(names)


def test_a_label_that_changes_tells_a_group_from_then_on(run):
    f.AllianceFactory(acronym="LDE")
    header = "alliance,group_label_en,group_label_nl,group_count\n"
    assert run("alliances", {"members.csv": f"{header}LDE,towns,steden,6\n"}).status == 0
    # The second line's label is the one that the first has given up.
    text = f"{header}LDE,towns,gemeenten,6\nLDE,cities,steden,4\n"
    assert run("alliances", {"members.csv": text}).status == 0
    labels = {str(row.group_label["nl"]) for row in Membership.objects.all()}
    assert labels == {"gemeenten", "steden"}


def test_merged_cells_below_the_data(run, counted):
    book = workbook(organisations=[["name_en", "type"], ["A", "company"]])
    ranges = "".join(f'<mergeCell ref="A{100 + i}:A{1100 + i}"/>' for i in range(3000))
    merged = f"</sheetData><mergeCells>{ranges}</mergeCells>"
    counts = counted(Ledger, "_lines")
    assert run("organisations", {"o.xlsx": rewritten(book, {"</sheetData>": merged})}).status == 0
    assert counts["_lines"] < 100


def test_cells_merged_from_far_above(run):
    book = workbook(organisations=[["name_en", "type"], ["A", "company"]])
    rows = rewritten(
        book,
        {
            '<row r="2"': '<row r="5000"',
            '"A2"': '"A5000"',
            '"B2"': '"B5000"',
            "</sheetData>": '</sheetData><mergeCells><mergeCell ref="A2:A5000"/></mergeCells>',
        },
    )
    assert "merged" in run("organisations", {"o.xlsx": rows}).err
