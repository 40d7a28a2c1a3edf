from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections, router

from wagtail_regional.freshness.stamps import touch
from wagtail_regional.models import Organisation
from wagtail_regional.models.words import renew_words


class Command(BaseCommand):
    help = (
        "Makes every answer of the regional API anew, and the words that searching compares with. "
        "For after a change that did not go through Django, such as a restored database or SQL "
        "typed by hand."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for using in connections:
            if router.allow_migrate_model(using, Organisation):
                renew_words(using, all_rows=True)
        touch()
        self.stdout.write("Answers will be made anew.")
