from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wagtail_regional.models import WebhookDelivery
from wagtail_regional.webhooks.tasks import send


class Command(BaseCommand):
    """Meant for cron, every minute. Runs may overlap: each message is sent by one of them."""

    help = "Sends the webhook messages that are due and deletes old ones from the log."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        sent, failed = self._send_due(now)
        pruned = WebhookDelivery.objects.prune(now)
        if options["verbosity"] > 0:
            self.stdout.write(f"{sent} sent, {failed} failed, {pruned} deleted from the log")

    def _send_due(self, now: Any) -> tuple[int, int]:
        due = WebhookDelivery.objects.due(now).order_by("next_attempt_at", "pk")
        sent, failing = 0, set()
        for event_id, webhook in list(due.values_list("event_id", "webhook_id")):
            # A receiver that is down costs a timeout once a run, not once a message.
            if webhook in failing:
                continue
            delivery = send(event_id)
            if delivery is None:
                continue
            if delivery.error:
                failing.add(webhook)
            else:
                sent += 1
        return sent, len(failing)
