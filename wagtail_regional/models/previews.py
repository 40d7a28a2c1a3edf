"""Drafts as the API would answer them, kept for a short while for a front end to show."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.utils import timezone

from wagtail_regional.conf import conf


class PagePreview(models.Model):
    """The answer for a page that an editor is looking at, unsaved changes and all.

    It is kept in the database, not in a cache, which may be one of each worker process.
    """

    #: Only who has a token sees one; the answers for everybody do not change.
    readers_see = False

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: Who looks at what. A panel that follows an editor's typing keeps one answer, not hundreds.
    slot = models.CharField(max_length=100, unique=True)
    answer = models.TextField()
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.key)

    @classmethod
    def keep(cls, slot: str, answer: str) -> PagePreview:
        """Keep an answer, and throw away those whose tokens have expired.

        Args:
            slot: who looks at what; the answer takes the place of the last one there.
            answer: JSON.
        """
        now = timezone.now()
        expired = now - dt.timedelta(seconds=conf.PREVIEW_SECONDS)
        cls.objects.filter(created__lt=expired).delete()
        values = {"answer": answer, "created": now}
        return cls.objects.update_or_create(slot=slot, defaults=values)[0]
