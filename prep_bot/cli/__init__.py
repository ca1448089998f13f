"""The operator's command line: one module per family of commands.

What a command needs is imported when it runs, so that `prep-bot --help` answers at once.
"""

import logging
import sys
from typing import Annotated

import typer

from prep_bot import __version__
from prep_bot.cli.common import CommandError
from prep_bot.cli.demo import demo
from prep_bot.cli.invitations import invitations, invite, revoke
from prep_bot.cli.plan import check, import_plan, new
from prep_bot.cli.run import health, run
from prep_bot.cli.status import status
from prep_bot.cli.verify import verify

app = typer.Typer(
    name="prep-bot",
    help="The clerk's work of an electoral commission, in a Telegram chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command("import")(import_plan)
app.command()(invite)
app.command()(invitations)
app.command()(revoke)
app.command()(status)
app.command()(health)
app.command()(verify)
app.command()(demo)

plan = typer.Typer(help="Check a plan's file, or begin one for another process.", no_args_is_help=True)
plan.command()(check)
plan.command()(new)
app.add_typer(plan, name="plan")


def main() -> None:
    """Carry out the command line. A failure is one line on standard error and the exit code 1."""
    try:
        app()
    except CommandError as error:
        _fail(str(error))
    except Exception as error:
        from prep_bot.cli.failures import advice

        if (line := advice(error)) is None:
            logging.getLogger(__name__).critical("command.failed", exc_info=error)
            line = "that is a defect of prep-bot: please report the lines above"
        _fail(line)


def _fail(line: str) -> None:
    typer.echo(f"prep-bot: {line}", err=True)
    sys.exit(1)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"prep-bot {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    pass
