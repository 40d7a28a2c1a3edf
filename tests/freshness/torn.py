"""A hunt for torn answers: writers who change many rows at once, and readers who look for halves.

Each writer owns an alliance and the page about it. In one small transaction after the other it
counts up the names of the alliance and of all its members, and the words of the page; a reader that
sees two numbers in one answer of our API, one page of HTML, or our fields in Wagtail's APIs, saw
half of a change. An answer may not show less than was committed before it was asked for, and no
strong ETag may name two bodies. Started as processes of their own, as `hunt` is.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import re
import time
from binascii import crc32
from typing import Any

from tests.freshness.hunt import LATEST, set_up

_COUNT = re.compile(r"Count (\d{8})")


def write(
    environment: dict[str, str], start: Any, seconds: float, rows: Any, written: Any, place: int
) -> None:
    """Count the names of an alliance and of its members up until the time is over."""
    time_left = set_up(environment, start, seconds)
    from django.db import OperationalError, transaction

    from wagtail_regional.models import Alliance, Organisation
    from wagtail_regional.pages.models import PartnershipPage

    alliance, members, page = rows
    pause = float(environment["PAUSE"])
    while time_left.lasts(written[place]):
        number = written[place] + 1
        name = {"en": f"Count {number:08d}"}
        try:
            with transaction.atomic():
                Alliance.objects.filter(pk=alliance).update(name=name)
                for member in members:
                    Organisation.objects.filter(pk=member).update(name=name)
                PartnershipPage.objects.filter(pk=page).update(
                    title=name["en"], introduction=name["en"]
                )
        except OperationalError:
            continue  # SQLite takes one writer at a time.
        written[place] = number
        time.sleep(random.random() * 2 * pause)


#: What is ours in a page of Wagtail's APIs: what is Wagtail's own was read before, by itself.
_OURS = "introduction", "body", "regional_meta", "subject"


def shown_by(response: Any) -> str:
    """What an answer says, as far as it is ours to say."""
    text = response.content.decode()
    if (
        "/pages/" not in response.request["PATH_INFO"]
        or "regional/" in response.request["PATH_INFO"]
    ):
        return text
    return json.dumps([value for name, value in json.loads(text).items() if name in _OURS])


def read(
    environment: dict[str, str],
    start: Any,
    seconds: float,
    addresses: list[list[str]],
    written: Any,
    found: Any,
) -> None:
    """Ask for alliances and the pages about them until the time is over; report what is torn or
    stale, and what was seen under each ETag."""
    time_left = set_up(environment, start, seconds)
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    wrong: list[str] = []
    bodies: dict[str, int] = {}
    counts = {200: 0, 304: 0, 503: 0}
    etags: dict[str, str] = {}
    while time_left.lasts(counts[200]):
        place = random.randrange(len(addresses))
        address, expected = random.choice(addresses[place]), written[place]
        known = address in etags and random.random() < 0.3
        headers = {"if-none-match": etags[address]} if known else {}
        response = client.get(address, headers=headers)
        counts[response.status_code] += 1
        if response.status_code != 200:
            continue
        if etag := response.headers.get("ETag", ""):
            etags[address] = etag
            if bodies.setdefault(etag, crc32(response.content)) != crc32(response.content):
                wrong.append(f"two bodies under {etag} at {address}")
        numbers = {int(each) for each in _COUNT.findall(shown_by(response))}
        if len(numbers) != 1:
            wrong.append(f"torn: {sorted(numbers)} at {address}")
        elif min(numbers) < expected:
            wrong.append(f"stale: {numbers} after {expected} at {address}")
    found.put((counts, wrong, bodies))


def hunt(
    environment: dict[str, str],
    alliances: list[tuple[list[str], int, list[int], int]],
    seconds: float,
    readers: int = 8,
    pause: float = 0.05,
) -> dict[str, Any]:
    """Run the hunt.

    Args:
        environment: what the processes need: DATABASE_URL, DJANGO_SETTINGS_MODULE, REGIONAL_API.
        alliances: of each the addresses that show it, its primary key, those of its members and
            that of the page about it; one writer for each.
        seconds: how long.
        readers: how many processes read.
        pause: seconds between two transactions of a writer, on average.

    Returns:
        `wrong`: what was torn or stale, and ETags of two bodies; `answers`, `unchanged` and
        `refused`: how many were 200, 304 and 503; `writes`: how many transactions there were.
    """
    environment = environment | {"PAUSE": str(pause)}
    context = multiprocessing.get_context("spawn")
    written, found = context.Array("q", len(alliances)), context.Queue()
    start = context.Barrier(len(alliances) + readers + 1)
    processes = [
        context.Process(
            target=write, args=(environment, start, seconds, tuple(rows), written, place)
        )
        for place, (_addresses, *rows) in enumerate(alliances)
    ]
    addresses = [each for each, *_rows in alliances]
    processes += [
        context.Process(target=read, args=(environment, start, seconds, addresses, written, found))
        for _ in range(readers)
    ]
    for process in processes:
        process.start()
    start.wait(timeout=120)
    results = [found.get(timeout=seconds + LATEST + 60) for _ in range(readers)]
    for process in processes:
        process.join(timeout=60)
    wrong = [each for _counts, mine, _bodies in results for each in mine]
    seen: dict[str, int] = {}
    for _counts, _wrong, bodies in results:
        wrong += [
            f"two bodies under {tag}" for tag in bodies if seen.get(tag, bodies[tag]) != bodies[tag]
        ]
        seen.update(bodies)
    return {
        "wrong": wrong,
        "answers": sum(counts[200] for counts, *_ in results),
        "unchanged": sum(counts[304] for counts, *_ in results),
        "refused": sum(counts[503] for counts, *_ in results),
        "writes": sum(written),
    }
