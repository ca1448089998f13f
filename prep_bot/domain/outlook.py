"""What the date of a session leaves time for: its notice term, and what the bot would say about it by itself."""

from dataclasses import dataclass
from datetime import UTC, datetime

from prep_bot.domain.meeting import MeetingKind, MeetingState
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.rules import Rules
from prep_bot.domain.schedule import CommissionFacts, MeetingFacts, occasions
from prep_bot.domain.term import TermCheck, check


@dataclass(frozen=True)
class Outlook:
    """What is still possible for a session that is dated, or moved, now."""

    term: TermCheck
    """How it would stand with its term if it were convened now."""
    calls_missed: int
    """How many of the reminders to convene it would have come before now."""
    reminders_dropped: tuple[int, ...]
    """The reminders, in hours before the session, for which there is no time even if it is convened now."""


def outlook(rules: Rules, kind: MeetingKind, call: int, starts_at: datetime, now: datetime) -> Outlook:
    """Return what a session of that kind and call, which starts then, leaves time for; both instants are aware."""
    reminders = rules.reminders
    calls = _count(rules, kind, call, starts_at, now, MeetingState.SCHEDULED, NoticeKind.CONVENE_MISSING)
    reminded = _count(rules, kind, call, starts_at, now, MeetingState.CONVENED, NoticeKind.REMINDER)
    return Outlook(
        term=check(rules, kind, call, starts_at, now),
        calls_missed=len(reminders.convene_hours) - calls,
        # The earliest ones are missed first: the ladder goes down.
        reminders_dropped=reminders.meeting_hours[: len(reminders.meeting_hours) - reminded],
    )


def _count(
    rules: Rules,
    kind: MeetingKind,
    call: int,
    starts_at: datetime,
    now: datetime,
    state: MeetingState,
    notice: NoticeKind,
) -> int:
    """Return how many such occasions the session would have, had it come to that state now."""
    month = Month.of(local_day(starts_at, rules.zone))
    meeting = MeetingFacts(
        id=0,
        kind=kind,
        month=month,
        state=state,
        since=now,
        starts_at=starts_at,
        convened_at=now.astimezone(UTC),
        call=call,
    )
    facts = CommissionFacts(rules, month, month, frozenset(), (meeting,))
    return sum(occasion.kind is notice for occasion in occasions(facts))
