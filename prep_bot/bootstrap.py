"""The composition root: the one place that knows every part and ties them together."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import Update
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
from prep_bot.gateway import Gateway
from prep_bot.i18n import use_catalogues
from prep_bot.pace import Pace
from prep_bot.services import container
from prep_bot.services.container import Services
from prep_bot.services.rehearsal import clock_for
from prep_bot.services.vitals import Part
from prep_bot.settings import Settings
from prep_bot.transport import AiohttpRequest
from scheduler.alarm import Alarm
from scheduler.work import Work

log = structlog.get_logger()

ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

App = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True)
class Program:
    """The bot, put together and not yet started."""

    application: App
    menus: Menus
    work: Work
    services: Services


async def open_database(settings: Settings) -> tuple[Database, Clock]:
    """Open the database, bring its tables up to date, and find the time in which it lives.

    Raises what the driver, the migrations and the clock raise; the database is closed again then.
    """
    database = Database(create_engine(settings.database_url))
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
    menus = Menus(application.bot)
    Router(services, Enrolment(services, Doorman(services.clock)), menus).register(application)
    work = Work(services.outbox, Gateway(application.bot))
    return Program(application, menus, work, services)


async def serve(settings: Settings, token: str) -> None:
    """Run the bot until SIGINT or SIGTERM; then finish what was begun.

    Raises InvalidToken or another TelegramError when Telegram does not let it start.
    """
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    database, clock = await open_database(settings)
    try:
        await _serve(settings, token, container.build(database, clock), stop)
    finally:
        await database.dispose()
    log.info("bot.stopped")


async def _serve(settings: Settings, token: str, services: Services, stop: asyncio.Event) -> None:
    machine = SystemClock()
    beats = {Part.POLLING: machine.now()}

    def polled() -> None:
        beats[Part.POLLING] = machine.now()

    async def pulse() -> None:
        await services.vitals.beat({**beats, Part.SCHEDULER: machine.now()})

    program = assemble(
        services,
        token=token,
        api_base_url=settings.api_base_url,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(connections=1, on_success=polled),
        pace=machine,
        after_update=lambda: alarm.nudge(),
    )
    alarm = Alarm(program.work, services.clock, pulse)
    application, updater = program.application, program.application.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")
    async with application:
        await program.menus.for_strangers()
        await alarm.start()
        await application.start()
        await updater.start_polling(
            allowed_updates=ALLOWED_UPDATES, bootstrap_retries=3, timeout=25, error_callback=_polling_failed
        )
        log.info("bot.started", bot=application.bot.username)
        await stop.wait()
        await updater.stop()
        await application.stop()
        await alarm.stop()


def _polling_failed(error: TelegramError) -> None:
    reason = "another process polls with this token" if isinstance(error, Conflict) else type(error).__name__
    log.warning("polling.failed", reason=reason)
