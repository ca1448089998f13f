"""/vincular: the group in which the bot may speak."""

from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot.domain.role import Permission
from prep_bot.services.groups import GroupTakenError
from prep_bot.services.identity import Seat
from prep_bot.texts import groups as texts
from prep_bot.texts.actions.people import LinkGroup


async def start(turn: Turn) -> Reply:
    """Link the group in which the secretary wrote it; of several commissions, ask which."""
    if len(turn.seats) > 1:
        return texts.choose([(seat.commission_id, seat.commission) for seat in turn.seats])
    return await _link(turn, turn.seat)


async def choose(turn: Turn, _: LinkGroup) -> Reply:
    """Link it with the commission that the secretary picked."""
    return await _link(turn, turn.seat)


async def _link(turn: Turn, seat: Seat) -> Reply:
    try:
        replaced = await turn.services.groups.link(seat, turn.chat_id, turn.chat_title)
    except GroupTakenError:
        return texts.taken()
    return texts.linked(seat.commission, replaced)


FAMILY = Family(
    commands=(Command("vincular", Permission.LINK_GROUP, start, every_seat=True, in_private=False, in_any_group=True),),
    taps=(Tap(LinkGroup, Permission.LINK_GROUP, choose, in_private=False, in_any_group=True),),
)
