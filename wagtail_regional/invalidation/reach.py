"""How far a change reaches: which rows, and so which pages, show the changed thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from django.db.models import Model, Q
from wagtail.images import get_image_model

from wagtail_regional.compat import get_page_model
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    Project,
    RegionalSettings,
    Theme,
)
from wagtail_regional.models.ties import TIES, Tie, showing
from wagtail_regional.page_types import (
    programme_index_models,
    regional_page_models,
    subject_page_models,
)
from wagtail_regional.representation.context import ReadContext, at_front_end
from wagtail_regional.representation.needs import Needs

Keys = Iterable[int]

#: What changed rows of a model reach.
Extension = Callable[["Reach", set[int]], None]

#: The kinds of rows of the registry that have answers, and tags, of their own.
_KINDS: dict[str, Any] = {
    "organisations": Organisation,
    "alliances": Alliance,
    "programmes": Programme,
    "projects": Project,
}


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

    def _entries(self, model: Any, keys: set[int], *, changed: bool = True) -> None:
        """Rows of the registry, those of their kind that show them, and of other kinds those that
        show any of these.

        Args:
            changed: whether it is they that changed, so that their lists may differ, and what has
                their names; and not only what they show.
        """
        kind = f"{model._meta.model_name}s"
        if changed:
            self.lists.add(kind)
        if not keys:
            return
        near = keys | _keys(showing(model, model, keys))
        if kind in _KINDS:
            getattr(self, kind).update(near)
        self._shown_by(model, near)
        for name, other in _KINDS.items() if changed else ():
            if other is not model:
                getattr(self, name).update(_keys(showing(other, model, keys, whole=False)))

    def _shown_by(self, target: Any, keys: set[int]) -> None:
        """What shows rows whole."""
        for other in _KINDS.values():
            if other is not target and (found := _keys(showing(other, target, keys, whole=True))):
                self._entries(other, found, changed=False)

    def _memberships(self, keys: set[int]) -> None:
        rows = Membership.objects.filter(pk__in=keys)
        for alliance, organisation in rows.values_list("alliance_id", "organisation_id"):
            self.alliances.add(alliance)
            self.organisations.update({organisation} - {None})

    def _images(self, keys: set[int]) -> None:
        self.images |= keys
        self._shown_by(get_image_model(), keys)

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
            shown = set(subjects.values_list("subject_id", flat=True))
            self._entries(Alliance, shown, changed=False)

    def _all(self, keys: set[int]) -> None:
        self.everything = True


def _keys(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))


def _entries_of(model: type[Model]) -> Extension:
    return lambda reach, keys: reach._entries(model, keys)


def _parts_of(part: Tie) -> Extension:
    """An extension for rows that hang on another one, and change what is said of it."""

    def extension(reach: Reach, keys: set[int]) -> None:
        owners = part.pairs(holders=keys)
        reach._entries(part.target, {owner for _part, owner in owners})

    return extension


_EXTENSIONS: dict[type[Model], Extension] = {
    **{each.model: _parts_of(each) for each in TIES if each.is_part},
    **{each: _entries_of(each) for each in (*_KINDS.values(), Theme)},
    Membership: Reach._memberships,
    RegionalSettings: Reach._all,
}


def is_shown(model: type[Model]) -> bool:
    """Whether readers see rows of `model`, so that changing one reaches somewhere."""
    return _extension_for(model) is not None


@cache
def _extension_for(model: type[Model]) -> Extension | None:
    from wagtail.documents import get_document_model
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
