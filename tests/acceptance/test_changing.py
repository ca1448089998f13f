"""What /sesion offers to whoever convenes: move, defer, cancel and close a session; everyone convened is told, once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.domain.role import Role
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage, open_stage
from tests.support.conversation import buttons, flashes, sent_to, shown, stored
from tests.support.scheduling import convene_it, date_it, session, talk

Enrol = Callable[..., Awaitable[SimulatedUser]]

ZONE = ZoneInfo("America/Mexico_City")
HOSTILE = '<3 & "ñ" </b> {x}'
NEW = "[Es una convocatoria nueva]"
STALE = "Ese paso ya quedó atrás. Siga con mi pregunta más reciente o empiece de nuevo."


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.fixture
async def other(enrol: Enrol) -> SimulatedUser:
    """Another secretary of the same commission."""
    return await enrol(Role.TECHNICAL_SECRETARY, "Suplente Díaz Cruz")


@pytest.fixture
async def presidency(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.PRESIDENCY, "Carmelita Sibaja Ochoa")


@pytest.fixture
async def group(stage: Stage, secretary: SimulatedUser) -> SimulatedGroup:
    """The linked group."""
    made = stage.telegram.group("PREP")
    made.add(secretary, creator=True)
    stage.telegram.add_bot(made, secretary)
    await stage.says(secretary, "/vincular", made)
    return made


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 2, day, hour, minute, tzinfo=ZONE)


def _standing(stage: Stage, user: SimulatedUser, message: SimulatedMessage) -> SimulatedMessage:
    """Return a message of somebody's chat as it stands now."""
    return next(m for m in stage.telegram.messages(user) if m.id == message.id)


def _offers(card: SimulatedMessage) -> list[str]:
    of_everybody = {"Orden del día", "Ver calendario", "Convocatoria (PDF)", "Agregar a mi calendario"}
    return [label for label in buttons(card) if label not in of_everybody]


async def test_each_state_offers_what_can_be_done(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser, group: SimulatedGroup
) -> None:
    async def offered() -> list[str]:
        for nobody, place in ((presidency, None), (secretary, group)):
            assert _offers(await stage.says(nobody, "/sesion 5", place)) == []
        return _offers(await talk(stage, secretary, "/sesion 5"))

    assert await offered() == ["Fijar fecha", "Cancelar"]
    await date_it(stage, secretary, 5, _at(8, 11))
    assert await offered() == ["Convocar", "Mover", "Diferir", "Cancelar"]
    await convene_it(stage, secretary, 5, _at(8, 11))
    assert await offered() == ["Ver acuses", "Mover", "Diferir", "Cancelar"]
    await stage.advance(_at(8, 11))
    assert await offered() == ["Pasar lista", "Marcar celebrada", "Ver acuses", "Mover", "Diferir", "Cancelar"]
    await talk(stage, secretary, "/sesion 5", "[Diferir]", "Motivo", "[Sí, diferir]")
    assert await offered() == ["Fijar fecha", "Cancelar"]
    await date_it(stage, secretary, 5, _at(8, 13))
    await stage.advance(_at(8, 13))
    assert await offered() == ["Marcar celebrada", "Mover", "Diferir", "Cancelar"]
    await talk(stage, secretary, "/sesion 5", "[Marcar celebrada]", "[Sin observaciones]")
    assert await offered() == ["Lista de asistencia"]
    await talk(stage, secretary, "/sesion 6", "[Cancelar]", "Motivo", "[Sí, cancelar la sesión]")
    assert _offers(await talk(stage, secretary, "/sesion 6")) == []


async def test_the_acknowledgements_are_one_tap_away(stage: Stage, secretary: SimulatedUser) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    assert "Acuses" in (await talk(stage, secretary, "/sesion 5", "[Ver acuses]")).text


async def test_a_session_that_is_not_convened_simply_gets_another_date(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser
) -> None:
    await date_it(stage, secretary, 5, _at(24, 11))
    before = sent_to(stage, presidency)
    await talk(stage, secretary, "/sesion 5", "[Mover]", "25 de febrero 10:00", "[Sí, es correcta]")
    moved = await talk(stage, secretary, "[Conservar: presencial · Sala de sesiones]")
    assert "Hay que convocarla a más tardar el martes 22 de febrero de 2022, 10:00 h" in moved.text
    assert (await session(stage, secretary, 5)).starts_at == _at(25, 10)
    assert sent_to(stage, presidency) == before


async def test_a_convened_session_moves_and_everyone_is_told(
    stage: Stage,
    secretary: SimulatedUser,
    presidency: SimulatedUser,
    group: SimulatedGroup,
    enrol: Enrol,
    snapshot: SnapshotAssertion,
) -> None:
    gone = await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    await convene_it(stage, secretary, 5, _at(24, 11))
    stage.telegram.blocks(gone)
    await stage.settle()
    told = {chat.id: len(sent_to(stage, chat)) for chat in (presidency, gone, group)}
    assert shown(await talk(stage, secretary, "/sesion 5", "[Mover]")) == snapshot(name="date")
    assert shown(await talk(stage, secretary, "martes 22 10:00", "[Sí, es correcta]")) == snapshot(name="venue")
    asked = await talk(stage, secretary, "[A distancia]", "https://example.org/sala")
    assert shown(asked) == snapshot(name="nature")
    assert shown(await talk(stage, secretary, NEW)) == snapshot(name="reason")
    confirm = await talk(stage, secretary, f"Falta de quórum {HOSTILE}")
    assert shown(confirm) == snapshot(name="confirm")
    assert len(sent_to(stage, presidency)) == told[presidency.id]

    await stage.taps(secretary, "Sí, mover", confirm)
    assert shown(stage.telegram.last(presidency)) == snapshot(name="told")
    assert shown(stage.telegram.last(group)) == snapshot(name="told-group")
    for chat, new in ((presidency, 1), (group, 1), (gone, 0)):
        assert len(sent_to(stage, chat)) == told[chat.id] + new
    moved = await session(stage, secretary, 5)
    assert (moved.state, moved.starts_at, moved.modality) == (MeetingState.CONVENED, _at(22, 10), Modality.REMOTE)
    assert (moved.place, moved.link) == ("", "https://example.org/sala")

    assert "Acusaron recibo: 1 de" in _standing(stage, secretary, confirm).text
    await stage.taps(presidency, "Acusar recibo")
    assert "Acusaron recibo: 2 de" in _standing(stage, secretary, confirm).text


async def test_what_was_for_the_old_date_is_dropped(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await convene_it(stage, secretary, 5, _at(8, 11))
    first = stage.telegram.last(presidency)
    steps = ("9 de febrero 11:00", "[Sí, es correcta]", "[Conservar: presencial · Sala de sesiones]", NEW, "Motivo")
    await talk(stage, secretary, "/sesion 5", "[Mover]", *steps, "[Sí, mover]")
    assert shown(await stage.taps(presidency, "Acusar recibo", first)) == snapshot
    await stage.taps(presidency, "Acusar recibo")
    await stage.advance(_at(10, 0))
    reminders = [text for text in sent_to(stage, presidency) if "Recordatorio" in text]
    assert len(reminders) == 2
    assert all("Miércoles 9 de febrero de 2022, 11:00 h" in text for text in reminders)


async def test_a_session_that_stays_as_it_is_tells_nobody(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser
) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    before = sent_to(stage, presidency)
    keep = ("[Conservar: jueves 24 de febrero de 2022, 11:00 h]", "[Conservar: presencial · Sala de sesiones]")
    same = await talk(stage, secretary, "/sesion 5", "[Mover]", *keep)
    assert same.text.startswith("La sesión quedaría igual, así que no se avisó a nadie.")
    assert "No entendí" in (await talk(stage, secretary, "Motivo")).text
    only_the_place = await talk(
        stage, secretary, "/sesion 5", "[Mover]", keep[0], "[Presencial]", "Otra sala", NEW, "Motivo"
    )
    assert "Lugar\nAntes: Sala de sesiones\nAhora: Otra sala\n" in only_the_place.text
    assert "🗓 Jueves 24 de febrero de 2022, 11:00 h\nModalidad: presencial\n" in only_the_place.text
    assert sent_to(stage, presidency) == before


async def test_a_move_can_be_corrected_before_it_is_told(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser
) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    steps = ("22 de febrero 10:00", "[Sí, es correcta]", "[Conservar: presencial · Sala de sesiones]", NEW, "Motivo")
    await talk(stage, secretary, "/sesion 5", "[Mover]", *steps, "[Corregir fecha o lugar]")
    again = ("23 de febrero 10:00", "[Sí, es correcta]", "[Conservar: presencial · Sala de sesiones]")
    confirm = await talk(stage, secretary, *again)
    assert "Ahora: miércoles 23 de febrero de 2022, 10:00 h" in confirm.text
    assert "Motivo: Motivo" in confirm.text
    await stage.taps(secretary, "Sí, mover", confirm)
    assert (await session(stage, secretary, 5)).starts_at == _at(23, 10)


async def test_a_move_says_what_there_is_no_time_for(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    steps = ("hoy 16:30", "[Sí, es correcta]", "[Conservar: presencial · Sala de sesiones]", NEW, "Motivo")
    assert shown(await talk(stage, secretary, "/sesion 5", "[Mover]", *steps)) == snapshot


@pytest.mark.parametrize(("offer", "yes"), [("Diferir", "Sí, diferir"), ("Cancelar", "Sí, cancelar la sesión")])
async def test_a_convened_session_is_called_off_and_everyone_is_told(
    stage: Stage,
    secretary: SimulatedUser,
    presidency: SimulatedUser,
    group: SimulatedGroup,
    snapshot: SnapshotAssertion,
    offer: str,
    yes: str,
) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    told = {chat.id: len(sent_to(stage, chat)) for chat in (presidency, group)}
    assert shown(await talk(stage, secretary, "/sesion 5", f"[{offer}]")) == snapshot(name="reason")
    confirm = await talk(stage, secretary, f"Falta de quórum {HOSTILE}")
    assert shown(confirm) == snapshot(name="confirm")
    await stage.taps(secretary, yes, confirm)
    assert shown(_standing(stage, secretary, confirm)) == snapshot(name="done")
    assert shown(stage.telegram.last(presidency)) == snapshot(name="told")
    assert shown(stage.telegram.last(group)) == snapshot(name="told-group")
    await stage.advance(_at(25, 0))
    for chat in (presidency, group):
        about_it = [text for text in sent_to(stage, chat)[told[chat.id] :] if "Recordatorio" in text or "acuse" in text]
        assert about_it == []
    assert shown(await talk(stage, secretary, "/sesion 5")) == snapshot(name="card")


async def test_a_deferred_session_gets_its_new_date(stage: Stage, secretary: SimulatedUser) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    done = await talk(stage, secretary, "/sesion 5", "[Diferir]", "Motivo")
    await stage.taps(secretary, "Sí, diferir", done)
    await talk(stage, secretary, "[Fijar nueva fecha]", "28 de febrero 10:00", "[Sí, es correcta]")
    dated = await talk(stage, secretary, "[Como la última: presencial · Sala de sesiones]")
    assert "Hay que convocarla a más tardar el viernes 25 de febrero de 2022, 10:00 h" in dated.text
    await talk(stage, secretary, "[Convocar]")
    assert (await session(stage, secretary, 5)).starts_at == _at(28, 10)


async def test_when_nobody_was_convened_nobody_is_told(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await date_it(stage, secretary, 5, _at(24, 11))
    before = sent_to(stage, presidency)
    assert shown(await talk(stage, secretary, "/sesion 5", "[Diferir]", "Motivo")) == snapshot(name="defer")
    assert shown(await talk(stage, secretary, "[Sí, diferir]")) == snapshot(name="deferred")
    assert shown(await talk(stage, secretary, "/sesion 5", "[Cancelar]", "Motivo")) == snapshot(name="cancel")
    assert shown(await talk(stage, secretary, "[Sí, cancelar la sesión]")) == snapshot(name="cancelled")
    await stage.settle()
    assert sent_to(stage, presidency) == before
    assert (await session(stage, secretary, 5)).state is MeetingState.CANCELLED


async def test_a_convocation_that_waits_for_the_morning_is_taken_back(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser
) -> None:
    await stage.advance(_at(5, 22))
    await convene_it(stage, secretary, 5, _at(24, 11), sends_at=_at(6, 8))
    before = sent_to(stage, presidency)
    confirm = await talk(stage, secretary, "/sesion 5", "[Cancelar]", "Motivo")
    assert "La convocatoria aún no sale: se retira y no se avisa a nadie." in confirm.text
    done = await talk(stage, secretary, "[Sí, cancelar la sesión]")
    assert "La convocatoria aún no sale: se retira y no se avisa a nadie." in done.text
    await stage.advance(_at(6, 9))
    assert sent_to(stage, presidency) == before


async def test_a_convocation_that_waits_for_the_morning_goes_out_as_moved(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await stage.advance(_at(5, 22))
    await convene_it(stage, secretary, 5, _at(24, 11), sends_at=_at(6, 8))
    before = sent_to(stage, presidency)
    steps = ("22 de febrero 10:00", "[Sí, es correcta]", "[Conservar: presencial · Sala de sesiones]", "Motivo")
    confirm = await talk(stage, secretary, "/sesion 5", "[Mover]", *steps)
    assert shown(confirm) == snapshot(name="confirm")
    await talk(stage, secretary, "[Sí, mover]")
    assert sent_to(stage, presidency) == before
    await stage.advance(_at(6, 8, 1))
    assert len(sent_to(stage, presidency)) == len(before) + 1
    assert shown(stage.telegram.last(presidency)) == snapshot(name="told")


async def test_a_convocation_that_cannot_wait_for_the_morning_goes_out_at_once(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser
) -> None:
    await stage.advance(_at(5, 22))
    await convene_it(stage, secretary, 5, _at(24, 11), sends_at=_at(6, 8))
    before = sent_to(stage, presidency)
    steps = ("mañana 7:30 am", "[Sí, es correcta]", "[Conservar: presencial · Sala de sesiones]", "Motivo")
    confirm = await talk(stage, secretary, "/sesion 5", "[Mover]", *steps)
    assert "saldrá en cuanto confirme" in confirm.text
    await talk(stage, secretary, "[Sí, mover]")
    assert len(sent_to(stage, presidency)) == len(before) + 1
    assert "Domingo 6 de febrero de 2022, 07:30 h" in stage.telegram.last(presidency).text


async def test_a_reason_is_needed_and_short(stage: Stage, secretary: SimulatedUser) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    asked = await talk(stage, secretary, "/sesion 5", "[Diferir]")
    assert (await talk(stage, secretary, "\u200b")).text == asked.text
    assert "Son 4000 caracteres y el máximo es de 500." in (await talk(stage, secretary, "x" * 4000)).text
    assert "Son 501 caracteres y el máximo es de 500." in (await talk(stage, secretary, "ñ" * 501)).text
    confirm = await talk(stage, secretary, "ñ" * 500)
    assert "ñ" * 500 in confirm.text
    again = await talk(stage, secretary, "sí, adelante")  # only the button does it
    assert again.text == confirm.text
    assert (await session(stage, secretary, 5)).state is MeetingState.CONVENED
    await stage.taps(secretary, "Sí, diferir", again)
    assert (await session(stage, secretary, 5)).state is MeetingState.DEFERRED


async def test_a_session_is_closed_after_its_hour(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion, database_url: str
) -> None:
    await convene_it(stage, secretary, 5, _at(8, 11))
    await convene_it(stage, secretary, 6, _at(8, 12))
    await stage.advance(_at(8, 12))
    asked = await talk(stage, secretary, "/sesion 5", "[Marcar celebrada]")
    assert shown(asked) == snapshot(name="remark")
    assert "el máximo es de 500." in (await talk(stage, secretary, "x" * 501)).text
    assert shown(await talk(stage, secretary, f"Con receso {HOSTILE}")) == snapshot(name="closed")
    assert "Con receso <3" in stored(database_url)
    question = await talk(stage, secretary, "/sesion 6", "[Marcar celebrada]")
    for _ in range(2):
        stage.telegram.taps(secretary, question, "Sin observaciones")
    await stage.settle()
    assert flashes(stage)[-2:] == ["", STALE]
    assert shown(_standing(stage, secretary, question)) == snapshot(name="closed-without-remark")
    assert stored(database_url).count("'meeting.held'") == 2


async def test_a_session_that_was_moved_meanwhile_cannot_be_closed_yet(stage: Stage, secretary: SimulatedUser) -> None:
    await date_it(stage, secretary, 5, _at(8, 11))
    await stage.advance(_at(8, 11))
    card = await talk(stage, secretary, "/sesion 5")
    await date_it(stage, secretary, 5, _at(24, 11))
    assert await stage.taps(secretary, "Marcar celebrada", card) == card
    assert flashes(stage)[-1].startswith("Esa sesión aún no comienza")
    assert (await session(stage, secretary, 5)).state is MeetingState.SCHEDULED


async def test_of_two_secretaries_the_second_learns_that_it_changed(
    stage: Stage, secretary: SimulatedUser, other: SimulatedUser, presidency: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    confirm = await talk(stage, secretary, "/sesion 5", "[Cancelar]", "Sin materia")
    await talk(stage, other, "/sesion 5", "[Diferir]", "Falta de quórum", "[Sí, diferir]")
    before = sent_to(stage, presidency)
    assert shown(await stage.taps(secretary, "Sí, cancelar la sesión", confirm)) == snapshot
    assert (await session(stage, secretary, 5)).state is MeetingState.DEFERRED
    assert sent_to(stage, presidency) == before


async def test_an_offer_that_is_out_of_date_shows_the_session_as_it_is(
    stage: Stage, secretary: SimulatedUser, other: SimulatedUser
) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    card = await talk(stage, secretary, "/sesion 5")
    await talk(stage, other, "/sesion 5", "[Cancelar]", "Sin materia", "[Sí, cancelar la sesión]")
    answer = await stage.taps(secretary, "Diferir", card)
    assert answer.text.startswith("Eso no es posible con la sesión como está ahora:\n\nSesión 5")
    assert _offers(answer) == []


async def test_two_taps_tell_once(stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    before = len(sent_to(stage, presidency))
    for offer, yes in (("Mover", "Sí, mover"), ("Diferir", "Sí, diferir")):
        steps = ("22 de febrero 10:00", "[Sí, es correcta]", "[Conservar: presencial · Sala de sesiones]", NEW)
        question = await talk(
            stage, secretary, "/sesion 5", f"[{offer}]", *(steps if offer == "Mover" else ()), "Motivo"
        )
        for _ in range(2):
            stage.telegram.taps(secretary, question, yes)
        await stage.settle()
        assert flashes(stage)[-2:] == ["", STALE]
    assert len(sent_to(stage, presidency)) == before + 2


async def test_a_change_survives_a_restart(
    start: datetime, stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser, database_url: str
) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    await talk(stage, secretary, "/sesion 5", "[Cancelar]")
    for step in ("Sin materia", "[Sí, cancelar la sesión]"):
        stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
        async with open_stage(start, database_url, stage.telegram, stage.clock) as restarted:
            await talk(restarted, secretary, step)
    assert (await session(stage, secretary, 5)).state is MeetingState.CANCELLED
    assert "Sesión cancelada" in stage.telegram.last(presidency).text


@pytest.mark.parametrize("offer", ["Mover", "Diferir", "Cancelar"])
async def test_a_change_can_be_left(
    stage: Stage, secretary: SimulatedUser, presidency: SimulatedUser, offer: str
) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    before = sent_to(stage, presidency)
    steps = ("22 de febrero 10:00", "[Sí, es correcta]", "[Conservar: presencial · Sala de sesiones]", NEW)
    confirm = await talk(stage, secretary, "/sesion 5", f"[{offer}]", *(steps if offer == "Mover" else ()), "Motivo")
    assert "De acuerdo" in (await talk(stage, secretary, "/cancelar")).text
    yes = next(label for label in buttons(confirm) if label.startswith("Sí, "))
    assert await stage.taps(secretary, yes, confirm) == confirm
    assert flashes(stage)[-1] == STALE
    assert (await session(stage, secretary, 5)).starts_at == _at(24, 11)
    assert sent_to(stage, presidency) == before


async def test_who_is_out_of_reach_is_named(stage: Stage, secretary: SimulatedUser) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    await stage.services.reachability.lost(secretary.id, "blocked")
    confirm = await talk(stage, secretary, "/sesion 5", "[Cancelar]", "Motivo")
    assert "Se avisará a 1 persona." in confirm.text  # who writes is within reach again
    assert "Este medio no alcanza a 3 personas: Carmelita Sibaja Ochoa, Nayma Enríquez Estrada" in confirm.text


async def test_the_longest_change_fits_a_message(stage: Stage, secretary: SimulatedUser) -> None:
    for number in range(30):
        await stage.services.invitations.create(1, f"Persona {number} {'x' * 100}", Role.PARTY_REPRESENTATIVE, by=None)
    link = "https://example.org/"
    await convene_it(stage, secretary, 5, _at(24, 11), place="L" * 200, link=link.ljust(1000, "l"))
    steps = ("22 de febrero 10:00", "[Sí, es correcta]", "[Mixta]", "M" * 200, link.ljust(1000, "m"), NEW, "ñ" * 500)
    confirm = await talk(stage, secretary, "/sesion 5", "[Mover]", *steps)
    assert "Este medio no alcanza a 33 personas: " in confirm.text
    await stage.taps(secretary, "Sí, mover", confirm)
    assert (await session(stage, secretary, 5)).place == "M" * 200
