"""Telling others of a change: shared caches by address and by tag, and webhooks.

What is changed in one transaction makes one notice, sent when it has committed. Whatever sends
no signal (`QuerySet.update`, raw SQL) still moves the content stamp, so this site's own answers
are never stale; for the caches in front of it, call :func:`announce`.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, router
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from wagtail_regional import webhooks
from wagtail_regional.compat import get_page_model
from wagtail_regional.conf import conf
from wagtail_regional.freshness.transactions import enlist, waiting
from wagtail_regional.invalidation.purge import purge_tags
from wagtail_regional.invalidation.reach import Reach, is_shown
from wagtail_regional.models import Alliance, Webhook

logger = logging.getLogger(__name__)

#: Fields of a page that only its editors see.
_DRAFT_FIELDS = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    "locked",
    "locked_at",
    "locked_by",
    "owner",
}


#: Above so many changed rows of one kind, a notice says that everything may have changed.
MOST_ROWS = 500


class Notice:
    """The changes of one transaction."""

    def __init__(self) -> None:
        self.changed: dict[type[Model], set[int]] = defaultdict(set)
        #: What showed rows before they were changed or deleted.
        self.before = Reach()
        #: How many rows were remembered that are changed in bulk.
        self.remembered = 0

    def take(self, row: Model) -> None:
        self.changed[type(row)].add(row.pk)
        if (before := row.__dict__.pop(_BEFORE, None)) is not None:
            self.before.merge(before)

    def committed(self) -> None:
        if not anybody_listens():
            return
        for model, keys in self.changed.items():
            if len(keys) > MOST_ROWS:
                # To find what shows thousands of rows would cost more than to forget everything.
                self.before.everything = True
            else:
                self.before.add(model, keys)
        send(self.before)


#: Where a row keeps its earlier reach between the signals before a change and after it.
_BEFORE = "_regional_reach_before"


def announce(*rows: Model) -> None:
    """Say that `rows` have changed. For changes that send no signal.

    Args:
        rows: of the registry, or pages, images, documents; as the database has them now.
    """
    for row in rows:
        connection = connections[row._state.db or router.db_for_write(type(row))]
        notice = waiting(connection, Notice)
        if notice is not None:
            notice.take(row)
        else:
            # Filled before it is enlisted: without a transaction it is sent right then.
            notice = Notice()
            notice.take(row)
            enlist(connection, notice)


def announce_rows(model: type[Model], keys: Collection[int], using: str | None = None) -> None:
    """Say that many rows of a model have changed, within the transaction that changes them."""
    if keys:
        _notice_of(model, using).changed[model].update(keys)


def remember_rows(model: type[Model], keys: Collection[int], using: str | None = None) -> None:
    """Find where rows show while the database still has them as they were, in a transaction that
    changes them in bulk and then calls :func:`announce_rows`."""
    if keys and anybody_listens():
        notice = _notice_of(model, using)
        notice.remembered += len(keys)
        if notice.remembered <= MOST_ROWS:
            notice.before.add(model, keys)


def _notice_of(model: type[Model], using: str | None) -> Notice:
    connection = connections[using or router.db_for_write(model)]
    notice = waiting(connection, Notice)
    if notice is None:
        notice = Notice()
        enlist(connection, notice)
    return notice


def remember(row: Model) -> None:
    """Find where `row` shows while the database still has it as it was; `announce` adds that."""
    if anybody_listens():
        row.__dict__.setdefault(_BEFORE, Reach()).add(type(row), {row.pk})


def _remember_addresses(row: Model, column: str, value: Any) -> None:
    """Find the addresses of pages that have this in a column, before `row` takes it from them."""
    if _purges_addresses():
        row.__dict__.setdefault(_BEFORE, Reach()).add_addresses(column, value)


def anybody_listens() -> bool:
    """Whether a cache or a webhook wants to know. Costs a query where no cache does."""
    if _purges_addresses() or conf.TAG_PURGE:
        return True
    return Webhook.objects.filter(is_active=True).exists()


# --- Sending ---------------------------------------------------------------------------------


def send(reach: Reach) -> None:
    """Purge what `reach` names, and tell the webhooks. Failures are logged, never raised: the
    change itself has been made."""
    tags = sorted(reach.tags())
    if not tags:
        return
    for task in (_purge_addresses, _purge_tags, _tell_webhooks):
        try:
            task(reach, tags)
        except Exception:
            more = f" and {len(tags) - 20} more" if len(tags) > 20 else ""
            logger.exception("Could not tell of a change: %s%s", ", ".join(tags[:20]), more)


def _purge_addresses(reach: Reach, tags: list[str]) -> None:
    if not _purges_addresses():
        return
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    batch = PurgeBatch()
    batch.add_urls(sorted(reach.page_addresses()))
    batch.purge()


def _purges_addresses() -> bool:
    return apps.is_installed("wagtail.contrib.frontend_cache") and bool(
        getattr(settings, "WAGTAILFRONTENDCACHE", None)
    )


def _purge_tags(reach: Reach, tags: list[str]) -> None:
    if conf.TAG_PURGE:
        purge_tags.enqueue(tags)


def _tell_webhooks(reach: Reach, tags: list[str]) -> None:
    webhooks.announce(tags)


# --- Receivers -------------------------------------------------------------------------------


def connect() -> None:
    """Listen to every signal that tells of a change of shown content."""
    for signal, receiver in (
        (pre_save, row_will_change),
        (post_save, row_changed),
        (pre_delete, row_will_go),
        (post_delete, row_changed),
        (m2m_changed, ties_changed),
    ):
        signal.connect(receiver, dispatch_uid=f"wagtail_regional.{receiver.__name__}")
    for signal in (post_save, post_delete):
        signal.connect(
            restriction_changed,
            sender=PageViewRestriction,
            dispatch_uid="wagtail_regional.restriction_changed",
        )


def row_will_change(
    sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Receives `pre_save`: a row that hangs on others may be about to leave them, and a page its
    place."""
    if raw or not instance.pk:
        return
    if issubclass(sender, get_page_model()):
        if not _is_draft(update_fields):
            _page_will_change(instance)
    elif sender._meta.app_label == "wagtail_regional" and is_shown(sender):
        remember(instance)


def _page_will_change(page: Any) -> None:
    """Of a page that readers have. When it moves or gets another slug, the pages below it still
    have their addresses now."""
    known = get_page_model().objects.filter(pk=page.pk, live=True)
    for path, url_path in known.values_list("path", "url_path"):
        remember(page)
        if not page.live or page.url_path != url_path:
            _remember_addresses(page, "path__startswith", path)


def row_changed(
    sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Receives `post_save` and `post_delete`."""
    if not raw and is_shown(sender) and _is_visible(instance, update_fields):
        announce(instance)


def row_will_go(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Receives `pre_delete`."""
    if not is_shown(sender) or not _is_visible(instance):
        return
    remember(instance)
    if issubclass(sender, get_page_model()):
        _remember_addresses(instance, "pk", instance.pk)
    # Pages forget these at once; what is in their bodies stays there.
    elif issubclass(sender, get_image_model()):
        _remember_addresses(instance, "hero_image", instance.pk)
    elif sender is Alliance:
        _remember_addresses(instance, "subject", instance.pk)


def _is_visible(row: Any, update_fields: Any = None) -> bool:
    """Whether readers see this change of `row`: of a page, not that a draft is kept."""
    if not isinstance(row, get_page_model()):
        return True
    # One that readers had until now was remembered.
    return (row.live or _BEFORE in vars(row)) and not _is_draft(update_fields)


def _is_draft(update_fields: Any) -> bool:
    return bool(update_fields) and _DRAFT_FIELDS.issuperset(update_fields)


def ties_changed(sender: Any, instance: Any, action: str, **kwargs: Any) -> None:
    """Receives `m2m_changed`."""
    if not is_shown(type(instance)) or not _is_visible(instance):
        return
    if action in ("pre_remove", "pre_clear"):
        remember(instance)
    elif action in ("post_add", "post_remove", "post_clear"):
        announce(instance)


def restriction_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Receives the saving and the deletion of a page's view restriction."""
    announce(instance.page)
