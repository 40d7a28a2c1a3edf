"""The text of a JSON file, value by value, so that neither its size nor its depth costs memory.

A value is cut out before anything is made of it: what is too long or nested too deep is passed by
as text, and what is wrong within one value does not keep the next from being read. Parsing a value
is the standard library's.
"""

from __future__ import annotations

import codecs
import json
import re
from decimal import Decimal, InvalidOperation
from typing import IO, Any, Final

from django.utils.translation import gettext as _

#: More characters than any item of a registry has.
MOST_CHARACTERS: Final = 1_000_000

# A text of more characters is not even passed by: it would have to be kept to see its end.
_LONGEST: Final = 10_000_000

# How much is read at a time, at least.
_CHUNK: Final = 1 << 16

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_WORD: Final = re.compile(r'[^ \t\n\r,:{}\[\]"]+')
# A whole string, a bracket, or the beginning of a string whose end has still to be read.
# Nothing in it is tried twice, so that a string without end takes no longer than any.
_MARK: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]|"', re.DOTALL)

#: More digits than any number has; Python is slow with more, and refuses to write them.
_MOST_DIGITS: Final = 100


class NotJsonError(ValueError):
    """The text is no JSON; its words say why."""


class UnfitError(ValueError):
    """A value is too long or too deep; it was passed by, and what comes after can be read."""


class JsonText:
    """Reads a file from front to back.

    Args:
        file: opened for bytes, in UTF-8, UTF-16 or UTF-32 (RFC 4627, section 3), with or without
            a byte order mark.
        depth: how deep a value may be nested.

    Raises:
        NotJsonError: from every method, where the text is no JSON.
    """

    def __init__(self, file: IO[bytes], depth: int) -> None:
        self._file = file
        self._depth = depth
        self._text = ""
        self._at = 0
        #: Where a value begins that is kept as it is read.
        self._mark: int | None = None
        first = file.read(_CHUNK)
        encoding = json.detect_encoding(first)
        self.encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._ended = not first
        self._decode(first)

    def _decode(self, data: bytes) -> None:
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise NotJsonError(
                _("It is not in %(encoding)s. Save it as UTF-8.")
                % {"encoding": self.encoding.upper()}
            ) from error
        if self._mark is not None and self._at - self._mark > MOST_CHARACTERS:
            self._mark = None
        kept = self._at if self._mark is None else self._mark
        self._text = self._text[kept:] + text
        self._at -= kept
        if self._mark is not None:
            self._mark = 0

    def _more(self) -> bool:
        """Read on; False at the end of the file."""
        if self._ended:
            return False
        # Twice as much each time, so that a long string is not looked through over and over.
        data = self._file.read(max(_CHUNK, len(self._text) - self._at))
        self._ended = not data
        self._decode(data)
        return not self._ended

    def peek(self) -> str:
        """The next character that is no space, which is not taken; ``""`` at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        """Take this character, which has to be next."""
        if (found := self.peek()) != character:
            raise NotJsonError(_expected(character, found))
        self._at += 1

    def begin(self) -> None:
        """Keep what is read from the next character on, for `end`."""
        self.peek()
        self._mark = self._at

    def end(self) -> str:
        """What was read since `begin`.

        Raises:
            UnfitError: when it is too long.
        """
        start, self._mark = self._mark, None
        if start is None or self._at - start > MOST_CHARACTERS:
            raise _too_long()
        return self._text[start : self._at]

    def forget(self) -> None:
        """Keep nothing any more since `begin`."""
        self._mark = None

    def value(self) -> str:
        """The text of the next value, whatever it is.

        Raises:
            UnfitError: when it is too long or too deep.
        """
        first = self.peek()
        if first and first in "[{":
            return self._nested()
        if first == '"':
            return self._string()
        word = ""
        while match := _WORD.match(self._text, self._at):
            self._at = match.end()
            if len(word) <= MOST_CHARACTERS:
                word += match[0]
            if self._at < len(self._text) or not self._more():
                break
        if not word:
            raise NotJsonError(_expected("", first))
        if len(word) > MOST_CHARACTERS:
            raise _too_long()
        return word

    def _string(self) -> str:
        while True:
            match = _MARK.match(self._text, self._at)
            if match and len(match[0]) > 1:
                self._at = match.end()
                if len(match[0]) > MOST_CHARACTERS:
                    raise _too_long()
                return match[0]
            self._need_more()

    def _nested(self) -> str:
        parts: list[str] = []
        length = deepest = 0
        depth: int | None = None
        while depth is None or depth > 0:
            start = self._at
            depth, deepest = self._pass_brackets(depth or 0, deepest)
            length += self._at - start
            if length <= MOST_CHARACTERS and deepest <= self._depth:
                parts.append(self._text[start : self._at])
            else:
                parts.clear()
            if depth:
                self._need_more(deepest)
        if deepest > self._depth:
            raise self._too_deep()
        if length > MOST_CHARACTERS:
            raise _too_long()
        return "".join(parts)

    def _too_deep(self) -> UnfitError:
        return UnfitError(_("It is nested more than %(depth)d deep.") % {"depth": self._depth})

    def _pass_brackets(self, depth: int, deepest: int) -> tuple[int, int]:
        """Go on to where a value that is so deep ends, or what was read so far does."""
        for match in _MARK.finditer(self._text, self._at):
            mark = self._text[match.start()]
            if mark in "[{":
                depth += 1
                deepest = max(deepest, depth)
            elif mark in "]}":
                depth -= 1
                if not depth:
                    self._at = match.end()
                    return depth, deepest
            elif match.end() - match.start() == 1:
                self._at = match.start()
                return depth, deepest
        self._at = len(self._text)
        return depth, deepest

    def _need_more(self, deepest: int = 0) -> None:
        """Read on, in the middle of a value that is so deep as far as it was read."""
        if len(self._text) - self._at > _LONGEST:
            raise NotJsonError(
                _("It has a text of more than %(most)d characters, or one that never ends.")
                % {"most": _LONGEST}
            )
        if not self._more():
            # That it ends there matters less than that it should not have begun.
            too_deep = deepest > self._depth
            raise NotJsonError(str(self._too_deep())) if too_deep else _cut_off()


def _too_long() -> UnfitError:
    return UnfitError(_("It has more than %(most)d characters.") % {"most": MOST_CHARACTERS})


def _cut_off() -> NotJsonError:
    return NotJsonError(_("It ends in the middle. Was all of it downloaded?"))


def _expected(wanted: str, found: str) -> str:
    if not found:
        return str(_cut_off())
    if not wanted:
        return _("“%(found)s” stands where a value should be.") % {"found": found}
    return _("“%(found)s” stands where “%(wanted)s” should be.") % {
        "found": found,
        "wanted": wanted,
    }


# --- One value -------------------------------------------------------------------------------


class _Twice:
    """Notes the names that an object has twice, with different values: which of them counts is
    anybody's guess (RFC 8259, section 4)."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            first: dict[str, Any] = {}
            for name, value in pairs:
                if first.setdefault(name, value) != value:
                    self.names.append(name)
        return found


def parse(text: str) -> tuple[Any, list[str]]:
    """What the text of a value is, which is no longer and no deeper than it may be.

    Numbers with decimals become Decimals; ``NaN`` and the infinities, which are no JSON, ones
    that are not finite. A number of hundreds of digits stays the text that it is.

    Returns:
        The value, and the names that one of its objects has twice.

    Raises:
        NotJsonError: when it is no JSON.
    """
    twice = _Twice()
    try:
        value = json.loads(
            text,
            object_pairs_hook=twice,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=Decimal,
            # What holds characters that cannot be stored is refused by name.
            strict=False,
        )
    except (ValueError, RecursionError) as error:
        raise NotJsonError(_("It is not valid JSON: %(error)s.") % {"error": error}) from error
    return value, twice.names


def _whole(digits: str) -> Any:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _decimal(digits: str) -> Any:
    if len(digits) > _MOST_DIGITS:
        return digits
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return digits
    small = -_MOST_DIGITS < number.adjusted() < 15
    return int(number) if small and number == number.to_integral_value() else number
