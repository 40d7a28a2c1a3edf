"""What is wrong with a row, where it stands and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_regional.imports.ledger import Ledger
from wagtail_regional.imports.places import Place
from wagtail_regional.text import without_control

__all__ = ["CellError", "ImportRefusedError", "Place", "Problem", "Problems"]

#: How many problems are kept. The rest is counted: nobody reads more before mending the first.
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        place: where it stands.
        column: the column, or the name in JSON; empty where the row as a whole is meant.
        value: what stands there.
        reason: what is wrong with it, and how to mend it.
        warning: whether the import goes on all the same, without this value.
    """

    place: Place
    column: str
    value: str
    reason: str
    warning: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class CellError(ValueError):
    """A cell that cannot be read; its text says why, and what to write."""


class ImportRefusedError(Exception):
    """Something that makes all of the import impossible, such as a file that is no workbook.

    Args:
        message: what is wrong and how to mend it.
        place: where, if it is known.
        column: the column it is about.
    """

    def __init__(self, message: str, place: Place | None = None, column: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place or Place("")
        self.column = column

    def as_problem(self) -> Problem:
        return Problem(self.place, self.column, "", self.message)


def _shown(value: Any) -> str:
    """What stands there, as far as it can be shown: Python writes no number of 5,000 digits."""
    try:
        text = "" if value is None else str(value)
    except (ValueError, RecursionError):
        text = "…"
    return without_control(text[:200])


class Problems:
    """All that is wrong with an import: the first ones in full, and how many there are.

    Attributes:
        ledger: what becomes of each row; a row that something is wrong with is refused.
    """

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.kept: list[Problem] = []
        self.counts: Counter[str] = Counter()

    @property
    def errors(self) -> int:
        return self.counts["errors"]

    @property
    def warnings(self) -> int:
        return self.counts["warnings"]

    @property
    def left_out(self) -> int:
        """How many are counted, and not kept."""
        return self.errors + self.warnings - len(self.kept)

    def add(
        self, place: Place, column: str, value: Any, reason: Any, *, warning: bool = False
    ) -> None:
        """Tell of one thing that is wrong, in words that any output can hold: names of JSON, too,
        have characters that none can."""
        self.counts["warnings" if warning else "errors"] += 1
        if not warning:
            self.ledger.refuse(place)
        if len(self.kept) < MOST_KEPT:
            column, reason = without_control(column), without_control(str(reason))
            self.kept.append(Problem(place, column, _shown(value), reason, warning))

    def take(
        self,
        place: Place,
        error: ValidationError,
        given: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """Take in what a model said of a row; `given` has the header and value of each field."""
        if not hasattr(error, "error_dict"):
            for message in error.messages:
                self.add(place, "", "", message)
            return
        for name, errors in error.error_dict.items():
            column, value = (given or {}).get(name, ("" if name == "__all__" else name, ""))
            for each in errors:
                needed = each.code in ("blank", "null")
                reason = _("This cannot be empty. Fill it in.") if needed else each.messages[0]
                self.add(place, column, value, reason)
