"""«Notificada por otro medio»: whom, by which means and when."""

from datetime import datetime

from pydantic import TypeAdapter

from handlers.turn import Answer, Family, Reply, Tap, Turn
from prep_bot.domain.name import clean
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_date import Ambiguous, Exact, Impossible, Incomplete, Reason, read_past
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.convocations import MEANS_LIMIT, NotInForceError
from prep_bot.texts import boards as board_texts
from prep_bot.texts import telling as texts
from prep_bot.texts.actions.convening import ChooseTold, RecordTold

MEANS = "telling.means"
TOLD_AT = "telling.told_at"

_GIVEN = TypeAdapter(Incomplete)


async def choose_told(turn: Turn, action: ChooseTold) -> Reply:
    """Ask who was notified by other means."""
    try:
        return texts.choose_told(await turn.services.boards.of(turn.seat, action.convocation))
    except NoSuchConvocationError:
        return board_texts.no_such_board()


async def record_told(turn: Turn, action: RecordTold) -> Reply:
    """Ask by which means."""
    try:
        view = await turn.services.boards.of(turn.seat, action.convocation)
    except NoSuchConvocationError:
        return board_texts.no_such_board()
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
    taps=(
        Tap(ChooseTold, Permission.CONVENE, choose_told),
        Tap(RecordTold, Permission.CONVENE, record_told),
    ),
    answers=(
        Answer(MEANS, Permission.CONVENE, take_means),
        Answer(TOLD_AT, Permission.CONVENE, take_told_at),
    ),
)
