"""/fijar and /extraordinaria: the secretary settles when, how and where a session takes place, from a phone."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.meeting import MeetingKind, MeetingState, Modality
from prep_bot.domain.month import Month
from prep_bot.domain.role import Role
from prep_bot.domain.spoken_date import Exact, read_date
from prep_bot.services.meetings import MeetingView
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage, open_stage
from prep_bot.texts.dating import examples
from tests.support.conversation import buttons, flashes, sent_to, shown, stored
from tests.support.scheduling import convene_it, date_it, session, talk

Enrol = Callable[..., Awaitable[SimulatedUser]]

ZONE = ZoneInfo("America/Mexico_City")
DATED = ("/fijar 5", "24 de febrero 11:00", "[Sí, es correcta]")
HOSTILE = '<3 & "ñ" </b> {x}'


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.fixture
async def other(enrol: Enrol) -> SimulatedUser:
    """Another secretary of the same commission."""
    return await enrol(Role.TECHNICAL_SECRETARY, "Suplente Díaz Cruz")


def _at(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=ZONE)


async def test_from_the_list_to_the_date(stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    await date_it(stage, secretary, 7, _at(10, 17, month=3))
    assert shown(await talk(stage, secretary, "/fijar")) == snapshot(name="list")
    asked = await talk(stage, secretary, "[5. Tercera sesión ordinaria · febrero]")
    assert shown(asked) == snapshot(name="date")
    assert shown(await talk(stage, secretary, "jueves 24 de febrero, 11 hrs")) == snapshot(name="echo")
    assert shown(await talk(stage, secretary, "[Sí, es correcta]")) == snapshot(name="modality")
    assert shown(await talk(stage, secretary, "[Mixta]")) == snapshot(name="place")
    assert shown(await talk(stage, secretary, "Sala de sesiones del Consejo General")) == snapshot(name="link")
    assert shown(await talk(stage, secretary, "https://example.org/sala?a=1&b=2")) == snapshot(name="dated")
    meeting = await session(stage, secretary, 5)
    assert (meeting.state, meeting.starts_at) == (MeetingState.SCHEDULED, _at(24, 11))
    assert meeting.modality is Modality.MIXED
    assert meeting.place == "Sala de sesiones del Consejo General"
    assert meeting.link == "https://example.org/sala?a=1&b=2"


PHRASES = [
    "jueves 24",
    "a las 11",
    "24",
    "jueves 24 a las 7",
    "próximo jueves 17:00",
    "hoy 10 pm",
    "11 de marzo 5 pm",
    "30 de febrero 11:00",
    "24 de febrero a las 25",
    "viernes 24 de febrero 11:00",
    "viernes 24 de febrero",
    "2 de febrero de 2022 10:00",
    "hoy 9:30",
    "3 de abril de 2022 02:30",
    "30 de octubre 01:30",
    "24/02/2024 11:00",
    f"hola {HOSTILE}",
    "24 " * 1365,
]


async def test_each_reading_is_echoed_or_asked_about_and_never_guessed(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    answers = {}
    for phrase in PHRASES:
        await talk(stage, secretary, "/fijar 5")
        answers[phrase[:40]] = shown(await talk(stage, secretary, phrase))
    assert answers == snapshot
    assert (await session(stage, secretary, 5)).state is MeetingState.UNSCHEDULED


async def test_what_is_known_of_the_date_is_kept(stage: Stage, secretary: SimulatedUser) -> None:
    for steps, at in (
        (("jueves 24", "11:00"), _at(24, 11)),
        (("a las 11", "24 de febrero"), _at(24, 11)),
        (("24 de febrero", "30 de febrero 10:00", "a las 12"), _at(24, 12)),
        (("24 de febrero 11:00", "12:30"), _at(24, 12, 30)),
        (("24 de febrero 11:00", "25 de febrero"), _at(25, 11)),
        (("24 de febrero 11:00", "no sé"), _at(24, 11)),
    ):
        await talk(stage, secretary, "/fijar 5", *steps, "[Sí, es correcta]", "[Presencial]", "Sala")
        assert (await session(stage, secretary, 5)).starts_at == at, steps


async def test_a_date_that_may_be_meant_is_one_tap_away(stage: Stage, secretary: SimulatedUser) -> None:
    for phrase, label, at in (
        ("jueves 24 a las 7", "Jueves 24 de febrero de 2022, 07:00 h", _at(24, 7)),
        ("viernes 24 de febrero 11:00", "Viernes 25 de febrero de 2022, 11:00 h", _at(25, 11)),
        (
            "30 de octubre 01:30",
            "Domingo 30 de octubre de 2022, 01:30 h (horario de invierno)",
            datetime(2022, 10, 30, 7, 30, tzinfo=UTC),
        ),
    ):
        await talk(stage, secretary, "/fijar 5", phrase, f"[{label}]", "[Presencial]", "Sala")
        assert (await session(stage, secretary, 5)).starts_at == at


async def test_a_date_that_was_misread_is_asked_again(stage: Stage, secretary: SimulatedUser) -> None:
    asked = await talk(stage, secretary, "/fijar 5")
    again = await talk(stage, secretary, "24 de marzo 11:00", "[Corregir]")
    assert again.text == asked.text
    await talk(stage, secretary, "24 de febrero 11:00", "[Sí, es correcta]", "[Presencial]", "Sala")
    assert (await session(stage, secretary, 5)).starts_at == _at(24, 11)


async def test_number_and_date_can_be_written_at_once(stage: Stage, secretary: SimulatedUser) -> None:
    at_once = await talk(stage, secretary, "/fijar 5 24 de febrero 11:00")
    assert at_once.text == (await talk(stage, secretary, "/fijar sesión 5", "24 de febrero 11:00")).text
    assert "jueves 24 de febrero de 2022, 11:00 h" in at_once.text


async def test_a_date_without_a_session_is_kept_until_one_is_chosen(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    for written in ("15 de marzo a las 11", "15/03/2022 11:00"):
        assert (
            "Entendí: martes 15 de marzo de 2022, 11:00 h"
            in (await talk(stage, secretary, f"/fijar {written}", "[5. Tercera sesión ordinaria · febrero]")).text
        )
    assert shown(await talk(stage, secretary, "/fijar 15 de marzo a las 11")) == snapshot
    assert shown(await talk(stage, secretary, "no sé")) == snapshot
    await talk(stage, secretary, "16 de marzo a las 11")
    assert "Entendí: miércoles 16 de marzo de 2022, 11:00 h" in (await talk(stage, secretary, "5")).text
    assert "Entendí: jueves 24 de febrero de 2022, 11:00 h" in (await talk(stage, secretary, "/fijar 5 24 feb 11")).text
    assert "Escriba la fecha y la hora" in (await talk(stage, secretary, "/fijar 5")).text


async def test_the_date_can_be_confirmed_in_words(stage: Stage, secretary: SimulatedUser) -> None:
    asked = "¿Cómo se celebrará"
    for yes in ("Sí", "ok", "Es correcta."):
        assert asked not in (await talk(stage, secretary, "/fijar 5", "24 de febrero 11:00")).text
        assert asked in (await talk(stage, secretary, yes)).text
    assert "Escriba la fecha y la hora" in (await talk(stage, secretary, "/fijar 5", "24 de febrero 11:00", "No")).text


async def test_a_date_of_this_year_that_passed_is_not_taken_for_next_years(
    stage: Stage, secretary: SimulatedUser
) -> None:
    said = await talk(stage, secretary, "/fijar 5", "15 de enero a las 11")
    assert said.text.startswith(
        "«15 de enero a las 11»: este año esa fecha ya pasó. Si es de 2023, escriba también el año."
    )
    assert "domingo 15 de enero de 2023" in (await talk(stage, secretary, "15 de enero de 2023 a las 11")).text


async def test_a_session_that_cannot_be_dated_is_not(stage: Stage, secretary: SimulatedUser) -> None:
    for text, answer in (
        ("/fijar la tercera", "¿De qué sesión?"),
        ("/fijar 99", "No hay una sesión 99"),
        ("/fijar 1", "Eso no es posible con la sesión como está ahora:\n\nSesión 1: Sesión de instalación"),
        ("/fijar 1 24 de febrero 11:00", "Eso no es posible con la sesión como está ahora:\n\nSesión 1"),
    ):
        assert answer in (await talk(stage, secretary, text)).text
        assert "No entendí" in (await talk(stage, secretary, "24 de febrero 11:00")).text


async def test_a_convened_session_is_moved_not_dated(stage: Stage, secretary: SimulatedUser) -> None:
    await convene_it(stage, secretary, 5, _at(24, 11))
    assert not [label for label in buttons(await talk(stage, secretary, "/fijar")) if "Tercera" in label]
    assert "Mover" in buttons(await talk(stage, secretary, "/fijar 5"))


async def test_with_nothing_left_to_date_it_says_so(stage: Stage, secretary: SimulatedUser) -> None:
    for number in range(2, 11):
        await convene_it(stage, secretary, number, _at(24, 11))
    assert (await talk(stage, secretary, "/fijar")).text.startswith("No hay sesiones por fechar")


async def test_how_people_attend_decides_what_is_asked(stage: Stage, secretary: SimulatedUser) -> None:
    assert "lugar" in (await talk(stage, secretary, *DATED, "[Presencial]")).text
    assert "enlace" in (await talk(stage, secretary, *DATED, "a DISTANCIA")).text
    remote = await talk(stage, secretary, "Después")
    assert "Enlace: por definir" in remote.text
    meeting = await session(stage, secretary, 5)
    assert (meeting.modality, meeting.place, meeting.link) == (Modality.REMOTE, "", "")


async def test_what_names_no_modality_is_asked_again(stage: Stage, secretary: SimulatedUser) -> None:
    asked = await talk(stage, secretary, *DATED)
    again = await talk(stage, secretary, "híbrida")
    assert (again.text, again.buttons) == (asked.text, asked.buttons)
    assert again.id != asked.id
    assert "lugar" in (await talk(stage, secretary, "[Presencial]")).text


async def test_the_latest_place_is_offered(stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    await date_it(stage, secretary, 3, _at(8, 11), place="Una sala anterior")
    await date_it(stage, secretary, 4, _at(10, 11), place=f"Sala {HOSTILE}", link="https://example.org/sala")
    assert shown(await talk(stage, secretary, *DATED)) == snapshot(name="whole")
    whole = await talk(stage, secretary, f"[Como la última: mixta · Sala {HOSTILE}]")
    assert shown(whole) == snapshot(name="dated")
    meeting = await session(stage, secretary, 5)
    assert (meeting.modality, meeting.link) == (Modality.MIXED, "https://example.org/sala")
    assert meeting.place == f"Sala {HOSTILE}"


async def test_the_place_or_the_link_alone_can_be_kept(stage: Stage, secretary: SimulatedUser) -> None:
    await date_it(stage, secretary, 4, _at(10, 11), link="https://example.org/sala")
    steps = ("[Mixta]", "[Como la última: Sala de sesiones]", "https://example.org/otra")
    await talk(stage, secretary, *DATED, *steps)
    meeting = await session(stage, secretary, 5)
    assert (meeting.place, meeting.link) == ("Sala de sesiones", "https://example.org/otra")
    await talk(stage, secretary, "[Corregir]", "[Conservar: jueves 24 de febrero de 2022, 11:00 h]", "[A distancia]")
    await talk(stage, secretary, "[Conservar: https://example.org/otra]")
    meeting = await session(stage, secretary, 5)
    assert (meeting.modality, meeting.place, meeting.link) == (Modality.REMOTE, "", "https://example.org/otra")


async def test_the_answer_says_what_there_is_time_for(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    answers = {}
    for written in (
        "24 de febrero 11:00",
        "10 de febrero 20:00",
        "9 de febrero 11:00",
        "8 de febrero 9:59",
        "6 de febrero 16:00",
        "hoy 15:00",
    ):
        steps = (f"/fijar 5 {written}", "[Sí, es correcta]", "[Presencial]", "Sala")
        answers[written] = shown(await talk(stage, secretary, *steps))
        assert (await session(stage, secretary, 5)).state is MeetingState.SCHEDULED
    assert answers == snapshot


async def test_a_dated_session_can_be_convened_from_the_answer(stage: Stage, secretary: SimulatedUser) -> None:
    preview = await talk(stage, secretary, *DATED, "[Presencial]", "Sala", "[Convocar]")
    assert "Vista previa" in preview.text


async def test_a_dialogue_survives_a_restart(
    start: datetime, stage: Stage, secretary: SimulatedUser, database_url: str
) -> None:
    echo = await talk(stage, secretary, "/fijar 5", "24 de febrero 11:00")
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
    async with open_stage(start, database_url, stage.telegram, stage.clock) as restarted:
        await restarted.taps(secretary, "Sí, es correcta", echo)
        await talk(restarted, secretary, "[Presencial]")
        stage.clock.advance_to(stage.clock.now() + timedelta(minutes=1))
        async with open_stage(start, database_url, stage.telegram, stage.clock) as again:
            assert "✔️ Sesión 5" in (await talk(again, secretary, "Sala de sesiones")).text
            assert (await session(again, secretary, 5)).starts_at == _at(24, 11)


async def test_a_question_expires_politely(stage: Stage, secretary: SimulatedUser) -> None:
    echo = await talk(stage, secretary, "/fijar 5", "24 de febrero 11:00")
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=31))
    assert "Pasó más de media hora" in (await stage.taps(secretary, "Sí, es correcta", echo)).text
    await talk(stage, secretary, *DATED, "[Presencial]")
    stage.clock.advance_to(stage.clock.now() + timedelta(minutes=31))
    assert "Pasó más de media hora" in (await talk(stage, secretary, "Sala")).text
    assert (await session(stage, secretary, 5)).state is MeetingState.UNSCHEDULED


FIRST_STEPS = [
    ("/fijar 5",),
    ("/fijar 5", "jueves 24"),
    ("/fijar 5", "24 de febrero 11:00"),
    DATED,
    (*DATED, "[Mixta]"),
    (*DATED, "[Mixta]", "Sala"),
    ("/extraordinaria",),
    ("/extraordinaria Tema", "24 de febrero 11:00", "[Sí, es correcta]", "[Presencial]", "Sala"),
]


async def test_any_step_can_be_left(stage: Stage, secretary: SimulatedUser) -> None:
    for steps in FIRST_STEPS:
        question = await talk(stage, secretary, *steps)
        assert "De acuerdo" in (await talk(stage, secretary, "/cancelar")).text
        before = len(flashes(stage))
        for label in buttons(question):
            assert await stage.taps(secretary, label, question) == question
        assert all(flash.startswith("Ese paso ya quedó atrás") for flash in flashes(stage)[before:])
        assert "No entendí" in (await talk(stage, secretary, "Sala")).text
    assert not [m for m in await _all(stage, secretary) if m.state is MeetingState.SCHEDULED]


async def _all(stage: Stage, user: SimulatedUser) -> list[MeetingView]:
    actor = await stage.services.identity.of(user.id)
    assert actor is not None
    return list(await stage.services.meetings.of(actor.seats))


async def test_the_button_of_an_older_step_changes_nothing(stage: Stage, secretary: SimulatedUser) -> None:
    first = await talk(stage, secretary, "/fijar 5", "24 de febrero 11:00")
    second = await talk(stage, secretary, "25 de febrero 11:00")
    assert await stage.taps(secretary, "Sí, es correcta", first) == first
    assert flashes(stage)[-1].startswith("Ese paso ya quedó atrás")
    assert "¿Cómo se celebrará?" in (await stage.taps(secretary, "Sí, es correcta", second)).text
    await talk(stage, secretary, "[Presencial]", "Sala")
    assert (await session(stage, secretary, 5)).starts_at == _at(25, 11)


async def test_the_button_of_another_dialogue_changes_nothing(stage: Stage, secretary: SimulatedUser) -> None:
    older = await talk(stage, secretary, "/fijar 5", "24 de febrero 11:00")
    newer = await talk(stage, secretary, "/fijar 6", "24 de febrero 11:00")
    assert await stage.taps(secretary, "Sí, es correcta", older) == older
    assert flashes(stage)[-1].startswith("Ese paso ya quedó atrás")
    await stage.taps(secretary, "Sí, es correcta", newer)
    await talk(stage, secretary, "/invitar", "[Presidencia]")
    modality = next(m for m in stage.telegram.messages(secretary) if m.id == newer.id)
    assert await stage.taps(secretary, "Presencial", modality) == modality
    assert "Invitación para Óscar Ruiz" in (await talk(stage, secretary, "Óscar Ruiz")).text


async def test_two_taps_do_everything_once(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    await date_it(stage, secretary, 4, _at(10, 11))
    question = await talk(stage, secretary, *DATED)
    for _ in range(2):
        stage.telegram.taps(secretary, question, "Como la última: presencial · Sala de sesiones")
    await stage.settle()
    assert flashes(stage)[-2:] == ["", "Ese paso ya quedó atrás. Siga con mi pregunta más reciente o empiece de nuevo."]
    assert stored(database_url).count("'meeting.dated'") == 2  # the fourth session's, and this one's
    asked = await talk(stage, secretary, "/extraordinaria Tema", "24 de febrero 9:00", "[Sí, es correcta]")
    confirm = await stage.taps(secretary, "Como la última: presencial · Sala de sesiones", asked)
    for _ in range(2):
        stage.telegram.taps(secretary, confirm, "Agregar")
    await stage.settle()
    assert len(await _all(stage, secretary)) == 11


async def test_two_secretaries_do_not_tread_on_each_other(
    stage: Stage, secretary: SimulatedUser, other: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await talk(stage, secretary, *DATED, "[Presencial]")
    await talk(stage, other, "/fijar 5 25 de febrero 9:00", "[Sí, es correcta]", "[Presencial]", "Otra sala")
    assert shown(await talk(stage, secretary, "Sala")) == snapshot
    meeting = await session(stage, secretary, 5)
    assert (meeting.starts_at, meeting.place) == (_at(25, 9), "Otra sala")
    assert "No entendí" in (await talk(stage, secretary, "Sala")).text


async def test_who_is_late_learns_it_at_the_next_step(
    stage: Stage, secretary: SimulatedUser, other: SimulatedUser
) -> None:
    echo = await talk(stage, secretary, "/fijar 5", "24 de febrero 11:00")
    await date_it(stage, other, 5, _at(25, 9))
    assert (
        "Otra persona cambió esta sesión mientras tanto" in (await stage.taps(secretary, "Sí, es correcta", echo)).text
    )


async def test_a_date_that_passes_meanwhile_is_asked_again(stage: Stage, secretary: SimulatedUser) -> None:
    echo = await talk(stage, secretary, "/fijar 5", "hoy 10:20")
    stage.clock.advance_to(_at(5, 10, 21))
    assert "esa fecha ya pasó" in (await stage.taps(secretary, "Sí, es correcta", echo)).text
    await talk(stage, secretary, "hoy 10:40", "[Sí, es correcta]", "[Presencial]")
    stage.clock.advance_to(_at(5, 10, 41))
    assert "esa fecha ya pasó" in (await talk(stage, secretary, "Sala")).text
    await talk(stage, secretary, "mañana 10:00", "[Sí, es correcta]", "[Conservar: presencial · Sala]")
    assert (await session(stage, secretary, 5)).starts_at == _at(6, 10)


async def test_words_have_their_limits(stage: Stage, secretary: SimulatedUser) -> None:
    await talk(stage, secretary, *DATED, "[Mixta]")
    assert "Son 201 caracteres y el máximo es de 200." in (await talk(stage, secretary, "x" * 201)).text
    assert "Escriba el lugar" in (await talk(stage, secretary, "\u200b\u202e")).text
    assert "Escriba el enlace" in (await talk(stage, secretary, "ñ" * 200)).text
    assert "el máximo es de 1000." in (await talk(stage, secretary, "x" * 4000)).text
    assert "✔️" in (await talk(stage, secretary, "x" * 1000)).text
    too_long = await talk(stage, secretary, f"/extraordinaria {'x' * 1001}")
    assert "Son 1001 caracteres y el máximo es de 1000." in too_long.text
    assert "Escriba la fecha" in (await talk(stage, secretary, "y" * 1000)).text


async def test_what_people_write_is_shown_as_they_wrote_it(stage: Stage, secretary: SimulatedUser) -> None:
    dated = await talk(stage, secretary, *DATED, "[Mixta]", f"  Sala\n{HOSTILE}", HOSTILE)
    assert f"Lugar: Sala {HOSTILE}\nEnlace: {HOSTILE}" in dated.text
    assert f"Lugar: Sala {HOSTILE}\nEnlace: {HOSTILE}" in (await talk(stage, secretary, "/sesion 5")).text


async def test_an_extraordinary_session_is_added_with_its_date(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    member = await enrol(Role.MEMBER, "Nayma Enríquez Estrada")
    before = sent_to(stage, member)
    assert shown(await talk(stage, secretary, "/extraordinaria")) == snapshot(name="topic")
    assert shown(await talk(stage, secretary, f"Revisión urgente {HOSTILE}")) == snapshot(name="date")
    await talk(stage, secretary, "martes 8, 10 am", "[Sí, es correcta]", "[Presencial]")
    assert shown(await talk(stage, secretary, "Sala de sesiones")) == snapshot(name="confirm")
    assert len(await _all(stage, secretary)) == 10
    assert shown(await talk(stage, secretary, "[Agregar]")) == snapshot(name="added")
    added = await session(stage, secretary, 11)
    assert (added.kind, added.state, added.starts_at) == (MeetingKind.EXTRAORDINARY, MeetingState.SCHEDULED, _at(8, 10))
    assert added.topics == (f"Revisión urgente {HOSTILE}",)
    assert sent_to(stage, member) == before


async def test_an_extraordinary_session_can_be_corrected_before_it_is_added(
    stage: Stage, secretary: SimulatedUser
) -> None:
    await talk(stage, secretary, "/extraordinaria Tema", "martes 8, 10 am", "[Sí, es correcta]", "[Presencial]", "Sala")
    await talk(stage, secretary, "[Corregir fecha o lugar]", "martes 8, 11 am", "[Sí, es correcta]")
    again = await talk(stage, secretary, "[Conservar: presencial · Sala]")
    assert "Martes 8 de febrero de 2022, 11:00 h\nModalidad: presencial\nLugar: Sala\nTema: Tema" in again.text
    await talk(stage, secretary, "[Agregar]")
    assert (await session(stage, secretary, 11)).starts_at == _at(8, 11)


async def test_only_who_convenes_dates_sessions(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    offered = [button.data or "" for row in (await talk(stage, secretary, "/fijar")).keyboard for button in row]
    names = {Role.PRESIDENCY: "Carmelita Sibaja Ochoa", Role.MEMBER: "Nayma Enríquez Estrada"}
    for role in (role for role in Role if role is not Role.TECHNICAL_SECRETARY):
        somebody = await enrol(role, names.get(role, f"Persona {role}"), (5,) if role is Role.GUEST else ())
        for command in ("/fijar", "/fijar 5 24 de febrero 11:00", "/extraordinaria Tema"):
            assert "no corresponde a su carácter" in (await talk(stage, somebody, command)).text
        card = await talk(stage, somebody, "/sesion 5")
        assert buttons(card) == ["Orden del día", "Ver calendario"]
        for data in offered:
            stage.telegram.taps_data(somebody, card, data)
        await stage.settle()
        assert set(flashes(stage)[-len(offered) :]) == {"Esta opción no corresponde a su carácter."}


async def test_in_the_group_it_is_done_in_private(stage: Stage, secretary: SimulatedUser) -> None:
    group = stage.telegram.group("PREP")
    group.add(secretary, creator=True)
    stage.telegram.add_bot(group, secretary)
    await stage.says(secretary, "/vincular", group)
    assert "en privado" in (await stage.says(secretary, "/fijar 5", group)).text
    assert buttons(await stage.says(secretary, "/sesion 5", group)) == ["Orden del día", "Ver calendario"]


def test_the_examples_can_be_sent_as_they_are() -> None:
    for offset in range(0, 400, 3):
        now = datetime.combine(date(2021, 12, 1) + timedelta(offset), time(23, 50), ZONE)
        for month in [None, *(Month(2021, 12) + place for place in range(0, 12, 2))]:
            for example in examples(month, now, ZONE):
                reading = read_date(example, now, ZONE)
                assert isinstance(reading, Exact)
                local = reading.at.astimezone(ZONE)
                assert local.weekday() == 3
                if month is not None and month > Month.of(now.date()):
                    assert Month.of(local.date()) == month
