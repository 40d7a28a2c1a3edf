"""Files that wait to be imported: kept in the database, where no address leads to them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

#: How long an upload waits to be confirmed.
KEPT = dt.timedelta(hours=24)


class ImportUploadQuerySet(models.QuerySet["ImportUpload"]):
    """Uploads by age."""

    def expired(self) -> ImportUploadQuerySet:
        """Those nobody confirmed in time."""
        return self.filter(created__lt=timezone.now() - KEPT)


class ImportUpload(models.Model):
    """What somebody uploaded to import, until it is confirmed, given up or expires."""

    #: Nothing of it is shown to readers.
    readers_see = False
    wagtail_reference_index_ignore = True

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    provider = models.CharField(max_length=255, blank=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ImportUploadQuerySet.as_manager()

    class Meta:
        # Whose it is decides.
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ImportFile(models.Model):
    """A file of an upload."""

    readers_see = False
    wagtail_reference_index_ignore = True

    upload = models.ForeignKey(ImportUpload, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    data = models.BinaryField()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
