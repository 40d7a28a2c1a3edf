import json
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import NoReverseMatch, reverse
from ninja.responses import NinjaJSONEncoder

from wagtail_regional.conf import conf


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
        # Relative to where the document is kept, as OpenAPI has it.
        document["servers"] = [{"url": address.rstrip("/")} for address in mounted_at()]
        self.stdout.write(
            json.dumps(document, cls=NinjaJSONEncoder, indent=2, sort_keys=True, ensure_ascii=False)
        )


def mounted_at() -> list[str]:
    """Where this site has the API: on its own, and under Wagtail's API v3."""
    mounts = {"wagtail_regional_api:api-root": ""}
    if conf.API_AUTO_MOUNT:
        mounts["wagtailapi_v3:api-root"] = "regional/"
    found = []
    for name, below in mounts.items():
        with suppress(NoReverseMatch):
            found.append(reverse(name) + below)
    return found


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
