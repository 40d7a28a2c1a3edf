"""Codes by the words that forms and pages show for them, in every language of the interface."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.core import Locale
from django.conf import settings
from django.utils import translation
from django.utils.translation import to_locale

from wagtail_regional.languages import cldr_locale, content_languages, country_codes
from wagtail_regional.names import name_key

#: The codes that a label may mean, by the label's key.
Labels = Mapping[str, frozenset[str]]


def labels_of(choices: Any) -> Labels:
    """The labels of a vocabulary."""
    return _labels_of(choices, interface_languages())


def country_labels() -> Labels:
    """The names of countries, from the CLDR."""
    return _country_labels(interface_languages())


def language_labels() -> Labels:
    """The names of languages, from the CLDR."""
    return _language_labels(interface_languages())


def interface_languages() -> tuple[str, ...]:
    """The languages of the site in which there are words of ours, and those of its content.

    Where nobody set `LANGUAGES` it has a hundred; loading them all for their few words is slow.
    """
    return _interface_languages(
        tuple(code for code, _name in settings.LANGUAGES),
        tuple(map(str, settings.LOCALE_PATHS)),
        tuple(content_languages()),
    )


@lru_cache(maxsize=8)
def _interface_languages(
    known: tuple[str, ...], paths: tuple[str, ...], content: tuple[str, ...]
) -> tuple[str, ...]:
    places = [Path(__file__).parents[1] / "locale", *map(Path, paths)]
    translated = {
        code
        for code in known
        for name in (to_locale(code), to_locale(code).partition("_")[0])
        if any((place / name).is_dir() for place in places)
    }
    return tuple(dict.fromkeys(("en", *content, *sorted(translated))))


@lru_cache(maxsize=256)
def _labels_of(choices: Any, languages: tuple[str, ...]) -> Labels:
    def pairs() -> Iterable[tuple[str, str]]:
        for language in languages:
            with translation.override(language):
                yield from [(str(value), str(label)) for value, label in choices.choices]

    return _by_key(pairs())


@lru_cache(maxsize=8)
def _country_labels(languages: tuple[str, ...]) -> Labels:
    codes = frozenset(country_codes())
    return _of_cldr(languages, lambda locale: locale.territories, codes.__contains__)


@lru_cache(maxsize=8)
def _language_labels(languages: tuple[str, ...]) -> Labels:
    # Without scripts and regions: "Dutch" is a language, "Flemish" the Dutch of Belgium.
    return _of_cldr(languages, lambda locale: locale.languages, lambda code: "_" not in code)


def _of_cldr(
    languages: tuple[str, ...],
    names: Callable[[Locale], Mapping[str, str]],
    wanted: Callable[[str], bool],
) -> Labels:
    return _by_key(
        (code, name)
        for language in languages
        for code, name in names(cldr_locale(language)).items()
        if wanted(code)
    )


def _by_key(pairs: Iterable[tuple[str, str]]) -> Labels:
    found: dict[str, set[str]] = defaultdict(set)
    for code, label in pairs:
        found[name_key(label)].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}
