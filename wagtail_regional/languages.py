"""Languages of the content: which there are, which to try, and what they are called.

Two languages meet in what is read: that of the content, and that of our own words around it, the
first one that content would fall back to in which there are such words (:func:`words_language`).
While :func:`reading` lasts, the second is Django's active language, so that gettext and the CLDR
agree by construction, and :func:`current_language` says the first.

Names come from the Unicode CLDR through Babel, so they exist in every language and need no
translation files. Language codes are BCP 47 tags as Django writes them: ``nl``, ``pt-br``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from django.conf import settings
from django.core.signals import setting_changed
from django.utils import translation
from django.utils.translation import get_language, trans_real
from wagtail.coreutils import get_content_languages

from .conf import SETTING_NAME, conf

# In the CLDR, but not officially assigned in ISO 3166-1: exceptional reservations (Ascension,
# the Canary Islands...), groupings (EU, UN) and pseudo-locales. Kosovo's XK, which is for users to
# assign, is a country here: the CLDR, the European Union, GeoNames and ROR have it as one.
_NOT_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)


#: A text that each catalogue of ours has.
_KNOWN_TEXT: Final = "Since %(starts)s"

#: The language read, and that of the words around it, while a reading lasts.
_reading: ContextVar[tuple[str, str] | None] = ContextVar("wagtail_regional_reading", default=None)


def content_languages() -> list[str]:
    """The codes of the languages content is written in, in the host's order.

    Returns:
        The codes of ``WAGTAIL_CONTENT_LANGUAGES``; where the host does not set it, the one
        language of ``LANGUAGE_CODE``. Never empty.
    """
    return list(get_content_languages())


def current_language() -> str:
    """The language of the content that is read, in lower case: the active language, or
    ``LANGUAGE_CODE`` where none is active; while :func:`reading` lasts, the one it is for."""
    active = (get_language() or settings.LANGUAGE_CODE).lower()
    language, words = _reading.get() or (active, active)
    # Within a reading somebody may activate another language.
    return language if active == words else active


def words_language(language: str | None = None) -> str:
    """The language of our own words beside content in `language`.

    Args:
        language: the language of the content, by default the current one.

    Returns:
        The first of its :func:`fallback_chain` in which there are words of ours: the package's
        own, or in ``LOCALE_PATHS`` the host's. English where there is none.
    """
    return _words_language((language or current_language()).lower())


@functools.cache
def _words_language(language: str) -> str:
    return next(filter(_has_words, _fallback_chain(language)), "en")


def _has_words(language: str) -> bool:
    """Whether there is a catalogue of our texts in a language: the source is in English."""
    if language == "en" or language.startswith("en-"):
        return True
    # Asked itself, not through what Django falls back to.
    return bool(settings.USE_I18N) and _KNOWN_TEXT in trans_real.translation(language)._catalog  # type: ignore[attr-defined]


@contextmanager
def reading(language: str | None = None) -> Iterator[None]:
    """While this lasts, our words are said beside content in `language`.

    Args:
        language: the language of the content, by default the current one.
    """
    language = (language or current_language()).lower()
    words = words_language(language)
    token = _reading.set((language, words))
    try:
        with translation.override(words):
            yield
    finally:
        _reading.reset(token)


@contextmanager
def content_active(language: str | None = None) -> Iterator[None]:
    """While this lasts, the language of the content is the active one: for whatever is not ours.

    Args:
        language: the language of the content, by default the current one.
    """
    language = language or current_language()
    token = _reading.set(None)
    try:
        with translation.override(language):
            yield
    finally:
        _reading.reset(token)


def fallback_chain(language: str | None = None) -> tuple[str, ...]:
    """The languages to try for a text, best first and without repeats.

    Args:
        language: the language asked for, by default the active one. It need not be a content
            language.

    Returns:
        The language asked for, its base (``pt`` for ``pt-br``), the host's
        ``LANGUAGE_FALLBACKS`` for it, ``LANGUAGE_CODE``, the other content languages.
    """
    return _fallback_chain((language or current_language()).lower())


@functools.cache
def _fallback_chain(language: str) -> tuple[str, ...]:
    content = content_languages()
    default = settings.LANGUAGE_CODE.lower()
    return tuple(
        dict.fromkeys(
            [
                *_with_base(language),
                *(code.lower() for code in conf.LANGUAGE_FALLBACKS.get(language, ())),
                *(code for code in _with_base(default) if code in content),
                *content,
            ]
        )
    )


def _with_base(language: str) -> tuple[str, str]:
    return language, language.partition("-")[0]


#: What the languages to try, and those of words, follow from.
_SETTINGS: Final = frozenset(
    (
        SETTING_NAME,
        "INSTALLED_APPS",
        "LANGUAGES",
        "LANGUAGE_CODE",
        "LOCALE_PATHS",
        "USE_I18N",
        "WAGTAIL_CONTENT_LANGUAGES",
    )
)


def _forget_chains(*, setting: str, **kwargs: Any) -> None:
    if setting in _SETTINGS:
        _fallback_chain.cache_clear()
        _words_language.cache_clear()


setting_changed.connect(_forget_chains, dispatch_uid="wagtail_regional.languages")


def cldr_locale(language: str | None = None) -> Locale:
    """Babel's locale for a language code; for one the CLDR does not know, its base or English.

    Args:
        language: a BCP 47 tag, by default the active language, in which gettext has its words.
    """
    return _cldr_locale((language or _active_language()).lower())


def _active_language() -> str:
    # Without translations every text is as in the source.
    return (get_language() or settings.LANGUAGE_CODE) if settings.USE_I18N else "en"


@functools.cache
def _cldr_locale(language: str) -> Locale:
    for code in _with_base(language):
        try:
            return Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def language_name(code: str, in_language: str | None = None) -> str:
    """What a language is called.

    Args:
        code: a BCP 47 tag, such as ``nl`` or ``pt-br``.
        in_language: the language of the answer, by default the active one.

    Returns:
        The name in the CLDR; the code where it has none.
    """
    return _language_name(code, cldr_locale(in_language))


@functools.lru_cache(maxsize=4096)
def _language_name(code: str, locale: Locale) -> str:
    key = _cldr_key(code)
    name: str | None = locale.languages.get(key)
    if name:
        return name
    try:
        return Locale.parse(key).get_display_name(locale) or code
    except (UnknownLocaleError, ValueError):
        return code


def _cldr_key(code: str) -> str:
    """``zh-hans-cn`` as the CLDR writes it: ``zh_Hans_CN``."""
    language, *rest = code.replace("_", "-").lower().split("-")
    return "_".join([language, *(s.title() if len(s) == 4 else s.upper() for s in rest)])


def text_direction(code: str) -> str:
    """``rtl`` for a language written from right to left, else ``ltr``: a ``dir`` attribute."""
    return cldr_locale(code).text_direction


def country_codes() -> list[str]:
    """The codes of all countries and territories of ISO 3166-1 alpha-2, and XK, sorted."""
    return list(_country_codes())


@functools.cache
def _country_codes() -> tuple[str, ...]:
    def of_countries() -> Iterator[str]:
        for code in map(str, Locale("en").territories):
            # Three digits make a UN M49 region, not a country.
            if len(code) == 2 and code not in _NOT_COUNTRIES:
                yield code

    return tuple(sorted(of_countries()))


def country_name(code: str, in_language: str | None = None) -> str:
    """What a country is called.

    Args:
        code: an ISO 3166-1 alpha-2 code.
        in_language: the language of the answer, by default the active one.

    Returns:
        The name in the CLDR; the code where it is not a country's.
    """
    key = code.upper()
    if key not in _country_codes():
        return code
    name: str = cldr_locale(in_language).territories.get(key, code)
    return name


def join_names(names: Sequence[str], in_language: str | None = None) -> str:
    """Names as a sentence lists them: "A, B and C", "A, B en C".

    Args:
        names: what to list; lazy strings are fine.
        in_language: the language of the sentence, by default the active one.
    """
    return format_list([str(name) for name in names], locale=cldr_locale(in_language))
