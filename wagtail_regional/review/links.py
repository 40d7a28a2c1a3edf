"""Trying the registry's links, and keeping what became of them.

Only the command does this; no page ever waits for it. Every address goes through the same door as
webhooks do: names are resolved once, addresses that are not public are refused, at each redirect
again, and no more than the beginning of an answer is read.
"""

from __future__ import annotations

import http.client
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple
from urllib.parse import urljoin

from django.utils import timezone

from wagtail_regional.conf import conf
from wagtail_regional.models import LinkCheck, LinkProblem
from wagtail_regional.net.addresses import AddressError, PrivateAddressError
from wagtail_regional.net.requests import Answer, Deadline, request, split_url
from wagtail_regional.review.rules import link_columns

#: What sites are used to; more is a circle.
MAX_REDIRECTS = 5

HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; wagtail-regional link check)",
    "Accept": "text/html,*/*;q=0.8",
}

#: Somebody is there, and will not talk to a program: that is no dead link.
_NOT_FOR_PROGRAMS = frozenset((401, 402, 403, 405, 406, 407, 418, 429, 451, 999))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class Outcome(NamedTuple):
    """What became of a link; the problem is empty when it answered."""

    url: str
    problem: str = ""
    status: int | None = None


def urls_of_registry() -> set[str]:
    """Every address in the registry."""
    found: set[str] = set()
    for model, _about, _via, column in link_columns():
        rows = model._default_manager.exclude(**{column: ""}).order_by()
        found.update(rows.values_list(column, flat=True).distinct().iterator(chunk_size=2000))
    return found


def try_link(url: str) -> Outcome:
    """Open one address, and follow where it points to, all within the time for one link."""
    deadline = Deadline(conf.LINK_CHECK_TIMEOUT_SECONDS)
    try:
        answer = _follow(url, deadline)
    # In this order: each of the first ones is one of the later ones.
    except PrivateAddressError:
        return Outcome(url, LinkProblem.PRIVATE)
    except AddressError:
        return Outcome(url, LinkProblem.UNKNOWN_HOST)
    except TimeoutError:
        return Outcome(url, LinkProblem.TIMEOUT)
    except ssl.SSLCertVerificationError:
        return Outcome(url, LinkProblem.CERTIFICATE)
    except (OSError, http.client.HTTPException):
        return Outcome(url, LinkProblem.UNREACHABLE)
    except ValueError:
        return Outcome(url, LinkProblem.INVALID)
    if answer is None:
        return Outcome(url, LinkProblem.REDIRECTS)
    if answer.status < 400 or answer.status in _NOT_FOR_PROGRAMS:
        return Outcome(url, "", answer.status)
    return Outcome(url, LinkProblem.STATUS, answer.status)


def _follow(url: str, deadline: Deadline) -> Answer | None:
    """The answer at the end of the redirects; None when there is no end."""
    for _hop in range(MAX_REDIRECTS + 1):
        answer = request(
            "GET",
            url,
            None,
            HEADERS,
            deadline=deadline,
            allow_private=conf.LINK_CHECK_ALLOW_PRIVATE,
        )
        if answer.status not in _REDIRECTS or not answer.location:
            return answer
        url = urljoin(url, answer.location)
    return None


def check_links(progress: Callable[[Outcome], None] = lambda outcome: None) -> tuple[int, int]:
    """Try every address of the registry, and keep what became of each.

    Hosts are asked side by side, and each host one thing at a time.

    Args:
        progress: told of each outcome as it comes.

    Returns:
        How many were tried, and how many of them did not answer.
    """
    urls = urls_of_registry()
    failed = 0
    # The database is used by this thread alone.
    for outcome in _try_all(urls):
        _keep(outcome)
        failed += bool(outcome.problem)
        progress(outcome)
    keys = {LinkCheck.key_of(url) for url in urls}
    gone = [
        pk for pk, key in LinkCheck.objects.values_list("pk", "key").iterator() if key not in keys
    ]
    for start in range(0, len(gone), 500):
        LinkCheck.objects.filter(pk__in=gone[start : start + 500]).delete()
    return len(urls), failed


def _try_all(urls: Iterable[str]) -> Iterator[Outcome]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in sorted(urls):
        by_host[_host(url)].append(url)
    with ThreadPoolExecutor(max_workers=max(1, conf.LINK_CHECK_CONCURRENCY)) as pool:
        tasks = [pool.submit(_try_host, each) for each in by_host.values()]
        for task in as_completed(tasks):
            yield from task.result()


def _host(url: str) -> str:
    try:
        return split_url(url)[1]
    except ValueError:
        return ""


def _try_host(urls: list[str]) -> list[Outcome]:
    """One host's links. When two in a row are not answered in time, the others are not waited
    for."""
    outcomes: list[Outcome] = []
    for url in urls:
        if [each.problem for each in outcomes[-2:]] == [LinkProblem.TIMEOUT] * 2:
            outcomes.append(Outcome(url, LinkProblem.TIMEOUT))
        else:
            outcomes.append(try_link(url))
    return outcomes


def _keep(outcome: Outcome) -> None:
    now = timezone.now()
    check = LinkCheck.objects.filter(key=LinkCheck.key_of(outcome.url)).first()
    check = check or LinkCheck(url=outcome.url)
    check.problem, check.status, check.checked_at = outcome.problem, outcome.status, now
    check.failing_since = (check.failing_since or now) if outcome.problem else None
    check.save()
