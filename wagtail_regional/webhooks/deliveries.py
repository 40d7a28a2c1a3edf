"""From changed tags to a message for every receiver."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction

from wagtail_regional.models import Webhook, WebhookDelivery
from wagtail_regional.webhooks.tasks import enqueue

logger = logging.getLogger(__name__)

CONTENT_CHANGED = "regional.content.changed"


def announce(tags: Collection[str]) -> None:
    """Tell every active webhook that content with these cache tags changed.

    Call it once for a transaction, after its commit. It costs one query when no webhook is
    active, and it never raises: a message that cannot be sent is no reason for a save to fail.

    Args:
        tags: cache tags such as ``organisation-12`` or ``page-5``. They leave this server as they
            are, so they must not hold anything that is not public.
    """
    if not tags:
        return
    try:
        create_deliveries(tags)
    except Exception:
        logger.exception("Changed content could not be announced to the webhooks")


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
        _enqueue_on_commit(delivery.event_id)


def _enqueue_on_commit(event_id: uuid.UUID) -> None:
    """Outside a transaction this is now. A queue that is down is logged (that is what `robust`
    does), and leaves the row to the management command."""
    # Not a `partial`: to log a failure, Django 5.2 asks for the name of the function.
    transaction.on_commit(lambda: enqueue(event_id), robust=True)


def make_payload(tags: Collection[str]) -> dict[str, Any]:
    """The message: its type, when it happened (ISO 8601, UTC), and the tags. Never any content."""
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"type": CONTENT_CHANGED, "timestamp": moment, "data": {"tags": sorted(set(tags))}}
