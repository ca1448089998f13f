"""The calendar of messages: on which occasions a commission's bot speaks by itself, and when.

It is derived from the calendar of sessions and the plan, never stored: what moves simply derives differently.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from prep_bot.domain.meeting import MeetingKind, MeetingState
from prep_bot.domain.month import Month, end_of_day, local_day
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.quiet import after_quiet, before_quiet
from prep_bot.domain.rules import Rules
from prep_bot.domain.term import expiry


@dataclass(frozen=True)
class MeetingFacts:
    """What the calendar of messages needs to know of a session. Instants are aware."""

    id: int
    kind: MeetingKind
    month: Month
    state: MeetingState
    since: datetime
    """When it came to this state and date: what should have been said before is not said any more."""
    starts_at: datetime | None = None
    convened_at: datetime | None = None
    """The sending instant of the convocation in force."""
    call: int = 1
    """Which convening of it this is."""


@dataclass(frozen=True)
class CommissionFacts:
    """What the calendar of messages needs to know of a commission."""

    rules: Rules
    first: Month
    last: Month
    """Of the plan's months, with activities or sessions."""
    deadlines: frozenset[date]
    meetings: tuple[MeetingFacts, ...]


@dataclass(frozen=True)
class Occasion:
    """A moment at which something is to be said, if by then there is something to say."""

    kind: NoticeKind
    cause: str
    """Names it: the same occasion always has the same name, and no two share one."""
    at: datetime
    """Aware; quiet hours have been heeded."""
    useful_until: datetime
    """From then on it helps nobody: it is over, or the next step of its ladder says it."""
    useful_without_last: datetime | None = None
    """The same for whoever does not get the last step of its ladder; None: that makes no difference."""
    last: bool = False
    """The last step of its ladder."""
    meeting_id: int | None = None
    month: Month | None = None
    deadline: date | None = None


def occasions(facts: CommissionFacts) -> Iterator[Occasion]:
    """Return all of a commission's occasions, past and future, as its calendar stands now."""
    yield from _monthly(facts)
    for deadline in sorted(facts.deadlines):
        yield from _deadline(facts.rules, deadline)
    for meeting in facts.meetings:
        if meeting.state.undated:
            yield from _date_missing(facts.rules, meeting)
        elif meeting.state is MeetingState.SCHEDULED:
            yield from _convene_missing(facts.rules, meeting)
        elif meeting.state is MeetingState.CONVENED:
            yield from _chases(facts.rules, meeting)
            yield from _reminders(facts.rules, meeting)


def last_day_to_convene(rules: Rules, kind: MeetingKind, month: Month, call: int = 1) -> date:
    """Return the last local date on which a session of that month can still be convened in time."""
    end = end_of_day(month.last, rules.zone)
    return local_day(expiry(rules, kind, call, end), rules.zone)


def _monthly(facts: CommissionFacts) -> Iterator[Occasion]:
    for offset in range(facts.last - facts.first + 2):
        month = facts.first + offset
        yield Occasion(
            NoticeKind.MONTHLY,
            f"monthly:{month}",
            _at(facts.rules, month.first),
            _at(facts.rules, (month + 1).first),
            month=month,
        )


def _deadline(rules: Rules, deadline: date) -> Iterator[Occasion]:
    steps = [(days, _at(rules, deadline - timedelta(days=days))) for days in rules.reminders.deadline_days]
    for place, (days, at) in enumerate(steps):
        last = place == len(steps) - 1
        yield Occasion(
            NoticeKind.DEADLINE,
            f"deadline:{deadline}:{days}d",
            at,
            end_of_day(deadline, rules.zone) if last else steps[place + 1][1],
            last=last,
            deadline=deadline,
        )


def _date_missing(rules: Rules, meeting: MeetingFacts) -> Iterator[Occasion]:
    limit = last_day_to_convene(rules, meeting.kind, meeting.month, meeting.call)
    nominal = datetime.combine(limit, rules.reminders.at, rules.zone)
    # Calendar days, so wall time: Python subtracts them from the clock's face, not from the elapsed hours.
    steps = [(days, _before_quiet(rules, nominal - timedelta(days=days))) for days in rules.reminders.date_missing_days]
    for place, (days, at) in enumerate(steps):
        last = place == len(steps) - 1
        if at >= meeting.since:
            yield Occasion(
                NoticeKind.DATE_MISSING,
                f"date_missing:{meeting.id}:{meeting.since.timestamp():.0f}:{days}d",
                at,
                end_of_day(meeting.month.last, rules.zone) if last else steps[place + 1][1],
                last=last,
                meeting_id=meeting.id,
            )


def _convene_missing(rules: Rules, meeting: MeetingFacts) -> Iterator[Occasion]:
    starts_at = _start(meeting)
    expires = expiry(rules, meeting.kind, meeting.call, starts_at)
    steps = [(hours, _before_quiet(rules, expires - timedelta(hours=hours))) for hours in rules.reminders.convene_hours]
    for place, (hours, at) in enumerate(steps):
        last = place == len(steps) - 1
        if at >= meeting.since:
            yield Occasion(
                NoticeKind.CONVENE_MISSING,
                f"convene_missing:{meeting.id}:{starts_at:%Y%m%dT%H%M}:{hours}h",
                at,
                starts_at if last else steps[place + 1][1],
                last=last,
                meeting_id=meeting.id,
            )


def _chases(rules: Rules, meeting: MeetingFacts) -> Iterator[Occasion]:
    starts_at, convened_at = _start(meeting), _convened(meeting)
    end = starts_at - timedelta(hours=24)
    every = timedelta(hours=rules.reminders.chase_hours)
    for step in count(1):
        nominal = convened_at + step * every
        if nominal >= end:
            return
        at = _before_quiet(rules, nominal)
        if at - convened_at >= timedelta(hours=rules.reminders.minimum_gap_hours):
            yield Occasion(
                NoticeKind.CHASE,
                f"chase:{meeting.id}:{convened_at:%Y%m%dT%H%M%S}:{step}",
                at,
                min(nominal + every, end),
                meeting_id=meeting.id,
            )


def _reminders(rules: Rules, meeting: MeetingFacts) -> Iterator[Occasion]:
    starts_at, convened_at = _start(meeting), _convened(meeting)
    steps = [
        (hours, _before_quiet(rules, starts_at - timedelta(hours=hours))) for hours in rules.reminders.meeting_hours
    ]
    for place, (hours, at) in enumerate(steps):
        last = place == len(steps) - 1
        if at - convened_at >= timedelta(hours=rules.reminders.minimum_gap_hours):
            yield Occasion(
                NoticeKind.REMINDER,
                f"reminder:{meeting.id}:{starts_at:%Y%m%dT%H%M}:{hours}h",
                at,
                starts_at if last else steps[place + 1][1],
                useful_without_last=starts_at if place == len(steps) - 2 else None,
                last=last and place > 0,
                meeting_id=meeting.id,
            )


def _before_quiet(rules: Rules, at: datetime) -> datetime:
    return _utc(before_quiet(at, rules.quiet_hours, rules.zone))


def _at(rules: Rules, day: date) -> datetime:
    at = datetime.combine(day, rules.reminders.at, rules.zone)
    return _utc(after_quiet(at, rules.quiet_hours, rules.zone))


def _start(meeting: MeetingFacts) -> datetime:
    if meeting.starts_at is None:
        raise ValueError(f"session {meeting.id} is {meeting.state} without a date")
    return _utc(meeting.starts_at)


def _convened(meeting: MeetingFacts) -> datetime:
    if meeting.convened_at is None:
        raise ValueError(f"session {meeting.id} is convened, but not since when")
    return _utc(meeting.convened_at)


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
