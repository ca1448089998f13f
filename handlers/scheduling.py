"""/fijar, /extraordinaria, and what /sesion offers to do with a session: where the dialogue about it begins."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from handlers.calendar import card
from handlers.drafting import find_meeting, proceed, take_date, take_words, venue_of
from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.draft import Draft, Purpose, Question, Venue
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_date import Impossible, Reason, read_date
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import changing as changing_texts
from prep_bot.texts import meetings as meeting_texts
from prep_bot.texts import rolls as roll_texts
from prep_bot.texts import scheduling as texts
from prep_bot.texts.actions.answers import ChangeModality
from prep_bot.texts.actions.calendar import CancelMeeting, CloseMeeting, DateMeeting, DeferMeeting, MoveMeeting
from prep_bot.texts.actions.convening import TellChanges

WHICH = "scheduling.which"
"""The date is written, and the session to be chosen."""

_NUMBER_AND_DATE = re.compile(r"(?:sesi[oó]n\s+)?(\d{1,3})(?!\S)\s*(.*)", re.DOTALL | re.IGNORECASE)

_DATED = frozenset({MeetingState.SCHEDULED, MeetingState.CONVENED})
_BEFORE_CONVENING = frozenset(state for state in MeetingState if state.before_convening)
_OPEN_TO = {
    Purpose.DATE: _BEFORE_CONVENING,
    Purpose.MOVE: {MeetingState.CONVENED},
    Purpose.AMEND: {MeetingState.CONVENED},
    Purpose.DEFER: _DATED,
    Purpose.CANCEL: _DATED | _BEFORE_CONVENING,
    Purpose.CLOSE: _DATED | {MeetingState.IN_SESSION},
}


async def start(turn: Turn) -> Reply:
    """Ask which session gets its date; after its number, the date; after both, whether that is right."""
    named = _NUMBER_AND_DATE.fullmatch(turn.argument)
    number, date = (int(named[1]), named[2]) if named else (None, turn.argument)
    meetings = await turn.services.meetings.of([turn.seat])
    meeting = next((meeting for meeting in meetings if meeting.number == number), None)
    if meeting is not None and (not date or _is_date(turn, date)):
        return await _date(turn, meeting, date)
    if _is_date(turn, turn.argument):
        return await _choose(turn, meetings, turn.argument)
    if meeting is not None:
        return await _date(turn, meeting, date)
    return meeting_texts.no_such_meeting(number) if number is not None else await _choose(turn, meetings)


def _is_date(turn: Turn, written: str) -> bool:
    """Tell whether it says something of a date, possible or not."""
    reading = read_date(written, turn.services.clock.now(), turn.seat.rules.zone)
    return reading != Impossible(Reason.NOT_UNDERSTOOD)


async def _choose(turn: Turn, meetings: Sequence[MeetingView], date: str = "") -> Reply:
    """Ask which session gets its date; the one that was written meanwhile is kept."""
    open_ones = [meeting for meeting in meetings if meeting.state in _OPEN_TO[Purpose.DATE]]
    if date and open_ones:
        await turn.services.dialogues.begin(turn.actor.person_id, WHICH, commission=turn.seat.commission_id, date=date)
    return texts.choose_meeting(turn.seat.commission_id, open_ones, turn.seat.rules.zone, date)


async def chosen(turn: Turn) -> Reply:
    """Take a number for that of the session whose date was written; or else a date, for another command."""
    number = int(turn.argument) if turn.argument.strip().isdecimal() else None
    meetings = await turn.services.meetings.of([turn.seat])
    meeting = next((meeting for meeting in meetings if meeting.number == number), None)
    if meeting is not None:
        return await _date(turn, meeting, turn.data["date"])
    return await _choose(turn, meetings, turn.argument if _is_date(turn, turn.argument) else turn.data["date"])


async def _date(turn: Turn, meeting: MeetingView, date: str) -> Reply:
    draft = await _draft(turn, Purpose.DATE, meeting)
    if not date or meeting.state not in _OPEN_TO[Purpose.DATE]:
        return await _open(turn, draft, meeting)
    return await take_date(turn, draft, date)


async def tap_date(turn: Turn, action: DateMeeting) -> Reply:
    """Ask the date of that session, unless it was written before the session was chosen."""
    meeting = await find_meeting(turn, action.meeting)
    if meeting is None:
        return texts.gone()
    waiting = await turn.services.dialogues.awaited(turn.actor.person_id)
    if waiting is None or waiting.topic != WHICH or waiting.expired or waiting.data["commission"] != action.commission:
        return await _date(turn, meeting, "")
    return await _date(turn, meeting, waiting.data["date"])


async def start_extraordinary(turn: Turn) -> Reply:
    """Ask what an extraordinary session is about; with its topic, the date."""
    draft = await _draft(turn, Purpose.ADD, None)
    asked = await proceed(turn, draft)
    return await take_words(turn, draft, Question.SUBJECT, turn.argument) if turn.argument else asked


async def begin_petitioned(turn: Turn, petition_id: int, topic: str) -> Reply:
    """Ask the date of the extraordinary session that a majority asked for."""
    draft = await _draft(turn, Purpose.ADD, None)
    return await proceed(turn, draft.model_copy(update={"petition": petition_id, "subject": topic}))


def _begin(purpose: Purpose) -> Callable[[Turn, Any], Awaitable[Reply]]:
    async def begin(turn: Turn, action: MoveMeeting | DeferMeeting | CancelMeeting | TellChanges) -> Reply:
        meeting = await find_meeting(turn, action.meeting)
        if meeting is None:
            return texts.gone()
        # Of a session that is not convened nobody was told: it simply gets another date.
        moves = purpose is Purpose.MOVE and meeting.state is not MeetingState.CONVENED
        return await _open(turn, await _draft(turn, Purpose.DATE if moves else purpose, meeting), meeting)

    return begin


async def close(turn: Turn, action: CloseMeeting) -> Reply:
    """Ask for a remark on a session that was held; first, whether it was, if its roll has no quorum."""
    meeting = await find_meeting(turn, action.meeting)
    if meeting is None:
        return texts.gone()
    begun = meeting.starts_at is not None and meeting.starts_at <= turn.services.clock.now()
    if begun and not action.sure and meeting.state in {MeetingState.CONVENED, MeetingState.IN_SESSION}:
        roll = await turn.services.attendance.roll(turn.seat, meeting.id)
        if roll.lacks_quorum:
            return roll_texts.ask_close(roll)
    return await _open(turn, await _draft(turn, Purpose.CLOSE, meeting), meeting)


async def change_modality(turn: Turn, action: ChangeModality) -> Reply:
    """Begin to move a convened session on its own date: what is asked first is how it is attended."""
    meeting = await find_meeting(turn, action.meeting)
    if meeting is None:
        return texts.gone()
    draft = await _draft(turn, Purpose.MOVE, meeting)
    return await _open(turn, draft.model_copy(update={"starts_at": meeting.starts_at}), meeting)


async def _open(turn: Turn, draft: Draft, meeting: MeetingView) -> Reply:
    if meeting.state not in _OPEN_TO[draft.purpose]:
        return texts.not_now(await card(turn, meeting))
    now = turn.services.clock.now()
    to_come = meeting.state in _DATED and meeting.starts_at is not None and meeting.starts_at > now
    if draft.purpose is Purpose.CLOSE and to_come:
        return changing_texts.not_yet()
    return await proceed(turn, draft)


async def _draft(turn: Turn, purpose: Purpose, meeting: MeetingView | None) -> Draft:
    changes = meeting is not None and purpose in {Purpose.MOVE, Purpose.AMEND}
    pending = await turn.services.versions.pending(turn.seat, meeting.id) if meeting and changes else None
    return Draft(
        commission=turn.seat.commission_id,
        purpose=purpose,
        meeting=meeting.id if meeting else None,
        seen=meeting.since if meeting else None,
        kept=meeting.starts_at if meeting and meeting.state is not MeetingState.NO_QUORUM else None,
        offered=await _offered(turn, meeting),
        agenda=pending.after.agenda_stamp if pending else None,
        # What nobody was told yet is no correction: it goes out as it is.
        correction=False if pending and not pending.told else None,
    )


async def _offered(turn: Turn, meeting: MeetingView | None) -> Venue | None:
    """Return the session's own venue, or else that of the latest session which has one."""
    if meeting is not None and (own := venue_of(meeting)):
        return own
    others = [m for m in await turn.services.meetings.of([turn.seat]) if m.starts_at and venue_of(m)]
    latest = max(others, key=lambda m: m.starts_at or m.since, default=None)
    return venue_of(latest) if latest else None


FAMILY = Family(
    commands=(
        Command("fijar", Permission.CONVENE, start),
        Command("extraordinaria", Permission.CONVENE, start_extraordinary),
    ),
    taps=(
        Tap(DateMeeting, Permission.CONVENE, tap_date),
        Tap(MoveMeeting, Permission.CONVENE, _begin(Purpose.MOVE)),
        Tap(ChangeModality, Permission.CONVENE, change_modality),
        Tap(TellChanges, Permission.CONVENE, _begin(Purpose.AMEND)),
        Tap(DeferMeeting, Permission.CONVENE, _begin(Purpose.DEFER)),
        Tap(CancelMeeting, Permission.CONVENE, _begin(Purpose.CANCEL)),
        Tap(CloseMeeting, Permission.CONVENE, close),
    ),
    answers=(Answer(WHICH, Permission.CONVENE, chosen, optional=True),),
)
