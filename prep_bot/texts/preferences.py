"""/ajustes."""

from prep_bot.i18n import t
from prep_bot.services.preferences import PreferencesView
from prep_bot.texts.actions.people import Preference, TogglePreference
from prep_bot.texts.message import Button, Message
from prep_bot.texts.pages import tap


def preferences(view: PreferencesView, *, summarised: bool) -> Message:
    """Return what a person may turn on and off; the monthly summary only to who is `summarised`."""
    text = t(
        "<b>Sus recordatorios</b>\n\nToque una opción para activarla (✔️) o desactivarla (✖️). Las convocatorias y sus "
        "cambios se envían siempre."
    )
    hour = _toggle(t("Recordatorio una hora antes"), Preference.HOUR_REMINDER, on=view.hour_reminder)
    month = _toggle(t("Resumen mensual"), Preference.MONTHLY_SUMMARY, on=view.monthly_summary)
    return Message(text, ((hour,), (month,)) if summarised else ((hour,),))


def _toggle(label: str, preference: Preference, *, on: bool) -> Button:
    mark = "✔️" if on else "✖️"
    return tap(f"{mark} {label}", TogglePreference(preference, not on))
