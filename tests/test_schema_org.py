"""JSON-LD in schema.org's terms, on pages and in the API, from the same rows."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import wagtail

from tests.conftest import make_image
from wagtail_regional import factories as f
from wagtail_regional.schemas.json_ld import dump_json_ld
from wagtail_regional.vocabularies import OrganisationType

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"


def on_page(client, page):
    """What a search engine reads of a page."""
    html = client.get(page.get_url()).content.decode()
    found = re.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', html)
    return [json.loads(each) for each in found]


def test_a_page_about_an_alliance(client, section):
    alliance = f.AllianceFactory(
        name={"en": "Delta"}, starts="2006", ends="2030-06", website="https://delta.example"
    )
    f.MembershipFactory(
        alliance=alliance,
        role="coordinator",
        starts="2010",
        organisation=f.OrganisationFactory(
            name={"en": "Hospital"}, type="healthcare", ror_id="https://ror.org/05xvt9f17"
        ),
    )
    f.MembershipFactory(alliance=alliance, organisation__name={"en": "Left"}, ends="2012")
    section.page.subject = alliance
    section.page.save()
    web_page, breadcrumb = on_page(client, section.page)
    assert web_page["@context"] == breadcrumb["@context"] == "https://schema.org"
    assert web_page["@type"] == "WebPage" and web_page["inLanguage"] == "en"
    about = web_page["about"]
    assert about["@type"] == "Consortium"
    # Organization has neither startDate nor endDate.
    assert about["foundingDate"] == "2006" and about["dissolutionDate"] == "2030-06"
    assert "startDate" not in about and about["sameAs"] == "https://delta.example"
    [role] = about["member"]
    assert role["@type"] == "OrganizationRole" and role["startDate"] == "2010"
    assert role["member"]["@type"] == "Hospital"
    assert role["member"]["@id"] == "https://ror.org/05xvt9f17"
    assert [each["name"] for each in breadcrumb["itemListElement"]][-2:] == [
        "In the region",
        "Regional partnerships",
    ]
    assert [each["position"] for each in breadcrumb["itemListElement"]] == [1, 2, 3]
    answer = client.get(f"{API}/pages/{section.page.pk}/").json()
    assert answer["meta"]["json_ld"] == [web_page, breadcrumb]


def test_a_programme_index_lists_its_programmes(client, section):
    f.ProgrammeFactory(name={"en": "Minor"}, type="minor")
    f.ProgrammeFactory(name={"en": "Mooc"}, type="mooc", teaching_languages=["en"])
    web_page, _breadcrumb = on_page(client, section.programmes)
    assert web_page["@type"] == "CollectionPage"
    minor, mooc = [each["item"] for each in web_page["mainEntity"]["itemListElement"]]
    assert minor["@type"] == "EducationalOccupationalProgram" and "inLanguage" not in minor
    assert mooc["@type"] == "Course" and mooc["inLanguage"] == ["en"]
    assert mooc["hasCourseInstance"]["courseMode"] == "online"


def test_a_programme_in_full(client, site):
    programme = f.ProgrammeFactory(
        type="programme",
        qualification="MSc",
        duration="P2Y",
        modes_of_study=["full_time"],
        study_load=120,
        study_load_unit="ects",
    )
    f.ProgrammeAccessFactory(programme=programme, application_closes=dt.date(2027, 5, 15))
    data = client.get(f"{API}/programmes/{programme.uuid}/").json()["json_ld"]
    assert data["educationalCredentialAwarded"] == "MSc" and data["timeToComplete"] == "P2Y"
    assert data["educationalProgramMode"] == ["Full-time"]
    assert data["numberOfCredits"] == {
        "@type": "QuantitativeValue",
        "value": 120.0,
        "unitText": "ECTS",
    }
    assert data["applicationDeadline"] == "2027-05-15"


def test_nothing_in_it_ends_the_script():
    nasty = "</script><!--<script>\u2028]]>&"
    written = dump_json_ld({"name": nasty})
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written) == {"name": nasty}


# --- Held against the vocabulary ------------------------------------------------------------------

THING = {"name", "alternateName", "description", "url", "sameAs"}
ORGANISATION = THING | {
    *("logo", "foundingDate", "dissolutionDate", "address", "location", "areaServed"),
    *("parentOrganization", "knowsAbout", "member"),
}
PLACE = THING | {"address", "geo"}
WORK = THING | {
    *("inLanguage", "datePublished", "dateModified", "about", "mainEntity", "provider"),
    *("educationalLevel",),
}
#: Of each type that we use, properties of its own and of the types above it, as schema.org has
#: them in version 30.0. Those that we do not use are left out.
ALLOWED = {
    "Organization": ORGANISATION,
    "Consortium": ORGANISATION,
    "Corporation": ORGANISATION,
    "GovernmentOrganization": ORGANISATION,
    "NGO": ORGANISATION,
    "ResearchOrganization": ORGANISATION,
    # Projects are organisations there, and funding agencies are projects.
    "Project": ORGANISATION,
    "FundingAgency": ORGANISATION,
    # Those that are civic structures or local businesses are places, too.
    "CollegeOrUniversity": ORGANISATION | PLACE,
    "Hospital": ORGANISATION | PLACE,
    "ArchiveOrganization": ORGANISATION | PLACE,
    # A role repeats the property that it stands in.
    "OrganizationRole": THING | {"roleName", "startDate", "endDate", "member"},
    "Place": PLACE,
    "GeoCoordinates": THING | {"latitude", "longitude"},
    "PostalAddress": THING | {"addressLocality", "addressCountry"},
    "QuantitativeValue": THING | {"value", "unitText"},
    "EducationalOccupationalProgram": THING
    | {
        *("provider", "educationalCredentialAwarded", "programType", "numberOfCredits"),
        *("educationalProgramMode", "timeToComplete", "startDate", "endDate"),
        *("applicationDeadline",),
    },
    "Course": WORK | {"educationalCredentialAwarded", "numberOfCredits", "hasCourseInstance"},
    "CourseInstance": THING | {"courseMode", "startDate", "endDate", "inLanguage"},
    "WebPage": WORK,
    "CollectionPage": WORK,
    "ItemList": THING | {"numberOfItems", "itemListElement"},
    "BreadcrumbList": THING | {"numberOfItems", "itemListElement"},
    "ListItem": THING | {"position", "item"},
}


def objects_of(data):
    """Each object within, with all of its own."""
    if isinstance(data, list):
        for each in data:
            yield from objects_of(each)
    elif isinstance(data, dict):
        yield data
        for each in data.values():
            yield from objects_of(each)


def check_vocabulary(data):
    used = set()
    for each in objects_of(data):
        kind = each["@type"]
        properties = {name for name in each if not name.startswith("@")}
        assert properties <= ALLOWED[kind], (kind, properties - ALLOWED[kind])
        if "@id" in each:
            assert re.match(r"https?://|urn:uuid:[0-9a-f-]{36}$", each["@id"])
        used.add(kind)
    return used


@pytest.fixture
def everything(section):
    """A row of each kind with all that JSON-LD may say of it."""
    everywhere = {"latitude": "52.16", "longitude": "-4.49", "locality": "Leiden", "country": "NL"}
    period = {"starts": "2010", "ends": "2090-01-01"}
    parent = f.AllianceFactory()
    alliance = f.AllianceFactory(
        parent=parent,
        acronym="AB",
        summary={"en": "Words"},
        region={"en": "Delta"},
        website="https://alliance.example/",
        logo=make_image(),
        **period,
    )
    alliance.themes.add(f.ThemeFactory())
    alliance.save()
    for kind in OrganisationType.values:
        organisation = f.OrganisationFactory(
            type=kind,
            acronym=kind,
            logo=make_image(),
            founded="1575",
            dissolved="2090",
            **everywhere,
        )
        f.MembershipFactory(alliance=alliance, organisation=organisation, **period)
    f.MembershipFactory(alliance=alliance, organisation=None, member_alliance=f.AllianceFactory())
    f.ProjectFactory(alliance=alliance, summary={"en": "Words"}, **period)
    for kind in ("course", "mooc", "programme"):
        programme = f.ProgrammeFactory(
            type=kind,
            level="master",
            qualification="MSc",
            duration="P2Y",
            summary={"en": "Words"},
            link="https://study.example/",
            study_load=0,
            teaching_languages=["nl", "en"],
            modes_of_study=["full_time"],
            modes_of_delivery=["online"],
            **period,
        )
        f.ProgrammeProviderFactory(programme=programme)
        f.ProgrammeAccessFactory(programme=programme, application_closes=dt.date(2027, 5, 15))
    section.page.subject = alliance
    section.page.save()
    return section


def test_every_property_is_one_of_its_type(client, everything):
    used = set()
    for kind in ("organisations", "alliances", "projects", "programmes"):
        for item in client.get(f"{API}/{kind}/?limit=20").json()["items"]:
            used |= check_vocabulary(client.get(f"{API}/{kind}/{item['id']}/").json()["json_ld"])
    for page in (everything.index, everything.page, everything.programmes):
        used |= check_vocabulary(on_page(client, page))
    assert used == set(ALLOWED)


@pytest.mark.parametrize("kind", OrganisationType.values)
def test_an_organisation_is_where_it_is(client, site, kind):
    organisation = f.OrganisationFactory(type=kind, latitude="52.16", longitude="-4.49")
    data = client.get(f"{API}/organisations/{organisation.uuid}/").json()["json_ld"]
    point = {"@type": "GeoCoordinates", "latitude": 52.16, "longitude": -4.49}
    # Only what is a place by its type has coordinates of its own.
    if data["@type"] in ("CollegeOrUniversity", "Hospital", "ArchiveOrganization"):
        assert data["geo"] == point and "location" not in data
    else:
        assert data["location"] == {"@type": "Place", "geo": point} and "geo" not in data
    nowhere = f.OrganisationFactory(type=kind)
    data = client.get(f"{API}/organisations/{nowhere.uuid}/").json()["json_ld"]
    assert not {"geo", "location"} & set(data)


def test_what_is_ours_has_the_same_id_everywhere(client, section):
    alliance = f.AllianceFactory()
    part = f.AllianceFactory(parent=alliance)
    university = f.OrganisationFactory(ror_id="https://ror.org/027bh9e22")
    f.MembershipFactory(alliance=part, organisation=university)
    f.MembershipFactory(alliance=part, organisation__ror_id=None)
    f.MembershipFactory(alliance=part, organisation=None, member_alliance=alliance)
    project = f.ProjectFactory(alliance=alliance)
    section.page.subject = part
    section.page.save()

    def read(kind, row):
        return client.get(f"{API}/{kind}/{row.uuid}/").json()["json_ld"]

    name = f"urn:uuid:{alliance.uuid}"
    assert read("alliances", alliance)["@id"] == name
    assert read("alliances", part)["parentOrganization"]["@id"] == name
    assert read("projects", project)["parentOrganization"]["@id"] == name
    assert read("projects", project)["@id"] == f"urn:uuid:{project.uuid}"
    about = on_page(client, section.page)[0]["about"]
    assert about["@id"] == read("alliances", part)["@id"] == f"urn:uuid:{part.uuid}"
    ids = [role["member"]["@id"] for role in about["member"]]
    assert university.ror_id in ids and name in ids
    assert len({*ids}) == 3 and all(ids)
