"""Open Education API v5 and v6, and ROR v2."""

from __future__ import annotations

import copy
import io
import json
import zipfile

import pytest

from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, Organisation, OrganisationIdentifier, Programme

LEIDEN = {
    "id": "https://ror.org/027bh9e22",
    "admin": {},
    "status": "active",
    "established": 1575,
    "types": ["education", "funder"],
    "names": [
        {"value": "Leiden University", "types": ["ror_display", "label"], "lang": "en"},
        {"value": "Universiteit Leiden", "types": ["label"], "lang": "nl"},
        {"value": "Université de Leyde", "types": ["label"], "lang": "fr"},
        {"value": "UL", "types": ["acronym"], "lang": None},
    ],
    "links": [
        {"type": "wikipedia", "value": "https://en.wikipedia.org/wiki/Leiden_University"},
        {"type": "website", "value": "https://www.universiteitleiden.nl/"},
    ],
    "locations": [
        {
            "geonames_id": 2751773,
            "geonames_details": {
                "name": "Leiden",
                "country_code": "NL",
                "lat": 52.15833333,
                "lng": 4.49306,
            },
        }
    ],
    "external_ids": [
        {"type": "isni", "all": ["0000 0001 2312 1970"], "preferred": None},
        {"type": "fundref", "all": ["501100001717"], "preferred": "501100001717"},
        {"type": "wikidata", "all": ["Q156598"], "preferred": None},
    ],
    "relationships": [
        {"id": "https://ror.org/05xvt9f17", "label": "LUMC", "type": "child"},
        {"id": "https://ror.org/04dkp9463", "label": "Elsewhere", "type": "parent"},
    ],
}
LUMC = {
    **LEIDEN,
    "id": "https://ror.org/05xvt9f17",
    "established": None,
    "types": ["healthcare"],
    "names": [{"value": "LUMC ziekenhuis", "types": ["ror_display"], "lang": "no"}],
    "external_ids": [],
    "relationships": [{"id": "https://ror.org/027bh9e22", "label": "Leiden", "type": "parent"}],
}
ELSEWHERE = {
    **LUMC,
    "id": "https://ror.org/03yrm5c26",
    "locations": [
        {"geonames_id": 1, "geonames_details": {"name": "Oakland", "country_code": "US"}}
    ],
    "names": [{"value": "California Digital Library", "types": ["label"], "lang": "en"}],
    "relationships": [],
}
DUMP = json.dumps([LUMC, LEIDEN, ELSEWHERE])


def test_ror_is_read_twice(run):
    first = run("organisations", {"ror.json": DUMP})
    assert first.status == 0, first.err
    row = Organisation.objects.get(ror_id="https://ror.org/027bh9e22")
    assert row.name == {"en": "Leiden University", "nl": "Universiteit Leiden"}
    assert (row.acronym, row.type, row.locality, row.country) == ("UL", "education", "Leiden", "NL")
    assert (str(row.founded), str(row.latitude)) == ("1575", "52.158333")
    assert row.website == "https://www.universiteitleiden.nl/" and row.parent is None
    codes = OrganisationIdentifier.objects.filter(organisation=row).values_list("scheme", "value")
    assert set(codes) == {("isni", "0000 0001 2312 1970"), ("wikidata", "Q156598")}
    lumc = Organisation.objects.get(ror_id="https://ror.org/05xvt9f17")
    assert lumc.parent == row and lumc.name == {"en": "LUMC ziekenhuis"}
    assert run("organisations", {"ror.json": DUMP}).counts == {"same": 3}


def test_ror_updates_what_has_the_name_and_keeps_what_editors_added(run):
    row = f.OrganisationFactory(name={"en": "leiden  University"}, type="funder", acronym="")
    OrganisationIdentifier.objects.create(organisation=row, scheme="kvk", value="27368929")
    f.OrganisationFactory(name={"en": "Leiden University"}, type="education", country="US")
    run("organisations", {"ror.json": json.dumps([LEIDEN])})
    row.refresh_from_db()
    assert row.ror_id == LEIDEN["id"]
    assert OrganisationIdentifier.objects.filter(organisation=row).count() == 3
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({"country": ["nl"]}, 2),
        ({"id": ["027bh9e22"]}, 1),
        ({"country": ["US"]}, 1),
        ({"only_existing": True}, 0),
    ],
)
def test_ror_is_restricted(run, options, count):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("v1.63-2025-04-03-ror-data.json", "[]")
        target.writestr("v1.63-2025-04-03-ror-data_schema_v2.json", DUMP)
        target.writestr("v1.63-2025-04-03-ror-data.csv", "id")
    result = run("organisations", {"ror.zip": archive.getvalue()}, format="ror", **options)
    assert result.status == 0, result.err
    assert Organisation.objects.count() == count


def test_an_inactive_organisation_is_only_updated(run):
    gone = {**LEIDEN, "status": "inactive"}
    result = run("organisations", {"ror.json": json.dumps([gone])})
    assert result.status == 0 and not Organisation.objects.exists()
    f.OrganisationFactory(ror_id=LEIDEN["id"])
    result = run("organisations", {"ror.json": json.dumps([gone])})
    assert result.counts == {"change": 1} and "dissolved" in result.err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": "https://ror.org/027bh9e23"}, "check digits"),
        ({"types": ["castle"]}, "castle"),
        ({"names": None}, "no name"),
    ],
)
def test_a_bad_ror_record_is_told_and_stops_no_other(run, change, told):
    lumc = {**LUMC, "relationships": []}
    result = run("organisations", {"ror.json": json.dumps([lumc, {**LEIDEN, **change}])})
    assert result.status == 0 and told in result.err
    assert result.problems[0]["place"]["line"] == 2
    assert [each["count"] for each in result.passed] == [1]
    assert "schema 2.0" in result.passed[0]["reason"]
    assert [row.name["en"] for row in Organisation.objects.all()] == ["LUMC ziekenhuis"]


def test_schema_1_of_ror_is_refused(run):
    old = {"id": LEIDEN["id"], "name": "Leiden University", "country": {"country_code": "NL"}}
    assert "schema 2.0" in run("organisations", {"ror.json": json.dumps([old])}).err


def test_a_loop_in_ror_is_told(run):
    one = {**LEIDEN, "relationships": [{"id": LUMC["id"], "label": "", "type": "successor"}]}
    two = {**LUMC, "relationships": [{"id": LEIDEN["id"], "label": "", "type": "successor"}]}
    result = run("organisations", {"ror.json": json.dumps([one, two])})
    assert [p["column"] for p in result.problems] == ["successor", "successor"]


# --- Open Education API ----------------------------------------------------------------------

ID = "123e4567-e89b-12d3-a456-426614174000"
ORG = "123e4567-e89b-12d3-a456-426614174999"
FACULTY = "123e4567-e89b-12d3-a456-426614174998"

V5 = {
    "programId": ID,
    "primaryCode": {"codeType": "identifier", "code": "MIN-1"},
    "otherCodes": [{"codeType": "crohoCreboCode", "code": "59312"}],
    "programType": "minor",
    "name": [
        {"language": "nl-NL", "value": "Duurzame steden"},
        {"language": "en-GB", "value": "Sustainable cities"},
    ],
    "description": [
        {"language": "en-GB", "value": "On **cities**.\n\nAnd more, [here](https://x)."}
    ],
    "teachingLanguage": "eng",
    "studyLoad": {"studyLoadUnit": "ects", "value": 15},
    "qualificationAwarded": "None",
    "modeOfStudy": "full-time",
    "modeOfDelivery": ["on campus", "online"],
    "duration": "P10W",
    "firstStartDate": "2020-09-01",
    "level": "bachelor",
    "fieldsOfStudy": "0732",
    "link": "https://example.edu/minor",
    "organization": ORG,
    "consumers": [
        {
            "consumerKey": "eduxchange",
            "alliances": [
                {
                    "name": "lde",
                    "theme": "10",
                    "selection": True,
                    "visibleForOwnStudents": True,
                    "enrollmentUrl": "https://example.edu/enrol",
                    "visibleForGuests": True,
                    "jointPartnerCodes": ["21PB", "21PF"],
                }
            ],
        }
    ],
}
V6 = {
    "programmeId": ID,
    "primaryCode": {"codeType": "identifier", "code": "MIN-1"},
    "otherCodes": [{"codeType": "crohoCreboCode", "code": "59312"}],
    "programmeType": "minor",
    "name": V5["name"],
    "description": V5["description"],
    "teachingLanguages": ["en-GB"],
    "studyLoad": [
        {"studyLoadUnit": "contact_time", "value": 90},
        {"studyLoadUnit": "ects", "value": 15},
    ],
    "qualificationAwarded": "none",
    "modeOfStudy": "full_time",
    "modesOfDelivery": ["presential", "online"],
    "duration": "P10W",
    "firstPossibleOfferingStartDateTime": "2020-09-01T00:00:00+02:00",
    "level": "bachelor",
    "fieldsOfStudy": "0732",
    "link": "https://example.edu/minor",
    "organisationId": FACULTY,
    "organisation": {
        "organisationId": FACULTY,
        "organisationType": "faculty",
        "name": [{"language": "en", "value": "Faculty"}],
        "parent": {
            "organisationId": ORG,
            "organisationType": "root",
            "primaryCode": {"codeType": "institution_code", "code": "21PB"},
            "name": [{"language": "en", "value": "Leiden"}],
        },
    },
    "consumer": {
        "consumerKey": "eduxchange",
        "alliances": [
            {**V5["consumers"][0]["alliances"][0], "enrolmentUrl": "https://example.edu/enrol"}
        ],
    },
}
ORGANIZATION = {
    "organizationId": ORG,
    "organizationType": "root",
    "primaryCode": {"codeType": "brin", "code": "21PB"},
    "name": [{"language": "en-GB", "value": "Leiden"}],
    "shortName": "UL",
}


def page(*items):
    return json.dumps(
        {
            "pageSize": 10,
            "pageNumber": 1,
            "hasPreviousPage": False,
            "hasNextPage": False,
            "items": items,
        }
    )


@pytest.mark.parametrize(
    "files",
    [
        {"pages/page-1.json": page(V5), "pages/organizations.json": page(ORGANIZATION)},
        {"programme.json": json.dumps(V6)},
        {"programmes.json": json.dumps([V6])},
        {"programmes.json": page(V6)},
    ],
    ids=["v5 directory", "v6 object", "v6 array", "v6 page"],
)
def test_versions_of_the_api_say_the_same(run, partners, files, tmp_path):
    first = run("programmes", files)
    assert first.status == 0, first.err
    row = Programme.objects.get()
    assert str(row.uuid) == ID
    assert row.name == {"nl": "Duurzame steden", "en": "Sustainable cities"}
    assert row.summary == {"en": "On cities."}
    assert (row.type, row.level, row.qualification) == ("minor", "bachelor", "none")
    assert (str(row.study_load), row.study_load_unit, row.duration) == ("15.0", "ects", "P10W")
    assert (row.teaching_languages, row.isced_fields) == (["en"], ["0732"])
    assert (row.modes_of_study, row.modes_of_delivery) == (["full_time"], ["presential", "online"])
    assert str(row.starts) == "2020-09-01" and row.link == "https://example.edu/minor"
    assert {(c.scheme, c.value) for c in row.codes.all()} == {
        ("identifier", "MIN-1"),
        ("crohoCreboCode", "59312"),
    }
    assert row.alliances.get().acronym == "LDE" and row.themes.get().notation == "10"
    providers = {(p.organisation.name["en"], p.role, p.partner_code) for p in row.providers.all()}
    assert providers == {("Leiden", "coordinator", "MIN-1"), ("Delft", "partner", "")}
    access = {
        (a.organisation and a.organisation.name["en"], a.selective, a.enrolment_link)
        for a in row.access.all()
    }
    assert access == {("Leiden", True, "https://example.edu/enrol"), (None, True, "")}
    second = run("programmes", files)
    assert second.rows == [] and second.counts["same"] == 1


def test_a_directory_of_pages_is_imported(run, partners, tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(1, 12):
        item = {
            **V6,
            "programmeId": ID[:-2] + f"{number:02}",
            "primaryCode": {"codeType": "x", "code": f"{number}"},
            "otherCodes": [],
        }
        item["name"] = [{"language": "en", "value": f"Minor {number}"}]
        (pages / f"page-{number}.json").write_text(page(item))
    result = run("programmes", {}, str(pages))
    assert result.counts["add"] == 11, result.err
    assert [row["label"] for row in result.rows][-1] == "Minor 11"


def test_a_course_and_an_education_specification(run, partners):
    course = {
        "courseId": ID,
        "name": [{"language": "nl", "value": "Schrijven"}],
        "primaryCode": {"codeType": "course_code", "code": "C1"},
        "educationSpecification": {
            "level": "master",
            "studyLoad": {"studyLoadUnit": "ects", "value": 5},
        },
        "level": None,
    }
    specification = {
        "educationSpecificationId": ORG,
        "educationSpecificationType": "program",
        "name": [{"language": "en", "value": "Bachelor of bees"}],
        "primaryCode": {"codeType": "crohoCreboCode", "code": "1"},
    }
    result = run("programmes", {"c.json": json.dumps([course, specification])}, provider="Leiden")
    assert result.status == 0, result.err
    rows = {row.type: row for row in Programme.objects.all()}
    assert rows["course"].level == "master" and str(rows["course"].study_load) == "5.0"
    assert rows["programme"].providers.get().organisation.name["en"] == "Leiden"


@pytest.mark.parametrize(
    ("change", "column", "told"),
    [
        ({"programmeType": "diploma_mill"}, "programmeType", "specialisation"),
        ({"level": "expert"}, "level", "bachelor"),
        ({"modesOfDelivery": ["telepathy"]}, "modesOfDelivery", "presential"),
        (
            {"studyLoad": [{"studyLoadUnit": "beers", "value": 3}]},
            "studyLoad.studyLoadUnit",
            "ects",
        ),
        ({"qualificationAwarded": "knighthood"}, "qualificationAwarded", "doctoral"),
        ({"programmeId": "1"}, "programmeId", "uuid"),
        ({"name": []}, "name", "no name"),
        ({"fieldsOfStudy": "banana"}, "fieldsOfStudy", "not a known code"),
        (
            {"consumer": {"consumerKey": "eduxchange", "alliances": [{"name": "nope"}]}},
            "alliances",
            "nope",
        ),
        ({"organisation": None, "organisationId": FACULTY}, "organisation", "no organisation"),
        ({"organisation": None, "organisationId": FACULTY}, "organisation", "--provider"),
        ({"organisation": {"organisationId": FACULTY}}, "organisation", "under Provider"),
        (
            {"organisation": None, "organisationId": None, "consumer": None},
            "organisation",
            "--provider",
        ),
    ],
)
def test_unknown_codes_are_told_with_what_is_allowed(run, partners, change, column, told):
    result = run("programmes", {"p.json": json.dumps({**V6, **change})})
    assert result.status == 1, result.out
    assert column in {p["column"] for p in result.problems} and told in result.err
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"programmeType": "x-mooc"}, "type", "mooc"),
        ({"modesOfDelivery": ["work_based", "hybrid"]}, "modes_of_delivery", ["hybrid"]),
        (
            {"qualificationAwarded": "master", "qualificationDesignations": ["of Sciences"]},
            "qualification",
            "MSc",
        ),
        ({"level": "undivided"}, "level", "unspecified"),
        ({"duration": "P1YT10H"}, "duration", "P1Y"),
    ],
)
def test_codes_of_the_specification(run, partners, change, field, value):
    result = run("programmes", {"p.json": json.dumps({**V6, **change})})
    assert result.status == 0, result.err
    assert getattr(Programme.objects.get(), field) == value


def test_two_universities_use_the_same_code(run, partners):
    other = copy.deepcopy(V6)
    other["programmeId"] = ID.replace("1", "2")
    other["organisation"]["parent"]["primaryCode"]["code"] = "21PF"
    other["consumer"] = None
    one = {**V6, "consumer": None}
    files = {"p.json": json.dumps([one, other])}
    assert run("programmes", files).counts["add"] == 2
    assert run("programmes", files).counts["same"] == 2


def test_institutions_are_imported_and_faculties_passed_over(run):
    faculty = {**V6["organisation"], "parent": ORG}
    items = page(ORGANIZATION, faculty)
    result = run("organisations", {"o.json": items})
    assert result.status == 0, result.err
    row = Organisation.objects.get()
    assert (str(row.uuid), row.acronym, row.type) == (ORG, "UL", "education")
    assert row.identifiers.get().value == "21PB"
    assert run("organisations", {"o.json": items}).counts == {"same": 1}


def test_alliances_are_not_in_the_api(run):
    assert "holds no alliances" in run("alliances", {"o.json": "[]"}).err
    assert not Alliance.objects.exists()
