"""What changes after convening is kept, then told: as a correction, or as a new convocation."""

from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.role import Role
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import STARTS, convened, dated, message
from tests.support.conversation import buttons, flashes, sent_to, shown, stored
from tests.support.files import read_pdf
from tests.support.reading import Enrol
from tests.support.scheduling import convene_it, session, talk

CORRECTION, ANEW = "[Es una corrección]", "[Es una convocatoria nueva]"
HINT = "Hay cambios sin comunicar"


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.fixture
async def member(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


@pytest.fixture
async def party(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.PARTY_REPRESENTATIVE, "Luis Ruiz Paz")


@pytest.fixture
async def board(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, party: SimulatedUser
) -> SimulatedMessage:
    """Session 5 is convened, with an agenda and an annex; the member has acknowledged."""
    await talk(stage, secretary, "/orden 5", "[Elaborar con los puntos usuales]", "[5]", "[📎 Agregar anexo]")
    await sends(stage, secretary, "Informe.pdf", b"%PDF 1")
    shown = await convened(stage, secretary)
    await stage.taps(member, "Acusar recibo")
    return shown


async def sends(stage: Stage, secretary: SimulatedUser, name: str, data: bytes) -> SimulatedMessage:
    """Let the secretary send a file; return what the bot answers."""
    stage.telegram.sends_document(secretary, name, data, "application/pdf")
    await stage.settle()
    return stage.telegram.last(secretary)


async def edited(stage: Stage, secretary: SimulatedUser, words: str = "Seguimiento de los acuerdos <3") -> None:
    """Give the fourth point of session 5 other words."""
    await talk(stage, secretary, "/orden 5", "[4]", "[✏️ Editar]", words)


async def replaced(stage: Stage, secretary: SimulatedUser) -> SimulatedMessage:
    """Replace the annex of session 5."""
    await talk(stage, secretary, "/orden 5", "[5]", "[📎 Informe.pdf]", "[Nueva versión]")
    return await sends(stage, secretary, "Informe corregido.pdf", b"%PDF 2")


async def told(
    stage: Stage, secretary: SimulatedUser, nature: str, reason: str = "Error de captura"
) -> SimulatedMessage:
    """Tell the changes; return the message that asked for confirmation, as it stands then."""
    confirm = await talk(stage, secretary, "/orden 5", "[Comunicar los cambios]", nature, reason)
    await stage.taps(secretary, "Sí, comunicar", confirm)
    return message(stage, secretary, confirm.id)


async def test_what_changes_is_not_told_until_the_secretary_says_so(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    before, agenda = sent_to(stage, member), (await stage.says(member, "/orden 5")).text
    await edited(stage, secretary)
    kept = await replaced(stage, secretary)
    assert shown(kept) == snapshot(name="kept")
    assert sent_to(stage, member) == [*before, agenda]
    assert (await stage.says(member, "/orden 5")).text == agenda
    file = await stage.taps(member, "📎 5. Informe.pdf")
    assert file.file is not None
    assert file.file.data == b"%PDF 1"
    assert HINT in message(stage, secretary, board.id).text
    for command in ("/orden 5", "/sesion 5", "/convocar 5"):
        answer = await stage.says(secretary, command)
        assert HINT.lower() in answer.text.lower(), command
        assert "Comunicar los cambios" in buttons(answer)
        assert HINT.lower() not in (await stage.says(member, command)).text.lower()


async def test_a_correction(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    party: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    await edited(stage, secretary)
    await replaced(stage, secretary)
    before = {user.id: len(sent_to(stage, user)) for user in (member, party)}
    assert shown(await talk(stage, secretary, "/orden 5", "[Comunicar los cambios]")) == snapshot(name="nature")
    assert shown(await stage.taps(secretary, "Es una corrección")) == snapshot(name="reason")
    confirm = await stage.says(secretary, "Error de captura <3")
    assert shown(confirm) == snapshot(name="confirm")
    await stage.taps(secretary, "Sí, comunicar", confirm)
    assert shown(stage.telegram.last(member)) == snapshot(name="to who has acknowledged")
    assert shown(stage.telegram.last(party)) == snapshot(name="to who has not")
    assert [len(sent_to(stage, user)) - before[user.id] for user in (member, party)] == [1, 1]
    assert "Acusaron recibo: 2 de" in message(stage, secretary, confirm.id).text
    await stage.taps(member, next(label for label in buttons(stage.telegram.last(member)) if "Orden del día" in label))
    assert "Seguimiento de los acuerdos <3" in stage.telegram.last(member).text
    assert HINT not in (await stage.says(secretary, "/sesion 5")).text


async def test_a_new_convocation(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    await stage.advance(STARTS - timedelta(hours=20))
    await replaced(stage, secretary)
    confirm = await talk(stage, secretary, "/orden 5", "[Comunicar los cambios]", ANEW, "Cambió el informe")
    assert shown(confirm) == snapshot(name="confirm")  # with less notice than the term
    await stage.taps(secretary, "Sí, comunicar", confirm)
    assert shown(stage.telegram.last(member)) == snapshot(name="told")
    assert "Acusaron recibo: 1 de" in message(stage, secretary, confirm.id).text
    await stage.taps(member, "Acusar recibo")
    assert "Acusaron recibo: 2 de" in message(stage, secretary, confirm.id).text


async def test_the_term_of_a_correction_stands(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, database_url: str
) -> None:
    await stage.advance(STARTS - timedelta(hours=20))
    await edited(stage, secretary)
    confirm = await talk(stage, secretary, "/orden 5", "[Comunicar los cambios]", CORRECTION, "Errata")
    assert "el mínimo es de" not in confirm.text


async def test_a_correction_that_brings_the_session_forward_has_the_term_of_its_own_hour(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    await stage.advance(STARTS - timedelta(hours=50))
    asked = await talk(stage, secretary, "/sesion 5", "[Mover]", "22 de febrero a las 17", "[Sí, es correcta]")
    asked = await stage.taps(secretary, next(label for label in buttons(asked) if label.startswith("Conservar")))
    assert shown(asked) == snapshot(name="nature")
    confirm = await talk(stage, secretary, CORRECTION, "Error de captura")
    assert shown(confirm) == snapshot(name="confirm")
    await stage.taps(secretary, "Sí, mover", confirm)
    await stage.says(secretary, "/constancia 5")
    newest = next(m for m in reversed(stage.telegram.messages(secretary)) if m.file and m.file.name.endswith(".pdf"))
    assert newest.file is not None
    said = read_pdf(newest.file.data)
    assert "Se convocó con 7 h de anticipación" in said
    assert "Error de captura" in said[said.index("Término") :]


async def test_stale_buttons_lead_to_the_version_in_force(
    stage: Stage,
    secretary: SimulatedUser,
    party: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    first = next(m for m in stage.telegram.messages(party) if m.button("Acusar recibo"))
    await edited(stage, secretary)
    await told(stage, secretary, CORRECTION)
    answer = await stage.taps(party, "Acusar recibo", first)
    assert shown(answer) == snapshot(name="not acknowledged")
    await stage.taps(party, "Acusar recibo", answer)
    assert shown(await stage.taps(party, "Acusar recibo", first)) == snapshot(name="acknowledged")


async def test_reminders_still_go_out_once_after_a_correction(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await stage.advance(STARTS - timedelta(hours=24) + timedelta(minutes=1))
    await stage.taps(member, "En 1 hora")
    await edited(stage, secretary)
    await told(stage, secretary, CORRECTION)
    await stage.advance(STARTS)
    reminders = [text for text in sent_to(stage, member) if text.startswith("⏰")]
    assert len(reminders) == 3  # a day before, the one that was asked for, and an hour before


async def test_a_correction_asks_nobody_twice_to_acknowledge(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, party: SimulatedUser, board: SimulatedMessage
) -> None:
    await stage.advance(stage.clock.now() + timedelta(hours=23))
    await edited(stage, secretary)
    await told(stage, secretary, CORRECTION)
    await stage.advance(stage.clock.now() + timedelta(hours=2))
    asked = [text for text in sent_to(stage, party) if "acuse recibo" in text.lower() and text.startswith("✍️")]
    assert len(asked) == 1  # the day after the convocation, as if nothing had been corrected
    assert not any(text.startswith("✍️") for text in sent_to(stage, member))


async def test_two_taps_tell_once(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await edited(stage, secretary)
    before = len(sent_to(stage, member))
    confirm = await talk(stage, secretary, "/orden 5", "[Comunicar los cambios]", CORRECTION, "Errata")
    for _ in range(2):
        stage.telegram.taps(secretary, confirm, "Sí, comunicar")
    await stage.settle()
    assert len(sent_to(stage, member)) == before + 1


async def test_what_is_told_is_what_was_shown(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol, board: SimulatedMessage
) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Suplente Díaz Cruz")
    await edited(stage, secretary)
    confirm = await talk(stage, secretary, "/orden 5", "[Comunicar los cambios]", CORRECTION, "Errata")
    await edited(stage, other, "Otra redacción")
    before = sent_to(stage, member)
    answer = await stage.taps(secretary, "Sí, comunicar", confirm)
    assert answer.text.startswith("⚠️ Otra persona cambió esta sesión mientras tanto")
    assert sent_to(stage, member) == before


async def test_a_session_that_was_called_off_meanwhile_is_not_amended(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol, board: SimulatedMessage
) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Suplente Díaz Cruz")
    await edited(stage, secretary)
    confirm = await talk(stage, secretary, "/orden 5", "[Comunicar los cambios]", CORRECTION, "Errata")
    await talk(stage, other, "/sesion 5", "[Cancelar]", "Sin materia", "[Sí, cancelar la sesión]")
    before = sent_to(stage, member)
    await stage.taps(secretary, "Sí, comunicar", confirm)
    assert sent_to(stage, member) == before
    assert (await session(stage, secretary, 5)).state is MeetingState.CANCELLED


async def test_what_was_changed_back_tells_nobody(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await edited(stage, secretary)
    hint = await stage.says(secretary, "/sesion 5")
    await edited(stage, secretary, "Seguimiento de acuerdos.")
    before = sent_to(stage, member)
    answer = await stage.taps(secretary, "Comunicar los cambios", hint)
    assert answer.text.startswith("La sesión quedaría igual, así que no se avisó a nadie.")
    assert sent_to(stage, member) == before


async def test_a_move_tells_what_else_changed_in_the_same_message(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    await edited(stage, secretary)
    before = len(sent_to(stage, member))
    steps = ("viernes 25 11:00", "[Sí, es correcta]")
    keep = "[Conservar: presencial · Sala de sesiones del Consejo General]"
    confirm = await talk(stage, secretary, "/sesion 5", "[Mover]", *steps, keep, ANEW, "Agenda")
    await stage.taps(secretary, "Sí, mover", confirm)
    assert len(sent_to(stage, member)) == before + 1
    assert shown(stage.telegram.last(member)) == snapshot


async def test_a_wrong_hour_is_corrected(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    keep = "[Conservar: presencial · Sala de sesiones del Consejo General]"
    steps = ("24 de febrero 12:00", "[Sí, es correcta]", keep, CORRECTION, "Errata en la hora")
    confirm = await talk(stage, secretary, "/sesion 5", "[Mover]", *steps)
    await stage.taps(secretary, "Sí, mover", confirm)
    assert stage.telegram.last(member).text.startswith("✏️ Fe de erratas")
    assert "Acusar recibo" not in buttons(stage.telegram.last(member))
    assert "Acusaron recibo: 2 de" in message(stage, secretary, confirm.id).text


async def test_what_nobody_was_told_yet_goes_out_as_it_is(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await stage.advance(datetime(2022, 2, 5, 22, tzinfo=STARTS.tzinfo))
    await talk(stage, secretary, "/orden 5", "[Elaborar con los puntos usuales]")
    morning = datetime(2022, 2, 6, 8, tzinfo=STARTS.tzinfo)
    await convene_it(stage, secretary, 5, STARTS, sends_at=morning)
    await edited(stage, secretary)
    before = sent_to(stage, member)
    confirm = await talk(stage, secretary, "/orden 5", "[Comunicar los cambios]", "Errata")
    assert "La convocatoria aún no sale: saldrá el domingo 6 de febrero" in confirm.text
    await stage.taps(secretary, "Sí, comunicar", confirm)
    await stage.advance(morning + timedelta(minutes=1))
    new = sent_to(stage, member)[len(before) :]
    assert len(new) == 1
    assert new[0].startswith("📣 Convocatoria")
    assert "Seguimiento de los acuerdos <3" in new[0]


async def test_whoever_missed_the_convocation_gets_it_whole(
    stage: Stage, secretary: SimulatedUser, party: SimulatedUser, member: SimulatedUser
) -> None:
    await talk(stage, secretary, "/orden 5", "[Elaborar con los puntos usuales]")
    stage.telegram.blocks(party)
    await stage.settle()
    await convened(stage, secretary)
    await edited(stage, secretary)
    await told(stage, secretary, CORRECTION)
    stage.telegram.unblocks(party)
    await stage.settle()
    assert sent_to(stage, party)[-1].startswith("📣 Convocatoria")
    assert "Seguimiento de los acuerdos <3" in sent_to(stage, party)[-1]
    assert sent_to(stage, member)[-1].startswith("✏️ Fe de erratas")


async def test_the_group_is_told_too(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    group: SimulatedGroup = stage.telegram.group("PREP")
    group.add(secretary, creator=True)
    stage.telegram.add_bot(group, secretary)
    await stage.says(secretary, "/vincular", group)
    await talk(stage, secretary, "/orden 5", "[Elaborar con los puntos usuales]")
    await convened(stage, secretary)
    await edited(stage, secretary)
    assert "Seguimiento de acuerdos." in (await stage.says(secretary, "/orden 5", group)).text
    await told(stage, secretary, CORRECTION)
    assert shown(stage.telegram.last(group)) == snapshot


async def test_versions_and_what_they_correct_are_on_record(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, database_url: str
) -> None:
    await edited(stage, secretary)
    await told(stage, secretary, CORRECTION)
    assert stored(database_url).count("'meeting.amended'") == 1
    old = await stage.says(secretary, "/convocar 5")
    assert HINT.lower() not in old.text.lower()
    assert "Esta convocatoria ya no está vigente." in message(stage, secretary, board.id).text
    assert flashes(stage)[-1] == ""


async def test_the_convocation_is_the_one_that_was_previewed(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await talk(stage, secretary, "/orden 5", "[Elaborar con los puntos usuales]")
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar 5")
    await edited(stage, secretary)
    before = sent_to(stage, member)
    answer = await stage.taps(secretary, "Convocar ahora", preview)
    assert answer.text.startswith("Esta sesión ya fue convocada o cambió mientras tanto: no se hizo nada.")
    assert sent_to(stage, member) == before
    await talk(stage, secretary, "/convocar 5", "[Convocar ahora]")
    assert "Seguimiento de los acuerdos <3" in stage.telegram.last(member).text
