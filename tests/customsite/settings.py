from tests.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.customsite"]  # noqa: F405
AUTH_USER_MODEL = "customsite.User"
WAGTAILIMAGES_IMAGE_MODEL = "customsite.OurImage"
