"""What the tests share: a small site in two languages, and a section with everything in it."""

from __future__ import annotations

import io
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site

from wagtail_regional import factories as f


@pytest.fixture(autouse=True)
def fresh_caches():
    """Site roots and renditions are cached by Wagtail; one test's must not serve another."""
    cache.clear()


@pytest.fixture
def site(db) -> Site:
    """A default site with a home page in English and one in Dutch."""
    english, _ = Locale.objects.get_or_create(language_code="en")
    dutch, _ = Locale.objects.get_or_create(language_code="nl")
    # Tables are made from the models (--nomigrations), so Wagtail's first rows may be missing.
    Collection.objects.filter(depth=1).exists() or Collection.add_root(name="Root")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root", locale=english
    )
    Page.objects.filter(depth=2).delete()
    root.refresh_from_db()
    home = root.add_child(instance=Page(title="Home", slug="home", locale=english))
    home.copy_for_translation(dutch).save_revision().publish()
    Site.objects.all().delete()
    return Site.objects.create(
        hostname="localhost", root_page=home, is_default_site=True, site_name="Test"
    )


@pytest.fixture
def dutch_home(site) -> Page:
    return site.root_page.get_translation(Locale.objects.get(language_code="nl"))


def make_image(title: str = "Logo", **kwargs: Any) -> Any:
    data = io.BytesIO()
    PillowImage.new("RGB", (800, 400), "navy").save(data, "PNG")
    data.seek(0)
    return get_image_model().objects.create(
        title=title, file=ImageFile(data, f"{title}.png"), width=800, height=400, **kwargs
    )


def block(kind: str, value: Any) -> dict[str, Any]:
    """A stored block."""
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def fill(page: Any, blocks: list[dict[str, Any]]) -> Any:
    """Store `blocks` as a page's body and return the page as readers get it."""
    import json

    page.body = json.dumps(blocks)
    page.save()
    return type(page).objects.get(pk=page.pk)


def make_alliance(members: int = 3, programmes: int = 2, projects: int = 2, **kwargs: Any) -> Any:
    """An alliance with members that have logos, projects, programmes, recognitions, a theme."""
    alliance = f.AllianceFactory(**kwargs)
    for _ in range(members):
        logo = make_image()
        f.MembershipFactory(alliance=alliance, organisation__logo=logo)
    f.MembershipFactory(
        alliance=alliance, organisation=None, group_label={"en": "municipalities"}, group_count=6
    )
    f.ProjectFactory.create_batch(projects, alliance=alliance, ends="2016-06")
    f.RecognitionFactory(alliance=alliance)
    f.AllianceFactory(parent=alliance, type="joint_centre")
    alliance.themes.add(f.ThemeFactory())
    for _ in range(programmes):
        programme = f.ProgrammeFactory(study_load=15)
        programme.alliances.add(alliance)
        programme.save()
        f.ProgrammeProviderFactory(programme=programme)
        f.ProgrammeAccessFactory(programme=programme, ects=15)
    alliance.save()
    return alliance


ALL_SECTIONS = ["members", "former_members", "centres", "projects", "programmes", "timeline"]


@pytest.fixture
def section(site) -> SimpleNamespace:
    """An index page with a partnership page and a programme index below it."""
    index = f.RegionIndexPageFactory(title="In the region", parent=site.root_page)
    page = f.PartnershipPageFactory(title="Regional partnerships", parent=index)
    programmes = f.ProgrammeIndexPageFactory(title="Programmes", parent=index)
    return SimpleNamespace(index=index, page=page, programmes=programmes)
