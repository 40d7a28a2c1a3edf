"""Small parts that many shapes share: periods, images, links, mentions."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import Field

from wagtail_regional import vocabularies as v
from wagtail_regional.lifecycle import Status
from wagtail_regional.schemas.base import PartialDateText, RegionalModel, Uri


class RegionalFocalPoint(RegionalModel):
    """Where the eye should rest, as fractions of width and height from the top left."""

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)


class RegionalImage(RegionalModel):
    """An image in the sizes of its profile."""

    src: Uri
    srcset: str = Field(description="As in HTML: addresses with their widths.")
    width: int
    height: int
    alt: str | None = Field(description='Null where the image is decorative: `alt=""` in HTML.')
    focal_point: RegionalFocalPoint | None = None


class RegionalLifecycle(RegionalModel):
    """Where something stands today; follows from its dates."""

    status: Status
    text: str | None = Field(
        description="The same in words: “Ran until June 2016”. Null where no dates are known, and "
        "none have to be."
    )
    starts: PartialDateText | None = Field(
        None, description="ISO 8601 at the precision known: 2003, 2014-02."
    )
    ends: PartialDateText | None = Field(
        None, description="As `starts`; counts to the last day of the period."
    )
    status_changes_on: dt.date | None = Field(
        None,
        description="The next day, in the site's time zone, on which `status` and `text` become "
        "others though nobody writes: a copy holds until then. Null where none comes.",
    )


class RegionalTerm(RegionalModel):
    """A code of a vocabulary with its label."""

    code: str
    label: str


class RegionalLink(RegionalModel):
    """A link with its text."""

    text: str
    url: Uri
    kind: Literal["page", "document", "external"]


class RegionalReference(RegionalModel):
    """Just enough of something to name it and link to it."""

    id: UUID
    name: str
    acronym: str | None = None
    url: Uri | None = None


class RegionalPageReference(RegionalModel):
    """A page, in short."""

    id: int
    title: str
    url: Uri
    locale: str = Field(description="The language of the part of the site that it is in.")
    language: str = Field(description="The language of its words (BCP 47).")


class RegionalTheme(RegionalModel):
    """A subject, as a SKOS concept."""

    id: UUID
    scheme: v.ThemeScheme
    notation: str | None
    uri: str | None
    label: str


class RegionalIdentifier(RegionalModel):
    """A code in a scheme of somebody else's."""

    scheme: str
    value: str


class RegionalReview(RegionalModel):
    """When a fact was last looked at, and where it can be checked."""

    last_reviewed: dt.date | None
    source_url: Uri | None
