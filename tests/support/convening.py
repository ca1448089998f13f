"""What the tests of convening share: a session with a date, and one that is convened."""

from datetime import datetime
from zoneinfo import ZoneInfo

from prep_bot.domain.attendance import Attendance
from prep_bot.domain.meeting import Modality
from prep_bot.services.calendar import Appointment
from prep_bot.services.identity import Seat
from prep_bot.services.meetings import MeetingView
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage

ZONE = ZoneInfo("America/Mexico_City")
PLACE = "Sala de sesiones del Consejo General"
STARTS = datetime(2022, 2, 24, 11, tzinfo=ZONE)


async def seat_of(stage: Stage, user: SimulatedUser, commission_id: int = 1) -> Seat:
    """Return the person's seat in that commission."""
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    return next(seat for seat in actor.seats if seat.commission_id == commission_id)


async def meeting_of(stage: Stage, secretary: SimulatedUser, number: int, commission_id: int = 1) -> MeetingView:
    """Return the session of that number as it stands."""
    meeting = await stage.services.meetings.numbered(await seat_of(stage, secretary, commission_id), number)
    assert meeting is not None
    return meeting


async def dated(
    stage: Stage,
    secretary: SimulatedUser,
    number: int = 5,
    starts_at: datetime = STARTS,
    *,
    place: str = PLACE,
    link: str = "",
    commission_id: int = 1,
) -> MeetingView:
    """Give a session its date and place, as `/fijar` does."""
    seat = await seat_of(stage, secretary, commission_id)
    meeting = await meeting_of(stage, secretary, number, commission_id)
    modality = Modality.MIXED if link else Modality.IN_PERSON
    to = Appointment(starts_at, modality, place, link)
    return await stage.services.calendar.appoint(seat, meeting.id, meeting.since, to)


async def convened(
    stage: Stage, secretary: SimulatedUser, number: int = 5, starts_at: datetime = STARTS, **where: str
) -> SimulatedMessage:
    """Date a session and convene it through the bot, with a reason if that is late; return the secretary's board."""
    await dated(stage, secretary, number, starts_at, **where)
    shown = await stage.says(secretary, f"/convocar {number}")
    await stage.taps(secretary, "Convocar ahora", shown)
    if message(stage, secretary, shown.id).text.startswith("Convocar con menos"):
        shown = await stage.says(secretary, "Así lo pidió la Presidencia")
        await stage.taps(secretary, "Sí, convocar", shown)
    return message(stage, secretary, shown.id)


async def moved(
    stage: Stage, secretary: SimulatedUser, number: int = 5, *, to: datetime, place: str = PLACE, reason: str = ""
) -> None:
    """Move a convened session, as `/sesion` does."""
    seat, meeting = await seat_of(stage, secretary), await meeting_of(stage, secretary, number)
    appointment = Appointment(to, Modality.IN_PERSON, place)
    board = stage.telegram.last(secretary).id
    await stage.services.calendar.move(seat, meeting.id, meeting.since, appointment, reason, board)
    await stage.settle()


async def called_off(
    stage: Stage, secretary: SimulatedUser, number: int = 5, *, reason: str = "", defer: bool = False
) -> None:
    """Cancel or defer a convened session, as `/sesion` does."""
    seat, meeting = await seat_of(stage, secretary), await meeting_of(stage, secretary, number)
    await stage.services.calendar.call_off(seat, meeting.id, meeting.since, reason, defer=defer)
    await stage.settle()


def message(stage: Stage, user: SimulatedUser, message_id: int) -> SimulatedMessage:
    """Return a message as it stands now."""
    return next(m for m in stage.telegram.messages(user) if m.id == message_id)


async def without_quorum(stage: Stage, secretary: SimulatedUser, number: int = 5) -> None:
    """Note that too few came to a session whose hour has come."""
    meeting = await meeting_of(stage, secretary, number)
    await stage.services.attendance.declare_no_quorum(await seat_of(stage, secretary), meeting.id)


async def begun(stage: Stage, secretary: SimulatedUser, number: int = 5) -> None:
    """Let everybody be present at a session whose hour has come, and its quorum be declared."""
    seat, meeting = await seat_of(stage, secretary), await meeting_of(stage, secretary, number)
    for person in (await stage.services.attendance.roll(seat, meeting.id)).people:
        await stage.services.attendance.mark(seat, meeting.id, person.person_id, Attendance.PRESENT)
    await stage.services.attendance.declare_quorum(seat, meeting.id)
