"""The rows of the table of messages, as they stand at `now`: what is past and what is to come."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.role import Role
from prep_bot.simulation.expectation.history import (
    GROUP,
    Act,
    History,
    SessionHistory,
    as_of,
    convened_to,
    enrolled,
    linked,
)
from prep_bot.simulation.expectation.instants import about_session, morning, wall
from prep_bot.simulation.expectation.standing import answered, expires, standing_of


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


def calendar(history: History, now: datetime) -> Iterator[Expected]:
    """Yield all that the table asks for, past and to come, as things stand at that instant."""
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
        at, until = morning(history.rules, month.first), morning(history.rules, (month + 1).first)
        something = undated = False
        for activity in history.activities:
            if as_of(activity.open, now, default=True):
                activated = history.activated_at.astimezone(history.rules.zone).date()
                overdue = activated <= activity.deadline < month.first
                something = something or activity.month == month or overdue
        for session in known:
            standing = standing_of(session, now)
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
            for person in enrolled(history, at):
                # Whoever turned the summary off is still told, as secretary, what lacks a date.
                still = undated and person.role is Role.TECHNICAL_SECRETARY
                if person.role in roles and (as_of(person.monthly_summary, now, default=True) or still):
                    yield Expected(at, NoticeKind.MONTHLY, person.key, str(month), until=until)
            if linked(history, at):
                yield Expected(at, NoticeKind.MONTHLY, GROUP, str(month), until=until)
        month += 1


def _deadlines(history: History, now: datetime) -> Iterator[Expected]:
    for deadline in {a.deadline for a in history.activities if as_of(a.open, now, default=True)}:
        over = wall(history.rules, deadline, time(23, 59))
        days = history.rules.reminders.deadline_days
        for index in range(len(days)):
            last = index == len(days) - 1
            at = morning(history.rules, deadline - timedelta(days=days[index]))
            until = over if last else morning(history.rules, deadline - timedelta(days=days[index + 1]))
            roles = {Role.TECHNICAL_UNIT, Role.TECHNICAL_SECRETARY}
            if last:
                roles |= {Role.PRESIDENCY, Role.MEMBER}
            for person in enrolled(history, at):
                if person.role in roles:
                    yield Expected(at, NoticeKind.DEADLINE, person.key, str(deadline), until=until)
            if last and linked(history, at):
                yield Expected(at, NoticeKind.DEADLINE, GROUP, str(deadline), until=until)


def _date_missing(history: History, session: SessionHistory, now: datetime) -> Iterator[Expected]:
    standing = standing_of(session, now)
    if standing.act not in (None, Act.DEFERRED):
        return
    rules = history.rules
    end = wall(rules, session.month.last, time(23, 59))
    last_day = expires(rules, session, standing, end).astimezone(rules.zone).date()
    days = rules.reminders.date_missing_days
    alerts = [about_session(rules, wall(rules, last_day - timedelta(days=d), rules.reminders.at)) for d in days]
    for index in range(len(alerts)):
        last = index == len(alerts) - 1
        if alerts[index] < standing.since:
            continue
        roles = {Role.TECHNICAL_SECRETARY, Role.PRESIDENCY} if last else {Role.TECHNICAL_SECRETARY}
        until = end if last else alerts[index + 1]
        for person in enrolled(history, alerts[index]):
            if person.role in roles:
                yield Expected(alerts[index], NoticeKind.DATE_MISSING, person.key, session.key, until=until)


def _convene_missing(history: History, session: SessionHistory, now: datetime) -> Iterator[Expected]:
    standing = standing_of(session, now)
    if standing.act is not Act.DATED or standing.starts_at is None:
        return
    ends = expires(history.rules, session, standing, standing.starts_at)
    hours = history.rules.reminders.convene_hours
    alerts = [about_session(history.rules, ends - timedelta(hours=h)) for h in hours]
    for index in range(len(alerts)):
        if alerts[index] < standing.since:
            continue
        until = standing.starts_at if index == len(alerts) - 1 else alerts[index + 1]
        for person in enrolled(history, alerts[index]):
            if person.role is Role.TECHNICAL_SECRETARY:
                yield Expected(alerts[index], NoticeKind.CONVENE_MISSING, person.key, session.key, until=until)


def _chases(history: History, session: SessionHistory, now: datetime) -> Iterator[Expected]:
    standing = standing_of(session, now)
    if standing.starts_at is None or standing.convened_at is None:
        return
    missing = {p.key for p in history.people if convened_to(p, session)} - answered(session, standing, now)
    end = standing.starts_at - timedelta(hours=24)
    nominal = standing.convened_at
    while (nominal := nominal + timedelta(hours=history.rules.reminders.chase_hours)) < end:
        at = about_session(history.rules, nominal)
        if at < standing.convened_at + timedelta(hours=history.rules.reminders.minimum_gap_hours):
            continue
        until = min(end, nominal + timedelta(hours=history.rules.reminders.chase_hours))
        for person in enrolled(history, at):
            if person.key in missing:
                yield Expected(at, NoticeKind.CHASE, person.key, session.key, until=until)
            if person.role is Role.TECHNICAL_SECRETARY and missing - {person.key}:
                yield Expected(at, NoticeKind.CHASE, person.key, session.key, whole_list=True, until=until)


def _reminders(history: History, session: SessionHistory, now: datetime) -> Iterator[Expected]:
    standing = standing_of(session, now)
    if standing.starts_at is None or standing.convened_at is None:
        return
    hours = history.rules.reminders.meeting_hours
    instants = [about_session(history.rules, standing.starts_at - timedelta(hours=h)) for h in hours]
    for index in range(len(instants)):
        at = instants[index]
        if at < standing.convened_at + timedelta(hours=history.rules.reminders.minimum_gap_hours):
            continue
        optional = index == len(hours) - 1 and len(hours) > 1
        for person in enrolled(history, at):
            takes_last = as_of(person.hour_reminder, now, default=True)
            if not convened_to(person, session) or (optional and not takes_last):
                continue
            theirs = instants if takes_last or len(hours) == 1 else instants[:-1]
            until = theirs[index + 1] if index + 1 < len(theirs) else standing.starts_at
            yield Expected(at, NoticeKind.REMINDER, person.key, session.key, until=until)
        if linked(history, at) and not optional:
            theirs = instants if len(hours) == 1 else instants[:-1]
            until = theirs[index + 1] if index + 1 < len(theirs) else standing.starts_at
            yield Expected(at, NoticeKind.REMINDER, GROUP, session.key, until=until)
