"""Whatever the API's description allows, and much it does not, gets a described answer."""

from __future__ import annotations

import pytest
from django.core.wsgi import get_wsgi_application

from tests.api.conftest import MOUNTS

schemathesis = pytest.importorskip("schemathesis", reason="the group fuzz is not installed")
from hypothesis import HealthCheck, Phase, given  # noqa: E402
from hypothesis import settings as bounds  # noqa: E402
from schemathesis import GenerationMode  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi import checks  # noqa: E402

pytestmark = [pytest.mark.fuzz]
#: Requests for each operation, on each mount, of what is allowed and of what is not: enough to meet
#: all parameters, and done within two minutes.
MOST_EXAMPLES = 30


@pytest.fixture(params=MOUNTS)
def description(full_page, settings, request):
    settings.ROOT_URLCONF = "tests.api.urls_everywhere"
    mount = MOUNTS[request.param]
    address = "/api/v3/openapi.json" if mount.startswith("/api/v3") else f"{mount}/openapi.json"
    found = schemathesis.openapi.from_wsgi(address, get_wsgi_application())
    return found.include(path_regex=f"^{mount}/")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_described(description, mode):
    operations = [each.ok() for each in description.get_all_operations()]
    assert len(operations) == 18
    for each in operations:
        check(each, mode)


def check(operation, mode):
    @given(case=operation.as_strategy(generation_mode=mode))
    @bounds(
        max_examples=MOST_EXAMPLES,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case):
        told = [
            not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
        ]
        # An answer of some fields has those alone, as its parameter says.
        if "fields" not in (case.query or {}):
            told.append(checks.response_schema_conformance)
        case.call_and_validate(checks=told)

    answers()
