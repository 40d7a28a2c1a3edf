"""Every value of a good item, replaced by what nobody expects: nothing raises, nothing is lost."""

from __future__ import annotations

import copy
import io
import json
import random
from collections import defaultdict

import pytest

from wagtail_regional.imports import ledger, problems
from wagtail_regional.imports.formats.limits import FOR_UPLOADS
from wagtail_regional.imports.formats.sources import Options, SourceFile
from wagtail_regional.imports.kinds import KINDS
from wagtail_regional.imports.reports import CsvReport, JsonReport
from wagtail_regional.imports.running import run_import
from wagtail_regional.text import has_control

from .test_sources import LEIDEN, ORGANIZATION, V5, V6

#: What cannot be a value of anything, so that it has to be told wherever a value is read.
NEVER = [
    [["nested"], {"list": []}],
    {"value": {"value": {}}, "language": 3},
    float("nan"),
    float("inf"),
    "control \x0b character",
    "lone \ud800 surrogate",
    "#N/A",
]
#: What can be one, here and there.
OTHERS = [
    None,
    True,
    False,
    0,
    -1,
    7.5,
    1e300,
    10**60,
    10**200,
    "",
    "   ",
    "\u200b",
    "7,5",
    "1.234,5",
    "not a code",
    "2026-08-31T22:00:00Z",
    "2026-13-45",
    "31/02/2026",
    "javascript:alert(1)",
    "acronym:",
    "Ā" * 600,
    [],
    {},
    [None],
    [[[]]],
    [{}, {"value": None}, {"codeType": "x"}, 5],
    {"codeType": ["x"], "code": {"a": 1}},
]


def paths(value, path=()):
    """Every place in a value where something can stand, itself left out."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inside:
        yield (*path, key)
        if isinstance(each, (dict, list)):
            yield from paths(each, (*path, key))


def replaced(item, path, value):
    item = copy.deepcopy(item)
    target = item
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return item


def ror_id(number: int) -> str:
    """An ROR id whose check digits are right, for a number."""
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    text, rest = "", number
    for _ in range(6):
        text, rest = letters[rest % 32] + text, rest // 32
    return f"https://ror.org/0{text}{98 - (number * 100) % 97:0>2}"


def distinct(item, number):
    """The same item with ids, codes and names of its own."""
    text = json.dumps(item)
    for old, new in (
        (V6["programmeId"], f"00000000-0000-4000-8000-{number:012}"),
        (ORGANIZATION["organizationId"], f"00000000-0000-4000-9000-{number:012}"),
        (LEIDEN["id"], ror_id(number)),
        ("Q156598", f"Q{number + 1}"),
        ("MIN-1", f"MIN-{number}"),
        ("59312", f"C-{number}"),
        ("steden", f"steden {number}"),
        ("cities", f"cities {number}"),
        ("Leiden", f"Leiden {number}"),
    ):
        text = text.replace(f'{old}"', f'{new}"')
    return json.loads(text)


WITH_ADDRESS = {
    **ORGANIZATION,
    "primaryCode": {"codeType": "x_wikidata", "code": "Q156598"},
    "link": "https://example.edu/",
    "addresses": [
        {
            "addressType": "visit",
            "city": "Leiden",
            "countryCode": "NL",
            "geolocation": {"latitude": 52.1, "longitude": 4.4},
        }
    ],
}
WITH_SPECIFICATION = {
    **{name: value for name, value in V5.items() if name != "level"},
    "description": [{"language": "en", "value": "<p>On &amp; of</p>"}],
    "validTo": "2030-01-01",
    "educationSpecification": {"level": "master"},
    "organization": ORGANIZATION,
}
OF_ROR = {**LEIDEN, "external_ids": LEIDEN["external_ids"][1:]}


#: What is not read: another name says the same, or nothing here is made of it.
UNREAD_V6 = {
    "consumer.alliances.0.enrollmentUrl",
    "organisation.name",
    "organisation.name.0",
    "organisation.name.0.language",
    "organisation.name.0.value",
    "organisation.organisationId",
    "organisation.parent.name.0.language",
    "organisationId",
}
UNREAD_V5 = {"educationSpecification", "organization.name.0.language"}
UNREAD_ROR = {
    "admin",
    "external_ids.0.all",
    "external_ids.0.all.0",
    "external_ids.0.preferred",
    "links.0.value",
    "locations.0.geonames_id",
    "relationships.0.id",
    "relationships.0.label",
    "relationships.1.label",
}


@pytest.mark.parametrize(
    ("kind", "good", "unread"),
    [
        ("programmes", V6, UNREAD_V6),
        pytest.param("programmes", WITH_SPECIFICATION, UNREAD_V5, marks=pytest.mark.slow),
        ("organisations", WITH_ADDRESS, set()),
        pytest.param("organisations", OF_ROR, UNREAD_ROR, marks=pytest.mark.slow),
    ],
    ids=["v6", "v5", "organisation", "ror"],
)
def test_every_item_has_one_outcome_and_every_value_is_read_or_told(
    partners, kind, good, unread, monkeypatch, caplog
):
    monkeypatch.setattr(problems, "MOST_KEPT", 10**6)
    monkeypatch.setattr(ledger, "MOST_LINES", 10**6)
    some = random.Random(10)
    made = [(path, value) for path in paths(good) for value in (*NEVER, *some.sample(OTHERS, 6))]
    items = [distinct(good, 0)]
    items += [replaced(distinct(good, n), *each) for n, each in enumerate(made, start=1)]
    data = json.dumps(items).encode()
    done = set()
    outcome = run_import(
        KINDS[kind],
        [SourceFile("x.json", lambda: io.BytesIO(data), len(data))],
        Options(limits=FOR_UPLOADS, provider="Leiden"),
        on_row=lambda row: done.add(row.place),
    )
    assert not caplog.records
    told = defaultdict(list)
    for each in outcome.problems.kept:
        told[each.place.line].append(each)
    assert 0 not in told, told[0]
    assert 1 not in told, told[1]
    totals = outcome.totals
    assert totals.rows == len(items) and outcome.unexplained == 0
    assert totals.added and totals.refused + totals.passed_over
    passed = {line for each in outcome.passed for line in each.lines}
    lost = []
    for line, (path, value) in enumerate(made, start=2):
        assert told[line] or f"x.json, item {line}" in done or line in passed, (path, value)
        if any(value is each for each in NEVER) and not told[line] and line not in passed:
            lost.append((path, value))
    assert {".".join(map(str, path)) for path, _value in lost} <= unread


# --- What no output can hold -------------------------------------------------------------------

NAMES = {
    "twice": '[{"\\ud800": 1, "\\ud800": 2}]',
    "beside": '{"items": [], "\\u0000\\ud800": [{"a": 1}]}',
    "inside": '[{"names": {"\\ud800": 1, "a": {"\\ud800": 1, "\\ud800": 2}}}]',
}


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("report", [JsonReport, CsvReport])
def test_names_that_no_output_can_hold_are_told(site, text, report):
    data = text.encode()
    file = SourceFile("x.json", lambda: io.BytesIO(data), len(data))
    outcome = run_import(KINDS["organisations"], [file], Options())
    assert outcome.problems.kept
    written = io.StringIO()
    report(written).finish(outcome)
    written.getvalue().encode()
    assert not has_control(written.getvalue())
