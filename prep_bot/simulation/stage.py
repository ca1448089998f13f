"""The real application in a simulated Telegram: people say and tap, the clock is stepped, nothing sleeps."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from telegram import Update

from prep_bot.bootstrap import ALLOWED_UPDATES, Program, assemble, open_database
from prep_bot.services import container
from prep_bot.services.container import Services
from prep_bot.settings import Settings
from prep_bot.simulation.api import Json
from prep_bot.simulation.clock import ManualClock
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedChat, SimulatedGroup, SimulatedUser
from prep_bot.simulation.request import SimulatedRequest
from prep_bot.simulation.telegram import SimulatedTelegram


class Stage:
    """One bot, its people and their clock. After each thing that somebody does, the bot has done all it will."""

    def __init__(self, telegram: SimulatedTelegram, clock: ManualClock, database_url: str) -> None:
        self.telegram = telegram
        self.clock = clock
        self.due: datetime | None = None
        """The next instant at which the bot has something to do, as of the last time that it had done all it could."""
        self.unprompted: set[tuple[int, int]] = set()
        """Chat and id of each message that the bot wrote by itself, in answer to nobody."""
        self._database_url = database_url
        self._running = AsyncExitStack()
        self._program: Program | None = None

    @property
    def services(self) -> Services:
        """The application's own services, for what an operator does from the command line."""
        return self._up.services

    @property
    def _up(self) -> Program:
        if self._program is None:
            raise RuntimeError("the bot is not running")
        return self._program

    async def start(self) -> None:
        """Start the application. What people did meanwhile waits for `settle`."""
        self._program = await self._running.enter_async_context(_program(self._database_url, self.telegram, self.clock))

    async def stop(self) -> None:
        """Stop the application: what people do now is kept for it by Telegram."""
        self._program = None
        await self._running.aclose()

    async def says(self, user: SimulatedUser, text: str, group: SimulatedGroup | None = None) -> SimulatedMessage:
        """Let the person write; return the newest message of that chat, which is the bot's if it answered."""
        self.telegram.says(user, text, group)
        await self.settle()
        return self.telegram.last(group or user)

    async def taps(
        self,
        user: SimulatedUser,
        label: str,
        message: SimulatedMessage | None = None,
        chat: SimulatedChat | None = None,
    ) -> SimulatedMessage:
        """Let the person tap a button, by default of the newest message of the chat (by default, their own) with it.

        Return the newest message of the chat then, or the tapped one if it still stands there.
        """
        chat = chat or user
        shown = message or next(
            (m for m in reversed(self.telegram.messages(chat)) if m.button(label)), self.telegram.last(chat)
        )
        newest = self.telegram.last(chat).id
        self.telegram.taps(user, shown, label)
        await self.settle()
        last = self.telegram.last(chat)
        if last.id != newest:
            return last
        return next(m for m in self.telegram.messages(chat) if m.id == shown.id)

    async def settle(self) -> None:
        """Let the bot take in what people did, and do what is due, if it is running."""
        if self._program is None:
            return
        application = self._program.application
        for update in self.telegram.take_updates():
            if _asked_for(update):
                await application.update_queue.put(Update.de_json(update, application.bot))
        await application.update_queue.join()
        await self._work()

    async def advance(self, to: datetime) -> None:
        """Step the clock through every instant at which the bot has something to do, up to `to` (aware)."""
        await self.settle()
        while self._program is not None and self.due is not None and self.due <= to:
            self.clock.advance_to(max(self.due, self.clock.now()))
            await self._work()
        self.clock.advance_to(max(to, self.clock.now()))

    async def _work(self) -> None:
        log = self.telegram.log
        before = len(log)
        self.due = await self._up.work.round()
        sent = (entry for entry in log[before:] if entry.method.startswith("send"))
        self.unprompted |= {(entry.chat_id, entry.message_id) for entry in sent if entry.message_id}


def _asked_for(update: Json) -> bool:
    return any(kind in update for kind in ALLOWED_UPDATES)


@asynccontextmanager
async def open_stage(
    start: datetime, database_url: str, telegram: SimulatedTelegram | None = None, clock: ManualClock | None = None
) -> AsyncIterator[Stage]:
    """Start the application at `start` (aware) on that database; stop it at the end of the block.

    With the `telegram` and the `clock` of an earlier stage, it is the same world after a restart.
    """
    clock = clock or ManualClock(start)
    stage = Stage(telegram or SimulatedTelegram(clock), clock, database_url)
    await stage.start()
    try:
        yield stage
    finally:
        await stage.stop()


@asynccontextmanager
async def _program(database_url: str, telegram: SimulatedTelegram, clock: ManualClock) -> AsyncIterator[Program]:
    # Built without validation, which would read the machine's environment: what is set there is none of this world.
    database, _ = await open_database(Settings.model_construct(database_url=database_url), fleeting=True)
    program = assemble(
        container.build(database, clock, simulated=True),
        token=telegram.token,
        api_base_url="http://simulated.invalid/bot",
        request=SimulatedRequest(telegram),
        get_updates_request=SimulatedRequest(telegram),
        pace=clock,
    )
    try:
        async with program.application:
            await program.menus.for_strangers()
            await program.menus.of_former()
            await program.application.start()
            try:
                yield program
            finally:
                await program.application.stop()
    finally:
        await database.dispose()
