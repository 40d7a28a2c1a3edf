"""Webhooks: other programs are told that published content changed.

Messages follow Standard Webhooks (https://www.standardwebhooks.com).
"""

from __future__ import annotations

import logging
from collections.abc import Collection

logger = logging.getLogger(__name__)

__all__ = ["announce"]


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
        # Imported here, so that this package can be imported before the models are ready.
        from wagtail_regional.webhooks.deliveries import create_deliveries

        create_deliveries(tags)
    except Exception:
        logger.exception("Changed content could not be announced to the webhooks")
