"""What the history says of changes that are ours."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from wagtail_regional.admin.deleting import ENDED
from wagtail_regional.fields import PartialDate
from wagtail_regional.usage.replacing import REPLACED, REPOINTED, TOOK_OVER


def _title(log_entry: Any, which: str) -> str:
    title: str = (log_entry.data.get(which) or {}).get("title", "")
    return title


class _Replaced(LogFormatter):
    label = gettext_lazy("Replace")

    def format_message(self, log_entry: Any) -> str:
        return _("Replaced by “%(new)s” wherever it was in use") % {"new": _title(log_entry, "new")}


class _TookOver(LogFormatter):
    label = gettext_lazy("Take over")

    def format_message(self, log_entry: Any) -> str:
        return _("Took the place of “%(old)s”") % {"old": _title(log_entry, "old")}


class _Repointed(LogFormatter):
    label = gettext_lazy("Name another")

    def format_message(self, log_entry: Any) -> str:
        return _("Names “%(new)s” in the place of “%(old)s”") % {
            "new": _title(log_entry, "new"),
            "old": _title(log_entry, "old"),
        }


class _Ended(LogFormatter):
    label = gettext_lazy("Mark as ended")

    def format_message(self, log_entry: Any) -> str:
        try:
            ended = PartialDate.parse(log_entry.data["ended"]).display()
        except (KeyError, ValueError):
            return _("Marked as ended")
        return _("Marked as ended: %(ended)s") % {"ended": ended}


def register_actions(actions: Any) -> None:
    """Receives Wagtail's `register_log_actions`."""
    for action, formatter in (
        (REPLACED, _Replaced),
        (TOOK_OVER, _TookOver),
        (REPOINTED, _Repointed),
        (ENDED, _Ended),
    ):
        actions.register_action(action)(formatter)
