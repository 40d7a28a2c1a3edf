"""What differs between the Wagtail releases we support, in one place."""

from __future__ import annotations

from typing import Any

import wagtail
from django.apps import apps

#: API v3 and swappable page models came with Wagtail 8.0.
HAS_API_V3: bool = wagtail.VERSION >= (8, 0)


def get_page_model() -> Any:
    """The site's base page model: `wagtailcore.Page`, unless the host swapped it (8.0)."""
    if HAS_API_V3:
        import swapper

        return swapper.load_model("wagtailcore", "Page")
    return apps.get_model("wagtailcore", "Page")


def get_image_policy() -> Any:
    """Who may do what with images. Wagtail 8.0 keeps policies in a registry, and warns of the
    old place."""
    from wagtail.images import get_image_model

    if HAS_API_V3:
        from wagtail.permissions import policy_registry

        return policy_registry.get_by_type(get_image_model())
    from wagtail.images.permissions import permission_policy

    return permission_policy
