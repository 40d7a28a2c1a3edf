"""One thing that cannot be read hides nothing of the rest; and what is there to be read, is."""

from __future__ import annotations

import itertools

import pytest

from tests.imports.conftest import workbook
from tests.imports.test_nothing_lost import rewritten
from wagtail_regional import factories as f
from wagtail_regional.imports.formats import csv_files
from wagtail_regional.models import Organisation

RORS = [
    "https://ror.org/027bh9e22",
    "https://ror.org/02e2c7k09",
    "https://ror.org/05grdyy37",
]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="D2"><v>NaN</v></c>',
        '<c r="D2"><v>INF</v></c>',
        '<c r="D2"><v>1e400</v></c>',
        '<c r="D2"><v>-1e400</v></c>',
        '<c r="D2" t="s"><v>9999</v></c>',
        '<c r="D2" t="s"><v>x</v></c>',
        '<c r="D2" t="b"><v>maybe</v></c>',
        '<c r="D2" t="d"><v>yesterday</v></c>',
        '<c r="D2" s="99"><v>1</v></c>',
        "<c><v>NaN</v></c>",
    ],
)
def test_a_bad_cell_is_told_by_its_place(run, cell):
    rows = [["name_en", "type", "founded", "acronym"], ["A", "company", "2001", "x"]]
    book = workbook(organisations=[*rows, ["B", "compnay", "2002", "y"]])
    data = rewritten(book, {r'<c r="D2".*?</c>': cell})
    result = run("organisations", {"o.xlsx": data})
    told = [(each["place"]["line"], each["column"]) for each in result.problems]
    assert told == [(2, "acronym"), (3, "type")]
    assert "damaged in this cell" in result.err


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b'\xef\xbb\xbf"name_en",type\nA,company\n', "utf-8"),
        (b"\xef\xbb\xbfname_en,type\nA,company\n", "UTF8"),
        (b"\xef\xbb\xbfname_en,type\nA,company\n", "utf-8-sig"),
        ("\ufeffname_en,type\nA,company\n".encode("utf-16-le"), "utf-16-le"),
        ("\ufeffname_en,type\nA,company\n".encode("utf-16-be"), "utf-16"),
        ("name_en,type\nA,company\n".encode("utf-16-le"), "utf-16-le"),
        ("name_en\u200b,\u2060type\u00ad\nA,company\n".encode(), ""),
        ("name_en\u00a0,ty\u200bpe\nA,company\n".encode(), "utf-8"),
    ],
)
def test_marks_that_nobody_sees_are_no_part_of_a_header(run, data, encoding):
    result = run("organisations", {"o.csv": data}, encoding=encoding)
    assert result.status == 0, result.err
    assert Organisation.objects.get().name["en"] == "A"


def test_a_cell_may_be_long(run):
    text = "x " * 100_000
    result = run("programmes", {"p.csv": f"name_en,type,summary_en\nP,course,{text}\n"})
    assert result.status == 0, result.err
    result = run("organisations", {"o.csv": f"name_en,type\n{text},company\nB,x\n"})
    assert [each["place"]["line"] for each in result.problems] == [3, 2]


def test_a_cell_that_is_too_long_is_told_as_that(run, monkeypatch):
    monkeypatch.setattr(csv_files.csv, "field_size_limit", lambda *args: 131_072)
    monkeypatch.setattr(csv_files, "MOST_IN_CELL", 131_072)
    error = csv_files.csv.Error("field larger than field limit (131072)")
    lines = csv_files._Lines(None, 4)
    lines.row = ["x"]
    refusal = csv_files._refusal(lines, ",", csv_files.Place("o.csv"), error)
    assert "131072 characters" in refusal.message and refusal.place.line == 4


# --- ROR ids that change hands -----------------------------------------------------------------


@pytest.fixture
def holders(site):
    return [
        f.OrganisationFactory(name={"en": f"O{number}"}, type="company", ror_id=ror)
        for number, ror in enumerate(RORS)
    ]


def rors(rows):
    return [Organisation.objects.get(pk=row.pk).ror_id for row in rows]


@pytest.mark.parametrize("given", list(itertools.permutations([*RORS, "(empty)"], 3)))
def test_ror_ids_change_hands_within_a_file(run, holders, given):
    lines = [f"{row.uuid},{ror}\n" for row, ror in zip(holders, given, strict=True)]
    text = "uuid,ror_id\n" + "".join(lines)
    assert run("organisations", {"o.csv": text}, dry_run=True).status == 0
    result = run("organisations", {"o.csv": text})
    assert result.status == 0, result.err
    assert rors(holders) == [None if ror == "(empty)" else ror for ror in given]
    assert run("organisations", {"o.csv": text}).rows == []


def test_ror_ids_change_hands_across_batches(run, holders):
    first, last = holders[0], holders[1]
    between = "".join(
        f"11111111-1111-4111-8111-{number:012d},N{number},company,\n" for number in range(520)
    )
    text = f"uuid,name_en,type,ror_id\n{first.uuid},,,{RORS[1]}\n{between}{last.uuid},,,-\n"
    assert run("organisations", {"o.csv": text}).status == 0
    assert rors([first, last]) == [RORS[1], None]


def test_a_new_row_takes_over_and_others_name_it(run, holders):
    new = "11111111-1111-4111-8111-000000000001"
    text = (
        "uuid,name_en,type,ror_id,parent\n"
        f"{holders[2].uuid},,,,{RORS[0]}\n"
        f"{holders[0].uuid},,,(empty),\n"
        f"{new},New,company,{RORS[0]},\n"
    )
    # By its ROR id alone the third line would be the row that has it still.
    assert "the same as" in run("organisations", {"o.csv": text}).err
    text = text.replace(new, str(holders[1].uuid)).replace(",New,company,", ",,,")
    assert run("organisations", {"o.csv": text}).status == 0
    assert Organisation.objects.get(pk=holders[2].pk).parent_id == holders[1].pk


def test_an_ror_id_goes_to_one_row_and_from_one_that_gives_it_up(run, holders):
    header = "uuid,ror_id\n"
    one, other, third = (row.uuid for row in holders)
    result = run("organisations", {"o.csv": f"{header}{one},{RORS[1]}\n"})
    assert "Another organisation has this ROR id" in result.err
    text = f"{header}{one},-\n{other},{RORS[0]}\n{third},{RORS[0]}\n"
    result = run("organisations", {"o.csv": text})
    assert [each["place"]["line"] for each in result.problems] == [4]
    assert rors(holders) == RORS
