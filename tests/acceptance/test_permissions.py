"""Every command and every button × every role, former members and strangers, in private and in groups.

The tables below say who may use what. Whatever the bot has and they lack fails the first test. Whoever may not is told
so, sees nothing, and not one byte of the database changes.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import MISSING, asdict, dataclass, fields, replace
from datetime import date, time
from itertools import product

import pytest

from handlers.table import COMMANDS, TAPS
from prep_bot.domain.activity import ActivityState
from prep_bot.domain.agenda import StandardPoint
from prep_bot.domain.announcement import Audience
from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.meeting import Modality
from prep_bot.domain.petition import Proposal
from prep_bot.domain.postponing import Later
from prep_bot.domain.role import Permission, Role
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import load, packaged
from prep_bot.services.annexes import NewFile
from prep_bot.services.announcements import Draft
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedChat, SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts import actions as act
from prep_bot.texts.actions.action import Action
from tests.support.conversation import another_plan, sent_to, stored

Enrol = Callable[..., Awaitable[SimulatedUser]]

PRESIDENCY, MEMBER, SECRETARY = Role.PRESIDENCY.value, Role.MEMBER.value, Role.TECHNICAL_SECRETARY.value
PARTY, UNIT, GUEST = Role.PARTY_REPRESENTATIVE.value, Role.TECHNICAL_UNIT.value, Role.GUEST.value
FORMER, STRANGER = "former member", "stranger"
WHO = (*(role.value for role in Role), FORMER, STRANGER)

NOBODY: frozenset[str] = frozenset()
READERS = frozenset({PRESIDENCY, MEMBER, SECRETARY, PARTY, UNIT})
ROLES = READERS | {GUEST}
ENROLLED = ROLES | {FORMER}
RECORDERS = frozenset({SECRETARY, UNIT})
ONLY_SECRETARY = frozenset({SECRETARY})
VOTERS = frozenset({PRESIDENCY, MEMBER})
VOTERS_AND_SECRETARY = VOTERS | ONLY_SECRETARY
CERTIFIERS = frozenset({SECRETARY, PRESIDENCY})
CONVENERS = frozenset({SECRETARY})
"""With the setting `presidency_convenes`, which is off by default, the presidency too."""

COMMANDS_IN_PRIVATE = {
    "start": ENROLLED,
    "ayuda": ENROLLED,
    "cancelar": ENROLLED,
    "privacidad": ENROLLED,
    "misdatos": ENROLLED,
    "calendario": ROLES,
    "sesion": ROLES,
    "orden": ROLES,
    "proxima": ROLES,
    "pendientes": READERS,
    "actividades": READERS,
    "actividad": READERS,
    "avance": READERS,
    "integrantes": READERS,
    "ajustes": ROLES,
    "registrar": RECORDERS,
    "fijar": CONVENERS,
    "extraordinaria": CONVENERS,
    "convocar": CONVENERS,
    "solicitar": VOTERS,
    "solicitudes": VOTERS_AND_SECRETARY,
    "tablero": CONVENERS,
    "documento": CONVENERS,
    "asistencia": CONVENERS,
    "asistencias": READERS,
    "constancia": CERTIFIERS,
    "aviso": ONLY_SECRETARY,
    "envios": ONLY_SECRETARY,
    "invitar": ONLY_SECRETARY,
    "vincular": NOBODY,
}
COMMANDS_IN_GROUP = {
    **dict.fromkeys(COMMANDS_IN_PRIVATE, NOBODY),  # what is personal points to the private chat instead
    "ayuda": READERS,
    "calendario": READERS,
    "sesion": READERS,
    "orden": READERS,
    "proxima": READERS,
    "pendientes": READERS,
    "actividades": READERS,
    "actividad": READERS,
    "avance": READERS,
    "vincular": ONLY_SECRETARY,
}
BUTTONS_IN_PRIVATE: dict[type[Action], frozenset[str]] = {
    act.plan.ShowPending: READERS,
    act.plan.ShowActivities: READERS,
    act.plan.ShowActivity: READERS,
    act.plan.ShowProgress: READERS,
    act.calendar.ShowCalendar: ROLES,
    act.calendar.ShowMeeting: ROLES,
    act.plan.ChooseActivity: RECORDERS,
    act.plan.ChooseState: RECORDERS,
    act.plan.RecordProgress: RECORDERS,
    act.plan.UndoProgress: RECORDERS,
    act.people.ShowMembers: READERS,
    act.people.ShowMember: ONLY_SECRETARY,
    act.people.ShowFormerMembers: ONLY_SECRETARY,
    act.people.ChooseRole: ONLY_SECRETARY,
    act.people.InviteAs: ONLY_SECRETARY,
    act.people.InviteGuestTo: ONLY_SECRETARY,
    act.people.ShowInvitations: ONLY_SECRETARY,
    act.people.RevokeInvitation: ONLY_SECRETARY,
    act.people.InviteAgain: ONLY_SECRETARY,
    act.people.AskEnd: ONLY_SECRETARY,
    act.people.EndToday: ONLY_SECRETARY,
    act.people.LinkGroup: NOBODY,
    act.calendar.DateMeeting: CONVENERS,
    act.calendar.MoveMeeting: CONVENERS,
    act.calendar.DeferMeeting: CONVENERS,
    act.calendar.CancelMeeting: CONVENERS,
    act.calendar.CloseMeeting: CONVENERS,
    act.calendar.PickDate: CONVENERS,
    act.calendar.AskDateAgain: CONVENERS,
    act.calendar.PickModality: CONVENERS,
    act.convening.CallItUrgent: CONVENERS,
    act.calendar.KeepPlace: CONVENERS,
    act.calendar.ConfirmChange: CONVENERS,
    act.convening.PreviewConvocation: CONVENERS,
    act.convening.Convene: CONVENERS,
    act.convening.ShowBoard: CONVENERS,
    act.convening.ChooseTold: CONVENERS,
    act.convening.RecordTold: CONVENERS,
    act.answers.Acknowledge: ROLES,
    act.answers.GiveAnswer: ROLES,
    act.answers.SkipDetail: ROLES,
    act.answers.ChangeModality: CONVENERS,
    act.answers.KeepMeeting: CONVENERS,
    act.convening.IssueCertificate: CERTIFIERS,
    act.convening.SendCertificate: CERTIFIERS,
    act.convening.SendDocument: CONVENERS,
    act.convening.AskSigned: CONVENERS,
    act.convening.SendConvocation: ROLES,
    act.convening.SendCalendar: ROLES,
    act.agenda.ShowAgenda: ROLES,
    act.agenda.DrawUpAgenda: CONVENERS,
    act.agenda.AskPoints: CONVENERS,
    act.agenda.AddStandardPoint: CONVENERS,
    act.agenda.CarryPoint: CONVENERS,
    act.agenda.ShowPoint: CONVENERS,
    act.agenda.EditPoint: CONVENERS,
    act.agenda.MovePoint: CONVENERS,
    act.agenda.RemovePoint: CONVENERS,
    act.agenda.RestorePoint: CONVENERS,
    act.agenda.ShowUnfinished: CONVENERS,
    act.agenda.MarkUnfinished: CONVENERS,
    act.annexes.AskAnnex: CONVENERS,
    act.annexes.ShowAnnex: CONVENERS,
    act.annexes.OpenAnnex: ROLES,
    act.annexes.WithdrawAnnex: CONVENERS,
    act.annexes.ChooseFileMeeting: CONVENERS,
    act.annexes.ChooseFilePoint: CONVENERS,
    act.annexes.ReplaceAnnex: CONVENERS,
    act.annexes.TakeForSigned: CONVENERS,
    act.convening.TellChanges: CONVENERS,
    act.convening.PickNature: CONVENERS,
    act.rolls.ShowRoll: CONVENERS,
    act.rolls.MarkAttendance: CONVENERS,
    act.rolls.MarkRest: CONVENERS,
    act.rolls.AskArrival: CONVENERS,
    act.rolls.DeclareQuorum: CONVENERS,
    act.rolls.AskNoQuorum: CONVENERS,
    act.rolls.DeclareNoQuorum: CONVENERS,
    act.rolls.ShowAttendances: READERS,
    act.answers.Postpone: ROLES,
    act.people.TogglePreference: ROLES,
    act.announcements.ChooseAudience: ONLY_SECRETARY,
    act.announcements.SendAnnouncement: ONLY_SECRETARY,
    act.announcements.ShowAnnouncement: ONLY_SECRETARY,
    act.announcements.CancelAnnouncement: ONLY_SECRETARY,
    act.announcements.ShowDeliveries: ONLY_SECRETARY,
    act.announcements.RetryDelivery: ONLY_SECRETARY,
    act.petitions.ShowPetitions: VOTERS_AND_SECRETARY,
    act.petitions.ShowPetition: VOTERS_AND_SECRETARY,
    act.petitions.PresentPetition: VOTERS,
    act.petitions.SignPetition: VOTERS,
    act.petitions.UnsignPetition: VOTERS,
    act.petitions.WithdrawPetition: VOTERS,
    act.petitions.PreparePetitioned: CONVENERS,
    act.general.ShowHelp: ENROLLED,
    act.people.ShowMyData: ENROLLED,
    act.people.AskDeleteContact: ENROLLED,
    act.people.DeleteContact: ENROLLED,
}
BUTTONS_IN_GROUP: dict[type[Action], frozenset[str]] = {
    **dict.fromkeys(BUTTONS_IN_PRIVATE, NOBODY),
    act.plan.ShowPending: READERS,
    act.plan.ShowActivities: READERS,
    act.plan.ShowActivity: READERS,
    act.plan.ShowProgress: READERS,
    act.calendar.ShowCalendar: READERS,
    act.calendar.ShowMeeting: READERS,
    act.agenda.ShowAgenda: READERS,
    act.general.ShowHelp: READERS,
    act.people.LinkGroup: ONLY_SECRETARY,
}
TESTED_APART = {act.people.AcceptPrivacy, act.general.RunCommand}
"""The one enrols a stranger (test_enrolment.py), the other is each of the commands."""

DATED = 5
"""The number of a session that is convened in each of the commissions."""

NOT_YOURS = "Esta opción no corresponde a su carácter."
STALE = "Este botón ya no sirve. Escriba de nuevo lo que necesita; /ayuda muestra las opciones."
TROUBLE = "Tuvimos un problema"
NAYMA = "Nayma Enríquez Estrada"


def test_the_tables_lack_nothing() -> None:
    assert set(COMMANDS_IN_PRIVATE) == set(COMMANDS_IN_GROUP) == set(COMMANDS)
    assert set(BUTTONS_IN_PRIVATE) == set(BUTTONS_IN_GROUP) == set(Action.__subclasses__()) - TESTED_APART == set(TAPS)


@dataclass(frozen=True)
class Things:
    """Ids of one commission to aim at."""

    commission: int
    membership: int
    invitation: int
    entry: int
    person: int
    meeting: int
    convocation: int
    announcement: int
    delivery: int
    petition: int
    point: int
    certificate: int

    def action(self, kind: type[Action]) -> Action:
        """Return that action upon these things, with the defaults of the rest."""
        known = {
            **asdict(self),
            "number": DATED,
            "after": 0,
            "state": ActivityState.DONE,
            "role": Role.MEMBER,
            "choice": 0,
            "stamp": 0,
            "urgent": True,
            "seen": 0,
            "modality": Modality.REMOTE,
            "later": Later.HOUR,
            "audience": Audience.EVERYONE,
            "answer": Answer.IN_PERSON,
            "risk": 1,
            "attendance": Attendance.PRESENT,
            "pen": Attendance.PRESENT,
            "preference": act.people.Preference.HOUR_REMINDER,
            "wanted": False,
            "standard": StandardPoint.MINUTES,
            "place": 1,
            "up": False,
            "series": 1,
            "version": 1,
            "correction": True,
        }
        return kind(**{f.name: known[f.name] for f in fields(kind) if f.default is MISSING})


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.fixture
async def things(stage: Stage, secretary: SimulatedUser, enrol: Enrol, database_url: str) -> Things:
    await stage.services.plans.apply(_dated(load(packaged("ieepco-prep-2021-2022"))))
    return await _things(stage, enrol, 1, secretary, "Blanco Fácil Mora", database_url)


@pytest.fixture
async def foreign(stage: Stage, enrol: Enrol, database_url: str) -> Things:
    """Things of another commission, in which nobody of the first one is."""
    await stage.services.plans.apply(_dated(another_plan("quejas", "Quejas")))
    other = await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Ajena Gil", commission_id=2)
    return await _things(stage, enrol, 2, other, "Persona Ajena Sáenz", database_url)


def _dated(plan: PlanDocument) -> PlanDocument:
    """Return the plan with a date for the session DATED."""
    given = {"date": date(2022, 2, 24), "time": time(11)}
    sessions = [
        session.model_copy(update=given) if number == DATED else session
        for number, session in enumerate(plan.sessions, start=1)
    ]
    return plan.model_copy(update={"sessions": tuple(sessions)})


async def _things(
    stage: Stage, enrol: Enrol, commission_id: int, secretary: SimulatedUser, target: str, database_url: str
) -> Things:
    """Make one of each, by what the commission's secretary may do."""
    services = stage.services
    actor = await services.identity.of(secretary.id)
    assert actor is not None
    (seat,) = actor.seats
    entry = await services.progress.record(seat, 7, ActivityState.IN_PROGRESS, after=0)
    reader = await enrol(Role.PARTY_REPRESENTATIVE, target, commission_id=commission_id)
    meeting = await services.meetings.numbered(seat, DATED)
    assert meeting is not None
    await services.points.add(seat, meeting.id, ["Punto de <prueba>"])
    point = (await services.agendas.of(seat, meeting)).points[-1].item or 0
    paper = NewFile("Anexo.pdf", "application/pdf", f"%PDF {target}".encode(), None)
    await services.annexes.add(seat, meeting.id, None, None, paper)
    convocation = await services.convocations.convene(seat, meeting.id, meeting.since, stage.clock.now(), 0)
    await stage.settle()
    prepared = await services.certificates.prepare(seat, convocation)
    certificate = await services.certificates.issue(seat, prepared, b"%PDF", b"{}")
    await services.dialogues.begin(actor.person_id, "an announcement", commission=commission_id)
    announcement = await services.announcements.publish(
        seat, "an announcement", Draft("Palabras del aviso"), Audience.EVERYONE
    )
    reader.blocked = True  # so that sending it fails, and can be tried again
    await stage.settle()
    stage.telegram.unblocks(reader)
    await stage.settle()
    await services.invitations.create(commission_id, target, Role.PARTY_REPRESENTATIVE, by=None)
    (invitation,) = await services.invitations.open(commission_id)
    member = next(m for m in await services.members.of(commission_id) if m.name == target)
    with closing(sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))) as database:
        query = "SELECT delivery_id FROM notice WHERE state = 'failed' AND announcement_id = ?"
        (delivery,) = database.execute(query, (announcement,)).fetchone()
    return Things(
        commission=commission_id,
        membership=member.membership_id,
        invitation=invitation.id,
        entry=entry.entry_id,
        person=member.person_id,
        meeting=meeting.id,
        convocation=convocation,
        announcement=announcement,
        delivery=delivery,
        petition=await _petition(stage, enrol, commission_id, f"{target} Votante"),
        point=point,
        certificate=certificate.head.sequence,
    )


async def _petition(stage: Stage, enrol: Enrol, commission_id: int, proposer: str) -> int:
    user = await enrol(Role.MEMBER, proposer, commission_id=commission_id)
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    (seat,) = actor.seats
    await stage.services.dialogues.begin(actor.person_id, "a petition", commission=commission_id)
    proposal = Proposal(commission=commission_id, topic=f"Tema de {proposer}", reason="Motivo")
    done = await stage.services.petitions.propose(seat, "a petition", proposal)
    await stage.settle()
    return done.petition.id


async def _person(stage: Stage, enrol: Enrol, secretary: SimulatedUser, who: str) -> SimulatedUser:
    """Return somebody of that kind, who has a message of the bot before them."""
    if who == STRANGER:
        user = stage.telegram.user("Curiosa")
        await stage.says(user, "hola")
        return user
    if who == SECRETARY:
        return secretary
    user = await enrol(Role.MEMBER if who == FORMER else Role(who), "Persona Examinada Ríos", (5,))
    if who == FORMER:
        examined, actor = await stage.services.identity.of(user.id), await stage.services.identity.of(secretary.id)
        assert examined is not None
        assert actor is not None
        membership = await stage.services.members.one(1, examined.seats[0].membership_id)
        assert membership is not None
        await stage.services.members.end(actor.seats[0], membership.membership_id, membership.starts_on)
    return user


def _seen(stage: Stage, *chats: SimulatedChat) -> list[SimulatedMessage]:
    return [m for chat in chats for m in stage.telegram.messages(chat) if m.user_id is None]


async def _tap(stage: Stage, user: SimulatedUser, message: SimulatedMessage, action: Action | str) -> str:
    """Let the person send that callback data; return what flashed up."""
    data = action if isinstance(action, str) else action.encode()
    tap = stage.telegram.taps_data(user, message, data)
    await stage.settle()
    assert tap.answer is not None
    assert TROUBLE not in tap.answer.text
    return tap.answer.text


def _last_of_the_bot(stage: Stage, chat: SimulatedChat) -> SimulatedMessage:
    return _seen(stage, chat)[-1]


# In private


@pytest.mark.parametrize("who", WHO)
async def test_commands_in_private(
    stage: Stage, things: Things, secretary: SimulatedUser, enrol: Enrol, who: str, database_url: str
) -> None:
    user = await _person(stage, enrol, secretary, who)
    for command, allowed in COMMANDS_IN_PRIVATE.items():
        before, seen = stored(database_url), _seen(stage, user)
        await stage.says(
            user, f"/{command}" if command == "start" else f"/{command} 5"
        )  # what follows /start is a code
        new = [m.text for m in _seen(stage, user)[len(seen) :]]
        if who in allowed:
            answer, *_ = new  # and what the bot tells of it by itself
            assert not answer.startswith(f"/{command}")
            assert TROUBLE not in answer
            continue
        if who == STRANGER:
            assert new == []
        elif who == FORMER:
            assert "usted ya no es integrante" in new[0] or command == "vincular"
        else:
            assert new[0].startswith(f"/{command} no corresponde") or command == "vincular"
        assert stored(database_url) == before


@pytest.mark.parametrize("who", WHO)
async def test_buttons_in_private(
    stage: Stage, things: Things, secretary: SimulatedUser, enrol: Enrol, who: str, database_url: str
) -> None:
    user = await _person(stage, enrol, secretary, who)
    last = {act.people.EndToday: 1, act.people.DeleteContact: 2}  # these take away what the others aim at
    for kind, allowed in sorted(BUTTONS_IN_PRIVATE.items(), key=lambda row: last.get(row[0], 0)):
        before, seen = stored(database_url), _seen(stage, user)
        flashed = await _tap(stage, user, seen[-1], things.action(kind))
        if who in allowed:
            assert flashed not in (NOT_YOURS, STALE), kind
            continue
        assert flashed == ("" if who == STRANGER else NOT_YOURS), kind
        assert _seen(stage, user) == seen, kind
        assert stored(database_url) == before, kind


@pytest.mark.parametrize("who", WHO)
async def test_commands_behind_buttons(
    stage: Stage,
    things: Things,
    foreign: Things,
    secretary: SimulatedUser,
    enrol: Enrol,
    who: str,
    database_url: str,
) -> None:
    user = await _person(stage, enrol, secretary, who)
    for commission, (command, allowed) in product((0, 1, 2), COMMANDS_IN_PRIVATE.items()):
        before, seen = stored(database_url), _seen(stage, user)
        flashed = await _tap(stage, user, seen[-1], act.general.RunCommand(commission, command, "5"))
        now = _seen(stage, user)
        if who == STRANGER:
            assert (now, flashed) == (seen, "")
        elif who not in allowed or (commission == 2 and COMMANDS[command].permission):
            assert any(words in now[-1].text for words in ("no corresponde", "ya no es integrante", "en el grupo"))
            assert stored(database_url) == before
        assert not any("Ajena" in message.text for message in now)


# In groups


@pytest.fixture
async def group(stage: Stage, secretary: SimulatedUser) -> SimulatedGroup:
    """The linked group, in which a message of the bot stands."""
    made = stage.telegram.group("Comisión PREP")
    made.add(secretary, creator=True)
    stage.telegram.add_bot(made, secretary)
    await stage.settle()
    await stage.says(secretary, "/vincular", made)
    return made


@pytest.mark.parametrize("who", WHO)
async def test_commands_in_the_linked_group(
    stage: Stage, group: SimulatedGroup, secretary: SimulatedUser, enrol: Enrol, who: str, database_url: str
) -> None:
    user = await _person(stage, enrol, secretary, who)
    group.add(user)
    own = _seen(stage, user)
    for command, allowed in COMMANDS_IN_GROUP.items():
        before, seen = stored(database_url), _seen(stage, group)
        await stage.says(user, f"/{command} 5", group)
        new = [m.text for m in _seen(stage, group)[len(seen) :]]
        if who in allowed:
            (answer,) = new
            assert not answer.startswith(f"/{command} se")
            continue
        pointer = f"/{command} se atiende en privado, para no mostrar aquí datos personales."
        assert new == ([pointer] if who in READERS and command != "vincular" else [])
        assert stored(database_url) == before
    assert _seen(stage, user) == own


@pytest.mark.parametrize("who", WHO)
async def test_buttons_in_the_linked_group(
    stage: Stage,
    things: Things,
    group: SimulatedGroup,
    secretary: SimulatedUser,
    enrol: Enrol,
    who: str,
    database_url: str,
) -> None:
    user = await _person(stage, enrol, secretary, who)
    group.add(user)
    for kind, allowed in BUTTONS_IN_GROUP.items():
        before, seen = stored(database_url), _seen(stage, group, user)
        flashed = await _tap(stage, user, _last_of_the_bot(stage, group), things.action(kind))
        if who in allowed:
            assert flashed == "", kind
            assert _seen(stage, group, user) != seen, kind
            continue
        if who in READERS or kind is act.people.LinkGroup:
            assert flashed == ("" if who == STRANGER else NOT_YOURS), kind
        else:
            assert flashed == "", kind
        assert _seen(stage, group, user) == seen, kind
        assert stored(database_url) == before, kind


@pytest.mark.parametrize("who", WHO)
async def test_in_a_group_that_is_not_linked(
    stage: Stage, things: Things, secretary: SimulatedUser, enrol: Enrol, who: str, database_url: str
) -> None:
    user = await _person(stage, enrol, secretary, who)
    made = stage.telegram.group("Otro grupo")
    made.add(secretary, creator=True)
    made.add(user)
    stage.telegram.add_bot(made, secretary)
    await stage.settle()
    before = stored(database_url)
    for command in COMMANDS:
        if (who, command) != (SECRETARY, "vincular"):
            await stage.says(user, f"/{command}", made)
    assert _seen(stage, made) == []
    message = stage.telegram.last(made)
    for kind in BUTTONS_IN_GROUP:
        if (who, kind) != (SECRETARY, act.people.LinkGroup):
            flashed = await _tap(stage, user, message, things.action(kind))
            assert flashed == (NOT_YOURS if kind is act.people.LinkGroup and who != STRANGER else ""), kind
    assert _seen(stage, made) == []
    assert stored(database_url) == before


# Forged: the right button, the wrong commission


async def test_no_button_reaches_another_commission(
    stage: Stage, things: Things, foreign: Things, secretary: SimulatedUser, database_url: str
) -> None:
    """As the secretary, who may do everything in their own commission."""
    await stage.says(secretary, "/ayuda")
    for kind in BUTTONS_IN_PRIVATE:
        action = foreign.action(kind)
        if not hasattr(action, "commission"):
            continue
        before, seen = stored(database_url), _seen(stage, secretary)
        assert await _tap(stage, secretary, seen[-1], action) == NOT_YOURS, kind
        assert _seen(stage, secretary) == seen, kind
        assert stored(database_url) == before, kind


async def test_no_id_of_another_commission_is_taken_for_ones_own(
    stage: Stage, things: Things, foreign: Things, secretary: SimulatedUser, database_url: str
) -> None:
    """Every id that a button carries, but under the secretary's own commission, or under none."""
    mixed = replace(foreign, commission=1)
    ids = {field.name for field in fields(Things)} - {"commission"}
    tried = [kind for kind in BUTTONS_IN_PRIVATE if ids & {field.name for field in fields(kind)}]
    tried.remove(act.people.InviteGuestTo)  # its session is a number in the commission, not an id
    assert len(tried) >= 20
    for kind in tried:
        message = await stage.says(secretary, "/ayuda")
        before, seen = stored(database_url), _seen(stage, secretary)
        flashed = await _tap(stage, secretary, message, mixed.action(kind))
        new = [message for message in _seen(stage, secretary) if message not in seen]
        assert flashed or new, kind  # they are told why nothing comes of it
        assert not any("Ajena" in message.text or "Palabras del aviso" in message.text for message in new), kind
        assert "Ajena" not in flashed, kind
        assert stored(database_url) == before, kind


async def test_a_recorder_does_not_undo_in_another_commission(
    stage: Stage, foreign: Things, enrol: Enrol, database_url: str
) -> None:
    unit = await enrol(Role.TECHNICAL_UNIT, "Unidad Ruiz Gil")
    before = stored(database_url)
    for commission in (1, 2):
        assert await _tap(stage, unit, _last_of_the_bot(stage, unit), act.plan.UndoProgress(commission, foreign.entry))
    assert stored(database_url) == before


async def test_an_answer_is_asked_in_the_commission_of_its_question(
    stage: Stage, foreign: Things, enrol: Enrol, secretary: SimulatedUser
) -> None:
    """Secretary here and member there: an invitation begun here never lands there."""
    await enrol(Role.MEMBER, "Secretaria Pérez Luna", commission_id=2, user=secretary)
    message = await stage.says(secretary, "/ayuda")
    assert await _tap(stage, secretary, message, act.people.InviteAs(2, Role.TECHNICAL_SECRETARY)) == NOT_YOURS
    assert "Invitación para" not in (await stage.says(secretary, "Infiltrada Gil")).text


async def test_a_guest_opens_no_other_session_by_button(stage: Stage, enrol: Enrol) -> None:
    guest = await enrol(Role.GUEST, "Visitante Díaz", (5,))
    sessions = load(packaged("ieepco-prep-2021-2022")).sessions
    for number in (1, 4, 6, 10, 11, 999_999_999):
        await _tap(stage, guest, _last_of_the_bot(stage, guest), act.calendar.ShowMeeting(1, number))
        await _tap(stage, guest, _last_of_the_bot(stage, guest), act.general.RunCommand(1, "sesion", str(number)))
        written = " ".join(sent_to(stage, guest))
        assert not any(session.name in written for session in sessions)


async def test_a_guest_is_not_invited_to_what_is_no_session(
    stage: Stage, secretary: SimulatedUser, database_url: str
) -> None:
    message = await stage.says(secretary, "/ayuda")
    await _tap(stage, secretary, message, act.people.InviteGuestTo(1, 99))
    answer = await stage.says(secretary, "Visitante Díaz")
    assert "Invitación para" not in answer.text
    assert TROUBLE not in answer.text
    assert "Visitante" not in stored(database_url)


# Forged: what is no button at all

MALFORMED = [
    "2pe::0:0",  # of a version to come
    "1zz",
    "1",
    "",
    "pe",
    "1as",
    "1as:",
    "1as:1",
    "1as:1::0:0:0",
    "1as::",
    "1as:x::0",
    "1as:-1::0",
    "1as:1::-1",
    "1as:1::99999999999999999999",
    "1as:99999999999999999999::0",
    "1im:1:9223372036854775808",
    "1ia:1:2147483648",
    "1ix:1:99999999999999999999",
    "1ru:1:99999999999999999999",
    "1ac:1:٣:0",
    "1ac:1: 3:0",
    "1ac:1:+3:0",
    "1ac:1:1_0:0",
    "1as:1:2022-13:0",
    "1as:1:febrero:0",
    "1iv:1:operator",
    "1iv:1:",
    "1rp:1:8:burned:0",
    "1it:1:1:maybe",
    "1cm:0:",
    "1cm:0:no_such_command:",
    "1cm:x:ayuda:",
    "1cm:0:ayuda:a:b",
    "1cm:0:../../etc/passwd:",
    "1md:1",
    "1ok",
    "🎉" * 16,
    "' OR 1=1 --",
    "x" * 64,
]


async def test_what_is_no_button_is_an_old_one(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    stranger = stage.telegram.user("Curiosa")
    await stage.says(stranger, "hola")
    await stage.says(secretary, "/ayuda")
    before, seen = stored(database_url), _seen(stage, secretary, stranger)
    for data in MALFORMED:
        assert await _tap(stage, secretary, _last_of_the_bot(stage, secretary), data) == STALE, data
        assert await _tap(stage, stranger, _last_of_the_bot(stage, stranger), data) == "", data
        assert _seen(stage, secretary, stranger) == seen, data
        assert stored(database_url) == before, data


async def test_numbers_that_nothing_has(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    await stage.says(secretary, "/ayuda")
    before = stored(database_url)
    nothing = Things(1, *[999_999_999] * (len(fields(Things)) - 1))
    harmless = {act.people.InviteGuestTo, act.people.ShowMyData, act.people.TogglePreference, act.people.DeleteContact}
    for kind in set(BUTTONS_IN_PRIVATE) - harmless:
        if {field.name for field in fields(Things)} - {"commission"} & {field.name for field in fields(kind)}:
            await _tap(stage, secretary, _last_of_the_bot(stage, secretary), nothing.action(kind))
            assert stored(database_url) == before, kind


@pytest.mark.parametrize("who", [SECRETARY, STRANGER])
async def test_a_button_of_a_message_that_was_deleted(
    stage: Stage, things: Things, secretary: SimulatedUser, enrol: Enrol, who: str
) -> None:
    user = await _person(stage, enrol, secretary, who)
    message = _last_of_the_bot(stage, user)
    await stage.telegram.call(
        stage.telegram.token, "deleteMessage", {"chat_id": str(user.id), "message_id": str(message.id)}
    )
    left = _seen(stage, user)
    await _tap(stage, user, message, act.plan.ShowActivities(1))
    new = _seen(stage, user)[len(left) :]
    assert ["Actividades del plan" in m.text for m in new] == ([True] if who == SECRETARY else [])


async def test_what_a_deleted_message_asks_to_acknowledge_flashes_up(
    stage: Stage, things: Things, enrol: Enrol, database_url: str
) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    message = next(m for m in _seen(stage, user) if m.button(act.answers.Acknowledge(things.convocation).encode()))
    await stage.telegram.call(
        stage.telegram.token, "deleteMessage", {"chat_id": str(user.id), "message_id": str(message.id)}
    )
    seen = _seen(stage, user)
    assert "usted acusó recibo" in await _tap(stage, user, message, act.answers.Acknowledge(things.convocation))
    assert _seen(stage, user) == seen
    assert stored(database_url).count("convocation.acknowledged") == 1


# Changed meanwhile


async def test_a_role_that_ends_between_two_taps(
    stage: Stage, things: Things, secretary: SimulatedUser, enrol: Enrol, database_url: str
) -> None:
    unit = await enrol(Role.TECHNICAL_UNIT, "Unidad Ruiz Gil")
    states = await stage.says(unit, "/registrar 8")
    examined, actor = await stage.services.identity.of(unit.id), await stage.services.identity.of(secretary.id)
    assert examined is not None
    assert actor is not None
    membership = await stage.services.members.one(1, examined.seats[0].membership_id)
    assert membership is not None
    await stage.services.members.end(actor.seats[0], membership.membership_id, membership.starts_on)
    before = stored(database_url)
    tap = stage.telegram.taps(unit, states, "✅ Concluida")
    await stage.settle()
    assert tap.answer is not None
    assert tap.answer.text == NOT_YOURS
    assert stored(database_url) == before


async def test_the_presidency_convenes_only_where_the_rules_let_it(stage: Stage, things: Things, enrol: Enrol) -> None:
    user = await enrol(Role.PRESIDENCY, "Carmelita Sibaja Ochoa")
    plan = _dated(load(packaged("ieepco-prep-2021-2022")))
    for allowed in (False, True):
        rules = plan.rules.model_copy(update={"presidency_convenes": allowed})
        await stage.services.plans.apply(plan.model_copy(update={"rules": rules}))
        actor = await stage.services.identity.of(user.id)
        assert actor is not None
        assert bool(actor.seats_with(Permission.CONVENE)) is allowed
        assert ("Sesiones sin fecha" in (await stage.says(user, "/pendientes junio")).text) is allowed
        for command in [name for name, who in COMMANDS_IN_PRIVATE.items() if who is CONVENERS]:
            assert ("no corresponde" not in (await stage.says(user, f"/{command}")).text) is allowed
        for kind in [kind for kind, who in BUTTONS_IN_PRIVATE.items() if who is CONVENERS]:
            flashed = await _tap(stage, user, _last_of_the_bot(stage, user), things.action(kind))
            assert (flashed != NOT_YOURS) is allowed, kind
        for kind in [kind for kind, who in BUTTONS_IN_PRIVATE.items() if who is ONLY_SECRETARY]:
            assert await _tap(stage, user, _last_of_the_bot(stage, user), things.action(kind)) == NOT_YOURS, kind
