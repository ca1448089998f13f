"""/calendario, /sesion and /proxima."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.meeting import MeetingState
from prep_bot.i18n import t
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import dates
from prep_bot.texts.actions import ShowCalendar, ShowMeeting
from prep_bot.texts.message import Message
from prep_bot.texts.pages import Item, Section, page_of, tap
from prep_bot.texts.words import meeting_state_mark, meeting_state_name, modality_name


def calendar(commission_id: int, meetings: Sequence[MeetingView], zone: ZoneInfo, page: int = 0) -> Message:
    """Return all the sessions."""
    title = t("<b>Calendario de sesiones</b>")
    if not meetings:
        return Message(title + "\n\n" + t("No hay sesiones que mostrarle."))
    items = tuple(
        Item(_line(meeting, zone), meeting.number, ShowMeeting(commission_id, meeting.number)) for meeting in meetings
    )
    return page_of(title, [Section(Markup(""), items)], page, lambda turned: ShowCalendar(commission_id, turned))


def _line(meeting: MeetingView, zone: ZoneInfo) -> Markup:
    line = t(
        "{mark} {n}. <b>{name}</b>: {when}",
        mark=meeting_state_mark(meeting.state),
        n=meeting.number,
        name=meeting.name,
        when=_when(meeting, zone),
    )
    return line + (t(" · {place}", place=meeting.place) if meeting.place and not meeting.state.ended else "")


def _when(meeting: MeetingView, zone: ZoneInfo) -> Markup:
    state = meeting_state_name(meeting.state)
    if meeting.state is MeetingState.HELD and meeting.held_on:
        return t("{state} el {date}", state=state, date=dates.day_and_year(meeting.held_on))
    if meeting.starts_at is None:
        return t("{month}, {state}", month=dates.month_and_year(meeting.month), state=state)
    return t("{when} ({state})", when=dates.weekday_and_time(meeting.starts_at, zone), state=state)


def meeting(view: MeetingView, zone: ZoneInfo) -> Message:
    """Return one session, whole."""
    lines = [t("<b>Sesión {n}: {name}</b>", n=view.number, name=view.name), _when_line(view, zone)]
    lines += [*_where(view), *_topics(view)]
    if view.note:
        lines += [Markup(""), t("<i>Nota: {note}</i>", note=view.note)]
    return Message(Markup("\n").join(lines), ((tap(t("Ver calendario"), ShowCalendar(view.commission_id)),),))


def _when_line(view: MeetingView, zone: ZoneInfo) -> Markup:
    return t("{mark} {when}", mark=meeting_state_mark(view.state), when=_when(view, zone))


def _where(view: MeetingView) -> Iterator[Markup]:
    if view.modality:
        yield t("Modalidad: {modality}", modality=modality_name(view.modality))
    if view.place:
        yield t("Lugar: {place}", place=view.place)
    if view.link:
        yield t("Enlace: {link}", link=view.link)


def _topics(view: MeetingView) -> Iterator[Markup]:
    if view.topics:
        yield Markup("")
        yield t("<b>Temas</b>")
        yield from (t("• {topic}", topic=topic) for topic in view.topics)


def next_meeting(view: MeetingView | None, now: datetime, zone: ZoneInfo) -> Message:
    """Return the next session, how long until it, and its topics."""
    if view is None:
        return Message(t("No hay ninguna sesión por celebrarse."))
    lines = [
        t("<b>Próxima sesión</b>"),
        t("{name} (sesión {n})", name=view.name, n=view.number),
        _when_line(view, zone),
    ]
    if view.starts_at is not None:
        lines.append(t("⏳ {left}", left=dates.span(view.starts_at - now)))
    lines += [*_where(view), *_topics(view)]
    open_it = (tap(t("Ver sesión"), ShowMeeting(view.commission_id, view.number)),)
    return Message(Markup("\n").join(lines), (open_it,))


def ask_number() -> Message:
    """Ask for the number that the command lacks."""
    return Message(t("Escriba el número de la sesión, por ejemplo <code>/sesion 3</code>."))


def no_such_meeting(number: int) -> Message:
    """Say that no session with that number can be shown to this person."""
    return Message(t("No hay una sesión {number} que mostrarle. Consulte /calendario.", number=number))
