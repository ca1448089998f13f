"""Groups: the bot answers only in the one that the secretary linked, only those who belong, and nothing personal."""

from collections.abc import Awaitable, Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from handlers.table import COMMANDS
from prep_bot.domain.role import Role
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.action import Action
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.actions.people import (
    AcceptPrivacy,
    AskDeleteContact,
    DeleteContact,
    InviteAs,
    LinkGroup,
    ShowMembers,
    ShowMyData,
)
from prep_bot.texts.actions.plan import ShowActivity
from tests.support.conversation import another_plan, buttons, flashes, sent_to, shown, stored

Enrol = Callable[..., Awaitable[SimulatedUser]]

IN_GROUP = ("pendientes", "calendario", "sesion", "proxima", "actividades", "actividad", "avance", "orden", "ayuda")
SPEAKING = [role for role in Role if role is not Role.GUEST]


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.fixture
async def group(stage: Stage, secretary: SimulatedUser) -> SimulatedGroup:
    """A group with the secretary and the bot in it, not linked."""
    return await _group(stage, "Comisión PREP", secretary)


@pytest.fixture
async def linked(stage: Stage, secretary: SimulatedUser, group: SimulatedGroup) -> SimulatedGroup:
    await stage.says(secretary, "/vincular", group)
    return group


async def _group(stage: Stage, title: str, owner: SimulatedUser) -> SimulatedGroup:
    made = stage.telegram.group(title)
    made.add(owner, creator=True)
    stage.telegram.add_bot(made, owner)
    await stage.settle()
    return made


async def _ask(stage: Stage, user: SimulatedUser, text: str, group: SimulatedGroup) -> SimulatedMessage | None:
    """Return the bot's answer in the group, None for silence."""
    group.add(user)
    answer = await stage.says(user, text, group)
    return answer if answer.user_id is None else None


# Linking


async def test_the_secretary_links_a_group(
    stage: Stage, secretary: SimulatedUser, group: SimulatedGroup, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(secretary, "/vincular", group)) == snapshot(name="linked")
    help_there = await stage.says(secretary, "/ayuda", group)
    assert [line.split()[0] for line in help_there.text.splitlines()[2:]] == [f"/{command}" for command in IN_GROUP]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TECHNICAL_SECRETARY])
async def test_nobody_else_does(
    stage: Stage, group: SimulatedGroup, enrol: Enrol, role: Role, database_url: str
) -> None:
    user = await enrol(role, "Persona Atrevida Ríos", (5,))
    before = stored(database_url)
    assert await _ask(stage, user, "/vincular", group) is None
    assert stored(database_url) == before


async def test_linking_is_not_for_the_private_chat(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion, database_url: str
) -> None:
    before = stored(database_url)
    answer = await stage.says(secretary, "/vincular")
    assert shown(answer) == snapshot
    stage.telegram.taps_data(secretary, answer, LinkGroup(1).encode())  # a forged button
    await stage.settle()
    assert stored(database_url) == before


async def test_before_a_group_is_linked_there_is_silence(
    stage: Stage, secretary: SimulatedUser, group: SimulatedGroup, enrol: Enrol
) -> None:
    member = await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    for command in COMMANDS:
        assert await _ask(stage, member, f"/{command}", group) is None
        if command != "vincular":
            assert await _ask(stage, secretary, f"/{command}", group) is None
    assert sent_to(stage, group) == []


async def test_another_group_takes_its_place(stage: Stage, secretary: SimulatedUser, linked: SimulatedGroup) -> None:
    other = await _group(stage, "Grupo nuevo", secretary)
    assert await _ask(stage, secretary, "/pendientes", other) is None
    assert stage.telegram.menu(secretary, linked)
    told = (await stage.says(secretary, "/vincular", other)).text
    assert told.endswith(f"Sustituye al grupo {linked.title}, donde ya no se publicarán convocatorias ni avisos.")
    assert await _ask(stage, secretary, "/pendientes", other) is not None
    assert await _ask(stage, secretary, "/pendientes", linked) is None
    assert stage.telegram.menu(secretary, other)
    assert stage.telegram.menu(secretary, linked) == [], "nor does it seem to"


async def test_a_group_of_another_commission_is_not_taken(
    stage: Stage, linked: SimulatedGroup, enrol: Enrol, snapshot: SnapshotAssertion, database_url: str
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    other = await enrol(Role.TECHNICAL_SECRETARY, "Otra Secretaria Soto", commission_id=2)
    before = stored(database_url)
    answer = await _ask(stage, other, "/vincular", linked)
    assert answer is not None
    assert shown(answer) == snapshot
    assert stored(database_url) == before


async def test_linking_twice_is_no_harm(stage: Stage, secretary: SimulatedUser, linked: SimulatedGroup) -> None:
    told = (await stage.says(secretary, "/vincular", linked)).text
    assert "quedó vinculado" in told
    assert "Sustituye" not in told


# Who is answered


@pytest.mark.parametrize("role", SPEAKING)
async def test_members_are_answered_what_is_not_personal(
    stage: Stage, linked: SimulatedGroup, enrol: Enrol, role: Role
) -> None:
    user = await enrol(role, "Persona Integrante Ríos")
    for command in IN_GROUP:
        answer = await _ask(
            stage, user, f"/{command} 1" if command in ("sesion", "actividad") else f"/{command}", linked
        )
        assert answer is not None, command
        assert "se atiende en privado" not in answer.text
        assert "no corresponde" not in answer.text


@pytest.mark.parametrize("role", SPEAKING)
async def test_what_is_personal_points_to_the_private_chat(
    stage: Stage, linked: SimulatedGroup, enrol: Enrol, role: Role
) -> None:
    user = await enrol(role, "Persona Integrante Ríos")
    for command in COMMANDS:
        if command in (*IN_GROUP, "vincular"):
            continue
        answer = await _ask(stage, user, f"/{command}", linked)
        assert answer is not None, command
        assert answer.text == f"/{command} se atiende en privado, para no mostrar aquí datos personales."
        ((button,),) = answer.keyboard
        assert button.url == "https://t.me/prep_prueba_bot"


async def test_guests_strangers_and_former_members_are_not_answered(
    stage: Stage, secretary: SimulatedUser, linked: SimulatedGroup, enrol: Enrol
) -> None:
    guest = await enrol(Role.GUEST, "Visitante Díaz", (5,))
    former = await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    actor = await stage.services.identity.of(secretary.id)
    seat = await stage.services.identity.of(former.id)
    assert actor is not None
    assert seat is not None
    member = await stage.services.members.one(1, seat.seats[0].membership_id)
    assert member is not None
    await stage.services.members.end(actor.seats[0], member.membership_id, member.starts_on)
    stranger = stage.telegram.user("Curiosa")
    before = len(sent_to(stage, linked))
    for user in (guest, former, stranger):
        for command in COMMANDS:
            assert await _ask(stage, user, f"/{command}", linked) is None
    assert len(sent_to(stage, linked)) == before
    assert sent_to(stage, stranger) == []


async def test_members_of_another_commission_are_not_answered(
    stage: Stage, linked: SimulatedGroup, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    user = await enrol(Role.MEMBER, "Persona Ajena Ríos", commission_id=2)
    for command in COMMANDS:
        assert await _ask(stage, user, f"/{command}", linked) is None


async def test_conversation_is_none_of_ours(stage: Stage, secretary: SimulatedUser, linked: SimulatedGroup) -> None:
    before = len(sent_to(stage, linked))
    for text in (
        "buenos días",
        "pendientes",
        "hola @prep_prueba_bot",
        "/pendiente",
        "/pendientes@otro_bot",
        "/desconocido",
        "/",
        "¿y /pendientes?",
    ):
        await _ask(stage, secretary, text, linked)
    stage.telegram.sends_photo(secretary, b"\xff\xd8\xff", "/pendientes", chat=linked)
    await stage.settle()
    assert len(sent_to(stage, linked)) == before


@pytest.mark.parametrize("text", ["/pendientes@prep_prueba_bot", "/Pendientes@PREP_prueba_bot", "/PENDIENTES"])
async def test_the_bot_knows_its_name(
    stage: Stage, secretary: SimulatedUser, linked: SimulatedGroup, text: str
) -> None:
    assert await _ask(stage, secretary, text, linked) is not None


async def test_a_group_sees_its_own_commission_only(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    await enrol(Role.MEMBER, "Secretaria Pérez Luna", commission_id=2, user=secretary)
    for command in IN_GROUP:
        answer = await _ask(stage, secretary, f"/{command}", linked)
        assert answer is not None
        assert "comisión" not in answer.text
        assert "quejas" not in answer.text.casefold()


# Buttons in groups


async def test_a_members_tap_works_and_a_guests_does_not(
    stage: Stage, linked: SimulatedGroup, enrol: Enrol, secretary: SimulatedUser
) -> None:
    guest, member = await enrol(Role.GUEST, "Visitante Díaz", (5,)), await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    linked.add(guest)
    linked.add(member)
    shown_list = await stage.says(secretary, "/actividades", linked)
    stage.telegram.taps(guest, shown_list, buttons(shown_list)[0])
    await stage.settle()
    assert stage.telegram.last(linked) == shown_list
    assert flashes(stage)[-1] == ""
    opened = await stage.taps(member, buttons(shown_list)[0], shown_list, chat=linked)
    assert "Actividad 1" in opened.text
    assert "Registrar avance" not in buttons(opened)


async def test_not_even_the_secretary_records_from_the_group(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser
) -> None:
    await stage.says(secretary, "/actividad 8", linked)
    assert "Registrar avance" not in buttons(stage.telegram.last(linked))


@pytest.mark.parametrize(
    "action",
    [
        ShowMyData(),
        AskDeleteContact(),
        DeleteContact(),
        ShowMembers(1),
        InviteAs(1, Role.MEMBER),
        RunCommand(0, "misdatos"),
        RunCommand(1, "integrantes"),
    ],
)
async def test_forged_buttons_show_nothing_personal_there(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser, action: Action, database_url: str
) -> None:
    message = await stage.says(secretary, "/avance", linked)
    before = stored(database_url)
    stage.telegram.taps_data(secretary, message, action.encode())
    await stage.settle()
    assert str(secretary.id) not in "".join(sent_to(stage, linked))
    assert "Carmelita" not in "".join(sent_to(stage, linked))
    assert stored(database_url) == before


async def test_nobody_enrols_in_a_group(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser, database_url: str
) -> None:
    made = await stage.services.invitations.create(1, "Nayma Enríquez Estrada", Role.MEMBER, by=None)
    newcomer = stage.telegram.user("Nay")
    linked.add(newcomer)
    message = await stage.says(secretary, "/avance", linked)
    before = stored(database_url)
    stage.telegram.taps_data(newcomer, message, AcceptPrivacy(made.code).encode())
    await stage.settle()
    await stage.says(newcomer, f"/start {made.code}", linked)
    assert stored(database_url) == before
    assert stage.telegram.last(linked).text == f"/start {made.code}"


async def test_old_buttons_of_a_group_that_is_no_longer_linked(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser
) -> None:
    message = await stage.says(secretary, "/actividades", linked)
    other = await _group(stage, "Grupo nuevo", secretary)
    await stage.says(secretary, "/vincular", other)
    tap = stage.telegram.taps(secretary, message, buttons(message)[0])
    await stage.settle()
    assert stage.telegram.last(linked) == message
    assert tap.answer is not None
    assert tap.answer.text == ""


async def test_a_button_of_another_commissions_plan_in_the_group(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna", commission_id=2, user=secretary)
    message = await stage.says(secretary, "/actividades", linked)
    stage.telegram.taps_data(secretary, message, ShowActivity(2, 1).encode())
    await stage.settle()
    assert stage.telegram.last(linked) == message


# The bot comes and goes, and groups grow


async def test_a_group_that_throws_the_bot_out_is_unlinked(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser
) -> None:
    stage.telegram.removes_bot(linked)
    await stage.settle()
    assert await stage.services.groups.linked(linked.id) is None
    stage.telegram.add_bot(linked, secretary)
    await stage.settle()
    assert await _ask(stage, secretary, "/pendientes", linked) is None
    await stage.says(secretary, "/vincular", linked)
    assert await _ask(stage, secretary, "/pendientes", linked) is not None


async def test_the_bot_thrown_out_while_it_answers_blames_nobody(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser
) -> None:
    stage.telegram.says(secretary, "/pendientes", linked)
    stage.telegram.removes_bot(linked)
    await stage.settle()
    actor = await stage.services.identity.of(secretary.id)
    assert actor is not None
    assert not actor.unreachable


async def test_a_group_that_becomes_a_supergroup_keeps_working(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser
) -> None:
    old = linked.id
    stage.telegram.migrates(linked)
    await stage.settle()
    assert linked.id != old
    assert await stage.services.groups.linked(old) is None
    assert await _ask(stage, secretary, "/pendientes", linked) is not None
    assert stage.telegram.menu(secretary, linked) == [c for c in COMMANDS if c in IN_GROUP]


async def test_a_question_asked_just_before_the_group_grew(
    stage: Stage, linked: SimulatedGroup, secretary: SimulatedUser
) -> None:
    stage.telegram.says(secretary, "/pendientes", linked)
    stage.telegram.migrates(linked)
    await stage.settle()
    assert await _ask(stage, secretary, "/pendientes", linked) is not None


async def test_an_unlinked_group_grows_unnoticed(stage: Stage, group: SimulatedGroup, secretary: SimulatedUser) -> None:
    stage.telegram.migrates(group)
    await stage.settle()
    assert await stage.services.groups.linked(group.id) is None
    assert await _ask(stage, secretary, "/pendientes", group) is None


# Several commissions


async def test_a_secretary_of_two_commissions_says_which(
    stage: Stage, group: SimulatedGroup, secretary: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna", commission_id=2, user=secretary)
    member = await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    group.add(member)
    chooser = await stage.says(secretary, "/vincular", group)
    assert shown(chooser) == snapshot
    stage.telegram.taps(member, chooser, "Quejas")
    await stage.settle()
    assert await stage.services.groups.linked(group.id) is None
    assert "Quejas" in (await stage.taps(secretary, "Quejas", chooser, chat=group)).text
    linked = await stage.services.groups.linked(group.id)
    assert linked is not None
    assert linked.commission_id == 2
