"""What all rules share: the facts that they judge by, and how a finding is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.db.models import Q, QuerySet

from wagtail_regional.languages import content_languages
from wagtail_regional.lifecycle import Moment, ended_q
from wagtail_regional.models import (
    Alliance,
    Organisation,
    Programme,
    Project,
    Theme,
)
from wagtail_regional.review.findings import (
    Finding,
    Row,
    Severity,
    Text,
)
from wagtail_regional.review.pages import Shown, Version, read_pages

#: What an entry of the registry is called.
NAMES: dict[type[models.Model], str] = {
    Organisation: "name",
    Alliance: "name",
    Project: "title",
    Programme: "name",
    Theme: "label",
}


class Entry(NamedTuple):
    """What every rule wants to know of an entry."""

    row: Row
    owner_id: Any
    last_reviewed: dt.date | None
    review_by: dt.date | None

    def is_settled(self, today: dt.date) -> bool:
        """Whether somebody looked at it and the next review is not due yet."""
        return bool(self.last_reviewed and self.review_by and self.review_by >= today)


@dataclass(frozen=True)
class Facts:
    """What the rules judge by.

    Attributes:
        moment: today, with the site's window.
    """

    moment: Moment

    @cached_property
    def languages(self) -> list[str]:
        return content_languages()

    @cached_property
    def pages(self) -> list[Version]:
        """What every regional page says, read when first asked for."""
        return read_pages()

    @cached_property
    def shown(self) -> Shown:
        """Which pages show which rows."""
        return Shown(self.pages, self.moment)

    def goes_on(self, ends: str = "ends") -> Q:
        """Rows that have not ended."""
        return Q(**{f"{ends}__isnull": True}) | ~ended_q(self.moment, ends)

    def entries(
        self, rows: QuerySet[Any], model: type[models.Model], *columns: str, via: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        """The entry of each row and, after it, the columns asked for.

        Args:
            rows: of the entries' model, or of another one that refers to them.
            model: the entries' model.
            via: the lookup from `rows` to the entries, such as "alliance__".
        """
        names = ("pk", "uuid", "owner_id", "last_reviewed", "review_by", NAMES[model])
        label = model._meta.label_lower
        found = rows.order_by("pk").values_list(*(via + name for name in names), *columns)
        for pk, uuid, owner, reviewed, review_by, name, *more in found.iterator(chunk_size=2000):
            yield (Entry(Row(label, pk, str(uuid), name), owner, reviewed, review_by), *more)


class Rule:
    """Something that should not be so.

    A host adds its own with the hook ``register_regional_review_rules``.

    Attributes:
        code: stable; in filters, exports and the command's output.
        severity: how much its findings matter.
        title: what it is called in the report.
        description: what it finds, for the documentation.
        settled_by_review: whether marking a row as reviewed accepts it as it is, until the next
            review is due: for what may well be right.
    """

    code: ClassVar[str] = ""
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[Any] = ""
    description: ClassVar[Any] = ""
    settled_by_review: ClassVar[bool] = False

    def find(self, facts: Facts) -> Iterator[Finding]:
        """The findings, in any order."""
        raise NotImplementedError

    def finding(self, entry: Entry, explanation: Text, fix: Text, **more: Any) -> Finding:
        """A finding of this rule about `entry`."""
        return Finding(
            rule=self.code,
            severity=self.severity,
            row=entry.row,
            explanation=explanation,
            fix=fix,
            owner_id=entry.owner_id,
            **more,
        )

    def is_settled(self, entry: Entry, facts: Facts) -> bool:
        """Whether a review has accepted it."""
        return self.settled_by_review and entry.is_settled(facts.moment.today)
