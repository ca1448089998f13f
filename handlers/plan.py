"""/actividades, /actividad and /avance."""

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.month import local_day
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_month import UnknownMonthError, read_month
from prep_bot.services.identity import Seat
from prep_bot.texts import activities as texts
from prep_bot.texts.actions import ShowActivities, ShowActivity
from prep_bot.texts.pending import unknown_month


async def show_all(turn: Turn) -> Reply:
    """Show the plan by month, or the month that was asked for."""
    views = await turn.services.activities.of([turn.seat.commission_id])
    month = None
    if turn.argument:
        try:
            month = read_month(turn.argument, [view.month for view in views])
        except UnknownMonthError:
            return unknown_month(turn.argument)
    today = local_day(turn.services.clock.now(), turn.seat.rules.zone)
    return texts.activities(turn.seat.commission_id, views, today, month)


async def turn_page(turn: Turn, action: ShowActivities) -> Reply:
    """Show another page of the plan, in place."""
    views = await turn.services.activities.of([turn.seat.commission_id])
    today = local_day(turn.services.clock.now(), turn.seat.rules.zone)
    return texts.activities(turn.seat.commission_id, views, today, action.month, action.page)


async def show_one(turn: Turn) -> Reply:
    """Show the activity with the number that was asked for."""
    if turn.number is None:
        return texts.ask_number()
    return await _one(turn, turn.seat, turn.number)


async def open_one(turn: Turn, action: ShowActivity) -> Reply:
    """Show one activity, in place of its list."""
    return await _one(turn, turn.seat, action.number)


async def _one(turn: Turn, seat: Seat, number: int) -> Reply:
    history = await turn.services.activities.history(seat.commission_id, number)
    if history is None:
        return texts.no_such_activity(number, len(await turn.services.activities.of([seat.commission_id])))
    now, zone = turn.services.clock.now(), seat.rules.zone
    may_record = seat.may(Permission.RECORD_PROGRESS) and not turn.in_group
    return texts.activity(history, local_day(now, zone), zone, may_record=may_record)


async def show_progress(turn: Turn) -> Reply:
    """Say how much of the plan is done."""
    views = await turn.services.activities.of([turn.seat.commission_id])
    return texts.progress(views, local_day(turn.services.clock.now(), turn.seat.rules.zone))


FAMILY = Family(
    commands=(
        Command("actividades", Permission.READ_PLAN, show_all, in_group=True),
        Command("actividad", Permission.READ_PLAN, show_one, in_group=True),
        Command("avance", Permission.READ_PLAN, show_progress, in_group=True),
    ),
    taps=(
        Tap(ShowActivities, Permission.READ_PLAN, turn_page, in_group=True),
        Tap(ShowActivity, Permission.READ_PLAN, open_one, in_group=True),
    ),
)
