"""Where the API is mounted."""

from __future__ import annotations

import pytest
import wagtail

MOUNTS = {
    "on its own": "/alone",
    "of the site": "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional",
}


@pytest.fixture(params=MOUNTS)
def api_root(request, settings) -> str:
    """The beginning of its addresses: under Wagtail's API v3 or, where that is not, as the site
    has it; and on its own."""
    settings.ROOT_URLCONF = "tests.api.urls_standalone"
    return MOUNTS[request.param]
