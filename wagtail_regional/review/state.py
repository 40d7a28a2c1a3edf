"""Whether a fact was looked at in time."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, TextChoices
from django.utils.translation import pgettext_lazy

from wagtail_regional.lifecycle import Moment


class ReviewState(TextChoices):
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
