"""The symmetric signature of Standard Webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a message.

    Args:
        secret: ``whsec_`` and a key in base64.
        message_id: the `webhook-id` header.
        timestamp: the `webhook-timestamp` header, in seconds since 1970.
        body: the body, exactly as it is sent.

    Returns:
        The `webhook-signature` header: ``v1,`` and an HMAC-SHA256 in base64.
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
