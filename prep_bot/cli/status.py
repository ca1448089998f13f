"""`prep-bot status`: the outbox at a glance."""

from datetime import datetime
from typing import TYPE_CHECKING

import typer

from prep_bot.cli.common import ClockRate, ClockStart, complete, load_settings

if TYPE_CHECKING:
    from prep_bot.services.deliveries import Status
    from prep_bot.settings import Settings


def status(clock_start: ClockStart = None, clock_rate: ClockRate = None) -> None:
    """Show what was sent, what waits and what failed; sent means accepted by Telegram, never read."""
    view = complete(_status(load_settings(clock_start, clock_rate)))
    for name, count in sorted(view.counts.items()):
        typer.echo(f"{name:<10} {count}")
    if not view.counts:
        typer.echo("nothing has been due yet")
    typer.echo(f"waiting since   {_shown(view.oldest_waiting)}")
    typer.echo(f"next attempt    {_shown(view.next_attempt)}")
    typer.echo(f"last accepted   {_shown(view.last_accepted)}")
    typer.echo(f"unreachable     {view.unreachable} people")
    if view.unsent:
        typer.echo("\nnot sent in the last 30 days, the newest first:")
    for notice in view.unsent:
        whom = "group" if notice.person_id is None else f"person {notice.person_id} ({notice.role or 'former'})"
        what = f"{notice.kind} to {whom} of {notice.commission}"
        typer.echo(f"{_shown(notice.due_at)}  {notice.state:<9} {what}: {notice.reason}")


async def _status(settings: "Settings") -> "Status":
    from prep_bot.bootstrap import open_services

    async with open_services(settings) as services:
        return await services.deliveries.status()


def _shown(instant: datetime | None) -> str:
    return "-" if instant is None else f"{instant:%Y-%m-%d %H:%M} UTC"
