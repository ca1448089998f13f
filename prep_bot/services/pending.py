"""What is pending for a person: the question that the program exists to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from prep_bot.clock import Clock
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.role import Permission
from prep_bot.services.activities import Activities, ActivityView
from prep_bot.services.convocations import Convocations, ToAcknowledge
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import Meetings, MeetingView


@dataclass(frozen=True)
class PendingPart:
    """What is pending in one commission."""

    commission_id: int
    commission: str
    zone: ZoneInfo
    today: date
    """In the commission's zone."""
    overdue: tuple[ActivityView, ...]
    current: tuple[ActivityView, ...]
    """Those that are still open and not overdue."""
    finished: int
    """How many of the month (or of the plan) are done or do not apply."""
    undated: tuple[MeetingView, ...]
    """Sessions without a date, for whoever dates them."""
    to_acknowledge: tuple[ToAcknowledge, ...]
    """Convocations that want the person's acknowledgement."""


@dataclass(frozen=True)
class PendingView:
    """What is pending in every commission of a person."""

    month: Month | None
    """The month that is shown; None for everything."""
    now: bool
    """What is pending now: the present month begins with what is overdue from earlier ones."""
    present: Month
    parts: tuple[PendingPart, ...]
    first: Month | None
    """Of the months that have activities; None when no plan has any."""
    last: Month | None


class Pending:
    """Answers what is pending."""

    def __init__(self, activities: Activities, meetings: Meetings, convocations: Convocations, clock: Clock) -> None:
        self._activities = activities
        self._meetings = meetings
        self._convocations = convocations
        self._clock = clock

    async def of(
        self, seats: Sequence[Seat], month: Month | None = None, *, everything: bool = False, personal: bool = True
    ) -> PendingView:
        """Return what is pending for those seats now, in that `month` only, or (`everything`) in the whole plan.

        `personal`: with the convocations that the person is to acknowledge, unless a month was asked for.
        """
        now = self._clock.now()
        present = Month.of(local_day(now, seats[0].rules.zone))
        asked = None if everything else month or present
        activities = await self._activities.of([seat.commission_id for seat in seats])
        meetings = await self._meetings.of(seats)
        convened = await self._convocations.to_acknowledge(seats) if personal and month is None else ()
        parts = tuple(
            _part(
                seat,
                local_day(now, seat.rules.zone),
                asked,
                month is None,
                [a for a in activities if a.commission_id == seat.commission_id],
                [m for m in meetings if m.commission_id == seat.commission_id],
                tuple(c for c in convened if c.meeting.commission_id == seat.commission_id),
            )
            for seat in seats
        )
        months = [a.month for a in activities]
        return PendingView(
            month=asked,
            now=month is None and not everything,
            present=present,
            parts=parts,
            first=min(months, default=None),
            last=max(months, default=None),
        )


def _part(
    seat: Seat,
    today: date,
    asked: Month | None,
    carried: bool,
    activities: list[ActivityView],
    meetings: list[MeetingView],
    to_acknowledge: tuple[ToAcknowledge, ...],
) -> PendingPart:
    """Return one commission's part; `carried`: with what is still to be done of earlier months."""

    def shown(month: Month) -> bool:
        return asked is None or month == asked or (carried and month < asked)

    still_open = [a for a in activities if a.state.open and shown(a.month)]
    undated = [m for m in meetings if m.state.wants_date and shown(m.month)]
    return PendingPart(
        commission_id=seat.commission_id,
        commission=seat.commission,
        zone=seat.rules.zone,
        today=today,
        overdue=tuple(a for a in still_open if a.overdue(today)),
        current=tuple(a for a in still_open if not a.overdue(today)),
        finished=sum(not a.state.open for a in activities if asked in (None, a.month)),
        undated=tuple(undated) if seat.may(Permission.CONVENE) else (),
        to_acknowledge=to_acknowledge,
    )
