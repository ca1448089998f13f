"""Why something was not sent, in words."""

from prep_bot.domain.delivery import Unreachability
from prep_bot.domain.notice import NoticeState
from prep_bot.i18n import t
from prep_bot.services.outbox import UNSPEAKABLE


def unreachability_name(reason: str) -> str:
    """Return why a person or a group cannot be written to; `reason` is an Unreachability, UNSPEAKABLE, or anything else."""
    known = {
        Unreachability.BLOCKED: t("bloqueó el bot"),
        Unreachability.DEACTIVATED: t("cerró su cuenta"),
        Unreachability.CHAT_NOT_FOUND: t("cerró su cuenta"),
        Unreachability.NEVER_STARTED: t("no ha abierto el chat"),
        Unreachability.KICKED: t("el bot ya no está en el grupo"),
        UNSPEAKABLE: t("por un error del programa, no se pudo redactar"),
    }
    return next((words for value, words in known.items() if value == reason), t("Telegram no lo aceptó"))


def reason_name(state: NoticeState, reason: str) -> str:
    """Return why a notice is in `state`, which is not that it was sent."""
    match state:
        case NoticeState.QUEUED:
            return t("por enviar")
        case NoticeState.EXPIRED:
            return t("ya no era oportuno")
        case NoticeState.CANCELLED:
            return t("ya no hacía falta")
        case NoticeState.UNCERTAIN:
            return t("sin confirmación de Telegram")
        case _:
            return unreachability_name(reason)
