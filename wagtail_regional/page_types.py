"""Which page types are regional: whatever uses the mixins, in the package or in the host."""

from __future__ import annotations

from functools import cache
from typing import Any

from wagtail.models import get_page_models


@cache
def regional_page_models() -> list[Any]:
    """All concrete page types that use :class:`~wagtail_regional.pages.mixins.RegionalPageMixin`."""
    from wagtail_regional.pages.mixins import RegionalPageMixin

    return [model for model in get_page_models() if issubclass(model, RegionalPageMixin)]


@cache
def subject_page_models() -> list[Any]:
    """Those of them that can be about an alliance."""
    from wagtail_regional.pages.mixins import PartnershipPageMixin

    return [model for model in regional_page_models() if issubclass(model, PartnershipPageMixin)]


@cache
def programme_index_models() -> list[Any]:
    """Those of them that list programmes."""
    return [model for model in regional_page_models() if model.lists_programmes]
