"""Texts, labels, dates, periods and short mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.utils import translation

from wagtail_regional import schemas as s
from wagtail_regional.addresses import web_address
from wagtail_regional.fields import PartialDate, choose_text
from wagtail_regional.lifecycle import Status, describe, status_changes_on, status_of
from wagtail_regional.representation.aggregates import decode
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.rows import Rows
from wagtail_regional.representation.shapes.dates import partial_date, public_id

_Args = ParamSpec("_Args")
_Said = TypeVar("_Said")

#: What a short mention takes.
MENTION = "uuid", "name", "acronym", "website"


class Words:
    """What all shapes have in common: they are in the reader's language."""

    def __init__(self, rows: Rows, context: ReadContext) -> None:
        self.rows = rows
        self.context = context
        self.words = context.words_language
        # What many rows have in common is worked out once: periods, mentions.
        self._lifecycles: dict[tuple[Any, Any, Status], s.RegionalLifecycle] = {}
        self._references: dict[tuple[str, str | None], s.RegionalReference] = {}

    def text(self, texts: Any) -> tuple[str, str | None]:
        """A localised text and the language it turned out to be in."""
        if not isinstance(texts, str):
            return choose_text(texts, self.context.chain)
        return _chosen(texts, self.context.chain)

    def label(self, vocabulary: Any, code: str) -> str:
        """The label of a code."""
        return _label(self.words, vocabulary, code)

    def terms(self, vocabulary: Any, codes: Sequence[str]) -> list[s.RegionalTerm]:
        """Codes with their labels, in the vocabulary's order."""
        return [
            s.RegionalTerm.shape(code=term.value, label=self.label(vocabulary, term.value))
            for term in (vocabulary if codes else ())
            if term.value in codes
        ]

    def date(self, date: PartialDate) -> str:
        """A date in words."""
        return _displayed(self.words, date)

    def lifecycle(
        self, starts: Any, ends: Any, undated: Status = Status.UNDATED
    ) -> s.RegionalLifecycle:
        """Status, wording and dates of a period."""
        key = starts or None, ends or None, undated
        found = self._lifecycles.get(key)
        if found is None:
            found = self._lifecycles[key] = self._lifecycle(*key)
        return found

    def _lifecycle(self, starts: Any, ends: Any, undated: Status) -> s.RegionalLifecycle:
        first, last = partial_date(starts), partial_date(ends)
        status = status_of(first, last, self.context.moment, undated=undated)
        # Without dates there is only something to say where dates are expected.
        known = first or last or undated == Status.UNDATED
        return s.RegionalLifecycle.shape(
            status=status.value,
            text=_described(self.words, first, last, status) if known else None,
            starts=str(first) if first else None,
            ends=str(last) if last else None,
            status_changes_on=status_changes_on(first, last, self.context.moment, undated=undated),
        )

    def reference(self, entry: Mapping[str, Any], url: str | None = None) -> s.RegionalReference:
        """A short mention from columns `uuid`, `name`, `acronym` and `website`."""
        url = url or web_address(entry["website"]) or None
        key = entry["uuid"], url
        found = self._references.get(key)
        if found is None:
            found = self._references[key] = s.RegionalReference.shape(
                id=public_id(entry["uuid"]),
                name=self.text(entry["name"])[0],
                acronym=entry["acronym"],
                url=url,
            )
        return found

    def themes(self, entries: Iterable[Mapping[str, Any]]) -> list[s.RegionalTheme]:
        themes = [
            s.RegionalTheme.shape(
                id=public_id(entry["uuid"]),
                scheme=entry["scheme"],
                notation=entry["notation"],
                uri=entry["uri"],
                label=self.text(entry["label"])[0],
            )
            for entry in entries
        ]
        return sorted(themes, key=lambda theme: theme.label.casefold())


@lru_cache(16_384)
def _chosen(texts: str, chain: tuple[str, ...]) -> tuple[str, str | None]:
    return choose_text(decode(texts), chain)


def in_words(make: Callable[_Args, _Said]) -> Callable[Concatenate[str, _Args], _Said]:
    """Gives a function that says something a first argument: the language to say it in, which it
    then finds active. What it said is remembered."""

    @lru_cache(4096)
    def made(language: str, *args: _Args.args, **kwargs: _Args.kwargs) -> _Said:
        with translation.override(language):
            return make(*args, **kwargs)

    # lru_cache does not say which arguments it takes.
    return cast(Callable[Concatenate[str, _Args], _Said], made)


@in_words
def _label(vocabulary: Any, code: str) -> str:
    return str(vocabulary(code).label)


@in_words
def _described(starts: PartialDate | None, ends: PartialDate | None, status: Status) -> str:
    return describe(starts, ends, status)


@in_words
def _displayed(date: PartialDate) -> str:
    return date.display()
