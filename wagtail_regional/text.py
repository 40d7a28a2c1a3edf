"""What two texts must share to be the same, for whatever reads, stores, compares or writes text.

Forms, imports, searching and the search for duplicates all ask here, so that a name that came
from a spreadsheet is the name that somebody typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
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
    return text.strip() if multiline else " ".join(text.split())


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
