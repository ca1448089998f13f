"""Every command, button and awaited answer of the bot, and which of them a person may use."""

from handlers import (
    acknowledging,
    agenda,
    annexes,
    announcements,
    answers,
    boards,
    calendar,
    certificates,
    convening,
    deliveries,
    drafting,
    general,
    group,
    invitations,
    members,
    papers,
    pending,
    petitions,
    plan,
    preferences,
    privacy,
    progress,
    rolls,
    scheduling,
    telling,
)
from handlers.turn import Answer, Command, Tap
from prep_bot.domain.role import Permission, Role
from prep_bot.services.identity import Actor, Seat
from prep_bot.texts.actions.action import Action

FAMILIES = (
    pending.FAMILY,
    calendar.FAMILY,
    plan.FAMILY,
    progress.FAMILY,
    scheduling.FAMILY,
    drafting.FAMILY,
    convening.FAMILY,
    acknowledging.FAMILY,
    petitions.FAMILY,
    boards.FAMILY,
    telling.FAMILY,
    answers.FAMILY,
    papers.FAMILY,
    agenda.FAMILY,
    annexes.FAMILY,
    rolls.FAMILY,
    certificates.FAMILY,
    announcements.FAMILY,
    deliveries.FAMILY,
    members.FAMILY,
    invitations.FAMILY,
    group.FAMILY,
    preferences.FAMILY,
    privacy.FAMILY,
    general.FAMILY,
)

COMMANDS: dict[str, Command] = {command.name: command for family in FAMILIES for command in family.commands}
TAPS: dict[type[Action], Tap] = {tap.action: tap for family in FAMILIES for tap in family.taps}
ANSWERS: dict[str, Answer] = {answer.topic: answer for family in FAMILIES for answer in family.answers}
FILES = annexes.FILES
"""A file that comes when no answer is awaited is taken for an annex."""

_NOT_IN_MENUS = frozenset({"start"})


def seats_for(actor: Actor, permission: Permission | None, commission_id: int | None) -> tuple[Seat, ...]:
    """Return the person's seats that hold `permission`, in that commission or (None) in any."""
    seats = actor.seats if permission is None else actor.seats_with(permission)
    return tuple(seat for seat in seats if commission_id in (None, seat.commission_id))


def menu(actor: Actor, *, in_group: bool = False) -> tuple[str, ...]:
    """Return the commands that a person may use in private, or in the linked group."""
    return tuple(
        command.name
        for command in COMMANDS.values()
        if (command.in_group if in_group else command.in_private)
        and command.name not in _NOT_IN_MENUS
        and (command.permission is None or actor.seats_with(command.permission))
    )


def group_menu() -> tuple[str, ...]:
    """Return the commands that are answered in the linked group, to whoever is not a guest."""
    return tuple(command.name for command in COMMANDS.values() if command.in_group and command.in_private)


def speaks_in_group(seat: Seat) -> bool:
    """Tell whether the bot answers that seat in the group: a guest sees only their own sessions, so in private."""
    return seat.role is not Role.GUEST
