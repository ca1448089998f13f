"""How fast the bot writes: evenly, below Telegram's limits, and replies before broadcasts."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from prep_bot.clock import Clock

BACKGROUND: Final[Mapping[str, bool]] = {"background": True}
"""As `rate_limit_args` of a call: nobody waits for this message, so replies go before it."""

_OVERALL = timedelta(seconds=1) / 28
_OVERALL_IN_BACKGROUND = timedelta(seconds=1) / 25
_PRIVATE_CHAT = timedelta(seconds=1)
_GROUP = timedelta(seconds=3)
_PATIENCE = timedelta(seconds=5)
"""For so long a person may be kept waiting for their answer."""
_FORGOTTEN = timedelta(seconds=60)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Chat = int | str


@dataclass(frozen=True, eq=False)
class _Turn:
    """A call that waits for its turn."""

    chat: Chat
    background: bool

    @property
    def spacing(self) -> timedelta:
        return _OVERALL_IN_BACKGROUND if self.background else _OVERALL

    @property
    def chat_spacing(self) -> timedelta:
        private = isinstance(self.chat, int) and self.chat > 0
        return _PRIVATE_CHAT if private else _GROUP


class Pace(BaseRateLimiter[Mapping[str, bool]]):
    """Lets a message go once enough time has passed since the last one, overall and to the same chat.

    At most 28 messages go in a second, one to a private chat, and one to a group in three; of messages in the
    `BACKGROUND` at most 25, which leaves room between them for replies. Within the same chat and of the same kind
    the first come is the first served. Only what writes a new message is paced: neither edits nor answers to
    buttons. `clock` shows the time by which Telegram counts.

    A reply that Telegram asks to hold back for a few seconds (messages may arrive closer together than they left) waits
    and is sent once more. Otherwise telegram.error.RetryAfter reaches the caller: the outbox has its own policy.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = _LONG_AGO
        self._last_to: dict[Chat, datetime] = {}
        """In the order of the instants."""
        self._waiting: list[_Turn] = []

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Mapping[str, bool] | None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        """Make the call once its turn has come, and return what it returns."""
        chat = data.get("chat_id")
        background = (rate_limit_args or {}).get("background", False)
        turn = _Turn(chat, background) if chat is not None and _writes_a_message(endpoint) else None
        if turn is not None:
            await self._wait(turn)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as flood:
            pause = _seconds(flood)
            if background or pause > _PATIENCE:
                raise
        await self._clock.sleep_until(self._clock.now() + pause)
        if turn is not None:
            await self._wait(turn)
        return await callback(*args, **kwargs)

    async def _wait(self, turn: _Turn) -> None:
        self._waiting.append(turn)
        try:
            self._serve(self._clock.now())
            while turn in self._waiting:
                await self._clock.sleep_until(self._earliest(turn))
                self._serve(self._clock.now())
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _serve(self, now: datetime) -> None:
        """Let the first of those go who may: replies before the background, else in the order in which they came.

        Whoever wakes first serves the one whose turn it is, perhaps another: that one is about to wake too, because
        its turn cannot have come before the instant for which it sleeps.
        """
        if now < self._last:
            # The clock was set back: what it showed before would keep everybody waiting.
            self._last = _LONG_AGO
            self._last_to.clear()
        ready = [turn for turn in self._waiting if self._earliest(turn) <= now]
        if ready:
            first = min(ready, key=lambda turn: turn.background)
            self._waiting.remove(first)
            self._note(first.chat, now)

    def _earliest(self, turn: _Turn) -> datetime:
        return max(self._last + turn.spacing, self._last_to.get(turn.chat, _LONG_AGO) + turn.chat_spacing)

    def _note(self, chat: Chat, now: datetime) -> None:
        """Note that a message goes to the chat, and forget the chats to which none went for long."""
        self._last = now
        self._last_to.pop(chat, None)
        self._last_to[chat] = now
        while now - self._last_to[oldest := next(iter(self._last_to))] > _FORGOTTEN:
            del self._last_to[oldest]


def _seconds(flood: RetryAfter) -> timedelta:
    after = flood.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def _writes_a_message(endpoint: str) -> bool:
    return endpoint.startswith(("send", "copyMessage", "forwardMessage")) and endpoint != "sendChatAction"
