"""A round of work, from the outbox to the simulated Telegram and back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from telegram.ext import ExtBot

from prep_bot.db.engine import Database
from prep_bot.db.outbox import Delivery
from prep_bot.domain.delivery import Unreachability
from prep_bot.domain.notice import DeliveryState, NoticeKind
from prep_bot.domain.role import Role
from prep_bot.gateway import Gateway
from prep_bot.pace import Pace
from prep_bot.services import container
from prep_bot.services.container import Services
from prep_bot.services.notices import NewNotice, queue
from prep_bot.services.outbox import LEASE
from prep_bot.simulation.clock import ManualClock
from prep_bot.simulation.faults import ConnectionRefused, FloodWait, ServerError, TimeOut
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.request import SimulatedRequest
from prep_bot.simulation.telegram import SimulatedTelegram
from scheduler.work import AT_ONCE, Work
from tests.support.small_plan import NOW, activity, enrol, plan

SECOND = timedelta(seconds=1)


class Line(SimulatedRequest):
    """The way to Telegram: it tells when a message has been taken, and may keep the answer back."""

    def __init__(self, telegram: SimulatedTelegram) -> None:
        super().__init__(telegram)
        self.taken = asyncio.Event()
        self.answers = asyncio.Event()
        self.answers.set()
        self.full = asyncio.Event()
        self.in_flight = 0
        self.most_in_flight = 0

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        if self.in_flight == AT_ONCE:
            self.full.set()
        try:
            answer = await super().do_request(*args, **kwargs)
            self.taken.set()
            await self.answers.wait()
        finally:
            self.in_flight -= 1
        return answer


@dataclass(frozen=True)
class World:
    """A bot at work: its secretaries are told of whoever is lost, which is all that it tells by itself yet."""

    database: Database
    clock: ManualClock
    services: Services
    telegram: SimulatedTelegram
    line: Line
    work: Work

    async def secretary(self, name: str) -> SimulatedUser:
        user = self.telegram.user(name)
        self.telegram.says(user, "/start")
        await enrol(self.services, name, Role.TECHNICAL_SECRETARY, user.id)
        return user

    async def lose(self, name: str, telegram_id: int) -> None:
        """Enrol somebody who then blocks the bot: each secretary is to be told."""
        await enrol(self.services, name, Role.MEMBER, telegram_id)
        await self.services.reachability.lost(telegram_id, Unreachability.BLOCKED)

    async def deliveries(self) -> list[Delivery]:
        async with self.database.read() as session:
            return list((await session.execute(select(Delivery))).scalars())

    async def states(self) -> set[DeliveryState]:
        return {delivery.state for delivery in await self.deliveries()}

    def received(self, user: SimulatedUser) -> list[str]:
        return [message.text for message in self.telegram.messages(user) if message.user_id is None]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    clock = ManualClock(NOW)
    services = container.build(database, clock)
    # A plan that is over: its calendar holds nothing any more.
    await services.plans.apply(plan(activities=[activity("planos", "2021-12")], sessions=[]))
    telegram = SimulatedTelegram(clock)
    line = Line(telegram)
    async with ExtBot(telegram.token, request=line, get_updates_request=line, rate_limiter=Pace(clock)) as bot:
        line.taken.clear()
        yield World(database, clock, services, telegram, line, Work(services, Gateway(bot)))


async def test_what_is_due_arrives_in_one_message_and_then_nothing_is(world: World) -> None:
    luz = await world.secretary("Luz Mora")
    await world.lose("Ana Ruiz", 70)
    await world.lose("Eva Sol", 71)
    assert await world.work.round() is None
    (text,) = world.received(luz)
    assert text.index("Ana Ruiz") < text.index("Eva Sol")
    (delivery,) = await world.deliveries()
    assert (delivery.state, delivery.message_id) == (DeliveryState.SENT, world.telegram.last(luz).id)
    assert await world.work.round() is None
    assert len(world.received(luz)) == 1


async def test_what_is_due_later_waits_and_the_round_says_until_when(world: World) -> None:
    luz = await world.secretary("Luz Mora")
    (member,) = await world.services.members.of(1)
    due = NOW + timedelta(hours=3)
    data = {"person_id": member.person_id}
    async with world.database.write() as session:
        notice = NewNotice(NoticeKind.RELINKED, "c", 1, member.person_id, due_at=due, data=data)
        await queue(session, [notice], NOW)
        await session.commit()
    assert await world.work.round() == due
    assert world.received(luz) == []
    world.clock.advance_to(due)
    assert await world.work.round() is None
    assert len(world.received(luz)) == 1


async def test_many_messages_go_in_one_round_a_few_at_a_time(world: World) -> None:
    secretaries = [await world.secretary(f"Persona {letter}") for letter in "abcdefghijklmnop"]
    await world.lose("Ana Ruiz", 70)
    world.line.answers.clear()
    round_ = asyncio.create_task(world.work.round())
    async with asyncio.timeout(5):
        await world.line.full.wait()
        world.line.answers.set()
        assert await round_ is None
    assert [len(world.received(user)) for user in secretaries] == [1] * len(secretaries)
    assert world.line.most_in_flight == AT_ONCE < len(secretaries)


async def test_a_message_that_fails_holds_up_no_other(world: World) -> None:
    luz, eva = await world.secretary("Luz Mora"), await world.secretary("Eva Sol")
    world.telegram.fail_next("sendMessage", FloodWait(40), chat=luz)
    await world.lose("Ana Ruiz", 70)
    before = world.clock.now()
    due = await world.work.round()
    # The pace of the other message moves the clock, before or after this one is put off.
    assert due is not None
    assert before <= due - 40 * SECOND <= world.clock.now()
    assert (len(world.received(luz)), len(world.received(eva))) == (0, 1)
    world.clock.advance_to(due)
    assert await world.work.round() is None
    assert (len(world.received(luz)), len(world.received(eva))) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "copies"),
    [
        (ConnectionRefused(), 1),
        (TimeOut(delivered=False), 1),
        (ServerError(502), 1),
        (TimeOut(delivered=True), 2),
    ],
    ids=str,
)
async def test_after_an_outage_nothing_is_missing(world: World, fault: Any, copies: int) -> None:
    luz = await world.secretary("Luz Mora")
    world.telegram.fail_next("sendMessage", fault)
    await world.lose("Ana Ruiz", 70)
    due = await world.work.round()
    assert due is not None
    assert world.clock.now() < due <= world.clock.now() + 5 * SECOND
    world.clock.advance_to(due)
    assert await world.work.round() is None
    assert len(world.received(luz)) == copies
    assert await world.states() == {DeliveryState.SENT}


async def test_whoever_blocked_the_bot_is_found_out_and_the_others_are_told(world: World) -> None:
    luz, eva = await world.secretary("Luz Mora"), await world.secretary("Eva Sol")
    world.telegram.blocks(luz)
    await world.lose("Ana Ruiz", 70)
    due = await world.work.round()
    assert due is not None
    assert due <= world.clock.now(), "that Luz cannot be reached is due at once"
    assert await world.work.round() is None
    first, second = world.received(eva)
    assert ("Ana Ruiz" in first, "Luz Mora" in second) == (True, True)


async def test_a_round_that_is_told_to_stop_leaves_the_rest_to_the_next(world: World) -> None:
    secretaries = [await world.secretary(f"Persona {letter}") for letter in "abcdefghijkl"]
    await world.lose("Ana Ruiz", 70)
    going = iter([True, False])
    due = await world.work.round(lambda: next(going))
    assert due is not None
    assert due <= world.clock.now()
    assert sum(len(world.received(user)) for user in secretaries) == AT_ONCE
    await world.work.round(lambda: False)
    assert sum(len(world.received(user)) for user in secretaries) == AT_ONCE
    assert await world.work.round() is None
    assert [len(world.received(user)) for user in secretaries] == [1] * len(secretaries)


async def test_no_transaction_is_open_while_telegram_is_called(world: World) -> None:
    await world.secretary("Luz Mora")
    await world.lose("Ana Ruiz", 70)
    world.line.answers.clear()
    round_ = asyncio.create_task(world.work.round())
    async with asyncio.timeout(5):
        await world.line.taken.wait()
        await world.services.reachability.regained(70)  # which writes
        assert await world.states() == {DeliveryState.LEASED}, "another process sees who is at it"
        world.line.answers.set()
        await round_


async def test_a_process_that_is_killed_while_it_sends_is_followed_by_another(world: World) -> None:
    """Telegram took the message, and nobody was left to hear that: it comes twice rather than never."""
    luz = await world.secretary("Luz Mora")
    await world.lose("Ana Ruiz", 70)
    world.line.answers.clear()
    killed = asyncio.create_task(world.work.round())
    async with asyncio.timeout(5):
        await world.line.taken.wait()
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    world.line.answers.set()
    assert (len(world.received(luz)), await world.states()) == (1, {DeliveryState.LEASED})

    due = await world.work.round()
    assert due is not None
    assert (due, len(world.received(luz))) == (max(d.lease_until for d in await world.deliveries()), 1)
    world.clock.advance_to(world.clock.now() + LEASE)
    due = await world.work.round()
    assert due is not None
    world.clock.advance_to(due)
    assert await world.work.round() is None
    assert (len(world.received(luz)), await world.states()) == (2, {DeliveryState.SENT})
    assert [delivery.uncertain for delivery in await world.deliveries()] == [1]


async def test_a_message_whose_end_cannot_be_recorded_holds_up_no_other(world: World) -> None:
    luz, eva = await world.secretary("Luz Mora"), await world.secretary("Eva Sol")
    member = next(m for m in await world.services.members.of(1) if m.name == "Luz Mora")
    async with world.database.write() as session:
        old = Delivery(
            person_id=member.person_id, priority=1, state=DeliveryState.SENT, message_id=1, next_attempt_at=NOW
        )
        session.add(old)
        await session.execute(text("CREATE UNIQUE INDEX once ON delivery (person_id, state)"))  # now Luz's breaks
        await session.commit()
    await world.lose("Ana Ruiz", 70)
    due = await world.work.round()
    assert (len(world.received(luz)), len(world.received(eva))) == (1, 1)
    assert await world.states() == {DeliveryState.SENT, DeliveryState.LEASED}

    async with world.database.write() as session:
        await session.execute(text("DROP INDEX once"))
        await session.commit()
    while due is not None:
        world.clock.advance_to(max(due, world.clock.now()))
        due = await world.work.round()
    assert (len(world.received(luz)), len(world.received(eva))) == (2, 1)
    assert await world.states() == {DeliveryState.SENT}
