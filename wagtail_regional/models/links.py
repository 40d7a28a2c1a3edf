"""What became of each link of the registry when it was last tried."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkProblem(models.TextChoices):
    """Why an address did not answer; each fits after "It does not answer:"."""

    UNKNOWN_HOST = "unknown_host", _("its host cannot be found")
    PRIVATE = "private", _("its host is not on the public internet")
    UNREACHABLE = "unreachable", _("no connection could be made")
    CERTIFICATE = "certificate", _("its certificate is not valid")
    TIMEOUT = "timeout", _("it took too long")
    REDIRECTS = "redirects", _("it redirects in circles, or too often")
    STATUS = "status", _("it answers that there is no such page, or with an error")
    INVALID = "invalid", _("it is not a well-formed address")


class LinkCheck(models.Model):
    """The last attempt to open an address. Written by `regional_review --check-links` alone.

    Attributes:
        problem: why it did not answer; empty when it did.
        status: the HTTP status it answered with, if it said anything.
        failing_since: when it first did not, since it last did.
    """

    #: Nothing of it is shown to readers.
    readers_see = False

    # Of an address itself, MariaDB would tell neither case nor accents apart.
    key = models.CharField(max_length=64, unique=True, editable=False)
    url = models.URLField(_("address"), max_length=500)
    status = models.PositiveSmallIntegerField(_("status of the answer"), null=True)
    problem = models.CharField(_("problem"), max_length=20, choices=LinkProblem.choices, blank=True)
    checked_at = models.DateTimeField(_("checked"), db_index=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        default_permissions = ()

    def __str__(self) -> str:
        return self.url

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = self.key_of(self.url)
        super().save(*args, **kwargs)

    @staticmethod
    def key_of(url: str) -> str:
        """What tells one address from another, letter by letter."""
        return hashlib.sha256(url.encode()).hexdigest()
