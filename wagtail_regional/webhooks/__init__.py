"""Webhooks: other programs are told that published content changed.

Messages follow Standard Webhooks (https://www.standardwebhooks.com).
"""

from wagtail_regional.webhooks.deliveries import announce

__all__ = ["announce"]
