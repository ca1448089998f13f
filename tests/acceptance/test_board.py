"""The secretary's board: kept up to date in its place; and notification by other means."""

import re
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.faults import ConnectionRefused, Fault, FloodWait, ServerError
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.convening import ChooseTold, RecordTold, ShowBoard
from tests.support.convening import STARTS, convened, message, moved
from tests.support.conversation import another_plan, buttons, flashes, sent_to, shown
from tests.support.reading import Enrol

NAYMA = "Nayma Enríquez Estrada"
CARMELITA = "Carmelita Sibaja Ochoa"
OTHER_MEANS = "Notificada por otro medio"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, NAYMA)


@pytest.fixture
async def board(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> SimulatedMessage:
    return await convened(stage, secretary)


async def name_means(stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, means: str) -> SimulatedMessage:
    """Say that Carmelita was told by those means; return what the bot asks next."""
    asked = await stage.taps(secretary, OTHER_MEANS, message(stage, secretary, board.id))
    await stage.taps(secretary, f"⚪ {CARMELITA}", asked)
    return await stage.says(secretary, means)


async def test_it_is_edited_in_its_place(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    assert shown(board) == snapshot(name="accepted")
    count = len(stage.telegram.messages(secretary))
    await stage.taps(member, "Acusar recibo")
    assert shown(message(stage, secretary, board.id)) == snapshot(name="acknowledged")
    assert len(stage.telegram.messages(secretary)) == count


async def test_it_never_says_that_something_was_read(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    assert not re.search(r"\b(leíd|leyó|recibid|visto|entregad)", board.text)


async def test_the_newest_board_is_the_one_that_is_kept(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    asked = await stage.says(secretary, "/convocar 5")
    newer = await stage.taps(secretary, "Ver acuses", asked)
    await stage.taps(member, "Acusar recibo")
    assert f"{NAYMA} (Consejería integrante): acusó recibo" in message(stage, secretary, newer.id).text
    refreshed = await stage.taps(secretary, "Actualizar", message(stage, secretary, board.id))
    assert f"{NAYMA} (Consejería integrante): acusó recibo" in refreshed.text


async def test_after_a_move_the_old_one_is_out_of_force(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await stage.says(secretary, "/ayuda")
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    old = await stage.taps(secretary, "Actualizar", message(stage, secretary, board.id))
    assert "ya no está vigente" in old.text
    assert buttons(old) == ["Documento (Word)", "Constancia de notificación", "Actualizar"]


async def test_telling_by_other_means(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    asked = await stage.taps(secretary, OTHER_MEANS, board)
    assert asked.id != board.id
    assert shown(asked) == snapshot(name="whom")
    assert shown(await stage.taps(secretary, f"⚪ {CARMELITA}", asked)) == snapshot(name="means")
    assert shown(await stage.says(secretary, "oficio <3 & IEEPCO/ST/12/2022")) == snapshot(name="when")
    done = await stage.says(secretary, "hoy 9:30")
    assert shown(done) == snapshot(name="done")
    assert shown(message(stage, secretary, board.id)) == snapshot(name="board")
    assert (await stage.taps(secretary, "Ver acuses", done)).text.startswith("Acuses: ")


async def test_the_means_are_short(stage: Stage, secretary: SimulatedUser, board: SimulatedMessage) -> None:
    assert "120 caracteres como máximo" in (await name_means(stage, secretary, board, "x" * 121)).text
    assert "¿Cuándo se le notificó?" in (await stage.says(secretary, "x" * 120)).text
    assert "se notificó a" in (await stage.says(secretary, "hoy 9:30")).text


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        ("mañana 10:00", "aún no llegan"),
        ("hoy 10:05", "aún no llegan"),
        ("quién sabe", "No entendí"),
        ("<3 & 25:00", "No entendí"),
        ("31/02/2022 10:00", "No entendí"),
        ("hoy", "sábado 5 de febrero de 2022: ¿a qué hora?"),
        ("9:30", "¿De qué día?"),
    ],
)
async def test_an_hour_that_cannot_be_is_asked_again(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, when: str, answer: str
) -> None:
    await name_means(stage, secretary, board, "oficio 12")
    asked = await stage.says(secretary, when)
    assert answer.casefold() in asked.text.casefold()
    assert f"{CARMELITA} (Presidencia): aún no se registra" in message(stage, secretary, board.id).text
    done = await stage.says(secretary, "05/02/2022 08:15")
    assert "5 de febrero de 2022, 08:15 h" in done.text


async def test_day_and_hour_may_come_one_after_the_other(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage
) -> None:
    await name_means(stage, secretary, board, "oficio 12")
    await stage.says(secretary, "ayer")
    assert "4 de febrero de 2022, 17:30 h" in (await stage.says(secretary, "17:30")).text


async def test_of_two_readings_it_asks_which(stage: Stage, secretary: SimulatedUser, board: SimulatedMessage) -> None:
    await name_means(stage, secretary, board, "oficio 12")
    asked = await stage.says(secretary, "ayer a las 7")
    assert "viernes 4 de febrero de 2022, 07:00" in asked.text
    assert "viernes 4 de febrero de 2022, 19:00" in asked.text
    assert "19:00 h" in (await stage.says(secretary, "viernes 4 de febrero de 2022, 19:00")).text


async def test_whoever_was_told_is_not_missing(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await name_means(stage, secretary, board, "oficio 12")
    await stage.says(secretary, "hoy 9:30")
    await stage.advance(stage.clock.now() + timedelta(hours=25))
    (missing,) = [text for text in sent_to(stage, secretary) if text.startswith("✍️ Faltan acuses")]
    assert NAYMA in missing
    assert CARMELITA not in missing


async def test_what_was_recorded_can_be_corrected(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage
) -> None:
    await name_means(stage, secretary, board, "oficio 12")
    await stage.says(secretary, "hoy 9:30")
    asked = await stage.taps(secretary, OTHER_MEANS, message(stage, secretary, board.id))
    assert buttons(asked)[-1] == f"📄 {CARMELITA}"
    await stage.taps(secretary, f"📄 {CARMELITA}", asked)
    await stage.says(secretary, "correo electrónico")
    await stage.says(secretary, "hoy 9:45")
    assert "09:45 h (correo electrónico)" in message(stage, secretary, board.id).text


async def test_who_acknowledged_meanwhile_is_left_as_they_are(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    asked = await stage.taps(secretary, OTHER_MEANS, board)
    await stage.taps(secretary, f"📨 {NAYMA}", asked)
    await stage.says(secretary, "oficio 12")
    await stage.taps(member, "Acusar recibo")
    assert "Ya no hay nada que anotar" in (await stage.says(secretary, "hoy 9:30")).text
    assert f"{NAYMA} (Consejería integrante): acusó recibo" in message(stage, secretary, board.id).text


async def test_stale_and_forged_buttons_change_nothing(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    stranger = await enrol(Role.TECHNICAL_SECRETARY, "Otra Secretaria Gil", commission_id=2)
    before = message(stage, secretary, board.id).html
    refused = {
        "Esta opción no corresponde a su carácter.",
        "Esa convocatoria ya no puede mostrarse. Consulte /calendario.",
    }
    for user in (stranger, member):
        for commission in (1, 2):
            for action in (ShowBoard(commission, 1), ChooseTold(commission, 1), RecordTold(commission, 1, 1)):
                stage.telegram.taps_data(user, stage.telegram.last(user), action.encode())
                await stage.settle()
                assert flashes(stage)[-1] in refused
    for forged in (RecordTold(1, 1, 999), RecordTold(1, 999, 1), ChooseTold(1, 999), ShowBoard(1, 999)):
        stage.telegram.taps_data(secretary, message(stage, secretary, board.id), forged.encode())
        await stage.settle()
        assert flashes(stage)[-1]
    assert message(stage, secretary, board.id).html == before


async def test_nothing_is_recorded_of_a_superseded_version(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    asked = await stage.taps(secretary, OTHER_MEANS, board)
    await stage.says(secretary, "/ayuda")
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    await stage.taps(secretary, f"⚪ {CARMELITA}", asked)
    assert flashes(stage)[-1].startswith("Ya no hay nada que anotar")


async def test_what_could_not_go_out_in_time_says_so(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, member: SimulatedUser
) -> None:
    stage.telegram.fail_next("sendMessage", ConnectionRefused(), 200, member)
    board = await convened(stage, secretary, starts_at=stage.clock.now() + timedelta(hours=2))
    assert f"{NAYMA} (Consejería integrante): por enviar" in board.text
    await stage.advance(stage.clock.now() + timedelta(hours=3))
    assert (
        f"{NAYMA} (Consejería integrante): no se envió: ya no era oportuno" in message(stage, secretary, board.id).text
    )


@pytest.mark.parametrize("fault", [ConnectionRefused(), ServerError(), FloodWait(60)], ids=str)
async def test_what_could_not_be_drawn_is_drawn_later(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, fault: Fault
) -> None:
    stage.telegram.fail_next("editMessageText", fault, chat=secretary)
    await stage.taps(member, "Acusar recibo")
    assert f"{NAYMA} (Consejería integrante): acusó recibo" not in message(stage, secretary, board.id).text
    assert buttons(await stage.says(member, "/ajustes"))
    await stage.taps(member, buttons(stage.telegram.last(member))[0])  # the next round that has something to look for
    assert f"{NAYMA} (Consejería integrante): acusó recibo" in message(stage, secretary, board.id).text
