"""/asistencia and /asistencias: the roll call, the quorum as it is counted there, and who attended how often."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.attendance import Attendance, Tally
from prep_bot.domain.meeting import MeetingState
from prep_bot.i18n import t, tn
from prep_bot.services.attendance import Attended, Period
from prep_bot.services.meetings import MeetingView
from prep_bot.services.rolls import Attendee, Roll
from prep_bot.texts import dates
from prep_bot.texts.actions.calendar import CloseMeeting, ShowMeeting
from prep_bot.texts.actions.rolls import (
    AskArrival,
    AskNoQuorum,
    DeclareNoQuorum,
    DeclareQuorum,
    MarkAttendance,
    MarkRest,
    ShowAttendances,
    ShowRoll,
)
from prep_bot.texts.meetings import second_call
from prep_bot.texts.message import CHOSEN, Button, Message, Toast
from prep_bot.texts.pages import Item, Section, page_of, shorten, tap
from prep_bot.texts.words import attendance_name, meeting_name, role_name

_PAGE = 8
"""People on one screen, each a button."""

_NAME = 40
"""Characters of a name on a button."""

_CHOICES = 10

_MARKS = {
    Attendance.PRESENT: "✅",
    Attendance.REMOTE: "💻",
    Attendance.ABSENT: "✖️",
    Attendance.JUSTIFIED: "📄",
    None: "▫️",
}


def roll(
    view: Roll, now: datetime, zone: ZoneInfo, pen: Attendance | None = Attendance.PRESENT, page: int = 0
) -> Message:
    """Return the roll: a tap on a person records `pen`; without a pen, it corrects when they arrived."""
    lines = [*_head(view, now, zone)]
    if not view.open(now):
        return _read_only(view, Markup("\n").join([*lines, *_closed(view, zone)]), zone, page)
    if view.meeting.state is MeetingState.HELD:
        lines.append(t("<i>La sesión ya se celebró: lo que cambie se anota como corrección.</i>"))
    lines += ["", _instruction(pen)]
    last = (len(view.people) - 1) // _PAGE
    page = min(max(page, 0), last)
    shown = view.people[page * _PAGE : (page + 1) * _PAGE]
    rows = [*_pens(view, pen, page), *((_person(view, person, pen, page, zone),) for person in shown)]
    return Message(Markup("\n").join(lines), (*rows, *_turning(view, pen, page, last), *_deeds(view, now)))


def _head(view: Roll, now: datetime, zone: ZoneInfo) -> Iterator[Markup | str]:
    yield t("<b>Lista de asistencia</b>: {name}", name=meeting_name(view.meeting))
    if view.meeting.starts_at is not None:
        yield t("🗓 {when}", when=dates.weekday_and_time(view.meeting.starts_at, zone).capitalize())
    if not (view.counted.recorded or view.open(now)):
        return
    yield ""
    yield present_quorum(view)
    if view.quorum_at is not None:
        yield t("Quórum declarado a las {time} h.", time=dates.clock(view.quorum_at.astimezone(zone)))
    yield _counts(view.counted, len(view.people))


def present_quorum(view: Roll) -> Markup:
    """Say how many voting members are there, and how many it takes."""
    quorum = view.quorum
    given = {"present": quorum.present, "voting": quorum.voting, "required": quorum.required}
    if view.meeting.state in {MeetingState.HELD, MeetingState.NO_QUORUM}:
        return t("Con voto: <b>{present} de {voting}</b> (se requerían {required})", **given)
    if quorum.met:
        return t("✅ Hay quórum: <b>{present} de {voting}</b> con voto (se requieren {required})", **given)
    if view.meeting.state is MeetingState.IN_SESSION:
        return t(
            "⚠️ Sin quórum en este momento: <b>{present} de {voting}</b> con voto (se requieren {required})", **given
        )
    return t("▫️ Aún no hay quórum: <b>{present} de {voting}</b> con voto (se requieren {required})", **given)


def _counts(counted: Tally, people: int) -> Markup:
    line = t(
        "Presentes: {present} · A distancia: {remote} · Ausentes: {absent} · Justificadas: {justified}",
        present=counted.present,
        remote=counted.remote,
        absent=counted.absent,
        justified=counted.justified,
    )
    left = people - counted.recorded
    return line + t(" · Sin anotar: {n}", n=left) if left else line


def _closed(view: Roll, zone: ZoneInfo) -> Iterator[Markup]:
    if view.opens_at is not None:
        yield t("La lista se abre una hora antes: {when}.", when=dates.short_moment(view.opens_at, zone))
    elif view.meeting.state is MeetingState.NO_QUORUM and view.quorum_at is not None:
        yield t(
            "🚫 La sesión perdió el quórum a las {time} h: la lista queda como está.",
            time=_time(view.meeting.since, zone),
        )
    elif view.meeting.state is MeetingState.NO_QUORUM:
        yield t("🚫 La sesión no tuvo quórum: la lista queda como está.")
    else:
        yield t("La lista se pasa en una sesión convocada.")


def _read_only(view: Roll, title: Markup, zone: ZoneInfo, page: int) -> Message:
    recorded = [person for person in view.people if person.attendance is not None]
    items = tuple(Item(t("• {person}", person=_label(person, zone))) for person in recorded)
    ids = (view.meeting.commission_id, view.meeting.id)
    see = tap(t("Ver sesión"), ShowMeeting(view.meeting.commission_id, view.meeting.number))
    footer = ((second_call(view.meeting), see),) if view.meeting.state is MeetingState.NO_QUORUM else ((see,),)
    return page_of(
        title, [Section(Markup(""), items)] if items else [], page, lambda n: ShowRoll(*ids, None, n), footer=footer
    )


def _instruction(pen: Attendance | None) -> Markup:
    if pen is None:
        return t("Toque a quien desee corregirle la hora de llegada.")
    return t(
        "Toque a cada persona para anotarla así: <b>{attendance}</b>.", attendance=attendance_name(pen).capitalize()
    )


def _pens(view: Roll, pen: Attendance | None, page: int) -> Iterator[tuple[Button, ...]]:
    def button(choice: Attendance | None) -> Button:
        name = attendance_name(choice).capitalize() if choice else t("Hora")
        return tap(
            (CHOSEN if choice is pen else "") + name,
            ShowRoll(view.meeting.commission_id, view.meeting.id, choice, page),
        )

    yield (button(Attendance.PRESENT), button(Attendance.REMOTE))
    yield (button(Attendance.ABSENT), button(Attendance.JUSTIFIED), button(None))


def _person(view: Roll, person: Attendee, pen: Attendance | None, page: int, zone: ZoneInfo) -> Button:
    ids = (view.meeting.commission_id, view.meeting.id, person.person_id)
    return tap(_label(person, zone), AskArrival(*ids) if pen is None else MarkAttendance(*ids, pen, page))


def _label(person: Attendee, zone: ZoneInfo) -> str:
    parts = [f"{_MARKS[person.attendance]} {shorten(person.name, _NAME)}"]
    if person.arrived_at is not None:
        parts.append(dates.clock(person.arrived_at.astimezone(zone)))
    if person.votes:
        parts.append(t("voto").unescape())
    if person.substitute:
        parts.append(t("en su lugar, {name}", name=shorten(person.substitute, _NAME)).unescape())
    return " · ".join(parts)


def _turning(view: Roll, pen: Attendance | None, page: int, last: int) -> Iterator[tuple[Button, ...]]:
    ids = (view.meeting.commission_id, view.meeting.id)
    row = []
    if page > 0:
        row.append(tap(t("◂ Ver anteriores"), ShowRoll(*ids, pen, page - 1)))
    if page < last:
        row.append(tap(t("Ver más ▸"), ShowRoll(*ids, pen, page + 1)))
    if row:
        yield tuple(row)


def _deeds(view: Roll, now: datetime) -> Iterator[tuple[Button, ...]]:
    """Yield what can be done with the session as its roll stands."""
    meeting = view.meeting
    ids = (meeting.commission_id, meeting.id)
    if 0 < view.counted.recorded < len(view.people):
        yield (tap(t("Las demás personas: ausentes"), MarkRest(*ids)),)
    if meeting.state is MeetingState.CONVENED and meeting.starts_at is not None and meeting.starts_at <= now:
        if view.quorum.met:
            yield (tap(t("Declarar quórum"), DeclareQuorum(*ids)),)
        else:
            yield (_no_quorum_button(view),)
    if meeting.state is MeetingState.IN_SESSION:
        if not view.quorum.met:
            yield (_no_quorum_button(view),)
        yield (tap(t("Cerrar la sesión"), CloseMeeting(*ids)),)


def _no_quorum_button(view: Roll) -> Button:
    label = t("Se perdió el quórum") if view.meeting.state is MeetingState.IN_SESSION else t("No hay quórum")
    return tap(label, AskNoQuorum(view.meeting.commission_id, view.meeting.id))


def choose_roll(commission_id: int, meetings: Sequence[MeetingView], zone: ZoneInfo) -> Message:
    """Ask of which session the roll is meant; say when it can be taken if there is none."""
    if not meetings:
        text = t(
            "No hay ninguna sesión a la que pasar lista: se abre una hora antes de cada sesión convocada. Para corregir "
            "la de una sesión celebrada, escriba su número, por ejemplo <code>/asistencia 3</code>."
        )
        return Message(text)
    rows = tuple((tap(_choice(m, zone), ShowRoll(commission_id, m.id, Attendance.PRESENT)),) for m in meetings)
    return Message(t("¿De qué sesión?"), rows[:_CHOICES])


def _choice(meeting: MeetingView, zone: ZoneInfo) -> Markup:
    when = dates.short_moment(meeting.starts_at, zone) if meeting.starts_at else ""
    return t("{n}. {name} · {when}", n=meeting.number, name=meeting_name(meeting, 40), when=when)


def ask_arrival(person: Attendee) -> Message:
    """Ask when somebody arrived."""
    return Message(
        t(
            "¿A qué hora llegó <b>{name}</b>? Por ejemplo, <code>11:20</code>. Para dejarla como está: /cancelar.",
            name=person.name,
        )
    )


def bad_hour(opens_at: datetime | None, zone: ZoneInfo) -> Message:
    """Say which hours somebody can have arrived at."""
    since = dates.clock(opens_at.astimezone(zone)) if opens_at else ""
    return Message(
        t(
            "Escriba una hora de la sesión que ya haya pasado, desde las {since}, así: <code>11:20</code>; o /cancelar.",
            since=since,
        )
    )


def not_there() -> Toast:
    """Say that only whoever attends has an hour."""
    return Toast(t("Primero anote a esa persona como presente o a distancia."))


def not_on_roll() -> Toast:
    """Say that the person left the roll."""
    return Toast(t("Esa persona ya no está en la lista. Ábrala de nuevo con /asistencia."))


def not_yet(meeting: MeetingView, zone: ZoneInfo) -> Toast:
    """Say that the session has not begun."""
    when = dates.short_moment(meeting.starts_at, zone) if meeting.starts_at else ""
    return Toast(t("La sesión comienza el {when}: eso se declara desde entonces.", when=when))


def no_quorum_yet(view: Roll) -> Toast:
    """Say how many are missing."""
    quorum = view.quorum
    missing = quorum.required - quorum.present
    return Toast(
        tn(
            "Aún no hay quórum: falta {n} integrante con voto.",
            "Aún no hay quórum: faltan {n} integrantes con voto.",
            missing,
        )
    )


def quorum_reached() -> Toast:
    """Say that the roll has a quorum."""
    return Toast(t("Según la lista sí hay quórum. Si no es así, corríjala primero."))


def gone() -> Toast:
    """Say that the session changed."""
    return Toast(t("La sesión cambió mientras tanto. Ábrala de nuevo con /asistencia."))


def ask_no_quorum(view: Roll, now: datetime, zone: ZoneInfo) -> Message:
    """Ask whether the session really has no quorum, or no longer: that ends its convocation."""
    lost = view.meeting.state is MeetingState.IN_SESSION
    time = _time(now, zone)
    lines: list[Markup | str] = [
        t("<b>Sin quórum</b>: {name}", name=meeting_name(view.meeting)),
        "",
        present_quorum(view),
        t(
            "Son las {time} h. La sesión concluye a esta hora, sin quórum, y podrá fijar la fecha de la siguiente "
            "convocatoria.",
            time=time,
        )
        if lost
        else t("Son las {time} h. La convocatoria concluye y podrá fijar la fecha de la siguiente.", time=time),
        "",
        t("¿Confirma que se perdió el quórum?") if lost else t("¿Confirma que no hay quórum?"),
    ]
    ids = (view.meeting.commission_id, view.meeting.id)
    yes = tap(t("Sí, se perdió el quórum") if lost else t("Sí, no hay quórum"), DeclareNoQuorum(*ids))
    back = tap(t("Volver a la lista"), ShowRoll(*ids, Attendance.PRESENT))
    return Message(Markup("\n").join(lines), ((yes,), (back,)))


def ask_close(view: Roll) -> Message:
    """Ask whether a session is really to be noted as held though its roll has no quorum."""
    lines: list[Markup | str] = [
        t("<b>Marcar celebrada la sesión {n}: {name}</b>", n=view.meeting.number, name=meeting_name(view.meeting)),
        "",
        present_quorum(view),
        t("⚠️ Según la lista, quedaría como celebrada sin quórum."),
        "",
        t("Si la lista no está al día, corríjala primero. ¿Qué desea hacer?"),
    ]
    ids = (view.meeting.commission_id, view.meeting.id)
    roll_call = tap(t("Volver a la lista"), ShowRoll(*ids, Attendance.PRESENT))
    close = tap(t("Marcar celebrada de todos modos"), CloseMeeting(*ids, sure=True))
    return Message(Markup("\n").join(lines), ((roll_call,), (_no_quorum_button(view),), (close,)))


def _time(instant: datetime, zone: ZoneInfo) -> str:
    return dates.clock(instant.astimezone(zone))


def attendances(commission_id: int, view: Period, page: int, *, everybody: bool) -> Message:
    """Return who attended how often; only the reader's own, unless `everybody`, and the total."""
    title = t("<b>Asistencia a las sesiones celebradas</b>")
    if not view.sessions:
        return Message(title + "\n\n" + t("Todavía no hay ninguna sesión celebrada con lista de asistencia."))
    title += "\n" + tn("{n} sesión con lista", "{n} sesiones con lista", view.sessions)
    if view.without_roll:
        title += tn("; {n} sin lista", "; {n} sin lista", view.without_roll)
    title += "\n" + t("En conjunto: {tally}", tally=_tally(view.total))
    if everybody:
        items = tuple(Item(_attended(person)) for person in view.people)
        sections = [Section(t("<b>Por persona</b>"), items)]
    else:
        items = tuple(Item(_tally(person.tally)) for person in view.people)
        sections = [Section(t("<b>Usted</b>"), items)]
    return page_of(title, sections, page, lambda turned: ShowAttendances(commission_id, turned))


def _attended(person: Attended) -> Markup:
    role = t(" ({role})", role=role_name(person.role)) if person.role else Markup("")
    return t("• {name}{role}: {tally}", name=person.name, role=role, tally=_tally(person.tally))


def _tally(counted: Tally) -> Markup:
    if not counted.recorded:
        return t("sin registro")
    parts = [
        t("{n} a distancia", n=counted.remote) if counted.remote else None,
        tn("{n} falta", "{n} faltas", counted.absent) if counted.absent else None,
        tn("{n} justificada", "{n} justificadas", counted.justified) if counted.justified else None,
    ]
    share = t("<b>{percent} %</b>, {n} de {total}", percent=counted.percent, n=counted.attended, total=counted.recorded)
    told = Markup(", ").join(part for part in parts if part)
    return t("{share} ({told})", share=share, told=told) if told else share
