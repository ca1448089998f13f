"""Telegram's flood control, measured by the given clock."""

import math
from collections import deque
from datetime import datetime, timedelta

from prep_bot.simulation.api import ApiError

_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)


class _Window:
    """At most `limit` messages within any `period`."""

    def __init__(self, limit: int, period: timedelta) -> None:
        self._limit = limit
        self._period = period
        self._sent: deque[datetime] = deque()

    def wait(self, now: datetime) -> timedelta:
        """Return how long until one more message fits."""
        while self._sent and self._sent[0] <= now - self._period:
            self._sent.popleft()
        if len(self._sent) < self._limit:
            return timedelta(0)
        return self._sent[0] + self._period - now

    def add(self, now: datetime) -> None:
        self._sent.append(now)


class FloodControl:
    """How many messages a bot may send: overall and to a chat in a second, to a group in a minute."""

    def __init__(self, *, overall_per_second: int, per_chat_per_second: int, per_group_per_minute: int) -> None:
        self._per_chat = per_chat_per_second
        self._per_group = per_group_per_minute
        self._overall = _Window(overall_per_second, _SECOND)
        self._chats: dict[int, list[_Window]] = {}

    def admit(self, chat_id: int, now: datetime) -> None:
        """Count one message to the chat.

        Raises ApiError, with the seconds to wait, when it is one too many; it does not count then.
        """
        windows = [self._overall, *self._windows(chat_id)]
        wait = max(window.wait(now) for window in windows)
        if wait > timedelta(0):
            raise too_many_requests(math.ceil(wait.total_seconds()))
        for window in windows:
            window.add(now)

    def _windows(self, chat_id: int) -> list[_Window]:
        if chat_id not in self._chats:
            windows = [_Window(self._per_chat, _SECOND)]
            if chat_id < 0:
                windows.append(_Window(self._per_group, _MINUTE))
            self._chats[chat_id] = windows
        return self._chats[chat_id]


def too_many_requests(retry_after: int) -> ApiError:
    """Return the refusal of a call that comes too soon, with the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
