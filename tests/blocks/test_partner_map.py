"""The map of partners as the server gives it: a list, and what a map needs beside it."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.utils import translation

import wagtail_regional
from tests.conftest import block, fill
from wagtail_regional import factories as f
from wagtail_regional.conf import DEFAULTS, SETTING_NAME

NASTY = "</script><script>alert(1)</script>\"'&"


@pytest.fixture
def shown(client, section):
    """Puts a map with these organisations on the page; gives its HTML."""

    def show(*organisations: Any, **ours: Any) -> str:
        rows = [o.pk for o in organisations]
        fill(
            section.page,
            [block("partner_map", {"heading": "Where", "alliance": None, "organisations": rows})],
        )
        with override_settings(**{SETTING_NAME: ours}):
            response = client.get(section.page.url)
            assert response.status_code == 200
            return response.content.decode()

    return show


def organisation(name: str = "Leiden", at: tuple[float, float] | None = (52.16, 4.49), **more: Any):
    latitude, longitude = at or (None, None)
    return f.OrganisationFactory(
        name={"en": name}, latitude=latitude, longitude=longitude, **{"locality": "L", **more}
    )


def options(html: str) -> dict[str, Any]:
    found = re.search(r'data-regional-map="([^"]*)"', html)
    assert found, "no map"
    return json.loads(unescape(found[1]))


def test_the_list_says_who_is_where_by_itself(shown):
    html = shown(
        organisation("University", website="https://uni.example/"),
        organisation("Nowhere", at=None, locality="Elsewhere"),
    )
    assert '<a href="https://uni.example/">University</a>' in html
    assert 'data-latitude="52.16000" data-longitude="4.49000" data-name="University"' in html
    assert html.count("data-latitude") == 1
    assert html.index("Also take part") < html.index("Nowhere")
    # Until there is something to show, the map is not there.
    assert re.search(r'<div class="regional-map"[^>]* hidden>', html)


def test_a_name_can_end_neither_script_nor_attribute(shown):
    html = shown(organisation(NASTY, locality=NASTY))
    assert "<script>alert" not in html
    assert (
        'data-name="&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;"' in html
    )


def test_numbers_are_for_programs_in_every_language(shown):
    with translation.override("nl"):
        html = shown(organisation(at=(52.5, -1.25)))
    assert 'data-latitude="52.50000" data-longitude="-1.25000"' in html
    assert 'href="geo:52.50000,-1.25000"' in html


@pytest.mark.parametrize(
    ("places", "outline"),
    [
        ([(52.16, 4.49), (51.92, 4.48)], "low-countries"),
        ([(52.16, 4.49), (48.85, 2.35)], "europe"),
        ([(59.33, 18.07)], "europe"),
        ([(52.16, 4.49), (43.66, -79.39)], "world"),
        ([(-33.87, 151.2)], "world"),
    ],
)
def test_the_outline_has_room_around_the_partners(shown, places, outline):
    html = shown(*(organisation(f"O{number}", at=at) for number, at in enumerate(places)))
    assert options(html)["outline"]["url"].endswith(f"/{outline}.json")
    assert options(html)["tiles"] is None


def test_no_address_of_another_host_is_in_the_options(shown):
    assert "//" not in json.dumps(options(shown(organisation())))


def test_tiles_take_the_place_of_the_outline(shown):
    tiles = {"url": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "© Tiles"}
    found = options(shown(organisation(), MAP_TILES=tiles))
    assert found["tiles"] == {**tiles, "max_zoom": 18}
    assert found["outline"] is None


def test_a_host_can_bring_outlines_of_its_own(shown):
    ours = [{"file": "ours/ontario.json", "max_zoom": 11}, *DEFAULTS["MAP_OUTLINES"]]
    found = options(shown(organisation(), MAP_OUTLINES=ours))
    assert found["outline"] == {"url": "/static/ours/ontario.json", "bounds": None, "max_zoom": 11}


def test_the_map_can_be_switched_off(shown):
    html = shown(organisation("University"), MAP=False)
    assert "University" in html
    assert "regional-map" not in html and "map.js" not in html


def test_without_coordinates_there_is_no_map(shown):
    html = shown(organisation("University", at=None))
    assert "University" in html
    assert "regional-map" not in html and "map.js" not in html


def test_without_any_outline_the_setting_is_named(shown):
    with pytest.raises(ImproperlyConfigured, match=r'"MAP_OUTLINES"\] is empty'):
        shown(organisation(), MAP_OUTLINES=[])


def test_a_page_without_a_map_loads_nothing_for_it(client, section):
    fill(section.page, [block("heading", {"text": "No map", "level": "2"})])
    assert "map.js" not in client.get(section.page.url).content.decode()


@pytest.mark.parametrize("name", [each["file"] for each in DEFAULTS["MAP_OUTLINES"]])
def test_an_outline_is_geojson_of_the_kinds_that_are_styled(name):
    shapes = json.loads(Path(finders.find(name)).read_text())
    kinds = [feature["properties"]["kind"] for feature in shapes["features"]]
    assert kinds == ["land", "water", "river", "border"]
    styled = Path(finders.find("wagtail_regional/map.css")).read_text()
    assert all(f"path.regional-map__{kind} " in styled for kind in kinds)


def test_all_files_survive_hashed_names(tmp_path):
    """Django's manifest storage refuses a file that refers to one that is missing."""
    ours = Path(wagtail_regional.__file__).parent / "static"
    shutil.copytree(ours, tmp_path, dirs_exist_ok=True)
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    files = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    done = list(storage.post_process({name: (storage, name) for name in files}))
    assert [str(each[2]) for each in done if isinstance(each[2], Exception)] == []
    assert storage.stored_name("wagtail_regional/leaflet/leaflet.js").count(".") == 2
