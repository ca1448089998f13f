"""/calendario, /sesion and /proxima."""

from handlers.speech import asks_everything
from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_month import UnknownMonthError, read_month
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import meetings as texts
from prep_bot.texts import papers
from prep_bot.texts.actions.calendar import ShowCalendar, ShowMeeting
from prep_bot.texts.message import Button, Message
from prep_bot.texts.pending import unknown_month


async def show_all(turn: Turn) -> Reply:
    """Show all the sessions, or those of the month that was asked for."""
    if not turn.argument or asks_everything(turn.argument):
        return await _calendar(turn, None, 0)
    present = Month.of(local_day(turn.services.clock.now(), turn.seat.rules.zone))
    planned = [meeting.month for meeting in await turn.services.meetings.of([turn.seat])]
    try:
        return await _calendar(turn, read_month(turn.argument, planned, present), 0)
    except UnknownMonthError:
        return unknown_month(turn.argument)


async def turn_page(turn: Turn, action: ShowCalendar) -> Reply:
    """Show another page of the calendar, in place."""
    return await _calendar(turn, action.month, action.page)


async def _calendar(turn: Turn, month: Month | None, page: int) -> Reply:
    meetings = await turn.services.meetings.of([turn.seat])
    return texts.calendar(turn.seat.commission_id, meetings, turn.seat.rules.zone, month, page)


async def show_one(turn: Turn) -> Reply:
    """Show the session with the number that was asked for; without one, all of them, to choose."""
    return await _calendar(turn, None, 0) if turn.number is None else await _one(turn, turn.number, 0)


async def open_one(turn: Turn, action: ShowMeeting) -> Reply:
    """Show one session, in place of its list."""
    return await _one(turn, action.number, action.page)


async def _one(turn: Turn, number: int, page: int) -> Reply:
    meeting = await turn.services.meetings.numbered(turn.seat, number)
    return await card(turn, meeting, page) if meeting else texts.no_such_meeting(number)


async def card(turn: Turn, meeting: MeetingView, page: int = 0) -> Message:
    """Return one session; for whoever convenes, in private, with what they may do about it."""
    offers: tuple[tuple[Button, ...], ...] = ()
    shown = None if turn.in_group else await turn.services.papers.shown(turn.seat, meeting.id)
    if turn.seat.may(Permission.CONVENE) and not turn.in_group:
        convocation = await turn.services.convocations.latest(turn.seat, meeting.id)
        offers = texts.offers(meeting, turn.services.clock.now(), convocation)
    if shown is not None:
        offers += papers.offers(meeting, shown)
    agenda = await turn.services.agendas.of(turn.seat, meeting, publicly=turn.in_group)
    return texts.meeting(agenda, turn.seat.rules.zone, page, offers)


async def show_next(turn: Turn) -> Reply:
    """Show the next session and how long until it."""
    meeting = await turn.services.meetings.next(turn.seat)
    agenda = await turn.services.agendas.of(turn.seat, meeting, publicly=turn.in_group) if meeting else None
    return texts.next_meeting(agenda, turn.services.clock.now(), turn.seat.rules.zone)


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
