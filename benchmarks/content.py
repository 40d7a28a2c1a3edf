"""What is measured: a registry of a given size, and one page that shows all of it."""

from __future__ import annotations

import io
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from wagtail_regional import factories as f
from wagtail_regional import models as m
from wagtail_regional.conf import conf

#: Of the page below which all others are.
SLUG = "in-the-region"
SECTIONS = ["members", "former_members", "centres", "projects", "programmes", "timeline"]
#: A list shows a hundred programmes at most, so the page has one list of each type.
PROGRAMME_TYPES = ["minor", "course"]
#: Every so many alliances, one is the parent of those up to the next.
FAMILY = 5


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    name: str
    alliances: int
    members: int
    organisations: int
    programmes: int

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.alliances} alliances of {self.members} members out of "
            f"{self.organisations} organisations, {self.programmes} programmes"
        )


SIZES = {
    "S": Size("S", alliances=4, members=6, organisations=24, programmes=8),
    "L": Size("L", alliances=50, members=20, organisations=200, programmes=200),
}


def build(size: Size) -> int:
    """Replace all content by that of `size`.

    Returns:
        The primary key of the page that shows it.
    """
    clear()
    organisations = _organisations(size)
    alliances = _alliances(size)
    _hang_on_alliances(size, alliances, organisations)
    _programmes(size, alliances, organisations)
    return _page(alliances).pk


def clear() -> None:
    """Take away all that `build` and the scale part make."""
    # Through a fresh instance each time: deleting a page moves its neighbours in the tree.
    for page in Page.objects.filter(slug=SLUG, depth=3):
        page.delete()
    m.Alliance.objects.update(parent=None)
    for model in (
        m.ProgrammeAccess,
        m.ProgrammeProvider,
        m.Programme.alliances.through,
        m.Programme.themes.through,
        m.Programme,
        m.Project,
        m.Recognition,
        m.Membership,
        m.Alliance.themes.through,
        m.Alliance,
        m.Organisation,
        m.Theme,
    ):
        rows = model.objects.all()
        rows._raw_delete(rows.db)
    get_image_model().objects.all().delete()


def _logos(count: int) -> list[Any]:
    """Images with files of their own and the renditions that pages ask for."""
    data = io.BytesIO()
    PillowImage.new("RGB", (400, 200), "navy").save(data, "PNG")
    images = []
    for number in range(count):
        file = ImageFile(io.BytesIO(data.getvalue()), f"logo-{number}.png")
        image = get_image_model().objects.create(
            title=f"Logo {number}", file=file, width=400, height=200
        )
        image.get_renditions(*conf.IMAGE_PROFILES["logo"])
        images.append(image)
    return images


def _organisations(size: Size) -> list[Any]:
    rows = f.OrganisationFactory.build_batch(
        size.organisations, locality="Leiden", country="NL", founded="1975"
    )
    for row, logo in zip(rows, _logos(size.organisations), strict=True):
        row.logo = logo
    return m.Organisation.objects.bulk_create(rows)


def _alliances(size: Size) -> list[Any]:
    rows = f.AllianceFactory.build_batch(
        size.alliances,
        summary={"en": "What it does, in a sentence.", "nl": "Wat het doet, in één zin."},
        region={"en": "Leiden region", "nl": "Leidse regio"},
        activities=["research", "education"],
        website="https://alliance.example.org/",
        starts="2012-02",
    )
    for row, logo in zip(rows, _logos(size.alliances), strict=True):
        row.logo = logo
    alliances = m.Alliance.objects.bulk_create(rows)
    for number, row in enumerate(alliances):
        if number % FAMILY:
            row.parent = alliances[number - number % FAMILY]
    m.Alliance.objects.bulk_update(alliances, ["parent"])
    return alliances


def _hang_on_alliances(size: Size, alliances: list[Any], organisations: list[Any]) -> None:
    """Members, of whom every sixth has left, and projects, recognitions and themes."""
    members, projects, recognitions, themes = [], [], [], []
    subjects = m.Theme.objects.bulk_create(f.ThemeFactory.build_batch(10))
    for number, alliance in enumerate(alliances):
        for place in range(size.members):
            organisation = organisations[(number * size.members + place) % len(organisations)]
            dates = {"starts": "2012-02", "ends": "2016-06"} if place % 6 == 5 else {}
            members.append(
                f.MembershipFactory.build(
                    alliance=alliance, organisation=organisation, sort_order=place, **dates
                )
            )
        words = {"summary": {"en": "A project.", "nl": "Een project."}, "alliance": alliance}
        projects.append(f.ProjectFactory.build(starts="2013", ends="2016-06", **words))
        projects.append(f.ProjectFactory.build(starts="2020-09", **words))
        label = {"en": "Centre of excellence", "nl": "Topcentrum"}
        recognitions.append(
            f.RecognitionFactory.build(alliance=alliance, label=label, valid_from="2014")
        )
        for step in range(2):
            theme = subjects[(number + step) % len(subjects)]
            themes.append(m.Alliance.themes.through(alliance=alliance, theme=theme))
    m.Membership.objects.bulk_create(members)
    m.Project.objects.bulk_create(projects)
    m.Recognition.objects.bulk_create(recognitions)
    m.Alliance.themes.through.objects.bulk_create(themes)


def _programmes(size: Size, alliances: list[Any], organisations: list[Any]) -> None:
    """Each with two providers, terms for students of one organisation and terms for guests."""
    rows = f.ProgrammeFactory.build_batch(
        size.programmes,
        summary={"en": "What one learns.", "nl": "Wat men leert."},
        level="bachelor",
        study_load=15,
        teaching_languages=["nl", "en"],
        link="https://study.example.org/",
    )
    for number, row in enumerate(rows):
        row.type = PROGRAMME_TYPES[number % len(PROGRAMME_TYPES)]
    through, providers, access = [], [], []
    for number, row in enumerate(m.Programme.objects.bulk_create(rows)):
        one, other = (organisations[(number + step) % len(organisations)] for step in (0, 7))
        alliance = alliances[number % len(alliances)]
        through.append(m.Programme.alliances.through(programme=row, alliance=alliance))
        for order, organisation in enumerate((one, other)):
            providers.append(
                f.ProgrammeProviderFactory.build(
                    programme=row, organisation=organisation, sort_order=order
                )
            )
            access.append(
                f.ProgrammeAccessFactory.build(
                    programme=row,
                    organisation=None if order else organisation,
                    sort_order=order,
                    ects=15,
                    places=30,
                    conditions={"en": "Second year", "nl": "Tweede jaar"},
                )
            )
    m.Programme.alliances.through.objects.bulk_create(through)
    m.ProgrammeProvider.objects.bulk_create(providers)
    m.ProgrammeAccess.objects.bulk_create(access)


def _page(alliances: list[Any]) -> Any:
    Locale.objects.get_or_create(language_code="nl")
    home = Site.objects.get(is_default_site=True).root_page
    # The factory adds below the instance it is given, whose place in the tree must be today's.
    index = f.RegionIndexPageFactory(
        title="In the region", slug=SLUG, parent=Page.objects.get(pk=home.pk)
    )
    blocks = [
        _block(
            "alliance",
            {
                "alliance": alliance.pk,
                "heading": "",
                "text": "<p>A few words by an editor.</p>",
                "show": SECTIONS,
            },
        )
        for alliance in alliances
    ]
    blocks += [
        _block("programme_list", {"source": "query", "types": [kind], "maximum": 100})
        for kind in PROGRAMME_TYPES
    ]
    return f.PartnershipPageFactory(
        title="Partnerships",
        slug="partnerships",
        introduction="With whom we work.",
        subject=alliances[0],
        body=json.dumps(blocks),
        parent=index,
    )


def _block(kind: str, value: Any) -> dict[str, Any]:
    """A block as it is stored."""
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}
