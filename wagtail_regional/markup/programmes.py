"""Programmes, and the terms on which students may take them, as HTML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_noop as _

from wagtail_regional.lifecycle import Status, site_today
from wagtail_regional.markup.mentions import ENDED, Mentions, linked
from wagtail_regional.markup.words import escape
from wagtail_regional.schemas.base import whole
from wagtail_regional.schemas.registry import (
    RegionalAccess,
    RegionalProgramme,
    RegionalProgrammeMention,
)


def terms_for(programme: RegionalProgramme, audience: Any) -> list[RegionalAccess]:
    """The terms that concern `audience`: its own, or else those for guests. All when nobody.

    Args:
        programme: whose terms they are.
        audience: a reference, or the row itself, which is what the finder's form chooses.
    """
    if not audience:
        return programme.access
    public_id = getattr(audience, "uuid", None) or audience.id
    own = [a for a in programme.access if a.organisation and a.organisation.id == public_id]
    return own or [a for a in programme.access if a.audience == "guests"]


def application_state(access: RegionalAccess, today: dt.date) -> str:
    """Where applying stands on a day: ``before``, ``open``, ``closed``; empty without dates."""
    opens, closes = access.application_opens, access.application_closes
    if closes and closes < today:
        return "closed"
    if opens and opens > today:
        return "before"
    return "open" if closes or opens else ""


class ProgrammeRows(Mentions):
    """What shows programmes."""

    def programmes(
        self,
        programmes: Iterable[RegionalProgramme | RegionalProgrammeMention],
        level: int = 3,
        audience: Any = None,
    ) -> str:
        rows = "".join(
            f'<li data-type="{escape(each.type)}">{self.programme(each, level, audience)}</li>\n'
            for each in map(whole, programmes)
        )
        return f'<ul class="regional-list regional-programmes">\n{rows}</ul>'

    def programme(self, programme: RegionalProgramme, level: int = 3, audience: Any = None) -> str:
        """A programme, with the terms of `audience`."""
        words, lifecycle = self.words, programme.lifecycle
        html = [
            '<article class="regional-item regional-programme">\n<div>',
            f'<h{level} class="regional-name"{words.lang(programme.language)}>'
            f"{linked(programme.url, programme.name)}</h{level}>",
            f'<p class="regional-meta">{self._facts(programme)}</p>',
        ]
        if programme.summary:
            html.append(
                f"<p{words.lang(programme.summary_language)}>{escape(programme.summary)}</p>"
            )
        if programme.providers:
            names = words.names(programme.providers)
            if lifecycle.status == ENDED:
                by = words.say(_("Was given by %(organisations)s"), organisations=names)
            else:
                by = words.say(_("By %(organisations)s"), organisations=names)
            html.append(f'<p class="regional-aside"{words.own}>{by}</p>')
        if lifecycle.status not in (Status.ACTIVE.value, Status.UNDATED.value):
            html.append(f'<p class="regional-aside">{self.status(lifecycle)}</p>')
        html.append("</div>")
        terms = terms_for(programme, audience) if lifecycle.status != ENDED else []
        if terms:
            rows = "".join(
                f"<li{words.content}>{self.access(each, programme)}</li>" for each in terms
            )
            label = escape(words.say(_("Who may take it")))
            html.append(
                f'<ul class="regional-access"{words.own} aria-label="{label}">\n{rows}\n</ul>'
            )
        html.append("</article>")
        return "\n".join(html)

    def _facts(self, programme: RegionalProgramme) -> str:
        """What a programme is, in a line of words of ours."""
        words = self.words
        facts = [escape(programme.type_label)]
        if programme.level and programme.level != "unspecified":
            facts.append(escape(programme.level_label))
        if programme.study_load:
            facts.append(escape(programme.study_load.label))
        if programme.teaching_languages:
            facts.append(words.names(programme.teaching_languages))
        if award := words.award(programme.degree_award):
            facts.append(award)
        elif programme.is_joint:
            facts.append(words.say(_("Joint programme")))
        return " ".join([f"<span{words.own}>{fact}</span>" for fact in facts])

    def access(self, access: RegionalAccess, programme: RegionalProgramme) -> str:
        """On which terms students may enrol."""
        words = self.words
        html = [f'<p class="regional-access__who"{words.own}>{self._who(access)}</p>']
        state = application_state(access, site_today())
        facts = self._application(access, state)
        if access.places:
            facts.append(words.places(access.places))
        if access.selective:
            facts.append(words.say(_("With selection")))
        if facts:
            told = " ".join([f"<span>{fact}</span>" for fact in facts])
            html.append(f'<p class="regional-meta"{words.own}>{told}</p>')
        if access.conditions:
            lines = "<br>".join(escape(access.conditions).splitlines())
            html.append(f'<p class="regional-access__conditions">{lines}</p>')
        if access.enrolment_link and state != "closed":
            where = f'<span class="regional-hidden"> {self._enrolment(access, programme)}</span>'
            html.append(
                f'<p><a class="regional-more" href="{escape(access.enrolment_link)}"{words.own}>'
                f"{words.say(_('How to enrol'))}{where}</a></p>"
            )
        return "\n".join(html)

    def _who(self, access: RegionalAccess) -> str:
        words = self.words
        ects = None if access.ects is None else words.number(access.ects)
        if access.audience == "guests":
            if ects is None:
                return words.say(_("Open to guests"))
            return words.say(_("<b>%(ects)s ECTS</b> for guests"), ects=ects)
        name = escape(access.organisation.name if access.organisation else "")
        if ects is None:
            return words.say(_("Open to students of %(organisation)s"), organisation=name)
        return words.say(
            _("<b>%(ects)s ECTS</b> for students of %(organisation)s"),
            ects=ects,
            organisation=name,
        )

    def _application(self, access: RegionalAccess, state: str) -> list[str]:
        """Where applying stands, in words."""
        words, opens, closes = self.words, access.application_opens, access.application_closes
        deadline = f"{words.say(_('Deadline:'))} {words.date(closes)}" if closes else ""
        if state == "closed" and closes:
            return [f"{words.say(_('Applications closed:'))} {words.date(closes)}"]
        if state == "before" and opens:
            found = [f"{words.say(_('Apply from:'))} {words.date(opens)}"]
            return [*found, deadline] if closes else found
        if state == "open":
            return [deadline or words.say(_("Open for applications"))]
        return []

    def _enrolment(self, access: RegionalAccess, programme: RegionalProgramme) -> str:
        name = escape(programme.name)
        if access.organisation is None:
            return self.words.say(_("in %(programme)s as a guest"), programme=name)
        return self.words.say(
            _("in %(programme)s as a student of %(organisation)s"),
            programme=name,
            organisation=escape(access.organisation.name),
        )
