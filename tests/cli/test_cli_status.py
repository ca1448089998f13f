"""`prep-bot status`: the outbox at a glance."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from prep_bot.domain.delivery import Refused
from prep_bot.domain.role import Role
from prep_bot.services.container import Services
from prep_bot.simulation.server import RunningServer
from tests.support.operator import TOKEN, Operator


@pytest.fixture
async def operator(tmp_path: Path, server: RunningServer) -> AsyncIterator[Operator]:
    """At noon, whatever the machine's hour: in quiet hours a notice would wait for the morning."""
    noon = {"clock_start": "2022-02-01T12:00:00-06:00", "clock_rate": "1"}
    somebody = Operator(tmp_path, token=TOKEN, api_base_url=server.base_url, **noon)
    yield somebody
    await somebody.leave()


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


async def test_what_did_not_go_out_is_listed_with_its_reason_and_without_names(
    operator: Operator, services: Services
) -> None:
    for account, (name, role) in enumerate((("Ana", Role.TECHNICAL_SECRETARY), ("Beto", Role.MEMBER)), start=7):
        made = await services.invitations.create(1, name, role, by=None)
        await services.invitations.accept(made.code, account)
    await services.reachability.lost(8, "blocked")
    await services.outbox.bundle()
    (claim,) = await services.outbox.claim(1)
    await services.outbox.settle(claim, Refused("chat_write_forbidden"))
    lines = (await operator("status")).out.splitlines()
    assert lines[0].split() == ["failed", "1"]
    head, listed = lines[-2:]
    assert head == "not sent in the last 30 days, the newest first:"
    when, what = listed.split(" UTC  ")
    assert when.startswith("20")
    person = next(member.person_id for member in await services.members.of(1) if member.name == "Ana")
    whom = f"person {person} (technical_secretary) of ieepco-prep-2021-2022"
    assert what == f"failed    unreachable to {whom}: chat_write_forbidden"
    assert "Ana" not in "".join(lines)
