"""A site whose pages have a base model of its own, and the package's mixins."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import wagtail

ROOT = Path(__file__).parent.parent


@pytest.mark.skipif(wagtail.VERSION < (8, 0), reason="page models are swappable from Wagtail 8.0")
@pytest.mark.slow
def test_pages_of_its_own_are_served_and_found(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.custompage.check"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.custompage.settings",
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "served" in done.stdout
