"""How rows are described in the admin: in words, and never by colour alone."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wagtail_regional.lifecycle import Moment, ReviewState, Status, describe, review_state_of
from wagtail_regional.models import Dated

#: The colour that goes with a word; Wagtail's own classes.
_EMPHASIS = {
    Status.ACTIVE: "w-status--primary",
    Status.ENDING_SOON: "regional-status--warn",
    Status.ENDED: "regional-status--ended",
    ReviewState.OVERDUE: "regional-status--warn",
    ReviewState.FINE: "w-status--primary",
}


def tag(label: Any, kind: Any = None) -> SafeString:
    """A word in a frame."""
    return format_html('<span class="w-status {}">{}</span>', _EMPHASIS.get(kind, ""), label)


def has_ended(row: Any) -> bool:
    """Whether a row belongs to the past."""
    return isinstance(row, Dated) and row.status == Status.ENDED


def chosen_title(row: Any) -> str:
    """What a form shows of a row that was chosen; one that has ended says so."""
    if not has_ended(row):
        return str(row)
    return _("%(name)s – ended (%(when)s)") % {"name": row, "when": row.get_status_display()}


def status_tag(row: Any, moment: Moment) -> SafeString:
    """The status, and the phrase that explains it."""
    status = row.status_at(moment)
    starts, ends = row.period
    phrase = describe(starts, ends, status) if starts or ends else ""
    return format_html(
        '{} <span class="regional-detail">{}</span>', tag(status.label, status), phrase
    )


def review_tag(row: Any, moment: Moment) -> SafeString:
    """Where the review stands."""
    state = review_state_of(row, moment)
    return tag(state.label, state)
