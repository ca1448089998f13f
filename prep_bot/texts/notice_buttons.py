"""What each recipient can do from what the bot tells by itself."""

from collections.abc import Iterator

from prep_bot.domain.answer import Answer, offered
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.month import Month
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.particulars import Particulars
from prep_bot.domain.postponing import options
from prep_bot.i18n import t, tn
from prep_bot.services.contents import (
    CertificateContent,
    Content,
    DeadlineContent,
    MeetingContent,
    MonthContent,
    PetitionContent,
    QuorumContent,
)
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import certificates, papers, petitions
from prep_bot.texts.actions.agenda import ShowAgenda
from prep_bot.texts.actions.answers import Acknowledge, ChangeModality, GiveAnswer, KeepMeeting, Postpone
from prep_bot.texts.actions.calendar import DateMeeting, DeferMeeting, ShowMeeting
from prep_bot.texts.actions.convening import PreviewConvocation, ShowBoard
from prep_bot.texts.actions.plan import ShowPending
from prep_bot.texts.actions.rolls import ShowRoll
from prep_bot.texts.message import CHOSEN, Button
from prep_bot.texts.pages import tap
from prep_bot.texts.postponing import later_name
from prep_bot.texts.words import answer_label, meeting_name

_ANSWERED = frozenset({NoticeKind.CONVOCATION, NoticeKind.CHANGE, NoticeKind.REMINDER, NoticeKind.POSTPONED})
"""What asks whether somebody will come; but not the last reminder, an hour before."""


def buttons(content: Content, *, named: bool) -> Iterator[tuple[Button, ...]]:
    """Return the buttons of a notice; `named`: with what it is about, since the message speaks of several."""
    if isinstance(content, MonthContent):
        yield (tap(t("Ver pendientes"), ShowPending(content.month)),)
        if content.may_convene:
            yield from (_date_button(content, m, named=True) for m in content.meetings if m.state.wants_date)
    if isinstance(content, DeadlineContent):
        yield (tap(t("Ver pendientes"), ShowPending(Month.of(content.deadline))),)
    if isinstance(content, PetitionContent):
        yield from petitions.notice_buttons(
            content.petition, asks=content.asks, convenes=content.may_convene, named=named
        )
    if isinstance(content, MeetingContent):
        yield from _meeting_buttons(content, named=named)
    if isinstance(content, QuorumContent):
        yield from _quorum_buttons(content, named=named)
    if isinstance(content, CertificateContent):
        yield (certificates.head_button(content.issued),)


def _quorum_buttons(content: QuorumContent, *, named: bool) -> Iterator[tuple[Button, ...]]:
    meeting, commission_id = content.meeting, content.commission_id
    if content.may_convene:
        defer = tap(_label(t("Diferir"), meeting, named=named), DeferMeeting(commission_id, meeting.id))
        remote = tap(_label(t("A distancia"), meeting, named=named), ChangeModality(commission_id, meeting.id))
        keep = KeepMeeting(commission_id, content.convocation_id, content.risk)
        yield from _row((defer, remote, tap(_label(t("Mantener"), meeting, named=named), keep)), named=named)
        yield (tap(_label(t("Ver tablero"), meeting, named=named), ShowBoard(commission_id, content.convocation_id)),)
    yield (tap(_label(t("Ver sesión"), meeting, named=named), ShowMeeting(commission_id, meeting.number)),)


def _meeting_buttons(content: MeetingContent, *, named: bool) -> Iterator[tuple[Button, ...]]:
    meeting = content.meeting
    if content.kind is NoticeKind.DATE_MISSING:
        if content.may_convene:
            yield _date_button(content, meeting, named=named)
        return
    if content.kind is NoticeKind.CONVENE_MISSING:
        action = PreviewConvocation(content.commission_id, meeting.id)
        yield (tap(_label(t("Convocar"), meeting, named=named), action),)
        return
    if content.personal and content.convocation_id is not None:
        yield from _personal_buttons(content, content.convocation_id, named=named)
        yield from _papers(content, content.convocation_id, named=named)
    see = tap(_label(t("Ver sesión"), meeting, named=named), ShowMeeting(content.commission_id, meeting.number))
    if content.kind is NoticeKind.CALLED_OFF or content.particulars is None:
        yield (see,)
        return
    agenda = _agenda_button(content, content.particulars, named=named)
    yield from [(agenda,), (see,)] if named else [(agenda, see)]


def _agenda_button(content: MeetingContent, session: Particulars, *, named: bool) -> Button:
    papers = len(list(session.all_papers()))
    label = tn("Orden del día y {n} anexo", "Orden del día y {n} anexos", papers) if papers else t("Orden del día")
    return tap(_label(label, content.meeting, named=named), ShowAgenda(content.commission_id, content.meeting.number))


def _personal_buttons(content: MeetingContent, convocation_id: int, *, named: bool) -> Iterator[tuple[Button, ...]]:
    meeting = content.meeting
    if content.missing:
        action = ShowBoard(content.commission_id, convocation_id)
        yield (tap(_label(t("Ver acuses"), meeting, named=named), action),)
    elif not content.acknowledged and content.kind is not NoticeKind.CALLED_OFF:
        yield (tap(_label(t("Acusar recibo"), meeting, named=named), Acknowledge(convocation_id)),)
    if content.kind is NoticeKind.REMINDER and content.last and content.may_convene:
        roll = ShowRoll(content.commission_id, meeting.id, Attendance.PRESENT)
        yield (tap(_label(t("Pasar lista"), meeting, named=named), roll),)
    if content.kind in _ANSWERED and not content.last:
        yield from answer_rows(convocation_id, meeting, content.answer, named=named)
    if content.kind in {NoticeKind.REMINDER, NoticeKind.POSTPONED} and meeting.starts_at is not None:
        choices = options(content.now, meeting.starts_at, content.zone)
        if choices:
            yield tuple(tap(later_name(later), Postpone(meeting.id, later)) for later in choices)


def answer_rows(
    convocation_id: int, meeting: MeetingView, given: Answer | None, *, named: bool = False
) -> Iterator[tuple[Button, ...]]:
    """Return the buttons with which somebody says whether they will come; their answer so far is marked."""
    row = []
    for answer in offered(meeting.modality):
        label = _label(answer_label(answer), meeting, named=named)
        mark = CHOSEN if answer is given else ""
        row.append(tap(mark + label, GiveAnswer(convocation_id, answer)))
    yield from _row(tuple(row), named=named)


def _row(buttons: tuple[Button, ...], *, named: bool) -> Iterator[tuple[Button, ...]]:
    """Return the buttons side by side; those with a session's name need a row each."""
    yield from ((button,) for button in buttons) if named else (buttons,)


def _papers(content: MeetingContent, convocation_id: int, *, named: bool) -> Iterator[tuple[Button, ...]]:
    """Return the buttons for the papers of a convocation, where it is told, changed or called off."""
    ids, name = (content.commission_id, convocation_id), content.meeting.name if named else ""
    if content.kind in {NoticeKind.CONVOCATION, NoticeKind.CHANGE}:
        yield from papers.buttons(*ids, name)
    elif content.kind is NoticeKind.CALLED_OFF:
        yield (papers.calendar_button(*ids, name, called_off=True),)


def _date_button(content: Content, meeting: MeetingView, *, named: bool) -> tuple[Button, ...]:
    action = DateMeeting(content.commission_id, meeting.id)
    return (tap(_label(t("Fijar fecha"), meeting, named=named), action),)


def _label(label: str, meeting: MeetingView, *, named: bool) -> str:
    return t("{label}: {name}", label=label, name=meeting_name(meeting)) if named else label
