"""Every row and cell of a table is imported, refused by name, or counted as passed over."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from tests.imports.conftest import workbook
from tests.imports.test_sources import DUMP
from wagtail_regional import factories as f
from wagtail_regional.imports import directory as registry
from wagtail_regional.imports.exporting import export_workbook
from wagtail_regional.imports.kinds import KINDS
from wagtail_regional.models import Alliance, Organisation, Programme

ALLIANCES = (
    "name_en;type;starts;summary_en\r\n"
    'Alpha Network;network;2014;"Works on health\r\n'
    "Beta Network;network;2015;Works on water\r\n"
    "Gamma Network;network;2016;Works on steel\r\n"
)


def adds_up(result):
    totals = dict(result.totals)
    return totals.pop("rows") == sum(totals.values())


# --- Quotation marks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "line", "told"),
    [
        (['Alpha;network;2014;"Works', "Beta;network;2015;Water"], 2, "left open"),
        (["Beta;network;2015;Water", 'Alpha;network;2014;"Works'], 3, "left open"),
        (['"Alpha;network;2014;Works', "Beta;network;2015;Water"], 2, "left open"),
        (['Alpha;network;2014;"Two', 'lines";', 'Beta;"network;2015;Water', "x"], 4, "left open"),
        (['Alpha;network;2014;"Works', 'Beta;network;2015;"Water"'], 2, "closes before"),
        (['Alpha;network;2014;"Works" on health'], 2, "closes before"),
        (['Alpha;network;2014;"Works', "Beta;network;2015;Water", 'C;network;2016;"'], 2, "Beta"),
        (['"Alpha";network;2014;"A', "B;network;2015;C", 'D;network;2016;E"'], 2, "other rows"),
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_quotation_mark_left_open_is_refused_where_it_opens(run, lines, line, told, end):
    text = end.join(["name_en;type;starts;summary_en", *lines]) + end
    result = run("alliances", {"a.csv": text})
    assert result.status == 1 and not Alliance.objects.exists()
    assert "Done" not in result.out and adds_up(result)
    assert any(
        problem["place"]["line"] == line and told in problem["reason"]
        for problem in result.problems
    ), result.problems


def test_quotation_marks_as_they_should_be(run):
    text = (
        "name_en,type,acronym,summary_en\n"
        '"Alpha ""A""", "network" ,5" pipe,"One, two\nthree, four, five"\n'
    ).replace('" ,5', '",5')
    assert run("alliances", {"a.csv": text}).status == 0
    row = Alliance.objects.get()
    assert row.name["en"] == 'Alpha "A"' and row.acronym == '5" pipe'
    assert row.summary["en"] == "One, two\nthree, four, five"


# --- Cells that are not what they seem -------------------------------------------------------

ENGLISH = "#N/A #REF! #VALUE! #NAME? #DIV/0! #NULL! #NUM! #SPILL! #CALC! #GETTING_DATA"
LOCAL = "#N/B #VERW! #WAARDE! #DEEL/0! #NAAM? #NV #BEZUG! #WERT! #VALEUR! #NOM? ##### Err:502"


@pytest.mark.parametrize("value", f"{ENGLISH} {LOCAL}".split())
def test_an_error_value_is_refused_by_cell(run, value):
    text = f"name_en;type;acronym;locality\nAlpha;company;{value};\nBeta;company;;Leiden\n"
    csv = run("organisations", {"o.csv": text})
    cells = [line.split(";") for line in text.splitlines()]
    xlsx = run("organisations", {"o.xlsx": workbook(organisations=cells)})
    for result in csv, xlsx:
        [problem] = result.problems
        assert (problem["place"]["line"], problem["column"]) == (2, "acronym")
        assert "shows an error" in problem["reason"] and adds_up(result)
    assert not Organisation.objects.exists()


def test_an_error_value_in_the_first_cell_is_no_note(run):
    result = run("organisations", {"o.csv": "name_en,type\n#N/A,company\n"})
    assert [p["column"] for p in result.problems] == ["name_en"] and not result.passed


@pytest.mark.parametrize("name", ["#MeToo", "#1 College", "# sharp", "#NVidia"])
def test_a_name_that_begins_with_a_number_sign(run, name):
    text = f"type,name_en\ncompany,{name}\n"
    assert run("organisations", {"o.csv": text}).status == 0
    assert Organisation.objects.get().name["en"] == name


def formula_workbook(**cells):
    """A workbook whose cells have formulas that nobody calculated, with what Excel would keep."""
    book = Workbook()
    sheet = book.active
    sheet.title = "organisations"
    sheet.append(["name_en", "type", "locality"])
    sheet.append(["Org", "education", '=UPPER("leiden")'])
    data = io.BytesIO()
    book.save(data)
    return rewritten(data.getvalue(), cells)


def rewritten(data, changes):
    """A workbook with parts of its sheet's XML changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.infolist():
            text = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                for old, new in changes.items():
                    assert re.search(old.encode(), text), (old, text)
                    text = re.sub(old.encode(), new.encode(), text)
            target.writestr(part, text)
    return made.getvalue()


def test_a_formula_that_nobody_calculated_is_refused_by_cell(run):
    result = run("organisations", {"o.xlsx": formula_workbook()})
    [problem] = result.problems
    assert (problem["place"]["line"], problem["column"]) == (2, "locality")
    assert "formula" in problem["reason"] and not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("cell", "locality"),
    [
        (r'<c r="C2" t="str"><f>UPPER("leiden")</f><v>LEIDEN</v></c>', "LEIDEN"),
        (r'<c r="C2" t="str"><f>UPPER("")</f><v></v></c>', ""),
        (
            r'<c r="C2" t="inlineStr"><is><r><t>Lei</t></r><r><rPr><b/></rPr><t>den</t></r></is>'
            "</c>",
            "Leiden",
        ),
    ],
)
def test_what_a_formula_gave_is_read(run, cell, locality):
    data = formula_workbook()
    data = rewritten(data, {r'<c r="C2".*?</c>': cell})
    assert run("organisations", {"o.xlsx": data}).status == 0
    assert Organisation.objects.get().locality == locality


def saved(book):
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_what_the_spreadsheet_made_of_a_text_is_refused(run):
    book = load_workbook(
        io.BytesIO(
            workbook(
                organisations=[
                    ["name_en", "type", "acronym", "locality", "latitude"],
                    [True, "company", dt.date(2026, 9, 2), 0.15, 0.15],
                ]
            )
        )
    )
    sheet = book["organisations"]
    sheet["D2"].number_format = sheet["E2"].number_format = "0%"
    result = run("organisations", {"o.xlsx": saved(book)})
    told = {problem["column"]: problem["reason"] for problem in result.problems}
    assert set(told) == {"name_en", "acronym", "latitude", "longitude"} - {"longitude"}
    assert "2026-09-02" in told["acronym"] and "TRUE" in told["name_en"]
    assert "15%" in told["latitude"]


def test_dates_of_the_1904_system(run):
    book = Workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    sheet = book.active
    sheet.append(["name_en", "type", "founded"])
    sheet.append(["Alpha", "education", dt.date(2014, 2, 3)])
    assert run("organisations", {"o.xlsx": saved(book)}).status == 0
    assert str(Organisation.objects.get().founded) == "2014-02-03"


def test_merged_cells_are_refused_by_range(run):
    book = Workbook()
    sheet = book.active
    sheet.append(["Our organisations"])
    sheet["A1"] = "# Our organisations"
    sheet.merge_cells("A1:C1")
    sheet.append(["name_en", "type", "country"])
    for name in "ABC":
        sheet.append([name, "education", "NL" if name == "A" else None])
    sheet.merge_cells("C3:C5")
    result = run("organisations", {"o.xlsx": saved(book)})
    [problem] = result.problems
    assert (problem["place"]["line"], problem["column"]) == (3, "country")
    assert problem["value"] == "C3:C5" and "merged" in problem["reason"]


# --- Rows and sheets that are passed over ----------------------------------------------------


def test_rows_that_are_only_formatted_are_not_rows(run, monkeypatch):
    book = Workbook()
    sheet = book.active
    sheet.append(["name_en", "type", "country"])
    sheet.append(["Alpha", "education", "NL"])
    for line in range(3, 200):
        sheet.cell(line, 3).font = Font(bold=True)
    sheet.cell(69_999, 3).font = Font(bold=True)
    result = run("organisations", {"o.xlsx": saved(book)})
    assert result.status == 0 and Organisation.objects.count() == 1
    assert result.totals == {
        "rows": 199, "added": 1, "changed": 0, "unchanged": 0, "refused": 0, "passed_over": 198,
    }  # fmt: skip
    assert [each["count"] for each in result.passed] == [198]
    assert "empty" in result.passed[0]["reason"]


def test_notes_and_empty_rows_are_counted(run):
    text = "# about\nname_en,type\n# a note,x\nA,company\n,\n\n#more\n\u200b,\u00a0\n"
    result = run("organisations", {"o.csv": text})
    assert result.status == 0, result.err
    assert result.totals["rows"] == 7 and result.totals["passed_over"] == 6 and adds_up(result)
    counts = {each["reason"].split()[1]: each["count"] for each in result.passed}
    assert counts == {"is": 3, "row": 3}
    assert "o.csv, lines 1, 3, 7" in result.out
    assert not re.search(r"^Done\.$", result.out, re.MULTILINE)


def test_done_is_said_where_all_was_done(run):
    result = run("organisations", {"o.csv": "name_en,type\nA,company\n"})
    assert re.search(r"^Done\.$", result.out, re.MULTILINE) and not result.passed
    assert "1 row in the files: 1 added, 0 changed, 0 the same, 0 refused" in result.out


def test_sheets_that_are_not_read_are_named(run):
    book = load_workbook(
        io.BytesIO(
            workbook(
                organisations=[["name_en", "type"], ["A", "company"]],
                alliances=[["name_en", "type"], ["LDE", "alliance"], ["X", "alliance"]],
                Notes=[["Whom to ask"], ["Me"]],
                Old=[["name_en", "type"], ["B", "company"]],
                Empty=[],
            )
        )
    )
    book["Old"].sheet_state = "hidden"
    result = run("organisations", {"o.xlsx": saved(book)})
    assert result.status == 0 and Organisation.objects.count() == 1
    assert {(each["where"], each["count"]) for each in result.passed} == {
        ("o.xlsx, alliances", 3),
        ("o.xlsx, Notes", 2),
        ("o.xlsx, Old", 2),
    }
    reasons = " ".join(each["reason"] for each in result.passed)
    assert "hidden" in reasons and "import of alliances" in reasons and adds_up(result)


def test_two_sheets_of_one_table_are_told(run):
    data = workbook(
        A=[["name_en", "type"], ["A", "company"]], B=[["name_en", "type"], ["B", "company"]]
    )
    result = run("organisations", {"o.xlsx": data})
    assert result.counts == {"add": 2}
    assert [p["reason"] for p in result.problems if p["warning"]] == [
        "The sheets “A” and “B” are both read as organisations."
    ]


def test_files_of_one_name_are_told_apart(run, tmp_path):
    files = {"one/o.csv": "name_en,type\nA,company\n", "two/o.csv": "name_en,type\nB,compny\n"}
    result = run("organisations", files)
    assert result.totals["rows"] == 2 and result.totals["refused"] == 1
    assert "o (2).csv, line 2" in result.err


def test_a_part_removed_already_is_unchanged(run):
    f.AllianceFactory(acronym="LDE")
    f.OrganisationFactory(acronym="UL")
    result = run("alliances", {"members.csv": "alliance,organisation,remove\nLDE,UL,yes\n"})
    assert result.totals["unchanged"] == 1 and adds_up(result)


# --- All errors together ---------------------------------------------------------------------


def test_all_errors_of_a_file_are_told_at_once(run):
    text = (
        "name_en,type,wesbite,founded,parent,latitude,type\n"
        "A,compny,x,2014,,,\n"
        "B,company,,soon,Nobody,,\n"
        "B,company,,2014,Nobody else,95,\n"
        ",company,,,,1,\n"
    )
    result = run("organisations", {"o.csv": text})
    assert {(p["place"]["line"], p["column"]) for p in result.problems} == {
        (1, "wesbite"),
        (1, "type"),
        (2, "type"),
        (3, "founded"),
        (3, "parent"),
        (4, ""),
        (4, "parent"),
        (4, "latitude"),
        (5, "name_en"),
        (5, "longitude"),
    }
    assert result.totals == {
        "rows": 4, "added": 0, "changed": 0, "unchanged": 0, "refused": 4, "passed_over": 0,
    }  # fmt: skip


def test_what_hangs_on_nothing_is_looked_through_too(run):
    f.OrganisationFactory(acronym="UL")
    text = "alliance,organisation,role,starts\n,Nobody,chief,2014\nNone,Nobody,partner,2015-13\n"
    result = run("alliances", {"members.csv": text})
    assert {(p["place"]["line"], p["column"]) for p in result.problems} == {
        (2, "alliance"),
        (2, "organisation"),
        (2, "role"),
        (3, "alliance"),
        (3, "organisation"),
        (3, "starts"),
    }


def test_a_table_without_its_parents_column(run):
    result = run("alliances", {"members.csv": "organisation,role\nNobody,chief\n"})
    assert {(p["place"]["line"], p["column"]) for p in result.problems} == {
        (1, "alliance"),
        (2, "role"),
        (2, "organisation"),
    }
    assert result.totals["refused"] == 1


# --- What people write -----------------------------------------------------------------------

FOUNDED = {
    "31-12-2026": "2026-12-31",
    "2026-12-31 00:00:00": "2026-12-31",
    # The site is in Amsterdam.
    "2026-12-31T00:00:00Z": "2026-12-31",
    "2026-08-31T22:00:00Z": "2026-09-01",
    "medio 2016": None,
    "mid 2016": None,
    "46387": None,
    "01/02/2026": None,
    "2026-1-5": "2026-01-05",
    "01-2026": "2026-01",
    "jan-26": None,
    "31-12-26": None,
    "2016-2020": None,
    "2011-12": "2011-12",
    "1 januari 2026": None,
    "1.2.2026": "2026-02-01",
    "2014?": None,
    "20226": None,
    "31-12-2026 00:00": "2026-12-31",
    "２０１４": "2014",
    "0000": None,
    "99999": None,
    "9999-12-31T23:59:59-12:00": None,
    "1000-01-01T00:00:00+14:00": None,
    "2026-02-30": None,
    "12:00": None,
}


def test_dates_as_people_write_them(run):
    lines = [f"Org {at};education;{text}" for at, text in enumerate(FOUNDED)]
    refused = {at for at, date in enumerate(FOUNDED.values()) if date is None}
    whole = "\n".join(["name_en;type;founded", *lines])
    result = run("organisations", {"o.csv": whole})
    assert {problem["place"]["line"] - 2 for problem in result.problems} == refused
    good = [line for at, line in enumerate(lines) if at not in refused]
    assert run("organisations", {"o.csv": "\n".join(["name_en;type;founded", *good])}).status == 0
    found = {row.name["en"]: str(row.founded) for row in Organisation.objects.all()}
    assert found == {
        f"Org {at}": date for at, date in enumerate(FOUNDED.values()) if date is not None
    }


def test_a_spreadsheets_number_for_a_day_is_explained(run):
    [problem] = run("organisations", {"o.csv": "name_en,type,founded\nA,company,46387\n"}).problems
    assert "2026-12-31" in problem["reason"]


NUMBERS = {
    "15": "15.0",
    "7,5": "7.5",
    "1 680": "1680.0",
    "1\u00a0680,5": "1680.5",
    "1.680,5": "1680.5",
    "1,680.5": "1680.5",
    "1’680": "1680.0",
    "１５": "15.0",
    "1,680": "1680 or 1.68",
    "1.680": "1680 or 1.68",
    "−1": "greater than or equal to 0",
    "15 EC": "not a number",
    "1e999": "too large",
    "½": "not a number",
    "NaN": "not a number",
}


@pytest.mark.parametrize(("text", "expected"), NUMBERS.items())
def test_numbers_as_people_write_them(run, text, expected):
    result = run("programmes", {"p.csv": f"name_en;type;study_load\nA;course;{text}\n"})
    if result.status == 0:
        assert str(Programme.objects.get().study_load) == expected
    else:
        [problem] = result.problems
        assert problem["column"] == "study_load" and expected in problem["reason"]


ADDRESSES = {
    "www.example.edu": "https://www.example.edu",
    "http://www.example.edu ": "http://www.example.edu",
    "example.edu/path": "https://example.edu/path",
    "example.edu:8080/path?a=b": "https://example.edu:8080/path?a=b",
    "//example.edu": "https://example.edu",
    "https://münchen.example.de/ß?x=1": "https://münchen.example.de/ß?x=1",
    "münchen.example.de": "https://münchen.example.de",
    "HTTP://EXAMPLE.EDU": "http://example.edu",
    "HTTPS://Example.EDU/Path": "https://example.edu/Path",
    "javascript:alert(1)": None,
    "JavaScript:alert(1)": None,
    "data:text/html,x": None,
    "ftp://example.edu": None,
    "mailto:info@example.edu": None,
    "info@example.edu": None,
    "none": None,
    "n.v.t.": None,
    "52.1571": None,
    "http://[::1": None,
    "https://": None,
    "https://you:secret@example.edu": None,
    "www.a.edu www.b.edu": None,
}


@pytest.mark.parametrize(("text", "expected"), ADDRESSES.items())
def test_addresses_as_people_write_them(run, text, expected):
    result = run("organisations", {"o.csv": f"name_en;type;website\nA;company;{text}\n"})
    if expected is None:
        [problem] = result.problems
        assert problem["column"] == "website" and not Organisation.objects.exists()
    else:
        assert result.status == 0, result.err
        assert Organisation.objects.get().website == expected


def test_codes_by_their_labels(run):
    text = (
        "name_nl;type;level;modes_of_study;teaching_languages;isced_fields\n"
        "A;Zomerschool;Alle niveaus;voltijd|DEELTIJD;Nederlands|English;Onderwijs\n"
    )
    from django.utils import translation

    from wagtail_regional.vocabularies import Level, ModeOfStudy, ProgrammeType

    with translation.override("nl"):
        text = text.replace("Zomerschool", str(ProgrammeType.SUMMER_SCHOOL.label).upper())
        text = text.replace("Alle niveaus", f" {Level.UNSPECIFIED.label} ")
        text = text.replace("voltijd", str(ModeOfStudy.FULL_TIME.label))
        text = text.replace("DEELTIJD", str(ModeOfStudy.PART_TIME.label).upper())
    result = run("programmes", {"p.csv": text})
    assert result.status == 0, result.err
    row = Programme.objects.get()
    assert (row.type, row.level) == ("summer_school", "unspecified")
    assert row.modes_of_study == ["full_time", "part_time"]
    assert row.teaching_languages == ["nl", "en"] and row.isced_fields == ["01"]


def test_countries_by_their_names(run):
    text = "name_en,type,country\nA,company,Nederland\nB,company,netherlands\nC,company,nl\n"
    assert run("organisations", {"o.csv": text}).status == 0
    assert {row.country for row in Organisation.objects.all()} == {"NL"}


def test_a_label_of_two_codes_is_refused_with_both(run, monkeypatch):
    from wagtail_regional.imports import labels

    found = labels.labels_of(
        type("Choices", (), {"choices": [("a", "Same"), ("b", "same"), ("c", "C")]})
    )
    assert found["same"] == {"a", "b"}
    from wagtail_regional.imports.cells import CellError, check_code

    with pytest.raises(CellError, match="a, b"):
        check_code("SAME", ["a", "b", "c"], lambda: found)


def test_a_zero_that_the_spreadsheet_took_off(run):
    data = workbook(programmes=[["name_en", "type", "isced_fields"], ["A", "course", 731]])
    [problem] = run("programmes", {"p.xlsx": data}).problems
    assert problem["column"] == "isced_fields" and "0731" in problem["reason"]


def test_only_separators_do_not_empty_a_list(run):
    row = f.AllianceFactory(activities=["research"])
    [problem] = run("alliances", {"a.csv": f'uuid,activities\n{row.uuid},"; ;"\n'}).problems
    assert "(empty)" in problem["reason"]


# --- One name is one -------------------------------------------------------------------------

SAME = [
    "Alpha College\u200b",
    "\ufeffAlpha\u00a0College",
    "Alpha\nCollege",
    "ALPHA  college",
    "Alphá Collège",
    "Ａｌｐｈａ College",
    "Al\u00adpha College",
]


@pytest.mark.parametrize("name", SAME)
def test_a_name_with_what_nobody_sees_is_the_same(run, name):
    row = f.OrganisationFactory(name={"en": "Alpha College"}, type="education")
    result = run("organisations", {"o.csv": f'name_en,type,locality\n"{name}",education,Leiden\n'})
    assert result.counts == {"change": 1}, result.err
    row.refresh_from_db()
    assert row.locality == "Leiden" and not set("\u200b\ufeff\n\u00ad") & set(row.name["en"])


def test_two_of_one_name_with_their_own_uuids_are_two(run):
    keys = [f"11111111-2222-4333-8444-55555555555{n}" for n in "12"]
    text = "".join(f"{key},Twin,company\n" for key in keys)
    assert run("organisations", {"o.csv": f"uuid,name_en,type\n{text}"}).counts == {"add": 2}
    assert {str(row.uuid) for row in Organisation.objects.all()} == set(keys)


@pytest.mark.parametrize("names", [("C", "C++"), ("C#", "C"), ("?", "!"), ("中", "文")])
def test_names_that_differ_are_two(run, names):
    text = f"name_en,type\n{names[0]},company\n{names[1]},company\n"
    assert run("organisations", {"o.csv": text}).counts == {"add": 2}


def test_a_line_end_in_a_name_is_a_space(run):
    text = 'name_en;type;locality\r\n"Alpha\r\nCollege";education;Leiden\r\nB;education;Delft\r\n'
    assert run("organisations", {"o.csv": text}).counts == {"add": 2}
    assert Organisation.objects.filter(name__en="Alpha College").exists()


# --- Coordinates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "asked"),
    [
        ("NL", "52,1571", "4,4853", False),
        ("NL", "4.4853", "52.1571", True),
        ("NL", "52,157", "4,485", False),
        ("NL", " 52.1571 ", "4.4853", False),
        ("AU", "-33.9", "151.2", False),
        ("BR", "-23.5", "-46.6", False),
        ("", "4.4853", "52.1571", False),
        ("NG", "9.1", "7.4", False),
    ],
)
def test_swapped_coordinates_are_asked_about(run, country, latitude, longitude, asked):
    text = (
        f"name_en;type;country;latitude;longitude\nA;education;{country};{latitude};{longitude}\n"
    )
    result = run("organisations", {"o.csv": text})
    assert result.status == 0, result.err
    assert [("swapped" in p["reason"]) for p in result.problems] == [True] * asked


def test_coordinates_that_are_nowhere(run):
    text = (
        "name_en;type;country;latitude;longitude\n"
        "A;education;NL;521571;44853\n"
        "B;education;AU;151.2;-33.9\n"
        "C;education;NL;52°09'25\"N;4\n"
    )
    result = run("organisations", {"o.csv": text})
    told = {(p["place"]["line"], p["column"], p["warning"]): p["reason"] for p in result.problems}
    assert "point missing" in told[2, "latitude", False]
    assert "point missing" in told[2, "longitude", False]
    assert "swapped" in told[3, "latitude", True] and (3, "latitude", False) in told
    assert "not a number" in told[4, "latitude", False]


# --- Encodings and dialects ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp850", "page 850"), ("mac_roman", "Mac"), ("cp1252", "Windows")]
)
def test_a_guessed_encoding_is_named(run, encoding, name):
    text = "name_en;type;country;locality\r\nHogeschool Zoë;education;NL;Curaçao\r\n"
    result = run("organisations", {"o.csv": text.encode(encoding)})
    assert result.status == 0
    row = Organisation.objects.get()
    assert (row.name["en"], row.locality) == ("Hogeschool Zoë", "Curaçao")
    [warning] = result.problems
    assert warning["warning"] and name in warning["reason"] and "Curaçao" in warning["reason"]
    assert not re.search(r"^Done\.$", result.out, re.MULTILINE)


def test_utf_8_with_a_byte_broken_is_not_taken_for_something_else(run):
    data = "name_en;type\nZoë;company\nÉén;company\nCafé;company\n".encode()
    [problem] = run("organisations", {"o.csv": data.replace(b"\xa9\x3b", b"\x3b")}).problems
    assert problem["place"]["line"] == 4 and "utf-8" in problem["reason"]


def strict(data: bytes) -> bytes:
    """A workbook in the dialect of ISO 29500 that Excel calls “Strict Open XML”."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.infolist():
            text = source.read(part)
            for old, new in (
                ("schemas.openxmlformats.org/spreadsheetml/2006/main", "spreadsheetml/main"),
                ("schemas.openxmlformats.org/officeDocument/2006/", "officeDocument/"),
                ("schemas.openxmlformats.org/drawingml/2006/", "drawingml/"),
            ):
                text = text.replace(
                    f"http://{old}".encode(), f"http://purl.oclc.org/ooxml/{new}".encode()
                )
            target.writestr(part, text)
    return made.getvalue()


def test_a_strict_workbook_is_read(run):
    rows = [["name_en", "type", "founded"], ["Alpha", "education", dt.date(2014, 2, 3)]]
    rows += [[f"Org {at}", "education", dt.date(2000, 1, 1)] for at in range(3000)]
    result = run("organisations", {"o.xlsx": strict(workbook(organisations=rows))})
    assert result.status == 0, result.err
    assert str(Organisation.objects.get(name__en="Alpha").founded) == "2014-02-03"
    assert Organisation.objects.count() == 3001


def test_a_strict_workbook_that_cannot_be_read_says_what_to_do(run):
    data = strict(workbook(organisations=[["name_en", "type"], ["A", "company"]]))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.infolist():
            text = source.read(part)
            if part.filename == "xl/workbook.xml":
                text = text.replace(b"<sheet ", b"<shoot ")
                text = text.replace(b"sheetId=", b"shootId=")[:-40]
            target.writestr(part, text)
    [problem] = run("organisations", {"o.xlsx": made.getvalue()}).problems
    assert "Strict Open XML" in problem["reason"] and "Save as" in problem["reason"]


def test_characters_that_a_workbook_writes_by_their_number(run):
    rows = [
        ["name_en", "type", "summary_en"],
        ["Alpha", "network", "One_x000D_\nTwo_x005F_x000D_"],
        ["Be_x0007_ta", "network", ""],
    ]
    result = run("alliances", {"a.xlsx": workbook(alliances=rows)})
    [problem] = result.problems
    assert (problem["place"]["line"], problem["column"]) == (3, "name_en")
    assert run("alliances", {"a.xlsx": workbook(alliances=rows[:2])}).status == 0
    row = Alliance.objects.get()
    assert row.summary["en"] == "One\nTwo_x000D_"
    data = export_workbook(KINDS["alliances"])
    assert run("alliances", {"a.xlsx": data}).totals["unchanged"] == 1


def test_two_cells_in_one_place_are_refused(run):
    data = workbook(organisations=[["name_en", "type", "locality"], ["A", "company", "Leiden"]])
    again = '<c r="C2" t="inlineStr"><is><t>Delft</t></is></c>'
    data = rewritten(data, {r'(<c r="C2".*?</c>)': rf"\1{again}"})
    [problem] = run("organisations", {"o.xlsx": data}).problems
    assert "damaged" in problem["reason"] and not Organisation.objects.exists()


def test_files_of_an_archive_that_are_not_read_are_named(run):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        target.writestr("a_schema_v2.json", DUMP)
        for name in ("a.json", "a.csv", "a_schema_v2.csv", "__MACOSX/._a.csv", "b/"):
            target.writestr(name, "")
        target.writestr("b/more.csv", "name_en,type\nA,company\n")
        target.writestr("b/other.json", "[5]")
    result = run("organisations", {"o.zip": made.getvalue()}, format="ror")
    told = [(problem["column"], problem["place"]["table"]) for problem in result.problems]
    assert told == [("b/more.csv", ""), ("", "b/other.json")]


# --- Time --------------------------------------------------------------------------------------


def test_a_row_of_very_many_cells_takes_no_longer_than_it_is(run):
    text = "name_en,type\n" + '"a",' * 400_000 + '"x"y\n'
    before = time.process_time()
    [problem] = run("organisations", {"o.csv": text}).problems
    assert "closes before “y”" in problem["reason"]
    assert time.process_time() - before < 3


def test_rows_that_name_what_is_not_there_cost_little(run, monkeypatch):
    asked = []
    monkeypatch.setattr(registry, "nearest", lambda word, known: asked.append(word) or "")
    lines = [f"University {n},company,Universitie {n}" for n in range(100)]
    result = run("organisations", {"o.csv": "\n".join(["name_en,type,parent", *lines])})
    assert len(result.problems) == 100 and len(asked) == registry.MOST_HINTS
