"""The package speaks Dutch wherever the reader or the editor does."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from wagtail.users.models import UserProfile

from tests.admin.conftest import address, chooser
from wagtail_regional.vocabularies import StudyLoadUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def dutch_client(admin_client, admin_user):
    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = "nl"
    profile.save()
    return admin_client


def test_the_tabs_of_a_chooser(dutch_client):
    html = dutch_client.get(chooser("alliance", "choose")).json()["html"]
    assert "Nieuwe alliantie" in html
    assert "Search" not in html


@pytest.mark.parametrize("kind", ["alliance", "theme"])
def test_the_heading_of_a_form_fits_every_gender(dutch_client, kind):
    html = dutch_client.get(address(kind, "create")).content.decode()
    assert "Nieuw:" in html


@pytest.mark.parametrize(("language", "words"), [("en", "7.5 ECTS"), ("nl", "7,5 EC")])
def test_study_load(language, words):
    with override(language):
        assert StudyLoadUnit.ECTS.of(7.5) == words
