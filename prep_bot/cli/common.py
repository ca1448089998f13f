"""What the commands share: their common options, the settings, and how they refuse."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import unquote, urlsplit

import typer

if TYPE_CHECKING:
    from prep_bot.settings import Settings

_REHEARSAL = "Rehearsals"

T = TypeVar("T")

ClockStart = Annotated[
    str | None,
    typer.Option(
        metavar="ISO",
        help="Live at this moment, such as 2021-11-11T09:00:00-06:00 (or PREP_BOT_CLOCK_START); "
        "never against Telegram's own server.",
        rich_help_panel=_REHEARSAL,
    ),
]
ClockRate = Annotated[
    float | None,
    typer.Option(
        metavar="N",
        help="Let the time go by N times as fast (or PREP_BOT_CLOCK_RATE).",
        rich_help_panel=_REHEARSAL,
    ),
]


class CommandError(Exception):
    """The command cannot do what was asked; the message says what to do, and holds no secret."""


def load_settings(clock_start: str | None = None, clock_rate: float | None = None) -> "Settings":
    """Return the settings, the clock's options before them, and log as they say. Raises CommandError."""
    from prep_bot import logging, settings

    try:
        loaded = settings.load(clock_start=clock_start, clock_rate=clock_rate)
    except settings.SettingsError as error:
        raise CommandError(str(error)) from None
    password = urlsplit(loaded.database_url).password or ""
    token = loaded.token.get_secret_value() if loaded.token else ""
    logging.configure(loaded.log_format, loaded.log_level, secrets=[token, password, unquote(password)])
    return loaded


def token_of(settings: "Settings") -> str:
    """Return the bot's token. Raises CommandError when there is none."""
    if settings.token is None:
        raise CommandError("there is no token: ask @BotFather for one and set PREP_BOT_TOKEN, here or in .env")
    return settings.token.get_secret_value()


def complete(work: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns, once the threads that it leaves behind have ended.

    aiosqlite leaves one where a database could not be opened: it would write to a closed loop, and complain of that.
    """
    with asyncio.Runner() as runner:
        try:
            return runner.run(work)
        finally:
            for thread in threading.enumerate():
                if thread.daemon:
                    thread.join(timeout=1)
