"""An outbox whose messages Telegram takes."""

from itertools import count

from prep_bot.domain.delivery import Accepted
from prep_bot.services.container import Services

_messages = count(1000)


async def deliver(services: Services) -> None:
    """Let everything that is due go out, and be accepted."""
    await services.outbox.bundle()
    while claims := await services.outbox.claim(10):
        for claim in claims:
            await services.outbox.settle(claim, Accepted(next(_messages)))
