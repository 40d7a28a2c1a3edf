"""What stands in for other releases of Django and Wagtail, and when it can go."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import django
import pytest
from django.db.utils import DatabaseError
from wagtail import blocks
from wagtail.models import Page, Site

from wagtail_regional import compat
from wagtail_regional.models import ProgrammeCode

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


def lowest(name: str) -> tuple[int, ...]:
    """The lowest release that the package takes."""
    for each in tomllib.loads(PYPROJECT.read_text())["project"]["dependencies"]:
        if found := re.fullmatch(rf"{name}>=([0-9.]+).*", each):
            return tuple(map(int, found[1].split(".")))
    raise AssertionError(f"{name} has no lowest release")


def test_wagtail_7_is_still_promised():
    """When it no longer is: HAS_API_V3 is true, get_page_model is swapper's, and
    get_collection_policy asks the registry of policies."""
    assert lowest("wagtail") < (8, 0)


def test_unions_still_have_an_order_that_nobody_asked_for(db):
    """When they have none on any Django that is promised, `union_of` is `union`."""
    assert ProgrammeCode._meta.ordering == ["pk"]
    parts = [ProgrammeCode.objects.order_by().values_list("programme_id") for _ in range(2)]
    assert list(compat.union_of(parts)) == []
    if django.VERSION >= (6, 1):
        with pytest.raises((DatabaseError, ValueError)):
            list(parts[0].union(parts[1], all=True))


def test_wagtail_remembers_the_site_where_we_look(rf, site, django_assert_num_queries):
    request = rf.get("/")
    with pytest.raises(LookupError):
        compat.known_site(request)
    assert Site.find_for_request(request) == compat.known_site(request) == site
    another = rf.get("/")
    compat.remember_site(another, site)
    with django_assert_num_queries(0):
        assert Site.find_for_request(another) == site


def test_wagtail_takes_the_root_paths_that_are_there(rf, section, django_assert_num_queries):
    request = rf.get("/")
    compat.remember_root_paths(request, Site.get_site_root_paths())
    page = Page.objects.get(pk=section.page.pk)
    with django_assert_num_queries(0):
        page.get_url_parts(request)
    compat.remember_root_paths(request, [])
    assert page.get_url_parts(request) is None


def test_a_block_tells_what_it_was_made_with():
    assert compat.default_of(blocks.IntegerBlock(default=3)) == 3
    assert compat.default_of(blocks.IntegerBlock()) is None
