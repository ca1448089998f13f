"""/ajustes: what each person turns off for themselves, and for nobody else."""

from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import STARTS, ZONE, convened
from tests.support.conversation import buttons, sent_to, shown
from tests.support.reading import Enrol

HOUR = "Recordatorio una hora antes"
MONTH = "Resumen mensual"


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez")


@pytest.fixture
async def other(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Zaira Hipólito")


async def turned_off(stage: Stage, user: SimulatedUser, what: str) -> None:
    await stage.says(user, "/ajustes")
    await stage.taps(user, f"✔️ {what}")


async def test_as_it_is_read_and_turned_off_and_on(
    stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(member, "/ajustes")) == snapshot
    off = await stage.taps(member, f"✔️ {HOUR}")
    assert off.buttons == ((f"✖️ {HOUR}",), (f"✔️ {MONTH}",))
    assert (await stage.taps(member, f"✖️ {HOUR}")).buttons == ((f"✔️ {HOUR}",), (f"✔️ {MONTH}",))
    assert (await stage.taps(member, f"✔️ {MONTH}")).buttons == ((f"✔️ {HOUR}",), (f"✖️ {MONTH}",))


@pytest.mark.parametrize("role", Role)
async def test_nobody_is_offered_a_summary_that_never_comes(stage: Stage, enrol: Enrol, role: Role) -> None:
    user = await enrol(role, "Luz Marina Cruz", (6,) if role is Role.GUEST else ())
    offered = f"✔️ {MONTH}" in buttons(await stage.says(user, "/ajustes"))
    assert len(buttons(await stage.taps(user, f"✔️ {HOUR}"))) == (2 if offered else 1)
    await stage.advance(datetime(2022, 3, 1, 12, tzinfo=ZONE))
    assert any("Resumen de marzo" in text for text in sent_to(stage, user)) == offered


async def test_a_double_tap_turns_it_off_once(stage: Stage, member: SimulatedUser) -> None:
    shown_once = await stage.says(member, "/ajustes")
    for _ in range(2):
        stage.telegram.taps(member, shown_once, f"✔️ {HOUR}")
    await stage.settle()
    assert stage.telegram.last(member).buttons[0] == (f"✖️ {HOUR}",)


async def test_no_reminder_an_hour_before(
    stage: Stage, enrol: Enrol, member: SimulatedUser, other: SimulatedUser
) -> None:
    secretary = await enrol(Role.TECHNICAL_SECRETARY, "Ana López")
    await turned_off(stage, member, HOUR)
    await convened(stage, secretary)
    await stage.advance(STARTS)
    reminded = [sum("Recordatorio" in text for text in sent_to(stage, user)[2:]) for user in (member, other)]
    at = [[m.at for m in stage.telegram.messages(user)][-1] for user in (member, other)]
    assert reminded[1] - reminded[0] == 1
    assert at == [STARTS - timedelta(hours=24), STARTS - timedelta(hours=1)]


async def test_no_monthly_summary(stage: Stage, member: SimulatedUser, other: SimulatedUser) -> None:
    await turned_off(stage, member, MONTH)
    await stage.advance(datetime(2022, 3, 1, 12, tzinfo=ZONE))
    received = [any("Resumen de marzo" in text for text in sent_to(stage, user)) for user in (member, other)]
    assert received == [False, True]
