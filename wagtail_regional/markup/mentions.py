"""Mentions of what is in the registry, status and images, as HTML."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail_regional.lifecycle import Status
from wagtail_regional.markup.words import Words, escape
from wagtail_regional.schemas.parts import (
    RegionalFocalPoint,
    RegionalImage,
    RegionalLifecycle,
    RegionalReference,
)
from wagtail_regional.schemas.registry import RegionalMember, RegionalOrganisation

ENDED = Status.ENDED.value


def linked(url: str | None, text: str) -> str:
    """A text, as a link where there is an address."""
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def items_of(items: Iterable[str], classes: str) -> str:
    """A list."""
    rows = "".join([f"<li>{item}</li>\n" for item in items])
    return f'<ul class="{classes}">\n{rows}</ul>'


def object_position(focal_point: RegionalFocalPoint) -> str:
    """A focal point as CSS; numbers are written the same in every language."""
    return f"{focal_point.x:.1%} {focal_point.y:.1%}"


class Mentions:
    """What is said of something where it is named.

    Args:
        words: of the language it is said in.
    """

    def __init__(self, words: Words) -> None:
        self.words = words

    def reference(self, reference: RegionalReference | RegionalMember, short: bool = False) -> str:
        """Something by its name; `short` prefers its acronym."""
        name = (short and reference.acronym) or reference.name
        return linked(reference.url, name)

    def successor(self, successor: RegionalReference) -> str:
        """Who carries on."""
        words = self.words
        return (
            f'<span class="regional-successor"><span{words.own}>{words.now}</span> '
            f"{self.reference(successor)}</span>"
        )

    def status(self, lifecycle: RegionalLifecycle, text: str = "", quiet: bool = False) -> str:
        """Where something stands, in words; the mark before it only repeats them.

        Args:
            lifecycle: of that.
            text: where other words than its own fit better.
            quiet: to say nothing of what has no dates.
        """
        if quiet and not lifecycle.starts and not lifecycle.ends:
            return ""
        return (
            f'<span class="regional-status regional-status--{lifecycle.status}"{self.words.own}>'
            f"{escape(text or lifecycle.text or '')}</span>"
        )

    def image(
        self,
        image: RegionalImage,
        sizes: str = "100vw",
        classes: str = "",
        loading: str = "lazy",
    ) -> str:
        """An image of one of our profiles."""
        css = f' class="{escape(classes)}"' if classes else ""
        more = f' srcset="{escape(image.srcset)}" sizes="{escape(sizes)}"' if image.srcset else ""
        point = image.focal_point
        alt = image.alt or ""
        style = f' style="object-position: {object_position(point)}"' if point else ""
        return (
            f'<img{css} src="{escape(image.src)}"{more} width="{image.width:d}" '
            f'height="{image.height:d}" alt="{escape(alt)}" loading="{escape(loading)}" '
            f'decoding="async"{style}>'
        )

    def organisation_name(self, organisation: RegionalOrganisation) -> str:
        """An organisation in running text."""
        is_over = organisation.lifecycle.status == ENDED
        name = linked(None if is_over else organisation.website, organisation.name)
        after = f" {self.successor(organisation.successor)}" if organisation.successor else ""
        return f"<span{self.words.lang(organisation.language)}>{name}</span>{after}"
