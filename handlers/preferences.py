"""/ajustes, and postponing a reminder."""

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.audience import SUMMARISED
from prep_bot.domain.role import Permission
from prep_bot.services.postponing import CannotPostponeError
from prep_bot.services.preferences import PreferencesView
from prep_bot.texts import postponing as postponing_texts
from prep_bot.texts.actions.answers import Postpone
from prep_bot.texts.actions.people import Preference, TogglePreference
from prep_bot.texts.preferences import preferences


async def show(turn: Turn) -> Reply:
    """Show what the person may turn on and off."""
    return _shown(turn, await turn.services.preferences.of(turn.actor.person_id))


async def toggle(turn: Turn, action: TogglePreference) -> Reply:
    """Turn one of them on or off, in place."""
    if action.preference is Preference.HOUR_REMINDER:
        view = await turn.services.preferences.choose(turn.actor.person_id, hour_reminder=action.wanted)
    else:
        view = await turn.services.preferences.choose(turn.actor.person_id, monthly_summary=action.wanted)
    return _shown(turn, view)


def _shown(turn: Turn, view: PreferencesView) -> Reply:
    """Leave out what nobody of the person's roles ever gets."""
    return preferences(view, summarised=any(seat.role in SUMMARISED for seat in turn.actor.seats))


async def postpone(turn: Turn, action: Postpone) -> Reply:
    """Remind the person again later."""
    try:
        at = await turn.services.postponing.postpone(turn.actor, action.meeting, action.later)
    except CannotPostponeError:
        return postponing_texts.cannot_postpone()
    return postponing_texts.postponed(at, turn.seat.rules.zone)


FAMILY = Family(
    commands=(Command("ajustes", Permission.READ_INVITED_MEETINGS, show, every_seat=True),),
    taps=(
        Tap(TogglePreference, Permission.READ_INVITED_MEETINGS, toggle),
        Tap(Postpone, Permission.READ_INVITED_MEETINGS, postpone),
    ),
)
