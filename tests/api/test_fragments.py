"""What was made before is given again only while everything it shows is as it was.

Our router puts together what it has made before. After any change that must say the same as what
is made with nothing kept, by the router and by Wagtail's API v2.
"""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from unittest import mock
from uuid import uuid4

import pytest
import wagtail
from django.core.cache import cache
from django.test import override_settings
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Site

from tests.conftest import block, fill, make_image
from wagtail_regional import factories as f
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
    Project,
    Recognition,
    RegionalSettings,
    Theme,
)
from wagtail_regional.pages.models import ProgrammeIndexPage
from wagtail_regional.representation.memory import Memory, fragments, shapes

API = "/api/v3/regional/" if wagtail.VERSION >= (8, 0) else "/api/regional/"


@pytest.fixture
def page(full_page):
    return full_page


@contextlib.contextmanager
def nothing_kept():
    with (
        mock.patch.object(shapes, "_found", OrderedDict()),
        mock.patch.object(fragments, "_found", OrderedDict()),
        override_settings(WAGTAIL_REGIONAL={"API_CACHE_SECONDS": 0}),
    ):
        yield


def bodies(client, page):
    """The body by the router, with what it kept, and by Wagtail's API, with nothing."""
    cache.clear()
    ours = client.get(f"{API}pages/{page.pk}/").json()
    with nothing_kept():
        assert ours == client.get(f"{API}pages/{page.pk}/").json()
        theirs = client.get(f"/api/v2/pages/{page.pk}/").json()
    return ours["body"], theirs["body"]


def publish_subject(page):
    about = f.PartnershipPageFactory(title="About it", parent=page.get_parent())
    about.subject = Alliance.objects.get(parent=None)
    about.save_revision().publish()


def rename_subject(page):
    """The page about the alliance is the page itself."""
    page.subject = Alliance.objects.get(parent=None)
    page.title = "With another title"
    page.save_revision().publish()


def publish_another_subject(page):
    about = f.PartnershipPageFactory(title="A page about the part", parent=page.get_parent())
    about.subject = Alliance.objects.exclude(parent=None).get()
    about.save_revision().publish()


def publish_again(known, **values):
    def publish(page):
        row = page.get_parent().get_children().get(title=known).specific
        for name, value in values.items():
            setattr(row, name, value)
        row.save_revision().publish()

    return publish


def move_finder(page):
    finder = ProgrammeIndexPage.objects.get()
    finder.slug = "elsewhere"
    finder.save_revision().publish()


def rename_section(page):
    index = page.get_parent().specific
    index.slug = "renamed"
    index.save_revision().publish()


def hide_logos(page):
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    get_image_model().objects.update(collection=collection)


def member_with_logo():
    return Membership.objects.filter(organisation__isnull=False).first()


def succeed(page):
    successor = f.OrganisationFactory(name={"en": "The successor"})
    change(member_with_logo().organisation, dissolved="2001", successor=successor)


def successor():
    return Organisation.objects.get(name={"en": "The successor"})


def change(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


CHANGES = {
    "nothing": lambda page: None,
    "a member is renamed": lambda page: change(member_with_logo().organisation, name={"en": "New"}),
    "a member gets another logo": lambda page: change(
        member_with_logo().organisation, logo=make_image("Other")
    ),
    "a member is dissolved": lambda page: change(member_with_logo().organisation, dissolved="2001"),
    "a member's successor is renamed": [
        succeed,
        lambda page: change(successor(), name={"en": "The merged one"}),
    ],
    "a member gets a place": lambda page: change(
        member_with_logo().organisation, latitude="52.1", longitude="4.5"
    ),
    "a member leaves": lambda page: change(member_with_logo(), ends="2010"),
    "a member is deleted": lambda page: member_with_logo().delete(),
    "a member joins": lambda page: f.MembershipFactory(alliance=Alliance.objects.get(parent=None)),
    "the alliance is renamed": lambda page: change(
        Alliance.objects.get(parent=None), name={"en": "Renamed"}
    ),
    "the alliance ends": lambda page: change(Alliance.objects.get(parent=None), ends="2015"),
    "a part is renamed": lambda page: change(
        Alliance.objects.exclude(parent=None).get(), name={"en": "Part"}
    ),
    "a part is added": lambda page: f.AllianceFactory(parent=Alliance.objects.get(parent=None)),
    "a theme is renamed": lambda page: Theme.objects.update(label={"en": "Theme"}),
    "a recognition is renamed": lambda page: Recognition.objects.update(label={"en": "Title"}),
    "a project is renamed": lambda page: Project.objects.update(title={"en": "Project"}),
    "a programme is renamed": lambda page: Programme.objects.update(name={"en": "Programme"}),
    "a programme is added": lambda page: f.ProgrammeFactory(name={"en": "A first one"}),
    "a programme is deleted": lambda page: Programme.objects.first().delete(),
    "a provider is added": lambda page: f.ProgrammeProviderFactory(
        programme=Programme.objects.first()
    ),
    "a provider goes": lambda page: ProgrammeProvider.objects.first().delete(),
    "terms of access change": lambda page: ProgrammeAccess.objects.update(places=7),
    "a page about the alliance is published": publish_subject,
    "the page about the alliance gets another title": rename_subject,
    "the page about a part gets another title": [
        publish_another_subject,
        publish_again("A page about the part", title="With another title"),
    ],
    "the page about a part moves": [
        publish_another_subject,
        publish_again("A page about the part", slug="elsewhere"),
    ],
    "the finder moves": move_finder,
    "the finder goes": lambda page: ProgrammeIndexPage.objects.get().unpublish(),
    "a linked page gets another title": lambda page: change(
        page.get_parent().specific, title="Another section"
    ),
    "a linked page goes": lambda page: page.get_parent().specific.unpublish(),
    "the home page is renamed": lambda page: change(
        Site.objects.get().root_page.specific, title="Another home"
    ),
    "the section moves": rename_section,
    "the section becomes private": lambda page: page.get_parent().view_restrictions.create(
        restriction_type="login"
    ),
    "the site gets another host": lambda page: Site.objects.update(hostname="other.example.org"),
    "the front end is named": lambda page: RegionalSettings.objects.create(
        site=Site.objects.get(), frontend_base_url="https://front.example.edu"
    ),
    "soon becomes later": lambda page: RegionalSettings.objects.create(
        site=Site.objects.get(), ending_soon_days=3000
    ),
    "an image is described": lambda page: get_image_model().objects.update(description="Words"),
    "an image is deleted": lambda page: get_image_model().objects.get(title="Figure").delete(),
    "images become private": hide_logos,
    "renditions are deleted": lambda page: (
        get_image_model().get_rendition_model().objects.all().delete()
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_both_apis_say_the_same_after_a_change(name, client, page):
    ours, theirs = bodies(client, page)
    assert ours == theirs
    assert {each["type"] for each in ours} == {each.block_type for each in page.body}
    steps = CHANGES[name]
    for step in steps if isinstance(steps, list) else [steps]:
        step(page)
        if name == "the section becomes private":
            assert client.get(f"{API}pages/{page.pk}/").status_code == 404
            return
        ours, theirs = bodies(client, page)
        assert ours == theirs


def test_where_more_is_found_follows_the_id_of_a_theme(client, section):
    theme, programme = f.ThemeFactory(), f.ProgrammeFactory()
    programme.themes.add(theme)
    programme.save()
    page = fill(
        section.page,
        [block("programme_list", {"source": "query", "theme": theme.pk, "show_filters": True})],
    )
    ours, theirs = bodies(client, page)
    assert ours == theirs and str(theme.uuid) in str(ours)
    Theme.objects.update(uuid=uuid4())
    ours, theirs = bodies(client, page)
    assert ours == theirs and str(theme.uuid) not in str(ours)


def test_a_page_in_another_language_has_its_own(client, page, dutch_home):
    from wagtail.models import Locale

    ours, _theirs = bodies(client, page)
    dutch = Locale.objects.get(language_code="nl")
    page.get_parent().specific.copy_for_translation(dutch).save_revision().publish()
    page.refresh_from_db()
    translated = page.copy_for_translation(dutch)
    translated.save_revision().publish()
    Membership.objects.update(role="coordinator")
    ours, theirs = bodies(client, translated)
    assert ours == theirs
    assert "Coördinator" in str(ours) or "coördinator" in str(ours)


def test_a_change_of_one_block_leaves_the_others_bytes(client, page, monkeypatch):
    made: list[object] = []

    def read():
        cache.clear()
        assert client.get(f"{API}pages/{page.pk}/").status_code == 200

    read()  # makes the renditions
    read()
    real = fragments.get

    def get(key, make):
        return real(key, lambda: made.append(key) or make())

    monkeypatch.setattr(fragments, "get", get)
    read()
    assert made == []
    change(Organisation.objects.get(pk=member_with_logo().organisation_id), locality="Elsewhere")
    read()
    assert 0 < len(made) < 10
    made.clear()
    # Above its blocks, where the way to it is, and in what links to it.
    change(page.get_parent().specific, title="Another section")
    read()
    assert 0 < len(made) < 5


def test_fragments_are_bounded():
    few: Memory[bytes] = Memory(most=3, most_bytes=100)
    for number in range(10):
        assert few.get(number, lambda number=number: str(number).encode()) == str(number).encode()
    assert len(few._found) == 3
    few.get("large", lambda: b"x" * 200)
    assert few._bytes <= 100
    assert few.get(None, lambda: b"always made") == b"always made"


def test_shapes_are_bounded_by_number():
    few: Memory[object] = Memory(most=3)
    for number in range(10):
        few.get(number, object)
    assert list(few._found) == [7, 8, 9]
    seven = few.get(7, object)
    few.get(10, object)
    assert few.get(7, object) is seven and list(few._found) == [9, 10, 7]
