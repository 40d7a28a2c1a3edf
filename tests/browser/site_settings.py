"""The demo's settings, with its data in a directory of the tests' own."""

import os
from pathlib import Path

from example_site.settings import *  # noqa: F403
from example_site.settings import DATABASES

DATA_DIR = Path(os.environ["BROWSER_TEST_DATA"])
DATABASES["default"]["NAME"] = DATA_DIR / "db.sqlite3"
MEDIA_ROOT = DATA_DIR / "media"
