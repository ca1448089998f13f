"""What the tables say otherwise than the log: the log is chained, and so it is the tables that somebody changed."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.attendance import AttendanceRecord
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.meeting import Meeting
from prep_bot.domain.chain import Entry
from prep_bot.domain.particulars import Particulars, digest
from prep_bot.domain.replay import Facts, Replay, replay

_OF_ADDRESSEES: dict[str, Any] = {
    "acknowledged_at": None,
    "told_at": None,
    "told_recorded_by": None,
    "answer": None,
    "answered_at": None,
    "substitute": "",
}
"""What is compared, and what a table holds of it while the log says nothing. By which means somebody was told, and why
they will not come, may be contact data or worse: they are in no entry."""


@dataclass(frozen=True)
class Contradiction:
    """A table that says otherwise than an entry, which is as it was written."""

    entry: Entry
    what: str
    """A column, and whose it is."""


async def first_contradiction(session: AsyncSession, commission_id: int, log: Iterable[Entry]) -> Contradiction | None:
    """Return what the tables say otherwise than the commission's log, the earliest by its entry; None: nothing."""
    told = replay(log)
    found = [
        *[each async for each in _of_convocations(session, commission_id, told)],
        *[each async for each in _of_addressees(session, commission_id, told)],
        *[each async for each in _of_rolls(session, commission_id, told)],
        *[each async for each in _of_meetings(session, commission_id, told)],
    ]
    return min(found, key=lambda each: each.entry.sequence, default=None)


async def _of_convocations(session: AsyncSession, commission_id: int, told: Replay) -> AsyncIterator[Contradiction]:
    query = select(Convocation).join(Meeting, col(Meeting.id) == Convocation.meeting_id)
    rows = (await session.execute(query.where(col(Meeting.commission_id) == commission_id))).scalars()
    kept = {row.id or 0: row for row in rows}
    for number, facts in told.convocations.items():
        whose = f"convocation {number}"
        if (row := kept.pop(number, None)) is None:
            yield Contradiction(told.convened[number], f"{whose} is gone")
            continue
        values = row.model_dump() | {"particulars": digest(row.particulars), "letter": digest(row.letter)}
        for each in _compared(values, facts, whose):
            yield each
        if facts["particulars"].value == values["particulars"] and _starts_at(row) != row.starts_at:
            yield Contradiction(told.convened[number], f"the starts_at of {whose}")
    for number in kept:
        for each in _unheard_of(told, f"convocation {number}"):
            yield each


def _starts_at(row: Convocation) -> datetime:
    return Particulars.model_validate(row.particulars).starts_at


async def _of_addressees(session: AsyncSession, commission_id: int, told: Replay) -> AsyncIterator[Contradiction]:
    query = (
        select(Addressee)
        .join(Convocation, col(Convocation.id) == Addressee.convocation_id)
        .join(Meeting, col(Meeting.id) == Convocation.meeting_id)
        .where(col(Meeting.commission_id) == commission_id)
    )
    kept = {(row.convocation_id, row.person_id): row for row in (await session.execute(query)).scalars()}
    for key in sorted(kept.keys() | told.addressees.keys()):
        convocation, person = key
        entry, whose = told.convened.get(convocation), f"person {person} in convocation {convocation}"
        if entry is None:  # of that convocation the log knows nothing, or it was said above
            continue
        if (row := kept.get(key)) is None:
            yield Contradiction(entry, f"{whose} is gone")
            continue
        facts, values = told.addressees.get(key, {}), row.model_dump()
        for each in _compared(values, facts, whose):
            yield each
        for name, nothing in _OF_ADDRESSEES.items():
            if name not in facts and values[name] != nothing:
                yield Contradiction(entry, f"the {name} of {whose}, of which no entry tells")


async def _of_rolls(session: AsyncSession, commission_id: int, told: Replay) -> AsyncIterator[Contradiction]:
    query = (
        select(AttendanceRecord)
        .join(Meeting, col(Meeting.id) == AttendanceRecord.meeting_id)
        .where(col(Meeting.commission_id) == commission_id)
    )
    kept = {(row.meeting_id, row.call, row.person_id): row for row in (await session.execute(query)).scalars()}
    for key, facts in told.rolls.items():
        meeting, _, person = key
        whose = f"person {person} at meeting {meeting}"
        if (row := kept.get(key)) is None:
            yield Contradiction(facts["attendance"].entry, f"the attendance of {whose} is gone")
            continue
        for each in _compared(row.model_dump(), facts, whose):
            yield each
    for meeting, _, person in kept.keys() - told.rolls.keys():
        for each in _unheard_of(told, f"the attendance of person {person} at meeting {meeting}"):
            yield each


async def _of_meetings(session: AsyncSession, commission_id: int, told: Replay) -> AsyncIterator[Contradiction]:
    """Compare the sessions that are there: of one that is gone, its convocations tell."""
    query = select(col(Meeting.id), col(Meeting.quorum_at)).where(col(Meeting.commission_id) == commission_id)
    for row in (await session.execute(query)).all():
        for each in _compared({"quorum_at": row.quorum_at}, told.meetings.get(row.id, {}), f"meeting {row.id}"):
            yield each


def _unheard_of(told: Replay, what: str) -> Iterator[Contradiction]:
    """Name what no entry tells by the newest one: nowhere up to there is it told."""
    if told.last is not None:
        yield Contradiction(told.last, f"{what}, of which no entry tells")


def _compared(values: Mapping[str, Any], facts: Facts, whose: str) -> Iterator[Contradiction]:
    for name, told in facts.items():
        if not _same(values[name], told.value):
            yield Contradiction(told.entry, f"the {name} of {whose}")


def _same(kept: Any, told: Any) -> bool:
    """Compare what a table holds with what an entry tells, where an instant may be written out."""
    if isinstance(kept, datetime) and isinstance(told, str):
        return kept == datetime.fromisoformat(told)
    return bool(kept == told)
