"""«Asistiré», «A distancia», «No asistiré»: from the messages that offer it, changeable until the start."""

from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.answer import Answer
from prep_bot.domain.role import Role
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.answers import GiveAnswer, SkipDetail
from tests.support.convening import STARTS, called_off, convened, message, moved
from tests.support.conversation import another_plan, buttons, flashes, sent_to, shown, stored
from tests.support.reading import Enrol

NAME = "Nayma Enríquez Estrada"
PARTY = "Rosa Fuentes Gil"
LINK = "https://example.org/sala"
YES, REMOTE, NO = "Asistiré", "A distancia", "No asistiré"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, NAME)


@pytest.fixture
async def party(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.PARTY_REPRESENTATIVE, PARTY)


@pytest.fixture
async def board(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> SimulatedMessage:
    return await convened(stage, secretary, link=LINK)


def line_of(stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, name: str) -> str:
    """Return what the board says of that person."""
    text = message(stage, secretary, board.id).text
    return next(line for line in text.splitlines() if name in line)


async def test_the_answer_is_marked_on_its_button(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    arrived = stage.telegram.last(member)
    answered = await stage.taps(member, YES, arrived)
    assert shown(answered) == snapshot(name="convocation")
    assert answered.html == arrived.html
    assert flashes(stage)[-1] == snapshot(name="flash")
    assert shown(message(stage, secretary, board.id)) == snapshot(name="board")


async def test_it_can_be_changed_until_the_start(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    arrived = stage.telegram.last(member)
    await stage.taps(member, YES, arrived)
    changed = await stage.taps(member, REMOTE, message(stage, member, arrived.id))
    assert buttons(changed)[:4] == ["Acusar recibo", YES, f"✔️ {REMOTE}", NO]
    assert line_of(stage, secretary, board, NAME).endswith("asistirá a distancia")
    await stage.advance(STARTS - timedelta(minutes=1))
    await stage.taps(member, NO, message(stage, member, arrived.id))
    assert line_of(stage, secretary, board, NAME).endswith("no asistirá")
    await stage.advance(STARTS)
    before = message(stage, member, arrived.id)
    await stage.taps(member, YES, before)
    assert flashes(stage)[-1].startswith("La sesión ya comenzó: su respuesta queda como estaba.")
    assert message(stage, member, arrived.id) == before
    assert line_of(stage, secretary, board, NAME).endswith("no asistirá")


async def test_acknowledging_and_answering_are_two_things(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    arrived = stage.telegram.last(member)
    await stage.taps(member, YES, arrived)
    assert "aceptado por Telegram" in line_of(stage, secretary, board, NAME)
    await stage.advance(stage.clock.now() + timedelta(hours=25))
    assert stage.telegram.last(member).text.startswith("✍️ Por favor, acuse recibo")
    sealed = await stage.taps(member, "Acusar recibo", message(stage, member, arrived.id))
    assert buttons(sealed)[:3] == [f"✔️ {YES}", REMOTE, NO]
    assert "acusó recibo" in line_of(stage, secretary, board, NAME)
    assert line_of(stage, secretary, board, NAME).endswith("asistirá")


async def test_the_reminder_asks_too_and_shows_the_answer(
    stage: Stage, member: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    await stage.taps(member, REMOTE)
    await stage.advance(STARTS - timedelta(hours=23))
    reminder = stage.telegram.last(member)
    assert shown(reminder) == snapshot
    assert f"✔️ {YES}" in buttons(await stage.taps(member, YES, reminder))
    await stage.advance(STARTS - timedelta(minutes=30))
    assert not {YES, f"✔️ {YES}", NO} & set(buttons(stage.telegram.last(member)))


async def test_only_what_the_session_allows_is_offered(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    arrived = stage.telegram.last(member)
    assert buttons(arrived)[:3] == ["Acusar recibo", YES, NO]
    before = message(stage, member, arrived.id)
    stage.telegram.taps_data(member, arrived, GiveAnswer(1, Answer.REMOTE).encode())
    await stage.settle()
    assert flashes(stage)[-1].startswith("Esta sesión no se celebra en esa modalidad.")
    assert message(stage, member, arrived.id) == before


async def test_a_no_asks_for_a_reason(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
    database_url: str,
) -> None:
    asked = await stage.taps(member, NO)
    asked = stage.telegram.last(member)
    assert shown(asked) == snapshot(name="asked")
    assert shown(await stage.says(member, "Comisión <3 & fuera de la ciudad")) == snapshot(name="settled")
    assert line_of(stage, secretary, board, NAME).endswith("no asistirá (Comisión <3 & fuera de la ciudad)")
    assert "/pendientes" not in (await stage.says(member, "/pendientes")).text
    log = [line for line in stored(database_url).splitlines() if 'INTO "audit_event"' in line]
    assert not any("fuera de la ciudad" in line for line in log)
    assert sum("convocation.answer_explained" in line for line in log) == 1


async def test_the_reason_can_be_skipped(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await stage.taps(member, NO)
    done = await stage.taps(member, "Omitir motivo")
    assert done.text.startswith("✔️ De acuerdo: su respuesta quedó anotada.")
    assert line_of(stage, secretary, board, NAME).endswith("no asistirá")
    stage.telegram.taps_data(member, done, SkipDetail(1).encode())
    await stage.settle()
    assert flashes(stage)[-1].startswith("Ya no hace falta")
    assert "No entendí" in (await stage.says(member, "sin más que decir")).text


async def test_the_reason_is_short(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await stage.taps(member, NO)
    assert "tiene 301 caracteres y el máximo es de 300" in (await stage.says(member, "x" * 301)).text
    assert "quedó anotada" in (await stage.says(member, "x" * 300)).text
    assert "(xxxx" in line_of(stage, secretary, board, NAME)


async def test_whoever_changes_their_mind_gives_no_reason(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    arrived = stage.telegram.last(member)
    await stage.taps(member, NO, arrived)
    await stage.says(member, "Salgo de viaje")
    await stage.taps(member, YES, message(stage, member, arrived.id))
    assert line_of(stage, secretary, board, NAME).endswith("asistirá")
    assert "Salgo" not in message(stage, secretary, board.id).text
    await stage.taps(member, NO, message(stage, member, arrived.id))
    await stage.taps(member, YES, message(stage, member, arrived.id))
    assert "No entendí" in (await stage.says(member, "Salgo de viaje")).text


async def test_a_party_names_who_comes_instead(
    stage: Stage,
    secretary: SimulatedUser,
    party: SimulatedUser,
    member: SimulatedUser,
    snapshot: SnapshotAssertion,
    database_url: str,
) -> None:
    board = await convened(stage, secretary, link=LINK)
    await stage.taps(party, NO)
    assert shown(await stage.taps(party, "Omitir motivo")) == snapshot(name="asked")
    assert shown(await stage.says(party, "Luz")) == snapshot(name="refused")
    assert shown(await stage.says(party, "Luz <Mar> Soto Díaz")) == snapshot(name="not told")
    assert line_of(stage, secretary, board, PARTY).endswith("no asistirá; en su lugar, Luz <Mar> Soto Díaz")
    assert "convocation.substitute_named" in stored(database_url)
    assert "Luz" not in " ".join(sent_to(stage, member))


async def test_a_substitute_who_is_enrolled_is_told_as_a_member(
    stage: Stage, secretary: SimulatedUser, party: SimulatedUser, enrol: Enrol
) -> None:
    await enrol(Role.PARTY_REPRESENTATIVE, "Luz Soto Díaz")
    board = await convened(stage, secretary, link=LINK)
    await stage.taps(party, NO)
    await stage.says(party, "Enfermedad")
    done = await stage.says(party, "Lic. LUZ SOTO DIAZ")
    assert "Esa persona ya recibe la convocatoria por este medio." in done.text
    assert "(Enfermedad); en su lugar, Lic. LUZ SOTO DIAZ" in line_of(stage, secretary, board, PARTY)


async def test_nobody_may_come_instead_either(stage: Stage, secretary: SimulatedUser, party: SimulatedUser) -> None:
    await convened(stage, secretary, link=LINK)
    await stage.taps(party, NO)
    await stage.taps(party, "Omitir motivo")
    assert "quedó anotada" in (await stage.taps(party, "Nadie en mi lugar")).text


async def test_a_vote_is_nobody_elses(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await stage.taps(member, NO)
    assert "en su lugar" not in (await stage.says(member, "De viaje")).text
    actor = await stage.services.identity.of(member.id)
    assert actor is not None
    assert "quedó anotada" in stage.telegram.last(member).text


async def test_a_guest_answers_too(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    guest = await enrol(Role.GUEST, "Invitada Ríos Paz", (5,))
    board = await convened(stage, secretary, link=LINK)
    await stage.taps(guest, REMOTE)
    assert line_of(stage, secretary, board, "Invitada Ríos Paz").endswith("asistirá a distancia")


async def test_an_old_version_takes_no_answer_and_leads_to_the_one_in_force(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
    database_url: str,
) -> None:
    old = stage.telegram.last(member)
    await stage.taps(member, YES, old)
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    assert buttons(stage.telegram.last(member))[:3] == ["Acusar recibo", YES, NO]
    count = stored(database_url).count("convocation.answered")
    await stage.taps(member, NO, message(stage, member, old.id))
    successor = stage.telegram.last(member)
    assert shown(successor) == snapshot
    assert stored(database_url).count("convocation.answered") == count
    assert f"✔️ {YES}" in buttons(message(stage, member, old.id))
    await stage.taps(member, NO, successor)
    assert f"✔️ {NO}" in buttons(message(stage, member, successor.id))


async def test_nor_does_a_session_that_was_called_off(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    old = stage.telegram.last(member)
    await stage.taps(member, NO, old)
    asked = stage.telegram.last(member)
    await called_off(stage, secretary)
    assert "ya no está vigente" in (await stage.says(member, "De viaje")).text
    await stage.taps(member, YES, message(stage, member, old.id))
    assert flashes(stage)[-1].startswith("Esta convocatoria ya no está vigente")
    assert message(stage, member, asked.id).text.startswith("Anotado")


async def test_who_was_not_convened_answers_nothing(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    stranger = await enrol(Role.MEMBER, "Otra Persona Gil", commission_id=2)
    guest = await enrol(Role.GUEST, "Invitada Ríos Paz", (6,))
    before = message(stage, secretary, board.id).html
    for user, number in ((stranger, 1), (guest, 1), (stranger, 999999999)):
        stage.telegram.taps_data(user, stage.telegram.last(user), GiveAnswer(number, Answer.IN_PERSON).encode())
        await stage.settle()
        assert flashes(stage)[-1].startswith("Esta convocatoria ya no está vigente")
    assert message(stage, secretary, board.id).html == before


async def test_each_change_is_in_the_log_and_no_tap_twice(
    stage: Stage, member: SimulatedUser, board: SimulatedMessage, database_url: str
) -> None:
    arrived = stage.telegram.last(member)
    for label in (YES, YES, REMOTE):
        stage.telegram.taps(member, arrived, label)
    await stage.settle()
    assert stored(database_url).count("convocation.answered") == 2
    assert stored(database_url).count('{"answer": "remote", "was": "in_person"}') == 1


async def test_what_is_skipped_after_a_new_convocation_is_not_said_to_be_noted(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    asked = await stage.taps(member, "No asistiré")
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    await stage.taps(member, "Omitir motivo", asked)
    assert flashes(stage)[-1].startswith("Esta convocatoria ya no está vigente")
