"""The dialogue about a session: a question, an answer, the next question, until all is settled.

All that it knows is its draft, kept in the database; what is asked next follows from what the draft lacks.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from handlers.calendar import card
from handlers.changing import carry_out, confirmation, convening_term
from handlers.turn import Answer, Family, Reply, Tap, Turn
from prep_bot.domain.draft import LIMITS, Draft, Purpose, Question, Venue
from prep_bot.domain.meeting import MeetingKind, Modality
from prep_bot.domain.name import clean, fold
from prep_bot.domain.particulars import differences
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_date import Ambiguous, Exact, Impossible, Incomplete, Reason, read_date, write_date
from prep_bot.domain.term import TermCheck, check
from prep_bot.services.calendar import ChangedMeanwhileError, PastError
from prep_bot.services.clashes import Concerns
from prep_bot.services.meetings import MeetingView
from prep_bot.services.versions import Pending
from prep_bot.texts import changing as changing_texts
from prep_bot.texts import convening as convening_texts
from prep_bot.texts import dating as dating_texts
from prep_bot.texts import help as help_texts
from prep_bot.texts import scheduling as texts
from prep_bot.texts.actions.calendar import AskDateAgain, ConfirmChange, KeepPlace, PickDate, PickModality
from prep_bot.texts.actions.convening import CallItUrgent, PickNature
from prep_bot.texts.words import modality_name

DIALOGUE = "scheduling"

LATER = "despues"
"""Instead of a link: there is none yet."""


_YES = frozenset({"si", "si, es correcta", "es correcta", "correcta", "correcto", "asi es", "ok", "de acuerdo"})
"""To whether the date was understood; what has consequences is confirmed with a button only."""


def venue_of(meeting: MeetingView) -> Venue | None:
    """Return how and where a session is attended, if that is known."""
    if meeting.modality is None or not (meeting.place or meeting.link):
        return None
    return Venue(modality=meeting.modality, place=meeting.place, link=meeting.link)


async def find_meeting(turn: Turn, meeting_id: int | None) -> MeetingView | None:
    """Return the session with that id, as it stands."""
    return next((m for m in await turn.services.meetings.of([turn.seat]) if m.id == meeting_id), None)


async def proceed(turn: Turn, draft: Draft) -> Reply:
    """Ask what the draft lacks; when it lacks nothing, do it."""
    try:
        if draft.question is None:
            return await carry_out(turn, draft)
        await _keep(turn, draft)
        return await _ask(turn, draft)
    except ChangedMeanwhileError:
        await turn.services.dialogues.end(turn.actor.person_id)
        meeting = await find_meeting(turn, draft.meeting)
        return texts.changed(await card(turn, meeting)) if meeting else texts.gone()
    except PastError:
        return await _past(turn, draft)


async def _keep(turn: Turn, draft: Draft) -> None:
    await turn.services.dialogues.begin(turn.actor.person_id, DIALOGUE, **draft.model_dump(mode="json"))


async def _past(turn: Turn, draft: Draft) -> Reply:
    """Ask another date instead of the one that has passed since it was settled."""
    written = write_date(draft.starts_at or turn.services.clock.now(), turn.seat.rules.zone)
    draft = draft.date_again()
    await _keep(turn, draft)
    return await _impossible(turn, draft, written, Impossible(Reason.PAST))


async def _ask(turn: Turn, draft: Draft) -> Reply:
    """Ask the present question. Raises ChangedMeanwhileError."""
    meeting = await find_meeting(turn, draft.meeting)
    if draft.meeting is not None and (meeting is None or meeting.since != draft.seen):
        raise ChangedMeanwhileError
    pending = await turn.services.versions.pending(turn.seat, draft.meeting or 0)
    if pending is not None and draft.agenda is not None and pending.after.agenda_stamp != draft.agenda:
        raise ChangedMeanwhileError
    if meeting is not None and _stays(draft, meeting, pending):
        await turn.services.dialogues.end(turn.actor.person_id)
        return texts.nothing_changed(await card(turn, meeting))
    zone = turn.seat.rules.zone
    match draft.question:
        case Question.SUBJECT:
            return texts.ask_subject()
        case Question.DATE:
            concerns = await _concerns(turn, draft)
            return dating_texts.ask_date(draft, meeting, concerns, turn.services.clock.now(), zone)
        case Question.URGENT:
            return texts.ask_urgent(draft, _extraordinary(turn, draft.starts_at), zone)
        case Question.URGENCY:
            return texts.ask_urgency()
        case Question.MODALITY:
            return texts.ask_modality(draft, meeting, zone)
        case Question.PLACE:
            return texts.ask_place(draft, zone)
        case Question.LINK:
            return texts.ask_link(draft, zone)
        case Question.REASON if meeting is not None and draft.purpose is Purpose.CONVENE:
            term = convening_term(turn, draft, meeting)
            return convening_texts.ask_term_reason(meeting, term)
        case Question.NATURE if meeting is not None and pending is not None:
            return changing_texts.ask_nature(draft, meeting, pending, zone)
        case Question.REASON if meeting is not None:
            return changing_texts.ask_reason(draft, meeting)
        case Question.REMARK if meeting is not None:
            return changing_texts.ask_remark(draft, meeting, zone)
        case _:
            return await confirmation(turn, draft, meeting)


async def _concerns(turn: Turn, draft: Draft) -> Concerns | None:
    """Return what speaks against the one date that was understood."""
    if len(draft.choices) != 1:
        return None
    return await turn.services.clashes.around(turn.seat, draft.meeting, draft.choices[0])


def _extraordinary(turn: Turn, starts_at: datetime | None) -> TermCheck:
    """Return how an extraordinary session that starts then stands with its term, convened now."""
    now = turn.services.clock.now()
    return check(turn.seat.rules, MeetingKind.EXTRAORDINARY, 1, starts_at or now, now)


def _stays(draft: Draft, meeting: MeetingView, pending: Pending | None) -> bool:
    """Tell whether a convened session would be moved to where it is, or amended where nothing changed."""
    settled = draft.question in {Question.NATURE, Question.REASON, Question.CONFIRM}
    if not settled or (pending is not None and differences(pending.before, pending.after)):
        return False
    moves_nowhere = draft.starts_at == meeting.starts_at and draft.venue == venue_of(meeting)
    return draft.purpose is Purpose.AMEND or (draft.purpose is Purpose.MOVE and moves_nowhere)


async def answered(turn: Turn) -> Reply:
    """Take what was written for the answer to the present question."""
    draft = Draft.model_validate(turn.data)
    match draft.question:
        case Question.DATE if len(draft.choices) == 1 and _answer(turn) in _YES:
            return await _pick_date(turn, draft, PickDate(draft.commission, 0, draft.stamp))
        case Question.DATE if len(draft.choices) == 1 and _answer(turn) == "no":
            return await proceed(turn, draft.date_again())
        case Question.DATE:
            return await take_date(turn, draft, turn.argument)
        case Question.MODALITY:
            written = fold(turn.argument)
            chosen = next((modality for modality in Modality if fold(modality_name(modality)) == written), None)
            return await proceed(turn, draft.model_copy(update={"modality": chosen}))
        case question if question in LIMITS:
            return await take_words(turn, draft, question, turn.argument)
        case _:
            return await proceed(turn, draft)


def _answer(turn: Turn) -> str:
    return fold(turn.argument).strip(" .,!¡")


async def take_words(turn: Turn, draft: Draft, question: Question, written: str) -> Reply:
    """Take what was written as it is for the answer to that question, one of LIMITS."""
    words = clean(written)
    if len(words) > LIMITS[question]:
        return texts.too_long(question, len(words))
    if not words:
        return await proceed(turn, draft)
    if question is Question.LINK and fold(words) == LATER:
        words = ""
    return await proceed(turn, draft.answered(words))


async def take_date(turn: Turn, draft: Draft, written: str) -> Reply:
    """Read a date in what was written, and ask whether it is what was meant."""
    zone = turn.seat.rules.zone
    reading = read_date(written, turn.services.clock.now(), zone, draft.given)
    match reading:
        case Exact(at):
            draft = draft.model_copy(update={"choices": (at,), "given": _whole(at.astimezone(zone))})
        case Ambiguous(choices):
            draft = draft.model_copy(update={"choices": choices, "given": Incomplete()})
        case Incomplete():
            draft = draft.model_copy(update={"choices": (), "given": reading})
        case Impossible():
            draft = draft.model_copy(update={"choices": reading.choices or draft.choices})
            await _keep(turn, draft)
            return await _impossible(turn, draft, written, reading)
    return await proceed(turn, draft)


def _whole(local: datetime) -> Incomplete:
    """Return a moment as what is given of it: who corrects only its hour, or only its day, keeps the other."""
    return Incomplete((local.date(),), (timedelta(hours=local.hour, minutes=local.minute),))


async def _impossible(turn: Turn, draft: Draft, written: str, reading: Impossible) -> Reply:
    meeting = await find_meeting(turn, draft.meeting)
    return dating_texts.impossible(draft, written, reading, meeting, turn.services.clock.now(), turn.seat.rules.zone)


_Button = PickDate | AskDateAgain | CallItUrgent | PickModality | KeepPlace | PickNature | ConfirmChange
_Run = Callable[[Turn, Draft, Any], Awaitable[Reply]]


def _step(questions: set[Question], run: _Run) -> Callable[[Turn, Any], Awaitable[Reply]]:
    """Return a button's handler: it does something only for the draft, and the question, for which it was made."""

    async def tapped(turn: Turn, action: _Button) -> Reply:
        waiting = await turn.services.dialogues.awaited(turn.actor.person_id)
        if waiting is None or waiting.topic != DIALOGUE:
            return texts.stale()
        draft = Draft.model_validate(waiting.data)
        if draft.stamp != action.stamp or draft.commission != action.commission or draft.question not in questions:
            return texts.stale()
        if waiting.expired:
            await turn.services.dialogues.end(turn.actor.person_id)
            return help_texts.expired()
        return await run(turn, draft, action)

    return tapped


async def _pick_date(turn: Turn, draft: Draft, action: PickDate) -> Reply:
    if action.choice not in range(len(draft.options)):
        return texts.stale()
    starts_at = draft.options[action.choice]
    urgent = False if _extraordinary(turn, starts_at).in_time else None
    settled = draft.model_copy(update={"starts_at": starts_at, "urgent": urgent})
    if starts_at <= turn.services.clock.now():
        return await _past(turn, settled)
    return await proceed(turn, settled)


async def _ask_date_again(turn: Turn, draft: Draft, _: AskDateAgain) -> Reply:
    return await proceed(turn, draft.date_again())


async def _call_it_urgent(turn: Turn, draft: Draft, action: CallItUrgent) -> Reply:
    return await proceed(turn, draft.model_copy(update={"urgent": action.urgent}))


async def _pick_modality(turn: Turn, draft: Draft, action: PickModality) -> Reply:
    return await proceed(turn, draft.model_copy(update={"modality": action.modality}))


async def _keep_place(turn: Turn, draft: Draft, _: KeepPlace) -> Reply:
    return await proceed(turn, draft.keep_offered())


async def _pick_nature(turn: Turn, draft: Draft, action: PickNature) -> Reply:
    return await proceed(turn, draft.model_copy(update={"correction": action.correction}))


async def _confirm(turn: Turn, draft: Draft, _: ConfirmChange) -> Reply:
    return await proceed(turn, draft.model_copy(update={"confirmed": True, "reason": draft.reason or ""}))


FAMILY = Family(
    taps=(
        Tap(PickDate, Permission.CONVENE, _step({Question.DATE}, _pick_date)),
        Tap(
            AskDateAgain,
            Permission.CONVENE,
            _step({Question.DATE, Question.URGENT, Question.CONFIRM}, _ask_date_again),
        ),
        Tap(CallItUrgent, Permission.CONVENE, _step({Question.URGENT}, _call_it_urgent)),
        Tap(PickModality, Permission.CONVENE, _step({Question.MODALITY}, _pick_modality)),
        Tap(KeepPlace, Permission.CONVENE, _step({Question.MODALITY, Question.PLACE, Question.LINK}, _keep_place)),
        Tap(PickNature, Permission.CONVENE, _step({Question.NATURE}, _pick_nature)),
        Tap(ConfirmChange, Permission.CONVENE, _step({Question.CONFIRM, Question.REMARK}, _confirm)),
    ),
    answers=(Answer(DIALOGUE, Permission.CONVENE, answered),),
)
