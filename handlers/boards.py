"""/tablero: the board of a convocation; and «Mantener», when its quorum is at risk."""

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.role import Permission
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.convocations import NotInForceError
from prep_bot.texts import acknowledging as acknowledging_texts
from prep_bot.texts import boards as texts
from prep_bot.texts import meetings as meeting_texts
from prep_bot.texts.actions.answers import ChangeModality, KeepMeeting
from prep_bot.texts.actions.calendar import DeferMeeting
from prep_bot.texts.actions.convening import ShowBoard


async def start(turn: Turn) -> Reply:
    """Show the board of the session with the given number; without one, of the only one that is convened."""
    meetings = await turn.services.meetings.of([turn.seat])
    if turn.number is not None:
        named = next((meeting for meeting in meetings if meeting.number == turn.number), None)
        if named is None:
            return meeting_texts.no_such_meeting(turn.number)
        convocation = await turn.services.convocations.latest(turn.seat, named.id)
        return await _board(turn, convocation) if convocation is not None else texts.never_convened(named)
    under_way = {MeetingState.CONVENED, MeetingState.IN_SESSION}
    shown = []
    for meeting in (m for m in meetings if m.state in under_way):
        convocation = await turn.services.convocations.latest(turn.seat, meeting.id)
        if convocation is not None:
            shown.append((meeting, convocation))
    if len(shown) == 1:
        return await _board(turn, shown[0][1])
    return texts.choose_board(turn.seat.commission_id, shown, turn.seat.rules.zone)


async def _board(turn: Turn, convocation_id: int) -> Reply:
    return texts.board(await turn.services.boards.of(turn.seat, convocation_id), turn.seat.rules.zone)


async def show(turn: Turn, action: ShowBoard) -> Reply:
    """Show a board; where it takes a message's place, keep that one up to date from now on."""
    boards = turn.services.boards
    try:
        if turn.message_id:
            view = await boards.follow(turn.seat, action.convocation, turn.message_id)
        else:
            view = await boards.of(turn.seat, action.convocation)
    except NoSuchConvocationError:
        return texts.no_such_board()
    return texts.board(view, turn.seat.rules.zone)


async def keep(turn: Turn, action: KeepMeeting) -> Reply:
    """Record that the session is kept as it is; the alert's choices go."""
    try:
        kept = await turn.services.answers.keep(turn.seat, action.convocation, action.risk)
    except NotInForceError:
        return acknowledging_texts.not_in_force()
    ids = (kept.meeting.commission_id, kept.meeting.id)
    others = (DeferMeeting(*ids).encode(), ChangeModality(*ids).encode())
    return texts.kept(kept.meeting, kept.at, turn.seat.rules.zone, action.encode(), others)


FAMILY = Family(
    commands=(Command("tablero", Permission.CONVENE, start),),
    taps=(
        Tap(ShowBoard, Permission.CONVENE, show),
        Tap(KeepMeeting, Permission.CONVENE, keep),
    ),
)
