"""/registrar."""

from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.role import Permission
from prep_bot.services.progress import NOTE_LIMIT, OvertakenError, TooLateError, UnknownActivityError
from prep_bot.texts import activities as activity_texts
from prep_bot.texts import progress as texts
from prep_bot.texts.actions.plan import ChooseActivity, ChooseState, RecordProgress, UndoProgress

NOTE = "progress.note"


async def start(turn: Turn) -> Reply:
    """Ask which activity, or with its number, which state."""
    if turn.number is not None:
        last = len(await turn.services.activities.of([turn.seat.commission_id]))
        return await _states(turn, turn.number) or activity_texts.no_such_activity(turn.number, last)
    month = Month.of(local_day(turn.services.clock.now(), turn.seat.rules.zone))
    return await _activities(turn, month, 0)


async def choose_activity(turn: Turn, action: ChooseActivity) -> Reply:
    """Show another page of the activities to choose from, in place."""
    return await _activities(turn, action.month, action.page)


async def _activities(turn: Turn, month: Month | None, page: int) -> Reply:
    views = await turn.services.activities.of([turn.seat.commission_id])
    today = local_day(turn.services.clock.now(), turn.seat.rules.zone)
    return texts.choose_activity(turn.seat.commission_id, views, today, month, page)


async def choose_state(turn: Turn, action: ChooseState) -> Reply:
    """Ask in which state the activity is."""
    return await _states(turn, action.number) or texts.no_such_activity()


async def _states(turn: Turn, number: int, *, overtaken: bool = False) -> Reply:
    view = await turn.services.activities.numbered(turn.seat.commission_id, number)
    return texts.choose_state(view, overtaken=overtaken) if view else None


async def record(turn: Turn, action: RecordProgress) -> Reply:
    """Record the state at once; a note may follow."""
    try:
        entry = await turn.services.progress.record(turn.seat, action.number, action.state, after=action.after)
    except UnknownActivityError:
        return texts.no_such_activity()
    except OvertakenError:
        return await _states(turn, action.number, overtaken=True)
    if not entry.note:
        await turn.services.dialogues.begin(
            turn.actor.person_id, NOTE, commission=turn.seat.commission_id, entry=entry.entry_id
        )
    return texts.recorded(turn.seat.commission_id, entry)


async def add_note(turn: Turn) -> Reply:
    """Add the note that was awaited."""
    if len(turn.argument) > NOTE_LIMIT:
        return texts.note_too_long(len(turn.argument))
    await turn.services.dialogues.end(turn.actor.person_id)
    try:
        entry = await turn.services.progress.annotate(turn.seat, turn.data["entry"], turn.argument)
    except TooLateError:
        return texts.note_too_late()
    return texts.recorded(turn.seat.commission_id, entry)


async def undo(turn: Turn, action: UndoProgress) -> Reply:
    """Take back the last entry."""
    try:
        number = await turn.services.progress.undo(turn.seat, action.entry)
    except TooLateError:
        return texts.too_late()
    await turn.services.dialogues.end(turn.actor.person_id)
    view = await turn.services.activities.numbered(turn.seat.commission_id, number)
    return texts.undone(view) if view else texts.no_such_activity()


FAMILY = Family(
    commands=(Command("registrar", Permission.RECORD_PROGRESS, start),),
    taps=(
        Tap(ChooseActivity, Permission.RECORD_PROGRESS, choose_activity),
        Tap(ChooseState, Permission.RECORD_PROGRESS, choose_state),
        Tap(RecordProgress, Permission.RECORD_PROGRESS, record),
        Tap(UndoProgress, Permission.RECORD_PROGRESS, undo),
    ),
    answers=(Answer(NOTE, Permission.RECORD_PROGRESS, add_note, optional=True),),
)
