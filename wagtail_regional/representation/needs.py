"""What something on a page refers to, gathered before anything is read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from wagtail.rich_text.rewriters import extract_attrs

from wagtail_regional.filters import ProgrammeSelection

_RICH_TEXT_LINK = re.compile(r"<a\b[^>]*>")


_RICH_TEXT_EMBED = re.compile(r"<embed\b[^>]*>")


#: A key that any database can look for; `isdigit` would let other numerals through.
_KEY = re.compile(r"[0-9]{1,18}")


@dataclass
class Needs:
    """What something on a page refers to. Primary keys; ones that do not exist do no harm."""

    alliances: set[int] = field(default_factory=set)
    #: Alliances whose parts (the alliances that name them as parent) are wanted too.
    alliance_parts: set[int] = field(default_factory=set)
    #: Alliances whose programmes are wanted, not only mentioned; the first ones of many.
    alliance_programmes: set[int] = field(default_factory=set)
    organisations: set[int] = field(default_factory=set)
    projects: set[int] = field(default_factory=set)
    programmes: set[int] = field(default_factory=set)
    selections: list[ProgrammeSelection] = field(default_factory=list)
    #: Image primary keys by the profile they are shown in.
    images: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: Pages, each with its translations.
    pages: set[int] = field(default_factory=set)
    #: Whether the programme index in the reader's language is wanted, and the public ids of
    #: themes that are to be asked for there.
    finder: bool = False
    themes: set[int] = field(default_factory=set)
    #: Tree paths of pages wanted themselves (ancestors), and of one whose children are.
    page_paths: set[str] = field(default_factory=set)
    children_of: str = ""
    #: Whether what is mentioned in short is wanted whole, too, as HTML shows it.
    whole: bool = True
    #: Alliances whose members are wanted whole in any case.
    members_of: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)
    embeds: set[str] = field(default_factory=set)
    rich_texts: set[str] = field(default_factory=set)
    #: Whether the totals of the registry are wanted.
    totals: bool = False

    def add(self, others: Needs) -> None:
        """Ask for what `others` asks for, too."""
        for name, more in vars(others).items():
            own = getattr(self, name)
            if isinstance(own, set):
                own |= more
            elif isinstance(own, list):
                own += more
            elif isinstance(own, dict):
                for profile, keys in more.items():
                    own[profile] |= keys
            else:
                setattr(self, name, own or more)

    def image(self, profile: str, pk: int | None) -> None:
        """Ask for an image in a profile; nothing is asked for None."""
        if pk is not None:
            self.images[profile].add(pk)

    def rich_text(self, html: str) -> None:
        """Ask for the pages and documents that a rich text links to, and for the images and
        media in it."""
        if not html:
            return
        self.rich_texts.add(html)
        for kind, pk in rich_text_links(html):
            (self.pages if kind == "page" else self.documents).add(pk)
        for embed in rich_text_embeds(html):
            self.image("figure", embed.image)
            if embed.media:
                self.embeds.add(embed.media)


def rich_text_links(html: str) -> Iterable[tuple[str, int]]:
    """The ("page" or "document", primary key) pairs that Wagtail's rich text links to."""
    for tag in _RICH_TEXT_LINK.findall(html):
        attributes = extract_attrs(tag)
        if attributes.get("linktype") in ("page", "document"):
            key = attributes.get("id", "")
            if _KEY.fullmatch(key):
                yield attributes["linktype"], int(key)


class RichTextEmbed(NamedTuple):
    """What stands in a rich text's ``<embed>``: an image, media of another site, or (neither)
    something of the host's."""

    image: int | None
    media: str
    attributes: dict[str, str]


def rich_text_embeds(html: str) -> Iterable[RichTextEmbed]:
    """What Wagtail's rich text embeds."""
    for tag in _RICH_TEXT_EMBED.findall(html):
        attributes = extract_attrs(tag)
        kind, key = attributes.get("embedtype"), attributes.get("id", "")
        yield RichTextEmbed(
            image=int(key) if kind == "image" and _KEY.fullmatch(key) else None,
            media=attributes.get("url", "") if kind == "media" else "",
            attributes=attributes,
        )
