"""Drafts in a front end: signed tokens that expire."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import wagtail
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.conftest import ALL_SECTIONS, block, fill, make_alliance
from wagtail_regional.models import PagePreview, RegionalSettings
from wagtail_regional.pages import preview

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"
ADDRESS = "https://front.example.edu/preview?from=cms"


@pytest.fixture(autouse=True)
def settings_of_site(site):
    cache.clear()
    return RegionalSettings.objects.create(site=site, preview_url=ADDRESS)


@pytest.fixture
def editor(client):
    user = get_user_model().objects.create_superuser("editor", "e@example.org", "x")
    client.force_login(user)
    return client


def draft_of(page, **values):
    """Save a draft that is not published."""
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision()
    return page


def open_preview(client, page, body=()) -> str:
    """What the preview panel shows; returns the token in the frame's address.

    Args:
        body: what the editor's form posts as the body.
    """
    url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    response = client.get(url)
    if "iframe" not in response.content.decode():
        response = preview_in_panel(client, page, body)
    assert response["Cache-Control"].startswith("private, no-store")
    address = unescape(re.search(r'<iframe src="([^"]+)"', response.content.decode())[1])
    assert address.startswith("https://front.example.edu/preview?from=cms&token=")
    return parse_qs(urlsplit(address).query)["token"][0]


def preview_in_panel(client, page, body=()):
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    data = {
        "title": page.title,
        "slug": page.slug,
        "introduction": page.introduction,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        **nested_form_data({"body": streamfield(body)}),
    }
    answer = client.post(url, data)
    assert answer.json()["is_valid"], answer.json()
    return client.get(url, {"mode": preview.MODE})


def test_a_front_end_reads_the_draft_with_its_token(editor, client, section):
    fill(section.page, [block("heading", {"text": "A heading", "level": "2"})])
    page = draft_of(section.page, title="Not yet public")
    token = open_preview(editor, page)
    client.logout()

    answer = client.get(f"{API}preview/", {"token": token})

    assert answer.status_code == 200
    assert answer.json()["title"] == "Not yet public"
    assert answer.json()["id"] == page.pk
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer
    assert client.get(f"{API}pages/{page.pk}/").json()["title"] == "Regional partnerships"


def test_a_draft_has_whole_what_its_body_mentions(editor, client, section):
    """The preview's address has no parameter with which to ask for it."""
    alliance = make_alliance()
    value = {
        "alliance": alliance.pk,
        "heading": "",
        "text": rich_text(""),
        "image": {"image": "", "alt_text": ""},
        "links-count": 0,
        # A list would be the rows of a form.
        "show": tuple(ALL_SECTIONS),
    }
    page = draft_of(section.page, title="Draft")
    token = open_preview(editor, page, [("alliance", value)])
    answer = client.get(f"{API}preview/", {"token": token}).json()
    assert answer["body"] and all(answer["included"].values())


def test_a_token_expires(editor, section, monkeypatch):
    token = open_preview(editor, draft_of(section.page, title="Draft"))
    later = timezone.now() + dt.timedelta(hours=2)
    monkeypatch.setattr("time.time", later.timestamp)
    answer = editor.get(f"{API}preview/", {"token": token})
    assert answer.status_code == 403
    assert "expired" in answer.json()["detail"]
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "00000000-0000-0000-0000-000000000000"])
def test_a_token_cannot_be_made_up(client, db, token):
    answer = client.get(f"{API}preview/", {"token": token})
    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("application/problem+json")
    assert "in the address that its preview panel opens" in answer.json()["detail"]


def test_a_token_shows_one_page_only(editor, section):
    token = open_preview(editor, draft_of(section.page, title="Draft"))
    other = PagePreview.keep("user 0, page 0", "{}")
    forged = token.replace(token.split(":")[0], str(other.key))
    assert editor.get(f"{API}preview/", {"token": forged}).status_code == 403


def test_typing_keeps_one_answer(editor, section):
    for title in ("One", "Two", "Three"):
        section.page.title = title
        preview_in_panel(editor, section.page)
    assert PagePreview.objects.count() == 1


def test_typing_in_a_new_page_keeps_one_answer(editor, section):
    kind = "wagtail_regional_pages", "partnershippage", section.index.pk
    url = reverse("wagtailadmin_pages:preview_on_add", args=kind)
    for title in ("One", "Two", "Three"):
        data = {"title": title, "slug": "new", "introduction": "", "body-count": "0"}
        data |= {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
        assert editor.post(url, data).json()["is_valid"]
        assert "iframe" in editor.get(url, {"mode": preview.MODE}).content.decode()
    [kept] = PagePreview.objects.all()
    assert "Three" in kept.answer


def test_the_address_keeps_parameters_without_a_value(editor, section, settings_of_site):
    settings_of_site.preview_url = "https://front.example.edu/preview?draft&from=cms"
    settings_of_site.save()
    frame = preview_in_panel(editor, section.page).content.decode()
    assert "https://front.example.edu/preview?draft=&amp;from=cms&amp;token=" in frame


def test_old_answers_are_thrown_away(db):
    PagePreview.keep("a", "{}")
    PagePreview.objects.update(created=timezone.now() - dt.timedelta(hours=2))
    PagePreview.keep("b", "{}")
    assert [each.slot for each in PagePreview.objects.all()] == ["b"]


def test_without_an_address_there_is_only_wagtails_own_preview(section, settings_of_site):
    assert preview.MODE in dict(section.page.preview_modes)
    settings_of_site.preview_url = ""
    settings_of_site.save()
    assert preview.MODE not in dict(section.page.preview_modes)


def test_a_headless_site_sees_the_front_end_first(section, settings_of_site):
    assert section.page.default_preview_mode != preview.MODE
    settings_of_site.frontend_base_url = "https://front.example.edu"
    settings_of_site.save()
    assert section.page.default_preview_mode == preview.MODE
