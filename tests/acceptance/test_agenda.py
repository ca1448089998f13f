"""/orden: the agenda of a session is drawn up point by point, and everyone reads it."""

from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import STARTS, convened, dated
from tests.support.conversation import buttons, flashes, shown, stored
from tests.support.reading import SCREEN, Enrol, all_pages
from tests.support.scheduling import session, talk

HOSTILE = '<3 & "ñ" </b> {x}'
CHANGED = "El orden del día cambió mientras tanto y no se hizo nada. Véalo de nuevo con /orden."
CLOSED = "Esa sesión ya comenzó o terminó: su orden del día y sus anexos quedan como están."
GONE = "Ese punto ya no está en el orden del día. Véalo de nuevo con /orden."


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.fixture
async def other(enrol: Enrol) -> SimulatedUser:
    """Another secretary of the same commission."""
    return await enrol(Role.TECHNICAL_SECRETARY, "Suplente Díaz Cruz")


@pytest.fixture
async def member(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


@pytest.fixture
async def group(stage: Stage, secretary: SimulatedUser) -> SimulatedGroup:
    """The linked group."""
    made = stage.telegram.group("PREP")
    made.add(secretary, creator=True)
    stage.telegram.add_bot(made, secretary)
    await stage.says(secretary, "/vincular", made)
    return made


async def drawn_up(stage: Stage, secretary: SimulatedUser, number: int = 5) -> SimulatedMessage:
    """Draw up an agenda as it is offered; return it."""
    return await talk(stage, secretary, f"/orden {number}", "[Elaborar con los puntos usuales]")


async def points(stage: Stage, user: SimulatedUser, number: int = 5) -> list[str]:
    """Return the points as that person reads them, without their numbers."""
    pages = await all_pages(stage, user, await stage.says(user, f"/orden {number}"))
    lines = [line for page in pages for line in page.text.splitlines()]
    return [line.partition(". ")[2] for line in lines if line.partition(". ")[0].isdigit()]


async def held(stage: Stage, secretary: SimulatedUser, number: int = 5) -> SimulatedMessage:
    """Let a session begin, and note that it was held."""
    meeting = await session(stage, secretary, number)
    assert meeting.starts_at is not None
    await stage.advance(meeting.starts_at + timedelta(hours=1))
    return await talk(stage, secretary, f"/sesion {number}", "[Marcar celebrada]", "[Sin observaciones]")


async def test_an_agenda_is_drawn_up(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(member, "/orden 5")) == snapshot(name="topics")
    assert shown(await stage.says(secretary, "/orden 5")) == snapshot(name="topics to the secretary")
    assert shown(await stage.taps(secretary, "Elaborar con los puntos usuales")) == snapshot(name="drawn up")
    assert shown(await stage.says(member, "/orden 5")) == snapshot(name="read")
    assert shown(await stage.taps(secretary, "➕ Puntos")) == snapshot(name="nothing usual is missing")
    assert shown(await stage.says(secretary, f"Informe sobre {HOSTILE}")) == snapshot(name="added")
    assert shown(await stage.taps(secretary, "7")) == snapshot(name="point")
    assert shown(await stage.taps(secretary, "✏️ Editar")) == snapshot(name="asked")
    assert shown(await stage.says(secretary, "Informe de la persona titular")) == snapshot(name="edited")


async def test_without_a_number_it_is_the_next_session(stage: Stage, secretary: SimulatedUser) -> None:
    await dated(stage, secretary, 6)
    assert "Sesión 6: Cuarta sesión ordinaria" in (await stage.says(secretary, "/orden")).text
    assert (await stage.says(secretary, "/orden 99")).text.startswith("No hay una sesión 99")


async def test_in_the_group_it_is_read_only(
    stage: Stage, secretary: SimulatedUser, group: SimulatedGroup, snapshot: SnapshotAssertion
) -> None:
    await drawn_up(stage, secretary)
    assert shown(await stage.says(secretary, "/orden 5", group)) == snapshot


async def test_a_guest_reads_the_agenda_of_their_own_session_only(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    guest = await enrol(Role.GUEST, "Rosa Invitada", (6,))
    await drawn_up(stage, secretary)
    await drawn_up(stage, secretary, 6)
    assert (await stage.says(guest, "/orden 5")).text.startswith("No hay una sesión 5")
    assert "Clausura de la sesión." in (await stage.says(guest, "/orden 6")).text


async def test_points_move_one_place_at_a_time(stage: Stage, secretary: SimulatedUser) -> None:
    before = await points(stage, await _with_agenda(stage, secretary))
    question = await talk(stage, secretary, "/orden 5", "[2]")
    for _ in range(2):  # the second tap finds that it has moved
        stage.telegram.taps(secretary, question, "▼ Bajar")
    await stage.settle()
    assert flashes(stage)[-2:] == ["", CHANGED]
    assert await points(stage, secretary) == [before[0], before[2], before[1], *before[3:]]
    first = await talk(stage, secretary, "/orden 5", "[1]")
    assert "▲ Subir" not in buttons(first)
    await stage.taps(secretary, "▼ Bajar", first)
    last = await talk(stage, secretary, "/orden 5", f"[{len(before)}]")
    assert "▼ Bajar" not in buttons(last)
    await stage.taps(secretary, "▲ Subir", last)
    assert (await points(stage, secretary))[-2:] == [before[-1], before[-2]]


async def _with_agenda(stage: Stage, secretary: SimulatedUser) -> SimulatedUser:
    await drawn_up(stage, secretary)
    return secretary


async def test_a_point_that_is_removed_stays_on_record_and_can_come_back(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion, database_url: str
) -> None:
    await drawn_up(stage, secretary)
    before = await points(stage, secretary)
    question = await talk(stage, secretary, "/orden 5", "[3]")
    removed = await stage.taps(secretary, "Quitar", question)
    assert shown(removed) == snapshot
    assert await points(stage, secretary) == [*before[:2], *before[3:]]
    assert before[2] in stored(database_url)
    await stage.taps(secretary, "Deshacer: volver a ponerlo", removed)
    assert await points(stage, secretary) == before


async def test_what_is_removed_is_offered_again_where_it_belongs(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await drawn_up(stage, secretary)
    before = await points(stage, secretary)
    for number in ("3", "6"):  # the minutes, then general matters
        await talk(stage, secretary, "/orden 5", f"[{number}]", "[Quitar]")
    offered = await talk(stage, secretary, "/orden 5", "[➕ Puntos]")
    assert shown(offered) == snapshot
    for point in ("Asuntos generales.", before[2]):
        await stage.taps(secretary, point)
    assert await points(stage, secretary) == before


async def test_a_usual_point_is_added_once(stage: Stage, secretary: SimulatedUser) -> None:
    await drawn_up(stage, secretary)
    await talk(stage, secretary, "/orden 5", "[3]", "[Quitar]")
    offered = await talk(stage, secretary, "/orden 5", "[➕ Puntos]")
    point = "Lectura y, en su caso, aprobación de la minuta de la sesión anterior."
    for _ in range(2):
        stage.telegram.taps(secretary, offered, point)
    await stage.settle()
    assert flashes(stage)[-2:] == ["", CHANGED]
    assert (await points(stage, secretary)).count(point) == 1


async def test_several_points_are_written_at_once(stage: Stage, secretary: SimulatedUser) -> None:
    await talk(stage, secretary, "/orden 5", "[➕ Puntos]", f"1. Uno\n2) {HOSTILE}\n\n- Tres")
    assert (await points(stage, secretary))[-3:] == ["Uno", HOSTILE, "Tres"]
    assert "No entendí" in (await stage.says(secretary, "Otro más")).text  # nothing is awaited any more


async def test_whoever_goes_back_is_asked_no_more(stage: Stage, secretary: SimulatedUser) -> None:
    await talk(stage, secretary, "/orden 5", "[➕ Puntos]", "[Orden del día]")
    before = await points(stage, secretary)
    assert "No entendí" in (await stage.says(secretary, "Hola a todas las personas")).text
    assert await points(stage, secretary) == before


async def test_what_is_too_long_is_refused_whole(stage: Stage, secretary: SimulatedUser) -> None:
    await drawn_up(stage, secretary)
    before = await points(stage, secretary)
    await talk(stage, secretary, "/orden 5", "[➕ Puntos]")
    answer = await stage.says(secretary, "x" * 4000)
    assert answer.text.startswith("Ese punto tiene 4000 caracteres y el máximo es de 600.")
    answer = await stage.says(secretary, "Corto\n" + "ñ" * 601)
    assert answer.text.startswith("El renglón 2 tiene 601 caracteres y el máximo es de 600. No se agregó ninguno")
    await stage.says(secretary, "ñ" * 600)
    assert await points(stage, secretary) == [*before[:6], "ñ" * 600, *before[6:]]
    await talk(stage, secretary, "/orden 5", "[7]", "[✏️ Editar]")
    assert "el máximo es de 600" in (await stage.says(secretary, "x" * 601)).text
    assert (await stage.says(secretary, "Breve")).text.splitlines()[2] == "Breve"


async def test_sixty_points_have_pages_and_none_is_lost(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await talk(stage, secretary, "/orden 5", "[➕ Puntos]", "\n".join(f"Punto <{n}> & más" for n in range(58)))
    for reader in (member, secretary):
        pages = await all_pages(stage, reader, await stage.says(reader, "/orden 5"))
        assert len(pages) > 1
        assert all(len(page.text) < SCREEN for page in pages)
        told = "\n".join(page.text for page in pages)
        assert [f"{n + 3}. Punto <{n}> & más" in told for n in range(58)] == [True] * 58
    await talk(stage, secretary, "/orden 5", "[➕ Puntos]")
    answer = await stage.says(secretary, "\n".join(f"Otro {n}" for n in range(41)))
    assert answer.text.startswith("El orden del día puede tener hasta 100 puntos")
    await stage.says(secretary, "\n".join(f"Otro {n}" for n in range(40)))
    assert len(await points(stage, secretary)) == 100


async def test_a_convocation_with_sixty_points_fits_a_message(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await talk(stage, secretary, "/orden 5", "[➕ Puntos]", "\n".join(f"Punto {n} " + "x" * 40 for n in range(58)))
    await convened(stage, secretary)
    assert "puntos más" in stage.telegram.last(member).text
    agenda = await stage.taps(member, "Orden del día")
    pages = await all_pages(stage, member, agenda)
    assert "60. Punto 57 " in pages[-1].text


async def test_of_two_secretaries_neither_undoes_the_other(
    stage: Stage, secretary: SimulatedUser, other: SimulatedUser
) -> None:
    offered = [await stage.says(user, "/orden 5") for user in (secretary, other)]
    for user, message in zip((secretary, other), offered, strict=True):
        stage.telegram.taps(user, message, "Elaborar con los puntos usuales")
    await stage.settle()
    assert sorted(flashes(stage)[-2:]) == ["", CHANGED]
    assert len(await points(stage, secretary)) == 8
    await talk(stage, secretary, "/orden 5", "[3]", "[✏️ Editar]")
    await talk(stage, other, "/orden 5", "[3]", "[✏️ Editar]", "Minuta anterior")
    assert (await stage.says(secretary, "Otra redacción")).text == CHANGED
    card = await talk(stage, secretary, "/orden 5", "[3]")
    await talk(stage, other, "/orden 5", "[3]", "[Quitar]")
    assert await stage.taps(secretary, "✏️ Editar", card) == card
    assert flashes(stage)[-1] == GONE
    assert "Minuta anterior" not in await points(stage, secretary)


async def test_what_a_session_left_unfinished_is_offered_to_the_next(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await drawn_up(stage, secretary)
    await convened(stage, secretary)
    await held(stage, secretary)
    asked = await stage.taps(secretary, "¿Quedaron puntos sin concluir?")
    assert shown(asked) == snapshot(name="asked")
    for number in ("4", "5", "4"):  # the fourth was finished after all
        await stage.taps(secretary, number)
    assert shown(stage.telegram.last(secretary)) == snapshot(name="marked")
    left = (await points(stage, secretary))[4]
    offered = await talk(stage, secretary, "/orden 6", "[➕ Puntos]")
    assert shown(offered) == snapshot(name="offered")
    await stage.taps(secretary, next(label for label in buttons(offered) if label.startswith("↩️")), offered)
    assert left in await points(stage, secretary, 6)
    again = await talk(stage, secretary, "/orden 7", "[➕ Puntos]")
    assert not any(label.startswith("↩️") for label in buttons(again))
    assert "Puntos sin concluir" not in buttons(await stage.says(member, "/orden 5"))


async def test_once_it_has_begun_an_agenda_stays_as_it_is(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await drawn_up(stage, secretary)
    card = await talk(stage, secretary, "/orden 5", "[3]")
    await convened(stage, secretary)
    await stage.advance(STARTS)
    for label in ("Quitar", "▲ Subir", "✏️ Editar", "📎 Agregar anexo"):
        await stage.taps(secretary, label, card)
        assert flashes(stage)[-1] == CLOSED
    for reader in (secretary, member):
        assert "➕ Puntos" not in buttons(await stage.says(reader, "/orden 5"))


async def test_the_plans_next_version_does_not_undo_what_was_drawn_up(stage: Stage, secretary: SimulatedUser) -> None:
    await drawn_up(stage, secretary)
    before = await points(stage, secretary)
    await stage.services.plans.apply(load(packaged("ieepco-prep-2021-2022")))
    assert await points(stage, secretary) == before


async def test_every_act_is_in_the_log(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    await drawn_up(stage, secretary)
    await talk(stage, secretary, "/orden 5", "[➕ Puntos]", "Uno más")
    await talk(stage, secretary, "/orden 5", "[7]", "[✏️ Editar]", "Uno menos")
    await stage.taps(secretary, "▲ Subir")
    await stage.taps(secretary, "Quitar")
    await stage.taps(secretary, "Deshacer: volver a ponerlo")
    log = stored(database_url)
    for act in ("drawn_up", "point_added", "point_edited", "point_moved", "point_removed", "point_restored"):
        assert log.count(f"'agenda.{act}'") == 1
