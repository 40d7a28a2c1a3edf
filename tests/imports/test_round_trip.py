"""What is exported is imported again unchanged; and what an import leaves behind."""

from __future__ import annotations

import io
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry, ReferenceIndex
from wagtail.search.backends import get_search_backend

from tests.imports.conftest import workbook
from wagtail_regional import factories as f
from wagtail_regional.freshness import stamps as stamp
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    OrganisationIdentifier,
    Programme,
    ProgrammeCode,
    Webhook,
    WebhookDelivery,
)
from wagtail_regional.spreadsheets import neutralise, restore

NASTY = [
    "=1+1",
    "+31",
    "-x",
    "@home",
    "\tx",
    "'=quoted",
    "'plain",
    "''=twice",
    "a;b",
    'say "x"',
    "é ü",
]


@pytest.mark.parametrize("text", [*NASTY, "plain", "", "'"])
def test_neutralised_and_restored(text):
    assert restore(neutralise(text)) == text
    assert not neutralise(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_stay_numbers():
    assert neutralise(-4) == -4 and neutralise(None) is None


@pytest.fixture
def registry(site):
    """Something in every column."""
    rows = [
        f.OrganisationFactory(
            name={"en": text.strip() or "x", "nl": f"{text.strip()} nl"},
            acronym=text.strip()[:50],
            type="education",
            latitude="-4.5",
            longitude="52.123456",
            founded="2014-02",
            country="NL",
        )
        for text in NASTY
    ]
    Organisation.objects.filter(pk=rows[0].pk).update(
        ror_id="https://ror.org/027bh9e22", parent=rows[1], successor=rows[2]
    )
    OrganisationIdentifier.objects.create(organisation=rows[0], scheme="kvk", value="1:2")
    alliance = f.AllianceFactory(acronym="LDE", activities=["research", "education"], starts="2012")
    part = f.AllianceFactory(parent=alliance)
    theme = f.ThemeFactory()
    alliance.themes.add(theme)
    alliance.save()
    f.MembershipFactory(alliance=alliance, organisation=rows[0], role="coordinator", starts="2012")
    f.MembershipFactory(alliance=alliance, organisation=None, member_alliance=part)
    f.MembershipFactory(
        alliance=alliance, organisation=None, group_label={"en": "towns"}, group_count=6
    )
    programme = f.ProgrammeFactory(
        study_load="7.5", teaching_languages=["en", "nl"], isced_fields=["0732"], duration="P10W"
    )
    programme.alliances.add(alliance)
    programme.save()
    ProgrammeCode.objects.create(programme=programme, scheme="catalogue", value="M1")
    f.ProgrammeProviderFactory(programme=programme, organisation=rows[0], partner_code="=1")
    f.ProgrammeAccessFactory(programme=programme, organisation=rows[0], ects=30, selective=True)
    f.ProgrammeAccessFactory(
        programme=programme, organisation=None, conditions={"en": "Ask first.\nThen come."}
    )


def exported(tmp_path, kind, name, **options):
    path = tmp_path / name
    call_command("regional_export", kind, output=path, **options)
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["organisations", "alliances", "programmes"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_what_is_exported_is_imported_unchanged(run, registry, tmp_path, kind, file_format):
    if file_format == "xlsx":
        files = {f"{kind}.xlsx": exported(tmp_path, kind, "x.xlsx", format="xlsx")}
    else:
        tables = {
            "organisations": ["organisations"],
            "alliances": ["alliances", "members"],
            "programmes": ["programmes", "providers", "access"],
        }[kind]
        files = {f"{t}.csv": exported(tmp_path, kind, "x.csv", table=t) for t in tables}
    result = run(kind, files)
    assert result.status == 0, result.err
    assert result.rows == []


def test_an_empty_registry_is_filled_from_an_export(run, registry, tmp_path):
    data = {
        kind: exported(tmp_path, kind, "x.xlsx", format="xlsx")
        for kind in ("organisations", "alliances", "programmes")
    }
    Programme.objects.all().delete()
    Membership.objects.all().delete()
    Alliance.objects.update(parent=None)
    Alliance.objects.all().delete()
    Organisation.objects.update(parent=None, successor=None)
    Organisation.objects.all().delete()
    for kind, book in data.items():
        result = run(kind, {f"{kind}.xlsx": book})
        assert result.status == 0, result.err
    assert {o.acronym for o in Organisation.objects.all()} == {t.strip()[:50] for t in NASTY}
    assert Alliance.objects.get(acronym="LDE").memberships.count() == 3
    assert Programme.objects.get().access.count() == 2
    for kind, book in data.items():
        assert run(kind, {f"{kind}.xlsx": book}).rows == []


def test_no_cell_of_an_export_runs(registry, tmp_path):
    book = load_workbook(io.BytesIO(exported(tmp_path, "organisations", "x.xlsx", format="xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    text = exported(tmp_path, "organisations", "x.csv").decode("utf-8-sig")
    assert "'=1+1" in text and ",=1+1" not in text


@pytest.mark.parametrize("kind", ["organisations", "alliances", "programmes"])
def test_a_template_is_read_and_adds_nothing(run, kind, capfdbinary):
    call_command("regional_import", kind, template=True, format="xlsx")
    book = capfdbinary.readouterr().out
    result = run(kind, {f"{kind}.xlsx": book})
    assert result.status == 0 and result.rows == [], result.err
    call_command("regional_import", kind, template=True)
    text = capfdbinary.readouterr().out
    assert text.decode("utf-8-sig").startswith("uuid,name_en,name_nl")
    assert run(kind, {f"{kind}.csv": text}).rows == []


# --- What saving does ------------------------------------------------------------------------


def test_history_search_references_and_stamp(run):
    before = stamp.current()
    text = "name_en,type,parent\nBeekeeping,company,Honey\nHoney,company,\n"
    run("organisations", {"o.csv": text})
    assert stamp.current() != before
    bees, honey = Organisation.objects.order_by("name__en")
    assert {(e.message, e.object_id) for e in ModelLogEntry.objects.all()} == {
        ("Added by importing o.csv", str(row.pk)) for row in (bees, honey)
    }
    references = {r.object_id for r in ReferenceIndex.get_references_to(honey)}
    assert references == {str(bees.pk)}
    assert bees.review_by is not None
    run("organisations", {"o.csv": f"uuid,parent\n{bees.pk and bees.uuid},-\n"})
    assert not ReferenceIndex.get_references_to(honey).exists()
    assert ModelLogEntry.objects.filter(action__endswith="import_edit").get().object_id == str(
        bees.pk
    )


@pytest.mark.indexed
@pytest.mark.django_db(transaction=True)
def test_the_search_index_and_webhooks_hear_of_it(run):
    Webhook.objects.create(name="x", url="https://example.invalid/")
    run("organisations", {"o.csv": "name_en,type\nBeekeeping,company\n"})
    found = get_search_backend().search("beekeeping", Organisation)
    assert [row.name["en"] for row in found] == ["Beekeeping"]
    tags = {tag for each in WebhookDelivery.objects.all() for tag in each.payload["data"]["tags"]}
    assert f"organisation-{Organisation.objects.get().pk}" in tags


@pytest.mark.django_db(transaction=True)
def test_thousands_of_rows_make_one_small_notice(run):
    Webhook.objects.create(name="x", url="https://example.invalid/")
    lines = "".join(f"Organisation {n},company\n" for n in range(600))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run("organisations", {"o.csv": f"name_en,type\n{lines}"})
    [delivery] = WebhookDelivery.objects.all()
    assert delivery.payload["data"]["tags"] == ["regional"]
    assert len(queries) < 200


def test_an_error_of_the_database_undoes_everything(run, monkeypatch):
    """A rule that only the database knows, here a trigger, as a site may have added one."""
    if connection.vendor != "sqlite":
        pytest.skip("the trigger is written for SQLite")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER no_bears BEFORE INSERT ON wagtail_regional_organisation "
            "WHEN NEW.acronym = 'BEAR' BEGIN SELECT RAISE(ABORT, 'no bears'); END"
        )
    result = run("organisations", {"o.csv": "name_en,acronym,type\nA,A,company\nB,BEAR,company\n"})
    assert result.status == 1 and "no bears" in result.err
    assert not Organisation.objects.exists() and not ModelLogEntry.objects.exists()


# --- How much --------------------------------------------------------------------------------


def count_queries(run, size) -> int:
    lines = "".join(f"O {size} {n},company,kvk:{size}{n}\n" for n in range(size))
    with CaptureQueriesContext(connection) as queries:
        result = run("organisations", {"o.csv": f"name_en,type,identifiers\n{lines}"})
    assert result.counts == {"add": size}
    return len(queries)


def test_queries_do_not_grow_with_rows(run):
    few = count_queries(run, 5)
    assert count_queries(run, 200) <= few + 15


@pytest.mark.parametrize("size", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_many_rows_in_any_order(run, size):
    """The small sister of the measurement in docs/reference/imports.md."""
    numbers = list(range(size))
    random.Random(1).shuffle(numbers)
    lines = "".join(f"O {n},company,{f'O {n + 1}' if n + 1 < size else ''}\n" for n in numbers)
    files = {"o.csv": f"name_en,type,parent\n{lines}"}
    assert run("organisations", files).counts == {"add": size}
    assert run("organisations", files).counts == {"same": size}
    assert Organisation.objects.filter(parent=None).count() == 1


# --- The command -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ("organisations",),
        ("organisations", "/nowhere.csv"),
        ("organisations", __file__, "--id", "nonsense"),
        ("organisations", "--template", "--table", "castles"),
    ],
)
def test_wrong_calls_have_their_own_status(site, args):
    with pytest.raises(CommandError) as caught:
        call_command("regional_import", *args)
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    ("kind", "name", "args", "option"),
    [
        ("programmes", "p.csv", ("--provider", "Leiden"), "--provider"),
        ("organisations", "o.json", ("--provider", "Leiden"), "--provider"),
        ("organisations", "o.csv", ("--only-existing",), "--only-existing"),
        ("organisations", "o.csv", ("--country", "NL"), "--country"),
        ("alliances", "a.csv", ("--id", "027bh9e22"), "--id"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused_by_name(run, kind, name, args, option):
    result = run(kind, {name: "name_en\nLeiden\n"}, *args)
    assert result.status == 2 and result.err.startswith(f"{option} is for"), result.err


def test_a_file_that_cannot_be_written_is_named(tmp_path, site):
    there, here = tmp_path / "o.csv", tmp_path / "no" / "report.json"
    there.write_text("name_en,type\nLeiden,education\n")
    for command, option in (("regional_import", "report"), ("regional_export", "output")):
        files = [there] if option == "report" else []
        with pytest.raises(CommandError) as caught:
            call_command(command, "organisations", *files, **{option: here})
        assert str(caught.value).startswith(f"--{option}: {here} cannot be written (No such file")
        assert caught.value.returncode == 2


def test_the_command_names_a_value_once(run):
    result = run("organisations", {"o.csv": "name_en,type\nLeiden,univ\n"})
    assert "o.csv, line 2, type: “univ” is not a known code." in result.err
    long = run("organisations", {"o.csv": f"name_en,type\nLeiden,{'univ' * 40}\n"})
    assert long.err.count("“univ") == 1
    listed = run("organisations", {"o.csv": "name_en,identifiers\nLeiden,kvk:27368929; no\n"})
    assert "identifiers: “kvk:27368929; no” “no” is not written" in listed.err


@pytest.mark.parametrize(
    ("kind", "table", "told"),
    [
        ("organisations", "name_en,type,identifiers\nA,education,x\n", "such as kvk:27368929."),
        ("programmes", "name_en,type,codes\nA,minor,x\n", "such as catalogue:MIN-042."),
    ],
)
def test_an_example_is_one_of_the_column(run, kind, table, told):
    assert f"“x” is not written as scheme:value, {told}" in run(kind, {"t.csv": table}).err


def test_of_yes_and_no_is_told_what_to_write(run):
    programmes = "name_en,type\nMinor,minor\n"
    access = "programme,organisation,selective\nMinor,guests,perhaps\n"
    result = run("programmes", {"programmes.csv": programmes, "access.csv": access})
    assert "“perhaps” is neither yes nor no. Write “yes” or “no”." in result.err


def test_the_user_of_the_history(run, admin_user):
    run("organisations", {"o.csv": "name_en,type\nA,company\n"}, user=admin_user.username)
    assert ModelLogEntry.objects.get().user == admin_user
    assert run("organisations", {"o.csv": ""}, user="nobody").status == 2


def test_sheets_that_are_none_of_ours(run):
    result = run("organisations", {"o.xlsx": workbook(Notes=[["Hello"]], More=[["x"]])})
    assert result.status == 1 and "template" in result.err
