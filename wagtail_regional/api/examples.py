"""Examples in the OpenAPI document: of every parameter here, of every answer in the JSON beside.

All are of the example site. Answers are cut short: one or two items of each list. After a change
of what is answered, make them anew::

    UPDATE_EXAMPLES=1 pytest tests/docs/test_document_examples.py
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

#: By operation id.
ANSWERS: Final = Path(__file__).with_name("examples.json")

#: Of parameters that no table of questions has: by name or, where it differs between endpoints,
#: by what the endpoint takes and the name.
PARAMETERS: Final[dict[str, Any]] = {
    "kind": ["alliance", "page"],
    "limit": 20,
    "locale": "en",
    "offset": 20,
    "order": "-name",
    "path": "/en/in-the-region/",
    "q": "delta",
    "token": "As-the-address-of-the-preview-has-it",
    "AllianceParameters.order": "-starts",
    "GeoJsonParameters.limit": 100,
    "OrganisationParameters.order": "distance",
    "PageListParameters.type": ["partnership"],
    "ProgrammeParameters.order": "deadline",
}


def of_parameter(taken_by: str, name: str) -> Any:
    """An example of a parameter, or None."""
    return PARAMETERS.get(f"{taken_by}.{name}", PARAMETERS.get(name))


@cache
def of_answers() -> dict[str, Any]:
    """An answer of each operation, by its id."""
    return json.loads(ANSWERS.read_text("utf-8")) if ANSWERS.exists() else {}
