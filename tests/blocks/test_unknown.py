"""Stored blocks of a type that the site has no more: kept, told of, shown to nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import wagtail
from django.core import checks
from django.core.management import call_command
from django.urls import reverse
from wagtail import blocks, hooks
from wagtail.models import Locale

from tests.blocks.test_drafts import edit, errors_in, page_form
from tests.conftest import block, fill
from wagtail_regional.blocks import BatchStreamBlock, RegionalStreamBlock
from wagtail_regional.checks.stored_blocks import find_unknown_blocks
from wagtail_regional.review import findings_on, review

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"
GONE = {
    "type": "opening_hours",
    "value": {"days": ["Monday", {"from": 9}], "note": "PLANTED"},
    "id": "8a6c51f9-6a1c-4b44-9d1e-2a5c1f6d2f11",
}
HEADING = block("heading", {"text": "Shown", "level": "2"})


@pytest.fixture
def page(section) -> Any:
    return fill(section.page, [HEADING, GONE])


def stored(page: Any) -> list[Any]:
    return type(page).objects.get(pk=page.pk).body.get_prep_value()


def posted(page: Any, **more: str) -> dict[str, str]:
    """The page's form as a browser sends it back, untouched."""
    state = page.body.stream_block.get_form_state(page.body)
    items = [(item["type"], one_by_one(item["value"])) for item in state]
    form = page_form(page, items)
    for position, item in enumerate(state):
        form[f"body-{position}-id"] = item["id"]
    return {**form, **more}


def one_by_one(value: Any) -> Any:
    """The state of a select is a list of what is chosen."""
    if isinstance(value, dict):
        return {name: tuple(v) if isinstance(v, list) else v for name, v in value.items()}
    return value


@contextmanager
def registered(page: Any, name: str, kind: blocks.Block) -> Iterator[Any]:
    """The page's stream with a type of the host's."""

    def ours() -> list[tuple[str, Any]]:
        return [(name, kind)]

    field = type(page)._meta.get_field("body")
    old = field.stream_block
    with hooks.register_temporarily("register_regional_blocks", ours):
        field.__dict__["stream_block"] = RegionalStreamBlock()
    type(page).get_edit_handler.cache_clear()
    try:
        yield
    finally:
        field.__dict__["stream_block"] = old
        type(page).get_edit_handler.cache_clear()


def test_it_survives_every_way_to_save_a_page(page, section, admin_client, dutch_home):
    page.save()
    assert stored(page) == [HEADING, GONE]

    # With its native values made.
    assert len([child.value for child in page.body]) == 2
    page.save_revision().publish()
    assert stored(page) == [HEADING, GONE]

    draft = admin_client.post(edit(page), posted(page, title="A draft"))
    assert draft.status_code == 302
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().title == "A draft"
    assert page.get_latest_revision_as_object().body.get_prep_value() == [HEADING, GONE]
    done = admin_client.post(edit(page), {**posted(page), "action-publish": "on"})
    assert done.status_code == 302
    assert stored(page) == [HEADING, GONE]

    copied = type(page).objects.get(pk=page.pk).copy(update_attrs={"slug": "copied"})
    assert [(item["type"], item["value"]) for item in stored(copied)] == [
        (item["type"], item["value"]) for item in (HEADING, GONE)
    ]
    section.index.copy_for_translation(Locale.objects.get(language_code="nl"))
    translated = page.copy_for_translation(Locale.objects.get(language_code="nl"))
    assert GONE["value"] in [item["value"] for item in stored(translated)]


def test_it_survives_translation_by_wagtail_localize(page, section, dutch_home):
    from wagtail_localize.models import Translation, TranslationSource

    dutch = Locale.objects.get(language_code="nl")
    for each in (section.index, page):
        source, _created = TranslationSource.update_or_create_from_instance(each)
        translation = Translation.objects.create(source=source, target_locale=dutch)
        translation.save_target(publish=True)
    translated = page.get_translation(dutch)
    assert [item["type"] for item in stored(translated)] == ["heading", "opening_hours"]
    assert stored(translated)[1]["value"] == GONE["value"]


def test_it_is_shown_to_nobody(page, client):
    addresses = [page.get_url(), f"/api/v2/pages/{page.pk}/", f"{API}/pages/{page.pk}/"]
    if wagtail.VERSION >= (8, 0):
        addresses.append(f"/api/v3/pages/{page.pk}/")
    for address in addresses:
        body = client.get(address).content.decode()
        assert "Shown" in body, address
        assert "PLANTED" not in body and "opening_hours" not in body, address


def test_it_comes_back_with_its_type(page, client):
    page.save()
    kind = blocks.StructBlock([("note", blocks.CharBlock())])
    with registered(page, "opening_hours", kind):
        again = type(page).objects.get(pk=page.pk)
        assert again.body[1].value["note"] == "PLANTED"
        assert not list(find_unknown_blocks())
        assert not review(only=["unknown_block"])


def test_a_type_that_came_back_while_somebody_edited(page, admin_client):
    form = posted(page)
    kind = blocks.StructBlock([("note", blocks.CharBlock())])
    with registered(page, "opening_hours", kind):
        response = admin_client.post(edit(page), {**form, "action-publish": "on"})
        assert response.status_code == 302, errors_in(response)
        assert stored(page)[1]["value"]["note"] == "PLANTED"


def test_a_type_that_went_while_somebody_edited_is_refused(page, admin_client):
    form = page_form(page, [("no_more", "What I wrote")])
    response = admin_client.post(edit(page), form)
    [error] = response.context["form"].errors.as_data()["body"]
    assert "Copy what you wrote" in str(error.as_json_data()["blockErrors"][0]["messages"])
    assert stored(page) == [HEADING, GONE]


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "[]", "{}", '{"type": 3}', "[" * 99999],
)
def test_a_forged_one_is_refused(page, admin_client, text):
    response = admin_client.post(edit(page), page_form(page, [("regional_unknown", text)]))
    assert response.status_code == 200
    assert stored(page) == [HEADING, GONE]


def test_inside_a_hosts_own_block(page):
    inner = BatchStreamBlock([("text", blocks.CharBlock())])
    outer = BatchStreamBlock([("box", blocks.StructBlock([("inner", inner)]))])
    raw = [block("box", {"inner": [GONE, block("text", "x")]})]
    value = outer.to_python(json.loads(json.dumps(raw)))
    assert value[0].value["inner"][0].block_type == "opening_hours"
    assert outer.get_prep_value(value) == raw
    assert "PLANTED" not in json.dumps(outer.get_api_representation(value)[0]["value"])


def test_the_editor_is_told(page, admin_client):
    [finding] = [each for each in findings_on(page) if each.rule == "unknown_block"]
    assert "“opening_hours”" in str(finding.explanation) and str(finding.fix)
    html = admin_client.get(edit(page)).content.decode()
    assert "Block of an unknown type" in html and "“opening_hours”" in html


def test_the_review_finds_it_live_and_in_drafts(page, admin_client, log_in_nobody):
    [finding] = review(only=["unknown_block"])
    assert finding.to_edit == ("wagtailcore.page", page.pk)
    assert [(use.public, use.draft) for use in finding.pages] == [(True, False)]
    report = reverse("wagtail_regional_review:report")
    assert "opening_hours" in admin_client.get(report).content.decode()
    # Who may not edit the page is not told of it.
    assert "opening_hours" not in log_in_nobody.get(report).content.decode()

    draft = page.get_latest_revision_as_object()
    page.body = json.dumps([HEADING])
    page.save()
    assert not review(only=["unknown_block"])
    draft.body = json.dumps([GONE])
    draft.save_revision()
    [finding] = review(only=["unknown_block"])
    assert [(use.public, use.draft) for use in finding.pages] == [(False, True)]


@pytest.fixture
def log_in_nobody(client, django_user_model) -> Any:
    """An editor of the registry, and of no page."""
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("nobody", "nobody@example.org", "x")
    codes = ("access_admin", "change_alliance", "view_alliance")
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client.force_login(user)
    return client


def test_a_system_check_names_it(page, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        [found] = find_unknown_blocks()
    assert (found.model, found.pk, found.field, found.types) == (
        type(page), page.pk, "body", ("opening_hours",)
    )  # fmt: skip
    [warning] = [
        each
        for each in checks.run_checks(databases=["default"])
        if each.id == "wagtail_regional.W030"
    ]
    assert "opening_hours" in warning.msg and str(page.pk) in warning.msg and warning.hint
    # Without a database, nothing is asked.
    assert not [each for each in checks.run_checks() if each.id == "wagtail_regional.W030"]
    call_command("check")
