from tests.settings import *  # noqa: F403

INSTALLED_APPS = [
    "tests.custompage",
    *(app for app in INSTALLED_APPS if app not in ("wagtail_regional.pages", "tests.testapp")),  # noqa: F405
]
WAGTAIL_PAGE_MODEL = "custompage.BasePage"


class _NoMigrations:
    """Tables are made from the models."""

    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


MIGRATION_MODULES = _NoMigrations()
