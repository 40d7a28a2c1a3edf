"""Which page types are regional: whatever uses the mixins, in the package or in the host.

The mixins of :mod:`wagtail_regional.pages.mixins` say so by class attributes, so that nothing
below the pages has to import them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from wagtail.models import get_page_models


@cache
def regional_page_models() -> list[Any]:
    """All concrete page types that use the mixins."""
    return [model for model in get_page_models() if getattr(model, "is_regional", False)]


@cache
def subject_page_models() -> list[Any]:
    """Those of them that can be about an alliance."""
    return [model for model in regional_page_models() if model.has_subject]


@cache
def programme_index_models() -> list[Any]:
    """Those of them that list programmes."""
    return [model for model in regional_page_models() if model.lists_programmes]
