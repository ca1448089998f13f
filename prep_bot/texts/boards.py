"""/tablero: who was reached, who acknowledged and who will come; and a quorum at risk."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.answer import Answer
from prep_bot.domain.quorum import Forecast
from prep_bot.i18n import t, tn
from prep_bot.services.boards import AddresseeState, AddresseeView, BoardView
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import certificates, dates, papers
from prep_bot.texts.actions.calendar import ShowMeeting
from prep_bot.texts.actions.convening import ChooseTold, ShowBoard, TellChanges
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.convening import choice
from prep_bot.texts.message import Message, Seal, Toast
from prep_bot.texts.pages import shorten, tap, visible_length
from prep_bot.texts.reasons import unreachability_name
from prep_bot.texts.words import answer_name, meeting_name, role_name

_BOARD = 3000
"""Characters of the people on a board: those who are missing come first."""

_REMARK = 60
"""Characters of the other means, of a reason or of a substitute on a board; whole, they are in the record."""

_CHOICES = 40
"""Sessions to choose from."""

MARKS = {
    AddresseeState.ACKNOWLEDGED: "✔️",
    AddresseeState.TOLD: "📄",
    AddresseeState.ACCEPTED: "📨",
    AddresseeState.UNCERTAIN: "❔",
    AddresseeState.WAITING: "⏳",
    AddresseeState.FAILED: "⚠️",
    AddresseeState.EXPIRED: "⚠️",
    AddresseeState.NOT_ENROLLED: "⚪",
}

_SETTLED = frozenset({AddresseeState.ACKNOWLEDGED, AddresseeState.TOLD})


def choose_board(commission_id: int, meetings: Sequence[tuple[MeetingView, int]], zone: ZoneInfo) -> Message:
    """Ask of which convened session, each with its convocation, the board is to be shown."""
    if not meetings:
        return Message(
            t("No hay sesiones convocadas. El tablero se abre al convocar, con /convocar."),
            ((tap(t("Convocar"), RunCommand(commission_id, "convocar")),),),
        )
    rows = tuple((tap(choice(m, zone), ShowBoard(commission_id, number)),) for m, number in meetings[:_CHOICES])
    return Message(t("¿De qué sesión?"), rows)


def never_convened(meeting: MeetingView) -> Message:
    """Say that a session has no board yet."""
    see = (tap(t("Ver sesión"), ShowMeeting(meeting.commission_id, meeting.number)),)
    return Message(
        t("La {name} aún no ha sido convocada: todavía no tiene tablero.", name=meeting_name(meeting)), (see,)
    )


def board(view: BoardView, zone: ZoneInfo) -> Message:
    """Return who was reached, acknowledged, was told by other means and will come; who is missing comes first."""
    ordered = sorted(view.people, key=lambda person: person.state in _SETTLED)
    lines: list[Markup | str] = [t("<b>Acuses</b>: {name}", name=meeting_name(view.meeting))]
    if view.meeting.starts_at is not None:
        lines.append(t("🗓 {when}", when=dates.weekday_and_time(view.meeting.starts_at, zone).capitalize()))
    if not view.in_force:
        lines.append(t("<i>Esta convocatoria ya no está vigente.</i>"))
    if view.untold:
        lines.append(t("✏️ <b>Hay cambios sin comunicar</b> en el orden del día o en los anexos."))
    lines += _counts(view)
    people = [_person(person, view, zone) for person in ordered]
    shown = sum(characters <= _BOARD for characters in accumulate(visible_length(line) + 1 for line in people))
    lines += ["", *people[:shown]]
    if shown < len(people):
        lines.append(tn("y {n} persona más", "y {n} personas más", len(people) - shown))
    commission_id = view.meeting.commission_id
    document = papers.secretary_button(commission_id, view.convocation_id)
    constancia = certificates.issue_button(commission_id, view.convocation_id)
    rows = [(document,), (constancia,), (tap(t("Actualizar"), ShowBoard(commission_id, view.convocation_id)),)]
    if view.to_tell:
        rows.insert(0, (tap(t("Notificada por otro medio"), ChooseTold(commission_id, view.convocation_id)),))
    if view.untold:
        rows.insert(0, (tap(t("Comunicar los cambios"), TellChanges(commission_id, view.meeting.id)),))
    return Message(Markup("\n").join(lines), tuple(rows), board=view.convocation_id)


def _counts(view: BoardView) -> Iterator[Markup]:
    states = Counter(person.state for person in view.people)
    answers = Counter(person.answer for person in view.people)
    yield t("Acusaron recibo: <b>{n} de {total}</b>", n=states[AddresseeState.ACKNOWLEDGED], total=len(view.people))
    if states[AddresseeState.TOLD]:
        yield t("Notificadas por otro medio: <b>{n}</b>", n=states[AddresseeState.TOLD])
    yield t(
        "Asistirán: <b>{yes}</b> · No asistirán: <b>{no}</b> · Sin responder: <b>{none}</b>",
        yes=answers[Answer.IN_PERSON] + answers[Answer.REMOTE],
        no=answers[Answer.ABSENT],
        none=answers[None],
    )
    if view.in_force:
        yield expected_quorum(view.forecast)


def expected_quorum(expected: Forecast) -> Markup:
    """Say how many voting members are to be expected, and how many it takes."""
    line = t(
        "Quórum previsto: <b>{confirmed} de {voting}</b> (se requieren {required})",
        confirmed=expected.confirmed,
        voting=expected.voting,
        required=expected.required,
    )
    if expected.possible:
        line += t(" · por responder: {n}", n=expected.possible)
    if not expected.within_reach:
        line = t("⚠️ {line} · en riesgo", line=line)
    return line


def _person(person: AddresseeView, view: BoardView, zone: ZoneInfo) -> Markup:
    role = t(" ({role})", role=role_name(person.role)) if person.role else Markup("")
    line = t(
        "{mark} {name}{role}: {what}",
        mark=MARKS[person.state],
        name=person.name,
        role=role,
        what=_what(person, view, zone),
    )
    if person.unreachable and person.state is not AddresseeState.FAILED:
        line += t(" · ya no se le puede escribir ({why})", why=unreachability_name(person.unreachable))
    return line + Markup("").join(_answer(person))


def _answer(person: AddresseeView) -> Iterator[Markup]:
    if person.answer is not None:
        yield t(" · <b>{answer}</b>", answer=answer_name(person.answer))
    if person.answer_reason:
        yield t(" ({reason})", reason=shorten(person.answer_reason, _REMARK))
    if person.substitute:
        yield t("; en su lugar, {name}", name=shorten(person.substitute, _REMARK))


def _what(person: AddresseeView, view: BoardView, zone: ZoneInfo) -> Markup:
    when = dates.short_moment(person.at, zone) if person.at else Markup("")
    match person.state:
        case AddresseeState.ACKNOWLEDGED:
            return t("acusó recibo, {when}", when=when)
        case AddresseeState.TOLD:
            return t("por otro medio, {when} ({means})", means=shorten(person.remark, _REMARK), when=when)
        case AddresseeState.ACCEPTED:
            return t("aceptado por Telegram, {when}", when=when)
        case AddresseeState.UNCERTAIN:
            return t("sin confirmación de Telegram")
        case AddresseeState.WAITING:
            return t("por enviar, {when}", when=dates.short_moment(view.sends_at, zone))
        case AddresseeState.NOT_ENROLLED:
            return t("aún no se registra")
        case AddresseeState.EXPIRED:
            return t("no se envió: ya no era oportuno")
        case AddresseeState.FAILED:
            return t("no se le pudo enviar ({why})", why=unreachability_name(person.remark))


def no_such_board() -> Toast:
    """Say that the convocation cannot be shown."""
    return Toast(t("Esa convocatoria ya no puede mostrarse. Consulte /calendario."))


def kept(meeting: MeetingView, at: datetime, zone: ZoneInfo, action: str, also: tuple[str, ...]) -> Seal:
    """Return the line below an alert after which the session was kept as it is, in place of its choices."""
    line = t("✔️ El {when} se decidió mantener la {name}.", when=dates.moment(at, zone), name=meeting_name(meeting, 100))
    return Seal(line, action, also)
