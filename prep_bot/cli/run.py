"""`prep-bot run`, and the question whether it still lives."""

import os
import signal

import typer

from prep_bot.cli.common import ClockRate, ClockStart, CommandError, complete, load_settings, token_of


def run(clock_start: ClockStart = None, clock_rate: ClockRate = None) -> None:
    """Run the bot until Ctrl-C or SIGTERM; what it has begun by then it finishes."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # Until the bot takes over: nothing has begun, so there is nothing to finish. An exception could be swallowed
        # by whatever it interrupts.
        signal.signal(number, lambda *_: os._exit(0))
    settings = load_settings(clock_start, clock_rate)
    token = token_of(settings)

    from prep_bot.bootstrap import serve

    complete(serve(settings, token))


def health() -> None:
    """Tell whether the bot that runs with this database still lives: exit code 0 if it does, 1 if it does not."""
    settings = load_settings()

    from prep_bot.cli.pulse import stuck_parts

    if stuck := complete(stuck_parts(settings.database_url)):
        raise CommandError(f"no sign of life from {' and '.join(stuck)}: restart `prep-bot run` and read its log")
    typer.echo("polling and scheduler are alive")
