"""«Acusar recibo», and the buttons of a convocation that is no longer in force."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.i18n import t
from prep_bot.services.convocations import Acknowledgement
from prep_bot.services.versions import Successor
from prep_bot.texts import dates
from prep_bot.texts.actions.agenda import ShowAgenda
from prep_bot.texts.actions.answers import Acknowledge
from prep_bot.texts.actions.calendar import ShowMeeting
from prep_bot.texts.message import Button, Message, Seal, Toast
from prep_bot.texts.notice_buttons import answer_rows
from prep_bot.texts.pages import tap
from prep_bot.texts.particulars import appointment
from prep_bot.texts.words import meeting_name


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
