from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_regional.freshness.stamp import touch


class Command(BaseCommand):
    help = (
        "Makes every answer of the regional API anew. For after a change that did not go through "
        "Django, such as a restored database or SQL typed by hand."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        touch()
        self.stdout.write("Answers will be made anew.")
