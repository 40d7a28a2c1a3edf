"""The HTML of a page: the parts of it that are ours, kept and given again."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject
from wagtail.fields import StreamField

from wagtail_regional import rendering
from wagtail_regional.freshness.instants import stamps_for
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.pages.content import PageContent
from wagtail_regional.representation.kept_html import KeptHtml, Place, may_be_kept, place_of

#: Columns of a page that say where it stands with its editors: readers are not shown them.
_OF_EDITORS = frozenset(
    (
        *("draft_title", "has_unpublished_changes", "latest_revision_id"),
        *("latest_revision_created_at", "locked", "locked_at", "locked_by_id"),
    )
)


# Django's class takes no type arguments while the code runs.
if TYPE_CHECKING:
    _LazyObject = SimpleLazyObject[Any]
else:
    _LazyObject = SimpleLazyObject


class _Later(_LazyObject):
    """Something that is there, and is read when more than that is asked."""

    def __bool__(self) -> bool:
        return True


class PageHtml:
    """What the templates of a page are given, and what is kept of that.

    Args:
        content: of the page; for HTML.
        template: the page's own, where anything is to be kept.
    """

    def __init__(self, content: PageContent, template: Any = None) -> None:
        self.content = content
        self.template = str(getattr(template, "origin", template))
        self.kept: KeptHtml | None = None
        #: Where it was kept, or is to be; None where it is neither.
        self.place: Place | None = None

    @classmethod
    def of(cls, content: PageContent, template: Any) -> PageHtml:
        """The HTML of a page that is served.

        Raises:
            UnsettledError: when it has to be made, and the content changes too fast to be read.
        """
        html = cls(content, template)
        if may_be_kept(content.request) and rendering.are_ours("base", "includes/", "pages/"):
            # Read before anything else: what is kept is as old as that at most.
            html.place = html._place(stamps_for(content.request))
            html.kept = KeptHtml.find(html.place) if html.place else None
        if html.kept is None or html.kept.is_new:
            content.load()
            if html.kept is not None:
                # Of the page as it was read with the rest.
                html.place = html._place(content.stamps)
                html.kept.tags = sorted(content.context.shown)
                html.kept.parts["language"] = content.context.language
        return html

    def _place(self, stamps: Stamps | None) -> Place | None:
        content, request = self.content, self.content.request
        if stamps is None or request is None:
            return None
        page = content.source
        what = page._meta.label, page.pk, self.template, content.question
        return place_of(request, stamps, what, (rendering.draws_breadcrumbs(), _columns(page)))

    @property
    def tags(self) -> list[str]:
        """Of what the page shows."""
        return self.kept.tags if self.kept else sorted(self.content.context.shown)

    @property
    def language(self) -> str:
        """Of the words of the page."""
        return self.kept.parts["language"] if self.kept else self.content.context.language

    @cached_property
    def context(self) -> dict[str, Any]:
        """What templates find; what is kept asks for none of it."""
        content: Any = self.content
        found = {
            "page": content.source,
            "regional": _Later(lambda: content.regional),
            "regional_breadcrumbs": rendering.draws_breadcrumbs(),
            "regional_html": self,
        }
        if content.question is not None:
            found["finder"] = _Later(lambda: content.finder)
        return found

    def keep(self, response: HttpResponse) -> None:
        """Keep what was made of the page. Called when it has been rendered."""
        if self.kept and self.place and self.kept.is_new and response.status_code == 200:
            self.kept.keep(self.place)


def _columns(page: Any) -> list[Any]:
    """What the row of a page says to readers."""
    return [
        field.get_prep_value(value) if isinstance(field, StreamField) else value
        for field in page._meta.concrete_fields
        if field.attname not in _OF_EDITORS
        for value in [field.value_from_object(page)]
    ]
