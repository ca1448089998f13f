"""Who was at a session: what the secretary records at the roll call."""

from enum import StrEnum


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
