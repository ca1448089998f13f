"""A session of the commission: its kind, its modality, its states and the changes that are legal."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from prep_bot.domain.month import Month, local_day


class MeetingKind(StrEnum):
    """Why the commission meets."""

    INSTALLATION = "installation"
    ORDINARY = "ordinary"
    EXTRAORDINARY = "extraordinary"
    URGENT = "urgent"
    """Extraordinary, without a notice term, but with a reason."""


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
    IN_SESSION = "in_session"
    """Its quorum was declared, and it has not ended."""
    NO_QUORUM = "no_quorum"
    """Too few voting members came: it may be convened a second time."""
    DEFERRED = "deferred"
    """Called off for now, to get another date."""
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen with it."""
        return self in {MeetingState.HELD, MeetingState.CANCELLED}

    @property
    def undated(self) -> bool:
        """Whether a date is still to be fixed."""
        return self in {MeetingState.UNSCHEDULED, MeetingState.DEFERRED}

    @property
    def wants_date(self) -> bool:
        """Whether a date is still to be fixed, be it that of its next call."""
        return self.undated or self is MeetingState.NO_QUORUM

    @property
    def before_convening(self) -> bool:
        """Whether it can be given a date, the first or another, without telling anybody."""
        return self.wants_date or self is MeetingState.SCHEDULED


LEGAL_CHANGES: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.UNSCHEDULED: frozenset({MeetingState.SCHEDULED, MeetingState.HELD, MeetingState.CANCELLED}),
    MeetingState.SCHEDULED: frozenset(
        {
            MeetingState.CONVENED,
            MeetingState.HELD,
            MeetingState.DEFERRED,
            MeetingState.CANCELLED,
        }
    ),
    MeetingState.CONVENED: frozenset(
        {
            MeetingState.IN_SESSION,
            MeetingState.NO_QUORUM,
            MeetingState.HELD,
            MeetingState.DEFERRED,
            MeetingState.CANCELLED,
        }
    ),
    MeetingState.IN_SESSION: frozenset({MeetingState.HELD, MeetingState.NO_QUORUM}),
    MeetingState.NO_QUORUM: frozenset({MeetingState.SCHEDULED, MeetingState.CANCELLED}),
    MeetingState.DEFERRED: frozenset({MeetingState.SCHEDULED, MeetingState.CANCELLED}),
    MeetingState.HELD: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}
"""What may follow each state, besides itself. The database refuses everything else by a trigger."""


def falls_in(month: Month, planned: Month, starts_at: datetime | None, zone: ZoneInfo) -> bool:
    """Tell whether a session that is still to be held concerns `month`: by its date, wall time in `zone`.

    One without a date concerns the month for which it is planned and every month after, until it gets one.
    """
    return planned <= month if starts_at is None else Month.of(local_day(starts_at, zone)) == month
