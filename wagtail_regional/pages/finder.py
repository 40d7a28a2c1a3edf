"""The programme index as a plain GET form: shareable addresses, no JavaScript.

The parameters are those of the API's `programmes/`, and so is what finds and counts.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wagtail_regional import schemas as s
from wagtail_regional import vocabularies as v
from wagtail_regional.conf import conf
from wagtail_regional.filters import (
    READER_ORDERS,
    ProgrammeFilter,
    ProgrammeSelection,
    words_or_code,
)
from wagtail_regional.filters.programmes import FIRST_DAY, LAST_DAY
from wagtail_regional.filters.values import day_of, language_tag
from wagtail_regional.languages import language_name, words_language
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import Alliance, Organisation, Programme, Theme
from wagtail_regional.pages.content import PageContent, PageReading
from wagtail_regional.representation.context import ReadContext
from wagtail_regional.representation.facets import Tally, field_label, programme_facets
from wagtail_regional.text import words_of

ORDER_LABELS = {
    "name": _("Name"),
    "-name": _("Name, from Z to A"),
    "type": _("Type"),
    "starts": pgettext_lazy("order", "Start date"),
    "deadline": _("Deadline, soonest first"),
    "ects": _("ECTS, fewest first"),
    "-ects": _("ECTS, most first"),
}


class CodesField(forms.Field):
    """Several codes of no fixed vocabulary."""

    widget = forms.SelectMultiple

    def __init__(self, pattern: str, message: Any, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.pattern, self.message = re.compile(pattern), message

    def clean(self, value: Any) -> list[str]:
        codes = [code for code in value or [] if code]
        for code in codes:
            if not self.pattern.fullmatch(code):
                raise forms.ValidationError(self.message, params={"value": code})
        return [self.stored(code) for code in codes]

    def stored(self, code: str) -> str:
        """A code as rows have it."""
        return code


class LanguagesField(CodesField):
    """Several language tags, in whichever capitals."""

    def stored(self, code: str) -> str:
        return language_tag(code)


class DayField(forms.DateField):
    """A day as browsers send it, whichever formats a site has."""

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        try:
            return day_of(value)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False)


def _rows(label: Any, model: Any) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label, queryset=model.objects.all(), to_field_name="uuid", required=False
    )


class FinderForm(forms.Form):
    """What may be asked; it checks, and the template shows the values with their counts."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    home = _rows(_("I study at"), Organisation)
    terms = _several(
        _("Terms"), [("own", _("For students of the organisation")), ("guests", _("For guests"))]
    )
    open = forms.ChoiceField(
        label=_("Open for applications"), choices=[("", ""), ("now", "now")], required=False
    )
    open_on = DayField(
        label=_("Open for applications on"),
        required=False,
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    type = _several(_("Type"), v.ProgrammeType.choices)
    level = _several(_("Level"), v.Level.choices)
    language = LanguagesField(
        r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
        _("“%(value)s” is not a language code, such as nl or en."),
        label=_("Teaching language"),
    )
    mode = _several(_("Mode of study"), v.ModeOfStudy.choices)
    delivery = _several(_("Where and how"), v.ModeOfDelivery.choices)
    field = CodesField(
        "(0[0-9]|10|99)[0-9]{0,4}",
        _("“%(value)s” is not an ISCED-F field, such as 09 or 0912."),
        label=_("Field of education"),
    )
    theme = _rows(_("Theme"), Theme)
    alliance = _rows(_("Alliance"), Alliance)
    provider = _rows(_("Given by"), Organisation)
    ects_min = forms.FloatField(
        label=_("ECTS, at least"), required=False, min_value=0, max_value=100_000
    )
    ects_max = forms.FloatField(
        label=_("ECTS, at most"), required=False, min_value=0, max_value=100_000
    )
    status = _several(_("Status"), [(each.value, each.label) for each in Programme.statuses()])
    joint = forms.ChoiceField(
        label=_("Providers"), choices=[("", ""), ("true", ""), ("false", "")], required=False
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", ""),
            *((f"{way}{each}", each) for each in READER_ORDERS for way in ("", "-")),
        ],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def clean_q(self) -> str:
        text = self.cleaned_data["q"]
        if text and not words_of(text):
            raise forms.ValidationError(
                _("Give a word: “%(value)s” has none."), params={"value": text}
            )
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        least, most = data.get("ects_min"), data.get("ects_max")
        if least is not None and most is not None and least > most:
            self.add_error(
                "ects_max",
                forms.ValidationError(
                    _("At most %(most)g ECTS is less than at least %(least)g. Turn them round."),
                    params={"most": most, "least": least},
                ),
            )
        if data.get("open") and data.get("open_on"):
            self.add_error("open_on", _("Choose today or another day, not both."))
        return data


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
        return self.name in _CONTENT

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

    #: Filters that are shown as lists of values, in this order.
    GROUPS = (
        "type",
        "level",
        "language",
        "field",
        "theme",
        "mode",
        "delivery",
        "alliance",
        "provider",
        "joint",
        "status",
    )

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
        self.facets: Any = None
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
        answers = self.answers
        today = Moment.now().today if answers.get("open") else None
        joint = answers.get("joint")

        def keys(name: str) -> tuple[int, ...]:
            return tuple(sorted(row.pk for row in answers.get(name) or ()))

        def codes(name: str) -> tuple[str, ...]:
            return tuple(answers.get(name) or ())

        return ProgrammeFilter(
            types=codes("type"),
            levels=codes("level"),
            languages=codes("language"),
            modes=codes("mode"),
            deliveries=codes("delivery"),
            fields=codes("field"),
            statuses=codes("status"),
            terms=codes("terms"),
            alliances=keys("alliance"),
            themes=keys("theme"),
            providers=keys("provider"),
            audiences=keys("home"),
            ects_min=answers.get("ects_min"),
            ects_max=answers.get("ects_max"),
            open_on=today or answers.get("open_on"),
            joint={"true": True, "false": False}.get(joint or ""),
            **words_or_code(answers.get("q") or ""),
        )

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
            self.facets = programme_facets(self.filter, context)
        # Past the end there is no row to carry the total.
        self.count = count or (self.facets.count if self.valid else 0)

    # --- What the template shows ----------------------------------------------------------------

    @cached_property
    def groups(self) -> list[Group]:
        """The filters with values to choose."""
        found = []
        for name in self.GROUPS:
            values, errors = self.facets[name], self.form.errors.get(name)
            if values or errors:
                single = name == "joint"
                total = self.facets.truncated.get(name)
                label = str(self.form[name].label)
                found.append(Group(name, label, values, errors, single, total))
        return found

    @cached_property
    def homes(self) -> list[s.RegionalFacetValue]:
        return sorted(self.facets["home"], key=lambda each: each.label.casefold())

    @property
    def homes_total(self) -> int | None:
        """How many organisations there are to study at where not all are shown."""
        return self.facets.truncated.get("home")

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
            if name in ("page", "order"):
                continue
            found += [
                Active(
                    str(self.form[name].label),
                    self._words(name, value),
                    self._without(name, value),
                    is_content=name in _CONTENT,
                )
                for value in values
            ]
        return found

    @cached_property
    def looser(self) -> list[Active]:
        """Filters without which something is found, with how much. One query."""
        names = [name for name in self.given if name in _FIELDS]
        if self.count or not names or not self.valid:
            return []
        tally = Tally()
        for name in names:
            loose = self.filter.without(*_FIELDS[name])
            tally.total(name, loose.apply(Programme.objects.all(), self.context.moment))
        counts = tally.counts()
        return [
            Active(str(self.form[name].label), "", self._without(name), number)
            for name in names
            if (number := counts.number(name))
        ]

    def _words(self, name: str, value: str) -> str:
        """What a value is called."""
        if name == "open":
            return gettext("today")
        for each in (self.facets.get(name) or ()) if name != "open_on" else ():
            if each.value == value:
                return each.label
        labels = dict(getattr(self.form.fields[name], "choices", ())) if name == "terms" else {}
        if name == "language":
            return language_name(value, words_language(self.language))
        return str(labels.get(value) or (field_label(value) if name == "field" else value))

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
        return reading.finder

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


#: Filters whose values come from the registry, or are the reader's own words.
_CONTENT = frozenset(("q", "home", "theme", "alliance", "provider"))

#: What each parameter asks of the filter.
_FIELDS: dict[str, tuple[str, ...]] = {
    "q": ("text", "coded", "code"),
    "home": ("audiences",),
    "terms": ("terms",),
    "open": ("open_on",),
    "open_on": ("open_on",),
    "type": ("types",),
    "level": ("levels",),
    "language": ("languages",),
    "mode": ("modes",),
    "delivery": ("deliveries",),
    "field": ("fields",),
    "theme": ("themes",),
    "alliance": ("alliances",),
    "provider": ("providers",),
    "ects_min": ("ects_min",),
    "ects_max": ("ects_max",),
    "status": ("statuses",),
    "joint": ("joint",),
}


def _address(given: dict[str, list[str]]) -> str:
    return f"?{urlencode({name: values for name, values in given.items() if values}, doseq=True)}"
