"""The timeline tells in what order things happened, as far as that is known."""

import pytest

from wagtail_regional.api import schemas as s
from wagtail_regional.api.represent import in_time_order


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
        [("2016-03", "end"), ("2016", "left"), ("2017-01", "recognition")],
        [("2020-02-28", "project"), ("2020-02", "project"), ("2020", "own")],
    ],
)
def test_in_time_order(in_order):
    assert order(*reversed(in_order)) == in_order
