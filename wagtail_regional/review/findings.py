"""What the review finds: plain values that can be kept, in any language they are read in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext, pgettext_lazy

from wagtail_regional.compat import get_page_model
from wagtail_regional.fields import PartialDate
from wagtail_regional.languages import join_names, language_name
from wagtail_regional.titles import Titles

#: The label of every page, also where the site's own model of pages takes its place.
PAGE = "wagtailcore.page"


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

    def titles(self) -> Iterator[Title]:
        """The titles in it that not everybody may see."""
        for each in self._parts():
            yield from each.titles()

    def seen_by(self, titles: Titles) -> Text:
        """The same sentence with the titles that somebody may see."""
        if not any(True for _title in self.titles()):
            return self
        seen = copy(self)
        seen.params = {name: _seen(value, titles) for name, value in self.params.items()}
        return seen

    def _parts(self) -> Iterator[Text]:
        for value in self.params.values():
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Text):
                    yield each

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


class Title(Text):
    """What a page or an image is called, which not everybody may know. As the review has it, it
    is for nobody in particular; what goes out to somebody passes :func:`seen_by` first.

    Args:
        model: the label of its model, such as "wagtailcore.page".
        pk: its primary key.
        title: for whoever may open it.
        shown: what may be shown of it; None where nothing may.
    """

    __slots__ = ()

    def __init__(self, model: str, pk: Any, title: str) -> None:
        super().__init__("", model=model, pk=pk, title=title, shown=title)

    def titles(self) -> Iterator[Title]:
        yield self

    def seen_by(self, titles: Titles) -> Title:
        model, pk, title = (self.params[name] for name in ("model", "pk", "title"))
        seen = Title(model, pk, title)
        seen.params["shown"] = titles.title(model_called(model), pk, title)
        return seen

    def __str__(self) -> str:
        shown = self.params["shown"]
        return gettext("title not shown") if shown is None else shown


def _seen(value: Any, titles: Titles) -> Any:
    if isinstance(value, tuple):
        return tuple(_seen(each, titles) for each in value)
    return value.seen_by(titles) if isinstance(value, Text) else value


def model_called(label: str) -> Any:
    """The model with a label; that of pages is the site's own."""
    return get_page_model() if label == PAGE else apps.get_model(label)


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

    def seen_by(self, titles: Titles) -> Finding | None:
        """What somebody may know of it; None where all of it is about a page that they may not
        open.

        Args:
            titles: what they may see. For many findings, see :func:`seen_by`.
        """
        if self.target and self.target[0] == PAGE:
            page, key = get_page_model(), self.target[1]
            # What readers see is no secret; what is wrong with a draft is.
            public = titles.is_public(page, key) and any(
                use.pk == key and use.public for use in self.pages or ()
            )
            if not (public or titles.may_open(page, key)):
                return None
        pages = None if self.pages is None else tuple(_seen_pages(self.pages, titles))
        return replace(
            self,
            explanation=self.explanation.seen_by(titles),
            fix=self.fix.seen_by(titles),
            pages=pages,
        )


def seen_by(titles: Titles, findings: Iterable[Finding]) -> list[Finding]:
    """What somebody may know of findings, in a number of queries that does not grow with them."""
    findings = list(findings)
    pages: set[Any] = set()
    others: dict[str, set[Any]] = {}
    for each in findings:
        pages.update(use.pk for use in each.pages or ())
        if each.target and each.target[0] == PAGE:
            pages.add(each.target[1])
        for text in (each.explanation, each.fix):
            for title in text.titles():
                others.setdefault(title.params["model"], set()).add(title.params["pk"])
    titles.load(get_page_model(), pages)
    for label, keys in others.items():
        titles.load(model_called(label), keys)
    return [seen for each in findings if (seen := each.seen_by(titles)) is not None]


def _seen_pages(pages: Iterable[PageUse], titles: Titles) -> Iterator[PageUse]:
    """Those that may be named; of a page that is only read, what readers see of it."""
    page = get_page_model()
    for use in pages:
        if titles.may_open(page, use.pk):
            yield use
        elif use.public and (title := titles.title(page, use.pk, use.title)) is not None:
            yield PageUse(use.pk, title, public=True, draft=False)
