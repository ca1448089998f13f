"""/ayuda, /start and /cancelar."""

import re

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import another_plan, buttons, shown
from tests.support.reading import SCREEN, Enrol, all_pages, record

_COMMAND = re.compile(r"^/(\w+) ", re.MULTILINE)
_EXAMPLE = re.compile(r"<code>(/[^<]+)</code>")


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


async def _former(stage: Stage, enrol: Enrol, secretary: SimulatedUser) -> SimulatedUser:
    person = await enrol(Role.MEMBER, "Eva Anterior")
    people = await stage.says(secretary, "/integrantes")
    number = next(line.partition(".")[0] for line in people.text.splitlines() if "Eva Anterior" in line)
    await stage.taps(secretary, "Dar de baja", await stage.taps(secretary, number, people))
    await stage.taps(secretary, "Hoy")
    return person


# Help


@pytest.mark.parametrize("role", Role)
async def test_help_is_for_the_role(stage: Stage, enrol: Enrol, role: Role, snapshot: SnapshotAssertion) -> None:
    person = await enrol(role, "Persona Cualquiera", (3,))
    pages = await all_pages(stage, person, await stage.says(person, "/ayuda"))
    assert "\n\n".join(shown(page) for page in pages) == snapshot
    assert [name for page in pages for name in _COMMAND.findall(page.text)] == stage.telegram.menu(person)
    assert all(len(page.text) < SCREEN for page in pages)


async def test_every_example_is_answered(stage: Stage, secretary: SimulatedUser) -> None:
    pages = await all_pages(stage, secretary, await stage.says(secretary, "/ayuda"))
    examples = [example for page in pages for example in _EXAMPLE.findall(page.html)]
    commands = [name for page in pages for name in _COMMAND.findall(page.text)]
    assert len(examples) == len({example.split()[0] for example in examples}) > 5
    for said in (*examples, *(f"/{command}" for command in commands)):
        answer = (await stage.says(secretary, said)).text
        assert not re.match("No (entendí|reconozco|hay una)|¿Quiso", answer), said
        assert "no corresponde" not in answer


async def test_help_names_every_role_of_the_person(stage: Stage, enrol: Enrol, secretary: SimulatedUser) -> None:
    await stage.services.plans.apply(another_plan("quejas-2022", "Quejas"))
    await enrol(Role.MEMBER, "Ana López", commission_id=2, user=secretary)
    answer = await stage.says(secretary, "/ayuda")
    assert "Su carácter: Secretaría Técnica, Consejería integrante." in answer.text


async def test_help_in_the_group(stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    group = stage.telegram.group("Comisión del PREP")
    group.add(secretary, creator=True)
    stage.telegram.add_bot(group, secretary)
    await stage.says(secretary, "/vincular", group)
    answer = await stage.says(secretary, "/ayuda", group)
    assert shown(answer) == snapshot
    assert _COMMAND.findall(answer.text) == stage.telegram.menu(secretary, group)


async def test_help_of_a_former_member(
    stage: Stage, enrol: Enrol, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(await _former(stage, enrol, secretary), "/ayuda")) == snapshot


# Start


async def test_start_greets_whoever_is_enrolled(
    stage: Stage, enrol: Enrol, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    guest = await enrol(Role.GUEST, "Rosa <3 Invitada", (3,))
    assert shown(await stage.says(secretary, "/start")) == snapshot(name="secretary")
    assert shown(await stage.says(guest, "/start")) == snapshot(name="guest")
    assert shown(await stage.says(await _former(stage, enrol, secretary), "/start")) == snapshot(name="former member")


async def test_the_first_button_answers_below_the_greeting(stage: Stage, enrol: Enrol) -> None:
    for role in Role:
        person = await enrol(role, f"Persona {role.value}", (3,))
        greeting = await stage.says(person, "/start")
        answer = await stage.taps(person, buttons(greeting)[0], greeting)
        assert answer.id > greeting.id
        assert answer.text.startswith(("Pendientes al 5 de febrero", "Calendario de sesiones"))


# Cancel


async def test_cancel(stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(secretary, "/cancelar")) == snapshot(name="nothing to cancel")
    await record(stage, secretary, 9, "🔸 En proceso")
    assert shown(await stage.says(secretary, "cancelar")) == snapshot(name="a note")
    assert (await stage.says(secretary, "Esto ya no es una nota.")).text.startswith("No entendí su mensaje.")
    assert "Estado: 🔸 en proceso" in (await stage.says(secretary, "/actividad 9")).text
    assert (await stage.says(secretary, "/cancelar")).text.startswith("No había nada en curso que cancelar.")
