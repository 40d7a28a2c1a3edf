"""The steps of a page of documentation, as a reader would follow them.

A fenced block with a comment right above it is a step::

    <!-- host: append mysite/settings/base.py -->
    ```python
    ...
    ```

- ``run``: its lines are run in the site's directory.
- ``write PATH``: it is the whole file.
- ``append PATH``: it comes at the end of the file.
- ``replace PATH START ... END``: it takes the place of what begins with START and ends with END.
- ``serve``: it starts the server; whoever follows the guide does so on a port of their own.
- ``ask``: these addresses are asked of it.
- ``shows``: each of these lines is printed, once the reader did what is told by hand.
- ``instead``: a line to put in the place of one, by hand.
- ``find``: it prints nothing once the reader did what is told by hand.

``on WAGTAIL``, such as ``on 8``, right after ``host`` keeps a step to that release.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(
    r"(?:^[ ]*<!-- host(?: on (?P<release>\d+))?: (?P<action>\w+)(?: (?P<rest>[^\n]*?))? -->\n)?"
    r"^(?P<indent>[ ]*)```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^[ ]*```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Step:
    """One fenced block.

    Attributes:
        action: what to do with it; empty where it is only to be read.
        path: the file it is about.
        pattern: for ``replace``, what it takes the place of.
        release: the major release of Wagtail it is for; empty for all.
        language: what the fence says.
        text: what stands in it.
    """

    action: str
    path: str
    pattern: str
    release: str
    language: str
    text: str


def steps(page: str, heading: str = "") -> list[Step]:
    """The fenced blocks of a page, in order.

    Args:
        page: its path below the repository's root.
        heading: only those below this heading, and above the next of its level.
    """
    text = (ROOT / page).read_text()
    if heading:
        level = heading.split(" ")[0]
        _, found, text = f"\n{text}".partition(f"\n{heading}\n")
        assert found, f"{page} has no heading {heading!r}"
        text = re.split(rf"(?m)^{level} ", text)[0]
    return [_step(match) for match in _FENCE.finditer(text)]


def _step(match: re.Match[str]) -> Step:
    path, _, pattern = (match["rest"] or "").partition(" ")
    return Step(
        action=match["action"] or "",
        path=path,
        pattern=pattern,
        release=match["release"] or "",
        language=match["language"],
        text=textwrap.dedent(match["text"]),
    )


def replaced(text: str, step: Step) -> str:
    """A file's text with what the step's pattern means replaced by what the step has."""
    pattern = ".*?".join(re.escape(part.strip()) for part in step.pattern.split("..."))
    changed, number = re.subn(
        pattern, lambda _: step.text.rstrip("\n"), text, count=1, flags=re.DOTALL
    )
    assert number, f"{step.path} has no {step.pattern!r}"
    return changed
