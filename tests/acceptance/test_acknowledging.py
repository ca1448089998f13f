"""«Acusar recibo»: from every message that offers it, once, and only while the convocation is in force."""

from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.answers import Acknowledge
from tests.support.convening import STARTS, ZONE, called_off, convened, dated, message, moved, seat_of
from tests.support.conversation import another_plan, buttons, flashes, sent_to, shown
from tests.support.reading import Enrol

NAME = "Nayma Enríquez Estrada"
BUTTON = "Acusar recibo"
NAMED = "Acusar recibo: Tercera sesión ordinaria"
"""What is pending says which."""
NOT_IN_FORCE = "Esta convocatoria ya no está vigente"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, NAME)


@pytest.fixture
async def board(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> SimulatedMessage:
    return await convened(stage, secretary)


async def acknowledged(stage: Stage, secretary: SimulatedUser, board: SimulatedMessage) -> bool:
    return f"{NAME} (Consejería integrante): acusó recibo" in message(stage, secretary, board.id).text


async def test_the_convocation_is_sealed_with_its_hour(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    arrived = stage.telegram.last(member)
    assert not await acknowledged(stage, secretary, board)
    await stage.advance(datetime(2022, 2, 5, 12, 30, tzinfo=ZONE))
    sealed = await stage.taps(member, BUTTON, arrived)
    assert shown(sealed) == snapshot
    assert sealed.html.startswith(arrived.html)
    assert await acknowledged(stage, secretary, board)


async def test_a_second_tap_keeps_the_first_hour(stage: Stage, member: SimulatedUser, board: SimulatedMessage) -> None:
    arrived = stage.telegram.last(member)
    stage.telegram.taps(member, arrived, BUTTON)
    stage.telegram.taps(member, arrived, BUTTON)
    await stage.settle()
    sealed = message(stage, member, arrived.id)
    assert sealed.text.count("acusó recibo") == 1
    await stage.advance(stage.clock.now() + timedelta(hours=2))
    other = await stage.says(member, "/ayuda")
    stage.telegram.taps_data(member, other, Acknowledge(1).encode())
    await stage.settle()
    assert "El 5 de febrero de 2022, 10:00 h, usted acusó recibo" in message(stage, member, other.id).text


async def test_the_chase_and_the_reminder_ask_again(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await stage.advance(stage.clock.now() + timedelta(hours=25))
    chase = stage.telegram.last(member)
    assert chase.text.startswith("✍️ Por favor, acuse recibo")
    assert "usted acusó recibo" in (await stage.taps(member, BUTTON, chase)).text
    assert await acknowledged(stage, secretary, board)
    await stage.advance(stage.clock.now() + timedelta(hours=48))
    assert sum(text.startswith("✍️ Por favor") for text in sent_to(stage, member)) == 1


async def test_from_a_reminder(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await stage.advance(STARTS - timedelta(hours=23))
    reminder = stage.telegram.last(member)
    assert "Aún no acusa recibo" in reminder.text
    sealed = await stage.taps(member, BUTTON, reminder)
    assert BUTTON not in buttons(sealed)
    assert "usted acusó recibo" in sealed.text
    assert any("1 h" in label or "hora" in label for label in buttons(sealed))
    assert await acknowledged(stage, secretary, board)


async def test_from_what_is_pending(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    pending = await stage.says(member, "/pendientes")
    assert shown(pending) == snapshot(name="pending")
    sealed = await stage.taps(member, NAMED, pending)
    assert NAMED not in buttons(sealed)
    assert await acknowledged(stage, secretary, board)
    after = await stage.says(member, "/pendientes")
    assert "por acusar" not in after.text
    assert NAMED not in buttons(after)


async def test_what_is_pending_names_the_sessions_of_several(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    await convened(stage, secretary, 6, STARTS + timedelta(days=30))
    pending = await stage.says(member, "/pendientes")
    labels = [label for label in buttons(pending) if label.startswith(BUTTON)]
    assert labels == ["Acusar recibo: Tercera sesión ordinaria", "Acusar recibo: Cuarta sesión ordinaria"]
    assert BUTTON not in " ".join(buttons(await stage.says(member, "/pendientes marzo")))
    await stage.taps(member, labels[1], pending)
    assert "acusó recibo de la convocatoria a la Cuarta sesión ordinaria" in message(stage, member, pending.id).text
    assert labels[0] in buttons(message(stage, member, pending.id))


async def test_the_group_is_asked_for_no_acknowledgement(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    group = stage.telegram.group("Comisión")
    group.add(secretary, creator=True)
    group.add(member)
    stage.telegram.add_bot(group, secretary)
    await stage.says(secretary, "/vincular", group)
    pending = await stage.says(member, "/pendientes", group)
    assert pending.text.startswith("Pendientes al")
    assert "por acusar" not in pending.text
    assert NAMED not in buttons(pending)


async def test_a_move_asks_anew(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    old = stage.telegram.last(member)
    await stage.taps(member, BUTTON, old)
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    change = stage.telegram.last(member)
    assert change.text.startswith("🔁 Cambio en la convocatoria")
    assert NAMED in buttons(await stage.says(member, "/pendientes"))
    sealed = await stage.taps(member, BUTTON, change)
    assert "usted acusó recibo" in sealed.text
    assert NAMED not in buttons(await stage.says(member, "/pendientes"))


async def test_the_old_version_can_no_longer_be_acknowledged(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    old = stage.telegram.last(member)
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    answer = await stage.taps(member, BUTTON, old)
    assert answer.text.startswith("Esa convocatoria a la Tercera sesión ordinaria fue reemplazada por otra.")
    assert BUTTON in buttons(answer), "of the version in force"
    assert message(stage, member, old.id).html == old.html
    assert NAMED in buttons(await stage.says(member, "/pendientes"))


@pytest.mark.parametrize("defer", [True, False])
async def test_nor_can_a_session_that_was_called_off(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, defer: bool
) -> None:
    old = stage.telegram.last(member)
    await called_off(stage, secretary, defer=defer)
    assert BUTTON not in buttons(stage.telegram.last(member))
    await stage.taps(member, BUTTON, old)
    assert flashes(stage)[-1].startswith(NOT_IN_FORCE)
    assert NAMED not in buttons(await stage.says(member, "/pendientes"))


async def test_nor_one_that_has_begun(stage: Stage, member: SimulatedUser, board: SimulatedMessage) -> None:
    old = stage.telegram.last(member)
    await stage.advance(STARTS)
    await stage.taps(member, BUTTON, old)
    assert flashes(stage)[-1].startswith(NOT_IN_FORCE)
    assert NAMED not in buttons(await stage.says(member, "/pendientes"))


async def test_nor_one_that_has_not_gone_out(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    await stage.advance(datetime(2022, 2, 5, 23, tzinfo=ZONE))
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar")
    await stage.taps(secretary, "A las 08:00", preview)
    stage.telegram.taps_data(member, stage.telegram.last(member), Acknowledge(1).encode())
    await stage.settle()
    assert flashes(stage)[-1].startswith(NOT_IN_FORCE)
    assert (
        "acusó recibo"
        not in message(stage, secretary, preview.id)
        .text.replace("Ana López Ríos", "", 1)
        .partition(NAME)[2]
        .partition("\n")[0]
    )


async def test_who_was_not_convened_acknowledges_nothing(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    stranger = await enrol(Role.MEMBER, "Otra Persona Gil", commission_id=2)
    guest = await enrol(Role.GUEST, "Invitada Ríos Paz", (6,))
    before = message(stage, secretary, board.id).html
    for user, number in ((stranger, 1), (guest, 1), (stranger, 999999999)):
        stage.telegram.taps_data(user, stage.telegram.last(user), Acknowledge(number).encode())
        await stage.settle()
        assert flashes(stage)[-1].startswith(NOT_IN_FORCE)
    assert message(stage, secretary, board.id).html == before


async def test_a_former_member_acknowledges_nothing(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    arrived = stage.telegram.last(member)
    await enrol(Role.MEMBER, NAME, commission_id=2, user=member)
    leaving = next(m for m in await stage.services.members.of(1) if m.name == NAME)
    today = stage.clock.now().astimezone(ZONE).date()
    await stage.services.members.end(await seat_of(stage, secretary), leaving.membership_id, today)
    await stage.taps(member, BUTTON, arrived)
    assert flashes(stage)[-1].startswith(NOT_IN_FORCE)
    assert not await acknowledged(stage, secretary, board)


async def test_looking_further_leaves_the_convocation_as_it_was_sent(
    stage: Stage, member: SimulatedUser, board: SimulatedMessage
) -> None:
    arrived = stage.telegram.last(member)
    opened = await stage.taps(member, "Ver sesión", arrived)
    assert opened.id != arrived.id
    assert opened.text.startswith("Sesión 5")
    assert message(stage, member, arrived.id) == arrived
