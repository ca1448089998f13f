"""/documento, the signed document, the convocation as PDF, and the session for a calendar."""

import asyncio
import hashlib

import structlog

from handlers.turn import Answer, Command, Family, FileTooBigError, Reply, Tap, Turn
from prep_bot import documents
from prep_bot.documents.convocation_docx import TemplateError, convocation_docx
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.role import Permission
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.papers import SIGNED_LIMIT, NotPdfError, ReplacedError, Standing
from prep_bot.texts import meetings as meeting_texts
from prep_bot.texts import papers as texts
from prep_bot.texts.actions.convening import AskSigned, SendCalendar, SendConvocation, SendDocument

SIGNED = "papers.signed"

log = structlog.get_logger()


async def newest_of(turn: Turn, command: str) -> int | Reply:
    """Return the newest convocation of the session that was asked for; or ask which one, or say that there is none."""
    meetings = await turn.services.meetings.of([turn.seat])
    number = turn.number
    if number is None:
        convened = [m for m in meetings if m.state in {MeetingState.CONVENED, MeetingState.IN_SESSION}]
        if len(convened) != 1:
            return texts.choose(turn.seat.commission_id, command, convened)
        number = convened[0].number
    meeting = next((m for m in meetings if m.number == number), None)
    if meeting is None:
        return meeting_texts.no_such_meeting(number)
    newest = await turn.services.convocations.latest(turn.seat, meeting.id)
    return texts.not_convened(meeting) if newest is None else newest


async def start(turn: Turn) -> Reply:
    """Send the document of the newest convocation of a session."""
    found = await newest_of(turn, "documento")
    return await _document(turn, found) if isinstance(found, int) else found


async def send_document(turn: Turn, action: SendDocument) -> Reply:
    """Send the document of a convocation, for Word."""
    return await _document(turn, action.convocation)


async def _document(turn: Turn, convocation_id: int) -> Reply:
    try:
        paper = await turn.services.papers.of(turn.seat, convocation_id)
        return texts.document(paper, await asyncio.to_thread(convocation_docx, paper))
    except NoSuchConvocationError:
        return texts.no_such_paper()
    except TemplateError as error:
        log.error("template.unusable", problem=str(error))
        return texts.template_trouble()


async def ask_signed(turn: Turn, action: AskSigned) -> Reply:
    """Ask for the signed document."""
    try:
        paper = await turn.services.papers.of(turn.seat, action.convocation)
    except NoSuchConvocationError:
        return texts.no_such_paper()
    if paper.standing in {Standing.REPLACED, Standing.CALLED_OFF}:
        return texts.not_to_sign()
    await turn.services.dialogues.begin(
        turn.actor.person_id, SIGNED, commission=action.commission, convocation=action.convocation
    )
    return texts.ask_signed(paper)


async def take_signed(turn: Turn) -> Reply:
    """Take the signed document: it counts from now on."""
    file, convocation_id = turn.attachment, turn.data["convocation"]
    if file is None:
        return texts.not_pdf()
    if file.size > SIGNED_LIMIT:
        return texts.too_big()
    try:
        kept = await turn.services.papers.sign(turn.seat, convocation_id, await file.fetch())
        paper = await turn.services.papers.of(turn.seat, convocation_id)
    except FileTooBigError:
        return texts.too_big()
    except NotPdfError:
        return texts.not_pdf()
    except (ReplacedError, NoSuchConvocationError):
        await turn.services.dialogues.end(turn.actor.person_id)
        return texts.not_to_sign()
    await turn.services.dialogues.end(turn.actor.person_id)
    return texts.signed(paper, kept)


async def send_convocation(turn: Turn, action: SendConvocation) -> Reply:
    """Send the signed document, or what is made of the same data."""
    try:
        paper = await turn.services.papers.of(turn.seat, action.convocation)
        content = await turn.services.papers.signed(turn.seat, action.convocation)
    except NoSuchConvocationError:
        return texts.no_such_paper()
    if content is None:
        content = await asyncio.to_thread(documents.pdf_of, paper)
    return texts.convocation(paper, content, hashlib.sha256(content).hexdigest())


async def send_calendar(turn: Turn, action: SendCalendar) -> Reply:
    """Send the session for a calendar."""
    try:
        paper = await turn.services.papers.newest(turn.seat, action.convocation)
    except NoSuchConvocationError:
        return texts.no_such_paper()
    return texts.calendar(paper, await asyncio.to_thread(documents.ics_of, paper))


FAMILY = Family(
    commands=(Command("documento", Permission.CONVENE, start),),
    taps=(
        Tap(SendDocument, Permission.CONVENE, send_document),
        Tap(AskSigned, Permission.CONVENE, ask_signed),
        Tap(SendConvocation, Permission.READ_INVITED_MEETINGS, send_convocation),
        Tap(SendCalendar, Permission.READ_INVITED_MEETINGS, send_calendar),
    ),
    answers=(Answer(SIGNED, Permission.CONVENE, take_signed, takes_files=True),),
)
