"""The updates that wait for the bot, and the long poll that fetches them."""

import asyncio
from collections import deque
from itertools import islice

from prep_bot.simulation.api import ApiError, Json

_FIRST_ID = 700_000_001


class Updates:
    """A queue of updates, kept until the bot acknowledges them."""

    def __init__(self) -> None:
        self._pending: deque[Json] = deque()
        self._next_id = _FIRST_ID
        self._allowed: frozenset[str] = frozenset()
        self._poll: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, payload: Json) -> None:
        """Queue an update, unless the bot's last `allowed_updates` left its kind out."""
        if self._allowed and kind not in self._allowed:
            return
        self._pending.append({"update_id": self._next_id, kind: payload})
        self._next_id += 1
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def allow(self, kinds: frozenset[str]) -> None:
        """Queue from now on only updates of these kinds; none given means all."""
        self._allowed = kinds

    def take(self) -> list[Json]:
        """Return what is pending and forget it."""
        taken = list(self._pending)
        self._pending.clear()
        return taken

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 -- Telegram's own
        """Return pending updates, waiting at most `timeout` real seconds for the first.

        A positive offset acknowledges all updates before it; a negative one all but the last so many. Raises
        ApiError when another poll begins while this one waits, as when two programs run the same bot.
        """
        while self._pending and (
            len(self._pending) > -offset if offset < 0 else self._pending[0]["update_id"] < offset
        ):
            self._pending.popleft()
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(
                ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            )
        if not self._pending and timeout > 0:
            await self._arrival(timeout)
        return list(islice(self._pending, limit))

    async def _arrival(self, timeout: float) -> None:  # noqa: ASYNC109
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await poll
        except TimeoutError:
            pass
