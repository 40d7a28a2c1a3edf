"""How far a change reaches: which rows, and so which pages, show the changed thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from django.db.models import Model, Q

from wagtail_regional.compat import get_page_model
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    OrganisationIdentifier,
    Programme,
    ProgrammeAccess,
    ProgrammeCode,
    ProgrammeProvider,
    Project,
    Recognition,
    RegionalSettings,
    Theme,
)
from wagtail_regional.page_types import (
    programme_index_models,
    regional_page_models,
    subject_page_models,
)
from wagtail_regional.representation.context import ReadContext, at_front_end
from wagtail_regional.representation.needs import Needs

Keys = Iterable[int]


@dataclass
class Reach:
    """Everything that shows what was changed, by primary key.

    Attributes:
        organisations, alliances, programmes, projects, images, documents, pages: rows whose
            representation holds something of the change.
        below: tree paths of pages whose whole branch is concerned (breadcrumbs, addresses).
        lists: the kinds of which a row came, went or changed, so that lists may differ.
        addresses: of pages that showed it before, where a change takes that away.
        finders: whether a programme index changed, to which lists of programmes link.
        everything: a change of settings, sites, languages or collections, which any answer may
            show.
    """

    organisations: set[int] = field(default_factory=set)
    alliances: set[int] = field(default_factory=set)
    programmes: set[int] = field(default_factory=set)
    projects: set[int] = field(default_factory=set)
    images: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    below: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    finders: bool = False
    everything: bool = False

    def add(self, model: type[Model], keys: Keys) -> None:
        """Take in changed rows, with a few queries for any number of them.

        Args:
            model: of the registry, of pages, images or documents, or of what all depend on.
            keys: primary keys of rows as the database has them now; for a row about to be
                deleted, call this before.
        """
        keys = {key for key in keys if key is not None}
        if keys and (extend := _extension_for(model)):
            extend(self, keys)

    def add_addresses(self, column: str, value: Any) -> None:
        """Take in where the live regional pages are now of which a column has a value: for what
        is about to leave no trace of that.

        Args:
            column: of pages, with a lookup or without one; those without the column are skipped.
            value: to look for.
        """
        cache_object = ReadContext("")
        for model in regional_page_models():
            if column.partition("__")[0] in {each.name for each in model._meta.get_fields()}:
                for page in model.objects.live().filter(**{column: value}):
                    self.addresses |= addresses_of(page, cache_object)

    def merge(self, other: Reach) -> None:
        """Take in what another change reaches."""
        for each in fields(self):
            ours, theirs = getattr(self, each.name), getattr(other, each.name)
            setattr(self, each.name, ours | theirs)

    def tags(self) -> set[str]:
        """The cache tags of answers that may be out of date (see `freshness.tags`). With those
        of the kinds: what an answer shows many of, or counts, it does not name one by one."""
        found: set[str] = set()
        for kind, keys in (
            ("organisation", self.organisations),
            ("alliance", self.alliances),
            ("programme", self.programmes),
            ("project", self.projects),
            ("image", self.images),
            ("document", self.documents),
            ("page", self.pages),
        ):
            if keys:
                found |= {f"{kind}s", *(f"{kind}-{key}" for key in keys)}
        found |= {"finders"} if self.finders else set()
        return found | self.lists | ({"regional"} if self.everything else set())

    # --- Pages ---------------------------------------------------------------------------------

    def page_addresses(self) -> set[str]:
        """Addresses of the live regional pages that show any of this, or did, at Wagtail's own
        place and at the front end's."""
        cache_object = ReadContext("")
        found = set(self.addresses)
        for model in regional_page_models():
            for page in model.objects.live().select_related("locale"):
                if self._concerns(page):
                    found.update(addresses_of(page, cache_object))
        return found

    def _concerns(self, page: Any) -> bool:
        if self.everything or page.pk in self.pages:
            return True
        if any(page.path.startswith(path) for path in self.below):
            return True
        needs = Needs()
        page.body.stream_block.collect(page.body, needs)
        subject = getattr(page, "subject_id", None)
        needs.alliances.update({subject} if subject else ())
        needs.image("hero", getattr(page, "hero_image_id", None))
        return self._meets(needs, lists_programmes=page.lists_programmes)

    def _meets(self, needs: Needs, *, lists_programmes: bool) -> bool:
        alliances = needs.alliances | needs.alliance_parts | needs.alliance_programmes
        shown = (
            (self.alliances, alliances),
            (self.organisations, needs.organisations),
            (self.programmes, needs.programmes),
            (self.projects, needs.projects),
            (self.documents, needs.documents),
            (self.pages, needs.pages),
            (self.images, set().union(*needs.images.values())),
        )
        selects = bool(needs.selections) or lists_programmes
        return (
            any(changed & named for changed, named in shown)
            or (selects and bool(self.programmes or "programmes" in self.lists))
            or (needs.totals and bool(self.lists))
            or (needs.finder and self.finders)
        )

    # --- What shows what ------------------------------------------------------------------------

    def _organisations(self, keys: set[int]) -> None:
        self.lists.add("organisations")
        related = Organisation.objects.filter(Q(successor__in=keys) | Q(parent__in=keys))
        keys = keys | set(related.values_list("pk", flat=True))
        self.organisations |= keys
        members = Membership.objects.filter(organisation__in=keys)
        self._alliances(set(members.values_list("alliance_id", flat=True)), listed=False)
        taught = Programme.objects.filter(
            Q(providers__organisation__in=keys) | Q(access__organisation__in=keys)
        )
        self.programmes.update(taught.values_list("pk", flat=True))

    def _alliances(self, keys: set[int], *, listed: bool = True) -> None:
        """Alliances, and those that name them: parents, parts, successors, alliances they are
        members of; their projects and programmes mention them too."""
        if listed:
            self.lists.add("alliances")
        if not keys:
            return
        around = Alliance.objects.filter(
            Q(parent__in=keys)
            | Q(children__in=keys)
            | Q(succeeded_by__in=keys)
            | Q(memberships__member_alliance__in=keys)
        )
        self.alliances |= keys | set(around.values_list("pk", flat=True))
        if listed:
            self.projects.update(
                Project.objects.filter(alliance__in=keys).values_list("pk", flat=True)
            )
            self.programmes.update(
                Programme.objects.filter(alliances__in=keys).values_list("pk", flat=True)
            )

    def _memberships(self, keys: set[int]) -> None:
        rows = Membership.objects.filter(pk__in=keys)
        for alliance, organisation in rows.values_list("alliance_id", "organisation_id"):
            self.alliances.add(alliance)
            self.organisations.update({organisation} - {None})

    def _projects(self, keys: set[int]) -> None:
        self.lists.add("projects")
        self.projects |= keys
        rows = Project.objects.filter(pk__in=keys)
        self.alliances.update(rows.values_list("alliance_id", flat=True))

    def _programmes(self, keys: set[int]) -> None:
        self.lists.add("programmes")
        self.programmes |= keys
        through = Programme.alliances.through.objects.filter(programme__in=keys)
        self.alliances.update(through.values_list("alliance_id", flat=True))
        taught_by = ProgrammeProvider.objects.filter(programme__in=keys)
        self.organisations.update(taught_by.values_list("organisation_id", flat=True))

    def _themes(self, keys: set[int]) -> None:
        self.lists.add("themes")
        for kind, model in (
            (self.alliances, Alliance),
            (self.projects, Project),
            (self.programmes, Programme),
        ):
            kind.update(model.objects.filter(themes__in=keys).values_list("pk", flat=True))

    def _images(self, keys: set[int]) -> None:
        self.images |= keys
        self._organisations_quietly(Organisation.objects.filter(logo__in=keys))
        logos = Alliance.objects.filter(logo__in=keys)
        self._alliances(set(logos.values_list("pk", flat=True)), listed=False)

    def _organisations_quietly(self, rows: Any) -> None:
        lists = set(self.lists)
        if found := set(rows.values_list("pk", flat=True)):
            self._organisations(found)
        self.lists = lists

    def _pages(self, keys: set[int]) -> None:
        self.lists.add("pages")
        base = get_page_model()
        rows = base.objects.filter(pk__in=keys).values_list("path", "url_path", "translation_key")
        # While a page moves, only its address still tells where it was.
        parents = Q(pk__in=[])
        for path, url_path, translation_key in rows:
            self.below.add(path)
            above = url_path[: url_path.rstrip("/").rfind("/") + 1]
            parents |= Q(path=path[: -base.steplen]) | Q(url_path=above)
            others = base.objects.filter(translation_key=translation_key)
            self.pages.update(others.values_list("pk", flat=True))
            branch = base.objects.filter(path__startswith=path, live=True)
            self.pages.update(branch.values_list("pk", flat=True))
        self.pages.update(base.objects.filter(parents).values_list("pk", flat=True))
        self.pages |= keys
        self.finders |= any(
            model.objects.filter(pk__in=self.pages).exists() for model in programme_index_models()
        )
        for model in subject_page_models():
            subjects = model.objects.filter(pk__in=keys, subject__isnull=False)
            self._alliances(set(subjects.values_list("subject_id", flat=True)), listed=False)

    def _all(self, keys: set[int]) -> None:
        self.everything = True


def _through(model: type[Model], column: str, extend: Callable[[Reach, set[int]], None]) -> Any:
    """An extension for rows that hang on another one, and change what is said of it."""

    def extension(reach: Reach, keys: set[int]) -> None:
        owners = model._default_manager.filter(pk__in=keys).values_list(column, flat=True)
        extend(reach, set(owners) - {None})

    return extension


_EXTENSIONS: dict[type[Model], Callable[[Reach, set[int]], None]] = {
    Organisation: Reach._organisations,
    OrganisationIdentifier: _through(
        OrganisationIdentifier, "organisation_id", Reach._organisations
    ),
    Alliance: Reach._alliances,
    Membership: Reach._memberships,
    Recognition: _through(Recognition, "alliance_id", Reach._alliances),
    Project: Reach._projects,
    Programme: Reach._programmes,
    ProgrammeProvider: _through(ProgrammeProvider, "programme_id", Reach._programmes),
    ProgrammeAccess: _through(ProgrammeAccess, "programme_id", Reach._programmes),
    ProgrammeCode: _through(ProgrammeCode, "programme_id", Reach._programmes),
    Theme: Reach._themes,
    RegionalSettings: Reach._all,
}


def is_shown(model: type[Model]) -> bool:
    """Whether readers see rows of `model`, so that changing one reaches somewhere."""
    return _extension_for(model) is not None


@cache
def _extension_for(model: type[Model]) -> Callable[[Reach, set[int]], None] | None:
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model
    from wagtail.models import Collection, CollectionViewRestriction, Locale, Site

    if model in _EXTENSIONS:
        return _EXTENSIONS[model]
    if issubclass(model, get_page_model()):
        return Reach._pages
    if issubclass(model, get_image_model()):
        return Reach._images
    if issubclass(model, get_document_model()):
        return lambda reach, keys: reach.documents.update(keys)
    # Of what is in a collection, or below one, it would take as long to find all.
    everywhere = Site, Locale, Collection, CollectionViewRestriction
    return Reach._all if model in everywhere else None


def addresses_of(page: Any, cache_object: Any = None) -> set[str]:
    """Where readers find a page: Wagtail's own addresses, and the front end's."""
    parts = page.get_url_parts(cache_object)
    if parts is None or parts[1] is None:
        return set()
    _site_id, root_url, path = parts
    addresses = {root_url + path + extra.lstrip("/") for extra in page.get_cached_paths()}
    site = page.get_site()
    frontend = RegionalSettings.read(site).frontend_base_url
    return addresses | ({at_front_end(frontend, path)} if frontend else set())
