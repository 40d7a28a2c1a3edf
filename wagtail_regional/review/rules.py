"""The rules of the review, each a small class.

A rule asks the database for the rows that break it, so that it costs the same few queries for any
number of rows, and reads columns rather than building instances. What is found is about an entry
of the registry, also where a part of one (a member, a provider) is at fault: that is what people
own, edit and mark as reviewed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from wagtail.images import get_image_model_string

from wagtail_regional.compat import get_page_model
from wagtail_regional.fields import LocalizedTextField, PartialDate
from wagtail_regional.languages import content_languages
from wagtail_regional.lifecycle import Moment, Status, ended_q, overdue_q
from wagtail_regional.models import (
    Alliance,
    LinkCheck,
    LinkProblem,
    Membership,
    Organisation,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
    Project,
    Recognition,
    Theme,
)
from wagtail_regional.review.findings import (
    PAGE,
    Date,
    Finding,
    Language,
    ListOf,
    PageUse,
    Row,
    Severity,
    Text,
    Title,
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
        self, rows: QuerySet, model: type[models.Model], *columns: str, via: str = ""
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


class EndedShownAsCurrent(Rule):
    code = "ended_shown_as_current"
    severity = Severity.ERROR
    title = gettext_lazy("Ended, but shown as current")
    description = gettext_lazy(
        "A page presents an alliance that has ended without “Show as history”; or a project, "
        "programme, part or member alliance goes on although what it belongs to has ended."
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        yield from self.on_pages(facts, [page for page in facts.pages if page.public])
        yield from self._parts(facts)
        yield from self._projects(facts)
        yield from self._programmes(facts)
        yield from self._member_alliances(facts)

    def on_pages(self, facts: Facts, versions: list[Version]) -> Iterator[Finding]:
        """Blocks of these versions that present an alliance which has ended."""
        named = set().union(*(version.presented for version in versions))
        if not named:
            return
        rows = Alliance.objects.filter(ended_q(facts.moment), pk__in=named)
        ended = {
            entry.row.pk: (entry, ends) for entry, ends in facts.entries(rows, Alliance, "ends")
        }
        for version in versions:
            for pk in sorted(version.presented & ended.keys()):
                entry, ends = ended[pk]
                yield self.finding(
                    entry,
                    Text(
                        _("It ended (%(ends)s), and the page “%(page)s” presents it as current."),
                        ends=Date(ends),
                        page=Title(PAGE, version.pk, version.title),
                    ),
                    Text(
                        _(
                            "On that page, tick “Show as history” in the alliance's block, or "
                            "choose what came after it."
                        )
                    ),
                    target=(PAGE, version.pk),
                    pages=(PageUse(version.pk, version.title, version.public, not version.public),),
                )

    def _parts(self, facts: Facts) -> Iterator[Finding]:
        rows = Alliance.objects.filter(ended_q(facts.moment, "parent__ends"), facts.goes_on())
        for entry, name, ends in facts.entries(rows, Alliance, "parent__name", "parent__ends"):
            yield self._of(entry, name, ends)

    def _projects(self, facts: Facts) -> Iterator[Finding]:
        rows = Project.objects.filter(ended_q(facts.moment, "alliance__ends"), facts.goes_on())
        for entry, name, ends in facts.entries(rows, Project, "alliance__name", "alliance__ends"):
            yield self._of(entry, name, ends)

    def _of(self, entry: Entry, name: Any, ends: Any) -> Finding:
        return self.finding(
            entry,
            Text(
                _("It goes on, but “%(name)s”, to which it belongs, ended (%(ends)s)."),
                name=name,
                ends=Date(ends),
            ),
            Text(_("Fill in when it ended, or choose where it belongs now.")),
        )

    def _programmes(self, facts: Facts) -> Iterator[Finding]:
        """Programmes all of whose alliances have ended."""
        through = Programme.alliances.through.objects.filter(programme_id=OuterRef("pk"))
        rows = Programme.objects.filter(
            facts.goes_on(),
            Exists(through),
            ~Exists(through.filter(facts.goes_on("alliance__ends"))),
        )
        for (entry,) in facts.entries(rows, Programme):
            yield self.finding(
                entry,
                Text(_("It goes on, but every alliance it belongs to has ended.")),
                Text(_("Fill in when it ended, or choose the alliance that offers it now.")),
            )

    def _member_alliances(self, facts: Facts) -> Iterator[Finding]:
        rows = Membership.objects.filter(
            ended_q(facts.moment, "member_alliance__ends"),
            facts.goes_on(),
            facts.goes_on("alliance__ends"),
        )
        for entry, name, ends in facts.entries(
            rows, Alliance, "member_alliance__name", "member_alliance__ends", via="alliance__"
        ):
            yield self.finding(
                entry,
                Text(
                    _("Its member “%(name)s” is an alliance that ended (%(ends)s)."),
                    name=name,
                    ends=Date(ends),
                ),
                Text(_("Fill in when that membership ended.")),
            )


class UnknownBlocks(Rule):
    code = "unknown_block"
    severity = Severity.WARNING
    title = gettext_lazy("Block of an unknown type")
    description = gettext_lazy(
        "A page, or its draft, has a block of a type that the site does not have (any more). It is "
        "kept, and not shown to readers."
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        yield from self.on_pages(facts.pages)

    def on_pages(self, versions: Iterable[Version]) -> Iterator[Finding]:
        """A finding for each page that has such blocks, live or in its draft."""
        of_page: dict[int, list[Version]] = {}
        for version in versions:
            if version.unknown:
                of_page.setdefault(version.pk, []).append(version)
        label = get_page_model()._meta.label_lower
        for pk, found in of_page.items():
            types = sorted({name for version in found for name in version.unknown})
            public = any(version.public for version in found)
            draft = any(not version.public for version in found)
            title = found[0].title
            yield Finding(
                rule=self.code,
                severity=self.severity,
                row=Row(label, pk, "", title),
                explanation=Text(
                    _("It has blocks of types that this site does not know: %(types)s."),
                    types=", ".join(f"“{name}”" for name in types),
                ),
                fix=Text(
                    _(
                        "Ask those who look after the site to bring the type back, under its old "
                        "name: the content is kept, and not shown until then. Or delete the block "
                        "on the page."
                    )
                ),
                target=(PAGE, pk),
                pages=(PageUse(pk, title, public, draft),),
            )


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


class MissingTranslation(Rule):
    code = "missing_translation"
    severity = Severity.WARNING
    title = gettext_lazy("Missing translation")
    description = gettext_lazy(
        "A text of a registry row is written in one content language and not in another. Pages "
        "are translated as Wagtail does it, and are not looked at."
    )

    #: Rows with texts, the entry each belongs to, and the way to it.
    PARTS: ClassVar[tuple[tuple[Any, Any, str], ...]] = (
        *((model, model, "") for model in NAMES),
        (Membership, Alliance, "alliance__"),
        (Recognition, Alliance, "alliance__"),
        (ProgrammeAccess, Programme, "programme__"),
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        if len(facts.languages) < 2:
            return
        for model, about, via in self.PARTS:
            fields = [each for each in model._meta.fields if isinstance(each, LocalizedTextField)]
            columns = [each.name for each in fields]
            lacking = Q(pk__in=())
            for name in columns:
                has = (Q(**{f"{name}__has_key": language}) for language in facts.languages)
                lacking |= ~Q(**{name: {}}) & ~reduce(and_, has)
            rows = model._default_manager.filter(lacking)
            for entry, *texts in facts.entries(rows, about, *columns, via=via):
                missing = self._missing(fields, texts, facts.languages)
                if missing:
                    part = next(text for text in texts if text) if via else None
                    yield self._finding(entry, missing, part)

    @staticmethod
    def _missing(fields: Any, texts: Any, languages: list[str]) -> dict[str, list[Any]]:
        """The names of what is not written, by language."""
        found: dict[str, list[Any]] = {}
        for each, text in zip(fields, texts, strict=True):
            for language in languages if text else ():
                if language not in text:
                    found.setdefault(language, []).append(each.verbose_name)
        return found

    def _finding(self, entry: Entry, missing: dict[str, list[Any]], part: Any) -> Finding:
        fields = list(dict.fromkeys(name for names in missing.values() for name in names))
        params = {
            "languages": ListOf([Language(code) for code in missing]),
            "fields": ListOf(fields),
            "part": part,
        }
        message = _("Not written in %(languages)s: %(fields)s.")
        if part:
            message = _("Not written in %(languages)s, of its part “%(part)s”: %(fields)s.")
        return self.finding(
            entry,
            Text(message, **params),
            Text(_("Write it in %(languages)s, too."), **params),
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


class BrokenLink(Rule):
    code = "broken_link"
    severity = Severity.ERROR
    title = gettext_lazy("Link that does not answer")
    description = gettext_lazy(
        "An address did not answer when links were last checked, which only "
        "`manage.py regional_review --check-links` does."
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        failing = LinkCheck.objects.exclude(problem="")
        checks: dict[str, list[Any]] = {
            url: rest
            for url, *rest in failing.values_list("url", "problem", "status", "failing_since")
        }
        if not checks:
            return
        urls = failing.values("url")
        found: dict[tuple[Any, str], tuple[Entry, list[Any]]] = {}
        for model, about, via, column in link_columns():
            rows = model._default_manager.filter(**{f"{column}__in": urls})
            for entry, url in facts.entries(rows, about, column, via=via):
                # MariaDB tells no capitals apart.
                if url in checks:
                    fields = found.setdefault((entry.row.key, url), (entry, []))[1]
                    fields.append(model._meta.get_field(column).verbose_name)
        for (_key, url), (entry, fields) in found.items():
            yield self._finding(entry, fields, url, *checks[url])

    def _finding(
        self,
        entry: Entry,
        fields: list[Any],
        url: str,
        problem: str,
        status: int | None,
        since: dt.datetime | None,
    ) -> Finding:
        reason: Any = LinkProblem(problem).label
        if status:
            reason = Text(_("%(reason)s (status %(status)s)"), reason=reason, status=status)
        return self.finding(
            entry,
            Text(
                _("%(url)s (%(fields)s) has not answered since %(since)s: %(reason)s."),
                url=url,
                fields=ListOf(dict.fromkeys(fields)),
                since=Date(timezone.localdate(since) if since else None),
                reason=reason,
            ),
            Text(_("Look for where it went, and correct or clear the address.")),
        )


def link_columns() -> Iterator[tuple[Any, Any, str, str]]:
    """Where the registry has addresses: the model, the entry's model, the way to the entry, and
    the column."""
    owners: tuple[tuple[Any, Any, str], ...] = (
        *((model, model, "") for model in NAMES),
        (Recognition, Alliance, "alliance__"),
        (ProgrammeAccess, Programme, "programme__"),
    )
    for model, about, via in owners:
        for column in model._meta.fields:
            if isinstance(column, models.URLField):
                yield model, about, via, column.name


class LogoWithoutAlt(Rule):
    code = "logo_without_alt"
    severity = Severity.WARNING
    title = gettext_lazy("Logo without alternative text")
    description = gettext_lazy(
        "The image used as a logo has no description, so some readers get nothing."
    )

    def find(self, facts: Facts) -> Iterator[Finding]:
        image = get_image_model_string().lower()
        for model in (Organisation, Alliance):
            rows = model.objects.filter(logo__isnull=False, logo__description="")
            for entry, logo, title in facts.entries(rows, model, "logo_id", "logo__title"):
                yield self.finding(
                    entry,
                    Text(
                        _("Its logo, the image “%(title)s”, has no description."),
                        title=Title(image, logo, title),
                    ),
                    Text(
                        _(
                            "Describe the image, such as “Logo of %(name)s”: whoever does not "
                            "see it is told that instead."
                        ),
                        name=entry.row.label,
                    ),
                    target=(image, logo),
                )


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
