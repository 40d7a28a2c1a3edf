"""Pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from wagtail_regional import vocabularies as v
from wagtail_regional.schemas.base import RegionalModel, Uri
from wagtail_regional.schemas.parts import RegionalImage, RegionalPageReference
from wagtail_regional.schemas.registry import (
    RegionalAlliance,
    RegionalOrganisation,
    RegionalProgramme,
)


class RegionalAlternate(RegionalModel):
    """The same page in another language."""

    hreflang: str
    title: str
    url: Uri


class RegionalSeo(RegionalModel):
    """What search engines and link previews show."""

    title: str
    description: str | None
    canonical_url: Uri | None = Field(description="Its own address; of an alias, what it repeats.")


class RegionalPageMeta(RegionalModel):
    """What surrounds a page's content."""

    locale: str = Field(description="The language of the part of the site that it is in.")
    language: str = Field(
        description="The language of its words (BCP 47): of an alias, that of what it repeats."
    )
    words_language: str = Field(
        description="The language of labels, dates and the like (BCP 47): `language`, or where the "
        "package has no words in that, what it falls back to."
    )
    alias_of: RegionalPageReference | None = Field(
        description="The page that it repeats, where readers may see that one."
    )
    slug: str | None = Field(description="Null in drafts alone.")
    html_url: Uri | None = Field(description="Null in drafts alone.")
    first_published_at: dt.datetime | None
    last_published_at: dt.datetime | None
    alternates: list[RegionalAlternate] = Field(
        description="The languages in which it has words of its own; aliases have none."
    )
    breadcrumbs: list[RegionalPageReference] = Field(
        description="From the top of the site down to this page's parent."
    )
    seo: RegionalSeo
    json_ld: list[dict[str, Any]]


class RegionalPageSummary(RegionalModel):
    """A page, as lists show it."""

    id: int
    type: v.PageType | None = Field(description="Null for a type that is the site's own.")
    model: str = Field(description="Django's label of the page's model.")
    title: str
    introduction: str | None
    locale: str = Field(description="The language of the part of the site that it is in.")
    language: str = Field(description="The language of its words (BCP 47).")
    url: Uri


class RegionalIncluded(RegionalModel):
    """What a body mentions, each row whole and once, in the order of the first mention."""

    organisations: list[RegionalOrganisation] | None = Field(
        None, description="Members. Null unless `include` names them."
    )
    alliances: list[RegionalAlliance] | None = Field(
        None, description="Centres. Null unless `include` names them."
    )
    programmes: list[RegionalProgramme] | None = Field(
        None, description="With all their terms. Null unless `include` names them."
    )


class RegionalPage(RegionalModel):
    """What every regional page has. The router narrows `body` to the blocks it can hold."""

    id: int | None = Field(description="Null in a draft that was never saved.")
    type: v.PageType | None = Field(description="Null for a type that is the site's own.")
    model: str = Field(description="Django's label of the page's model.")
    title: str
    introduction: str | None
    hero_image: RegionalImage | None = None
    subject: RegionalAlliance | None = Field(
        None, description="The alliance this page is about, when it is about one."
    )
    children: list[RegionalPageSummary] = Field(
        default_factory=list, description="Live, public regional pages right below this one."
    )
    programmes: list[RegionalProgramme] | None = Field(
        None, description="On a programme index: its programmes, first page."
    )
    programmes_total: int | None = None
    included: RegionalIncluded | None = Field(None, description="Null without `include`.")
    meta: RegionalPageMeta
