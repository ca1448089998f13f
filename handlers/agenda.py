"""/orden: the agenda of a session, and drawing it up point by point."""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.agenda import POINT_LENGTH, StandardPoint, read_points
from prep_bot.domain.name import clean
from prep_bot.domain.role import Permission
from prep_bot.services.agenda import ClosedAgendaError, NoSuchAgendaError
from prep_bot.services.meetings import MeetingView
from prep_bot.services.points import AgendaChangedError, TooManyPointsError
from prep_bot.texts import agenda as texts
from prep_bot.texts import meetings as meeting_texts
from prep_bot.texts.actions.agenda import (
    AddStandardPoint,
    AskPoints,
    CarryPoint,
    DrawUpAgenda,
    EditPoint,
    MarkUnfinished,
    MovePoint,
    RemovePoint,
    RestorePoint,
    ShowAgenda,
    ShowPoint,
    ShowUnfinished,
)
from prep_bot.texts.message import Message
from prep_bot.texts.words import standard_point_name

POINTS = "agenda.points"
WORDS = "agenda.words"

_Run = Callable[[Turn, Any], Awaitable[Reply]]


async def start(turn: Turn) -> Reply:
    """Show the agenda of the session with that number; without one, of the next session."""
    meetings = turn.services.meetings
    if turn.number is None:
        meeting = await meetings.next(turn.seat)
        return await shown(turn, meeting) if meeting else texts.none_to_come()
    meeting = await meetings.numbered(turn.seat, turn.number)
    return await shown(turn, meeting) if meeting else meeting_texts.no_such_meeting(turn.number)


async def open_agenda(turn: Turn, action: ShowAgenda) -> Reply:
    """Show an agenda; whoever was asked for points has said all there was to say."""
    waiting = await turn.services.dialogues.awaited(turn.actor.person_id)
    if waiting is not None and waiting.topic == POINTS:
        await turn.services.dialogues.end(turn.actor.person_id)
    meeting = await turn.services.meetings.numbered(turn.seat, action.number)
    return await shown(turn, meeting, action.page) if meeting else meeting_texts.no_such_meeting(action.number)


async def shown(turn: Turn, meeting: MeetingView, page: int = 0) -> Message:
    """Return a session's agenda as this person may see it here."""
    view = await turn.services.agendas.of(turn.seat, meeting, publicly=turn.in_group)
    return texts.agenda(view, turn.seat.rules.zone, page, in_group=turn.in_group)


async def _of(turn: Turn, meeting_id: int) -> Message:
    meeting = next((m for m in await turn.services.meetings.of([turn.seat]) if m.id == meeting_id), None)
    if meeting is None:
        raise NoSuchAgendaError
    return await shown(turn, meeting)


def _explained(run: _Run) -> _Run:
    """Return a button's handler that says why nothing could be done."""

    async def tapped(turn: Turn, action: Any) -> Reply:
        try:
            return await run(turn, action)
        except NoSuchAgendaError:
            return texts.gone()
        except ClosedAgendaError:
            return texts.closed()
        except AgendaChangedError:
            return texts.changed()
        except TooManyPointsError:
            return texts.too_many()

    return tapped


async def _draw_up(turn: Turn, action: DrawUpAgenda) -> Reply:
    words = {point: str(standard_point_name(point)) for point in StandardPoint}
    await turn.services.points.draw_up(turn.seat, action.meeting, words)
    return await _of(turn, action.meeting)


async def _ask_points(turn: Turn, action: AskPoints) -> Reply:
    return await _offer(turn, action.meeting)


async def _offer(turn: Turn, meeting_id: int) -> Reply:
    """Offer points, and wait for others to be written."""
    offer = await turn.services.agendas.offer(turn.seat, meeting_id)
    await turn.services.dialogues.begin(
        turn.actor.person_id, POINTS, commission=turn.seat.commission_id, meeting=meeting_id
    )
    return texts.ask_points(offer)


async def _add_standard(turn: Turn, action: AddStandardPoint) -> Reply:
    words = str(standard_point_name(action.standard))
    await turn.services.points.add(turn.seat, action.meeting, [words], standard=action.standard)
    return await _offer(turn, action.meeting)


async def _carry(turn: Turn, action: CarryPoint) -> Reply:
    await turn.services.points.carry(turn.seat, action.meeting, action.point)
    return await _offer(turn, action.meeting)


async def take_points(turn: Turn) -> Reply:
    """Add the points that were written, one a line; all or none."""
    points = read_points(turn.argument)
    if any(len(point) > POINT_LENGTH for point in points):
        return texts.too_long(points)
    try:
        if points:
            await turn.services.points.add(turn.seat, turn.data["meeting"], points)
        await turn.services.dialogues.end(turn.actor.person_id)
        return await _of(turn, turn.data["meeting"])
    except TooManyPointsError:
        return texts.too_many()
    except NoSuchAgendaError:
        return await _over(turn, texts.gone())
    except ClosedAgendaError:
        return await _over(turn, texts.closed())


async def _over(turn: Turn, reply: Reply) -> Reply:
    await turn.services.dialogues.end(turn.actor.person_id)
    return reply


async def _show_point(turn: Turn, action: ShowPoint) -> Reply:
    return texts.point(await turn.services.agendas.point(turn.seat, action.point))


async def _edit(turn: Turn, action: EditPoint) -> Reply:
    point = await turn.services.agendas.point(turn.seat, action.point)
    await turn.services.dialogues.begin(
        turn.actor.person_id, WORDS, commission=turn.seat.commission_id, point=point.id, seen=point.text
    )
    return texts.ask_words(point)


async def take_words(turn: Turn) -> Reply:
    """Give the point the words that were written."""
    words = clean(turn.argument)
    if len(words) > POINT_LENGTH:
        return texts.too_long([words])
    try:
        if not words:
            return texts.ask_words(await turn.services.agendas.point(turn.seat, turn.data["point"]))
        point = await turn.services.points.edit(turn.seat, turn.data["point"], turn.data["seen"], words)
    except NoSuchAgendaError:
        return await _over(turn, texts.gone())
    except ClosedAgendaError:
        return await _over(turn, texts.closed())
    except AgendaChangedError:
        return await _over(turn, texts.changed())
    return await _over(turn, texts.point(point))


async def _move(turn: Turn, action: MovePoint) -> Reply:
    return texts.point(await turn.services.points.shift(turn.seat, action.point, action.place, up=action.up))


async def _remove(turn: Turn, action: RemovePoint) -> Reply:
    point = await turn.services.points.remove(turn.seat, action.point)
    return texts.removed(point, await _of(turn, point.meeting.id))


async def _restore(turn: Turn, action: RestorePoint) -> Reply:
    return texts.point(await turn.services.points.restore(turn.seat, action.point))


async def _show_unfinished(turn: Turn, action: ShowUnfinished) -> Reply:
    meeting, points = await turn.services.points.held_points(turn.seat, action.meeting)
    return texts.unfinished(meeting, points, action.page)


async def _mark(turn: Turn, action: MarkUnfinished) -> Reply:
    meeting, points = await turn.services.points.mark(turn.seat, action.point, unfinished=action.wanted)
    return texts.unfinished(meeting, points, action.page)


FAMILY = Family(
    commands=(Command("orden", Permission.READ_INVITED_MEETINGS, start, in_group=True),),
    taps=(
        Tap(ShowAgenda, Permission.READ_INVITED_MEETINGS, open_agenda, in_group=True),
        Tap(DrawUpAgenda, Permission.CONVENE, _explained(_draw_up)),
        Tap(AskPoints, Permission.CONVENE, _explained(_ask_points)),
        Tap(AddStandardPoint, Permission.CONVENE, _explained(_add_standard)),
        Tap(CarryPoint, Permission.CONVENE, _explained(_carry)),
        Tap(ShowPoint, Permission.CONVENE, _explained(_show_point)),
        Tap(EditPoint, Permission.CONVENE, _explained(_edit)),
        Tap(MovePoint, Permission.CONVENE, _explained(_move)),
        Tap(RemovePoint, Permission.CONVENE, _explained(_remove)),
        Tap(RestorePoint, Permission.CONVENE, _explained(_restore)),
        Tap(ShowUnfinished, Permission.CONVENE, _explained(_show_unfinished)),
        Tap(MarkUnfinished, Permission.CONVENE, _explained(_mark)),
    ),
    answers=(
        Answer(POINTS, Permission.CONVENE, take_points, optional=True),
        Answer(WORDS, Permission.CONVENE, take_words),
    ),
)
