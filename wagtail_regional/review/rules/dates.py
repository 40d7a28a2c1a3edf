"""Rules about days: what ends, is not dated, should be looked at again, or has a deadline that
is past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from wagtail_regional.lifecycle import Status, overdue_q
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeAccess,
    Project,
    Recognition,
)
from wagtail_regional.review.findings import (
    Date,
    Finding,
    ListOf,
    Severity,
    Text,
)
from wagtail_regional.review.rules.base import NAMES, Entry, Facts, Rule


class EndsSoon(Rule):
    code = "ends_soon"
    severity = Severity.WARNING
    title = gettext_lazy("Ends soon")
    description = gettext_lazy("It ends within the window that the site's settings call soon.")

    #: What ends, of which entry, and the column that names it where it is a part.
    PARTS: ClassVar[tuple[tuple[Any, Any, str, tuple[str, ...], Any], ...]] = (
        (Alliance, Alliance, "", (), _("It ends soon: %(ends)s.")),
        (Project, Project, "", (), _("It ends soon: %(ends)s.")),
        (Programme, Programme, "", (), _("It ends soon: %(ends)s.")),
        (Organisation, Organisation, "", (), _("It will be dissolved soon: %(ends)s.")),
        (
            Membership,
            Alliance,
            "alliance__",
            ("organisation__name", "member_alliance__name", "group_label"),
            _("The membership of “%(part)s” ends soon: %(ends)s."),
        ),
        (
            Recognition,
            Alliance,
            "alliance__",
            ("label",),
            _("The recognition “%(part)s” ends soon: %(ends)s."),
        ),
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        for model, about, via, names, message in self.PARTS:
            rows = model.objects.with_status(facts.moment)
            rows = rows.filter(current_status=Status.ENDING_SOON)
            ends_column = model.period_fields[1]
            for entry, ends, *parts in facts.entries(rows, about, ends_column, *names, via=via):
                part = next((each for each in parts if each), "")
                yield self.finding(
                    entry,
                    Text(message, ends=Date(ends), part=part),
                    Text(
                        _(
                            "Find out whether it goes on. If it does, correct the end; if not, "
                            "name what comes after it and prepare the pages that show it."
                        )
                    ),
                )


class Undated(Rule):
    code = "undated"
    severity = Severity.NOTICE
    title = gettext_lazy("Without dates")
    description = gettext_lazy("An alliance or project has neither a start nor an end.")
    settled_by_review = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        for model in (Alliance, Project):
            rows = model.objects.filter(starts__isnull=True, ends__isnull=True)
            for (entry,) in facts.entries(rows, model):
                if not self.is_settled(entry, facts):
                    yield self.finding(
                        entry,
                        Text(_("Neither its start nor its end is known, so it never ends.")),
                        Text(
                            _(
                                "Fill in what is known; a year is enough. If nothing can be "
                                "found, mark it as reviewed."
                            )
                        ),
                    )


class ReviewOverdue(Rule):
    code = "review_overdue"
    severity = Severity.WARNING
    title = gettext_lazy("Review overdue")
    description = gettext_lazy("The date by which somebody would check it has passed.")

    def find(self, facts: Facts) -> Iterator[Finding]:
        overdue = overdue_q(facts.moment)
        for model in NAMES:
            for (entry,) in facts.entries(model._default_manager.filter(overdue), model):
                yield self.finding(
                    entry,
                    self._explanation(entry),
                    Text(_("Check it with its source, correct it, and mark it as reviewed.")),
                )

    @staticmethod
    def _explanation(entry: Entry) -> Text:
        due = Date(entry.review_by)
        if entry.last_reviewed is None:
            return Text(_("It was to be reviewed by %(due)s, and never was."), due=due)
        return Text(
            _("It was to be reviewed by %(due)s; the last review was on %(last)s."),
            due=due,
            last=Date(entry.last_reviewed),
        )


class DeadlinePast(Rule):
    code = "deadline_past"
    severity = Severity.WARNING
    title = gettext_lazy("Application deadline past")
    description = gettext_lazy("The application for a programme that goes on has closed.")

    def find(self, facts: Facts) -> Iterator[Finding]:
        rows = ProgrammeAccess.objects.filter(
            facts.goes_on("programme__ends"), application_closes__lt=facts.moment.today
        )
        found: dict[tuple[Any, dt.date], tuple[Entry, list[Any]]] = {}
        for entry, closed, name in facts.entries(
            rows, Programme, "application_closes", "organisation__name", via="programme__"
        ):
            found.setdefault((entry.row.pk, closed), (entry, []))[1].append(name)
        for (_pk, closed), (entry, names) in found.items():
            yield self.finding(
                entry,
                Text(
                    _("Application closed on %(closed)s, for %(names)s."),
                    closed=Date(closed),
                    names=ListOf([name or Text(_("guests")) for name in names]),
                ),
                Text(_("Fill in the dates of the next round, or clear them.")),
            )
