"""Purging shared caches by tag: a small seam, and the two ways most of them take.

A host names its caches in the settings::

    WAGTAIL_REGIONAL = {
        "TAG_PURGE": {
            "varnish": {
                "BACKEND": "wagtail_regional.invalidation.purge.HeaderTagPurge",
                "LOCATION": "http://varnish.internal:6081/",
            },
        },
    }
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import requests
from django.utils.module_loading import import_string
from django_tasks import task

from wagtail_regional.conf import conf

logger = logging.getLogger(__name__)

#: How long a cache may take to answer, in seconds.
TIMEOUT = 10


class TagPurgeBackend:
    """A shared cache that is purged by tag. The seam for a host's own.

    Args:
        params: the cache's entry in the setting TAG_PURGE, without `BACKEND`.

    Raises:
        KeyError: for a parameter that the backend needs and the entry lacks.
    """

    #: How many tags go into one request.
    batch_size = 200

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params

    def purge(self, tags: list[str]) -> None:
        """Throw away every answer that carries one of `tags`.

        Raises:
            Exception: whatever went wrong; it is logged, and other caches are purged all the
                same.
        """
        raise NotImplementedError


class HeaderTagPurge(TagPurgeBackend):
    """Tags in a header of one request, as Varnish's xkey and Fastly take them.

    Parameters of the entry:
        LOCATION: the address, such as ``https://api.fastly.com/service/<id>/purge``.
        METHOD: ``PURGE`` where left out; Fastly wants ``POST``.
        HEADER: ``Surrogate-Key`` where left out; the usual VCL for xkey takes ``xkey-purge``.
        HEADERS: further ones, such as ``{"Fastly-Key": "..."}``.
    """

    def purge(self, tags: list[str]) -> None:
        name = self.params.get("HEADER", "Surrogate-Key")
        answer = requests.request(
            self.params.get("METHOD", "PURGE"),
            self.params["LOCATION"],
            headers={**self.params.get("HEADERS", {}), name: " ".join(tags)},
            timeout=TIMEOUT,
        )
        answer.raise_for_status()


class CloudflareTagPurge(TagPurgeBackend):
    """Cloudflare's `purge_cache` by tag (https://developers.cloudflare.com/api).

    Parameters of the entry: ZONE and TOKEN; LOCATION, where it is not Cloudflare's own.
    """

    batch_size = 30

    def purge(self, tags: list[str]) -> None:
        location = self.params.get("LOCATION", "https://api.cloudflare.com/client/v4")
        answer = requests.post(
            f"{location}/zones/{self.params['ZONE']}/purge_cache",
            json={"tags": tags},
            headers={"Authorization": f"Bearer {self.params['TOKEN']}"},
            timeout=TIMEOUT,
        )
        answer.raise_for_status()


@task()
def purge_tags(tags: list[str]) -> None:
    """Purge every cache that the settings name. What fails is logged."""
    for name, entry in conf.TAG_PURGE.items():
        params = {key: value for key, value in entry.items() if key != "BACKEND"}
        backend: TagPurgeBackend = import_string(entry["BACKEND"])(params)
        for batch in _batches(tags, backend.batch_size):
            try:
                backend.purge(batch)
            except Exception:
                logger.exception("The cache “%s” was not purged of: %s", name, " ".join(batch))


def _batches(tags: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(tags), size):
        yield tags[start : start + size]
