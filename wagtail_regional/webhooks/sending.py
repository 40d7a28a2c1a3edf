"""One attempt to deliver one message."""

from __future__ import annotations

import http.client
import json
import logging
import ssl
import uuid
from http import HTTPStatus

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_regional import __version__
from wagtail_regional.conf import conf
from wagtail_regional.models import Webhook, WebhookDelivery
from wagtail_regional.net.addresses import AddressError, PrivateAddressError
from wagtail_regional.net.requests import Answer, post
from wagtail_regional.webhooks.signing import sign

logger = logging.getLogger(__name__)

#: How many characters of what went wrong are kept. Receivers choose most of the words.
MOST_TOLD = 2000


def attempt(event_id: uuid.UUID | str) -> WebhookDelivery | None:
    """Try once to deliver a message, and log how it went.

    Returns:
        The delivery as it is afterwards; None when it was not due or somebody else is sending it.
    """
    delivery = WebhookDelivery.objects.claim(event_id)
    if delivery is None:
        return None
    try:
        answer = _send(delivery)
    # Whatever happens is for the log; a claim that nobody ends would only delay the next attempt.
    except Exception as error:
        settled = delivery.settle(None, _begin_of(_explain(error)))
    else:
        settled = _settle_answer(delivery, answer)
    return delivery if settled else None


def _send(delivery: WebhookDelivery) -> Answer:
    body = json.dumps(delivery.payload, separators=(",", ":")).encode()
    message_id, timestamp = str(delivery.event_id), int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"wagtail-regional/{__version__}",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(delivery.webhook.secret, message_id, timestamp, body),
    }
    return post(
        delivery.webhook.url,
        body,
        headers,
        timeout=conf.WEBHOOK_TIMEOUT_SECONDS,
        allow_private=conf.WEBHOOK_ALLOW_PRIVATE,
    )


def _settle_answer(delivery: WebhookDelivery, answer: Answer) -> bool:
    """Any 2xx is success. 410 Gone asks, in Standard Webhooks, never to be sent to again."""
    if 200 <= answer.status < 300:
        return delivery.settle(answer.status, "")
    gone = answer.status == HTTPStatus.GONE
    if gone:
        Webhook.objects.filter(pk=delivery.webhook_id).update(is_active=False)
        logger.warning("Webhook %s answered 410 Gone and was made inactive", delivery.webhook_id)
    return delivery.settle(answer.status, _describe(answer), final=gone)


def _describe(answer: Answer) -> str:
    """What the receiver said was wrong. PostgreSQL stores no NUL."""
    said = answer.body.decode(errors="replace").replace("\0", "").strip()
    if 300 <= answer.status < 400:
        summary = _("The receiver redirects (%(status)s). Redirects are not followed.")
    elif answer.status == HTTPStatus.GONE:
        summary = _(
            "The receiver wants no more messages (%(status)s). The webhook is inactive now."
        )
    else:
        summary = _("The receiver answered %(status)s.")
    told = f"{summary % {'status': answer.status}}\n\n{said}".strip()
    return _begin_of(f"{told} …" if answer.is_cut else told)


def _begin_of(text: str) -> str:
    return text if len(text) <= MOST_TOLD else f"{text[: MOST_TOLD - 2]} …"


def explain_private(error: PrivateAddressError) -> str:
    """Why nothing is sent there, and what to do where it should be."""
    advice = _("To send to your own network all the same, set WEBHOOK_ALLOW_PRIVATE.")
    return f"{error} {advice}"


def _explain(error: Exception) -> str:
    """What went wrong, in words for the log."""
    if isinstance(error, PrivateAddressError):
        return explain_private(error)
    if isinstance(error, AddressError):
        return str(error)
    if isinstance(error, TimeoutError):
        return _("The receiver took longer than %(seconds)s seconds.") % {
            "seconds": conf.WEBHOOK_TIMEOUT_SECONDS
        }
    if isinstance(error, ssl.SSLError):
        return _("No secure connection: %(reason)s") % {"reason": error}
    if isinstance(error, OSError):
        return _("No connection: %(reason)s") % {"reason": error}
    if isinstance(error, http.client.HTTPException):
        return _("The answer could not be read: %(reason)s") % {"reason": repr(error)}
    if not isinstance(error, ValueError):
        logger.error("A webhook could not be sent", exc_info=error)
    return _("The message could not be sent: %(reason)s") % {"reason": error}
