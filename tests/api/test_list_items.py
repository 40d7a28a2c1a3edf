"""What a list tells of each of its items."""

from __future__ import annotations

import datetime as dt

import pytest
import wagtail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import ALL_SECTIONS, block, fill
from wagtail_regional import factories as f
from wagtail_regional.lifecycle import site_today

API = "/api/v3/regional" if wagtail.VERSION >= (8, 0) else "/api/regional"


@pytest.fixture
def programme(site):
    """One of a project's alliance, both about two themes."""
    themes = [f.ThemeFactory(label={"en": label}) for label in ("Water", "Health")]
    alliance = f.AllianceFactory()
    row = f.ProgrammeFactory(
        modes_of_study=["part_time"],
        modes_of_delivery=["online", "presential"],
        isced_fields=["09", "0912"],
    )
    project = f.ProjectFactory(alliance=alliance)
    f.ProjectFactory(alliance=alliance)
    row.alliances.set([alliance])
    for each in (row, project):
        each.themes.set(themes)
        each.save()
    return row


def labels(terms):
    return [term["label"] for term in terms]


def items(client, kind, **asked):
    return client.get(f"{API}/{kind}/", asked).json()["items"]


def test_programmes_tell_their_modes_fields_and_themes(client, programme):
    [item] = items(client, "programmes", locale="nl")
    assert [term["code"] for term in item["modes_of_study"]] == ["part_time"]
    assert labels(item["modes_of_study"]) == ["Deeltijd"]
    assert {term["code"] for term in item["modes_of_delivery"]} == {"online", "presential"}
    assert [term["code"] for term in item["isced_fields"]] == ["09", "0912"]
    assert labels(item["isced_fields"]) == [
        "Gezondheidszorg en welzijn",
        "Gezondheidszorg en welzijn (0912)",
    ]
    assert labels(item["themes"]) == ["Health", "Water"]
    detail = client.get(f"{API}/programmes/{item['id']}/?locale=nl").json()
    assert {name: detail[name] for name in item} == item


def test_projects_tell_their_themes_wherever_they_are(client, section, programme):
    alliance = programme.alliances.get()
    page = fill(section.page, [block("alliance", {"alliance": alliance.pk, "show": ALL_SECTIONS})])
    detail = client.get(f"{API}/alliances/{alliance.uuid}/").json()
    [body] = client.get(f"{API}/pages/{page.pk}/").json()["body"]
    for projects in (items(client, "projects"), detail["projects"], body["value"]["projects"]):
        assert sorted(map(len, (labels(each["themes"]) for each in projects))) == [0, 2]
        assert ["Health", "Water"] in [labels(each["themes"]) for each in projects]


@pytest.mark.parametrize("kind", ["programmes", "projects", "alliances"])
def test_lists_take_as_many_queries_for_any_number_of_themes(client, programme, kind, settings):
    settings.WAGTAIL_REGIONAL = {"API_CACHE_SECONDS": 0}
    items(client, kind)
    with CaptureQueriesContext(connection) as few:
        items(client, kind)
    for _ in range(5):
        more = [f.ProgrammeFactory(), f.ProjectFactory(), f.AllianceFactory()]
        for row in more:
            row.themes.set([f.ThemeFactory(), f.ThemeFactory()])
            row.save()
    items(client, kind)
    with CaptureQueriesContext(connection) as many:
        assert len(items(client, kind)) > 5
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("starts", "ends", "status", "changes"),
    [(1, None, "planned", 1), (-400, 0, "ending_soon", 1), (-400, 400, "active", 310)],
)
def test_a_lifecycle_tells_the_day_of_its_next_status(client, site, starts, ends, status, changes):
    days = [
        None if days is None else str(site_today() + dt.timedelta(days=days))
        for days in (starts, ends)
    ]
    f.AllianceFactory(starts=days[0], ends=days[1])
    [item] = items(client, "alliances")
    assert item["lifecycle"]["status"] == status
    expected = site_today() + dt.timedelta(days=changes)
    assert item["lifecycle"]["status_changes_on"] == str(expected)
