"""What the sample of each block shows of the region."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_regional import schemas as s
from wagtail_regional.blocks.samples.region import (
    CENTRES,
    CITY,
    CURRENT_PROJECTS,
    ENDED_PROJECTS,
    EVENTS,
    HOSPITAL,
    LANDSCAPE,
    MUSEUM,
    OLD_HOSPITAL,
    PORTRAIT,
    PROGRAMMES,
    SITE,
    TECHNICAL_UNIVERSITY,
    TWO_RIVERS,
    UNIVERSITY,
)

#: By the name of a sample, what it is of.
SCHEMAS: Final[dict[str, type]] = {
    "alliance": s.RegionalAllianceValue,
    "programme_list": s.RegionalProgrammeListValue,
    "partner_grid": s.RegionalPartnerGridValue,
    "project_list": s.RegionalProjectListValue,
    "timeline": s.RegionalTimelineValue,
    "partner_map": s.RegionalPartnerMapValue,
    "facts": s.RegionalFactsValue,
    "quote": s.RegionalQuoteValue,
    "call_to_action": s.RegionalCallToActionValue,
    "related_links": s.RegionalRelatedLinksValue,
    "recognitions": s.RegionalRecognitionsValue,
    "contact": s.RegionalContactValue,
    "faq": s.RegionalFaqValue,
    "heading": s.RegionalHeadingValue,
    "rich_text": str,
    "image": s.RegionalFigureValue,
    "document": s.RegionalDocumentValue,
    "embed": s.RegionalEmbedValue,
}

#: By the name of a sample, its value.
VALUES: Final[dict[str, Any]] = {
    "alliance": {
        "alliance": TWO_RIVERS,
        "heading": TWO_RIVERS["name"],
        "text": [
            _(
                "What one city cannot find out alone, two may. Since 2012 researchers and "
                "teachers of both universities have worked on questions that the river puts "
                "to all of us."
            )
        ],
        "image": LANDSCAPE,
        "is_past": False,
        "members": [
            {"organisation": UNIVERSITY, "role": "coordinator", "starts": "2012-09"},
            {"organisation": TECHNICAL_UNIVERSITY, "role": "partner", "starts": "2012-09"},
            {"organisation": HOSPITAL, "role": "partner", "starts": "2015"},
            {
                "kind": "group",
                "id": None,
                "name": _("Municipalities along the river"),
                "count": 6,
                "role": "member",
            },
        ],
        "former_members": [
            {"organisation": OLD_HOSPITAL, "role": "member", "starts": "2012-09", "ends": "2019"}
        ],
        "centres": CENTRES,
        "projects": [*CURRENT_PROJECTS, *ENDED_PROJECTS],
        "programmes": PROGRAMMES[:2],
        "timeline": EVENTS,
        "links": [{"text": _("Annual report of the alliance"), "kind": "document"}],
    },
    "programme_list": {
        "heading": _("Study on both sides of the river"),
        "introduction": [_("Take a minor or a whole degree at two universities at once.")],
        "programmes": PROGRAMMES,
        "total": len(PROGRAMMES),
        "show_filters": True,
        "empty_text": "",
    },
    "partner_grid": {
        "heading": _("Our partners"),
        "partners": [UNIVERSITY, TECHNICAL_UNIVERSITY, HOSPITAL, CITY, MUSEUM, OLD_HOSPITAL],
    },
    "project_list": {
        "heading": _("Projects in the region"),
        "current": CURRENT_PROJECTS,
        "ended": ENDED_PROJECTS,
    },
    "timeline": {"heading": _("How we got here"), "events": EVENTS},
    "partner_map": {
        "heading": _("Where to find us"),
        "places": [
            {"partner": UNIVERSITY, "latitude": 52.31, "longitude": 4.71},
            {"partner": HOSPITAL, "latitude": 52.32, "longitude": 4.73},
            {"partner": TECHNICAL_UNIVERSITY, "latitude": 51.93, "longitude": 4.38},
            {"partner": CITY, "latitude": 51.92, "longitude": 4.4},
        ],
        "elsewhere": [MUSEUM],
    },
    "facts": {
        "heading": _("The alliance in numbers"),
        "facts": [
            {"value": 9, "label": _("members"), "computed": True},
            {"value": 14, "label": _("joint programmes"), "computed": True},
            {
                "value": 2300,
                "label": _("students crossed the river to study"),
                "as_of": "2025-10",
                "source": {"text": _("Annual report"), "kind": "document"},
            },
        ],
    },
    "quote": {
        "text": _("The best idea of that year came up on the ferry, between two appointments."),
        "name": "Noor van der Meer",
        "role": _("Professor of Water Law, Amstelmere University"),
        "image": PORTRAIT,
    },
    "call_to_action": {
        "heading": _("Bring us your question"),
        "text": [
            _("You work in the region and want to find something out? We will find you a partner.")
        ],
        "audience": _("For companies and municipalities"),
        "link": {"text": _("Tell us what you are looking for")},
    },
    "related_links": {
        "heading": _("Read on"),
        "links": [
            {"text": _("What the alliance has agreed on")},
            {"text": _("Strategy until 2030"), "kind": "document"},
            {"text": _("Website of the Two Rivers Alliance"), "kind": "external"},
        ],
    },
    "recognitions": {
        "heading": pgettext_lazy("sample heading", "Recognition"),
        "recognitions": [
            {
                "label": _("Region of Knowledge"),
                "issued_by": _("Council of Delta Regions"),
                "url": SITE,
                "starts": "2021-11-04",
            },
            {
                "label": _("Prize for shared teaching"),
                "issued_by": _("Lowlands Education Fund"),
                "starts": "2017",
                "ends": "2019",
            },
        ],
    },
    "contact": {
        "heading": _("Talk to us"),
        "name": "Daan Hofstra",
        "role": _("Coordinator of regional partnerships"),
        "organisation": UNIVERSITY,
        "email": "region@example.org",
        "phone": "+31 20 555 01 23",
        "image": PORTRAIT,
    },
    "faq": {
        "heading": _("Frequently asked"),
        "questions": [
            {
                "question": _("May I take a minor at the other university?"),
                "answer": [_("Yes. You stay enrolled with us and pay nothing extra.")],
            },
            {
                "question": _("Do the credits count for my degree?"),
                "answer": [
                    _("They do, once your board of examiners has agreed. Ask it before you enrol.")
                ],
            },
        ],
    },
    "heading": {"text": _("What we learn from the water"), "level": 2, "anchor": "what-we-learn"},
    "rich_text": [
        _(
            "Knowledge seldom stops at a city's edge. In the Two Rivers region universities, "
            "hospitals and municipalities have shared it for years, in laboratories as well "
            "as around kitchen tables."
        ),
        _("Here you find who takes part, what they do together and how you can join them."),
    ],
    "image": {
        "image": LANDSCAPE,
        "caption": _("Veerhaven seen from the fields, where the first measurements were made."),
        "credit": _("Drawing: the editors"),
    },
    "document": {
        "title": _("Strategy until 2030"),
        "url": SITE,
        "extension": "pdf",
        "size": 1_468_006,
    },
    # A preview should ask other sites for nothing, so there is no HTML of theirs.
    "embed": {
        "url": SITE,
        "title": _("Film: a day on the ferry"),
        "caption": _("Four minutes, with subtitles."),
    },
}
