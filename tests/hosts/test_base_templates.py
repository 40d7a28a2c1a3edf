"""Our pages fit into the base template that a host has; our blocks into its own pages."""

from __future__ import annotations

import copy

import pytest
from django.conf import settings as django_settings
from django.core import checks
from django.template import engines
from django.test import RequestFactory
from wagtail import blocks

from tests.conftest import block, fill
from wagtail_regional import factories as f
from wagtail_regional.blocks import AllianceBlock, ProgrammeList, RegionalStreamBlock

STYLES = "wagtail_regional/regional.css"
DJANGO = django_settings.TEMPLATES[0]
JINJA = {"BACKEND": "django.template.backends.jinja2.Jinja2", "OPTIONS": {}}


@pytest.fixture
def base(settings, tmp_path):
    """Gives the host a base template."""

    def give(source, *, jinja=False, **own):
        (tmp_path / "base.html").write_text(source)
        django = copy.deepcopy(DJANGO)
        if jinja:
            settings.TEMPLATES = [{**JINJA, "DIRS": [tmp_path]}, django]
        else:
            settings.TEMPLATES = [{**django, "DIRS": [tmp_path]}]
        settings.WAGTAIL_REGIONAL = own

    return give


def page_in(section, client):
    alliance = f.AllianceFactory(name={"en": "Quantum alliance"})
    page = fill(section.page, [block("alliance", {"alliance": alliance.pk, "show": []})])
    answer = client.get(page.url)
    assert answer.status_code == 200
    return answer.content.decode()


FULL = (
    "<html><head><title>{% block title %}{% endblock %}</title>"
    "{% block extra_css %}<b>own</b>{% endblock %}</head>"
    "<body>{% block content %}{% endblock %}</body></html>"
)


@pytest.mark.parametrize("jinja", [False, True])
def test_the_parts_are_in_the_blocks_of_the_base(section, client, base, jinja):
    base(FULL, jinja=jinja)
    html = page_in(section, client)
    head, body = html.split("</head>")
    assert f"<title>{section.page.title}</title>" in head and "<b>own</b>" in head
    assert html.count(STYLES) == 1 and STYLES in head
    assert "Quantum alliance" in body and "regional-breadcrumbs" in body.replace("__", "-")


@pytest.mark.parametrize("jinja", [False, True])
def test_without_a_block_for_styles_they_come_with_the_content(section, client, base, jinja):
    base(
        "{% block title %}{% endblock %}<main>{% block content %}{% endblock %}</main>", jinja=jinja
    )
    html = page_in(section, client)
    assert html.count(STYLES) == 1 and "Quantum alliance" in html


@pytest.mark.parametrize("jinja", [False, True])
def test_the_names_of_the_blocks_are_a_setting(section, client, base, jinja):
    names = {"title": "page_title", "styles": None, "content": "main"}
    source = "<title>{% block page_title %}{% endblock %}</title>{% block main %}{% endblock %}"
    base(source, jinja=jinja, BASE_BLOCKS=names)
    html = page_in(section, client)
    assert f"<title>{section.page.title}</title>" in html
    assert html.count(STYLES) == 1 and "Quantum alliance" in html


@pytest.mark.parametrize(
    ("own", "block_of_its_own", "drawn"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"BREADCRUMBS": True}, True, True),
        ({"BREADCRUMBS": False}, False, False),
    ],
)
def test_breadcrumbs_are_there_once(section, client, base, own, block_of_its_own, drawn):
    base(FULL + ("{% block breadcrumbs %}{% endblock %}" if block_of_its_own else ""), **own)
    assert ('aria-label="Breadcrumb' in page_in(section, client)) == drawn


def warnings():
    return [each for each in checks.run_checks() if each.id == "wagtail_regional.W003"]


@pytest.mark.parametrize("jinja", [False, True])
def test_a_block_that_is_missing_is_told(base, jinja):
    base(FULL, jinja=jinja)
    assert warnings() == []
    base("{% block title %}{% endblock %}{% block main %}{% endblock %}", jinja=jinja)
    [found] = warnings()
    assert "“content”" in found.msg and "main" in found.hint


def test_a_template_that_is_missing_is_told(settings):
    settings.WAGTAIL_REGIONAL = {"BASE_TEMPLATE": "nowhere.html"}
    [found] = warnings()
    assert "nowhere.html" in found.msg


# --- Blocks on a host's own pages ----------------------------------------------------------------


def shown(source, **context):
    request = RequestFactory().get("/")
    template = "{% load wagtailcore_tags regional_tags %}" + source
    return engines["django"].from_string(template).render(context, request)


@pytest.fixture
def stream(site):
    alliance = f.AllianceFactory(name={"en": "Quantum alliance"})
    own = blocks.StreamBlock([("alliance", AllianceBlock()), ("list", ProgrammeList())])
    item = block("alliance", {"alliance": alliance.pk, "show": []})
    return lambda kind=own: kind.to_python([item, {**item, "id": "other"}])


def test_blocks_on_another_page_bring_their_styles_once(stream):
    html = shown("{% include_block body %}{% include_block body %}", body=stream())
    assert html.count("Quantum alliance") >= 4
    assert html.count(STYLES) == 1
    assert 'class="regional' in html.partition("Quantum alliance")[0]


def test_the_whole_stream_of_ours_does_too(stream):
    html = shown("{% include_block body %}", body=stream(RegionalStreamBlock()))
    assert html.count(STYLES) == 1 and 'class="regional' in html


def test_linked_to_in_the_head_they_are_not_linked_to_again(stream):
    html = shown("{% regional_assets %}</head>{% include_block body %}", body=stream())
    assert html.count(STYLES) == 1 and STYLES in html.split("</head>")[0]
