"""The demo for an editor whose drafts are saved by themselves, with blocks of the site's own."""

from tests.browser.site_settings import *  # noqa: F403
from tests.browser.site_settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.browser.host"]
WAGTAIL_AUTOSAVE_INTERVAL = 500
