"""Words and attributes that rows repeat, each worked out once for a language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape as escape_text
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext, ngettext, pgettext

from wagtail_regional.fields import PartialDate
from wagtail_regional.languages import join_names, text_direction
from wagtail_regional.lifecycle import Status, describe
from wagtail_regional.schemas.parts import RegionalLifecycle
from wagtail_regional.vocabularies import DegreeAward

#: How many of them are remembered of a language.
_MOST = 20_000


def escape(text: Any) -> str:
    """A text as HTML has it: of what is not there, nothing."""
    if type(text) is str:
        return _escaped(text)
    return "" if text is None else str(conditional_escape(text))


# What rows say comes again and again: labels, names, addresses.
_escaped = lru_cache(_MOST)(escape_text)


def marked(language: str) -> str:
    """``lang`` and ``dir`` for a text in a language, with a space before them."""
    return format_html(' lang="{}" dir="{}"', language, text_direction(language))


def lang_of(language: str | None, around: str) -> str:
    """``lang`` and ``dir`` for a text in another language than the one around it; else empty."""
    if not language:
        return ""
    code = language.lower()
    return "" if around == code or around.startswith(f"{code}-") else marked(language)


def period(lifecycle: RegionalLifecycle, *, over: bool = False) -> str:
    """When, and no more: “From 2009 until 2016”.

    Args:
        lifecycle: of what has a period.
        over: whether it is within what has ended.
    """
    starts, ends = (PartialDate.parse(d) if d else None for d in (lifecycle.starts, lifecycle.ends))
    status = Status(lifecycle.status)
    if over or status == Status.ENDED:
        status = Status.ACTIVE
    return describe(starts, ends, status, over=over)


def name_of(item: Any) -> str:
    """What a reference, a term, a provider or a text is called in a sentence."""
    item = getattr(item, "organisation", item)
    for attribute in ("name", "label"):
        if text := getattr(item, attribute, ""):
            return text
    return str(item)


def long_date(date: dt.date | None) -> str:
    """A day as people write it in the active language, like all other dates of ours."""
    return PartialDate.from_date(date).display() if date else ""


def award_label(award: str | None) -> str:
    """“Joint degree”; empty for an ordinary, single one."""
    return "" if award in (None, DegreeAward.SINGLE) else str(DegreeAward(award).label)


class Words:
    """The words of one language beside content in another, as HTML.

    All of it is asked for while its language of words is the active one.

    Args:
        language: of the content.
        words: of our own words.
    """

    def __init__(self, language: str, words: str) -> None:
        self.language = language
        #: Attributes of an element that holds words of ours alone, and of content within one.
        self.own = lang_of(words, language)
        self.content = marked(language) if self.own else ""
        self._known: dict[Any, str] = {}

    def _once(self, key: Any, make: Callable[[], str]) -> str:
        try:
            return self._known[key]
        except KeyError:
            if len(self._known) >= _MOST:
                self._known.clear()
            text = self._known[key] = make()
            return text

    def lang(self, language: str | None) -> str:
        """Attributes of a text that fell back to another language."""
        return self._once(("lang", language), lambda: lang_of(language, self.language))

    def say(self, text: str, **values: str) -> str:
        """A text of ours.

        Args:
            text: as it stands in the catalogue, which may have HTML in it.
            values: to put in it, as HTML.
        """
        said = self._once(text, lambda: gettext(text))
        return said % values if values else said

    def places(self, number: int) -> str:
        return self._once(
            ("places", number),
            lambda: (
                ngettext("%(places)s place", "%(places)s places", number)
                % {"places": localize(number)}
            ),
        )

    @property
    def now(self) -> str:
        return self._once("now", lambda: pgettext("an organisation's successor", "now:"))

    def number(self, value: float) -> str:
        return self._once(("number", value), lambda: escape(floatformat(value)))

    def period(self, lifecycle: RegionalLifecycle, *, over: bool = False) -> str:
        key = "period", lifecycle.starts, lifecycle.ends, lifecycle.status, over
        return self._once(key, lambda: escape(period(lifecycle, over=over)))

    def date(self, date: dt.date) -> str:
        """A ``time`` element."""
        return self._once(
            ("date", date),
            lambda: f'<time datetime="{date.isoformat()}">{escape(long_date(date))}</time>',
        )

    def names(self, items: Iterable[Any]) -> str:
        key = tuple(map(name_of, items))
        return self._once(("names", key), lambda: escape(join_names(key)))

    def award(self, award: str | None) -> str:
        return self._once(("award", award), lambda: escape(award_label(award)))
