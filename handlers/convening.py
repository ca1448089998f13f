"""/convocar: preview, convene, note who was notified by other means; and «Acusar recibo»."""

from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from handlers.drafting import proceed
from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.draft import Draft, Purpose
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.name import clean
from prep_bot.domain.quiet import after_quiet
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_date import Ambiguous, Exact, Impossible, Incomplete, Reason, read_past
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.calendar import ChangedMeanwhileError, PastError
from prep_bot.services.convocations import MEANS_LIMIT, NotInForceError, Preview, TermReasonError
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import convening as texts
from prep_bot.texts import meetings as meeting_texts
from prep_bot.texts.actions.answers import Acknowledge
from prep_bot.texts.actions.convening import ChooseTold, Convene, PreviewConvocation, RecordTold

MEANS = "convening.means"
TOLD_AT = "convening.told_at"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_GIVEN = TypeAdapter(Incomplete)


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
    now, rules = turn.services.clock.now(), turn.seat.rules
    morning = after_quiet(now, rules.quiet_hours, rules.zone)
    return morning if now < morning < (meeting.starts_at or now) else None


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
    now, rules = turn.services.clock.now(), turn.seat.rules
    sends_at = after_quiet(now, rules.quiet_hours, rules.zone) if action.in_the_morning else now
    try:
        convocation_id = await turn.services.convocations.convene(
            turn.seat, meeting.id, shown.since, sends_at, turn.message_id, agenda=shown.particulars.agenda_stamp
        )
    except TermReasonError:
        return await proceed(turn, _late(turn, shown, in_the_morning=action.in_the_morning))
    except (ChangedMeanwhileError, PastError):
        return await _changed(turn, action.meeting)
    return texts.board(await turn.services.boards.of(turn.seat, convocation_id), rules.zone)


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
        return texts.board(board, turn.seat.rules.zone)
    return texts.changed(await _meeting(turn, meeting_id))


async def acknowledge(turn: Turn, action: Acknowledge) -> Reply:
    """Record that the person acknowledges; a second tap finds the first one's hour."""
    try:
        done = await turn.services.convocations.acknowledge(turn.actor, action.convocation)
    except NotInForceError:
        successor = await turn.services.versions.successor(turn.actor, action.convocation)
        return texts.superseded(successor) if successor else texts.not_in_force()
    seat = next(seat for seat in turn.actor.seats if seat.commission_id == done.meeting.commission_id)
    return texts.acknowledged(done, seat.rules.zone, action.encode())


async def choose_told(turn: Turn, action: ChooseTold) -> Reply:
    """Ask who was notified by other means."""
    try:
        return texts.choose_told(await turn.services.boards.of(turn.seat, action.convocation))
    except NoSuchConvocationError:
        return texts.no_such_board()


async def record_told(turn: Turn, action: RecordTold) -> Reply:
    """Ask by which means."""
    try:
        view = await turn.services.boards.of(turn.seat, action.convocation)
    except NoSuchConvocationError:
        return texts.no_such_board()
    name = next((person.name for person in view.to_tell if person.person_id == action.person), None)
    if name is None:
        return texts.no_more_to_tell()
    await turn.services.dialogues.begin(
        turn.actor.person_id,
        MEANS,
        commission=turn.seat.commission_id,
        convocation=action.convocation,
        person=action.person,
        name=name,
    )
    return texts.ask_means(name)


async def take_means(turn: Turn) -> Reply:
    """Take the means, and ask when."""
    means = clean(turn.argument)
    if not means:
        return texts.ask_means(turn.data["name"])
    if len(means) > MEANS_LIMIT:
        return texts.means_too_long()
    await turn.services.dialogues.begin(turn.actor.person_id, TOLD_AT, **turn.data, means=means)
    return texts.ask_told_when(means)


async def take_told_at(turn: Turn) -> Reply:
    """Take the hour; ask for what it lacks, or which of several was meant."""
    zone = turn.seat.rules.zone
    given = _GIVEN.validate_python(turn.data.get("given", {}))
    reading = read_past(turn.argument, turn.services.clock.now(), zone, given)
    match reading:
        case Exact(at):
            return await _told(turn, at)
        case Incomplete():
            draft = turn.data | {"given": _GIVEN.dump_python(reading, mode="json")}
            await turn.services.dialogues.begin(turn.actor.person_id, TOLD_AT, **draft)
            return texts.ask_told_hour(reading.days) if reading.days else texts.ask_told_day()
        case Ambiguous(choices):
            return texts.ask_told_which(choices, zone)
        case Impossible(Reason.FUTURE):
            return texts.told_in_the_future()
        case _:
            return texts.told_when_unclear()


async def _told(turn: Turn, at: datetime) -> Reply:
    """Record the notification; the dialogue is over, however it went."""
    convocation_id, means = turn.data["convocation"], turn.data["means"]
    await turn.services.dialogues.end(turn.actor.person_id)
    try:
        await turn.services.convocations.told(turn.seat, convocation_id, turn.data["person"], at, means)
    except NotInForceError:
        return texts.no_more_to_tell()
    zone = turn.seat.rules.zone
    return texts.told(turn.seat.commission_id, convocation_id, turn.data["name"], means, at, zone)


FAMILY = Family(
    commands=(Command("convocar", Permission.CONVENE, start),),
    taps=(
        Tap(PreviewConvocation, Permission.CONVENE, preview),
        Tap(Convene, Permission.CONVENE, convene),
        Tap(ChooseTold, Permission.CONVENE, choose_told),
        Tap(RecordTold, Permission.CONVENE, record_told),
        Tap(Acknowledge, Permission.READ_INVITED_MEETINGS, acknowledge),
    ),
    answers=(
        Answer(MEANS, Permission.CONVENE, take_means),
        Answer(TOLD_AT, Permission.CONVENE, take_told_at),
    ),
)
