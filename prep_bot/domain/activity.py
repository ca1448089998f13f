"""The state of an activity of the plan, and when it is overdue."""

from datetime import date
from enum import StrEnum


class ActivityState(StrEnum):
    """How far an activity has come."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self in {ActivityState.PENDING, ActivityState.IN_PROGRESS}


def is_overdue(state: ActivityState, deadline: date, today: date) -> bool:
    """Tell whether the activity should have ended: a deadline's own day still counts until 23:59 local."""
    return state.open and deadline < today
