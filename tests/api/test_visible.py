"""Of a row that readers may not see they see nothing, wherever they look: every answer is what it
is where there is no such row."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db.models import Q

import wagtail_regional
from tests.api import hidden_rows as hidden
from tests.conftest import make_alliance
from wagtail_regional import factories as f
from wagtail_regional import lifecycle
from wagtail_regional import models as m
from wagtail_regional.api import geojson, kept_answers
from wagtail_regional.api.router import router
from wagtail_regional.lifecycle import Moment
from wagtail_regional.models import visibility
from wagtail_regional.models.ties import TIES
from wagtail_regional.representation import kept_html

#: From this day on the rows are hidden; what is prepared for a day is good for no other.
HIDDEN_FROM = dt.date(2031, 7, 13)


def shown_by_source(model, moment: Moment, prefix: str = "") -> Q:
    """A definition that depends on the day."""
    return Q(**{f"{prefix}source_url": ""}) if moment.today >= HIDDEN_FROM else Q()


@pytest.fixture
def on_day(monkeypatch):
    """Makes it another day."""

    def on(day: dt.date) -> None:
        for module in (lifecycle, kept_answers, kept_html):
            monkeypatch.setattr(module, "site_today", lambda: day)

    return on


@pytest.fixture
def site_with_hidden_rows(section, settings, monkeypatch, on_day):
    settings.WAGTAILAPI_LIMIT_MAX = 100
    monkeypatch.setattr(visibility, "own_q", shown_by_source)
    on_day(HIDDEN_FROM)
    hidden.fill_site(section)
    pages = [page.specific for page in section.index.get_descendants(inclusive=True)]
    return hidden.addresses(pages)


def read(client, addresses):
    cache.clear()
    return {
        each: (answer.status_code, answer.content)
        for each in addresses
        if (answer := client.get(each)) is not None
    }


def marks():
    """What tells of a hidden row: its public id, or a word of its own."""
    rows = [model.objects.filter(source_url=hidden.SOURCE) for model in hidden.ENTRIES]
    uuids = [str(row.uuid) for each in rows for row in each]
    return [hidden.MARK, *uuids]


def test_every_list_is_asked_for_hidden_rows():
    lists = {path.removeprefix("/") for path in router.path_operations if "{" not in path}
    # Of drafts, whoever has the token may see all.
    assert lists - {"preview/"} == {*hidden.ENDPOINTS, *hidden.OTHER_LISTS}


@pytest.mark.slow
@pytest.mark.indexed
def test_a_hidden_row_is_nowhere(client, site_with_hidden_rows, on_day):
    addresses, told = site_with_hidden_rows, marks()
    # It could be anywhere: on the day before, it is.
    on_day(HIDDEN_FROM - dt.timedelta(days=1))
    plain = [each for each in addresses if "?" not in each and each.count("-") < 4]
    texts = [content.decode().lower() for _status, content in read(client, plain).values()]
    assert sum(hidden.MARK in text for text in texts) > len(plain) * 2 / 3

    on_day(HIDDEN_FROM)
    found = read(client, addresses)
    for address, (status, content) in found.items():
        assert status in (200, 404, 422), address
        text = content.decode().lower()
        # What the reader gave is told back.
        for mark in told if status == 200 else ():
            assert mark in address.lower() or mark not in text, (address, mark)
    hidden.take_away()
    without = read(client, addresses)
    assert [each for each in addresses if found[each] != without[each]] == []


def joint(answer):
    [facet] = [each for each in answer.json()["facets"] if each["name"] == "joint"]
    return [each["value"] for each in facet["values"]]


def test_a_row_that_is_hidden_is_counted_no_more(client, section, monkeypatch):
    """Counts are kept until a programme changes; what they count may be hidden before that."""
    monkeypatch.setattr(
        visibility, "own_q", lambda model, moment, prefix="": Q(**{f"{prefix}source_url": ""})
    )
    provider = f.OrganisationFactory()
    programme = f.ProgrammeFactory()
    f.ProgrammeProviderFactory(programme=programme, organisation=provider)
    f.ProgrammeProviderFactory(programme=programme)
    address = f"{hidden.API}/programmes/facets/"
    assert joint(client.get(address)) == ["true"]
    provider.source_url = hidden.SOURCE
    provider.save()
    assert joint(client.get(address)) == ["false"]


def test_what_is_hidden_from_a_day_on_is_counted_until_then(client, site, monkeypatch, on_day):
    def until_its_day(model, moment, prefix=""):
        return Q(**{f"{prefix}source_url": ""}) | Q(
            **{f"{prefix}source_url__gte": f"https://example.org/{moment.today}"}
        )

    monkeypatch.setattr(visibility, "own_q", until_its_day)
    f.ProgrammeFactory(type="minor")
    f.ProgrammeFactory(type="minor", source_url=f"https://example.org/{HIDDEN_FROM}")
    address = f"{hidden.API}/programmes/?type=minor&limit=1"
    counts = []
    for days in (0, 1):
        on_day(HIDDEN_FROM + dt.timedelta(days=days))
        counts.append(client.get(address).json()["count"])
    assert counts == [2, 1]


def test_a_network_is_not_cut_for_what_is_hidden(client, site, monkeypatch):
    monkeypatch.setattr(
        visibility, "own_q", lambda model, moment, prefix="": Q(**{f"{prefix}source_url": ""})
    )
    monkeypatch.setattr(geojson, "MOST_MEMBERSHIPS", 2)
    alliance = f.AllianceFactory()
    f.MembershipFactory(alliance=alliance)
    f.MembershipFactory(alliance=alliance, organisation__source_url=hidden.SOURCE)
    f.MembershipFactory(alliance=alliance, organisation__source_url=hidden.SOURCE)
    answer = client.get(f"{hidden.API}/network/").json()
    assert answer["truncated"] is False and len(answer["links"]) == 1


def test_nothing_is_asked_of_the_database_while_all_is_visible(section):
    make_alliance()
    for model in {each.model for each in TIES} | {each.target for each in TIES}:
        rows = model._default_manager.all()
        assert not visibility.visible_q(model, Moment.now())
        assert str(visibility.visible(rows, Moment.now()).query) == str(rows.query)
    assert visibility.visible_key(m.Alliance, "parent", Moment.now()) == "parent_id"


# --- No query goes past it -----------------------------------------------------------------------

PACKAGE = Path(wagtail_regional.__file__).parent
#: Where queries are made that readers see.
ROOMS = ("api", "blocks", "filters", "markup", "pages", "representation", "schemas", "templatetags")
MANAGERS = {"objects", "_default_manager", "_base_manager"}
REGISTRY = {each.model.__name__ for each in TIES} | {"Theme"}


def managers_of_the_registry(path):
    """Lines where rows of the registry are asked for by their manager."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if name in REGISTRY or (
                isinstance(owner, ast.Attribute) and name in ("through", "model")
            ):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}"


def test_what_readers_see_is_asked_for_as_visible():
    files = [path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")]
    assert len(files) > 50
    assert [line for path in files for line in managers_of_the_registry(path)] == []
