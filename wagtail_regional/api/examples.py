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

LEIDEN: Final = "8a3e888e-205e-5a52-9164-468ec2820cb7"
MEDICAL_DELTA: Final = "4e0c9c70-6ee1-54bc-9726-02f271078435"
THEME: Final = "266e84e7-2f00-58be-9457-5d462e07020b"

#: By name or, where it differs between endpoints, by what the endpoint takes and the name.
PARAMETERS: Final[dict[str, Any]] = {
    "activity": ["research"],
    "alliance": [MEDICAL_DELTA],
    "bbox": "4.2,52.0,4.7,52.3",
    "country": ["NL"],
    "delivery": ["online"],
    "ects_max": 30,
    "ects_min": 15,
    "field": ["09"],
    "home": [LEIDEN],
    "joint": True,
    "kind": ["alliance", "page"],
    "language": ["en"],
    "lau": ["GM0546"],
    "level": ["bachelor"],
    "limit": 20,
    "locality": ["Leiden"],
    "locale": "en",
    "member": [LEIDEN],
    "mode": ["part_time"],
    "near": "52.16,4.49",
    "offset": 20,
    "open": "now",
    "open_on": "2026-09-01",
    "order": "-name",
    "path": "/en/in-the-region/",
    "provider": [LEIDEN],
    "q": "delta",
    "radius_km": 25,
    "role": ["partner"],
    "status": ["active", "ending_soon"],
    "terms": ["own"],
    "theme": [THEME],
    "token": "As-the-address-of-the-preview-has-it",
    "type": ["minor"],
    "AllianceFacetParameters.type": ["consortium", "network"],
    "AllianceParameters.order": "-starts",
    "AllianceParameters.type": ["consortium", "network"],
    "GeoJsonParameters.limit": 100,
    "GeoJsonParameters.type": ["healthcare"],
    "OrganisationFacetParameters.type": ["education"],
    "OrganisationParameters.order": "distance",
    "OrganisationParameters.type": ["education"],
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
