"""The review over the demo, whose content shows each rule."""

from __future__ import annotations

import json
import subprocess

import pytest

from wagtail_regional.review.engine import BUILT_IN

pytestmark = pytest.mark.browser
REPORT = "/admin/regional/review/"


def findings(demo, *args: str) -> list:
    command = demo._manage("regional_review", "--format", "json", "--fail-at", "never", *args)
    done = subprocess.run(command, env=demo.env, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["findings"]


def test_the_demo_shows_each_rule_at_least_once(demo):
    with demo.undone():
        found = findings(demo, "--check-links")
    # The demo has all of its own blocks; what a lost one looks like, tests/blocks shows.
    shown = {rule.code for rule in BUILT_IN} - {"unknown_block"}
    assert {each["rule"] for each in found} == shown
    assert all(each["explanation"] and each["fix"] and each["fix_url"] for each in found)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_report_is_accessible(editor, width, scheme):
    editor.show_as(width, scheme)
    for address in (REPORT, "/admin/"):
        editor.open(address)
        editor.wait(lambda: "LUMC and Bronovo Hospital" in editor.text("#main"), "the findings")
        ours = [each for each in editor.violations() if "regional-review" in each]
        assert ours == []
        assert not editor.js(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )


@pytest.mark.parametrize("scripts", [True, False], ids=["with_scripts", "without_scripts"])
def test_one_click_marks_a_row_as_reviewed(editor, demo, scripts):
    address = f"{REPORT}?rule=undated"
    editor.allow_scripts(scripts)
    editor.open(address)
    rows = ".regional-review__table tbody tr"
    before = len(editor.all(rows))
    assert before == len(findings(demo, "--rule", "undated")) == 2
    editor.click(f"{rows} button", "Mark as reviewed")
    editor.wait(lambda: len(editor.all(rows)) == before - 1, "one row less")
    assert editor.address == address
    assert len(findings(demo, "--rule", "undated")) == before - 1
