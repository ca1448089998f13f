"""/calendario, /sesion and /proxima."""

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.role import Permission
from prep_bot.texts import meetings as texts
from prep_bot.texts.actions import ShowCalendar, ShowMeeting


async def show_all(turn: Turn) -> Reply:
    """Show all the sessions."""
    return await _calendar(turn, 0)


async def turn_page(turn: Turn, action: ShowCalendar) -> Reply:
    """Show another page of the calendar, in place."""
    return await _calendar(turn, action.page)


async def _calendar(turn: Turn, page: int) -> Reply:
    meetings = await turn.services.meetings.of([turn.seat])
    return texts.calendar(turn.seat.commission_id, meetings, turn.seat.rules.zone, page)


async def show_one(turn: Turn) -> Reply:
    """Show the session with the number that was asked for."""
    return texts.ask_number() if turn.number is None else await _one(turn, turn.number)


async def open_one(turn: Turn, action: ShowMeeting) -> Reply:
    """Show one session, in place of its list."""
    return await _one(turn, action.number)


async def _one(turn: Turn, number: int) -> Reply:
    meeting = await turn.services.meetings.numbered(turn.seat, number)
    return texts.meeting(meeting, turn.seat.rules.zone) if meeting else texts.no_such_meeting(number)


async def show_next(turn: Turn) -> Reply:
    """Show the next session and how long until it."""
    meeting = await turn.services.meetings.next(turn.seat)
    return texts.next_meeting(meeting, turn.services.clock.now(), turn.seat.rules.zone)


FAMILY = Family(
    commands=(
        Command("calendario", Permission.READ_INVITED_MEETINGS, show_all, in_group=True),
        Command("sesion", Permission.READ_INVITED_MEETINGS, show_one, in_group=True),
        Command("proxima", Permission.READ_INVITED_MEETINGS, show_next, in_group=True),
    ),
    taps=(
        Tap(ShowCalendar, Permission.READ_INVITED_MEETINGS, turn_page, in_group=True),
        Tap(ShowMeeting, Permission.READ_INVITED_MEETINGS, open_one, in_group=True),
    ),
)
