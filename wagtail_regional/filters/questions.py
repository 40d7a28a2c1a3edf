"""What may be asked of the rows of a kind, and a filter that asks some of it.

Each kind of row has one table of questions. From it follow the parameters of the API and their
refusals, the queries, the facets, the finder's form and its addresses, and the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, ClassVar, Self, cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from wagtail_regional.fields import Localized
from wagtail_regional.filters.kinds import Kind
from wagtail_regional.filters.tally import Tallied, Tally
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models.base import StatusQuerySet
from wagtail_regional.models.visibility import visible

#: What was asked, by the names of the questions.
Answers = Mapping[str, Any]
#: Says when somebody reads.
Now = Callable[[], Moment]


@dataclass(frozen=True)
class Question:
    """One filter, and all that anybody needs to know of it.

    Attributes:
        name: of the query parameter, the form field and the facet.
        kind: of its values.
        description: for the OpenAPI document.
        example: for the same, of the example site.
        where: which rows fit: a lookup that takes the value, or a function that makes a condition
            of it and of the moment of reading. None where `within`, or another question, looks at
            the value.
        within: rows of another table that belong to a row. All that is asked within the same
            must hold for one of them.
        facet: how its values are counted; None where they are not.
        label: what it asks for, in the words of forms and facets; None where neither has it.
        read: makes the value of everything that was asked; by default it is what was given.
        by_day: whether it asks for the status of a day.
        indexed: a lookup that PostgreSQL has an index for, beside `where`; see
            :meth:`Filter.with_indexes`.
        indexed_of_few: another one, for where few rows are known to be found.
    """

    name: str
    kind: Kind
    description: str
    example: Any
    where: str | Callable[[Any, Moment], Any] | None = None
    within: Related | None = None
    facet: Facet | None = None
    label: Any = None
    read: Callable[[Answers, Now], Any] | None = None
    by_day: bool = False
    indexed: str = ""
    indexed_of_few: str = ""

    def condition(self, value: Any, moment: Moment) -> Any:
        """What rows must fit: of the table itself, or within another one."""
        if isinstance(self.where, str):
            return Q(**{self.where: list(value) if isinstance(value, tuple) else value})
        return self.where(value, moment) if self.where else Q()

    @property
    def column(self) -> str:
        """The column that `where` looks at, if it is a lookup."""
        return self.where.rpartition("__")[0] if isinstance(self.where, str) else ""


@dataclass(frozen=True)
class Facet:
    """How the values of a question are counted: each with all other questions of a filter.

    Attributes:
        description: for the OpenAPI document.
    """

    description: str = ""

    def count(self, question: Question, chosen: Filter, moment: Moment, tally: Tally) -> None:
        """Add to what is counted."""
        raise NotImplementedError

    def read(
        self, question: Question, chosen: Filter, moment: Moment, tallied: Tallied
    ) -> Mapping[str, int]:
        """How many rows each value finds."""
        return tallied.of(question.name)

    def selected(self, question: Question, chosen: Filter, moment: Moment) -> tuple[Any, ...]:
        """The values that are asked for."""
        values: tuple[Any, ...] = chosen[question.name]
        return values

    def label(self, question: Question, value: str, language: str) -> str:
        """What a value is called, in a language."""
        return question.kind.label(value, language)


@dataclass(frozen=True)
class Related:
    """Rows of another table that belong to a row, such as memberships.

    Attributes:
        model: of the other table.
        owner: its column that leads to the row.
        repeats: whether a row may have several with the same value.
    """

    model: Any
    owner: str
    repeats: bool = False

    def conditions(self, chosen: Filter, moment: Moment) -> list[Any]:
        """What rows must fit so that one of theirs here is as `chosen` asks."""
        return [Exists(self.of_outer_row(moment).filter(self.fitting(chosen, moment)))]

    def of_outer_row(self, moment: Moment) -> QuerySet[Any]:
        """The rows here that belong to a row of the query around."""
        return visible(self.model, moment).filter(**{self.owner: OuterRef("pk")})

    def of_rows(self, chosen: Filter, moment: Moment) -> Q:
        """The rows here that belong to one that `chosen` finds."""
        if not chosen:
            return Q()
        rows = chosen.rows(moment).order_by()
        return Q(**{f"{self.owner}__in": rows.values("pk")})

    def fitting(self, chosen: Filter, moment: Moment) -> Q:
        """The rows here that are as `chosen` asks."""
        return all_of(
            question.condition(chosen[question.name], moment)
            for question in chosen.asked
            if question.within == self
        )


@dataclass(frozen=True)
class Order:
    """A way to sort rows.

    Attributes:
        name: of the column, too, where `value` is left out.
        value: what to sort by, for a filter and a moment.
        nullable: whether rows may lack the value.
        needs: a question without which there is no such order.
        label, label_down: what the finder calls it, and the same turned round; None where it
            does not offer that.
    """

    name: str
    value: Callable[[Filter, Moment], Any] | None = None
    nullable: bool = True
    needs: str = ""
    label: Any = None
    label_down: Any = None

    def columns(self, chosen: Filter, name: Any, down: bool, moment: Moment) -> list[Any]:
        """Columns to sort by, the primary key last, so that pages of results never overlap. What
        lacks the value comes last in either direction.

        Args:
            name: of the rows, in the reader's language.
        """
        if self.name == "name":
            return [name.desc() if down else name, "pk"]
        value = self.value(chosen, moment) if self.value else F(self.name)
        last = {"nulls_last": True} if self.nullable else {}
        return [value.desc(**last) if down else value.asc(**last), name, "pk"]


@dataclass(frozen=True)
class Rule:
    """How answers to several questions must fit together.

    Attributes:
        name: the parameter that is refused where they do not.
        broken: whether they do not.
        told: what the API says then; takes the answers.
        message: what a form says; takes them, too.
        shown_at: the field at which the form says it.
    """

    name: str
    broken: Callable[[Answers], bool]
    told: str
    message: Any = ""
    shown_at: str = ""


class Filter:
    """Which rows of a kind: what is asked of them. Values of one question are alternatives;
    questions narrow each other.

    Args:
        ids: primary keys of hand-picked rows, in the order wanted.
        values: by the names of questions, as :meth:`Kind.stored` gives them.
    """

    model: ClassVar[Any]
    questions: ClassVar[tuple[Question, ...]]
    #: The first one is that of whoever asks for none.
    orders: ClassVar[tuple[Order, ...]]
    rules: ClassVar[tuple[Rule, ...]] = ()
    #: The column of what rows are called.
    words: ClassVar[str] = "name"
    #: What the API says of its filters together, and of its orders.
    description: ClassVar[str] = ""
    order_description: ClassVar[str] = ""

    def __init__(self, *, ids: Iterable[int] = (), **values: Any) -> None:
        self.ids = tuple(ids)
        #: The questions that are asked.
        self.asked: tuple[Question, ...] = ()
        self._values: dict[str, Any] = {}
        for question in self.questions:
            value = values.pop(question.name, None)
            value = tuple(value) if isinstance(value, list) else value
            if not _is_nothing(value):
                self._values[question.name] = value
                self.asked = (*self.asked, question)
        if values:
            raise TypeError(f"{type(self).__name__} has no {', '.join(values)}.")
        self._key = self.ids, tuple(self._values.items())

    @classmethod
    def read(cls, answers: Answers, now: Now) -> Self:
        """The filter of what somebody asked.

        Args:
            answers: as :meth:`Kind.stored` gives them.
        """
        values: dict[str, Any] = {
            each.name: each.read(answers, now) if each.read else answers.get(each.name)
            for each in cls.questions
        }
        return cls(**values)

    @classmethod
    def question(cls, name: str) -> Question:
        return next(each for each in cls.questions if each.name == name)

    def __getitem__(self, name: str) -> Any:
        """What a question asks for."""
        return self._values[name] if name in self._values else self.question(name).kind.nothing

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._key}"

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return bool(self.ids or self.asked)

    @property
    def by_day(self) -> bool:
        """Whether it asks for the status of a day."""
        return any(each.by_day for each in self.asked)

    def without(self, *names: str) -> Self:
        """The same with these questions left open."""
        kept = {name: value for name, value in self._values.items() if name not in names}
        return type(self)(ids=self.ids, **kept)

    def without_those_within(self, related: Related | None) -> Self:
        """The same with the questions about rows of another table left open."""
        return self.without(*(each.name for each in self.asked if each.within == related))

    def asking(self, **values: Any) -> Self:
        """The same, asking this, too."""
        return type(self)(ids=self.ids, **{**self._values, **values})

    def rows(self, moment: Moment) -> QuerySet[Any]:
        """The rows that readers may see at a moment, narrowed to this choice."""
        return self.apply(visible(self.model, moment), moment)

    def apply(self, queryset: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
        """`queryset` narrowed to this choice, with a status as of `moment`. Other tables are
        asked with EXISTS, so that no row is found twice, and for what readers may see."""
        if self.ids:
            queryset = queryset.filter(pk__in=self.ids)
        if self.by_day:
            queryset = cast(StatusQuerySet, queryset).with_status(moment)
        for condition in self.conditions(moment):
            queryset = queryset.filter(condition)
        return queryset

    def conditions(self, moment: Moment) -> list[Any]:
        """What a row must fit, each thing by itself."""
        found = [
            each.condition(self[each.name], moment) for each in self.asked if each.within is None
        ]
        for related in dict.fromkeys(each.within for each in self.asked):
            if related is not None:
                found += related.conditions(self, moment)
        return found

    def with_indexes(self, queryset: QuerySet[Any], *, few: bool = False) -> QuerySet[Any]:
        """`queryset`, which is narrowed to this choice already, so that its first rows are found
        by an index where few fit; all of them where they are known to be few. Counting many is
        faster without."""
        for question in self.asked:
            lookup = (few and question.indexed_of_few) or question.indexed
            if lookup:
                queryset = queryset.filter(**{lookup: list(self[question.name])})
        return queryset

    @classmethod
    def order(cls, name: str) -> Order | None:
        """The order of a name, perhaps with a hyphen in front."""
        return next((each for each in cls.orders if each.name == name.removeprefix("-")), None)

    def order_by(self, order: str, language: str, moment: Moment) -> list[Any]:
        """Columns to sort by.

        Args:
            order: the name of one of `orders`; a hyphen in front turns it round. Anything else
                is the order of names.
            moment: of reading.
        """
        found, name = self.order(order), Lower(Localized(self.words, language=language))
        if found is None:
            return [name, "pk"]
        return found.columns(self, name, order.startswith("-"), moment)


def _is_nothing(value: Any) -> bool:
    return value is None or value == () or value == ""


def all_of(conditions: Iterable[Any]) -> Q:
    """All of the conditions hold; of none, any row fits."""
    return reduce(and_, map(Q, conditions), Q())


def any_of(conditions: Iterable[Any]) -> Q:
    """One of the conditions, of which there is one at least, holds."""
    return reduce(or_, map(Q, conditions))
