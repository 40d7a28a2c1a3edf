"""Rows of the registry as HTML.

Each method is what an include of ours shows, ``wagtail_regional/includes/{name}.html``, which
takes the same arguments from its context. Where a host has put a template of its own in the place
of one, that shows it, also within others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.core.signals import setting_changed
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop as _

from wagtail_regional import rendering
from wagtail_regional.languages import current_language, words_language
from wagtail_regional.lifecycle import Status
from wagtail_regional.markup.mentions import ENDED, items_of, linked
from wagtail_regional.markup.programmes import ProgrammeRows
from wagtail_regional.markup.words import Words, escape
from wagtail_regional.schemas.base import whole
from wagtail_regional.schemas.registry import (
    RegionalAlliance,
    RegionalEvent,
    RegionalMember,
    RegionalMention,
    RegionalOrganisation,
    RegionalProject,
)

_OF_WORDS = frozenset(("start", "end", "joined", "left"))


def show(name: str, **values: Any) -> SafeString:
    """Something as HTML, in the language that is read.

    Args:
        name: of an include of ours.
        values: what it takes; what is left out, or None, is as if it were not there.
    """
    given = {key: value for key, value in values.items() if value is not None}
    html: str = getattr(_rows(current_language(), words_language()), name)(**given)
    return mark_safe(html)  # noqa: S308 - all that is put into it was escaped


@cache
def arguments(name: str) -> tuple[str, ...]:
    """The names of what an include of ours takes."""
    return tuple(inspect.signature(getattr(Rows, name)).parameters)[1:]


@cache
def _rows(language: str, words: str) -> Rows:
    return Rows(Words(language, words))


def _forget(**kwargs: Any) -> None:
    _rows.cache_clear()


setting_changed.connect(_forget, dispatch_uid="wagtail_regional.markup")


def _by(template: Any, names: tuple[str, ...]) -> Callable[..., str]:
    """A template that is given its context as arguments."""

    def show(*values: Any, **named: Any) -> str:
        return str(template.render({**dict(zip(names, values, strict=False)), **named}))

    return show


class Rows(ProgrammeRows):
    """What shows rows, in one language."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        for name, method in inspect.getmembers(type(self), inspect.isfunction):
            template = None if name.startswith("_") else rendering.include_of_host(name)
            if template is not None:
                setattr(self, name, _by(template, tuple(inspect.signature(method).parameters)[1:]))

    def organisation(self, organisation: RegionalOrganisation, level: int = 3) -> str:
        """An organisation as a card, with a heading of this level."""
        words, status = self.words, organisation.lifecycle.status
        is_over = status == ENDED
        name = linked(None if is_over else organisation.website, organisation.name)
        html = [f'<article class="regional-org{" regional-org--ended" if is_over else ""}">']
        if organisation.logo:
            logo = self.image(organisation.logo, "160px")
            html.append(f'<div class="regional-plate">{logo}</div>')
        html.append(
            f'<h{level} class="regional-name"{words.lang(organisation.language)}>{name}</h{level}>'
        )
        where = ""
        if organisation.locality:
            where = f" <span>{escape(organisation.locality)}</span>"
        elif organisation.country:
            where = f" <span{words.own}>{escape(organisation.country.label)}</span>"
        kind = f"<span{words.own}>{escape(organisation.type_label)}</span>"
        html.append(f'<p class="regional-meta">{kind}{where}</p>')
        is_told = status in (ENDED, Status.PLANNED.value)
        if is_told or organisation.successor:
            text = words.period(organisation.lifecycle) if is_told else ""
            told = self.status(organisation.lifecycle, mark_safe(text)) if is_told else ""  # noqa: S308
            after = self.successor(organisation.successor) if organisation.successor else ""
            html.append(f'<p class="regional-aside">{told}\n{after}</p>')
        html.append("</article>")
        return "\n".join(html)

    def members(self, members: Iterable[RegionalMember], past: bool = False) -> str:
        """Members of an alliance; `past`, where that has ended."""
        return items_of((self._member(member, past) for member in members), "regional-members")

    def _member(self, member: RegionalMember, past: bool) -> str:
        words, lifecycle = self.words, member.lifecycle
        if member.kind == "organisation":
            organisation = whole(member)
            name, locality = self.organisation_name(organisation), organisation.locality
        elif member.kind == "alliance":
            name, locality = self.reference(member), ""
        else:
            count = f"{localize(member.count)} " if member.count else ""
            name, locality = f"{count}{escape(member.name)}", ""
        more = ""
        if member.role != "member":
            more += f"<span{words.own}>{escape(member.role_label)}</span> "
        if locality:
            more += f"<span>{escape(locality)}</span> "
        if lifecycle:
            more += f"<span{words.own}>{words.period(lifecycle, over=past)}</span>"
        meta = f'\n<span class="regional-meta">{more}</span>' if more else ""
        return f'<span class="regional-name">{name}</span>{meta}'

    def alliances(
        self, alliances: Iterable[RegionalAlliance | RegionalMention], level: int = 3
    ) -> str:
        """Alliances as cards."""
        rows = (self.alliance(whole(each), level) for each in alliances)
        return items_of(rows, "regional-cards")

    def alliance(self, alliance: RegionalAlliance, level: int = 3) -> str:
        """An alliance as a card."""
        words = self.words
        ended = " regional-card--ended" if alliance.lifecycle.status == ENDED else ""
        status = self.status(alliance.lifecycle, quiet=True)
        kind = f"<span{words.own}>{escape(alliance.type_label)}</span>"
        html = [
            f'<article class="regional-card{ended}">',
            f'<h{level} class="regional-name"{words.lang(alliance.language)}>'
            f"{linked(alliance.url, alliance.name)}</h{level}>",
            f'<p class="regional-meta">{kind} {status}</p>',
        ]
        if alliance.summary:
            html.append(f"<p{words.lang(alliance.summary_language)}>{escape(alliance.summary)}</p>")
        if alliance.succeeded_by:
            said = f"<span{words.own}>{words.say(_('Succeeded by'))}</span>"
            html.append(
                f'<p class="regional-aside">{said} {self.reference(alliance.succeeded_by)}</p>'
            )
        html.append("</article>")
        return "\n".join(html)

    # --- Projects and events -------------------------------------------------------------------

    def projects(
        self,
        projects: Iterable[RegionalProject],
        level: int = 3,
        show_alliance: bool = False,
    ) -> str:
        rows = (self.project(each, level, show_alliance) for each in projects)
        return items_of(rows, "regional-list")

    def project(self, project: RegionalProject, level: int = 3, show_alliance: bool = False) -> str:
        words, lifecycle = self.words, project.lifecycle
        html = [
            '<article class="regional-item">',
            f'<h{level} class="regional-name"{words.lang(project.language)}>'
            f"{linked(project.website, project.title)}</h{level}>",
        ]
        if show_alliance or lifecycle.starts or lifecycle.ends:
            of = f"<span>{self.reference(project.alliance)}</span> " if show_alliance else ""
            html.append(f'<p class="regional-meta">{of}{self.status(lifecycle, quiet=True)}</p>')
        if project.summary:
            html.append(f"<p{words.lang(project.summary_language)}>{escape(project.summary)}</p>")
        html.append("</article>")
        return "\n".join(html)

    def events(self, events: Iterable[RegionalEvent]) -> str:
        """A timeline."""
        css = "regional-event regional-event--"
        rows = "".join(
            [f'<li class="{css}{escape(each.kind)}">{self.event(each)}</li>\n' for each in events]
        )
        return f'<ol class="regional-timeline">\n{rows}</ol>'

    def event(self, event: RegionalEvent) -> str:
        """A moment."""
        own = self.words.own
        text = f'\n<div class="regional-prose regional-prose--small">{event.text}</div>'
        return (
            f'<time class="regional-event__date" datetime="{escape(event.date)}"{own}>'
            f"{escape(event.date_text)}</time>\n<div>\n"
            f'<p class="regional-name"{own if event.kind in _OF_WORDS else ""}>'
            f"{linked(event.url, event.title)}</p>{text if event.text else ''}\n</div>"
        )
