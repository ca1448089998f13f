"""Every visible word passes through gettext: in a pseudo-locale, each command and button shows disguised words only."""

from collections import deque
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from handlers import (
    acknowledging,
    agenda,
    annexes,
    announcements,
    boards,
    convening,
    deliveries,
    drafting,
    papers,
    petitions,
    preferences,
    rolls,
    scheduling,
    telling,
)
from handlers.table import COMMANDS, TAPS
from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.month import Month
from prep_bot.domain.role import VOTING, Role
from prep_bot.i18n import DEFAULT_LOCALE, use_catalogues
from prep_bot.simulation.faults import ServerError
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedChat, SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.action import Action, decode
from prep_bot.texts.actions.agenda import (
    AddStandardPoint,
    AskPoints,
    CarryPoint,
    DrawUpAgenda,
    EditPoint,
    MarkUnfinished,
    MovePoint,
    RemovePoint,
    RestorePoint,
    ShowAgenda,
    ShowPoint,
    ShowUnfinished,
)
from prep_bot.texts.actions.annexes import (
    AskAnnex,
    ChooseFileMeeting,
    ChooseFilePoint,
    OpenAnnex,
    ReplaceAnnex,
    ShowAnnex,
    TakeForSigned,
    WithdrawAnnex,
)
from prep_bot.texts.actions.announcements import (
    CancelAnnouncement,
    ChooseAudience,
    RetryDelivery,
    SendAnnouncement,
    ShowAnnouncement,
    ShowDeliveries,
)
from prep_bot.texts.actions.answers import Acknowledge, ChangeModality, GiveAnswer, KeepMeeting, Postpone, SkipDetail
from prep_bot.texts.actions.calendar import (
    AskDateAgain,
    CancelMeeting,
    CloseMeeting,
    ConfirmChange,
    DateMeeting,
    DeferMeeting,
    KeepPlace,
    MoveMeeting,
    PickDate,
    PickModality,
)
from prep_bot.texts.actions.convening import (
    AskSigned,
    CallItUrgent,
    ChooseTold,
    Convene,
    IssueCertificate,
    PickNature,
    PreviewConvocation,
    RecordTold,
    SendCalendar,
    SendCertificate,
    SendConvocation,
    SendDocument,
    ShowBoard,
    TellChanges,
)
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.actions.people import AskDeleteContact, DeleteContact, TogglePreference
from prep_bot.texts.actions.petitions import (
    PreparePetitioned,
    PresentPetition,
    ShowPetition,
    ShowPetitions,
    SignPetition,
    UnsignPetition,
    WithdrawPetition,
)
from prep_bot.texts.actions.rolls import (
    AskArrival,
    AskNoQuorum,
    DeclareNoQuorum,
    DeclareQuorum,
    MarkAttendance,
    MarkRest,
    ShowAttendances,
    ShowRoll,
)
from prep_bot.texts.help import summary
from tests.support.convening import seat_of, without_quorum
from tests.support.conversation import another_plan
from tests.support.pseudo import escaped_words, pseudo_catalogue
from tests.support.reading import changed, shipped, with_activities, with_session

ARGUMENTS = {
    "pendientes": (" febrero", " julio", " todo", " marte"),
    "actividades": (" febrero", " julio", " marte"),
    "calendario": (" febrero", " julio", " marte"),
    "actividad": (" 9", " 31", " 99"),
    "sesion": (" 1", " 2", " 5", " 99"),
    "registrar": (" 9", " 99"),
}
"""What else is said after a command, besides nothing."""

OF_SESSIONS = {
    tap.action
    for family in (
        acknowledging,
        announcements,
        boards,
        convening,
        telling,
        deliveries,
        drafting,
        preferences,
        scheduling,
    )
    for tap in family.FAMILY.taps
}
OF_PETITIONS = {tap.action for tap in petitions.FAMILY.taps}
"""What takes a conversation to come to."""

OF_ANSWERS = {GiveAnswer, SkipDetail, ChangeModality, KeepMeeting}
OF_ROLLS = {tap.action for tap in rolls.FAMILY.taps}
"""What takes a session to which several people are convened, and its hour."""
OF_AGENDAS = {tap.action for family in (agenda, annexes, papers) for tap in family.FAMILY.taps}
"""What takes points, files and a convocation."""

NAMES = ["PREP 2021-2022", *(entry.name for entry in (*shipped().people, *shipped().sessions))]
NAMES += [f"Persona {role.value}" for role in Role]
STORED = {word for name in NAMES for word in escaped_words(name)}
"""Words of the plan's names, which may be a button's label."""


@pytest.fixture
def pseudo(stage: Stage, tmp_path: Path) -> Iterator[None]:
    """Speak the pseudo-locale to everybody, strangers too."""
    pseudo_catalogue(tmp_path / "own", DEFAULT_LOCALE)
    use_catalogues(tmp_path / "own")
    yield
    use_catalogues(None)


class Explorer:
    """Says and taps everything, and keeps what was seen and which actions were asked for."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.tapped: set[type[Action]] = set()
        self._seen: set[tuple[object, ...]] = set()

    async def explore(self, user: SimulatedUser, text: str, group: SimulatedGroup | None = None) -> None:
        """Say something and tap every kind of button of the answer, of what that leads to, and so on."""
        await self.stage.says(user, text, group)
        waiting = deque([self.stage.telegram.last(group or user)])
        while waiting:
            message = waiting.popleft()
            for button in [button for row in message.keyboard for button in row if button.data]:
                if self._is_new(button.data or "", message, group) and decode(button.data or "") != DeleteContact():
                    waiting.append(await self._tap(user, message, button.data or "", group or user))

    async def play(self, user: SimulatedUser, *steps: str | type[Action] | Action | timedelta | bytes) -> None:
        """Say what is text, send what is a file, tap the newest button of a kind of action or of just that action, and
        wait a span of time.
        """
        for step in steps:
            if isinstance(step, bytes):
                self.stage.telegram.sends_document(user, "123.pdf", step, "application/pdf")
                await self.stage.settle()
            elif isinstance(step, timedelta):
                await self.stage.advance(self.stage.clock.now() + step)
            elif isinstance(step, str):
                await self.stage.says(user, step)
            else:
                message, data = self._newest(user, step)
                self.tapped.add(type(decode(data)))
                await self._tap(user, message, data, user)

    def _newest(self, user: SimulatedUser, wanted: type[Action] | Action) -> tuple[SimulatedMessage, str]:
        for message in reversed(self.stage.telegram.messages(user)):
            for button in (button for row in message.keyboard for button in row):
                action = decode(button.data) if button.data else None
                if action is not None and wanted in {action, type(action)}:
                    return message, button.data or ""
        raise LookupError(f"no {wanted} after {self.stage.telegram.last(user).text!r}")

    async def _tap(
        self, user: SimulatedUser, message: SimulatedMessage, data: str, chat: SimulatedChat
    ) -> SimulatedMessage:
        newest = self.stage.telegram.last(chat).id
        self.stage.telegram.taps_data(user, message, data)
        await self.stage.settle()
        last = self.stage.telegram.last(chat)
        if last.id != newest:
            return last
        return next(m for m in self.stage.telegram.messages(chat) if m.id == message.id)

    def _is_new(self, data: str, message: SimulatedMessage, group: SimulatedGroup | None) -> bool:
        """Tell whether such a button was not yet tapped in a message with the same kinds of button."""
        action = decode(data)
        self.tapped.add(type(action))
        kinds = frozenset(type(decode(b.data)) for row in message.keyboard for b in row if b.data)
        key = (group is not None, type(action), getattr(action, "state", None), getattr(action, "role", None), kinds)
        new = key not in self._seen
        self._seen.add(key)
        return new


def assert_all_words_are_disguised(stage: Stage) -> None:
    """Look at every call of the bot so far: its text, its buttons, what flashed up."""
    seen = [entry for entry in stage.telegram.log if entry.direction == "out"]
    assert any(entry.html for entry in seen)
    for entry in seen:
        assert escaped_words(entry.html or entry.params.get("text", "")) == [], entry.html
        for label in (label for row in entry.buttons for label in row):
            assert set(escaped_words(label)) <= STORED, (label, entry.html)


async def test_every_command_and_button_of_every_role(stage: Stage, pseudo: None) -> None:
    await stage.services.plans.apply(with_session(5, **_dated()))
    explorer = Explorer(stage)
    people = {role: await _enrolled(explorer, role) for role in Role}
    secretary = people.pop(Role.TECHNICAL_SECRETARY)
    for user in (*people.values(), secretary):
        for name in COMMANDS:
            await explorer.explore(user, f"/{name}")
        for words in ("pendinete", "hola", "/registra 9", "x"):
            await explorer.explore(user, words)
    for name, arguments in ARGUMENTS.items():
        for argument in arguments:
            await explorer.explore(secretary, f"/{name}{argument}")
    months = [str(Month(2022, 1) + n) for n in range(40)]
    await stage.services.plans.apply(with_activities(*({"month": month, "text": "x"} for month in months)))
    await explorer.explore(secretary, "/avance")
    await stage.says(secretary, "/misdatos")
    for data in (AskDeleteContact(), DeleteContact()):
        stage.telegram.taps_data(secretary, stage.telegram.last(secretary), data.encode())
        await stage.settle()
    assert_all_words_are_disguised(stage)
    commands_without_menu = {"start"}
    for name in set(COMMANDS) - commands_without_menu:
        assert escaped_words(summary(name)) == []
    never_in_private = {kind for kind, tap in TAPS.items() if tap.in_any_group}
    talked_over = OF_SESSIONS | OF_PETITIONS | OF_ANSWERS | OF_ROLLS | OF_AGENDAS
    assert explorer.tapped >= {*TAPS, RunCommand} - never_in_private - talked_over


async def test_settling_convening_and_telling(stage: Stage, pseudo: None) -> None:
    explorer = Explorer(stage)
    play = explorer.play
    members = [await _enrolled(explorer, role) for role in (Role.PRESIDENCY, Role.MEMBER)]
    secretary = await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    await play(secretary, "/fijar 5 24 de febrero 11:00", AskDateAgain, "31 de febrero", "ayer 11:00", "24/02 17:00")
    await play(secretary, PickDate, PickModality, "123", "/convocar 5", PreviewConvocation, Convene)
    for member in members:
        await play(member, "/pendientes", Acknowledge, "/proxima")
    await play(secretary, "/sesion 5", ShowBoard, ChooseTold, RecordTold, "123", "123", "2022-02-05 10:00")
    await play(secretary, "/fijar 6", DateMeeting, "25 de febrero 10:00", PickDate, KeepPlace, "/convocar 6")
    await play(secretary, "/sesion 5", MoveMeeting, "28/02/2022 12:00", PickDate, KeepPlace, PickNature, "123")
    await play(secretary, ConfirmChange)
    await play(secretary, "/sesion 6", DeferMeeting, "123", ConfirmChange)
    await play(secretary, "/convocar", "/sesion 7", CancelMeeting, "123", ConfirmChange)
    await play(secretary, "/extraordinaria", "123", "20 de marzo 11:00", PickDate, PickModality, "123", ConfirmChange)
    members[0].blocked = True
    await play(secretary, "/aviso", "123", ChooseAudience, SendAnnouncement, timedelta(hours=1), ShowAnnouncement)
    stage.telegram.unblocks(members[0])
    await stage.settle()
    await play(secretary, "/envios", RetryDelivery, "/ajustes", TogglePreference)
    await play(members[1], timedelta(days=22, hours=3), Postpone, timedelta(days=1))
    in_the_morning = SendAnnouncement(1, in_the_morning=True, at_night=True)
    await play(secretary, timedelta(hours=8), "/aviso", "123", ChooseAudience, in_the_morning)
    await play(secretary, "/envios", ShowAnnouncement, ShowDeliveries, ShowAnnouncement, CancelAnnouncement)
    await play(secretary, "/sesion 5", CloseMeeting, "123", ConfirmChange, timedelta(days=70))
    assert_all_words_are_disguised(stage)
    assert explorer.tapped >= OF_SESSIONS - {CallItUrgent, TellChanges} - OF_ANSWERS


async def test_too_little_notice_and_what_speaks_against_a_date(stage: Stage, pseudo: None) -> None:
    rules = shipped().rules.model_dump() | {"holidays": {"electoral_process": False, "extra": ["2022-02-08"]}}
    rules["notice_terms"] = {"ordinary": {"days": 3}, "second_call": {"hours": 30}}
    await stage.services.plans.apply(changed(shipped(), rules=rules))
    explorer = Explorer(stage)
    play = explorer.play
    secretary = await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    await play(secretary, "/extraordinaria 123", "6/02 9:00", PickDate, CallItUrgent, "123", PickModality, "123")
    await play(secretary, ConfirmChange, PreviewConvocation, Convene)
    for number, day in ((5, "7/02"), (6, "7/02"), (7, "8/02")):
        await play(secretary, f"/fijar {number} {day} 10:00", PickDate, KeepPlace)
    await play(secretary, "/convocar 5", Convene, "x" * 501, "123", ConfirmChange, timedelta(days=3))
    await without_quorum(stage, secretary)
    await play(
        secretary, "/sesion 5", "/proxima", "/calendario", "/pendientes todo", "/fijar", "/convocar 5", DateMeeting
    )
    await play(secretary, "9/02 10:00", PickDate, KeepPlace, "/convocar 5", Convene, "123", ConfirmChange, "/proxima")
    assert_all_words_are_disguised(stage)
    assert CallItUrgent in explorer.tapped


async def test_answering_and_a_quorum_at_risk(stage: Stage, pseudo: None) -> None:
    explorer = Explorer(stage)
    play = explorer.play
    roles = (Role.PRESIDENCY, Role.MEMBER, Role.PARTY_REPRESENTATIVE)
    presidency, member, party = [await _enrolled(explorer, role) for role in roles]
    secretary = await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    plan = shipped()
    few = tuple(person for person in plan.people if person.role not in VOTING)
    await stage.services.plans.apply(plan.model_copy(update={"people": few}))
    await play(secretary, "/tablero", "/tablero 5", "/fijar 5 24 de febrero 11:00", PickDate, PickModality, "123")
    await play(secretary, "/convocar 5", Convene, "/tablero")
    for user in (presidency, member, party):
        await play(user, GiveAnswer)
        no = next(b for b in stage.telegram.last(user).keyboard[1] if b.data == GiveAnswer(1, Answer.ABSENT).encode())
        stage.telegram.taps_data(user, stage.telegram.last(user), no.data or "")
        await stage.settle()
    await play(presidency, SkipDetail)
    await play(member, "n" * 301, "123")
    await play(party, SkipDetail, "x", "123 123", "/cancelar")
    await play(secretary, ChangeModality, "/cancelar", KeepMeeting, "/tablero")
    assert_all_words_are_disguised(stage)
    assert explorer.tapped >= OF_ANSWERS


async def test_the_agenda_its_annexes_and_the_papers(stage: Stage, pseudo: None) -> None:
    explorer = Explorer(stage)
    play = explorer.play
    member = await _enrolled(explorer, Role.MEMBER)
    secretary = await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    one, other = (f"%PDF-1.4 {n}".encode() for n in range(2))
    await play(secretary, "/fijar 5 24 de febrero 11:00", PickDate, PickModality, "123", "/orden", "/orden 5")
    await play(secretary, DrawUpAgenda, AskPoints, "123", ShowAgenda, ShowPoint, RemovePoint, RestorePoint)
    await play(secretary, "/orden 5", ShowPoint, RemovePoint, "/orden 5", AskPoints, AddStandardPoint, "/cancelar")
    await play(
        secretary, "/orden 5", ShowPoint, MovePoint, "/orden 5", ShowPoint, EditPoint, "1" * 601, "321", "/orden 5"
    )
    await play(secretary, ShowPoint, AskAnnex)
    await play(
        secretary, one, "/convocar 5", Convene, one, TakeForSigned, "/orden 5", SendDocument, AskSigned, b"MZ", one
    )
    await play(member, SendConvocation, SendCalendar, "/orden 5", OpenAnnex)
    await play(secretary, other, ChooseFileMeeting, ChooseFilePoint, ReplaceAnnex, b"MZ")
    await play(secretary, "/orden 5", ShowPoint, ShowAnnex, OpenAnnex, "/orden 5", TellChanges, PickNature, "123")
    await play(secretary, ConfirmChange, "/orden 5", ShowPoint, ShowAnnex, WithdrawAnnex, "/convocar 5")
    await play(secretary, "/constancia 5", SendCertificate, "/documento 5", IssueCertificate, timedelta(days=20))
    await play(secretary, "/sesion 5", CloseMeeting, "123", ShowUnfinished, MarkUnfinished)
    await play(secretary, "/fijar 6 28 de febrero 11:00", PickDate, KeepPlace, "/orden 6", AskPoints, CarryPoint)
    assert_all_words_are_disguised(stage)
    assert explorer.tapped >= OF_AGENDAS


async def test_the_roll_call(stage: Stage, pseudo: None) -> None:
    explorer = Explorer(stage)
    play = explorer.play
    for role in (Role.PRESIDENCY, Role.MEMBER):
        await _enrolled(explorer, role)
    secretary = await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    plan = shipped()
    few = tuple(person for person in plan.people if person.role not in VOTING)
    await stage.services.plans.apply(plan.model_copy(update={"people": few}))
    for number, day in ((5, 24), (6, 25)):
        await play(secretary, f"/fijar {number} {day} de febrero 11:00", PickDate, PickModality, "123")
        await play(secretary, f"/convocar {number}", Convene)
    await play(secretary, "/asistencia", "/asistencia 5", "/asistencia 7", "/asistencias")
    await play(secretary, timedelta(days=19, minutes=30), "/asistencia", timedelta(minutes=30), "/sesion 5", ShowRoll)
    people = await stage.services.attendance.roll(await seat_of(stage, secretary), 5)
    first, second = (person.person_id for person in people.people[:2])

    async def tap(action: Action) -> None:
        stage.telegram.taps_data(secretary, stage.telegram.last(secretary), action.encode())
        await stage.settle()

    await tap(DeclareQuorum(1, 5))
    await play(secretary, MarkAttendance)
    await tap(AskArrival(1, 5, second))
    await tap(ShowRoll(1, 5, None))
    await play(secretary, AskArrival, "x", "10:30", "/asistencia", MarkRest, AskNoQuorum, DeclareNoQuorum)
    await play(secretary, "/asistencia 5", timedelta(days=1), "/asistencia")
    for person in (first, second, 99999):
        await tap(MarkAttendance(1, 6, person, Attendance.REMOTE))
    await tap(DeclareNoQuorum(1, 6))
    await play(secretary, "/asistencia", DeclareQuorum)
    await tap(DeclareQuorum(1, 6))
    await play(secretary, "/sesion 6", CloseMeeting, "123", "/asistencia 6", "/asistencias")
    assert_all_words_are_disguised(stage)
    assert explorer.tapped >= OF_ROLLS - {ShowAttendances}


async def test_petitions(stage: Stage, pseudo: None) -> None:
    """Of a commission of four who vote: three make the majority."""
    await stage.services.plans.apply(changed(shipped(), people=[]))
    explorer = Explorer(stage)
    play = explorer.play
    proposer, other = [await _enrolled(explorer, role) for role in (Role.PRESIDENCY, Role.MEMBER)]
    third = await _enrolled(explorer, Role.MEMBER, "Persona guest")
    await stage.services.invitations.create(1, "Persona technical_unit", Role.MEMBER, by=None)
    secretary = await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    await play(proposer, "/solicitudes", "/solicitar", "1" * 501, "123", "123", "123", PresentPetition)
    await play(other, SignPetition, "/solicitudes", ShowPetition, UnsignPetition, SignPetition)
    await play(proposer, "/solicitar", WithdrawPetition)
    await play(third, SignPetition, "/solicitar 123", "123", PresentPetition)
    await play(other, SignPetition)
    await play(proposer, "/solicitudes", SignPetition, WithdrawPetition, ShowPetitions, ShowPetition)
    await play(secretary, PreparePetitioned, "20 de marzo 11:00", PickDate, PickModality, "123", ConfirmChange)
    await play(secretary, PreparePetitioned, "/solicitudes")
    await play(other, ShowPetition, "/solicitar 123", "123", PresentPetition, timedelta(days=11))
    await play(third, SignPetition, ShowPetition)
    assert_all_words_are_disguised(stage)
    assert explorer.tapped >= OF_PETITIONS


async def test_the_linked_group(stage: Stage, pseudo: None) -> None:
    explorer = Explorer(stage)
    secretary = await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    await stage.services.plans.apply(another_plan("quejas-2022", "123"))
    made = await stage.services.invitations.create(2, "Persona technical_secretary", Role.TECHNICAL_SECRETARY, by=None)
    await _accepts(stage, secretary, made.code)
    group = stage.telegram.group("Grupo")
    group.add(secretary, creator=True)
    stage.telegram.add_bot(group, secretary)
    await stage.settle()
    await explorer.explore(secretary, "/vincular", group)
    for name in COMMANDS:
        await explorer.explore(secretary, f"/{name}", group)
    await explorer.explore(secretary, "/pendientes")
    await explorer.explore(secretary, "/actividad 9")
    assert_all_words_are_disguised(stage)
    assert explorer.tapped >= {kind for kind, tap in TAPS.items() if tap.in_any_group}


async def test_dialogues_mistakes_and_failures(stage: Stage, pseudo: None) -> None:
    explorer = Explorer(stage)
    stranger = stage.telegram.user("Nadie")
    await stage.says(stranger, "hola")
    await stage.says(stranger, "/start nada")
    user = await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    for ending in ("Una nota.", "n" * 501, "/cancelar"):
        await _record(stage, user)
        await stage.says(user, ending)
    await _record(stage, user)
    await stage.advance(stage.clock.now() + timedelta(hours=1))
    await stage.says(user, "Muy tarde.")
    stage.telegram.sends_photo(user, b"\xff\xd8\xff" + b"\0" * 40)
    await stage.settle()
    old = stage.telegram.last(user)
    for data in ("x", "1ru:1:99", "1rp:1:99:done:0", "1rp:1:9:done:0", "1im:1:99", "1ix:1:99"):
        stage.telegram.taps_data(user, old, data)
        await stage.settle()
    for data in ("1it:1:1:0", "1it:1:1:1", "1iv:1:member", "1ig:1:99", "1ie:1:1:0"):
        for answer in ("x", "24/02/2030", "ayer", "n" * 300, "", "Nueva Persona"):
            stage.telegram.taps_data(user, old, data)
            await stage.settle()
            if answer:
                await stage.says(user, answer)
    with capture_logs():
        stage.telegram.fail_next("sendMessage", ServerError())
        await stage.says(user, "/avance")
        stage.telegram.fail_next("editMessageText", ServerError())
        await explorer.explore(user, "/actividades")
    assert_all_words_are_disguised(stage)


async def test_what_the_bot_tells_by_itself(stage: Stage, pseudo: None) -> None:
    explorer = Explorer(stage)
    await _enrolled(explorer, Role.TECHNICAL_SECRETARY)
    member = await _enrolled(explorer, Role.MEMBER)
    stage.telegram.blocks(member)
    await stage.advance(stage.clock.now() + timedelta(days=1))
    assert_all_words_are_disguised(stage)


def _dated() -> dict[str, Any]:
    return {
        "date": date(2022, 2, 24),
        "time": time(11),
        "place": "123",
        "modality": "mixed",
        "link": "https://example.org",
    }


async def _enrolled(explorer: Explorer, role: Role, name: str = "") -> SimulatedUser:
    stage = explorer.stage
    name = name or f"Persona {role.value}"
    made = await stage.services.invitations.create(1, name, role, by=None, meeting_numbers=(5,))
    user = stage.telegram.user(role.value)
    await _accepts(stage, user, made.code)
    return user


async def _accepts(stage: Stage, user: SimulatedUser, code: str) -> None:
    offer = await stage.says(user, f"/start {code}")
    await stage.taps(user, offer.buttons[0][0], offer)


async def _record(stage: Stage, user: SimulatedUser) -> None:
    asked = await stage.says(user, "/registrar 9")
    await stage.taps(user, asked.buttons[1][0], asked)
