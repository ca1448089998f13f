"""Notification by other means."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.spoken_date import write_date
from prep_bot.i18n import t, tn
from prep_bot.services.boards import AddresseeState, BoardView
from prep_bot.services.convocations import MEANS_LIMIT
from prep_bot.texts import dates
from prep_bot.texts.actions.convening import RecordTold, ShowBoard
from prep_bot.texts.boards import MARKS
from prep_bot.texts.message import Message, Toast
from prep_bot.texts.pages import tap

_CHOICES = 40
"""People to choose from: those who settle make room for the next."""


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


def choose_told(view: BoardView) -> Message | Toast:
    """Ask who was notified by other means: first who cannot be reached, last who was told, to correct it."""
    waiting = sorted(view.to_tell, key=lambda p: _TO_TELL.index(p.state))
    commission_id, convocation_id = view.meeting.commission_id, view.convocation_id
    if not waiting:
        return no_more_to_tell()
    rows = tuple(
        (tap(f"{MARKS[p.state]} {p.name}", RecordTold(commission_id, convocation_id, p.person_id)),)
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
