"""Words for postponing a reminder."""

from datetime import datetime
from zoneinfo import ZoneInfo

from prep_bot.domain.postponing import Later
from prep_bot.i18n import t
from prep_bot.texts import dates
from prep_bot.texts.message import Toast


def later_name(later: Later) -> str:
    """Return to when a reminder is postponed, as on its button."""
    return {
        Later.HOUR: t("En 1 hora"),
        Later.AFTERNOON: t("Esta tarde"),
        Later.TOMORROW: t("Mañana 9:00"),
    }[later]


def postponed(at: datetime, zone: ZoneInfo) -> Toast:
    """Say when the reminder comes again."""
    return Toast(t("Se lo recordaré el {when}.", when=dates.short_moment(at, zone)))


def cannot_postpone() -> Toast:
    """Say that the reminder cannot be postponed so."""
    return Toast(t("Ya no es posible posponerlo: la sesión cambió, o comenzaría antes de ese momento."))
