"""Somebody in three commissions is asked which one is meant; whoever is in one never sees that word."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from handlers.table import COMMANDS
from prep_bot.domain.role import Role
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedChat, SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.action import Action, decode
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.actions.people import ChooseRole, DeleteContact, InviteAs
from prep_bot.texts.actions.plan import ShowActivity
from tests.support.conversation import another_plan, buttons, code_in, flashes, sent_to, shown

Enrol = Callable[..., Awaitable[SimulatedUser]]

PLAN = "ieepco-prep-2021-2022"
NAYMA = "Nayma Enríquez Estrada"
NAMES = ["PREP 2021-2022", "Quejas", "Debates"]
CHOOSER = "¿De cuál comisión?"
ASK_WHICH = sorted(
    name for name, command in COMMANDS.items() if command.permission and command.in_private and not command.every_seat
)


@pytest.fixture
async def three(stage: Stage) -> None:
    """Two commissions more, with the same plan under other keys."""
    for key in ("quejas", "debates"):
        await stage.services.plans.apply(another_plan(key, key.title()))


@pytest.fixture
async def councillor(three: None, enrol: Enrol) -> SimulatedUser:
    """A member of all three."""
    user = await enrol(Role.MEMBER, NAYMA)
    for commission_id in (2, 3):
        await enrol(Role.MEMBER, NAYMA, commission_id=commission_id, user=user)
    return user


@pytest.fixture
async def mixed(three: None, enrol: Enrol) -> SimulatedUser:
    """The secretary of the first, a member of the second, a guest in the third."""
    user = await enrol(Role.TECHNICAL_SECRETARY, "Ana Ruiz Soto")
    await enrol(Role.MEMBER, "Ana Ruiz Soto", commission_id=2, user=user)
    await enrol(Role.GUEST, "Ana Ruiz Soto", (5,), commission_id=3, user=user)
    return user


async def _pages(stage: Stage, user: SimulatedUser, first: SimulatedMessage) -> list[SimulatedMessage]:
    pages = [first]
    while "Ver más ▸" in buttons(pages[-1]):
        pages.append(await stage.taps(user, "Ver más ▸", pages[-1]))
    return pages


def _actions(message: SimulatedMessage) -> list[Action]:
    return [decode(button.data) for row in message.keyboard for button in row if button.data]


# All three at once


async def test_what_is_pending_is_shown_for_all_three(stage: Stage, councillor: SimulatedUser) -> None:
    pages = await _pages(stage, councillor, await stage.says(councillor, "/pendientes febrero"))
    seen = "\n".join(page.text for page in pages)
    places = [seen.upper().index(name.upper()) for name in NAMES]
    assert places == sorted(places)
    february = [a.text[:30] for a in load(packaged(PLAN)).activities if str(a.month) == "2022-02"]
    assert [seen.count(text) for text in february] == [3] * 8


async def test_each_of_them_opens_in_its_own_commission(stage: Stage, councillor: SimulatedUser, enrol: Enrol) -> None:
    unit = await enrol(Role.TECHNICAL_UNIT, "Unidad Ruiz Gil", commission_id=2)
    await stage.says(unit, "/registrar 8")
    await stage.taps(unit, "🔸 En proceso")
    pages = await _pages(stage, councillor, await stage.says(councillor, "/pendientes febrero"))
    eighth = [a for page in pages for a in _actions(page) if isinstance(a, ShowActivity) and a.number == 8]
    in_progress = {}
    for action in eighth:
        stage.telegram.taps_data(councillor, pages[-1], action.encode())
        await stage.settle()
        in_progress[action.commission] = "Unidad Ruiz Gil" in stage.telegram.last(councillor).text
    assert in_progress == {1: False, 2: True, 3: False}


async def test_what_belongs_to_the_person_is_not_asked_twice(stage: Stage, councillor: SimulatedUser) -> None:
    for command in set(COMMANDS) - set(ASK_WHICH) - {"vincular"}:
        assert (await stage.says(councillor, f"/{command}")).text != CHOOSER
    data = (await stage.says(councillor, "/misdatos")).text
    assert all(f"Consejería integrante ({name})" in data for name in NAMES)


# One of three


async def test_for_the_rest_they_are_asked_which(
    stage: Stage, councillor: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(councillor, "/avance")) == snapshot(name="chooser")
    chosen = await stage.taps(councillor, "Debates")
    assert CHOOSER not in chosen.text
    assert chosen.edited
    assert {action.commission for action in _actions(chosen) if hasattr(action, "commission")} <= {3}


@pytest.mark.parametrize("command", ASK_WHICH)
async def test_every_command_of_one_commission_asks(
    stage: Stage, councillor: SimulatedUser, mixed: SimulatedUser, command: str
) -> None:
    permission = COMMANDS[command].permission
    assert permission is not None
    for user in (councillor, mixed):
        actor = await stage.services.identity.of(user.id)
        assert actor is not None
        seats = actor.seats_with(permission)
        answer = await stage.says(user, f"/{command}")
        if len(seats) > 1:
            assert (answer.text, buttons(answer)) == (CHOOSER, [seat.commission for seat in seats])
        else:
            assert CHOOSER not in answer.text
            assert ("no corresponde" in answer.text) is not bool(seats)


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("/actividad 12", "Actividad 12"),
        ("/sesion 3", "Primera sesión ordinaria"),
        ("/actividades marzo", "Actividades de marzo"),
        ("actividad 12", "Actividad 12"),
    ],
)
async def test_what_was_asked_is_kept(stage: Stage, councillor: SimulatedUser, text: str, shows: str) -> None:
    assert (await stage.says(councillor, text)).text == CHOOSER
    assert shows in (await stage.taps(councillor, "Quejas")).text


@pytest.mark.parametrize("argument", ["x" * 4000, "ñ" * 30, "a:b:c", ":", "🎉" * 20, "<b>&", "12 " + "y" * 100])
async def test_an_argument_that_fits_no_button_is_left_out(
    stage: Stage, councillor: SimulatedUser, argument: str
) -> None:
    assert (await stage.says(councillor, f"/actividades {argument}")).text == CHOOSER
    assert "Tuvimos un problema" not in (await stage.taps(councillor, "Quejas")).text
    assert "Tuvimos un problema" not in "".join(flashes(stage))


async def test_what_follows_stays_in_the_chosen_commission(
    stage: Stage, three: None, enrol: Enrol, database_url: str
) -> None:
    user = await enrol(Role.TECHNICAL_UNIT, "Unidad Ruiz Gil")
    await enrol(Role.TECHNICAL_UNIT, "Unidad Ruiz Gil", commission_id=2, user=user)
    assert (await stage.says(user, "/registrar 8")).text == CHOOSER
    await stage.taps(user, "Quejas")
    await stage.taps(user, "✅ Concluida")
    await stage.says(user, "Nota de Quejas")
    for name, noted in (("Quejas", True), ("PREP 2021-2022", False)):
        await stage.says(user, "/actividad 8")
        assert ("Nota de Quejas" in (await stage.taps(user, name)).text) is noted


async def test_the_secretary_of_two_invites_into_the_chosen_one(stage: Stage, three: None, enrol: Enrol) -> None:
    secretary = await enrol(Role.TECHNICAL_SECRETARY, "Ana Ruiz Soto")
    await enrol(Role.TECHNICAL_SECRETARY, "Ana Ruiz Soto", commission_id=3, user=secretary)
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, "Debates")
    await stage.taps(secretary, "Consejería integrante")
    card = await stage.says(secretary, "Persona Nueva Díaz")
    user = stage.telegram.user("Nueva")
    await stage.says(user, f"/start {code_in(card)}")
    assert "Debates" in (await stage.taps(user, "Acepto")).text
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    assert [seat.commission for seat in actor.seats] == ["Debates"]


async def test_a_role_counts_only_where_it_is_held(stage: Stage, mixed: SimulatedUser) -> None:
    answer = await stage.says(mixed, "/invitar")
    assert {action.commission for action in _actions(answer) if isinstance(action, InviteAs)} == {1}
    pages = await _pages(stage, mixed, await stage.says(mixed, "/pendientes febrero"))
    assert not any("DEBATES" in page.text.upper() for page in pages)  # a guest there
    message = await stage.says(mixed, "/ayuda")
    for commission_id in (2, 3):
        tap = stage.telegram.taps_data(mixed, message, ChooseRole(commission_id).encode())
        await stage.settle()
        assert tap.answer is not None
        assert "no corresponde" in tap.answer.text


async def test_a_choice_made_too_late_is_refused(stage: Stage, mixed: SimulatedUser, enrol: Enrol) -> None:
    chooser = await stage.says(mixed, "/integrantes")
    other = await enrol(Role.TECHNICAL_SECRETARY, "Otra Secretaria Gil", commission_id=2)
    actor = await stage.services.identity.of(other.id)
    assert actor is not None
    leaving = next(m for m in await stage.services.members.of(2) if m.name == "Ana Ruiz Soto")
    await stage.services.members.end(actor.seats[0], leaving.membership_id, leaving.starts_on)
    answer = await stage.taps(mixed, "Quejas", chooser)
    assert "Otra Secretaria Gil" not in answer.text
    assert "no corresponde" in answer.text


# One of one


@pytest.mark.parametrize("role", Role)
async def test_whoever_is_in_one_commission_never_sees_that_word(
    stage: Stage, three: None, enrol: Enrol, role: Role
) -> None:
    user = await enrol(role, "Persona Única Ríos", (5,))
    for command in COMMANDS:
        await stage.says(user, f"/{command}")
        await stage.says(user, f"/{command} 1")
        await stage.says(user, "/cancelar")
    await _tap_everything(stage, user)
    for words in _own_words(stage, user):
        assert "comisi" not in words.casefold()


async def test_nor_does_a_stranger_nor_the_group(stage: Stage, three: None, enrol: Enrol) -> None:
    secretary = await enrol(Role.TECHNICAL_SECRETARY, "Persona Única Ríos")
    group = stage.telegram.group("Grupo")
    group.add(secretary, creator=True)
    stage.telegram.add_bot(group, secretary)
    await stage.settle()
    for command in ("vincular", *COMMANDS):
        await stage.says(secretary, f"/{command}", group)
    other = await enrol(Role.TECHNICAL_SECRETARY, "Otra Persona Gil", commission_id=2)
    group.add(other)
    await stage.says(other, "/vincular", group)  # a group that is taken
    stranger = stage.telegram.user("Curiosa")
    await stage.says(stranger, "/start")
    await stage.says(stranger, "/start codigo-equivocado")
    for chat in (group, stranger):
        assert sent_to(stage, chat)
        for words in _own_words(stage, chat):
            assert "comisi" not in words.casefold()


async def _tap_everything(stage: Stage, user: SimulatedUser) -> None:
    """Tap one button of each kind that any message offers, and of what those taps bring; but delete nothing."""
    tapped = {_kind(DeleteContact().encode())}
    while True:
        offered = [
            (message, button.data)
            for message in stage.telegram.messages(user)
            for row in message.keyboard
            for button in row
            if button.data and _kind(button.data) not in tapped
        ]
        if not offered:
            return
        message, data = offered[0]
        tapped.add(_kind(data))
        stage.telegram.taps_data(user, message, data)
        await stage.settle()


def _kind(data: str) -> str:
    action = decode(data)
    return f"{type(action).__name__} {action.name if isinstance(action, RunCommand) else ''}"


def _own_words(stage: Stage, chat: SimulatedChat) -> Iterator[str]:
    """Give each line and button that the bot wrote in that chat, ever, and each flash, without the plan's own words."""
    plans = [load(packaged(PLAN)).model_dump(mode="json")]
    starts = {text[:24].casefold() for text in _texts(plans) if "comisi" in text.casefold()}
    for entry in stage.telegram.log:
        if entry.direction == "out" and entry.chat_id == chat.id:
            lines = [*entry.text.splitlines(), *(label for row in entry.buttons for label in row)]
            yield from (line for line in lines if not any(start in line.casefold() for start in starts))


def _texts(value: Any) -> Iterator[str]:
    """Give the lines of every text in a plan."""
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
