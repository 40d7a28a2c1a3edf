"""HTML that is kept: what readers get of it, who gets it, and when it is made anew."""

from __future__ import annotations

import copy
import datetime as dt
import re
import uuid

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import format_html
from wagtail import blocks, hooks
from wagtail.models import Page, PageViewRestriction, Site

from tests.conftest import block, fill
from wagtail_regional import factories as f
from wagtail_regional.blocks import RegionalStreamBlock, map_options
from wagtail_regional.blocks.base import RegionalBlock
from wagtail_regional.fields import CodeListField, LocalizedTextField, PartialDateField, WordsField
from wagtail_regional.freshness import instants
from wagtail_regional.models import (
    Alliance,
    Membership,
    Organisation,
    Programme,
    ProgrammeAccess,
    ProgrammeProvider,
    Project,
    Recognition,
    Theme,
)
from wagtail_regional.representation import kept_html

BASE = (
    "<title>{% block title %}{% endblock %}</title>"
    "<p>Reader {{ request.user.username }} {{ request.GET.note }}</p>"
    "<main>{% block content %}{% endblock %}</main>"
    '{% include "wagtail_regional/includes/head.html" %}'
)


@pytest.fixture
def templates(settings, tmp_path):
    """Puts templates of a host before ours."""

    def put(**sources):
        for name, source in sources.items():
            path = tmp_path / f"{name.replace('__', '/')}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
        django = copy.deepcopy(django_settings.TEMPLATES[0])
        settings.TEMPLATES = [{**django, "DIRS": [tmp_path]}]

    return put


@pytest.fixture
def page(section):
    alliance = f.AllianceFactory(name={"en": "Quantum alliance"})
    f.MembershipFactory(alliance=alliance, organisation__name={"en": "Leiden University"})
    value = {"alliance": alliance.pk, "show": ["members"]}
    return fill(section.page, [block("alliance", value)])


def html_of(page, client, query="", **headers):
    answer = client.get(page.url + query, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def content_of(html):
    (found,) = re.findall("<main.*</main>", html, re.DOTALL)
    return found


def test_what_has_not_changed_is_given_again(page, client):
    first = client.get(page.url)
    client.get(page.url)
    # Wagtail's own way to the page, and the stamp.
    with CaptureQueriesContext(connection) as queries:
        again = client.get(page.url)
    assert again.content == first.content
    for name in ("Surrogate-Key", "Cache-Tag"):
        assert again[name] == first[name]
    tables = " ".join(query["sql"] for query in queries)
    assert "wagtail_regional_alliance" not in tables
    assert len(queries) <= 10


@pytest.mark.parametrize(
    "change",
    [
        lambda page: Organisation.objects.update(name={"en": "Renamed"}),
        lambda page: Alliance.objects.update(name={"en": "Renamed"}),
        lambda page: Page.objects.filter(pk=page.pk).update(title="Renamed"),
        lambda page: type(page).objects.filter(pk=page.pk).update(introduction="Renamed"),
        lambda page: fill(page, [block("heading", {"text": "Renamed", "level": "2"})]),
        lambda page: f.PartnershipPageFactory(
            title="Renamed", parent=page, subject=Alliance.objects.get()
        ),
    ],
)
def test_what_has_changed_is_made_anew(page, client, change):
    assert "Renamed" not in html_of(page, client)
    change(page)
    html = html_of(page, client)
    if "PartnershipPageFactory" not in change.__code__.co_names:
        assert "Renamed" in html
    assert html == html_of(page, client)
    cache.clear()
    assert html == html_of(page, client)


def test_a_new_day_tells_what_has_ended(page, client, monkeypatch):
    from wagtail_regional import lifecycle

    Alliance.objects.update(ends="2026-06")
    days = [dt.date(2026, 6, 30), dt.date(2026, 7, 1)]
    told = []
    for day in days:
        monkeypatch.setattr(lifecycle, "site_today", lambda day=day: day)
        monkeypatch.setattr(kept_html, "site_today", lambda day=day: day)
        told.append("regional-alliance--past" in html_of(page, client))
    assert told == [False, True]


def test_nothing_of_a_reader_is_in_what_others_get(page, templates):
    templates(base=BASE)
    editor, reader = Client(), Client()
    editor.force_login(get_user_model().objects.create_superuser("anna", "a@example.org", "x"))
    first = html_of(page, editor, "?note=mine")
    second = html_of(page, reader)
    assert "Reader anna mine" in first and "Reader  <" in second
    assert "anna" not in second and "mine" not in second
    assert content_of(first) == content_of(second)
    cache.clear()
    assert html_of(page, reader) == second
    assert html_of(page, editor, "?note=mine") == first


def test_a_private_page_stays_private(page, client):
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    editor = Client()
    editor.force_login(get_user_model().objects.create_superuser("anna", "a@example.org", "x"))
    assert "Quantum alliance" in html_of(page, editor)
    assert client.get(page.url).status_code == 302
    page.get_view_restrictions().delete()
    assert "Quantum alliance" in html_of(page, client)


def test_a_preview_neither_fills_nor_takes_what_readers_get(page, client):
    kept = html_of(page, client)
    page.title = "A draft"
    draft = page.make_preview_request()
    assert "A draft" in draft.rendered_content if hasattr(draft, "rendered_content") else True
    assert html_of(page, client) == kept


def test_hosts_and_schemes_have_their_own(page, client, site):
    Site.objects.filter(pk=site.pk).update(port=80)
    one = html_of(page, client, host="localhost")
    other = html_of(page, client, host="localhost:8001")
    secure = client.get(page.url, secure=True, headers={"host": "localhost"})
    secure = secure.content.decode()
    assert "http://localhost/en/" in one and "http://localhost:8001/en/" in other
    assert "https://localhost/en/" in secure
    assert "8001" not in one


class ReaderBlock(blocks.CharBlock):
    def render(self, value, context=None):
        return format_html("<i>for {}</i>", context["request"].user.username)


@pytest.fixture
def with_a_block_of_the_host(monkeypatch):
    from wagtail_regional.pages.models import PartnershipPage

    known = PartnershipPage._meta.get_field("body").stream_block.child_blocks
    own = ReaderBlock()
    own.set_name("reader")
    monkeypatch.setitem(known, "reader", own)


def test_a_body_with_a_block_of_the_host_is_rendered_each_time(
    section, with_a_block_of_the_host, client
):
    page = fill(
        section.page, [block("heading", {"text": "A", "level": "2"}), block("reader", "hello")]
    )
    editor = Client()
    editor.force_login(get_user_model().objects.create_superuser("anna", "a@example.org", "x"))
    assert "<i>for anna</i>" in html_of(page, editor)
    assert "<i>for </i>" in html_of(page, client)
    assert "<i>for anna</i>" in html_of(page, editor)


@pytest.mark.parametrize(
    "name", ["includes__status", "blocks__alliance", "includes__page_header", "includes__members"]
)
def test_where_a_host_has_its_own_template_that_is_what_shows(page, templates, client, name):
    own = {f"wagtail_regional__{name}": "<i>own {{ request.GET.note }}</i>"}
    templates(base=BASE, **own)
    assert "<i>own" in html_of(page, client)
    if name.startswith("blocks"):
        assert "<i>own one</i>" in html_of(page, client, "?note=one")
        assert "<i>own two</i>" in html_of(page, client, "?note=two")


def test_the_finder_has_one_for_each_question(section, client):
    f.ProgrammeFactory(name={"en": "Minor one"}, type="minor")
    f.ProgrammeFactory(name={"en": "Course two"}, type="course")
    page = section.programmes
    for _ in range(2):
        assert "Course two" in html_of(page, client)
        assert "Course two" not in html_of(page, client, "?type=minor")
        assert "Course two" in html_of(page, client, "?type=course&utm_source=letter")
        assert "utm_source" not in content_of(html_of(page, client, "?utm_source=letter"))


def test_blocks_on_a_page_of_the_host_are_kept_by_what_they_are(page, client, rf):
    stream = RegionalStreamBlock()
    alliance = Alliance.objects.get()
    value = stream.to_python([block("alliance", {"alliance": alliance.pk, "show": ["members"]})])

    def shown():
        request = rf.get("/", headers={"host": "localhost"})
        return stream.render(value, {"request": request, "page": page})

    first = shown()
    with CaptureQueriesContext(connection) as queries:
        assert shown() == first
    assert len(queries) <= 2
    Organisation.objects.update(name={"en": "Renamed"})
    assert "Renamed" in shown()


# --- Blocks that show what they showed before --------------------------------------------------


@pytest.fixture
def made(monkeypatch):
    """The types of the blocks that are made, in their order."""
    types, render = [], RegionalBlock.render_represented

    def made(block, *args):
        types.append(block.name)
        return render(block, *args)

    monkeypatch.setattr(RegionalBlock, "render_represented", made)
    return types


def test_after_a_change_only_the_blocks_that_show_it_are_made(section, client, made):
    alliances = f.AllianceFactory.create_batch(3)
    for each in alliances:
        f.MembershipFactory(alliance=each)
    shown = [block("alliance", {"alliance": each.pk, "show": ["members"]}) for each in alliances]
    page = fill(section.page, [*shown, block("heading", {"text": "Above", "level": "2"})])
    html_of(page, client)
    assert made == ["alliance", "alliance", "alliance", "heading"]
    made.clear()
    member = alliances[1].memberships.get().organisation
    Organisation.objects.filter(pk=member.pk).update(name={"en": "Renamed"})
    assert "Renamed" in html_of(page, client)
    assert made == ["alliance"]
    made.clear()
    # What nothing shows is a change, too.
    f.OrganisationFactory()
    html_of(page, client)
    assert made == []
    # The same alliance in another place, and under another heading.
    first = {**shown[0]["value"], "heading": "Another"}
    page = fill(page, [shown[2], shown[1], {**shown[0], "value": first}])
    html = html_of(page, client)
    assert made == ["alliance"] and "Another" in html and "Above" not in html
    cache.clear()
    assert html == html_of(page, client)


def columns(model):
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or isinstance(field, WordsField))
        and not field.name.startswith(("source", "review", "owner"))
    ]


OTHER_VALUES = {
    LocalizedTextField: lambda field, value: {"en": "Altered words", "nl": "Andere woorden"},
    PartialDateField: lambda field, value: "2013-05" if "from" in field.name else "2019-07",
    CodeListField: lambda field, value: (
        [code for code, _label in field.vocabulary() or ()] or ["f"]
    ),
    models.ForeignKey: lambda field, value: (
        field.related_model._default_manager.exclude(pk=value).values_list("pk", flat=True).last()
    ),
    models.UUIDField: lambda field, value: uuid.uuid4(),
    models.BooleanField: lambda field, value: not value,
    models.DateField: lambda field, value: dt.date(2031, 1, 2),
    models.DecimalField: lambda field, value: (value or 0) + 1,
    models.IntegerField: lambda field, value: (value or 0) + 1,
    models.URLField: lambda field, value: "https://altered.example.org/",
    models.CharField: lambda field, value: "NL" if field.name == "country" else "Altered",
}


def other_value(field, value):
    """Another value for a column."""
    if field.choices:
        return next(code for code, _label in field.choices if code != value)
    return next(
        make(field, value) for kind, make in OTHER_VALUES.items() if isinstance(field, kind)
    )


@pytest.mark.parametrize(
    "model",
    [
        *(Alliance, Membership, Organisation, Programme, ProgrammeAccess, ProgrammeProvider),
        *(Project, Recognition, Theme),
    ],
    ids=lambda model: model.__name__,
)
def test_whatever_changes_a_page_shows_it_as_if_nothing_had_been_kept(model, full_page, client):
    shown, before = 0, content_of(html_of(full_page, client))
    for field in columns(model):
        row = model.objects.order_by("pk").first()
        value = other_value(field, getattr(row, field.attname))
        try:
            with transaction.atomic():
                model.objects.filter(pk=row.pk).update(**{field.attname: value})
        except IntegrityError:
            continue  # Some columns exclude each other.
        kept = content_of(html_of(full_page, client))
        cache.clear()
        assert kept == content_of(html_of(full_page, client)), field.name
        shown += kept != before
        before = kept
    assert shown


@pytest.mark.parametrize("file", ["leaflet.css", "low-countries.json"])
def test_the_address_of_a_file_that_changed_is_told(full_page, client, monkeypatch, file):
    assert "?2" not in html_of(full_page, client)

    def static(path):
        return f"/static/{path}{'?2' if path.endswith(file) else ''}"

    for module in (kept_html, map_options):
        monkeypatch.setattr(module, "static", static)
    assert f"{file}?2" in html_of(full_page, client)


# --- One instant -------------------------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch):
    """Does something while a page is read, after its alliance and before its organisations."""
    from wagtail_regional.representation import loading

    load, todo = loading.load_organisations, []

    def then(*args):
        while todo:
            todo.pop()()
        return load(*args)

    monkeypatch.setattr(loading, "load_organisations", then)
    return todo


def rename(name):
    with transaction.atomic():
        Alliance.objects.update(name={"en": name})
        Organisation.objects.update(name={"en": name})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["{url}", "/api/v2/pages/{pk}/", "/api/v3/pages/{pk}/"])
def test_a_change_in_the_middle_shows_as_a_whole(page, client, meanwhile, address):
    if "v3" in address and not django_settings.INSTALLED_APPS.count("wagtail.api.v3"):
        pytest.skip("It came with Wagtail 8.")
    address = address.format(url=page.url, pk=page.pk)
    rename("Count 1")
    client.get(address)
    rename("Count 2")
    meanwhile.append(lambda: rename("Count 3"))
    for _ in range(2):
        found = set(re.findall(r"Count \d", client.get(address).content.decode()))
        assert found == {"Count 3"}


@pytest.mark.django_db(transaction=True)
def test_a_page_that_changed_on_the_way_there_is_read_again(page, client):
    def change(page, request, args, kwargs):
        with transaction.atomic():
            Page.objects.filter(pk=page.pk).update(title="Count 2")
            rename("Count 2")

    Page.objects.filter(pk=page.pk).update(title="Count 1")
    rename("Count 1")
    with hooks.register_temporarily("before_serve_page", change):
        assert set(re.findall(r"Count \d", html_of(page, client))) == {"Count 2"}
    assert set(re.findall(r"Count \d", html_of(page, client))) == {"Count 2"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["{url}", "/api/v2/pages/{pk}/", "/api/v3/pages/{pk}/"])
def test_within_a_transaction_of_the_host_it_may_be_refused(
    page, client, monkeypatch, settings, address
):
    if "v3" in address and not django_settings.INSTALLED_APPS.count("wagtail.api.v3"):
        pytest.skip("It came with Wagtail 8.")
    moving = iter(range(1000))
    monkeypatch.setattr(
        instants.stamp, "current", lambda *args: instants.Stamps(str(next(moving)), "")
    )
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    answer = client.get(address.format(url=page.url, pk=page.pk))
    if "v3" in address:
        # What goes wrong with a field there is an error of validation.
        assert answer.status_code == 422 and "is changing" in answer.content.decode()
    else:
        assert answer.status_code == 503 and answer["Retry-After"] == "1"
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", False)
    assert client.get(address.format(url=page.url, pk=page.pk)).status_code == 200
