"""/envios: the secretary sees what was sent, failed and waits, in plain words, and sends again what may still help."""

from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.faults import FloodWait, ServerError
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import convened
from tests.support.conversation import buttons, flashes, sent_to, shown
from tests.support.reading import Enrol

TOO_LATE = "Ya no se puede reenviar"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma <3 Enríquez")


async def announce(stage: Stage, secretary: SimulatedUser) -> None:
    await stage.says(secretary, "/aviso Texto")
    await stage.taps(secretary, "A todas las personas")
    await stage.taps(secretary, "Enviar")


def texts_of(stage: Stage, user: SimulatedUser, beginning: str) -> int:
    return sum(text.startswith(beginning) for text in sent_to(stage, user))


async def test_nothing_to_look_into(stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(secretary, "/envios")) == snapshot


async def test_what_failed_and_what_waits_in_plain_words(
    stage: Stage, enrol: Enrol, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    waiting = await enrol(Role.MEMBER, "Zaira Hipólito")
    unsure = await enrol(Role.PARTY_REPRESENTATIVE, "Luis Ruiz")
    member.blocked = True
    stage.telegram.fail_next("sendMessage", FloodWait(3600), chat=waiting)
    stage.telegram.fail_next("sendMessage", ServerError(), chat=unsure)
    await announce(stage, secretary)
    await stage.says(secretary, "/avance")  # and the news that somebody cannot be reached
    account = await stage.says(secretary, "/envios")
    assert shown(account) == snapshot
    assert "Bad Gateway" not in account.text
    assert "Flood" not in account.text


async def test_what_failed_is_sent_again_once(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    member.blocked = True
    await announce(stage, secretary)
    assert buttons(await stage.says(secretary, "/envios")) == []
    stage.telegram.unblocks(member)
    await stage.settle()
    account = await stage.says(secretary, "/envios")
    assert buttons(account) == ["Reintentar: Nayma <3 Enríquez, aviso"]
    for _ in range(2):
        stage.telegram.taps(secretary, account, buttons(account)[0])
    await stage.settle()
    assert flashes(stage)[-2] == "Se enviará de nuevo enseguida."
    assert flashes(stage)[-1].startswith(TOO_LATE)
    assert texts_of(stage, member, "📌 Aviso") == 1
    assert "No se pudo: 0" in (await stage.says(secretary, "/envios")).text


async def test_a_convocation_that_comes_by_itself_is_not_offered_again(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    member.blocked = True
    await convened(stage, secretary)
    stage.telegram.unblocks(member)
    await stage.settle()
    assert texts_of(stage, member, "📣 Convocatoria") == 1
    assert buttons(await stage.says(secretary, "/envios")) == []


async def test_what_is_older_than_thirty_days_is_left_out(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await announce(stage, secretary)
    assert "Aceptados por Telegram: 1" in (await stage.says(secretary, "/envios")).text
    stage.clock.advance_to(stage.clock.now() + timedelta(days=31))
    assert "aviso" not in (await stage.says(secretary, "/envios")).text


def convocations(stage: Stage, user: SimulatedUser) -> int:
    return sum("Se le convoca" in text for text in sent_to(stage, user))


async def test_a_server_that_stumbles_for_a_quarter_of_an_hour_loses_no_convocation(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    stage.telegram.fail_next("sendMessage", ServerError(), times=3, chat=member)
    await convened(stage, secretary)
    assert convocations(stage, member) == 0
    await stage.advance(stage.clock.now() + timedelta(hours=2))
    assert convocations(stage, member) == 1


async def test_what_stays_uncertain_can_be_sent_again(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    stage.telegram.fail_next("sendMessage", ServerError(), times=4, chat=member)
    await convened(stage, secretary)
    await stage.advance(stage.clock.now() + timedelta(hours=2))
    assert convocations(stage, member) == 0
    account = await stage.says(secretary, "/envios")
    assert buttons(account) == ["Reintentar: Nayma <3 Enríquez, convocatoria"]
    await stage.taps(secretary, buttons(account)[0], account)
    assert convocations(stage, member) == 1
