"""What replacing a row would do: the steps, what stays, and what stands in the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ValidationError

from wagtail_regional.compat import get_page_model


@dataclass
class Step:
    """One change of a plan.

    Attributes:
        holder: what an editor opens to see it.
        what: the kind of use: "Member", "Part of", "Content of the page".
        note: what happens, where it is not simply that the other row is named.
        apply: does it.
        key: tells this change from any other, for noticing that a plan is out of date.
    """

    holder: Any
    what: str
    note: str
    apply: Callable[[], None]
    key: tuple[Any, ...]

    @property
    def is_page(self) -> bool:
        return isinstance(self.holder, get_page_model())


@dataclass
class Conflict:
    """What stands in the way, and what to do about it."""

    holder: Any
    message: str


@dataclass
class Kept:
    """A use that stays as it is, since it is of the past."""

    holder: Any
    what: str


@dataclass
class Plan:
    """What replacing `old` by `new` would do."""

    old: Any
    new: Any
    steps: list[Step] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Differs when the plan does."""
        said = sorted(repr(step.key) for step in self.steps)
        return blake2b(json.dumps([self.new.pk, said]).encode(), digest_size=12).hexdigest()


def errors_of(check: Callable[..., Any], *args: Any) -> list[str]:
    """The messages of the ValidationError that `check` raises; none where it raises none."""
    try:
        check(*args)
    except ValidationError as error:
        return list(error.messages)
    return []
