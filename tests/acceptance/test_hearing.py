"""Each recipient is told what they have not heard yet of a session, and in words that fit what they heard."""

from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.faults import ConnectionRefused
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import STARTS, ZONE, called_off, convened, dated, meeting_of, message, moved
from tests.support.conversation import buttons, sent_to, shown
from tests.support.reading import Enrol

LATER = datetime(2022, 3, 1, 11, tzinfo=ZONE)
WAS_24 = "Sustituye a la convocatoria para el jueves 24 de febrero de 2022, 11:00 h, que se difirió."


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(enrol: Enrol, secretary: SimulatedUser) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


async def wait(stage: Stage, hours: float = 1) -> None:
    await stage.advance(stage.clock.now() + timedelta(hours=hours))


def heads(stage: Stage, user: SimulatedUser) -> list[str]:
    """Return the first line of each message about sessions, the oldest first."""
    marks = ("📣", "🔁", "⏸", "✖️", "⏰")
    return [text.split("\n", 1)[0] for text in sent_to(stage, user) if text.startswith(marks)]


async def convene_again(stage: Stage, secretary: SimulatedUser, starts_at: datetime = LATER) -> str:
    """Date and convene anew; return what the preview said that each person receives."""
    await dated(stage, secretary, 5, starts_at)
    preview = await stage.says(secretary, "/convocar 5")
    await stage.taps(secretary, "Convocar ahora", preview)
    return preview.text


async def test_a_deferral_that_could_not_go_out_is_told_although_the_session_is_dated_again(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    stage.telegram.fail_next("sendMessage", ConnectionRefused(), times=1, chat=member)
    await called_off(stage, secretary, reason="Falta de quórum", defer=True)
    await dated(stage, secretary, 5, LATER)
    await wait(stage)
    assert heads(stage, member) == ["📣 Convocatoria", "⏸ Sesión diferida"]


async def test_a_deferral_does_not_arrive_after_the_new_convocation(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    stage.telegram.fail_next("sendMessage", ConnectionRefused(), times=1, chat=member)
    await called_off(stage, secretary, reason="Falta de quórum", defer=True)
    await convene_again(stage, secretary)
    await wait(stage)
    assert heads(stage, member) == ["📣 Convocatoria", "🔁 Cambio en la convocatoria"]
    assert "Antes: jueves 24 de febrero de 2022, 11:00 h" in stage.telegram.last(member).text


async def test_what_replaces_a_deferred_session_says_so(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    await called_off(stage, secretary, defer=True)
    preview = await convene_again(stage, secretary)
    assert WAS_24 in preview
    assert WAS_24 in stage.telegram.last(member).text


async def test_who_was_promised_another_date_learns_of_the_cancellation(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol
) -> None:
    await convened(stage, secretary)
    await called_off(stage, secretary, defer=True)
    newcomer = await enrol(Role.PARTY_REPRESENTATIVE, "Rosa Gil Paz")
    await stage.says(secretary, "/sesion 5")
    await stage.taps(secretary, "Cancelar")
    confirm = await stage.says(secretary, "Sin materia")
    assert "Se avisará a 2 personas." in confirm.text
    quoted = confirm.html.partition("<blockquote>")[2].partition("</blockquote>")[0]
    await stage.taps(secretary, "Sí, cancelar la sesión", confirm)
    told = stage.telegram.last(member)
    assert told.html == quoted
    assert "Se había diferido; estaba convocada para el jueves 24 de febrero de 2022, 11:00 h." in told.text
    assert heads(stage, newcomer) == []


async def test_who_had_blocked_the_bot_learns_of_the_cancellation_on_coming_back(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    for _ in range(2):
        stage.telegram.blocks(member)
        await stage.settle()
        if (await meeting_of(stage, secretary, 5)).starts_at is not None and len(heads(stage, member)) == 1:
            await called_off(stage, secretary, reason="Sin materia")
        stage.telegram.unblocks(member)
        await stage.settle()
        await wait(stage)
    assert heads(stage, member) == ["📣 Convocatoria", "✖️ Sesión cancelada"]


async def test_but_not_once_the_hour_has_come(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    await convened(stage, secretary)
    stage.telegram.blocks(member)
    await stage.settle()
    await called_off(stage, secretary, reason="Sin materia")
    await stage.advance(STARTS)
    stage.telegram.unblocks(member)
    await stage.settle()
    assert heads(stage, member) == ["📣 Convocatoria"]


async def test_who_missed_a_deferral_is_told_what_it_was_before(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    stage.telegram.blocks(member)
    await stage.settle()
    await called_off(stage, secretary, defer=True)
    await convene_again(stage, secretary)
    stage.telegram.unblocks(member)
    await stage.settle()
    await wait(stage)
    assert heads(stage, member) == ["📣 Convocatoria", "🔁 Cambio en la convocatoria"]
    assert "Antes: jueves 24 de febrero de 2022, 11:00 h" in stage.telegram.last(member).text
    assert "Ahora: martes 1 de marzo de 2022, 11:00 h" in stage.telegram.last(member).text


async def test_who_never_got_the_convocation_gets_the_whole_of_the_next(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    stage.telegram.fail_next("sendMessage", ConnectionRefused(), times=1, chat=member)
    await convened(stage, secretary)
    await moved(stage, secretary, to=STARTS + timedelta(days=1), reason="Agenda")
    await wait(stage)
    assert heads(stage, member) == ["📣 Convocatoria"]
    told = stage.telegram.last(member).text
    assert "Viernes 25 de febrero de 2022, 11:00 h" in told
    assert "Orden del día" in told
    assert heads(stage, secretary)[-1] == "🔁 Cambio en la convocatoria"


async def test_a_change_is_told_from_what_was_heard_last(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    stage.telegram.fail_next("sendMessage", ConnectionRefused(), times=1, chat=member)
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    await moved(stage, secretary, to=STARTS + timedelta(days=2))
    await wait(stage)
    assert heads(stage, member) == ["📣 Convocatoria", "🔁 Cambio en la convocatoria"]
    assert "Antes: jueves 24 de febrero de 2022, 11:00 h" in stage.telegram.last(member).text


async def test_who_missed_a_move_that_was_taken_back_is_told_that_nothing_changed(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await convened(stage, secretary)
    stage.telegram.fail_next("sendMessage", ConnectionRefused(), times=1, chat=member)
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    await moved(stage, secretary, to=STARTS, reason="Se mantiene la fecha")
    await wait(stage)
    assert shown(stage.telegram.last(member)) == snapshot
    assert any("Antes: viernes 25 de febrero" in text for text in sent_to(stage, secretary))


async def test_nobody_hears_that_it_is_off_who_never_heard_of_it(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    stage.telegram.fail_next("sendMessage", ConnectionRefused(), times=1, chat=member)
    await convened(stage, secretary)
    await called_off(stage, secretary, reason="Sin materia")
    await wait(stage)
    assert heads(stage, member) == []
    assert heads(stage, secretary) == ["📣 Convocatoria", "✖️ Sesión cancelada"]


async def test_whoever_enrols_again_gets_the_convocation_again(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol
) -> None:
    await convened(stage, secretary)
    await wait(stage)
    asked = await stage.says(member, "/misdatos")
    await stage.taps(member, "Borrar mis datos de contacto", asked)
    await stage.taps(member, "Sí, borrar")
    again = await enrol(Role.MEMBER, "Nayma Enríquez Estrada", user=stage.telegram.user("Otra cuenta"))
    await wait(stage)
    assert heads(stage, again) == ["📣 Convocatoria"]
    await wait(stage)
    assert heads(stage, again) == ["📣 Convocatoria"]


async def test_a_postponed_reminder_outlives_a_change_of_place(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    await stage.advance(STARTS - timedelta(hours=23, minutes=55))
    reminder = stage.telegram.last(member)
    await stage.taps(member, "Mañana 9:00", reminder)
    await moved(stage, secretary, to=STARTS, place="Otra sala", reason="Sala ocupada")
    await stage.advance(STARTS - timedelta(hours=1, minutes=50))
    again = stage.telegram.last(member)
    assert again.text.startswith("⏰ Recordatorio")
    assert "Lugar: Otra sala" in again.text
    assert "Acusar recibo" in buttons(again)


async def test_a_reminder_postponed_twice_to_one_hour_comes_then(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    await stage.advance(STARTS - timedelta(hours=23, minutes=55))
    reminder = stage.telegram.last(member)
    await stage.taps(member, "Mañana 9:00", reminder)
    await moved(stage, secretary, to=STARTS, place="Otra sala")
    await stage.taps(member, "Mañana 9:00", reminder)
    await stage.advance(STARTS - timedelta(hours=1, minutes=50))
    assert stage.telegram.last(member).text.startswith("⏰ Recordatorio")


@pytest.mark.parametrize("end", ["cancel", "defer", "move"])
async def test_the_board_shows_that_its_convocation_is_no_longer_in_force(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, end: str
) -> None:
    board = await convened(stage, secretary)
    await stage.says(secretary, "/ayuda")
    if end == "move":
        await moved(stage, secretary, to=LATER)
    else:
        await called_off(stage, secretary, defer=end == "defer")
    await wait(stage, 0.1)
    assert "Esta convocatoria ya no está vigente." in message(stage, secretary, board.id).text
    assert "Jueves 24 de febrero de 2022, 11:00 h" in message(stage, secretary, board.id).text


async def test_a_board_opened_from_a_chase_is_kept(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    await wait(stage, 25)
    chase = next(m for m in reversed(stage.telegram.messages(secretary)) if "Faltan acuses" in m.text)
    board = await stage.taps(secretary, "Ver acuses", chase)
    convocation = next(m for m in stage.telegram.messages(member) if m.text.startswith("📣"))
    await stage.taps(member, "Acusar recibo", convocation)
    assert "Nayma Enríquez Estrada (Consejería integrante): acusó recibo" in message(stage, secretary, board.id).text


async def test_what_was_previewed_by_day_offers_the_morning_at_night(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar 5")
    await stage.advance(datetime(2022, 2, 5, 22, tzinfo=ZONE))
    again = await stage.taps(secretary, "Convocar ahora", preview)
    assert "A las 08:00" in buttons(again)
    assert heads(stage, member) == []
    await stage.taps(secretary, "Convocar ahora", again)
    assert heads(stage, member) == ["📣 Convocatoria"]


async def test_a_secretary_without_the_summary_still_hears_what_lacks_a_date(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    presidency = await enrol(Role.PRESIDENCY, "Carmelita Sibaja Ochoa")
    for user in (secretary, presidency):
        await stage.says(user, "/ajustes")
        await stage.taps(user, "✔️ Resumen mensual")
    await stage.advance(datetime(2022, 3, 1, 9, tzinfo=ZONE))
    told = stage.telegram.last(secretary)
    assert told.text.startswith("🗓 Falta fijar fecha\n• ")
    assert "(febrero de 2022): fecha por definir" in told.text
    assert "Por hacer" not in told.text
    assert any(label.startswith("Fijar fecha: ") for label in buttons(told))
    assert not any("Falta fijar fecha" in text for text in sent_to(stage, presidency)[-1:])
