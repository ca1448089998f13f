"""What the bot tells by itself."""

from markupsafe import Markup

from prep_bot.domain.notice import NoticeKind
from prep_bot.i18n import t
from prep_bot.services.outbox import NoticeContent
from prep_bot.texts.message import Message


def delivery(notices: tuple[NoticeContent, ...]) -> Message:
    """Return the one message that carries a recipient's notices."""
    return Message(Markup("\n\n").join(_notice(notice) for notice in notices))


def _notice(notice: NoticeContent) -> Markup:
    if notice.kind is NoticeKind.UNREACHABLE:
        return t(
            "⚠️ Ya no es posible escribir a <b>{name}</b> por este medio: bloqueó el bot o cerró su cuenta. Considere "
            "avisarle por otro medio. Cuando lo desbloquee, volverá a recibir los avisos.",
            name=notice.about,
        )
    return t(
        "🔁 <b>{name}</b> se registró con otra cuenta de Telegram; la anterior ya no tiene acceso. Si usted no envió ese "
        "enlace, revise /integrantes.",
        name=notice.about,
    )
