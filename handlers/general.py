"""/start, /ayuda and /cancelar."""

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.role import Permission
from prep_bot.texts import help as texts
from prep_bot.texts.actions.general import ShowHelp


async def greet(turn: Turn) -> Reply:
    """Greet somebody who is enrolled already."""
    reads_plan = bool(turn.actor.seats_with(Permission.READ_PLAN))
    return texts.greeting(turn.actor.name, reads_plan=reads_plan, former=not turn.actor.seats)


async def show_help(turn: Turn) -> Reply:
    """Show what this person may ask, or what can be asked in the group."""
    return _help(turn, 0)


async def turn_help(turn: Turn, action: ShowHelp) -> Reply:
    """Show another page of it, in place."""
    return _help(turn, action.page)


def _help(turn: Turn, page: int) -> Reply:
    if turn.in_group:
        return texts.group_help(turn.menu, page)
    roles = tuple(dict.fromkeys(seat.role for seat in turn.actor.seats))
    return texts.help_for(roles, turn.menu, page)


async def cancel(turn: Turn) -> Reply:
    """Leave whatever was being asked."""
    if await turn.services.dialogues.end(turn.actor.person_id):
        return texts.cancelled()
    return texts.nothing_to_cancel(convenes=bool(turn.actor.seats_with(Permission.CONVENE)))


FAMILY = Family(
    commands=(
        Command("start", None, greet),
        Command("ayuda", None, show_help, in_group=True),
        Command("cancelar", None, cancel),
    ),
    taps=(Tap(ShowHelp, None, turn_help, in_group=True),),
)
