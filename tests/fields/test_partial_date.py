import calendar
import datetime
import pickle

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory
from django.utils import timezone, translation
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.testapp.models import Thing
from wagtail_regional.fields import (
    PartialDate,
    PartialDateField,
    PartialDateFormField,
    not_before,
)

INVALID = "“{}” is not a date. Write a year (2014), a month (2014-02) or a day (2014-02-28)."

on_database = hypothesis_settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
dates = st.dates(datetime.date(1000, 1, 1)) | st.dates(
    datetime.date(2023, 12, 1), datetime.date(2025, 1, 31)
)


@st.composite
def partial_dates(draw):
    date = PartialDate.from_date(draw(dates))
    precision = draw(st.sampled_from(["year", "month", "day"]))
    if precision == "year":
        return PartialDate(date.year)
    return PartialDate(date.year, date.month) if precision == "month" else date


@st.composite
def periods_and_days(draw):
    """A period, and more often than not a day at or about its edges."""
    period = draw(partial_dates())
    edge = draw(st.sampled_from([period.first_day, period.last_day]))
    shift = datetime.timedelta(days=draw(st.integers(-1, 1)))
    try:
        near = edge + shift
    except OverflowError:
        near = edge
    day = draw(st.just(near) | dates)
    return period, day if day.year >= 1000 else edge


class TestPartialDate:
    @given(partial_dates())
    def test_text_and_back(self, date):
        assert PartialDate.parse(str(date)) == date
        assert PartialDate.parse(f" {date}\n") == date

    @given(partial_dates())
    def test_periods(self, date):
        assert date.first_day <= date.last_day
        days = (date.last_day - date.first_day).days + 1
        expected = {
            "year": 366 if calendar.isleap(date.year) else 365,
            "month": calendar.monthrange(date.year, date.month or 1)[1],
            "day": 1,
        }
        assert days == expected[date.precision]
        assert date.first_day.isoformat().startswith(str(date))
        assert date.last_day.isoformat().startswith(str(date))

    @given(st.lists(partial_dates()))
    def test_they_sort_as_their_texts(self, dates):
        assert [str(date) for date in sorted(dates)] == sorted(str(date) for date in dates)

    @given(partial_dates(), partial_dates())
    def test_comparisons_agree(self, one, other):
        assert (one < other, one <= other, one == other, one >= other, one > other) == (
            str(one) < str(other),
            str(one) <= str(other),
            str(one) == str(other),
            str(one) >= str(other),
            str(one) > str(other),
        )

    @pytest.mark.parametrize(
        "text",
        [
            *("2014-13", "2014-00", "2014-2", "2023-02-29", "2100-02-29", "2014-02-30"),
            *("2014-02-00", "0999", "99", "20140228", "2014/02", "2014-02-28T10:00", ""),
            *("February 2014", "\N{FULLWIDTH DIGIT TWO}014", "2014-", "-2014", "2014-02-28-01"),
        ],
    )
    def test_what_is_no_date(self, text):
        with pytest.raises(ValueError, match=r"2014|calendar") as caught:
            PartialDate.parse(text)
        assert repr(text) in str(caught.value)

    @pytest.mark.parametrize("text", ["2024-02-29", "2000-02-29", "1000", "9999-12-31"])
    def test_edges_of_the_calendar(self, text):
        assert str(PartialDate.parse(text)) == text

    @pytest.mark.parametrize(
        "parts", [(999,), (10000,), (2014, 0), (2014, 13), (2014, 2, 30), (2014, None, 1)]
    )
    def test_there_is_no_such_date(self, parts):
        with pytest.raises(ValueError, match=r"must be|needs a month|out of range"):
            PartialDate(*parts)

    def test_it_is_a_value(self):
        date = PartialDate(2014, 2)
        assert date == PartialDate.parse("2014-02")
        assert len({date, PartialDate(2014, 2)}) == 1
        assert date != "2014-02"
        assert pickle.loads(pickle.dumps(date)) == date
        with pytest.raises(AttributeError):
            date.year = 2015

    @pytest.mark.parametrize(
        ("text", "language", "display"),
        [
            ("2003", "nl", "2003"),
            ("2003", "ja", "2003年"),
            ("2014-02", "en", "February 2014"),
            ("2014-02", "nl", "februari 2014"),
            ("2027-01-01", "en", "January 1, 2027"),
            ("2027-01-01", "en-gb", "1 January 2027"),
            ("2027-01-01", "nl", "1 januari 2027"),
            ("2027-01-01", "de", "1. Januar 2027"),
            ("2027-01-01", "zh-hans", "2027年1月1日"),
            ("2014-02", "xx", "February 2014"),
        ],
    )
    def test_display(self, text, language, display):
        assert PartialDate.parse(text).display(language) == display

    def test_display_in_the_active_language(self):
        with translation.override("nl"):
            assert PartialDate(2014, 3).display() == "maart 2014"

    def test_display_in_every_language_of_django(self):
        from django.conf.global_settings import LANGUAGES

        for code, _name in LANGUAGES:
            for date in (PartialDate(2014), PartialDate(2014, 2), PartialDate(2014, 2, 3)):
                assert date.display(code)


class TestAttribute:
    @pytest.mark.parametrize(
        ("value", "date"),
        [
            ("2014-02", PartialDate(2014, 2)),
            (datetime.date(2014, 2, 3), PartialDate(2014, 2, 3)),
            (datetime.datetime(2014, 2, 3, 23, 30), PartialDate(2014, 2, 3)),
            # In the site's time zone that is the next day already.
            (datetime.datetime(2014, 2, 3, 23, 30, tzinfo=datetime.UTC), PartialDate(2014, 2, 4)),
            (PartialDate(2014), PartialDate(2014)),
            ("", None),
            (None, None),
        ],
    )
    def test_what_may_be_assigned(self, value, date):
        with timezone.override("Asia/Tokyo"):
            assert Thing(starts=value).starts == date

    @pytest.mark.parametrize("value", ["2014-13", "soon", 2014])
    def test_the_message_says_how_to_write_it(self, value):
        with pytest.raises(ValidationError) as caught:
            Thing(name="x", starts=value).full_clean(validate_constraints=False)
        assert caught.value.message_dict == {"starts": [INVALID.format(value)]}

    def test_deconstruct(self):
        field = PartialDateField(null=True, blank=True)
        assert field.deconstruct()[1:] == (
            "wagtail_regional.fields.PartialDateField",
            [],
            {"null": True, "blank": True},
        )
        assert field.clone().max_length == 10


@pytest.mark.django_db
class TestQueries:
    @pytest.mark.parametrize("text", ["2014", "2014-02", "2014-02-28", None])
    def test_round_trip(self, text):
        Thing.objects.create(name="x", starts=text)
        starts = Thing.objects.get().starts
        assert starts == (PartialDate.parse(text) if text else None)

    def test_not_a_date_is_not_written(self):
        with pytest.raises(ValidationError):
            Thing(name="x", starts="soon").save()

    def test_no_date_is_null(self):
        Thing.objects.create(name="x", starts="")
        assert Thing.objects.filter(starts__isnull=True).exists()

    @on_database
    @given(periods_and_days())
    @example((PartialDate(2024, 2), datetime.date(2024, 2, 28)))
    @example((PartialDate(2024, 2), datetime.date(2024, 2, 29)))
    @example((PartialDate(2024, 2), datetime.date(2024, 3, 1)))
    @example((PartialDate(2026, 11), datetime.date(2026, 11, 23)))
    @example((PartialDate(2026), datetime.date(2025, 12, 31)))
    @example((PartialDate(2026), datetime.date(2027, 1, 1)))
    @example((PartialDate(9999), datetime.date(9999, 12, 31)))
    def test_lookups_agree_with_python(self, given):
        period, day = given
        Thing.objects.all().delete()
        Thing.objects.create(name="x", starts=period)
        things = Thing.objects.all()
        assert things.filter(starts__begins_after=day).exists() == (period.first_day > day)
        assert things.filter(starts__ended_before=day).exists() == (period.last_day < day)
        assert things.exclude(starts__begins_after=day).exists() == (period.first_day <= day)
        assert things.exclude(starts__ended_before=day).exists() == (period.last_day >= day)

    @on_database
    @given(partial_dates(), partial_dates())
    def test_lookups_take_a_whole_period(self, period, other):
        Thing.objects.all().delete()
        Thing.objects.create(name="x", starts=period)
        after = Thing.objects.filter(starts__begins_after=other).exists()
        assert after == (period.first_day > other.last_day)
        before = Thing.objects.filter(starts__ended_before=other).exists()
        assert before == (period.last_day < other.first_day)

    def test_unknown_dates_match_neither(self):
        Thing.objects.create(name="x")
        day = datetime.date(2026, 1, 1)
        assert not Thing.objects.filter(starts__begins_after=day).exists()
        assert not Thing.objects.filter(starts__ended_before=day).exists()

    def test_across_relations(self):
        parent = Thing.objects.create(name="x", ends="2014")
        child = Thing.objects.create(name="y", parent=parent)
        day = datetime.date(2015, 1, 1)
        assert Thing.objects.get(parent__ends__ended_before=day) == child

    @on_database
    @given(st.lists(partial_dates(), min_size=2, max_size=6))
    def test_the_database_sorts_as_python_does(self, dates):
        Thing.objects.all().delete()
        Thing.objects.bulk_create(Thing(name="x", starts=date) for date in dates)
        stored = Thing.objects.order_by("starts").values_list("starts", flat=True)
        assert list(stored) == sorted(dates)
        pivot = dates[0]
        for lookup, expected in [
            ("lt", [date for date in dates if date < pivot]),
            ("gte", [date for date in dates if date >= pivot]),
            ("exact", [date for date in dates if date == pivot]),
        ]:
            found = Thing.objects.filter(**{f"starts__{lookup}": pivot})
            assert sorted(thing.starts for thing in found) == sorted(expected)

    def test_comparing_with_a_date_or_text(self):
        thing = Thing.objects.create(name="x", starts="2014-02-28")
        assert Thing.objects.get(starts=datetime.date(2014, 2, 28)) == thing
        assert Thing.objects.get(starts="2014-02-28") == thing
        assert Thing.objects.get(starts__in=["2013", PartialDate(2014, 2, 28)]) == thing
        assert Thing.objects.get(starts__startswith="2014-02") == thing

    @pytest.mark.parametrize("lookup", ["exact", "begins_after", "ended_before"])
    def test_comparing_with_nonsense(self, lookup):
        with pytest.raises(ValidationError):
            Thing.objects.filter(**{f"starts__{lookup}": "soon"})
        with pytest.raises(ValueError, match="None"):
            Thing.objects.filter(starts__begins_after=None)

    def test_a_row_written_past_the_field_can_be_read(self):
        from django.db import connection

        thing = Thing.objects.create(name="x", starts="2014")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE testapp_thing SET starts = 'soon'")
        thing.refresh_from_db()
        assert thing.starts == "soon"
        with pytest.raises(ValidationError, match="soon"):
            thing.full_clean()


@pytest.mark.django_db
class TestNotBefore:
    @on_database
    @given(st.none() | partial_dates(), st.none() | partial_dates())
    @example(PartialDate(2014, 5), PartialDate(2014))
    @example(PartialDate(2014), PartialDate(2014, 5))
    @example(PartialDate(2014, 2, 28), PartialDate(2014, 2))
    @example(PartialDate(2014, 2), PartialDate(2014, 1, 31))
    @example(PartialDate(2014, 5), PartialDate(2013))
    def test_database_and_validation_agree_with_python(self, start, end):
        allowed = start is None or end is None or end.last_day >= start.first_day
        thing = Thing(name={"en": "x"}, starts=start, ends=end)
        try:
            thing.validate_constraints()
            validated = True
        except ValidationError as error:
            assert error.messages == ["It ends before it starts."]
            validated = False
        try:
            with transaction.atomic():
                thing.save()
            saved = True
        # MariaDB's driver calls it an OperationalError, which Django makes an IntegrityError.
        except IntegrityError:
            saved = False
        assert (validated, saved) == (allowed, allowed)
        if saved:
            assert Thing.objects.filter(not_before("starts", "ends"), pk=thing.pk).exists()

    def test_it_can_be_written_to_a_migration(self):
        [constraint] = Thing._meta.constraints
        source, imports = MigrationWriter.serialize(constraint)
        scope = {}
        exec("\n".join(imports), scope)
        assert eval(source, scope) == constraint


DatesForm = modelform_factory(Thing, fields=["starts", "ends"])


@pytest.mark.django_db
class TestForm:
    def test_round_trip(self):
        thing = DatesForm({"starts": " 2014-02 ", "ends": ""}, instance=Thing(name="x")).save()
        thing.refresh_from_db()
        assert (thing.starts, thing.ends) == (PartialDate(2014, 2), None)

    def test_message(self):
        form = DatesForm({"starts": "2014-13"}, instance=Thing(name="x"))
        assert form.errors == {"starts": [INVALID.format("2014-13")]}

    def test_the_constraint_speaks_in_the_form(self):
        form = DatesForm({"starts": "2014-02", "ends": "2014-01"}, instance=Thing(name="x"))
        assert form.errors == {"__all__": ["It ends before it starts."]}

    def test_markup(self):
        bound = DatesForm(instance=Thing(starts="2014-02"))["starts"]
        field = BeautifulSoup(str(bound), "html.parser").input
        assert (field["type"], field["value"]) == ("text", "2014-02")
        assert (field["placeholder"], field["inputmode"]) == ("2014-02-28", "text")
        assert bound.help_text == "A year (2014), a month (2014-02) or a day (2014-02-28)."

    def test_a_refused_form_shows_what_was_typed(self):
        html = str(DatesForm({"starts": "2014-13"})["starts"])
        assert BeautifulSoup(html, "html.parser").input["value"] == "2014-13"

    def test_help_text_of_the_model_wins(self):
        assert PartialDateField(help_text="When?").formfield().help_text == "When?"

    def test_required(self):
        with pytest.raises(ValidationError, match="required"):
            PartialDateFormField().clean("  ")

    @pytest.mark.parametrize(
        ("initial", "text", "changed"),
        [
            (PartialDate(2014), "2014", False),
            (PartialDate(2014), " 2014 ", False),
            (PartialDate(2014), "2014-01", True),
            (PartialDate(2014), "soon", True),
            (PartialDate(2014), "", True),
            (None, "", False),
            (None, "2014", True),
        ],
    )
    def test_has_changed(self, initial, text, changed):
        assert PartialDateFormField().has_changed(initial, text) is changed
        assert PartialDateFormField(disabled=True).has_changed(initial, text) is False
