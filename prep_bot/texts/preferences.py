"""/ajustes."""

from prep_bot.i18n import t
from prep_bot.services.preferences import PreferencesView
from prep_bot.texts.actions.people import Preference, TogglePreference
from prep_bot.texts.message import Button, Message
from prep_bot.texts.pages import tap


def preferences(view: PreferencesView) -> Message:
    """Return what a person may turn on and off."""
    text = t(
        "<b>Sus recordatorios</b>\n\nToque una opción para activarla (✔️) o desactivarla (✖️). Las convocatorias y sus "
        "cambios se envían siempre."
    )
    rows = (
        (_toggle(t("Recordatorio una hora antes"), Preference.HOUR_REMINDER, on=view.hour_reminder),),
        (_toggle(t("Resumen mensual"), Preference.MONTHLY_SUMMARY, on=view.monthly_summary),),
    )
    return Message(text, rows)


def _toggle(label: str, preference: Preference, *, on: bool) -> Button:
    mark = "✔️" if on else "✖️"
    return tap(f"{mark} {label}", TogglePreference(preference, not on))
