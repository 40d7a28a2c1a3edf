"""Who is told when content changes, and what became of each message."""

from __future__ import annotations

import base64
import datetime as dt
import random
import secrets
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_regional.conf import conf
from wagtail_regional.models.texts import PlainTexts

#: How long after each failed attempt the next one is due, in seconds. After the last: never.
BACKOFF = (5, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 24 * 3600)

#: Waits are up to this much longer, so that messages that failed together do not return together.
JITTER = 0.2


def generate_secret() -> str:
    """A new signing secret: ``whsec_`` and 32 random bytes in base64 (Standard Webhooks)."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


class Webhook(PlainTexts):
    """A receiver: an address, and the secret with which what it is sent is signed."""

    #: Nothing of it is shown to readers.
    readers_see = False

    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(
        _("address"),
        max_length=500,
        help_text=_("Where changes are sent to, such as https://www.example.edu/hooks/content."),
    )
    secret = models.CharField(
        _("secret"),
        max_length=100,
        default=generate_secret,
        editable=False,
        help_text=_(
            "The receiver verifies with this that a message comes from here, as described on "
            "standardwebhooks.com. Keep it as you would a password."
        ),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("An inactive webhook is sent nothing.")
    )
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        # Django's own check of a URL lets ftp pass.
        if self.url and not self.url.lower().startswith(("http://", "https://")):
            raise ValidationError({"url": _("Enter an address that starts with https://.")})


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Deliveries by what can be done with them."""

    def unclaimed(self, now: dt.datetime) -> DeliveryQuerySet:
        """Those that nobody is sending. A worker that died loses its claim after a while."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))

    def due(self, now: dt.datetime) -> DeliveryQuerySet:
        """Those to send now. What an inactive webhook is owed waits until it is active again."""
        # Not `webhook__is_active`: for an UPDATE, Django would put a join and all conditions with
        # it into a subquery, which a waiting worker does not look at again once it gets the row.
        active = Webhook.objects.filter(is_active=True).order_by().values("pk")
        return self.unclaimed(now).filter(
            state__in=WebhookDelivery.OPEN_STATES, next_attempt_at__lte=now, webhook__in=active
        )

    def claim(self, event_id: uuid.UUID | str) -> WebhookDelivery | None:
        """Take a due delivery for one attempt.

        One UPDATE decides, so that of two workers only one gets it.

        Returns:
            The delivery, to be ended with `settle`; None when it is not due or somebody has it.
        """
        now = timezone.now()
        until = now + dt.timedelta(seconds=2 * conf.WEBHOOK_TIMEOUT_SECONDS + 60)
        claimed = (
            self.due(now)
            .filter(event_id=event_id)
            .update(claimed_until=until, last_attempt_at=now, attempts=F("attempts") + 1)
        )
        if not claimed:
            return None
        mine = self.filter(event_id=event_id, claimed_until=until)
        return mine.select_related("webhook").first()

    def reset(self, event_id: uuid.UUID | str) -> bool:
        """Begin again with a delivery, whatever became of it. False while it is being sent."""
        now = timezone.now()
        found = self.unclaimed(now).filter(event_id=event_id)
        return bool(
            found.update(
                state=DeliveryState.PENDING,
                attempts=0,
                next_attempt_at=now,
                claimed_until=None,
                response_status=None,
                error="",
            )
        )

    def prune(self, now: dt.datetime) -> int:
        """Delete what is older than WEBHOOK_LOG_DAYS and no longer going to be sent."""
        before = now - dt.timedelta(days=conf.WEBHOOK_LOG_DAYS)
        still_to_send = Q(state__in=WebhookDelivery.OPEN_STATES, webhook__is_active=True)
        return self.filter(created__lt=before).exclude(still_to_send).delete()[0]


class DeliveryState(models.TextChoices):
    """What became of a message."""

    PENDING = "pending", pgettext_lazy("delivery", "Pending")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    #: The last attempt failed and another will follow.
    FAILED = "failed", pgettext_lazy("delivery", "Failed, to be retried")
    ABANDONED = "abandoned", pgettext_lazy("delivery", "Abandoned")


class WebhookDelivery(models.Model):
    """One message to one receiver. Written by the sender alone; nobody edits it."""

    #: Nothing of it is shown to readers.
    readers_see = False

    OPEN_STATES = (DeliveryState.PENDING, DeliveryState.FAILED)

    event_id = models.UUIDField(_("message"), default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(
        Webhook, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="deliveries"
    )
    payload = models.JSONField(_("payload"))
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, default=timezone.now)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True)
    claimed_until = models.DateTimeField(null=True, editable=False)
    response_status = models.PositiveSmallIntegerField(_("status of the response"), null=True)
    error = models.TextField(_("error"), blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-created", "-pk"]
        # The log belongs to the webhooks: their permissions open it.
        default_permissions = ()
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="regional_delivery_due"),
        ]

    def __str__(self) -> str:
        return str(self.event_id)

    @property
    def is_open(self) -> bool:
        """Whether an attempt is still to come."""
        return self.state in self.OPEN_STATES

    def settle(self, status: int | None, error: str, *, final: bool = False) -> bool:
        """Record how the attempt ended for which this was claimed, and let go of the claim.

        Args:
            status: the HTTP status that was answered, if anything was.
            error: what went wrong, for the log; empty when the message was delivered.
            final: do not try again, however few the attempts.

        Returns:
            False when the claim had run out and another worker has the row by now: then that
            one's word counts, and nothing is recorded.
        """
        state, wait = self._what_follows(failed=bool(error), final=final)
        values: dict[str, Any] = {
            "state": state,
            "next_attempt_at": None if wait is None else timezone.now() + wait,
            "claimed_until": None,
            "response_status": status,
            "error": error,
        }
        mine = type(self).objects.filter(pk=self.pk, claimed_until=self.claimed_until)
        if not mine.update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def _what_follows(self, *, failed: bool, final: bool) -> tuple[str, dt.timedelta | None]:
        if not failed:
            return DeliveryState.DELIVERED, None
        if final or self.attempts > len(BACKOFF):
            return DeliveryState.ABANDONED, None
        # A spread, not a secret.
        stretch = random.uniform(1, 1 + JITTER)  # noqa: S311
        return DeliveryState.FAILED, dt.timedelta(seconds=BACKOFF[self.attempts - 1] * stretch)
