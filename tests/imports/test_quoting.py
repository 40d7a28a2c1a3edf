"""Every text that is stored comes back from an export as it was, whatever it looks like."""

from __future__ import annotations

import io
import random

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from tests.imports.test_round_trip import exported
from wagtail_regional import factories as f
from wagtail_regional.imports.cells import ListOf, Text
from wagtail_regional.imports.kinds import KINDS, PROGRAMMES
from wagtail_regional.imports.quoting import TOO_LONG, Literal, join, quote, split, unquote
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    OrganisationIdentifier,
    Programme,
    ProgrammeAccess,
    ProgrammeCode,
    ProgrammeProvider,
    Theme,
)
from wagtail_regional.text import normal_text

ODD = [
    *(
        "-",
        "(empty)",
        "(EMPTY)",
        TOO_LONG,
        "#N/A",
        "#NV",
        "#REF!",
        "####",
        "Err:502",
        "#",
        "# a note",
    ),
    *("'-", "''(empty)", "'#N/A", "'", "'=1", "=1", "+31", "@x", "-x", "--", "- x", "—"),
    *(
        "a;b",
        "x|y",
        "a; b | c",
        ";",
        "|",
        '"',
        '"a"',
        '"a;b"',
        'a"b',
        '"a" b',
        '""',
        "a:b",
        ":",
        "a:b;c",
    ),
    *(
        "TRUE",
        "no",
        "2014-02",
        "1.680",
        "0012",
        "1e5",
        "_x000D_",
        "_x005F_x000D_",
        "sep=;",
        "guests",
    ),
    *("NULL", "é ü", "a,b", "a\tb", "٢٠", "😀", "<b>", "https://ror.org/", "other:x"),
]


def _random_texts() -> list[str]:
    chance = random.Random(3)
    marks = "'\"-;|:#=(empty)N/A ab"
    return [
        "".join(chance.choices(marks, k=chance.randint(1, 8))).strip() or "x" for _ in range(150)
    ]


TEXTS = list(dict.fromkeys([*ODD, *_random_texts()]))
#: As forms store them.
STORED = list(dict.fromkeys(filter(None, map(normal_text, TEXTS))))


@pytest.mark.parametrize("text", TEXTS)
def test_quoted_and_unquoted(text):
    assert unquote(quote(text)) == text
    assert str(quote(text))[:1] not in ("=", "+", "-", "@")


def test_several_values_in_one_cell():
    chance = random.Random(5)
    texts = [text for text in TEXTS if text.strip()]
    for _ in range(500):
        parts = chance.choices(texts, k=chance.randint(1, 5))
        assert [str(part).strip() for part in split(join(parts))] == parts
    assert split('"Foo" institute; Bar|Baz\nQux') == ['"Foo" institute', " Bar", "Baz", "Qux"]


def _texts_of(model, names) -> dict[int, dict[str, str]]:
    return {
        row.pk: {
            name: dict(value) if hasattr(value := getattr(row, name), "items") else value
            for name in names
        }
        for row in model.objects.all()
    }


def _stored(model, **fields):
    """A row as the form of the registry would store it."""
    row = model(**fields)
    try:
        row.full_clean(exclude=["review_by"])
    except ValidationError as error:
        raise AssertionError(fields) from error
    row.save()
    return row


def _round_trip(run, tmp_path, kind, file_format, forget):
    if file_format == "xlsx":
        files = {f"{kind}.xlsx": exported(tmp_path, kind, "x.xlsx", format="xlsx")}
    else:
        files = {
            f"{table.name}.csv": exported(tmp_path, kind, "x.csv", table=table.name)
            for table in KINDS[kind].tables
        }
    result = run(kind, files)
    assert (result.status, result.rows) == (0, []), result.err
    forget()
    result = run(kind, files)
    assert result.status == 0, result.err


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_texts_of_organisations_come_back(run, tmp_path, file_format):
    for number, text in enumerate(STORED):
        row = _stored(Organisation, name={"en": f"O {number}"}, type="other", acronym=text)
        Organisation.objects.filter(pk=row.pk).update(name={"en": text}, locality=text)
        _stored(OrganisationIdentifier, organisation=row, scheme="other", value=text)
        _stored(OrganisationIdentifier, organisation=row, scheme="other", value=f"{number}")
    names = ("name", "acronym", "locality")
    before = _texts_of(Organisation, names)
    codes = set(OrganisationIdentifier.objects.values_list("organisation", "value"))

    def forget():
        Organisation.objects.update(name={"en": "zzz"}, acronym="zzz", locality="zzz")
        OrganisationIdentifier.objects.all().delete()

    _round_trip(run, tmp_path, "organisations", file_format, forget)
    assert _texts_of(Organisation, names) == before
    assert set(OrganisationIdentifier.objects.values_list("organisation", "value")) == codes


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_texts_of_alliances_come_back(run, tmp_path, file_format):
    for text in STORED:
        row = f.AllianceFactory(
            name={"en": text},
            acronym=text,
            summary={"en": text, "nl": f"{text}\n{text}"},
            region={"en": text},
        )
        # MariaDB takes notations that differ in case for one.
        theme = Theme.objects.filter(notation=text).first() or _stored(
            Theme, scheme="local", notation=text, label={"en": "label"}
        )
        row.themes.add(theme, f.ThemeFactory())
        row.save()
        f.MembershipFactory(
            alliance=row, organisation=None, group_label={"en": text}, group_count=6
        )
    names = ("name", "acronym", "summary", "region")
    before = _texts_of(Alliance, names), _texts_of(Membership, ("group_label",))
    themes = {row.pk: set(row.themes.all()) for row in Alliance.objects.all()}

    def forget():
        texts = {"en": "zzz"}
        Alliance.objects.update(name=texts, acronym="zzz", summary=texts, region=texts)
        for row in Alliance.objects.all():
            row.themes.clear()
            row.save()
        # The label tells which group it is, and is no value.

    _round_trip(run, tmp_path, "alliances", file_format, forget)
    assert (_texts_of(Alliance, names), _texts_of(Membership, ("group_label",))) == before
    assert {row.pk: set(row.themes.all()) for row in Alliance.objects.all()} == themes


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_texts_of_programmes_come_back(run, tmp_path, file_format):
    organisation = f.OrganisationFactory()
    for number, text in enumerate(STORED):
        row = f.ProgrammeFactory(name={"en": text}, summary={"en": text, "nl": f"{text}\n\n{text}"})
        _stored(ProgrammeCode, programme=row, scheme="catalogue", value=text)
        _stored(ProgrammeCode, programme=row, scheme=text, value=f"{number}")
        f.ProgrammeProviderFactory(programme=row, organisation=organisation, partner_code=text)
        f.ProgrammeAccessFactory(programme=row, organisation=None, conditions={"en": text})
        f.ProgrammeAccessFactory(
            programme=row, organisation=organisation, conditions={"en": f"{text}\n{text}"}
        )

    def state():
        return (
            _texts_of(Programme, ("name", "summary")),
            set(ProgrammeCode.objects.values_list("programme", "scheme", "value")),
            _texts_of(ProgrammeProvider, ("partner_code",)),
            _texts_of(ProgrammeAccess, ("conditions",)),
        )

    before = state()

    def forget():
        Programme.objects.update(name={"en": "zzz"}, summary={"en": "zzz", "nl": "zzz"})
        ProgrammeCode.objects.all().delete()
        ProgrammeProvider.objects.update(partner_code="zzz")
        ProgrammeAccess.objects.update(conditions={"en": "zzz"})

    _round_trip(run, tmp_path, "programmes", file_format, forget)
    assert state() == before


def test_no_text_is_cut_short_by_a_workbook(run, tmp_path):
    long, near = "word " * 8000 + "end", "_x000D_" * 4681
    for text in (long, near, "short"):
        f.ProgrammeFactory(name={"en": "P"}, summary={"en": text})
    data = exported(tmp_path, "programmes", "x.xlsx", format="xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(data))["programmes"].values for cell in row]
    assert cells.count(TOO_LONG) == 2 and "short" in cells
    result = run("programmes", {"p.xlsx": data})
    assert (result.status, result.rows) == (0, [])
    assert [each["warning"] for each in result.problems] == [True, True]
    assert "Export as CSV" in result.err
    files = {
        f"{table.name}.csv": exported(tmp_path, "programmes", "x.csv", table=table.name)
        for table in PROGRAMMES.tables
    }
    Programme.objects.update(summary={"en": "zzz"})
    assert run("programmes", files).status == 0
    assert [row.summary["en"] for row in Programme.objects.order_by("pk")] == [long, near, "short"]


def test_a_literal_part_is_no_error():
    assert ListOf(Text()).read('"#N/A"; b') == ["#N/A", "b"]
    assert Text().read(Literal("-")) == "-"
