"""What the log tells of each attempt to notify a convocation: to whom, how it ended, and never under which account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from prep_bot.db.engine import Database
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
from prep_bot.domain.meeting import Modality
from prep_bot.domain.role import Role
from prep_bot.services.audit import entries
from prep_bot.services.calendar import Appointment
from prep_bot.services.container import Services
from prep_bot.services.identity import Seat
from prep_bot.services.outbox import LEASE
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW, enrol, plan

ACCOUNT = 987654321
STARTS = NOW + timedelta(days=6)


@dataclass(frozen=True)
class Convened:
    """A session that Ana convened, with Beto to be told of it."""

    database: Database
    clock: ManualClock
    services: Services
    secretary: Seat
    beto: Seat
    meeting: int
    since: datetime
    convocation: int

    async def attempt(self, outcome: Outcome | None) -> None:
        """Let the outbox send what is due; Ana's are accepted, Beto's end in `outcome` (None: the process dies)."""
        outbox = self.services.outbox
        await outbox.reclaim()
        await outbox.bundle()
        for claim in await outbox.claim(10):
            if claim.chat_id == ACCOUNT and outcome is not None:
                await outbox.settle(claim, outcome)
            elif claim.chat_id != ACCOUNT:
                await outbox.settle(claim, Accepted(1))

    async def told(self) -> list[dict[str, Any]]:
        """Return what the log has about telling Beto."""
        async with self.database.read() as session:
            written = [entry async for entry, _ in entries(session, 1)]
        assert str(ACCOUNT) not in "".join(entry.canonical for entry in written)
        assert (await self.services.ledger.check())[0].broken is None
        own = [e for e in written if e.act.startswith("notice.") and e.details["person"] == self.beto.person_id]
        assert {entry.subject for entry in own} <= {f"convocation:{self.convocation}"}
        kept = ("attempt", "outcome", "reason", "then", "kind")
        return [{"act": e.act} | {key: e.details[key] for key in kept if key in e.details} for e in own]


@pytest.fixture
async def convened(database: Database, clock: ManualClock, services: Services) -> Convened:
    await services.plans.apply(plan())
    secretary = await enrol(services, "Ana Ruiz", Role.TECHNICAL_SECRETARY, 7)
    beto = await enrol(services, "Beto Sosa", Role.MEMBER, ACCOUNT)
    meeting = await services.meetings.numbered(secretary, 1)
    assert meeting is not None
    to = Appointment(STARTS, Modality.IN_PERSON, "Sala")
    dated = await services.calendar.appoint(secretary, meeting.id, meeting.since, to)
    convocation = await services.convocations.convene(secretary, dated.id, dated.since, clock.now(), 0)
    meeting = await services.meetings.numbered(secretary, 1)
    assert meeting is not None
    return Convened(database, clock, services, secretary, beto, meeting.id, meeting.since, convocation)


def attempted(number: int, outcome: str, then: str, reason: str = "", kind: str = "convocation") -> dict[str, Any]:
    return {
        "act": "notice.attempted",
        "attempt": number,
        "outcome": outcome,
        "reason": reason,
        "then": then,
        "kind": kind,
    }


async def test_an_attempt_that_is_accepted(convened: Convened) -> None:
    await convened.attempt(Accepted(12))
    assert await convened.told() == [attempted(1, "accepted", "sent")]


async def test_every_attempt_is_told(convened: Convened) -> None:
    outcomes: list[Outcome] = [NotDelivered("down"), Uncertain("no answer in time"), Migrated(5), Accepted(12)]
    for outcome in outcomes:
        await convened.attempt(outcome)
        convened.clock.advance_to(convened.clock.now() + timedelta(minutes=15))
    assert await convened.told() == [
        attempted(1, "not_delivered", "retry", "down"),
        attempted(2, "uncertain", "retry", "no answer in time"),
        attempted(3, "migrated", "retry"),
        attempted(4, "accepted", "sent"),
    ]


@pytest.mark.parametrize(
    ("outcome", "word", "reason"),
    [
        (Refused("message is too long"), "refused", "message is too long"),
        (Unreachable(Unreachability.BLOCKED), "unreachable", "blocked"),
    ],
)
async def test_an_attempt_that_fails_for_good(convened: Convened, outcome: Outcome, word: str, reason: str) -> None:
    await convened.attempt(outcome)
    assert await convened.told() == [attempted(1, word, "failed", reason)]


async def test_a_process_that_dies_on_the_way(convened: Convened) -> None:
    await convened.attempt(None)
    convened.clock.advance_to(convened.clock.now() + LEASE + timedelta(minutes=15))
    await convened.services.outbox.reclaim()
    assert await convened.told() == [attempted(1, "uncertain", "retry", "interrupted")]


async def test_who_cannot_be_written_to_is_not_tried(convened: Convened) -> None:
    await convened.services.reachability.lost(ACCOUNT, "blocked")
    await convened.attempt(Accepted(12))
    assert await convened.told() == [
        {"act": "notice.unsent", "kind": "convocation", "outcome": "unreachable", "reason": "blocked"}
    ]


async def test_what_comes_too_late_is_not_tried(convened: Convened) -> None:
    await convened.services.outbox.bundle()
    convened.clock.advance_to(STARTS)
    await convened.attempt(Accepted(12))
    assert await convened.told() == [
        {"act": "notice.unsent", "kind": "convocation", "outcome": "expired", "reason": "late"}
    ]


async def test_calling_it_off_is_told_too(convened: Convened) -> None:
    await convened.attempt(Accepted(12))
    await convened.services.calendar.call_off(
        convened.secretary, convened.meeting, convened.since, "Sin sala", defer=False
    )
    await convened.attempt(Accepted(13))
    assert await convened.told() == [
        attempted(1, "accepted", "sent"),
        attempted(1, "accepted", "sent", kind="called_off"),
    ]
