"""A «no» that puts the quorum at risk: who is told, how often, and what they can do about it."""

from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.answer import Answer
from prep_bot.domain.role import Role
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.answers import GiveAnswer, KeepMeeting
from tests.support.convening import STARTS, called_off, convened, message, moved
from tests.support.conversation import buttons, flashes, sent_to, shown, stored
from tests.support.reading import Enrol

PLAN = "ieepco-prep-2021-2022"
RISK = "⚠️ El quórum está en riesgo"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def voting(stage: Stage, enrol: Enrol) -> tuple[SimulatedUser, SimulatedUser, SimulatedUser]:
    """The three who vote, the presidency first: two make a quorum."""
    return (
        await enrol(Role.PRESIDENCY, "Carmelita Sibaja Ochoa"),
        await enrol(Role.MEMBER, "Nayma Enríquez Estrada"),
        await enrol(Role.MEMBER, "Alejandro Carrasco Sampedro"),
    )


@pytest.fixture
async def board(stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...]) -> SimulatedMessage:
    return await convened(stage, secretary)


async def answers(stage: Stage, user: SimulatedUser, answer: Answer, convocation: int = 1) -> None:
    """Let the person answer with the button of the message that carries it."""
    data = GiveAnswer(convocation, answer).encode()
    carrier = next(
        m for m in reversed(stage.telegram.messages(user)) if any(b.data == data for row in m.keyboard for b in row)
    )
    stage.telegram.taps_data(user, carrier, data)
    await stage.settle()


def alerts(stage: Stage, user: SimulatedUser) -> list[SimulatedMessage]:
    return [m for m in stage.telegram.messages(user) if m.text.startswith(RISK)]


async def test_secretary_and_presidency_are_told_at_once(
    stage: Stage,
    secretary: SimulatedUser,
    voting: tuple[SimulatedUser, ...],
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    presidency, member, other = voting
    await answers(stage, member, Answer.ABSENT)
    assert not alerts(stage, secretary)
    await stage.advance(stage.clock.now().replace(hour=23))
    await answers(stage, other, Answer.ABSENT)
    (alert,) = alerts(stage, secretary)
    assert shown(alert) == snapshot(name="secretary")
    assert shown(alerts(stage, presidency)[0]) == snapshot(name="presidency")
    assert not alerts(stage, member)
    assert not alerts(stage, other)
    assert "⚠️ Quórum previsto: 0 de 3 (se requieren 2)" in message(stage, secretary, board.id).text


async def test_a_further_no_tells_nothing_new(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    for user in voting:
        await answers(stage, user, Answer.ABSENT)
    assert len(alerts(stage, secretary)) == 1


async def test_it_is_told_again_after_it_was_restored(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    presidency, member, other = voting
    for user in (member, other):
        await answers(stage, user, Answer.ABSENT)
    await answers(stage, other, Answer.IN_PERSON)
    assert "en riesgo" not in message(stage, secretary, board.id).text
    await answers(stage, presidency, Answer.ABSENT)
    assert len(alerts(stage, secretary)) == len(alerts(stage, presidency)) == 2


async def test_who_changes_their_mind_back_and_forth_within_the_hour_is_told_of_once(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    presidency, member, other = voting
    for user in (member, other):
        await answers(stage, user, Answer.ABSENT)
    for _ in range(3):
        await answers(stage, other, Answer.IN_PERSON)
        await answers(stage, other, Answer.ABSENT)
    assert len(alerts(stage, secretary)) == len(alerts(stage, presidency)) == 1
    await answers(stage, other, Answer.IN_PERSON)
    await stage.advance(stage.clock.now() + timedelta(hours=1))
    await answers(stage, other, Answer.ABSENT)
    assert len(alerts(stage, secretary)) == len(alerts(stage, presidency)) == 2


async def test_once_it_is_kept_only_what_is_worse_is_told(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    presidency, member, other = voting
    for user in (member, other):
        await answers(stage, user, Answer.ABSENT)
    await stage.taps(secretary, "Mantener", alerts(stage, secretary)[0])
    await answers(stage, other, Answer.IN_PERSON)
    await answers(stage, other, Answer.ABSENT)
    await answers(stage, member, Answer.IN_PERSON)
    assert len(alerts(stage, secretary)) == 1
    for _ in range(2):
        for user in (member, presidency):
            await answers(stage, user, Answer.ABSENT)
        for user in (presidency, member):
            await answers(stage, user, Answer.IN_PERSON)
    assert len(alerts(stage, secretary)) == len(alerts(stage, presidency)) == 2
    assert "a lo más asistirán 0; se requieren 2" in alerts(stage, secretary)[1].text


async def test_a_new_convocation_is_told_of_anew(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT)
    await stage.taps(secretary, "Mantener", alerts(stage, secretary)[0])
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT, convocation=2)
    assert len(alerts(stage, voting[0])) == 2


async def test_who_has_no_vote_puts_nothing_at_risk(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], enrol: Enrol
) -> None:
    parties = [await enrol(Role.PARTY_REPRESENTATIVE, f"Representación Número {n}") for n in range(3)]
    await convened(stage, secretary)
    for user in (*parties, secretary):
        await answers(stage, user, Answer.ABSENT)
    assert not alerts(stage, secretary)


async def test_the_commissions_own_rule_counts(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...]
) -> None:
    plan = load(packaged(PLAN))
    rules = plan.rules.model_copy(update={"quorum": plan.rules.quorum.model_copy(update={"voting_members": 3})})
    await stage.services.plans.apply(plan.model_copy(update={"rules": rules}))
    await convened(stage, secretary)
    await answers(stage, voting[1], Answer.ABSENT)
    assert "a lo más asistirán 2; se requieren 3" in alerts(stage, secretary)[0].text


async def test_deferring_begins_with_the_reason(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT)
    asked = await stage.taps(secretary, "Diferir", alerts(stage, secretary)[0])
    assert asked.text.startswith("Diferir la sesión 5")
    await stage.says(secretary, "Falta de quórum")
    await stage.taps(secretary, "Sí, diferir")
    assert "⏸ Sesión diferida" in stage.telegram.last(voting[1]).text


async def test_a_quorum_is_rescued_at_a_distance(
    stage: Stage,
    secretary: SimulatedUser,
    voting: tuple[SimulatedUser, ...],
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT)
    asked = await stage.taps(secretary, "A distancia", alerts(stage, secretary)[0])
    assert shown(asked) == snapshot(name="how")
    await stage.taps(secretary, "A distancia")
    steps = [
        await stage.says(secretary, "https://example.org/sala"),
        await stage.taps(secretary, "Es una convocatoria nueva"),
        await stage.says(secretary, "Dos integrantes no podrán acudir a la sede"),
    ]
    title = "Cambiar la modalidad o el lugar de la sesión 5: Tercera sesión ordinaria"
    assert all(step.text.startswith(title) for step in (asked, *steps))
    await stage.taps(secretary, "Sí, cambiar")
    change = stage.telegram.last(voting[1])
    assert shown(change) == snapshot(name="change")
    for user in voting[1:]:
        await answers(stage, user, Answer.REMOTE, convocation=2)
    assert "Quórum previsto: 2 de 3 (se requieren 2) · por responder: 1" in [
        line for text in sent_to(stage, secretary) if text.startswith("Acuses") for line in text.splitlines()
    ]
    assert len(alerts(stage, secretary)) == 1


async def test_keeping_it_is_a_decision_on_record(
    stage: Stage,
    secretary: SimulatedUser,
    voting: tuple[SimulatedUser, ...],
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
    database_url: str,
) -> None:
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT)
    (alert,) = alerts(stage, secretary)
    stage.telegram.taps(secretary, alert, "Mantener")
    stage.telegram.taps(secretary, alert, "Mantener")
    await stage.settle()
    assert shown(message(stage, secretary, alert.id)) == snapshot
    assert stored(database_url).count("quorum.kept") == 1


async def test_two_secretaries_decide_once(
    stage: Stage,
    secretary: SimulatedUser,
    voting: tuple[SimulatedUser, ...],
    board: SimulatedMessage,
    enrol: Enrol,
    database_url: str,
) -> None:
    second = await enrol(Role.TECHNICAL_SECRETARY, "Beto Mora Luna")
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT)
    await stage.taps(secretary, "Mantener", alerts(stage, secretary)[0])
    await stage.advance(stage.clock.now() + timedelta(hours=1))
    later = await stage.taps(second, "Mantener", alerts(stage, second)[0])
    assert "El 5 de febrero de 2022, 10:00 h se decidió mantener" in later.text
    assert stored(database_url).count("quorum.kept") == 1


async def test_the_presidency_decides_where_the_rules_let_it(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], database_url: str
) -> None:
    plan = load(packaged(PLAN))
    rules = plan.rules.model_copy(update={"presidency_convenes": True})
    await stage.services.plans.apply(plan.model_copy(update={"rules": rules}))
    await convened(stage, secretary)
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT)
    (alert,) = alerts(stage, voting[0])
    assert buttons(alert) == ["Diferir", "A distancia", "Mantener", "Ver tablero", "Ver sesión"]
    await stage.taps(voting[0], "Mantener", alert)
    assert stored(database_url).count("quorum.kept") == 1


@pytest.mark.parametrize("gone", ["moved", "called off", "begun"])
async def test_its_choices_are_stale_once_the_session_changed(
    stage: Stage,
    secretary: SimulatedUser,
    voting: tuple[SimulatedUser, ...],
    board: SimulatedMessage,
    gone: str,
    database_url: str,
) -> None:
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT)
    (alert,) = alerts(stage, secretary)
    if gone == "moved":
        await moved(stage, secretary, to=STARTS + timedelta(days=1))
    elif gone == "called off":
        await called_off(stage, secretary)
    else:
        await stage.advance(STARTS)
    stage.telegram.taps_data(secretary, alert, KeepMeeting(1, 1, 1).encode())
    await stage.settle()
    assert flashes(stage)[-1].startswith("Esta convocatoria ya no está vigente")
    assert "quorum.kept" not in stored(database_url)


async def test_a_risk_that_went_away_before_it_was_told_is_not_told(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    await answers(stage, voting[1], Answer.ABSENT)
    actor = await stage.services.identity.of(voting[2].id)
    assert actor is not None
    await stage.services.answers.give(actor, 1, Answer.ABSENT)
    await stage.services.answers.give(actor, 1, Answer.IN_PERSON)
    await stage.settle()
    assert not alerts(stage, secretary)
    await answers(stage, voting[2], Answer.ABSENT)
    assert len(alerts(stage, secretary)) == 1


# /tablero


async def test_the_board_that_was_asked_for_is_kept_up_to_date(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    asked = await stage.says(secretary, "/tablero")
    assert asked.text.startswith("Acuses: Tercera sesión ordinaria")
    count = len(stage.telegram.messages(secretary))
    await answers(stage, voting[1], Answer.IN_PERSON)
    await stage.taps(voting[1], "Acusar recibo")
    kept = message(stage, secretary, asked.id)
    assert "Quórum previsto: 1 de 3 (se requieren 2) · por responder: 2" in kept.text
    assert "Nayma Enríquez Estrada (Consejería integrante): acusó recibo, 5 de febrero, 10:00 h · asistirá" in kept.text
    assert len(stage.telegram.messages(secretary)) == count


async def test_a_board_below_a_message_of_the_bot_is_kept_too(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    for user in voting[1:]:
        await answers(stage, user, Answer.ABSENT)
    below = await stage.taps(secretary, "Ver tablero", alerts(stage, secretary)[0])
    await answers(stage, voting[2], Answer.IN_PERSON)
    assert "en riesgo" not in message(stage, secretary, below.id).text


async def test_of_several_it_asks_which(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(secretary, "/tablero")) == snapshot(name="none")
    assert shown(await stage.says(secretary, "/tablero 6")) == snapshot(name="not convened")
    assert "No hay una sesión 99" in (await stage.says(secretary, "/tablero 99")).text
    await convened(stage, secretary)
    await convened(stage, secretary, 6, STARTS + timedelta(days=30))
    asked = await stage.says(secretary, "/tablero")
    assert shown(asked) == snapshot(name="which")
    chosen = await stage.taps(secretary, buttons(asked)[1], asked)
    assert chosen.text.startswith("Acuses: Cuarta sesión ordinaria")
    assert (await stage.says(secretary, "/tablero 5")).text.startswith("Acuses: Tercera sesión ordinaria")


async def test_it_says_who_can_no_longer_be_reached(
    stage: Stage, secretary: SimulatedUser, voting: tuple[SimulatedUser, ...], board: SimulatedMessage
) -> None:
    await stage.taps(voting[1], "Acusar recibo")
    stage.telegram.blocks(voting[1])
    await stage.settle()
    text = message(stage, secretary, board.id).text
    assert "acusó recibo, 5 de febrero, 10:00 h · ya no se le puede escribir (bloqueó el bot)" in text
    stage.telegram.unblocks(voting[1])
    await stage.settle()
    assert "ya no se le puede escribir" not in message(stage, secretary, board.id).text
