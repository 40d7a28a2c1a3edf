"""What shapes answers besides the content: the code, and the settings of the site."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import Any

import wagtail
from django.conf import settings
from django.core.signals import setting_changed

from wagtail_regional import __version__
from wagtail_regional.conf import conf

#: Django's settings that shape answers, besides our own.
_SHAPING_SETTINGS = (
    "LANGUAGE_CODE",
    "LANGUAGES",
    "LOCALE_PATHS",
    "MEDIA_URL",
    "STATIC_URL",
    "STORAGES",
    "TIME_ZONE",
    "USE_I18N",
    "USE_TZ",
    "WAGTAILAPI_LIMIT_MAX",
    "WAGTAIL_CONTENT_LANGUAGES",
    "WAGTAIL_I18N_ENABLED",
)


@cache
def release() -> bytes:
    """The code and the settings that shape answers. With the secret, so that nobody can work
    out the version of an answer they may not have."""
    shaping = [(name, repr(getattr(settings, name, None))) for name in _SHAPING_SETTINGS]
    shaping += [("SECRET_KEY", settings.SECRET_KEY), ("wagtail", wagtail.__version__)]
    text = repr((__version__, shaping, sorted(conf.as_dict().items())))
    return blake2b(text.encode(), digest_size=32).digest()


def _forget_release(**kwargs: Any) -> None:
    release.cache_clear()


setting_changed.connect(_forget_release, dispatch_uid="wagtail_regional.release")
