"""Who gets where: each screen and chooser, for each permission."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse

from tests.admin.conftest import FORMS, MAKE, MODELS, address, chooser
from wagtail_regional import models as m

#: What each permission opens. Seeing comes with any of them, as with modeladmin and snippets.
OPENS = {
    "view": {"index", "inspect", "history"},
    "add": {"index", "inspect", "history", "create"},
    "change": {"index", "inspect", "history", "edit", "replace", "end"},
    "delete": {"index", "inspect", "history", "delete"},
    None: set(),
}
ROW_SCREENS = ("inspect", "history", "edit", "replace", "end", "delete")


@pytest.mark.parametrize("permission", OPENS)
@pytest.mark.parametrize("model", MODELS)
def test_each_permission_opens_its_screens_and_no_other(site, as_person, model, permission):
    row = MAKE[model]()
    client = as_person(*([f"{permission}_{model}"] if permission else []))
    screens = {"index": address(model, "index"), "create": address(model, "create")}
    screens |= {
        name: address(model, name, row.pk)
        for name in ROW_SCREENS
        if (model, name) != ("theme", "end")
    }
    opened = {name for name, url in screens.items() if client.get(url).status_code == 200}
    assert opened == OPENS[permission] & screens.keys()


@pytest.mark.parametrize("permission", OPENS)
@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_the_export_is_for_those_who_see_the_list(site, as_person, permission, export):
    client = as_person(*([f"{permission}_organisation"] if permission else []))
    response = client.get(address("organisation", "index"), {"export": export})
    # Wagtail sends those who may not to its home.
    assert (response.status_code == 200) is (permission is not None)


@pytest.mark.parametrize("permission", OPENS)
@pytest.mark.parametrize("model", MODELS)
def test_what_is_posted_is_checked_too(site, as_person, model, permission):
    row = MAKE[model]()
    table = type(row)
    client = as_person(*([f"{permission}_{model}"] if permission else []))
    client.post(address(model, "create"), FORMS[model])
    client.post(address(model, "delete", row.pk))
    # The project's form lacks its alliance.
    made = permission == "add" and model != "project"
    assert table.objects.exclude(pk=row.pk).exists() is made
    assert table.objects.filter(pk=row.pk).exists() is (permission != "delete")


@pytest.mark.parametrize("permission", OPENS)
def test_replacing_and_ending_take_the_permission_to_change(site, as_person, permission):
    old, new = MAKE["organisation"](), MAKE["organisation"]()
    client = as_person(*([f"{permission}_organisation"] if permission else []))
    client.post(address("organisation", "end", old.pk), {"ended": "2020"})
    url = address("organisation", "replace", old.pk)
    plan = client.get(url, {"new": new.pk})
    expected = plan.context["plan"].fingerprint if plan.status_code == 200 else ""
    client.post(url, {"new": new.pk, "expected": expected})
    old.refresh_from_db()
    assert (str(old.dissolved or ""), old.successor) == (
        ("2020", new) if permission == "change" else ("", None)
    )


@pytest.mark.parametrize("permission", OPENS)
@pytest.mark.parametrize("model", MODELS)
def test_everybody_in_the_admin_chooses_and_who_may_add_creates(site, as_person, model, permission):
    row = MAKE[model]()
    client = as_person(*([f"{permission}_{model}"] if permission else []))
    for action, args in (("choose", ()), ("choose_results", ()), ("chosen", (row.pk,))):
        assert client.get(chooser(model, action, *args)).status_code == 200
    assert client.get(chooser(model, "suggest"), {"q": "x"}).status_code == 200
    offered = (
        "data-chooser-modal-creation-form" in client.get(chooser(model, "choose")).json()["html"]
    )
    may_create = permission == "add" and model != "project"
    assert offered is may_create
    assert (client.get(chooser(model, "create")).status_code == 200) is may_create


def test_who_is_not_in_the_admin_chooses_nothing(site, client, django_user_model):
    MAKE["organisation"]()
    for login in (False, True):
        if login:
            client.force_login(django_user_model.objects.create_user("nobody", password="x"))
        for action in ("choose", "choose_results", "suggest"):
            response = client.get(chooser("organisation", action), {"q": "o"})
            assert response.status_code == 302 and "login" in response["Location"]


# --- The role ---------------------------------------------------------------------------------


def codenames(group: Group) -> set[str]:
    return set(group.permissions.values_list("codename", flat=True))


def test_the_command_makes_a_role_that_keeps_the_registry(site, client, django_user_model, capsys):
    call_command("regional_roles")
    out = capsys.readouterr().out
    assert "Regional editors" in out and "wagtail_regional.change_alliance" in out
    user = django_user_model.objects.create_user("editor", password="x")
    user.groups.add(Group.objects.get(name="Regional editors"))
    client.force_login(user)
    for model in MODELS:
        client.post(address(model, "create"), FORMS[model])
    # The project of the form lacks its alliance.
    assert m.Organisation.objects.exists() and m.Alliance.objects.exists()
    assert m.Programme.objects.exists() and m.Theme.objects.exists()
    assert client.get("/admin/").status_code == 200
    # What works on the registry comes with it.
    assert client.get(reverse("wagtail_regional_imports:start")).status_code == 200
    assert client.get(reverse("wagtail_regional_review:report")).status_code == 200
    # Webhooks are not the registry.
    assert client.get(address("webhook", "index")).status_code == 302


def test_the_command_can_be_repeated_and_takes_nothing_away(site, capsys):
    call_command("regional_roles")
    group = Group.objects.get(name="Regional editors")
    extra = Permission.objects.get(codename="add_image")
    group.permissions.add(extra)
    group.permissions.remove(Permission.objects.get(codename="add_theme"))
    call_command("regional_roles")
    assert {"add_theme", "add_image"} <= codenames(group)
    capsys.readouterr()
    call_command("regional_roles")
    assert "nothing was changed" in capsys.readouterr().out
    assert Group.objects.filter(name="Regional editors").count() == 1


def test_the_command_makes_permissions_that_are_yet_to_be_made(site):
    Permission.objects.filter(content_type__app_label="wagtail_regional").delete()
    call_command("regional_roles", "--name", "Keepers", "--actions", "view", "change", verbosity=0)
    group = Group.objects.get(name="Keepers")
    assert codenames(group) == {
        "access_admin",
        *(f"{action}_{model}" for action in ("view", "change") for model in MODELS),
    }


def test_a_dry_run_does_nothing(site, capsys):
    call_command("regional_roles", "--dry-run")
    assert "would be made" in capsys.readouterr().out
    assert not Group.objects.filter(name="Regional editors").exists()
