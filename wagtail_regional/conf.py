"""The package's settings: one dictionary, ``WAGTAIL_REGIONAL``, with defaults for every key.

A host overrides what it wants::

    WAGTAIL_REGIONAL = {"BASE_TEMPLATE": "layouts/page.html"}

An unknown key is refused at start-up, and so is a value that would fail later, at a reader: what is
wrong is told all together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

SETTING_NAME = "WAGTAIL_REGIONAL"

DEFAULTS: dict[str, Any] = {
    # The template that regional pages extend, Django's or Jinja2's. Where it does not exist, the
    # package's own stands in.
    "BASE_TEMPLATE": "base.html",
    # What that template calls the blocks for our parts. Where it has none for the styles, they
    # come with the content.
    "BASE_BLOCKS": {"title": "title", "styles": "extra_css", "content": "content"},
    # Whether our pages have breadcrumbs of ours. None: unless the base template has a block
    # `breadcrumbs`.
    "BREADCRUMBS": None,
    # The static file that our pages and blocks link to for their looks; None for none.
    "STYLESHEET": "wagtail_regional/regional.css",
    # For a language, the languages to read instead when a text lacks it, best first:
    # {"fy": ["nl", "en"]}. After these come LANGUAGE_CODE and the other content languages.
    "LANGUAGE_FALLBACKS": {},
    # Image sizes by the role an image plays. Each value is a list of rendition filters, from
    # small to large; the last one is the `src`.
    "IMAGE_PROFILES": {
        "logo": ["max-160x80", "max-320x160"],
        "figure": ["width-480", "width-960", "width-1440"],
        "hero": ["fill-800x400", "fill-1600x800"],
    },
    # Used where no site says otherwise (see RegionalSettings).
    "ENDING_SOON_DAYS": 90,
    "REVIEW_PERIOD_MONTHS": 12,
    # Most items of a page of results, and how many without `limit`.
    "API_PAGE_SIZE": 20,
    # On Wagtail 8 the router mounts itself under API v3. False leaves that to the host.
    "API_AUTO_MOUNT": True,
    # Models of the host whose rows its own blocks or pages show in the API: "app.Model" names.
    # Changing one makes answers anew.
    "WATCHED_MODELS": [],
    # The entry of CACHES that keeps answers, and how long at most; 0 seconds keeps none.
    "API_CACHE": "default",
    "API_CACHE_SECONDS": 3600,
    # Something that differs from release to release of the site, when its code shapes answers.
    "API_CACHE_VERSION": "",
    # How long browsers, and shared caches in front of the site, may use an answer unasked.
    # A shared cache that is purged (see TAG_PURGE) can have a day. Neither outlives the day,
    # since what has ended depends on the date.
    "API_MAX_AGE": 0,
    "API_SHARED_MAX_AGE": 0,
    # How long the token of a preview in the front end is good.
    "PREVIEW_SECONDS": 3600,
    # Shared caches that are purged by tag, each with the dotted path of its BACKEND.
    "TAG_PURGE": {},
    # How long one attempt to deliver a webhook may take in all.
    "WEBHOOK_TIMEOUT_SECONDS": 5,
    # How long the log of deliveries is kept.
    "WEBHOOK_LOG_DAYS": 30,
    # True also sends to addresses that are not public: whoever edits webhooks can then reach
    # what only this server should reach.
    "WEBHOOK_ALLOW_PRIVATE": False,
    # `regional_review --check-links`: how long one link may take in all, how many hosts are asked
    # at the same time, and whether to ask hosts that are not public (see WEBHOOK_ALLOW_PRIVATE).
    "LINK_CHECK_TIMEOUT_SECONDS": 10,
    "LINK_CHECK_CONCURRENCY": 8,
    "LINK_CHECK_ALLOW_PRIVATE": False,
    # Whether the list of partners by place has a map above it.
    "MAP": True,
    # Tiles of your own or a provider's: {"url", "attribution", "max_zoom"}. Without them the map
    # is an outline from our static files, and no other host is asked for anything.
    "MAP_TILES": None,
    # Outlines, best first: the first whose bounds (west, south, east, north) have room around
    # the partners is drawn.
    "MAP_OUTLINES": [
        {
            "file": "wagtail_regional/map/low-countries.json",
            "bounds": [-1, 48.5, 11, 55.5],
            "max_zoom": 12,
        },
        {
            "file": "wagtail_regional/map/europe.json",
            "bounds": [-25, 33, 45, 72],
            "max_zoom": 9,
        },
        {"file": "wagtail_regional/map/world.json", "max_zoom": 7},
    ],
}


Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[int, Field(strict=True, ge=1)]
Seconds = Annotated[float, Field(strict=True, gt=0)]
Texts = Annotated[Sequence[str], Field(min_length=1)]


class Tiles(BaseModel):
    """Tiles of a map."""

    model_config = ConfigDict(extra="forbid")

    url: str
    attribution: str
    max_zoom: Whole = 18


class Outline(BaseModel):
    """What a map is drawn with where there are no tiles."""

    model_config = ConfigDict(extra="forbid")

    file: str
    bounds: tuple[float, float, float, float] | None = None
    max_zoom: Whole


class Cache(BaseModel):
    """A shared cache; what else it takes is for its backend to say."""

    BACKEND: str


#: What a value may be, by its key.
TYPES: dict[str, Any] = {
    "BASE_TEMPLATE": str,
    "BASE_BLOCKS": Mapping[str, str | None],
    "BREADCRUMBS": Flag | None,
    "STYLESHEET": str | None,
    "LANGUAGE_FALLBACKS": Mapping[str, Texts],
    "IMAGE_PROFILES": Mapping[str, Texts],
    "ENDING_SOON_DAYS": Whole,
    "REVIEW_PERIOD_MONTHS": Positive,
    "API_PAGE_SIZE": Positive,
    "API_AUTO_MOUNT": Flag,
    "WATCHED_MODELS": Sequence[str],
    "API_CACHE": str,
    "API_CACHE_SECONDS": Whole,
    "API_CACHE_VERSION": str,
    "API_MAX_AGE": Whole,
    "API_SHARED_MAX_AGE": Whole,
    "PREVIEW_SECONDS": Positive,
    "TAG_PURGE": Mapping[str, Cache],
    "WEBHOOK_TIMEOUT_SECONDS": Seconds,
    "WEBHOOK_LOG_DAYS": Whole,
    "WEBHOOK_ALLOW_PRIVATE": Flag,
    "LINK_CHECK_TIMEOUT_SECONDS": Seconds,
    "LINK_CHECK_CONCURRENCY": Positive,
    "LINK_CHECK_ALLOW_PRIVATE": Flag,
    "MAP": Flag,
    "MAP_TILES": Tiles | None,
    "MAP_OUTLINES": Sequence[Outline],
}


@cache
def _type_of(key: str) -> TypeAdapter[Any]:
    return TypeAdapter(TYPES[key])


def _problems(host: Mapping[str, Any]) -> list[str]:
    """What is wrong with a host's values, each by its key."""
    found = []
    for key, value in host.items():
        try:
            _type_of(key).validate_python(value)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                place = "".join(f"[{part!r}]" for part in (key, *each["loc"]))
                wrong = "" if each["type"] == "missing" else f" is {each['input']!r}"
                found.append(f"{SETTING_NAME}{place}{wrong}: {each['msg']}.")
    return found


class RegionalConf:
    """Reads ``WAGTAIL_REGIONAL`` over the defaults; each key is an attribute.

    Raises:
        ImproperlyConfigured: when the host's dictionary is none, or has a key this package does
            not know or a value that it cannot use.
        AttributeError: when code asks for a key that does not exist.
    """

    def __init__(self) -> None:
        self._values: dict[str, Any] | None = None

    def _load(self) -> dict[str, Any]:
        host = getattr(django_settings, SETTING_NAME, {})
        if not isinstance(host, Mapping):
            raise ImproperlyConfigured(
                f"{SETTING_NAME} is {host!r}. It is to be a dictionary of settings."
            )
        if unknown := sorted(set(host) - set(DEFAULTS)):
            raise ImproperlyConfigured(
                f"{SETTING_NAME} has no key {', '.join(map(repr, unknown))}. "
                f"It knows: {', '.join(sorted(DEFAULTS))}."
            )
        if problems := _problems(host):
            raise ImproperlyConfigured("\n".join(problems))
        values = {**DEFAULTS, **host}
        # These merge one by one: a host that resizes logos keeps our hero.
        for name in ("IMAGE_PROFILES", "BASE_BLOCKS"):
            values[name] = {**DEFAULTS[name], **host.get(name, {})}
        return values

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(f"{SETTING_NAME} has no key {name!r}")
        if self._values is None:
            self._values = self._load()
        return self._values[name]

    def as_dict(self) -> dict[str, Any]:
        """All settings with the values that hold."""
        return {name: getattr(self, name) for name in DEFAULTS}

    def reload(self) -> None:
        """Forget what was read; the next access reads the host's settings again."""
        self._values = None


conf = RegionalConf()


def _reload_on_change(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING_NAME:
        conf.reload()


setting_changed.connect(_reload_on_change, dispatch_uid="wagtail_regional.conf")
