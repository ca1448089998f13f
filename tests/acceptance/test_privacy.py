"""/privacidad and /misdatos: all that is stored, nothing else, and its deletion."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from syrupy.assertion import SnapshotAssertion

from prep_bot.db.engine import Database, create_engine
from prep_bot.domain.role import Role
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.conversation import another_plan, buttons, sent_to, shown, stored

Enrol = Callable[..., Awaitable[SimulatedUser]]

NAYMA = "Nayma Enríquez Estrada"


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


async def _delete(stage: Stage, user: SimulatedUser) -> None:
    await stage.says(user, "/misdatos")
    await stage.taps(user, "Borrar mis datos de contacto")
    await stage.taps(user, "Sí, borrar")


def _tables_with(database_url: str, value: str) -> set[str]:
    """Return the tables in which `value` occurs anywhere."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table for table in tables if value in str(database.execute(f"SELECT * FROM {table}").fetchall())}  # noqa: S608


# The notice


@pytest.mark.parametrize("role", Role)
async def test_the_notice_is_the_plans(stage: Stage, enrol: Enrol, role: Role) -> None:
    user = await enrol(role, "Persona Integrante Ríos", (5,))
    answer = await stage.says(user, "/privacidad")
    privacy = load(packaged("ieepco-prep-2021-2022")).rules.privacy
    assert privacy.notice.strip() in answer.text
    assert str(privacy.url) in answer.text


async def test_the_notice_whole(stage: Stage, enrol: Enrol, snapshot: SnapshotAssertion) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    assert shown(await stage.says(user, "/privacidad")) == snapshot


async def test_an_edited_notice_is_the_one_that_is_shown(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    plan = load(packaged("ieepco-prep-2021-2022"))
    own = plan.rules.privacy.model_copy(
        update={"notice": "El aviso <propio> & corregido de la institución, entero.", "url": None}
    )
    rules = plan.rules.model_copy(update={"privacy": own})
    await stage.services.plans.apply(plan.model_copy(update={"rules": rules}))
    answer = await stage.says(user, "/privacidad")
    assert "El aviso <propio> & corregido de la institución, entero." in answer.text
    assert "Aviso completo" not in answer.text
    newcomer = stage.telegram.user("Ale")
    made = await stage.services.invitations.create(1, "Alejandro Carrasco Sampedro", Role.MEMBER, by=None)
    assert "El aviso <propio> & corregido" in (await stage.says(newcomer, f"/start {made.code}")).text


async def test_the_longest_notice_still_fits_a_message(stage: Stage) -> None:
    plan = load(packaged("ieepco-prep-2021-2022"))
    own = plan.rules.privacy.model_copy(update={"notice": "&" * 1500})
    rules = plan.rules.model_copy(update={"privacy": own})
    commission = plan.commission.model_copy(update={"institution": "Ñ" * 200, "short_name": "Ñ" * 40})
    await stage.services.plans.apply(plan.model_copy(update={"rules": rules, "commission": commission}))
    user = stage.telegram.user("Ale")
    made = await stage.services.invitations.create(1, "Á" * 120, Role.PARTY_REPRESENTATIVE, by=None)
    await stage.says(user, f"/start {made.code}")
    assert "ya está en" in (await stage.taps(user, "Acepto")).text
    assert "&" * 1500 in (await stage.says(user, "/privacidad")).text


async def test_two_institutions_two_notices(stage: Stage, enrol: Enrol) -> None:
    other = another_plan("quejas", "Quejas")
    commission = other.commission.model_copy(update={"institution": "Otro Instituto"})
    await stage.services.plans.apply(other.model_copy(update={"commission": commission}))
    user = await enrol(Role.MEMBER, NAYMA)
    await enrol(Role.MEMBER, NAYMA, commission_id=2, user=user)
    answer = await stage.says(user, "/privacidad")
    assert answer.text.count("Aviso de privacidad ·") == 2
    assert "Otro Instituto" in answer.text


async def test_many_long_notices_still_fit_a_message(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    for number in range(2, 5):
        plan = another_plan(f"comision-{number}", f"Comisión {number}")
        own = plan.rules.privacy.model_copy(update={"notice": f"{number} " + "aviso & " * 187})
        commission = plan.commission.model_copy(update={"institution": f"Instituto {number} " + "Ñ" * 90})
        rules = plan.rules.model_copy(update={"privacy": own})
        await stage.services.plans.apply(plan.model_copy(update={"rules": rules, "commission": commission}))
        await enrol(Role.MEMBER, NAYMA, commission_id=number, user=user)
    answer = await stage.says(user, "/privacidad")
    assert len(answer.text) <= 4096
    assert all(f"Instituto {number} " in answer.text for number in range(2, 5))
    assert answer.text.count("Aviso completo:") == 4


async def test_one_institution_one_notice(stage: Stage, enrol: Enrol) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    user = await enrol(Role.MEMBER, NAYMA)
    await enrol(Role.MEMBER, NAYMA, commission_id=2, user=user)
    assert (await stage.says(user, "/privacidad")).text.count("Aviso de privacidad ·") == 1


# What is stored


async def test_all_that_is_stored_is_shown(stage: Stage, enrol: Enrol, snapshot: SnapshotAssertion) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    answer = await stage.says(user, "/misdatos")
    assert str(user.id) in answer.text
    assert shown(answer).replace(str(user.id), "<id>") == snapshot


async def test_every_column_of_a_person_is_accounted_for(stage: Stage, enrol: Enrol, database_url: str) -> None:
    """A column more than these must be shown in /misdatos, and then be added here."""
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(user, "/ajustes")
    await stage.taps(user, "✔️ Resumen mensual")
    answer = (await stage.says(user, "/misdatos")).text
    with closing(sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))) as database:
        database.row_factory = sqlite3.Row
        person = dict(database.execute("SELECT * FROM person WHERE telegram_id = ?", (user.id,)).fetchone())
        seat = dict(database.execute("SELECT * FROM membership WHERE person_id = ?", (person["id"],)).fetchone())
    internal = {"id", "key", "person_id", "commission_id", "from_plan", "unreachable_since", "unreachable_reason"}
    internal |= {"created_at"}
    words = {
        "name": NAYMA,
        "title": "Mtra.",
        "telegram_id": str(user.id),
        "language": "Idioma: español (México)",
        "hour_reminder": "Recordatorio una hora antes: sí",
        "monthly_summary": "Resumen mensual: no",
        "enrolled_at": "5 de febrero de 2022",
        "role": "Consejería integrante",
        "position": "Integrante de la Comisión",
        "starts_on": "desde el 8 de noviembre de 2021",
        "ends_on": "desde el",
    }
    assert set(person) | set(seat) == internal | set(words)
    assert all(word in answer for word in words.values())


async def test_former_roles_are_shown_with_their_dates(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(secretary, "/integrantes")
    await stage.taps(secretary, "2")
    await stage.taps(secretary, "Dar de baja")
    await stage.says(secretary, "31/01/2022")
    answer = await stage.says(user, "/misdatos")
    assert "del 8 de noviembre de 2021 al 31 de enero de 2022" in answer.text


async def test_nobody_elses_data_is_shown(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    answer = (await stage.says(user, "/misdatos")).text
    assert str(secretary.id) not in answer
    assert "Secretaria Pérez" not in answer


async def test_contact_data_is_in_one_place(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, database_url: str
) -> None:
    """Else a deletion would leave some of it behind: not in the log of acts, not in the outbox."""
    user = await enrol(Role.TECHNICAL_UNIT, "Ing. Unidad Ruiz Gil")
    await stage.says(user, "/registrar 8")
    stage.telegram.blocks(user)
    await stage.settle()
    stage.telegram.unblocks(user)
    await stage.settle()
    assert _tables_with(database_url, str(user.id)) == {"person"}


async def test_what_fails_in_the_database_tells_nothing_personal(stage: Stage, database_url: str) -> None:
    """Such errors go to the log."""
    database = Database(create_engine(database_url))
    with pytest.raises(IntegrityError) as refused:
        async with database.write() as session:
            await session.execute(text("INSERT INTO person (name) VALUES (:name)"), {"name": NAYMA})
    await database.dispose()
    assert "INSERT INTO person" in str(refused.value)
    assert NAYMA not in str(refused.value)


# Deleting


async def test_from_the_question_to_the_farewell(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion, database_url: str
) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(user, "/misdatos")
    assert shown(await stage.taps(user, "Borrar mis datos de contacto")) == snapshot(name="question")
    assert str(user.id) in stored(database_url)
    assert shown(await stage.taps(user, "Sí, borrar")) == snapshot(name="farewell")
    assert str(user.id) not in stored(database_url)


async def test_a_second_thought_keeps_everything(stage: Stage, enrol: Enrol, database_url: str) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    before = stored(database_url)
    first = await stage.says(user, "/misdatos")
    await stage.taps(user, "Borrar mis datos de contacto")
    assert (await stage.taps(user, "No, conservarlos")).text == first.text
    assert stored(database_url) == before


async def test_names_and_roles_in_official_acts_stay(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    unit = await enrol(Role.TECHNICAL_UNIT, "Ing. Unidad Ruiz Gil")
    await stage.says(unit, "/registrar 8")
    await stage.taps(unit, "✅ Concluida")
    await _delete(stage, unit)
    assert "Unidad Ruiz Gil" in (await stage.says(secretary, "/actividad 8")).text
    members = (await stage.says(secretary, "/integrantes")).text
    assert "Ing. Unidad Ruiz Gil\n     ⚪ aún no se registra" in members


async def test_whoever_deleted_is_a_stranger(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    plan = await stage.says(user, "/actividades")
    await _delete(stage, user)
    assert "únicamente a las personas que cuentan con una invitación" in (await stage.says(user, "/pendientes")).text
    said = len(sent_to(stage, user))
    await stage.says(user, "/misdatos")
    stage.telegram.taps(user, plan, buttons(plan)[0])
    await stage.settle()
    assert len(sent_to(stage, user)) == said


async def test_what_they_chose_is_forgotten_too(stage: Stage, enrol: Enrol) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(user, "/ajustes")
    await stage.taps(user, "✔️ Resumen mensual")
    await _delete(stage, user)
    await enrol(Role.MEMBER, NAYMA, user=user)
    assert "Resumen mensual: sí" in (await stage.says(user, "/misdatos")).text


async def test_two_taps_delete_once(stage: Stage, enrol: Enrol, database_url: str) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(user, "/misdatos")
    question = await stage.taps(user, "Borrar mis datos de contacto")
    for _ in range(2):
        stage.telegram.taps(user, question, "Sí, borrar")
    await stage.settle()
    assert stored(database_url).count("person.contact_deleted") == 1
    assert "se borraron" in stage.telegram.last(user).text


async def test_they_come_back_by_a_new_invitation_as_who_they_were(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, database_url: str
) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await _delete(stage, user)
    said = len(sent_to(stage, secretary))
    await enrol(Role.MEMBER, NAYMA, user=user)
    assert "Pendientes" in (await stage.says(user, "/pendientes")).text
    assert len(sent_to(stage, secretary)) == said  # nobody's account changed hands
    with closing(sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))) as database:
        assert database.execute("SELECT count(*) FROM person WHERE name = ?", (NAYMA,)).fetchone() == (1,)


async def test_what_was_being_asked_is_forgotten(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    await stage.says(secretary, "/invitar")
    await stage.taps(secretary, "Consejería integrante")
    await _delete(stage, secretary)
    assert _tables_with(database_url, "invitations.name") == set()


async def test_nothing_is_sent_to_whoever_deleted(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    member = await enrol(Role.MEMBER, NAYMA)
    await _delete(stage, secretary)
    said = len(stage.telegram.messages(secretary))
    stage.telegram.blocks(member)
    await stage.advance(stage.clock.now() + timedelta(days=1))
    assert len(stage.telegram.messages(secretary)) == said


async def test_what_waits_in_the_outbox_is_not_sent_after_a_deletion(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    member = await enrol(Role.MEMBER, NAYMA)
    await stage.says(secretary, "/misdatos")
    question = await stage.taps(secretary, "Borrar mis datos de contacto")
    stage.telegram.blocks(member)
    stage.telegram.taps(secretary, question, "Sí, borrar")
    await stage.settle()
    await stage.advance(stage.clock.now() + timedelta(days=1))
    assert not any("Ya no es posible escribir" in words for words in sent_to(stage, secretary))


async def test_a_former_member_may_see_and_delete_too(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, database_url: str
) -> None:
    user = await enrol(Role.MEMBER, NAYMA)
    await stage.says(secretary, "/integrantes")
    await stage.taps(secretary, "2")
    await stage.taps(secretary, "Dar de baja")
    await stage.taps(secretary, "Hoy")
    assert "Aviso de privacidad" in (await stage.says(user, "/privacidad")).text
    await _delete(stage, user)
    assert str(user.id) not in stored(database_url)
