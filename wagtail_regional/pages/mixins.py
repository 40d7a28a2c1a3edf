"""What makes a page regional, for any base page model.

A site with a page model of its own builds its types from these mixins::

    class PartnershipPage(PartnershipPageMixin, OurBasePage):
        content_panels = OurBasePage.content_panels + PartnershipPageMixin.regional_panels

The optional app :mod:`wagtail_regional.pages` does just that with Wagtail's own page model.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.images import get_image_model_string
from wagtail.models import PanelPlaceholder, Site
from wagtail.search import index

from wagtail_regional import away, rendering
from wagtail_regional.addresses import web_address
from wagtail_regional.blocks import RegionalStreamBlock, RegionalStreamField
from wagtail_regional.choosers.viewsets import alliance_chooser
from wagtail_regional.freshness.instants import UnsettledError, is_under_way
from wagtail_regional.models import RegionalSettings
from wagtail_regional.models.texts import PlainTexts
from wagtail_regional.page_types import subject_page_models
from wagtail_regional.pages import preview
from wagtail_regional.pages.api_fields import (
    BodyField,
    HeroImageField,
    IntroductionField,
    RegionalMetaField,
    SubjectField,
)
from wagtail_regional.pages.content import PageContent
from wagtail_regional.pages.finder import FinderContent
from wagtail_regional.pages.forms import SubjectFormMixin
from wagtail_regional.pages.html import PageHtml
from wagtail_regional.representation.context import current_root_paths, sites_at
from wagtail_regional.representation.tags import headers
from wagtail_regional.text import has_control, without_control
from wagtail_regional.titles import reader_title
from wagtail_regional.vocabularies import PageType

#: By name, as Wagtail's pages name its own panels: the review stands on top of the pages.
_REVIEW_PANEL = PanelPlaceholder("wagtail_regional.admin.review_panel.ReviewPanel", [], {})

if TYPE_CHECKING:
    # What a mixin may count on in whatever page model it is mixed into.
    from wagtail.models import Page as PageModel
else:
    PageModel = models.Model


class RegionalPageMixin(PlainTexts, PageModel):
    """An introduction and a body of regional blocks, read once per request.

    Attributes:
        is_regional: how the rest of the package knows such a page type.
        regional_type: what pages of it are for; None for a host's own purpose.
        has_subject: whether the page can be about an alliance.
        lists_children: whether the page shows the regional pages below it.
        lists_programmes: whether the page is a programme index.
    """

    is_regional: ClassVar[bool] = True
    regional_type: ClassVar[PageType | None] = None
    has_subject: ClassVar[bool] = False
    lists_children: ClassVar[bool] = False
    lists_programmes: ClassVar[bool] = False

    introduction = models.TextField(
        _("introduction"),
        blank=True,
        max_length=1000,
        help_text=_("A few sentences at the top; lists and search engines show them too."),
    )
    body = RegionalStreamField(
        RegionalStreamBlock, verbose_name=_("body"), blank=True, collapsed=True
    )

    regional_panels: ClassVar[list[Any]] = [
        _REVIEW_PANEL,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    regional_search_fields: ClassVar[list[Any]] = [
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]
    regional_api_fields: ClassVar[list[Any]] = [
        APIField("introduction", serializer=IntroductionField()),
        APIField("body", serializer=BodyField()),
        APIField("regional_meta", serializer=RegionalMetaField()),
    ]

    class Meta:
        abstract = True

    def read(
        self,
        request: HttpRequest | None = None,
        *,
        relative: bool = False,
        with_rows: bool = True,
        is_stored: bool = False,
    ) -> PageContent:
        """The page's content, loaded once for this instance, and when it is needed. Override
        `get_content` to change how.

        Args:
            request: the request, where there is one.
            relative: whether it is for HTML of the site itself (see `ReadContext`).
            with_rows: whether the rows that blocks mention are wanted whole, too.
            is_stored: whether this instance is as the database had it when it was loaded.
        """
        known: dict[bool, PageContent] = self.__dict__.setdefault("_regional_contents", {})
        found = known.get(relative)
        is_other = found is not None and request is not None and found.request is not request
        if found is None or is_other or (with_rows and not found.with_rows):
            found = known[relative] = self.get_content(request)
            found.relative, found.with_rows = relative, with_rows
            # What was loaded within the same reading is as it should be.
            found.is_stored = is_stored and not is_under_way()
        return found

    def get_content(self, request: HttpRequest | None) -> PageContent:
        """How the page is read."""
        return PageContent(self, request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        content = self.read(request, relative=True)
        context["regional_content"] = content
        context.update(self.__dict__.get("_regional_html", PageHtml(content)).context)
        context["regional_base"] = rendering.django_base()
        # What is rendered now is a document of its own.
        request._regional_assets = False  # type: ignore[attr-defined]
        return context

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page's template, in the engine that knows it."""
        return rendering.page_template(super().get_template(request, *args, **kwargs))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page, with the cache tags of what it shows."""
        is_stored = self._state.db is not None and not getattr(request, "is_preview", False)
        content = self.read(request, relative=True, is_stored=is_stored)
        template = self.get_template(request, *args, **kwargs)
        try:
            html = self.__dict__["_regional_html"] = PageHtml.of(content, template)
        except UnsettledError:
            return away.busy_page()
        except ObjectDoesNotExist:
            html = None
        if html is None or (is_stored and not self.live):
            raise Http404("The page went while it was read.")
        response = super().serve(request, *args, **kwargs)
        for name, value in headers(html.tags).items():
            response[name] = value
        if content.is_alias:
            # Django would name the language of the address.
            response["Content-Language"] = html.language
        if hasattr(response, "add_post_render_callback"):
            response.add_post_render_callback(_strip_control)
            response.add_post_render_callback(html.keep)
        return response

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Wagtail's own, and the front end where the site's settings name one for drafts. Where
        readers are sent to the front end, it comes first."""
        modes, settings = list(super().preview_modes), self._settings()
        if web_address(settings.preview_url):
            at = 0 if settings.frontend_base_url else len(modes)
            modes.insert(at, (preview.MODE, _("Front end")))
        return modes

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        address = web_address(self._settings().preview_url)
        if mode_name == preview.MODE and address:
            return preview.show_in_front_end(self, request, address)
        return super().serve_preview(request, mode_name)

    def _settings(self) -> RegionalSettings:
        # A page that is yet to be saved is nowhere: then it is the default site that counts.
        site = self.get_site() if self.url_path else None
        return RegionalSettings.read(site or Site.objects.filter(is_default_site=True).first())

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The page's entry, with its languages as alternates, and its address as those have
        theirs. Of what is there twice, search engines want to know only the original; of an alias
        of a private page, which Wagtail takes for public here, they get nothing."""
        content = self.read(request)
        meta = content.regional.meta
        is_public = self.pk in content.load().representation.rows.pages
        if not is_public or (content.is_alias and meta.alias_of):
            return []
        alternates = [
            {"location": each.url, "lang_code": each.hreflang} for each in meta.alternates
        ]
        own = self.get_full_url(request)
        return [
            {
                **entry,
                "location": meta.html_url if entry["location"] == own else entry["location"],
                "alternates": alternates,
            }
            for entry in super().get_sitemap_urls(request)
        ]


def _strip_control(response: Any) -> None:
    """HTML has no control characters; what was stored before they were refused may have."""
    text = response.content.decode(response.charset)
    if has_control(text):
        response.content = without_control(text)


class RegionIndexPageMixin(RegionalPageMixin):
    """The top of the section: its own words, then the pages below it."""

    regional_type = PageType.REGION_INDEX
    lists_children = True

    class Meta:
        abstract = True


class PartnershipPageMixin(RegionalPageMixin):
    """A page about partnerships; where it has a subject, about one alliance.

    A page with a subject is what every mention of that alliance links to, in the reader's
    language.
    """

    regional_type = PageType.PARTNERSHIP
    has_subject = True

    hero_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("hero image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    subject = models.ForeignKey(
        "wagtail_regional.Alliance",
        verbose_name=_("about the alliance"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Mentions of this alliance anywhere on the site will link to this page."),
    )

    regional_panels = [
        _REVIEW_PANEL,
        FieldPanel("introduction"),
        FieldPanel("hero_image"),
        FieldPanel("subject", widget=alliance_chooser.widget_class),
        FieldPanel("body"),
    ]
    regional_search_fields = [
        *RegionalPageMixin.regional_search_fields,
        index.RelatedFields("subject", [index.SearchField("search_text")]),
    ]
    regional_api_fields = [
        *RegionalPageMixin.regional_api_fields,
        APIField("hero_image", serializer=HeroImageField()),
        APIField("subject", serializer=SubjectField()),
    ]

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Whatever form the type has, it asks about the subject too."""
        super().__init_subclass__(**kwargs)
        form = getattr(cls, "base_form_class", WagtailAdminPageForm)
        if not issubclass(form, SubjectFormMixin):
            cls.base_form_class = type(form)(form.__name__, (SubjectFormMixin, form), {})

    def clean(self) -> None:
        super().clean()
        # A copy under way has the same subject until an editor decides between the two.
        if self.live and not self._state.adding and not self.__dict__.get("_keeps_subject"):
            message = self.subject_conflict()
            if message is not None:
                raise ValidationError({"subject": message})

    def save(self, *args: Any, **kwargs: Any) -> Any:
        with self.keeping_subject():
            return super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        with self.keeping_subject():
            return super().save_revision(*args, **kwargs)

    @contextmanager
    def keeping_subject(self) -> Iterator[None]:
        """While this lasts, `clean` takes the subject as it is. There is nobody to ask when pages
        are published from a list, by a workflow or at a set time: that must not fail. Of two
        pages about an alliance, mentions lead to the first in the tree."""
        before = self.__dict__.get("_keeps_subject", False)
        self.__dict__["_keeps_subject"] = True
        try:
            yield
        finally:
            self.__dict__["_keeps_subject"] = before

    def subject_conflict(self, parent: Any = None) -> str | None:
        """Why this page cannot be about its alliance: another one of the same site and language
        is already. None where there is nothing in the way.

        Args:
            parent: where the page will be, when it is yet to be added.
        """
        if self.subject_id is None or self.locale_id is None:
            return None
        other = self._other_about_subject(self.url_path or (parent.url_path if parent else ""))
        if other is None:
            return None
        # A model does not know who saves it, so it names what everybody may open.
        title = reader_title(other)
        message = (
            _(
                "The page “%(title)s” is about this alliance already. Mentions can "
                "link to one page only: choose another subject, or clear it there."
            )
            if title is not None
            else _(
                "Another page, which is not public, is about this alliance already. Mentions "
                "can link to one page only: choose another subject, or ask an editor of the "
                "whole site to clear it there."
            )
        )
        return message % {"title": title}

    def _other_about_subject(self, url_path: str) -> Any:
        """Each site may have a page of its own about an alliance. What repeats a page follows the
        original, so it is in nobody's way."""
        root_paths = current_root_paths()
        mine = sites_at(url_path, root_paths)
        for model in subject_page_models():
            others = model.objects.filter(
                subject_id=self.subject_id, locale_id=self.locale_id, alias_of=None
            )
            for other in others.exclude(pk=self.pk).order_by("path"):
                if mine & sites_at(other.url_path, root_paths):
                    return other
        return None


class ProgrammeIndexPageMixin(RegionalPageMixin):
    """A list of programmes that readers can narrow down."""

    regional_type = PageType.PROGRAMME_INDEX
    lists_programmes = True

    class Meta:
        abstract = True

    def get_content(self, request: HttpRequest | None) -> PageContent:
        return PageContent(self) if request is None else FinderContent(self, request)
