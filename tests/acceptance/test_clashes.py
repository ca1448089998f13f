"""What speaks against a date: the same people's other sessions, weekends, holidays. It warns, and forbids nothing."""

from datetime import date, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.plans.document import PersonEntry
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import ZONE, called_off, convened, dated, seat_of
from tests.support.conversation import another_plan, shown
from tests.support.reading import Enrol, changed, shipped
from tests.support.scheduling import convene_it, talk

STARTS = datetime(2022, 2, 24, 11, tzinfo=ZONE)
NAYMA = "Nayma Enríquez Estrada"
OURS = "/fijar 5 24 de febrero 11:00"
ANEW = "[Es una convocatoria nueva]"
SALA = ("[Sí, es correcta]", "[Presencial]", "Sala")


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def nayma(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, NAYMA)


@pytest.fixture
async def theirs(stage: Stage, nayma: SimulatedUser, enrol: Enrol) -> SimulatedUser:
    """The secretary of another commission, to which one of this one's members belongs."""
    await stage.services.plans.apply(another_plan("quejas", "Quejas <3 &"))
    await enrol(Role.MEMBER, NAYMA, commission_id=2, user=nayma)
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Ajena Gil", commission_id=2)


def warnings(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.startswith("⚠️")]
    return [line for line in lines if "prevista" not in line and "Este medio" not in line]


async def test_another_commission_wants_the_same_person(
    stage: Stage, secretary: SimulatedUser, theirs: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await dated(stage, theirs, 6, STARTS + timedelta(hours=1, minutes=30), commission_id=2, place="Sala secreta")
    echo = await talk(stage, secretary, OURS)
    assert shown(echo) == snapshot(name="echo")
    assert "secreta" not in echo.text
    assert "Cuarta" not in echo.text
    done = await talk(stage, secretary, *SALA)
    assert warnings(done.text) == warnings(echo.text)
    preview = await talk(stage, secretary, "[Convocar]")
    assert shown(preview) == snapshot(name="preview")
    await stage.taps(secretary, "Convocar ahora", preview)
    moved = await talk(stage, secretary, "/sesion 5", "[Mover]", "24 de febrero 14:00", *SALA, ANEW, "Motivo")
    assert warnings(moved.text) == warnings(echo.text)


@pytest.mark.parametrize(
    ("apart", "warned"),
    [
        (timedelta(hours=-2), True),
        (timedelta(hours=-2, minutes=-1), False),
        (timedelta(0), True),
        (timedelta(hours=2), True),
        (timedelta(hours=2, minutes=1), False),
    ],
)
async def test_two_hours_make_the_difference(
    stage: Stage, secretary: SimulatedUser, theirs: SimulatedUser, apart: timedelta, warned: bool
) -> None:
    await dated(stage, theirs, 6, STARTS + apart, commission_id=2)
    assert bool(warnings((await talk(stage, secretary, OURS)).text)) is warned


async def test_who_is_not_convened_to_both_does_not_clash(
    stage: Stage, secretary: SimulatedUser, theirs: SimulatedUser, enrol: Enrol
) -> None:
    guest = await enrol(Role.GUEST, "Invitada Paz Ruiz", (7,))
    await enrol(Role.MEMBER, "Invitada Paz Ruiz", commission_id=2, user=guest)
    await dated(stage, theirs, 6, STARTS, commission_id=2)
    echo = await talk(stage, secretary, OURS)
    assert warnings(echo.text) == [f"⚠️ {NAYMA} tiene sesión de Quejas <3 & el 24 de febrero, 11:00 h."]
    invited = await talk(stage, secretary, "/fijar 7 24 de febrero 11:00")
    assert f"⚠️ {NAYMA}, Invitada Paz Ruiz tienen sesión de Quejas" in invited.text


async def test_what_does_not_take_place_does_not_clash(
    stage: Stage, secretary: SimulatedUser, theirs: SimulatedUser
) -> None:
    await dated(stage, theirs, 6, STARTS, commission_id=2)
    meeting = await stage.services.meetings.numbered(await seat_of(stage, theirs, 2), 6)
    assert meeting is not None
    await stage.services.calendar.call_off(await seat_of(stage, theirs, 2), meeting.id, meeting.since, "x", defer=False)
    assert not warnings((await talk(stage, secretary, OURS)).text)


async def test_the_same_commissions_sessions_clash_by_name(
    stage: Stage, secretary: SimulatedUser, nayma: SimulatedUser
) -> None:
    await convened(stage, secretary, 6, STARTS)
    (warning,) = warnings((await talk(stage, secretary, OURS)).text)
    assert warning.startswith("⚠️ Coincide con la Cuarta sesión ordinaria, el 24 de febrero, 11:00 h (")
    assert NAYMA in warning
    assert "Ana López Ríos" in warning
    await called_off(stage, secretary, 6, reason="x")
    assert not warnings((await talk(stage, secretary, "/fijar 5 24 de febrero 12:00")).text)


async def test_a_session_does_not_clash_with_itself(stage: Stage, secretary: SimulatedUser) -> None:
    await convened(stage, secretary, 5, STARTS)
    moved = await talk(stage, secretary, "/sesion 5", "[Mover]", "24 de febrero 12:00")
    assert not warnings(moved.text)


async def test_many_clashes_are_counted(stage: Stage, secretary: SimulatedUser) -> None:
    for number in (2, 3, 4, 6, 7, 8, 9):
        await dated(stage, secretary, number, STARTS)
    found = warnings((await talk(stage, secretary, OURS)).text)
    assert len(found) == 4
    assert found[-1] == "⚠️ Coincide con 4 sesiones más."


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("sábado 26 de febrero 11:00", "⚠️ Es sábado."),
        ("lunes 7 de febrero 11:00", "⚠️ Es inhábil: Día de la Constitución."),
        ("1 de mayo 11:00", "⚠️ Es domingo e inhábil: Día del Trabajo."),
        ("jueves 10 de marzo 11:00", "⚠️ Es inhábil: calendario del instituto."),
        ("viernes 11 de marzo 11:00", None),
    ],
)
async def test_days_off_are_named(stage: Stage, secretary: SimulatedUser, written: str, words: str | None) -> None:
    rules = shipped().rules.model_dump() | {"holidays": {"extra": ["2022-03-10"]}}
    await stage.services.plans.apply(changed(shipped(), rules=rules))
    echo = await talk(stage, secretary, f"/fijar 5 {written}")
    assert warnings(echo.text) == ([words] if words else [])


@pytest.fixture
async def crowded(stage: Stage) -> None:
    """A plan with the longest names, many people, the longest article and a day off: everything speaks against it."""
    rules = shipped().rules.model_dump() | {
        "notice_terms": {"ordinary": {"hours": 720, "article": "A" * 120}},
        "holidays": {"extra": ["2022-02-24"]},
    }
    sessions = [session.model_dump() | {"name": "N" * 200} for session in shipped().sessions]
    sessions[4]["topics"] = ["T" * 1000] * 5
    added = [
        PersonEntry(key=f"p{n}", name=f"Persona {'x' * 60} {n}", role=Role.MEMBER, since=date(2022, 1, 1)).model_dump()
        for n in range(60)
    ]
    people = [person.model_dump() for person in shipped().people]
    await stage.services.plans.apply(changed(shipped(), rules=rules, sessions=sessions, people=people + added))


LINK = "https://example.org/"


async def test_however_much_speaks_against_it_the_preview_fits(
    stage: Stage, secretary: SimulatedUser, crowded: None
) -> None:
    await stage.advance(datetime(2022, 2, 5, 23, tzinfo=ZONE))
    for number in (2, 3, 4, 6, 7, 8, 9):
        await dated(stage, secretary, number, STARTS)
    await dated(stage, secretary, 5, STARTS, place="L" * 200, link=LINK.ljust(1000, "l"))
    preview = await stage.says(secretary, "/convocar 5")
    assert "⚠️ Es inhábil: calendario del instituto." in preview.text
    assert "sesiones más." in preview.text.splitlines()[-1]


async def test_however_much_speaks_against_it_a_move_fits(
    stage: Stage, secretary: SimulatedUser, crowded: None
) -> None:
    for number in (2, 3, 4, 6, 7, 8, 9):
        await dated(stage, secretary, number, STARTS - timedelta(days=1))
    await convene_it(stage, secretary, 5, STARTS, place="L" * 200, link=LINK.ljust(1000, "l"))
    venue = ("[Sí, es correcta]", "[Mixta]", "M" * 200, LINK.ljust(1000, "m"), ANEW, "ñ" * 500)
    confirm = await talk(stage, secretary, "/sesion 5", "[Mover]", "23 de febrero 11:00", *venue)
    assert "⚠️ Coincide con 7 sesiones más." in confirm.text
    await talk(stage, secretary, "[Sí, mover]")
