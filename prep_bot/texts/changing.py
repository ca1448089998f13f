"""Moving, deferring, cancelling and closing a session: what is asked, what will be told to whom, and what was done."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.draft import Draft, Purpose
from prep_bot.domain.outlook import Outlook
from prep_bot.domain.particulars import Particulars
from prep_bot.i18n import t, tn
from prep_bot.services.clashes import Concerns
from prep_bot.services.convocations import Recipients
from prep_bot.services.meetings import MeetingView
from prep_bot.services.versions import Pending
from prep_bot.texts import dates, notices, terms
from prep_bot.texts.actions.agenda import ShowUnfinished
from prep_bot.texts.actions.calendar import AskDateAgain, ConfirmChange, DateMeeting, ShowMeeting
from prep_bot.texts.actions.convening import PickNature
from prep_bot.texts.message import Button, Message, Toast
from prep_bot.texts.pages import room_left, shorten, tap
from prep_bot.texts.particulars import change, convocation
from prep_bot.texts.scheduling import keeps_date, no_reminder, venue_title
from prep_bot.texts.words import meeting_name

_NAMES = 300
"""Characters of the names of those out of reach: beside the longest change that may be told, a message holds no more."""


_CLOSING = 200
"""Characters of the lines that come in any case."""


def ask_reason(draft: Draft, meeting: MeetingView) -> Message:
    """Ask why the session changes."""
    lines = [
        _title(draft, meeting),
        "",
        t("Escriba el motivo como deba leerse. Antes de hacer el cambio le mostraré a quién se avisa."),
        t("Para dejarlo: /cancelar."),
    ]
    return Message(Markup("\n").join(lines))


def ask_remark(draft: Draft, meeting: MeetingView, zone: ZoneInfo) -> Message:
    """Ask for a remark on a session that was held."""
    lines: list[Markup | str] = [_title(draft, meeting)]
    if meeting.starts_at is not None:
        lines.append(t("🗓 {when}", when=dates.weekday_and_time(meeting.starts_at, zone).capitalize()))
    lines += [
        "",
        t("Si hay alguna observación, escríbala; si no, toque el botón. Para dejarlo: /cancelar."),
    ]
    return Message(Markup("\n").join(lines), ((_confirm(draft, t("Sin observaciones")),),))


def _title(draft: Draft, meeting: MeetingView) -> Markup:
    name = {"n": meeting.number, "name": meeting_name(meeting)}
    match draft.purpose:
        case Purpose.DEFER:
            return t("<b>Diferir la sesión {n}: {name}</b>", **name)
        case Purpose.CANCEL:
            return t("<b>Cancelar la sesión {n}: {name}</b>", **name)
        case Purpose.AMEND:
            return t("<b>Comunicar cambios de la sesión {n}: {name}</b>", **name)
        case Purpose.CLOSE:
            return t("<b>Marcar celebrada la sesión {n}: {name}</b>", **name)
        case Purpose.MOVE if keeps_date(draft, meeting):
            return venue_title(meeting)
        case _:
            return t("<b>Mover la sesión {n}: {name}</b>", **name)


def ask_nature(draft: Draft, meeting: MeetingView, pending: Pending, zone: ZoneInfo) -> Message:
    """Show what changed since the session was convened, and ask whether that only corrects the convocation."""
    after = _after(draft, pending)
    earlier, later = after.starts_at < pending.before.starts_at, after.starts_at > pending.before.starts_at
    correction = (
        t("• <b>Una corrección</b> (fe de erratas): los acuses se conservan.")
        if earlier
        else t("• <b>Una corrección</b> (fe de erratas): los acuses y el término de la convocatoria se conservan.")
    )
    lines = [
        _title(draft, meeting),
        "",
        t("<blockquote>{text}</blockquote>", text=change(after, pending.before, "", zone, correction=False)),
        "",
        t("¿Qué es este cambio?"),
        correction,
        t("• <b>Una convocatoria nueva</b>: se acusa recibo otra vez y el término cuenta desde ahora."),
    ]
    if earlier:
        lines += ["", t("⚠️ La sesión se adelanta: en ambos casos, el término cuenta desde ahora.")]
    if earlier or later:
        lines.append(
            t("Los acuses ya dados son de la fecha anterior: elija la corrección solo si fue un error de escritura.")
        )
    rows = (
        (tap(t("Es una corrección"), PickNature(draft.commission, correction=True, stamp=draft.stamp)),),
        (tap(t("Es una convocatoria nueva"), PickNature(draft.commission, correction=False, stamp=draft.stamp)),),
    )
    return Message(Markup("\n").join(lines), rows)


def confirm_change(
    draft: Draft, pending: Pending, reach: Recipients, outlook: Outlook, concerns: Concerns | None, zone: ZoneInfo
) -> Message:
    """Show exactly what will be told and to whom if a convened session moves, or its agenda changed."""
    after, correction = _after(draft, pending), draft.correction or False
    late: list[Markup | str] = []
    if not outlook.term.in_time and (not correction or after.starts_at < pending.before.starts_at):
        late = [
            terms.standing(outlook.term),
            t("El motivo del cambio quedará también como el de convocar con menos anticipación."),
        ]
    lines: list[Markup | str] = [_title(draft, pending.meeting), ""]
    if reach.told:
        lines += _preview(change(after, pending.before, draft.reason or "", zone, correction=correction))
        names = min(_NAMES, room_left([*lines, *late], _CLOSING))
        stands = (
            t("Los acuses ya dados se conservan.") if correction else t("Cada persona deberá acusar recibo de nuevo.")
        )
        lines += [*_whom(reach, names), stands]
    else:
        lines += _preview(convocation(after, zone))
        lines += [*_whom(reach), *_still_to_go(after, reach, zone)]
    lines += late
    if concerns is not None:
        lines += terms.concerns(concerns, zone, room_left(lines, _CLOSING))
    if draft.purpose is not Purpose.MOVE:
        return Message(Markup("\n").join([*lines, "", _sure()]), ((_confirm(draft, t("Sí, comunicar")),),))
    lines += [*no_reminder(outlook), "", _sure()]
    again = tap(t("Corregir fecha o lugar"), AskDateAgain(draft.commission, draft.stamp))
    yes = t("Sí, cambiar") if keeps_date(draft, pending.meeting) else t("Sí, mover")
    return Message(Markup("\n").join(lines), ((_confirm(draft, yes),), (again,)))


def _after(draft: Draft, pending: Pending) -> Particulars:
    """Return the session as it will be convened."""
    if draft.venue is None or draft.starts_at is None:
        return pending.after
    return pending.after.model_copy(update={"starts_at": draft.starts_at, **draft.venue.model_dump()})


def _still_to_go(after: Particulars, reach: Recipients, zone: ZoneInfo) -> Iterator[Markup]:
    sends_at = reach.sends_at
    if sends_at is not None and sends_at < after.starts_at:
        when = dates.weekday_and_time(sends_at, zone)
        yield t("La convocatoria aún no sale: saldrá el {when}, ya con este cambio.", when=when)
    else:
        yield t("La convocatoria aún no sale: saldrá en cuanto confirme, ya con este cambio.")
    yield t("El motivo queda solo en la bitácora.")


def confirm_call_off(draft: Draft, meeting: MeetingView, reach: Recipients, zone: ZoneInfo) -> Message:
    """Show exactly what will be told and to whom if a session is deferred or cancelled."""
    deferred = draft.purpose is Purpose.DEFER
    lines: list[Markup | str] = [_title(draft, meeting), ""]
    if reach.told:
        text = notices.called_off(
            meeting,
            reach.starts_at,
            draft.reason or "",
            zone,
            deferred=deferred,
            was_deferred=reach.sends_at is None,
        )
        lines += [*_preview(text), *_whom(reach)]
    else:
        lines += [t("Motivo: {reason}", reason=draft.reason or ""), "", _nobody(reach)]
    label = t("Sí, diferir") if deferred else t("Sí, cancelar la sesión")
    return Message(Markup("\n").join([*lines, "", _sure()]), ((_confirm(draft, label),),))


def called_off(draft: Draft, meeting: MeetingView, reach: Recipients) -> Message:
    """Say that the session was deferred or cancelled, and who is being told."""
    deferred = draft.purpose is Purpose.DEFER
    name = {"n": meeting.number, "name": meeting_name(meeting)}
    lines = [
        t("⏸ <b>Sesión {n} diferida: {name}</b>", **name)
        if deferred
        else t("✖️ <b>Sesión {n} cancelada: {name}</b>", **name),
        t("Motivo: {reason}", reason=draft.reason or ""),
        "",
        *(_on_its_way(reach) if reach.told else [_nobody(reach)]),
    ]
    see = tap(t("Ver sesión"), ShowMeeting(meeting.commission_id, meeting.number))
    anew = tap(t("Fijar nueva fecha"), DateMeeting(meeting.commission_id, meeting.id))
    return Message(Markup("\n").join(lines), ((anew, see),) if deferred else ((see,),))


def closed(draft: Draft, meeting: MeetingView) -> Message:
    """Say that the session was noted as held."""
    lines = [t("✅ <b>Sesión {n} celebrada: {name}</b>", n=meeting.number, name=meeting_name(meeting))]
    if meeting.held_on is not None:
        lines.append(t("Fecha: {date}", date=dates.weekday_and_day(meeting.held_on)))
    if draft.reason:
        lines.append(t("Observaciones: {remark}", remark=draft.reason))
    left = tap(t("¿Quedaron puntos sin concluir?"), ShowUnfinished(meeting.commission_id, meeting.id))
    see = tap(t("Ver sesión"), ShowMeeting(meeting.commission_id, meeting.number))
    return Message(Markup("\n").join(lines), ((left,), (see,)))


def not_yet() -> Toast:
    """Say that a session that has not begun cannot have been held."""
    return Toast(t("Esa sesión aún no comienza: podrá marcarla como celebrada después de su hora."))


def _preview(text: Markup) -> tuple[Markup | str, ...]:
    return (t("Esto recibirá cada persona:"), t("<blockquote>{text}</blockquote>", text=text), "")


def _whom(reach: Recipients, limit: int = _NAMES) -> Iterator[Markup]:
    audience = _audience(reach)
    yield t("Se avisará {audience}.", audience=audience) if audience else t("No hay a quién avisar por este medio.")
    yield from _out_of_reach(reach, limit)


def _on_its_way(reach: Recipients) -> Iterator[Markup]:
    audience = _audience(reach)
    if audience:
        yield t("El aviso va en camino {audience}.", audience=audience)
    else:
        yield t("No hubo a quién avisar por este medio.")
    yield from _out_of_reach(reach)


def _audience(reach: Recipients) -> Markup | None:
    n = len(reach.reached)
    if n and reach.grouped:
        return tn("a {n} persona y al grupo vinculado", "a {n} personas y al grupo vinculado", n)
    if n:
        return tn("a {n} persona", "a {n} personas", n)
    return t("solo en el grupo vinculado") if reach.grouped else None


def _out_of_reach(reach: Recipients, limit: int = _NAMES) -> Iterator[Markup]:
    names = [person.name for person in reach.out_of_reach]
    if names:
        yield tn(
            "⚠️ Este medio no alcanza a {n} persona: {names}. Avísele de otra forma.",
            "⚠️ Este medio no alcanza a {n} personas: {names}. Avíseles de otra forma.",
            len(names),
            names=shorten(", ".join(names), limit),
        )


def _nobody(reach: Recipients) -> Markup:
    if reach.sends_at is None:
        return t("La sesión no está convocada, así que no se avisa a nadie. Si hace falta, use /aviso.")
    return t("La convocatoria aún no sale: se retira y no se avisa a nadie.")


def _sure() -> Markup:
    return t("¿Confirma? Para no hacer nada: /cancelar.")


def _confirm(draft: Draft, label: Markup) -> Button:
    return tap(label, ConfirmChange(draft.commission, draft.stamp))
