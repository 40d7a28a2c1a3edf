"""What stands in a cell, to and from what the registry stores.

Each kind of cell reads what spreadsheets really hold (a number for a year, a decimal comma, a date
in place of a month) and writes what it would read back.
"""

from __future__ import annotations

import datetime as dt
import difflib
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_regional.imports.error_values import is_error_value
from wagtail_regional.imports.labels import Labels, country_labels, labels_of, language_labels
from wagtail_regional.imports.problems import CellError
from wagtail_regional.imports.quoting import (
    CLEAR_TOKENS,
    Literal,
    join,
    read_scheme,
    split,
    write_scheme,
)
from wagtail_regional.imports.records import CLEAR, Reference
from wagtail_regional.imports.web_addresses import read_address
from wagtail_regional.models import canonical_ror_id
from wagtail_regional.names import name_key
from wagtail_regional.text import has_control, is_digits, normal_text, plain_digits
from wagtail_regional.vocabularies import BroadField

# What spreadsheets call them and, above all, what people write.
_YES: Final = frozenset(
    ("yes", "y", "true", "1", "x", "ja", "j", "waar", "wahr", "oui", "vrai", "sí", "si", "sim")
)
_NO: Final = frozenset(
    ("no", "n", "false", "0", "nee", "nein", "onwaar", "falsch", "non", "faux", "falso", "não")
)

#: No integer of more bits is a value of anything; Python refuses to write the largest.
_MOST_BITS: Final = 1024


class ShownDate(str):
    """A date of a workbook, written as precisely as it is shown there: 2014, 2014-02."""

    __slots__ = ()


class ShownNumber(Decimal):
    """A number of a workbook that is shown there otherwise than it is kept (1,680 or 12.00), or
    that has more digits than a spreadsheet keeps."""


class BadCell:
    """A cell in which a reader found something other than a value."""

    @property
    def reason(self) -> str:
        """What is wrong, and what to do."""
        raise NotImplementedError

    def __str__(self) -> str:
        return ""


def as_text(value: Any) -> str:
    """What a cell says, whatever the spreadsheet made of it.

    Raises:
        CellError: for what no cell holds: a list, an object, a number of a thousand digits; and
            for what the reader found to be wrong.
    """
    if value is None:
        return ""
    if isinstance(value, BadCell):
        raise CellError(value.reason)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise CellError(_("This number is too large."))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if not isinstance(value, (str, int, float, Decimal, dt.date, dt.time, uuid.UUID)):
        raise CellError(_("This should be a single value, and is a list or an object."))
    return str(value)


def is_empty(value: Any) -> bool:
    """Whether a cell says nothing to a reader: also one of spaces, or of no width."""
    return value is None or (isinstance(value, str) and not normal_text(value))


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, or ``""``."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return found[0] if found else ""


class CellType:
    """Reads and writes one kind of cell; this one, a text of one line.

    Attributes:
        note: what a template says of the column.
        multiline: whether the ends of lines in it mean something.
        numbers: whether it takes numbers, however the spreadsheet shows them.
        dates: whether it takes dates of the spreadsheet.
        booleans: whether it takes TRUE and FALSE.
    """

    note: str = ""
    multiline: bool = False
    numbers: bool = False
    dates: bool = False
    booleans: bool = False

    def read(self, value: Any) -> Any:
        """What the cell holds; CLEAR where it says to make the field empty.

        Args:
            value: a str, bool, number, date or time, whatever the file's format.

        Raises:
            CellError: saying what is wrong and what to write. Nothing else, whatever is given.
        """
        text = as_text(value)
        if has_control(text):
            raise CellError(_("This has a character that cannot be stored. Type it anew."))
        text = normal_text(text, multiline=self.multiline)
        if isinstance(value, Literal):
            return self.parse(value, text)
        refuse_error_value(text)
        self._refuse_remade(value, text)
        return CLEAR if text.lower() in CLEAR_TOKENS else self.parse(value, text)

    def _refuse_remade(self, value: Any, text: str) -> None:
        """Refuse what is no longer what somebody typed, or not what they see: that is not for each
        kind of cell to think of."""
        if isinstance(value, ShownDate) and not self.dates:
            raise CellError(
                _(
                    "The spreadsheet made a date of this: %(value)s. Format the column as text, "
                    "and type it anew."
                )
                % {"value": text}
            )
        if isinstance(value, bool) and not self.booleans:
            raise CellError(
                _("This is TRUE or FALSE, which this column does not take. Type it as text.")
            )
        if isinstance(value, ShownNumber) and not self.numbers:
            raise CellError(
                _(
                    "The spreadsheet made a number of this, and does not show it as it keeps it: "
                    "%(value)s. Format the column as text, and type it anew."
                )
                % {"value": text[:60]}
            )

    def parse(self, value: Any, text: str) -> Any:
        """What `text`, which is normalised, means; `value` is the cell as it was."""
        return text

    def write(self, value: Any) -> Any:
        """What to put in a cell for a stored value; None and ``""`` for nothing."""
        return value


class Text(CellType):
    """A text of one line: the end of a line in it is a space."""


class Lines(CellType):
    """A text that may have several lines."""

    multiline = True


def refuse_error_value(text: str) -> None:
    """Refuse what a spreadsheet shows in place of a value.

    Raises:
        CellError: for ``#N/A``, ``#VERW!`` and the like.
    """
    if is_error_value(text):
        raise CellError(
            _(
                "The spreadsheet shows an error here, and no value. Mend the formula, or write "
                "what it should give."
            )
        )


class Url(CellType):
    """An address of the web. One without a scheme gets https://."""

    def parse(self, value: Any, text: str) -> str:
        return read_address(text)


class Code(CellType):
    """A code of a vocabulary, or the label that forms show for it in any language.

    Args:
        choices: its codes.
        labels: the codes by their labels; None where codes alone will do.
    """

    def __init__(
        self,
        choices: Callable[[], Sequence[str]],
        labels: Callable[[], Labels] | None = None,
    ) -> None:
        self.choices = choices
        self.labels = labels

    @classmethod
    def of(cls, vocabulary: Any) -> Code:
        """The codes of a vocabulary, and its labels."""
        return cls(lambda: list(vocabulary.values), lambda: labels_of(vocabulary))

    def parse(self, value: Any, text: str) -> str:
        return check_code(text, self.choices(), self.labels)


def check_code(text: str, known: Sequence[str], labels: Callable[[], Labels] | None = None) -> str:
    """The code of `known` that `text` is, whatever its case, and with spaces for underscores; or
    the one with such a label.

    Raises:
        CellError: naming the codes that are allowed or, of a label of several, which it can be.
    """
    if text in known:
        return text
    folded = {code.lower(): code for code in known}
    key = text.lower()
    for attempt in (key, key.replace(" ", "_").replace("-", "_")):
        if attempt in folded:
            return folded[attempt]
    if labels is not None and (found := sorted(labels().get(name_key(text), ()))):
        if len(found) > 1:
            raise CellError(
                _("“%(label)s” can be one of several. Write the code: %(known)s.")
                % {"label": text, "known": ", ".join(found)}
            )
        return found[0]
    hint = nearest(key[:100], list(folded))
    if hint:
        raise CellError(
            _("“%(code)s” is not a known code. Did you mean “%(hint)s”? Allowed: %(known)s.")
            % {"code": text[:100], "hint": folded[hint], "known": some(known)}
        )
    raise CellError(
        _("“%(code)s” is not a known code. Allowed: %(known)s.")
        % {"code": text[:100], "known": some(known)}
    )


def some(known: Sequence[str], most: int = 20) -> str:
    """Codes or names in a sentence: all of a short list, the first of a long one."""
    shown = ", ".join(known[:most])
    return f"{shown}, …" if len(known) > most else shown


class ListOf(CellType):
    """Several cells in one, with ``;`` or ``|`` between them, or each on its line;
    in quotation marks where it holds one of these."""

    multiline = True

    def __init__(self, item: CellType) -> None:
        self.item = item

    def parse(self, value: Any, text: str) -> list[Any]:
        parts = [type(each)(part) for each in split(text) if (part := normal_text(each))]
        if not parts:
            raise CellError(
                _("There is nothing between the separators. Write (empty) to clear the field.")
            )
        for part in parts:
            if not isinstance(part, Literal):
                refuse_error_value(part)
        given = parts[0] if len(parts) > 1 or isinstance(value, str) else value
        first, *others = parts
        found = [self.item.parse(given, first), *(self.item.parse(each, each) for each in others)]
        return list(dict.fromkeys(found))

    def write(self, value: Any) -> str:
        return join([str(self.item.write(each)) for each in value])


class Country(Code):
    """A country of ISO 3166-1, by its code or by its name."""

    def __init__(self, choices: Callable[[], Sequence[str]]) -> None:
        super().__init__(choices, country_labels)

    def parse(self, value: Any, text: str) -> str:
        try:
            return super().parse(value, text)
        except CellError:
            if name_key(text) in country_labels():
                raise
            raise CellError(
                _("“%(value)s” is not a country code. Use two capitals of ISO 3166-1, such as NL.")
                % {"value": text[:100]}
            ) from None


class LanguageTag(CellType):
    """A language, by its tag of BCP 47 or by its name. The model checks the tag."""

    def parse(self, value: Any, text: str) -> str:
        found = sorted(language_labels().get(name_key(text), ())) if len(text) > 3 else []
        if len(found) > 1:
            raise CellError(
                _("“%(label)s” can be one of several. Write the code: %(known)s.")
                % {"label": text, "known": ", ".join(found)}
            )
        return found[0] if found else text


class IscedField(CellType):
    """A field of education of ISCED-F 2013: digits, or the name of a broad field."""

    def parse(self, value: Any, text: str) -> str:
        digits = plain_digits(text)
        if not is_digits(digits):
            return check_code(text, list(BroadField.values), lambda: labels_of(BroadField))
        if digits[:2] not in BroadField.values:
            raise CellError(
                _(
                    "“%(value)s” is in no broad field of ISCED-F. Did the spreadsheet take a zero "
                    "off its beginning? Format the column as text, and write 0%(value)s."
                )
                % {"value": digits[:20]}
            )
        return digits


class Uuid(CellType):
    def parse(self, value: Any, text: str) -> uuid.UUID:
        try:
            return uuid.UUID(text)
        except ValueError:
            raise CellError(
                _("“%(value)s” is not a uuid. Leave the cell empty for something new.")
                % {"value": text}
            ) from None

    def write(self, value: Any) -> str:
        return str(value)


class RorId(CellType):
    def parse(self, value: Any, text: str) -> str:
        try:
            return canonical_ror_id(text)
        except ValidationError as error:
            raise CellError(error.messages[0]) from error


class YesNo(CellType):
    numbers = booleans = True

    def parse(self, value: Any, text: str) -> bool:
        if text.lower() in _YES:
            return True
        if text.lower() in _NO:
            return False
        raise CellError(
            _("“%(value)s” is neither yes nor no. Write “yes” or “no”.") % {"value": text[:60]}
        )

    def write(self, value: Any) -> str:
        return "yes" if value else "no"


# --- What names other rows --------------------------------------------------------------------


class Link(CellType):
    """The row that another one names: by uuid, identifier or exact name."""

    def parse(self, value: Any, text: str) -> Reference:
        return Reference((text,))


class SchemeValue(CellType):
    """An identifier in a scheme, as ``scheme:value``.

    Args:
        schemes: the vocabulary of schemes there are; None for any.
        check: brings a value to its usual form, or raises a CellError.
        example: one, to say how it is written.
    """

    def __init__(
        self,
        schemes: Any = None,
        check: Callable[[str, str], str] | None = None,
        example: str = "",
    ) -> None:
        self.schemes = Code.of(schemes) if schemes else None
        self.check = check
        self.example = example

    def parse(self, value: Any, text: str) -> tuple[str, str]:
        scheme, colon, code = read_scheme(text)
        if not (scheme and colon and code):
            raise CellError(
                _("“%(value)s” is not written as scheme:value, such as %(example)s.")
                % {"value": text[:100], "example": self.example}
            )
        if self.schemes is not None:
            scheme = self.schemes.parse(scheme, scheme)
        return scheme, self.check(scheme, code) if self.check else code

    def write(self, value: Any) -> str:
        return write_scheme(*value)
