"""Which pages show a row, to readers and in drafts.

Wagtail's reference index knows what the database's columns name. It knows nothing of drafts,
which are in revisions, nor of what a page shows without naming it: the members of an alliance,
the programmes that a list selects. So this asks the blocks themselves, which say what they refer
to, as the API's loading does; a body is read once, and no page is built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from wagtail_regional.blocks import AllianceBlock
from wagtail_regional.blocks.raw import Raw
from wagtail_regional.compat import union_of
from wagtail_regional.filters import branches, gather
from wagtail_regional.languages import current_language
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeProvider,
    Project,
)
from wagtail_regional.models.ties import Tie, tie
from wagtail_regional.page_types import regional_page_models, subject_page_models
from wagtail_regional.representation.needs import Needs
from wagtail_regional.review.findings import PageUse
from wagtail_regional.usage.streams import unknown_types, values_of

#: What `gather` reads of each row.
HIT_COLUMNS: tuple[str, ...] = ("pk", "list_index", "list_position", "list_total")

#: A UNION of more selects than this is more than some databases take.
_AT_ONCE = 50
_PROGRAMMES_AT_ONCE = 500


@dataclass(frozen=True)
class Version:
    """What one page says, as readers have it or as its draft does."""

    pk: int
    title: str
    public: bool
    needs: Needs
    lists_programmes: bool
    #: Alliances that a block presents as going on: not ticked as history.
    presented: frozenset[int]
    #: The types of its blocks that the site does not know.
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, model: Any, pk: int, title: str, body: Any, subject: int | None, *, public: bool
    ) -> Version:
        """Read a body.

        Args:
            model: the type of the page.
            body: the value of its stream.
            subject: the alliance it is about.
        """
        needs = Needs()
        body.stream_block.collect(body, needs)
        needs.alliances.update({subject} if subject else ())
        presented = frozenset(_presented(body))
        unknown = tuple(dict.fromkeys(unknown_types(body.stream_block, body.get_prep_value())))
        return cls(pk, title, public, needs, model.lists_programmes, presented, unknown)


def _presented(body: Any) -> Iterator[int]:
    """Also inside blocks of the host's own."""
    for value in values_of(body.stream_block, body.get_prep_value(), AllianceBlock):
        raw = Raw(value)
        pk = raw.pk("alliance")
        if pk is not None and not raw.flag("show_as_history"):
            yield pk


def read_pages() -> list[Version]:
    """All versions of all regional pages. Two queries for each type of page."""
    found: list[Version] = []
    for model in regional_page_models():
        has_subject = model in subject_page_models()
        columns = ["pk", "title", "live", "body", *(["subject_id"] if has_subject else [])]
        rows = model.objects.order_by("pk").values_list(*columns)
        for pk, title, live, body, *rest in rows.iterator(chunk_size=500):
            subject = rest[0] if rest else None
            found.append(Version.of(model, pk, title, body, subject, public=live))
        found += _drafts(model)
    return found


def _drafts(model: Any) -> Iterator[Version]:
    """What editors have yet to publish."""
    rows = model.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    body_field = model._meta.get_field("body")
    columns = ("pk", "draft_title", "latest_revision__content")
    for pk, title, content in rows.values_list(*columns).order_by("pk").iterator(chunk_size=500):
        body = body_field.to_python(content.get("body"))
        yield Version.of(model, pk, title, body, content.get("subject"), public=False)


@dataclass
class Shown:
    """Which versions show which rows.

    Args:
        versions: of any number of pages.
        moment: for lists that select by status.
    """

    versions: list[Version]
    moment: Moment
    _where: dict[tuple[type[Model], int], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )

    def __post_init__(self) -> None:
        #: Those that list all programmes there are.
        self._listing = {i for i, version in enumerate(self.versions) if version.lists_programmes}
        self._named()
        self._of_alliances()
        self._selected()
        self._providers()

    def shows(self, model: type[Model], pk: Any) -> bool:
        """Whether any of the versions does."""
        return bool(self._at(model, pk))

    def pages(self, model: type[Model], pk: Any) -> tuple[PageUse, ...]:
        """The pages that show a row, by title."""
        titles: dict[int, str] = {}
        public: set[int] = set()
        draft: set[int] = set()
        for index in self._at(model, pk):
            version = self.versions[index]
            titles[version.pk] = version.title
            (public if version.public else draft).add(version.pk)
        return tuple(
            PageUse(key, title, key in public, key in draft)
            for key, title in sorted(titles.items(), key=lambda pair: (pair[1], pair[0]))
        )

    def _add(self, model: type[Model], keys: Iterable[int | None], versions: Iterable[int]) -> None:
        versions = set(versions)
        if versions:
            for key in keys:
                self._where[model, key].update(versions)  # type: ignore[index]

    def _at(self, model: type[Model], key: int) -> set[int]:
        found = self._where.get((model, key), set())
        return found | self._listing if model is Programme else found

    def _named(self) -> None:
        for index, version in enumerate(self.versions):
            needs = version.needs
            self._add(Alliance, needs.alliances | needs.alliance_parts, {index})
            self._add(Organisation, needs.organisations, {index})
            self._add(Project, needs.projects, {index})
            self._add(Programme, needs.programmes, {index})

    def _of_alliances(self) -> None:
        """Parts, members and projects of the alliances that are named."""
        with_parts, with_programmes = defaultdict(set), defaultdict(set)
        for index, version in enumerate(self.versions):
            for key in version.needs.alliance_parts:
                with_parts[key].add(index)
            for key in version.needs.alliance_programmes:
                with_programmes[key].add(index)
        named = [key for model, key in self._where if model is Alliance]
        if not named:
            return
        at = {key: set(self._at(Alliance, key)) for key in named}
        for name in ("organisation", "member_alliance"):
            member = tie(Membership, name)
            for alliance, key in member.pairs(holders=named).iterator():
                self._add(member.target, {key}, at[alliance])
        self._listed(tie(Project, "alliance"), at)
        self._listed(tie(Alliance, "parent"), with_parts)
        self._listed(tie(Programme, "alliances"), with_programmes)

    def _listed(self, listed: Tie, at: dict[int, set[int]]) -> None:
        """What alliances are shown with, each where its alliance is."""
        for key, alliance in listed.pairs(targets=list(at)).iterator() if at else ():
            self._add(listed.model, {key}, at[alliance])

    def _selected(self) -> None:
        """Programmes that lists find."""
        versions = defaultdict(set)
        for index, version in enumerate(self.versions):
            for selection in version.needs.selections:
                versions[selection].add(index)
        selections = list(versions)
        for start in range(0, len(selections), _AT_ONCE):
            some = selections[start : start + _AT_ONCE]
            parts: list[Any] = [
                each.values_list(*HIT_COLUMNS)
                for each in branches(some, current_language(), self.moment)
            ]
            for selection, selected in gather(some, union_of(parts)).items():
                self._add(Programme, selected.ids, versions[selection])

    def _providers(self) -> None:
        """Who gives the programmes that are shown."""
        given_by = tie(ProgrammeProvider, "organisation")
        shown = [key for model, key in self._where if model is Programme]
        for start in range(0, len(shown), _PROGRAMMES_AT_ONCE):
            some = shown[start : start + _PROGRAMMES_AT_ONCE]
            for programme, organisation in given_by.pairs(holders=some):
                self._add(Organisation, {organisation}, self._at(Programme, programme))
        if self._listing:
            everybody = ProgrammeProvider.objects.order_by().values_list("organisation_id")
            found = {organisation for (organisation,) in everybody.distinct()}
            self._add(Organisation, found, self._listing)
