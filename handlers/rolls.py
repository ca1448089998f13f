"""/asistencia: the roll call, and the quorum that is declared by it; /asistencias: who attended how often."""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.attendance import ROLL_OPENS, Attendance
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.month import local_day
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_date import Exact, Incomplete, read_past
from prep_bot.services.attendance import (
    BadHourError,
    ClosedRollError,
    NoQuorumError,
    NotOnRollError,
    NotThereError,
    QuorumError,
)
from prep_bot.services.calendar import ChangedMeanwhileError, NotYetError
from prep_bot.services.meetings import MeetingView
from prep_bot.services.rolls import Roll
from prep_bot.texts import meetings as meeting_texts
from prep_bot.texts import rolls as texts
from prep_bot.texts.actions.rolls import (
    AskArrival,
    AskNoQuorum,
    DeclareNoQuorum,
    DeclareQuorum,
    MarkAttendance,
    MarkRest,
    ShowAttendances,
    ShowRoll,
)

ARRIVAL = "rolls.arrival"

_UNDER_WAY = frozenset({MeetingState.CONVENED, MeetingState.IN_SESSION})


async def start(turn: Turn) -> Reply:
    """Show the roll of the session with the given number; without one, of the one that is about to begin or has."""
    meetings = await turn.services.meetings.of([turn.seat])
    if turn.number is not None:
        named = next((meeting for meeting in meetings if meeting.number == turn.number), None)
        return await _show(turn, named.id) if named else meeting_texts.no_such_meeting(turn.number)
    open_ones = [meeting for meeting in meetings if _can_be_taken(turn, meeting)]
    if len(open_ones) == 1:
        return await _show(turn, open_ones[0].id)
    return texts.choose_roll(turn.seat.commission_id, open_ones, turn.seat.rules.zone)


def _can_be_taken(turn: Turn, meeting: MeetingView) -> bool:
    under_way = meeting.state in _UNDER_WAY
    return under_way and meeting.starts_at is not None and meeting.starts_at - ROLL_OPENS <= turn.services.clock.now()


async def _show(turn: Turn, meeting_id: int, pen: Attendance | None = Attendance.PRESENT, page: int = 0) -> Reply:
    return _roll(turn, await turn.services.attendance.roll(turn.seat, meeting_id), pen, page)


def _roll(turn: Turn, roll: Roll, pen: Attendance | None = Attendance.PRESENT, page: int = 0) -> Reply:
    return texts.roll(roll, turn.services.clock.now(), turn.seat.rules.zone, pen, page)


def _careful(run: Callable[[Turn, Any], Awaitable[Reply]]) -> Callable[[Turn, Any], Awaitable[Reply]]:
    """Return a button's handler that says why it did nothing, when the session or its roll is no longer so."""

    async def tapped(turn: Turn, action: Any) -> Reply:
        try:
            return await run(turn, action)
        except (ClosedRollError, NotYetError):
            # As it is now it shows why, and what can be done instead.
            return await _show(turn, action.meeting)
        except NotOnRollError:
            return texts.not_on_roll()
        except ChangedMeanwhileError:
            return texts.gone()

    return tapped


async def show(turn: Turn, action: ShowRoll) -> Reply:
    """Show the roll with another pen, or another page of it."""
    return await _show(turn, action.meeting, action.pen, action.page)


async def mark(turn: Turn, action: MarkAttendance) -> Reply:
    """Record how somebody attends."""
    roll = await turn.services.attendance.mark(turn.seat, action.meeting, action.person, action.attendance)
    return _roll(turn, roll, action.attendance, action.page)


async def mark_rest(turn: Turn, action: MarkRest) -> Reply:
    """Record the others as absent; whoever comes late is recorded as present then."""
    return _roll(turn, await turn.services.attendance.mark_rest(turn.seat, action.meeting))


async def ask_arrival(turn: Turn, action: AskArrival) -> Reply:
    """Ask when somebody arrived."""
    roll = await turn.services.attendance.roll(turn.seat, action.meeting)
    person = next((person for person in roll.people if person.person_id == action.person), None)
    if person is None:
        raise NotOnRollError
    if person.attendance is None or not person.attendance.attends:
        return texts.not_there()
    await turn.services.dialogues.begin(
        turn.actor.person_id,
        ARRIVAL,
        commission=turn.seat.commission_id,
        meeting=action.meeting,
        person=action.person,
    )
    return texts.ask_arrival(person)


async def take_arrival(turn: Turn) -> Reply:
    """Correct the hour, and show the roll again."""
    meeting_id, zone = turn.data["meeting"], turn.seat.rules.zone
    try:
        roll = await turn.services.attendance.roll(turn.seat, meeting_id)
        starts_at = roll.meeting.starts_at or turn.services.clock.now()
        given = Incomplete(days=(local_day(starts_at, zone),))
        reading = read_past(turn.argument, turn.services.clock.now(), zone, given)
        if not isinstance(reading, Exact):
            return texts.bad_hour(roll.opens_at, zone)
        done = await turn.services.attendance.arrived(turn.seat, meeting_id, turn.data["person"], reading.at)
    except BadHourError:
        return texts.bad_hour(roll.opens_at, zone)
    except (ChangedMeanwhileError, ClosedRollError, NotOnRollError, NotThereError, NotYetError):
        await turn.services.dialogues.end(turn.actor.person_id)
        return texts.gone()
    await turn.services.dialogues.end(turn.actor.person_id)
    return _roll(turn, done, None)


async def declare_quorum(turn: Turn, action: DeclareQuorum) -> Reply:
    """Declare the quorum: the session begins."""
    try:
        return _roll(turn, await turn.services.attendance.declare_quorum(turn.seat, action.meeting))
    except NoQuorumError:
        return texts.no_quorum_yet(await turn.services.attendance.roll(turn.seat, action.meeting))


async def ask_no_quorum(turn: Turn, action: AskNoQuorum) -> Reply:
    """Ask whether there really is no quorum, or no longer."""
    roll = await turn.services.attendance.roll(turn.seat, action.meeting)
    now, zone = turn.services.clock.now(), turn.seat.rules.zone
    if roll.meeting.state not in _UNDER_WAY or roll.quorum.met:
        return _roll(turn, roll)
    if roll.meeting.starts_at is not None and roll.meeting.starts_at > now:
        return texts.not_yet(roll.meeting, zone)
    return texts.ask_no_quorum(roll, now, zone)


async def declare_no_quorum(turn: Turn, action: DeclareNoQuorum) -> Reply:
    """Note that there is no quorum: the convocation ends, and the next call is offered."""
    try:
        return _roll(turn, await turn.services.attendance.declare_no_quorum(turn.seat, action.meeting))
    except QuorumError:
        return texts.quorum_reached()


async def start_period(turn: Turn) -> Reply:
    """Show who attended how often."""
    return await _period(turn, 0)


async def turn_page(turn: Turn, action: ShowAttendances) -> Reply:
    """Show another page of who attended how often."""
    return await _period(turn, action.page)


async def _period(turn: Turn, page: int) -> Reply:
    everybody = turn.seat.may(Permission.READ_ATTENDANCE)
    period = await turn.services.attendance.period(turn.seat, everybody=everybody)
    return texts.attendances(turn.seat.commission_id, period, page, everybody=everybody)


FAMILY = Family(
    commands=(
        Command("asistencia", Permission.CONVENE, start),
        Command("asistencias", Permission.READ_CALENDAR, start_period),
    ),
    taps=(
        Tap(ShowRoll, Permission.CONVENE, _careful(show)),
        Tap(MarkAttendance, Permission.CONVENE, _careful(mark)),
        Tap(MarkRest, Permission.CONVENE, _careful(mark_rest)),
        Tap(AskArrival, Permission.CONVENE, _careful(ask_arrival)),
        Tap(DeclareQuorum, Permission.CONVENE, _careful(declare_quorum)),
        Tap(AskNoQuorum, Permission.CONVENE, _careful(ask_no_quorum)),
        Tap(DeclareNoQuorum, Permission.CONVENE, _careful(declare_no_quorum)),
        Tap(ShowAttendances, Permission.READ_CALENDAR, turn_page),
    ),
    answers=(Answer(ARRIVAL, Permission.CONVENE, take_arrival),),
)
