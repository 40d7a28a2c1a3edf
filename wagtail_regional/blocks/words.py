"""Blocks for an editor's own words: headings, text, quotes, links, questions, contacts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import RichText

from wagtail_regional import schemas as s
from wagtail_regional.blocks.base import CheckedStructBlock, RegionalBlock, RegionalStructBlock
from wagtail_regional.blocks.choosers import OrganisationChooserBlock
from wagtail_regional.blocks.links import (
    LinkBlock,
    collect_link,
    represent_link,
    represent_links,
)
from wagtail_regional.blocks.raw import Raw, as_pk
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation
from wagtail_regional.text import refuse_control

#: What rich text in our blocks may hold. Headings belong to HeadingBlock, images to ImageBlock.
RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


def text_field(**kwargs: Any) -> blocks.CharBlock:
    """A line of text that may be left out. What was stored before the field existed reads as
    empty, not as None, which translation tools refuse."""
    return blocks.CharBlock(**{"required": False, "default": "", "max_length": 255, **kwargs})


def heading_field(**kwargs: Any) -> blocks.CharBlock:
    """The heading that most blocks have; a block without one stands under the heading above."""
    return text_field(label=_("Heading"), **kwargs)


def rich_text_field(**kwargs: Any) -> blocks.RichTextBlock:
    """A rich text inside a block."""
    return blocks.RichTextBlock(
        **{"label": _("Text"), "required": False, "features": RICH_TEXT_FEATURES, **kwargs}
    )


def is_blank(value: RichText) -> bool:
    """Whether a rich text has no words. The editor gives a paragraph without any for none."""
    return not strip_tags(value.source).strip()


def image_parts(raw: Raw, name: str) -> tuple[int | None, str | None]:
    """Primary key and alternative text of a stored ImageBlock (or of a bare chooser)."""
    if (pk := as_pk(raw.get(name))) is not None:
        return pk, None
    image = raw.struct(name)
    return image.pk("image"), "" if image.flag("decorative") else image.text("alt_text")


class HeadingBlock(RegionalStructBlock):
    """A heading between blocks."""

    schema = s.RegionalHeadingValue
    sample_name = "heading"

    text = blocks.CharBlock(label=_("Text"), max_length=255)
    level = blocks.ChoiceBlock(
        label=_("Level"),
        choices=[("2", _("Section")), ("3", _("Subsection"))],
        default="2",
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("A heading that divides the page.")
        template = "wagtail_regional/blocks/heading.html"
        group = _("Text")

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalHeadingValue | None:
        text = raw.text("text")
        if not text:
            return None
        return s.RegionalHeadingValue.shape(
            text=text,
            level=3 if str(raw.get("level")) == "3" else 2,
            anchor=slugify(text) or "section",
        )


class RichTextBlock(RegionalBlock, blocks.RichTextBlock):
    """Running text."""

    schema = str
    sample_name = "rich_text"

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Running text with links and lists.")
        template = "wagtail_regional/blocks/rich_text.html"
        group = _("Text")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": RICH_TEXT_FEATURES, **kwargs})

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        refuse_control(cleaned.source)
        if self.required and is_blank(cleaned):
            raise ValidationError(self.field.error_messages["required"], code="required")
        return cleaned

    def collect(self, raw: Any, needs: Needs) -> None:
        if isinstance(raw, str):
            needs.rich_text(raw)

    def represent(self, raw: Any, content: Representation) -> str | None:
        return (content.rich_text(raw) or None) if isinstance(raw, str) else None


class QuoteBlock(RegionalStructBlock):
    """Somebody's words."""

    schema = s.RegionalQuoteValue
    sample_name = "quote"

    text = blocks.TextBlock(label=_("Quote"))
    name = text_field(label=_("Who says so"))
    role = text_field(label=_("Their role"))
    image = ImageBlock(label=_("Portrait"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("What somebody said, with their name and role.")
        template = "wagtail_regional/blocks/quote.html"
        group = _("Text")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        needs.image("figure", image_parts(raw, "image")[0])

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalQuoteValue | None:
        if not raw.text("text"):
            return None
        return s.RegionalQuoteValue.shape(
            text=raw.text("text"),
            name=raw.text("name"),
            role=raw.text("role"),
            image=content.image("figure", *image_parts(raw, "image")),
        )


class CallToActionBlock(RegionalStructBlock):
    """An invitation to somebody to do something."""

    schema = s.RegionalCallToActionValue
    sample_name = "call_to_action"

    heading = blocks.CharBlock(label=_("Heading"), max_length=255)
    audience = text_field(
        label=_("For whom"),
        required=False,
        max_length=255,
        help_text=_("Such as “Companies and public bodies”."),
    )
    text = rich_text_field()
    link = LinkBlock(label=_("Link"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        description = _("Invites a group of readers to take a step.")
        template = "wagtail_regional/blocks/call_to_action.html"
        group = _("Links")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        needs.rich_text(raw.text("text"))
        collect_link(raw.struct("link"), needs)

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalCallToActionValue:
        return s.RegionalCallToActionValue.shape(
            heading=raw.text("heading"),
            audience=raw.text("audience"),
            text=content.rich_text(raw.text("text")),
            link=represent_link(raw.struct("link"), content),
        )


class RelatedLinksBlock(RegionalStructBlock):
    """Where to read on."""

    schema = s.RegionalRelatedLinksValue
    sample_name = "related_links"

    heading = heading_field()
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Related links")
        description = _("A list of links to pages, documents or other sites.")
        template = "wagtail_regional/blocks/related_links.html"
        group = _("Links")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        for link in raw.structs("links"):
            collect_link(link, needs)

    def represent_fields(
        self, raw: Raw, content: Representation
    ) -> s.RegionalRelatedLinksValue | None:
        links = represent_links(raw.structs("links"), content)
        if not links:
            return None
        return s.RegionalRelatedLinksValue.shape(heading=raw.text("heading"), links=links)


class ContactBlock(RegionalStructBlock):
    """Whom to ask."""

    schema = s.RegionalContactValue
    sample_name = "contact"

    heading = heading_field()
    name = blocks.CharBlock(label=_("Name"), max_length=255)
    role = text_field(label=_("Role"))
    organisation = OrganisationChooserBlock(label=_("Organisation"), required=False)
    email = blocks.EmailBlock(label=_("E-mail address"), required=False)
    phone = text_field(label=_("Telephone"), max_length=50)
    link = LinkBlock(label=_("Link"), required=False)
    image = ImageBlock(label=_("Portrait"), required=False)

    class Meta:
        icon = "user"
        label = _("Contact")
        description = _("A person or desk to get in touch with.")
        template = "wagtail_regional/blocks/contact.html"
        group = _("Links")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        if (organisation := raw.pk("organisation")) is not None:
            needs.organisations.add(organisation)
        collect_link(raw.struct("link"), needs)
        needs.image("figure", image_parts(raw, "image")[0])

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalContactValue:
        return s.RegionalContactValue.shape(
            heading=raw.text("heading"),
            name=raw.text("name"),
            role=raw.text("role"),
            organisation=content.organisation_reference(raw.pk("organisation")),
            email=raw.text("email"),
            phone=raw.text("phone"),
            link=represent_link(raw.struct("link"), content),
            image=content.image("figure", *image_parts(raw, "image")),
        )


class QuestionBlock(CheckedStructBlock):
    """A question with its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=255)
    answer = rich_text_field(label=_("Answer"), required=True)

    def problems(self, value: Any) -> dict[str, Any]:
        return {"answer": _("Write the answer.")} if is_blank(value["answer"]) else {}

    class Meta:
        icon = "help"
        label = _("Question")


class FaqBlock(RegionalStructBlock):
    """Questions that readers ask."""

    schema = s.RegionalFaqValue
    sample_name = "faq"

    heading = heading_field()
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Frequently asked questions; each answer unfolds.")
        template = "wagtail_regional/blocks/faq.html"
        group = _("Text")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        for question in raw.structs("questions"):
            needs.rich_text(question.text("answer"))

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalFaqValue | None:
        questions = [
            s.RegionalQuestion.shape(
                question=question.text("question"),
                answer=content.rich_text(question.text("answer")),
            )
            for question in raw.structs("questions")
            if question.text("question")
        ]
        if not questions:
            return None
        return s.RegionalFaqValue.shape(heading=raw.text("heading"), questions=questions)
