"""The numbers of an import add up wherever they are shown, and all errors are told at once."""

from __future__ import annotations

import re

import pytest

from tests.imports.test_admin import upload
from wagtail_regional import factories as f
from wagtail_regional.models import ProgrammeAccess

# --- Whose students ----------------------------------------------------------------------------


@pytest.fixture
def terms(site):
    """A programme with terms for guests."""
    programme = f.ProgrammeFactory(name={"en": "P"})
    f.OrganisationFactory(name={"en": "O"})
    return f.ProgrammeAccessFactory(programme=programme, organisation=None, ects=15)


@pytest.mark.parametrize(
    "text",
    [
        "programme,organisation,ects\nP,,30\n",
        "programme,organisation,ects\nP,-,30\n",
        "programme,organisation,ects\nP,(empty),30\n",
        "programme,ects\nP,30\n",
        "programme,organisation,ects\nP,#N/A,30\n",
        "programme,organisatoin,ects\nP,O,30\n",
    ],
)
def test_nothing_is_not_guests(run, terms, text):
    result = run("programmes", {"access.csv": text})
    assert "organis" in result.problems[-1]["column"]
    assert (result.totals["rows"], result.totals["refused"]) == (1, 1)
    assert [str(each.ects) for each in ProgrammeAccess.objects.all()] == ["15.0"]


def test_guests_are_named(run, terms):
    text = "programme,organisation,ects\nP,Guests,30\nP,O,20\n"
    assert run("programmes", {"access.csv": text}).status == 0
    found = {each.organisation_id: each.ects for each in ProgrammeAccess.objects.all()}
    assert found[None] == 30 and len(found) == 2


def test_a_cell_that_cannot_be_read_stands_for_no_other_row(run, terms):
    text = "programme,organisation,ects\nP,#N/A,15\nP,guests,20\n"
    result = run("programmes", {"access.csv": text})
    assert [each["place"]["line"] for each in result.problems] == [2]
    members = "alliance,organisation,group_label_en\nLDE,#N/A,\nLDE,O,\n"
    f.AllianceFactory(acronym="LDE")
    result = run("alliances", {"members.csv": members})
    assert [each["place"]["line"] for each in result.problems] == [2]


def test_a_row_that_is_refused_for_whose_it_is_is_looked_through(run, terms):
    text = "programme,organisation,ects,places\nNone such,,x,-3\n"
    result = run("programmes", {"access.csv": text})
    found = sorted(each["column"] for each in result.problems)
    assert found == ["ects", "organisation", "places", "programme"]


# --- Numbers -----------------------------------------------------------------------------------

FIVE = (
    "name_en,name_de,type\n"
    "A,,company\n"  # right
    ",Haus,company\n"  # a name in a column that is not known
    ",,company\n"  # no name
    "B,,compnay\n"
    "Known,,nonsense\n"
)


def test_what_is_missing_is_told_beside_a_wrong_header(run, site):
    f.OrganisationFactory(name={"en": "Known"}, type="company")
    result = run("organisations", {"o.csv": FIVE})
    told = [(each["place"]["line"], each["column"]) for each in result.problems]
    assert told == [(1, "name_de"), (5, "type"), (6, "type"), (4, "name_en")]
    assert result.totals == {
        "rows": 5,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 4,
        "passed_over": 0,
    }
    assert {name: count for name, count in result.counts.items() if count} == {"add": 1}
    assert [each["label"] for each in result.rows] == ["A"]
    line = next(each for each in result.out.splitlines() if each.startswith("organisations "))
    assert line.split() == ["organisations", "1", "0", "0", "0"]


def test_the_screen_has_the_same_numbers(admin_client, site):
    f.OrganisationFactory(name={"en": "Known"}, type="company")
    page = upload(admin_client, "organisations", {"o.csv": FIVE}).content.decode()
    assert re.findall(r"<td>(\d+)</td>", page)[:4] == ["1", "0", "0", "0"]
    assert "1 added, 0 changed, 0 left as they are, 4 refused" in page


def test_a_row_refused_in_the_end_is_not_counted_as_added(run, site):
    text = "name_en,type,parent\nA,company,B\nB,company,A\nC,company,\nD,x,D\n"
    result = run("organisations", {"o.csv": text})
    assert (result.totals["added"], result.totals["refused"]) == (1, 3)
    assert result.counts["add"] == 1


def test_parts_that_are_refused_are_not_counted(run, site):
    f.AllianceFactory(acronym="LDE")
    f.OrganisationFactory(name={"en": "O"})
    text = "alliance,organisation,group_label_en,group_count\nLDE,O,,\nLDE,,towns,0\n"
    result = run("alliances", {"members.csv": text})
    assert (result.totals["added"], result.totals["refused"]) == (1, 1)
    assert result.counts["members.add"] == 1
