"""What happened in a play, as those who acted in it know it: from that follows what the bot had to tell by itself.

Nothing of it is asked of the program. Instants are aware.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.services.activities import ActivityView
from prep_bot.services.members import Member
from prep_bot.simulation.expectation.history import (
    Act,
    ActivityHistory,
    Changes,
    History,
    PersonHistory,
    SessionHistory,
    Step,
)
from prep_bot.simulation.messages import LogEntry
from prep_bot.texts.actions.action import Action, StaleActionError, decode
from prep_bot.texts.actions.answers import Acknowledge
from prep_bot.texts.actions.people import AcceptPrivacy, Preference, TogglePreference
from prep_bot.texts.actions.plan import RecordProgress, UndoProgress

A = TypeVar("A", bound=Action)


@dataclass
class Diary:
    """What was done that the simulated Telegram's log does not tell by itself."""

    activated_at: datetime | None = None
    """When the plan was imported."""
    group_linked_at: datetime | None = None
    added: dict[int, tuple[datetime, MeetingKind, Month]] = field(default_factory=dict)
    """The sessions that the plan does not have, by their number: when they were added, their kind and their month."""
    steps: dict[int, list[Step]] = field(default_factory=dict)
    """What was done with each session, by its number."""
    convened: list[int] = field(default_factory=list)
    """The session of each convocation: the bot numbers them as they are made."""
    told: list[tuple[datetime, int, str]] = field(default_factory=list)
    """When it was recorded that somebody was told of a session by other means."""
    invited: dict[str, frozenset[int]] = field(default_factory=dict)
    """The sessions of each guest."""
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    """From when to when the bot was down."""

    def step(self, number: int, step: Step) -> None:
        """Note what was done with a session."""
        self.steps.setdefault(number, []).append(step)
        if step.act in (Act.CONVENED, Act.MOVED, Act.CORRECTED):
            self.convened.append(number)


@dataclass(frozen=True)
class Taps:
    """What people did with buttons, as the simulated Telegram saw it."""

    log: Sequence[LogEntry]
    names: Mapping[int, str]
    """Whose each private chat is, by the name that the commission knows."""

    def _all(self) -> Iterator[tuple[LogEntry, Action]]:
        for entry in self.log:
            if entry.method == "callback_query" and entry.data is not None:
                try:
                    yield entry, decode(entry.data)
                except StaleActionError:
                    continue

    def of(self, kind: type[A]) -> Iterator[tuple[datetime, str, A]]:
        """Yield when who tapped such a button."""
        for entry, action in self._all():
            if isinstance(action, kind):
                yield entry.at, self.names.get(entry.user_id or 0, ""), action

    def enrolled(self) -> dict[str, datetime]:
        """Return when each person first tapped «Acepto»."""
        found: dict[str, datetime] = {}
        for at, name, _ in self.of(AcceptPrivacy):
            found.setdefault(name, at)
        return found

    def acknowledged(self) -> dict[tuple[int, str], datetime]:
        """Return when each person first acknowledged each convocation."""
        found: dict[tuple[int, str], datetime] = {}
        for at, name, action in self.of(Acknowledge):
            found.setdefault((action.convocation, name), at)
        return found

    def chosen(self, preference: Preference, name: str) -> Changes[bool]:
        """Return when somebody turned that on or off."""
        return tuple(
            (at, action.wanted)
            for at, who, action in self.of(TogglePreference)
            if who == name and action.preference is preference
        )

    def progress(self) -> dict[int, list[tuple[datetime, ActivityState]]]:
        """Return how each activity stood from when on; the bot numbers the entries as they are made."""
        entries: dict[int, tuple[int, ActivityState]] = {}
        found: dict[int, list[tuple[datetime, ActivityState]]] = {}
        made = 0
        for entry, action in self._all():
            if isinstance(action, RecordProgress):
                made += 1
                entries[made] = (action.number, action.state)
                number = action.number
            elif isinstance(action, UndoProgress) and action.entry in entries:
                number, _ = entries.pop(action.entry)
            else:
                continue
            left = [state for of, state in entries.values() if of == number]
            found.setdefault(number, []).append((entry.at, left[-1] if left else ActivityState.PENDING))
        return found

    def blocked(self, name: str) -> tuple[tuple[datetime, datetime | None], ...]:
        """Return from when to when somebody had blocked the bot."""
        periods: list[tuple[datetime, datetime | None]] = []
        for entry in self.log:
            if entry.method == "my_chat_member" and self.names.get(entry.chat_id) == name:
                if entry.text == "kicked":
                    periods.append((entry.at, None))
                elif periods:
                    periods[-1] = (periods[-1][0], entry.at)
        return tuple(periods)


def history(
    diary: Diary, taps: Taps, plan: PlanDocument, activities: Sequence[ActivityView], members: Sequence[Member]
) -> History:
    """Return all that happened, for a second computation of what the bot had to tell."""
    if diary.activated_at is None:
        raise ValueError("no plan was imported")
    activated, zone = diary.activated_at, plan.rules.zone
    progress = taps.progress()
    return History(
        rules=plan.rules,
        activated_at=activated,
        group_linked_at=diary.group_linked_at,
        people=tuple(_person(member, diary, taps, activated, zone) for member in members),
        activities=tuple(
            ActivityHistory(
                str(activity.number),
                activity.month,
                activity.deadline,
                tuple((at, state.open) for at, state in progress.get(activity.number, ())),
            )
            for activity in activities
        ),
        sessions=tuple(
            SessionHistory(
                key=str(number),
                kind=kind,
                month=month,
                known_at=known_at,
                steps=(Step(activated, Act.HELD),) if held else tuple(diary.steps.get(number, ())),
                answers=tuple(_answers(number, diary, taps)),
            )
            for number, (known_at, kind, month, held) in _sessions(diary, plan, activated).items()
        ),
    )


def _sessions(
    diary: Diary, plan: PlanDocument, activated: datetime
) -> dict[int, tuple[datetime, MeetingKind, Month, bool]]:
    """Return since when each session is known, its kind and month, and whether it was held before all this."""
    planned = {
        number: (activated, session.kind, session.month, session.held)
        for number, session in enumerate(plan.sessions, start=1)
    }
    return planned | {number: (*added, False) for number, added in diary.added.items()}


def _person(member: Member, diary: Diary, taps: Taps, activated: datetime, zone: ZoneInfo) -> PersonHistory:
    """Return what happened with a member.

    Whoever comes later or leaves earlier is, for the calendar of messages, a guest of the sessions convened meanwhile.
    """
    role, sessions = member.role, diary.invited.get(member.name, frozenset())
    whole = member.ends_on is None and member.starts_on <= local_day(activated, zone)
    if role is not Role.GUEST and not whole:
        role = Role.GUEST
        sessions = frozenset(
            number
            for number, steps in diary.steps.items()
            for step in steps
            if step.act in (Act.CONVENED, Act.MOVED)
            and member.starts_on <= local_day(step.at, zone)
            and (member.ends_on is None or local_day(step.at, zone) <= member.ends_on)
        )
    return PersonHistory(
        key=member.name,
        role=role,
        enrolled_at=taps.enrolled().get(member.name),
        guest_of=frozenset(str(number) for number in sessions),
        hour_reminder=taps.chosen(Preference.HOUR_REMINDER, member.name),
        monthly_summary=taps.chosen(Preference.MONTHLY_SUMMARY, member.name),
        blocked=taps.blocked(member.name),
    )


def _answers(number: int, diary: Diary, taps: Taps) -> Iterator[tuple[datetime, str]]:
    for (convocation, name), at in taps.acknowledged().items():
        if diary.convened[convocation - 1] == number:
            yield at, name
    for at, of, name in diary.told:
        if of == number:
            yield at, name
