"""/pendientes."""

from handlers.speech import asks_everything
from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_month import UnknownMonthError, read_month
from prep_bot.texts.actions.plan import ShowPending
from prep_bot.texts.pending import pending, unknown_month


async def show(turn: Turn) -> Reply:
    """Answer what is pending now, in the month that was asked for, or in all (`todo`)."""
    personal = not turn.in_group
    if asks_everything(turn.argument):
        return pending(await turn.services.pending.of(turn.seats, everything=True, personal=personal))
    if not turn.argument:
        return pending(await turn.services.pending.of(turn.seats, personal=personal))
    activities = await turn.services.activities.of([seat.commission_id for seat in turn.seats])
    present = Month.of(local_day(turn.services.clock.now(), turn.seats[0].rules.zone))
    try:
        month = read_month(turn.argument, [activity.month for activity in activities], present)
    except UnknownMonthError:
        return unknown_month(turn.argument)
    return pending(await turn.services.pending.of(turn.seats, month))


async def turn_to(turn: Turn, action: ShowPending) -> Reply:
    """Show another month or another page, in place."""
    personal = not turn.in_group
    view = await turn.services.pending.of(turn.seats, action.month, everything=action.everything, personal=personal)
    return pending(view, action.page)


FAMILY = Family(
    commands=(Command("pendientes", Permission.READ_PLAN, show, every_seat=True, in_group=True),),
    taps=(Tap(ShowPending, Permission.READ_PLAN, turn_to, in_group=True),),
)
