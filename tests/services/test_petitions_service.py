"""Petitions on both databases: two at once, who counts while the commission changes, and what the log says."""

import asyncio
from datetime import timedelta

import pytest

from prep_bot.db.engine import Database
from prep_bot.domain.meeting import Modality
from prep_bot.domain.petition import PetitionState, Proposal
from prep_bot.domain.role import Role
from prep_bot.services.audit import entries
from prep_bot.services.calendar import Appointment
from prep_bot.services.container import Services
from prep_bot.services.identity import Seat
from prep_bot.services.petitions import (
    AlreadyPresentedError,
    NoSuchPetitionError,
    NotForConveningError,
    NotTheirsError,
    NotVotingError,
    OpenPetitionError,
    PetitionClosedError,
    PetitionView,
)
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import enrol, person, plan

TOPIC = "petition"
PROPOSAL = Proposal(commission=1, topic="Tema", reason="Motivo")


async def commission(services: Services, voting: int) -> tuple[Seat, list[Seat]]:
    """Return the seats of a commission: the secretary's, and of that many who vote."""
    await services.plans.apply(plan())
    secretary = await enrol(services, "Secretaria Gil", Role.TECHNICAL_SECRETARY, 1)
    return secretary, [await enrol(services, f"Votante {'ABCDE'[n]}", Role.MEMBER, 10 + n) for n in range(voting)]


async def proposed(services: Services, seat: Seat) -> PetitionView:
    await services.dialogues.begin(seat.person_id, TOPIC)
    return (await services.petitions.propose(seat, TOPIC, PROPOSAL)).petition


async def ended(services: Services, secretary: Seat, seat: Seat) -> None:
    member = await services.members.one(seat.commission_id, seat.membership_id)
    assert member is not None
    await services.members.end(secretary, seat.membership_id, member.starts_on)


async def acts(database: Database) -> list[tuple[str, int | None]]:
    async with database.read() as session:
        log = [entry async for entry, _ in entries(session, 1)]
    return [(entry.act, entry.actor) for entry in log if entry.act.startswith("petition.")]


async def notices(services: Services, kind: str) -> list[tuple[str, str]]:
    """Return which such notices there are: to whom, and their state."""
    found = [n for n in await services.outbox.records() if n.kind == kind]
    return sorted((n.recipient or "", n.state.value) for n in found)


async def test_a_majority_is_reached_once_by_two_who_sign_at_once(services: Services, database: Database) -> None:
    _, (a, b, c) = await commission(services, 3)
    petition = await proposed(services, a)
    assert (petition.state, petition.needed, len(petition.signatures)) == (PetitionState.OPEN, 2, 1)
    results = await asyncio.gather(
        services.petitions.sign(b, petition.id), services.petitions.sign(c, petition.id), return_exceptions=True
    )
    signed = [result for result in results if isinstance(result, PetitionView)]
    late = [result for result in results if isinstance(result, PetitionClosedError)]
    assert (len(signed), len(late)) == (1, 1)
    after = await services.petitions.one(a, petition.id)
    assert (after.state, len(after.signatures)) == (PetitionState.REACHED, 2)
    assert [act for act, _ in await acts(database)] == ["petition.proposed", "petition.signed", "petition.reached"]


async def test_one_signature_a_person_however_often_they_tap(
    services: Services, database: Database, clock: ManualClock
) -> None:
    _, (a, b, *_) = await commission(services, 4)
    petition = await proposed(services, a)
    first = clock.now()
    await asyncio.gather(*(services.petitions.sign(b, petition.id) for _ in range(3)))
    clock.advance_to(first + timedelta(hours=1))
    again = await services.petitions.sign(b, petition.id)
    assert [(s.name, s.at) for s in again.signatures] == [("Votante A", first), ("Votante B", first)]
    assert [act for act, _ in await acts(database)].count("petition.signed") == 1


async def test_a_proposal_is_presented_once(services: Services) -> None:
    _, (a, *_) = await commission(services, 3)
    await services.dialogues.begin(a.person_id, TOPIC)
    results = await asyncio.gather(
        *(services.petitions.propose(a, TOPIC, PROPOSAL) for _ in range(2)), return_exceptions=True
    )
    assert sum(isinstance(result, AlreadyPresentedError) for result in results) == 1
    with pytest.raises(OpenPetitionError) as caught:
        await proposed(services, a)
    assert len(await services.petitions.current(a)) == 1
    assert caught.value.petition == (await services.petitions.current(a))[0]


async def test_alone_one_is_the_majority(services: Services) -> None:
    _, (a,) = await commission(services, 1)
    assert (await proposed(services, a)).state is PetitionState.REACHED
    assert await notices(services, "petition") == []
    assert await notices(services, "petition_majority") == [("Secretaria Gil", "queued"), ("Votante A", "queued")]


async def test_another_may_be_proposed_once_the_first_has_its_majority(services: Services) -> None:
    _, (a, b, _) = await commission(services, 3)
    first = await proposed(services, a)
    await services.petitions.sign(b, first.id)
    second = await proposed(services, a)
    assert [p.id for p in await services.petitions.current(a)] == [first.id, second.id]


async def test_the_signature_of_who_leaves_no_longer_counts(services: Services) -> None:
    secretary, (a, b, *others) = await commission(services, 5)
    petition = await proposed(services, a)
    await services.petitions.sign(b, petition.id)
    await ended(services, secretary, b)
    left = await services.petitions.one(a, petition.id)
    assert ([s.name for s in left.signatures], left.needed, left.state) == (["Votante A"], 3, PetitionState.OPEN)
    with pytest.raises(NotVotingError):
        await services.petitions.sign(b, petition.id)
    await services.petitions.sign(others[0], petition.id)
    reached = await services.petitions.sign(others[1], petition.id)
    assert [s.name for s in reached.signatures] == ["Votante A", "Votante C", "Votante D"]
    assert reached.state is PetitionState.REACHED


async def test_a_majority_may_come_of_others_leaving(services: Services, database: Database) -> None:
    secretary, (a, b, *others) = await commission(services, 4)
    petition = await proposed(services, a)
    await services.petitions.sign(b, petition.id)
    await ended(services, secretary, others[0])
    reached = await services.petitions.one(a, petition.id)
    assert (reached.state, reached.needed, len(reached.signatures)) == (PetitionState.REACHED, 2, 2)
    assert (await acts(database))[-1] == ("petition.reached", None)
    assert len(await notices(services, "petition_majority")) == 2


async def test_a_majority_may_come_of_a_new_plan(services: Services) -> None:
    people = [person("uno", "Persona Uno"), person("dos", "Persona Dos")]
    await services.plans.apply(plan(people=people))
    a = await enrol(services, "Votante A", Role.MEMBER, 10)
    b = await enrol(services, "Votante B", Role.MEMBER, 11)
    petition = await proposed(services, a)
    await services.petitions.sign(b, petition.id)
    assert (await services.petitions.one(a, petition.id)).state is PetitionState.OPEN
    await services.plans.apply(plan(people=people[:1]))
    assert (await services.petitions.one(a, petition.id)).state is PetitionState.REACHED


async def test_what_was_reached_stays_whoever_comes_or_goes(services: Services) -> None:
    secretary, (a, b, _) = await commission(services, 3)
    petition = await proposed(services, a)
    reached = await services.petitions.sign(b, petition.id)
    await ended(services, secretary, b)
    await enrol(services, "Votante Nueva", Role.MEMBER, 30)
    assert await services.petitions.one(a, petition.id) == reached


async def test_a_new_member_raises_what_an_open_one_needs(services: Services) -> None:
    _, (a, *_) = await commission(services, 3)
    petition = await proposed(services, a)
    newcomer = await enrol(services, "Votante Nueva", Role.MEMBER, 30)
    assert (await services.petitions.sign(newcomer, petition.id)).state is PetitionState.OPEN
    assert (await services.petitions.one(a, petition.id)).needed == 3


async def test_a_signature_taken_back_can_be_given_again(
    services: Services, database: Database, clock: ManualClock
) -> None:
    _, (a, b, *_) = await commission(services, 4)
    petition = await proposed(services, a)
    await services.petitions.sign(b, petition.id)
    assert [s.name for s in (await services.petitions.unsign(b, petition.id)).signatures] == ["Votante A"]
    await services.petitions.unsign(b, petition.id)
    clock.advance_to(clock.now() + timedelta(hours=2))
    again = await services.petitions.sign(b, petition.id)
    assert again.signatures[-1].at == clock.now()
    assert [act for act, _ in await acts(database)] == [
        f"petition.{act}" for act in ("proposed", "signed", "unsigned", "signed")
    ]
    with pytest.raises(NotTheirsError):
        await services.petitions.unsign(a, petition.id)


async def test_only_its_proposer_withdraws_it_and_signers_are_told(services: Services, database: Database) -> None:
    _, (a, b, c, _) = await commission(services, 4)
    petition = await proposed(services, a)
    await services.petitions.sign(b, petition.id)
    with pytest.raises(NotTheirsError):
        await services.petitions.withdraw(b, petition.id)
    assert (await services.petitions.withdraw(a, petition.id)).state is PetitionState.WITHDRAWN
    for late in (services.petitions.withdraw(a, petition.id), services.petitions.sign(c, petition.id)):
        with pytest.raises(PetitionClosedError):
            await late
    with pytest.raises(PetitionClosedError):
        await services.petitions.unsign(b, petition.id)
    told = [n for n in await services.outbox.records() if n.data.get("withdrawn")]
    assert [n.recipient for n in told] == ["Votante B"]
    assert (await acts(database))[-1] == ("petition.withdrawn", a.person_id)
    assert await services.petitions.current(a) == ()


async def test_nobody_signs_what_has_lapsed(services: Services, clock: ManualClock) -> None:
    _, (a, b, _) = await commission(services, 3)
    petition = await proposed(services, a)
    clock.advance_to(petition.lapses_at)
    with pytest.raises(PetitionClosedError):
        await services.petitions.sign(b, petition.id)
    lapsed = await services.petitions.one(a, petition.id)
    assert (lapsed.state, lapsed.reached_at) == (PetitionState.LAPSED, None)
    assert (await proposed(services, a)).id != petition.id


async def test_who_has_no_vote_neither_proposes_nor_signs(services: Services) -> None:
    secretary, (a, *_) = await commission(services, 3)
    petition = await proposed(services, a)
    with pytest.raises(NotVotingError):
        await services.petitions.sign(secretary, petition.id)
    with pytest.raises(NotVotingError):
        await proposed(services, secretary)


async def test_a_petition_is_of_its_commission_alone(services: Services) -> None:
    _, (a, *_) = await commission(services, 3)
    petition = await proposed(services, a)
    await services.plans.apply(plan("otra"))
    foreign = await enrol(services, "Votante Ajeno", Role.MEMBER, 40, commission_id=2)
    for asked in (
        services.petitions.one,
        services.petitions.sign,
        services.petitions.unsign,
        services.petitions.withdraw,
    ):
        with pytest.raises(NoSuchPetitionError):
            await asked(foreign, petition.id)
    assert await services.petitions.current(foreign) == ()


async def test_one_session_is_made_of_a_petition(services: Services, database: Database, clock: ManualClock) -> None:
    secretary, (a, b, _) = await commission(services, 3)
    petition = await proposed(services, a)
    to = Appointment(clock.now() + timedelta(days=5), Modality.IN_PERSON, "Sala")

    async def add() -> object:
        return await services.calendar.add_extraordinary(secretary, "Tema", to, petition_id=petition.id)

    with pytest.raises(NotForConveningError):
        await add()
    await services.petitions.sign(b, petition.id)
    results = await asyncio.gather(add(), add(), return_exceptions=True)
    assert sum(isinstance(result, NotForConveningError) for result in results) == 1
    met = await services.petitions.one(a, petition.id)
    assert met.meeting == len(await services.meetings.of([secretary])) == 3
    assert await services.petitions.current(a) == ()
    async with database.read() as session:
        added = [entry async for entry, _ in entries(session, 1) if entry.act == "meeting.added"]
    assert [entry.details["petition"] for entry in added] == [petition.id]
