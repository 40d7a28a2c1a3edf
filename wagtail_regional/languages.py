"""Languages of the content: which there are, which to try, and what they are called.

Names come from the Unicode CLDR through Babel, so they exist in every language and need no
translation files. Language codes are BCP 47 tags as Django writes them: ``nl``, ``pt-br``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from django.conf import settings
from django.core.signals import setting_changed
from django.utils.translation import get_language
from wagtail.coreutils import get_content_languages

from .conf import SETTING_NAME, conf

# In the CLDR, but not officially assigned in ISO 3166-1: exceptional reservations (Ascension,
# the Canary Islands...), groupings (EU, UN) and pseudo-locales. Kosovo's XK, which is for users to
# assign, is a country here: the CLDR, the European Union, GeoNames and ROR have it as one.
_NOT_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)


def content_languages() -> list[str]:
    """The codes of the languages content is written in, in the host's order.

    Returns:
        The codes of ``WAGTAIL_CONTENT_LANGUAGES``; where the host does not set it, the one
        language of ``LANGUAGE_CODE``. Never empty.
    """
    return list(get_content_languages())


def current_language() -> str:
    """The active language, or ``LANGUAGE_CODE`` where none is active; in lower case."""
    return (get_language() or settings.LANGUAGE_CODE).lower()


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


def _forget_chains(*, setting: str, **kwargs: Any) -> None:
    if setting in {SETTING_NAME, "LANGUAGES", "LANGUAGE_CODE", "WAGTAIL_CONTENT_LANGUAGES"}:
        _fallback_chain.cache_clear()


setting_changed.connect(_forget_chains, dispatch_uid="wagtail_regional.languages")


def cldr_locale(language: str | None = None) -> Locale:
    """Babel's locale for a language code; for one the CLDR does not know, its base or English.

    Args:
        language: a BCP 47 tag, by default the active language.
    """
    return _cldr_locale((language or current_language()).lower())


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
    if name := locale.languages.get(key):
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
    return cldr_locale(in_language).territories.get(key, code)


def join_names(names: Sequence[str], in_language: str | None = None) -> str:
    """Names as a sentence lists them: "A, B and C", "A, B en C".

    Args:
        names: what to list; lazy strings are fine.
        in_language: the language of the sentence, by default the active one.
    """
    return format_list([str(name) for name in names], locale=cldr_locale(in_language))
