"""Pages in the contract's shape: one reading for the template, both Wagtail APIs and our own."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest

from wagtail_regional import schemas as s
from wagtail_regional.compat import get_page_model
from wagtail_regional.conf import conf
from wagtail_regional.filters import ProgrammeSelection
from wagtail_regional.freshness.instants import Whole, read_whole
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.represent import Representation, represent_with
from wagtail_regional.schemas import json_ld as schema_org
from wagtail_regional.schemas.encoding import to_json
from wagtail_regional.schemas.mentions import included


class PageContent:
    """A regional page, read once, in one instant: when something of it is first asked for.

    Args:
        page: a page that uses the mixins of :mod:`wagtail_regional.pages.mixins`.
        request: the request, where there is one.

    Attributes:
        relative: whether it is for HTML of the site itself (see `ReadContext`).
        with_rows: whether the rows that blocks mention are wanted whole, too: for HTML, and where
            they are included.
        is_stored: whether the page is as it was read from the database, before the rest is. Then it
            is read anew along with that.
    """

    def __init__(self, page: Any, request: HttpRequest | None = None) -> None:
        self.source = page
        self.request = request
        self.relative = False
        self.with_rows = True
        self.is_stored = False

    @cached_property
    def _whole(self) -> Whole[PageReading]:
        return read_whole(self._read, request=self.request)

    def _read(self, stamps: Stamps) -> PageReading:
        if self.is_stored:
            self.source.refresh_from_db(from_queryset=_with_locale(self.source))
        original = original_of(self.source)
        # An alias in another language is read as what it repeats: one page has one language.
        language = original.locale.language_code
        context = ReadContext(language, self.request, relative=self.relative)
        reading = self.reading(original, context)
        reading.with_rows = self.with_rows
        with context.override_language():
            reading.read()
        return reading

    def reading(self, original: Any, context: ReadContext) -> PageReading:
        """What reads the page.

        Args:
            original: the page whose words are shown.
            context: for whom.
        """
        return PageReading(self.source, original, context)

    @property
    def question(self) -> Any:
        """What the request asks of the page; None where it is the same for all of them."""
        return None

    def load(self) -> PageReading:
        """Read the page, if that was not done yet.

        Raises:
            UnsettledError: when the content changes faster than it can be read.
        """
        return self._whole.value

    @property
    def stamps(self) -> Stamps:
        """Of the content that was read."""
        self.load()
        return self._whole.stamps

    @property
    def context(self) -> ReadContext:
        return self.load().context

    @property
    def regional(self) -> s.RegionalPage:
        """Everything about the page but its body."""
        return self.load().regional

    @property
    def body(self) -> list[Any]:
        """The body's blocks, represented."""
        return self.load().body

    @property
    def is_alias(self) -> bool:
        """Whether the page repeats another one."""
        return self.source.alias_of_id is not None

    def holds(self, value: Any) -> bool:
        """Whether `value` is the body that is read here."""
        return value is self.source.body

    def json(
        self, fields: Collection[str] | None = None, include: Collection[str] | None = None
    ) -> bytes:
        """The page with its body, as `pages/{id}/` answers it.

        Args:
            fields: the only ones wanted, by name.
            include: what the body mentions and is wanted whole (see `schemas.mentions`).

        Raises:
            ValueError: where something is to be included, and was not read (`with_rows`).
        """
        if include is not None and not self.with_rows:
            raise ValueError("What is to be included was not read.")
        regional: Any = self.regional
        body = [block.as_shape() for block in self.body]
        whole = {**regional, "body": body}
        if fields is not None:
            whole = {name: value for name, value in whole.items() if name in fields}
        if include is not None:
            whole["included"] = included(body, include)
        return to_json(whole)


class PageReading:
    """Reads a page, and is what was read.

    Args:
        page: the page.
        original: the page whose words are shown.
        context: for whom.
        selection: on a programme index, which programmes; all of them where left out.
    """

    def __init__(
        self,
        page: Any,
        original: Any,
        context: ReadContext,
        selection: ProgrammeSelection | None = None,
    ) -> None:
        self.source = page
        self.original = original
        self.context = context
        self.with_rows = True
        self.selection = selection or (
            ProgrammeSelection(limit=conf.API_PAGE_SIZE) if page.lists_programmes else None
        )

    @property
    def is_alias(self) -> bool:
        return self.original is not self.source

    def read(self) -> None:
        """Read all of it now."""
        self.regional, self.body  # noqa: B018 - which is what reads them

    @cached_property
    def representation(self) -> Representation:
        # A page's own list is of whole programmes.
        needs = Needs(whole=self.with_rows or self.selection is not None)
        self._collect(needs)
        self.source.body.stream_block.collect(self.source.body, needs)
        self._surround(needs)
        return represent_with(needs, self.context)

    def _collect(self, needs: Needs) -> None:
        """What the page shows above its body, besides other pages."""
        page = self.source
        needs.image("hero", getattr(page, "hero_image_id", None))
        if (subject := getattr(page, "subject_id", None)) is not None:
            needs.alliances.add(subject)
            needs.members_of.add(subject)
        if self.selection:
            needs.selections.append(self.selection)

    def _surround(self, needs: Needs) -> None:
        """Ancestors for the breadcrumb, translations for hreflang, children for the index."""
        page = self.source
        steps = range(page.steplen, len(page.path), page.steplen)
        needs.page_paths.update(page.path[:end] for end in steps)
        needs.pages.update(each.pk for each in (page, self.original) if each.pk is not None)
        if page.lists_children:
            needs.children_of = page.path

    @cached_property
    def body(self) -> list[Any]:
        body = self.source.body
        blocks: list[Any] = body.stream_block.represent(body, self.representation)
        return blocks

    @cached_property
    def regional(self) -> s.RegionalPage:
        return self._represent()

    def _represent(self) -> s.RegionalPage:
        page, content = self.source, self.representation
        programmes, total = content.selected(self.selection) if self.selection else (None, None)
        # A shape takes what is found out of the rest of it.
        regional: Any = s.RegionalPage.shape(
            id=page.pk,
            type=page.regional_type,
            model=page._meta.label,
            title=page.title,
            introduction=page.introduction,
            hero_image=content.image("hero", getattr(page, "hero_image_id", None), alt=""),
            subject=content.alliance(getattr(page, "subject_id", None)),
            children=self._children(),
            programmes=programmes,
            programmes_total=total,
            meta=self._meta(),
        )
        members = content.members(page.subject_id)[0] if regional.subject else []
        json_ld = schema_org.page(regional, members)
        # Who reads these has no page to resolve an address against.
        regional.meta["json_ld"] = schema_org.with_absolute(json_ld, self.context.absolute)
        return cast(s.RegionalPage, regional)

    def _meta(self) -> s.RegionalPageMeta:
        page = self.source
        url = self._address(page)
        # None where readers may not see it, or no site has it.
        original = self.representation.page(self.original.pk) if self.is_alias else None
        return s.RegionalPageMeta.shape(
            locale=page.locale.language_code,
            language=self.context.language,
            words_language=self.context.words_language,
            alias_of=original,
            slug=page.slug,
            html_url=url,
            first_published_at=page.first_published_at,
            last_published_at=page.last_published_at,
            alternates=self._alternates(url),
            breadcrumbs=self._breadcrumbs(),
            seo=s.RegionalSeo.shape(
                title=getattr(page, "seo_title", "") or page.title,
                description=getattr(page, "search_description", "") or page.introduction,
                canonical_url=(original and self._address(self.original)) or url,
            ),
            json_ld=[],
        )

    def _address(self, page: Any) -> str | None:
        """With scheme and host: for search engines and other programs."""
        return self.context.page_url(page, absolute=True)

    def _alternates(self, own_url: str | None) -> list[s.RegionalAlternate]:
        """Every language in which there are words of the page, its own among them, as hreflang
        asks. An alias has no words of its own."""
        page = self.source
        found = {} if self.is_alias else {page.locale.language_code: (page.title, own_url)}
        for other in self.representation.rows.pages.values():
            same = other.translation_key == self.original.translation_key
            if not same or other.alias_of_id is not None or other.pk == page.pk:
                continue
            if reference := self.representation.page(other.pk):
                found[reference.locale] = reference.title, self._address(other)
        return [
            s.RegionalAlternate.shape(hreflang=language, title=title, url=url)
            for language, (title, url) in sorted(found.items())
            if url
        ]

    def _breadcrumbs(self) -> list[s.RegionalPageReference]:
        page, content = self.source, self.representation
        above = [
            other.pk
            for other in content.rows.pages.values()
            if page.path.startswith(other.path) and other.path != page.path
        ]
        return [crumb for crumb in map(content.page, above) if crumb]

    def _children(self) -> list[s.RegionalPageSummary]:
        page, content = self.source, self.representation
        if not page.lists_children:
            return []
        return [
            summary
            for child in content.rows.pages.values()
            if child.path.startswith(page.path) and child.depth == page.depth + 1
            if (summary := page_summary(child, self.context))
        ]


def _with_locale(page: Any) -> QuerySet[Any]:
    pages: QuerySet[Any] = type(page)._base_manager.select_related("locale")
    return pages


def original_of(page: Any) -> Any:
    """The page whose words an alias shows, however many aliases stand between; any other page
    itself, without a query."""
    original, seen = page, {page.pk}
    while original.alias_of_id is not None and original.alias_of_id not in seen:
        seen.add(original.alias_of_id)
        pages = get_page_model().objects.select_related("locale")
        original = pages.get(pk=original.alias_of_id)
    return original


def page_summary(page: Any, context: ReadContext) -> s.RegionalPageSummary | None:
    """A loaded page in short; None when it is not a regional one or no site serves it.

    `page` carries what loading annotates (see `summary_columns`).
    """
    url = context.page_url(page)
    model = page.specific_class
    if url is None or page.regional_introduction is None or model is None:
        return None
    return s.RegionalPageSummary.shape(
        id=page.pk,
        type=model.regional_type,
        model=model._meta.label,
        title=page.title,
        introduction=page.regional_introduction,
        locale=page.locale.language_code,
        language=page.regional_language,
        url=url,
    )
