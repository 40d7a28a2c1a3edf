"""For whom something is read: language, day, site."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

from django.conf import settings as django_settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import get_script_prefix
from wagtail.models import Site, SiteRootPath

from wagtail_regional.addresses import web_address
from wagtail_regional.compat import (
    get_page_model,
    known_site,
    remember_root_paths,
    remember_site,
)
from wagtail_regional.conf import conf
from wagtail_regional.filters import Filter
from wagtail_regional.freshness.instants import stamps_for
from wagtail_regional.freshness.stamps import Stamps
from wagtail_regional.languages import (
    content_active,
    current_language,
    fallback_chain,
    reading,
    words_language,
)
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import RegionalSettings
from wagtail_regional.representation.prepared import Prepared

#: What reading needs of the settings, and how those columns are named beside other rows.
SETTINGS_COLUMNS = ("frontend_base_url", "ending_soon_days")
SETTINGS_PREFIX = "regional_settings_"

#: The key of a site, its address and a path there: what `Page.get_url_parts` gives.
_UrlParts = tuple[int, str | None, str | None]

_Key = TypeVar("_Key")
_Read = TypeVar("_Read")


@dataclass
class ReadContext:
    """What a reading depends on besides the content.

    Attributes:
        language: the language wanted (BCP 47).
        request: the request, where there is one; it spares look-ups, and tells the site.
        site: the site; found from the request where left out.
        relative: whether addresses within the site are given as paths, as Wagtail's own templates
            give them: right for HTML that the site itself serves, at whatever host and port. Else
            all are absolute, as programs elsewhere need them.
        shown: cache tags of what was read for this reader.
    """

    language: str
    request: HttpRequest | None = None
    site: Site | None = None
    relative: bool = False
    shown: set[str] = field(default_factory=set, init=False)
    _url_parts: dict[int | None, _UrlParts | None] = field(
        default_factory=dict, init=False, repr=False
    )

    def __post_init__(self) -> None:
        if self.site is None:
            self.site = (
                site_of(self.request, self.stamps)
                if self.request
                else Site.objects.filter(is_default_site=True).first()
            )

    @staticmethod
    def active_language() -> str:
        """The language of whoever says none."""
        return current_language()

    @cached_property
    def stamps(self) -> Stamps | None:
        """The stamps, read before anything else; None where nothing is to be kept."""
        if not conf.API_CACHE_SECONDS:
            return None
        return stamps_for(self.request)

    @cached_property
    def settings(self) -> RegionalSettings:
        return RegionalSettings.read(self.site)

    def use_settings_of(self, row: Any) -> None:
        """Take the settings from columns read beside another row (see `settings_columns`)."""
        values = {name: getattr(row, SETTINGS_PREFIX + name) for name in SETTINGS_COLUMNS}
        known = {name: value for name, value in values.items() if value is not None}
        self.__dict__.setdefault("settings", _settings(self.site and self.site.pk, **known))

    @cached_property
    def now(self) -> Moment:
        """The day of reading, by which rows are visible or not. Unlike `moment` it does not know
        the site's window, for which settings have to be read."""
        return Moment.now()

    @cached_property
    def moment(self) -> Moment:
        """The day of reading with the site's window, by which status is judged."""
        return replace(self.settings.moment(), today=self.now.today)

    def moment_of(self, chosen: Filter) -> Moment:
        """`moment`, where a filter asks for a status; else `now`."""
        return self.moment if chosen.by_day else self.now

    @cached_property
    def chain(self) -> tuple[str, ...]:
        """The languages to read, best first."""
        return fallback_chain(self.language)

    @cached_property
    def words_language(self) -> str:
        """The language of our own words beside the content."""
        return words_language(self.language)

    @property
    def languages(self) -> list[str]:
        """The languages an answer is in: that of the content, and that of the words beside it
        where it is another."""
        same = self.words_language == self.language.lower()
        return [self.language] if same else [self.language, self.words_language]

    @cached_property
    def base_url(self) -> str:
        """Scheme, host and port of the site, as this reader reaches it."""
        return base_url_of(self.site, self.request) if self.site else ""

    @cached_property
    def root_paths(self) -> tuple[SiteRootPath, ...]:
        """Where the pages of every site begin, in each language, as Wagtail lists them."""
        return _sites_of(self.stamps).root_paths

    @cached_property
    def roots(self) -> tuple[SiteRootPath, ...]:
        """Where those of this site begin."""
        return tuple(root for root in self.root_paths if self.site and root.site_id == self.site.pk)

    @cached_property
    def frontends(self) -> dict[int, str]:
        """The addresses of front ends, by site. Of the reader's own they come with the settings;
        the others are asked for only where there are other sites."""
        own = {self.site.pk: self.settings.frontend_base_url} if self.site else {}
        if {root.site_id for root in self.root_paths} <= own.keys():
            return own
        return {**dict(_frontends()), **own}

    def file_url(self, url: str) -> str:
        """The address of an image or a document, as this reader needs it."""
        return url if self.relative else self.absolute(url)

    def absolute(self, url: str) -> str:
        """`url` with scheme and host: those of the site where it has none."""
        if url.startswith("/") and not url.startswith("//"):
            return self.base_url + url
        return urljoin(self.base_url, url) if url else ""

    def page_url(self, page: Any, *, absolute: bool = False) -> str | None:
        """Where readers find `page`: at its site's front end, if it has one, or at Wagtail's
        own address. None when no site serves the page.

        Args:
            absolute: with scheme and host, also for a reader of HTML.
        """
        parts = self.url_parts(page)
        if parts is None:
            return None
        site_id, root_url, path = parts
        if root_url is None or path is None:
            return None
        if frontend := web_address(self.frontends.get(site_id)):
            return at_front_end(frontend, path)
        if self.site is None or site_id != self.site.pk:
            return root_url + path
        return path if self.relative and not absolute else self.base_url + path

    def sites_of(self, page: Any) -> set[int]:
        """The sites that `page` is a page of (see `sites_at`)."""
        return sites_at(page.url_path, self.root_paths)

    def url_parts(self, page: Any) -> _UrlParts | None:
        """Wagtail's own word on where `page` is; asked once for each page that is saved."""
        if page.pk is None or page.pk not in self._url_parts:
            # Without a request any object will do for Wagtail to remember the site roots on.
            remembers: Any = self.request or self
            remember_root_paths(remembers, self.root_paths)
            self._url_parts[page.pk] = page.get_url_parts(remembers)
        return self._url_parts[page.pk]

    def override_language(self) -> AbstractContextManager[None]:
        """A context manager that makes `language` the active one: for what a host adds."""
        return content_active(self.language)

    def reading(self) -> AbstractContextManager[None]:
        """A context manager that makes `words_language` the active one: for words of ours."""
        return reading(self.language)


@lru_cache(100)
def _settings(site: int | None, **values: Any) -> RegionalSettings:
    """Settings with these values, for readers to share: the same ones are read each time."""
    values["site_id"] = site
    return RegionalSettings(**values)


def base_url_of(site: Site, request: HttpRequest | None) -> str:
    """A site's scheme, host and port.

    A site says its port, but hardly anybody keeps that right: Wagtail writes 80 for a new one,
    which then runs at 8000, or behind TLS at 443. So where a reader asks for the site's own host,
    a site at port 80 is where it was asked for.
    """
    root_url: str = site.root_url
    if request is None or site.port != 80:
        return root_url
    host = request.get_host()
    return f"{request.scheme}://{host}" if _hostname(host) == site.hostname.lower() else root_url


def _hostname(host: str) -> str:
    """The host of a `Host` header, without its port."""
    return host.rpartition(":")[0].lower() if re.search(r":[0-9]*$", host) else host.lower()


def at_front_end(frontend: str, path: str) -> str:
    """The address at a front end of what Wagtail serves at `path`: Wagtail itself may be mounted
    below a prefix, which is none of the front end's."""
    base = urlsplit(frontend)
    return f"{base.scheme}://{base.netloc}{base.path.rstrip('/')}{without_prefix(path)}"


def without_prefix(path: str) -> str:
    """A path without the prefix that the server, or `FORCE_SCRIPT_NAME`, puts before all of
    them."""
    prefix = get_script_prefix().rstrip("/")
    return path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path


def _frontends() -> QuerySet[RegionalSettings, tuple[int, str]]:
    """Sites that have a front end, with its address."""
    rows = RegionalSettings.objects.exclude(frontend_base_url="")
    return rows.values_list("site_id", "frontend_base_url")


class _Beginning(NamedTuple):
    """A page where a site begins, with that site, or a translation of one, with None."""

    translation_key: Any
    url_path: str
    language: str
    site: int | None
    hostname: str | None
    port: int | None
    site_name: str | None
    is_default: bool | None
    root_page: int


def _beginnings() -> QuerySet[Any, Any]:
    """The columns of all of these."""
    roots = Site.objects.values("root_page__translation_key")
    begin: QuerySet[Any] = get_page_model().objects.filter(translation_key__in=roots)
    columns = "pk", "hostname", "port", "site_name", "is_default_site"
    sites = (f"sites_rooted_here__{name}" for name in columns)
    return begin.order_by("path").values_list(
        "translation_key", "url_path", "locale__language_code", *sites, "pk"
    )


class _Sites:
    """The sites there are, and where they begin."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self.rows = tuple(map(_Beginning._make, rows))

    @cached_property
    def root_paths(self) -> tuple[SiteRootPath, ...]:
        """As Wagtail lists them: what lies deeper comes first. Wagtail remembers its own list
        for an hour, in each process, and forgets it only where a site was saved."""
        sites = [row for row in self.rows if row.site is not None]
        sites.sort(key=lambda row: (not row.is_default, row.hostname))
        sites.sort(key=lambda row: row.url_path, reverse=True)
        in_languages = getattr(django_settings, "WAGTAIL_I18N_ENABLED", False)
        found = []
        for site in sites:
            root_url = Site(hostname=site.hostname, port=site.port).root_url
            same = [row for row in self.rows if row.translation_key == site.translation_key]
            places = [(row.url_path, row.language) for row in (same if in_languages else [site])]
            # A page where several sites begin is there several times.
            for path, language in dict.fromkeys(places):
                found.append(SiteRootPath(site.site, path, root_url, language))
        return tuple(found)


def current_root_paths() -> tuple[SiteRootPath, ...]:
    """Where the pages of every site begin, as the database has it now. One query."""
    return _sites_of(None).root_paths


def sites_at(url_path: str, root_paths: Iterable[SiteRootPath]) -> set[int]:
    """The sites that whatever is at this place of the tree is of. Where one site lies within
    another, it is the inner one; several sites may begin at the same page.

    Args:
        root_paths: where sites begin; what lies deeper comes first, as Wagtail lists them.
    """
    above = [root for root in root_paths if url_path.startswith(root.root_path)]
    return {root.site_id for root in above if root.root_path == above[0].root_path}


_BEGINNINGS = Prepared(_beginnings)

#: What sites there are under the last few stamps of the content, and which one Wagtail found for an
#: address among the last few sites that there were.
_under_stamps: OrderedDict[str, _Sites] = OrderedDict()
_found_among: OrderedDict[tuple[Any, ...], Site | None] = OrderedDict()
_MOST_REMEMBERED = 100


def _sites_of(stamps: Stamps | None) -> _Sites:
    """What sites there are; asked once under each stamp, or now where there is none."""
    if stamps is None:
        return _Sites(_BEGINNINGS.rows())
    return _remembered(_under_stamps, stamps.content, lambda: _Sites(_BEGINNINGS.rows()))


def _remembered(known: OrderedDict[_Key, _Read], key: _Key, read: Callable[[], _Read]) -> _Read:
    """What `read` gives, asked once for each key."""
    try:
        return known[key]
    except KeyError:
        found = known[key] = read()
    # Another thread may be at it, too.
    with suppress(KeyError):
        while len(known) > _MOST_REMEMBERED:
            known.popitem(last=False)
    return found


def site_of(request: HttpRequest, stamps: Stamps | None) -> Site | None:
    """The request's site, as Wagtail finds it. It is asked again only when sites have changed: to
    make Wagtail's query takes a fifth of the time of a small answer, and what sites there are is
    read for each one.

    Args:
        stamps: as they were before anything else was read; None where nothing is to be kept.
    """
    with suppress(LookupError):
        return known_site(request)
    if stamps is None:
        return Site.find_for_request(request)
    among = request.get_host(), request.get_port(), _sites_of(stamps).rows
    found = _remembered(_found_among, among, lambda: _without_root(Site.find_for_request(request)))
    site = copy(found)
    remember_site(request, site)
    return site


def _without_root(site: Site | None) -> Site | None:
    """A site to be remembered: its page may change when it does not."""
    found = copy(site)
    if found is not None:
        found._state.fields_cache.pop("root_page", None)
    return found
