"""What becomes of a draft once all is settled: a session is dated, added, moved, called off or closed."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from handlers.turn import Reply, Turn
from prep_bot.domain.draft import Draft, Purpose
from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.outlook import Outlook, outlook
from prep_bot.domain.term import TermCheck, check
from prep_bot.services.calendar import Appointment, ChangedMeanwhileError, PastError
from prep_bot.services.clashes import Concerns
from prep_bot.services.convocations import Recipients
from prep_bot.services.meetings import MeetingView
from prep_bot.services.petitions import NotForConveningError
from prep_bot.texts import boards as board_texts
from prep_bot.texts import changing as texts
from prep_bot.texts import convening as convening_texts
from prep_bot.texts import petitions as petition_texts
from prep_bot.texts import scheduling as scheduling_texts


async def carry_out(turn: Turn, draft: Draft) -> Reply:
    """Do what is settled. The dialogue ends first: what is cut short is not done twice by another tap.

    Raises PastError, ChangedMeanwhileError.
    """
    await turn.services.dialogues.end(turn.actor.person_id)
    return await _DEEDS[draft.purpose](turn, draft)


async def confirmation(turn: Turn, draft: Draft, meeting: MeetingView | None) -> Reply:
    """Ask whether to do what is settled, with all that it will cause. Without a session: one is to be added."""
    now, zone = turn.services.clock.now(), turn.seat.rules.zone
    if meeting is None:
        view = _outlook(turn, draft, MeetingKind.URGENT if draft.urgent else MeetingKind.EXTRAORDINARY, 1)
        return scheduling_texts.confirm_extraordinary(draft, view, await _concerns(turn, draft), now, zone)
    if draft.purpose is Purpose.CONVENE:
        return convening_texts.confirm_late(draft, meeting, convening_term(turn, draft, meeting), zone)
    reach = await _reach(turn, draft, meeting.id)
    pending = await turn.services.versions.pending(turn.seat, meeting.id)
    if pending is not None and draft.purpose in {Purpose.MOVE, Purpose.AMEND}:
        view = _outlook(turn, draft, meeting.kind, meeting.call, meeting.starts_at)
        concerns = await _concerns(turn, draft) if draft.purpose is Purpose.MOVE else None
        return texts.confirm_change(draft, pending, reach, view, concerns, zone)
    return texts.confirm_call_off(draft, meeting, reach, zone)


async def _date(turn: Turn, draft: Draft) -> Reply:
    meeting = await turn.services.calendar.appoint(turn.seat, *draft.target, _appointment(draft))
    return await _dated(turn, draft, meeting)


async def _add(turn: Turn, draft: Draft) -> Reply:
    try:
        meeting = await turn.services.calendar.add_extraordinary(
            turn.seat,
            draft.subject or "",
            _appointment(draft),
            urgency=draft.urgency or "" if draft.urgent else "",
            petition_id=draft.petition,
        )
    except NotForConveningError:
        return petition_texts.not_for_convening()
    return await _dated(turn, draft, meeting)


async def _dated(turn: Turn, draft: Draft, meeting: MeetingView) -> Reply:
    view = _outlook(turn, draft, meeting.kind, meeting.call)
    concerns = await turn.services.clashes.around(turn.seat, meeting.id, meeting.starts_at or meeting.since)
    return scheduling_texts.dated(meeting, view, concerns, turn.services.clock.now(), turn.seat.rules.zone)


async def _move(turn: Turn, draft: Draft) -> Reply:
    """Move the session; the message in which that was confirmed becomes the board of its acknowledgements."""
    moved = await turn.services.calendar.move(
        turn.seat,
        *draft.target,
        _appointment(draft),
        draft.reason or "",
        turn.message_id,
        correction=draft.correction or False,
        agenda=draft.agenda,
    )
    return await _board(turn, moved)


async def _amend(turn: Turn, draft: Draft) -> Reply:
    """Tell what changed; the message in which that was confirmed becomes the board of its acknowledgements."""
    amended = await turn.services.calendar.amend(
        turn.seat,
        *draft.target,
        draft.agenda or 0,
        draft.reason or "",
        turn.message_id,
        correction=draft.correction or False,
    )
    return await _board(turn, amended)


async def _board(turn: Turn, meeting: MeetingView) -> Reply:
    convocation = await turn.services.convocations.latest(turn.seat, meeting.id)
    if convocation is None:
        raise ChangedMeanwhileError
    return board_texts.board(await turn.services.boards.of(turn.seat, convocation), turn.seat.rules.zone)


async def _call_off(turn: Turn, draft: Draft) -> Reply:
    meeting_id, seen = draft.target
    reach = await _reach(turn, draft, meeting_id)
    defer = draft.purpose is Purpose.DEFER
    meeting = await turn.services.calendar.call_off(turn.seat, meeting_id, seen, draft.reason or "", defer=defer)
    return texts.called_off(draft, meeting, reach)


async def _close(turn: Turn, draft: Draft) -> Reply:
    meeting = await turn.services.calendar.close(turn.seat, *draft.target, draft.reason or "")
    return texts.closed(draft, meeting)


async def _convene(turn: Turn, draft: Draft) -> Reply:
    """Convene for the reason given; the message in which that was confirmed becomes the board."""
    meeting_id, seen = draft.target
    try:
        convocation = await turn.services.convocations.convene(
            turn.seat,
            meeting_id,
            seen,
            _sending_instant(turn, draft),
            turn.message_id,
            draft.reason or "",
            agenda=draft.agenda,
        )
    except PastError as error:
        raise ChangedMeanwhileError from error
    return board_texts.board(await turn.services.boards.of(turn.seat, convocation), turn.seat.rules.zone)


def convening_term(turn: Turn, draft: Draft, meeting: MeetingView) -> TermCheck:
    """Return how a dated session stands with its term if it is convened as the draft says."""
    sends_at = _sending_instant(turn, draft)
    return check(turn.seat.rules, meeting.kind, meeting.call, meeting.starts_at or sends_at, sends_at)


def _sending_instant(turn: Turn, draft: Draft) -> datetime:
    """Return when a convocation goes out: now, or when the quiet hours end."""
    now = turn.services.clock.now()
    return (turn.morning or now) if draft.in_the_morning else now


_DEEDS: dict[Purpose, Callable[[Turn, Draft], Awaitable[Reply]]] = {
    Purpose.DATE: _date,
    Purpose.ADD: _add,
    Purpose.MOVE: _move,
    Purpose.AMEND: _amend,
    Purpose.DEFER: _call_off,
    Purpose.CANCEL: _call_off,
    Purpose.CLOSE: _close,
    Purpose.CONVENE: _convene,
}


def _appointment(draft: Draft) -> Appointment:
    if draft.starts_at is None or draft.venue is None:
        raise ValueError("when or where is not settled yet")
    return Appointment(draft.starts_at, draft.venue.modality, draft.venue.place, draft.venue.link)


def _outlook(turn: Turn, draft: Draft, kind: MeetingKind, call: int, stays_at: datetime | None = None) -> Outlook:
    now = turn.services.clock.now()
    return outlook(turn.seat.rules, kind, call, draft.starts_at or stays_at or now, now)


async def _concerns(turn: Turn, draft: Draft) -> Concerns:
    return await turn.services.clashes.around(turn.seat, draft.meeting, draft.starts_at or turn.services.clock.now())


async def _reach(turn: Turn, draft: Draft, meeting_id: int) -> Recipients:
    deferred = None if draft.purpose is Purpose.MOVE else draft.purpose is Purpose.DEFER
    return await turn.services.convocations.recipients(turn.seat, meeting_id, deferred=deferred)
