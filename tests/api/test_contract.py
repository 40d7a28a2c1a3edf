"""What the endpoints answer, refuse, and never tell."""

import json

import pytest
import wagtail
from wagtail.models import Collection, CollectionViewRestriction, Locale, PageViewRestriction

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance, make_image
from wagtail_regional import factories as f
from wagtail_regional.api.page_endpoints import PageDetail

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
LISTS = ["pages", "organisations", "alliances", "projects", "programmes"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_answer_count_and_items(client, section, name):
    make_alliance()
    answer = client.get(f"{API}/{name}/").json()
    assert answer["count"] == len(answer["items"]) > 0


@pytest.mark.parametrize("name", LISTS)
def test_unknown_parameters_are_refused_by_name(client, site, name):
    response = client.get(f"{API}/{name}/?colour=blue")
    assert response.status_code == 422
    assert response["Content-Type"].startswith("application/problem+json")
    [error] = response.json()["errors"]
    assert error["loc"][-1] == "colour" and "limit" in error["msg"]


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("alliances/?status=gone", "status"),
        ("alliances/?locale=xx", "locale"),
        ("organisations/?type=school", "type"),
        ("programmes/?limit=0", "limit"),
        ("programmes/?limit=100000", "limit"),
        ("programmes/?offset=-1", "offset"),
        ("programmes/?order=price", "order"),
        ("programmes/?home=00000000-0000-0000-0000-000000000000", "home"),
        ("projects/?alliance=leiden", "alliance"),
        ("programmes/?q=a&q=b", "q"),
    ],
)
def test_wrong_values_are_refused_by_name(client, site, address, parameter):
    response = client.get(f"{API}/{address}")
    assert response.status_code == 422
    assert parameter in json.dumps([error["loc"] for error in response.json()["errors"]])


@pytest.mark.parametrize("name", ["organisations", "alliances", "projects", "programmes"])
def test_details(client, site, name):
    make_alliance()
    item = client.get(f"{API}/{name}/").json()["items"][0]
    detail = client.get(f"{API}/{name}/{item['id']}/").json()
    assert detail["id"] == item["id"] and detail["json_ld"]["@context"] == "https://schema.org"
    missing = client.get(f"{API}/{name}/00000000-0000-0000-0000-000000000000/")
    assert missing.status_code == 404
    assert missing["Content-Type"].startswith("application/problem+json")


def test_words_come_in_the_language_asked_for_and_fall_back(client, site):
    f.AllianceFactory(name={"en": "Agenda", "nl": "Economische agenda"})
    f.AllianceFactory(name={"nl": "Alleen Nederlands"})
    names = {
        language: [
            i["name"] for i in client.get(f"{API}/alliances/?locale={language}").json()["items"]
        ]
        for language in ("en", "nl")
    }
    assert names == {
        "en": ["Agenda", "Alleen Nederlands"],
        "nl": ["Alleen Nederlands", "Economische agenda"],
    }


def test_filters_combine(client, site):
    ended = f.AllianceFactory(type="network", ends="2013")
    f.AllianceFactory(type="network")
    f.AllianceFactory(type="agenda", ends="2013")
    answer = client.get(f"{API}/alliances/?type=network&status=ended").json()
    assert [item["id"] for item in answer["items"]] == [str(ended.uuid)]
    both = client.get(f"{API}/alliances/?type=network&type=agenda&status=ended").json()
    assert both["count"] == 2


def test_programmes_open_to_my_university(client, site):
    home = f.OrganisationFactory()
    mine = f.ProgrammeAccessFactory(organisation=home, ects=15).programme
    f.ProgrammeAccessFactory(ects=30)
    [item] = client.get(f"{API}/programmes/?home={home.uuid}").json()["items"]
    assert item["id"] == str(mine.uuid) and item["access"][0]["ects"] == 15


def read(client, page):
    return client.get(f"{API}/pages/{page.pk}/")


def test_the_same_body_through_every_api(client, section):
    alliance = make_alliance()
    page = fill(section.page, [block("alliance", {"alliance": alliance.pk, "show": ALL_SECTIONS})])
    ours = read(client, page).json()["body"]
    assert ours[0]["value"]["members"][0]["role_label"]
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["body"] == ours
    if wagtail.VERSION >= (8, 0):
        assert client.get(f"/api/v3/pages/{page.pk}/").json()["body"] == ours
    found = client.get(f"{API}/pages/find/?path={page.url}")
    assert found.status_code == 200 and found.json()["body"] == ours
    PageDetail.model_validate_json(found.content)


def test_find_says_404_with_the_path(client, section):
    response = client.get(f"{API}/pages/find/?path=/en/nowhere/")
    assert response.status_code == 404 and "/en/nowhere/" in response.json()["detail"]


BROKEN = [
    block("alliance", {"alliance": 999999, "show": ["members"]}),
    block("alliance", {"alliance": "not a number"}),
    block("alliance", None),
    block("alliance", "text where a struct should be"),
    block("programme_list", {"source": "picked", "programmes": [999999, None, {"value": "x"}]}),
    block("programme_list", {"source": "alliance"}),
    block("partner_grid", {"organisations": [{"type": "item", "value": 12345, "id": "x"}]}),
    block("project_list", {"projects": 3}),
    block("facts", {"facts": [{"count": "members", "alliance": 4040}, {"value": 7}]}),
    block("timeline", {"events": [{"date": "someday"}]}),
    block("image", {"image": {"image": 31337}}),
    block("document", 31337),
    block("embed", {"url": "javascript:alert(1)"}),
    block("related_links", {"links": [{"page": 31337}, {"url": "javascript:alert(1)"}]}),
    block("contact", {"name": "Desk", "organisation": 31337, "link": None}),
    block("rich_text", '<p><a linktype="page" id="31337">gone</a></p>'),
    block("no_such_block", {"a": 1}),
    {"type": "heading"},
    "not even a block",
]


def test_broken_references_are_left_out(client, section):
    page = fill(section.page, [*BROKEN, block("heading", {"text": "Still here"})])
    response = read(client, page)
    assert response.status_code == 200
    body = response.json()["body"]
    assert body[-1]["value"]["text"] == "Still here"
    assert "alliance" not in {item["type"] for item in body}
    assert "javascript" not in response.content.decode()
    assert client.get(f"/api/v2/pages/{page.pk}/").status_code == 200
    html = client.get(page.url)
    assert html.status_code == 200 and "Still here" in html.content.decode()
    assert "javascript:" not in html.content.decode()


@pytest.fixture
def everywhere(client, section):
    """All public addresses of a section that mentions `section.page`."""

    def texts():
        section.index.refresh_from_db()
        addresses = [
            section.index.url,
            f"{API}/pages/",
            f"{API}/pages/{section.index.pk}/",
            f"{API}/alliances/",
            f"/api/v2/pages/{section.index.pk}/",
        ]
        return [client.get(address).content.decode() for address in addresses]

    return texts


def mention(section):
    alliance = f.AllianceFactory()
    section.page.subject = alliance
    section.page.title = "Secret plans"
    section.page.slug = "secret-plans"
    section.page.save()
    fill(
        section.index,
        [
            block("alliance", {"alliance": alliance.pk, "show": []}),
            block("related_links", {"links": [{"page": section.page.pk}]}),
            block("rich_text", f'<p><a linktype="page" id="{section.page.pk}">there</a></p>'),
        ],
    )


def test_public_pages_are_mentioned(section, everywhere):
    mention(section)
    assert all("secret-plans" in text for text in everywhere())


def test_drafts_never_leak(client, section, everywhere):
    mention(section)
    section.page.unpublish()
    assert not any("ecret" in text for text in everywhere())
    assert read(client, section.page).status_code == 404


@pytest.mark.parametrize("kind", ["login", "password"])
def test_private_pages_never_leak(client, section, everywhere, kind, admin_client):
    mention(section)
    PageViewRestriction.objects.create(page=section.page, restriction_type=kind, password="x")
    assert not any("ecret" in text for text in everywhere())
    assert read(client, section.page).status_code == 404
    assert read(admin_client, section.page).status_code == 404


def test_images_of_private_collections_never_leak(client, site):
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    logo = make_image("hidden-logo", collection=collection)
    f.OrganisationFactory(logo=logo)
    answer = client.get(f"{API}/organisations/")
    assert answer.json()["items"][0]["logo"] is None
    assert "hidden-logo" not in answer.content.decode()


def test_reviewers_stay_inside(client, site, admin_user):
    row = f.AllianceFactory(reviewed_by=admin_user)
    assert admin_user.username not in client.get(f"{API}/alliances/{row.uuid}/").content.decode()


def test_mentions_lead_to_the_page_in_the_readers_language(client, section, dutch_home):
    alliance = f.AllianceFactory()
    section.page.subject = alliance
    section.page.save()
    dutch = Locale.objects.get(language_code="nl")
    section.index.copy_for_translation(dutch).save_revision().publish()
    page = section.page.copy_for_translation(dutch)
    page.slug = "samenwerking"
    page.save_revision().publish()
    urls = {
        language: client.get(f"{API}/alliances/?locale={language}").json()["items"][0]["url"]
        for language in ("en", "nl")
    }
    assert urls["en"].endswith("/en/in-the-region/regional-partnerships/")
    assert urls["nl"].endswith("/nl/in-the-region/samenwerking/")
    page.refresh_from_db()
    page.unpublish()
    falls_back = client.get(f"{API}/alliances/?locale=nl").json()["items"][0]["url"]
    assert falls_back == urls["en"]


def test_openapi_describes_every_block_and_error(client, site):
    root = API.removesuffix("/regional") if wagtail.VERSION >= (8, 0) else API
    schema = client.get(f"{root}/openapi.json").json()
    components = schema["components"]["schemas"]
    body = components["RegionalPageDetail"]["properties"]["body"]["items"]
    assert {"alliance", "programme_list", "embed"} <= set(body["discriminator"]["mapping"])
    for path, operations in schema["paths"].items():
        if "/regional/" in path:
            assert {"200", "422"} <= set(operations["get"]["responses"]), path


def test_members_without_an_order_come_in_the_order_they_joined(client, site):
    """PostgreSQL, SQLite and MariaDB gather nested rows in different orders."""
    alliance = f.AllianceFactory()
    names = [
        f.MembershipFactory(alliance=alliance, sort_order=None).organisation.name.text("en")
        for _ in range(12)
    ]
    answer = client.get(f"{API}/alliances/{alliance.uuid}/").json()
    assert [member["name"] for member in answer["members"]] == names


def test_a_page_in_the_place_of_another_type_is_found(client, section):
    address = f"{API}/pages/{section.page.pk}/"
    assert client.get(address).json()["title"] == "Regional partnerships"
    pk = section.page.pk
    section.page.delete()
    # As when a database is restored under a running server.
    f.ProgrammeIndexPageFactory(pk=pk, title="Something else", parent=section.index)
    assert client.get(address).json()["title"] == "Something else"
