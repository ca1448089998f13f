"""A session: which months it concerns."""

from datetime import datetime
from zoneinfo import ZoneInfo

from prep_bot.domain.meeting import falls_in
from prep_bot.domain.month import Month

ZONE = ZoneInfo("America/Mexico_City")
FEBRUARY, MARCH = Month(2022, 2), Month(2022, 3)


def test_a_dated_session_concerns_the_month_of_its_date() -> None:
    deferred = datetime(2022, 3, 15, 11, tzinfo=ZONE)
    assert falls_in(MARCH, FEBRUARY, deferred, ZONE)
    assert not falls_in(FEBRUARY, FEBRUARY, deferred, ZONE)


def test_its_date_is_that_of_the_commission() -> None:
    late_on_the_last = datetime(2022, 2, 28, 20, tzinfo=ZONE)  # in UTC it is March already
    assert falls_in(FEBRUARY, FEBRUARY, late_on_the_last, ZONE)


def test_one_without_a_date_is_not_forgotten_when_its_month_is_over() -> None:
    assert falls_in(FEBRUARY, FEBRUARY, None, ZONE)
    assert falls_in(MARCH, FEBRUARY, None, ZONE)
    assert not falls_in(Month(2022, 1), FEBRUARY, None, ZONE)
