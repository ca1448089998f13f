"""/envios."""

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.role import Permission
from prep_bot.services.deliveries import TooLateError
from prep_bot.texts import deliveries as texts
from prep_bot.texts.actions.announcements import RetryDelivery, ShowDeliveries


async def show(turn: Turn) -> Reply:
    """Show what was sent, failed and is waiting."""
    return await _account(turn, 0)


async def turn_page(turn: Turn, action: ShowDeliveries) -> Reply:
    """Show another page, in place."""
    return await _account(turn, action.page)


async def _account(turn: Turn, page: int) -> Reply:
    account = await turn.services.deliveries.of(turn.seat)
    return texts.account(turn.seat.commission_id, account, turn.seat.rules.zone, page)


async def retry(turn: Turn, action: RetryDelivery) -> Reply:
    """Send again what failed."""
    try:
        await turn.services.deliveries.retry(turn.seat, action.delivery)
    except TooLateError:
        return texts.too_late()
    return texts.retried()


FAMILY = Family(
    commands=(Command("envios", Permission.BROADCAST, show),),
    taps=(
        Tap(ShowDeliveries, Permission.BROADCAST, turn_page),
        Tap(RetryDelivery, Permission.BROADCAST, retry),
    ),
)
