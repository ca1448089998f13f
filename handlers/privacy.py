"""/privacidad and /misdatos: open to whoever is enrolled, former members too."""

from zoneinfo import ZoneInfo

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.rules import DEFAULT_TIMEZONE
from prep_bot.texts import privacy as texts
from prep_bot.texts.actions.people import AskDeleteContact, DeleteContact, ShowMyData


async def show_notice(turn: Turn) -> Reply:
    """Show the institution's privacy notice."""
    return texts.privacy(await turn.services.personal_data.notices(turn.actor.person_id))


async def show_data(turn: Turn) -> Reply:
    """Show all that is stored about the person."""
    zone = turn.actor.seats[0].rules.zone if turn.actor.seats else ZoneInfo(DEFAULT_TIMEZONE)
    return texts.my_data(await turn.services.personal_data.of(turn.actor.person_id), zone)


async def keep(turn: Turn, _: ShowMyData) -> Reply:
    """Delete nothing: show the data again, in place."""
    return await show_data(turn)


async def ask_delete(turn: Turn, _: AskDeleteContact) -> Reply:  # noqa: ARG001 - every handler has this shape
    """Ask before deleting."""
    return texts.ask_delete()


async def delete(turn: Turn, _: DeleteContact) -> Reply:
    """Delete the person's contact data."""
    await turn.services.personal_data.delete_contact(turn.actor.person_id)
    return texts.deleted()


FAMILY = Family(
    commands=(Command("privacidad", None, show_notice), Command("misdatos", None, show_data)),
    taps=(Tap(ShowMyData, None, keep), Tap(AskDeleteContact, None, ask_delete), Tap(DeleteContact, None, delete)),
)
