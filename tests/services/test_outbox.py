"""The outbox: what is to be told is told once, whoever dies on the way; nothing is lost, and no more than doubled."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlmodel import col

from prep_bot.db.engine import Database, create_engine
from prep_bot.db.outbox import Delivery, Notice
from prep_bot.domain.delivery import (
    Accepted,
    Migrated,
    NotDelivered,
    Outcome,
    Refused,
    Uncertain,
    Unreachability,
    Unreachable,
)
from prep_bot.domain.notice import DeliveryState, NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.services import container
from prep_bot.services.container import Services
from prep_bot.services.contents import PersonContent
from prep_bot.services.identity import Seat
from prep_bot.services.notices import NewNotice, drop, queue
from prep_bot.services.outbox import LEASE, UNSPEAKABLE, Claim, Outbox
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW, ZONE, enrol, plan

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class World:
    """An outbox, and Ana, to whom it writes."""

    database: Database
    clock: ManualClock
    services: Services
    ana: Seat

    @property
    def outbox(self) -> Outbox:
        return self.services.outbox

    async def queue(self, *causes: str, to: int | None = None, commission_id: int = 1, **changes: Any) -> None:
        """Queue a notice for each cause, by default to Ana, and about her, due now."""
        notice = NewNotice(
            NoticeKind.RELINKED,
            "",
            commission_id,
            self.ana.person_id if to is None else to,
            due_at=self.clock.now(),
            data={"person_id": self.ana.person_id},
        )
        async with self.database.write() as session:
            await queue(session, [replace(notice, cause=cause, **changes) for cause in causes], self.clock.now())
            await session.commit()

    async def queue_to_group(self, *causes: str, **changes: Any) -> None:
        await self.queue(*causes, person_id=None, **changes)

    async def claimed(self, limit: int = 10) -> tuple[Claim, ...]:
        """Do what a round does until it sends."""
        await self.outbox.reclaim()
        await self.outbox.bundle()
        return await self.outbox.claim(limit)

    async def only_claim(self) -> Claim:
        (claim,) = await self.claimed()
        return claim

    async def deliveries(self) -> list[Delivery]:
        async with self.database.read() as session:
            return list((await session.execute(select(Delivery).order_by(col(Delivery.id)))).scalars())

    async def delivery(self) -> Delivery:
        (delivery,) = await self.deliveries()
        return delivery

    async def notices(self) -> dict[str, Notice]:
        """Return what is stored of each notice, by its cause as it was queued."""
        async with self.database.read() as session:
            notices = (await session.execute(select(Notice).order_by(col(Notice.id)))).scalars()
            return {notice.cause.split(":c")[0]: notice for notice in notices}

    async def states(self) -> dict[str, NoticeState]:
        return {cause: notice.state for cause, notice in (await self.notices()).items()}

    async def causes(self, claims: Iterable[Claim]) -> list[list[str]]:
        """Return the causes that each message tells of."""
        names = {notice.id: cause for cause, notice in (await self.notices()).items()}
        return [[names[content.notice_id] for content in claim.contents] for claim in claims]


@pytest.fixture
async def world(database: Database, clock: ManualClock, services: Services) -> World:
    await services.plans.apply(plan())
    return World(database, clock, services, await enrol(services, "Ana Ruiz", Role.MEMBER, 7))


@pytest.fixture
async def other(world: World, database_url: str) -> AsyncIterator[Outbox]:
    """The outbox of another process over the same database."""
    database = Database(create_engine(database_url))
    yield container.build(database, world.clock).outbox
    await database.dispose()


# Queueing


async def test_a_cause_is_queued_once(world: World) -> None:
    await world.queue("a", "b", "a")
    await world.queue("b", "c")
    assert await world.states() == dict.fromkeys("abc", NoticeState.QUEUED)


async def test_a_cause_that_was_told_is_not_told_again(world: World) -> None:
    await world.queue("a")
    await world.outbox.settle(await world.only_claim(), Accepted(1))
    await world.queue("a")
    assert await world.states() == {"a": NoticeState.SENT}
    assert await world.claimed() == ()


async def test_nothing_to_queue_is_no_error(world: World) -> None:
    await world.queue()
    assert await world.states() == {}


# Bundling


async def test_what_is_due_to_one_person_is_one_message(world: World) -> None:
    luz = await enrol(world.services, "Luz Mora", Role.MEMBER, 8)
    await world.queue("a", "b")
    await world.queue("c", to=luz.person_id)
    await world.queue("d", due_at=NOW - HOUR)
    await world.queue("e", due_at=NOW + HOUR)
    assert await world.causes(await world.claimed()) == [["d", "a", "b"], ["c"]]
    world.clock.advance_to(NOW + HOUR - SECOND)
    await world.outbox.bundle()
    assert len(await world.deliveries()) == 2
    world.clock.advance_to(NOW + HOUR)
    await world.outbox.bundle()
    assert len(await world.deliveries()) == 3


async def test_somebody_of_two_commissions_gets_one_message_too(world: World) -> None:
    await world.services.plans.apply(plan("agua"))
    await enrol(world.services, "Ana Ruiz", Role.MEMBER, 7, commission_id=2)
    await world.queue("a")
    await world.queue("b", commission_id=2)
    claim = await world.only_claim()
    assert [content.commission for content in claim.contents] == ["Obra", "Agua"]
    assert claim.several, "and so it says which"


async def test_two_that_bundle_at_once_make_one_message(world: World, other: Outbox) -> None:
    await world.queue("a", "b")
    await asyncio.gather(*(outbox.bundle() for outbox in (world.outbox, other, world.outbox, other)))
    assert await world.causes(await world.claimed()) == [["a", "b"]]


# Claiming


async def test_a_claim_carries_all_that_it_takes_to_send(world: World) -> None:
    await world.queue("a")
    claim = await world.only_claim()
    delivery = await world.delivery()
    content = PersonContent(
        notice_id=(await world.notices())["a"].id,
        kind=NoticeKind.RELINKED,
        commission_id=1,
        commission="Obra",
        zone=ZONE,
        now=world.clock.now(),
        due_at=world.clock.now(),
        personal=True,
        about="Ana Ruiz",
    )
    assert claim == Claim(
        delivery.id, attempt=1, chat_id=7, to_group=False, language="es_MX", several=False, contents=(content,)
    )
    assert (delivery.state, delivery.attempts, delivery.lease_until) == (DeliveryState.LEASED, 1, NOW + LEASE)
    assert await world.states() == {"a": NoticeState.QUEUED}


async def test_of_many_that_claim_at_once_no_two_get_the_same(world: World, other: Outbox) -> None:
    for number in range(10):
        person = await enrol(world.services, f"Persona {'abcdefghij'[number]}", Role.MEMBER, 100 + number)
        await world.queue(f"{number}", to=person.person_id)
    await world.outbox.bundle()
    claims = await asyncio.gather(*(outbox.claim(3) for _ in range(4) for outbox in (world.outbox, other)))
    assert sorted(len(each) for each in claims) == [0, 0, 0, 0, 1, 3, 3, 3]
    assert sorted(claim.chat_id for each in claims for claim in each) == [100 + number for number in range(10)]


async def test_whoever_waits_longest_goes_first(world: World) -> None:
    luz = await enrol(world.services, "Luz Mora", Role.MEMBER, 8)
    await world.queue("a")
    await world.outbox.bundle()
    await world.queue("b", to=luz.person_id)
    await world.outbox.bundle()
    assert await world.causes(await world.outbox.claim(1)) == [["a"]]
    assert await world.causes(await world.outbox.claim(1)) == [["b"]]
    assert await world.causes(await world.outbox.claim(1)) == []


async def test_nobody_writes_to_those_who_cannot_be_reached(world: World) -> None:
    eva = await enrol(world.services, "Eva Sol", Role.MEMBER, 8)
    paz = await enrol(world.services, "Paz Gil", Role.MEMBER, 9)
    await world.services.invitations.create(1, "Luz Mora", Role.MEMBER, by=None)
    luz = next(m for m in await world.services.members.of(1) if m.name == "Luz Mora")
    for cause, person_id in (("blocked", eva.person_id), ("deleted", paz.person_id), ("invited", luz.person_id)):
        await world.queue(cause, to=person_id)
    await world.services.reachability.lost(8, Unreachability.BLOCKED)
    await world.services.personal_data.delete_contact(paz.person_id)
    await world.queue("a")
    assert await world.causes(await world.claimed()) == [["a"]]
    assert await world.states() == {
        "blocked": NoticeState.FAILED,
        "deleted": NoticeState.FAILED,
        "invited": NoticeState.FAILED,
        "a": NoticeState.QUEUED,
    }
    assert {d.reason for d in await world.deliveries() if d.state is DeliveryState.FAILED} == {"blocked"}


async def test_those_who_cannot_be_reached_hold_up_nobody(world: World) -> None:
    for letter in "abc":
        await world.services.invitations.create(1, f"Persona {letter}", Role.MEMBER, by=None)
    for member in (await world.services.members.of(1))[1:]:
        await world.queue(member.name, to=member.person_id)
    await world.outbox.bundle()
    await world.queue("a")
    assert await world.causes(await world.claimed(limit=2)) == [["a"]]


# Settling


@pytest.mark.parametrize(
    ("outcome", "state", "notice_state", "wait", "reason"),
    [
        (Accepted(77), DeliveryState.SENT, NoticeState.SENT, None, ""),
        (NotDelivered("offline"), DeliveryState.QUEUED, NoticeState.QUEUED, 5 * SECOND, "offline"),
        (NotDelivered("flood", 31 * SECOND), DeliveryState.QUEUED, NoticeState.QUEUED, 31 * SECOND, "flood"),
        (Uncertain("time-out"), DeliveryState.QUEUED, NoticeState.QUEUED, 5 * SECOND, "time-out"),
        (Migrated(-100), DeliveryState.QUEUED, NoticeState.QUEUED, 5 * SECOND, ""),
        (Refused("too long"), DeliveryState.FAILED, NoticeState.FAILED, None, "too long"),
        (Unreachable(Unreachability.BLOCKED), DeliveryState.FAILED, NoticeState.FAILED, None, "blocked"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Outcome) else None,
)
async def test_what_becomes_of_an_attempt(
    world: World,
    outcome: Outcome,
    state: DeliveryState,
    notice_state: NoticeState,
    wait: timedelta | None,
    reason: str,
) -> None:
    await world.queue("a", "b")
    claim = await world.only_claim()
    world.clock.advance_to(NOW + SECOND)
    await world.outbox.settle(claim, outcome)
    delivery = await world.delivery()
    assert await world.states() == {"a": notice_state, "b": notice_state}
    assert (delivery.state, delivery.reason, delivery.lease_until) == (state, reason, None)
    assert delivery.message_id == (77 if isinstance(outcome, Accepted) else None)
    assert delivery.uncertain == isinstance(outcome, Uncertain)
    if wait is None:
        assert delivery.settled_at == NOW + SECOND
        assert await world.outbox.next_due() is None
    else:
        assert (delivery.settled_at, delivery.next_attempt_at) == (None, NOW + SECOND + wait)
        assert await world.outbox.next_due() == NOW + SECOND + wait


async def test_it_is_tried_again_when_the_time_has_come_and_not_before(world: World) -> None:
    await world.queue("a")
    await world.outbox.settle(await world.only_claim(), NotDelivered("offline"))
    for attempt, pause in ((2, 5), (3, 10), (4, 20), (5, 40)):
        due = world.clock.now() + pause * SECOND
        assert await world.outbox.next_due() == due
        world.clock.advance_to(due - SECOND)
        assert await world.claimed() == ()
        world.clock.advance_to(due)
        claim = await world.only_claim()
        assert (claim.attempt, await world.causes([claim])) == (attempt, [["a"]])
        await world.outbox.settle(claim, NotDelivered("offline"))


async def test_what_may_have_arrived_is_sent_four_times_at_most(world: World) -> None:
    await world.queue("a")
    for _ in range(4):
        await world.outbox.settle(await world.only_claim(), Uncertain("time-out"))
        world.clock.advance_to(world.clock.now() + HOUR)
    assert await world.claimed() == ()
    delivery = await world.delivery()
    assert (delivery.state, delivery.uncertain, delivery.reason) == (DeliveryState.UNCERTAIN, 4, "time-out")
    assert await world.states() == {"a": NoticeState.UNCERTAIN}


async def test_whoever_blocked_the_bot_is_marked_and_the_secretary_told(world: World) -> None:
    await enrol(world.services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8)
    await world.queue("a")
    await world.outbox.settle(await world.only_claim(), Unreachable(Unreachability.BLOCKED))
    claim = await world.only_claim()
    (content,) = claim.contents
    assert (claim.chat_id, content.kind) == (8, NoticeKind.UNREACHABLE)
    assert isinstance(content, PersonContent)
    assert content.about == "Ana Ruiz"
    actor = await world.services.identity.of(7)
    assert actor is not None
    assert actor.unreachable


# Dying


async def test_the_deliveries_of_a_dead_process_are_sent_again_once_their_lease_ended(world: World) -> None:
    await world.queue("a")
    await world.only_claim()
    assert await world.outbox.next_due() == NOW + LEASE
    world.clock.advance_to(NOW + LEASE - SECOND)
    assert await world.claimed() == ()
    assert (await world.delivery()).state is DeliveryState.LEASED
    world.clock.advance_to(NOW + LEASE)
    assert await world.claimed() == ()
    delivery = await world.delivery()
    assert (delivery.state, delivery.uncertain, delivery.reason) == (DeliveryState.QUEUED, 1, "interrupted")
    world.clock.advance_to(NOW + LEASE + 5 * SECOND)
    claim = await world.only_claim()
    assert (claim.attempt, await world.causes([claim])) == (2, [["a"]])


async def test_two_that_reclaim_at_once_count_one_death(world: World, other: Outbox) -> None:
    await world.queue("a")
    await world.only_claim()
    world.clock.advance_to(NOW + LEASE)
    await asyncio.gather(*(outbox.reclaim() for outbox in (world.outbox, other, world.outbox, other)))
    assert (await world.delivery()).uncertain == 1


@pytest.mark.parametrize("outcome", [Accepted(1), Refused("no"), Uncertain("time-out")], ids=lambda o: type(o).__name__)
async def test_whoever_was_taken_for_dead_records_nothing(world: World, other: Outbox, outcome: Outcome) -> None:
    async def stored() -> tuple[dict[str, object], dict[str, NoticeState]]:
        return (await world.delivery()).model_dump(), await world.states()

    await world.queue("a")
    dead = await world.only_claim()
    world.clock.advance_to(NOW + LEASE)
    await other.reclaim()
    before = await stored()
    await world.outbox.settle(dead, outcome)
    assert await stored() == before, "queued again"

    world.clock.advance_to(NOW + LEASE + 5 * SECOND)
    (claim,) = await other.claim(1)
    before = await stored()
    await world.outbox.settle(dead, outcome)
    assert await stored() == before, "claimed by another"

    await other.settle(claim, Accepted(78))
    before = await stored()
    await world.outbox.settle(dead, outcome)
    assert await stored() == before, "sent by another"
    assert (await world.delivery()).message_id == 78


async def test_who_is_slow_but_not_taken_for_dead_yet_may_settle(world: World) -> None:
    await world.queue("a")
    claim = await world.only_claim()
    world.clock.advance_to(NOW + 2 * LEASE)
    await world.outbox.settle(claim, Accepted(77))
    assert await world.claimed() == ()
    assert await world.states() == {"a": NoticeState.SENT}


class Killed(Exception):  # noqa: N818 -- it is no error
    """The process is killed."""


@dataclass
class Process:
    """A process that sends what is due; it is killed after so many steps. Telegram takes every message."""

    outbox: Outbox
    arrived: list[Claim]
    steps_to_live: int = 1000
    died_untold: bool = field(default=False, init=False)
    """It died after Telegram had taken a message and before it could record that."""

    def step(self) -> None:
        self.steps_to_live -= 1
        if self.steps_to_live < 0:
            raise Killed

    async def round(self) -> None:
        self.step()
        await self.outbox.reclaim()
        self.step()
        await self.outbox.bundle()
        self.step()
        while claims := await self.outbox.claim(2):
            for claim in claims:
                self.step()
                self.arrived.append(claim)
                self.died_untold = True
                self.step()
                await self.outbox.settle(claim, Accepted(len(self.arrived)))
                self.died_untold = False
            self.step()


STEPS = 12
"""Between the steps of one round with two messages, and one for a third."""


@pytest.mark.parametrize("steps_to_live", range(STEPS))
async def test_whenever_a_process_is_killed_the_next_one_loses_nothing(
    world: World, other: Outbox, steps_to_live: int
) -> None:
    luz = await enrol(world.services, "Luz Mora", Role.MEMBER, 8)
    eva = await enrol(world.services, "Eva Sol", Role.MEMBER, 9)
    await world.queue("a", "b")
    await world.queue("c", to=luz.person_id)
    await world.queue("d", to=eva.person_id)
    arrived: list[Claim] = []
    first = Process(world.outbox, arrived, steps_to_live)
    try:
        await first.round()
    except Killed:
        assert steps_to_live < STEPS - 1
    else:
        assert steps_to_live == STEPS - 1, "the last case is that of a process that lives"
    while (due := await other.next_due()) is not None:
        world.clock.advance_to(max(due, world.clock.now()))
        await Process(other, arrived).round()
    assert set(map(tuple, await world.causes(arrived))) == {("a", "b"), ("c",), ("d",)}
    assert len(arrived) == 3 + first.died_untold, "what went out unrecorded is doubled, nothing else"
    assert set((await world.states()).values()) == {NoticeState.SENT}


# What is due next


async def test_nothing_is_due_when_nothing_waits(world: World) -> None:
    assert await world.outbox.next_due() is None


async def test_the_first_of_what_waits_is_due_next(world: World) -> None:
    luz = await enrol(world.services, "Luz Mora", Role.MEMBER, 8)
    await world.queue("late", due_at=NOW + HOUR)
    await world.queue("later", due_at=NOW + 2 * HOUR)
    assert await world.outbox.next_due() == NOW + HOUR
    await world.queue("past", due_at=NOW - HOUR)
    assert await world.outbox.next_due() == NOW - HOUR, "what is overdue is due"
    claim = await world.only_claim()
    assert await world.outbox.next_due() == NOW + LEASE
    await world.queue("now", to=luz.person_id)
    assert await world.outbox.next_due() == NOW
    await world.outbox.settle(claim, NotDelivered("offline"))
    await world.outbox.settle(await world.only_claim(), Accepted(1))
    assert await world.outbox.next_due() == NOW + 5 * SECOND


# What goes away, or is of no use any more


async def test_what_helps_nobody_any_more_is_not_sent(world: World) -> None:
    await world.queue("late", useful_until=NOW)
    await world.queue("short", useful_until=NOW + 5 * SECOND)
    await world.queue("long", useful_until=NOW + HOUR)
    assert await world.states() == {
        "late": NoticeState.EXPIRED,
        "short": NoticeState.QUEUED,
        "long": NoticeState.QUEUED,
    }
    claim = await world.only_claim()
    assert await world.causes([claim]) == [["short", "long"]]
    await world.outbox.settle(claim, NotDelivered("offline"))
    world.clock.advance_to(NOW + 5 * SECOND)
    claim = await world.only_claim()
    assert await world.causes([claim]) == [["long"]], "the rest of the message is still of use"
    world.clock.advance_to(NOW + HOUR - SECOND)
    await world.outbox.settle(claim, NotDelivered("offline"))
    assert (await world.delivery()).state is DeliveryState.EXPIRED
    assert {cause: notice.reason for cause, notice in (await world.notices()).items()} == {
        "late": "late",
        "short": "late",
        "long": "offline",
    }
    assert set((await world.states()).values()) == {NoticeState.EXPIRED}


async def test_what_may_have_arrived_and_must_not_be_doubled_stays_behind(world: World) -> None:
    """A chase and a reminder in one message: the reminder goes out again."""
    await world.queue("list", kind=NoticeKind.MONTHLY, data={"month": "2022-02"})
    await world.queue("b")
    await world.outbox.settle(await world.only_claim(), Uncertain("time-out"))
    assert await world.states() == {"list": NoticeState.UNCERTAIN, "b": NoticeState.QUEUED}
    world.clock.advance_to(NOW + 5 * SECOND)
    claim = await world.only_claim()
    assert await world.causes([claim]) == [["b"]]
    await world.outbox.settle(claim, Accepted(1))
    assert await world.states() == {"list": NoticeState.UNCERTAIN, "b": NoticeState.SENT}


async def test_a_digest_that_may_have_arrived_is_not_sent_again(world: World) -> None:
    await world.queue("list", kind=NoticeKind.MONTHLY, data={"month": "2022-02"})
    await world.outbox.settle(await world.only_claim(), Uncertain("time-out"))
    assert (await world.delivery()).state is DeliveryState.UNCERTAIN
    assert await world.outbox.next_due() is None


async def test_whoever_left_is_told_nothing_more(world: World) -> None:
    secretary = await enrol(world.services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8)
    await world.queue("a")
    await world.outbox.bundle()
    await world.services.members.end(secretary, world.ana.membership_id, NOW.date())
    assert await world.claimed() == ()
    assert await world.states() == {"a": NoticeState.CANCELLED}
    delivery = await world.delivery()
    assert (delivery.state, delivery.reason, delivery.settled_at) == (
        DeliveryState.CANCELLED,
        "nothing left to say",
        NOW,
    )


async def test_what_was_dropped_before_it_went_out_revives_when_its_cause_is_back(world: World) -> None:
    async def drop_it() -> None:
        async with world.database.write() as session:
            await drop(session, 1, "moved")
            await session.commit()

    about: dict[str, Any] = {"meeting_id": 1}
    await world.queue("waiting", due_at=NOW + HOUR, **about)
    await world.queue("other meeting", due_at=NOW + HOUR, meeting_id=2)
    await world.queue("sent", **about)
    await world.outbox.settle(await world.only_claim(), Accepted(1))
    await world.queue("on its way", **about)
    claim = await world.only_claim()
    await world.queue("bundled", **about)
    await world.outbox.bundle()
    await drop_it()
    assert await world.states() == {
        "waiting": NoticeState.CANCELLED,
        "other meeting": NoticeState.QUEUED,
        "sent": NoticeState.SENT,
        "on its way": NoticeState.QUEUED,
        "bundled": NoticeState.CANCELLED,
    }
    assert [delivery.state for delivery in await world.deliveries()] == [
        DeliveryState.SENT,
        DeliveryState.LEASED,
        DeliveryState.CANCELLED,
    ]
    assert await world.claimed() == ()
    new = {"person_id": world.ana.person_id, "said": "anew"}
    await world.queue("waiting", "bundled", "sent", "on its way", due_at=NOW, data=new, **about)
    assert await world.causes(await world.claimed()) == [["waiting", "bundled"]]
    assert [name for name, notice in (await world.notices()).items() if notice.data == new] == ["waiting", "bundled"]
    await world.outbox.settle(claim, Accepted(2))
    assert (await world.states())["on its way"] is NoticeState.SENT


# In what order, and when


async def test_what_presses_goes_first(world: World) -> None:
    luz = await enrol(world.services, "Luz Mora", Role.MEMBER, 8)
    await world.queue("list", kind=NoticeKind.MONTHLY, data={"month": "2022-02"})
    await world.outbox.bundle()
    await world.queue("a", to=luz.person_id)
    await world.outbox.bundle()
    assert await world.causes(await world.outbox.claim(1)) == [["a"]]
    assert await world.causes(await world.outbox.claim(1)) == [["list"]]


async def test_what_is_sent_again_at_somebodys_wish_starts_anew(world: World) -> None:
    await world.queue("a", kind=NoticeKind.UNREACHABLE)
    for _ in range(3):
        (claim,) = await world.claimed()
        await world.outbox.settle(claim, NotDelivered("down"))
        world.clock.advance_to(NOW + timedelta(hours=1) * claim.attempt)
    (claim,) = await world.claimed()
    await world.outbox.settle(claim, Refused("forbidden"))
    await world.services.deliveries.retry(world.ana, claim.delivery_id)
    (again,) = await world.claimed()
    assert (claim.attempt, again.attempt) == (4, 1), "its patience with Telegram is as long as at first"


async def test_what_joins_a_message_makes_it_as_urgent(world: World) -> None:
    luz = await enrol(world.services, "Luz Mora", Role.MEMBER, 8)
    await world.queue("list", kind=NoticeKind.MONTHLY, data={"month": "2022-02"})
    await world.queue("b", to=luz.person_id, kind=NoticeKind.DEADLINE, data={"deadline": "2022-02-28"})
    await world.outbox.bundle()
    await world.queue("a")
    await world.outbox.bundle()
    assert await world.causes(await world.outbox.claim(1)) == [["list", "a"]]


async def test_what_is_late_after_an_outage_waits_for_the_morning(world: World) -> None:
    night, morning = datetime(2022, 2, 5, 22, tzinfo=ZONE), datetime(2022, 2, 6, 8, tzinfo=ZONE)
    luz = await enrol(world.services, "Luz Mora", Role.MEMBER, 8)
    await world.queue("a")
    await world.queue("too late then", to=luz.person_id, useful_until=morning)
    world.clock.advance_to(night)
    assert await world.causes(await world.claimed()) == [["too late then"]]
    assert await world.outbox.next_due() == night + LEASE
    world.clock.advance_to(morning - SECOND)
    assert await world.claimed() == ()
    world.clock.advance_to(morning)
    assert ["a"] in await world.causes(await world.claimed())


async def test_what_failed_in_the_evening_is_not_tried_again_at_night(world: World) -> None:
    evening, morning = datetime(2022, 2, 5, 20, 59, tzinfo=ZONE), datetime(2022, 2, 6, 8, tzinfo=ZONE)
    world.clock.advance_to(evening)
    await world.queue("a")
    await world.outbox.settle(await world.only_claim(), NotDelivered("flood", timedelta(minutes=5)))
    world.clock.advance_to(evening + timedelta(minutes=5))
    assert await world.claimed() == ()
    assert await world.outbox.next_due() == morning
    world.clock.advance_to(morning)
    assert await world.causes(await world.claimed()) == [["a"]]


async def test_what_cannot_be_put_together_holds_up_nobody(world: World) -> None:
    """A notice without what its message needs: no path of the program makes one, until there is a defect."""
    luz = await enrol(world.services, "Luz Mora", Role.MEMBER, 8)
    await world.queue("broken", kind=NoticeKind.MONTHLY, data={})
    await world.queue("whole", to=luz.person_id)
    assert await world.causes(await world.claimed()) == [["whole"]]
    broken = (await world.notices())["broken"]
    assert (broken.state, broken.reason) == (NoticeState.FAILED, UNSPEAKABLE)


# Groups


async def test_a_commission_speaks_to_its_group(world: World) -> None:
    secretary = await enrol(world.services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8)
    await world.services.groups.link(secretary, -100, "Obra")
    await world.queue("a")
    await world.queue_to_group("b", "c")
    personal, claim = await world.claimed()
    assert (personal.to_group, claim.to_group, claim.chat_id, claim.attempt) == (False, True, -100, 1)
    assert await world.causes([claim]) == [["b", "c"]]
    assert not claim.contents[0].personal

    await world.outbox.settle(claim, Migrated(-200))
    world.clock.advance_to(NOW + 5 * SECOND)
    claim = await world.only_claim()
    assert (claim.chat_id, claim.attempt) == (-200, 2), "it became a supergroup"
    await world.outbox.settle(claim, Unreachable(Unreachability.KICKED))
    assert await world.services.groups.of(1) is None
    assert (await world.states())["b"] is NoticeState.FAILED
    claim = await world.only_claim()
    (content,) = claim.contents
    assert (claim.chat_id, content.kind) == (8, NoticeKind.UNREACHABLE), "the secretary learns it"


async def test_without_a_group_nothing_is_said_to_it(world: World) -> None:
    await world.queue_to_group("b")
    assert await world.claimed() == ()
    assert await world.states() == {"b": NoticeState.FAILED}


# The secretary


async def test_each_secretary_of_each_commission_is_told_once_that_somebody_was_lost(world: World) -> None:
    await world.services.plans.apply(plan("agua"))
    await world.services.plans.apply(plan("luz"))
    await enrol(world.services, "Ana Ruiz", Role.MEMBER, 7, commission_id=2)
    told = [
        await enrol(world.services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8),
        await enrol(world.services, "Eva Sol", Role.TECHNICAL_SECRETARY, 9),
        await enrol(world.services, "Paz Gil", Role.TECHNICAL_SECRETARY, 10, commission_id=2),
    ]
    former = await enrol(world.services, "Ada Lima", Role.TECHNICAL_SECRETARY, 11)
    await world.services.members.end(told[0], former.membership_id, NOW.date())
    await enrol(world.services, "Sol Rey", Role.TECHNICAL_SECRETARY, 12, commission_id=3)
    await world.services.invitations.create(1, "Fe Cruz", Role.TECHNICAL_SECRETARY, by=None)
    lost = world.services.reachability.lost
    await asyncio.gather(*(lost(7, Unreachability.BLOCKED) for _ in range(3)))
    world.clock.advance_to(NOW + SECOND)
    await lost(7, Unreachability.DEACTIVATED)
    assert sorted((claim.chat_id, len(claim.contents)) for claim in await world.claimed()) == [(8, 1), (9, 1), (10, 1)]
    await world.services.reachability.regained(7)
    await lost(7, Unreachability.BLOCKED)
    async with world.database.read() as session:
        assert (await session.execute(select(func.count()).select_from(Notice))).scalar_one() == 6


async def test_a_secretary_is_not_told_of_themselves(world: World) -> None:
    await enrol(world.services, "Luz Mora", Role.TECHNICAL_SECRETARY, 8)
    await world.services.reachability.lost(8, Unreachability.BLOCKED)
    assert await world.states() == {}


# Any course of events

moves = st.one_of(
    st.tuples(st.just("queue"), st.integers(0, 2)),
    st.tuples(st.just("claim"), st.integers(0, 1)),
    st.tuples(st.just("settle"), st.sampled_from([Accepted(1), NotDelivered("x"), Uncertain("x"), Refused("x")])),
    st.tuples(st.just("crash"), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([5 * SECOND, LEASE, HOUR])),
)


@dataclass
class Course:
    """What really happens to the messages, beside what the outboxes of two processes make of it."""

    world: World
    outboxes: tuple[Outbox, Outbox]
    people: tuple[int, ...]
    held: list[tuple[Outbox, Claim, datetime]] = field(default_factory=list)
    happened: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """How an attempt ended, and what it told of."""

    async def do(self, move: str, argument: Any) -> None:
        match move:
            case "queue":
                await self.world.queue(f"{next(numbers)}", to=self.people[argument])
            case "claim":
                await self._claim(self.outboxes[argument])
            case "settle" if self.held:
                outbox, claim, _ = self.held.pop(0)
                await self._note(type(argument).__name__, claim)
                await outbox.settle(claim, argument)
            case "crash" if self.held:
                await self._note("crash", self.held.pop(0)[1])
            case "wait":
                self.world.clock.advance_to(self.world.clock.now() + argument)

    async def _claim(self, outbox: Outbox) -> None:
        await outbox.reclaim()
        await outbox.bundle()
        now = self.world.clock.now()
        for claim in await outbox.claim(2):
            for _, held, since in self.held:
                assert held.delivery_id != claim.delivery_id or since + LEASE <= now, "another process is sending it"
            self.held.append((outbox, claim, now))

    async def _note(self, end: str, claim: Claim) -> None:
        (causes,) = await self.world.causes([claim])
        self.happened.append((end, frozenset(causes)))

    async def end(self) -> None:
        """Let everything be sent that is to be sent."""
        due: datetime | None = self.world.clock.now()
        while due is not None:
            self.world.clock.advance_to(max(due, self.world.clock.now()))
            await self.do("claim", 0)
            while self.held:
                await self.do("settle", Accepted(1))
            due = await self.world.outbox.next_due()

    def times(self, cause: str, *ends: str) -> int:
        """Return how many attempts to tell of it ended so."""
        return sum(cause in causes for end, causes in self.happened if end in ends)


numbers = count(1)


@pytest.fixture
async def people(world: World) -> tuple[int, ...]:
    others = [await enrol(world.services, name, Role.MEMBER, id_) for id_, name in ((8, "Luz Mora"), (9, "Eva Sol"))]
    return tuple(seat.person_id for seat in (world.ana, *others))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(moves, max_size=25))
async def test_whatever_happens_each_notice_comes_to_its_end(
    world: World, other: Outbox, people: tuple[int, ...], moves: list[tuple[str, Any]]
) -> None:
    async with world.database.write() as session:
        await session.execute(delete(Notice))
        await session.execute(delete(Delivery))
        await session.commit()
    course = Course(world, (world.outbox, other), people)
    for move, argument in moves:
        await course.do(move, argument)
    await course.end()

    states = await world.states()
    assert len(states) == sum(move == "queue" for move, _ in moves)
    for cause, state in states.items():
        match state:
            case NoticeState.SENT:
                assert course.times(cause, "Accepted")
            case NoticeState.FAILED:
                assert course.times(cause, "Refused")
            case _:
                assert state is NoticeState.UNCERTAIN
                assert course.times(cause, "Accepted", "NotDelivered", "Uncertain", "Refused", "crash") >= 3
        assert course.times(cause, "Accepted", "Uncertain", "crash") <= 3, "it may have arrived more than three times"
