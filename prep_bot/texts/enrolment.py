"""The first messages that a person sees: the stranger's answer, the privacy notice, the welcome."""

from prep_bot.domain.role import Role
from prep_bot.i18n import t
from prep_bot.services.invitations import Offer
from prep_bot.texts.actions.action import ALL_COMMISSIONS
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.actions.people import AcceptPrivacy
from prep_bot.texts.help import summary
from prep_bot.texts.message import Message
from prep_bot.texts.pages import tap
from prep_bot.texts.privacy import notice
from prep_bot.texts.words import role_name


def stranger() -> Message:
    """Answer somebody who is not enrolled: courteous, and without any data."""
    return Message(
        t(
            "Buen día. Este bot atiende únicamente a las personas que cuentan con una invitación. Si usted es una de ellas, "
            "abra el enlace de invitación que le envíe la Secretaría Técnica."
        )
    )


def unusable_code() -> Message:
    """Say that an invitation cannot be used, whichever the reason."""
    return Message(
        t(
            "Esta invitación no es válida: ya se usó, venció o está incompleta. Pida un enlace nuevo a la Secretaría "
            "Técnica."
        )
    )


def two_keys() -> Message:
    """Say that two plans name the person by two keys, which whoever keeps the plans must make one."""
    return Message(
        t(
            "Esta cuenta ya está registrada a su nombre en otra comisión, pero los dos programas de trabajo le dan claves "
            "distintas. Avise a la Secretaría Técnica para que usen la misma; entonces no necesitará este enlace."
        )
    )


def account_taken() -> Message:
    """Say that the Telegram account belongs to somebody with another name."""
    return Message(
        t(
            "Esta cuenta de Telegram ya está registrada a nombre de otra persona. Avise a la Secretaría Técnica para que "
            "lo corrija."
        )
    )


def offer(code: str, offered: Offer) -> Message:
    """Show the privacy notice to somebody who was invited; one tap accepts it and enrols."""
    text = t(
        "Buen día, <b>{name}</b>. Se le invita a <b>{commission}</b> ({role}).\n\nPor este medio podrá consultar lo "
        "pendiente y recibir convocatorias y avisos. Antes de empezar, lea por favor lo siguiente:",
        name=offered.name,
        commission=offered.commission,
        role=role_name(offered.role),
    )
    text += "\n\n" + notice(offered.institution, offered.privacy)
    text += "\n\n" + t("Al tocar «Acepto» concluye su registro. Si no acepta, no se guarda nada.")
    return Message(text, ((tap(t("Acepto"), AcceptPrivacy(code)),),))


def welcome(offered: Offer) -> Message:
    """Welcome somebody who has just enrolled, with the first thing to ask."""
    first = ("proxima", "calendario") if offered.role is Role.GUEST else ("pendientes", "proxima")
    text = t(
        "✔️ Listo, <b>{name}</b>: ya está en <b>{commission}</b> ({role}).\n\nToque un botón, o escriba /ayuda para ver "
        "todo lo que puede preguntarme.",
        name=offered.name,
        commission=offered.commission,
        role=role_name(offered.role),
    )
    return Message(text, (tuple(tap(summary(command), RunCommand(ALL_COMMISSIONS, command)) for command in first),))
