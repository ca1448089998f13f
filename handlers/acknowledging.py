"""«Acusar recibo»."""

from handlers.turn import Family, Reply, Tap, Turn
from prep_bot.domain.role import Permission
from prep_bot.services.convocations import NotInForceError
from prep_bot.texts import acknowledging as texts
from prep_bot.texts.actions.answers import Acknowledge


async def acknowledge(turn: Turn, action: Acknowledge) -> Reply:
    """Record that the person acknowledges; a second tap finds the first one's hour."""
    try:
        done = await turn.services.convocations.acknowledge(turn.actor, action.convocation)
    except NotInForceError:
        successor = await turn.services.versions.successor(turn.actor, action.convocation)
        return texts.superseded(successor) if successor else texts.not_in_force()
    seat = next(seat for seat in turn.actor.seats if seat.commission_id == done.meeting.commission_id)
    return texts.acknowledged(done, seat.rules.zone, action.encode())


FAMILY = Family(taps=(Tap(Acknowledge, Permission.READ_INVITED_MEETINGS, acknowledge),))
