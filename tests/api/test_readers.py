"""A page is read once for many readers, none of whom sees what another one does to it."""

from __future__ import annotations

import pytest

from wagtail_regional.page_types import regional_page_models
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.pages import public_page

pytestmark = pytest.mark.django_db


def read(page, rf):
    request = rf.get("/", headers={"host": "localhost"})
    return public_page(page.pk, regional_page_models(), ReadContext("en", request))


def test_each_reader_has_a_page_of_its_own(full_page, rf):
    first = read(full_page, rf)
    first.title = "Changed by one reader"
    first.body[0].value["heading"] = "Changed"
    del first.body[1:]
    first.hero_image = None
    first.owner = None

    second = read(full_page, rf)

    assert second is not first
    assert second.title == full_page.title
    assert second.body.get_prep_value() == full_page.body.get_prep_value()
    assert second._state.fields_cache.keys() == {"locale"}


def test_native_values_are_as_new_as_the_reading(full_page, rf):
    """A chosen row in a native value is read when it is asked for, not with the page."""
    first, second = read(full_page, rf), read(full_page, rf)
    alliance = first.body[0].value["alliance"]
    type(alliance).objects.filter(pk=alliance.pk).update(acronym="NEW")
    assert second.body[0].value["alliance"].acronym == "NEW"
