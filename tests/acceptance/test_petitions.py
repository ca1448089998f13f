"""/solicitar: a voting member asks for an extraordinary session, the others sign, and a majority is heard."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.petitions import SignPetition, WithdrawPetition
from tests.acceptance.conftest import ZONE
from tests.support.conversation import buttons, flashes, sent_to, shown, stored
from tests.support.reading import Enrol, shipped
from tests.support.scheduling import seat_of, talk

TOPIC = 'Revisión del simulacro <3 & "todo"'
REASON = "Hubo fallas en el primer simulacro\ny conviene revisarlas."
ASKS = "pide su firma"
PRESENT = "Firmar y presentar"
PREPARE = "Preparar la sesión"


@dataclass(frozen=True)
class Commission:
    """The plan's three who vote, the secretary and a representative."""

    presidency: SimulatedUser
    nayma: SimulatedUser
    alejandro: SimulatedUser
    secretary: SimulatedUser
    party: SimulatedUser


@pytest.fixture
async def people(stage: Stage, enrol: Enrol) -> Commission:
    return Commission(
        await enrol(Role.PRESIDENCY, "Carmelita Sibaja Ochoa"),
        await enrol(Role.MEMBER, "Nayma Enríquez Estrada"),
        await enrol(Role.MEMBER, "Alejandro Carrasco Sampedro"),
        await enrol(Role.TECHNICAL_SECRETARY, "Ana López"),
        await enrol(Role.PARTY_REPRESENTATIVE, "Luis Ruiz"),
    )


async def proposed(stage: Stage, user: SimulatedUser, topic: str = TOPIC) -> SimulatedMessage:
    return await talk(stage, user, "/solicitar", topic, REASON, f"[{PRESENT}]")


def petitions_to(stage: Stage, user: SimulatedUser) -> list[str]:
    return [text for text in sent_to(stage, user) if ASKS in text]


def with_days(days: int) -> PlanDocument:
    plan = shipped()
    return plan.model_copy(update={"rules": plan.rules.model_copy(update={"petition_days": days})})


# As it is read


async def test_the_dialogue_as_it_is_read(stage: Stage, people: Commission, snapshot: SnapshotAssertion) -> None:
    assert shown(await stage.says(people.nayma, "/solicitudes")) == snapshot(name="none")
    assert shown(await stage.says(people.nayma, "/solicitar")) == snapshot(name="topic")
    assert shown(await stage.says(people.nayma, TOPIC)) == snapshot(name="reason")
    assert shown(await stage.says(people.nayma, REASON)) == snapshot(name="preview")
    assert shown(await stage.taps(people.nayma, PRESENT)) == snapshot(name="presented")
    assert shown(stage.telegram.last(people.alejandro)) == snapshot(name="request")
    assert shown(await stage.says(people.nayma, "/solicitar")) == snapshot(name="one at a time")
    assert shown(await stage.says(people.secretary, "/solicitudes")) == snapshot(name="listed")
    assert shown(await stage.taps(people.alejandro, "Ver solicitud")) == snapshot(name="card")


async def test_a_majority_as_it_is_read(stage: Stage, people: Commission, snapshot: SnapshotAssertion) -> None:
    await proposed(stage, people.nayma)
    await stage.advance(stage.clock.now() + timedelta(hours=2))
    assert shown(await stage.taps(people.alejandro, "Firmar")) == snapshot(name="signed")
    assert shown(stage.telegram.last(people.secretary)) == snapshot(name="to the secretary")
    assert shown(stage.telegram.last(people.presidency)) == snapshot(name="to the presidency")
    assert shown(await stage.says(people.nayma, "/solicitudes")) == snapshot(name="listed")
    await stage.taps(people.secretary, PREPARE)
    preview = await talk(stage, people.secretary, "20 de febrero 11:00", "[Sí, es correcta]", "[Presencial]", "Sala")
    assert shown(preview) == snapshot(name="preview of the session")
    assert shown(await stage.taps(people.secretary, "Agregar")) == snapshot(name="added")
    assert shown(await stage.taps(people.presidency, "Ver solicitud")) == snapshot(name="met")


async def test_the_ends_as_they_are_read(
    stage: Stage, people: Commission, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    await enrol(Role.MEMBER, "Eva Soto")
    await proposed(stage, people.nayma)
    await stage.taps(people.alejandro, "Firmar")
    assert shown(await stage.taps(people.nayma, "Retirar la solicitud")) == snapshot(name="withdrawn")
    assert shown(stage.telegram.last(people.alejandro)) == snapshot(name="told to a signer")
    await stage.taps(people.presidency, "Firmar")
    await proposed(stage, people.nayma)
    await stage.advance(stage.clock.now() + timedelta(days=11))
    await stage.taps(people.presidency, "Firmar")
    assert flashes(stage)[-1] == snapshot(name="lapsed")
    assert shown(await stage.taps(people.alejandro, "Ver solicitud")) == snapshot(name="lapsed, whole")
    assert [flash for flash in flashes(stage) if flash] == snapshot(name="flashed")


# Who is told, and who signs


async def test_the_other_voting_members_are_told_at_once_and_nobody_else(stage: Stage, people: Commission) -> None:
    await proposed(stage, people.nayma)
    told = [len(petitions_to(stage, user)) for user in (people.presidency, people.alejandro)]
    assert told == [1, 1]
    for user in (people.nayma, people.secretary, people.party):
        assert petitions_to(stage, user) == []


@pytest.mark.parametrize("start", [datetime(2022, 2, 5, 22, tzinfo=ZONE)])
async def test_in_quiet_hours_it_waits_for_the_morning(stage: Stage, people: Commission) -> None:
    done = await proposed(stage, people.nayma)
    assert "se les enviará el 6 de febrero de 2022, 08:00 h" in done.text
    assert petitions_to(stage, people.alejandro) == []
    await stage.advance(datetime(2022, 2, 6, 8, tzinfo=ZONE))
    (request,) = petitions_to(stage, people.alejandro)
    assert "interrumpido" not in request


@pytest.mark.parametrize("start", [datetime(2022, 2, 5, 22, tzinfo=ZONE)])
async def test_what_is_withdrawn_before_the_morning_asks_nobody(stage: Stage, people: Commission) -> None:
    await proposed(stage, people.nayma)
    await stage.taps(people.nayma, "Retirar la solicitud")
    await stage.advance(datetime(2022, 2, 6, 12, tzinfo=ZONE))
    assert petitions_to(stage, people.alejandro) == petitions_to(stage, people.presidency) == []


async def test_whoever_cannot_be_reached_is_named_to_the_proposer(stage: Stage, enrol: Enrol) -> None:
    nayma = await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    blocked = await enrol(Role.PRESIDENCY, "Carmelita Sibaja Ochoa")
    stage.telegram.blocks(blocked)
    await stage.settle()
    text = (await proposed(stage, nayma)).text
    assert "Se pide la firma" not in text
    assert "No les llegará, por falta de registro o de contacto: Carmelita Sibaja Ochoa, Alejandro" in text


async def test_secretary_presidency_and_proposer_learn_of_the_majority(stage: Stage, people: Commission) -> None:
    await proposed(stage, people.nayma)
    await stage.taps(people.alejandro, "Firmar")
    heard = [
        user
        for user in (people.presidency, people.nayma, people.alejandro, people.secretary, people.party)
        if any("Solicitud de la mayoría" in text for text in sent_to(stage, user))
    ]
    assert heard == [people.presidency, people.nayma, people.secretary]
    assert PREPARE in buttons(stage.telegram.last(people.secretary))
    assert PREPARE not in buttons(stage.telegram.last(people.presidency))


async def test_two_taps_sign_once(stage: Stage, people: Commission, enrol: Enrol, database_url: str) -> None:
    await enrol(Role.MEMBER, "Eva Soto")
    await proposed(stage, people.nayma)
    notice = stage.telegram.last(people.alejandro)
    for _ in range(2):
        stage.telegram.taps(people.alejandro, notice, "Firmar")
    await stage.settle()
    assert stored(database_url).count("'petition.signed'") == 1
    assert stage.telegram.last(people.alejandro).text.count("usted firmó") == 1
    assert buttons(stage.telegram.last(people.alejandro)) == ["Ver solicitud"]


async def test_who_has_no_vote_signs_by_no_button(stage: Stage, people: Commission, database_url: str) -> None:
    await proposed(stage, people.nayma)
    for user in (people.secretary, people.party):
        assert "solicitar" not in stage.telegram.menu(user)
        message = await stage.says(user, "/ayuda")
        before = stored(database_url)
        for action in (SignPetition(1, 1), WithdrawPetition(1, 1)):
            stage.telegram.taps_data(user, message, action.encode())
            await stage.settle()
            assert flashes(stage)[-1] == "Esta opción no corresponde a su carácter."
        assert stored(database_url) == before


async def test_a_signature_is_taken_back_and_given_again(stage: Stage, people: Commission, enrol: Enrol) -> None:
    await enrol(Role.MEMBER, "Eva Soto")
    await proposed(stage, people.nayma)
    await stage.taps(people.alejandro, "Firmar")
    card = await talk(stage, people.alejandro, "/solicitudes", "[1]", "[Retirar mi firma]")
    assert "Firmas: 1 de 3 necesarias" in card.text
    assert "Firmar" in buttons(card)
    assert "Firmas: 2 de 3 necesarias" in (await stage.taps(people.alejandro, "Firmar", card)).text


async def test_after_the_majority_nothing_changes(stage: Stage, people: Commission, database_url: str) -> None:
    done = await proposed(stage, people.nayma)
    card = await talk(stage, people.alejandro, "/solicitudes", "[1]", "[Firmar]")
    assert buttons(card) == ["Ver solicitudes"]
    before = stored(database_url)
    await stage.taps(people.presidency, "Firmar")
    await stage.taps(people.nayma, "Retirar la solicitud", done)
    assert [f for f in flashes(stage) if f] == [
        "Esta solicitud alcanzó la mayoría el 5 de febrero de 2022, 10:00 h: ya no cambia ni necesita más firmas."
    ] * 2
    assert stored(database_url) == before


async def test_the_hour_of_the_majority_is_kept(stage: Stage, people: Commission) -> None:
    await proposed(stage, people.nayma)
    await stage.advance(datetime(2022, 2, 7, 9, 30, tzinfo=ZONE))
    await stage.taps(people.presidency, "Firmar")
    (petition,) = await stage.services.petitions.current(await seat_of(stage, people.secretary))
    assert petition.reached_at == datetime(2022, 2, 7, 9, 30, tzinfo=ZONE)
    assert [signature.at.astimezone(ZONE).day for signature in petition.signatures] == [5, 7]


# The session


async def test_the_session_begins_with_the_topic_and_is_linked(stage: Stage, people: Commission) -> None:
    await proposed(stage, people.nayma)
    await stage.taps(people.alejandro, "Firmar")
    asked = await stage.taps(people.secretary, PREPARE)
    assert "tema" not in asked.text.lower()
    added = await talk(
        stage, people.secretary, "20/02/2022 11:00", "[Sí, es correcta]", "[Presencial]", "Sala", "[Agregar]"
    )
    assert "Convocar" in buttons(added)
    meeting = max(await stage.services.meetings.of([await seat_of(stage, people.secretary)]), key=lambda m: m.number)
    assert meeting.topics == (TOPIC,)
    petition = await stage.services.petitions.one(await seat_of(stage, people.secretary), 1)
    assert petition.meeting == meeting.number
    assert "No hay solicitudes" in (await stage.says(people.nayma, "/solicitudes")).text


async def test_two_secretaries_make_one_session_of_it(stage: Stage, people: Commission, enrol: Enrol) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Beto Ríos")
    await proposed(stage, people.nayma)
    await stage.taps(people.alejandro, "Firmar")
    for secretary in (people.secretary, other):
        await stage.taps(secretary, PREPARE)
        await talk(stage, secretary, "20/02/2022 11:00", "[Sí, es correcta]", "[Presencial]", "Sala")
    before = len(await stage.services.meetings.of([await seat_of(stage, other)]))
    await stage.taps(other, "Agregar")
    await stage.taps(people.secretary, "Agregar")
    await stage.taps(people.secretary, PREPARE)
    assert len(await stage.services.meetings.of([await seat_of(stage, other)])) == before + 1
    assert [f for f in flashes(stage) if f] == [
        "De esta solicitud no puede prepararse una sesión: no tiene mayoría, o la sesión ya se preparó."
    ] * 2


# Bad input, and what changes meanwhile


async def test_too_long_too_short_and_nothing(stage: Stage, people: Commission, database_url: str) -> None:
    await stage.says(people.nayma, "/solicitar")
    assert "Son 4000 caracteres y el máximo es de 500" in (await stage.says(people.nayma, "x" * 4000)).text
    assert "motivo" in (await stage.says(people.nayma, TOPIC)).text
    assert "Son 1001 caracteres y el máximo es de 1000" in (await stage.says(people.nayma, "y" * 1001)).text
    assert "Vista previa" in (await stage.says(people.nayma, REASON)).text
    assert "Vista previa" in (await stage.says(people.nayma, "¿y ahora?")).text
    await stage.says(people.nayma, "/cancelar")
    assert 'INSERT INTO "petition"' not in stored(database_url)


async def test_the_longest_petitions_fit_in_one_message(stage: Stage, people: Commission) -> None:
    """Both are read in the morning, with nothing of them lost that a button does not show."""
    await stage.advance(datetime(2022, 2, 5, 22, tzinfo=ZONE))
    for user in (people.nayma, people.alejandro):
        await talk(stage, user, f"/solicitar {'&' * 500}", "<" * 1000, f"[{PRESENT}]")
    await stage.advance(datetime(2022, 2, 6, 8, tzinfo=ZONE))
    notice = stage.telegram.last(people.presidency)
    assert notice.text.count(ASKS) == 2
    assert len([label for label in buttons(notice) if label.startswith("Firmar: &")]) == 2


async def test_a_preview_of_other_words_presents_nothing(stage: Stage, people: Commission) -> None:
    old = await talk(stage, people.nayma, "/solicitar", TOPIC, REASON)
    new = await talk(stage, people.nayma, "/solicitar Otro tema", REASON)
    await stage.taps(people.nayma, PRESENT, old)
    assert flashes(stage)[-1].startswith("Esa solicitud ya se presentó")
    assert petitions_to(stage, people.alejandro) == []
    await stage.taps(people.nayma, PRESENT, new)
    assert "Otro tema" in petitions_to(stage, people.alejandro)[0]


async def test_two_taps_present_once(stage: Stage, people: Commission, database_url: str) -> None:
    preview = await talk(stage, people.nayma, "/solicitar", TOPIC, REASON)
    for _ in range(2):
        stage.telegram.taps(people.nayma, preview, PRESENT)
    await stage.settle()
    assert stored(database_url).count("'petition.proposed'") == 1
    assert len(petitions_to(stage, people.alejandro)) == 1


async def test_a_preview_left_for_too_long_presents_nothing(stage: Stage, people: Commission) -> None:
    await talk(stage, people.nayma, "/solicitar", TOPIC, REASON)
    await stage.advance(stage.clock.now() + timedelta(minutes=31))
    await stage.taps(people.nayma, PRESENT)
    assert flashes(stage)[-1].startswith("Esa solicitud ya se presentó")


async def test_the_commission_sets_the_days(stage: Stage, people: Commission) -> None:
    await stage.services.plans.apply(with_days(3))
    await proposed(stage, people.nayma)
    assert "hasta el 8 de febrero de 2022, 23:59 h" in petitions_to(stage, people.alejandro)[0]
    await stage.advance(datetime(2022, 2, 8, 23, 59, tzinfo=ZONE))
    await stage.taps(people.alejandro, "Firmar")
    assert flashes(stage)[-1].startswith("✖️ Venció el 8 de febrero de 2022, 23:59 h sin alcanzar la mayoría")
    assert "No hay solicitudes" in (await stage.says(people.nayma, "/solicitudes")).text


async def test_whoever_loses_the_vote_meanwhile_signs_no_more(
    stage: Stage, people: Commission, database_url: str
) -> None:
    await proposed(stage, people.nayma)
    seat = await seat_of(stage, people.secretary)
    alejandro = next(m for m in await stage.services.members.of(1) if m.name == "Alejandro Carrasco Sampedro")
    await stage.services.members.end(seat, alejandro.membership_id, alejandro.starts_on)
    before = stored(database_url)
    await stage.taps(people.alejandro, "Firmar")
    assert flashes(stage)[-1] == "Esta opción no corresponde a su carácter."
    assert stored(database_url) == before


async def test_a_long_list_has_pages(stage: Stage, enrol: Enrol) -> None:
    users = [await enrol(Role.MEMBER, f"Integrante Larga {'ABCDEFGH'[n]}") for n in range(8)]
    for n, user in enumerate(users):
        await talk(stage, user, f"/solicitar Tema {n} {'muy largo ' * 12}", REASON, f"[{PRESENT}]")
    page = await stage.says(users[0], "/solicitudes")
    topics: list[str] = []
    while True:
        assert len(page.text) < 900
        topics += [label for label in buttons(page) if label.isdigit()]
        if "Ver más ▸" not in buttons(page):
            break
        page = await stage.taps(users[0], "Ver más ▸", page)
    assert topics == [str(n) for n in range(1, 9)]
