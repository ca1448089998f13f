"""Annexes: a file comes, its place is asked, it is downloaded and kept; and whoever may see it opens it."""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.turn import Answer, Family, FileTaker, FileTooBigError, Reply, Tap, Turn
from prep_bot.domain.annex import Refusal, file_name, refused, refused_content
from prep_bot.domain.announcement import Attachment
from prep_bot.domain.filing import Filing, Question, SentFile
from prep_bot.domain.particulars import Paper
from prep_bot.domain.role import Permission
from prep_bot.services.agenda import AgendaView, ClosedAgendaError, NoSuchAgendaError
from prep_bot.services.annexes import (
    NewFile,
    NoSuchAnnexError,
    SameContentError,
    SupersededAnnexError,
    TooManyAnnexesError,
)
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.meetings import MeetingView
from prep_bot.services.papers import NotPdfError, ReplacedError
from prep_bot.texts import agenda as agenda_texts
from prep_bot.texts import annexes as texts
from prep_bot.texts import help as help_texts
from prep_bot.texts import papers as paper_texts
from prep_bot.texts.actions.annexes import (
    AskAnnex,
    ChooseFileMeeting,
    ChooseFilePoint,
    OpenAnnex,
    ReplaceAnnex,
    ShowAnnex,
    TakeForSigned,
    WithdrawAnnex,
)
from prep_bot.texts.message import Message
from prep_bot.texts.particulars import of_point

FILING = "annexes.filing"


async def ask(turn: Turn, action: AskAnnex) -> Reply:
    """Ask for the file of an annex, or of its next version."""
    view = await _agenda(turn, action.meeting)
    if view is None:
        return agenda_texts.gone()
    if not view.editable:
        return agenda_texts.closed()
    papers = _papers(view, action.point)
    if papers is None:
        return agenda_texts.gone()
    replaces = next((paper for paper in papers if paper.series == action.series), None)
    if action.series and replaces is None:
        return texts.no_such_annex()
    filing = Filing(
        commission=turn.seat.commission_id, meeting=action.meeting, point=action.point, series=action.series or None
    )
    await _keep(turn, filing)
    return texts.ask_file(of_point(_number(view, action.point)), replaces)


async def take_unasked(turn: Turn) -> Reply:
    """Take a file that nobody asked for."""
    return await _take(turn, Filing(commission=turn.seat.commission_id))


async def take_file(turn: Turn) -> Reply:
    """Take the file that was asked for, or another one while the place of one before is being asked."""
    filing = Filing.model_validate(turn.data)
    if turn.attachment is None:
        return await _ask(turn, filing)
    return await _take(turn, filing)


async def _take(turn: Turn, filing: Filing) -> Reply:
    file = _sent(turn)
    if file is None:
        return help_texts.only_text()
    why = refused(file.name, file.size)
    if why is not None:
        return texts.refused(why, file.name)
    waits = bool(filing.files)
    filing = filing.joined(file)
    if waits:
        await _keep(turn, filing)
        return texts.queued(file.name)
    return await _proceed(turn, filing)


def _sent(turn: Turn) -> SentFile | None:
    file = turn.attachment
    if file is None:
        return None
    photo = file.kind is Attachment.PHOTO
    at = turn.services.clock.now().astimezone(turn.seat.rules.zone)
    name = f"foto-{at:%Y-%m-%d-%H%M%S}.jpg" if photo else file_name(file.name)
    return SentFile(file_id=file.file_id, name=name, media_type=file.media_type, size=file.size, photo=photo)


async def _proceed(turn: Turn, filing: Filing) -> Reply:
    """File the first file if it is settled where it belongs, or ask; the next one is asked about along with that."""
    filing = await _settled(turn, filing)
    if filing.question is not None:
        await _keep(turn, filing)
        return await _ask(turn, filing)
    return await _next(turn, filing, await _file(turn, filing))


async def _next(turn: Turn, filing: Filing, done: Message) -> Reply:
    """Say what was done with the first file, and ask about the next one."""
    rest = filing.next()
    if not rest.files:
        await turn.services.dialogues.end(turn.actor.person_id)
        return done
    await _keep(turn, rest)
    return texts.then(done, await _ask(turn, rest))


async def _settled(turn: Turn, filing: Filing) -> Filing:
    """Return the filing with what need not be asked: where nothing is to be replaced, the annex is a new one."""
    if filing.question is not Question.SERIES:
        return filing
    view = await _agenda(turn, filing.meeting or 0)
    if view is not None and _papers(view, filing.point or 0):
        return filing
    return filing.model_copy(update={"series": 0})


async def _keep(turn: Turn, filing: Filing) -> None:
    await turn.services.dialogues.begin(turn.actor.person_id, FILING, **filing.model_dump(mode="json"))


async def _ask(turn: Turn, filing: Filing) -> Message:
    """Ask what is to be asked next."""
    if filing.question is Question.MEETING:
        meetings = await _open_meetings(turn)
        if not meetings:
            await turn.services.dialogues.end(turn.actor.person_id)
            return texts.no_meetings()
        names = {seat.commission_id: seat.commission for seat in turn.actor.seats_with(Permission.CONVENE)}
        unsigned = await _unsigned(turn) if filing.files[0].pdf else ()
        return texts.ask_meeting(filing, meetings, unsigned, names, turn.seat.rules.zone)
    view = await _agenda(turn, filing.meeting or 0)
    if view is None or not view.editable:
        await turn.services.dialogues.end(turn.actor.person_id)
        return texts.closed(filing.files[0].name) if filing.files else texts.no_meetings()
    where = of_point(_number(view, filing.point or 0))
    match filing.question:
        case Question.POINT:
            return texts.ask_point(filing, view)
        case Question.SERIES:
            return texts.ask_series(filing, where, _papers(view, filing.point or 0) or ())
        case _:
            return texts.ask_file(where)


async def _file(turn: Turn, filing: Filing) -> Message:
    """Download the first file and keep it. Whatever comes in between, it is kept whole or not at all."""
    file = filing.files[0]
    try:
        content = await turn.download(file.file_id)
    except FileTooBigError:
        return texts.refused(Refusal.TOO_BIG, file.name)
    why = refused_content(content)
    if why is not None:
        return texts.refused(why, file.name)
    new = NewFile(file.name, file.media_type, content, None if file.photo else file.file_id)
    try:
        view = await turn.services.annexes.add(
            turn.seat, filing.meeting or 0, filing.point or None, filing.series or None, new
        )
    except SameContentError:
        return texts.same_content(file.name)
    except TooManyAnnexesError:
        return texts.too_many()
    except ClosedAgendaError:
        return texts.closed(file.name)
    except (NoSuchAgendaError, NoSuchAnnexError):
        return texts.place_gone(file.name)
    return texts.added(view, untold=await _untold(turn, view.meeting.id))


def _step(question: Question, field: str) -> Callable[[Turn, Any], Awaitable[Reply]]:
    """Return a button's handler: it settles something of exactly the file, and the question, for which it was made."""

    async def tapped(turn: Turn, action: ChooseFileMeeting | ChooseFilePoint | ReplaceAnnex) -> Reply:
        waiting = await turn.services.dialogues.awaited(turn.actor.person_id)
        if waiting is None or waiting.topic != FILING or waiting.expired:
            return texts.stale()
        filing = Filing.model_validate(waiting.data)
        if filing.stamp != action.stamp or filing.question is not question:
            return texts.stale()
        if question is not Question.MEETING and filing.commission != action.commission:
            return texts.stale()
        settled = {"commission": action.commission, field: getattr(action, field)}
        return await _proceed(turn, filing.model_copy(update=settled))

    return tapped


async def take_for_signed(turn: Turn, action: TakeForSigned) -> Reply:
    """Take the file for the signed document of a convocation."""
    waiting = await turn.services.dialogues.awaited(turn.actor.person_id)
    if waiting is None or waiting.topic != FILING or waiting.expired:
        return texts.stale()
    filing = Filing.model_validate(waiting.data)
    if filing.stamp != action.stamp or filing.question is not Question.MEETING:
        return texts.stale()
    file = filing.files[0]
    try:
        content = await turn.download(file.file_id)
        kept = await turn.services.papers.sign(turn.seat, action.convocation, content)
        paper = await turn.services.papers.of(turn.seat, action.convocation)
    except FileTooBigError:
        return await _next(turn, filing, texts.refused(Refusal.TOO_BIG, file.name))
    except NotPdfError:
        return paper_texts.not_pdf()
    except (ReplacedError, NoSuchConvocationError):
        return paper_texts.not_to_sign()
    return await _next(turn, filing, paper_texts.signed(paper, kept))


async def show(turn: Turn, action: ShowAnnex) -> Reply:
    """Show an annex with all its versions."""
    try:
        view = await turn.services.annexes.one(turn.seat, action.meeting, action.series)
    except (NoSuchAgendaError, NoSuchAnnexError):
        return texts.no_such_annex()
    agenda = await _agenda(turn, action.meeting)
    return texts.annex(view, turn.seat.rules.zone, editable=agenda is not None and agenda.editable)


async def open_it(turn: Turn, action: OpenAnnex) -> Reply:
    """Send the file."""
    meeting = await _meeting(turn, action.meeting)
    if meeting is None:
        return texts.no_such_annex()
    try:
        return texts.opened(await turn.services.annexes.open(turn.seat, meeting, action.series, action.version))
    except SupersededAnnexError as newer:
        return texts.superseded(newer.meeting, newer.paper)
    except NoSuchAnnexError:
        return texts.no_such_annex()


async def withdraw(turn: Turn, action: WithdrawAnnex) -> Reply:
    """Withdraw an annex."""
    try:
        view = await turn.services.annexes.withdraw(turn.seat, action.meeting, action.series, action.version)
    except (NoSuchAgendaError, NoSuchAnnexError):
        return texts.no_such_annex()
    except ClosedAgendaError:
        return agenda_texts.closed()
    return texts.withdrawn(view, untold=await _untold(turn, action.meeting))


async def _meeting(turn: Turn, meeting_id: int) -> MeetingView | None:
    return next((m for m in await turn.services.meetings.of([turn.seat]) if m.id == meeting_id), None)


async def _agenda(turn: Turn, meeting_id: int) -> AgendaView | None:
    meeting = await _meeting(turn, meeting_id)
    return await turn.services.agendas.of(turn.seat, meeting) if meeting else None


async def _untold(turn: Turn, meeting_id: int) -> bool:
    view = await _agenda(turn, meeting_id)
    return view is not None and view.untold


async def _open_meetings(turn: Turn) -> list[MeetingView]:
    """Return the sessions that may get annexes: those that come first, first; without a date, after them.

    They are those of every commission in which the person convenes.
    """
    now = turn.services.clock.now()
    seats = turn.actor.seats_with(Permission.CONVENE)
    coming = [m for m in await turn.services.meetings.of(seats) if not m.state.ended]
    dated = sorted((m for m in coming if m.starts_at and m.starts_at > now), key=lambda m: m.starts_at or now)
    return [*dated, *(m for m in coming if m.starts_at is None)]


async def _unsigned(turn: Turn) -> tuple[tuple[MeetingView, int], ...]:
    return await turn.services.papers.unsigned(turn.actor.seats_with(Permission.CONVENE))


def _papers(view: AgendaView, point: int) -> tuple[Paper, ...] | None:
    """Return the annexes of a point (0: of the session); None when there is no such point."""
    if not point:
        return view.papers
    return next((p.papers for p in view.points if p.item == point), None)


def _number(view: AgendaView, point: int) -> int | None:
    return next((n for n, p in enumerate(view.points, start=1) if point and p.item == point), None)


FILES = FileTaker(Permission.CONVENE, take_unasked)

FAMILY = Family(
    taps=(
        Tap(AskAnnex, Permission.CONVENE, ask),
        Tap(ShowAnnex, Permission.CONVENE, show),
        Tap(OpenAnnex, Permission.READ_INVITED_MEETINGS, open_it),
        Tap(WithdrawAnnex, Permission.CONVENE, withdraw),
        Tap(ChooseFileMeeting, Permission.CONVENE, _step(Question.MEETING, "meeting")),
        Tap(ChooseFilePoint, Permission.CONVENE, _step(Question.POINT, "point")),
        Tap(TakeForSigned, Permission.CONVENE, take_for_signed),
        Tap(ReplaceAnnex, Permission.CONVENE, _step(Question.SERIES, "series")),
    ),
    answers=(Answer(FILING, Permission.CONVENE, take_file, takes_files=True),),
)
