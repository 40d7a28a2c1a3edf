"""Pages, and the ones to link to: those about alliances, and the programme index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail_regional import schemas as s
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.rows import Rows
from wagtail_regional.representation.shapes.words import MENTION, Words

#: The distance of a page that the reader's site does not serve.
_ELSEWHERE = 2


class Pages(Words):
    """Mentions of pages."""

    def __init__(self, rows: Rows, context: ReadContext) -> None:
        super().__init__(rows, context)
        self._pages: dict[int, s.RegionalPageReference | None] = {}
        self._translations = {
            page.translation_key: page.pk
            for page in rows.pages.values()
            if page.locale.language_code == context.language
        }
        self.alliance_pages = self._choose_alliance_pages()
        self.finder = self._choose_finder()

    def page(self, pk: int | None) -> s.RegionalPageReference | None:
        """A live, public page that some site serves."""
        page = self.rows.pages.get(pk) if pk is not None else None
        if page is None:
            return None
        if pk not in self._pages:
            url = self.context.page_url(page)
            self._pages[page.pk] = (
                s.RegionalPageReference.shape(
                    id=page.pk,
                    title=page.title,
                    url=url,
                    locale=page.locale.language_code,
                    language=page.regional_language,
                )
                if url
                else None
            )
        return self._pages[page.pk]

    def page_in_language(self, pk: int | None) -> s.RegionalPageReference | None:
        """As `page`, but its translation into the reader's language where that was loaded."""
        page = self.rows.pages.get(pk) if pk is not None else None
        if page is None:
            return None
        return self.page(self._translations.get(page.translation_key, pk))

    def alliance_page(self, pk: int | None) -> s.RegionalPageReference | None:
        """The page about an alliance, in the best language there is."""
        return self.alliance_pages.get(pk) if pk is not None else None

    def _choose_finder(self) -> s.RegionalPageReference | None:
        """The first programme index of the reader's site in the reader's language."""
        found = [
            page
            for page in self.rows.pages.values()
            if getattr(page.specific_class, "lists_programmes", False)
            and page.locale.language_code == self.context.language
            and self._distance(page) < _ELSEWHERE
        ]
        nearest = min(found, key=self._distance, default=None)
        return self.page(nearest.pk) if nearest else None

    def _choose_alliance_pages(self) -> dict[int, s.RegionalPageReference]:
        chosen: dict[int, tuple[tuple[int, int, bool], Any]] = {}
        for page in self.rows.pages.values():
            subject = page.regional_subject
            if subject is None or self.context.page_url(page) is None:
                continue
            rank = self._page_rank(page)
            if subject not in chosen or rank < chosen[subject][0]:
                chosen[subject] = rank, page
        pages = {subject: self.page(page.pk) for subject, (_rank, page) in chosen.items()}
        return {subject: page for subject, page in pages.items() if page}

    def _page_rank(self, page: Any) -> tuple[int, int, bool]:
        """Pages of this site before those of others; then languages as the reader prefers; then
        the original before what only repeats it."""
        language, chain = page.locale.language_code, self.context.chain
        preferred = chain.index(language) if language in chain else len(chain)
        return self._distance(page), preferred, page.alias_of_id is not None

    def _distance(self, page: Any) -> int:
        """How far a page is from the reader's site: none where it is the site's own; not
        elsewhere where the site serves it as well, as one does with a site within it."""
        site, parts = self.context.site, self.context.url_parts(page)
        if site is None or parts is None:
            return _ELSEWHERE
        if site.pk in self.context.sites_of(page):
            return 0
        return 1 if parts[0] == site.pk else _ELSEWHERE

    def alliance_reference(
        self, pk: int, entry: Mapping[str, Any], prefix: str = ""
    ) -> s.RegionalReference:
        """A mention of an alliance, which links to its page when it has one."""
        columns = {name: entry[prefix + name] for name in MENTION}
        page = self.alliance_page(pk)
        return self.reference(columns, page.url if page else None)
