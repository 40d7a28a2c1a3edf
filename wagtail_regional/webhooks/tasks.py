"""Sending in the background, through the task backend that Wagtail uses.

Wagtail names no backend or queue for its own tasks, and neither do we: what a host configures for
those carries ours too. Its default runs a task at once, within the request.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid

# As Wagtail does: the standard `django.tasks` is not in every Django we support.
from django_tasks import task

from wagtail_regional.models import WebhookDelivery
from wagtail_regional.webhooks.sending import attempt

logger = logging.getLogger(__name__)

# Schedulers that count in whole seconds may come a moment early, when nothing is due yet.
SLACK = dt.timedelta(seconds=1)


@task()
def send_delivery(event_id: str) -> None:
    """Attempt a delivery, and plan the next attempt should it fail."""
    send(event_id)


def send(event_id: uuid.UUID | str) -> WebhookDelivery | None:
    """Attempt a delivery now; where it fails and the backend can wait, plan the next attempt.

    Returns:
        The delivery as it is afterwards; None when it was not due or somebody else is sending it.
    """
    delivery = attempt(event_id)
    if delivery is not None and delivery.is_open:
        _plan_retry(delivery)
    return delivery


def enqueue(event_id: uuid.UUID) -> None:
    """Have a delivery attempted as soon as the backend can."""
    send_delivery.enqueue(str(event_id))


def _plan_retry(delivery: WebhookDelivery) -> None:
    """Without a backend that can wait, the row is left to the management command."""
    if delivery.next_attempt_at is None or not send_delivery.get_backend().supports_defer:
        return
    later = send_delivery.using(run_after=delivery.next_attempt_at + SLACK)
    try:
        later.enqueue(str(delivery.event_id))
    except Exception:
        logger.exception("A retry could not be queued; the management command will send it")
