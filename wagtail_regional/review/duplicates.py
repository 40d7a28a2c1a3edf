"""Organisations that may be in the registry twice.

Comparing each with each would take 50 million comparisons for 10,000 organisations. Instead each
is filed under keys such that those alike share one: the host of its website, its names brought to
one form, and its names with any one letter left out. Names that share such a key differ by at
most two letters; those that share one are then compared exactly. The work grows with the
number of organisations and the length of their names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from wagtail_regional.models import Organisation
from wagtail_regional.review.findings import Finding, Severity, Text
from wagtail_regional.review.rules import Entry, Facts, Rule

_WORD = re.compile(r"\w+")

#: Words that names have or lack at will, in the languages of our readers.
_FILLERS = frozenset(
    "the of and for at in a an de het een van voor te en der die das und le la les du des et".split()
)

#: A word shorter than this, or with a digit, is never a slip of another: "North 1", "North 2".
_LONG = 6


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, without capitals and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _WORD.findall(plain)
    return tuple(word for word in words if word not in _FILLERS) or tuple(words)


def host_of(url: str) -> str:
    """The host of an address, without "www."; empty for what is no address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def slip_keys(words: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Each form of the name with one letter of a long word left out, and that word's place."""
    for place, word in enumerate(words):
        if len(word) < _LONG or not word.isalpha():
            continue
        before, after = " ".join(words[:place]), " ".join(words[place + 1 :])
        for at in range(len(word)):
            yield place, f"{before}|{word[:at]}{word[at + 1 :]}|{after}"
        yield place, f"{before}|{word}|{after}"


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter: added, changed, or changed places with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:])
    )


class Known(NamedTuple):
    """An organisation, as far as this compares it."""

    entry: Entry
    host: str
    names: tuple[tuple[str, ...], ...]
    acronym: str
    country: str
    relatives: frozenset[Any]

    def may_be(self, other: Known) -> bool:
        """Not when the registry says how the two hang together, or that they are far apart."""
        pks = self.entry.row.pk, other.entry.row.pk
        related = pks[0] in other.relatives or pks[1] in self.relatives
        siblings = bool(self.relatives & other.relatives)
        apart = self.country and other.country and self.country != other.country
        return not (related or siblings or apart or pks[0] == pks[1])


class DuplicateOrganisation(Rule):
    code = "duplicate_organisation"
    severity = Severity.WARNING
    title = _("Possible duplicate")
    description = _(
        "Two organisations have a website on the same host, or names that are the same or differ "
        "by a letter. (The same ROR id twice is refused.)"
    )
    settled_by_review = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        columns = ("website", "acronym", "country", "parent_id", "successor_id")
        seen: dict[tuple[str, str], list[Known]] = {}
        for entry, website, acronym, country, *relatives in facts.entries(
            Organisation.objects.all(), Organisation, *columns
        ):
            names = dict.fromkeys(words_of(name) for name in entry.row.label.values())
            known = Known(
                entry,
                host_of(website),
                tuple(names),
                acronym.casefold(),
                country,
                frozenset(each for each in relatives if each),
            )
            # The later of the two is reported, and marked as reviewed when they are two.
            if not self.is_settled(entry, facts) and (pair := self._earlier(known, seen)):
                yield self._finding(known, *pair)
            self._file(known, seen)

    def _earlier(
        self, known: Known, seen: dict[tuple[str, str], list[Known]]
    ) -> tuple[Known, Any] | None:
        """An organisation like this one, and what they have in common."""
        for kind, keys, message in (
            ("name", _name_keys(known), _("It has the same name as “%(other)s”.")),
            ("host", [known.host], _("Its website is at %(host)s, as that of “%(other)s” is.")),
        ):
            for other in _candidates(seen, kind, keys):
                if known.may_be(other):
                    return other, message
        for words in known.names:
            for place, key in slip_keys(words):
                for other in _candidates(seen, f"slip{place}", [key]):
                    if known.may_be(other) and _one_slip(words, other, place):
                        return other, _("Its name is nearly that of “%(other)s”.")
        return None

    @staticmethod
    def _file(known: Known, seen: dict[tuple[str, str], list[Known]]) -> None:
        keys = {("name", key) for key in _name_keys(known)} | {("host", known.host)}
        for words in known.names:
            keys.update((f"slip{place}", key) for place, key in slip_keys(words))
        for key in keys:
            filed = seen.setdefault(key, [])
            # A few stand for all that share a key, so that no key makes the work grow.
            if key[1] and len(filed) < 5:
                filed.append(known)

    def _finding(self, known: Known, other: Known, message: Any) -> Finding:
        name = other.entry.row.label
        return self.finding(
            known.entry,
            Text(message, other=name, host=known.host),
            Text(
                _(
                    "If they are one, move what uses this one to “%(other)s” and delete it. If "
                    "they are two, mark this one as reviewed."
                ),
                other=name,
            ),
        )


def _name_keys(known: Known) -> list[str]:
    """Its names in any order of words, and its acronym, by which another may be called."""
    keys = [" ".join(sorted(words)) for words in known.names]
    return keys + ([known.acronym] if len(known.acronym) > 2 else [])


def _candidates(
    seen: dict[tuple[str, str], list[Known]], kind: str, keys: Iterable[str]
) -> Iterator[Known]:
    for key in keys:
        yield from seen.get((kind, key), ()) if key else ()


def _one_slip(words: tuple[str, ...], other: Known, place: int) -> bool:
    return any(
        len(words) == len(names)
        and words[:place] == names[:place]
        and words[place + 1 :] == names[place + 1 :]
        and is_slip(words[place], names[place])
        for names in other.names
    )
