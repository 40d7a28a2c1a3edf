"""JSON is what pydantic, whose schemas the OpenAPI document is made of, would write."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from uuid import uuid4

import pydantic_core
import pytest
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from wagtail_regional import schemas as s
from wagtail_regional.schemas.encoding import to_data, to_json
from wagtail_regional.vocabularies import Level

REFERENCE = {"id": uuid4(), "name": "Één", "acronym": "", "url": None}
VALUES = {
    "a shape": s.RegionalReference.shape(**REFERENCE),
    "an instance": s.RegionalReference(**REFERENCE),
    "both in each other": [{"a": (s.RegionalReference.shape(**REFERENCE),)}],
    "a marked text": mark_safe("<p>“x” \u2028</p>"),
    "numbers": [15.0, 0.1, 3, 2**70, True, None],
    "an amount": Decimal("1.50"),
    "a day": dt.date(2026, 1, 2),
    "a moment": dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC),
    "a moment elsewhere": dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    "a choice": Level.MASTER,
    "numbered": {1: "one"},
}


@pytest.mark.parametrize("name", VALUES)
def test_it_is_what_pydantic_writes(name):
    value = VALUES[name]
    assert to_json(value) == pydantic_core.to_json(value)
    assert json.loads(json.dumps(to_data(value))) == json.loads(to_json(value))


@pytest.mark.parametrize("write", [to_json, to_data])
def test_what_has_no_json_is_refused(write):
    with pytest.raises(pydantic_core.PydanticSerializationError):
        write({"label": lazystr("later")})
