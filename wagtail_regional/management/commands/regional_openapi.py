import json
from typing import Any

from django.core.management.base import BaseCommand
from ninja.responses import NinjaJSONEncoder


class Command(BaseCommand):
    help = (
        "Print the OpenAPI document of the regional API, with this site's blocks. Its paths are "
        "relative to where the API is mounted. The same code and settings give the same text."
    )
    # It reads code, not the database.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from wagtail_regional.api.standalone import api

        document = tidy(dict(api.get_openapi_schema(path_prefix="")))
        self.stdout.write(
            json.dumps(document, cls=NinjaJSONEncoder, indent=2, sort_keys=True, ensure_ascii=False)
        )


def tidy(value: Any) -> Any:
    """Without the line breaks and indentation of docstrings, of which Pythons differ."""
    if isinstance(value, dict):
        return {
            key: " ".join(each.split())
            if key == "description" and isinstance(each, str)
            else tidy(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [tidy(each) for each in value]
    return value
