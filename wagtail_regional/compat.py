"""What differs between the releases of Wagtail and Django we support, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import wagtail
from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest

if TYPE_CHECKING:
    from wagtail.models import Site, SiteRootPath

#: API v3 and swappable page models came with Wagtail 8.0.
HAS_API_V3: bool = wagtail.VERSION >= (8, 0)


def get_page_model() -> Any:
    """The site's base page model: `wagtailcore.Page`, unless the host swapped it (8.0)."""
    if HAS_API_V3:
        import swapper

        return swapper.load_model("wagtailcore", "Page")
    return apps.get_model("wagtailcore", "Page")


def union_of(parts: Sequence[QuerySet[Any]], *, distinct: bool = False) -> QuerySet[Any]:
    """The rows of all parts, in no order.

    Since Django 6.1 the `Meta.ordering` of the first part applies to a union, also where that part
    has cleared it, and fails where the column is not among those that are read.

    Args:
        parts: one at least; of the same columns.
        distinct: whether a row that is in several parts is there once.
    """
    first, *others = parts
    return first.union(*others, all=not distinct).order_by()


def get_image_policy() -> Any:
    """Who may do what with images."""
    from wagtail.images import get_image_model

    return get_collection_policy(get_image_model())


def get_collection_policy(model: Any) -> Any:
    """Who may do what with rows of a model that are in collections: images, documents. Wagtail
    8.0 keeps policies in a registry, and warns of the old places."""
    from wagtail.permission_policies.collections import CollectionPermissionPolicy

    if HAS_API_V3:
        from wagtail.permissions import policy_registry

        return policy_registry.get_by_type(model) or CollectionPermissionPolicy(model)
    from wagtail.documents.permissions import permission_policy as of_documents
    from wagtail.images.permissions import permission_policy as of_images

    for policy in (of_images, of_documents):
        if policy.model is model:
            return policy
    return CollectionPermissionPolicy(model)


# --- What has no public name ---------------------------------------------------------------------

# Each of these reads or sets what Wagtail keeps for itself, because nothing public says the same.
# tests/test_compat.py fails where a release changes it.


def known_site(request: HttpRequest) -> Site | None:
    """The site that Wagtail has found for a request already.

    Raises:
        LookupError: nobody has asked yet.
    """
    try:
        return vars(request)["_wagtail_site"]
    except KeyError:
        raise LookupError("No site was found for this request yet.") from None


def remember_site(request: HttpRequest, site: Site | None) -> None:
    """Let `Site.find_for_request` answer `site` for a request, without a query."""
    vars(request)["_wagtail_site"] = site


def remember_root_paths(holder: Any, paths: Sequence[SiteRootPath]) -> None:
    """Let `Page.get_url_parts` take where sites begin from what was read already.

    Args:
        holder: a request, or whatever else is given to `get_url_parts` in its place.
        paths: as `Site.get_site_root_paths` gives them.
    """
    holder._wagtail_cached_site_root_paths = paths


def default_of(block: Any) -> Any:
    """The default that a block was made with; None where it was made with none."""
    return block._constructor_args[1].get("default")
