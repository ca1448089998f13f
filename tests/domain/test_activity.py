"""When an activity is overdue."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.activity import ActivityState, is_overdue

days = st.dates(date(2000, 1, 1), date(2200, 12, 30))
states = st.sampled_from(ActivityState)


def test_what_is_still_to_be_done() -> None:
    assert {state for state in ActivityState if state.open} == {ActivityState.PENDING, ActivityState.IN_PROGRESS}


@given(days, states)
def test_a_deadline_s_own_day_still_counts(deadline: date, state: ActivityState) -> None:
    assert not is_overdue(state, deadline, deadline)
    assert is_overdue(state, deadline, deadline + timedelta(days=1)) == state.open


@given(days, days)
def test_what_is_done_or_does_not_apply_is_never_overdue(deadline: date, today: date) -> None:
    assert not is_overdue(ActivityState.DONE, deadline, today)
    assert not is_overdue(ActivityState.NOT_APPLICABLE, deadline, today)


@given(states, days, st.lists(days, min_size=2, max_size=5))
def test_once_overdue_always_overdue(state: ActivityState, deadline: date, later: list[date]) -> None:
    told = [is_overdue(state, deadline, today) for today in sorted(later)]
    assert told == sorted(told)
