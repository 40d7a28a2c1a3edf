"""The programme index as a plain GET form: shareable addresses, no JavaScript.

The parameters are those of the API's `programmes/`, and so is what finds and counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from wagtail_regional import schemas as s
from wagtail_regional.conf import conf
from wagtail_regional.filters import ProgrammeFilter, ProgrammeSelection
from wagtail_regional.filters.kinds import Rows
from wagtail_regional.filters.tally import Tally
from wagtail_regional.languages import words_language
from wagtail_regional.lifecycle import Moment
from wagtail_regional.pages.content import PageContent, PageReading
from wagtail_regional.pages.finder_form import ORDER_LABELS, FinderForm
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.facets import facets_of

#: The questions that the form asks, by name.
QUESTIONS = {each.name: each for each in ProgrammeFilter.questions if each.label}

#: Those that stand below the lists of values, for they have none.
OTHERS = [name for name, each in QUESTIONS.items() if name != "q" and not each.facet]


@dataclass(frozen=True)
class Group:
    """A filter with its values, as the page shows it."""

    name: str
    label: str
    values: list[s.RegionalFacetValue]
    errors: Any
    single: bool = False
    #: How many values there are where not all are shown.
    total: int | None = None

    @property
    def is_content(self) -> bool:
        """Whether its values are content, and not words of ours."""
        return QUESTIONS[self.name].kind.is_content

    @property
    def chosen(self) -> int:
        return sum(value.selected for value in self.values)


@dataclass(frozen=True)
class Active:
    """A filter that is set, and where it is loosened."""

    label: str
    value: str
    url: str
    count: int = 0
    #: Whether the value is content, and not words of ours.
    is_content: bool = False


class Finder:
    """A reader's question, and what was found.

    Args:
        request: its GET parameters hold the question.
        language: of the content.
    """

    #: What the form shows in a way of its own, and not as one of its lists of values or fields.
    SHOWN_APART = ("q", "home", "open", "terms", "ects_min", "ects_max")

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.request = request
        self.language = language
        self.given = given_of(request)
        self.form = FinderForm(MultiValueDict(self.given))
        self.valid = self.form.is_valid()
        # Of a form with errors, what is right in it.
        self.answers: dict[str, Any] = self.form.cleaned_data
        self.page_size: int = conf.API_PAGE_SIZE
        self.programmes: list[Any] = []
        self.count = 0
        #: By name.
        self.facets: dict[str, Any] = {}
        self.context: Any = None

    @property
    def page_number(self) -> int:
        return self.answers.get("page") or 1

    @property
    def page_count(self) -> int:
        return max(1, -(-self.count // self.page_size))

    @property
    def order(self) -> str:
        return self.answers.get("order") or "name"

    @cached_property
    def filter(self) -> ProgrammeFilter:
        """The question, as far as it is right."""
        return ProgrammeFilter.read(self.answers, Moment.now)

    @property
    def selection(self) -> ProgrammeSelection:
        """The question as a selection. A form that does not validate asks for nothing."""
        if not self.valid:
            return ProgrammeSelection(ProgrammeFilter(ids=(0,)), limit=1)
        return ProgrammeSelection(
            self.filter,
            order=self.order,
            limit=self.page_size,
            offset=(self.page_number - 1) * self.page_size,
        )

    def show(self, programmes: list[Any] | None, count: int | None, context: ReadContext) -> None:
        """Keep what was found, and count the rest."""
        self.programmes, self.context = programmes or [], context
        with context.reading():
            counted = facets_of(self.filter, context)
        self.facets = {each.name: each for each in counted.facets}
        # Past the end there is no row to carry the total.
        self.count = count or (counted.count if self.valid else 0)

    # --- What the template shows ----------------------------------------------------------------

    @cached_property
    def groups(self) -> list[Group]:
        """The filters with values to choose."""
        found = []
        for name, question in QUESTIONS.items():
            if not question.facet or name in self.SHOWN_APART:
                continue
            facet, errors = self.facets[name], self.form.errors.get(name)
            if facet["values"] or errors:
                single, total = not question.kind.several, facet["total"] * facet["truncated"]
                found.append(Group(name, facet["label"], facet["values"], errors, single, total))
        return found

    @property
    def fields(self) -> list[Any]:
        """The filters without values to choose."""
        return [self.form[name] for name in OTHERS if name not in self.SHOWN_APART]

    @property
    def asks_more(self) -> bool:
        """Whether something is asked below the lists of values."""
        return any(name in self.given for name in OTHERS)

    @cached_property
    def homes(self) -> list[s.RegionalFacetValue]:
        return sorted(self.facets["home"]["values"], key=lambda each: each.label.casefold())

    @property
    def homes_total(self) -> int | None:
        """How many organisations there are to study at where not all are shown."""
        home = self.facets["home"]
        return home.total if home.truncated else None

    @property
    def orders(self) -> list[tuple[str, Any, bool]]:
        return [(code, label, code == self.order) for code, label in ORDER_LABELS.items()]

    @property
    def filtered(self) -> bool:
        """Whether this is another view of the page than its own: not for search engines."""
        return bool(set(self.given) - {"page"})

    @property
    def for_search_engines(self) -> bool:
        """Whether this is the page itself, or a later page of it that has something."""
        return self.valid and not self.filtered and self.page_number <= self.page_count

    @cached_property
    def problems(self) -> list[Active]:
        """What is wrong with the question, each with where in the form that is."""
        groups = {group.name for group in self.groups}
        return [
            Active(
                str(self.form[name].label),
                str(error),
                f"#regional-group-{name}" if name in groups else f"#id_{name}",
            )
            for name, errors in self.form.errors.items()
            if name != "page"
            for error in errors
        ]

    @property
    def chosen(self) -> int:
        """How many choices are made in the lists of values and below them."""
        shown_first = ("q", "home", "open", "order", "page")
        return sum(len(values) for name, values in self.given.items() if name not in shown_first)

    @cached_property
    def active(self) -> list[Active]:
        """The filters that are set, each with the address that loosens it."""
        found = []
        for name, values in self.given.items():
            if name not in QUESTIONS:
                continue
            question = QUESTIONS[name]
            found += [
                Active(
                    str(question.label),
                    self._words(name, value),
                    self._without(name, value),
                    is_content=question.kind.is_content,
                )
                for value in values
            ]
        return found

    @cached_property
    def looser(self) -> list[Active]:
        """Filters without which something is found, with how much. One query."""
        names = [name for name in self.given if name in QUESTIONS]
        if self.count or not names or not self.valid:
            return []
        tally = Tally()
        for name in names:
            tally.total(name, self.filter.without(name).rows(self.context.moment))
        counts = tally.counts()
        return [
            Active(str(QUESTIONS[name].label), "", self._without(name), number)
            for name in names
            if (number := counts.number(name))
        ]

    def _words(self, name: str, value: str) -> str:
        """What a value is called."""
        if isinstance(QUESTIONS[name].kind, Rows):
            return next((e.label for e in self.facets[name]["values"] if e.value == value), value)
        return QUESTIONS[name].kind.label(value, words_language(self.language))

    # --- Addresses --------------------------------------------------------------------------------

    @property
    def previous_url(self) -> str | None:
        return self._page_url(self.page_number - 1) if self.page_number > 1 else None

    @property
    def next_url(self) -> str | None:
        return self._page_url(self.page_number + 1) if self.page_number < self.page_count else None

    @property
    def own_page(self) -> str:
        """What the canonical address adds to the page's own: later pages are pages, too."""
        return (
            f"?page={self.page_number}" if self.for_search_engines and self.page_number > 1 else ""
        )

    def _page_url(self, number: int) -> str:
        return _address({**self.given, "page": [str(number)] if number > 1 else []})

    def _without(self, name: str, value: str | None = None) -> str:
        left = [each for each in self.given[name] if value is not None and each != value]
        return _address({**self.given, name: left, "page": []})


class FinderContent(PageContent):
    """A programme index with what a reader asks there."""

    @property
    def question(self) -> Any:
        """What is asked, as far as it can be."""
        return None if self.request is None else given_of(self.request)

    @property
    def finder(self) -> Finder:
        reading: Any = self.load()
        finder: Finder = reading.finder
        return finder

    def reading(self, original: Any, context: ReadContext) -> PageReading:
        return FinderReading(self.source, original, context)


class FinderReading(PageReading):
    """Reads a programme index, for HTML with all that its form shows."""

    def __init__(self, page: Any, original: Any, context: ReadContext) -> None:
        request: Any = context.request
        self.finder = Finder(request, context.language)
        super().__init__(page, original, context, self.finder.selection)

    def read(self) -> None:
        super().read()
        if self.context.relative:
            regional = self.regional
            self.finder.show(regional.programmes, regional.programmes_total, self.context)
            with self.context.reading():
                # Which asks the database, too.
                self.finder.looser  # noqa: B018


def given_of(request: HttpRequest) -> dict[str, list[str]]:
    """What an address asks of a finder. A browser sends what was left empty, too: that asks
    nothing."""
    return {
        name: values
        for name, each in request.GET.lists()
        if name in FinderForm.base_fields and (values := [value for value in each if value])
    }


def _address(given: dict[str, list[str]]) -> str:
    return f"?{urlencode({name: values for name, values in given.items() if values}, doseq=True)}"
