"""/privacidad and /misdatos."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.rules import Privacy
from prep_bot.i18n import t
from prep_bot.services.personal_data import PrivacyNotice, StoredData, StoredRole
from prep_bot.texts import dates
from prep_bot.texts.actions.people import AskDeleteContact, DeleteContact, ShowMyData
from prep_bot.texts.message import Message
from prep_bot.texts.pages import shorten, tap
from prep_bot.texts.words import language_name, role_name

ROOM = 3000
"""Characters of privacy notices in one message: with what stands around them it must stay below Telegram's 4096."""


def notice(institution: str, privacy: Privacy, limit: int = ROOM) -> Markup:
    """Return an institution's privacy notice, at most `limit` characters of its text, with its address."""
    text = t(
        "<b>Aviso de privacidad</b> · {institution}\n\n{notice}",
        institution=institution,
        notice=shorten(privacy.notice, limit),
    )
    return text + "\n\n" + t("Aviso completo: {url}", url=privacy.url) if privacy.url else text


def privacy(notices: Sequence[PrivacyNotice]) -> Message:
    """Return the privacy notice of each institution of a person."""
    parts = [notice(entry.institution, entry.privacy, ROOM // len(notices)) for entry in notices]
    return Message(Markup("\n\n").join([*parts, t("Lo que se guarda de usted: /misdatos")]))


def my_data(data: StoredData, zone: ZoneInfo) -> Message:
    """Return all that is stored about a person, and the way to delete what may be deleted."""
    roles = Markup("\n").join(_role(role) for role in data.roles)
    text = t(
        "<b>Esto es lo que se guarda de usted</b>\n\nNombre: {name}\nIdentificador de Telegram: {telegram_id}\n"
        "Idioma: {language}\nRecordatorio una hora antes: {hour}\nResumen mensual: {month}\nCarácter:\n{roles}\n"
        "Aceptó el aviso de privacidad el {since}. Constan además los avisos que se le enviaron y lo que usted registró "
        "aquí.\n\nPuede borrar sus datos de contacto (el identificador de Telegram, el idioma y sus /ajustes): dejará de "
        "recibir avisos. Su nombre y su carácter permanecen en los actos oficiales en los que consten.",
        name=data.name,
        telegram_id=data.telegram_id,
        language=language_name(data.language),
        hour=_yes_or_no(data.hour_reminder),
        month=_yes_or_no(data.monthly_summary),
        roles=roles,
        since=dates.moment(data.enrolled_at, zone),
    )
    return Message(text, ((tap(t("Borrar mis datos de contacto"), AskDeleteContact()),),))


def _yes_or_no(answer: bool) -> str:
    return t("sí") if answer else t("no")


def _role(role: StoredRole) -> Markup:
    line = t("• {role} ({commission})", role=role_name(role.role), commission=role.commission)
    if role.position:
        line += t(", {position}", position=role.position)
    start = dates.day_and_year(role.starts_on)
    if role.ends_on is None:
        return line + t(", desde el {start}", start=start)
    return line + t(", del {start} al {end}", start=start, end=dates.day_and_year(role.ends_on))


def ask_delete() -> Message:
    """Ask whether the contact data is really to be deleted."""
    return Message(
        t(
            "¿Borrar sus datos de contacto? Dejará de recibir convocatorias y avisos por este medio. Para volver "
            "necesitará una invitación nueva de la Secretaría Técnica."
        ),
        ((tap(t("Sí, borrar"), DeleteContact()),), (tap(t("No, conservarlos"), ShowMyData()),)),
    )


def deleted() -> Message:
    """Say that the contact data is gone."""
    return Message(t("Sus datos de contacto se borraron. Gracias por su participación."))
