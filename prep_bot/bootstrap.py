"""The composition root: the one place that knows every part and ties them together."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, TelegramError
from telegram.ext import Application, ApplicationBuilder
from telegram.request import BaseRequest

from handlers.doorman import Doorman
from handlers.enrolment import Enrolment
from handlers.menus import Menus
from handlers.processor import PerChatProcessor
from handlers.router import Router
from prep_bot.clock import Clock, SystemClock
from prep_bot.db.engine import Database, create_engine
from prep_bot.db.migrate import migrate
from prep_bot.db.scratch import scratch
from prep_bot.documents.convocation_docx import use_templates
from prep_bot.gateway import Gateway
from prep_bot.i18n import use_catalogues
from prep_bot.pace import Pace
from prep_bot.services import container
from prep_bot.services.container import Services
from prep_bot.services.rehearsal import clock_for
from prep_bot.services.vitals import Part
from prep_bot.settings import Settings
from prep_bot.transport import AiohttpRequest, PollingRequest
from scheduler.alarm import Alarm
from scheduler.work import Work

log = structlog.get_logger()

_POLLING = "Updater:start_polling:polling_task"
"""What the library calls the task that polls: it gives no other sign when that task ends of itself."""

ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

App = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True)
class Program:
    """The bot, put together and not yet started."""

    application: App
    menus: Menus
    work: Work
    services: Services


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open the services over the database of `settings`, in its time. Raises what `open_database` raises."""
    database, clock = await open_database(settings)
    try:
        yield container.build(database, clock, simulated=settings.rehearsal)
    finally:
        await database.dispose()


@asynccontextmanager
async def open_copy(settings: Settings) -> AsyncIterator[Services]:
    """Open the services over a copy of the database, which is thrown away: nothing done there is ever seen."""
    with scratch(settings.database_url) as url:
        async with open_services(settings.model_copy(update={"database_url": url})) as services:
            yield services


async def open_database(settings: Settings, *, fleeting: bool = False) -> tuple[Database, Clock]:
    """Open the database, bring its tables up to date, and find the time in which it lives.

    `fleeting` is for one that is thrown away, as `create_engine` says.
    Raises what the driver, the migrations and the clock raise; the database is closed again then. Raises TemplateError.
    """
    use_templates(settings.templates)
    database = Database(create_engine(settings.database_url, fleeting=fleeting))
    try:
        await migrate(database)
        clock = await clock_for(database, settings.clock_start, settings.clock_rate)
    except BaseException:
        await database.dispose()
        raise
    use_catalogues(settings.locales)
    return database, clock


def assemble(
    services: Services,
    *,
    token: str,
    api_base_url: str,
    request: BaseRequest,
    get_updates_request: BaseRequest,
    pace: Clock,
    after_update: Callable[[], None] = lambda: None,
) -> Program:
    """Tie the parts together.

    `pace` is the clock by which that Bot API server counts messages. `after_update` is called after each update, when
    something may have been queued.
    """
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(api_base_url)
        .base_file_url(api_base_url.removesuffix("/bot") + "/file/bot")
        .request(request)
        .get_updates_request(get_updates_request)
        .rate_limiter(Pace(pace))
        .concurrent_updates(PerChatProcessor(after_update))
        .job_queue(None)
        .build()
    )
    menus = Menus(application.bot, services.identity)
    Router(services, Enrolment(services, Doorman(services.clock)), menus).register(application)
    work = Work(services, Gateway(application.bot))
    return Program(application, menus, work, services)


async def bot_username(settings: Settings, token: str) -> str:
    """Ask Telegram under which name people find the bot. Raises TelegramError."""
    request = AiohttpRequest()
    async with Bot(token, base_url=settings.api_base_url, request=request, get_updates_request=request) as bot:
        return bot.username


async def serve(settings: Settings, token: str) -> None:
    """Run the bot until SIGINT or SIGTERM; then finish what was begun.

    Raises InvalidToken or another TelegramError when Telegram does not let it start, and InvalidToken when it refuses
    the token later.
    """
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    # The database is opened to the end whatever happens: a migration is nothing to break off.
    async with open_services(settings) as services, AsyncExitStack() as stack:
        stopping = asyncio.create_task(stop.wait())
        starting = asyncio.create_task(_start(settings, token, services, stack))
        await asyncio.wait({stopping, starting}, return_when=asyncio.FIRST_COMPLETED)
        starting.cancel()  # nothing, if it has started
        await asyncio.wait({starting})
        if not starting.cancelled():
            await asyncio.wait({stopping, starting.result()}, return_when=asyncio.FIRST_COMPLETED)
    log.info("bot.stopped")


async def _start(settings: Settings, token: str, services: Services, stack: AsyncExitStack) -> asyncio.Task[None]:
    """Start the bot and leave to `stack` how it is stopped; return the polling, which ends when a token is refused."""
    if not await services.commissions.all():
        log.warning("plan.missing", todo="import one: prep-bot import FILE")
    machine = SystemClock()
    beats = {Part.POLLING: machine.now()}

    def polled() -> None:
        beats[Part.POLLING] = machine.now()

    async def pulse() -> None:
        await services.vitals.beat({**beats, Part.SCHEDULER: machine.now()})

    request, polling_request = AiohttpRequest(), PollingRequest(connections=1, on_success=polled)
    program = assemble(
        services,
        token=token,
        api_base_url=settings.api_base_url,
        request=request,
        get_updates_request=polling_request,
        pace=machine,
        after_update=lambda: alarm.nudge(),
    )
    alarm = Alarm(program.work, services.clock, pulse)
    application, updater = program.application, program.application.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")

    async def stop_polling() -> None:
        if updater.running:
            await updater.stop()

    # The library itself leaves the connections open when its start fails or is broken off.
    stack.push_async_callback(request.shutdown)
    stack.push_async_callback(polling_request.shutdown)
    await stack.enter_async_context(application)
    await program.menus.for_strangers()
    # Nobody waits for it, however many have left.
    renewing = asyncio.create_task(program.menus.of_former())
    stack.callback(renewing.cancel)
    stack.push_async_callback(alarm.stop)
    await alarm.start()
    await application.start()
    stack.push_async_callback(application.stop)
    stack.push_async_callback(stop_polling)
    await updater.start_polling(
        allowed_updates=ALLOWED_UPDATES, bootstrap_retries=3, timeout=25, error_callback=_polling_failed
    )
    log.info("bot.started", bot=application.bot.username)
    return next(task for task in asyncio.all_tasks() if task.get_name() == _POLLING)


def _polling_failed(error: TelegramError) -> None:
    reason = "another process polls with this token" if isinstance(error, Conflict) else type(error).__name__
    log.warning("polling.failed", reason=reason)
