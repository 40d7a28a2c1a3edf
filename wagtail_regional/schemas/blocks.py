"""The values of blocks."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from pydantic import Field

from wagtail_regional.schemas.base import PartialDateText, RegionalModel, Uri
from wagtail_regional.schemas.parts import RegionalImage, RegionalLink, RegionalReference
from wagtail_regional.schemas.registry import (
    RegionalAlliance,
    RegionalEvent,
    RegionalMember,
    RegionalMention,
    RegionalOrganisation,
    RegionalProgrammeMention,
    RegionalProject,
    RegionalRecognition,
)


class RegionalAllianceValue(RegionalModel):
    """AllianceBlock. A list that the editor chose not to show is null."""

    alliance: RegionalAlliance
    heading: str
    text: str | None = Field(description="HTML.")
    image: RegionalImage | None
    is_past: bool = Field(description="The alliance has ended; words about it are in the past.")
    members: list[RegionalMember] | None
    former_members: list[RegionalMember] | None
    centres: list[RegionalMention] | None
    projects: list[RegionalProject] | None
    programmes: list[RegionalProgrammeMention] | None = Field(
        description="A hundred at most; `programmes/?alliance=` has more."
    )
    programmes_total: int | None = None
    timeline: list[RegionalEvent] | None
    links: list[RegionalLink]


class RegionalProgrammeListValue(RegionalModel):
    """ProgrammeList."""

    heading: str | None
    introduction: str | None = Field(description="HTML.")
    audience: RegionalReference | None = Field(description="Whose students the list is for.")
    programmes: list[RegionalProgrammeMention]
    total: int = Field(description="How many there are; `programmes` may hold fewer.")
    show_filters: bool
    finder_url: str | None = Field(
        description="The programme index with the same filters, where there are more programmes "
        "or readers may filter them.",
    )
    empty_text: str


class RegionalPartnerGridValue(RegionalModel):
    """PartnerGridBlock."""

    heading: str | None
    partners: list[RegionalOrganisation]


class RegionalProjectListValue(RegionalModel):
    """ProjectListBlock: what runs or is to come, apart from what has ended."""

    heading: str | None
    current: list[RegionalProject]
    ended: list[RegionalProject]


class RegionalTimelineValue(RegionalModel):
    """TimelineBlock."""

    heading: str | None
    events: list[RegionalEvent]


class RegionalPlace(RegionalModel):
    """A partner on the map, in WGS 84 degrees."""

    partner: RegionalOrganisation
    latitude: float
    longitude: float


class RegionalPartnerMapValue(RegionalModel):
    """PartnerMapBlock."""

    heading: str | None
    places: list[RegionalPlace]
    elsewhere: list[RegionalOrganisation] = Field(description="Partners without coordinates.")


class RegionalFact(RegionalModel):
    """A number or short value with what it counts."""

    value: str
    label: str | None = Field(description="Null in drafts alone.")
    computed: bool = Field(description="Counted from the registry today, not typed.")
    as_of: PartialDateText | None = Field(
        None, description="For a typed value: the date it was true."
    )
    as_of_text: str | None = None
    source: RegionalLink | None = None


class RegionalFactsValue(RegionalModel):
    """FactsBlock."""

    heading: str | None
    facts: list[RegionalFact]


class RegionalQuoteValue(RegionalModel):
    """QuoteBlock."""

    text: str
    name: str | None
    role: str | None
    image: RegionalImage | None


class RegionalCallToActionValue(RegionalModel):
    """CallToActionBlock."""

    heading: str | None
    text: str | None = Field(description="HTML.")
    audience: str | None = Field(description="For whom it is meant, such as “External parties”.")
    link: RegionalLink | None


class RegionalRelatedLinksValue(RegionalModel):
    """RelatedLinksBlock."""

    heading: str | None
    links: list[RegionalLink]


class RegionalRecognitionsValue(RegionalModel):
    """RecognitionsBlock."""

    heading: str | None
    recognitions: list[RegionalRecognition]


class RegionalContactValue(RegionalModel):
    """ContactBlock."""

    heading: str | None
    name: str | None = Field(description="Null in drafts alone.")
    role: str | None
    organisation: RegionalReference | None
    email: str | None
    phone: str | None
    link: RegionalLink | None
    image: RegionalImage | None


class RegionalQuestion(RegionalModel):
    """A question with its answer."""

    question: str
    answer: str | None = Field(description="HTML.")


class RegionalFaqValue(RegionalModel):
    """FaqBlock."""

    heading: str | None
    questions: list[RegionalQuestion]


class RegionalHeadingValue(RegionalModel):
    """A heading between blocks."""

    text: str
    level: Literal[2, 3]
    anchor: str


class RegionalFigureValue(RegionalModel):
    """An image with its caption."""

    image: RegionalImage
    caption: str | None
    credit: str | None


class RegionalDocumentValue(RegionalModel):
    """A document to download."""

    title: str
    url: Uri
    extension: str | None
    size: int | None = Field(description="In bytes.")


class RegionalEmbedValue(RegionalModel):
    """Something of another site."""

    url: Uri
    title: str | None
    html: str | None = Field(description="Null where the other site gave nothing to embed.")
    caption: str | None


ValueT = TypeVar("ValueT")


class RegionalBlock(RegionalModel, Generic[ValueT]):
    """A block of a body: its type, its value, and an id that stays when the block moves."""

    type: str
    value: ValueT
    id: str | None
