"""What two texts must share to be the same, for whatever reads, stores, compares or writes text.

Forms, imports, searching and the search for duplicates all ask here, so that a name that came
from a spreadsheet is the name that somebody typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Characters that no text holds: PostgreSQL cannot store the first, XML (and so XLSX) cannot
#: hold most of them, and the C1 controls are Windows-1252 read as Latin-1. Tabs and the ends
#: of lines are none of them.
#: See https://www.w3.org/TR/xml/#charsets.
CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)

# Characters without width that say nothing to a reader: zero-width space, word joiner, byte
# order mark, soft hyphen. The joiners and the marks of direction are left: Persian, Hindi and
# Hebrew cannot be written without them.
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")

# White space that is no control character, which nobody may take for a space in silence.
_SPACES: Final = re.compile(r"[^\S\x0b\x0c\x1c-\x1f]+")

# Of these, what is at either end.
_SPACE: Final = "".join(each for each in map(chr, range(0x3001)) if _SPACES.fullmatch(each))

_LINE_ENDS: Final = re.compile("\r\n?|\x85|\u2028|\u2029")


def normal_text(text: str, *, multiline: bool = False) -> str:
    """A text as it is stored: composed (NFC), without characters that nobody sees, trimmed.

    Args:
        text: what was given.
        multiline: whether it may have several lines. Where it may not, any white space, also the
            end of a line and a space that does not break, becomes one space.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _LINE_ENDS.sub("\n", text)
    return (text if multiline else _SPACES.sub(" ", text)).strip(_SPACE)


def has_control(text: str) -> bool:
    """Whether there is a character in a text that cannot be stored or written."""
    return CONTROL.search(text) is not None


def refuse_control(text: str) -> None:
    """Refuse a text that could not be stored or written, naming the character.

    Raises:
        ValidationError: of code "control_character".
    """
    found = CONTROL.search(text)
    if found is None:
        return
    before = without_control(text[max(0, found.start() - 20) : found.start()]).strip()
    message = (
        _(
            "There is a character that cannot be seen or kept (%(character)s) after “%(before)s”. "
            "Delete it; or paste the text once more, as plain text."
        )
        if before
        else _(
            "The text begins with a character that cannot be seen or kept (%(character)s). "
            "Delete it; or paste the text once more, as plain text."
        )
    )
    character = f"U+{ord(found[0]):04X}"
    raise ValidationError(
        message, code="control_character", params={"character": character, "before": before}
    )


def texts_in(value: Any) -> Iterator[str]:
    """Every text in JSON data, at any depth; keys are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)


def writable(value: Any) -> Any:
    """JSON data with every text, keys too, as any output can hold it."""
    if isinstance(value, str):
        # Unchanged where it can be: it may be marked as safe.
        return without_control(value) if has_control(value) else value
    if isinstance(value, Mapping):
        return {writable(key): writable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [writable(each) for each in value]
    return value


def without_control(text: str) -> str:
    """A text as any output can hold it, for what was stored before it was refused."""
    return CONTROL.sub("", text)


_SIGNS: Final = str.maketrans(
    {"−": "-", "﹣": "-", "－": "-", "＋": "+", "，": ",", "．": ".", "٫": ","}
)


def is_digits(text: str) -> bool:
    """Whether a text is of the digits 0 to 9 alone. `str.isdigit` takes those of other scripts,
    too, and ², that no database, code or check digit knows."""
    return text.isascii() and text.isdigit()


def plain_digits(text: str) -> str:
    """A text with the digits of any script as 0 to 9, and its signs as those of ASCII."""
    if text.isascii():
        return text
    return "".join(
        each if each.isascii() or not each.isdecimal() else str(unicodedata.decimal(each))
        for each in text.translate(_SIGNS)
    )


# --- Folding -------------------------------------------------------------------------------------

# Canonical combining classes (Unicode Standard Annex 44) of marks that a reader may leave out:
# strokes and accents, Hebrew points, Arabic vowels, Syriac's alaph, what stands above and below.
# Others make another letter of what they stand on: viramas and nuktas, kana's voicing, the vowels
# of Thai, Lao and Tibetan.
_ACCENTS: Final = frozenset((1, *range(10, 27), *range(27, 37), *range(200, 241)))


def _letters_with() -> dict[int, str]:
    """Latin letters of which no part is an accent to Unicode (ø, ł, ƒ), and those without."""
    found = {}
    for code in (*range(0xC0, 0x250), *range(0x250, 0x2B0), *range(0x2C60, 0x2C80)):
        name = re.fullmatch(r"LATIN SMALL LETTER ([A-Z]) WITH .*", unicodedata.name(chr(code), ""))
        if name:
            found[code] = name[1].lower()
    return found


_SAME: Final = _letters_with() | str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ð": "d", "đ": "d", "þ": "th", "ı": "i", "ŋ": "ng", "ĸ": "k",
        # Letters of Arabic that are written one for the other, and what only stretches a word.
        "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": "",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """A text as it is compared: without case, accents, width and other ways to write the same.

    Python alone folds; databases compare what it made, character by character. The result is
    composed (NFC), and folding it again changes nothing.

    After Unicode's default caseless matching (The Unicode Standard, section 3.13), and further
    in leaving out what readers leave out: accents, the points of Hebrew and Arabic, characters
    that only shape (category Cf).
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text).casefold()
    kept = (letter for letter in text if not _is_left_out(letter))
    return unicodedata.normalize("NFC", "".join(map(_plain, kept)))


@lru_cache(4096)
def _is_left_out(letter: str) -> bool:
    category = unicodedata.category(letter)
    # Marks of class 0 that say how what stands before them is drawn.
    shaping = letter == "\u034f" or "\ufe00" <= letter <= "\ufe0f"
    accent = category in ("Mn", "Me") and unicodedata.combining(letter) in _ACCENTS
    return category == "Cf" or shaping or accent


@lru_cache(4096)
def _plain(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    return str(digit) if digit is not None else letter.translate(_SAME)


# --- Words ---------------------------------------------------------------------------------------

#: The most letters of a word that count. An index of PostgreSQL takes no word of 2,048 bytes.
LONGEST_WORD: Final = 60
#: The same in scripts without spaces, of which each letter may begin a word.
LONGEST_RUN: Final = 12

# Scripts that put no space between words: Thai, Lao, Myanmar, Khmer, kana, Bopomofo, Han.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]+")
_RUN: Final = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")


@lru_cache(8192)
def _is_in_word(letter: str) -> bool:
    # Letters, digits, and the marks that belong to them. An apostrophe divides, also where
    # Unicode calls it a letter.
    return unicodedata.category(letter)[0] in "LNM" and not "\u02b9" <= letter <= "\u02bf"


def split_words(text: str) -> list[str]:
    """The runs of letters and digits in a text, with the marks that stand on them."""
    if text.isascii():
        return re.findall("[a-zA-Z0-9]+", text)
    return "".join(each if _is_in_word(each) else " " for each in text).split()


def words_of(text: str) -> list[str]:
    """The words of a text, folded; a word of many letters is cut.

    A text in a script without spaces is one word, and ends where another script begins.
    """
    found = []
    for word in split_words(fold(text)):
        if word.isascii():
            found.append(word[:LONGEST_WORD])
        else:
            found += [_cut(run) for run in _RUN.findall(word)]
    return found


def words_to_find(texts: Iterable[str]) -> dict[str, None]:
    """What the words that somebody looks for may begin, each once: all words of `texts`; of a
    script without spaces, also whatever begins further on in a run."""
    found: dict[str, None] = {}
    for text in texts:
        for word in split_words(fold(text)):
            for run in [word] if word.isascii() else _RUN.findall(word):
                found[_cut(run)] = None
                if _UNSPACED_RUN.match(run):
                    found.update((_cut(run[at:]), None) for at in _letters_in(run))
    return found


def _letters_in(run: str) -> Iterator[int]:
    """Where the letters of a run are, but for the first."""
    return (at for at in range(1, len(run)) if unicodedata.category(run[at])[0] != "M")


def _cut(run: str) -> str:
    return run[: LONGEST_RUN if _UNSPACED_RUN.match(run) else LONGEST_WORD]
