"""`fields`: what is asked for, and nothing else; what there is not is refused by name."""

from __future__ import annotations

import pytest
import wagtail

from tests.conftest import make_alliance

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
KINDS = ["organisations", "alliances", "projects", "programmes", "pages"]


def read(client, address):
    response = client.get(f"{API}/{address}")
    assert response.status_code == 200, response.content
    return response.json()


@pytest.fixture
def content(section):
    make_alliance()
    return section


@pytest.mark.parametrize("kind", KINDS)
def test_lists_and_details_have_only_the_fields_asked_for(client, content, kind):
    whole = read(client, f"{kind}/")
    names = list(whole["items"][0])
    for wanted in ([names[1]], [names[-1], "id"], names):
        asked = ",".join(wanted)
        answer = read(client, f"{kind}/?fields={asked}")
        expected = [
            {name: each for name, each in item.items() if name in wanted} for item in whole["items"]
        ]
        assert answer == {**whole, "items": expected}
        assert list(answer["items"][0]) == [name for name in names if name in wanted]
    detail = read(client, f"{kind}/{whole['items'][0]['id']}/")
    for name in detail:
        address = f"{kind}/{detail['id']}/?fields={name}"
        assert read(client, address) == {name: detail[name]}, address


@pytest.mark.indexed
def test_a_page_that_is_found_and_a_search(client, content):
    path = content.page.url
    assert read(client, f"pages/find/?path={path}&fields=title") == {"title": content.page.title}
    found = read(client, "search/?q=alliance&fields=kind,title")
    assert all(item.keys() == {"kind", "title"} for item in found["items"])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("colour", "There is no field “colour” here. Fields: id, "),
        ("id,colour", "There is no field “colour”"),
        ("id, name", "There is no field “ name”"),
        ("", "A name is missing here. Fields: id, "),
        ("id,", "A name is missing"),
        ("members", "There is no field “members”"),
    ],
)
def test_what_there_is_not_is_refused_by_name(client, content, asked, told):
    response = client.get(f"{API}/alliances/", {"fields": asked})
    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert error["loc"] == ["query", "fields"] and told in error["msg"]


@pytest.mark.parametrize("address", ["alliances/facets/", "organisations.geojson", "network/"])
def test_answers_without_items_take_none(client, content, address):
    response = client.get(f"{API}/{address}?fields=count")
    assert response.status_code == 422 and response.json()["errors"][0]["loc"][-1] == "fields"


def test_names_given_twice_are_refused(client, content):
    assert client.get(f"{API}/alliances/?fields=id&fields=name").status_code == 422


def test_answers_with_other_fields_have_other_etags(client, content):
    one, other = (client.get(f"{API}/alliances/?fields={name}") for name in ("id", "name"))
    assert one["ETag"] != other["ETag"]
    again = client.get(f"{API}/alliances/?fields=id", headers={"if-none-match": one["ETag"]})
    assert again.status_code == 304
