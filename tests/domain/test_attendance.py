"""Counting attendances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.attendance import Attendance, Tally, tally

attendances = st.lists(st.sampled_from(Attendance), max_size=60)


@given(attendances)
def test_each_is_counted_once(recorded: list[Attendance]) -> None:
    counted = tally(recorded)
    assert counted.recorded == len(recorded)
    assert counted.attended == sum(attendance.attends for attendance in recorded)


@given(attendances)
def test_the_share_is_as_near_as_whole_hundredths_come(recorded: list[Attendance]) -> None:
    counted = tally(recorded)
    assert 0 <= counted.percent <= 100
    assert abs(counted.percent * counted.recorded - 100 * counted.attended) * 2 <= counted.recorded
    assert (counted.percent == 100) >= (counted.recorded > 0 and counted.attended == counted.recorded)


@given(attendances, attendances)
def test_the_order_does_not_matter(one: list[Attendance], other: list[Attendance]) -> None:
    assert tally(one + other) == tally(other + one)


@pytest.mark.parametrize(
    ("counted", "percent"),
    [
        (Tally(), 0),
        (Tally(present=1), 100),
        (Tally(remote=2, absent=1), 67),
        (Tally(present=1, justified=2), 33),
        (Tally(present=1, absent=7), 13),
        (Tally(absent=4), 0),
    ],
)
def test_some_shares(counted: Tally, percent: int) -> None:
    assert counted.percent == percent
