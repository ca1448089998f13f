"""/aviso: what the secretary writes reaches whom it should, once, as it was shown, and there is an account of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.faults import FloodWait, TimeOut
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage, open_stage
from prep_bot.texts.actions.announcements import CancelAnnouncement, ShowAnnouncement
from tests.support.convening import STARTS, convened
from tests.support.conversation import another_plan, buttons, flashes, sent_to, shown
from tests.support.reading import Enrol, shipped

TEXT = 'Se entregan los anexos: 5 <3 & "todo".\nSin <b>falta</b>.'
HEADING = "📌 Aviso de la Secretaría Técnica"
ARRIVES = f"{HEADING}\n\n{TEXT}"
EVERYONE = "A todas las personas"
STALE = "Ese aviso ya se envió, se canceló, venció o cambió."
PDF = b"%PDF-1.4 acta"
PICTURE = b"\xff\xd8\xff" + b"\0" * 40


@dataclass(frozen=True)
class Commission:
    """Who is enrolled."""

    secretary: SimulatedUser
    member: SimulatedUser
    party: SimulatedUser

    @property
    def others(self) -> tuple[SimulatedUser, ...]:
        return (self.member, self.party)


@pytest.fixture
async def people(stage: Stage, enrol: Enrol) -> Commission:
    return Commission(
        await enrol(Role.TECHNICAL_SECRETARY, "Ana López"),
        await enrol(Role.MEMBER, "Nayma Enríquez"),
        await enrol(Role.PARTY_REPRESENTATIVE, "Luis Ruiz"),
    )


async def linked(stage: Stage, secretary: SimulatedUser) -> SimulatedGroup:
    group = stage.telegram.group("Comisión PREP")
    group.add(secretary, creator=True)
    stage.telegram.add_bot(group, secretary)
    await stage.says(secretary, "/vincular", group)
    return group


async def announced(
    stage: Stage, secretary: SimulatedUser, audience: str = EVERYONE, text: str = TEXT
) -> SimulatedMessage:
    """Let the secretary announce it; return the report as it is refreshed once all was sent."""
    await stage.says(secretary, f"/aviso {text}")
    await stage.taps(secretary, audience)
    await stage.taps(secretary, "Enviar")
    return await refreshed(stage, secretary)


async def refreshed(stage: Stage, secretary: SimulatedUser) -> SimulatedMessage:
    await stage.taps(secretary, "Actualizar informe")
    return next(m for m in reversed(stage.telegram.messages(secretary)) if m.button("Actualizar informe"))


def announcements(stage: Stage, chat: SimulatedUser | SimulatedGroup) -> list[str]:
    return [text for text in sent_to(stage, chat) if text.startswith(HEADING)]


def refusals(stage: Stage) -> list[str]:
    """Return what Telegram said when it asked the bot to slow down, which no fault of the test made it say."""
    return [entry.error for entry in stage.telegram.log if entry.error and "Too Many Requests" in entry.error]


async def enrolled(stage: Stage, count: int) -> list[SimulatedUser]:
    """Enrol so many people without a word between them and the bot."""
    users = []
    for number in range(count):
        made = await stage.services.invitations.create(1, f"Persona {number}", Role.PARTY_REPRESENTATIVE, by=None)
        user = stage.telegram.user(f"Persona {number}")
        user.started = True
        await stage.services.invitations.accept(made.code, user.id)
        users.append(user)
    return users


# What is asked, and what is shown


async def test_the_dialogue_as_it_is_read(stage: Stage, people: Commission, snapshot: SnapshotAssertion) -> None:
    await stage.services.invitations.create(1, "Eva Soto <3", Role.MEMBER, by=None)
    await linked(stage, people.secretary)
    assert shown(await stage.says(people.secretary, "/aviso")) == snapshot(name="asked")
    assert shown(await stage.says(people.secretary, TEXT)) == snapshot(name="audiences")
    assert shown(await stage.taps(people.secretary, EVERYONE)) == snapshot(name="preview")
    assert shown(await stage.taps(people.secretary, "Enviar")) == snapshot(name="sent")
    assert shown(await stage.taps(people.secretary, "Actualizar informe")) == snapshot(name="report")


async def test_what_arrives_is_what_was_shown(stage: Stage, people: Commission) -> None:
    group = await linked(stage, people.secretary)
    await stage.says(people.secretary, f"/aviso {TEXT}")
    preview = await stage.taps(people.secretary, EVERYONE)
    assert preview.text.count(ARRIVES) == 1
    await stage.taps(people.secretary, "Enviar")
    assert [announcements(stage, chat) for chat in (*people.others, group)] == [[ARRIVES]] * 3
    assert announcements(stage, people.secretary) == []


@pytest.mark.parametrize("command", ["", "/aviso "])
@pytest.mark.parametrize("kind", ["document", "photo"])
async def test_a_file_with_its_text(stage: Stage, people: Commission, kind: str, command: str) -> None:
    if not command:
        await stage.says(people.secretary, "/aviso")
    if kind == "document":
        stage.telegram.sends_document(people.secretary, "acta <3.pdf", PDF, caption=command + TEXT)
    else:
        stage.telegram.sends_photo(people.secretary, PICTURE, caption=command + TEXT)
    await stage.settle()
    preview = await stage.taps(people.secretary, "Consejería integrante")
    assert ("📎 Con el archivo «acta <3.pdf»" if kind == "document" else "📎 Con una foto") in preview.text
    await stage.taps(people.secretary, "Enviar")
    arrived = stage.telegram.last(people.member)
    assert arrived.text == ARRIVES
    assert arrived.file is not None
    assert arrived.file.data == (PDF if kind == "document" else PICTURE)
    assert announcements(stage, people.party) == []


async def test_a_file_alone_asks_for_the_text_and_joins_one_that_came_before(stage: Stage, people: Commission) -> None:
    await stage.says(people.secretary, "/aviso")
    stage.telegram.sends_document(people.secretary, "acta.pdf", PDF)
    await stage.settle()
    assert stage.telegram.last(people.secretary).text.startswith("Recibí el archivo. Ahora escriba el texto")
    await stage.says(people.secretary, TEXT)
    stage.telegram.sends_photo(people.secretary, PICTURE)
    await stage.settle()
    preview = await stage.taps(people.secretary, EVERYONE)
    assert TEXT in preview.text
    assert "📎 Con una foto" in preview.text


async def test_a_file_alone_out_of_the_blue_is_no_announcement(stage: Stage, people: Commission, enrol: Enrol) -> None:
    stage.telegram.sends_document(people.secretary, "acta.pdf", PDF)
    member = await enrol(Role.MEMBER, "Ana Ruiz")
    stage.telegram.sends_document(member, "acta.pdf", PDF)
    await stage.settle()
    assert stage.telegram.last(people.secretary).text.startswith("Recibí «acta.pdf». ¿De qué sesión es anexo?")
    assert stage.telegram.last(member).text.startswith("No guardé ese archivo: los anexos")


@pytest.mark.parametrize(("text", "counted"), [("a" * 4000, "4000"), ("🎉" * 1501, "3002")], ids=["long", "emojis"])
async def test_a_text_that_is_too_long(stage: Stage, people: Commission, text: str, counted: str) -> None:
    await stage.says(people.secretary, "/aviso")
    answer = await stage.says(people.secretary, text)
    assert answer.text.startswith(f"El aviso tiene {counted} caracteres y el máximo es de 3000.")
    assert (await stage.says(people.secretary, TEXT)).text == "¿A quién se envía el aviso?"


async def test_a_text_that_is_too_long_for_a_file(stage: Stage, people: Commission) -> None:
    await stage.says(people.secretary, "/aviso")
    stage.telegram.sends_document(people.secretary, "acta.pdf", PDF, caption="🎉" * 451)
    await stage.settle()
    answer = stage.telegram.last(people.secretary).text
    assert answer.startswith("El texto tiene 902 caracteres y el máximo con un archivo o una foto es de 900.")
    await stage.says(people.secretary, "🎉" * 450)
    await stage.taps(people.secretary, EVERYONE)
    await stage.taps(people.secretary, "Enviar")
    assert stage.telegram.last(people.member).file is not None


async def test_the_longest_text_with_many_whom_it_will_not_reach(stage: Stage, people: Commission) -> None:
    for number in range(40):
        await stage.services.invitations.create(1, f"{number} {'Nombre ' * 15}", Role.PARTY_REPRESENTATIVE, by=None)
    await stage.says(people.secretary, f"/aviso {'&' * 3000}")
    preview = await stage.taps(people.secretary, EVERYONE)
    assert "A 43 personas no les llegará" in preview.text
    await stage.taps(people.secretary, "Enviar")
    assert announcements(stage, people.member) == [f"{HEADING}\n\n{'&' * 3000}"]


# To whom


async def test_the_audiences_are_those_that_have_somebody(stage: Stage, people: Commission) -> None:
    asked = await stage.says(people.secretary, "/aviso Texto")
    assert buttons(asked) == [EVERYONE, "Presidencia", "Consejería integrante", "Representación de partido"]


async def test_to_whoever_has_not_acknowledged(stage: Stage, people: Commission) -> None:
    await convened(stage, people.secretary)
    await stage.taps(people.member, "Acusar recibo")
    await announced(stage, people.secretary, "A quienes no han acusado recibo")
    assert (announcements(stage, people.member), announcements(stage, people.party)) == ([], [ARRIVES])


async def test_a_session_that_is_over_asks_nobody_to_acknowledge(stage: Stage, people: Commission) -> None:
    await convened(stage, people.secretary)
    stage.clock.advance_to(STARTS)
    assert "A quienes no han acusado recibo" not in buttons(await stage.says(people.secretary, "/aviso Texto"))


async def test_an_empty_audience_keeps_the_text(stage: Stage, enrol: Enrol, snapshot: SnapshotAssertion) -> None:
    secretary = await enrol(Role.TECHNICAL_SECRETARY, "Ana López")
    await stage.services.invitations.create(1, "Eva Soto", Role.MEMBER, by=None)
    await stage.says(secretary, f"/aviso {TEXT}")
    assert shown(await stage.taps(secretary, EVERYONE)) == snapshot
    member = await enrol(Role.MEMBER, "Nayma Enríquez")
    await stage.taps(secretary, EVERYONE)
    await stage.taps(secretary, "Enviar")
    assert announcements(stage, member) == [ARRIVES]


async def test_an_audience_that_empties_before_it_is_sent(stage: Stage, people: Commission) -> None:
    await stage.says(people.secretary, f"/aviso {TEXT}")
    await stage.taps(people.secretary, "Consejería integrante")
    stage.telegram.blocks(people.member)
    await stage.settle()
    assert "no hay nadie a quien enviarlo" in (await stage.taps(people.secretary, "Enviar")).text
    await stage.taps(people.secretary, EVERYONE)
    await stage.taps(people.secretary, "Enviar")
    assert announcements(stage, people.party) == [ARRIVES]


@pytest.mark.parametrize("command", ["/aviso Texto", "/envios"])
async def test_only_the_secretary_may(stage: Stage, people: Commission, command: str) -> None:
    for person in people.others:
        assert (await stage.says(person, command)).text.startswith(f"{command.split()[0]} no corresponde a su")
    assert announcements(stage, people.secretary) == []


# Once


async def test_a_double_tap_sends_once(stage: Stage, people: Commission) -> None:
    await stage.says(people.secretary, f"/aviso {TEXT}")
    preview = await stage.taps(people.secretary, EVERYONE)
    for _ in range(2):
        stage.telegram.taps(people.secretary, preview, "Enviar")
    await stage.settle()
    assert flashes(stage)[-1].startswith(STALE)
    assert [announcements(stage, person) for person in people.others] == [[ARRIVES]] * 2


async def test_the_preview_of_an_earlier_text_sends_nothing(stage: Stage, people: Commission) -> None:
    await stage.says(people.secretary, "/aviso Primera versión")
    first = await stage.taps(people.secretary, EVERYONE)
    await stage.says(people.secretary, TEXT)
    second = await stage.taps(people.secretary, EVERYONE)
    await stage.taps(people.secretary, "Enviar", first)
    assert flashes(stage)[-1].startswith(STALE)
    assert announcements(stage, people.member) == []
    await stage.taps(people.secretary, "Enviar", second)
    assert announcements(stage, people.member) == [ARRIVES]


@pytest.mark.parametrize("leave", ["/cancelar", "wait"])
async def test_a_draft_that_was_left_sends_nothing(stage: Stage, people: Commission, leave: str) -> None:
    await stage.says(people.secretary, f"/aviso {TEXT}")
    preview = await stage.taps(people.secretary, EVERYONE)
    if leave == "wait":
        await stage.advance(stage.clock.now() + timedelta(minutes=30))
    else:
        await stage.says(people.secretary, leave)
    await stage.taps(people.secretary, "Enviar", preview)
    assert flashes(stage)[-1].startswith(STALE)
    assert announcements(stage, people.member) == []


async def test_a_restart_at_every_step(start: datetime, database_url: str) -> None:
    async with open_stage(start, database_url) as stage:
        await stage.services.plans.apply(shipped())
        made = await stage.services.invitations.create(1, "Ana López", Role.TECHNICAL_SECRETARY, by=None)
        secretary = stage.telegram.user("Ana")
        await stage.says(secretary, f"/start {made.code}")
        await stage.taps(secretary, "Acepto")
        (somebody,) = await enrolled(stage, 1)
        await stage.says(secretary, "/aviso")
    world = (start, database_url, stage.telegram, stage.clock)
    for step in (TEXT, EVERYONE, "Enviar"):
        stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
        async with open_stage(*world) as stage:
            await (stage.says if step is TEXT else stage.taps)(secretary, step)
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
    async with open_stage(*world) as stage:
        report = await stage.taps(secretary, "Actualizar informe")
        assert "Aceptados por Telegram: 1 de 1" in report.text
        assert announcements(stage, somebody) == [ARRIVES]


async def test_one_that_may_have_arrived_is_not_sent_again(stage: Stage, people: Commission) -> None:
    stage.telegram.fail_next("sendMessage", TimeOut(delivered=True), chat=people.member)
    report = await announced(stage, people.secretary)
    await stage.advance(stage.clock.now() + timedelta(hours=1))
    assert announcements(stage, people.member) == [ARRIVES]
    assert "⚠️ Nayma Enríquez: sin confirmación de Telegram" in report.text


# At night


@pytest.fixture
async def night(stage: Stage, people: Commission) -> datetime:
    """Let it be eleven at night; return when the quiet hours end."""
    await stage.advance(stage.clock.now().replace(hour=5) + timedelta(days=1))
    return stage.clock.now().replace(hour=14)  # eight o'clock in Oaxaca


async def at_night(stage: Stage, secretary: SimulatedUser) -> SimulatedMessage:
    await stage.says(secretary, f"/aviso {TEXT}")
    return await stage.taps(secretary, EVERYONE)


async def test_at_night_it_may_wait_for_the_morning(
    stage: Stage, people: Commission, night: datetime, snapshot: SnapshotAssertion
) -> None:
    preview = await at_night(stage, people.secretary)
    assert shown(preview) == snapshot(name="preview")
    report = await stage.taps(people.secretary, "A las 08:00", preview)
    assert shown(report) == snapshot(name="waits")
    await stage.advance(night - timedelta(seconds=1))
    assert announcements(stage, people.member) == []
    await stage.advance(night)
    assert [announcements(stage, person) for person in people.others] == [[ARRIVES]] * 2
    done = await refreshed(stage, people.secretary)
    assert "Aceptados por Telegram: 2 de 2" in done.text
    assert "Cancelar el aviso" not in buttons(done)


async def test_at_night_it_goes_out_at_once_if_that_is_chosen(
    stage: Stage, people: Commission, night: datetime
) -> None:
    await at_night(stage, people.secretary)
    await stage.taps(people.secretary, "Enviar ahora")
    assert announcements(stage, people.member) == [ARRIVES]


async def test_what_waits_can_be_cancelled(
    stage: Stage, people: Commission, night: datetime, snapshot: SnapshotAssertion
) -> None:
    await at_night(stage, people.secretary)
    report = await stage.taps(people.secretary, "A las 08:00")
    for _ in range(2):
        stage.telegram.taps(people.secretary, report, "Cancelar el aviso")
    await stage.settle()
    assert shown(stage.telegram.last(people.secretary)) == snapshot
    assert flashes(stage)[-1].startswith("Ese aviso ya salió o ya estaba cancelado.")
    await stage.advance(night + timedelta(hours=1))
    assert announcements(stage, people.member) == []
    stage.telegram.taps_data(people.secretary, report, ShowAnnouncement(1, 1).encode())
    await stage.settle()
    assert "no llegó a nadie" in stage.telegram.last(people.secretary).text


async def test_another_secretary_finds_what_waits_and_cancels_it(
    stage: Stage, people: Commission, night: datetime, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Eva Soto")
    for text in (TEXT, f"Segundo aviso: {'largo ' * 30}"):
        await stage.says(people.secretary, f"/aviso {text}")
        await stage.taps(people.secretary, "Consejería integrante")
        await stage.taps(people.secretary, "A las 08:00")
    found = await stage.says(other, "/envios")
    assert shown(found) == snapshot(name="found")
    assert shown(await stage.taps(other, buttons(found)[0], found)) == snapshot(name="report")
    assert buttons(await stage.taps(other, "◂ Envíos")) == buttons(found)
    await stage.taps(other, buttons(found)[0])
    assert TEXT in (await stage.taps(other, "Cancelar el aviso")).text
    left = await stage.says(other, "/envios")
    assert buttons(left) == buttons(found)[1:]
    await stage.advance(night)
    assert [text.startswith(f"{HEADING}\n\nSegundo") for text in announcements(stage, people.member)] == [True]
    assert buttons(await stage.says(other, "/envios")) == []
    report = await stage.taps(other, buttons(left)[0], left)
    assert "Aceptados por Telegram: 1 de 1" in report.text
    assert "Cancelar el aviso" not in buttons(report)


async def test_what_waits_is_listed_in_its_own_commission_only(
    stage: Stage, people: Commission, night: datetime
) -> None:
    await at_night(stage, people.secretary)
    await stage.taps(people.secretary, "A las 08:00")
    await stage.services.plans.apply(another_plan("quejas-2022", "Quejas"))
    made = await stage.services.invitations.create(2, "Eva Soto", Role.TECHNICAL_SECRETARY, by=None)
    stranger = stage.telegram.user("Eva")
    await stage.says(stranger, f"/start {made.code}")
    await stage.taps(stranger, "Acepto")
    assert buttons(await stage.says(stranger, "/envios")) == []
    for action in (ShowAnnouncement(2, 1), CancelAnnouncement(2, 1)):
        stage.telegram.taps_data(stranger, stage.telegram.last(stranger), action.encode())
        await stage.settle()
    await stage.advance(night)
    assert announcements(stage, people.member) == [ARRIVES]


async def test_what_went_out_cannot_be_cancelled(stage: Stage, people: Commission, night: datetime) -> None:
    await at_night(stage, people.secretary)
    report = await stage.taps(people.secretary, "A las 08:00")
    await stage.advance(night)
    await stage.taps(people.secretary, "Cancelar el aviso", report)
    assert flashes(stage)[-1].startswith("Ese aviso ya salió")
    assert announcements(stage, people.member) == [ARRIVES]


async def test_what_was_previewed_by_day_is_asked_anew_at_night(stage: Stage, people: Commission) -> None:
    await stage.advance(stage.clock.now().replace(hour=2, minute=55) + timedelta(days=1))
    preview = await at_night(stage, people.secretary)
    assert "Enviar" in buttons(preview)
    await stage.advance(stage.clock.now() + timedelta(minutes=10))
    asked = await stage.taps(people.secretary, "Enviar", preview)
    assert announcements(stage, people.member) == []
    assert buttons(asked) == ["Enviar ahora", "A las 08:00"]
    await stage.taps(people.secretary, "A las 08:00", asked)
    assert "⏳ Saldrá el" in stage.telegram.last(people.secretary).text


# Many, and what goes wrong with some


async def test_sixty_recipients_two_of_whom_blocked_the_bot(
    stage: Stage, people: Commission, snapshot: SnapshotAssertion
) -> None:
    crowd = await enrolled(stage, 60)
    for somebody in crowd[:2]:
        somebody.blocked = True  # which the bot does not know yet
    report = await announced(stage, people.secretary)
    assert refusals(stage) == []
    assert Counter(len(announcements(stage, somebody)) for somebody in crowd[2:]) == {1: 58}
    assert shown(report) == snapshot
    told = [text for text in sent_to(stage, people.secretary) if "Ya no es posible escribir a" in text]
    assert sum(text.count("Ya no es posible") for text in told) == 2
    await announced(stage, people.secretary, text="Otro")
    assert [text for text in sent_to(stage, people.secretary) if "Ya no es posible escribir a" in text] == told


async def test_one_chat_that_must_wait_delays_nobody_else(stage: Stage, people: Commission) -> None:
    stage.telegram.fail_next("sendMessage", FloodWait(600), chat=people.member)
    began = stage.clock.now()
    report = await announced(stage, people.secretary)
    assert announcements(stage, people.party) == [ARRIVES]
    assert stage.telegram.last(people.party).at - began < timedelta(seconds=30)
    assert "⏳ Por enviar: 1" in report.text
    await stage.advance(began + timedelta(minutes=15))
    assert announcements(stage, people.member) == [ARRIVES]
    assert "Por enviar" not in (await refreshed(stage, people.secretary)).text
