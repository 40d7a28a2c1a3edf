"""StreamField blocks for regional partnerships.

Blocks know the registry's models and the API's contract; nothing else of the package.
"""

from wagtail_regional.blocks.alliances import (
    AllianceBlock,
    EventBlock,
    RecognitionsBlock,
    TimelineBlock,
)
from wagtail_regional.blocks.base import RegionalBlock, RegionalStructBlock
from wagtail_regional.blocks.choosers import (
    AllianceChooserBlock,
    OrganisationChooserBlock,
    ProgrammeChooserBlock,
    ProjectChooserBlock,
    ThemeChooserBlock,
)
from wagtail_regional.blocks.links import LinkBlock
from wagtail_regional.blocks.media import DocumentBlock, EmbedBlock, ImageBlock
from wagtail_regional.blocks.partners import (
    FactBlock,
    FactsBlock,
    PartnerGridBlock,
    PartnerMapBlock,
    ProjectListBlock,
)
from wagtail_regional.blocks.programmes import ProgrammeList
from wagtail_regional.blocks.stream import (
    BatchStreamBlock,
    RegionalStreamBlock,
    RegionalStreamField,
)
from wagtail_regional.blocks.words import (
    CallToActionBlock,
    ContactBlock,
    FaqBlock,
    HeadingBlock,
    QuestionBlock,
    QuoteBlock,
    RelatedLinksBlock,
    RichTextBlock,
)

__all__ = [
    "AllianceBlock",
    "AllianceChooserBlock",
    "BatchStreamBlock",
    "CallToActionBlock",
    "ContactBlock",
    "DocumentBlock",
    "EmbedBlock",
    "EventBlock",
    "FactBlock",
    "FactsBlock",
    "FaqBlock",
    "HeadingBlock",
    "ImageBlock",
    "LinkBlock",
    "OrganisationChooserBlock",
    "PartnerGridBlock",
    "PartnerMapBlock",
    "ProgrammeChooserBlock",
    "ProgrammeList",
    "ProjectChooserBlock",
    "ProjectListBlock",
    "QuestionBlock",
    "QuoteBlock",
    "RecognitionsBlock",
    "RegionalBlock",
    "RegionalStreamBlock",
    "RegionalStreamField",
    "RegionalStructBlock",
    "RelatedLinksBlock",
    "RichTextBlock",
    "ThemeChooserBlock",
    "TimelineBlock",
]
