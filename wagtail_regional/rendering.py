"""Templates of ours, and the host's base template around them, whichever engines a host has.

Ours are Django's. The base may be Django's, which ours extend, or Jinja2's: then our parts are
made first, and a small Jinja2 template puts them into the blocks of the base.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, ExtendsNode
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from wagtail_regional.conf import DEFAULTS, SETTING_NAME, conf
from wagtail_regional.languages import content_active, reading

#: Stands in where the host's base is not there, or not one that can be used.
OWN_BASE = "wagtail_regional/base.html"

#: How the names of our templates begin.
_OURS = "wagtail_regional/"
_TEMPLATES = Path(__file__).resolve().parent / "templates"

#: The parts of our pages, in the order in which a document has them.
PARTS = ("title", "styles", "content")


@cache
def django_engine() -> Any:
    """The engine that knows our templates: of several of Django's, the first that finds them.

    Raises:
        ImproperlyConfigured: when there is none.
    """
    for engine in engines.all():
        if isinstance(engine, DjangoTemplates) and _has(engine, OWN_BASE):
            return engine
    raise ImproperlyConfigured(
        "No engine in TEMPLATES finds the templates of wagtail_regional. Give the one with the "
        'backend "django.template.backends.django.DjangoTemplates" the option "APP_DIRS": True.'
    )


def _has(engine: Any, name: str) -> bool:
    try:
        engine.get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


@cache
def replaced_templates() -> frozenset[str]:
    """The templates of ours in whose place a host has put its own."""
    names = (path.relative_to(_TEMPLATES).as_posix() for path in _TEMPLATES.rglob("*.html"))
    return frozenset(name for name in names if not _is_ours(name))


def _is_ours(name: str) -> bool:
    origin = django_engine().get_template(name).origin.name
    return Path(origin).resolve().is_relative_to(_TEMPLATES)


def are_ours(*directories: str) -> bool:
    """Whether all templates in these directories of ours are our own."""
    places = tuple(f"{_OURS}{directory}" for directory in directories)
    return not any(name.startswith(places) for name in replaced_templates())


def include_of_host(name: str) -> Any:
    """The template that a host has put in the place of an include of ours; None where it has
    none."""
    full = f"{_OURS}includes/{name}.html"
    return django_engine().get_template(full) if full in replaced_templates() else None


def template_of(name: Any) -> Any:
    """A template in Django's engine, or where that has none of this name, in any other."""
    try:
        return django_engine().get_template(name)
    except TemplateDoesNotExist:
        return get_template(name)


def render(name: str, context: Mapping[str, Any]) -> SafeString:
    """The text of a template with this context. Ours, and what a host puts in the place of one,
    has our words; a host's own is in the language of the content."""
    with reading() if str(name).startswith(_OURS) else content_active():
        html: str = template_of(name).render(dict(context))
        return mark_safe(html)  # noqa: S308 - a template's own


def page_template(name: Any) -> Any:
    """What renders a page template: a name, for Wagtail to look up, where it is none of ours."""
    engine = django_engine()
    if not isinstance(name, str) or not _has(engine, name):
        return name
    # One that extends what its context names.
    if base_engine() not in (None, engine) and blocks_of(name) is None:
        return RegionalTemplate(name)
    return engine.get_template(name)


def assets_once(request: Any) -> SafeString:
    """The link to our stylesheet: the first time in a request, and each time without one."""
    known = getattr(request, "_regional_assets", False)
    if known or not conf.STYLESHEET:
        return SafeString("")
    if request is not None:
        request._regional_assets = True
    return format_html('<link rel="stylesheet" href="{}">', static(conf.STYLESHEET))


# --- The base template -------------------------------------------------------------------------


@cache
def base_engine() -> Any:
    """The engine that has the host's base template: Django's if that does, or else Jinja2's.
    None where neither has it."""
    ours = django_engine()
    if _has(ours, conf.BASE_TEMPLATE):
        return ours
    others = (engine for engine in engines.all() if hasattr(engine, "env"))
    return next((each for each in others if _has(each, conf.BASE_TEMPLATE)), None)


def blocks_of(name: str) -> set[str] | None:
    """The names of the blocks in a template of Django's and in those that it extends. None where
    that cannot be told: it extends what only its context knows."""
    found: set[str] = set()
    try:
        template: Any = django_engine().get_template(name).template
        while template is not None:
            found |= {node.name for node in template.nodelist.get_nodes_by_type(BlockNode)}
            above = next(iter(template.nodelist.get_nodes_by_type(ExtendsNode)), None)
            if above is None:
                return found
            if not isinstance(above.parent_name.var, str):
                return None
            template = django_engine().get_template(above.parent_name.var).template
    except TemplateDoesNotExist:
        return None
    return found


def base_blocks() -> set[str] | None:
    """The names of the blocks of the host's base template. None where it has no such template, or
    that cannot be told."""
    engine = base_engine()
    if engine is None:
        return None
    return blocks_of(conf.BASE_TEMPLATE) if engine is django_engine() else jinja_blocks(engine)


@cache
def draws_breadcrumbs() -> bool:
    """Whether our pages have breadcrumbs of ours: as the setting says, or else unless the base
    has a block for its own."""
    if conf.BREADCRUMBS is not None:
        return bool(conf.BREADCRUMBS)
    return not {"breadcrumb", "breadcrumbs"} & (base_blocks() or set())


def block_names() -> dict[str, str | None]:
    """What the base calls the block for each of our parts; None where it has none for it."""
    return {part: conf.BASE_BLOCKS.get(part) for part in PARTS}


@cache
def django_base() -> Any:
    """What our page templates extend: the host's base, with our parts in its blocks."""
    engine = django_engine()
    name = conf.BASE_TEMPLATE if base_engine() is engine else OWN_BASE
    names = block_names() if name != OWN_BASE else DEFAULTS["BASE_BLOCKS"]
    source = [f'{{% extends "{name}" %}}{{% load regional_tags %}}']
    for part, block in names.items():
        if block:
            source.append(f"{{% block {block} %}}{_django_part(part)}{{% endblock %}}")
    return engine.from_string("".join(source)).template


def _django_part(part: str) -> str:
    inner = f"{{% block regional_{part} %}}{{% endblock %}}"
    if part == "styles":
        return f"{{{{ block.super }}}}{{% regional_assets %}}{inner}"
    # Where the base has no block for styles, or it is not drawn, they come here.
    return f"{{% regional_assets %}}{inner}" if part == "content" else inner


class RegionalTemplate:
    """A page template of ours in a Jinja2 base; it renders as any backend's template does.

    Args:
        name: of the page template.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.template = django_engine().get_template(name)
        self.origin = self.template.origin

    def render(
        self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None
    ) -> SafeString:
        around, engine = dict(context or {}), base_engine()
        parts = self._parts(around, request, engine)
        html: str = _jinja_base(engine).render({**around, **parts}, request)
        return mark_safe(html)  # noqa: S308 - a template's own

    def _parts(
        self, context: dict[str, Any], request: HttpRequest | None, engine: Any
    ) -> dict[str, str]:
        """Our parts, each by itself."""
        mark = f"<!-- {secrets.token_hex(16)} -->"
        inner = (f"{{% block regional_{part} %}}{{% endblock %}}" for part in PARTS)
        source = "{% load regional_tags %}" + mark.join(inner)
        base = django_engine().from_string(source).template
        # Before the blocks, which would bring them along.
        assets = assets_once(request)
        html = self.template.render({**context, "regional_base": base}, request)
        parts = dict(zip(PARTS, html.split(mark), strict=True))
        # Where the base has no block for styles, they come before the content.
        part = "styles" if block_names()["styles"] in jinja_blocks(engine) else "content"
        parts[part] = assets + parts[part]
        return {f"regional_{part}": mark_safe(text) for part, text in parts.items()}  # noqa: S308


@cache
def _jinja_base(engine: Any) -> Any:
    begin, end = engine.env.block_start_string, engine.env.block_end_string
    first, last = engine.env.variable_start_string, engine.env.variable_end_string
    source = [f'{begin} extends "{conf.BASE_TEMPLATE}" {end}']
    blocks = jinja_blocks(engine)
    for part, block in block_names().items():
        if block is None or block not in blocks:
            continue
        above = f"{first} super() {last}" if part == "styles" else ""
        own = f"{first} regional_{part} {last}"
        source.append(f"{begin} block {block} {end}{above}{own}{begin} endblock {end}")
    return engine.from_string("".join(source))


def jinja_blocks(engine: Any) -> set[str]:
    """The names of the blocks of a Jinja2 base and of those that it extends."""
    from jinja2 import nodes

    found: set[str] = set()
    names: Iterable[str] = [conf.BASE_TEMPLATE]
    while names:
        name, *_rest = names
        source, _path, _current = engine.env.loader.get_source(engine.env, name)
        tree = engine.env.parse(source)
        found |= {node.name for node in tree.find_all(nodes.Block)}
        above = (node.template for node in tree.find_all(nodes.Extends))
        names = [each.value for each in above if isinstance(each, nodes.Const)]
    return found


_REMEMBERED = (
    *(django_engine, base_engine, replaced_templates),
    *(draws_breadcrumbs, django_base, _jinja_base),
)


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {SETTING_NAME, "TEMPLATES", "INSTALLED_APPS"}:
        for each in _REMEMBERED:
            each.cache_clear()


setting_changed.connect(_forget, dispatch_uid="wagtail_regional.rendering")
