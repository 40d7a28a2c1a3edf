"""The contract changes only on purpose.

After a change that is meant, write the snapshot anew::

    UPDATE_SNAPSHOT=1 pytest tests/api/test_snapshot.py
"""

import json
import os
from pathlib import Path

import pytest
import wagtail

SNAPSHOT = Path(__file__).parent / "openapi_snapshot.json"


def tidy(value):
    """Without what differs between Pythons: 3.13 strips the indentation of docstrings and has
    another phrase for status 422."""
    if isinstance(value, dict):
        return {key: tidy(each) for key, each in value.items()}
    if isinstance(value, list):
        return [tidy(each) for each in value]
    if not isinstance(value, str):
        return value
    return " ".join(value.split()).replace("Unprocessable Content", "Unprocessable Entity")


@pytest.mark.skipif(wagtail.VERSION < (8, 0), reason="one snapshot, made under API v3")
def test_the_schema_is_the_one_agreed_on(client, db):
    schema = client.get("/api/v3/openapi.json").json()
    ours = {
        "paths": {path: what for path, what in schema["paths"].items() if "/regional/" in path},
        "schemas": {
            name: what
            for name, what in schema["components"]["schemas"].items()
            if name.startswith("Regional")
        },
    }
    ours = tidy(ours)
    text = json.dumps(ours, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(text)
    assert json.loads(SNAPSHOT.read_text()) == ours
