"""The notice term in the chat: what the preview says, going on with a reason, and urgent sessions."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.domain.term import TermCheck
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import STARTS, ZONE, convened, dated, meeting_of, message, moved
from tests.support.conversation import buttons, flashes, sent_to, shown
from tests.support.reading import Enrol, changed, shipped
from tests.support.scheduling import talk

ARTICLE = "art. 17 del Reglamento de Comisiones"
LATE = datetime(2022, 2, 22, 7, 59, tzinfo=ZONE)
"""51 hours and a minute before the session."""
REASON = "Lo exige el calendario <3 & del INE"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


async def rule(stage: Stage, *, process: bool = True, **terms: dict[str, Any]) -> None:
    """Import the plan with those notice terms."""
    rules = shipped().rules.model_dump() | {"notice_terms": terms, "holidays": {"electoral_process": process}}
    await stage.services.plans.apply(changed(shipped(), rules=rules))


def convocations(stage: Stage, user: SimulatedUser) -> list[str]:
    return [text for text in sent_to(stage, user) if "Se le convoca" in text]


def rows(database_url: str, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))) as database:
        return database.execute(query).fetchall()


def recorded(database_url: str) -> tuple[TermCheck, str]:
    """Return the newest convocation's term and the reason that it kept."""
    query = "SELECT term, term_reason FROM convocation ORDER BY id DESC LIMIT 1"
    ((term, reason),) = rows(database_url, query)
    return TermCheck.model_validate(json.loads(term)), reason


# What the preview says


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2022-02-21T11:00", "Faltan 72 h; el mínimo es de 72 h (término configurado por la comisión)."),
        ("2022-02-21T11:06", "⚠️ Faltan 71 h; el mínimo es de 72 h (término configurado por la comisión)."),
        ("2022-02-24T09:59", "⚠️ Falta 1 h; el mínimo es de 72 h (término configurado por la comisión)."),
    ],
)
async def test_the_preview_compares_what_is_left_with_the_minimum(
    stage: Stage, secretary: SimulatedUser, at: str, words: str
) -> None:
    await dated(stage, secretary)
    await stage.advance(datetime.fromisoformat(at).replace(tzinfo=ZONE))
    preview = await stage.says(secretary, "/convocar")
    assert words in preview.text.splitlines()
    assert ("si da el motivo" in preview.text) is words.startswith("⚠️")


@pytest.mark.parametrize(
    ("process", "term", "words"),
    [
        (True, {"hours": 72}, f"⚠️ Faltan 51 h; el mínimo es de 72 h ({ARTICLE})."),
        (True, {"days": 3}, f"⚠️ Faltan 2 días; el mínimo es de 3 días ({ARTICLE})."),
        (True, {"days": 2}, f"Faltan 2 días; el mínimo es de 2 días ({ARTICLE})."),
        (False, {"days": 3}, f"⚠️ Faltan 2 días hábiles; el mínimo es de 3 días hábiles ({ARTICLE})."),
        (False, {"hours": 72}, f"⚠️ Faltan 51 h hábiles; el mínimo es de 72 h hábiles ({ARTICLE})."),
        (False, {"days": 3, "working": False}, f"⚠️ Faltan 2 días; el mínimo es de 3 días ({ARTICLE})."),
        (True, {"hours": 0}, f"No tiene un término mínimo para convocarse ({ARTICLE})."),
    ],
)
async def test_each_commission_has_its_own_rule(
    stage: Stage, secretary: SimulatedUser, process: bool, term: dict[str, Any], words: str
) -> None:
    await rule(stage, process=process, ordinary=term | {"article": ARTICLE})
    await dated(stage, secretary)
    await stage.advance(LATE)
    assert words in (await stage.says(secretary, "/convocar")).text.splitlines()


async def test_a_hostile_article_is_shown_as_it_is_written(stage: Stage, secretary: SimulatedUser) -> None:
    await rule(stage, ordinary={"hours": 72, "article": "art. <3 & {x} </b>"})
    await dated(stage, secretary)
    assert "(art. <3 & {x} </b>)" in (await stage.says(secretary, "/convocar")).text


async def test_outside_the_process_a_long_weekend_moves_the_last_moment(stage: Stage, secretary: SimulatedUser) -> None:
    await rule(stage, process=False, ordinary={"days": 3, "article": ARTICLE})
    answer = await talk(stage, secretary, "/fijar 5 9 de febrero 11:00", "[Sí, es correcta]", "[Presencial]", "Sala")
    assert f"venció el jueves 3 de febrero de 2022, 11:00 h (3 días hábiles antes; {ARTICLE})" in answer.text


# Going on with a reason


async def test_too_late_goes_on_with_a_reason(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, database_url: str, snapshot: SnapshotAssertion
) -> None:
    await rule(stage, ordinary={"hours": 72, "article": ARTICLE})
    await dated(stage, secretary)
    await stage.advance(LATE)
    preview = await stage.says(secretary, "/convocar")
    assert shown(preview) == snapshot(name="preview")
    asked = await stage.taps(secretary, "Convocar ahora", preview)
    assert shown(asked) == snapshot(name="asked")
    assert not convocations(stage, member)
    confirm = await stage.says(secretary, REASON)
    assert shown(confirm) == snapshot(name="confirm")
    assert not convocations(stage, member)
    await stage.taps(secretary, "Sí, convocar", confirm)
    assert message(stage, secretary, confirm.id).text.startswith("Acuses: ")
    assert len(convocations(stage, member)) == 1
    assert REASON not in convocations(stage, member)[0]
    term, reason = recorded(database_url)
    assert (term.minimum, term.given, term.in_time, term.article) == (72, 51, False, ARTICLE)
    assert reason == REASON
    ((entry,),) = rows(database_url, "SELECT details FROM audit_event WHERE act = 'meeting.convened'")
    assert json.loads(entry)["term_reason"] == REASON
    assert TermCheck.model_validate(json.loads(entry)["term"]) == term


async def test_in_time_no_reason_is_asked_or_kept(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    await convened(stage, secretary)
    term, reason = recorded(database_url)
    assert (term.given, term.in_time, reason) == (456, True, "")


async def test_when_the_term_passes_before_the_tap_the_reason_is_asked_then(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await dated(stage, secretary)
    await stage.advance(STARTS - timedelta(hours=72))
    preview = await stage.says(secretary, "/convocar")
    assert "⚠️" not in preview.text.partition("Faltan")[2]
    await stage.advance(STARTS - timedelta(hours=72) + timedelta(seconds=1))
    asked = await stage.taps(secretary, "Convocar ahora", preview)
    assert "escriba el motivo" in asked.text
    assert not convocations(stage, member)


async def test_waiting_for_the_morning_may_need_a_reason(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, database_url: str
) -> None:
    await stage.advance(datetime(2022, 2, 5, 23, tzinfo=ZONE))
    await dated(stage, secretary, starts_at=datetime(2022, 2, 9, 0, tzinfo=ZONE))
    preview = await stage.says(secretary, "/convocar")
    assert "⚠️ A las 08:00 ya solo faltarán 64 h." in preview.text
    asked = await stage.taps(secretary, "A las 08:00", preview)
    assert "⚠️ Faltan 64 h" in asked.text
    await talk(stage, secretary, "Conviene avisar de día", "[Sí, convocar]")
    assert not convocations(stage, member)
    await stage.advance(datetime(2022, 2, 6, 8, tzinfo=ZONE))
    assert len(convocations(stage, member)) == 1
    assert recorded(database_url)[0].given == 64


async def test_the_reason_has_its_limits(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    await dated(stage, secretary)
    await stage.advance(LATE)
    asked = await talk(stage, secretary, "/convocar", "[Convocar ahora]")
    assert (await stage.says(secretary, "\u200b \n")).text == asked.text
    assert "el máximo es de 500" in (await stage.says(secretary, "x" * 501)).text
    confirm = await stage.says(secretary, "x" * 500)
    assert (await stage.says(secretary, "otra cosa")).text == confirm.text
    await stage.says(secretary, "/cancelar")
    await stage.taps(secretary, "Sí, convocar", confirm)
    assert flashes(stage)[-1].startswith("Ese paso ya quedó atrás")
    assert not convocations(stage, member)


async def test_a_double_tap_convenes_once(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> None:
    await dated(stage, secretary)
    await stage.advance(LATE)
    confirm = await talk(stage, secretary, "/convocar", "[Convocar ahora]", REASON)
    stage.telegram.taps(secretary, confirm, "Sí, convocar")
    stage.telegram.taps(secretary, confirm, "Sí, convocar")
    await stage.settle()
    assert len(convocations(stage, member)) == 1


async def test_of_two_secretaries_one_convenes(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol
) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Luis Mora Paz")
    await dated(stage, secretary)
    await stage.advance(LATE)
    for user in (secretary, other):
        await talk(stage, user, "/convocar", "[Convocar ahora]", REASON)
    await talk(stage, secretary, "[Sí, convocar]")
    late = await talk(stage, other, "[Sí, convocar]")
    assert late.text.startswith("⚠️ Otra persona cambió esta sesión mientras tanto")
    assert len(convocations(stage, member)) == 1


async def test_when_its_hour_comes_meanwhile_nothing_is_done(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await dated(stage, secretary)
    await stage.advance(STARTS - timedelta(minutes=10))
    confirm = await talk(stage, secretary, "/convocar", "[Convocar ahora]", REASON)
    await stage.advance(STARTS)
    assert "Sesión 5" in (await stage.taps(secretary, "Sí, convocar", confirm)).text
    assert not convocations(stage, member)


async def test_a_move_is_checked_again(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, database_url: str
) -> None:
    await convened(stage, secretary)
    await moved(stage, secretary, to=datetime(2022, 2, 7, 11, tzinfo=ZONE), reason="Se adelanta")
    term, reason = recorded(database_url)
    assert (term.in_time, term.given, reason) == (False, 48, "Se adelanta")
    await moved(stage, secretary, to=STARTS, reason="Se regresa")
    term, reason = recorded(database_url)
    assert (term.in_time, reason) == (True, "")


# Urgent sessions

SOON = "mañana 9:00"
"""23 hours from now."""


async def test_an_extraordinary_session_too_soon_may_be_urgent(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, database_url: str, snapshot: SnapshotAssertion
) -> None:
    offered = await talk(stage, secretary, "/extraordinaria Adendas al convenio", SOON, "[Sí, es correcta]")
    assert shown(offered) == snapshot(name="offered")
    assert shown(await talk(stage, secretary, "[Es urgente]")) == snapshot(name="why")
    await talk(stage, secretary, REASON, "[Presencial]")
    confirm = await talk(stage, secretary, "Sala")
    assert shown(confirm) == snapshot(name="confirm")
    added = await talk(stage, secretary, "[Agregar]")
    assert shown(added) == snapshot(name="added")
    preview = await talk(stage, secretary, "[Convocar]")
    assert shown(preview) == snapshot(name="preview")
    await stage.taps(secretary, "Convocar ahora", preview)
    assert convocations(stage, member) == snapshot(name="convocation")
    assert shown(await stage.says(secretary, "/sesion 11")) == snapshot(name="card")
    term, reason = recorded(database_url)
    assert (term.minimum, term.in_time, reason) == (0, True, REASON)


async def test_an_urgent_session_needs_a_reason(stage: Stage, secretary: SimulatedUser, database_url: str) -> None:
    why = await talk(stage, secretary, "/extraordinaria Adendas", SOON, "[Sí, es correcta]", "[Es urgente]")
    assert (await stage.says(secretary, "\u200b")).text == why.text
    await stage.says(secretary, "/cancelar")
    assert rows(database_url, "SELECT id FROM meeting WHERE kind = 'urgent'") == []


async def test_or_it_gets_another_date(stage: Stage, secretary: SimulatedUser) -> None:
    await talk(stage, secretary, "/extraordinaria Adendas", SOON, "[Sí, es correcta]", "[Cambiar la fecha]")
    asked = await talk(stage, secretary, "martes 8 de febrero 11:00", "[Sí, es correcta]")
    assert "¿Cómo se celebrará?" in asked.text


async def test_or_it_stays_extraordinary_and_is_convened_with_a_reason(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, database_url: str
) -> None:
    steps = ("[Dejarla como extraordinaria]", "[Presencial]", "Sala", "[Agregar]", "[Convocar]", "[Convocar ahora]")
    asked = await talk(stage, secretary, "/extraordinaria Adendas", SOON, "[Sí, es correcta]", *steps)
    assert "⚠️ Faltan 22 h; el mínimo es de 24 h" in asked.text
    await talk(stage, secretary, REASON, "[Sí, convocar]")
    assert recorded(database_url)[1] == REASON
    assert "urgente" not in convocations(stage, member)[0].lower()


async def test_in_time_nothing_is_said_of_urgency(stage: Stage, secretary: SimulatedUser) -> None:
    asked = await talk(stage, secretary, "/extraordinaria Adendas", "mañana 11:00", "[Sí, es correcta]")
    assert "¿Cómo se celebrará?" in asked.text


async def test_the_buttons_of_an_older_step_do_nothing(stage: Stage, secretary: SimulatedUser) -> None:
    offered = await talk(stage, secretary, "/extraordinaria Adendas", SOON, "[Sí, es correcta]")
    assert buttons(offered) == ["Es urgente", "Cambiar la fecha", "Dejarla como extraordinaria"]
    await talk(stage, secretary, "/extraordinaria Otra cosa")
    await stage.taps(secretary, "Es urgente", offered)
    assert flashes(stage)[-1].startswith("Ese paso ya quedó atrás")


async def test_an_urgent_session_is_not_reminded_of_a_term(stage: Stage, secretary: SimulatedUser) -> None:
    await talk(stage, secretary, "/extraordinaria Adendas", SOON, "[Sí, es correcta]", "[Es urgente]", REASON)
    await talk(stage, secretary, "[Presencial]", "Sala", "[Agregar]")
    meeting = await meeting_of(stage, secretary, 11)
    assert meeting.urgency == REASON
    await stage.advance(datetime(2022, 2, 6, 9, tzinfo=ZONE))
    assert not any("El término para convocar" in text for text in sent_to(stage, secretary) if "urgente" in text)
