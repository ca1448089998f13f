"""What is recorded of an activity is only ever added to, whoever records, annotates or undoes at the same moment."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from prep_bot.db.audit import AuditEvent
from prep_bot.db.engine import Database, create_engine
from prep_bot.db.plan import ProgressEntry
from prep_bot.domain.activity import ActivityState
from prep_bot.domain.role import Role
from prep_bot.services import container
from prep_bot.services.activities import ActivityHistory
from prep_bot.services.container import Services
from prep_bot.services.identity import Seat
from prep_bot.services.progress import (
    NOTE_LIMIT,
    OvertakenError,
    Progress,
    Recorded,
    TooLateError,
    UnknownActivityError,
)
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW, activity, enrol, plan

PENDING, IN_PROGRESS, DONE = ActivityState.PENDING, ActivityState.IN_PROGRESS, ActivityState.DONE
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class World:
    """A commission with its secretary and its technical unit, who record."""

    database: Database
    clock: ManualClock
    services: Services
    secretary: Seat
    unit: Seat

    @property
    def progress(self) -> Progress:
        return self.services.progress

    async def history(self, number: int = 1) -> ActivityHistory:
        found = await self.services.activities.history(1, number)
        assert found is not None
        return found

    async def state(self, number: int = 1) -> ActivityState:
        return (await self.history(number)).activity.state

    async def entries(self) -> list[dict[str, Any]]:
        """Return what is stored of each entry."""
        async with self.database.read() as session:
            query = select(ProgressEntry).order_by(col(ProgressEntry.id))
            return [entry.model_dump() for entry in (await session.execute(query)).scalars()]

    async def acts(self) -> list[tuple[str, int | None, Any]]:
        async with self.database.read() as session:
            query = select(AuditEvent).where(col(AuditEvent.act).startswith("progress.")).order_by(col(AuditEvent.id))
            return [(e.act, e.actor_id, e.details["entry"]) for e in (await session.execute(query)).scalars()]


@pytest.fixture
async def world(database: Database, clock: ManualClock, services: Services) -> World:
    await services.plans.apply(plan())
    secretary = await enrol(services, "Luz Mora", Role.TECHNICAL_SECRETARY, 7)
    unit = await enrol(services, "Eva Sol", Role.TECHNICAL_UNIT, 8)
    return World(database, clock, services, secretary, unit)


@pytest.fixture
async def other(world: World, database_url: str) -> AsyncIterator[Progress]:
    """The same service in another process."""
    database = Database(create_engine(database_url))
    yield container.build(database, world.clock).progress
    await database.dispose()


async def at_once(*attempts: Coroutine[Any, Any, Any]) -> list[Any]:
    """Return what came of each attempt; the type of what it raised, if it did."""
    results = await asyncio.gather(*attempts, return_exceptions=True)
    return [type(result) if isinstance(result, Exception) else result for result in results]


async def test_each_entry_is_kept_with_who_and_when_and_the_last_one_counts(world: World) -> None:
    assert await world.state() is PENDING
    first = await world.progress.record(world.unit, 1, IN_PROGRESS, after=0)
    assert first == Recorded(first.entry_id, 1, "Actividad planos", IN_PROGRESS, "")
    before = await world.entries()
    world.clock.advance_to(NOW + HOUR)
    second = await world.progress.record(world.secretary, 1, DONE, after=first.entry_id)
    history = await world.history()
    assert (history.activity.state, history.activity.last_entry) == (DONE, second.entry_id)
    assert [(e.state, e.by, e.at, e.undone) for e in history.entries] == [
        (IN_PROGRESS, "Eva Sol", NOW, False),
        (DONE, "Luz Mora", NOW + HOUR, False),
    ]
    assert (await world.entries())[:1] == before
    assert await world.state(2) is PENDING, "only that activity"
    assert await world.acts() == [
        ("progress.recorded", world.unit.person_id, first.entry_id),
        ("progress.recorded", world.secretary.person_id, second.entry_id),
    ]


async def test_a_double_tap_records_once(world: World, other: Progress) -> None:
    made = await at_once(*(each.record(world.unit, 1, DONE, after=0) for each in (world.progress, other) * 2))
    assert len(set(made)) == 1
    assert len(await world.entries()) == len(await world.acts()) == 1


async def test_of_two_who_record_at_once_the_later_one_looks_again(world: World, other: Progress) -> None:
    made = await at_once(
        world.progress.record(world.unit, 1, DONE, after=0), other.record(world.secretary, 1, IN_PROGRESS, after=0)
    )
    assert made.count(OvertakenError) == 1
    assert len(await world.entries()) == 1
    last = (await world.history()).activity.last_entry
    await world.progress.record(world.secretary, 1, ActivityState.NOT_APPLICABLE, after=last)
    assert await world.state() is ActivityState.NOT_APPLICABLE


async def test_only_an_activity_of_the_commissions_present_plan_is_recorded(world: World) -> None:
    await world.services.plans.apply(plan("agua", activities=[activity(f"a{n}") for n in range(9)]))
    await world.progress.record(world.unit, 3, DONE, after=0)
    await world.services.plans.apply(plan(activities=[activity("planos")]))
    for number in (0, 2, 3, 9):
        with pytest.raises(UnknownActivityError):
            await world.progress.record(world.unit, number, DONE, after=0)


async def test_a_note_is_added_once_by_whoever_made_the_entry(world: World, other: Progress) -> None:
    made = await world.progress.record(world.unit, 1, DONE, after=0)
    assert (await at_once(world.progress.annotate(world.secretary, made.entry_id, "Ajena"))) == [TooLateError]
    results = await at_once(
        world.progress.annotate(world.unit, made.entry_id, "Uno"), other.annotate(world.unit, made.entry_id, "Dos")
    )
    assert results.count(TooLateError) == 1
    (noted,) = (result for result in results if result is not TooLateError)
    assert noted == Recorded(made.entry_id, 1, "Actividad planos", DONE, noted.note)
    assert [e.note for e in (await world.history()).entries] == [noted.note]
    assert [act for act, _, _ in await world.acts()] == ["progress.recorded", "progress.annotated"]


@pytest.mark.parametrize("length", [0, NOTE_LIMIT + 1])
async def test_a_note_has_its_length(world: World, length: int) -> None:
    made = await world.progress.record(world.unit, 1, DONE, after=0)
    with pytest.raises(ValueError, match="500"):
        await world.progress.annotate(world.unit, made.entry_id, "ñ" * length)
    assert (await world.progress.annotate(world.unit, made.entry_id, "ñ" * NOTE_LIMIT)).note == "ñ" * NOTE_LIMIT


async def test_what_is_undone_stays_and_is_marked_as_such(world: World) -> None:
    first = await world.progress.record(world.unit, 1, IN_PROGRESS, after=0)
    second = await world.progress.record(world.unit, 1, DONE, after=first.entry_id)
    before = await world.entries()
    world.clock.advance_to(NOW + HOUR)
    assert await world.progress.undo(world.secretary, second.entry_id) == 1
    assert await world.state() is IN_PROGRESS
    before[1] |= {"undone_at": NOW + HOUR, "undone_by": world.secretary.person_id}
    assert await world.entries() == before
    with pytest.raises(TooLateError):
        await world.progress.annotate(world.unit, second.entry_id, "Tarde")
    assert await world.progress.undo(world.unit, first.entry_id) == 1
    assert await world.state() is PENDING
    assert (await world.acts())[-2:] == [
        ("progress.undone", world.secretary.person_id, second.entry_id),
        ("progress.undone", world.unit.person_id, first.entry_id),
    ]
    again = await world.progress.record(world.unit, 1, DONE, after=0)
    assert again.entry_id > second.entry_id
    assert [e.undone for e in (await world.history()).entries] == [True, True, False]


async def test_only_the_last_entry_of_ones_own_commission_is_undone(world: World) -> None:
    await world.services.plans.apply(plan("agua"))
    stranger = await enrol(world.services, "Paz Gil", Role.TECHNICAL_SECRETARY, 9, commission_id=2)
    first = await world.progress.record(world.unit, 1, IN_PROGRESS, after=0)
    second = await world.progress.record(world.unit, 1, DONE, after=first.entry_id)
    before = await world.entries()
    for seat, entry_id in (
        (world.unit, first.entry_id),
        (stranger, second.entry_id),
        (world.unit, second.entry_id + 1),
    ):
        with pytest.raises(TooLateError):
            await world.progress.undo(seat, entry_id)
    assert await world.entries() == before


async def test_of_many_who_undo_at_once_one_does(world: World, other: Progress) -> None:
    first = await world.progress.record(world.unit, 1, IN_PROGRESS, after=0)
    second = await world.progress.record(world.unit, 1, DONE, after=first.entry_id)
    undone = await at_once(
        *(
            each.undo(seat, second.entry_id)
            for each in (world.progress, other)
            for seat in (world.unit, world.secretary)
        )
    )
    assert sorted(map(str, undone)) == ["1", *[str(TooLateError)] * 3]
    assert await world.state() is IN_PROGRESS, "the entry before it still counts"
    assert [act for act, _, _ in await world.acts()].count("progress.undone") == 1


async def test_of_one_who_undoes_and_one_who_goes_on_only_one_succeeds(world: World, other: Progress) -> None:
    for number in (1, 2):
        entry = await world.progress.record(world.unit, number, IN_PROGRESS, after=0)
        undo = world.progress.undo(world.unit, entry.entry_id)
        record = other.record(world.secretary, number, DONE, after=entry.entry_id)
        results = await at_once(*((undo, record) if number == 1 else (record, undo)))
        assert (OvertakenError in results) != (TooLateError in results)
        assert await world.state(number) is (PENDING if OvertakenError in results else DONE)
