from contextlib import suppress

from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegionalConfig(AppConfig):
    name = "wagtail_regional"
    label = "wagtail_regional"
    verbose_name = _("Regional partnerships")
    # Pinned, so that a host's DEFAULT_AUTO_FIELD never changes our migrations.
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_regional.checks import settings
        from wagtail_regional.checks.stored_blocks import check_unknown_blocks
        from wagtail_regional.compat import HAS_API_V3
        from wagtail_regional.conf import conf
        from wagtail_regional.freshness.stamps import (
            touch_after_migrate,
            watch,
            watch_open_connections,
        )
        from wagtail_regional.invalidation import changes
        from wagtail_regional.models.sorting import make_sort_indexes
        from wagtail_regional.models.words import make_words

        settings.register()
        checks.register(check_unknown_blocks, checks.Tags.database)
        changes.connect()
        connection_created.connect(watch, dispatch_uid="wagtail_regional.stamp")
        watch_open_connections()
        post_migrate.connect(
            touch_after_migrate, sender=self, dispatch_uid="wagtail_regional.stamp"
        )
        post_migrate.connect(
            make_sort_indexes, sender=self, dispatch_uid="wagtail_regional.sorting"
        )
        post_migrate.connect(make_words, sender=self, dispatch_uid="wagtail_regional.words")
        if HAS_API_V3 and conf.API_AUTO_MOUNT:
            self._mount_api()

    @staticmethod
    def _mount_api() -> None:
        """Join Wagtail's API v3, before anybody reads its addresses."""
        from ninja.errors import ConfigError
        from wagtail.api.v3.api import api

        from wagtail_regional.api.openapi import TAG
        from wagtail_regional.api.router import router

        # A test that overrides INSTALLED_APPS makes the apps ready once more.
        with suppress(ConfigError):
            api.add_router("/regional/", router)
            api.openapi_extra.setdefault("tags", []).append(TAG)
