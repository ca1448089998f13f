"""`prep-bot invite`, `invitations` and `revoke`."""

from typing import TYPE_CHECKING, Annotated

import typer

from prep_bot.cli.common import ClockRate, ClockStart, CommandError, complete, load_settings, token_of
from prep_bot.domain.role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from prep_bot.services.commissions import CommissionView
    from prep_bot.services.container import Services
    from prep_bot.services.invitations import NewInvitation
    from prep_bot.settings import Settings

CommissionKey = Annotated[
    str | None, typer.Option("--commission", metavar="KEY", help="The commission, where there are several.")
]


def invite(
    role: Annotated[Role, typer.Option(help="What the person is in the commission.")],
    name: Annotated[str, typer.Option(help="The full name; one of the plan binds to that person.")],
    commission: CommissionKey = None,
    meeting: Annotated[
        list[int] | None,
        typer.Option(metavar="N", help="Of a guest: a session's number in the plan. May be repeated."),
    ] = None,
    clock_start: ClockStart = None,
    clock_rate: ClockRate = None,
) -> None:
    """Invite a person: print a link, and its QR code, that enrols whoever opens it first."""
    if meeting and role is not Role.GUEST:
        raise typer.BadParameter("only guests are invited to single sessions", param_hint="--meeting")
    settings = load_settings(clock_start, clock_rate)
    complete(_invite(settings, token_of(settings), role, name, commission, meeting or []))


async def _invite(
    settings: "Settings", token: str, role: Role, name: str, key: str | None, meetings: "Sequence[int]"
) -> None:
    from prep_bot.bootstrap import bot_username, open_services

    async with open_services(settings) as services:
        commission = await _chosen(services, key)
        # First of all: an invitation that nobody can open would still end the earlier ones.
        bot = await bot_username(settings, token)
        made = await _create(services, commission, role, name, meetings)
    _show(made, commission, bot)


async def _create(
    services: "Services", commission: "CommissionView", role: Role, name: str, meetings: "Sequence[int]"
) -> "NewInvitation":
    from prep_bot.services.invitations import (
        NAME_LIMIT,
        BadNameError,
        MeetingNeededError,
        OtherRoleError,
        SeveralPeopleError,
    )

    try:
        return await services.invitations.create(commission.id, name, role, by=None, meeting_numbers=meetings)
    except BadNameError:
        reason = f"a name has between 1 and {NAME_LIMIT} characters: correct --name"
    except OtherRoleError as error:
        reason = (
            f"{error.name} is {_shown(error.role)} in this commission: correct --role; or end that membership in "
            "/integrantes; or, if this is somebody else, add to --name what tells them apart"
        )
    except SeveralPeopleError:
        reason = f"more than one person is called {name}: choose the right one in /integrantes"
    except MeetingNeededError:
        reason = "a guest is invited to sessions of the plan: add --meeting N, with a number that /calendario shows"
    raise CommandError(reason)


def _show(made: "NewInvitation", commission: "CommissionView", bot: str) -> None:
    import segno

    link = f"https://t.me/{bot}?start={made.code}"
    typer.echo(link)
    typer.echo()
    segno.make(link, error="m").terminal(compact=True, border=2)
    typer.echo()
    typer.echo(f"For {made.name}, {_shown(made.role)} of {made.commission}, and nobody else.")
    typer.echo(f"It works once, until {_moment(made.expires_at, commission.zone)}.")
    if made.relinks:
        warning = "They are enrolled already: when they accept, their present Telegram account loses its access."
        typer.secho(warning, fg=typer.colors.YELLOW)


def invitations(commission: CommissionKey = None, clock_start: ClockStart = None, clock_rate: ClockRate = None) -> None:
    """List the invitations that can still be used."""
    complete(_list(load_settings(clock_start, clock_rate), commission))


async def _list(settings: "Settings", key: str | None) -> None:
    from prep_bot.bootstrap import open_services

    async with open_services(settings) as services:
        chosen = await services.commissions.all() if key is None else [await _chosen(services, key)]
        found = [(each, invitation) for each in chosen for invitation in await services.invitations.open(each.id)]
    if not found:
        typer.echo("No invitation is waiting to be used.")
    for each, invitation in found:
        until = _moment(invitation.expires_at, each.zone)
        typer.echo(
            f"{invitation.id:>4}  {invitation.name}, {_shown(invitation.role)} of {each.short_name}, until {until}"
        )


def revoke(
    invitation: Annotated[int, typer.Argument(metavar="ID", help="The number that `prep-bot invitations` shows.")],
    clock_start: ClockStart = None,
    clock_rate: ClockRate = None,
) -> None:
    """Make an invitation worthless."""
    if not complete(_revoke(load_settings(clock_start, clock_rate), invitation)):
        raise CommandError(f"no invitation {invitation} can still be used: `prep-bot invitations` lists those that can")
    typer.echo(f"Invitation {invitation} is worthless now.")


async def _revoke(settings: "Settings", invitation: int) -> bool:
    from prep_bot.bootstrap import open_services

    async with open_services(settings) as services:
        for commission in await services.commissions.all():
            if await services.invitations.revoke(commission.id, invitation, by=None):
                return True
    return False


async def _chosen(services: "Services", key: str | None) -> "CommissionView":
    """Return the commission called `key`, or the only one. Raises CommandError."""
    commissions = await services.commissions.all()
    if not commissions:
        raise CommandError("there is no commission yet: import its plan first, with `prep-bot import FILE`")
    keys = ", ".join(each.key for each in commissions)
    if key is None and len(commissions) > 1:
        raise CommandError(f"there are several commissions: add --commission with one of {keys}")
    for each in commissions:
        if key in (None, each.key):
            return each
    raise CommandError(f"there is no commission {key!r}: correct --commission to one of {keys}")


def _shown(role: Role) -> str:
    return role.replace("_", " ")


def _moment(instant: "datetime", zone: "ZoneInfo") -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
