"""The menu of commands that Telegram shows: of each role in private, of the linked group, of nobody else."""

from collections.abc import Awaitable, Callable

import pytest

from handlers.table import COMMANDS
from prep_bot.domain.role import Role
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.faults import ServerError
from prep_bot.simulation.people import SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage, open_stage
from tests.support.conversation import another_plan, code_in

Enrol = Callable[..., Awaitable[SimulatedUser]]

NAYMA = "Nayma Enríquez Estrada"
READING = ["pendientes", "calendario", "sesion", "orden", "proxima", "actividades", "actividad", "avance"]
PAPERS = ["documento", "constancia"]
CONVENING = ["fijar", "extraordinaria", "convocar", *PAPERS, "tablero", "asistencia", "solicitudes", "aviso", "envios"]
ATTENDED = ["asistencias"]
PETITIONING = ["solicitar", "solicitudes"]
OWN = ["privacidad", "misdatos", "ayuda", "cancelar"]
MENUS = {
    Role.PRESIDENCY: [*READING, "constancia", *ATTENDED, *PETITIONING, "integrantes", "ajustes", *OWN],
    Role.MEMBER: [*READING, *ATTENDED, *PETITIONING, "integrantes", "ajustes", *OWN],
    Role.TECHNICAL_SECRETARY: [*READING, *ATTENDED, *CONVENING, "registrar", "integrantes", "invitar", "ajustes", *OWN],
    Role.PARTY_REPRESENTATIVE: [*READING, *ATTENDED, "integrantes", "ajustes", *OWN],
    Role.TECHNICAL_UNIT: [*READING, *ATTENDED, "registrar", "integrantes", "ajustes", *OWN],
    Role.GUEST: ["calendario", "sesion", "orden", "proxima", "ajustes", *OWN],
}
GROUP = [*READING, "ayuda"]


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.mark.parametrize("role", Role)
async def test_each_role_sees_what_it_may_ask(stage: Stage, enrol: Enrol, role: Role) -> None:
    user = await enrol(role, "Persona Integrante Ríos", (5,))
    assert sorted(stage.telegram.menu(user)) == sorted(MENUS[role])


@pytest.mark.parametrize("role", Role)
async def test_whatever_the_menu_offers_is_answered(stage: Stage, enrol: Enrol, role: Role) -> None:
    user = await enrol(role, "Persona Integrante Ríos", (5,))
    for command in stage.telegram.menu(user):
        answer = await stage.says(user, f"/{command}")
        assert "no corresponde" not in answer.text
        assert "No entendí" not in answer.text


@pytest.mark.parametrize("role", Role)
async def test_whatever_the_menu_leaves_out_is_refused(stage: Stage, enrol: Enrol, role: Role) -> None:
    user = await enrol(role, "Persona Integrante Ríos", (5,))
    for command in set(COMMANDS) - set(MENUS[role]) - {"start"}:
        answer = (await stage.says(user, f"/{command}")).text
        assert "no corresponde" in answer or (command == "vincular" and "se escribe en el grupo" in answer)


async def test_strangers_see_no_menu(stage: Stage) -> None:
    stranger = stage.telegram.user("Curiosa")
    assert stage.telegram.menu(stranger) == []
    await stage.says(stranger, "hola")
    assert stage.telegram.menu(stranger) == []


async def test_the_menu_comes_with_enrolment_and_not_before(stage: Stage) -> None:
    made = await stage.services.invitations.create(1, NAYMA, Role.MEMBER, by=None)
    user = stage.telegram.user("Nay")
    await stage.says(user, f"/start {made.code}")
    assert stage.telegram.menu(user) == []
    await stage.taps(user, "Acepto")
    assert sorted(stage.telegram.menu(user)) == sorted(MENUS[Role.MEMBER])


async def test_the_menu_shrinks_when_the_role_ends(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(secretary, "/integrantes")
    await stage.taps(secretary, "2")
    await stage.taps(secretary, "Dar de baja")
    await stage.taps(secretary, "Hoy")
    await stage.says(user, "/pendientes")
    assert sorted(stage.telegram.menu(user)) == sorted(OWN)


@pytest.mark.parametrize("replaced", [True, False])
async def test_the_menu_shrinks_although_they_say_nothing(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, *, replaced: bool
) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(secretary, "/integrantes")
    await stage.taps(secretary, "2")
    await stage.taps(secretary, "Sustituir" if replaced else "Dar de baja")
    await stage.says(secretary, "hoy")
    assert sorted(stage.telegram.menu(user)) == sorted(OWN)


async def test_a_dismissal_does_not_wait_for_the_menu(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(secretary, "/integrantes")
    await stage.taps(secretary, "2")
    await stage.taps(secretary, "Dar de baja")
    stage.telegram.fail_next("setMyCommands", ServerError(502))
    assert "dejó de ser integrante" in (await stage.taps(secretary, "Hoy")).text
    assert sorted(stage.telegram.menu(user)) == sorted(MENUS[Role.MEMBER])


async def test_who_left_by_the_plan_loses_the_menu_at_the_next_start(
    stage: Stage, enrol: Enrol, database_url: str
) -> None:
    user, other = await enrol(Role.MEMBER, NAYMA), await enrol(Role.MEMBER, "Alejandro Carrasco Sampedro")
    plan = load(packaged("ieepco-prep-2021-2022"))
    people = tuple(person for person in plan.people if person.name != NAYMA)
    await stage.services.plans.apply(plan.model_copy(update={"people": people}))
    async with open_stage(stage.clock.now(), database_url, stage.telegram, stage.clock) as restarted:
        assert sorted(restarted.telegram.menu(user)) == sorted(OWN)
        assert sorted(restarted.telegram.menu(other)) == sorted(MENUS[Role.MEMBER])


async def test_the_menu_follows_a_new_role(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    plan = load(packaged("ieepco-prep-2021-2022"))
    people = tuple(
        person.model_copy(update={"role": Role.TECHNICAL_UNIT}) if person.name == NAYMA else person
        for person in plan.people
    )
    await stage.services.plans.apply(plan.model_copy(update={"people": people}))
    await stage.says(user, "/pendientes")
    assert sorted(stage.telegram.menu(user)) == sorted(MENUS[Role.TECHNICAL_UNIT])


async def test_the_menu_of_two_roles_is_that_of_both(stage: Stage, enrol: Enrol) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    user = await enrol(Role.GUEST, NAYMA, (5,), commission_id=2)
    await enrol(Role.MEMBER, NAYMA, user=user)
    assert sorted(stage.telegram.menu(user)) == sorted(MENUS[Role.MEMBER])


async def test_the_menu_goes_with_the_contact_data(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(user, "/misdatos")
    await stage.taps(user, "Borrar mis datos de contacto")
    await stage.taps(user, "Sí, borrar")
    assert stage.telegram.menu(user) == []


async def test_the_old_phone_loses_its_menu_when_it_speaks(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    old = await enrol(Role.MEMBER, NAYMA)
    await stage.says(secretary, "/integrantes")
    await stage.taps(secretary, "2")
    card = await stage.taps(secretary, "Nuevo enlace (cambió de teléfono)")
    new = stage.telegram.user("Nay, teléfono nuevo")
    await stage.says(new, f"/start {code_in(card)}")
    await stage.taps(new, "Acepto")
    await stage.says(old, "/pendientes")
    assert stage.telegram.menu(old) == []
    assert sorted(stage.telegram.menu(new)) == sorted(MENUS[Role.MEMBER])


async def test_after_a_restart_the_menu_of_an_old_phone_goes_too(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, database_url: str
) -> None:
    old = await enrol(Role.MEMBER, NAYMA)
    new = stage.telegram.user("Nay, teléfono nuevo")
    made = await stage.services.invitations.create(1, NAYMA, Role.MEMBER, by=None)
    await stage.says(new, f"/start {made.code}")
    await stage.taps(new, "Acepto")
    async with open_stage(stage.clock.now(), database_url, stage.telegram, stage.clock) as restarted:
        await restarted.says(old, "/pendientes")
        assert restarted.telegram.menu(old) == []


async def test_a_menu_that_could_not_be_set_is_set_the_next_time(stage: Stage) -> None:
    made = await stage.services.invitations.create(1, NAYMA, Role.MEMBER, by=None)
    user = stage.telegram.user("Nay")
    await stage.says(user, f"/start {made.code}")
    stage.telegram.fail_next("setMyCommands", ServerError(502))
    assert "ya está en" in (await stage.taps(user, "Acepto")).text
    assert stage.telegram.menu(user) == []
    await stage.says(user, "/pendientes")
    assert sorted(stage.telegram.menu(user)) == sorted(MENUS[Role.MEMBER])


# Groups


@pytest.fixture
async def group(stage: Stage, secretary: SimulatedUser) -> SimulatedGroup:
    made = stage.telegram.group("Comisión PREP")
    made.add(secretary, creator=True)
    stage.telegram.add_bot(made, secretary)
    await stage.settle()
    return made


async def test_the_linked_group_has_a_menu_of_its_own(
    stage: Stage, secretary: SimulatedUser, group: SimulatedGroup
) -> None:
    assert stage.telegram.menu(secretary, group) == []
    await stage.says(secretary, "/vincular", group)
    assert sorted(stage.telegram.menu(secretary, group)) == sorted(GROUP)
    assert sorted(stage.telegram.menu(secretary)) == sorted(MENUS[Role.TECHNICAL_SECRETARY])


async def test_a_group_chosen_by_button_has_it_too(
    stage: Stage, secretary: SimulatedUser, group: SimulatedGroup, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna", commission_id=2, user=secretary)
    await stage.says(secretary, "/vincular", group)
    assert stage.telegram.menu(secretary, group) == []
    await stage.taps(secretary, "Quejas", chat=group)
    assert sorted(stage.telegram.menu(secretary, group)) == sorted(GROUP)
