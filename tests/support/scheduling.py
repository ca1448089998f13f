"""How a secretary settles sessions in the acceptance tests: a conversation in one line, and sessions made ready."""

from datetime import datetime

from prep_bot.domain.meeting import Modality
from prep_bot.domain.role import Permission
from prep_bot.services.calendar import Appointment
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage

PLACE = "Sala de sesiones"


async def talk(stage: Stage, user: SimulatedUser, *steps: str) -> SimulatedMessage:
    """Let somebody write each step, or tap it if it is in brackets; return what the bot shows at last.

    Nobody in these tests is in two commissions, so nobody ever reads that word, but for what sets the notice term.
    """
    shown = stage.telegram.last(user)
    for step in steps:
        if step.startswith("["):
            shown = await stage.taps(user, step[1:-1])
        else:
            shown = await stage.says(user, step)
        assert shown.user_id is None, f"no answer to {step!r}"
        assert "comisión" not in shown.text.lower().replace("término configurado por la comisión", "")
    return shown


async def seat_of(stage: Stage, user: SimulatedUser) -> Seat:
    """Return the seat in which somebody convenes."""
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    return actor.seats_with(Permission.CONVENE)[0]


async def session(stage: Stage, user: SimulatedUser, number: int) -> MeetingView:
    """Return a session as it stands."""
    meeting = await stage.services.meetings.numbered(await seat_of(stage, user), number)
    assert meeting is not None
    return meeting


async def date_it(
    stage: Stage, user: SimulatedUser, number: int, at: datetime, place: str = PLACE, link: str = ""
) -> MeetingView:
    """Give a session that date and place, as if somebody had settled it before; with a link, it is mixed."""
    meeting = await session(stage, user, number)
    appointment = Appointment(at, Modality.MIXED if link else Modality.IN_PERSON, place, link)
    return await stage.services.calendar.appoint(await seat_of(stage, user), meeting.id, meeting.since, appointment)


async def convene_it(
    stage: Stage,
    user: SimulatedUser,
    number: int,
    at: datetime,
    *,
    sends_at: datetime | None = None,
    place: str = PLACE,
    link: str = "",
) -> int:
    """Date and convene a session, as if somebody had just done it; return the convocation."""
    meeting = await date_it(stage, user, number, at, place, link)
    board = await stage.says(user, f"/sesion {number}")
    now = stage.clock.now()
    convocation = await stage.services.convocations.convene(
        await seat_of(stage, user), meeting.id, meeting.since, sends_at or now, board.id, term_reason="Motivo de prueba"
    )
    await stage.settle()
    return convocation
