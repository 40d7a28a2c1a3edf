"""The demo's settings, with its data in a directory of the tests' own."""

import os
from pathlib import Path

from example_site.settings import *  # noqa: F403
from example_site.settings import DATABASES

DATA_DIR = Path(os.environ["BROWSER_TEST_DATA"])
DATABASES["default"]["NAME"] = DATA_DIR / "db.sqlite3"
MEDIA_ROOT = DATA_DIR / "media"

# Drafts that Wagtail saves by itself while a page is being published may take it offline again:
# both requests then write whole pages. Tests are quick enough to meet that.
WAGTAIL_AUTOSAVE_INTERVAL = 0
