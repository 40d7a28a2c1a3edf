"""System checks: what a site lacks or has set so that something of ours would fail or mislead.

Those that ask the database run where Django asks such checks. What they say is for developers,
and in English, as Django's own is. Each has an id, which `SILENCED_SYSTEM_CHECKS` takes;
docs/reference/checks.md lists them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core import checks
from django.db import DatabaseError, router
from django.http.request import validate_host
from django.utils.module_loading import import_string
from wagtail.models import Site

from wagtail_regional import rendering
from wagtail_regional.conf import DEFAULTS, conf

#: What we use at run time, with what becomes of a site without it.
REQUIRED_APPS: Final = {
    "django.contrib.auth": "rows have owners",
    "django.contrib.contenttypes": "pages have types",
    "wagtail": "pages are its",
    "wagtail.admin": "the registry is kept there",
    "wagtail.search": "the registry is searched with it",
    "wagtail.images": "organisations have logos",
    "wagtail.documents": "a block offers documents",
    "wagtail.embeds": "a block shows embeds",
    "wagtail.contrib.settings": "review periods and front ends are set per site",
    "wagtail_modeladmin": "its screens are those of the registry",
    "taggit": "images and documents have tags",
    "modelcluster": "alliances are saved with their members",
}

#: Caches of one process, or of none.
_NOT_SHARED: Final = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)


def check_required_apps(**kwargs: Any) -> list[checks.CheckMessage]:
    """E001: an app that we need is not installed.

    Of a Wagtail app that is imported without being installed, Django takes the models for those of
    Wagtail itself, and `makemigrations` would write into its package. So this is an error.
    """
    return [
        checks.Error(
            f"wagtail_regional needs “{name}” in INSTALLED_APPS: {why}.",
            hint=f'Add "{name}" to INSTALLED_APPS.',
            id="wagtail_regional.E001",
        )
        for name, why in REQUIRED_APPS.items()
        if not apps.is_installed(name)
    ]


def check_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    """E002: a setting names a cache, a model, a class or a file that the site does not have."""
    found: list[checks.CheckMessage] = []
    if conf.API_CACHE not in settings.CACHES:
        found.append(
            checks.Error(
                f"WAGTAIL_REGIONAL names the cache “{conf.API_CACHE}” in API_CACHE, which CACHES "
                "has not.",
                hint=f"Use one of: {', '.join(settings.CACHES)}.",
                id="wagtail_regional.E002",
            )
        )
    for label in conf.WATCHED_MODELS:
        try:
            apps.get_model(label)
        except (LookupError, ValueError):
            found.append(
                checks.Error(
                    f"WAGTAIL_REGIONAL names the model “{label}” in WATCHED_MODELS, which no "
                    "installed app has.",
                    hint='Write it as "app_label.ModelName", such as "news.NewsItem".',
                    id="wagtail_regional.E002",
                )
            )
    for name, entry in conf.TAG_PURGE.items():
        try:
            import_string(entry["BACKEND"])
        except ImportError as error:
            found.append(
                checks.Error(
                    f"WAGTAIL_REGIONAL names the class “{entry['BACKEND']}” in TAG_PURGE, for the "
                    f"cache “{name}”, which cannot be imported: {error}.",
                    hint='Write it as "package.module.Class".',
                    id="wagtail_regional.E002",
                )
            )
    if conf.MAP and not conf.MAP_TILES:
        found += [
            checks.Error(
                f"WAGTAIL_REGIONAL names the file “{outline['file']}” in MAP_OUTLINES, which no "
                "directory of static files has.",
                hint="Write it as the {% static %} tag would take it.",
                id="wagtail_regional.E002",
            )
            for outline in conf.MAP_OUTLINES
            if not find(outline["file"])
        ]
    return found


def check_base_template(**kwargs: Any) -> list[checks.CheckMessage]:
    """W003: the base template is not there, or lacks a block that our pages fill."""
    engine = rendering.base_engine()
    if engine is None:
        if DEFAULTS["BASE_TEMPLATE"] == conf.BASE_TEMPLATE:
            # Nobody said that there is one.
            return []
        said = f"There is no template “{conf.BASE_TEMPLATE}”: regional pages are plain documents."
        hint = "Set BASE_TEMPLATE in WAGTAIL_REGIONAL to the template that your own pages extend."
        return [checks.Warning(said, hint=hint, id="wagtail_regional.W003")]
    known = rendering.base_blocks()
    if known is None:
        return []
    return [
        checks.Warning(
            f"The template “{conf.BASE_TEMPLATE}” has no block “{block}” for the {part} of "
            "regional pages.",
            hint=f'Set BASE_BLOCKS in WAGTAIL_REGIONAL: {{"{part}": ...}} to one of its blocks: '
            f"{', '.join(sorted(known))}.",
            id="wagtail_regional.W003",
        )
        for part, block in rendering.block_names().items()
        # Styles come with the content where there is no place of their own.
        if block and block not in known and part != "styles"
    ]


def check_cache_is_shared(**kwargs: Any) -> list[checks.CheckMessage]:
    """W010, with `--deploy`: answers are kept in a cache that processes do not share.

    They stay right, since what was changed is asked for under another key; each process only makes
    and keeps them for itself.
    """
    backend = settings.CACHES.get(conf.API_CACHE, {}).get("BACKEND", "")
    if backend not in _NOT_SHARED or not conf.API_CACHE_SECONDS:
        return []
    return [
        checks.Warning(
            f"The cache “{conf.API_CACHE}”, in which answers of the regional API are kept, is "
            f"{backend.rpartition('.')[2]}: each process keeps answers for itself, or none.",
            hint="With several processes, set CACHES to a cache that they share, such as Redis.",
            id="wagtail_regional.W010",
        )
    ]


def check_sites(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """W011, with `--deploy` and `--database`: readers cannot reach a site at the address that it
    has in the admin, which is the one that the API, canonical links and sitemaps give."""
    found: list[checks.CheckMessage] = []
    for using in databases or ():
        if not router.allow_migrate_model(using, Site):
            continue
        try:
            sites = list(Site.objects.using(using).order_by("pk"))
        except DatabaseError:
            # Before the first migration there is none.
            continue
        found += [message for site in sites if (message := _check_site(site))]
    return found


def _check_site(site: Site) -> checks.CheckMessage | None:
    if site.hostname in ("localhost", "127.0.0.1", "::1"):
        said = "it leads readers to their own computer"
    elif not validate_host(site.hostname, settings.ALLOWED_HOSTS):
        said = "ALLOWED_HOSTS refuses it"
    else:
        return None
    return checks.Warning(
        f"The site “{site}” has the address {site.root_url}, which the API, canonical links and "
        f"sitemaps give to readers; {said}.",
        hint="Correct the host and port in the admin, under Settings, Sites; or ALLOWED_HOSTS.",
        id="wagtail_regional.W011",
    )


def register() -> None:
    """Have Django run them. Called when the apps are ready."""
    ours = "wagtail_regional"
    checks.register(check_required_apps, ours)
    checks.register(check_settings, ours)
    checks.register(check_base_template, ours)
    checks.register(check_cache_is_shared, ours, deploy=True)
    checks.register(check_sites, ours, checks.Tags.database, deploy=True)
