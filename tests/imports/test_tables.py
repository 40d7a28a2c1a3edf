"""CSV and XLSX as spreadsheets really write them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import load_workbook

from tests.imports.conftest import workbook
from wagtail_regional import factories as f
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    OrganisationIdentifier,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
)

NAMES = "name_en;name_nl;type;locality\r\nCafé Zoë;Één idee;company;Besançon\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators(run, encoding, separator):
    text = NAMES.replace("Één", "Groot").replace(";", separator)
    result = run("organisations", {"o.csv": text.encode(encoding)})
    assert result.status == 0, result.err
    [row] = Organisation.objects.all()
    assert row.name == {"en": "Café Zoë", "nl": "Groot idee"} and row.locality == "Besançon"


def test_the_encoding_can_be_said(run):
    run(
        "organisations",
        {"o.csv": "name_en,type\nŽižka,company\n".encode("cp1250")},
        encoding="cp1250",
    )
    assert Organisation.objects.get().name == {"en": "Žižka"}


def test_excels_first_line_and_quoted_line_ends(run):
    text = 'sep=|\r\nname_en|type|locality\r\n"Two\r\nlines"|company|\r\nX|nonsense|\r\n'
    result = run("organisations", {"o.csv": text})
    assert len(result.problems) == 1, result.err
    [problem] = result.problems
    assert problem["place"]["line"] == 5 and problem["column"] == "type"
    assert "nonprofit" in problem["reason"] and problem["value"] == "nonsense"
    assert result.status == 1 and not Organisation.objects.exists()


def test_trailing_empty_rows_and_columns(run):
    text = "name_en,type,,\nA,company,,\n,,,\n,,,\n\n"
    assert run("organisations", {"o.csv": text}).counts["add"] == 1


def test_decimal_commas_and_days_first(run):
    text = (
        "name_en;type;latitude;longitude;founded;last_reviewed\n"
        "A;company;52,1571;-4,5;8-2-1575;28.02.2024\n"
    )
    assert run("organisations", {"o.csv": text}).status == 0
    row = Organisation.objects.get()
    assert (str(row.latitude), str(row.longitude)) == ("52.157100", "-4.500000")
    assert str(row.founded) == "1575-02-08" and row.last_reviewed == dt.date(2024, 2, 28)


def test_a_day_that_can_be_two_is_refused(run):
    [problem] = run(
        "organisations", {"o.csv": "name_en,type,founded\nA,company,3/4/2014\n"}
    ).problems
    assert "two days" in problem["reason"] and problem["column"] == "founded"


def test_dates_and_numbers_of_a_workbook(run):
    data = workbook(
        organisations=[
            ["name_en", "type", "founded", "dissolved", "latitude", "longitude"],
            ["Year", "company", 2014, "2015-02", 52.5, 4],
            ["Day", "company", dt.date(2014, 2, 28), None, None, None],
            ["Month", "company", dt.date(2014, 2, 1), None, None, None],
            [None, None, None, None, None, None],
        ]
    )
    book = load_workbook(io.BytesIO(data))
    # What a spreadsheet makes of somebody typing 2014-02.
    book["organisations"]["C4"].number_format = "mmm-yy"
    file = io.BytesIO()
    book.save(file)
    assert run("organisations", {"o.xlsx": file.getvalue()}).status == 0
    founded = {row.name["en"]: str(row.founded) for row in Organisation.objects.all()}
    assert founded == {"Year": "2014", "Day": "2014-02-28", "Month": "2014-02"}
    assert str(Organisation.objects.get(name__en="Year").dissolved) == "2015-02"


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ("name_en,type,type", "twice"),
        ("name_en,tpye", "“type”"),
        ("name,type", "“name_en”"),
        ("name_en,qqqq", "Known are: uuid"),
        ("name_fr,type", "“fr” is not among"),
    ],
)
def test_headers_are_checked_by_name(run, headers, told):
    result = run("organisations", {"o.csv": f"{headers}\nA,company,x\n"})
    assert result.status == 1 and told in result.err
    assert result.problems[0]["place"]["line"] == 1


def test_a_row_with_too_many_cells(run):
    [problem] = run(
        "organisations", {"o.csv": "name_en,type\nLeiden, University,education\n"}
    ).problems[-1:]
    assert "more cells" in run("organisations", {"o.csv": "name_en,type\nA,company,x\n"}).err
    assert problem["place"]["line"] == 2


def test_an_unclosed_quotation_mark_is_told(run):
    result = run("organisations", {"o.csv": 'name_en,type\n"' + "x" * 200_000})
    assert result.status == 1 and "quotation mark" in result.err


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("o.csv", b"", "empty"),
        ("o.csv", b"PK\x03\x04xxxx", "workbook"),
        ("o.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        ("o.xlsx", b"not a workbook", "damaged"),
        ("o.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        ("o.docx", b"x", ".docx"),
        ("o.json", b"[", "not valid JSON"),
        ("o.json", b'"text"', "neither"),
        # What it is and not what it is called decides what is said.
        ("o.csv", b"\x1f\x8b\x08\x00xxxx", "gzip"),
        ("o.json", b"\x1f\x8b\x08\x00xxxx", "gzip"),
        ("o.csv", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "PDF"),
        ("o.xlsx", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "PDF"),
        ("o.csv", b"\x89PNG\r\n\x1a\n", "image"),
        ("o.csv", b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "sign in"),
        ("o.json", b"<html><body>Sign in</body></html>", "sign in"),
        ("o.xlsx", b"<?xml version='1.0'?><a/>", "XML"),
        ("o.csv", b'[{"name": "Leiden"}]', "JSON, not CSV"),
        ("o.json", b"PK\x03\x04xxxx", "zip archive"),
        ("o.json", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
    ],
)
def test_what_is_no_table(run, name, data, told):
    result = run("organisations", {name: data})
    assert result.status == 1 and told in result.err


# --- Keys, changes, the same again -----------------------------------------------------------


def test_empty_cells_leave_alone_and_a_token_clears(run):
    row = f.OrganisationFactory(acronym="OLD", locality="Leiden", website="https://a.example/")
    text = f"uuid,acronym,locality,website,name_nl\n{row.uuid},(empty),,https://b.example/,-\n"
    result = run("organisations", {"o.csv": text})
    assert result.status == 0, result.err
    again = Organisation.objects.get()
    assert (again.acronym, again.locality, again.website) == ("", "Leiden", "https://b.example/")
    assert again.name == {"en": row.name["en"]}
    [shown] = result.rows
    assert {(c["column"], c["old"], c["new"]) for c in shown["changes"]} == {
        ("acronym", "OLD", ""),
        ("website", "https://a.example/", "https://b.example/"),
        ("name_nl", row.name["nl"], ""),
    }


def test_a_dry_run_shows_and_changes_nothing(run):
    row = f.OrganisationFactory(locality="Leiden", name={"en": "A"})
    files = {"o.csv": f"uuid,name_en,type,locality\n{row.uuid},,,Delft\n,B,company,\n"}
    result = run("organisations", files, dry_run=True)
    assert result.counts == {"change": 1, "add": 1} and not result.written
    assert "“Leiden” → “Delft”" in result.out and "dry run" in result.out
    assert Organisation.objects.get().locality == "Leiden"


def test_the_same_file_twice_changes_nothing(run):
    files = {
        "o.csv": "name_en,name_nl,type,identifiers,parent,founded,latitude,longitude\n"
        "A,Aa,company,kvk:1; wikidata:Q1,B,2014-02,52.1234567,4.1\nB,,company,,,,,\n"
    }
    assert run("organisations", files).counts == {"add": 2}
    before = list(Organisation.objects.order_by("pk").values())
    second = run("organisations", files)
    assert second.counts == {"same": 2} and second.rows == []
    assert list(Organisation.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("uuid", lambda row: row.uuid),
        ("ror_id", lambda row: "027bh9e22"),
        ("identifiers", lambda row: "kvk:27368929"),
        ("name_en", lambda row: "  LEIDEN   university "),
    ],
)
def test_rows_are_matched_by_each_key(run, header, key):
    row = f.OrganisationFactory(
        name={"en": "Leiden University"}, ror_id="https://ror.org/027bh9e22", type="education"
    )
    OrganisationIdentifier.objects.create(organisation=row, scheme="kvk", value="27368929")
    result = run(
        "organisations", {"o.csv": f"{header},type,locality\n{key(row)},education,Leiden\n"}
    )
    assert result.counts == {"change": 1}, result.err
    assert Organisation.objects.get().locality == "Leiden"


def test_an_ambiguous_name_is_an_error(run):
    f.OrganisationFactory.create_batch(2, name={"en": "Twin"}, type="company")
    [problem] = run("organisations", {"o.csv": "name_en,type\nTwin,company\n"}).problems
    assert "2 rows fit" in problem["reason"] and "uuid" in problem["reason"]
    assert problem["reason"].count("Twin (") == 2 and "…" not in problem["reason"]
    f.OrganisationFactory.create_batch(5, name={"en": "Twin"}, type="company")
    [problem] = run("organisations", {"o.csv": "name_en,type\nTwin,company\n"}).problems
    assert "7 rows fit" in problem["reason"]
    assert problem["reason"].count("Twin (") == 5 and ", …" in problem["reason"]


def test_a_uuid_of_elsewhere_is_kept(run):
    key = "11111111-2222-4333-8444-555555555555"
    run("organisations", {"o.csv": f"uuid,name_en,type\n{key},A,company\n"})
    assert str(Organisation.objects.get().uuid) == key


@pytest.mark.parametrize(
    "lines",
    [
        "027bh9e22,,A\nhttps://ror.org/027bh9e22,,B\n",
        ",kvk:1,A\n,kvk:1,B\n",
        ",,Same\n,, same\n",
    ],
)
def test_duplicate_keys_name_both_lines(run, lines):
    rows = lines.replace("\n", ",company\n")
    [problem] = run("organisations", {"o.csv": f"ror_id,identifiers,name_en,type\n{rows}"}).problems
    assert problem["place"]["line"] == 3 and "line 2" in problem["reason"]


def test_rows_refer_to_each_other_in_any_order(run):
    text = "name_en,type,parent\nA,company,B\nB,company,C\nC,company,\n"
    assert run("organisations", {"o.csv": text}).status == 0
    parents = {
        row.name["en"]: row.parent and row.parent.name["en"] for row in Organisation.objects.all()
    }
    assert parents == {"A": "B", "B": "C", "C": None}


def test_cycles_within_the_file_and_with_the_registry(run):
    text = "name_en,type,parent,successor\nA,company,B,\nB,company,A,\nC,company,,C\n"
    result = run("organisations", {"o.csv": text})
    assert {(p["place"]["line"], p["column"]) for p in result.problems} == {
        (2, "parent"),
        (3, "parent"),
        (4, "successor"),
    }
    one = f.OrganisationFactory()
    two = f.OrganisationFactory(parent=one)
    result = run("organisations", {"o.csv": f"uuid,parent\n{one.uuid},{two.uuid}\n"})
    assert "lead back" in result.problems[0]["reason"]
    one.refresh_from_db()
    assert one.parent is None and Organisation.objects.count() == 2


def test_unknown_reference_suggests_the_nearest(run):
    f.OrganisationFactory(name={"en": "Leiden University"})
    [problem] = run(
        "organisations", {"o.csv": "name_en,type,parent\nA,company,Leiden Univercity\n"}
    ).problems
    assert "Did you mean “Leiden University”?" in problem["reason"]


def test_every_bad_row_is_told_and_nothing_imported(run):
    text = (
        "name_en,type,country,latitude,ror_id,website\n"
        "Good,company,NL,,,\n"
        "A,compny,NL,,,\n"
        "B,company,XX,,,\n"
        "C,company,NL,52.1,,\n"
        "D,company,NL,,https://ror.org/027bh9e23,\n"
        "E,company,NL,,,not an address\n"
        ",company,NL,,,\n"
    )
    result = run("organisations", {"o.csv": text})
    assert {(p["place"]["line"], p["column"]) for p in result.problems} == {
        (3, "type"),
        (4, "country"),
        (5, "longitude"),
        (6, "ror_id"),
        (7, "website"),
        (8, "name_en"),
    }
    assert "Did you mean “company”?" in result.err
    assert result.status == 1 and not Organisation.objects.exists()


def test_a_taken_ror_id_is_told(run):
    f.OrganisationFactory(ror_id="https://ror.org/027bh9e22", name={"en": "Owner"})
    other = f.OrganisationFactory()
    [problem] = run("organisations", {"o.csv": f"uuid,ror_id\n{other.uuid},027bh9e22\n"}).problems
    assert "Owner" in problem["reason"] and problem["column"] == "ror_id"


def test_a_review_date_after_the_end_settles_at_once(run):
    files = {"a.csv": "name_en,type,ends,review_by\nA,alliance,2030,2035-01-01\n"}
    run("alliances", files)
    assert Alliance.objects.get().review_by == dt.date(2030, 12, 31)
    assert run("alliances", files).counts == {"same": 1}


# --- Parts -----------------------------------------------------------------------------------


@pytest.fixture
def universities(site):
    return [
        f.OrganisationFactory(name={"en": f"University {n}"}, acronym=f"U{n}", type="education")
        for n in "ABC"
    ]


MEMBERS = (
    "alliance,organisation,member_alliance,group_label_en,group_count,role,starts,ends\n"
    "LDE,UA,,,,coordinator,2012,\n"
    "LDE,University B,,,,partner,2012,2015\n"
    "LDE,University B,,,,partner,2018,\n"
    "LDE,,CFB,,,member,,\n"
    "LDE,,,municipalities,6,partner,,\n"
)


def test_an_alliance_with_members_twice(run, universities):
    files = {
        "alliances.csv": "name_en,acronym,type,parent,activities,starts\n"
        "Centre for Bees,CFB,joint_centre,LDE,research,2015\n"
        "Leiden-Delft,LDE,alliance,,research|education,2012\n",
        "members.csv": MEMBERS,
    }
    first = run("alliances", files)
    assert first.status == 0, first.err
    assert first.counts == {"add": 2, "members.add": 5}
    alliance = Alliance.objects.get(acronym="LDE")
    assert alliance.memberships.count() == 5 and alliance.activities == ["research", "education"]
    assert alliance.memberships.get(member_alliance__acronym="CFB").role == "member"
    assert run("alliances", files).counts == {"same": 2, "members.same": 5}


def test_members_are_changed_and_removed(run, universities):
    run(
        "alliances",
        {
            "alliances.csv": "name_en,acronym,type\nX,LDE,alliance\nY,CFB,network\n",
            "members.csv": MEMBERS,
        },
    )
    changes = (
        "alliance;organisation;role;starts;ends;remove\n"
        "LDE;UA;coordinator;2012;2020-06;\n"
        "LDE;UB;partner;2012;;yes\n"
    )
    result = run("alliances", {"members.csv": changes})
    assert result.counts == {"change": 1, "members.change": 1, "members.remove": 1}, result.err
    members = Membership.objects.filter(alliance__acronym="LDE")
    assert str(members.get(organisation__acronym="UA").ends) == "2020-06"
    assert [str(m.starts) for m in members.filter(organisation__acronym="UB")] == ["2018"]
    assert run("alliances", {"members.csv": changes.replace("2020-06", "")}).counts["same"] == 1


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ("A,UA,,partner,2012,\nA,UA,,partner,2013,\n", "line 2"),
        ("A,UA,A,partner,,\n", "exactly one"),
        ("A,,A,partner,,\n", "member of itself"),
        ("A,UA,,partner,2015,2012\n", "before the start"),
        ("A,Nobody,,partner,,\n", "no organisation “Nobody”"),
        ("Z,UA,,partner,,\n", "no alliance “Z”"),
        (",UA,,partner,,\n", "belongs to"),
    ],
)
def test_what_is_wrong_with_members(run, universities, members, told):
    files = {
        "alliances.csv": "name_en,acronym,type\nAll,A,alliance\n",
        "members.csv": f"alliance,organisation,member_alliance,role,starts,ends\n{members}",
    }
    result = run("alliances", files)
    assert result.status == 1 and told in result.err
    assert result.problems[0]["place"]["source"] == "members.csv"
    assert not Alliance.objects.exists()


def test_a_bilateral_partnership_has_two_members(run, universities):
    alliances = "name_en,acronym,type\nTwo,T,bilateral\n"
    members = "alliance,organisation\nT,UA\nT,UB\n"
    result = run("alliances", {"alliances.csv": alliances, "members.csv": members + "T,UC\n"})
    assert "two current members" in result.err and not Alliance.objects.exists()
    assert run("alliances", {"alliances.csv": alliances, "members.csv": members}).status == 0
    result = run("alliances", {"members.csv": "alliance,organisation\nT,UC\n"})
    assert "two current members" in result.err and Membership.objects.count() == 2


PROGRAMMES = [
    ["name_en", "type", "codes", "alliances", "degree_award", "study_load", "teaching_languages"],
    ["Cities", "minor", "catalogue:M1", "LDE", "joint", 15, "en; nl"],
]
PROVIDERS = [
    ["programme", "organisation", "role", "partner_code"],
    ["catalogue:M1", "UA", "coordinator", "21PB"],
    ["catalogue:M1", "UB", "partner", None],
]
ACCESS = [
    [
        "programme",
        "organisation",
        "ects",
        "places",
        "application_opens",
        "application_closes",
        "selective",
    ],
    ["catalogue:M1", "UA", 30, 40, dt.date(2026, 4, 1), "2026-06-01", "yes"],
    ["catalogue:M1", "guests", "7,5", None, None, None, "nee"],
]


def test_a_workbook_of_programmes_twice(run, universities):
    f.AllianceFactory(acronym="LDE")
    data = workbook(Notes=[["Read me"]], programmes=PROGRAMMES, providers=PROVIDERS, access=ACCESS)
    first = run("programmes", {"p.xlsx": data})
    assert first.status == 0, first.err
    programme = Programme.objects.get()
    assert [p.organisation.acronym for p in programme.providers.all()] == ["UA", "UB"]
    assert [(a.organisation_id, str(a.ects)) for a in programme.access.all()] == [
        (universities[0].pk, "30.0"),
        (None, "7.5"),
    ]
    assert programme.alliances.get().acronym == "LDE"
    assert (programme.teaching_languages, str(programme.study_load)) == (["en", "nl"], "15.0")
    second = run("programmes", {"p.xlsx": data})
    assert second.counts == {"same": 1, "providers.same": 2, "access.same": 2}


@pytest.mark.parametrize(
    ("providers", "access", "told"),
    [
        (PROVIDERS[:2], ACCESS, "at least 2 providers"),
        ([*PROVIDERS, PROVIDERS[1]], ACCESS, "providers, line 2"),
        (PROVIDERS, [*ACCESS, ACCESS[2]], "line 3"),
        (PROVIDERS, [ACCESS[0], ["catalogue:M1", "UA", "x"]], "not a number"),
        (
            PROVIDERS,
            [ACCESS[0], ["catalogue:M1", "UA", 1, 1, "2026-06-01", "2026-04-01"]],
            "before it opens",
        ),
        ([PROVIDERS[0], ["catalogue:M1", None]], ACCESS, "which organisation provides"),
    ],
)
def test_what_is_wrong_with_programmes(run, universities, providers, access, told):
    f.AllianceFactory(acronym="LDE")
    data = workbook(programmes=PROGRAMMES, providers=providers, access=access)
    result = run("programmes", {"p.xlsx": data})
    assert result.status == 1 and told in result.err
    assert not Programme.objects.exists()
    assert not ProgrammeProvider.objects.exists() and not ProgrammeAccess.objects.exists()


# --- Bombs -----------------------------------------------------------------------------------


def _with_part(name: str, data: bytes) -> bytes:
    source = zipfile.ZipFile(
        io.BytesIO(workbook(organisations=[["name_en", "type"], ["A", "company"]]))
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, data)
    return file.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(run):
    result = run("organisations", {"o.xlsx": _with_part("xl/media/image1.bin", b"\0" * 50_000_000)})
    assert result.status == 1 and "Unpacked" in result.err


def test_entities_are_refused(run):
    sheet = (
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData/></worksheet>"
    )
    for data in (sheet, sheet.decode().encode("utf-16")):
        result = run("organisations", {"o.xlsx": _with_part("xl/worksheets/sheet1.xml", data)})
        assert result.status == 1 and "entities" in result.err


@pytest.mark.slow
def test_a_sheet_of_a_million_empty_columns_is_refused(run):
    rows = "".join(
        f'<row r="{n}"><c r="XFD{n}" t="inlineStr"><is><t>x</t></is></c></row>'
        for n in range(1, 4000)
    )
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows}</sheetData></worksheet>"
    )
    result = run(
        "organisations", {"o.xlsx": _with_part("xl/worksheets/sheet1.xml", sheet.encode())}
    )
    assert result.status == 1 and ("cells" in result.err or "column" in result.err)


def test_deep_json_is_refused(run):
    result = run("organisations", {"o.json": b'[{"a":' * 100_000 + b"1" + b"}]" * 100_000})
    assert result.status == 1 and "nested" in result.err


@pytest.mark.parametrize(
    "kind, column, language",
    [
        ("organisations", "name_nl", "nl"),
        ("organisations", "name_pt_br", "pt-br"),
        ("alliances", "summary_fy", "fy"),
    ],
)
def test_a_column_in_a_language_that_the_site_has_not_says_so(
    run, settings, kind, column, language
):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
    result = run(kind, {"o.csv": f"name_en,type,{column}\nA,other,B\n"})
    [problem] = [each for each in result.problems if each["column"] == column]
    assert problem["reason"] == (
        f"“{language}” is not among this site's languages (WAGTAIL_CONTENT_LANGUAGES: en)."
    )


@pytest.mark.parametrize("column", ["name", "name_engels", "name_xx", "nane_en"])
def test_a_column_that_names_no_language_is_taken_for_a_slip(run, settings, column):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
    result = run("organisations", {"o.csv": f"type,{column}\ncompany,B\n"})
    assert "Did you mean “name_en”?" in result.problems[0]["reason"]


def test_one_is_counted_as_one(run):
    one = run("organisations", {"o.csv": "name_en,type\nA,nothing\n"})
    assert "1 error; nothing was changed." in one.err
    assert "1 row in the files:" in one.out
    two = run("organisations", {"o.csv": "name_en,type\nA,nothing\nB,nothing\n"})
    assert "2 errors; nothing was changed." in two.err
    assert "2 rows in the files:" in two.out
