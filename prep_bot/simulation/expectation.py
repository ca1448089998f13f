"""What the calendar of messages asks for, computed a second time: slowly, row by row, from what happened.

It shares no rule with the program that it is held against: not the schedule, the audiences, nor the quiet hours. Each
function below is one row of the table of messages, with its loops written out. Instants are aware.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from typing import TypeVar

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.month import Month
from prep_bot.domain.notice import NoticeKind
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


@dataclass(frozen=True, order=True)
class Expected:
    """Something that one recipient is to be told."""

    at: datetime
    kind: NoticeKind
    recipient: str
    subject: str
    """The session's key, the month or the deadline."""
    whole_list: bool = False
    """The secretary's list of who has not acknowledged."""
    until: datetime | None = field(default=None, compare=False)
    """From then on it would help nobody."""
    seen_at: datetime | None = field(default=None, compare=False)
    """When the bot noticed: later than `at` if it was down."""
    reached: bool = field(default=True, compare=False)
    """The recipient had not blocked the bot."""

    @property
    def in_time(self) -> bool:
        """Whether it still helped when the bot noticed."""
        return self.until is None or self.seen_at is None or self.seen_at < self.until


def expected(history: History, looks: Iterable[datetime]) -> list[Expected]:
    """Return what a bot that looks at those instants, in their order, finds to be told, the earliest first.

    It looks at least whenever somebody does something, and then it knows of that.
    """
    found: list[Expected] = []
    convoking = _Convoking(history)
    before = history.activated_at
    for now in looks:
        due = [e for e in _calendar(history, now) if before < e.at <= now]
        due += convoking.due(before, now)
        found += [replace(e, seen_at=now, reached=not _blocked(history, e.recipient, now)) for e in due]
        before = now
    return sorted(found)


def moments(history: History, end: datetime, outages: Sequence[tuple[datetime, datetime]] = ()) -> tuple[datetime, ...]:
    """Return when a bot looks that misses nothing up to `end`: whenever something is due and whenever somebody acts.

    What falls between the beginning and the end of an outage is seen at that outage's end.
    """
    acts = _acts(history)
    found = set(acts)
    for act in acts:
        found |= {e.at for e in _calendar(history, act)}
    seen = set()
    for moment in found:
        for start, stop in outages:
            if start <= moment < stop:
                moment = stop
        if history.activated_at <= moment <= end:
            seen.add(moment)
    return tuple(sorted(seen))


def _acts(history: History) -> set[datetime]:
    acts = {history.activated_at}
    if history.group_linked_at is not None:
        acts.add(history.group_linked_at)
    for person in history.people:
        if person.enrolled_at is not None:
            acts.add(max(person.enrolled_at, history.activated_at))
        acts |= {at for at, _ in person.hour_reminder + person.monthly_summary}
        acts |= {at for period in person.blocked for at in period if at is not None}
    for activity in history.activities:
        acts |= {at for at, _ in activity.open}
    for session in history.sessions:
        acts |= {session.known_at, *(at for at, _ in session.answers), *(step.at for step in session.steps)}
        acts |= {step.sends_at for step in session.steps if step.sends_at is not None}
    return acts


# The rows of the table, as they stand at `now`: what is past and what is to come


def _calendar(history: History, now: datetime) -> Iterator[Expected]:
    yield from _monthly(history, now)
    yield from _deadlines(history, now)
    for session in history.sessions:
        if session.known_at <= now:
            yield from _date_missing(history, session, now)
            yield from _convene_missing(history, session, now)
            yield from _chases(history, session, now)
            yield from _reminders(history, session, now)


def _monthly(history: History, now: datetime) -> Iterator[Expected]:
    known = [s for s in history.sessions if s.known_at <= now]
    months = [activity.month for activity in history.activities] + [session.month for session in known]
    if not months:
        return
    month = min(months)
    while month <= max(months) + 1:
        at, until = _morning(history.rules, month.first), _morning(history.rules, (month + 1).first)
        something = undated = False
        for activity in history.activities:
            if _as_of(activity.open, now, default=True):
                activated = history.activated_at.astimezone(history.rules.zone).date()
                overdue = activated <= activity.deadline < month.first
                something = something or activity.month == month or overdue
        for session in known:
            standing = _standing(session, now)
            if standing.act in (Act.HELD, Act.CANCELLED):
                continue
            if standing.starts_at is None:  # without a date it is named until it has one
                undated = undated or session.month <= month
            else:
                day = standing.starts_at.astimezone(history.rules.zone)
                something = something or (day.year, day.month) == (month.year, month.number)
        if something or undated:
            roles = {Role.PRESIDENCY, Role.TECHNICAL_SECRETARY, Role.TECHNICAL_UNIT}
            if history.group_linked_at is None or history.group_linked_at > now:
                roles.add(Role.MEMBER)
            for person in _enrolled(history, at):
                # Whoever turned the summary off is still told, as secretary, what lacks a date.
                still = undated and person.role is Role.TECHNICAL_SECRETARY
                if person.role in roles and (_as_of(person.monthly_summary, now, default=True) or still):
                    yield Expected(at, NoticeKind.MONTHLY, person.key, str(month), until=until)
            if _linked(history, at):
                yield Expected(at, NoticeKind.MONTHLY, GROUP, str(month), until=until)
        month += 1


def _deadlines(history: History, now: datetime) -> Iterator[Expected]:
    for deadline in {a.deadline for a in history.activities if _as_of(a.open, now, default=True)}:
        over = _wall(history.rules, deadline, time(23, 59))
        days = history.rules.reminders.deadline_days
        for index in range(len(days)):
            last = index == len(days) - 1
            at = _morning(history.rules, deadline - timedelta(days=days[index]))
            until = over if last else _morning(history.rules, deadline - timedelta(days=days[index + 1]))
            roles = {Role.TECHNICAL_UNIT, Role.TECHNICAL_SECRETARY}
            if last:
                roles |= {Role.PRESIDENCY, Role.MEMBER}
            for person in _enrolled(history, at):
                if person.role in roles:
                    yield Expected(at, NoticeKind.DEADLINE, person.key, str(deadline), until=until)
            if last and _linked(history, at):
                yield Expected(at, NoticeKind.DEADLINE, GROUP, str(deadline), until=until)


def _date_missing(history: History, session: SessionHistory, now: datetime) -> Iterator[Expected]:
    standing = _standing(session, now)
    if standing.act not in (None, Act.DEFERRED):
        return
    rules = history.rules
    end = _wall(rules, session.month.last, time(23, 59))
    last_day = _expires(rules, session, standing, end).astimezone(rules.zone).date()
    days = rules.reminders.date_missing_days
    alerts = [_about_session(rules, _wall(rules, last_day - timedelta(days=d), rules.reminders.at)) for d in days]
    for index in range(len(alerts)):
        last = index == len(alerts) - 1
        if alerts[index] < standing.since:
            continue
        roles = {Role.TECHNICAL_SECRETARY, Role.PRESIDENCY} if last else {Role.TECHNICAL_SECRETARY}
        until = end if last else alerts[index + 1]
        for person in _enrolled(history, alerts[index]):
            if person.role in roles:
                yield Expected(alerts[index], NoticeKind.DATE_MISSING, person.key, session.key, until=until)


def _convene_missing(history: History, session: SessionHistory, now: datetime) -> Iterator[Expected]:
    standing = _standing(session, now)
    if standing.act is not Act.DATED or standing.starts_at is None:
        return
    expires = _expires(history.rules, session, standing, standing.starts_at)
    hours = history.rules.reminders.convene_hours
    alerts = [_about_session(history.rules, expires - timedelta(hours=h)) for h in hours]
    for index in range(len(alerts)):
        if alerts[index] < standing.since:
            continue
        until = standing.starts_at if index == len(alerts) - 1 else alerts[index + 1]
        for person in _enrolled(history, alerts[index]):
            if person.role is Role.TECHNICAL_SECRETARY:
                yield Expected(alerts[index], NoticeKind.CONVENE_MISSING, person.key, session.key, until=until)


def _chases(history: History, session: SessionHistory, now: datetime) -> Iterator[Expected]:
    standing = _standing(session, now)
    if standing.starts_at is None or standing.convened_at is None:
        return
    missing = {p.key for p in history.people if _convened_to(p, session)} - _answered(session, standing, now)
    end = standing.starts_at - timedelta(hours=24)
    nominal = standing.convened_at
    while (nominal := nominal + timedelta(hours=history.rules.reminders.chase_hours)) < end:
        at = _about_session(history.rules, nominal)
        if at < standing.convened_at + timedelta(hours=history.rules.reminders.minimum_gap_hours):
            continue
        until = min(end, nominal + timedelta(hours=history.rules.reminders.chase_hours))
        for person in _enrolled(history, at):
            if person.key in missing:
                yield Expected(at, NoticeKind.CHASE, person.key, session.key, until=until)
            if person.role is Role.TECHNICAL_SECRETARY and missing - {person.key}:
                yield Expected(at, NoticeKind.CHASE, person.key, session.key, whole_list=True, until=until)


def _reminders(history: History, session: SessionHistory, now: datetime) -> Iterator[Expected]:
    standing = _standing(session, now)
    if standing.starts_at is None or standing.convened_at is None:
        return
    hours = history.rules.reminders.meeting_hours
    instants = [_about_session(history.rules, standing.starts_at - timedelta(hours=h)) for h in hours]
    for index in range(len(instants)):
        at = instants[index]
        if at < standing.convened_at + timedelta(hours=history.rules.reminders.minimum_gap_hours):
            continue
        optional = index == len(hours) - 1 and len(hours) > 1
        for person in _enrolled(history, at):
            takes_last = _as_of(person.hour_reminder, now, default=True)
            if not _convened_to(person, session) or (optional and not takes_last):
                continue
            theirs = instants if takes_last or len(hours) == 1 else instants[:-1]
            until = theirs[index + 1] if index + 1 < len(theirs) else standing.starts_at
            yield Expected(at, NoticeKind.REMINDER, person.key, session.key, until=until)
        if _linked(history, at) and not optional:
            theirs = instants if len(hours) == 1 else instants[:-1]
            until = theirs[index + 1] if index + 1 < len(theirs) else standing.starts_at
            yield Expected(at, NoticeKind.REMINDER, GROUP, session.key, until=until)


# Convocations, changes and cancellations: to each convened person, once, and again if it could not reach them


@dataclass
class _Convoking:
    """What is told of convocations; it remembers who still has to get them."""

    history: History
    waiting: list[tuple[Expected, int]] = field(default_factory=list)
    """To be told, and of which version of the session's convocation."""
    had: set[tuple[str, int, str]] = field(default_factory=set)
    """Session, version and person of those that went out or wait."""
    told: dict[tuple[str, str], Act] = field(default_factory=dict)
    """Session and recipient: the last that reached them of it, whether it is convened, deferred or cancelled."""
    missed: dict[tuple[str, str], tuple[Act, Expected]] = field(default_factory=dict)
    """Session and person: that it is deferred or cancelled, while they had blocked the bot."""

    def due(self, before: datetime, now: datetime) -> Iterator[Expected]:
        """Yield what is told at `now`, of which the look at `before` did not know."""
        for session in self.history.sessions:
            for place, step in enumerate(session.steps):
                if before < step.at <= now:
                    yield from self._done(session, place, now)
            yield from self._come_back(session, now)
            self._latecomers(session, now)
        due = [(e, version) for e, version in self.waiting if e.at <= now]
        self.waiting = [(e, version) for e, version in self.waiting if e.at > now]
        for e, version in due:
            session = next(s for s in self.history.sessions if s.key == e.subject)
            standing = _standing(session, now)
            if standing.convened_at is None or standing.version != version:
                continue
            yield e
            in_time = e.until is None or now < e.until
            if in_time and _blocked(self.history, e.recipient, now):
                self.had.remove((e.subject, version, e.recipient))
            elif in_time:
                self.told[e.subject, e.recipient] = Act.CONVENED

    def _done(self, session: SessionHistory, place: int, now: datetime) -> Iterator[Expected]:
        step = session.steps[place]
        was = _standing(replace(session, steps=session.steps[:place]), step.at)
        told = was.convened_at is not None and was.convened_at <= step.at
        if step.act in (Act.CONVENED, Act.MOVED, Act.CORRECTED):
            standing = _standing(replace(session, steps=session.steps[: place + 1]), step.at)
            kind = NoticeKind.CHANGE if step.act is not Act.CONVENED and told else NoticeKind.CONVOCATION
            at = max(standing.convened_at or step.at, step.at)
            for recipient in self._convened(session, step.at):
                e = Expected(at, kind, recipient, session.key, until=standing.starts_at)
                self.waiting.append((e, standing.version))
                self.had.add((session.key, standing.version, recipient))
        elif step.act in (Act.DEFERRED, Act.CANCELLED):
            # To whoever believes that it will be held; a cancellation also to whoever believes that it is deferred.
            until = was.starts_at if was.starts_at is not None and was.starts_at > step.at else None
            for recipient in self._convened(session, step.at):
                last = self.told.get((session.key, recipient))
                if last is None or last is step.act or (step.act is Act.DEFERRED and was.convened_at is None):
                    continue
                e = Expected(step.at, NoticeKind.CALLED_OFF, recipient, session.key, until=until)
                yield e
                self._off(e, step.act, now)

    def _off(self, e: Expected, act: Act, now: datetime) -> None:
        """Note whether it reached them that the session is deferred or cancelled."""
        in_time = e.until is None or now < e.until
        if in_time and _blocked(self.history, e.recipient, now):
            self.missed[e.subject, e.recipient] = act, e
        elif in_time:
            self.told[e.subject, e.recipient] = act

    def _come_back(self, session: SessionHistory, now: datetime) -> Iterator[Expected]:
        """Yield what was called off while they had blocked the bot, unless there is something newer to say by now."""
        standing = _standing(session, now)
        for (key, person), (act, missed) in list(self.missed.items()):
            if key != session.key or _blocked(self.history, person, now):
                continue
            del self.missed[key, person]
            holds = standing.act is act or (act is Act.DEFERRED and standing.act is Act.DATED)
            if holds and (missed.until is None or now < missed.until):
                e = replace(missed, at=now)
                yield e
                self._off(e, act, now)

    def _convened(self, session: SessionHistory, at: datetime) -> list[str]:
        people = [p.key for p in _enrolled(self.history, at) if _convened_to(p, session)]
        return people + ([GROUP] if _linked(self.history, at) else [])

    def _latecomers(self, session: SessionHistory, now: datetime) -> None:
        standing = _standing(session, now)
        if standing.convened_at is None or standing.starts_at is None or standing.starts_at <= now:
            return
        for person in _enrolled(self.history, now):
            key = (session.key, standing.version, person.key)
            if _convened_to(person, session) and key not in self.had and not _blocked(self.history, person.key, now):
                at = max(now, standing.convened_at)
                e = Expected(at, NoticeKind.CONVOCATION, person.key, session.key, until=standing.starts_at)
                self.waiting.append((e, standing.version))
                self.had.add(key)


# How things stood


@dataclass
class _Standing:
    """A session at some instant. `act` is the last thing done with it; None: it only has its month."""

    since: datetime
    act: Act | None = None
    starts_at: datetime | None = None
    convened_at: datetime | None = None
    """The sending instant of the convocation in force, if there is one."""
    made_at: datetime | None = None
    by: str = ""
    version: int = 0
    second_call: bool = False
    """It had no quorum, and was dated again."""


def _standing(session: SessionHistory, now: datetime) -> _Standing:
    standing = _Standing(since=session.known_at)
    for step in session.steps:
        if step.at > now:
            break
        if standing.act is Act.GATHERED and step.act is Act.DATED:
            standing.second_call = True
        if step.act is Act.CORRECTED:
            standing.version += 1
            continue
        standing.since, standing.act = step.at, step.act
        if step.act in (Act.DATED, Act.MOVED):
            standing.starts_at = step.starts_at
        if step.act is Act.CONVENED:
            standing.convened_at = max(step.sends_at or step.at, step.at)
        if step.act is Act.MOVED and standing.convened_at is not None:
            # What was to go out later still does, unless the session would have begun by then.
            too_late = standing.starts_at is None or standing.convened_at >= standing.starts_at
            standing.convened_at = step.at if too_late else max(step.at, standing.convened_at)
        if step.act in (Act.CONVENED, Act.MOVED):
            standing.made_at, standing.by = step.at, step.by
            standing.version += 1
        if step.act in (Act.DEFERRED, Act.CANCELLED, Act.HELD, Act.GATHERED):
            standing.convened_at = None
        if step.act is Act.DEFERRED:
            standing.starts_at = None
    return standing


def _answered(session: SessionHistory, standing: _Standing, now: datetime) -> set[str]:
    """Return who acknowledged the convocation in force, or was told by other means: whoever convened has, too."""
    since = standing.made_at or now
    return {standing.by} | {person for at, person in session.answers if since <= at <= now}


def _convened_to(person: PersonHistory, session: SessionHistory) -> bool:
    return person.role is not Role.GUEST or session.key in person.guest_of


def _enrolled(history: History, at: datetime) -> list[PersonHistory]:
    """Return who was enrolled by then: nothing due before that is for them, nor what was due before the activation."""
    if at <= history.activated_at:
        return []
    return [p for p in history.people if p.enrolled_at is not None and max(p.enrolled_at, history.activated_at) <= at]


def _linked(history: History, at: datetime) -> bool:
    return history.group_linked_at is not None and history.activated_at < at and history.group_linked_at <= at


def _blocked(history: History, recipient: str, now: datetime) -> bool:
    for person in history.people:
        for start, stop in person.blocked:
            if person.key == recipient and start <= now and (stop is None or now < stop):
                return True
    return False


def _as_of(changes: Changes[T], now: datetime, *, default: T) -> T:
    value = default
    for at, then in changes:
        if at <= now:
            value = then
    return value


# Time


def _expires(rules: Rules, session: SessionHistory, standing: _Standing, starts_at: datetime) -> datetime:
    """Return when the notice term of a session that starts then expires. All days count here."""
    terms = rules.notice_terms
    term = terms.extraordinary if session.kind is MeetingKind.EXTRAORDINARY else terms.ordinary
    if session.kind is MeetingKind.URGENT:
        term = terms.urgent
    elif standing.second_call:
        term = terms.second_call
    if term.hours is not None:
        return starts_at - timedelta(hours=term.hours)
    local = starts_at.astimezone(rules.zone)
    return _wall(rules, local.date() - timedelta(days=term.days or 0), local.time())


def _wall(rules: Rules, day: date, clock: time) -> datetime:
    """Return the instant, in UTC, at which the commission's clocks show that."""
    return datetime.combine(day, clock, rules.zone).astimezone(UTC)


def _quiet(rules: Rules, clock: time) -> bool:
    hours = rules.quiet_hours
    return hours.start != hours.end and (clock >= hours.start or clock < hours.end)


def _about_session(rules: Rules, at: datetime) -> datetime:
    """Return `at`, or if it is quiet then, 20:30 of the evening before."""
    local = at.astimezone(rules.zone)
    if not _quiet(rules, local.time()):
        return at
    evening = local.date() if local.time() >= rules.quiet_hours.start else local.date() - timedelta(days=1)
    return _wall(rules, evening, rules.quiet_hours.evening)


def _morning(rules: Rules, day: date) -> datetime:
    """Return when on that day the bot speaks of the plan: at 09:00, or when the quiet hours are over."""
    clock = rules.reminders.at
    if not _quiet(rules, clock):
        return _wall(rules, day, clock)
    if clock >= rules.quiet_hours.start:
        day += timedelta(days=1)
    return _wall(rules, day, rules.quiet_hours.end)
