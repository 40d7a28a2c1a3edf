"""Whatever the API's description allows, and much it does not, gets a described answer."""

from __future__ import annotations

import pytest
import wagtail
from django.core.wsgi import get_wsgi_application

from tests.conftest import make_alliance

schemathesis = pytest.importorskip("schemathesis", reason="the group fuzz is not installed")
from hypothesis import HealthCheck, Phase, given  # noqa: E402
from hypothesis import settings as bounds  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi import checks  # noqa: E402

pytestmark = [pytest.mark.fuzz]
ROOT = "/api/v3" if wagtail.VERSION >= (8, 0) else "/api/regional"


@pytest.fixture
def description(site):
    make_alliance()
    found = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", get_wsgi_application())
    return found.include(path_regex=r"/regional/")


def test_every_answer_is_described(description):
    for found in description.get_all_operations():
        check(found.ok())


def check(operation):
    @given(case=operation.as_strategy())
    @bounds(
        max_examples=15,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case):
        case.call_and_validate(
            checks=[
                not_a_server_error,
                checks.status_code_conformance,
                checks.content_type_conformance,
                checks.response_schema_conformance,
            ]
        )

    answers()
