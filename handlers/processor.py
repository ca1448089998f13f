"""The order of updates: one chat's in turn, different chats' at once. Nobody waits behind somebody else's answer."""

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor


class PerChatProcessor(BaseUpdateProcessor):
    """Handles up to 32 updates at once, but those of one chat one after the other."""

    def __init__(self, after_update: Callable[[], None]) -> None:
        """Call `after_update` after each update."""
        super().__init__(max_concurrent_updates=32)
        self._after_update = after_update
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Handle one update when those of its chat before it are done."""
        chat = update.effective_chat if isinstance(update, Update) else None
        lock = self._locks.setdefault(chat.id if chat else 0, asyncio.Lock())
        async with lock:
            await coroutine
        self._after_update()

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""
