"""Quiet hours: their edges, and where what falls there goes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.quiet import after_quiet, before_quiet, is_quiet
from prep_bot.domain.rules import QuietHours

ZONE = ZoneInfo("America/Mexico_City")
HOURS = QuietHours()
NONE = QuietHours(start=time(0), end=time(0))

instants = st.datetimes(datetime(2022, 1, 1), datetime(2022, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(day: int, clock: str, month: int = 3) -> datetime:
    return datetime.combine(datetime(2022, month, day, tzinfo=ZONE).date(), time.fromisoformat(clock), ZONE)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("20:59:59", False), ("21:00", True), ("23:59:59", True), ("00:00", True), ("07:59:59", True), ("08:00", False)],
)
def test_they_begin_at_nine_in_the_evening_and_end_at_eight(clock: str, quiet: bool) -> None:
    assert is_quiet(at(15, clock), HOURS, ZONE) is quiet
    assert not is_quiet(at(15, clock), NONE, ZONE)


@pytest.mark.parametrize(
    ("nominal", "evening", "morning"),
    [
        (at(15, "20:59"), at(15, "20:59"), at(15, "20:59")),
        (at(15, "21:00"), at(15, "20:30"), at(16, "08:00")),
        (at(15, "23:30"), at(15, "20:30"), at(16, "08:00")),
        (at(15, "00:00"), at(14, "20:30"), at(15, "08:00")),
        (at(15, "07:59"), at(14, "20:30"), at(15, "08:00")),
        (at(15, "08:00"), at(15, "08:00"), at(15, "08:00")),
        # The night in which the clocks went forward
        (at(2, "23:00", 4), at(2, "20:30", 4), at(3, "08:00", 4)),
        (at(3, "03:30", 4), at(2, "20:30", 4), at(3, "08:00", 4)),
    ],
)
def test_what_falls_there_is_moved(nominal: datetime, evening: datetime, morning: datetime) -> None:
    assert before_quiet(nominal, HOURS, ZONE) == evening.astimezone(UTC)
    assert after_quiet(nominal, HOURS, ZONE) == morning.astimezone(UTC)


@given(instants)
def test_it_goes_to_the_nearest_loud_moment_of_its_kind_and_no_further(nominal: datetime) -> None:
    earlier, later = before_quiet(nominal, HOURS, ZONE), after_quiet(nominal, HOURS, ZONE)
    assert earlier <= nominal <= later
    assert not is_quiet(earlier, HOURS, ZONE)
    assert not is_quiet(later, HOURS, ZONE)
    assert later - nominal <= timedelta(hours=12)  # eleven, and one more where clocks go back
    assert nominal - earlier < timedelta(hours=11, minutes=30)
    assert (earlier == later) is not is_quiet(nominal, HOURS, ZONE)


@given(instants)
def test_without_quiet_hours_nothing_moves(nominal: datetime) -> None:
    assert before_quiet(nominal, NONE, ZONE) == after_quiet(nominal, NONE, ZONE) == nominal
