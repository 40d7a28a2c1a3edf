"""Status from dates. It is never stored: whoever asks, asks with a day in hand.

:func:`status_of` decides for one row and :func:`status_expression` for a queryset, and
:func:`status_changes_on` says until when that holds; they agree on every case (property-based tests
hold them together). The editor, the page, the API and the reports all read one of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy

from wagtail_regional.conf import conf
from wagtail_regional.fields import PartialDate
from wagtail_regional.vocabularies import Vocabulary


class Status(Vocabulary):
    """Where something stands on a given day."""

    PLANNED = "planned", pgettext_lazy("status", "Planned")
    ACTIVE = "active", pgettext_lazy("status", "Active")
    ENDING_SOON = "ending_soon", pgettext_lazy("status", "Ending soon")
    ENDED = "ended", pgettext_lazy("status", "Ended")
    UNDATED = "undated", pgettext_lazy("status", "Undated")


#: What goes on today: everything that has neither ended nor yet to begin.
CURRENT_STATUSES = (Status.ACTIVE, Status.ENDING_SOON, Status.UNDATED)


def site_today() -> dt.date:
    """Today in the site's time zone, whichever zone was activated for whoever asks."""
    if not settings.USE_TZ:
        return dt.date.today()
    return timezone.localdate(timezone=timezone.get_default_timezone())


@dataclass(frozen=True, slots=True)
class Moment:
    """The day from which status is judged, and how far ahead "soon" reaches.

    Attributes:
        today: the day, in the site's time zone.
        ending_soon_days: an end within this many days after ``today`` is soon.
    """

    today: dt.date
    ending_soon_days: int

    @classmethod
    def now(cls, ending_soon_days: int | None = None) -> Moment:
        """Today in the site's time zone. A site's own window comes from its RegionalSettings."""
        days = conf.ENDING_SOON_DAYS if ending_soon_days is None else ending_soon_days
        return cls(site_today(), days)

    @property
    def horizon(self) -> dt.date:
        """The last day that is still soon."""
        try:
            return self.today + dt.timedelta(days=self.ending_soon_days)
        except OverflowError:
            return dt.date.max


def status_of(
    starts: PartialDate | None,
    ends: PartialDate | None,
    moment: Moment,
    *,
    undated: Status = Status.UNDATED,
) -> Status:
    """Say where a period stands.

    Args:
        starts: its beginning; counts from the first day of the period given.
        ends: its end; counts to the last day of the period given, inclusive.
        moment: the day to judge from.
        undated: what to call a period with neither end known.
    """
    if ends and ends.last_day < moment.today:
        return Status.ENDED
    if starts and starts.first_day > moment.today:
        return Status.PLANNED
    if ends and ends.last_day <= moment.horizon:
        return Status.ENDING_SOON
    if starts or ends:
        return Status.ACTIVE
    return undated


def status_changes_on(
    starts: PartialDate | None,
    ends: PartialDate | None,
    moment: Moment,
    *,
    undated: Status = Status.UNDATED,
) -> dt.date | None:
    """The next day on which :func:`status_of` a period is another one than at `moment`, if nobody
    writes until then.

    Args:
        starts, ends, moment, undated: as for :func:`status_of`.

    Returns:
        None where it stays what it is for good.
    """
    days = [starts.first_day] if starts else []
    if ends:
        # From the first of them it ends soon; at the second it has ended.
        days += _later(ends.last_day, -moment.ending_soon_days) + _later(ends.last_day, 1)
    status = status_of(starts, ends, moment, undated=undated)
    for day in sorted(days):
        then = replace(moment, today=day)
        if day > moment.today and status_of(starts, ends, then, undated=undated) != status:
            return day
    return None


def _later(day: dt.date, days: int) -> list[dt.date]:
    """The day so many days later; none where the calendar has no such day."""
    try:
        return [day + dt.timedelta(days=days)]
    except OverflowError:
        return []


def status_expression(
    moment: Moment,
    starts: str = "starts",
    ends: str = "ends",
    *,
    undated: Status = Status.UNDATED,
) -> Case:
    """:func:`status_of` as an expression over the columns `starts` and `ends`."""
    return Case(
        When(ended_q(moment, ends), then=Value(Status.ENDED.value)),
        When(Q(**{f"{starts}__begins_after": moment.today}), then=Value(Status.PLANNED.value)),
        When(_ends_within_q(moment, ends), then=Value(Status.ENDING_SOON.value)),
        When(
            Q(**{f"{starts}__isnull": False}) | Q(**{f"{ends}__isnull": False}),
            then=Value(Status.ACTIVE.value),
        ),
        default=Value(undated.value),
        output_field=CharField(max_length=12),
    )


def ended_q(moment: Moment, ends: str = "ends") -> Q:
    """Rows whose end has passed. Plain comparisons, so that an index on the column serves."""
    return Q(**{f"{ends}__ended_before": moment.today})


def _ends_within_q(moment: Moment, ends: str) -> Q:
    """Rows whose last day is on or before the horizon."""
    if moment.horizon == dt.date.max:
        return Q(**{f"{ends}__isnull": False})
    return Q(**{f"{ends}__ended_before": moment.horizon + dt.timedelta(days=1)})


def describe(
    starts: PartialDate | None,
    ends: PartialDate | None,
    status: Status,
    *,
    over: bool = False,
) -> str:
    """One short phrase in the active language that says what `status` and the dates mean.

    Ended things speak in the past tense: "Ran from 2010 until 2013". It is what carries the
    status for readers who see no colour.

    Args:
        starts: its beginning.
        ends: its end.
        status: where it stands.
        over: what it belongs to has ended, and it with that: it is told as "From 2010", which
            does not say that it goes on.
    """
    dates = {
        "starts": starts.display() if starts else "",
        "ends": ends.display() if ends else "",
    }
    if over and starts and not ends:
        return gettext("From %(starts)s") % dates
    return _phrase(status, bool(starts), bool(ends)) % dates


def _phrase(status: Status, has_start: bool, has_end: bool) -> str:
    """The wording; the dates may be of any precision, so no preposition hangs on one."""
    span, since, until = (
        gettext("From %(starts)s until %(ends)s"),
        gettext("Since %(starts)s"),
        gettext("Until %(ends)s"),
    )
    if status == Status.ENDED:
        span, until = gettext("Ran from %(starts)s until %(ends)s"), gettext("Ran until %(ends)s")
    elif status == Status.PLANNED:
        span = gettext("Planned from %(starts)s until %(ends)s")
        since = gettext("Starts %(starts)s")
    elif status == Status.ENDING_SOON:
        span = until = gettext("Ends soon: %(ends)s")
    if has_start and has_end:
        return span
    if has_end:
        return until
    return since if has_start else gettext("Dates not known")


# --- Reviews ---------------------------------------------------------------------------------


class ReviewState(models.TextChoices):
    """Where the review of a row stands, the most pressing first."""

    OVERDUE = "overdue", pgettext_lazy("review", "Overdue")
    NEVER = "never", pgettext_lazy("review", "Never reviewed")
    DUE = "due", pgettext_lazy("review", "Due soon")
    FINE = "fine", pgettext_lazy("review", "Up to date")


def review_state_of(row: Any, moment: Moment) -> ReviewState:
    """Where the review of `row` stands; :func:`review_state_q` says the same of a queryset."""
    if row.review_by and row.review_by < moment.today:
        # A review after that day counts: of what has ended, the day stays in the past.
        if row.last_reviewed is None or row.last_reviewed <= row.review_by:
            return ReviewState.OVERDUE
        return ReviewState.FINE
    if row.last_reviewed is None:
        return ReviewState.NEVER
    if row.review_by and row.review_by <= moment.horizon:
        return ReviewState.DUE
    return ReviewState.FINE


def overdue_q(moment: Moment) -> Q:
    """The rows whose review is overdue."""
    unseen = Q(last_reviewed__isnull=True) | Q(last_reviewed__lte=F("review_by"))
    return Q(review_by__isnull=False, review_by__lt=moment.today) & unseen


def review_state_q(state: ReviewState, moment: Moment) -> Q:
    """The rows whose review stands at `state`."""
    overdue = overdue_q(moment)
    never = Q(last_reviewed__isnull=True)
    due = Q(review_by__isnull=False, review_by__gte=moment.today, review_by__lte=moment.horizon)
    return {
        ReviewState.OVERDUE: overdue,
        ReviewState.NEVER: ~overdue & never,
        ReviewState.DUE: ~overdue & ~never & due,
        ReviewState.FINE: ~overdue & ~never & ~due,
    }[state]
