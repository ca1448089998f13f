"""/integrantes: who is who; ending and replacing memberships; a lost phone."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.plans.file import load, packaged
from prep_bot.services.members import Member
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.people import AskEnd, EndToday, InviteAgain, ShowMember
from tests.support.conversation import buttons, code_in, sent_to, shown, stored

Enrol = Callable[..., Awaitable[SimulatedUser]]

NAYMA = "Nayma Enríquez Estrada"
ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Lic. Secretaria Pérez Luna")


async def _member(stage: Stage, name: str = NAYMA) -> Member:
    return next(member for member in await stage.services.members.of(1) if member.name == name)


async def _card(stage: Stage, secretary: SimulatedUser, name: str = NAYMA) -> SimulatedMessage:
    """Let the secretary open somebody's card, as they do: by the number in the list."""
    await stage.says(secretary, "/integrantes")
    members = await stage.services.members.of(1)
    return await stage.taps(secretary, str([member.name for member in members].index(name) + 1))


# Who is who


async def test_the_list_as_a_member_sees_it(stage: Stage, enrol: Enrol, snapshot: SnapshotAssertion) -> None:
    await enrol(Role.PARTY_REPRESENTATIVE, "C. Partido Uno Gómez")
    await enrol(Role.TECHNICAL_UNIT, "Ing. Unidad Técnica Ruiz")
    await enrol(Role.GUEST, "Visitante Díaz", (5,))
    blocker = await enrol(Role.MEMBER, "Alejandro Carrasco Sampedro")
    stage.telegram.blocks(blocker)
    await stage.settle()
    reader = await enrol(Role.MEMBER, NAYMA)
    assert shown(await stage.says(reader, "/integrantes")) == snapshot


async def test_the_list_and_a_card_as_the_secretary_sees_them(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(secretary, "/integrantes")) == snapshot(name="list")
    assert shown(await stage.taps(secretary, "3")) == snapshot(name="card")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.GUEST, Role.TECHNICAL_SECRETARY)])
async def test_only_the_secretary_has_buttons_there(stage: Stage, enrol: Enrol, role: Role) -> None:
    reader = await enrol(role, "Persona Lectora Soto")
    answer = await stage.says(reader, "/integrantes")
    assert NAYMA in answer.text
    assert buttons(answer) == []


async def test_reachable_or_not_follows_what_happens(stage: Stage, enrol: Enrol, secretary: SimulatedUser) -> None:
    async def reach() -> str:
        card = await _card(stage, secretary)
        return card.text.splitlines()[-1].partition(" · ")[2]

    assert await reach() == "aún no se registra"
    user = await enrol(Role.MEMBER, NAYMA)
    assert await reach() == "recibe avisos"
    stage.telegram.blocks(user)
    await stage.settle()
    assert await reach() == "no se le puede escribir"
    stage.telegram.unblocks(user)
    await stage.settle()
    assert await reach() == "recibe avisos"


async def test_a_long_list_has_pages(stage: Stage, secretary: SimulatedUser) -> None:
    for n in range(30):
        await stage.services.invitations.create(1, f"Persona Número {n:02}", Role.PARTY_REPRESENTATIVE, by=None)
    page, seen = await stage.says(secretary, "/integrantes"), ""
    while True:
        assert len(page.text) <= 900
        seen += page.text
        if "Ver más ▸" not in buttons(page):
            break
        page = await stage.taps(secretary, "Ver más ▸", page)
    assert all(f"Persona Número {n:02}" in seen for n in range(30))


# Ending a membership


async def test_ended_today(stage: Stage, secretary: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await _card(stage, secretary)
    assert shown(await stage.taps(secretary, "Dar de baja")) == snapshot(name="date")
    assert shown(await stage.taps(secretary, "Hoy")) == snapshot(name="ended")
    assert shown(await stage.says(user, "/pendientes")) == snapshot(name="what they are told")
    await stage.says(secretary, "/integrantes")
    assert shown(await stage.taps(secretary, "Quienes ya no integran")) == snapshot(name="former")


@pytest.mark.parametrize("written", ["24/01/2022", "24-01-2022", "2022-01-24", " 24/1/2022 "])
async def test_ended_on_a_date(stage: Stage, secretary: SimulatedUser, enrol: Enrol, written: str) -> None:
    await enrol(Role.MEMBER, NAYMA)
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    assert "dejó de ser integrante el 24 de enero de 2022" in (await stage.says(secretary, written)).text
    (former,) = await stage.services.members.former(1)
    assert (former.name, former.ends_on) == (NAYMA, date(2022, 1, 24))


@pytest.mark.parametrize("written", ["hoy", "Hoy", "HOY", "05/02/2022", "08/11/2021"])
async def test_the_first_and_the_last_day_are_possible(stage: Stage, secretary: SimulatedUser, written: str) -> None:
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    assert "dejó de ser integrante" in (await stage.says(secretary, written)).text


@pytest.mark.parametrize(
    "written",
    [
        "06/02/2022",
        "07/11/2021",
        "31/02/2022",
        "mañana",
        "24/01/22",
        "24 de enero",
        "99/99/9999",
        "1" * 5000,
        "<b>",
        "🎉",
    ],
)
async def test_an_impossible_date_is_asked_again(
    stage: Stage, secretary: SimulatedUser, written: str, database_url: str
) -> None:
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    before = stored(database_url)
    assert (await stage.says(secretary, written)).text == (
        "Esa fecha no es posible: debe ser de entre el 8 de noviembre de 2021 y hoy. Escríbala como 24/02/2022, o "
        "escriba /cancelar para no hacer nada."
    )
    assert stored(database_url) == before
    assert "dejó de ser integrante" in (await stage.says(secretary, "01/02/2022")).text


async def test_today_is_the_commissions_own_day(stage: Stage, secretary: SimulatedUser) -> None:
    stage.clock.advance_to(datetime(2022, 2, 5, 23, 30, tzinfo=ZONE))  # the 6th already in UTC
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    assert "Esa fecha no es posible" in (await stage.says(secretary, "06/02/2022")).text
    assert "el 5 de febrero de 2022" in (await stage.says(secretary, "hoy")).text


async def test_a_seat_that_has_not_begun_can_be_ended(stage: Stage, secretary: SimulatedUser) -> None:
    plan = load(packaged("ieepco-prep-2021-2022"))
    later = [p.model_copy(update={"since": date(2022, 3, 1)}) if p.name == NAYMA else p for p in plan.people]
    await stage.services.plans.apply(plan.model_copy(update={"people": tuple(later)}))
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    assert "dejó de ser integrante" in (await stage.taps(secretary, "Hoy")).text
    assert NAYMA not in (await stage.says(secretary, "/integrantes")).text


async def test_a_change_of_mind(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    before = stored(database_url)
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    assert NAYMA in (await stage.taps(secretary, "◂ No hacer nada")).text
    assert stored(database_url) == before
    assert "dejó de ser" not in (await stage.says(secretary, "hoy")).text
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    await stage.says(secretary, "/cancelar")
    assert "dejó de ser" not in (await stage.says(secretary, "01/02/2022")).text
    assert stored(database_url) == before


async def test_access_ends_at_once_and_invitations_with_it(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    plan = await stage.says(user, "/actividades")
    again = await _card(stage, secretary)
    code = code_in(await stage.taps(secretary, "Nuevo enlace (cambió de teléfono)", again))
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    await stage.taps(secretary, "Hoy")
    tap = stage.telegram.taps(user, plan, buttons(plan)[0])
    await stage.settle()
    assert tap.answer is not None
    assert "no corresponde" in tap.answer.text
    assert "no es válida" in (await stage.says(user, f"/start {code}")).text


async def test_history_stays(stage: Stage, secretary: SimulatedUser, enrol: Enrol, database_url: str) -> None:
    unit = await enrol(Role.TECHNICAL_UNIT, "Ing. Unidad Técnica Ruiz")
    await stage.says(unit, "/registrar 8")
    await stage.taps(unit, "✅ Concluida")
    await _card(stage, secretary, "Unidad Técnica Ruiz")
    await stage.taps(secretary, "Dar de baja")
    assert "Su historial se conserva" in (await stage.taps(secretary, "Hoy")).text
    assert "Unidad Técnica Ruiz" in (await stage.says(secretary, "/actividad 8")).text
    assert "membership.ended" in stored(database_url)


async def test_somebody_who_left_may_come_back(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    user = await enrol(Role.PARTY_REPRESENTATIVE, "Partido Uno Gómez")
    await _card(stage, secretary, "Partido Uno Gómez")
    await stage.taps(secretary, "Dar de baja")
    await stage.taps(secretary, "Hoy")
    await enrol(Role.PARTY_REPRESENTATIVE, "Partido Uno Gómez", user=user)
    assert "Pendientes" in (await stage.says(user, "/pendientes")).text
    (former,) = await stage.services.members.former(1)
    assert former.person_id == (await _member(stage, "Partido Uno Gómez")).person_id


async def test_nobody_ends_their_own_seat(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    own = await _card(stage, secretary, "Secretaria Pérez Luna")
    before = stored(database_url)
    tap = stage.telegram.taps(secretary, own, "Dar de baja")
    await stage.settle()
    assert tap.answer is not None
    assert tap.answer.text.startswith("No puede darse de baja a sí misma o a sí mismo")
    membership = (await _member(stage, "Secretaria Pérez Luna")).membership_id
    stage.telegram.taps_data(secretary, own, EndToday(1, membership).encode())
    await stage.settle()
    assert stored(database_url) == before


async def test_two_secretaries_who_end_the_same_seat(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, database_url: str
) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Otra Secretaria Soto")
    for user in (secretary, other):
        await _card(stage, user)
        await stage.taps(user, "Dar de baja")
    for user in (secretary, other):
        stage.telegram.taps(user, stage.telegram.last(user), "Hoy")
    await stage.settle()
    assert stored(database_url).count("membership.ended") == 1
    ended = [user for user in (secretary, other) if "dejó de ser integrante" in stage.telegram.last(user).text]
    assert len(ended) == 1


async def test_the_card_of_somebody_who_left_meanwhile(stage: Stage, secretary: SimulatedUser) -> None:
    card = await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    await stage.taps(secretary, "Hoy")
    (former,) = await stage.services.members.former(1)
    for action in (ShowMember, InviteAgain, AskEnd, EndToday):
        tap = stage.telegram.taps_data(secretary, card, action(1, former.membership_id).encode())
        await stage.settle()
        assert tap.answer is not None
        assert "ya no es integrante" in tap.answer.text


async def test_nobody_has_left_yet(stage: Stage, secretary: SimulatedUser) -> None:
    await stage.says(secretary, "/integrantes")
    assert "Nadie ha dejado de ser integrante" in (await stage.taps(secretary, "Quienes ya no integran")).text


# Replacing


async def test_a_seat_changes_hands(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    old = await enrol(Role.MEMBER, NAYMA)
    await _card(stage, secretary)
    assert shown(await stage.taps(secretary, "Sustituir")) == snapshot(name="date")
    assert shown(await stage.says(secretary, "31/01/2022")) == snapshot(name="successor")
    card = await stage.says(secretary, "Mtra. Sucesora Luz Ortiz")
    assert "Invitación para Sucesora Luz Ortiz (Consejería integrante)" in card.text
    new = stage.telegram.user("Luz")
    await stage.says(new, f"/start {code_in(card)}")
    await stage.taps(new, "Acepto")
    assert "usted ya no es integrante" in (await stage.says(old, "/pendientes")).text
    assert "Pendientes" in (await stage.says(new, "/pendientes")).text
    (former,) = await stage.services.members.former(1)
    assert (former.name, former.ends_on) == (NAYMA, date(2022, 1, 31))


async def test_a_seat_may_stay_vacant(stage: Stage, secretary: SimulatedUser) -> None:
    await _card(stage, secretary)
    await stage.taps(secretary, "Sustituir")
    await stage.taps(secretary, "Hoy")
    await stage.says(secretary, "/cancelar")
    assert NAYMA not in {member.name for member in await stage.services.members.of(1)}


async def test_a_guest_is_not_replaced(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    await enrol(Role.GUEST, "Visitante Díaz", (5,))
    card = await _card(stage, secretary, "Visitante Díaz")
    assert "Sustituir" not in buttons(card)
    assert "Dar de baja" in buttons(card)


async def test_a_forged_replacement_of_a_guest_leads_nowhere(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    await enrol(Role.GUEST, "Visitante Díaz", (5,))
    card = await _card(stage, secretary, "Visitante Díaz")
    guest = await _member(stage, "Visitante Díaz")
    stage.telegram.taps_data(secretary, card, AskEnd(1, guest.membership_id, replace=True).encode())
    await stage.settle()
    await stage.taps(secretary, "Hoy")
    answer = await stage.says(secretary, "Otra Visita Ruiz")
    assert "Invitación para" not in answer.text
    assert "Tuvimos un problema" not in answer.text


# A lost phone


async def test_a_new_phone_takes_the_place_of_the_old_one(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    old = await enrol(Role.MEMBER, NAYMA)
    await _card(stage, secretary)
    card = await stage.taps(secretary, "Nuevo enlace (cambió de teléfono)")
    new = stage.telegram.user("Nay, teléfono nuevo")
    await stage.says(new, f"/start {code_in(card)}")
    assert "Pendientes" in (await stage.says(old, "/pendientes")).text  # not before it is accepted
    told = len(sent_to(stage, secretary))
    await stage.taps(new, "Acepto")
    assert shown(stage.telegram.last(secretary)) == snapshot
    assert len(sent_to(stage, secretary)) == told + 1
    assert "únicamente a las personas que cuentan con una invitación" in (await stage.says(old, "/pendientes")).text
    assert "Pendientes" in (await stage.says(new, "/pendientes")).text
    await stage.advance(stage.clock.now() + timedelta(days=1))
    assert len(sent_to(stage, secretary)) == told + 1


async def test_the_old_phones_buttons_are_dead(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    old = await enrol(Role.MEMBER, NAYMA)
    plan = await stage.says(old, "/actividades")
    await _card(stage, secretary)
    card = await stage.taps(secretary, "Nuevo enlace (cambió de teléfono)")
    new = stage.telegram.user("Nay, teléfono nuevo")
    await stage.says(new, f"/start {code_in(card)}")
    await stage.taps(new, "Acepto")
    tap = stage.telegram.taps(old, plan, buttons(plan)[0])
    await stage.settle()
    assert tap.answer is not None
    assert tap.answer.text == ""
    assert stage.telegram.last(old) == plan


async def test_the_same_phone_again_tells_nobody(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await _card(stage, secretary)
    card = await stage.taps(secretary, "Nuevo enlace (cambió de teléfono)")
    told = len(sent_to(stage, secretary))
    await stage.says(user, f"/start {code_in(card)}")
    await stage.taps(user, "Acepto")
    assert len(sent_to(stage, secretary)) == told


async def test_whoever_never_enrolled_gets_their_first_link_there(stage: Stage, secretary: SimulatedUser) -> None:
    await _card(stage, secretary)
    card = await stage.taps(secretary, "Enviar enlace de registro")
    assert f"Invitación para {NAYMA}" in card.text
    assert "Ya estaba registrada" not in card.text


# What the plan does to people


async def test_who_leaves_the_plan_is_kept_as_a_former_member(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    plan = load(packaged("ieepco-prep-2021-2022"))
    people = tuple(person for person in plan.people if person.name != NAYMA)
    await stage.services.plans.apply(plan.model_copy(update={"people": people}))
    assert "usted ya no es integrante" in (await stage.says(user, "/pendientes")).text
    (former,) = await stage.services.members.former(1)
    assert (former.name, former.ends_on) == (NAYMA, date(2022, 2, 5))


async def test_a_new_role_in_the_plan_keeps_the_account(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    plan = load(packaged("ieepco-prep-2021-2022"))
    people = tuple(
        person.model_copy(update={"role": Role.PRESIDENCY, "since": date(2022, 2, 1)})
        if person.name == NAYMA
        else person
        for person in plan.people
    )
    await stage.services.plans.apply(plan.model_copy(update={"people": people}))
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    assert [seat.role for seat in actor.seats] == [Role.PRESIDENCY]
    (former,) = await stage.services.members.former(1)
    assert (former.role, former.ends_on) == (Role.MEMBER, date(2022, 2, 1))


async def test_an_import_does_not_bring_back_whoever_was_dismissed(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await _card(stage, secretary)
    await stage.taps(secretary, "Dar de baja")
    await stage.taps(secretary, "Hoy")
    plan = load(packaged("ieepco-prep-2021-2022"))
    report = await stage.services.plans.apply(plan)
    assert report.changes == ()
    assert "usted ya no es integrante" in (await stage.says(user, "/pendientes")).text
    back = tuple(
        person.model_copy(update={"since": date(2022, 3, 1)}) if person.name == NAYMA else person
        for person in plan.people
    )
    await stage.services.plans.apply(plan.model_copy(update={"people": back}))
    assert "Pendientes" in (await stage.says(user, "/pendientes")).text


async def test_whoever_left_the_plan_by_mistake_is_back_with_it(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    plan = load(packaged("ieepco-prep-2021-2022"))
    await stage.services.plans.apply(plan.model_copy(update={"people": plan.people[:1]}))
    assert "usted ya no es integrante" in (await stage.says(user, "/pendientes")).text
    await stage.services.plans.apply(plan)
    assert "Pendientes" in (await stage.says(user, "/pendientes")).text
