"""/convocar: which session, the preview, and convening it once."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.plans.document import PersonEntry
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.action import decode
from prep_bot.texts.actions.convening import Convene, PreviewConvocation
from tests.support.convening import STARTS, ZONE, convened, dated, meeting_of, message, moved, seat_of
from tests.support.conversation import another_plan, buttons, flashes, sent_to, shown
from tests.support.reading import Enrol, changed, shipped, with_session
from tests.support.small_plan import enrol as enrol_directly

PRESIDENCY = "Carmelita Sibaja Ochoa"
MEMBERS = ("Nayma Enríquez Estrada", "Jessica Jazibe Hernández García")


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, MEMBERS[0])


def convocations(stage: Stage, user: SimulatedUser) -> list[str]:
    return [text for text in sent_to(stage, user) if text.startswith("📣 Convocatoria")]


# Which session


async def test_without_a_date_there_is_nothing_to_convene(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    asked = await stage.says(secretary, "/convocar")
    assert shown(asked) == snapshot
    assert "Fijar fecha" in (await stage.taps(secretary, "Fijar fecha", asked)).text


async def test_the_only_dated_session_is_shown_at_once(stage: Stage, secretary: SimulatedUser) -> None:
    await dated(stage, secretary)
    assert "Vista previa" in (await stage.says(secretary, "/convocar")).text


async def test_of_several_it_asks_which(stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    await dated(stage, secretary, 5)
    await dated(stage, secretary, 6, STARTS + timedelta(days=30))
    asked = await stage.says(secretary, "/convocar")
    assert shown(asked) == snapshot
    chosen = await stage.taps(secretary, buttons(asked)[1], asked)
    assert chosen.id == asked.id
    assert "sábado 26 de marzo de 2022" in chosen.text.lower()


async def test_a_session_may_be_named(stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    await dated(stage, secretary, 5)
    await dated(stage, secretary, 6, STARTS + timedelta(days=30))
    assert "24 de febrero" in (await stage.says(secretary, "/convocar 5")).text
    assert shown(await stage.says(secretary, "/convocar 7")) == snapshot(name="undated")
    assert "99" in (await stage.says(secretary, "/convocar 99")).text
    await stage.says(secretary, "/convocar 5")
    await stage.taps(secretary, "Convocar ahora")
    again = await stage.says(secretary, "/convocar 5")
    assert shown(again) == snapshot(name="convened")
    assert (await stage.taps(secretary, "Ver acuses", again)).text.startswith("Acuses: ")


async def test_a_session_whose_hour_has_come_is_not_offered(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await dated(stage, secretary)
    await stage.advance(STARTS)
    assert "No hay sesiones" in (await stage.says(secretary, "/convocar")).text
    assert shown(await stage.says(secretary, "/convocar 5")) == snapshot


# The preview


async def test_the_preview_is_what_arrives(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    lost = await enrol(Role.PARTY_REPRESENTATIVE, "Rosa Gil Paz")
    group = stage.telegram.group("Comisión")
    group.add(secretary, creator=True)
    stage.telegram.add_bot(group, secretary)
    await stage.says(secretary, "/vincular", group)
    stage.telegram.blocks(lost)
    await stage.settle()
    await dated(stage, secretary, place='Sala <3 & "B"', link="https://meet.example/a?b=1&c=<2>")
    preview = await stage.says(secretary, "/convocar")
    assert shown(preview) == snapshot(name="preview")
    quoted = preview.html.partition("<blockquote>")[2].partition("</blockquote>")[0]
    await stage.taps(secretary, "Convocar ahora", preview)
    assert stage.telegram.last(member).html == quoted
    to_all = "Se convoca a las personas integrantes a la"
    assert stage.telegram.last(group).html == quoted.replace("Se le convoca a la", to_all)
    assert buttons(stage.telegram.last(member)) == [
        "Acusar recibo",
        "Asistiré",
        "A distancia",
        "No asistiré",
        "Convocatoria (PDF)",
        "Agregar a mi calendario",
        "Orden del día",
        "Ver sesión",
    ]
    assert buttons(stage.telegram.last(group)) == ["Orden del día", "Ver sesión"]
    assert shown(message(stage, secretary, preview.id)) == snapshot(name="board")
    assert not convocations(stage, lost)


async def test_the_presidency_convenes_where_the_rules_say_so(stage: Stage, enrol: Enrol) -> None:
    rules = shipped().rules.model_copy(update={"presidency_convenes": True})
    await stage.services.plans.apply(changed(shipped(), rules=rules))
    presidency = await enrol(Role.PRESIDENCY, PRESIDENCY)
    await dated(stage, presidency)
    assert "Lo recibirá 1 persona: Presidencia." in (await stage.says(presidency, "/convocar")).text


@pytest.mark.parametrize("long", [("T" * 1000,) * 50, ("Tema breve",) * 50, ("<&>" * 300,) * 4])
async def test_however_long_the_session_the_preview_fits_and_arrives(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, long: tuple[str, ...]
) -> None:
    added = [
        PersonEntry(key=f"p{n}", name=f"Persona {'x' * 60} {n}", role=Role.MEMBER, since=date(2022, 1, 1))
        for n in range(90)
    ]
    plan = changed(with_session(5, topics=long), people=[p.model_dump() for p in (*shipped().people, *added)])
    await stage.services.plans.apply(plan)
    await dated(stage, secretary, place="L" * 200, link="https://e.mx/" + "x" * 900)
    preview = await stage.says(secretary, "/convocar")
    quoted = preview.html.partition("<blockquote>")[2].partition("</blockquote>")[0]
    await stage.taps(secretary, "Convocar ahora", preview)
    assert stage.telegram.last(member).html == quoted
    assert "Acusaron recibo: 1 de " in message(stage, secretary, preview.id).text
    stage.telegram.taps(member, stage.telegram.last(member), "Acusar recibo")
    await stage.settle()
    assert "usted acusó recibo" in stage.telegram.last(member).text


# At night


async def test_at_night_it_can_wait_for_the_morning(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await stage.advance(datetime(2022, 2, 5, 23, tzinfo=ZONE))
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar")
    assert shown(preview) == snapshot(name="preview")
    await stage.taps(secretary, "A las 08:00", preview)
    assert shown(message(stage, secretary, preview.id)) == snapshot(name="board")
    assert not convocations(stage, member)
    await stage.advance(datetime(2022, 2, 6, 8, tzinfo=ZONE))
    assert len(convocations(stage, member)) == 1
    assert "aceptado por Telegram, 6 de febrero, 08:00 h" in message(stage, secretary, preview.id).text


async def test_or_go_out_at_once(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    await stage.advance(datetime(2022, 2, 5, 23, tzinfo=ZONE))
    await convened(stage, secretary)
    assert len(convocations(stage, member)) == 1


async def test_the_morning_is_not_offered_when_it_would_be_too_late(stage: Stage, secretary: SimulatedUser) -> None:
    await stage.advance(datetime(2022, 2, 5, 23, tzinfo=ZONE))
    await dated(stage, secretary, starts_at=datetime(2022, 2, 6, 8, tzinfo=ZONE))
    assert "A las 08:00" not in buttons(await stage.says(secretary, "/convocar"))


async def test_waiting_may_cost_the_notice_term(stage: Stage, secretary: SimulatedUser) -> None:
    await stage.advance(datetime(2022, 2, 5, 23, tzinfo=ZONE))
    await dated(stage, secretary, starts_at=datetime(2022, 2, 9, 0, tzinfo=ZONE))
    preview = (await stage.says(secretary, "/convocar")).text
    assert "Faltan 73 h; el mínimo es de 72 h" in preview
    assert "⚠️ A las 08:00 ya solo faltarán 64 h." in preview


async def test_by_day_nothing_is_said_of_the_night(stage: Stage, secretary: SimulatedUser) -> None:
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar")
    assert buttons(preview) == ["Convocar ahora", "Corregir fecha o lugar"]
    assert "descanso" not in preview.text


# Once


async def test_a_double_tap_convenes_once(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar")
    stage.telegram.taps(secretary, preview, "Convocar ahora")
    stage.telegram.taps(secretary, preview, "Convocar ahora")
    await stage.settle()
    assert len(convocations(stage, member)) == 1
    assert not any("Tuvimos un problema" in text for text in flashes(stage) + sent_to(stage, secretary))


async def test_after_a_double_tap_the_board_stays_till_the_morning(stage: Stage, secretary: SimulatedUser) -> None:
    await stage.advance(datetime(2022, 2, 5, 23, tzinfo=ZONE))
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar")
    stage.telegram.taps(secretary, preview, "A las 08:00")
    stage.telegram.taps(secretary, preview, "A las 08:00")
    await stage.settle()
    assert message(stage, secretary, preview.id).text.startswith("Acuses: ")


async def test_two_secretaries_at_once_convene_once(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Luis Mora Paz")
    await dated(stage, secretary)
    previews = [await stage.says(user, "/convocar") for user in (secretary, other)]
    await asyncio.gather(
        stage.taps(secretary, "Convocar ahora", previews[0]), stage.taps(other, "Convocar ahora", previews[1])
    )
    await stage.settle()
    assert len(convocations(stage, member)) == 1
    seen = [message(stage, user, p.id) for user, p in zip((secretary, other), previews, strict=True)]
    boards = [m for m in seen if m.text.startswith("Acuses: ")]
    assert len(boards) == 1
    (late,) = [m for m in seen if m not in boards]
    assert shown(late) == snapshot
    meeting = await meeting_of(stage, secretary, 5)
    assert await stage.services.convocations.latest(await seat_of(stage, secretary), meeting.id) == 1


async def test_at_the_same_instant_the_service_lets_one_through(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    meeting = await dated(stage, secretary)
    seat, now = await seat_of(stage, secretary), stage.clock.now()
    convene = stage.services.convocations.convene
    done = await asyncio.gather(
        *(convene(seat, meeting.id, meeting.since, now, n) for n in range(2)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in done) == ["ChangedMeanwhileError", "int"]


# Stale and forged


async def test_a_preview_of_another_date_convenes_nothing(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar")
    await stage.advance(stage.clock.now() + timedelta(minutes=5))
    await dated(stage, secretary, starts_at=STARTS + timedelta(hours=1))
    assert "no se hizo nada" in (await stage.taps(secretary, "Convocar ahora", preview)).text
    assert not convocations(stage, member)


async def test_a_preview_whose_hour_has_come_convenes_nothing(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar")
    await stage.advance(STARTS)
    assert "no se hizo nada" in (await stage.taps(secretary, "Convocar ahora", preview)).text
    assert not convocations(stage, member)


async def test_nobody_convenes_another_commissions_session(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    stranger = await enrol(Role.TECHNICAL_SECRETARY, "Otra Secretaria Gil", commission_id=2)
    meeting = await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar")
    data = next(b.data for row in preview.keyboard for b in row if b.label == "Convocar ahora")
    action = decode(data or "")
    assert isinstance(action, Convene)
    for user, commission in ((stranger, 2), (stranger, 1), (member, 1)):
        forged = [Convene(commission, meeting.id, action.seen), PreviewConvocation(commission, meeting.id)]
        for each in forged:
            stage.telegram.taps_data(user, stage.telegram.last(user), each.encode())
            await stage.settle()
    assert (await meeting_of(stage, secretary, 5)).state == "scheduled"
    assert not convocations(stage, member)
    assert not any("Vista previa" in text for user in (stranger, member) for text in sent_to(stage, user))


async def test_a_superseded_preview_after_a_move_convenes_nothing(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await dated(stage, secretary)
    old = await stage.says(secretary, "/convocar")
    newer = await stage.says(secretary, "/convocar")
    await stage.taps(secretary, "Convocar ahora", newer)
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    count = len(sent_to(stage, member))
    assert "no se hizo nada" in (await stage.taps(secretary, "Convocar ahora", old)).text
    assert len(sent_to(stage, member)) == count


# Who


async def test_who_enrols_meanwhile_gets_it_at_once(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    board = await convened(stage, secretary)
    assert f"{MEMBERS[0]} (Consejería integrante): aún no se registra" in board.text
    late = await enrol(Role.MEMBER, MEMBERS[0])
    assert len(convocations(stage, late)) == 1
    assert "Acusar recibo" in buttons(stage.telegram.last(late))
    assert f"{MEMBERS[0]} (Consejería integrante): aceptado por Telegram" in message(stage, secretary, board.id).text


async def test_who_was_blocked_gets_it_on_coming_back(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    stage.telegram.blocks(member)
    await stage.settle()
    board = await convened(stage, secretary)
    assert f"{MEMBERS[0]} (Consejería integrante): no se le pudo enviar (bloqueó el bot)" in board.text
    assert not convocations(stage, member)
    await stage.advance(stage.clock.now() + timedelta(hours=3))
    stage.telegram.unblocks(member)
    await stage.settle()
    assert len(convocations(stage, member)) == 1
    await stage.taps(member, "Acusar recibo")
    assert f"{MEMBERS[0]} (Consejería integrante): acusó recibo" in message(stage, secretary, board.id).text


async def test_a_guest_gets_only_the_session_of_the_invitation(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol
) -> None:
    guest = await enrol(Role.GUEST, "Invitada Ríos Paz", (6,))
    board = await convened(stage, secretary, 5)
    assert "Invitada" not in board.text
    assert not convocations(stage, guest)
    await convened(stage, secretary, 6, STARTS + timedelta(days=30))
    assert len(convocations(stage, guest)) == 1


async def test_who_left_gets_nothing(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    seat = await seat_of(stage, secretary)
    leaving = next(m for m in await stage.services.members.of(1) if m.name == MEMBERS[0])
    await stage.services.members.end(seat, leaving.membership_id, stage.clock.now().astimezone(ZONE).date())
    board = await convened(stage, secretary)
    assert MEMBERS[0] not in board.text
    assert not convocations(stage, member)


async def test_two_hundred_people_without_a_429(stage: Stage, secretary: SimulatedUser) -> None:
    people = [stage.telegram.user(f"Representación número {n}") for n in range(200)]
    for user in people:
        user.started = True
        await enrol_directly(stage.services, user.name, Role.PARTY_REPRESENTATIVE, user.id)
    board = await convened(stage, secretary)
    assert all(len(convocations(stage, user)) == 1 for user in people)
    for user in people[:30]:
        stage.telegram.taps(user, stage.telegram.last(user), "Acusar recibo")
    await stage.settle()
    now = message(stage, secretary, board.id)
    assert "Acusaron recibo: 31 de 204" in now.text
    assert "personas más" in now.text
    refused = [entry for entry in stage.telegram.log if entry.direction == "out" and not entry.accepted]
    assert refused == []
