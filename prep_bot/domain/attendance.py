"""Who was at a session: what the secretary records at the roll call."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ROLL_OPENS = timedelta(hours=1)
"""How long before the start of a session the roll call may begin."""


class Attendance(StrEnum):
    """How somebody attended, or did not."""

    PRESENT = "present"
    REMOTE = "remote"
    ABSENT = "absent"
    JUSTIFIED = "justified"
    """Absent, with a reason that the secretary accepts."""

    @property
    def attends(self) -> bool:
        """Whether they are there, in the room or at a distance, and so count for the quorum."""
        return self in {Attendance.PRESENT, Attendance.REMOTE}


@dataclass(frozen=True)
class Tally:
    """How often each attendance was recorded."""

    present: int = 0
    remote: int = 0
    absent: int = 0
    justified: int = 0

    @property
    def recorded(self) -> int:
        """How many times anything was."""
        return self.attended + self.absent + self.justified

    @property
    def attended(self) -> int:
        """How many times somebody was there, in the room or at a distance."""
        return self.present + self.remote

    @property
    def percent(self) -> int:
        """The share of what was attended, in whole hundredths; half a hundredth counts as one. Of nothing, 0."""
        return (200 * self.attended + self.recorded) // (2 * self.recorded) if self.recorded else 0


def tally(attendances: Iterable[Attendance]) -> Tally:
    """Count attendances."""
    counted = Counter(attendances)
    return Tally(**{attendance.value: counted[attendance] for attendance in Attendance})
