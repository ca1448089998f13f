"""Months, their borders in a zone, and days between dates."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.month import Month, days_until, end_of_day, local_day

MEXICO = ZoneInfo("America/Mexico_City")
ZONES = st.sampled_from([MEXICO, ZoneInfo("America/Tijuana"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")])

days = st.dates(date(2000, 1, 1), date(2200, 12, 31))
months = days.map(Month.of)
instants = st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(months)
def test_what_is_written_is_read(month: Month) -> None:
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize(
    "text", ["", "2022", "2022-2", "2022-00", "2022-13", "22-02", "1999-12", "2201-01", " 2022-02", "2022-02-01", "a"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Month.parse(text)


@given(months, months)
def test_counting_months(one: Month, other: Month) -> None:
    assert one + (other - one) == other
    assert (one < other) == (one - other < 0)
    assert (str(one) < str(other)) == (one < other)


def test_the_year_turns() -> None:
    assert Month(2021, 12) + 1 == Month(2022, 1)
    assert Month(2022, 1) + -1 == Month(2021, 12)
    assert Month(2022, 1) - Month(2020, 12) == 13


@given(months)
def test_the_first_and_the_last_day(month: Month) -> None:
    assert month.first.day == 1
    assert Month.of(month.first) == Month.of(month.last) == month
    assert (month.last + timedelta(days=1)).day == 1


def test_february_of_a_leap_year() -> None:
    assert Month(2024, 2).last == date(2024, 2, 29)
    assert Month(2022, 2).last == date(2022, 2, 28)


@given(months, ZONES)
def test_a_month_starts_at_its_own_midnight(month: Month, zone: ZoneInfo) -> None:
    start = month.starts(zone)
    assert local_day(start, zone) == month.first
    assert local_day(start - timedelta(minutes=1), zone) < month.first


@given(instants, ZONES)
def test_the_local_day_is_that_of_the_wall(instant: datetime, zone: ZoneInfo) -> None:
    wall = instant.astimezone(zone)
    assert local_day(instant, zone) == date(wall.year, wall.month, wall.day)


def test_the_day_in_mexico_is_not_that_of_utc() -> None:
    assert local_day(datetime(2022, 3, 1, 5, 59, tzinfo=UTC), MEXICO) == date(2022, 2, 28)
    assert local_day(datetime(2022, 3, 1, 6, 0, tzinfo=UTC), MEXICO) == date(2022, 3, 1)
    assert local_day(datetime(2022, 5, 1, 4, 59, tzinfo=UTC), MEXICO) == date(2022, 4, 30)  # daylight saving time
    assert local_day(datetime(2022, 5, 1, 5, 0, tzinfo=UTC), MEXICO) == date(2022, 5, 1)
    assert local_day(datetime(2023, 5, 1, 5, 59, tzinfo=UTC), MEXICO) == date(2023, 4, 30)  # abolished


def test_a_day_ends_at_2359_by_the_wall() -> None:
    assert end_of_day(date(2022, 2, 28), MEXICO).astimezone(UTC) == datetime(2022, 3, 1, 5, 59, tzinfo=UTC)
    assert end_of_day(date(2022, 4, 30), MEXICO).astimezone(UTC) == datetime(2022, 5, 1, 4, 59, tzinfo=UTC)


@given(days, ZONES)
def test_the_end_of_a_day_is_within_it(day: date, zone: ZoneInfo) -> None:
    assert local_day(end_of_day(day, zone), zone) == day


@given(days, days)
def test_days_until(day: date, today: date) -> None:
    assert today + timedelta(days=days_until(day, today)) == day
