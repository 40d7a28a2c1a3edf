"""What the review finds: plain values that can be kept, in any language they are read in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext, pgettext_lazy

from wagtail_regional.languages import join_names, language_name


class Severity(models.TextChoices):
    """How much a finding matters. The order is from worst to least."""

    #: Readers are told something that is not true, or led nowhere.
    ERROR = "error", pgettext_lazy("severity", "Error")
    #: It will be, or may be.
    WARNING = "warning", pgettext_lazy("severity", "Warning")
    #: Worth knowing.
    NOTICE = "notice", pgettext_lazy("severity", "Notice")

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)

    def reaches(self, other: Severity) -> bool:
        """Whether this is as bad as `other`, or worse."""
        return self.rank <= other.rank


class Text:
    """A sentence about one row, put together in the language of whoever reads it.

    Args:
        message: with ``%(name)s`` placeholders: what `gettext_noop` marked for translation, or a
            lazy translation, which takes longer to keep.
        params: their values; what they read as may depend on the language, too.
    """

    __slots__ = ("message", "params")

    def __init__(self, message: Any, **params: Any) -> None:
        self.message = message
        self.params = params

    def __str__(self) -> str:
        message = self.message
        # Of an empty text, gettext gives the catalogue's header.
        text = gettext(message) if message and isinstance(message, str) else str(message)
        return text % self.params if self.params else text


class ListOf(Text):
    """Several texts as a sentence lists them: "A, B and C"."""

    def __init__(self, texts: Iterable[Any]) -> None:
        super().__init__("", texts=tuple(texts))

    def __str__(self) -> str:
        return join_names([str(each) for each in self.params["texts"]])


class Language(Text):
    """What a language is called."""

    def __init__(self, code: str) -> None:
        super().__init__(code)

    def __str__(self) -> str:
        return language_name(self.message)


class Date(Text):
    """A date, known to the day or less, as people write it."""

    def __init__(self, value: Any) -> None:
        super().__init__("", value=value)

    def __str__(self) -> str:
        from wagtail_regional.fields import PartialDate

        value = self.params["value"]
        if value is None or isinstance(value, str):
            return value or ""
        if not isinstance(value, PartialDate):
            value = PartialDate.from_date(value)
        return value.display()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that something is found about.

    Attributes:
        model: its label, such as "wagtail_regional.alliance".
        uuid: its public id; empty for rows that have none.
        label: what it is called.
    """

    model: str
    pk: Any
    uuid: str
    label: Any

    @property
    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)

    @property
    def key(self) -> tuple[str, Any]:
        return self.model, self.pk

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True, slots=True)
class PageUse:
    """A page that shows a row.

    Attributes:
        public: whether readers see it there.
        draft: whether it is in what an editor has yet to publish.
    """

    pk: int
    title: str
    public: bool
    draft: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that needs care.

    Attributes:
        rule: the code of the rule that found it.
        severity: how much it matters.
        row: what it is about.
        explanation: what is the matter with this row.
        fix: what to do about it.
        owner_id: primary key of the user who keeps the row true.
        target: label and primary key of what is edited to fix it, where that is not the row.
        pages: the pages that show the row.
    """

    rule: str
    severity: Severity
    row: Row
    explanation: Text
    fix: Text
    owner_id: Any = None
    target: tuple[str, Any] | None = None
    pages: tuple[PageUse, ...] | None = None

    @property
    def to_edit(self) -> tuple[str, Any]:
        """Label and primary key of what is edited to fix it."""
        return self.target or self.row.key
