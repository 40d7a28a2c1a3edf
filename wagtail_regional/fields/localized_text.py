"""A text in several languages, as a value: a mapping of BCP 47 language tag to text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..languages import content_languages, fallback_chain, language_name


def choose_text(texts: Mapping[str, str] | None, chain: Sequence[str]) -> tuple[str, str | None]:
    """The best text of a raw dictionary: for loops where a LocalizedText costs too much.

    Args:
        texts: language → text, as the database has it.
        chain: the languages to try, best first (see ``languages.fallback_chain``).

    Returns:
        The text and its language. Where no language of the chain has a text, that of any other;
        ``("", None)`` where there is none at all.
    """
    if texts:
        for language in chain:
            if text := texts.get(language):
                return text, language
        # Sorted, because databases keep the keys of an object in different orders.
        for language in sorted(texts):
            if text := texts[language]:
                return text, language
    return "", None


class LocalizedText(Mapping[str, str]):
    """One text in several languages; immutable.

    A mapping of language to text. Languages are BCP 47 tags in lower case, texts are stripped
    and never empty. ``str()`` gives the text in the active language, or the next best.

    Args:
        texts: a mapping, another LocalizedText, or None. Empty texts are dropped.

    Raises:
        TypeError: for anything else, and for a language or text that is not a str.
    """

    __slots__ = ("_texts",)
    _texts: dict[str, str]

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        if texts is not None and not isinstance(texts, Mapping):
            raise TypeError(f"expected a mapping of language to text, not {texts!r}")
        cleaned = texts._texts if isinstance(texts, LocalizedText) else _clean_texts(texts or {})
        object.__setattr__(self, "_texts", cleaned)

    def text(self, language: str | None = None) -> str:
        """The text in a language (by default the active one) or the next best; else ``""``."""
        return choose_text(self._texts, fallback_chain(language))[0]

    def language(self, language: str | None = None) -> str | None:
        """The language that ``text(language)`` is really in: for a ``lang`` attribute."""
        return choose_text(self._texts, fallback_chain(language))[1]

    def as_dict(self) -> dict[str, str]:
        """A new plain dictionary of language to text."""
        return dict(self._texts)

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping):
            return self._texts == dict(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"LocalizedText({self._texts!r})"

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("LocalizedText is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("LocalizedText is immutable")

    def __reduce__(self) -> tuple[type[LocalizedText], tuple[dict[str, str]]]:
        return LocalizedText, (self.as_dict(),)

    def __copy__(self) -> LocalizedText:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> LocalizedText:
        return self


def _clean_texts(texts: Mapping[Any, Any]) -> dict[str, str]:
    cleaned = {}
    for language, text in texts.items():
        if text is None:
            continue
        if isinstance(text, Promise):
            text = str(text)
        if not isinstance(language, str) or not isinstance(text, str):
            raise TypeError(f"expected language: text, not {language!r}: {text!r}")
        if text := text.strip():
            cleaned[language.strip().lower()] = text
    return cleaned


def language_to_write() -> str:
    """The content language nearest to the active one."""
    content = content_languages()
    return next(language for language in fallback_chain() if language in content)


def check_length(texts: Mapping[str, str], limit: int | None) -> None:
    """Raises a ValidationError naming every language whose text is too long."""
    errors = [
        ValidationError(
            _("%(language)s: at most %(limit)d characters fit, this text has %(length)d."),
            code="max_length",
            params={
                "language": language_name(language),
                "limit": limit,
                "length": len(text),
            },
        )
        for language, text in texts.items()
        if limit is not None and len(text) > limit
    ]
    if errors:
        raise ValidationError(errors)
