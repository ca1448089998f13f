"""`prep-bot status`: the outbox at a glance."""

from prep_bot.domain.role import Role
from prep_bot.services.container import Services
from tests.support.operator import Operator


async def test_nothing_was_due_yet(operator: Operator, services: Services) -> None:
    shown = await operator("status")
    assert shown.code == 0
    assert shown.out.splitlines() == [
        "nothing has been due yet",
        "waiting since   -",
        "next attempt    -",
        "last accepted   -",
        "unreachable     0 people",
    ]


async def test_what_waits_is_counted(operator: Operator, services: Services) -> None:
    """The secretary is to be told of somebody who blocked the bot: it waits until the bot runs."""
    for account, (name, role) in enumerate((("Ana", Role.TECHNICAL_SECRETARY), ("Beto", Role.MEMBER)), start=7):
        made = await services.invitations.create(1, name, role, by=None)
        await services.invitations.accept(made.code, account)
    await services.reachability.lost(8, "blocked")
    lines = (await operator("status")).out.splitlines()
    assert lines[0].split() == ["queued", "1"]
    assert lines[1].startswith("waiting since   20")
    assert lines[-1] == "unreachable     1 people"
