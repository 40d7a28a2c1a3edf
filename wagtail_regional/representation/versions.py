"""Versions: what says that two readings would represent something the same.

Every row that was loaded has a version that only the same values have (see
:mod:`wagtail_regional.representation.prepared`). What is represented follows from several rows, and from who
reads; its version is a number that only the same versions of all of these have.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import get_script_prefix

from wagtail_regional.representation.needs import Needs
from wagtail_regional.representation.rows import AllianceRow, OrganisationRow

if TYPE_CHECKING:
    from wagtail_regional import schemas as s
    from wagtail_regional.representation.represent import Representation

#: What Wagtail, or the host, expands in rich text from more than what was loaded here.
_EXPANDED_ELSEWHERE = re.compile(r"<embed|linktype=\"(?!page\"|document\")")

#: How many numbers are remembered, in each process; those forgotten are never given again.
_MOST = 50_000

_numbers: dict[Hashable, int] = {}
_next = itertools.count(1)


def _number(of: Hashable) -> int:
    """A short word for something; no other thing ever has the same one."""
    if len(_numbers) > _MOST:
        _numbers.clear()
    return _numbers.setdefault(of, next(_next))


def _mention(page: s.RegionalPageReference | None) -> tuple[Any, ...]:
    return (page.id, page.title, page.url, page.locale) if page else ()


class Versions:
    """The versions of what was loaded, for the one it was loaded for.

    Methods give None where a version cannot be told, and 0 for what is not there.

    Args:
        content: what represents it.
    """

    def __init__(self, content: Representation) -> None:
        self.content = content
        self.rows = content.rows
        self._organisations: dict[int, int | None] = {}
        self._alliances: dict[int, int | None] = {}
        self._programmes: dict[int, int] = {}

    @cached_property
    def _for_whom(self) -> int:
        context = self.content.context
        return _number(
            (
                # With a request, Wagtail prefers addresses on its site.
                context.request is not None,
                context.language,
                context.words_language,
                context.chain,
                context.moment,
                context.site.pk if context.site else None,
                context.base_url,
                context.relative,
                tuple(sorted(context.frontends.items())),
                get_script_prefix(),
                context.root_paths,
            )
        )

    @cached_property
    def pages(self) -> int:
        """All pages that were loaded."""
        versions = (page.regional_version for page in self.rows.pages.values())
        return _number(("pages", self._for_whom, *versions))

    @cached_property
    def reader(self) -> int:
        """For whom this is read, and the addresses that whatever is mentioned may link to."""
        addresses = ((pk, page.url) for pk, page in self.content.alliance_pages.items())
        finder = self.content.finder
        return _number(("reader", self._for_whom, *addresses, finder and finder.url))

    def of(self, needs: Needs) -> tuple[Any, ...] | None:
        """That of everything that follows from `needs`, for this reader. Where the same keys
        come in another order, it is another one: then something is only made once more."""
        if needs.projects or needs.documents or needs.embeds or needs.totals:
            return None
        if any(_EXPANDED_ELSEWHERE.search(html) for html in needs.rich_texts):
            return None
        found: list[Any] = [self.reader]
        found += (self.rows.selected[each] for each in needs.selections)
        found += (self.rows.themes.get(pk, 0) for pk in needs.themes)
        found += map(self._page, needs.pages)
        found += map(self.programme, self._programmes_of(needs))
        found += map(self.organisation, needs.organisations)
        found += map(self.alliance, needs.alliances | needs.alliance_parts)
        for pk in needs.alliances:
            found += map(self.organisation, self._members(pk))
        for parent in needs.alliance_parts:
            found += map(self.alliance, self.rows.parts.get(parent, ()))
        for profile, keys in needs.images.items():
            found += (self._image(profile, key) for key in keys)
        return None if None in found else tuple(found)

    def organisation(self, pk: int) -> int | None:
        """An organisation with its logo, and the one that succeeded it."""
        if pk not in self._organisations:
            row = self.rows.organisations.get(pk)
            successor = self.rows.organisations.get(row.successor_id or 0) if row else None
            later = [successor.version] if successor else ()
            self._organisations[pk] = self._with_logo(row, *later)
        return self._organisations[pk]

    def alliance(self, pk: int) -> int | None:
        """An alliance with its logo, its page and all that hangs on it; of its members, who they
        are."""
        if pk not in self._alliances:
            page = _mention(self.content.alliance_page(pk))
            self._alliances[pk] = self._with_logo(self.rows.alliances.get(pk), *page)
        return self._alliances[pk]

    def programme(self, pk: int) -> int:
        """A programme with the organisations that it names."""
        if pk not in self._programmes:
            row, organisations = self.rows.programmes.get(pk), self.rows.organisations
            ties = (*row.providers, *row.access) if row else ()
            named = (organisations.get(tie["organisation"]) for tie in ties)
            versions = [each.version if each else 0 for each in named]
            self._programmes[pk] = _number((row.version, *versions)) if row else 0
        return self._programmes[pk]

    def _programmes_of(self, needs: Needs) -> Iterable[int]:
        yield from needs.programmes
        for selection in needs.selections:
            yield from self.rows.selected[selection].ids
        for pk in needs.alliance_programmes:
            yield from self.rows.alliance_programmes.get(pk, ())

    def _members(self, pk: int) -> Iterable[int]:
        """The organisations that an alliance has or had for members."""
        row = self.rows.alliances.get(pk)
        return (each["organisation"] for each in row.memberships) if row else ()

    def _with_logo(self, row: AllianceRow | OrganisationRow | None, *more: Any) -> int | None:
        if row is None:
            return 0
        logo = self._image("logo", row.logo_id)
        return None if logo is None else _number((row.version, logo, *more))

    def _page(self, pk: int) -> int:
        """A page that is linked to, or its translation."""
        return _number(_mention(self.content.page_in_language(pk)))

    def _image(self, profile: str, pk: int | None) -> tuple[int, ...] | None:
        image = self.rows.images.get((profile, pk)) if pk is not None else None
        return () if image is None else image.versions
