"""What the samples show: a region that does not exist, so that no real organisation seems to
endorse anything.

Facts go by the names of their schema's fields. Left out are those that are empty and those that
:mod:`wagtail_regional.blocks.samples` fills in:

* `starts` and `ends` stand for a lifecycle, a code for a term, a row for a reference or mention;
* a list of texts stands for paragraphs of HTML, a number for how the reader's language writes it;
* `{next}` and `{after_next}` in a date are the years after this one.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wagtail_regional import schemas as s

#: Some fields of a schema, with their values.
Facts: TypeAlias = dict[str, Any]

SITE: Final = "https://example.org"

# --- Drawings ----------------------------------------------------------------------------------


def _drawing(svg: str, width: int, height: int, alt: Promise | None = None) -> Facts:
    """An image that needs no file: its source is the address itself."""
    markup = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{svg}</svg>'
    )
    src = f"data:image/svg+xml,{quote(markup)}"
    return {"src": src, "srcset": "", "width": width, "height": height, "alt": alt}


def _monogram(letters: str, colour: str = "#0b5563") -> Facts:
    return _drawing(
        f'<text x="0" y="58" font-family="Georgia,serif" font-size="56" fill="{colour}">'
        f'{letters}</text><path d="M0 72h150" stroke="{colour}" stroke-width="3"/>',
        160,
        80,
    )


#: Polder, river and a town, in a few shapes.
LANDSCAPE: Final = _drawing(
    '<path fill="#dfe9ea" d="M0 0h1200v600H0z"/>'
    '<circle cx="905" cy="170" r="62" fill="#f6efe0"/>'
    '<path fill="#b9cfd2" d="M0 330h1200v270H0z"/>'
    '<path fill="#5f8790" d="M90 330v-70h40v-60l18-40 18 40v60h60v-34h70v34h46v-92h14l14-40'
    ' 14 40h14v92h60v-50h80v50h40v70z"/>'
    '<path fill="#8fb3a4" d="M0 600V420c180-46 380-40 560-6s420 38 640-14v200z"/>'
    '<path fill="#eef4f4" d="M520 600c40-70 150-110 300-134s270-40 380-70v44c-130 36-270 46'
    '-380 76s-150 50-170 84z"/>'
    '<path fill="none" stroke="#6f9a8a" stroke-width="3" d="M0 470c170-34 330-30 470-10M0 520'
    'c140-26 300-24 430-8M860 560c110-26 230-40 340-46"/>',
    1200,
    600,
    _("The river between two cities, with fields in front"),
)
PORTRAIT: Final = _drawing(
    '<path fill="#cfdfe1" d="M0 0h240v240H0z"/>'
    '<circle cx="120" cy="96" r="44" fill="#5f8790"/>'
    '<path fill="#5f8790" d="M36 240c0-58 38-88 84-88s84 30 84 88z"/>',
    240,
    240,
)

# --- Organisations -----------------------------------------------------------------------------

UNIVERSITY: Final[Facts] = {
    "name": _("Amstelmere University"),
    "type": "education",
    "locality": "Amstelmere",
    "logo": _monogram("AU"),
}
TECHNICAL_UNIVERSITY: Final[Facts] = {
    "name": _("Veerhaven University of Technology"),
    "type": "education",
    "locality": "Veerhaven",
    "logo": _monogram("VT", "#7a3b12"),
}
HOSPITAL: Final[Facts] = {
    "name": _("Amstelmere University Hospital"),
    "type": "healthcare",
    "locality": "Amstelmere",
    "acronym": "AUH",
    "logo": _monogram("AUH", "#26496e"),
}
OLD_HOSPITAL: Final[Facts] = {
    "name": _("St Odulphus Hospital"),
    "type": "healthcare",
    "locality": "Veerhaven",
    "starts": "1931",
    "ends": "2019",
    "successor": HOSPITAL,
}
CITY: Final[Facts] = {
    "name": _("City of Veerhaven"),
    "type": "government",
    "locality": "Veerhaven",
    "logo": _monogram("V", "#1f6b3a"),
}
MUSEUM: Final[Facts] = {
    "name": _("Museum of the Lowlands"),
    "type": "archive",
    "locality": "Oudewater aan Zee",
}

# --- Alliances, and what they do ---------------------------------------------------------------

TWO_RIVERS: Final[Facts] = {
    "name": _("Two Rivers Alliance"),
    "type": "alliance",
    "summary": _(
        "Two universities and a hospital share laboratories, teaching and a view of the water."
    ),
    "region": _("Two Rivers region"),
    "activities": ["research", "education", "valorisation"],
    "starts": "2012-09",
}
CENTRES: Final[list[Facts]] = [
    {
        "name": _("Centre for Delta Cities"),
        "type": "joint_centre",
        "summary": _("How cities below sea level stay liveable."),
        "starts": "2015",
        "parent": TWO_RIVERS,
    },
    {
        "name": _("Centre for Heritage in Transition"),
        "type": "joint_centre",
        "summary": _("What to keep when everything around it changes."),
        "starts": "2019-03",
        "parent": TWO_RIVERS,
    },
    {
        "name": _("Centre for Safe Childbirth"),
        "type": "joint_centre",
        "summary": _("Better care for mothers in the whole region."),
        "starts": "2013",
        "ends": "2020",
        "parent": TWO_RIVERS,
    },
]
CURRENT_PROJECTS: Final[list[Facts]] = [
    {
        "title": _("Cool Streets"),
        "summary": _("Measuring heat in forty streets, together with the people who live there."),
        "starts": "2024",
        "ends": "{after_next}-06",
    },
    {
        "title": _("A laboratory on the quay"),
        "summary": _("Old harbour sheds become shared workshops for students and small firms."),
        "starts": "{next}-03",
    },
]
ENDED_PROJECTS: Final[list[Facts]] = [
    {
        "title": _("Tide Tables"),
        "summary": _("Two centuries of water levels, read from handwriting by volunteers."),
        "starts": "2016",
        "ends": "2019-12",
    }
]
PROGRAMMES: Final[list[Facts]] = [
    {
        "name": _("Living with Water"),
        "type": "minor",
        "level": "bachelor",
        "summary": _("Half a year in the delta: law, engineering and history of keeping dry feet."),
        "study_load": {"value": 30, "unit": "ects"},
        "teaching_languages": ["en"],
        "access": [
            {
                "organisation": UNIVERSITY,
                "ects": 30,
                "places": 40,
                "application_closes": "{next}-05-01",
            },
            {
                "organisation": TECHNICAL_UNIVERSITY,
                "ects": 15,
                "places": 20,
                "application_closes": "{next}-05-01",
                "selective": True,
                "conditions": _("You have passed your first year."),
            },
        ],
    },
    {
        "name": _("Health Technology"),
        "type": "programme",
        "level": "master",
        "summary": _("Two years between the ward and the workshop."),
        "degree_award": "joint",
        "study_load": {"value": 120, "unit": "ects"},
        "teaching_languages": ["en", "nl"],
        "access": [
            {"organisation": UNIVERSITY, "application_closes": "{next}-05-01", "selective": True}
        ],
    },
    {
        "name": _("Reading Old Maps"),
        "type": "mooc",
        "level": "unspecified",
        "summary": _("Five weeks, online and free of charge, at your own pace."),
        "study_load": {"value": 2, "unit": "ects"},
        "teaching_languages": ["en"],
        "access": [{"audience": "guests"}],
    },
]
EVENTS: Final[list[Facts]] = [
    {
        "date": "2012-09",
        "kind": "start",
        "title": _("The alliance begins"),
        "text": [_("Two rectors sign the agreement on the ferry between their cities.")],
    },
    {"date": "2015", "kind": "joined", "title": _("The university hospital joins")},
    {"date": "2016", "kind": "project", "title": _("First shared project: Tide Tables")},
    {
        "date": "2021-11-04",
        "kind": "recognition",
        "title": _("Recognised as a Region of Knowledge"),
        "url": SITE,
    },
]

#: What values of a schema have where they do not say otherwise.
USUAL: Final[dict[type[s.RegionalModel], Facts]] = {
    s.RegionalOrganisation: {"website": SITE, "country": "NL"},
    s.RegionalAlliance: {"url": SITE, "website": SITE},
    s.RegionalProject: {"website": SITE, "alliance": TWO_RIVERS},
    s.RegionalProgramme: {
        "is_joint": True,
        "url": SITE,
        "providers": [
            {"organisation": UNIVERSITY, "role": "coordinator"},
            {"organisation": TECHNICAL_UNIVERSITY, "role": "partner"},
        ],
        "alliances": [TWO_RIVERS],
        "starts": "2018-09",
    },
    s.RegionalAccess: {"audience": "organisation", "enrolment_link": SITE, "selective": False},
    s.RegionalRecognition: {"alliance": TWO_RIVERS},
    s.RegionalFact: {"computed": False},
    s.RegionalLink: {"url": SITE, "kind": "page"},
    s.RegionalReference: {"url": SITE},
}
