"""What every row of the registry has."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_regional.conf import conf
from wagtail_regional.fields import (
    PartialDate,
    PartialDateField,
    WordsQuerySet,
    not_before,
    words_field,
)
from wagtail_regional.lifecycle import Moment, Status, describe, status_expression, status_of
from wagtail_regional.models.settings import RegionalSettings
from wagtail_regional.models.texts import NormalTexts

ModelT = TypeVar("ModelT", bound=models.Model)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` on, or the last day of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first = day.replace(year=day.year + years, month=month + 1, day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return first.replace(day=min(day.day, (following - dt.timedelta(days=1)).day))


def period_constraint(prefix: str, starts: str = "starts", ends: str = "ends") -> Any:
    """A database constraint: a period does not end before it starts."""
    return models.CheckConstraint(
        condition=not_before(starts, ends),
        name=f"{prefix}_period_in_order",
    )


class StatusQuerySet(WordsQuerySet):
    """Querysets of rows that have a period."""

    def with_status(self, moment: Moment | None = None) -> StatusQuerySet:
        """Annotate `current_status`, a :class:`Status` value, as of `moment` (default: today)."""
        model: Any = self.model
        status = model.status_expression(moment or Moment.now())
        annotated: StatusQuerySet = self.annotate(current_status=status)
        return annotated


#: Statuses that follow from dates.
_DATED = tuple(each for each in Status if each != Status.UNDATED)


class Dated(NormalTexts):
    """A row with a period. Its status follows from the dates and is never stored.

    Subclasses with other column names say so in `period_fields`.
    """

    #: The columns that hold the beginning and the end.
    period_fields: ClassVar[tuple[str, str]] = ("starts", "ends")
    #: What a row with neither date is called.
    undated_status: ClassVar[Status] = Status.UNDATED

    objects = StatusQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def statuses(cls) -> list[Status]:
        """Those that a row can have: what has a name for rows without dates is never undated."""
        return [each for each in Status if each in (*_DATED, cls.undated_status)]

    @property
    def period(self) -> tuple[PartialDate | None, PartialDate | None]:
        """Beginning and end."""
        starts, ends = self.period_fields
        return getattr(self, starts), getattr(self, ends)

    def status_at(self, moment: Moment) -> Status:
        """Where this row stands at `moment`."""
        return status_of(*self.period, moment, undated=self.undated_status)

    @property
    def status(self) -> Status:
        """Where this row stands today, with the package's default window."""
        return self.status_at(Moment.now())

    def get_status_display(self) -> str:
        """The status in a phrase: "Ran until June 2016"."""
        return describe(*self.period, self.status)

    # What heads the column in the admin's lists.
    get_status_display.short_description = _("Status")  # type: ignore[attr-defined]

    @classmethod
    def status_expression(cls, moment: Moment, prefix: str = "") -> models.Case:
        """The status as a database expression; `prefix` reaches it across a relation."""
        starts, ends = (f"{prefix}{name}" for name in cls.period_fields)
        return status_expression(moment, starts, ends, undated=cls.undated_status)

    def clean(self) -> None:
        super().clean()
        starts, ends = self.period
        if starts and ends and ends.last_day < starts.first_day:
            name = self.period_fields[1]
            raise ValidationError(
                {
                    name: _(
                        "The end (%(ends)s) is before the start (%(starts)s). "
                        "Correct one of the two."
                    )
                    % {"ends": ends, "starts": starts}
                }
            )


class Period(Dated):
    """The usual pair of columns, for rows that start and end."""

    starts = PartialDateField(_("starts"), null=True, blank=True)
    ends = PartialDateField(_("ends"), null=True, blank=True)

    class Meta:
        abstract = True


class RegistryEntry(NormalTexts):
    """A fact of the registry: a public id, and who keeps it true.

    `review_by` is filled in when a row is saved without one: the review period on from today,
    and never after the row's own end.
    """

    uuid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    source_url = models.URLField(
        _("source"),
        blank=True,
        max_length=500,
        help_text=_("Where this can be checked: a page of the organisation or alliance itself."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who keeps this true, and is told when it needs care."),
    )
    last_reviewed = models.DateField(_("last reviewed"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    review_by = models.DateField(
        _("review by"),
        null=True,
        blank=True,
        help_text=_("Left empty, a date is chosen: a year from now, and never after the end."),
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row and its parts (members, providers), all or nothing."""
        self._settle_review_date(kwargs)
        words, fields = words_field(type(self)), kwargs.get("update_fields")
        if words is not None and fields is not None:
            kwargs["update_fields"] = words.with_own_name(fields)
        using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using, savepoint=False):
            super().save(*args, **kwargs)

    def _settle_review_date(self, save_kwargs: dict[str, Any]) -> None:
        before = self.review_by
        if self.review_by is None:
            self.review_by = add_months(timezone.localdate(), self.get_review_period_months())
        ends = self.period[1] if isinstance(self, Dated) else None
        if ends:
            self.review_by = min(self.review_by, ends.last_day)
        fields = save_kwargs.get("update_fields")
        if fields is not None and self.review_by != before:
            save_kwargs["update_fields"] = {*fields, "review_by"}

    def mark_reviewed(self, user: Any) -> None:
        """Record that `user` found the row true today, and choose when to look again."""
        self.last_reviewed, self.reviewed_by = timezone.localdate(), user
        # Chosen anew when the row is saved: never after its end.
        self.review_by = None
        self.save(update_fields=["last_reviewed", "reviewed_by", "review_by"])

    def get_review_period_months(self) -> int:
        """How many months a review stays good. Override to give a type its own period."""
        months = (
            RegionalSettings.objects.filter(site__is_default_site=True)
            .values_list("review_period_months", flat=True)
            .first()
        )
        return conf.REVIEW_PERIOD_MONTHS if months is None else months


def ancestors_of(row: ModelT, attribute: str) -> Iterator[ModelT]:
    """Follow a self-reference upwards, one row at a time, until it ends or repeats."""
    seen: set[int | None] = set()
    current = getattr(row, attribute)
    while current is not None and current.pk not in seen:
        yield current
        seen.add(current.pk)
        current = getattr(current, attribute)


def refuse_cycle(row: models.Model, attribute: str, message: Callable[..., Any] | Any) -> None:
    """Refuse a self-reference that leads back to the row itself.

    Raises:
        ValidationError: on `attribute`, with `message`.
    """
    if getattr(row, attribute) is None:
        return
    for ancestor in ancestors_of(row, attribute):
        if ancestor is row or (row.pk is not None and ancestor.pk == row.pk):
            raise ValidationError({attribute: message})
