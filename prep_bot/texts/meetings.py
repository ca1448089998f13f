"""/calendario, /sesion and /proxima."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.attendance import ROLL_OPENS, Attendance
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.month import Month
from prep_bot.i18n import t, tn
from prep_bot.services.agenda import AgendaView
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import dates
from prep_bot.texts.actions.agenda import ShowAgenda
from prep_bot.texts.actions.calendar import (
    CancelMeeting,
    CloseMeeting,
    DateMeeting,
    DeferMeeting,
    MoveMeeting,
    ShowCalendar,
    ShowMeeting,
)
from prep_bot.texts.actions.convening import PreviewConvocation, ShowBoard, TellChanges
from prep_bot.texts.actions.rolls import ShowRoll
from prep_bot.texts.message import Button, Message
from prep_bot.texts.pages import SCREEN, SHORT, WHOLE, Item, Section, page_of, shorten, tap, visible_length
from prep_bot.texts.particulars import fitting, numbered
from prep_bot.texts.words import call_name, meeting_name, meeting_state_mark, meeting_state_name, modality_name


def calendar(
    commission_id: int, meetings: Sequence[MeetingView], zone: ZoneInfo, month: Month | None = None, page: int = 0
) -> Message:
    """Return all the sessions, or those of one month."""
    chosen = [meeting for meeting in meetings if month in (None, meeting.month)]
    title = (
        t("<b>Calendario de sesiones</b>")
        if month is None
        else t("<b>Sesiones de {month}</b>", month=dates.month_and_year(month))
    )
    if not chosen:
        return Message(title + "\n\n" + t("No hay sesiones que mostrarle."))
    items = tuple(
        Item(_line(meeting, zone), meeting.number, ShowMeeting(commission_id, meeting.number)) for meeting in chosen
    )
    return page_of(title, [Section(Markup(""), items)], page, lambda turned: ShowCalendar(commission_id, month, turned))


def _line(meeting: MeetingView, zone: ZoneInfo) -> Markup:
    line = t(
        "{mark} {n}. <b>{name}</b>: {when}",
        mark=meeting_state_mark(meeting.state),
        n=meeting.number,
        name=meeting_name(meeting, SHORT),
        when=_when(meeting, zone),
    )
    return line + (t(" · {place}", place=shorten(meeting.place)) if meeting.place and not meeting.state.ended else "")


def _when(meeting: MeetingView, zone: ZoneInfo) -> Markup:
    state = meeting_state_name(meeting.state)
    if meeting.state is MeetingState.HELD and meeting.held_on:
        return t("{state} el {date}", state=state, date=dates.day_and_year(meeting.held_on))
    if meeting.starts_at is None:
        return t("{month}, {state}", month=dates.month_and_year(meeting.month), state=state)
    return t("{when} ({state})", when=dates.weekday_and_time(meeting.starts_at, zone), state=state)


def meeting(agenda: AgendaView, zone: ZoneInfo, page: int = 0, offers: tuple[tuple[Button, ...], ...] = ()) -> Message:
    """Return one session, whole, with what is offered to be done about it."""
    view = agenda.meeting
    head = [
        t("<b>Sesión {n}: {name}</b>", n=view.number, name=meeting_name(view)),
        _when_line(view, zone),
        *_where(view),
    ]
    head += _remarks(view)
    if view.note:
        head.append(t("<i>Nota: {note}</i>", note=view.note))
    if agenda.untold:
        head.append(t("✏️ <b>Hay cambios sin comunicar</b> en el orden del día o en los anexos."))
        changes = tap(t("Comunicar los cambios"), TellChanges(view.commission_id, view.id))
        offers = ((changes,), *offers)
    return page_of(
        Markup("\n").join(head),
        [Section(_points_title(agenda), tuple(Item(point) for point in _points(agenda)))] if agenda.points else [],
        page,
        lambda turned: ShowMeeting(view.commission_id, view.number, turned),
        footer=(*offers, (_agenda_button(agenda), tap(t("Ver calendario"), ShowCalendar(view.commission_id)))),
        limit=WHOLE,
    )


def _remarks(view: MeetingView) -> Iterator[Markup]:
    """Say what is particular about a session."""
    if view.urgency:
        yield t("Urgente: {reason}", reason=view.urgency)
    if view.state is MeetingState.NO_QUORUM:
        yield t("Falta fijar la fecha de la {call}.", call=call_name(view.call + 1))


def second_call(view: MeetingView) -> Button:
    """Return the button that dates the next call of a session without quorum."""
    return tap(call_name(view.call + 1).capitalize(), DateMeeting(view.commission_id, view.id))


def offers(view: MeetingView, now: datetime, convocation: int | None) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons for what whoever convenes may do with a session; `convocation` is its newest."""
    ids = (view.commission_id, view.id)
    cancel = tap(t("Cancelar"), CancelMeeting(*ids))
    change = (tap(t("Mover"), MoveMeeting(*ids)), tap(t("Diferir"), DeferMeeting(*ids)), cancel)
    begun = view.starts_at is not None and view.starts_at <= now
    close = ((tap(t("Marcar celebrada"), CloseMeeting(*ids)),),) if begun else ()
    roll = (tap(t("Pasar lista"), ShowRoll(*ids, Attendance.PRESENT)),)
    match view.state:
        case MeetingState.UNSCHEDULED | MeetingState.DEFERRED:
            return ((tap(t("Fijar fecha"), DateMeeting(*ids)), cancel),)
        case MeetingState.SCHEDULED:
            convene = () if begun else ((tap(t("Convocar"), PreviewConvocation(*ids)),),)
            return (*close, *convene, change)
        case MeetingState.CONVENED if convocation is not None:
            gathering = view.starts_at is not None and view.starts_at - ROLL_OPENS <= now
            board = (tap(t("Ver acuses"), ShowBoard(view.commission_id, convocation)),)
            return (*((roll,) if gathering else ()), *close, board, change)
        case MeetingState.IN_SESSION:
            return (roll, (tap(t("Cerrar la sesión"), CloseMeeting(*ids)),))
        case MeetingState.HELD if view.starts_at is not None:
            return ((tap(t("Lista de asistencia"), ShowRoll(*ids, Attendance.PRESENT)),),)
        case MeetingState.NO_QUORUM:
            return ((second_call(view), cancel),)
        case _:
            return ()


def _when_line(view: MeetingView, zone: ZoneInfo) -> Markup:
    mark = meeting_state_mark(view.state)
    if view.state.undated:
        state = meeting_state_name(view.state).capitalize()
        return t(
            "{mark} {state}; prevista para {month}", mark=mark, state=state, month=dates.month_and_year(view.month)
        )
    return t("{mark} {when}", mark=mark, when=_when(view, zone).capitalize())


def _where(view: MeetingView) -> Iterator[Markup]:
    if view.modality:
        yield t("Modalidad: {modality}", modality=modality_name(view.modality))
    if view.place:
        yield t("Lugar: {place}", place=view.place)
    if view.link:
        yield t("Enlace: {link}", link=view.link)


def _points_title(agenda: AgendaView) -> Markup:
    return t("<b>Orden del día</b>") if agenda.drawn_up or agenda.convened else t("<b>Temas</b>")


def _points(agenda: AgendaView) -> list[Markup]:
    """Return the points with their numbers; what is only the plan's topics, without."""
    points = [point.text for point in agenda.points]
    if agenda.drawn_up or agenda.convened:
        return numbered(points)
    return [t("• {topic}", topic=point) for point in points]


def _agenda_button(agenda: AgendaView) -> Button:
    papers = len(agenda.papers) + sum(len(point.papers) for point in agenda.points)
    label = tn("Orden del día y {n} anexo", "Orden del día y {n} anexos", papers) if papers else t("Orden del día")
    return tap(label, ShowAgenda(agenda.meeting.commission_id, agenda.meeting.number))


def next_meeting(agenda: AgendaView | None, now: datetime, zone: ZoneInfo) -> Message:
    """Return the next session, how long until it, and its points as far as they fit."""
    if agenda is None:
        return Message(t("No hay ninguna sesión por celebrarse."))
    view = agenda.meeting
    going_on = view.state is MeetingState.IN_SESSION
    lines = [
        t("<b>Sesión en curso</b>") if going_on else t("<b>Próxima sesión</b>"),
        t("{name} (sesión {n})", name=meeting_name(view), n=view.number),
        _when_line(view, zone),
    ]
    if view.starts_at is not None and view.starts_at > now:
        lines.append(t("⏳ {left}", left=dates.span(view.starts_at - now).capitalize()))
    lines += [*_where(view), *_remarks(view)]
    if agenda.points:
        room = SCREEN - visible_length("".join(lines))
        lines += [Markup(""), _points_title(agenda), *fitting(_points(agenda), room)]
    open_it = (tap(t("Ver sesión"), ShowMeeting(view.commission_id, view.number)), _agenda_button(agenda))
    return Message(Markup("\n").join(lines), (open_it,))


def no_such_meeting(number: int) -> Message:
    """Say that no session with that number can be shown to this person."""
    return Message(t("No hay una sesión {number} que mostrarle. Consulte /calendario.", number=number))
