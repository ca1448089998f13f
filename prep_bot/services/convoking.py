"""Convening within a transaction: what dating and convening have in common."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from prep_bot.db.commission import Commission
from prep_bot.db.convocation import Addressee, Board, Convocation
from prep_bot.db.meeting import Meeting
from prep_bot.db.outbox import Notice
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.particulars import digest
from prep_bot.domain.term import check
from prep_bot.services.agenda import particulars_of
from prep_bot.services.boards import redraw
from prep_bot.services.identity import Seat
from prep_bot.services.letters import letter_of
from prep_bot.services.notices import NewNotice, drop, queue
from prep_bot.services.roster import roster


async def in_force(session: AsyncSession, meeting_id: int) -> Convocation | None:
    """Return the convocation of a session that is in force, if any."""
    query = select(Convocation).where(col(Convocation.meeting_id) == meeting_id, col(Convocation.ended_at).is_(None))
    return (await session.execute(query)).scalar_one_or_none()


async def latest(session: AsyncSession, meeting_id: int) -> Convocation | None:
    """Return the newest convocation of a session, in force or not, if it was ever convened."""
    query = select(Convocation).where(col(Convocation.meeting_id) == meeting_id)
    return (await session.execute(query.order_by(col(Convocation.version).desc()).limit(1))).scalar_one_or_none()


async def end_convocation(session: AsyncSession, meeting_id: int, now: datetime) -> None:
    """Let the convocation in force, if any, be no longer so; its boards will show it."""
    convocation = await in_force(session, meeting_id)
    if convocation is not None and convocation.id is not None:
        convocation.ended_at = now
        await session.flush()
        await redraw(session, [convocation.id])


async def convoke(
    session: AsyncSession,
    seat: Seat,
    meeting: Meeting,
    *,
    now: datetime,
    sends_at: datetime,
    kind: NoticeKind,
    board: int,
    reason: str = "",
    corrects: Convocation | None = None,
    term_reason: str = "",
) -> Convocation:
    """Convene all who are to be convened to a dated session, and queue what they are told at `sends_at`.

    Whoever convenes has acknowledged by that. In what only `corrects` the version before, what each person answered
    stands, and notice counts from when that one's did; but of an earlier hour nobody had notice, so it counts from the
    sending. `term_reason` is why with less notice than the term, kept if it is less; an urgent session has its own.
    """
    if meeting.id is None or meeting.starts_at is None:
        raise ValueError("only a dated session can be convened")
    counts_from = sends_at
    if corrects and corrects.starts_at <= meeting.starts_at:
        counts_from, term_reason = corrects.counts_from, corrects.term_reason or term_reason
    term, late = _term(seat, meeting, meeting.starts_at, counts_from, term_reason)
    if corrects and corrects.starts_at == meeting.starts_at:
        term, late = corrects.term, corrects.term_reason
    people = [person for person in await roster(session, seat.commission_id) if person.convened_to(meeting.id)]
    named = [person.person_id for person in people]
    letter = await letter_of(session, seat.commission_id, meeting.kind, named, seat.person_id, now)
    versions = select(func.max(col(Convocation.version))).where(col(Convocation.meeting_id) == meeting.id)
    convocation = Convocation(
        meeting_id=meeting.id,
        version=((await session.execute(versions)).scalar_one() or 0) + 1,
        call=meeting.call,
        correction=corrects is not None,
        starts_at=meeting.starts_at,
        made_at=now,
        made_by=seat.person_id,
        sends_at=sends_at,
        counts_from=counts_from,
        particulars=(await particulars_of(session, meeting)).model_dump(mode="json"),
        letter=letter.model_dump(mode="json"),
        term=term,
        term_reason=late,
        reason=reason,
    )
    session.add(convocation)
    await session.flush()
    answered = await _answered(session, corrects) if corrects else {}
    for person in people:
        addressee = Addressee(
            **answered.get(person.person_id, {}), convocation_id=convocation.id or 0, person_id=person.person_id
        )
        if person.person_id == seat.person_id:
            addressee.acknowledged_at = addressee.acknowledged_at or now
        session.add(addressee)
    session.add(Board(convocation_id=convocation.id or 0, person_id=seat.person_id, message_id=board))
    await session.flush()
    group = (await session.get_one(Commission, seat.commission_id)).group_chat_id
    recipients: list[int | None] = [person.person_id for person in people if person.since is not None]
    await queue(
        session,
        [
            NewNotice(
                kind=kind,
                cause=f"{kind}:{convocation.id}",
                commission_id=seat.commission_id,
                person_id=person_id,
                due_at=sends_at,
                useful_until=meeting.starts_at,
                meeting_id=meeting.id,
                convocation_id=convocation.id,
                data={"reason": reason} if kind is NoticeKind.CHANGE else {},
            )
            for person_id in [*recipients, *([None] if group is not None else [])]
        ],
        now,
    )
    return convocation


async def convening(session: AsyncSession, convocation: Convocation) -> dict[str, Any]:
    """Return what the log keeps of the act that made a convocation, beside its instant and who did it."""
    query = select(col(Addressee.person_id)).where(col(Addressee.convocation_id) == convocation.id)
    return {
        "convocation": convocation.id,
        "particulars": digest(convocation.particulars),
        "letter": digest(convocation.letter),
        "people": sorted((await session.execute(query)).scalars()),
        "term": convocation.term,
        "term_reason": convocation.term_reason,
        "sends_at": convocation.sends_at.isoformat(),
        "correction": convocation.correction,
    }


def _term(
    seat: Seat, meeting: Meeting, starts_at: datetime, counts_from: datetime, reason: str
) -> tuple[dict[str, Any], str]:
    """Return how a convocation stands with its term, as it is kept, and why with less notice, or urgently."""
    term = check(seat.rules, meeting.kind, meeting.call, starts_at, counts_from)
    return term.model_dump(mode="json"), meeting.urgency or ("" if term.in_time else reason)


async def reconvoke(
    session: AsyncSession,
    seat: Seat,
    meeting: Meeting,
    previous: Convocation,
    *,
    now: datetime,
    board: int,
    reason: str,
    correction: bool,
) -> Convocation:
    """Let the next version take the place of a convocation, now that the session is not as that one said.

    What was queued for it is dropped; where the session stays at its hour, its reminders are not.
    What nobody has been told yet still goes out when it was to go out, if there is time.
    """
    waits = now < previous.sends_at
    await end_convocation(session, previous.meeting_id, now)
    stays = previous.starts_at == meeting.starts_at
    await drop(session, previous.meeting_id, "replaced", keep=_OUTLIVING if stays else frozenset())
    in_time = meeting.starts_at is not None and previous.sends_at < meeting.starts_at
    convocation = await convoke(
        session,
        seat,
        meeting,
        now=now,
        sends_at=previous.sends_at if waits and in_time else now,
        kind=NoticeKind.CONVOCATION if waits else NoticeKind.CHANGE,
        board=board,
        reason=reason,
        corrects=previous if correction and not waits else None,
        term_reason=reason,
    )
    if stays:
        await session.execute(
            update(Notice)
            .where(
                col(Notice.convocation_id) == previous.id,
                col(Notice.kind).in_(_OUTLIVING),
                col(Notice.state) == NoticeState.QUEUED,
            )
            .values(convocation_id=convocation.id)
        )
    # The message of the new board may have been that of the old one.
    replaced = (col(Board.convocation_id) == previous.id, col(Board.message_id) == board)
    await session.execute(update(Board).where(*replaced).values(stale=False))
    return convocation


_OUTLIVING = frozenset({NoticeKind.REMINDER, NoticeKind.QUORUM_RISK})
"""What is still to be said of a session that keeps its hour, whatever else of it changes."""


async def _answered(session: AsyncSession, convocation: Convocation) -> dict[int, dict[str, Any]]:
    """Return what is known of each addressee of a convocation, as columns."""
    query = select(Addressee).where(col(Addressee.convocation_id) == convocation.id)
    rows = (await session.execute(query)).scalars()
    return {row.person_id: row.model_dump(exclude={"convocation_id", "person_id"}) for row in rows}
