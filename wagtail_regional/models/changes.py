"""The content stamp's table: one small row for each change of shown content."""

from __future__ import annotations

import secrets

from django.db import models


def random_token() -> int:
    """48 random bits: thousands add up to less than 2**62."""
    return secrets.randbits(48)


class ContentChange(models.Model):
    """Somebody changed something that readers see.

    A change adds a row, in its own transaction, so that writers never wait for each other;
    :mod:`wagtail_regional.freshness.stamps` reads them as one stamp and folds old ones together.
    """

    #: Nothing of it is shown, so writing it is no change.
    readers_see = False

    token = models.BigIntegerField(default=random_token, editable=False)
    #: Whether programmes, or what hangs on them, may have changed: to count them takes longest,
    #: so that counts have a stamp of their own. Who knows nothing of this says that they may.
    of_programmes = models.BooleanField(db_default=True, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.token:x}"
