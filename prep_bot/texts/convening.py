"""/convocar and /tablero: the list, the preview, the board of a convocation, and notification by other means."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.answer import Answer
from prep_bot.domain.draft import Draft
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.quorum import Forecast
from prep_bot.domain.rules import Rules
from prep_bot.domain.spoken_date import write_date
from prep_bot.domain.term import TermCheck, check
from prep_bot.i18n import t, tn
from prep_bot.services.boards import AddresseeState, AddresseeView, BoardView
from prep_bot.services.clashes import Concerns
from prep_bot.services.convocations import MEANS_LIMIT, Acknowledgement, Preview
from prep_bot.services.meetings import MeetingView
from prep_bot.services.roster import Listed
from prep_bot.services.versions import Successor
from prep_bot.texts import certificates, dates, papers, terms
from prep_bot.texts.actions.agenda import ShowAgenda
from prep_bot.texts.actions.answers import Acknowledge
from prep_bot.texts.actions.calendar import ConfirmChange, DateMeeting, ShowMeeting
from prep_bot.texts.actions.convening import ChooseTold, Convene, PreviewConvocation, RecordTold, ShowBoard, TellChanges
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.message import Button, Message, Seal, Toast
from prep_bot.texts.notices import answer_rows
from prep_bot.texts.pages import room_left, shorten, tap, visible_length
from prep_bot.texts.particulars import appointment, convocation
from prep_bot.texts.reasons import unreachability_name
from prep_bot.texts.words import answer_name, call_name, meeting_name, role_name

_BOARD = 3000
"""Characters of the people on a board: those who are missing come first."""

_NAMED = 300
"""Characters of a list of names within a sentence."""

_REMARK = 60
"""Characters of the other means, of a reason or of a substitute on a board; whole, they are in the record."""

_CHOICES = 40
"""People to choose from: those who settle make room for the next."""

_MARKS = {
    AddresseeState.ACKNOWLEDGED: "✔️",
    AddresseeState.TOLD: "📄",
    AddresseeState.ACCEPTED: "📨",
    AddresseeState.UNCERTAIN: "❔",
    AddresseeState.WAITING: "⏳",
    AddresseeState.FAILED: "⚠️",
    AddresseeState.EXPIRED: "⚠️",
    AddresseeState.NOT_ENROLLED: "⚪",
}
_TO_TELL = (
    AddresseeState.NOT_ENROLLED,
    AddresseeState.FAILED,
    AddresseeState.EXPIRED,
    AddresseeState.UNCERTAIN,
    AddresseeState.WAITING,
    AddresseeState.ACCEPTED,
    AddresseeState.TOLD,
)
"""Who may have been notified by other means, the likeliest first."""

_SETTLED = frozenset({AddresseeState.ACKNOWLEDGED, AddresseeState.TOLD})


def choose(commission_id: int, meetings: Sequence[MeetingView], zone: ZoneInfo) -> Message:
    """Ask which dated session is to be convened."""
    if not meetings:
        return Message(
            t("No hay sesiones con fecha por convocar. Primero fije la fecha con /fijar."),
            ((tap(t("Fijar fecha"), RunCommand(commission_id, "fijar")),),),
        )
    rows = tuple((tap(_choice(m, zone), PreviewConvocation(commission_id, m.id)),) for m in meetings[:_CHOICES])
    return Message(t("¿A qué sesión se convoca?"), rows)


def _choice(meeting: MeetingView, zone: ZoneInfo) -> Markup:
    when = dates.short_moment(meeting.starts_at, zone) if meeting.starts_at else ""
    return t("{n}. {name} · {when}", n=meeting.number, name=meeting_name(meeting, 40), when=when)


def not_to_convene(meeting: MeetingView, convocation_id: int | None, *, untold: bool) -> Message:
    """Say why that session cannot be convened, with what can be done instead."""
    commission_id, name = meeting.commission_id, meeting_name(meeting)
    see = (tap(t("Ver sesión"), ShowMeeting(commission_id, meeting.number)),)
    if meeting.state is MeetingState.CONVENED and convocation_id is not None:
        follow = (tap(t("Ver acuses"), ShowBoard(commission_id, convocation_id)),)
        if untold:
            tell = (tap(t("Comunicar los cambios"), TellChanges(commission_id, meeting.id)),)
            words = t("La {name} ya está convocada, pero <b>hay cambios sin comunicar</b>.", name=name)
            return Message(words, (tell, follow, see))
        return Message(t("La {name} ya está convocada.", name=name), (follow, see))
    if meeting.state.ended:
        return Message(t("La {name} ya se celebró o se canceló: no puede convocarse.", name=name), (see,))
    if meeting.state is MeetingState.IN_SESSION:
        return Message(t("La {name} ya está en curso.", name=name), (see,))
    if meeting.state is MeetingState.NO_QUORUM:
        call = call_name(meeting.call + 1)
        again = (tap(call.capitalize(), DateMeeting(commission_id, meeting.id)),)
        return Message(t("La {name} no tuvo quórum: fije la fecha de la {call}.", name=name, call=call), (again, see))
    rows = ((tap(t("Fijar fecha"), DateMeeting(commission_id, meeting.id)),), see)
    if meeting.state is MeetingState.SCHEDULED:
        return Message(t("La hora de la {name} ya llegó: para convocarla, fije otra fecha.", name=name), rows)
    return Message(t("La {name} aún no tiene fecha: primero fíjela.", name=name), rows)


def preview(
    shown: Preview,
    concerns: Concerns,
    seen: int,
    now: datetime,
    rules: Rules,
    *,
    grouped: bool,
    morning: datetime | None,
) -> Message:
    """Return exactly what each person will receive and who they are; `morning` is when quiet hours end, if it is quiet."""
    meeting, zone = shown.meeting, rules.zone
    lines: list[Markup | str] = [
        t("<b>Vista previa</b>. Esto recibirá cada persona:"),
        "",
        t("<blockquote>{text}</blockquote>", text=convocation(shown.particulars, zone, replaces=shown.replaces)),
        "",
        *_recipients(shown, grouped=grouped),
        "",
        *_standing(meeting, now, rules),
    ]
    convene = Convene(meeting.commission_id, meeting.id, seen, at_night=morning is not None)
    choices = [tap(t("Convocar ahora"), convene)]
    if morning is not None:
        clock = dates.clock(morning.astimezone(zone))
        lines += _in_the_morning(meeting, now, morning, rules)
        choices.append(tap(t("A las {time}", time=clock), replace(convene, in_the_morning=True)))
    lines += terms.concerns(concerns, zone, room_left(lines))
    back = tap(t("Corregir fecha o lugar"), DateMeeting(meeting.commission_id, meeting.id))
    return Message(Markup("\n").join(lines), (tuple(choices), (back,)))


def _standing(meeting: MeetingView, now: datetime, rules: Rules) -> Iterator[Markup]:
    """Say how the notice term stands: it warns, and forbids nothing."""
    term = _term(meeting, now, rules)
    yield terms.standing(term)
    if not term.in_time:
        yield terms.on_own_responsibility()


def _recipients(shown: Preview, *, grouped: bool) -> Iterator[Markup]:
    if shown.reached:
        who = _roles(shown.reached)
        yield tn("Lo recibirá {n} persona: {who}.", "Lo recibirán {n} personas: {who}.", len(shown.reached), who=who)
    else:
        yield t("⚠️ Nadie puede recibirlo todavía por este medio.")
    if grouped:
        yield t("También se publicará en el grupo vinculado.")
    if shown.not_enrolled:
        yield t("⚪ Aún no se registran: {names}.", names=_names([person.name for person in shown.not_enrolled]))
    if shown.unreachable:
        reasons = [f"{p.name} ({unreachability_name(p.unreachable_reason)})" for p in shown.unreachable]
        yield t("⚠️ No se les puede escribir: {names}.", names=_names(reasons))
    if shown.not_enrolled or shown.unreachable:
        yield t("Podrá anotar que se les notificó por otro medio.")


def _roles(people: Sequence[Listed]) -> str:
    counts = Counter(role_name(person.role) for person in people)
    return ", ".join(role if count == 1 else f"{role} ({count})" for role, count in counts.items())


def _names(names: Sequence[str]) -> Markup:
    """Return the first names of a list, at least one, and how many more there are."""
    shown = max(1, sum(characters <= _NAMED for characters in accumulate(len(name) + 2 for name in names)))
    listed = ", ".join(names[:shown])
    if shown == len(names):
        return Markup.escape(listed)
    return tn("{names} y {n} persona más", "{names} y {n} personas más", len(names) - shown, names=listed)


def _term(meeting: MeetingView, at: datetime, rules: Rules) -> TermCheck:
    return check(rules, meeting.kind, meeting.call, meeting.starts_at or at, at)


def _in_the_morning(meeting: MeetingView, now: datetime, morning: datetime, rules: Rules) -> Iterator[Markup]:
    """Offer to wait for the morning, and warn if that is what makes it too late."""
    yield t("🌙 Es horario de descanso: puede enviarse ahora o en la mañana.")
    then = _term(meeting, morning, rules)
    if _term(meeting, now, rules).in_time and not then.in_time:
        clock = dates.clock(morning.astimezone(rules.zone))
        yield t("⚠️ A las {time} ya solo faltarán {left}.", time=clock, left=terms.amount(then, then.given))


def ask_term_reason(meeting: MeetingView, term: TermCheck) -> Message:
    """Ask why a session is convened with less notice than the term."""
    lines = [
        *_late(meeting),
        "",
        terms.standing(term),
        t("Para continuar, escriba el motivo: quedará registrado y se mostrará en la constancia de notificación."),
        t("Para dejarlo: /cancelar."),
    ]
    return Message(Markup("\n").join(lines))


def confirm_late(draft: Draft, meeting: MeetingView, term: TermCheck, zone: ZoneInfo) -> Message:
    """Show what will be recorded if a session is convened with less notice than the term."""
    lines: list[Markup | str] = [*_late(meeting)]
    if meeting.starts_at is not None:
        lines.append(t("🗓 {when}", when=dates.weekday_and_time(meeting.starts_at, zone).capitalize()))
    lines += ["", terms.standing(term), t("Motivo: {reason}", reason=draft.reason or ""), ""]
    lines.append(t("¿Confirma? Para no hacer nada: /cancelar."))
    confirm = tap(t("Sí, convocar"), ConfirmChange(draft.commission, draft.stamp))
    return Message(Markup("\n").join(lines), ((confirm,),))


def _late(meeting: MeetingView) -> tuple[Markup, ...]:
    return (
        t("<b>Convocar con menos anticipación</b>"),
        t("Sesión {n}: {name}", n=meeting.number, name=meeting_name(meeting)),
    )


def changed(meeting: MeetingView | None) -> Message:
    """Say that somebody else was quicker, or that the session's hour has come."""
    rows = ((tap(t("Ver sesión"), ShowMeeting(meeting.commission_id, meeting.number)),),) if meeting else ()
    return Message(t("Esta sesión ya fue convocada o cambió mientras tanto: no se hizo nada."), rows)


def choose_board(commission_id: int, meetings: Sequence[tuple[MeetingView, int]], zone: ZoneInfo) -> Message:
    """Ask of which convened session, each with its convocation, the board is to be shown."""
    if not meetings:
        return Message(
            t("No hay sesiones convocadas. El tablero se abre al convocar, con /convocar."),
            ((tap(t("Convocar"), RunCommand(commission_id, "convocar")),),),
        )
    rows = tuple((tap(_choice(m, zone), ShowBoard(commission_id, number)),) for m, number in meetings[:_CHOICES])
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
        mark=_MARKS[person.state],
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


def acknowledged(done: Acknowledgement, zone: ZoneInfo, action: str) -> Seal:
    """Return the line below a message whose convocation was acknowledged: it may speak of several sessions."""
    line = t(
        "✔️ El {when}, usted acusó recibo de la convocatoria a la {name}.",
        when=dates.moment(done.at, zone),
        name=meeting_name(done.meeting, 100),
    )
    return Seal(line, action)


def superseded(successor: Successor) -> Message:
    """Say that a convocation was replaced, and lead to the version in force."""
    meeting, zone = successor.meeting, successor.zone
    lines = [
        t("Esa convocatoria a la <b>{name}</b> fue reemplazada por otra. La vigente dice:", name=meeting.name),
        *appointment(meeting, zone),
    ]
    rows: list[tuple[Button, ...]] = [
        (tap(t("Orden del día"), ShowAgenda(meeting.commission_id, meeting.number)),),
        (tap(t("Ver sesión"), ShowMeeting(meeting.commission_id, meeting.number)),),
    ]
    if successor.acknowledged:
        lines.append(t("Su acuse de recibo de esa versión ya está registrado."))
    else:
        rows.insert(0, (tap(t("Acusar recibo"), Acknowledge(successor.convocation_id)),))
    rows[-2:-2] = answer_rows(successor.convocation_id, meeting, successor.answer)
    return Message(Markup("\n").join(lines), tuple(rows))


def not_in_force() -> Toast:
    """Say that there is nothing to acknowledge any more."""
    return Toast(
        t("Esta convocatoria ya no está vigente: la sesión cambió, se canceló o ya comenzó. Consulte /proxima.")
    )


def kept(meeting: MeetingView, at: datetime, zone: ZoneInfo, action: str, also: tuple[str, ...]) -> Seal:
    """Return the line below an alert after which the session was kept as it is, in place of its choices."""
    line = t("✔️ El {when} se decidió mantener la {name}.", when=dates.moment(at, zone), name=meeting_name(meeting, 100))
    return Seal(line, action, also)


def choose_told(view: BoardView) -> Message | Toast:
    """Ask who was notified by other means: first who cannot be reached, last who was told, to correct it."""
    waiting = sorted(view.to_tell, key=lambda p: _TO_TELL.index(p.state))
    commission_id, convocation_id = view.meeting.commission_id, view.convocation_id
    if not waiting:
        return no_more_to_tell()
    rows = tuple(
        (tap(f"{_MARKS[p.state]} {p.name}", RecordTold(commission_id, convocation_id, p.person_id)),)
        for p in waiting[:_CHOICES]
    )
    lines = [t("¿A quién se notificó por otro medio?")]
    if len(waiting) > _CHOICES:
        left = len(waiting) - _CHOICES
        lines.append(
            tn("Falta {n} persona: aparecerá después.", "Faltan {n} personas: aparecerán después.", left),
        )
    return Message(Markup("\n").join(lines), rows)


def no_more_to_tell() -> Toast:
    """Say that nothing is left to record of that convocation, or of that person."""
    return Toast(t("Ya no hay nada que anotar: la convocatoria ya no está vigente o ya se acusó recibo."))


def ask_means(name: str) -> Message:
    """Ask by which means and when somebody was notified."""
    return Message(
        t(
            "¿Por qué medio se notificó a <b>{name}</b>? Escríbalo con su número si lo tiene, por ejemplo: "
            "<code>oficio IEEPCO/ST/12/2022</code>. O escriba /cancelar.",
            name=name,
        )
    )


def means_too_long() -> Message:
    """Say how long the means may be."""
    return Message(t("Escríbalo en {limit} caracteres como máximo, por favor; o /cancelar.", limit=MEANS_LIMIT))


def ask_told_when(means: str) -> Message:
    """Ask when somebody was notified."""
    return Message(
        t(
            "«{means}». ¿Cuándo se le notificó? Por ejemplo: <code>hoy 10:30</code> o <code>24/02/2022 10:30</code>.",
            means=means,
        )
    )


def ask_told_hour(days: Sequence[date]) -> Message:
    """Ask at what hour of the day, or days, that were given."""
    given = t(" o ").join(dates.weekday_and_day(day) for day in days)
    return Message(t("{days}: ¿a qué hora? Por ejemplo, <code>10:30</code>.", days=given.capitalize()))


def ask_told_day() -> Message:
    """Ask on which day, of an hour that was given."""
    return Message(t("¿De qué día? Por ejemplo, <code>hoy</code>, <code>ayer</code> o <code>24/02/2022</code>."))


def ask_told_which(choices: Sequence[datetime], zone: ZoneInfo) -> Message:
    """Ask which of the moments that may have been meant, as they are to be written."""
    lines = [t("Eso puede entenderse de más de una forma. Escríbalo, o cópielo, así:")]
    lines += [t("<code>{when}</code>", when=write_date(choice, zone)) for choice in choices]
    return Message(Markup("\n").join(lines))


def told_in_the_future() -> Message:
    """Say that nobody can have been notified by then."""
    return Message(t("Esa fecha y hora aún no llegan. Escriba cuándo se le notificó, o /cancelar."))


def told_when_unclear() -> Message:
    """Say how to write when somebody was notified."""
    return Message(t("No entendí la fecha y la hora. Escríbalas así: <code>24/02/2022 10:30</code>; o /cancelar."))


def told(commission_id: int, convocation_id: int, name: str, means: str, at: datetime, zone: ZoneInfo) -> Message:
    """Confirm that the notification by other means was recorded."""
    text = t(
        "✔️ Anotado: se notificó a {name} por otro medio ({means}), {when}.",
        name=name,
        means=means,
        when=dates.moment(at, zone),
    )
    return Message(text, ((tap(t("Ver acuses"), ShowBoard(commission_id, convocation_id)),),))
