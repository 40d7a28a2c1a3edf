"""When two names are the same to a reader, for whatever looks a row up or suspects a double."""

from __future__ import annotations

import unicodedata

from wagtail_regional.text import fold, normal_text


class _Punctuation(dict[int, str]):
    """For `str.translate`: a space for punctuation, which people write as they like. What tells
    C, C# and C++ apart stays."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        mark = unicodedata.category(letter)[0] in "PZ" and letter not in "#"
        self[code] = " " if mark else letter
        return self[code]


_PUNCTUATION = _Punctuation()


def name_key(name: str) -> str:
    """What names that are the same to a reader share: whatever their case, accents, spacing and
    punctuation. A name of nothing but punctuation is its own key."""
    folded = fold(normal_text(name))
    return " ".join(folded.translate(_PUNCTUATION).split()) or folded
