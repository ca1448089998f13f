"""/actividades, /actividad and /avance."""

from datetime import date

from handlers.speech import asks_everything
from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.role import Permission
from prep_bot.domain.spoken_month import UnknownMonthError, read_month
from prep_bot.texts import activities as texts
from prep_bot.texts.actions.plan import ShowActivities, ShowActivity, ShowProgress
from prep_bot.texts.pending import unknown_month


async def show_all(turn: Turn) -> Reply:
    """Show the plan by month, or the month that was asked for."""
    views = await turn.services.activities.of([turn.seat.commission_id])
    today = _today(turn)
    month = None
    if turn.argument and not asks_everything(turn.argument):
        try:
            month = read_month(turn.argument, [view.month for view in views], Month.of(today))
        except UnknownMonthError:
            return unknown_month(turn.argument)
    return texts.activities(turn.seat.commission_id, views, today, month)


async def turn_page(turn: Turn, action: ShowActivities) -> Reply:
    """Show another page of the plan, in place."""
    return await _activities(turn, action.month, action.page)


async def _activities(turn: Turn, month: Month | None, page: int) -> Reply:
    views = await turn.services.activities.of([turn.seat.commission_id])
    return texts.activities(turn.seat.commission_id, views, _today(turn), month, page)


async def show_one(turn: Turn) -> Reply:
    """Show the activity with the number that was asked for; without one, all of them, to choose."""
    if turn.number is None:
        return await _activities(turn, None, 0)
    return await _one(turn, turn.number, 0)


async def open_one(turn: Turn, action: ShowActivity) -> Reply:
    """Show one activity, in place of its list."""
    return await _one(turn, action.number, action.page)


async def _one(turn: Turn, number: int, page: int) -> Reply:
    history = await turn.services.activities.history(turn.seat.commission_id, number)
    if history is None:
        return texts.no_such_activity(number, len(await turn.services.activities.of([turn.seat.commission_id])))
    may_record = turn.seat.may(Permission.RECORD_PROGRESS) and not turn.in_group
    return texts.activity(history, _today(turn), turn.seat.rules.zone, page, may_record=may_record)


async def show_progress(turn: Turn) -> Reply:
    """Say how much of the plan is done."""
    return await _progress(turn, 0)


async def turn_progress(turn: Turn, action: ShowProgress) -> Reply:
    """Show other months of it, in place."""
    return await _progress(turn, action.page)


async def _progress(turn: Turn, page: int) -> Reply:
    views = await turn.services.activities.of([turn.seat.commission_id])
    return texts.progress(turn.seat.commission_id, views, _today(turn), page)


def _today(turn: Turn) -> date:
    return local_day(turn.services.clock.now(), turn.seat.rules.zone)


FAMILY = Family(
    commands=(
        Command("actividades", Permission.READ_PLAN, show_all, in_group=True),
        Command("actividad", Permission.READ_PLAN, show_one, in_group=True),
        Command("avance", Permission.READ_PLAN, show_progress, in_group=True),
    ),
    taps=(
        Tap(ShowActivities, Permission.READ_PLAN, turn_page, in_group=True),
        Tap(ShowActivity, Permission.READ_PLAN, open_one, in_group=True),
        Tap(ShowProgress, Permission.READ_PLAN, turn_progress, in_group=True),
    ),
)
