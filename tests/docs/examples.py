"""The examples of docs/reference/api-examples.md, and how an answer is held against one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api-examples.md"

#: A request in curl, the same with fetch, and what comes of it.
EXAMPLE = re.compile(
    r"```sh\ncurl(?P<options>[^\n]*) \"\$API(?P<curl>/[^\"\n]*)\"\n```\n\s*"
    r"```js\nconst response = await fetch\(`\$\{API\}(?P<fetch>/[^`\n]*)`(?P<init>[^\n]*)\);\n"
    r"```\n\s*"
    r"Answers \*\*(?P<status>\d{3})\*\*"
    r"(?: `(?P<media>[^`]+)`:\n\s*```json\n(?P<body>.*?)\n```|, without a body\.)",
    re.DOTALL,
)
METHOD = re.compile(r"-X ([A-Z]+)")
HEADER = re.compile(r'-H "([^":]+): ([^"]+)"')


@dataclass(frozen=True)
class Example:
    url: str
    method: str
    headers: tuple[tuple[str, str], ...]
    fetched: str
    init: str
    status: int
    media: str | None
    body: Any

    @property
    def path(self) -> str:
        return self.url.partition("?")[0]

    def __str__(self) -> str:
        return f"{self.status} {self.url}"


def examples(text: str | None = None) -> list[Example]:
    matches = EXAMPLE.finditer(PAGE.read_text() if text is None else text)
    return [
        Example(
            url=match["curl"],
            method=found[1] if (found := METHOD.search(match["options"])) else "GET",
            headers=tuple(HEADER.findall(match["options"])),
            fetched=match["fetch"],
            init=match["init"],
            status=int(match["status"]),
            media=match["media"],
            body=json.loads(match["body"]) if match["body"] else None,
        )
        for match in matches
    ]


def differences(shown: Any, real: Any, where: str = "") -> list[str]:
    """Where an answer is not as shown. Shown may be less: fields are left out, lists are cut to
    some of their items in their order, and a text that ends in … goes on."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return [
            found
            for name, value in shown.items()
            for found in (
                differences(value, real[name], f"{where}.{name}")
                if name in real
                else [f"{where}.{name} is not there"]
            )
        ]
    if isinstance(shown, list) and isinstance(real, list):
        return _list_differences(shown, real, where)
    if isinstance(shown, str) and isinstance(real, str) and shown.endswith("…"):
        return [] if real.startswith(shown[:-1]) else [f"{where} is {real!r}, not {shown!r}"]
    same = type(shown) is type(real) and shown == real
    return [] if same else [f"{where} is {real!r}, not {shown!r}"]


def _list_differences(shown: list[Any], real: list[Any], where: str) -> list[str]:
    if not shown and real:
        return [f"{where} is not empty"]
    left = iter(real)
    for number, value in enumerate(shown):
        tried: list[list[str]] = []
        for each in left:
            tried.append(differences(value, each, f"{where}[{number}]"))
            if not tried[-1]:
                break
        if not tried or tried[-1]:
            return min(tried, key=len, default=[f"{where}[{number}] is not there"])
    return []
