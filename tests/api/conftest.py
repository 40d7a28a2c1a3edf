"""Where the API is mounted."""

from __future__ import annotations

import pytest
import wagtail

#: Before Wagtail 8 a site has it on its own only.
MOUNTS = {"on its own": "/api/regional"}
if wagtail.VERSION >= (8, 0):
    MOUNTS["under API v3"] = "/api/v3/regional"


@pytest.fixture(params=MOUNTS)
def api_root(request, settings) -> str:
    """The beginning of its addresses, each way in which it can be mounted."""
    settings.ROOT_URLCONF = "tests.api.urls_everywhere"
    return MOUNTS[request.param]
