"""The notice term: until when a session is convened in time, and with how much notice it was.

Hours are counted as they elapse, days by the calendar: three days before a session at 11:00 is 11:00 of the third day
before, even if clocks change in between. What does not count is left out as if clocks stood still on those days.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.month import local_day
from prep_bot.domain.rules import Rules
from prep_bot.domain.workday import day_off

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

_Counts = Callable[[date], bool]
"""Tells whether a day counts."""


class TermUnit(StrEnum):
    """In what a term is counted."""

    HOURS = "hours"
    DAYS = "days"


class TermCheck(BaseModel):
    """How a convocation stands with the notice term: kept with it, so that a year later it still says what it was."""

    model_config = ConfigDict(frozen=True)

    unit: TermUnit
    working: bool
    """Only working days were counted."""
    minimum: int
    """0: there is no term."""
    given: int
    """Whole units between convening and the session, of those that count."""
    article: str
    """What sets the term; nothing: only the commission's configuration."""
    convened_at: AwareDatetime
    """From when the notice counts."""
    expires_at: AwareDatetime
    """The last instant at which it would have been in time."""

    @property
    def in_time(self) -> bool:
        """Whether the notice given is no less than the minimum."""
        return self.convened_at <= self.expires_at


def check(rules: Rules, kind: MeetingKind, call: int, starts_at: datetime, convened_at: datetime) -> TermCheck:
    """Return how a session that starts then stands with its term if it is convened then; both instants are aware.

    `call` is which convening of the session it is: the second one has a term of its own.
    """
    term, counts = rules.notice_terms.of(kind, call), _counting(rules, kind, call)
    if term.days is None:
        given = int(_elapsed(convened_at, starts_at, rules.zone, counts) / _HOUR)
    else:
        earlier = islice(_days_before(starts_at, rules.zone, counts), 1, None)
        given = sum(1 for _ in takewhile(lambda at: convened_at <= at, earlier))
    return TermCheck(
        unit=TermUnit.HOURS if term.days is None else TermUnit.DAYS,
        working=counts is not None,
        minimum=(term.hours or 0) if term.days is None else term.days,
        given=given,
        article=term.article,
        convened_at=convened_at,
        expires_at=expiry(rules, kind, call, starts_at),
    )


def expiry(rules: Rules, kind: MeetingKind, call: int, starts_at: datetime) -> datetime:
    """Return the last instant, in UTC, at which a session that starts then (aware) is convened in time."""
    term, counts = rules.notice_terms.of(kind, call), _counting(rules, kind, call)
    if term.days is None:
        return _hours_before(starts_at, timedelta(hours=term.hours or 0), rules.zone, counts)
    return next(islice(_days_before(starts_at, rules.zone, counts), term.days, None))


def _counting(rules: Rules, kind: MeetingKind, call: int) -> _Counts | None:
    """Return what tells which days count; None: all of them do."""
    if rules.holidays.electoral_process or not rules.notice_terms.of(kind, call).working:
        return None
    return lambda day: day_off(day, rules.holidays) is None


def _hours_before(starts_at: datetime, left: timedelta, zone: ZoneInfo, counts: _Counts | None) -> datetime:
    end = starts_at.astimezone(UTC)
    if counts is None:
        return end - left
    day = local_day(starts_at, zone)
    while left:
        begins = _midnight(day, zone)
        if counts(day):
            if left <= end - begins:
                return end - left
            left -= end - begins
        day, end = day - _DAY, begins
    return end


def _elapsed(convened_at: datetime, starts_at: datetime, zone: ZoneInfo, counts: _Counts | None) -> timedelta:
    """Return how much time that counts lies between the two; none if the first is the later one."""
    start, end = convened_at.astimezone(UTC), starts_at.astimezone(UTC)
    total = timedelta(0)
    if counts is None or start >= end:
        return max(end - start, total)
    day = local_day(convened_at, zone)
    while (begins := _midnight(day, zone)) < end:
        if counts(day):
            total += min(end, _midnight(day + _DAY, zone)) - max(start, begins)
        day += _DAY
    return total


def _days_before(starts_at: datetime, zone: ZoneInfo, counts: _Counts | None) -> Iterator[datetime]:
    """Yield the instant of the session, and then those at which one, two, three days that count lie before it."""
    local = starts_at.astimezone(zone)
    day, clock = local.date(), local.timetz().replace(tzinfo=None)
    if counts is not None and not counts(day):
        clock = time(0)  # nothing of the session's own day counts: whole days before it do
    yield starts_at.astimezone(UTC)
    while True:
        day -= _DAY
        if counts is None or counts(day):
            yield datetime.combine(day, clock, zone).astimezone(UTC)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)
