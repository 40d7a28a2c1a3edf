"""Links that editors make: to a page, a document or another site."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from wagtail_regional.addresses import is_http
from wagtail_regional.blocks.base import CheckedStructBlock
from wagtail_regional.blocks.raw import Raw
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation
from wagtail_regional.schemas.parts import RegionalLink

TARGETS = ("page", "document", "url")


class LinkBlock(CheckedStructBlock):
    """A link with its text: to a page, a document or an address, exactly one of them.

    A link to a page leads to its translation in the reader's language where there is one.
    """

    text = blocks.CharBlock(
        label=_("Text"),
        required=False,
        default="",
        max_length=255,
        help_text=_("Left empty, the title of the page or document is used."),
    )
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    document = DocumentChooserBlock(label=_("Document"), required=False)
    url = blocks.URLBlock(label=_("Address on another site"), required=False)

    class Meta:
        icon = "link"
        label = _("Link")
        form_layout = ["text", "page", "document", "url"]

    def __init__(self, local_blocks: Any = None, required: bool = True, **kwargs: Any) -> None:
        self._link_required = required
        super().__init__(local_blocks, **kwargs)

    def problems(self, value: Any) -> dict[str, Any]:
        given = [name for name in TARGETS if value.get(name)]
        if len(given) > 1 or (not given and (self._link_required or value.get("text"))):
            message = _("Give exactly one of: a page, a document, an address.")
            return {given[-1] if given else "page": message}
        if value.get("url") and not value.get("text"):
            message = _("Say where the link leads: another site's title is not known here.")
            return {"text": message}
        return {}


def collect_link(raw: Raw, needs: Needs) -> None:
    """Ask for what a stored link points to."""
    if (page := raw.pk("page")) is not None:
        needs.pages.add(page)
    if (document := raw.pk("document")) is not None:
        needs.documents.add(document)


def represent_link(raw: Raw, content: Representation) -> RegionalLink | None:
    """A stored link in the contract's shape; None when its target is gone or not public."""
    text = raw.text("text")
    if page := content.page_in_language(raw.pk("page")):
        return RegionalLink.shape(text=text or page.title, url=page.url, kind="page")
    if document := content.document(raw.pk("document")):
        return RegionalLink.shape(text=text or document.title, url=document.url, kind="document")
    url = raw.text("url")
    # `javascript:` and its like may sit in old or imported content.
    return RegionalLink.shape(text=text or url, url=url, kind="external") if is_http(url) else None


def represent_links(raws: list[Raw], content: Representation) -> list[RegionalLink]:
    """Those of several stored links that lead somewhere."""
    return [link for raw in raws if (link := represent_link(raw, content))]
