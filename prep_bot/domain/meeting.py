"""A session of the commission: its kind, its modality, its states and the changes that are legal."""

from enum import StrEnum


class MeetingKind(StrEnum):
    """Why the commission meets."""

    INSTALLATION = "installation"
    ORDINARY = "ordinary"
    EXTRAORDINARY = "extraordinary"


class Modality(StrEnum):
    """How people attend."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    MIXED = "mixed"


class MeetingState(StrEnum):
    """Where a session stands between the plan and the minutes."""

    UNSCHEDULED = "unscheduled"
    """Planned for a month: "fecha por definir"."""
    SCHEDULED = "scheduled"
    """Dated, not yet convened."""
    CONVENED = "convened"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen with it."""
        return self in {MeetingState.HELD, MeetingState.CANCELLED}
