"""The example site, asked from outside."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def ask_demo(new_demo) -> Callable[[list[dict]], list[dict]]:
    """What a fresh demo answers to requests, one after the other: see `demo_answers`."""

    def ask(requests: list[dict]) -> list[dict]:
        outer = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_DEBUG"}}
        done = subprocess.run(
            [sys.executable, "-m", "tests.docs.demo_answers"],
            cwd=ROOT,
            env=outer
            | {
                "DJANGO_SETTINGS_MODULE": "tests.browser.site_settings",
                "BROWSER_TEST_DATA": str(new_demo()),
            },
            input=json.dumps(requests),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


@pytest.fixture(scope="session")
def operations() -> dict[str, dict]:
    """By their paths, as the OpenAPI document has them."""
    out = io.StringIO()
    call_command("regional_openapi", stdout=out)
    return {path: each["get"] for path, each in json.loads(out.getvalue())["paths"].items()}
