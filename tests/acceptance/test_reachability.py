"""Whoever blocks the bot becomes unreachable, the secretary learns it once, and unblocking clears it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.services.members import Reach
from prep_bot.simulation.faults import ConnectionRefused, ServerError
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage, open_stage
from tests.support.conversation import another_plan, sent_to, shown

Enrol = Callable[..., Awaitable[SimulatedUser]]

NAYMA = "Nayma Enríquez Estrada"


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.fixture
async def member(enrol: Enrol, secretary: SimulatedUser) -> SimulatedUser:
    return await enrol(Role.MEMBER, NAYMA)


async def _reach(stage: Stage, name: str = NAYMA) -> Reach:
    return next(m.reach for m in await stage.services.members.of(1) if m.name == name)


def _told(stage: Stage, secretary: SimulatedUser) -> int:
    return sum("Ya no es posible escribir a" in text for text in sent_to(stage, secretary))


async def test_blocking_is_noticed_and_told(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    stage.telegram.blocks(member)
    await stage.settle()
    assert await _reach(stage) is Reach.UNREACHABLE
    assert shown(stage.telegram.last(secretary)) == snapshot


async def test_the_secretary_is_told_once(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    message = stage.telegram.last(member)
    stage.telegram.taps(member, message, message.buttons[0][0])
    stage.telegram.blocks(member)  # the answer to the tap is refused, and Telegram tells of the block as well
    await stage.settle()
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
    stage.telegram.taps(member, message, message.buttons[0][0])  # an old button is still there to tap
    await stage.settle()
    assert await _reach(stage) is Reach.UNREACHABLE
    await stage.advance(stage.clock.now() + timedelta(days=3))
    assert _told(stage, secretary) == 1


async def test_a_refused_answer_is_enough(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    stage.telegram.says(member, "/pendientes")
    stage.telegram.blocks(member)
    stage.telegram.take_updates()  # what Telegram tells of the block is lost…
    member.blocked = False
    stage.telegram.says(member, "/pendientes")
    member.blocked = True  # …but not that the answer was refused
    await stage.settle()
    assert await _reach(stage) is Reach.UNREACHABLE
    assert _told(stage, secretary) == 1


async def test_trouble_of_telegrams_own_is_not_blocking(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    stage.telegram.fail_next("sendMessage", ServerError(502))
    await stage.says(member, "/pendientes")
    assert await _reach(stage) is Reach.REACHABLE
    assert _told(stage, secretary) == 0


async def test_unblocking_clears_it(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    stage.telegram.blocks(member)
    await stage.settle()
    stage.telegram.unblocks(member)
    await stage.settle()
    assert await _reach(stage) is Reach.REACHABLE


async def test_whoever_writes_is_reachable(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    stage.telegram.blocks(member)
    await stage.settle()
    stage.telegram.unblocks(member)
    stage.telegram.take_updates()  # the news were lost
    await stage.says(member, "/pendientes")
    assert await _reach(stage) is Reach.REACHABLE


async def test_speaking_in_the_group_proves_nothing(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    group = stage.telegram.group("Comisión PREP")
    group.add(secretary, creator=True)
    group.add(member)
    stage.telegram.add_bot(group, secretary)
    await stage.settle()
    await stage.says(secretary, "/vincular", group)
    stage.telegram.blocks(member)
    await stage.settle()
    answer = await stage.says(member, "/pendientes", group)
    assert answer.user_id is None  # in the group they are answered all the same
    assert await _reach(stage) is Reach.UNREACHABLE


async def test_each_time_is_told_anew(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    for times in (1, 2):
        stage.telegram.blocks(member)
        await stage.settle()
        assert _told(stage, secretary) == times
        stage.telegram.unblocks(member)
        stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
        await stage.settle()


async def test_every_secretary_is_told_and_nobody_else(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol
) -> None:
    second = await enrol(Role.TECHNICAL_SECRETARY, "Otra Secretaria Soto")
    others = [await enrol(role, f"Persona {role.value}", (5,)) for role in (Role.PRESIDENCY, Role.GUEST)]
    stage.telegram.blocks(member)
    await stage.settle()
    assert [_told(stage, user) for user in (secretary, second, *others)] == [1, 1, 0, 0]


async def test_a_secretary_who_blocks_is_told_to_the_other_one(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    second = await enrol(Role.TECHNICAL_SECRETARY, "Otra Secretaria Soto")
    stage.telegram.blocks(secretary)
    await stage.settle()
    assert _told(stage, second) == 1
    assert _told(stage, secretary) == 0


async def test_the_last_secretary_may_block_without_harm(stage: Stage, secretary: SimulatedUser) -> None:
    stage.telegram.blocks(secretary)
    await stage.settle()
    assert await _reach(stage, "Secretaria Pérez Luna") is Reach.UNREACHABLE


async def test_an_unreachable_secretary_is_not_written_to(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    stage.telegram.blocks(secretary)
    await stage.settle()
    stage.telegram.blocks(member)
    await stage.advance(stage.clock.now() + timedelta(days=1))
    refused = [entry for entry in stage.telegram.log if entry.direction == "out" and not entry.accepted]
    assert refused == []


async def test_strangers_come_and_go_unnoticed(stage: Stage, secretary: SimulatedUser) -> None:
    stranger = stage.telegram.user("Curiosa")
    stage.telegram.says(stranger, "hola")
    stage.telegram.blocks(stranger)
    await stage.settle()
    stage.telegram.unblocks(stranger)
    await stage.settle()
    assert _told(stage, secretary) == 0


async def test_the_news_survive_a_restart(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, database_url: str
) -> None:
    stage.telegram.fail_next("sendMessage", ConnectionRefused(), times=3, chat=secretary)
    stage.telegram.blocks(member)
    await stage.settle()
    assert _told(stage, secretary) == 0
    async with open_stage(stage.clock.now(), database_url, stage.telegram, stage.clock) as restarted:
        await restarted.advance(restarted.clock.now() + timedelta(hours=1))
        assert _told(restarted, secretary) == 1


async def test_only_the_commissions_of_that_person_learn_it(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol
) -> None:
    for key in ("quejas", "debates"):
        await stage.services.plans.apply(another_plan(key, key.title()))
    second = await enrol(Role.TECHNICAL_SECRETARY, "Secretaria de Quejas", commission_id=2)
    third = await enrol(Role.TECHNICAL_SECRETARY, "Secretaria de Debates", commission_id=3)
    await enrol(Role.MEMBER, NAYMA, commission_id=2, user=member)
    stage.telegram.blocks(member)
    await stage.settle()
    assert [_told(stage, user) for user in (secretary, second, third)] == [1, 1, 0]
