"""Blocks that show a file or something of another site."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock as WagtailEmbedBlock
from wagtail.images.blocks import ImageBlock as WagtailImageBlock

from wagtail_regional import schemas as s
from wagtail_regional.addresses import is_http
from wagtail_regional.blocks.base import RegionalBlock, RegionalStructBlock
from wagtail_regional.blocks.raw import Raw, as_pk
from wagtail_regional.blocks.words import image_parts, text_field
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation


class ImageBlock(RegionalStructBlock):
    """An image with its caption."""

    schema = s.RegionalFigureValue
    sample_name = "image"

    image = WagtailImageBlock(label=_("Image"))
    caption = text_field(label=_("Caption"), max_length=500)
    credit = text_field(label=_("Credit"), help_text=_("Who made the image."))

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("An image with a caption and a credit.")
        template = "wagtail_regional/blocks/image.html"
        group = _("Media")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        needs.image("figure", image_parts(raw, "image")[0])

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalFigureValue | None:
        image = content.image("figure", *image_parts(raw, "image"))
        if image is None:
            return None
        return s.RegionalFigureValue.shape(
            image=image, caption=raw.text("caption"), credit=raw.text("credit")
        )


class DocumentBlock(RegionalBlock, DocumentChooserBlock):
    """A document to download."""

    schema = s.RegionalDocumentValue
    sample_name = "document"

    class Meta:
        icon = "doc-full"
        label = _("Document")
        description = _("A document to download, with its kind and size.")
        template = "wagtail_regional/blocks/document.html"
        group = _("Media")

    def collect(self, raw: Any, needs: Needs) -> None:
        if (pk := as_pk(raw)) is not None:
            needs.documents.add(pk)

    def represent(self, raw: Any, content: Representation) -> s.RegionalDocumentValue | None:
        return content.document(as_pk(raw))


class EmbedBlock(RegionalStructBlock):
    """A video or the like of another site.

    What the other site gives is fetched when the editor saves; a reader's visit calls nobody
    on the server. Without it, a plain link stands in.
    """

    schema = s.RegionalEmbedValue
    sample_name = "embed"

    url = WagtailEmbedBlock(label=_("Address"), help_text=_("Such as a video's page."))
    caption = text_field(label=_("Caption"), max_length=500)

    class Meta:
        icon = "media"
        label = _("Embed")
        description = _("A video or other content of another site.")
        template = "wagtail_regional/blocks/embed.html"
        group = _("Media")

    def collect_fields(self, raw: Raw, needs: Needs) -> None:
        if raw.text("url"):
            needs.embeds.add(raw.text("url"))

    def represent_fields(self, raw: Raw, content: Representation) -> s.RegionalEmbedValue | None:
        url = raw.text("url")
        if not is_http(url):
            return None
        embed = content.rows.embeds.get(url)
        return s.RegionalEmbedValue.shape(
            url=url,
            title=embed and embed.title,
            html=embed and embed.html,
            caption=raw.text("caption"),
        )
