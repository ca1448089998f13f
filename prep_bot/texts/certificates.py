"""/constancia: what it says of itself, and what is said when it is issued."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.i18n import t
from prep_bot.services.certificates import Issued
from prep_bot.texts import dates
from prep_bot.texts.actions.convening import IssueCertificate, SendCertificate
from prep_bot.texts.message import Button, Message, Toast, Upload
from prep_bot.texts.pages import shorten, tap


def statements() -> Iterator[Markup]:
    """Return what a constancia does not prove, and how it is checked."""
    yield t(
        "Esta constancia complementa la notificación oficial y no la sustituye. Da cuenta de lo que registró el sistema "
        "de avisos de la comisión."
    )
    yield t(
        "Que Telegram aceptara un mensaje no prueba que la persona lo haya leído. El acuse de recibo es el acto con que "
        "cada persona declara haberlo recibido."
    )
    yield t(
        "Cada registro de la bitácora lleva la huella (SHA-256) del anterior: nadie puede cambiar uno sin que se note. "
        "La huella del registro con que se expidió esta constancia se envió a la presidencia y a la secretaría técnica."
    )


def constancia(issued: Issued, zone: ZoneInfo) -> Message:
    """Return the constancia as PDF."""
    data = SendCertificate(issued.commission_id, issued.head.sequence, data=True)
    return Message(
        _facts(issued, zone),
        ((tap(t("Datos para verificarla (JSON)"), data),),),
        document=Upload(f"{_name(issued)}.pdf", issued.pdf),
    )


def data_file(issued: Issued, zone: ZoneInfo) -> Message:
    """Return the constancia as data."""
    return Message(_facts(issued, zone), document=Upload(f"{_name(issued)}.json", issued.json))


def head(issued: Issued, zone: ZoneInfo) -> Markup:
    """Tell the log's head to whoever is to keep it."""
    lines = [
        t("🔏 <b>Se expidió una constancia de notificación</b>"),
        _facts(issued, zone),
        t("Conserve este mensaje: con esa huella se comprueba que la bitácora no se ha reescrito."),
    ]
    return Markup("\n").join(lines)


def head_button(issued: Issued) -> Button:
    """Return the button for the constancia that a head stands for: its number tells it from others."""
    label = t("Ver constancia {number} ({convocation})", number=issued.number, convocation=issued.convocation)
    return tap(label, SendCertificate(issued.commission_id, issued.head.sequence))


def no_such_certificate() -> Toast:
    """Say that there is no such constancia."""
    return Toast(t("Esa constancia no existe. Pida una con /constancia y el número de la sesión."))


def issue_button(commission_id: int, convocation_id: int) -> Button:
    """Return the button for the constancia of a convocation."""
    return tap(t("Constancia de notificación"), IssueCertificate(commission_id, convocation_id))


def _facts(issued: Issued, zone: ZoneInfo) -> Markup:
    return t(
        "Constancia {number} de la convocatoria {convocation}: {meeting}.\nExpedida el {when}.\n"
        "Bitácora, registro {sequence}: <code>{hash}</code>",
        number=issued.number,
        convocation=issued.convocation,
        meeting=shorten(issued.meeting, 200),
        when=dates.moment(issued.at, zone),
        sequence=issued.head.sequence,
        hash=issued.head.hash,
    )


def _name(issued: Issued) -> str:
    return f"constancia-{issued.convocation.replace('/', '-')}-{issued.number}"
