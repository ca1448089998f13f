"""/pendientes."""

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.name import fold
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_month import UnknownMonthError, read_month
from prep_bot.texts.actions import ShowPending
from prep_bot.texts.pending import pending, unknown_month

EVERYTHING = frozenset({"todo", "todos", "todas"})


async def show(turn: Turn) -> Reply:
    """Answer what is pending this month, in the month that was asked for, or in all (`todo`)."""
    if fold(turn.argument) in EVERYTHING:
        return pending(await turn.services.pending.of(turn.seats, everything=True))
    if not turn.argument:
        return pending(await turn.services.pending.of(turn.seats))
    activities = await turn.services.activities.of([seat.commission_id for seat in turn.seats])
    try:
        month = read_month(turn.argument, [activity.month for activity in activities])
    except UnknownMonthError:
        return unknown_month(turn.argument)
    return pending(await turn.services.pending.of(turn.seats, month))


async def turn_to(turn: Turn, action: ShowPending) -> Reply:
    """Show another month or another page, in place."""
    everything = action.month is None
    view = await turn.services.pending.of(turn.seats, action.month, everything=everything)
    return pending(view, action.page)


FAMILY = Family(
    commands=(Command("pendientes", Permission.READ_PLAN, show, every_seat=True, in_group=True),),
    taps=(Tap(ShowPending, Permission.READ_PLAN, turn_to, in_group=True),),
)
