"""One round of what is due: find it, bundle it, send it, record what became of it, and draw the boards again."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from prep_bot.domain.delivery import Accepted, NotDelivered, Outcome, Refused, Uncertain
from prep_bot.gateway import Gateway
from prep_bot.i18n import speaking
from prep_bot.services.container import Services
from prep_bot.services.outbox import UNSPEAKABLE, Claim
from prep_bot.texts import boards as board_texts
from prep_bot.texts import notices as texts

log = structlog.get_logger()

AT_ONCE = 10
"""Messages in flight: more only make each of them slower."""


class Work:
    """Does what is due by now. Nothing in memory matters: a round that is cut short is taken up by the next."""

    def __init__(self, services: Services, gateway: Gateway) -> None:
        self._clock = services.clock
        self._changes = services.changes
        self._due = services.due
        self._outbox = services.outbox
        self._boards = services.boards
        self._gateway = gateway
        self._seen = -1
        self._next: datetime | None = None

    def look_again(self) -> None:
        """Let the next round look whatever it remembers: another process may have changed something."""
        self._seen = -1

    async def round(self, going: Callable[[], bool] = lambda: True) -> datetime | None:
        """Send all that is due, as long as `going`. Return the next instant at which something will be.

        That instant is in the bot's time; None when nothing waits. While nothing has changed since the last round and
        its instant has not come, there is nothing to look for.
        """
        waiting = self._next is None or self._clock.now() < self._next
        if self._seen == self._changes() and waiting:
            return self._next
        seen = self._changes()  # before looking: what others change meanwhile is for the next round
        occasion = await self._due.queue()
        due = await self._outbox.next_due()
        if due is not None and due <= self._clock.now():
            await self._drain(going)
            due = await self._outbox.next_due()
        await self._draw_boards()
        # Only a round that was not cut short may let the next one rest.
        self._seen = seen
        self._next = min((instant for instant in (occasion, due) if instant is not None), default=None)
        return self._next

    async def _drain(self, going: Callable[[], bool]) -> None:
        await self._outbox.reclaim()
        await self._outbox.bundle()
        while going() and (claims := await self._outbox.claim(AT_ONCE)):
            await asyncio.gather(*(self._deliver(claim) for claim in claims))

    async def _deliver(self, claim: Claim) -> None:
        try:
            outcome = await self._send(claim)
            log.info("delivery.attempted", delivery=claim.delivery_id, outcome=type(outcome).__name__)
            await self._outbox.settle(claim, outcome)
        except Exception:
            # The others go on, and are waited for. What becomes of this one is decided when its lease ends.
            log.exception("delivery.broke", delivery=claim.delivery_id)

    async def _send(self, claim: Claim) -> Outcome:
        try:
            with speaking(claim.language):
                message = texts.delivery(claim.contents, several=claim.several)
        except Exception:
            # It certainly was not sent, and trying again would not mend it.
            log.exception("delivery.unspeakable", delivery=claim.delivery_id)
            return Refused(UNSPEAKABLE)
        return await self._gateway.send(claim.chat_id, message)

    async def _draw_boards(self) -> None:
        for board in await self._boards.stale():
            try:
                with speaking(board.language):
                    message = board_texts.board(board.view, board.zone)
                outcome = await self._gateway.edit(board.telegram_id, board.message_id, message)
            except Exception:
                log.exception("board.broke", convocation=board.convocation_id)
                continue
            if not isinstance(outcome, Accepted):
                log.warning("board.outdated", convocation=board.convocation_id, outcome=type(outcome).__name__)
            if not isinstance(outcome, NotDelivered | Uncertain):  # otherwise it is tried again with the next round
                await self._boards.drawn(board)
