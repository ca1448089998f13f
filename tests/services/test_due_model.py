"""Whatever happens and whenever the bot looks: each is told what the second computation says, once, and no one else."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiosqlite
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.engine import Database, create_engine
from prep_bot.db.meeting import Meeting
from prep_bot.db.migrate import migrate
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.db.person import MeetingGuest, Membership, Person
from prep_bot.db.plan import Activity, ProgressEntry
from prep_bot.domain.activity import ActivityState
from prep_bot.domain.delivery import Accepted, Unreachability, Unreachable
from prep_bot.domain.meeting import MeetingKind, MeetingState, Modality
from prep_bot.domain.month import Month
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.domain.rules import Rules
from prep_bot.services import container
from prep_bot.services.calendar import Appointment
from prep_bot.services.container import Services
from prep_bot.services.convocations import NotInForceError
from prep_bot.services.convoking import in_force
from prep_bot.services.identity import Actor, Seat
from prep_bot.simulation.clock import ManualClock
from prep_bot.simulation.expectation.history import (
    GROUP,
    Act,
    ActivityHistory,
    History,
    PersonHistory,
    SessionHistory,
    Step,
)
from prep_bot.simulation.expectation.looks import expected, moments
from prep_bot.simulation.expectation.table import Expected

ZONE = ZoneInfo("America/Mexico_City")
RULES = Rules.model_validate({"privacy": {"notice": "Se guarda su nombre y su identificador de Telegram."}})
QUARTER = timedelta(minutes=15)
GROUP_CHAT = -100

PEOPLE = (
    ("secretary", Role.TECHNICAL_SECRETARY),
    ("presidency", Role.PRESIDENCY),
    ("member", Role.MEMBER),
    ("unit", Role.TECHNICAL_UNIT),
    ("party", Role.PARTY_REPRESENTATIVE),
    ("guest", Role.GUEST),
    ("deputy", Role.TECHNICAL_SECRETARY),
)
SESSIONS = (
    ("february", MeetingKind.ORDINARY, Month(2022, 2)),
    ("march", MeetingKind.ORDINARY, Month(2022, 3)),
    ("april", MeetingKind.EXTRAORDINARY, Month(2022, 4)),
)
DEADLINES = (date(2022, 2, 28), date(2022, 3, 31), date(2022, 4, 15), date(2022, 4, 30))
UNTABLED = {NoticeKind.UNREACHABLE, NoticeKind.RELINKED}


def local(month: int, day: int, clock: str) -> datetime:
    return datetime.combine(date(2022, month, day), time.fromisoformat(clock), ZONE).astimezone(UTC)


@dataclass(frozen=True)
class Deed:
    """Something that is done, or not done where it makes no sense then."""

    name: str
    after: int
    """Minutes after the one before."""
    whom: int = 0
    which: int = 0
    how: int = 0


def is_quiet(at: datetime) -> bool:
    return not time(8) <= at.astimezone(ZONE).time() < time(21)


class _AtOnce:
    """In place of the thread to which the driver hands each statement: nothing here is done at the same time."""

    def start(self) -> None:
        pass

    def put_nowait(self, item: tuple[asyncio.Future[Any], Callable[[], Any]]) -> None:
        future, function = item
        try:
            future.set_result(function())
        except Exception as error:
            future.set_exception(error)


def open_database(file: Path) -> Database:
    """Open it as the program does, but without a thread: that takes most of the time."""

    def connect(*args: Any, **more: Any) -> aiosqlite.Connection:
        connection = aiosqlite.connect(*args, **more)
        connection._thread = connection._tx = _AtOnce()  # type: ignore[assignment]
        return connection

    def use(_: object, __: object, ___: object, parameters: dict[str, Any]) -> None:
        parameters["async_creator_fn"] = connect

    def hurry(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute("PRAGMA synchronous=OFF")

    engine = create_engine(f"sqlite+aiosqlite:///{file}")
    event.listen(engine.sync_engine, "do_connect", use)
    event.listen(engine.sync_engine, "connect", hurry)
    return Database(engine)


class World:
    """A commission in a database of its own, the history of what happened in it, and what was sent."""

    def __init__(self, file: Path, start: datetime) -> None:
        self.clock = ManualClock(start)
        self.looks: list[datetime] = []
        self.sent: Counter[tuple[datetime, int]] = Counter()
        self.blocked: set[int] = set()
        self._file = file
        self._database = open_database(file)
        self.services: Services = container.build(self._database, self.clock)
        self.people = {key: PersonHistory(key, role) for key, role in PEOPLE}
        self.people["guest"] = replace(self.people["guest"], guest_of=frozenset({"march"}))
        self.sessions = {key: SessionHistory(key, kind, month, start) for key, kind, month in SESSIONS}
        self.activities = {str(d): ActivityHistory(str(d), Month.of(d), d) for d in DEADLINES}
        self.group_linked_at: datetime | None = None
        self._start = start

    @property
    def history(self) -> History:
        return History(
            RULES,
            self._start,
            self.group_linked_at,
            tuple(self.people.values()),
            tuple(self.activities.values()),
            tuple(self.sessions.values()),
        )

    async def begin(self, enrolled: int) -> None:
        """Import the plan; the first `enrolled` people are enrolled at once."""
        start = self.clock.now()
        async with self._database.write() as session:
            session.add(
                Commission(
                    key="c", name="Comisión", short_name="C", institution="I", details={"leads": {}},
                    rules=RULES.model_dump(mode="json"), activated_at=start, derived_until=start,
                )
            )  # fmt: skip
            await session.flush()
            for key, role in PEOPLE:
                session.add(Person(key=key, name=key.capitalize()))
                await session.flush()
                number = self.id_of(key)
                session.add(
                    Membership(
                        commission_id=1, person_id=number, role=role, created_at=start, starts_on=date(2022, 1, 1)
                    )
                )
            for number, (key, kind, month) in enumerate(SESSIONS, start=1):
                session.add(
                    Meeting(
                        commission_id=1, key=key, number=number, kind=kind, name=key, month=month,
                        state=MeetingState.UNSCHEDULED, since=start, topics=[],
                    )
                )  # fmt: skip
            for number, deadline in enumerate(DEADLINES, start=1):
                month = Month.of(deadline)
                session.add(
                    Activity(
                        commission_id=1, key=str(deadline), number=number, month=month, text="A", deadline=deadline
                    )
                )
            await session.flush()
            session.add(MeetingGuest(meeting_id=2, membership_id=self.id_of("guest")))
            await session.commit()
        for key, _ in PEOPLE[:enrolled]:
            await self.enrol(key)

    async def close(self) -> None:
        await self._database.dispose()

    async def restart(self) -> None:
        await self.close()
        self._database = open_database(self._file)
        self.services = container.build(self._database, self.clock)

    @staticmethod
    def id_of(key: str) -> int:
        return [name for name, _ in PEOPLE].index(key) + 1

    async def actor(self, key: str) -> Actor | None:
        return await self.services.identity.of(1000 + self.id_of(key))

    async def seat(self) -> Seat:
        actor = await self.actor("secretary")
        assert actor is not None
        return actor.seats[0]

    async def look(self) -> datetime | None:
        """Do what the bot does in a round; return when it wants to look again."""
        now = self.clock.now()
        self.looks.append(now)
        await self.services.outbox.reclaim()
        occasion = await self.services.due.queue()
        await self.services.outbox.bundle()
        while claims := await self.services.outbox.claim(10):
            for claim in claims:
                tabled = any(content.kind not in UNTABLED for content in claim.contents)
                if tabled:
                    self.sent[now, claim.chat_id] += 1
                gone = claim.chat_id in self.blocked
                outcome = Unreachable(Unreachability.BLOCKED) if gone else Accepted(claim.delivery_id)
                await self.services.outbox.settle(claim, outcome)
            await self.services.outbox.bundle()  # the news that somebody cannot be reached
        waiting = await self.services.outbox.next_due()
        return min((instant for instant in (occasion, waiting) if instant is not None), default=None)

    async def watch(self, to: datetime) -> None:
        """Let the bot look whenever it wants, up to `to`."""
        while (due := await self.look()) is not None and due <= to:
            self.clock.advance_to(max(due, self.clock.now()))
        self.clock.advance_to(to)

    # What people do

    async def do(self, deed: Deed) -> None:
        key = PEOPLE[deed.whom % len(PEOPLE)][0]
        match deed.name:
            case "enrol":
                await self.enrol(key)
            case "block":
                self.block(key)
            case "unblock":
                await self.unblock(key)
            case "prefer":
                await self.prefer(key, deed.how)
            case "progress":
                await self.progress(str(DEADLINES[deed.which % len(DEADLINES)]), deed.how)
            case "link" if self.group_linked_at is None:
                await self.services.groups.link(await self.seat(), GROUP_CHAT, "Grupo")
                self.group_linked_at = self.clock.now()
            case "restart":
                await self.restart()
            case _:
                await self.do_with_session(deed, SESSIONS[deed.which % len(SESSIONS)][0], key)

    async def enrol(self, key: str) -> None:
        if self.people[key].enrolled_at is None:
            now = self.clock.now()
            values = {"telegram_id": 1000 + self.id_of(key), "enrolled_at": now}
            await self._change(key, values)
            self.people[key] = replace(self.people[key], enrolled_at=now)

    async def prefer(self, key: str, how: int) -> None:
        name = ("hour_reminder", "monthly_summary")[how % 2]
        wanted = how % 4 < 2
        await self._change(key, {name: wanted})
        changes = (*getattr(self.people[key], name), (self.clock.now(), wanted))
        self.people[key] = replace(self.people[key], **{name: changes})

    async def _change(self, key: str, values: dict[str, Any]) -> None:
        async with self._database.write() as session:
            await session.execute(update(Person).where(col(Person.id) == self.id_of(key)).values(**values))
            await session.commit()

    def block(self, key: str) -> None:
        person = self.people[key]
        if person.enrolled_at is not None and 1000 + self.id_of(key) not in self.blocked:
            self.blocked.add(1000 + self.id_of(key))
            self.people[key] = replace(person, blocked=(*person.blocked, (self.clock.now(), None)))

    async def unblock(self, key: str) -> None:
        person = self.people[key]
        if 1000 + self.id_of(key) in self.blocked:
            self.blocked.remove(1000 + self.id_of(key))
            *before, (start, _) = person.blocked
            self.people[key] = replace(person, blocked=(*before, (start, self.clock.now())))
            await self.services.reachability.regained(1000 + self.id_of(key))

    async def progress(self, key: str, how: int) -> None:
        states = (ActivityState.DONE, ActivityState.IN_PROGRESS, ActivityState.NOT_APPLICABLE)
        state, now = states[how % 3], self.clock.now()
        number = list(self.activities).index(key) + 1
        async with self._database.write() as session:
            session.add(ProgressEntry(activity_id=number, state=state, recorded_at=now, recorded_by=1))
            await session.commit()
        activity = self.activities[key]
        self.activities[key] = replace(activity, open=(*activity.open, (now, state is ActivityState.IN_PROGRESS)))

    async def do_with_session(self, deed: Deed, key: str, person: str) -> None:
        number = [name for name, _, _ in SESSIONS].index(key) + 1
        async with self._database.read() as session:
            meeting = await session.get_one(Meeting, number)
            convocation = await in_force(session, number)
        now, seat = self.clock.now(), await self.seat()
        dated = meeting.starts_at is not None and meeting.starts_at > now
        to = Appointment(self.start_of(deed, key), Modality.IN_PERSON, "Sala")
        step: Step | None = None
        match deed.name, meeting.state:
            case "date", MeetingState.UNSCHEDULED | MeetingState.DEFERRED | MeetingState.SCHEDULED:
                await self.services.calendar.appoint(seat, number, meeting.since, to)
                step = Step(now, Act.DATED, starts_at=to.starts_at)
            case "convene", MeetingState.SCHEDULED if dated and meeting.starts_at is not None:
                morning = datetime.combine(now.astimezone(ZONE) + timedelta(days=1), time(8), ZONE).astimezone(UTC)
                sends_at = morning if deed.how % 3 == 0 and morning < meeting.starts_at else now
                await self.services.convocations.convene(seat, number, meeting.since, sends_at, 7, "Motivo")
                step = Step(now, Act.CONVENED, sends_at=sends_at, by="secretary")
            case "move", MeetingState.CONVENED:
                await self.services.calendar.move(seat, number, meeting.since, to, "Motivo", 7)
                step = Step(now, Act.MOVED, starts_at=to.starts_at, by="secretary")
            case "defer", MeetingState.SCHEDULED | MeetingState.CONVENED:
                await self.services.calendar.call_off(seat, number, meeting.since, "Motivo", defer=True)
                step = Step(now, Act.DEFERRED)
            case "cancel", state if not state.ended:
                await self.services.calendar.call_off(seat, number, meeting.since, "Motivo", defer=False)
                step = Step(now, Act.CANCELLED)
            case "hold", MeetingState.SCHEDULED | MeetingState.CONVENED if not dated:
                await self.services.calendar.close(seat, number, meeting.since, "")
                step = Step(now, Act.HELD)
            case "acknowledge" | "told", MeetingState.CONVENED if convocation is not None:
                if await self.answered(deed, convocation.id or 0, seat, person):
                    history = self.sessions[key]
                    self.sessions[key] = replace(history, answers=(*history.answers, (now, person)))
        if step is not None:
            self.sessions[key] = replace(self.sessions[key], steps=(*self.sessions[key].steps, step))

    async def answered(self, deed: Deed, convocation_id: int, seat: Seat, person: str) -> bool:
        try:
            if deed.name == "told":
                means = "oficio"
                await self.services.convocations.told(seat, convocation_id, self.id_of(person), self.clock.now(), means)
                return True
            actor = await self.actor(person)
            if actor is None:
                return False
            await self.services.convocations.acknowledge(actor, convocation_id)
        except NotInForceError:
            return False
        return True

    def start_of(self, deed: Deed, key: str) -> datetime:
        """Return a date for the session: an earlier one again, or a new one."""
        now = self.clock.now()
        before = [s.starts_at for s in self.sessions[key].steps if s.starts_at is not None and s.starts_at > now]
        if before and deed.how % 4 == 0:
            return before[0]
        quarters = 1 + deed.how % (9 * 24 * 4)
        return datetime.fromtimestamp(now.timestamp() // 900 * 900, UTC) + quarters * QUARTER

    # What came of it

    async def notices(self) -> list[tuple[Expected, NoticeState]]:
        async with self._database.read() as session:
            rows = (await session.execute(select(Notice).where(col(Notice.kind).not_in(UNTABLED)))).scalars().all()
        return [(self._as_expected(notice), notice.state) for notice in rows]

    def _as_expected(self, notice: Notice) -> Expected:
        subject = str(notice.data.get("month") or notice.data.get("deadline"))
        if notice.meeting_id is not None:
            subject = SESSIONS[notice.meeting_id - 1][0]
        recipient = GROUP if notice.person_id is None else PEOPLE[notice.person_id - 1][0]
        return Expected(notice.due_at, notice.kind, recipient, subject, whole_list=bool(notice.data.get("list")))

    async def unsettled(self) -> int:
        async with self._database.read() as session:
            waiting = {DeliveryState.QUEUED, DeliveryState.LEASED}
            deliveries = await session.execute(select(Delivery).where(col(Delivery.state).in_(waiting)))
            notices = await session.execute(
                select(Notice).where(col(Notice.state) == NoticeState.QUEUED, col(Notice.due_at) <= self.clock.now())
            )
            return len(deliveries.all()) + len(notices.all())


COURSES = (
    ("date", "convene"),
    ("date", "convene", "move"),
    ("date", "convene", "move", "move", "hold"),
    ("date", "date", "convene", "defer", "date", "convene"),
    ("date", "convene", "cancel"),
    ("date", "convene", "defer", "cancel"),
    ("date", "convene", "defer", "date", "defer", "date", "convene", "cancel"),
    ("date", "defer"),
    (),
)
ASIDES = ("acknowledge", "told", "enrol", "block", "unblock", "prefer", "progress", "link", "restart")


@st.composite
def stories(draw: st.DrawFn) -> list[Deed]:
    """Give what becomes of each session, in each one's order, and what else happens meanwhile."""
    courses = [[(name, which) for name in draw(st.sampled_from(COURSES))] for which in range(len(SESSIONS))]
    courses.append([(name, draw(st.integers(0, 2))) for name in draw(st.lists(st.sampled_from(ASIDES), max_size=8))])
    doings = []
    while left := [course for course in courses if course]:
        name, which = draw(st.sampled_from(left)).pop(0)
        after = draw(st.integers(1, 300) | st.integers(1, 40 * 60))
        how = draw(st.integers(0, 9 * 24 * 4))
        doings.append(Deed(name, after, whom=draw(st.integers(0, len(PEOPLE) - 1)), which=which, how=how))
    return doings


starts = st.sampled_from([local(1, 25, "12:00"), local(2, 8, "08:59"), local(3, 24, "22:30"), local(4, 1, "17:00")])


@pytest.fixture(scope="module")
def empty() -> Iterator[Path]:
    """A database with its tables and nothing else, to be copied."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.sqlite3"

        async def make() -> None:
            database = open_database(file)
            await migrate(database)
            await database.dispose()

        asyncio.run(make())
        yield file


async def play(empty: Path, start: datetime, enrolled: int, doings: list[Deed], *, attentive: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(shutil.copy(empty, folder), start)
        try:
            await world.begin(enrolled)
            await live(world, doings, attentive=attentive)
            await judge(world, attentive=attentive)
        finally:
            await world.close()


async def live(world: World, doings: list[Deed], *, attentive: bool) -> None:
    for second, deed in enumerate(doings, start=1):
        # No two deeds at the same second of a minute: nothing is done at the very instant at which something is due.
        at = world.clock.now().replace(second=0) + timedelta(minutes=deed.after, seconds=second)
        if attentive:
            await world.watch(at)
        world.clock.advance_to(at)
        await world.do(deed)
        await world.look()
    end = world.clock.now() + timedelta(days=4)
    if attentive:
        await world.watch(end)
    morning = datetime.combine(end.astimezone(ZONE) + timedelta(days=1), time(8), ZONE).astimezone(UTC)
    for clock in (end, morning):
        world.clock.advance_to(clock)
        await world.look()


async def judge(world: World, *, attentive: bool) -> None:
    wanted = expected(world.history, world.looks)
    found = await world.notices()
    inserted = Counter(e for e, state in found if state is not NoticeState.CANCELLED)
    cancelled = {e for e, state in found if state is NoticeState.CANCELLED}
    wanted_once = Counter(wanted)
    assert not inserted - wanted_once, "nobody is told anything else, nor twice"
    for e in (wanted_once - inserted).elements():
        # What was noticed late, at night, waits for the morning; by then there may be nothing left to say.
        assert not attentive
        assert e in cancelled
        assert any(is_quiet(other.seen_at or other.at) for other in wanted if other == e)
    states = {e: state for e, state in found if state is not NoticeState.CANCELLED}
    for e in wanted:
        seen_at = e.seen_at or e.at
        if is_quiet(seen_at) and not e.kind.breaks_silence:
            assert not attentive or e.at < seen_at, "what waits is never due at night"
        elif not e.in_time:
            assert states[e] is NoticeState.EXPIRED
        else:
            assert states[e] is (NoticeState.SENT if e.reached else NoticeState.FAILED)
    assert await world.unsettled() == 0
    assert not [key for key, count in world.sent.items() if count > 1], "one message to each at a time"
    if attentive:
        missed_nothing = expected(world.history, moments(world.history, world.looks[-1]))
        assert Counter(missed_nothing) == wanted_once
        assert [e for e in missed_nothing if e.seen_at != e.at] == []


MOVED_BEFORE_IT_WENT_OUT = [
    Deed("date", 60, how=190),
    Deed("convene", 60, how=3),  # at 08:00 of the next day
    Deed("move", 60, how=1),  # to the next half hour
]

CALLED_OFF_WHILE_BLOCKED = [
    Deed("date", 60, how=500),
    Deed("convene", 60, how=1),
    Deed("block", 60, whom=2),
    Deed("block", 10, whom=3),
    Deed("defer", 60),
    Deed("unblock", 60, whom=2),  # hears of it on coming back
    Deed("block", 60, whom=2),
    Deed("enrol", 60, whom=5),  # was never convened
    Deed("cancel", 60),
    Deed("unblock", 60, whom=3),  # hears of the last that counts
    Deed("unblock", 60, whom=2),
]
LISTS = [
    Deed("date", 60, how=700),
    Deed("convene", 60, how=1),
    Deed("prefer", 60, how=1),  # the secretary wants neither the summary nor, later, the last reminder
    *(Deed("acknowledge", 5, whom=who) for who in range(6)),  # only the other secretary is missing
    Deed("restart", 9 * 24 * 60),
]


@settings(max_examples=25)
@example(start=local(2, 8, "09:00"), enrolled=5, doings=MOVED_BEFORE_IT_WENT_OUT, attentive=True)
@example(start=local(2, 8, "09:00"), enrolled=5, doings=CALLED_OFF_WHILE_BLOCKED, attentive=True)
@example(start=local(2, 8, "09:00"), enrolled=7, doings=LISTS, attentive=False)
@given(start=starts, enrolled=st.integers(1, len(PEOPLE)), doings=stories(), attentive=st.booleans())
def test_each_is_told_once_what_the_second_computation_says(
    empty: Path, start: datetime, enrolled: int, doings: list[Deed], attentive: bool
) -> None:
    asyncio.run(play(empty, start, enrolled, doings, attentive=attentive))
