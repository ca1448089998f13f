"""The versions of a convocation: what changed since it was made, and what took its place."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from prep_bot.clock import Clock
from prep_bot.db.convocation import Addressee, Convocation
from prep_bot.db.engine import Database
from prep_bot.db.meeting import Meeting
from prep_bot.domain.answer import Answer
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.particulars import Particulars
from prep_bot.services.agenda import particulars_of
from prep_bot.services.convoking import in_force
from prep_bot.services.identity import Actor, Seat
from prep_bot.services.meetings import MeetingView, view_of


@dataclass(frozen=True)
class Pending:
    """A convened session: to what it was convened, and as it stands."""

    meeting: MeetingView
    convocation_id: int
    told: bool
    """The convocation has gone out."""
    before: Particulars
    after: Particulars


@dataclass(frozen=True)
class Successor:
    """The convocation that took the place of another."""

    convocation_id: int
    meeting: MeetingView
    zone: ZoneInfo
    acknowledged: bool
    """By whoever asks."""
    answer: Answer | None
    """Theirs, so far."""


class Versions:
    """Compares convocations with what they convene to."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def pending(self, seat: Seat, meeting_id: int) -> Pending | None:
        """Return how a session of the seat's commission stands against its convocation; None when it has none."""
        async with self._database.read() as session:
            meeting = await session.get(Meeting, meeting_id)
            if meeting is None or meeting.commission_id != seat.commission_id:
                return None
            convocation = await in_force(session, meeting_id)
            if convocation is None or meeting.state is not MeetingState.CONVENED:
                return None
            after = await particulars_of(session, meeting)
        return Pending(
            meeting=view_of(meeting),
            convocation_id=convocation.id or 0,
            told=convocation.sends_at <= self._clock.now(),
            before=Particulars.model_validate(convocation.particulars),
            after=after,
        )

    async def successor(self, actor: Actor, convocation_id: int) -> Successor | None:
        """Return what took the place of a convocation of theirs, if it went out and can still be acknowledged."""
        now = self._clock.now()
        async with self._database.read() as session:
            replaced = await session.get(Convocation, convocation_id)
            theirs = await session.get(Addressee, (convocation_id, actor.person_id))
            convocation = await in_force(session, replaced.meeting_id) if replaced else None
            if theirs is None or convocation is None or convocation.id == convocation_id:
                return None
            meeting = await session.get_one(Meeting, convocation.meeting_id)
            seat = next((seat for seat in actor.seats if seat.commission_id == meeting.commission_id), None)
            addressee = await session.get(Addressee, (convocation.id, actor.person_id))
            if seat is None or addressee is None or not convocation.sends_at <= now < convocation.starts_at:
                return None
        acknowledged = addressee.acknowledged_at is not None
        return Successor(convocation.id or 0, view_of(meeting), seat.rules.zone, acknowledged, addressee.answer)
