"""What happened in a commission, as far as the bot's own messages depend on it. Instants are aware."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import TypeVar

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.month import Month
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Rules

GROUP = "group"
"""The recipient that is no person."""

T = TypeVar("T")

Changes = tuple[tuple[datetime, T], ...]
"""From when on something had which value, the oldest first."""


class Act(Enum):
    """What was done with a session."""

    DATED = auto()
    CONVENED = auto()
    MOVED = auto()
    """Convened anew, for another date or place."""
    CORRECTED = auto()
    """The convocation was corrected: what was acknowledged, and the notice that was given, stand."""
    DEFERRED = auto()
    CANCELLED = auto()
    GATHERED = auto()
    """It began, or had no quorum: nothing is said of it by itself any more."""
    HELD = auto()


@dataclass(frozen=True)
class Step:
    """One thing that was done with a session, and when."""

    at: datetime
    act: Act
    starts_at: datetime | None = None
    """For when it was dated or moved."""
    sends_at: datetime | None = None
    """The sending instant that was chosen when it was convened."""
    by: str = ""
    """The key of who convened or moved it, which acknowledges by that."""


@dataclass(frozen=True)
class SessionHistory:
    """A session: the plan's, or one that was added, which is known from its date on."""

    key: str
    kind: MeetingKind
    month: Month
    known_at: datetime
    steps: tuple[Step, ...] = ()
    answers: tuple[tuple[datetime, str], ...] = ()
    """When which person acknowledged, or was recorded as told by other means."""


@dataclass(frozen=True)
class PersonHistory:
    """A member of the commission."""

    key: str
    role: Role
    enrolled_at: datetime | None = None
    guest_of: frozenset[str] = frozenset()
    hour_reminder: Changes[bool] = ()
    monthly_summary: Changes[bool] = ()
    blocked: tuple[tuple[datetime, datetime | None], ...] = ()
    """From when to when they had blocked the bot."""


@dataclass(frozen=True)
class ActivityHistory:
    """An activity of the plan."""

    key: str
    month: Month
    deadline: date
    open: Changes[bool] = ()


@dataclass(frozen=True)
class History:
    """All that happened in a commission, as far as the bot's own messages depend on it."""

    rules: Rules
    activated_at: datetime
    group_linked_at: datetime | None = None
    people: tuple[PersonHistory, ...] = ()
    activities: tuple[ActivityHistory, ...] = ()
    sessions: tuple[SessionHistory, ...] = ()


def convened_to(person: PersonHistory, session: SessionHistory) -> bool:
    """Tell whether the person is one of those whom the session concerns."""
    return person.role is not Role.GUEST or session.key in person.guest_of


def enrolled(history: History, at: datetime) -> list[PersonHistory]:
    """Return who was enrolled by then: nothing due before that is for them, nor what was due before the activation."""
    if at <= history.activated_at:
        return []
    return [p for p in history.people if p.enrolled_at is not None and max(p.enrolled_at, history.activated_at) <= at]


def linked(history: History, at: datetime) -> bool:
    """Tell whether a group was linked by then."""
    return history.group_linked_at is not None and history.activated_at < at and history.group_linked_at <= at


def blocked(history: History, recipient: str, now: datetime) -> bool:
    """Tell whether they had blocked the bot at that instant."""
    for person in history.people:
        for start, stop in person.blocked:
            if person.key == recipient and start <= now and (stop is None or now < stop):
                return True
    return False


def as_of(changes: Changes[T], now: datetime, *, default: T) -> T:
    """Return the value at that instant; `default` before the first change."""
    value = default
    for at, then in changes:
        if at <= now:
            value = then
    return value
