"""From changed tags to a message for every receiver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction

from wagtail_regional.models import Webhook, WebhookDelivery
from wagtail_regional.webhooks.tasks import enqueue

CONTENT_CHANGED = "regional.content.changed"


def create_deliveries(tags: Collection[str]) -> None:
    """Log a delivery for every active webhook, and have each sent once it is committed.

    Raises:
        Exception: what the database raises. `announce` is the one that raises nothing.
    """
    receivers = list(Webhook.objects.filter(is_active=True).values_list("pk", flat=True))
    if not receivers:
        return
    payload = make_payload(tags)
    deliveries = [WebhookDelivery(webhook_id=pk, payload=payload) for pk in receivers]
    with transaction.atomic():
        WebhookDelivery.objects.bulk_create(deliveries)
    for delivery in deliveries:
        # Outside a transaction this is now. Robust: a queue that is down is logged, and leaves the
        # row to the management command.
        transaction.on_commit(partial(enqueue, delivery.event_id), robust=True)


def make_payload(tags: Collection[str]) -> dict[str, Any]:
    """The message: its type, when it happened (ISO 8601, UTC), and the tags. Never any content."""
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"type": CONTENT_CHANGED, "timestamp": moment, "data": {"tags": sorted(set(tags))}}
