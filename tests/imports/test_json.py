"""JSON as files really have it: what it says is taken right, or refused by item and name."""

from __future__ import annotations

import copy
import io
import json
import time
import tracemalloc
import zipfile

import pytest
from django.urls import reverse

from wagtail_regional import factories as f
from wagtail_regional.imports.formats.sources import Options, SourceFile
from wagtail_regional.imports.kinds import KINDS
from wagtail_regional.imports.plain_text import first_paragraph
from wagtail_regional.imports.running import run_import
from wagtail_regional.models import Organisation, Programme

from .test_admin import as_user, digest, editor, upload  # noqa: F401
from .test_sources import ID, LEIDEN, LUMC, ORG, ORGANIZATION, V5, V6, page

WITH_PLACE = {
    **ORGANIZATION,
    "addresses": [
        {
            "addressType": "visit",
            "city": "Leiden",
            "countryCode": "NL",
            "geolocation": {"latitude": 52.1571, "longitude": 4.4853},
        }
    ],
}


#: Another programme, that has nothing in common with the first.
OTHER = {
    **V6,
    "programmeId": ORG,
    "name": [{"language": "en", "value": "Another"}],
    "primaryCode": {"codeType": "x", "code": "2"},
    "otherCodes": [],
}


def changed(item, path, value):
    """A copy with another value at a path such as ``studyLoad.0.value``."""
    item = copy.deepcopy(item)
    target = item
    *way, last = (int(key) if key.isdigit() else key for key in path.split("."))
    for key in way:
        target = target[key]
    target[last] = value
    return item


def told(result):
    """What is told: line, name and whether it is a warning."""
    return [(p["place"]["line"], p["column"], p["warning"]) for p in result.problems]


# --- Values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "stored"),
    [("7,5", "7.5"), (" 7.5 ", "7.5"), (7.5, "7.5"), ("15", "15.0"), (15.0, "15.0"), ("7½", None)],
)
def test_study_loads_as_people_write_them(run, partners, given, stored):
    result = run("programmes", {"p.json": page(changed(V6, "studyLoad.1.value", given))})
    if stored is None:
        assert told(result) == [(1, "studyLoad.value", False)]
    else:
        assert result.status == 0, result.err
        assert str(Programme.objects.get().study_load) == stored


@pytest.mark.parametrize(
    "value", [1e300, "1e999", True, [], {}, "", None, [[5]], {"a": 1}, "x" * 600]
)
@pytest.mark.parametrize("path", ["studyLoad.1.value", "fieldsOfStudy", "name.0.language", "level"])
def test_no_value_raises(run, partners, path, value):
    result = run("programmes", {"p.json": page(changed(V6, path, value), OTHER)})
    assert "report this" not in result.err
    assert result.totals["rows"] == 2
    refused = {p["place"]["line"] for p in result.problems if not p["warning"]}
    assert result.totals["refused"] == len(refused) and 2 not in refused


@pytest.mark.parametrize(
    ("latitude", "longitude", "stored"),
    [
        ("52,1571", "4,4853", ("52.157100", "4.485300")),
        (52.157123456789, 4, ("52.157123", "4.000000")),
        ("52.1571", None, None),
        ("NaN", 4.4, None),
        (91, 4.4, None),
        (["52"], 4.4, None),
    ],
)
def test_coordinates(run, latitude, longitude, stored):
    item = changed(
        WITH_PLACE, "addresses.0.geolocation", {"latitude": latitude, "longitude": longitude}
    )
    result = run("organisations", {"o.json": page(item)})
    if stored:
        row = Organisation.objects.get()
        assert (str(row.latitude), str(row.longitude)) == stored
        assert not result.problems
    else:
        assert result.status == 1 and "addresses.geolocation" in result.problems[0]["column"]
        assert not Organisation.objects.exists()


def test_a_decimal_comma_in_the_admin(editor):  # noqa: F811
    for value, right in (("7,5", True), ("7 of 5", False), (["7,5"], False)):
        data = page(changed(WITH_PLACE, "addresses.0.geolocation.latitude", value))
        response = upload(editor, "organisations", {"o.json": data})
        where, shown = response.request["PATH_INFO"], response.content.decode()
        assert response.status_code == 200 == editor.get(where).status_code
        assert "latitude" in shown and ("Import this" in shown) == right
        if right:
            editor.post(where, {"digest": digest(shown)}, follow=True)
            row = Organisation.objects.get(uuid=ORG)
            assert str(row.latitude) == "7.500000"
            row.delete()
        else:
            assert editor.post(where, {"digest": "x"}).status_code == 200
        assert editor.get(reverse("wagtail_regional_imports:start")).status_code == 200


@pytest.mark.parametrize(
    ("names", "starts", "ends"),
    [
        (
            {
                "firstPossibleOfferingStartDateTime": "2026-08-31T22:00:00Z",
                "lastPossibleOfferingEndDateTime": "2027-08-30T22:00:00Z",
            },
            "2026-09-01",
            "2027-08-31",
        ),
        ({"firstPossibleOfferingStartDateTime": "2026-09-01T00:00:00"}, "2026-09-01", None),
        ({"firstPossibleOfferingStartDateTime": "2026-08-31T23:00:00.5+01:00"}, "2026-09-01", None),
        ({"firstPossibleOfferingStartDateTime": "2026-12-31T23:30:00-05:00"}, "2027-01-01", None),
        ({"firstPossibleOfferingStartDateTime": "2026-09"}, "2026-09", None),
        ({"firstPossibleOfferingStartDateTime": 2026}, "2026", None),
        ({"validTo": "2027-09-01"}, "2020-09-01", "2027-08-31"),
        ({"validTo": "2027-08-31T22:00:00Z"}, "2020-09-01", "2027-08-31"),
        ({"validTo": "2027-08-31T12:00:00Z"}, "2020-09-01", "2027-08-31"),
    ],
)
def test_moments_are_days_of_the_site(run, partners, settings, names, starts, ends):
    settings.TIME_ZONE = "Europe/Amsterdam"
    result = run("programmes", {"p.json": page({**V6, **names})})
    assert result.status == 0, result.err
    row = Programme.objects.get()
    assert (str(row.starts), row.ends and str(row.ends)) == (starts, ends)


@pytest.mark.parametrize(
    "value", ["2026-02-30", "31/12", "0000-00-00", "9999-12-31T23:59:59-12:00", "2026-W01", [1], {}]
)
def test_days_that_are_none(run, partners, value):
    result = run("programmes", {"p.json": page({**V6, "validTo": value})})
    assert "report this" not in result.err
    assert told(result) == ([] if value == {} else [(1, "validTo", False)])


@pytest.mark.parametrize(
    ("description", "plain"),
    [
        ("<p>Law &amp; Society&nbsp;in <b>Europe</b></p><p>Second.</p>", "Law & Society in Europe"),
        ("<div>One<br>two<br/>three</div>four", "One two three"),
        ("One</p><p>two", "One"),
        ("<h2>Title</h2><p>Body</p>", "Body"),
        ("<h1>Title</h1>", "Title"),
        ("# Title\n\nOn **cities** and _rivers_.\n\nMore.", "On cities and rivers."),
        ("<ul><li>One</li><li>Two</li></ul>", "One Two"),
        ("<script>alert(1)</script><style>p {}</style><!-- no <b> -->Yes", "Yes"),
        (
            "a < b and c > d, x<y>z, C* and snake_case, 5*3",
            "a < b and c > d, x<y>z, C* and snake_case, 5*3",
        ),
        ("AT&T, R&D, ?a=1&copy=2, &#233;t&#xe9;, &lt;b&gt;", "AT&T, R&D, ?a=1&copy=2, été, <b>"),
        ("&#" + "9" * 5000 + "; x", "&#" + "9" * 5000 + "; x"),
        ("![logo](x.png) See [here](https://x).", "See here."),
        ("<p> </p>\r\n \r\n<p>\u200bText\u00a0here</p>", "Text here"),
        ("<<p>>", "<"),
    ],
)
def test_descriptions_become_plain(description, plain):
    assert first_paragraph(description) == plain


@pytest.mark.parametrize(
    "part", ["<script>", "<p", "<!--", "[", "[a](", "*", "<p>&amp;", "&#1", "\n ", "_a"]
)
def test_descriptions_take_no_time(part):
    before = time.monotonic()
    first_paragraph(part * 50_000)
    assert time.monotonic() - before < 2


def test_html_in_a_file(run, partners):
    html = "<p>Law &amp; Society&nbsp;in <b>Europe</b></p><p>Second part.</p>"
    run("programmes", {"p.json": page(changed(V6, "description.0.value", html))})
    assert Programme.objects.get().summary == {"en": "Law & Society in Europe"}


@pytest.mark.parametrize(
    ("path", "value", "name"),
    [
        (
            "studyLoad",
            [{"studyLoadUnit": "ects", "value": 3}, {"studyLoadUnit": "ECTS", "value": 365}],
            "studyLoad.value",
        ),
        (
            "name",
            [{"language": "en", "value": "One"}, {"language": "en", "value": "Two"}],
            "name",
        ),
        (
            "name",
            [{"language": "en-GB", "value": "One"}, {"language": "en-US", "value": "Two"}],
            "name",
        ),
        ("level", ["bachelor", "master"], "level"),
        (
            "primaryCode",
            [{"codeType": "a", "code": "1"}, {"codeType": "a", "code": "2"}],
            "primaryCode.code",
        ),
        (
            "consumer.alliances",
            [
                {"name": "lde", "visibleForGuests": True, "selection": each}
                for each in (True, "false")
            ],
            "consumer.alliances.selection",
        ),
    ],
)
def test_of_two_values_the_first_is_kept_with_a_warning(run, partners, path, value, name):
    result = run("programmes", {"p.json": page(changed(V6, path, value))})
    assert result.status == 0, result.err
    assert told(result) == [(1, name, True)] and "Only one fits" in result.err
    row = Programme.objects.get()
    first = {
        "studyLoad": lambda: (str(row.study_load), "3.0"),
        "name": lambda: (row.name["en"], "One"),
        "level": lambda: (row.level, "bachelor"),
        "primaryCode": lambda: (row.providers.first().partner_code, "1"),
        "consumer.alliances": lambda: (row.access.get().selective, True),
    }[path]()
    assert first[0] == first[1]
    if path == "primaryCode":
        assert row.codes.filter(scheme="a").count() == 2


def test_two_addresses(run):
    other = {**WITH_PLACE["addresses"][0], "city": "Den Haag"}
    result = run("organisations", {"o.json": page(changed(WITH_PLACE, "addresses.0", other))})
    both = {**WITH_PLACE, "addresses": [*WITH_PLACE["addresses"], other]}
    result = run("organisations", {"o.json": page(both)})
    assert told(result) == [(1, "addresses", True)]
    assert Organisation.objects.get().locality == "Leiden"


def test_text_is_normalised_and_control_characters_are_refused(run, partners):
    item = changed(V6, "name.0.value", "Duur\u200bzame\u00a0 ste\nden")
    result = run("programmes", {"p.json": page(item)})
    assert Programme.objects.get().name["nl"] == "Duurzame ste den", result.err
    for bad in ("\x0b", "\x00", "\ud800", "\x9f"):
        result = run("programmes", {"p.json": page(changed(V6, "name.0.value", f"a{bad}b"))})
        assert told(result) == [(1, "name.value", False)]


def test_words_for_yes_and_no(run, partners):
    item = changed(V6, "consumer.alliances.0.selection", "false")
    item["consumer"]["alliances"][0]["visibleForGuests"] = "true"
    run("programmes", {"p.json": page(item)})
    assert [access.selective for access in Programme.objects.get().access.all()] == [False, False]


def test_organisations_in_a_circle(run, partners):
    one, two = ({"organisationId": key, "organisationType": "faculty"} for key in (ORG, ID))
    one["parentId"], two["parentId"] = ID, ORG
    item = {
        **V6,
        "programmeId": ID.replace("1", "2"),
        "organisation": None,
        "organisationId": ORG,
        "consumer": None,
    }
    result = run("programmes", {"p.json": page(item, one, two)}, provider="Leiden")
    assert result.status == 0, result.err
    assert Programme.objects.get().providers.filter(organisation__name__en="Leiden").exists()


# --- Items -----------------------------------------------------------------------------------


def test_items_that_are_none_are_refused_with_the_others(run, partners):
    items = [
        5,
        V6,
        None,
        "text",
        [V6],
        {"a": 1},
        changed(OTHER, "level", "expert"),
        {"programmeId": None},
    ]
    result = run("programmes", {"p.json": page(*items)})
    assert result.status == 1
    assert {line for line, _name, warning in told(result) if not warning} == {1, 3, 4, 5, 6, 7, 8}
    assert result.totals == {
        "rows": 8,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 7,
        "passed_over": 0,
    }


def test_organisations_and_what_has_no_place_are_passed_over(run, partners):
    cluster = {**V6, "programmeId": ORG, "programmeType": "cluster", "name": []}
    result = run("programmes", {"p.json": page(ORGANIZATION, V6, cluster)})
    assert result.status == 0 and result.totals["passed_over"] == 2
    assert {p["where"] for p in result.passed} == {"p.json, item 1", "p.json, item 3"}


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (json.dumps(V6).encode("utf-16"), 1),
        (b"\xef\xbb\xbf" + json.dumps([V6]).encode(), 1),
        (json.dumps([V6]).encode("utf-16-le"), 1),
        (json.dumps(V6).encode() + b"\n" + json.dumps(V5).replace(ID, ORG).encode() + b"\n", 2),
        (json.dumps({"courses": [], "programmes": [V6]}).encode(), 1),
        # Its courses are its own, and no collection.
        (json.dumps({**V6, "courses": [{"courseId": ORG}]}).encode(), 1),
        (json.dumps({"pageSize": 1, "items": [V6], "ext": {}}).encode(), 1),
    ],
    ids=["UTF-16", "BOM", "no BOM", "lines", "two collections", "expanded", "page"],
)
def test_files_as_programs_write_them(run, partners, data, count):
    result = run("programmes", {"p.json": data}, provider="Leiden")
    found = result.totals["added"] + result.totals["refused"]
    assert found == count and result.totals["rows"] == count, result.err


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"5", "neither an object nor an array"),
        (json.dumps([V6]).encode()[:-5], "ends in the middle"),
        (json.dumps([V6, V6]).encode()[:700], "ends in the middle"),
        ('[{"name": "é"}]'.encode("latin-1"), "UTF-8"),
        (b"[{}] x", "not valid JSON"),
        (b"[{},]", "not valid JSON"),
        (b'{"items": [', "ends in the middle"),
        (b'[{"programmeId": nope}]', "not valid JSON"),
        (b'[{"programmeId": "a", "programmeId": "b"}]', "twice"),
        (b'[{"a": ' + b"[" * 100 + b"]" * 100 + b"}]", "nested more than 40 deep"),
        (b'{"a": "' + b"x" * 2_000_000 + b'"}', "more than 1000000 characters"),
        (b'{"items": [], "programmeId": "x"}', "item and a collection"),
        (b'{"type": "FeatureCollection", "features": [{"properties": null}]}', "no item of"),
        (b'{"type": "Topology", "arcs": [[[3.0, 50.7]]], "objects": {}}', "no item of"),
    ],
)
def test_files_that_are_refused(run, site, data, words):
    for kind in ("programmes", "organisations"):
        result = run(kind, {"p.json": data})
        assert result.status == 1 and words in result.err, result.err
        assert "report this" not in result.err
        reasons = [each["reason"] for each in result.problems]
        assert len(reasons) == len(set(reasons)), result.err


def test_a_list_beside_the_collection_is_told(run, partners):
    data = json.dumps({"items": [V6], "minors": [V6]})
    result = run("programmes", {"p.json": data})
    assert told(result) == [(0, "minors", True)]


def test_a_second_version_of_a_name_that_says_the_same(run, partners):
    text = json.dumps(V6).replace('"level"', '"level": "bachelor", "level"')
    assert run("programmes", {"p.json": text}).status == 0


BOMBS = {
    "arrays": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "open": b"[" * 200_000,
    "items that open": b"[{}, " + b"[{}," * 50_000,
    "a number": b"[" + b"1" * 1_000_000 + b"]",
    "a number in an item": b'[{"id": ' + b"1" * 500_000 + b"}]",
    "decimals": b'[{"id": 1.' + b"1" * 500_000 + b"}]",
    "names": b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}",
    "names in an item": b"[{" + b",".join(b'"k%d":1' % n for n in range(60_000)) + b"}]",
    "backslashes": b'["' + b"\\" * 1_000_000,
    "a string": b'["' + b"x" * 5_000_000 + b'"]',
    "a string without end": b'[{}, "' + b"x" * 12_000_000,
    "quotes": b'["' + b'\\"' * 500_000 + b'"]',
    "space": b" " * 1_000_000,
    "nothing": b"[" + b"null," * 10_000 + b"null]",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_neither_time_nor_memory(site, name):
    data = BOMBS[name]
    file = SourceFile("x.json", lambda: io.BytesIO(data), len(data))
    tracemalloc.start()
    try:
        before = time.process_time()
        outcome = run_import(KINDS["organisations"], [file], Options())
        taken, peak = time.process_time() - before, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert outcome.problems.errors and not outcome.may_be_written
    assert "report this" not in str(outcome.problems.kept)
    assert taken < 8 and peak < 50_000_000


def test_damaged_archives(run, site):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a.json", page(ORGANIZATION))
        target.writestr("__MACOSX/._a.json", b"\x00\x05")
        other = {"organizationId": ID, "name": 5}
        target.writestr("b.json", page(other))
    data = packed.getvalue()
    result = run("organisations", {"x.zip": data}, format="oeapi")
    assert told(result) == [(1, "name", False)] and result.problems[0]["place"]["table"] == "b.json"
    assert result.totals["rows"] == 2
    at = data.index(b"a.json") + 10
    for broken in (data[:at] + b"\xff" * 8 + data[at + 8 :], data[:200], data[50:]):
        result = run("organisations", {"x.zip": broken}, format="oeapi")
        assert result.status == 1 and "damaged" in result.err and "report this" not in result.err


# --- ROR -------------------------------------------------------------------------------------


def ror(*records):
    return {"ror.json": json.dumps(records)}


def place_of(**details):
    return [{"geonames_id": 1, "geonames_details": {"name": "Pristina", **details}}]


def test_only_one_point_fits_and_the_others_are_told(run):
    first, other = {"latitude": 52.1, "longitude": 4.4}, {"latitude": 50.8, "longitude": 5.7}
    item = changed(WITH_PLACE, "addresses.0.geolocation", [first, first, other])
    result = run("organisations", {"o.json": page(item)})
    assert told(result) == [(1, "addresses.geolocation", True)] and result.status == 0
    assert str(Organisation.objects.get().latitude) == "52.100000"


def test_only_one_location_fits_and_the_others_are_told(run):
    first, other = place_of(country_code="XK"), place_of(country_code="AL", name="Tirana")
    result = run("organisations", ror({**LEIDEN, "locations": [*first, *first, *other]}))
    assert told(result) == [(1, "locations", True)] and result.status == 0
    assert result.problems[0]["value"] == "Tirana"
    assert Organisation.objects.get().locality == "Pristina"


def test_kosovo_is_a_country(run):
    record = {**LEIDEN, "locations": place_of(country_code="XK", lat=42.67, lng=21.16)}
    result = run("organisations", ror(record))
    assert result.status == 0 and not result.problems
    row = Organisation.objects.get()
    assert (row.country, row.locality) == ("XK", "Pristina")


@pytest.mark.parametrize(
    ("path", "value", "name"),
    [
        (
            "locations.0.geonames_details.country_code",
            "ZZ",
            "locations.geonames_details.country_code",
        ),
        ("locations.0.geonames_details.lat", "north", "locations.geonames_details.lat"),
        ("locations.0.geonames_details.lat", 95, "locations.geonames_details.lat"),
        ("locations.0.geonames_details.name", ["Leiden"], "locations.geonames_details.name"),
        ("links.1.value", "not an address", "links.value"),
        ("established", 859, "established"),
        ("established", "long ago", "established"),
        ("types", ["education", "castle"], "types"),
        ("external_ids.0.all", ["12"], "external_ids.isni"),
        ("names.3.value", "U" * 60, "names"),
        ("status", "merged", "status"),
        ("relationships.1.id", "https://ror.org/000000000", "relationships.id"),
    ],
)
def test_a_bad_value_in_ror_costs_that_value(run, path, value, name):
    result = run("organisations", ror(changed(LEIDEN, path, value), LUMC))
    assert result.status == 0 and Organisation.objects.count() == 2
    assert {(line, told_name) for line, told_name, _ in told(result)} <= {
        (1, name),
        (1, "locations.geonames_details.lat"),
    }
    assert (1, name, True) in told(result)


@pytest.mark.parametrize(
    ("names", "stored"),
    [
        (
            [
                {"lang": "en", "types": ["label"], "value": "Alpha"},
                {"lang": "en", "types": ["label", "ror_display"], "value": "Beta"},
            ],
            {"en": "Beta"},
        ),
        (
            [
                {"lang": "en", "types": ["label"], "value": "Alpha"},
                {"lang": "nl", "types": ["ror_display"], "value": "Bèta"},
            ],
            {"en": "Alpha", "nl": "Bèta"},
        ),
        (
            [
                {"lang": "nl", "types": ["label"], "value": "Alfa"},
                {"lang": None, "types": ["ror_display"], "value": "Beta"},
            ],
            {"en": "Beta", "nl": "Alfa"},
        ),
        ([{"lang": "de", "types": ["ror_display"], "value": "Beta"}], {"en": "Beta"}),
    ],
)
def test_the_name_that_ror_displays_is_shown(run, names, stored):
    run("organisations", ror({**LEIDEN, "names": names}))
    assert Organisation.objects.get().name == stored


def test_a_withdrawn_record_is_passed_over_each_time(run):
    other = {**LEIDEN, "id": "https://ror.org/02e2c7k09", "external_ids": [], "relationships": []}
    other["names"] = [{"lang": "en", "types": ["label", "ror_display"], "value": "Alpha Center"}]
    run("organisations", ror(LEIDEN, other))
    assert Organisation.objects.count() == 2
    successor = {"label": "Leiden", "type": "successor", "id": LEIDEN["id"]}
    gone = {**other, "status": "withdrawn", "relationships": [successor]}
    for _ in range(2):
        result = run("organisations", ror(LEIDEN, gone))
        assert result.status == 0 and not result.problems and "dissolved" not in result.err
        assert result.totals["unchanged"] == result.totals["passed_over"] == 1
        assert "withdrawn" in result.passed[0]["reason"]


def test_an_inactive_record_asks_until_it_is_answered(run):
    row = f.OrganisationFactory(ror_id=LEIDEN["id"])
    gone = {**LEIDEN, "status": "inactive"}
    assert told(run("organisations", ror(gone))) == [(1, "status", True)]
    assert told(run("organisations", ror(gone))) == [(1, "status", True)]
    Organisation.objects.filter(pk=row.pk).update(dissolved="2020")
    assert not run("organisations", ror(gone)).problems


def test_what_is_not_asked_for_is_counted(run):
    result = run("organisations", ror(LEIDEN, LUMC, {**LEIDEN, "id": ["x"]}), id=["027bh9e22"])
    assert result.totals["added"] == 1 and result.totals["passed_over"] == 2


@pytest.mark.parametrize(
    "bad", [{"names": None}, {"names": 5}, {"id": 7}, {"types": {"a": 1}}, {"id": None}]
)
def test_a_ror_record_without_what_it_needs_is_passed_over(run, bad):
    result = run("organisations", ror({**LEIDEN, **bad}, LUMC))
    assert result.status == 0 and result.problems
    assert result.totals["added"] == result.totals["passed_over"] == 1


def test_a_file_of_which_no_record_can_be_read_is_refused(run):
    result = run("organisations", ror({**LEIDEN, "names": None}, {**LUMC, "id": 5}))
    assert result.status == 1 and "Not one of these records" in result.err
    assert result.totals["rows"] == 2 == result.totals["passed_over"]
