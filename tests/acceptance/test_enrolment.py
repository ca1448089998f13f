"""Enrolment: a single-use code, the privacy notice, one tap. Strangers and guessers learn nothing."""

import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.plans.document import PersonEntry
from prep_bot.plans.file import load, packaged
from prep_bot.services.invitations import InvitationError, SeveralPeopleError, UnusableCodeError
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.people import AcceptPrivacy
from tests.support.convening import convened
from tests.support.conversation import another_plan, flashes, sent_to, shown, stored

Enrol = Callable[..., Awaitable[SimulatedUser]]

NAYMA = "Nayma Enríquez Estrada"
UNUSABLE = "Esta invitación no es válida"


async def _code(stage: Stage, name: str = NAYMA, role: Role = Role.MEMBER, commission_id: int = 1) -> str:
    made = await stage.services.invitations.create(commission_id, name, role, by=None)
    return made.code


def _rows(database_url: str, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))) as database:
        return database.execute(query).fetchall()


def _files(folder: Path) -> bytes:
    """Return the database with its journal as they lie on the disk, deleted rows and all."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


# The way in


async def test_from_the_link_to_the_welcome(stage: Stage, snapshot: SnapshotAssertion) -> None:
    user = stage.telegram.user("Nay")
    offered = await stage.says(user, f"/start {await _code(stage)}")
    assert shown(offered) == snapshot(name="offer")
    assert shown(await stage.taps(user, "Acepto")) == snapshot(name="welcome")


async def test_every_role_is_welcomed_with_something_it_may_ask(stage: Stage, enrol: Enrol) -> None:
    for role in Role:
        user = await enrol(role, f"Persona {role.value}", (5,))
        welcome = stage.telegram.last(user)
        for row in welcome.buttons:
            for label in row:
                answer = await stage.taps(user, label, welcome)
                assert "no corresponde" not in answer.text
                assert answer.id != welcome.id


async def test_nothing_is_stored_before_the_notice_is_accepted(stage: Stage, database_url: str) -> None:
    user, code = stage.telegram.user("Nay"), await _code(stage)
    before = stored(database_url)
    await stage.says(user, f"/start {code}")
    await stage.says(user, "hola")
    assert stored(database_url) == before
    assert str(user.id) not in before
    await stage.taps(user, "Acepto")
    assert str(user.id) in stored(database_url)


async def test_of_a_person_only_id_name_role_and_language_are_kept(
    stage: Stage, enrol: Enrol, database_url: str
) -> None:
    user = stage.telegram.user("Apodo de Telegram", username="alias_de_telegram", language_code="fr")
    await enrol(Role.MEMBER, NAYMA, user=user)
    await stage.says(user, "hola, esto es privado")
    whole = stored(database_url)
    assert "alias_de_telegram" not in whole
    assert "Apodo de Telegram" not in whole
    assert "privado" not in whole
    ((telegram_id, name, language),) = _rows(
        database_url, "SELECT telegram_id, name, language FROM person WHERE telegram_id IS NOT NULL"
    )
    assert (telegram_id, name, language) == (user.id, NAYMA, "es_MX")


# The code


async def test_a_code_has_128_random_bits(stage: Stage) -> None:
    codes = [await _code(stage) for _ in range(50)]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert re.fullmatch(r"[A-Za-z0-9_-]{22}", code)  # 22 letters of 6 bits hold 128, and fit a start parameter


async def test_only_the_hash_of_a_code_is_stored(stage: Stage, database_url: str, tmp_path: Path) -> None:
    code = await _code(stage)
    user = stage.telegram.user("Nay")
    await stage.says(user, f"/start {code}")
    await stage.taps(user, "Acepto")
    whole = _files(tmp_path)
    assert NAYMA.encode() in whole
    assert code.encode() not in whole
    ((digest,),) = _rows(database_url, "SELECT code_hash FROM invitation")
    assert re.fullmatch(r"[0-9a-f]{64}", str(digest))


async def test_a_code_lives_for_seven_days_to_the_instant(stage: Stage, start: datetime) -> None:
    code, late = await _code(stage), stage.telegram.user("Tarde")
    stage.clock.advance_to(start + timedelta(days=7) - timedelta(seconds=1))
    assert "Acepto" in str((await stage.says(late, f"/start {code}")).buttons)
    stage.clock.advance_to(start + timedelta(days=7))
    assert UNUSABLE in (await stage.taps(late, "Acepto")).text
    assert await stage.services.identity.of(late.id) is None
    assert UNUSABLE in (await stage.says(late, f"/start {code}")).text


async def test_the_last_moment_still_counts(stage: Stage, start: datetime) -> None:
    code, punctual = await _code(stage), stage.telegram.user("Puntual")
    await stage.says(punctual, f"/start {code}")
    stage.clock.advance_to(start + timedelta(days=7) - timedelta(microseconds=1))
    await stage.taps(punctual, "Acepto")
    assert await stage.services.identity.of(punctual.id) is not None


async def test_a_code_dies_on_use(stage: Stage, snapshot: SnapshotAssertion) -> None:
    code, first, second = await _code(stage), stage.telegram.user("Uno"), stage.telegram.user("Dos")
    await stage.says(second, f"/start {code}")
    await stage.says(first, f"/start {code}")
    await stage.taps(first, "Acepto")
    assert shown(await stage.taps(second, "Acepto")) == snapshot(name="unusable")
    assert await stage.services.identity.of(second.id) is None


async def test_their_own_link_welcomes_them_again_and_is_no_guess(stage: Stage, start: datetime) -> None:
    code, user = await _code(stage), stage.telegram.user("Nay")
    await stage.says(user, f"/start {code}")
    welcome = await stage.taps(user, "Acepto")
    await stage.advance(start + timedelta(days=30))
    for _ in range(8):
        again = await stage.says(user, f"/start {code}")
        assert (again.html, again.buttons) == (welcome.html, welcome.buttons)
    relinked = stage.telegram.user("Nay (nuevo)")
    await stage.says(relinked, f"/start {await _code(stage)}")
    await stage.taps(relinked, "Acepto")
    assert UNUSABLE in (await stage.says(user, f"/start {code}")).text


async def test_a_newer_code_kills_the_older_one_of_the_same_seat(stage: Stage) -> None:
    older, other = await _code(stage), await _code(stage, "Alejandro Carrasco Sampedro")
    newer = await _code(stage)
    user = stage.telegram.user("Nay")
    assert UNUSABLE in (await stage.says(user, f"/start {older}")).text
    assert "Acepto" in str((await stage.says(user, f"/start {newer}")).buttons)
    assert "Acepto" in str((await stage.says(stage.telegram.user("Ale"), f"/start {other}")).buttons)


async def test_a_revoked_code_is_worth_nothing(stage: Stage) -> None:
    user, code = stage.telegram.user("Nay"), await _code(stage)
    await stage.says(user, f"/start {code}")
    (invitation,) = await stage.services.invitations.open(1)
    assert await stage.services.invitations.revoke(1, invitation.id, by=None)
    assert UNUSABLE in (await stage.taps(user, "Acepto")).text
    assert await stage.services.identity.of(user.id) is None
    assert not await stage.services.invitations.revoke(1, invitation.id, by=None)


async def test_the_code_of_an_ended_membership_is_worth_nothing(stage: Stage, enrol: Enrol) -> None:
    secretary = await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez")
    user, code = stage.telegram.user("Nay"), await _code(stage)
    await stage.says(user, f"/start {code}")
    actor = await stage.services.identity.of(secretary.id)
    assert actor is not None
    seat = next(m for m in await stage.services.members.of(1) if m.name == NAYMA)
    await stage.services.members.end(actor.seats[0], seat.membership_id, seat.starts_on)
    assert UNUSABLE in (await stage.taps(user, "Acepto")).text
    with pytest.raises(UnusableCodeError):
        await stage.services.invitations.renew(1, seat.membership_id, by=None)


# Taps that come twice, or at once


async def test_two_taps_enrol_once_and_the_welcome_stands(stage: Stage, database_url: str) -> None:
    user = stage.telegram.user("Nay")
    offer = await stage.says(user, f"/start {await _code(stage)}")
    for _ in range(2):
        stage.telegram.taps(user, offer, "Acepto")
    await stage.settle()
    assert "ya está en" in stage.telegram.last(user).text
    assert flashes(stage) == ["", ""]
    assert _rows(database_url, "SELECT count(*) FROM audit_event WHERE act = 'person.enrolled'") == [(1,)]


async def test_two_accounts_that_accept_one_code_at_once(stage: Stage, database_url: str) -> None:
    code = await _code(stage)
    users = [stage.telegram.user(f"Cuenta {n}") for n in range(8)]
    for user in users:
        await stage.says(user, f"/start {code}")
    for user in users:
        stage.telegram.taps(user, stage.telegram.last(user), "Acepto")
    await stage.settle()  # every chat's update is handled at once
    enrolled = [user for user in users if await stage.services.identity.of(user.id)]
    assert len(enrolled) == 1
    for user in users:
        assert ("ya está en" if user in enrolled else UNUSABLE) in stage.telegram.last(user).text
    assert _rows(database_url, "SELECT count(*) FROM person WHERE telegram_id IS NOT NULL") == [(1,)]


async def test_many_people_enrol_at_once(stage: Stage, database_url: str) -> None:
    users = [stage.telegram.user(f"Persona {n}") for n in range(20)]
    for n, user in enumerate(users):
        await stage.says(user, f"/start {await _code(stage, f'Persona Número {n:02}', Role.PARTY_REPRESENTATIVE)}")
    for user in users:
        stage.telegram.taps(user, stage.telegram.last(user), "Acepto")
    await stage.settle()
    assert all("ya está en" in stage.telegram.last(user).text for user in users)
    assert _rows(database_url, "SELECT count(*) FROM person WHERE telegram_id IS NOT NULL") == [(20,)]


# Whom a name binds


@pytest.mark.parametrize(
    "spelling", ["NAYMA ENRIQUEZ ESTRADA", "mtra. nayma enríquez estrada", " Nayma\nEnríquez Estrada "]
)
async def test_a_name_of_the_plan_binds_to_that_person(stage: Stage, spelling: str) -> None:
    before = {member.membership_id: member.name for member in await stage.services.members.of(1)}
    user = stage.telegram.user("Nay")
    await stage.says(user, f"/start {await _code(stage, spelling)}")
    assert NAYMA in (await stage.taps(user, "Acepto")).text
    assert {member.membership_id: member.name for member in await stage.services.members.of(1)} == before


async def test_another_name_is_a_new_person(stage: Stage, enrol: Enrol) -> None:
    await enrol(Role.TECHNICAL_SECRETARY, "Lic. Ana Ruiz Soto")
    ana = next(m for m in await stage.services.members.of(1) if m.name == "Ana Ruiz Soto")
    assert (ana.title, ana.role, ana.full_name) == ("Lic.", Role.TECHNICAL_SECRETARY, "Lic. Ana Ruiz Soto")
    assert ana.starts_on.isoformat() == "2022-02-05"


@pytest.mark.parametrize("role", [Role.PRESIDENCY, Role.TECHNICAL_SECRETARY, Role.GUEST])
async def test_a_person_of_the_plan_is_not_invited_in_another_role(stage: Stage, role: Role, database_url: str) -> None:
    before = stored(database_url)
    with pytest.raises(InvitationError, match="Nayma Enríquez Estrada is member"):
        await stage.services.invitations.create(1, NAYMA, role, by=None, meeting_numbers=(5,))
    assert stored(database_url) == before


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200f", "🎉", "👩‍👩‍👧", "...", "<3", "A" * 121, "A" * 10_000])
async def test_a_name_needs_a_letter_and_an_end(stage: Stage, name: str, database_url: str) -> None:
    before = stored(database_url)
    if name == "<3":
        name = "<&>"
    with pytest.raises(InvitationError):
        await stage.services.invitations.create(1, name, Role.MEMBER, by=None)
    assert stored(database_url) == before


@pytest.mark.parametrize("name", ['Ana <3 & "Ñ" </b>', "Ana 🎉🎉🎉", "A" * 120, "Ana\u202eRuiz\u200b", "Ana\nRuiz"])
async def test_strange_names_are_shown_as_they_are(stage: Stage, enrol: Enrol, name: str) -> None:
    secretary = await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez")
    user = await enrol(Role.MEMBER, name)
    kept = next(
        m.name
        for m in await stage.services.members.of(1)
        if m.name.startswith("A") and m.name != "Alejandro Carrasco Sampedro"
    )
    assert not re.search("[\n\u202e\u200b]", kept)
    assert kept in stage.telegram.last(user).text
    assert kept in (await stage.says(user, "/start")).text
    assert kept in (await stage.says(user, "/misdatos")).text
    assert kept in (await stage.says(secretary, "/integrantes")).text


# Accounts


@pytest.mark.parametrize("commission_id", [1, 2])
@pytest.mark.parametrize("name", ["Alejandro Carrasco Sampedro", "Persona Nueva Gil"])
async def test_an_account_of_another_name_is_refused(
    stage: Stage, enrol: Enrol, database_url: str, name: str, commission_id: int
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    user = await enrol(Role.MEMBER, NAYMA)
    offer = await stage.says(user, f"/start {await _code(stage, name, commission_id=commission_id)}")
    before = stored(database_url)
    assert shown(await stage.taps(user, "Acepto", offer)) == (
        "Esta cuenta de Telegram ya está registrada a nombre de otra persona. Avise a la Secretaría Técnica para que "
        "lo corrija."
    )
    assert stored(database_url) == before


async def test_the_refused_code_still_serves_its_own_person(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    code = await _code(stage, "Alejandro Carrasco Sampedro")
    await stage.says(user, f"/start {code}")
    await stage.taps(user, "Acepto")
    own = stage.telegram.user("Ale")
    await stage.says(own, f"/start {code}")
    assert "ya está en" in (await stage.taps(own, "Acepto")).text


async def test_one_account_gets_back_in_by_a_new_code(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(user, f"/start {await _code(stage)}")
    assert "ya está en" in (await stage.taps(user, "Acepto")).text
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    assert len(actor.seats) == 1


# Strangers


async def test_a_stranger_gets_one_answer_without_data_and_then_silence(
    stage: Stage, snapshot: SnapshotAssertion, database_url: str
) -> None:
    stranger, before = stage.telegram.user("Curiosa"), stored(database_url)
    await stage.says(stranger, "/pendientes")
    for text in ("/start", "/calendario", "hola", "pendientes", "/integrantes", "/misdatos", "/actividad 1"):
        await stage.says(stranger, text)
    (answer,) = [m for m in stage.telegram.messages(stranger) if m.user_id is None]
    assert shown(answer) == snapshot
    assert "PREP" not in answer.text
    assert stored(database_url) == before


@pytest.mark.parametrize("text", ["/start", "hola", "/invitar", "/START"])
async def test_whatever_a_stranger_says_the_answer_is_the_same(stage: Stage, text: str) -> None:
    first, second = stage.telegram.user("Una"), stage.telegram.user("Otra")
    answer = await stage.says(first, "/pendientes")
    assert (await stage.says(second, text)).text == answer.text


async def test_a_stranger_who_sends_a_picture_is_a_stranger(stage: Stage) -> None:
    stranger = stage.telegram.user("Curiosa")
    stage.telegram.sends_photo(stranger, b"\xff\xd8\xff")
    await stage.settle()
    stage.telegram.sends_photo(stranger, b"\xff\xd8\xff")
    await stage.settle()
    assert len(sent_to(stage, stranger)) == 1


async def test_a_silenced_stranger_is_still_let_in_by_a_code(stage: Stage) -> None:
    user = stage.telegram.user("Nay")
    for text in ("hola", "¿hay alguien?"):
        await stage.says(user, text)
    await stage.says(user, f"/start {await _code(stage)}")
    assert "ya está en" in (await stage.taps(user, "Acepto")).text


# Guessing


async def test_five_wrong_codes_in_an_hour_and_then_silence(stage: Stage, start: datetime) -> None:
    guesser, right = stage.telegram.user("Adivina"), await _code(stage)
    for n in range(9):
        await stage.says(guesser, f"/start adivinanza-numero-{n:04}")
    assert [UNUSABLE in text for text in sent_to(stage, guesser)] == [True] * 5
    await stage.says(guesser, f"/start {right}")  # a right guess is not told from a wrong one
    assert len(sent_to(stage, guesser)) == 5
    other = stage.telegram.user("Nay")
    assert "Acepto" in str((await stage.says(other, f"/start {right}")).buttons)  # nobody else waits


async def test_after_an_hour_codes_are_heard_again(stage: Stage) -> None:
    guesser, right = stage.telegram.user("Adivina"), await _code(stage)
    for _ in range(5):
        await stage.says(guesser, "/start adivinanza")
    last = stage.telegram.last(guesser).at
    stage.clock.advance_to(last + timedelta(minutes=59))
    await stage.says(guesser, f"/start {right}")
    assert len(sent_to(stage, guesser)) == 5
    stage.clock.advance_to(last + timedelta(hours=1, seconds=1))
    await stage.says(guesser, f"/start {right}")
    assert "ya está en" in (await stage.taps(guesser, "Acepto")).text


async def test_guessing_by_button_counts_too(stage: Stage) -> None:
    guesser, right = stage.telegram.user("Adivina"), await _code(stage)
    message = await stage.says(guesser, f"/start {right}")
    for n in range(6):
        stage.telegram.taps_data(guesser, message, AcceptPrivacy(f"adivinanza-{n}").encode())
        await stage.settle()
    stage.telegram.taps_data(guesser, message, AcceptPrivacy(right).encode())
    await stage.settle()
    assert await stage.services.identity.of(guesser.id) is None


async def test_right_codes_do_not_count_as_guesses(stage: Stage) -> None:
    user, code = stage.telegram.user("Nay"), await _code(stage)
    for _ in range(8):
        await stage.says(user, f"/start {code}")
    assert "ya está en" in (await stage.taps(user, "Acepto")).text


async def test_a_code_with_anything_around_it_is_wrong(stage: Stage) -> None:
    code = await _code(stage)
    for n, text in enumerate((f"{code}x", code[:-1], f"{code} {code}", code.swapcase(), "' OR 1=1 --")):
        assert UNUSABLE in (await stage.says(stage.telegram.user(f"U{n}"), f"/start {text}")).text


# One person, two records


async def test_a_person_of_two_commissions_is_one_account(stage: Stage, enrol: Enrol) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    user = await enrol(Role.MEMBER, NAYMA)
    await enrol(Role.PARTY_REPRESENTATIVE, "nayma enriquez estrada", commission_id=2, user=user)
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    assert [(seat.commission, seat.role) for seat in actor.seats] == [
        ("PREP 2021-2022", Role.MEMBER),
        ("Quejas", Role.PARTY_REPRESENTATIVE),
    ]


async def test_a_person_first_invited_by_name_then_found_in_a_plan(
    stage: Stage, enrol: Enrol, database_url: str
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    user = await enrol(Role.MEMBER, NAYMA, commission_id=2)
    await enrol(Role.MEMBER, NAYMA, user=user)
    assert _rows(database_url, "SELECT key, telegram_id FROM person WHERE name = 'Nayma Enríquez Estrada'") == [
        ("nayma-enriquez-estrada", user.id)
    ]
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))  # the plan still finds its person
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    assert len(actor.seats) == 2


async def test_two_namesakes_who_were_each_enrolled_stay_two(stage: Stage, enrol: Enrol, database_url: str) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    first = await enrol(Role.MEMBER, NAYMA)
    second = await enrol(Role.MEMBER, NAYMA, commission_id=2)
    await stage.says(second, f"/start {await _code(stage)}")
    before = stored(database_url)
    assert "a nombre de otra persona" in (await stage.taps(second, "Acepto")).text
    assert stored(database_url) == before
    assert await stage.services.identity.of(first.id) is not None


async def test_what_a_record_did_stays_with_its_name(stage: Stage, enrol: Enrol) -> None:
    """Somebody acts, deletes their contact data, and comes back with an account that they have from elsewhere."""
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    name = "Ana Ruiz Soto"
    old = await enrol(Role.TECHNICAL_UNIT, name)
    await stage.says(old, "/registrar 8")
    await stage.taps(old, "✅ Concluida")
    await stage.says(old, "/misdatos")
    await stage.taps(old, "Borrar mis datos de contacto")
    await stage.taps(old, "Sí, borrar")
    user = await enrol(Role.TECHNICAL_UNIT, name, commission_id=2)
    await enrol(Role.TECHNICAL_UNIT, name, user=user)
    assert "ya está en" in stage.telegram.last(user).text
    await stage.says(user, "/actividad 8")
    answer = await stage.taps(user, "PREP 2021-2022")
    assert name in answer.text


async def test_whoever_was_convened_before_their_account_was_known_is_convened(
    stage: Stage, enrol: Enrol, database_url: str
) -> None:
    """Known from one commission, written down anew in another, and convened there before they enrol."""
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    user = await enrol(Role.MEMBER, "Ana Ruiz Soto", commission_id=2)
    secretary = await enrol(Role.TECHNICAL_SECRETARY, "Luz Mora Gil")
    made = await stage.services.invitations.create(1, "Ana Ruiz Soto", Role.MEMBER, by=None)
    await convened(stage, secretary)
    await stage.says(user, f"/start {made.code}")
    await stage.taps(user, "Acepto")
    await stage.taps(user, "Acusar recibo")
    assert "usted acusó recibo" in stage.telegram.last(user).text
    people = _rows(database_url, "SELECT id FROM person WHERE name = 'Ana Ruiz Soto'")
    assert len(people) == 1
    assert _rows(database_url, "SELECT person_id FROM addressee WHERE acknowledged_at IS NOT NULL")[-1:] == people
    act = "SELECT details FROM audit_event WHERE act = 'person.enrolled' ORDER BY id DESC LIMIT 1"
    assert "written_down_as" in str(_rows(database_url, act))


async def test_two_planned_people_are_never_made_one(stage: Stage, enrol: Enrol) -> None:
    person = PersonEntry(
        key="nayma-e",
        name=NAYMA,
        role=Role.MEMBER,
        since=datetime(2021, 11, 8).date(),  # noqa: DTZ001
    )
    report = await stage.services.plans.apply(another_plan("quejas", "Quejas", (person,)))
    assert report.warnings == (
        "person nayma-e has the same name as nayma-enriquez-estrada of another commission: if both are one person, "
        "give them the key nayma-enriquez-estrada before they enrol",
    )
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(user, f"/start {await _code(stage, commission_id=2)}")
    assert "los dos programas de trabajo le dan claves distintas" in (await stage.taps(user, "Acepto")).text


async def test_two_namesakes_of_one_commission_stay_two(stage: Stage, enrol: Enrol, database_url: str) -> None:
    user = await enrol(Role.MEMBER, "Ana Ruiz Soto")
    plan = load(packaged("ieepco-prep-2021-2022"))
    renamed = (plan.people[0].model_copy(update={"name": "Ana Ruiz Soto"}), *plan.people[1:])
    await stage.services.plans.apply(plan.model_copy(update={"people": renamed}))
    namesake = (await stage.services.members.of(1))[0]
    made = await stage.services.invitations.renew(1, namesake.membership_id, by=None)
    await stage.says(user, f"/start {made.code}")
    before = stored(database_url)
    assert "a nombre de otra persona" in (await stage.taps(user, "Acepto")).text
    assert stored(database_url) == before
    with pytest.raises(SeveralPeopleError):
        await stage.services.invitations.create(1, "Ana Ruiz Soto", Role.MEMBER, by=None)
