"""/convocar: the preview, and convening."""

from datetime import UTC, datetime, timedelta

from handlers.drafting import proceed
from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.draft import Draft, Purpose
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.role import Permission
from prep_bot.services.calendar import ChangedMeanwhileError, PastError
from prep_bot.services.convocations import Preview, TermReasonError
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import boards as board_texts
from prep_bot.texts import convening as texts
from prep_bot.texts import meetings as meeting_texts
from prep_bot.texts.actions.convening import Convene, PreviewConvocation

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


async def start(turn: Turn) -> Reply:
    """Ask which session; of the only one, or the one with the given number, show the preview."""
    meetings = await turn.services.meetings.of([turn.seat])
    ready = [meeting for meeting in meetings if _can_be_convened(turn, meeting)]
    if turn.number is None:
        if len(ready) == 1:
            return await _preview(turn, ready[0].id)
        return texts.choose(turn.seat.commission_id, ready, turn.seat.rules.zone)
    named = next((meeting for meeting in meetings if meeting.number == turn.number), None)
    return await _preview(turn, named.id) if named else meeting_texts.no_such_meeting(turn.number)


def _can_be_convened(turn: Turn, meeting: MeetingView) -> bool:
    dated = meeting.state is MeetingState.SCHEDULED and meeting.starts_at is not None
    return dated and (meeting.starts_at or meeting.since) > turn.services.clock.now()


async def preview(turn: Turn, action: PreviewConvocation) -> Reply:
    """Show exactly what each person will receive."""
    return await _preview(turn, action.meeting)


async def _preview(turn: Turn, meeting_id: int) -> Reply:
    meeting = await _meeting(turn, meeting_id)
    if meeting is None:
        return texts.changed(None)
    if not _can_be_convened(turn, meeting):
        latest = await turn.services.convocations.latest(turn.seat, meeting_id)
        agenda = await turn.services.agendas.of(turn.seat, meeting)
        return texts.not_to_convene(meeting, latest, untold=agenda.untold)
    try:
        shown = await turn.services.convocations.preview(turn.seat, meeting_id)
    except ChangedMeanwhileError:
        return await _changed(turn, meeting_id)
    now, rules = turn.services.clock.now(), turn.seat.rules
    morning = _morning(turn, shown.meeting)
    grouped = await turn.services.groups.of(turn.seat.commission_id) is not None
    concerns = await turn.services.clashes.around(turn.seat, meeting_id, shown.meeting.starts_at or now)
    return texts.preview(shown, concerns, _stamp(shown), now, rules, grouped=grouped, morning=morning)


def _morning(turn: Turn, meeting: MeetingView) -> datetime | None:
    """Return when the quiet hours end, if it is quiet now and the convocation can wait for that."""
    morning = turn.morning
    return morning if morning and meeting.starts_at and morning < meeting.starts_at else None


def _stamp(shown: Preview) -> int:
    """Name what was shown, the session's state and its agenda, by a number that fits in a button."""
    return ((shown.since - _EPOCH) // _MICROSECOND + shown.particulars.agenda_stamp) % 10**9


async def _meeting(turn: Turn, meeting_id: int) -> MeetingView | None:
    return next((m for m in await turn.services.meetings.of([turn.seat]) if m.id == meeting_id), None)


async def convene(turn: Turn, action: Convene) -> Reply:
    """Convene; the message that showed the preview becomes the board. What was previewed by day is, at night, anew."""
    meeting = await _meeting(turn, action.meeting)
    try:
        shown = await turn.services.convocations.preview(turn.seat, action.meeting)
    except ChangedMeanwhileError:
        return await _changed(turn, action.meeting)
    if meeting is None or _stamp(shown) != action.seen:
        return texts.changed(meeting)
    if _morning(turn, meeting) and not action.at_night:
        return await _preview(turn, meeting.id)
    now = turn.services.clock.now()
    sends_at = (turn.morning or now) if action.in_the_morning else now
    try:
        convocation_id = await turn.services.convocations.convene(
            turn.seat, meeting.id, shown.since, sends_at, turn.message_id, agenda=shown.particulars.agenda_stamp
        )
    except TermReasonError:
        return await proceed(turn, _late(turn, shown, in_the_morning=action.in_the_morning))
    except (ChangedMeanwhileError, PastError):
        return await _changed(turn, action.meeting)
    return board_texts.board(await turn.services.boards.of(turn.seat, convocation_id), turn.seat.rules.zone)


def _late(turn: Turn, shown: Preview, *, in_the_morning: bool) -> Draft:
    """Return what remains to be settled of a session that is convened too late: why, and whether at all."""
    return Draft(
        commission=turn.seat.commission_id,
        purpose=Purpose.CONVENE,
        meeting=shown.meeting.id,
        seen=shown.since,
        agenda=shown.particulars.agenda_stamp,
        in_the_morning=in_the_morning,
    )


async def _changed(turn: Turn, meeting_id: int) -> Reply:
    """Say that nothing was done; to a second tap on what convened, show again what the first one brought about."""
    if board := await turn.services.boards.shown_by(turn.seat, turn.message_id):
        return board_texts.board(board, turn.seat.rules.zone)
    return texts.changed(await _meeting(turn, meeting_id))


FAMILY = Family(
    commands=(Command("convocar", Permission.CONVENE, start),),
    taps=(
        Tap(PreviewConvocation, Permission.CONVENE, preview),
        Tap(Convene, Permission.CONVENE, convene),
    ),
)
