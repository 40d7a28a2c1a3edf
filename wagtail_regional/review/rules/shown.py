"""Rules about what pages show: what has ended as if it had not, and blocks that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from wagtail_regional.compat import get_page_model
from wagtail_regional.lifecycle import ended_q
from wagtail_regional.models import (
    Alliance,
    Membership,
    Programme,
    Project,
)
from wagtail_regional.review.findings import (
    PAGE,
    Date,
    Finding,
    PageUse,
    Row,
    Severity,
    Text,
    Title,
)
from wagtail_regional.review.pages import Version
from wagtail_regional.review.rules.base import Entry, Facts, Rule


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
