"""No title reaches somebody who may not open what it is the title of.

A mark stands in titles that not everybody may see. Everybody's every screen, export and mail is
read, and where a mark is found, Wagtail's own permissions must let that user open the thing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    PageViewRestriction,
    Site,
)

from tests.admin.addresses import ADDRESSES, arguments, model_of
from tests.admin.conftest import FORMS, address
from tests.conftest import block, fill, make_image
from wagtail_regional import factories as f
from wagtail_regional.compat import get_image_policy
from wagtail_regional.models import Alliance, Organisation

ENDED = "2015"


def shows(registry: SimpleNamespace) -> list[dict[str, Any]]:
    """Blocks that name rows of the registry, the ended alliance as if it went on."""
    return [
        block("alliance", {"alliance": registry.alliance.pk, "show": ["members"]}),
        block("partner_grid", {"source": "picked", "organisations": [registry.organisation.pk]}),
        block("programme_list", {"source": "picked", "programmes": [registry.programme.pk]}),
        block("project_list", {"source": "alliance", "alliance": registry.alliance.pk}),
    ]


@pytest.fixture
def registry(site, section) -> SimpleNamespace:
    organisation = f.OrganisationFactory(name={"en": "Organisation"})
    alliance = f.AllianceFactory(name={"en": "Alliance"}, starts="2010", ends=ENDED)
    f.MembershipFactory(alliance=alliance, organisation=organisation)
    programme = f.ProgrammeFactory(name={"en": "Programme"})
    return SimpleNamespace(
        organisation=organisation,
        alliance=alliance,
        programme=programme,
        project=f.ProjectFactory(alliance=alliance, title={"en": "Project"}),
        theme=f.ThemeFactory(),
        other_alliance=f.AllianceFactory(name={"en": "Other alliance"}),
        other_organisation=f.OrganisationFactory(name={"en": "Other organisation"}),
    )


@pytest.fixture
def other_site(site) -> Site:
    root = Page.objects.filter(depth=1).get()
    home = root.add_child(
        instance=Page(title="Elsewhere", slug="elsewhere", locale=site.root_page.locale)
    )
    return Site.objects.create(hostname="elsewhere.example", root_page=home)


def plant_pages(section: Any, other_site: Site, registry: SimpleNamespace) -> dict[str, Any]:
    """Pages that are not for everybody, by the mark in their titles."""

    def page(mark: str, parent: Any, **kwargs: Any) -> Any:
        return fill(
            f.PartnershipPageFactory(title=f"{mark} title", parent=parent, **kwargs),
            shows(registry),
        )

    private = page("PRIVATEMARK", section.index, subject=registry.alliance)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    child = page("CHILDMARK", private)
    locked = page("LOCKEDMARK", section.index, live=False)
    type(locked).objects.filter(pk=locked.pk).update(locked=True)
    alias = child.create_alias(parent=private, update_slug="alias")
    # An alias has the title of its original; this one is told apart.
    type(child).objects.filter(pk=alias.pk).update(title="ALIASMARK", draft_title="ALIASMARK")
    return {
        "DRAFTMARK": page("DRAFTMARK", section.index, live=False),
        "PRIVATEMARK": private,
        "CHILDMARK": child,
        "LOCKEDMARK": locked,
        "ELSEMARK": page("ELSEMARK", other_site.root_page, live=False),
        "ALIASMARK": alias,
    }


@pytest.fixture
def planted(section, other_site, registry) -> dict[str, Any]:
    """What is not for everybody, by the mark in its title."""
    found = plant_pages(section, other_site, registry)
    renamed = fill(section.page, shows(registry))
    renamed.title = "RENAMEDMARK title"
    renamed.save_revision()
    found["RENAMEDMARK"] = renamed
    kept = Collection.get_first_root_node().add_child(name="Kept")
    CollectionViewRestriction.objects.create(collection=kept, restriction_type="login")
    image = make_image("IMAGEMARK", collection=kept)
    for model in (Organisation, Alliance):
        model.objects.update(logo=image)
    found["IMAGEMARK"] = image
    return found


def may_open(user: Any, thing: Any) -> bool:
    """By Wagtail's own permissions."""
    if isinstance(thing, get_image_model()):
        actions = ["change", "delete", "choose"]
        return get_image_policy().user_has_any_permission_for_instance(user, actions, thing)
    return thing.permissions_for_user(user).can_edit()


# --- Who looks --------------------------------------------------------------------------------

ROLES = (
    "superuser",
    "regional_editor",
    "editor_elsewhere",
    "moderator",
    "only_admin",
    "image_editor_elsewhere",
    "image_editor",
)


def _on_pages(user: Any, page: Any, *codenames: str) -> None:
    group = Group.objects.create(name=f"{user} on {page}")
    for codename in codenames:
        GroupPagePermission.objects.create(
            group=group, page=page, permission=Permission.objects.get(codename=codename)
        )
    user.groups.add(group)


def _on_images(user: Any, collection: Any) -> None:
    group = Group.objects.create(name=f"{user} in {collection}")
    for codename in ("change_image", "choose_image"):
        GroupCollectionPermission.objects.create(
            group=group,
            collection=collection,
            permission=Permission.objects.get(codename=codename),
        )
    user.groups.add(group)


@pytest.fixture
def somebody(django_user_model, section, other_site):
    """Makes somebody with a role. All but one may do anything to the registry."""

    def somebody(role: str) -> Any:
        user = django_user_model.objects.create_user(
            role, f"{role}@example.org", "x", is_superuser=role == "superuser"
        )
        wanted = Permission.objects.filter(codename="access_admin")
        if role != "only_admin":
            wanted = wanted | Permission.objects.filter(content_type__app_label="wagtail_regional")
        user.user_permissions.set(wanted)
        if role == "editor_elsewhere":
            _on_pages(user, other_site.root_page, "add_page", "change_page", "publish_page")
        if role == "moderator":
            _on_pages(user, section.index, "change_page", "publish_page")
        if role == "image_editor_elsewhere":
            _on_images(user, Collection.get_first_root_node().add_child(name="Another"))
        if role == "image_editor":
            _on_images(user, Collection.objects.get(name="Kept"))
        return user

    return somebody


# --- What they are shown ----------------------------------------------------------------------


def text_of(answer: Any) -> str:
    if "spreadsheetml" in answer.headers.get("Content-Type", ""):
        content = b"".join(answer) if answer.streaming else answer.content
        book = load_workbook(io.BytesIO(content))
        return "\n".join(str(c.value) for sheet in book for row in sheet for c in row)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def get_requests(rows: dict[str, Any], registry: SimpleNamespace) -> Iterator[str]:
    yield reverse("wagtailadmin_home")
    for name in ADDRESSES:
        url = reverse(name, kwargs=arguments(name, rows))
        yield url
        if name.endswith(("_index", ":report", ":start")):
            yield from (f"{url}?export=csv", f"{url}?export=xlsx", f"{url}?q=MARK")
        if name.endswith("replace"):
            new = getattr(registry, f"other_{model_of(name)}", registry.alliance)
            yield f"{url}?new={new.pk}&include_past=on"
        if name.endswith(("choose", "results", "suggest")):
            yield from (f"{url}?q=MARK", f"{url}?q=a")


def post_requests(rows: dict[str, Any], registry: SimpleNamespace) -> Iterator[tuple[str, Any]]:
    for name in ADDRESSES:
        url = reverse(name, kwargs=arguments(name, rows))
        yield url, {}
        if name.endswith("replace"):
            new = getattr(registry, f"other_{model_of(name)}", registry.alliance)
            yield url, {"new": new.pk, "include_past": "on"}
        if name.endswith(("edit", "create")):
            yield url, FORMS.get(model_of(name), {})


class _UndoError(Exception):
    pass


def told(client: Any, rows: dict[str, Any], registry: SimpleNamespace) -> Iterator[Any]:
    """Everything that somebody is answered, and to what."""
    for url in get_requests(rows, registry):
        yield url, text_of(client.get(url, follow=True))
    for url, data in post_requests(rows, registry):
        try:
            with transaction.atomic():
                yield ("POST", url, data), text_of(client.post(url, data, follow=True))
                raise _UndoError
        except _UndoError:
            pass


def page_editors(user: Any, client: Any, things: list[Any]) -> Iterator[tuple[str, str]]:
    """Wagtail's editor, with our panel in it, of every page among these that somebody may open.

    None of the pages has an image: of one that is chosen, Wagtail's own chooser shows the title.
    """
    for page in things:
        if isinstance(page, Page) and may_open(user, page) and not page.alias_of_id:
            url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
            html = text_of(client.get(url))
            assert "regional-review__item" in html, "Our panel has something to tell, and is there"
            yield url, html


def of_registry(rows: dict[str, Any], registry: SimpleNamespace) -> dict[str, Any]:
    names = ("alliance", "organisation", "programme", "project", "theme")
    return {**rows, **{name: getattr(registry, name) for name in names}}


@pytest.mark.parametrize(
    "role",
    [
        # To read everything takes seconds; one who may do little must do for every day.
        role if role == "image_editor_elsewhere" else pytest.param(role, marks=pytest.mark.slow)
        for role in ROLES
    ],
)
def test_a_title_is_shown_to_who_may_open_it(
    role, rows, registry, planted, somebody, client, section
):
    user = somebody(role)
    client.force_login(user)
    seen: set[str] = set()
    answers = list(told(client, of_registry(rows, registry), registry))
    editors = list(page_editors(user, client, [section.page, *planted.values()]))
    assert bool(editors) is (role in ("superuser", "editor_elsewhere", "moderator"))
    for where, text in (*answers, *editors):
        for mark, thing in planted.items():
            if mark in text:
                seen.add(mark)
                assert may_open(user, thing), (role, mark, where)
    if role == "superuser":
        assert seen == planted.keys()
    if role == "only_admin":
        assert not seen


@pytest.mark.parametrize("role", ROLES)
def test_mails_tell_no_more(role, registry, planted, somebody):
    user = somebody(role)
    for row in (registry.alliance, registry.organisation):
        type(row).objects.filter(pk=row.pk).update(owner=user)
    call_command("regional_review", "--email", "--fail-at", "never")
    (message,) = mail.outbox
    marks = {mark for mark in planted if mark in message.body}
    assert all(may_open(user, planted[mark]) for mark in marks)
    assert bool(marks) is (role in ("superuser", "moderator", "image_editor"))


def plain(text: str) -> str:
    """Without tokens, which differ from one answer to the next."""
    return re.sub(r"\b\w{64}\b", "", text)


@pytest.mark.parametrize(
    "role", [pytest.param("regional_editor", marks=pytest.mark.slow), "image_editor_elsewhere"]
)
def test_pages_that_nobody_may_open_change_nothing(
    role, rows, registry, somebody, client, section, other_site
):
    """Not even a count."""
    client.force_login(somebody(role))
    report = reverse("wagtail_regional_review:report")
    urls = [reverse("wagtailadmin_home"), report, f"{report}?export=csv"]
    for name in ("alliance", "organisation", "programme", "project"):
        row = getattr(registry, name)
        urls += [address(name, "index"), f"{address(name, 'index')}?export=csv"]
        urls += [address(name, action, row.pk) for action in ("inspect", "delete", "edit")]
    before = [plain(text_of(client.get(url))) for url in urls]
    plant_pages(section, other_site, registry)
    for url, text in zip(urls, before, strict=True):
        assert plain(text_of(client.get(url))) == text, url


def test_who_replaces_is_told_that_something_stands_in_the_way(registry, planted, somebody, client):
    client.force_login(somebody("regional_editor"))
    url = address("alliance", "replace", registry.alliance.pk)
    query = {"new": registry.other_alliance.pk, "include_past": "on"}
    html = text_of(client.get(url, query))
    assert html.count("Something that you may not open") == 1
    client.post(url, {**query, "expected": "x"})
    registry.alliance.refresh_from_db()
    assert registry.alliance.succeeded_by is None


def test_an_alliance_has_its_page_already(site, section, registry):
    """Nobody is told which, unless everybody may open it."""
    other = f.PartnershipPageFactory(
        title="DRAFTMARK", parent=section.index, live=False, subject=registry.alliance
    )
    section.page.subject = registry.alliance
    for live in (False, True):
        type(other).objects.filter(pk=other.pk).update(live=live)
        with pytest.raises(Exception, match="is about this alliance already") as caught:
            section.page.full_clean()
        assert ("DRAFTMARK" in str(caught.value)) is live
