"""Characters that some database, file or reader cannot hold: refused in forms, with the field and
the character; and left out wherever something is given that has them already."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
import wagtail
from django.db import connection
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text

from tests.blocks.test_drafts import edit, empty_form, page_form
from tests.conftest import block, fill
from wagtail_regional import factories as f
from wagtail_regional.blocks import RegionalStreamBlock
from wagtail_regional.models import Alliance, Organisation
from wagtail_regional.schemas.encoding import to_data, to_json
from wagtail_regional.spreadsheets import neutralise
from wagtail_regional.text import CONTROL

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
STREAM = RegionalStreamBlock()
ODD = ["\x0b", "\x01", "\x1f", "\x7f", "\x80", "\ufffe"]


def written(row: Any, column: str, value: str) -> None:
    """Store a text as another program would: past forms and fields."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {column} = %s WHERE {row._meta.pk.column} = %s",
            [value, row.pk],
        )


@pytest.fixture
def odd(section) -> Any:
    """Rows and a page with such characters."""
    organisation = f.OrganisationFactory(locality="Del\x0bft")
    alliance = f.AllianceFactory(acronym="A\x0bB")
    written(organisation, "name", json.dumps({"en": "Del\x0bft\ufffe University"}))
    written(alliance, "name", json.dumps({"en": "All\x01iance"}))
    f.MembershipFactory(alliance=alliance, organisation=organisation)
    page = fill(
        section.page,
        [
            block(
                "alliance", {"alliance": alliance.pk, "heading": "He\x0bad", "show": ["members"]}
            ),
            block("rich_text", "<p>Wo\x0brds</p>"),
            block("contact", {"name": "So\x0bmebody"}),
        ],
    )
    written(page, "introduction", "In\x0btroduction")
    type(page).objects.filter(pk=page.pk).update(title="Ti\x0btle")
    return type(page).objects.get(pk=page.pk)


def test_every_answer_gives(odd, client):
    addresses = [odd.get_url(), f"{API}/pages/{odd.pk}/", f"{API}/organisations/"]
    addresses += [f"{API}/alliances/", f"{API}/organisations/facets/", f"{API}/pages/"]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert not CONTROL.search(response.content.decode()), address
        if "json" in response["Content-Type"]:
            for text in texts(response.json()):
                assert not CONTROL.search(text), (address, text)
    html = client.get(odd.get_url()).content.decode()
    for words in ("Title", "Introduction", "Head", "Words", "Somebody", "Delft University"):
        assert words in html, words


def texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [text for each in data.values() for text in texts(each)]
    if isinstance(data, list):
        return [text for each in data for text in texts(each)]
    return [data] if isinstance(data, str) else []


def test_every_list_is_exported(odd, admin_client):
    for name in ("alliance", "organisation", "project", "programme", "theme"):
        url = reverse(f"wagtail_regional_{name}_modeladmin_index")
        for form in ("xlsx", "csv"):
            response = admin_client.get(url, {"export": form})
            assert response.status_code == 200
            body = b"".join(response.streaming_content) if response.streaming else response.content
            cells = read(body, form)
            assert not [each for each in cells if CONTROL.search(each)], (name, form)
            if name == "organisation":
                assert "Delft University" in cells


def read(body: bytes, form: str) -> list[str]:
    if form == "xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
    else:
        rows = csv.reader(io.StringIO(body.decode()))
    return [each for row in rows for each in row if isinstance(each, str)]


def test_the_review_is_exported(odd, admin_client):
    report = reverse("wagtail_regional_review:report")
    for form in ("xlsx", "csv"):
        response = admin_client.get(report, {"export": form})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert not [each for each in read(body, form) if CONTROL.search(each)]


@pytest.mark.parametrize("text", [*ODD, "\x00", "\ud800", "\\u000b", "\\\x0b", "\\\\u000b", "\b\f"])
def test_json_has_none(text):
    whole = {"a": f"b{text}c", "d": [f"\\{text}"]}
    read_back = json.loads(to_json(whole))
    assert read_back == {"a": f"b{CONTROL.sub('', text)}c", "d": ["\\" + CONTROL.sub("", text)]}
    assert to_data(whole) == read_back


def test_what_is_no_control_character_stays():
    whole = {"a": "tab\tline\nend\r\x85 \u00a0é中😀\u200d\\u000b\\"}
    assert json.loads(to_json(whole)) == to_data(whole) == whole
    assert neutralise("a\tb") == "a\tb"


# --- Forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["title", "introduction", "seo_title", "search_description"])
@pytest.mark.parametrize("more", [{}, {"action-publish": "on"}], ids=["draft", "publish"])
def test_a_page_refuses_them(section, admin_client, field, more):
    form = page_form(section.page, [])
    response = admin_client.post(edit(section.page), {**form, field: "odd \x0b text", **more})
    assert response.status_code == 200
    [message] = response.context["form"].errors[field]
    assert "U+000B" in message and "“odd”" in message and "Delete it" in message


BLOCKS = [
    ("heading", {"text": "odd \x0b text"}),
    ("quote", {"text": "odd \x0b text"}),
    ("alliance", {"heading": "odd \x0b text"}),
    ("alliance", {"text": rich_text("<p>odd \x0b text</p>")}),
    ("rich_text", rich_text("<p>odd \x0b text</p>")),
]


@pytest.mark.parametrize(("name", "value"), BLOCKS, ids=[str(i) for i in range(len(BLOCKS))])
def test_a_block_refuses_them(section, admin_client, name, value):
    if isinstance(value, dict):
        value = {**empty_form(STREAM.child_blocks[name]), **value}
    response = admin_client.post(edit(section.page), page_form(section.page, [(name, value)]))
    assert response.status_code == 200
    [error] = response.context["form"].errors.as_data()["body"]
    assert "U+000B" in json.dumps(error.as_json_data(), default=str)


@pytest.mark.parametrize("character", ODD)
def test_the_registry_refuses_them(site, character):
    from django.core.exceptions import ValidationError

    texts = {"name": {"en": f"odd {character} name"}, "locality": f"odd {character} place"}
    row = Organisation(**texts)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    found = refused.value.message_dict
    assert all(f"U+{ord(character):04X}" in found[name][0] for name in texts)
    member = f.MembershipFactory.build(alliance=Alliance(), group_label={"en": f"a{character}b"})
    with pytest.raises(ValidationError) as refused:
        member.clean_fields()
    assert "group_label" in refused.value.message_dict


def test_a_registry_form_names_the_field(site, admin_client):
    row = f.ThemeFactory()
    url = reverse("wagtail_regional_theme_modeladmin_edit", args=(row.pk,))
    response = admin_client.post(url, {"label_en": "odd \x0b word", "label_nl": ""})
    assert response.status_code == 200 and "U+000B" in response.content.decode()


# --- Addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["%00", "%0B", "%ED%A0%80", "%EF%BF%BE"])
def test_parameters_never_fail(odd, client, character):
    names = ("q", "theme", "type", "language", "country", "home", "locale", "order", "cursor")
    for list_ in ("organisations", "alliances", "projects", "programmes", "pages"):
        for name in names:
            response = client.get(f"{API}/{list_}/?{name}=a{character}b")
            assert response.status_code < 500, (list_, name)
    for path in (
        f"{API}/organisations/a{character}b/",
        f"{API}/pages/find/?html_path=/a{character}",
    ):
        assert client.get(path).status_code < 500, path
    index = odd.get_parent().specific.get_children().filter(title="Programmes").first()
    for name in names:
        assert client.get(f"{index.get_url()}?{name}=a{character}b").status_code < 500, name
