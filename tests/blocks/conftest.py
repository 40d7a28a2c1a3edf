"""A sound value of each block."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from tests.conftest import ALL_SECTIONS, make_alliance, make_image
from wagtail_regional.models import Organisation, Programme, Project


@pytest.fixture
def whole(section) -> dict[str, Any]:
    """A sound value of each block."""
    alliance = make_alliance(members=1, programmes=1, projects=1)
    organisation, image = Organisation.objects.first(), make_image()
    programme, project = Programme.objects.first(), Project.objects.first()
    document = get_document_model().objects.create(
        title="Report", file=ContentFile(b"x", "report.txt")
    )
    rich = f'<p>See <a linktype="page" id="{section.index.pk}">here</a></p>'
    link = {"text": "Link", "page": section.index.pk, "document": None, "url": ""}
    portrait = {"image": image.pk, "alt_text": "Somebody", "decorative": False}
    fact = {"label": "members", "count": "members", "alliance": alliance.pk, "value": "",
            "as_of": None, "source_text": "", "source_url": ""}  # fmt: skip
    typed = {"label": "euros", "count": "", "alliance": None, "value": "3", "as_of": "2026-01-01",
             "source_text": "Report", "source_url": "https://example.org"}  # fmt: skip
    return {
        "alliance": {"alliance": alliance.pk, "heading": "H", "text": rich, "image": portrait,
                     "show": ALL_SECTIONS, "show_as_history": False, "links": [link]},
        "programme_list": {"heading": "H", "introduction": rich, "source": "query",
                           "alliance": alliance.pk, "types": ["minor"], "levels": [],
                           "languages": "en", "theme": None, "provider": organisation.pk,
                           "programmes": [programme.pk], "audience": organisation.pk,
                           "order": "name", "maximum": 5, "show_filters": True, "empty_text": ""},
        "partner_grid": {"heading": "", "alliance": alliance.pk,
                         "organisations": [organisation.pk]},
        "project_list": {"heading": "", "alliance": alliance.pk, "projects": [project.pk],
                         "show_ended": True},
        "timeline": {"heading": "", "alliance": alliance.pk,
                     "events": [{"date": "2014", "title": "T", "text": rich}]},
        "partner_map": {"heading": "", "alliance": alliance.pk,
                        "organisations": [organisation.pk]},
        "facts": {"heading": "", "facts": [fact, typed]},
        "recognitions": {"heading": "", "alliances": [alliance.pk]},
        "heading": {"text": "Heading", "level": "2"},
        "rich_text": rich,
        "quote": {"text": "Words", "name": "N", "role": "R", "image": portrait},
        "faq": {"heading": "", "questions": [{"question": "Q", "answer": rich}]},
        "call_to_action": {"heading": "H", "audience": "A", "text": rich, "link": link},
        "related_links": {"heading": "", "links": [link]},
        "contact": {"heading": "", "name": "N", "role": "", "organisation": organisation.pk,
                    "email": "a@example.org", "phone": "1", "link": link, "image": portrait},
        "image": {"image": portrait, "caption": "C", "credit": "W"},
        "document": document.pk,
        "embed": {"url": "https://example.org/video", "caption": ""},
    }  # fmt: skip
