"""What is pending for a person: the question that the program exists to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prep_bot.clock import Clock
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.role import Permission
from prep_bot.services.activities import Activities, ActivityView
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import Meetings, MeetingView


@dataclass(frozen=True)
class PendingPart:
    """What is pending in one commission."""

    commission_id: int
    commission: str
    today: date
    """In the commission's zone."""
    overdue: tuple[ActivityView, ...]
    current: tuple[ActivityView, ...]
    """The month's activities that are still open and not overdue; of `todo`, all those of the plan."""
    finished: int
    """How many of the month's are done or do not apply."""
    undated: tuple[MeetingView, ...]
    """Sessions without a date, for whoever dates them."""


@dataclass(frozen=True)
class PendingView:
    """What is pending in every commission of a person."""

    month: Month | None
    """The month that was asked for; None for everything."""
    this_month: bool
    parts: tuple[PendingPart, ...]
    first: Month | None
    """Of the months that have activities; None when no plan has any."""
    last: Month | None


class Pending:
    """Answers what is pending."""

    def __init__(self, activities: Activities, meetings: Meetings, clock: Clock) -> None:
        self._activities = activities
        self._meetings = meetings
        self._clock = clock

    async def of(self, seats: Sequence[Seat], month: Month | None = None, *, everything: bool = False) -> PendingView:
        """Return what is pending for those seats in `month` (default: the present one), or in the whole plan.

        The present month begins with what is overdue from earlier ones; another month shows that month only.
        """
        now = self._clock.now()
        present = Month.of(local_day(now, seats[0].rules.zone))
        asked = None if everything else month or present
        activities = await self._activities.of([seat.commission_id for seat in seats])
        meetings = await self._meetings.of(seats)
        parts = tuple(
            _part(
                seat,
                local_day(now, seat.rules.zone),
                asked,
                [a for a in activities if a.commission_id == seat.commission_id],
                [m for m in meetings if m.commission_id == seat.commission_id],
            )
            for seat in seats
        )
        months = [a.month for a in activities]
        return PendingView(
            month=asked,
            this_month=asked == present,
            parts=parts,
            first=min(months, default=None),
            last=max(months, default=None),
        )


def _part(
    seat: Seat, today: date, asked: Month | None, activities: list[ActivityView], meetings: list[MeetingView]
) -> PendingPart:
    present = asked is None or asked == Month.of(today)
    of_month = [a for a in activities if asked is None or a.month == asked]
    overdue = [a for a in (activities if present else of_month) if a.overdue(today)]
    undated = [
        m
        for m in meetings
        if m.state is MeetingState.UNSCHEDULED
        and (asked is None or m.month == asked or (present and m.month < Month.of(today)))
    ]
    return PendingPart(
        commission_id=seat.commission_id,
        commission=seat.commission,
        today=today,
        overdue=tuple(overdue),
        current=tuple(a for a in of_month if a.state.open and a not in overdue),
        finished=sum(not a.state.open for a in of_month),
        undated=tuple(undated) if seat.may(Permission.CONVENE) else (),
    )
