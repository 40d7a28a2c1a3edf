"""What the tests share: a small site in two languages, and a section with everything in it."""

from __future__ import annotations

import datetime as dt
import gc
import io
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from tests.browser.demo import Demo
from wagtail_regional import factories as f
from wagtail_regional.models import Alliance, Organisation, Programme


def pytest_collection_finish() -> None:
    """What the tests are made of stays to the end: to look through it again and again for garbage
    takes a good part of their time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def fresh_caches():
    """Site roots and renditions are cached by Wagtail; one test's must not serve another."""
    cache.clear()


@pytest.fixture(autouse=True)
def indexing(request) -> Iterator[None]:
    """Rows are indexed as they are saved, for searching and by what refers to them, where a test
    is marked `indexed`. Elsewhere it would take most of the time that rows take to make."""
    if request.node.get_closest_marker("indexed"):
        settings = request.getfixturevalue("settings")
        backend = settings.WAGTAILSEARCH_BACKENDS["default"]
        settings.WAGTAILSEARCH_BACKENDS = {"default": backend | {"AUTO_UPDATE": True}}
        yield
    else:
        with disable_reference_index_auto_update():
            yield


@pytest.fixture(scope="session")
def new_demo(tmp_path_factory) -> Callable[[], Path]:
    """Makes directories with the data of a demo just loaded. To load it takes long: it is done
    once, so whoever asks belongs in the group of tests that run in one process."""
    loaded = tmp_path_factory.mktemp("loaded")
    Demo(loaded, port=8000).load()

    def new_demo() -> Path:
        return shutil.copytree(loaded, tmp_path_factory.mktemp("demo"), dirs_exist_ok=True)

    return new_demo


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """With a site in it: nearly every test wants one, and pages take long to make."""
    with django_db_blocker.unblock():
        make_site()


def make_site() -> Site:
    english, _ = Locale.objects.get_or_create(language_code="en")
    dutch, _ = Locale.objects.get_or_create(language_code="nl")
    # Wagtail's first rows are missing where a test has emptied its tables.
    Collection.objects.filter(depth=1).exists() or Collection.add_root(name="Root")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        title="Root", slug="root", locale=english
    )
    # Its welcome page serves as well as a new one; to delete it takes longer than all else here.
    home = root.get_children().first() or root.add_child(
        instance=Page(title="Home", slug="home", locale=english)
    )
    root.get_children().update(title="Home", draft_title="Home", locale=english)
    root.add_child(
        instance=Page(
            title="Home", slug="home-nl", locale=dutch, translation_key=home.translation_key
        )
    )
    Site.objects.all().delete()
    return Site.objects.create(
        hostname="localhost",
        root_page=Page.objects.get(pk=home.pk),
        is_default_site=True,
        site_name="Test",
    )


@pytest.fixture
def site(db) -> Site:
    """A default site with a home page in English and one in Dutch."""
    return Site.objects.filter(site_name="Test").first() or make_site()


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
        f.MembershipFactory(
            alliance=alliance,
            organisation__logo=logo,
            organisation__latitude="52.1",
            organisation__longitude="4.5",
        )
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
        f.ProgrammeAccessFactory(
            programme=programme,
            ects=15,
            application_opens=dt.date(2026, 1, 1),
            application_closes=dt.date(2026, 3, 1),
        )
    alliance.save()
    return alliance


def facets_in(answer: Any) -> dict[str, Any]:
    """The facets of an answer, by name."""
    return {each["name"]: each for each in answer["facets"]}


ALL_SECTIONS = ["members", "former_members", "centres", "projects", "programmes", "timeline"]


@pytest.fixture
def section(site) -> SimpleNamespace:
    """An index page with a partnership page and a programme index below it."""
    index = f.RegionIndexPageFactory(title="In the region", parent=site.root_page)
    page = f.PartnershipPageFactory(title="Regional partnerships", parent=index)
    programmes = f.ProgrammeIndexPageFactory(title="Programmes", parent=index)
    return SimpleNamespace(index=index, page=page, programmes=programmes)


@pytest.fixture
def full_page(section):
    """A page with every block that refers to something."""
    alliance = make_alliance(
        members=2, programmes=2, projects=1, name={"en": "The alliance"}, starts="2010"
    )
    part = Alliance.objects.get(parent=alliance)
    f.MembershipFactory(alliance=alliance, organisation=None, member_alliance=part)
    programme = Programme.objects.first()
    organisation = Organisation.objects.first()
    image = make_image("Figure")
    rich = f'<p><a linktype="page" id="{section.index.pk}">The section</a></p>'
    blocks = [
        block("alliance", {"alliance": alliance.pk, "show": ALL_SECTIONS, "text": rich}),
        block("alliance", {"alliance": part.pk, "show": []}),
        block("programme_list", {"source": "query", "maximum": 5, "show_filters": True}),
        block(
            "programme_list",
            {"source": "picked", "programmes": [programme.pk], "audience": organisation.pk},
        ),
        block("partner_grid", {"source": "alliance", "alliance": alliance.pk}),
        block("partner_map", {"source": "alliance", "alliance": alliance.pk}),
        block("project_list", {"source": "alliance", "alliance": alliance.pk}),
        block("timeline", {"alliance": alliance.pk, "events": []}),
        block("recognitions", {"alliances": [alliance.pk]}),
        block("facts", {"facts": [{"count": "members", "alliance": alliance.pk, "label": "m"}]}),
        block("contact", {"name": "Somebody", "organisation": organisation.pk}),
        block("image", {"image": image.pk, "caption": "A figure"}),
        block("rich_text", rich),
        block("related_links", {"links": [{"text": "", "page": section.index.pk}]}),
        block("heading", {"text": "A heading", "level": "2"}),
    ]
    return fill(section.page, blocks)
