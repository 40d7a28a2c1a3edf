"""What a spreadsheet made of what somebody typed: TRUE, dates, numbers."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from openpyxl import load_workbook

from tests.imports.conftest import workbook
from wagtail_regional import factories as f
from wagtail_regional.imports.cells import CellType, ListOf, ShownDate, YesNo
from wagtail_regional.imports.dates import Date, Partial
from wagtail_regional.imports.kinds import KINDS
from wagtail_regional.imports.problems import CellError
from wagtail_regional.models import Membership, Organisation, ProgrammeProvider

CELLS = [
    pytest.param(column.cell, id=f"{table.name}.{column.name}")
    for kind in KINDS.values()
    for table in kind.tables
    for column in table.columns
]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("value", [True, False])
def test_only_yes_or_no_takes_true_and_false(cell: CellType, value):
    if isinstance(cell, YesNo):
        assert cell.read(value) is value
        return
    for each in (cell, cell.item) if isinstance(cell, ListOf) else (cell,):
        with pytest.raises(CellError):
            each.read(value)


@pytest.mark.parametrize("cell", CELLS)
def test_only_dates_take_times_and_dates_of_the_spreadsheet(cell, db):
    if isinstance(cell, (Date, Partial)):
        assert cell.read(ShownDate("2014-02-03"))
        return
    for text in ("2014-02-03", "03:04:00"):
        with pytest.raises(CellError):
            cell.read(ShownDate(text))


def test_false_is_not_norway(run, partners):
    f.OrganisationFactory(name={"en": "No"})
    for column in ("country", "parent", "acronym", "identifiers"):
        rows = [["name_en", "type", column], ["A", "company", False]]
        result = run("organisations", {"o.xlsx": workbook(organisations=rows)})
        assert [each["column"] for each in result.problems] == [column]
    record = {
        "id": "https://ror.org/027bh9e22",
        "names": [{"value": "X", "types": ["ror_display"], "lang": "en"}],
        "status": "active",
        "types": ["education"],
        "locations": [{"geonames_id": 1, "geonames_details": {"name": "T", "country_code": False}}],
    }
    assert "country_code" in run("organisations", {"o.json": json.dumps([record])}).err
    assert not Organisation.objects.filter(country="NO").exists()


@pytest.mark.parametrize(
    ("value", "count"), [(6.125, None), (1.5, None), (6.0, 6), ("6.125", 6125)]
)
def test_a_number_has_no_marks_between_thousands(run, value, count):
    f.AllianceFactory(acronym="LDE")
    rows = [["alliance", "group_label_en", "group_count"], ["LDE", "towns", value]]
    result = run("alliances", {"m.xlsx": workbook(members=rows)})
    assert [each["column"] for each in result.problems] == ([] if count else ["group_count"])
    assert list(Membership.objects.values_list("group_count", flat=True)) == [count][: bool(count)]


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (12, "0000", "0012"),
        (12, "General", "12"),
        (12, "0", "12"),
        (1.5, "General", "1.5"),
        (12, "0.00", None),
        (1680, "#,##0", None),
        (12, '0" A"', None),
        (12.4, "0", None),
        (12345678901234567, "General", None),
        (1 / 3, "General", None),
        (1e20, "General", None),
        (1e-7, "General", None),
        (0, "General", "0"),
        (dt.time(3, 4), "hh:mm", None),
    ],
)
def test_a_text_is_what_people_see(run, value, number_format, code):
    f.ProgrammeFactory(name={"en": "P"})
    f.OrganisationFactory(name={"en": "O"})
    rows = [["programme", "organisation", "partner_code"], ["P", "O", value]]
    book = load_workbook(io.BytesIO(workbook(providers=rows)))
    book["providers"]["C2"].number_format = number_format
    data = io.BytesIO()
    book.save(data)
    result = run("programmes", {"p.xlsx": data.getvalue()})
    assert [each["column"] for each in result.problems] == ([] if code else ["partner_code"])
    found = list(ProgrammeProvider.objects.values_list("partner_code", flat=True))
    assert found == ([code] if code else [])


def test_numbers_are_read_however_they_are_shown(run):
    rows = [["name_en", "type", "latitude", "longitude", "founded"], ["A", "other", 52.5, 4, 2014]]
    book = load_workbook(io.BytesIO(workbook(organisations=rows)))
    for cell in ("C2", "D2", "E2"):
        book["organisations"][cell].number_format = '0.00" x"'
    data = io.BytesIO()
    book.save(data)
    assert run("organisations", {"o.xlsx": data.getvalue()}).status == 0
    row = Organisation.objects.get()
    assert (row.latitude, row.longitude, str(row.founded)) == (52.5, 4, "2014")
