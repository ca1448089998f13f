"""/invitar: the secretary invites from chat, sees what is open and revokes it."""

import io
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
import segno
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import load, packaged
from prep_bot.services.invitations import MeetingNeededError
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import buttons, code_in, sent_to, shown, stored
from tests.support.reading import all_pages

Enrol = Callable[..., Awaitable[SimulatedUser]]

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


async def _invite(stage: Stage, secretary: SimulatedUser, role: str, name: str) -> SimulatedMessage:
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, role)
    return await stage.says(secretary, name)


async def test_from_the_role_to_the_link(stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(secretary, "/invitar")) == snapshot(name="role")
    assert shown(await stage.taps(secretary, "Representación de partido")) == snapshot(name="name")
    assert shown(await stage.says(secretary, "Lic. Óscar Ruiz Ñ")) == snapshot(name="link")
    user = stage.telegram.user("Óscar")
    await stage.says(user, f"/start {code_in(stage.telegram.last(secretary))}")
    assert "Óscar Ruiz Ñ" in (await stage.taps(user, "Acepto")).text


async def test_the_picture_is_the_link_as_a_qr_code(stage: Stage, secretary: SimulatedUser) -> None:
    card = await _invite(stage, secretary, "Consejería integrante", "Nayma Enríquez Estrada")
    assert card.file is not None
    assert card.file.data.startswith(PNG)
    link = f"https://t.me/prep_prueba_bot?start={code_in(card)}"
    assert link in card.text
    # The same words give the same picture: there is no reader of such codes here.
    expected = io.BytesIO()
    segno.make(link, error="m").save(expected, kind="png", scale=8, border=3)
    assert card.file.data == expected.getvalue()


async def test_the_name_is_asked_once(stage: Stage, secretary: SimulatedUser) -> None:
    await _invite(stage, secretary, "Consejería integrante", "Nayma Enríquez Estrada")
    assert "No entendí" in (await stage.says(secretary, "Alejandro Carrasco Sampedro")).text


async def test_a_name_of_the_plan_in_another_role_is_explained(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    answer = await _invite(stage, secretary, "Presidencia", "mtra nayma enriquez estrada")
    assert shown(answer) == snapshot
    card = await stage.says(secretary, "Otra Persona Distinta")  # the question still stands
    assert "Invitación para Otra Persona Distinta (Presidencia)" in card.text


async def test_who_is_enrolled_is_invited_again_with_a_warning(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    assert shown(await _invite(stage, secretary, "Consejería integrante", "Nayma Enríquez Estrada")) == snapshot


@pytest.mark.parametrize("name", ["🎉🎊", "\u202e\u200f\u200b", "...", "<>&", "Ñ" * 121, "x" * 10_000, "1" * 4096])
async def test_what_is_no_name_is_asked_again(
    stage: Stage, secretary: SimulatedUser, name: str, database_url: str
) -> None:
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, "Consejería integrante")
    before = stored(database_url)
    answer = await stage.says(secretary, name)
    assert answer.text == "Escriba un nombre con letras, de 120 caracteres como máximo, o /cancelar."
    assert stored(database_url) == before
    assert "Invitación para" in (await stage.says(secretary, "Ana Ruiz")).text


async def test_a_picture_is_no_name(stage: Stage, secretary: SimulatedUser) -> None:
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, "Consejería integrante")
    stage.telegram.sends_photo(secretary, b"\xff\xd8\xff")
    await stage.settle()
    assert "Tuvimos un problema" not in stage.telegram.last(secretary).text
    assert "Invitación para Ana Ruiz" in (await stage.says(secretary, "Ana Ruiz")).text


async def test_markup_in_a_name_stays_words(stage: Stage, secretary: SimulatedUser) -> None:
    card = await _invite(stage, secretary, "Instancia interna", 'Ana <3 & "Ruiz" </b><a href="x">')
    assert 'Invitación para Ana <3 & "Ruiz" </b><a href="x"> (Instancia interna)' in card.text
    assert 'Ana <3 & "Ruiz" </b><a href="x">' in (await stage.taps(secretary, "Enlaces vigentes")).text
    assert 'Ana <3 & "Ruiz" </b><a href="x">' in (await stage.says(secretary, "/integrantes")).text


async def test_cancelling_leaves_nobody_invited(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    before = stored(database_url)
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, "Consejería integrante")
    assert "lo dejamos aquí" in (await stage.says(secretary, "/cancelar")).text
    assert "No entendí" in (await stage.says(secretary, "Nayma Enríquez Estrada")).text
    assert stored(database_url) == before


async def test_a_question_of_long_ago_is_dropped(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, "Consejería integrante")
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=31))
    assert "Invitación para" not in (await stage.says(secretary, "Ana Ruiz")).text
    assert "Ana Ruiz" not in stored(database_url)


async def test_the_right_to_invite_may_be_lost_between_question_and_answer(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, database_url: str
) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Otra Secretaria Soto")
    await stage.says(other, "/invitar")
    await stage.taps(other, "Consejería integrante")
    await stage.says(secretary, "/integrantes")
    members = await stage.services.members.of(1)
    number = next(n for n, m in enumerate(members, start=1) if m.name == "Otra Secretaria Soto")
    await stage.taps(secretary, str(number))
    await stage.taps(secretary, "Dar de baja")
    await stage.taps(secretary, "Hoy")
    answer = await stage.says(other, "Intrusa Infiltrada")
    assert "no corresponde" in answer.text
    assert "Intrusa" not in stored(database_url)


# Open invitations


async def test_what_is_open_is_listed_and_revoked(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    first = await _invite(stage, secretary, "Consejería integrante", "Nayma Enríquez Estrada")
    await _invite(stage, secretary, "Consejería integrante", "Alejandro Carrasco Sampedro")
    listed = await stage.taps(secretary, "Enlaces vigentes")
    assert shown(listed) == snapshot(name="two")
    listed = await stage.taps(secretary, "Revocar 2. Nayma Enríquez Estrada", listed)
    assert shown(listed) == snapshot(name="one")
    listed = await stage.taps(secretary, "Revocar 1. Alejandro Carrasco Sampedro", listed)
    assert shown(listed) == snapshot(name="none")
    user = stage.telegram.user("Nay")
    assert "no es válida" in (await stage.says(user, f"/start {code_in(first)}")).text


async def test_used_expired_and_replaced_invitations_are_not_listed(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    await _invite(stage, secretary, "Consejería integrante", "Alejandro Carrasco Sampedro")
    await _invite(stage, secretary, "Consejería integrante", "Alejandro Carrasco Sampedro")
    listed = await stage.taps(secretary, "Enlaces vigentes")
    assert buttons(listed) == ["Revocar 1. Alejandro Carrasco Sampedro", "◂ Integrantes"]
    stage.clock.advance_to(stage.clock.now() + timedelta(days=7))
    await stage.says(secretary, "/integrantes")
    assert "No hay invitaciones por aceptar" in (await stage.taps(secretary, "Enlaces vigentes")).text


async def test_revoking_what_was_just_accepted_comes_too_late(
    stage: Stage, secretary: SimulatedUser, database_url: str
) -> None:
    card = await _invite(stage, secretary, "Consejería integrante", "Nayma Enríquez Estrada")
    listed = await stage.taps(secretary, "Enlaces vigentes", card)
    user = stage.telegram.user("Nay")
    await stage.says(user, f"/start {code_in(card)}")
    await stage.taps(user, "Acepto")
    before = stored(database_url)
    tap = stage.telegram.taps(secretary, listed, "Revocar 1. Nayma Enríquez Estrada")
    await stage.settle()
    assert tap.answer is not None
    assert "ya no estaba vigente" in tap.answer.text
    assert stored(database_url) == before


async def test_more_invitations_than_fit_are_still_a_message(stage: Stage, secretary: SimulatedUser) -> None:
    for n in range(15):
        await stage.services.invitations.create(1, f"Persona {'Larguísima ' * 9}{n}", Role.MEMBER, by=None)
    await stage.says(secretary, "/integrantes")
    listed = await stage.taps(secretary, "Enlaces vigentes")
    assert len(listed.text) <= 4096
    assert "Invitaciones por aceptar" in listed.text


# Guests


@pytest.fixture
def plan() -> PlanDocument:
    return load(packaged("ieepco-prep-2021-2022"))


async def test_a_guest_is_invited_to_one_session(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await stage.says(secretary, "/invitar")
    chosen = await stage.taps(secretary, "Persona invitada")
    assert shown(chosen) == snapshot(name="session")
    await stage.taps(secretary, "5. Tercera sesión ordinaria")
    card = await stage.says(secretary, "Dra. Visitante Díaz")
    assert shown(card) == snapshot(name="link")
    guest = stage.telegram.user("Visi")
    await stage.says(guest, f"/start {code_in(card)}")
    assert shown(await stage.taps(guest, "Acepto")) == snapshot(name="welcome")


async def test_a_guest_sees_that_session_and_no_other(stage: Stage, enrol: Enrol, plan: PlanDocument) -> None:
    guest = await enrol(Role.GUEST, "Visitante Díaz", (5,))
    calendar = await stage.says(guest, "/calendario")
    for answer in (calendar, await stage.says(guest, "/sesion 5"), await stage.says(guest, "/proxima")):
        assert [session.name for session in plan.sessions if session.name in answer.text] == [plan.sessions[4].name]
    assert [label for label in buttons(calendar) if label.isdigit()] == ["5"]
    for number in (*range(1, 5), *range(6, 12)):
        answer = await stage.says(guest, f"/sesion {number}")
        assert not any(session.name in answer.text for session in plan.sessions)


async def test_a_guest_asks_nothing_else(stage: Stage, enrol: Enrol) -> None:
    guest = await enrol(Role.GUEST, "Visitante Díaz", (5,))
    for command in ("/pendientes", "/actividades", "/actividad 1", "/avance", "/integrantes", "/registrar", "/invitar"):
        answer = await stage.says(guest, command)
        assert answer.text.startswith(f"{command.split()[0]} no corresponde a su carácter.")


async def test_a_guest_of_two_sessions_sees_both(stage: Stage, enrol: Enrol) -> None:
    guest = await enrol(Role.GUEST, "Visitante Díaz", (5,))
    await stage.services.invitations.create(1, "Visitante Díaz", Role.GUEST, by=None, meeting_numbers=(7,))
    answer = await stage.says(guest, "/calendario")
    assert [label for label in buttons(answer) if label.isdigit()] == ["5", "7"]


async def test_a_guest_without_a_session_is_not_invited(stage: Stage, database_url: str) -> None:
    before = stored(database_url)
    for numbers in ((), (99,), (5, 99)):
        with pytest.raises(MeetingNeededError):
            await stage.services.invitations.create(1, "Visitante Díaz", Role.GUEST, by=None, meeting_numbers=numbers)
    assert stored(database_url) == before


async def test_held_sessions_are_not_offered_to_guests(
    stage: Stage, secretary: SimulatedUser, plan: PlanDocument
) -> None:
    await stage.says(secretary, "/invitar")
    chosen = await stage.taps(secretary, "Persona invitada")
    held = [n for n, session in enumerate(plan.sessions, start=1) if session.held]
    assert held
    assert not any(label.startswith(f"{n}. ") for n in held for label in buttons(chosen))


async def test_a_guest_whose_session_left_the_plan_sees_nothing(stage: Stage, enrol: Enrol, plan: PlanDocument) -> None:
    guest = await enrol(Role.GUEST, "Visitante Díaz", (5,))
    sessions = tuple(session for n, session in enumerate(plan.sessions, start=1) if n != 5)
    await stage.services.plans.apply(plan.model_copy(update={"sessions": sessions}))
    assert "No hay sesiones que mostrarle" in (await stage.says(guest, "/calendario")).text
    assert "No hay ninguna sesión por celebrarse" in (await stage.says(guest, "/proxima")).text
    assert "que mostrarle" in (await stage.says(guest, "/sesion 5")).text


async def test_the_bot_never_writes_the_code_anywhere_else(
    stage: Stage, secretary: SimulatedUser, start: datetime
) -> None:
    card = await _invite(stage, secretary, "Consejería integrante", "Nayma Enríquez Estrada")
    code = code_in(card)
    await stage.taps(secretary, "Enlaces vigentes")
    await stage.says(secretary, "/integrantes")
    assert [code in text for text in sent_to(stage, secretary)].count(True) == 1


async def test_many_open_invitations_are_shown_in_pages_that_fit(stage: Stage, secretary: SimulatedUser) -> None:
    for n in range(14):
        name = f"Persona {'ABCDEFGHIJKLMN'[n]} {'Larga ' * 15}".strip()
        await stage.services.invitations.create(1, name, Role.PARTY_REPRESENTATIVE, by=None)
    await stage.says(secretary, "/integrantes")
    pages = await all_pages(stage, secretary, await stage.taps(secretary, "Enlaces vigentes"))
    assert all(len(page.text) < 900 for page in pages)
    revocable = [label for page in pages for label in buttons(page) if label.startswith("Revocar")]
    assert [label.split()[1] for label in revocable] == [f"{n}." for n in range(1, 15)]
    await stage.taps(secretary, revocable[-1], pages[-1])
    assert len(await stage.services.invitations.open(1)) == 13
