"""JSON-LD in schema.org's terms, on pages and in the API, from the same rows."""

from __future__ import annotations

import datetime as dt
import json
import re

import wagtail

from wagtail_regional import factories as f
from wagtail_regional.schema_org import dump_json_ld

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
        "@type": "StructuredValue",
        "value": 120.0,
        "unitText": "ECTS",
    }
    assert data["applicationDeadline"] == "2027-05-15"


def test_nothing_in_it_ends_the_script():
    nasty = "</script><!--<script>\u2028]]>&"
    written = dump_json_ld({"name": nasty})
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written) == {"name": nasty}
