"""Public ids of rows of the example site, of which all examples in the OpenAPI document are."""

from __future__ import annotations

from typing import Final

LEIDEN: Final = "8a3e888e-205e-5a52-9164-468ec2820cb7"
MEDICAL_DELTA: Final = "4e0c9c70-6ee1-54bc-9726-02f271078435"
THEME: Final = "266e84e7-2f00-58be-9457-5d462e07020b"
