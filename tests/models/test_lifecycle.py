"""The function and the queryset annotation agree on every case."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagtail_regional.factories import AllianceFactory, OrganisationFactory
from wagtail_regional.fields import PartialDate
from wagtail_regional.lifecycle import Moment, Status, describe, status_changes_on, status_of
from wagtail_regional.models import Alliance, Organisation

TODAY = dt.date(2024, 2, 29)


@st.composite
def partial_dates(draw):
    """Dates of every precision, many of them on a boundary of TODAY or a leap day."""
    near = st.integers(-400, 400).map(lambda days: TODAY + dt.timedelta(days=days))
    far = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
    day = draw(st.one_of(st.just(TODAY), near, far))
    precision = draw(st.sampled_from([1, 2, 3]))
    return PartialDate(*(day.year, day.month, day.day)[:precision])


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    starts=st.none() | partial_dates(),
    ends=st.none() | partial_dates(),
    window=st.sampled_from([0, 1, 90, 366]),
)
def test_function_and_annotation_agree(db, starts, ends, window):
    if starts and ends and ends.last_day < starts.first_day:
        starts, ends = ends, starts
    moment = Moment(TODAY, window)
    for factory, model, names in (
        (AllianceFactory, Alliance, ("starts", "ends")),
        (OrganisationFactory, Organisation, ("founded", "dissolved")),
    ):
        row = factory(**dict(zip(names, (starts, ends), strict=True)))
        annotated = model.objects.with_status(moment).get(pk=row.pk).current_status
        assert annotated == row.status_at(moment)


@settings(max_examples=300, deadline=None)
@given(
    starts=st.none() | partial_dates(),
    ends=st.none() | partial_dates(),
    window=st.sampled_from([0, 1, 90, 366]),
    undated=st.sampled_from([Status.UNDATED, Status.ACTIVE]),
)
def test_the_next_change_is_the_first_day_of_another_status(starts, ends, window, undated):
    def status(day):
        return status_of(starts, ends, Moment(day, window), undated=undated)

    told = status_changes_on(starts, ends, Moment(TODAY, window), undated=undated)
    days = (TODAY + dt.timedelta(days=number) for number in range(1, 800))
    found = next((day for day in days if status(day) != status(TODAY)), None)
    assert told == found or (found is None and told > TODAY + dt.timedelta(days=799))
    assert told is None or status(told) != status(told - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("starts", "ends", "today", "window", "expected"),
    [
        (None, None, TODAY, 90, None),
        ("2003", None, TODAY, 90, None),
        ("2003", "2016", TODAY, 90, None),
        ("2024-03", "2030", TODAY, 90, dt.date(2024, 3, 1)),
        ("2003", "2024", TODAY, 90, dt.date(2024, 10, 2)),
        ("2003", "2024-02-29", TODAY, 90, dt.date(2024, 3, 1)),
        ("2003", "9999", dt.date(9999, 12, 30), 0, dt.date.max),
        ("2003", "9999", dt.date.max, 90, None),
        (None, "1000", dt.date(999, 12, 31), 999_999, dt.date(1001, 1, 1)),
    ],
)
def test_when_the_status_changes(starts, ends, today, window, expected):
    parse = lambda text: PartialDate.parse(text) if text else None  # noqa: E731
    assert status_changes_on(parse(starts), parse(ends), Moment(today, window)) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (None, None, Status.UNDATED),
        ("2003", None, Status.ACTIVE),
        ("2024-02-29", None, Status.ACTIVE),
        ("2024-03", None, Status.PLANNED),
        ("2024", None, Status.ACTIVE),
        (None, "2024-02-29", Status.ENDING_SOON),
        (None, "2024-02-28", Status.ENDED),
        (None, "2024-02", Status.ENDING_SOON),
        (None, "2024-01", Status.ENDED),
        (None, "2024", Status.ACTIVE),
        (None, "2023", Status.ENDED),
        (None, "2025", Status.ACTIVE),
        ("2026", "2027", Status.PLANNED),
    ],
)
def test_status(starts, ends, expected):
    parse = lambda text: PartialDate.parse(text) if text else None  # noqa: E731
    assert status_of(parse(starts), parse(ends), Moment(TODAY, 90)) == expected


def test_ended_things_speak_in_the_past():
    ends = PartialDate.parse("2016-06")
    assert describe(None, ends, Status.ENDED) == "Ran until June 2016"
