"""What our templates need beyond Django's own tags.

Load it with ``{% load regional_tags %}``. Everything here works on the contract's objects
(:mod:`wagtail_regional.schemas`) and asks the database nothing.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from wagtail_regional.blocks.map_options import map_options
from wagtail_regional.languages import (
    current_language,
    join_names,
    language_name,
    reading,
    text_direction,
    words_language,
)
from wagtail_regional.lifecycle import Status, site_today
from wagtail_regional.markup.mentions import object_position
from wagtail_regional.markup.programmes import application_state as state_of
from wagtail_regional.markup.programmes import terms_for
from wagtail_regional.markup.rows import arguments, show
from wagtail_regional.markup.words import award_label as award_of
from wagtail_regional.markup.words import lang_of as lang_in
from wagtail_regional.markup.words import long_date, marked, name_of
from wagtail_regional.markup.words import period as period_of
from wagtail_regional.models import Organisation
from wagtail_regional.rendering import assets_once
from wagtail_regional.schemas.base import whole as whole_of
from wagtail_regional.schemas.blocks import RegionalPlace
from wagtail_regional.schemas.json_ld import dump_json_ld
from wagtail_regional.schemas.pages import RegionalAlternate
from wagtail_regional.schemas.parts import RegionalLifecycle, RegionalReference
from wagtail_regional.schemas.registry import (
    RegionalAccess,
    RegionalProgramme,
    RegionalProgrammeMention,
)
from wagtail_regional.text import plain_digits

register = template.Library()


# --- Languages ---------------------------------------------------------------------------------


@register.simple_tag
def lang_of(language: str | None) -> str:
    """``lang`` and ``dir`` for a text that fell back to another language than the page's.

    Usage: ``<span{% lang_of programme.language %}>{{ programme.name }}</span>``. It brings its
    own leading space, and is empty where the text is in the language around it.
    """
    return lang_in(language, current_language())


@register.simple_tag
def lang_of_words() -> str:
    """`lang_of` for words of ours: for an element that holds no others.

    They are in the page's language, or where we have no words in that, in what it falls back to.
    """
    return lang_of(words_language())


@register.simple_tag
def lang_of_content() -> str:
    """`lang_of` for content inside an element that has `lang_of_words`."""
    return marked(current_language()) if lang_of_words() else ""


class _ReadingNode(template.Node):
    def __init__(self, language: FilterExpression, nodelist: NodeList) -> None:
        self.language, self.nodelist = language, nodelist

    def render(self, context: Context) -> SafeString:
        with reading(self.language.resolve(context) or None):
            return self.nodelist.render(context)


@register.tag("reading")
def reading_tag(parser: Parser, token: Token) -> _ReadingNode:
    """Content in a language, with words of ours.

    Usage: ``{% reading regional.meta.language %}...{% endreading %}``. Inside, ``{% translate %}``
    and dates are in the language of our words, and the other tags still know the one of the
    content.
    """
    try:
        _name, language = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("reading takes one argument: a language") from None
    nodelist = parser.parse(("endreading",))
    parser.delete_first_token()
    return _ReadingNode(parser.compile_filter(language), nodelist)


@register.simple_tag
def document_language(locale: str = "") -> SafeString:
    """``lang`` and ``dir`` of the document itself, for the ``html`` element."""
    code = locale or current_language()
    return format_html('lang="{}" dir="{}"', code, text_direction(code))


@register.filter
def self_name(language: str) -> str:
    """What speakers of a language call it: “Nederlands”."""
    name = language_name(language, language)
    return name[:1].upper() + name[1:]


@register.filter
def other_languages(
    alternates: Iterable[RegionalAlternate], locale: str
) -> list[RegionalAlternate]:
    """`alternates` without the page itself, for a language switch."""
    return [a for a in alternates or () if a.hreflang not in (locale, "x-default")]


@register.filter
def names(items: Iterable[Any]) -> str:
    """Texts, references, terms or providers as a sentence lists them: “A, B and C”."""
    return join_names([name_of(item) for item in items])


register.filter("long_date", long_date)


# --- Looks -------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def regional_assets(context: Mapping[str, Any]) -> SafeString:
    """What our blocks need in the ``head`` of a page: a link to the stylesheet.

    Blocks link to it themselves where nothing has before, so a page is never without; in the
    ``head`` browsers have it before they draw anything.
    """
    return assets_once(context.get("request"))


class _KeptNode(template.Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        html = context.get("regional_html")
        # A host may have put something else in the place of what we gave.
        if not html or not html.kept or context.get("regional") is not html.context["regional"]:
            return self.nodelist.render(context)
        part: SafeString = html.kept.part(self.name, lambda: self._alone(context, html.context))
        return part

    def _alone(self, context: Context, given: Mapping[str, Any]) -> SafeString:
        """The part, made of what we gave alone: of nothing about the reader, or around it."""
        alone = context.new(dict(given))
        alone.request = None  # type: ignore[attr-defined]
        return self.nodelist.render(alone)


@register.tag("kept")
def kept_tag(parser: Parser, token: Token) -> _KeptNode:
    """A part of a page template of ours that is kept, and given again while nothing changes.

    Usage: ``{% kept "header" %}...{% endkept %}``. Inside, there are `regional`, `page`, `finder`
    and `regional_breadcrumbs`, and nothing else.
    """
    try:
        _name, name = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("kept takes one argument: a name") from None
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return _KeptNode(name.strip("\"'"), nodelist)


@register.simple_tag(takes_context=True)
def row(context: Mapping[str, Any], name: str, **values: Any) -> SafeString:
    """A row of the registry, or a list of them.

    Usage: ``{% row "programmes" programmes=block.programmes level=3 %}``. It shows what the include
    ``wagtail_regional/includes/programmes.html`` does, a host's own where there is one. Without
    values they are those in the context.
    """
    if not values:
        given = {each: context.get(each) for each in arguments(name)}
        return show(name, **{key: value for key, value in given.items() if value != ""})
    return show(name, **values)


# --- Addresses ---------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def absolute_url(context: Mapping[str, Any], url: str) -> str:
    """An address with scheme and host, for whoever reads it away from the page."""
    content = context.get("regional_content")
    return content.context.absolute(url) if content else url


@register.simple_tag(takes_context=True)
def relative_url(context: Mapping[str, Any], url: str) -> str:
    """An address within the site as a path; others stay as they are."""
    content = context.get("regional_content")
    base = content.context.base_url if content else ""
    return url.removeprefix(base) if base and url.startswith(f"{base}/") else url


# --- Headings ----------------------------------------------------------------------------------


@register.filter
def level_below(heading: str | None, level: int = 2) -> int:
    """The level of headings inside a block whose own heading has `level`.

    A block may go without a heading; what is inside then takes the block's level, so that no
    level of the page is skipped: ``{% with level=block.heading|level_below %}<h{{ level }}>``.
    """
    return level + 1 if heading else level


# --- Lifecycle ---------------------------------------------------------------------------------


@register.filter
def ended(items: Iterable[Any] | None) -> list[Any]:
    """Those of `items` that have ended."""
    return [item for item in items or () if _has_ended(item)]


@register.filter
def not_ended(items: Iterable[Any] | None) -> list[Any]:
    """Those of `items` that go on or are still to come."""
    return [item for item in items or () if not _has_ended(item)]


def _has_ended(item: Any) -> bool:
    # What is mentioned has no lifecycle where it has no dates.
    return bool(item.lifecycle) and item.lifecycle.status == Status.ENDED


@register.filter
def whole(mention: Any) -> Any:
    """The row that a mention stands for: ``{% with programme=each|whole %}``."""
    return whole_of(mention)


@register.filter
def period(lifecycle: RegionalLifecycle, over: bool | None = False) -> str:
    """When, and no more: “From 2009 until 2016”.

    For what does not itself run, such as a membership, a title or an organisation; `text`, which
    says “Ran from 2009 until 2016”, would be odd there.

    Usage: ``{{ lifecycle|period }}``, and ``{{ lifecycle|period:True }}`` within what has ended,
    where nothing goes on “since 2009”, nor ends soon.
    """
    return period_of(lifecycle, over=bool(over))


# --- Programmes --------------------------------------------------------------------------------


class ProgrammeTypeCount(NamedTuple):
    """A type of programme with how many there are in a list."""

    code: str
    label: str
    number: int


@register.filter
def programme_types(
    programmes: Iterable[RegionalProgramme | RegionalProgrammeMention],
) -> list[ProgrammeTypeCount]:
    """The types that occur among `programmes`, most frequent first."""
    counts = Counter((each.type, each.type_label) for each in map(whole_of, programmes))
    return [ProgrammeTypeCount(*key, count) for key, count in counts.most_common()]


@register.filter
def award_label(programme: RegionalProgramme) -> str:
    """“Joint degree”; empty for an ordinary, single one."""
    return award_of(programme.degree_award)


@register.filter
def access_for(
    programme: RegionalProgramme, audience: RegionalReference | Organisation | None
) -> list[RegionalAccess]:
    """The terms that concern `audience`: its own, or else those for guests. All when nobody.

    `audience` is a reference, or the row itself, which is what the finder's form chooses.
    """
    return terms_for(programme, audience)


@register.filter
def application_state(access: RegionalAccess) -> str:
    """Where applying stands today: ``before``, ``open``, ``closed``; empty without dates."""
    return state_of(access, site_today())


# --- Places ------------------------------------------------------------------------------------


class Locality(NamedTuple):
    """A town with the partners in it."""

    name: str
    places: list[RegionalPlace]


@register.filter
def by_locality(places: Iterable[RegionalPlace]) -> list[Locality]:
    """Places by town, in alphabetical order; those without a town last."""

    def town(place: RegionalPlace) -> tuple[bool, str]:
        return not place.partner.locality, place.partner.locality or ""

    groups = itertools.groupby(sorted(places, key=town), key=town)
    return [Locality(name, list(group)) for (_, name), group in groups]


@register.filter
def map_for(places: Sequence[RegionalPlace], list_id: str) -> str:
    """What ``map.js`` needs for a map of `places`, as JSON; empty where there is to be no map.

    Usage: ``{% with options=block.places|map_for:"an-id" %}``, then ``{{ options }}`` in an
    attribute: Django's escaping makes it safe there.
    """
    options = map_options(places, list_id)
    return json.dumps(options, ensure_ascii=False) if options else ""


# --- HTML --------------------------------------------------------------------------------------


register.filter("object_position", object_position)


@register.filter
def tel(phone: str) -> str:
    """A telephone number as the address of a ``tel:`` link."""
    # "+31 (0)71 527 2727": the zero in brackets is dialled only without the country code.
    digits = phone.replace("(0)", "") if phone.strip().startswith("+") else phone
    return re.sub(r"[^0-9+]", "", plain_digits(digits))


#: Names in HTML are of ASCII's letters.
_NO_CASE = re.IGNORECASE | re.ASCII


@register.filter
def titled_frames(html: str, title: str | None) -> SafeString:
    """Embedded HTML whose frames all have a title, which many providers leave out."""

    def add_title(match: re.Match[str]) -> str:
        tag = match.group()
        if not title or re.search(r"\stitle\s*=\s*(['\"]?)[^'\"\s>]", tag, _NO_CASE):
            return tag
        return f'<iframe title="{escape(title)}"{tag[len("<iframe") :]}'

    return mark_safe(re.sub(r"<iframe\b[^>]*>", add_title, html, flags=_NO_CASE))  # noqa: S308


@register.filter
def json_ld(data: Mapping[str, Any] | None) -> SafeString:
    """Structured data as a script element that no text in it can close."""
    if not data:
        return SafeString("")
    # format_html would turn the JSON's own quotes into entities.
    return mark_safe(  # noqa: S308
        f'<script type="application/ld+json">{dump_json_ld(data)}</script>'
    )
