"""Descriptions as other programs have them, in Markdown or HTML, as plain text."""

from __future__ import annotations

import html
import re
from typing import Final

from wagtail_regional.text import normal_text

# Every expression here looks at a character a bounded number of times: descriptions come from
# elsewhere, and may be made to take long.
_TAG: Final = re.compile(r"(<!--|-->|</?[a-zA-Z][a-zA-Z0-9]*(?:[\s/][^<>]*)?>)")
_TAG_NAME: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")

_PARAGRAPHS: Final = re.compile(
    "address|article|aside|blockquote|body|d[dlt]|div|fieldset|figcaption|figure|footer|form|"
    "h[1-6r]|header|html|main|nav|[ou]l|p|pre|section|table|tbody|tfoot|thead"
)
_HEADINGS: Final = re.compile("h[1-6]")
_BREAKS: Final = re.compile("br|li|option|t[dhr]")
_INLINE: Final = re.compile(
    "a|abbr|acronym|b|bd[io]|big|cite|code|data|del|dfn|em|font|i|img|input|ins|kbd|label|mark|"
    "[oqsu]|samp|small|span|strike|strong|su[bp]|time|tt|var|wbr"
)
_UNSEEN: Final = frozenset(("head", "iframe", "noscript", "script", "style", "template", "title"))

_IMAGE: Final = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_EMPHASIS: Final = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|`{1,3})(?=\S)([^*_`\n]+)(?<=\S)\1(?!\w)")
_HEADING: Final = re.compile(r"#{1,6}(?:\s+|$)")


def without_html(text: str) -> str:
    """A text without tags: those that begin a paragraph are empty lines, those that break a line
    its end, headings as Markdown has them. Entities are the characters they stand for. What only
    looks like a tag, as in ``a <b and c> d`` or ``<https://example.edu>``, is left."""
    parts: list[str] = []
    unseen = ""
    for part in _TAG.split(text):
        name = _tag_name(part)
        if unseen:
            if part == "-->" if unseen == "<!--" else name == unseen and part.startswith("</"):
                unseen = ""
        elif part == "<!--" or (name in _UNSEEN and not part.startswith("</")):
            unseen = name or part
        else:
            parts.append(_instead_of(part, name))
    return _ENTITY.sub(lambda match: html.unescape(match[0]), "".join(parts))


def _tag_name(part: str) -> str:
    match = _TAG_NAME.match(part) if part.endswith(">") else None
    return match[1].lower() if match else ""


def _instead_of(part: str, name: str) -> str:
    if _HEADINGS.fullmatch(name) and not part.startswith("</"):
        return "\n\n# "
    if _PARAGRAPHS.fullmatch(name):
        return "\n\n"
    if _BREAKS.fullmatch(name):
        return " " if part.startswith("</") else "\n"
    return "" if _INLINE.fullmatch(name) or name in _UNSEEN else part


def first_paragraph(text: str) -> str:
    """What a summary can hold of a description, which may be pages long: its first paragraph that
    is no heading, without the marks of Markdown and HTML, on one line."""
    paragraphs = [
        plain
        for part in re.split(r"\n[ \t\r]*\n", without_html(text))
        if (plain := normal_text(part, multiline=True))
    ]
    bodies = [part for part in paragraphs if not _HEADING.match(part)]
    found = next(iter(bodies or paragraphs), "")
    found = _LINK.sub(r"\1", _IMAGE.sub("", _HEADING.sub("", found)))
    # Twice, for emphasis within emphasis.
    found = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", found))
    return normal_text(found)
