"""The questions that settle when, how and where a session takes place, and the answer once that is settled."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.draft import LIMITS, Draft, Purpose, Question, Venue
from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.domain.outlook import Outlook
from prep_bot.domain.term import TermCheck
from prep_bot.i18n import t, tn
from prep_bot.services.clashes import Concerns
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import dates, terms
from prep_bot.texts.actions.calendar import AskDateAgain, ConfirmChange, DateMeeting, KeepPlace, PickModality
from prep_bot.texts.actions.convening import CallItUrgent, PreviewConvocation
from prep_bot.texts.message import Button, Message, Toast
from prep_bot.texts.pages import shorten, tap
from prep_bot.texts.particulars import appointment
from prep_bot.texts.words import call_name, meeting_name, modality_name

_LISTED = 30
"""Sessions to choose from at most: any other is reached by its number."""


def choose_meeting(commission_id: int, meetings: Sequence[MeetingView], zone: ZoneInfo, date: str = "") -> Message:
    """Ask which of the sessions that are not convened gets its date: the one that was written, if so."""
    if not meetings:
        return Message(t("No hay sesiones por fechar: todas están convocadas, celebradas o canceladas."))
    rows = [(tap(_choice(meeting, zone), DateMeeting(commission_id, meeting.id)),) for meeting in meetings[:_LISTED]]
    lines = [
        t("<b>Fijar fecha</b>"),
        t("«{date}»: ¿de qué sesión?", date=shorten(date)) if date else t("¿De qué sesión?"),
    ]
    states = {meeting.state for meeting in meetings}
    if MeetingState.SCHEDULED in states:
        lines.append(t("🗓 Ya tiene fecha y falta convocarla."))
    if MeetingState.NO_QUORUM in states:
        lines.append(t("🚫 No hubo quórum: se convoca de nuevo."))
    if len(meetings) > _LISTED:
        lines.append(
            t("Para otra sesión escriba su número, por ejemplo <code>/fijar {n}</code>.", n=meetings[-1].number)
        )
    return Message(Markup("\n").join(lines), tuple(rows))


def _choice(meeting: MeetingView, zone: ZoneInfo) -> Markup:
    name = meeting_name(meeting, 40)
    if meeting.state is MeetingState.NO_QUORUM:
        return t("🚫 {n}. {name} · {call}", n=meeting.number, name=name, call=call_name(meeting.call + 1))
    if meeting.starts_at is not None:
        when = dates.short_moment(meeting.starts_at, zone)
        return t("🗓 {n}. {name} · {when}", n=meeting.number, name=name, when=when)
    return t("{n}. {name} · {when}", n=meeting.number, name=name, when=dates.month_name(meeting.month))


def ask_subject() -> Message:
    """Ask what an extraordinary session is about."""
    return Message(
        t(
            "<b>Nueva sesión extraordinaria</b>\n\n¿Qué tema se tratará? Escríbalo como debe leerse en la convocatoria, o "
            "/cancelar para dejarlo."
        )
    )


def ask_urgent(draft: Draft, term: TermCheck, zone: ZoneInfo) -> Message:
    """Ask whether an extraordinary session whose term has passed is urgent, or gets another date."""
    lines = [
        t("<b>Nueva sesión extraordinaria</b>"),
        *_settled(draft, zone),
        "",
        terms.standing(term),
        t("Una sesión urgente no tiene término mínimo, pero requiere un motivo, que leerán las personas convocadas."),
    ]
    urgent = tap(t("Es urgente"), CallItUrgent(draft.commission, urgent=True, stamp=draft.stamp))
    again = tap(t("Cambiar la fecha"), AskDateAgain(draft.commission, draft.stamp))
    leave = tap(t("Dejarla como extraordinaria"), CallItUrgent(draft.commission, urgent=False, stamp=draft.stamp))
    return Message(Markup("\n").join(lines), ((urgent, again), (leave,)))


def ask_urgency() -> Message:
    """Ask why an extraordinary session is urgent."""
    return Message(
        t(
            "<b>Nueva sesión extraordinaria urgente</b>\n\n¿Por qué es urgente? Escriba el motivo como debe leerse en la "
            "convocatoria, o /cancelar para dejarlo."
        )
    )


def keeps_date(draft: Draft, meeting: MeetingView) -> bool:
    """Tell whether a convened session is to be attended otherwise, or elsewhere, but when it was to be."""
    return draft.purpose is Purpose.MOVE and draft.starts_at == meeting.starts_at


def venue_title(meeting: MeetingView) -> Markup:
    """Return the title of the dialogue in which only how or where a session is attended changes."""
    return t(
        "<b>Cambiar la modalidad o el lugar de la sesión {n}: {name}</b>", n=meeting.number, name=meeting_name(meeting)
    )


def ask_modality(draft: Draft, meeting: MeetingView | None, zone: ZoneInfo) -> Message:
    """Ask how people attend; what the session has, or the latest one had, is taken whole with one tap."""
    title = [venue_title(meeting)] if meeting is not None and keeps_date(draft, meeting) else []
    rows = [(_keep(draft, _venue(draft.offered)),)] if draft.offered else []
    names = [
        tap(modality_name(modality).capitalize(), PickModality(draft.commission, modality, draft.stamp))
        for modality in Modality
    ]
    return Message(
        Markup("\n").join([*title, *_settled(draft, zone), "", t("¿Cómo se celebrará?")]), (*rows, tuple(names))
    )


def ask_place(draft: Draft, zone: ZoneInfo) -> Message:
    """Ask where people meet."""
    question = t("Escriba el lugar, por ejemplo <code>Sala de sesiones del Consejo General</code>.")
    offered = draft.offered.place if draft.offered else ""
    return Message(
        Markup("\n").join([*_settled(draft, zone), "", question]), ((_keep(draft, offered),),) if offered else ()
    )


def ask_link(draft: Draft, zone: ZoneInfo) -> Message:
    """Ask how people connect."""
    question = t("Escriba el enlace para conectarse, o <code>después</code> si aún no lo tiene.")
    offered = draft.offered.link if draft.offered else ""
    return Message(
        Markup("\n").join([*_settled(draft, zone), "", question]), ((_keep(draft, offered),),) if offered else ()
    )


def _keep(draft: Draft, what: str) -> Button:
    short = shorten(what, 50)
    label = t("Conservar: {what}", what=short) if draft.kept else t("Como la última: {what}", what=short)
    return tap(label, KeepPlace(draft.commission, draft.stamp))


def _venue(venue: Venue) -> str:
    return " · ".join(part for part in (modality_name(venue.modality), venue.place or venue.link) if part)


def _settled(draft: Draft, zone: ZoneInfo) -> Iterator[Markup]:
    """Return the lines that say what is settled of the date and the venue, as in a convocation."""
    if draft.starts_at is not None:
        yield t("🗓 {when}", when=dates.weekday_and_time(draft.starts_at, zone).capitalize())
    if draft.modality is not None:
        yield t("Modalidad: {modality}", modality=modality_name(draft.modality))
    if draft.place:
        yield t("Lugar: {place}", place=draft.place)
    if draft.link:
        yield t("Enlace: {link}", link=draft.link)


def too_long(question: Question, length: int) -> Message:
    """Say how long the answer to a question may be."""
    return Message(
        t(
            "Son {length} caracteres y el máximo es de {limit}. Envíelo más breve, o /cancelar para dejarlo.",
            length=length,
            limit=LIMITS[question],
        )
    )


def confirm_extraordinary(draft: Draft, view: Outlook, concerns: Concerns, now: datetime, zone: ZoneInfo) -> Message:
    """Show the extraordinary session as it will be, before it is added."""
    title = t("<b>Nueva sesión extraordinaria urgente</b>") if draft.urgent else t("<b>Nueva sesión extraordinaria</b>")
    lines = [
        title,
        *_settled(draft, zone),
        t("Tema: {topic}", topic=draft.subject or ""),
        *([t("A solicitud de la mayoría de las personas integrantes con voto.")] if draft.petition else []),
        *([t("Urgente: {reason}", reason=draft.urgency or "")] if draft.urgent else []),
        "",
        *term(view, now, zone),
        *terms.concerns(concerns, zone),
        "",
        t("Todavía no se avisa a nadie: después podrá convocarla. Para dejarlo: /cancelar."),
    ]
    again = tap(t("Corregir fecha o lugar"), AskDateAgain(draft.commission, draft.stamp))
    return Message(
        Markup("\n").join(lines), ((tap(t("Agregar"), ConfirmChange(draft.commission, draft.stamp)),), (again,))
    )


def dated(meeting: MeetingView, view: Outlook, concerns: Concerns, now: datetime, zone: ZoneInfo) -> Message:
    """Say when and where the session is, until when it can be convened in time, and offer to convene it."""
    lines = [
        t("✔️ <b>Sesión {n}: {name}</b>", n=meeting.number, name=meeting_name(meeting)),
        *appointment(meeting, zone),
        *_link_to_come(meeting),
        "",
        *term(view, now, zone),
        *terms.concerns(concerns, zone),
    ]
    convene = tap(t("Convocar"), PreviewConvocation(meeting.commission_id, meeting.id))
    again = tap(t("Corregir"), DateMeeting(meeting.commission_id, meeting.id))
    return Message(Markup("\n").join(lines), ((convene, again),))


def _link_to_come(meeting: MeetingView) -> Iterator[Markup]:
    """Say that the link of a session that needs one is still missing."""
    if meeting.modality in {Modality.REMOTE, Modality.MIXED} and not meeting.link:
        yield t("Enlace: por definir")


def term(view: Outlook, now: datetime, zone: ZoneInfo) -> Iterator[Markup]:
    """Say until when the session is convened in time, and what there is no time for any more."""
    facts = {
        "when": dates.weekday_and_time(view.term.expires_at, zone),
        "minimum": terms.amount(view.term, view.term.minimum),
        "source": terms.source(view.term),
    }
    if not view.term.minimum:
        yield terms.standing(view.term)
    elif not view.term.in_time:
        yield t("⚠️ El término para convocarla venció el {when} ({minimum} antes; {source}).", **facts)
        yield terms.on_own_responsibility()
    else:
        yield t(
            "Hay que convocarla a más tardar el {when} ({minimum} antes; {source}): {left}.",
            left=dates.span(view.term.expires_at - now),
            **facts,
        )
        if view.calls_missed:
            yield tn(
                "Ya pasó el momento de {n} aviso de «falta convocar»: no se enviará.",
                "Ya pasó el momento de los {n} avisos de «falta convocar»: no se enviarán.",
                view.calls_missed,
            )
    yield from no_reminder(view)


def no_reminder(view: Outlook) -> Iterator[Markup]:
    """Say which reminders of the session there is no time for."""
    if view.reminders_dropped:
        hours = t(" ni de ").join(t("{n} h", n=hours) for hours in view.reminders_dropped)
        yield t("Falta muy poco: ya no habrá recordatorio de {hours} antes.", hours=hours)


def changed(card: Message) -> Message:
    """Say that somebody else was quicker, above the session as it stands."""
    words = t("⚠️ Otra persona cambió esta sesión mientras tanto: no se guardó lo que usted preparaba. Así está ahora:")
    return _above(card, words)


def not_now(card: Message) -> Message:
    """Say that a session cannot be changed so in its state, above the session as it stands."""
    return _above(card, t("Eso no es posible con la sesión como está ahora:"))


def nothing_changed(card: Message) -> Message:
    """Say that a session would stay as it is, above the session as it stands."""
    return _above(card, t("La sesión quedaría igual, así que no se avisó a nadie."))


def _above(card: Message, words: Markup) -> Message:
    return replace(card, text=f"{words}\n\n{card.text}")


def gone() -> Message:
    """Say that the session left the calendar."""
    return Message(t("Esa sesión ya no está en el calendario. Consulte /calendario."))


def stale() -> Toast:
    """Say that a button belongs to a step that is over."""
    return Toast(t("Ese paso ya quedó atrás. Siga con mi pregunta más reciente o empiece de nuevo."))
