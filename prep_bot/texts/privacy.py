"""/privacidad and /misdatos."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.rules import Privacy
from prep_bot.i18n import t
from prep_bot.services.personal_data import PrivacyNotice, StoredData
from prep_bot.texts import dates
from prep_bot.texts.actions import AskDeleteContact, DeleteContact, ShowMyData
from prep_bot.texts.message import Message
from prep_bot.texts.pages import tap
from prep_bot.texts.words import role_name


def notice(institution: str, privacy: Privacy) -> Markup:
    """Return an institution's privacy notice with its address."""
    text = t("<b>Aviso de privacidad</b> · {institution}\n\n{notice}", institution=institution, notice=privacy.notice)
    return text + "\n\n" + t("Aviso completo: {url}", url=privacy.url) if privacy.url else text


def privacy(notices: Sequence[PrivacyNotice]) -> Message:
    """Return the privacy notice of each institution of a person."""
    parts = [notice(entry.institution, entry.privacy) for entry in notices]
    return Message(Markup("\n\n").join([*parts, t("Lo que se guarda de usted: /misdatos")]))


def my_data(data: StoredData, zone: ZoneInfo) -> Message:
    """Return all that is stored about a person, and the way to delete what may be deleted."""
    roles = Markup("\n").join(
        t(
            "• {role} ({commission}){ended}",
            role=role_name(role.role),
            commission=role.commission,
            ended=Markup("") if role.current else t(", concluyó"),
        )
        for role in data.roles
    )
    text = t(
        "<b>Esto es lo que se guarda de usted</b>\n\nNombre: {name}\nIdentificador de Telegram: {telegram_id}\n"
        "Idioma: {language}\nCarácter:\n{roles}\nAceptó el aviso de privacidad el {since}.\n\nPuede borrar sus datos de "
        "contacto (el identificador de Telegram y el idioma): dejará de recibir avisos. Su nombre y su carácter "
        "permanecen en los actos oficiales en los que consten.",
        name=data.name,
        telegram_id=data.telegram_id,
        language=data.language,
        roles=roles,
        since=dates.moment(data.enrolled_at, zone),
    )
    return Message(text, ((tap(t("Borrar mis datos de contacto"), AskDeleteContact()),),))


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
