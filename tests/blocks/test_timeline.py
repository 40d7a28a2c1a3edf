"""The timeline tells in what order things happened, as far as that is known."""

import re

import pytest
import wagtail

from tests.conftest import block, fill
from wagtail_regional import factories as f
from wagtail_regional import schemas as s
from wagtail_regional.representation.shapes.orders import in_time_order


def order(*given):
    events = [
        s.RegionalEvent.shape(date=date, date_text=date, kind=kind, title="")
        for date, kind in given
    ]
    return [(each.date, each.kind) for each in in_time_order(events)]


@pytest.mark.parametrize(
    "in_order",
    [
        # A bare year does not come before the start of the thing in that year.
        [("2014-02", "start"), ("2014", "joined")],
        [("2014", "start"), ("2014-01-01", "joined"), ("2014-03", "joined"), ("2014", "joined")],
        [("2013", "joined"), ("2014-05-01", "start"), ("2014-05-01", "joined")],
        [("2016-06", "left"), ("2016-12-31", "left"), ("2016", "left"), ("2016", "end")],
        [("2016", "left"), ("2016-03", "end"), ("2017-01", "recognition")],
        [("2016-03-31", "left"), ("2016-03", "left"), ("2016-03", "end"), ("2016-04", "left")],
        [("2016-12-31", "left"), ("2016", "end"), ("2017", "note")],
        # Both in one year.
        [("2014-02", "start"), ("2014", "joined"), ("2014", "left"), ("2014-09", "end")],
        [("2014", "start"), ("2014", "note"), ("2014", "end")],
        [("2020-02-28", "project"), ("2020-02", "project"), ("2020", "own")],
    ],
)
def test_in_time_order(in_order):
    assert order(*reversed(in_order)) == in_order


def test_html_and_api_have_the_same_order(client, section):
    alliance = f.AllianceFactory(name={"en": "The alliance"}, starts="2014-02", ends="2016-03")
    for name, starts, ends in (("Year", "2014", "2016"), ("Day", "2014-11-05", "2016-02")):
        f.MembershipFactory(
            alliance=alliance, organisation__name={"en": name}, starts=starts, ends=ends
        )
    own = [
        {"date": date, "title": title, "text": ""}
        for date, title in (("2014-03", "Own month"), ("2013", "Plan"), ("2016", "Own year"))
    ]
    page = fill(section.page, [block("timeline", {"alliance": alliance.pk, "events": own})])
    expected = [
        "Plan",
        "Start of The alliance",
        "Own month",
        "Day joined",
        "Year joined",
        "Day left",
        "Own year",
        "Year left",
        "End of The alliance",
    ]
    api = "/api/v3/pages/" if wagtail.VERSION >= (8, 0) else "/api/v2/pages/"
    [timeline] = client.get(f"{api}{page.pk}/").json()["body"]
    assert [each["title"] for each in timeline["value"]["events"]] == expected
    html = client.get(page.url).content.decode()
    assert re.findall("|".join(map(re.escape, expected)), html) == expected
