"""Organisations that may be in the registry twice.

Comparing each with each would take 50 million comparisons for 10,000 organisations. Instead each
is filed under keys such that those alike share one: the host of its website, its names brought to
one form and, where names are alike but for one word, that word with any one letter left out. Words
that share such a key differ by at most two letters, and only those are compared. The work grows
with the number of organisations and the length of their names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from wagtail_regional import keeping
from wagtail_regional.freshness.release import release
from wagtail_regional.models import Organisation
from wagtail_regional.names import name_key
from wagtail_regional.review.findings import Finding, Severity, Text
from wagtail_regional.review.rules import Entry, Facts, Rule

#: Words that names have or lack at will, in the languages of our readers.
_FILLERS = frozenset(
    word
    for words in ("the of and for at in a an", "de het een van voor te en", "le la les du des et")
    for word in words.split()
)

#: A word shorter than this, or with a digit, is never a slip of another: "North 1", "North 2".
_LONG = 6


#: How many of those that share a key are compared with the next one.
_STAND_FOR_ALL = 5


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, by what imports take for one name."""
    words = name_key(name).split()
    return tuple(word for word in words if word not in _FILLERS) or tuple(words)


def host_of(url: str) -> str:
    """The host of an address, without "www."; empty for what is no address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def contexts_of(words: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Each long word, and what stands around it."""
    for place, word in enumerate(words):
        if len(word) >= _LONG and word.isalpha():
            yield (words[:place], words[place + 1 :]), word


def with_one_less(word: str) -> Iterator[str]:
    """A word, and the word without any one of its letters. Of two that differ by a slip, some of
    these are the same."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


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
    title = gettext_lazy("Possible duplicate")
    description = gettext_lazy(
        "Two organisations have a website on the same host, or names that are the same or differ "
        "by a letter. (The same ROR id twice is refused.)"
    )
    settled_by_review = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        rows = list(facts.entries(Organisation.objects.all(), Organisation, *_COLUMNS))
        entries = [entry for entry, *_columns in rows]
        hosts = [website for _entry, website, *_columns in rows]
        # The later of the two is reported, and marked as reviewed when they are two.
        for later, earlier, message in _pairs_of(rows):
            if not self.is_settled(entries[later], facts):
                host = host_of(hosts[later])
                yield self._finding(entries[later], entries[earlier], message, host)

    def _finding(self, entry: Entry, other: Entry, message: str, host: str) -> Finding:
        name = other.row.label
        return self.finding(
            entry,
            Text(message, other=name, host=host),
            Text(
                _(
                    "If they are one, move what uses this one to “%(other)s” and delete it. If "
                    "they are two, mark this one as reviewed."
                ),
                other=name,
            ),
        )


#: What is compared, besides names.
_COLUMNS = "website", "acronym", "country", "parent_id", "successor_id"

#: A place, the place of what is alike and came before, and in which way.
_Pair = tuple[int, int, str]


def _pairs_of(rows: list[tuple[Any, ...]]) -> list[_Pair]:
    """Which are alike. To compare ten thousand takes longer than the whole rest of the review, so
    it is kept by all that is compared."""
    compared = [(entry.row.pk, entry.row.label, *columns) for entry, *columns in rows]
    digest = blake2b(repr(compared).encode(errors="replace"), key=release(), digest_size=16)
    key, version = "wagtail_regional.duplicates", digest.hexdigest()
    found = keeping.read(key, _checked, version)
    if found is None:
        found = _compare([_known(*row) for row in rows])
        keeping.keep(key, found, 24 * 3600, version)
    return found


def _checked(found: Any) -> list[_Pair] | None:
    return found if all(type(later) is int for later, _earlier, _message in found) else None


def _compare(known: list[Known]) -> list[_Pair]:
    found: dict[int, tuple[int, str]] = {}
    for pairs, message in (
        (_alike(known, _name_keys), _("It has the same name as “%(other)s”.")),
        (
            _alike(known, lambda each: [each.host]),
            _("Its website is at %(host)s, as that of “%(other)s” is."),
        ),
        (_slips(known), _("Its name is nearly that of “%(other)s”.")),
    ):
        for earlier, later in pairs:
            if later not in found and known[later].may_be(known[earlier]):
                found[later] = earlier, message
    return [(later, earlier, message) for later, (earlier, message) in found.items()]


def _known(entry: Entry, website: str, acronym: str, country: str, *relatives: Any) -> Known:
    names = dict.fromkeys(words_of(name) for name in entry.row.label.values())
    others = frozenset(each for each in relatives if each)
    return Known(entry, host_of(website), tuple(names), acronym.casefold(), country, others)


def _name_keys(known: Known) -> list[str]:
    """Its names in any order of words, and its acronym, by which another may be called."""
    keys = [" ".join(sorted(words)) for words in known.names]
    return keys + ([known.acronym] if len(known.acronym) > 2 else [])


def _alike(
    known: list[Known], keys_of: Callable[[Known], Iterable[str]]
) -> Iterator[tuple[int, int]]:
    """Pairs of places that share a key."""
    filed: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(known):
        for key in filter(None, dict.fromkeys(keys_of(each))):
            yield from _file(filed[key], place)


def _slips(known: list[Known]) -> Iterator[tuple[int, int]]:
    """Pairs of places whose names differ by a slip in one long word."""
    groups: dict[Any, list[tuple[str, int]]] = defaultdict(list)
    for place, each in enumerate(known):
        for words in each.names:
            for context, word in contexts_of(words):
                groups[context].append((word, place))
    for group in groups.values():
        if len(group) > 1:
            yield from _slips_within(group)


def _slips_within(group: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    words = {place: word for word, place in group}
    filed: dict[str, list[int]] = defaultdict(list)
    for word, place in group:
        for key in with_one_less(word):
            for earlier, later in _file(filed[key], place):
                if is_slip(words[earlier], word):
                    yield earlier, later


def _file(filed: list[int], place: int) -> Iterator[tuple[int, int]]:
    """Pairs with what is filed already. A few stand for all that share a key, so that a key which
    many share does not make the work grow."""
    for earlier in filed:
        if earlier != place:
            yield earlier, place
    if len(filed) < _STAND_FOR_ALL and place not in filed:
        filed.append(place)
