"""Importing in a browser: choose a file, see what would change, confirm, look it up."""

from __future__ import annotations

import pytest

from tests.browser.test_editing import SAVED

pytestmark = pytest.mark.browser
LIST = "/admin/wagtail_regional/organisation/"


def choose(editor, path) -> None:
    editor.one("[type=file]").send_keys(str(path))
    editor.click("main form button", "See what would change")
    editor.wait(lambda: "/import/" in editor.address and editor.all("caption"), "the changes")


def test_a_table_is_imported_and_the_history_tells(editor, demo, tmp_path):
    tno = demo.json("/api/v3/regional/organisations/?q=tno")["items"][0]
    table = tmp_path / "organisations.csv"
    table.write_text(
        "uuid;name_en;name_nl;type;locality\n"
        f"{tno['id']};;;;Rijswijk\n"
        ";Municipality of Westland;Gemeente Westland;government;Naaldwijk\n"
    )
    editor.open(LIST)
    editor.click(".regional-bar a", "Import")
    assert editor.one("[value=organisations]").is_selected()
    assert editor.violations() == []
    choose(editor, table)
    words = editor.text("main")
    assert "Rijswijk" in words and "Municipality of Westland" in words
    assert editor.violations() == []
    assert editor.errors() == []
    editor.click("main form button", "Import this")
    editor.wait(lambda: editor.address == LIST and editor.text(SAVED), "the list")
    assert "1 was added" in editor.text(SAVED)
    editor.open(f"{LIST}?q=rijswijk")
    editor.click("a[title='Inspect this organisation']")
    editor.click("footer a", "History")
    editor.wait(lambda: "organisations.csv" in editor.text("main"), "the history")
    assert editor.violations() == []
    found = demo.json("/api/v3/regional/organisations/?q=westland")["items"]
    assert [each["name"] for each in found] == ["Municipality of Westland"]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_errors_are_told_and_nothing_is_imported(editor, tmp_path, width, scheme):
    table = tmp_path / "organisations.csv"
    table.write_text("name_en,type,country\nWestland,nonsense,Utopia\n")
    editor.show_as(width, scheme)
    editor.open("/admin/regional/import/")
    assert editor.violations() == []
    choose(editor, table)
    words = editor.text("main")
    assert "line 2" in words and "nonsense" in words and "Import this" not in words
    assert editor.violations() == []
    assert editor.js("return document.documentElement.scrollWidth <= innerWidth")
