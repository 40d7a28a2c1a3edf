from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_regional.models import ImportUpload


class Command(BaseCommand):
    """Meant for cron, each night."""

    help = "Deletes the files that were uploaded to be imported, and that nobody confirmed in time."

    def handle(self, *args: Any, **options: Any) -> None:
        _total, deleted = ImportUpload.objects.expired().delete()
        count = deleted.get(ImportUpload._meta.label, 0)
        if options["verbosity"] > 0:
            self.stdout.write(f"{count} uploads deleted")
