"""`prep-bot demo`."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the summary alone.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="Write the conversation to this file, as a chat (by default demo.html; with --quiet or --json, none).",
        ),
    ] = None,
) -> None:
    """Watch the bot at work with its real plan, from 2021 to 2022, in a simulated Telegram: no token, no network."""
    from prep_bot.simulation.demo import main

    raise typer.Exit(main(quiet=quiet, json=json, html=html))
