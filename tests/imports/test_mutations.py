"""Thousands of broken files: none raises, none takes long or much memory, and of each row exactly
one thing becomes.

The same seed makes the same files. What is wrong with one shows its number, by which it can be
made again: `variants("csv", ...)[number]`.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import logging
import random
import resource
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from tests.imports.conftest import workbook
from tests.imports.test_sources import ELSEWHERE, LEIDEN, LUMC
from wagtail_regional import factories as f
from wagtail_regional.imports.formats.limits import FOR_UPLOADS
from wagtail_regional.imports.formats.sources import FORMATS, Options, SourceFile
from wagtail_regional.imports.kinds import KINDS
from wagtail_regional.imports.reports import CsvReport, JsonReport
from wagtail_regional.imports.running import run_import

pytestmark = [pytest.mark.fuzz]

#: Files of each format, and what all of a format may take: seconds for one, megabytes for all.
MOST = {"csv": 1000, "xlsx": 500, "oeapi": 700, "ror": 400}
SECONDS = 5.0
MEGABYTES = 100

# --- Good files ------------------------------------------------------------------------------

ORGANISATIONS = [
    ["name_en", "name_nl", "acronym", "type", "ror_id", "identifiers", "website", "locality",
     "country", "latitude", "longitude", "parent", "founded", "dissolved", "review_by"],
    ["Alpha", "Alfa", "A", "education", "https://ror.org/027bh9e22", "kvk:12345678",
     "https://a.example.org/", "Leiden", "NL", "52.1571", "4.4853", "", "1575-02-08", "", ""],
    ["Beta", "Bèta", "B", "company", "", "other:1; other:2", "www.example.org", "Delft", "NL",
     "52,01", "4,36", "Alpha", "2014", "2020-05", "2030-01-01"],
    ["Gamma", "Gamma", "G", "healthcare", "", "", "", "Den Haag", "NL", "", "", "Beta", "", "", ""],
]  # fmt: skip
ALLIANCES = [
    ["name_en", "acronym", "type", "summary_en", "parent", "starts", "ends", "themes",
     "activities", "region_nl"],
    ["Delta", "D", "alliance", "Three together.\nIn two lines.", "", "2012", "", "",
     "research; education", "Zuid-Holland"],
    ["Epsilon", "E", "network", "Some", "Delta", "2015-03", "2020", "", "", ""],
]  # fmt: skip
MEMBERS = [
    ["alliance", "organisation", "member_alliance", "group_label_en", "group_count", "role",
     "starts", "ends", "remove"],
    ["D", "KNOWN", "", "", "", "coordinator", "2012", "", ""],
    ["D", "", "E", "", "", "partner", "2016-01", "2018", ""],
    ["E", "", "", "towns", "6", "member", "", "", ""],
    ["OLD", "KNOWN", "", "", "", "", "", "", "yes"],
]  # fmt: skip
PROGRAMMES = [
    ["name_en", "type", "summary_en", "codes", "alliances", "level", "qualification",
     "study_load", "study_load_unit", "modes_of_study", "teaching_languages", "duration",
     "isced_fields", "link", "starts"],
    ["Minor Cities", "minor", "On cities.", "catalogue:1", "OLD", "bachelor", "none", "15", "ects",
     "full_time|part_time", "en; nl", "P10W", "0731", "www.example.org/minor", "2026-09"],
    ["Course Bees", "course", "", "catalogue:2", "", "master", "", "7,5", "", "", "nl", "", "", "",
     ""],
]  # fmt: skip
PROVIDERS = [
    ["programme", "organisation", "role", "partner_code"],
    ["catalogue:1", "KNOWN", "coordinator", "21PB"],
    ["Course Bees", "KNOWN", "partner", ""],
]
ACCESS = [
    ["programme", "organisation", "ects", "places", "application_opens", "application_closes",
     "enrolment_link", "selective", "conditions_nl"],
    ["catalogue:1", "guests", "15", "40", "2026-04-01", "2026-06-01", "https://e.example.org", "no",
     "Vraag het eerst."],
]  # fmt: skip

TABLES = {
    "organisations": {"organisations": ORGANISATIONS},
    "alliances": {"alliances": ALLIANCES, "members": MEMBERS},
    "programmes": {"programmes": PROGRAMMES, "providers": PROVIDERS, "access": ACCESS},
}

PROGRAMME = {
    "programmeId": "5fd0d3ce-0f5b-4a7e-9a4a-3b7e5bd0a001",
    "primaryCode": {"codeType": "crohoCode", "code": "1234"},
    "otherCodes": [{"codeType": "identifier", "code": "X1"}],
    "programmeType": "minor",
    "name": [{"language": "en-GB", "value": "Minor"}, {"language": "nl-NL", "value": "Minor nl"}],
    "description": [{"language": "en-GB", "value": "<p>On &amp; <b>on</b>.</p>\n\nMore."}],
    "level": "bachelor",
    "qualificationAwarded": "BA",
    "studyLoad": [{"studyLoadUnit": "ects", "value": 15}],
    "modeOfStudy": ["full-time"],
    "modesOfDelivery": ["online"],
    "teachingLanguages": ["eng", "nl"],
    "fieldsOfStudy": ["0731"],
    "duration": "P10W",
    "firstPossibleOfferingStartDateTime": "2026-08-31T22:00:00Z",
    "validTo": "2030-08-31",
    "link": "https://example.org/minor",
    "organisation": {
        "organisationId": "5fd0d3ce-0f5b-4a7e-9a4a-3b7e5bd0a009",
        "primaryCode": {"codeType": "brin", "code": "21PB"},
        "organisationType": "root",
        "name": [{"language": "en-GB", "value": "Known"}],
    },
    "consumers": [
        {
            "consumerKey": "eduxchange",
            "alliances": [{"name": "OLD", "jointPartnerCodes": ["KNOWN"]}],
            "visibleForOwnStudents": True,
            "visibleForGuests": True,
            "enrolmentUrl": "https://example.org/enrol",
        }
    ],
}
COURSE = {
    "courseId": "5fd0d3ce-0f5b-4a7e-9a4a-3b7e5bd0a002",
    "name": [{"language": "en", "value": "Bees"}],
    "abbreviation": "BEE",
    "studyLoad": {"studyLoadUnit": "ects", "value": 5},
    "teachingLanguage": "nld",
}
ORGANISATION = {
    "organisationId": "5fd0d3ce-0f5b-4a7e-9a4a-3b7e5bd0a008",
    "organisationType": "root",
    "primaryCode": {"codeType": "brin", "code": "21PC"},
    "name": [{"language": "en-GB", "value": "University"}],
    "shortName": "UNI",
    "link": "https://example.org/",
    "addresses": [
        {
            "addressType": "postal",
            "city": "Leiden",
            "countryCode": "NL",
            "geolocation": {"latitude": 52.16, "longitude": 4.49},
        }
    ],
}
ITEMS = {
    ("oeapi", "programmes"): {"pageSize": 2, "items": [PROGRAMME, COURSE]},
    ("oeapi", "organisations"): [ORGANISATION, PROGRAMME["organisation"]],
    ("ror", "organisations"): [LUMC, LEIDEN, ELSEWHERE],
}

# --- What is put in their place --------------------------------------------------------------

CELLS = [
    "", " ", "-", "(empty)", "#N/A", "#VERW!", "#", "# x", "\x00", "\x0b", "\ufeff", "\u200b",
    "\u2028", "\ud7ff", "\U0001f1f3\U0001f1f1", "'=1+1", "=1+1", '"', '""', "a\nb", "a\r\nb",
    ";", ";;", "|", ",", "1.680", "1,5", "−4", "１２", "٣", "½", "²", "1e999", "1e-999", "NaN",
    "inf", "9" * 400, "-0", "0x10", "0000", "99999", "46387", "2014-13", "2014-02-30",
    "0000-00-00", "9999-12-31T23:59:59-12:00", "1000-01-01T00:00:00+14:00", "12:00",
    "2014W011", "01/02/2026", "true", "WAAR", "javascript:alert(1)", "http://[::1", "www.x.nl",
    "x" * 300, "é" * 260, "y" * 5000, "https://" + "a." * 300, "acronym:", ":", "kvk:", ":1",
    "kvk:\x00", "ror.org", "https://ror.org/000000000", "5fd0d3ce-0f5b-4a7e-9a4a-3b7e5bd0a00",
    "{5fd0d3ce0f5b4a7e9a4a3b7e5bd0a001}", "KNOWN", "OLD", "TWIN", "guests", "yes", "en", "EN-gb",
    "x-private", "P", "P1Y2", "PT", "education", "Onderwijs", "Alpha", "Delta", "Minor Cities",
]  # fmt: skip
NODES = [
    None, True, False, 0, -1, 1.5, 1e308, -1e308, 10**30, 10**400, [], {}, [None], [[]], [{}],
    {"value": None}, {"language": None, "value": 1}, {"": ""}, {"value": ["x"]}, "\x00", "\ud7ff",
    [[[[[[]]]]]], {"a": {"b": {"c": {}}}}, ["x", 1, None, {}],
]  # fmt: skip
BYTES = [
    b'"', b'""', b";", b",", b"\t", b"\r", b"\n", b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf",
    b"\xc3", b"\xed\xa0\x80", b"sep=;\n", b"#", b"<", b"&#0;", b"<!DOCTYPE x>", b"]", b"[", b"{",
    b"}", b"\\ud800", b"\\u0000", b"1e999", b"null", b"'", b"=", b"\x1a", b"PK\x03\x04",
    b"9" * 5000,
]  # fmt: skip


class Variant(NamedTuple):
    """A broken file.

    `rows` is how many rows it has, where that is certain and they can be read.
    """

    kind: str
    name: str
    data: bytes
    rows: int | None = None

    @property
    def source(self) -> SourceFile:
        return SourceFile(self.name, lambda: io.BytesIO(self.data), len(self.data))

    @property
    def options(self) -> Options:
        return Options(limits=FOR_UPLOADS, provider="KNOWN")


def broken(data: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, left out, put in twice, or with others among them."""
    found = bytearray(data)
    for _time in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(found) or 1)
        what = chance.randrange(7)
        if what == 0 and found:
            found[at % len(found)] ^= 1 << chance.randrange(8)
        elif what == 1:
            del found[at:]
        elif what == 2:
            del found[at : at + chance.randrange(1, 20)]
        elif what == 3:
            found[at:at] = found[at : at + chance.randrange(1, 60)]
        elif what == 4:
            found[at:at] = chance.choice(BYTES) * chance.choice((1, 1, 1, 3))
        elif what == 5:
            found[at : at + 1] = chance.choice(BYTES)
        else:
            lines = bytes(found).split(b"\n")
            chance.shuffle(lines)
            found[:] = b"\n".join(lines)
    return bytes(found)


def tables_of(chance: random.Random) -> tuple[str, dict[str, list[list[Any]]], int | None]:
    """The tables of a kind with some cells replaced, and how many rows there are."""
    kind = chance.choice(list(TABLES))
    tables = copy.deepcopy(TABLES[kind])
    certain = True
    for _time in range(chance.choice((1, 1, 2, 5, 12))):
        rows = chance.choice(list(tables.values()))
        line = chance.randrange(len(rows))
        # Other headers may make it another table.
        certain = certain and line > 0
        what = chance.randrange(8)
        if what == 0 and rows[line]:
            rows[line] = rows[line][: chance.randrange(len(rows[line]))]
            certain = certain and any(rows[line])
        elif what == 1:
            rows[line] = rows[line] + [chance.choice(CELLS)] * chance.randrange(1, 4)
        elif what == 2 and line:
            rows.insert(line, list(rows[line]))
        elif what == 3:
            chance.shuffle(rows[line])
        elif rows[line]:
            rows[line][chance.randrange(len(rows[line]))] = chance.choice(CELLS)
    count = sum(len(rows) - 1 for rows in tables.values()) if certain else None
    return kind, tables, count


def csv_of(rows: list[list[Any]], separator: str) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode("utf-8", "surrogatepass")


def csv_variants(chance: random.Random) -> Iterator[Variant]:
    while True:
        kind, tables, count = tables_of(chance)
        table = chance.choice(list(tables))
        data = csv_of(tables[table], chance.choice(";,\t"))
        rows = len(tables[table]) - 1 if count is not None else None
        yield Variant(kind, f"{table}.csv", data, rows)
        encoding = chance.choice(("utf-8", "utf-8", "utf-16", "cp1252", "cp850"))
        good = csv_of(TABLES[kind][table], ";").decode().encode(encoding)
        yield Variant(kind, f"{table}.csv", broken(good, chance))


def repacked(data: bytes, chance: random.Random) -> bytes:
    """A workbook or archive of which one part is broken, and the rest is not."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        parts = source.namelist()
        chosen = chance.choice([each for each in parts if "sheet" in each or "book" in each])
        for part in parts:
            text = source.read(part)
            target.writestr(part, broken(text, chance) if part == chosen else text)
    return made.getvalue()


def typed(cell: Any, chance: random.Random) -> Any:
    """A cell as a workbook may have it: a number, a formula, an error."""
    if isinstance(cell, str) and any(ord(c) < 32 and c not in "\t\n\r" for c in cell):
        return cell.encode("ascii", "ignore").decode().replace("\x00", "").replace("\x0b", "")
    what = chance.randrange(12)
    if what == 0:
        return chance.choice((0, -1, 1.5, 1e300, 43000, 731, True, False))
    return cell


def xlsx_variants(chance: random.Random) -> Iterator[Variant]:
    good = {kind: workbook(**tables) for kind, tables in TABLES.items()}
    while True:
        kind, tables, _count = tables_of(chance)
        cells = {
            name: [[typed(cell, chance) for cell in row] for row in rows]
            for name, rows in tables.items()
        }
        yield Variant(kind, "book.xlsx", workbook(**cells))
        kind = chance.choice(list(TABLES))
        yield Variant(kind, "book.xlsx", repacked(good[kind], chance))
        yield Variant(kind, "book.xlsx", broken(good[kind], chance))


def nodes_of(tree: Any) -> list[tuple[Any, Any]]:
    """Every place in JSON: what holds it, and its key there."""
    found = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        keys = node if isinstance(node, dict) else range(len(node))
        for key in list(keys):
            found.append((node, key))
            if isinstance(node[key], (dict, list)):
                waiting.append(node[key])
    return found


def json_variants(chance: random.Random, name: str) -> Iterator[Variant]:
    depths = (10, 39, 41, 500, 20_000)
    while True:
        kind = chance.choice([kind for each, kind in ITEMS if each == name])
        tree = copy.deepcopy(ITEMS[name, kind])
        for _time in range(chance.choice((1, 1, 2, 4))):
            holder, key = chance.choice(nodes_of(tree) or [([None], 0)])
            what = chance.randrange(5)
            if what == 0 and isinstance(holder, dict):
                del holder[key]
            elif what == 1 and isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            else:
                value = chance.choice(NODES) if what < 4 else chance.choice(CELLS)
                holder[key] = copy.deepcopy(value)
        yield Variant(kind, f"{name}.json", json.dumps(tree).encode())
        good = json.dumps(ITEMS[name, kind])
        yield Variant(kind, f"{name}.json", broken(good.encode(), chance))
        if chance.random() < 0.05:
            depth = chance.choice(depths)
            nested = "[" * depth + "]" * depth
            if chance.random() < 0.5:
                nested = '{"items": [{"name": ' * depth
            text = good.replace('"Leiden"', nested).replace('"Minor"', nested)
            yield Variant(kind, f"{name}.json", text.encode())
            yield Variant(kind, f"{name}.json", nested.encode())


MAKERS: dict[str, Callable[[random.Random], Iterator[Variant]]] = {
    "csv": csv_variants,
    "xlsx": xlsx_variants,
    "oeapi": lambda chance: json_variants(chance, "oeapi"),
    "ror": lambda chance: json_variants(chance, "ror"),
}


def variants(file_format: str, most: int) -> list[Variant]:
    chance = random.Random(f"{file_format} 1")
    return [variant for variant, _n in zip(MAKERS[file_format](chance), range(most), strict=False)]


# --- What holds of every one -----------------------------------------------------------------


@pytest.fixture
def registry(site):
    known = f.OrganisationFactory(acronym="KNOWN", name={"en": "Known"}, type="education")
    f.OrganisationFactory.create_batch(2, name={"en": "TWIN"}, type="company")
    old = f.AllianceFactory(acronym="OLD", name={"en": "Old"})
    f.MembershipFactory(alliance=old, organisation=known, role="partner")
    for kind in ("alliances", "programmes"):
        good = Variant(kind, "good.xlsx", workbook(**TABLES[kind]))
        outcome = run_import(KINDS[kind], [good.source], good.options, write=True)
        assert outcome.written and not outcome.problems.kept


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def check(variant: Variant) -> Any:
    """Import a file as the screen and the command do; whatever is written is undone."""
    source, options = variant.source, variant.options
    reports = [JsonReport(io.StringIO()), CsvReport(io.StringIO())]

    def on_row(row: Any) -> None:
        for report in reports:
            report.row(row)

    outcome = run_import(KINDS[variant.kind], [source], options, on_row=on_row)
    for report in reports:
        report.finish(outcome)
    json.loads(reports[0].file.getvalue())
    totals = outcome.totals.as_dict()
    rows = totals.pop("rows")
    assert rows == sum(totals.values()), totals
    assert outcome.unexplained == 0, "a row was dropped in silence"
    if variant.rows is not None:
        assert rows == variant.rows
    if outcome.may_be_written:
        with transaction.atomic():
            written = run_import(
                KINDS[variant.kind], [source], options, write=True, expected=outcome.digest
            )
            assert written.written, written.problems.kept
            transaction.set_rollback(True)
    return outcome


# --- The tests -------------------------------------------------------------------------------


def test_every_format_is_broken():
    assert MOST.keys() == FORMATS.keys()


@pytest.mark.parametrize("file_format", list(MOST))
def test_broken_files(registry, file_format, caplog, capsys):
    caplog.set_level(logging.ERROR)
    before, slowest, started = megabytes(), 0.0, time.monotonic()
    counts: Counter[str] = Counter()
    for number, variant in enumerate(variants(file_format, MOST[file_format])):
        begun = time.monotonic()
        try:
            outcome = check(variant)
        except Exception as error:
            raise AssertionError(f"{file_format} {number}: {variant}") from error
        slowest = max(slowest, time.monotonic() - begun)
        counts["files"] += 1
        counts["files refused" if outcome.problems.errors else "files taken"] += 1
        counts.update(outcome.totals.as_dict())
        assert not caplog.records, f"{file_format} {number}: {variant}"
    used = megabytes() - before
    with capsys.disabled():
        print(
            f"\n{file_format}: {dict(counts)}, slowest {slowest:.2f} s, {used:.0f} MB, "
            f"{time.monotonic() - started:.0f} s"
        )
    assert counts["files refused"] > 100 and counts["files taken"] > 20 and counts["added"] > 20
    assert slowest < SECONDS and used < MEGABYTES


@pytest.mark.parametrize(("file_format", "kind"), list(ITEMS))
def test_unbroken_items_are_taken(registry, file_format, kind):
    outcome = check(Variant(kind, "good.json", json.dumps(ITEMS[file_format, kind]).encode()))
    assert not outcome.problems.errors, outcome.problems.kept
    assert outcome.totals.added + outcome.totals.changed == outcome.totals.rows


@pytest.mark.parametrize("file_format", list(MOST))
def test_the_screen_shows_them(registry, admin_client, file_format):
    for variant in variants(file_format, 10):
        file = SimpleUploadedFile(variant.name, variant.data or b" ")
        provider = "KNOWN" if (file_format, variant.kind) == ("oeapi", "programmes") else ""
        data = {"kind": variant.kind, "files": [file], "provider": provider}
        page = admin_client.post(reverse("wagtail_regional_imports:start"), data, follow=True)
        assert page.status_code == 200
        where = page.request["PATH_INFO"]
        assert admin_client.get(where).status_code == 200
        for ending in ("csv", "json"):
            assert admin_client.get(f"{where}report.{ending}").status_code == 200
        assert admin_client.post(where, {"digest": "0"}).status_code == 200
