"""The content stamp's table: one small row for each change of shown content."""

from __future__ import annotations

import secrets

from django.db import models

#: The bits that are zero in the token of a change that cannot change which programmes a filter
#: finds, and never all zero in another: whoever knows nothing of the difference, such as a
#: process of an older release, nearly certainly adds one that counts.
PROGRAMME_BITS = 0xFFFF


def random_token() -> int:
    """48 random bits, not all of the last ones zero: a thousand add up to less than 2**63."""
    return secrets.randbits(48) | 1


def quiet_token() -> int:
    """The same of a change that leaves programmes as they are."""
    return secrets.randbits(48) & ~PROGRAMME_BITS


class ContentChange(models.Model):
    """Somebody changed something that readers see.

    Rows are only ever added, in the transaction of the change itself, so that writers never
    wait for each other; :mod:`wagtail_regional.freshness.stamp` reads them as one stamp and
    sweeps old ones together.
    """

    #: Nothing of it is shown, so writing it is no change.
    readers_see = False

    token = models.BigIntegerField(default=random_token, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.token:x}"
