"""Rules about who takes part: members that are gone, roles outside their alliance's dates,
programmes of nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from wagtail_regional.fields import PartialDate
from wagtail_regional.lifecycle import ended_q
from wagtail_regional.models import (
    Alliance,
    Membership,
    Programme,
    ProgrammeProvider,
)
from wagtail_regional.review.findings import (
    Date,
    Finding,
    Severity,
    Text,
)
from wagtail_regional.review.rules.base import Entry, Facts, Rule


class MemberGone(Rule):
    code = "member_gone"
    severity = Severity.ERROR
    title = gettext_lazy("Member or provider that is no more")
    description = gettext_lazy(
        "An organisation that was dissolved or succeeded by another is still a current member "
        "of an alliance, or still provides a programme."
    )

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "organisation__name",
        "organisation__dissolved",
        "organisation__successor__name",
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        gone = ended_q(facts.moment, "organisation__dissolved") | Q(
            organisation__successor__isnull=False
        )
        members = Membership.objects.filter(gone, facts.goes_on(), facts.goes_on("alliance__ends"))
        for entry, *columns in facts.entries(members, Alliance, *self.COLUMNS, via="alliance__"):
            yield self._finding(entry, _("its member"), *columns)
        providers = ProgrammeProvider.objects.filter(gone, facts.goes_on("programme__ends"))
        for entry, *columns in facts.entries(
            providers, Programme, *self.COLUMNS, via="programme__"
        ):
            yield self._finding(entry, _("its provider"), *columns)

    def _finding(
        self, entry: Entry, what: str, name: Any, dissolved: Any, successor: Any
    ) -> Finding:
        if successor:
            explanation = Text(
                _("“%(name)s”, still %(what)s, was succeeded by “%(successor)s”."),
                name=name,
                what=Text(what),
                successor=successor,
            )
            fix = Text(
                _("End the role of “%(name)s”, and add “%(successor)s” if it took over."),
                name=name,
                successor=successor,
            )
        else:
            explanation = Text(
                _("“%(name)s”, still %(what)s, was dissolved (%(dissolved)s)."),
                name=name,
                what=Text(what),
                dissolved=Date(dissolved),
            )
            fix = Text(
                _("End the role of “%(name)s”, or record which organisation succeeded it."),
                name=name,
            )
        return self.finding(entry, explanation, fix)


class RoleOutsideDates(Rule):
    code = "role_outside_dates"
    severity = Severity.WARNING
    title = gettext_lazy("Role outside the alliance's dates")
    description = gettext_lazy("A membership begins before its alliance did, or outlasts it.")
    settled_by_review = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        rows = Membership.objects.filter(
            Q(starts__isnull=False, alliance__starts__isnull=False)
            | Q(ends__isnull=False, alliance__ends__isnull=False)
        )
        columns = ("starts", "ends", "alliance__starts", "alliance__ends")
        names = ("organisation__name", "member_alliance__name", "group_label")
        for entry, starts, ends, begins, finishes, *parts in facts.entries(
            rows, Alliance, *columns, *names, via="alliance__"
        ):
            if self.is_settled(entry, facts):
                continue
            if message := self._outside(starts, ends, begins, finishes):
                yield self.finding(
                    entry,
                    Text(
                        message,
                        part=next((each for each in parts if each), ""),
                        starts=Date(starts),
                        ends=Date(ends),
                        begins=Date(begins),
                        finishes=Date(finishes),
                    ),
                    Text(
                        _(
                            "Correct the dates of one of the two. If they are right, mark the "
                            "alliance as reviewed."
                        )
                    ),
                )

    @staticmethod
    def _outside(*dates: Any) -> Any:
        starts, ends, begins, finishes = (
            each if isinstance(each, PartialDate) else None for each in dates
        )
        if starts and begins and starts.last_day < begins.first_day:
            return _(
                "“%(part)s” is a member from %(starts)s, before the alliance began (%(begins)s)."
            )
        if ends and finishes and ends.first_day > finishes.last_day:
            return _(
                "“%(part)s” is a member until %(ends)s, after the alliance ended (%(finishes)s)."
            )
        return None


class ProgrammeWithoutProvider(Rule):
    code = "programme_without_provider"
    severity = Severity.WARNING
    title = gettext_lazy("Programme without provider")
    description = gettext_lazy("Nobody is said to offer the programme.")

    def find(self, facts: Facts) -> Iterator[Finding]:
        rows = Programme.objects.filter(
            facts.goes_on(), ~Exists(ProgrammeProvider.objects.filter(programme=OuterRef("pk")))
        )
        for (entry,) in facts.entries(rows, Programme):
            yield self.finding(
                entry,
                Text(_("It has no provider, so readers cannot tell who offers it.")),
                Text(_("Add the organisations that provide it.")),
            )
