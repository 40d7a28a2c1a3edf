"""Images, documents and rich text."""

from __future__ import annotations

import re

from django.template.loader import render_to_string
from django.utils.html import format_html
from wagtail.images.formats import get_image_format
from wagtail.rich_text import expand_db_html

from wagtail_regional import schemas as s
from wagtail_regional.addresses import is_http, safe_links
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.images import ImageRow
from wagtail_regional.representation.needs import rich_text_embeds, rich_text_links
from wagtail_regional.representation.rows import Rows
from wagtail_regional.representation.shapes.pages import Pages

_LINK_TAG = re.compile(r"<a\b[^>]*\blinktype=\"(?:page|document)\"[^>]*>")
_EMBED_TAG = re.compile(r"<embed\b[^>]*\bembedtype=\"(?:image|media)\"[^>]*>")


class Media(Pages):
    """Images and documents, by themselves and in rich text."""

    def __init__(self, rows: Rows, context: ReadContext) -> None:
        super().__init__(rows, context)
        self._images: dict[tuple[str, int, str | None], s.RegionalImage | None] = {}

    def image(self, profile: str, pk: int | None, alt: str | None = None) -> s.RegionalImage | None:
        """An image in a profile; `alt` overrides its own description ("" for decorative)."""
        row = self.rows.images.get((profile, pk)) if pk is not None else None
        if row is None or pk is None:
            return None
        key = profile, pk, alt
        if key not in self._images:
            self._images[key] = self._image(row, row.alt if alt is None else alt)
        return self._images[key]

    def _image(self, row: ImageRow, alt: str) -> s.RegionalImage:
        address = self.context.file_url
        sources = [(address(url), width) for url, width, _height in row.sources]
        _url, width, height = row.sources[-1]
        focal_point = row.focal_point and s.RegionalFocalPoint.shape(
            x=row.focal_point[0], y=row.focal_point[1]
        )
        return s.RegionalImage.shape(
            src=sources[-1][0],
            srcset=", ".join(f"{url} {size}w" for url, size in sources),
            width=width,
            height=height,
            alt=alt,
            focal_point=focal_point,
        )

    def document(self, pk: int | None) -> s.RegionalDocumentValue | None:
        document = self.rows.documents.get(pk) if pk is not None else None
        if document is None:
            return None
        return s.RegionalDocumentValue.shape(
            title=document.title,
            url=self.context.file_url(document.url),
            extension=document.file_extension,
            size=document.file_size,
        )

    def rich_text(self, html: str) -> str:
        """Rich text as HTML ready for display. A link to what may not be shown loses its tag's
        address, and so becomes plain text."""
        if not html:
            return ""
        linked = _EMBED_TAG.sub(self._expand_embed, _LINK_TAG.sub(self._expand_link, html))
        # Wagtail's own rewriters do the rest: the host's link types and embeds.
        needs_more = "linktype=" in linked or "<embed" in linked
        return safe_links(expand_db_html(linked) if needs_more else linked)

    def _expand_link(self, tag: re.Match[str]) -> str:
        for kind, pk in rich_text_links(tag[0]):
            target = self.page_in_language(pk) if kind == "page" else self.document(pk)
            return f'<a href="{_escape(target.url)}">' if target else "<a>"
        return "<a>"

    def _expand_embed(self, tag: re.Match[str]) -> str:
        """An image or media from what was loaded: Wagtail's own way would read each by itself,
        also those of private collections, and may ask another site."""
        for embed in rich_text_embeds(tag[0]):
            if embed.media:
                return self._rich_text_media(embed.media)
            image = self.image("figure", embed.image, embed.attributes.get("alt", ""))
            return _img(image, embed.attributes.get("format", "")) if image else ""
        return ""

    def _rich_text_media(self, url: str) -> str:
        if embed := self.rows.embeds.get(url):
            return render_to_string("wagtailembeds/embed_frontend.html", {"embed": embed})
        return str(format_html('<a href="{}">{}</a>', url, url)) if is_http(url) else ""


def _escape(url: str) -> str:
    return url.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _img(image: s.RegionalImage, name: str) -> str:
    """An image in a rich text, with the class of the format that the editor chose."""
    try:
        classes = get_image_format(name).classname
    except KeyError:
        classes = ""
    return str(
        format_html(
            '<img class="{}" src="{}" srcset="{}" sizes="(min-width: 48rem) 40rem, 100vw" '
            'width="{}" height="{}" alt="{}" loading="lazy">',
            *(classes, image.src, image.srcset, image.width, image.height, image.alt or ""),
        )
    )
