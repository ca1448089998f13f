"""One round of what is due: bundle it, send it, record what became of it."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from prep_bot.gateway import Gateway
from prep_bot.i18n import speaking
from prep_bot.services.outbox import Claim, Outbox
from prep_bot.texts import notices as texts

log = structlog.get_logger()

AT_ONCE = 10
"""Messages in flight: more only make each of them slower."""


class Work:
    """Does what is due by now. Nothing in memory matters: a round that is cut short is taken up by the next."""

    def __init__(self, outbox: Outbox, gateway: Gateway) -> None:
        self._outbox = outbox
        self._gateway = gateway

    async def round(self, going: Callable[[], bool] = lambda: True) -> datetime | None:
        """Send all that is due, as long as `going`. Return the next instant at which something will be.

        That instant is in the bot's time; None when nothing waits.
        """
        await self._outbox.reclaim()
        await self._outbox.bundle()
        while going() and (claims := await self._outbox.claim(AT_ONCE)):
            await asyncio.gather(*(self._deliver(claim) for claim in claims))
        return await self._outbox.next_due()

    async def _deliver(self, claim: Claim) -> None:
        with speaking(claim.language):
            message = texts.delivery(claim.notices)
        outcome = await self._gateway.send(claim.telegram_id, message)
        log.info("delivery.attempted", delivery=claim.delivery_id, outcome=type(outcome).__name__)
        await self._outbox.settle(claim, outcome)
