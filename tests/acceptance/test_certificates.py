"""/constancia: what it says, who is told of it, and that it verifies, or not once somebody touched it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.documents.certificate_json import against, check, differences
from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedGroup, SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.convening import IssueCertificate, SendCertificate
from tests.support.convening import STARTS, called_off, convened, dated, message, moved
from tests.support.conversation import another_plan, flashes, sent_to, shown
from tests.support.files import read_pdf
from tests.support.reading import Enrol
from tests.support.scheduling import talk

MARK = "SIMULACIÓN, SIN VALIDEZ"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def presidency(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.PRESIDENCY, "Carmelita Sibaja Ochoa")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


@pytest.fixture
async def group(stage: Stage, secretary: SimulatedUser) -> SimulatedGroup:
    made = stage.telegram.group("Comisión PREP")
    made.add(secretary, creator=True)
    stage.telegram.add_bot(made, secretary)
    await stage.settle()
    await stage.says(secretary, "/vincular", made)
    return made


def files(stage: Stage, user: SimulatedUser) -> list[SimulatedMessage]:
    """Return the bot's messages with a file in somebody's chat."""
    return [m for m in stage.telegram.messages(user) if m.file is not None and m.user_id is None]


def content(sent: SimulatedMessage) -> bytes:
    assert sent.file is not None
    return sent.file.data


async def issued(stage: Stage, user: SimulatedUser, number: int = 5) -> SimulatedMessage:
    """Let the person ask for a constancia; return the message with its PDF."""
    await stage.says(user, f"/constancia {number}")
    return files(stage, user)[-1]


async def data_of(stage: Stage, user: SimulatedUser, constancia: SimulatedMessage) -> bytes:
    await stage.taps(user, "Datos para verificarla (JSON)", constancia)
    return content(files(stage, user)[-1])


def without_hashes(text: str) -> str:
    return "\n".join("Bitácora: <huella>" if "Bitácora, registro" in line else line for line in text.splitlines())


async def test_what_it_says(
    stage: Stage,
    secretary: SimulatedUser,
    presidency: SimulatedUser,
    member: SimulatedUser,
    group: SimulatedGroup,
    enrol: Enrol,
    snapshot: SnapshotAssertion,
) -> None:
    lost = await enrol(Role.PARTY_REPRESENTATIVE, "Zoila <3 & Vaca")
    lost.blocked = True
    board = await convened(stage, secretary)
    await stage.taps(member, "Acusar recibo")
    await stage.taps(member, "Asistiré")
    telling = await stage.taps(secretary, "Notificada por otro medio", board)
    await stage.taps(secretary, "⚪ Alejandro Carrasco Sampedro", telling)
    await stage.says(secretary, "oficio IEEPCO/ST/12/2022")
    await stage.says(secretary, "hoy 10:00")
    constancia = await issued(stage, secretary)
    assert without_hashes(shown(constancia)) == snapshot(name="message")
    said = read_pdf(content(constancia))
    for words in (
        "complementa la notificación oficial y no la sustituye",
        "no prueba que la persona lo haya leído",
        "Mtra. Nayma Enríquez Estrada · Consejería integrante",
        "Acusó recibo",
        "Respondió: asistirá",
        "por otro medio (oficio IEEPCO/ST/12/2022): 05/02/2022 10:00:00 (UTC−06:00)",
        "Zoila <3 & Vaca",
        "no se le pudo escribir: bloqueó el bot",
        "Grupo vinculado de la comisión",
        "Convocatoria, intento 1: Telegram lo aceptó",
        "Mínimo: 72 h",
        "Se cumplió.",
        MARK,
    ):
        assert words in said
    data = await data_of(stage, secretary, constancia)
    told = [secretary, presidency, member, lost]
    assert not any(str(user.id) in data.decode() for user in told)
    assert str(group.id) not in data.decode()


async def test_presidency_and_secretary_are_told_the_head(
    stage: Stage,
    secretary: SimulatedUser,
    presidency: SimulatedUser,
    member: SimulatedUser,
    snapshot: SnapshotAssertion,
) -> None:
    await convened(stage, secretary)
    before = len(sent_to(stage, member))
    constancia = await issued(stage, presidency)
    (report,) = await stage.services.ledger.check()
    for user in (secretary, presidency):
        told = next(m for m in reversed(stage.telegram.messages(user)) if "Se expidió" in m.text)
        assert report.hash in told.text
        assert without_hashes(shown(told)) == snapshot(name="head")
    assert len(sent_to(stage, member)) == before
    again = await stage.taps(secretary, "Ver constancia 1 (1/2022)")
    assert content(again) == content(constancia)


async def test_asked_for_again_it_is_the_same_until_something_happens(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    board = await convened(stage, secretary)
    first = await issued(stage, secretary)
    await stage.taps(secretary, "Constancia de notificación", message(stage, secretary, board.id))
    second = files(stage, secretary)[-1]
    assert second.id != first.id
    assert content(second) == content(first)
    assert sum("Se expidió" in text for text in sent_to(stage, secretary)) == 1
    await stage.taps(member, "Acusar recibo")
    third = await issued(stage, secretary)
    assert third.text.startswith("Constancia 2 de la convocatoria 1/2022")
    assert content(third) != content(first)


async def test_it_tells_what_became_of_the_convocation(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    await moved(stage, secretary, to=STARTS + timedelta(days=1), reason="Sin sala")
    stage.telegram.taps_data(secretary, stage.telegram.last(secretary), IssueCertificate(1, 1).encode())
    await stage.settle()
    assert "Sustituida por una versión posterior" in read_pdf(content(files(stage, secretary)[-1]))
    said = read_pdf(content(await issued(stage, secretary)))
    assert "Motivo del cambio: Sin sala" in said
    assert "Cambio, intento 1: Telegram lo aceptó" in said
    await called_off(stage, secretary, reason="Sin materia", defer=True)
    said = read_pdf(content(await issued(stage, secretary)))
    assert "Sin efecto: la sesión se difirió; 05/02/2022" in said
    assert "Motivo: Sin materia" in said
    await talk(stage, secretary, "/sesion 5", "[Cancelar]", "Ya no hace falta", "[Sí, cancelar la sesión]")
    still = read_pdf(content(await issued(stage, secretary)))
    assert "Sin efecto: la sesión se difirió" in still, "what ended that convocation"
    assert "Cancelación o diferimiento, intento 1: Telegram lo aceptó" in said


async def test_it_tells_why_the_term_was_not_kept(stage: Stage, secretary: SimulatedUser) -> None:
    await dated(stage, secretary, starts_at=stage.clock.now() + timedelta(hours=30))
    preview = await stage.says(secretary, "/convocar 5")
    asked = await stage.taps(secretary, preview.buttons[0][0], preview)
    assert "motivo" in asked.text
    await stage.says(secretary, "Vence un plazo legal")
    await stage.taps(secretary, "Sí, convocar")
    said = read_pdf(content(await issued(stage, secretary)))
    assert "Se convocó con 29 h de anticipación" in said
    assert "No se cumplió." in said
    assert "Motivo de convocar así Vence un plazo legal" in said


async def test_it_tells_why_nothing_was_sent_to_somebody(stage: Stage, secretary: SimulatedUser) -> None:
    await convened(stage, secretary)
    said = read_pdf(content(await issued(stage, secretary)))
    assert said.count("No se le envió nada por Telegram: no está inscrita en el bot.") == 3, "the plan's people"
    assert "no registra ningún intento" not in said


async def test_a_session_that_is_not_convened_has_none(stage: Stage, secretary: SimulatedUser) -> None:
    await dated(stage, secretary)
    assert "aún no se convoca" in (await stage.says(secretary, "/constancia 5")).text
    assert "No hay una sesión 99" in (await stage.says(secretary, "/constancia 99")).text
    assert "Todavía no hay sesiones convocadas" in (await stage.says(secretary, "/constancia")).text


async def test_nobody_gets_that_of_another_commission(stage: Stage, secretary: SimulatedUser, enrol: Enrol) -> None:
    await convened(stage, secretary)
    await issued(stage, secretary)
    (report,) = await stage.services.ledger.check()
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    stranger = await enrol(Role.TECHNICAL_SECRETARY, "Ajena Gil Mora", commission_id=2)
    for action, answer in (
        (IssueCertificate(2, 1), "ya no puede mostrarse"),
        (SendCertificate(2, report.sequence), "no existe"),
        (SendCertificate(2, 1, data=True), "no existe"),
    ):
        stage.telegram.taps_data(stranger, stage.telegram.last(stranger), action.encode())
        await stage.settle()
        assert answer in flashes(stage)[-1]
    assert files(stage, stranger) == []


# The file that proves it


@pytest.fixture
async def data(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> bytes:
    await convened(stage, secretary)
    await stage.taps(member, "Acusar recibo")
    return await data_of(stage, secretary, await issued(stage, secretary))


async def test_it_verifies(stage: Stage, data: bytes) -> None:
    claims, problems = check(data)
    assert problems == []
    assert claims is not None
    hashes = await stage.services.ledger.hashes(claims.commission)
    assert hashes is not None
    assert list(against(claims, hashes)) == []
    original = await stage.services.certificates.original(claims.commission, claims.convocation, claims.number)
    assert original == data


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    match value:
        case dict():
            return [leaf for key, inner in value.items() for leaf in _leaves(inner, (*path, key))]
        case list():
            return [leaf for place, inner in enumerate(value) for leaf in _leaves(inner, (*path, place))]
        case _:
            return [path]


def _touched(data: bytes, path: tuple[Any, ...]) -> bytes:
    """Return the file with another value at that place."""
    whole = json.loads(data)
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    value = inner[path[-1]]
    inner[path[-1]] = value + 1 if isinstance(value, int) and not isinstance(value, bool) else f"{value}0"
    return json.dumps(whole).encode()


async def test_whatever_is_touched_in_it_is_named(data: bytes) -> None:
    leaves = _leaves(json.loads(data))
    assert len(leaves) > 100
    for path in leaves:
        forged = _touched(data, path)
        (place,) = differences(forged, data)
        assert str(path[-1]) in place
        _, problems = check(forged)
        if path[:2] == ("log", "entries") or "happened" in path:
            assert problems, path


async def test_an_entry_that_is_left_out_or_forged_is_named(stage: Stage, data: bytes) -> None:
    whole = json.loads(data)
    claims, _ = check(data)
    assert claims is not None
    acknowledged = next(row for row in whole["log"]["entries"] if "convocation.acknowledged" in row["canonical"])
    left_out = json.loads(data)
    left_out["log"]["entries"].remove(acknowledged)
    _, problems = check(json.dumps(left_out).encode())
    assert problems == ["what is told of Mtra. Nayma Enríquez Estrada is not what the entries tell"]
    for person in left_out["people"]:
        person["happened"] = [h for h in person["happened"] if h["act"] != "convocation.acknowledged"]
    _, problems = check(json.dumps(left_out).encode())
    assert problems == []  # by itself nothing shows: only the database knows
    assert differences(json.dumps(left_out).encode(), data)
    first = min(claims.hashes)
    assert list(against(claims, {**claims.hashes, first: "0" * 64})) == [f"entry {first} is not the log's"]
    assert any("its head" in problem for problem in against(claims, {}))


@pytest.mark.parametrize(
    "junk", [b"", b"[]", b"{}", b"\xff\xfe", b'{"format": "otro"}', b'{"format": "prep-bot constancia 1"}']
)
def test_what_is_no_constancia_is_refused(junk: bytes) -> None:
    claims, problems = check(junk)
    assert claims is None
    assert len(problems) == 1


async def test_who_has_left_is_named_in_their_role(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, enrol: Enrol
) -> None:
    await enrol(Role.PARTY_REPRESENTATIVE, "Zoila Vaca Ruiz")
    await convened(stage, secretary)
    actor = await stage.services.identity.of(secretary.id)
    assert actor is not None
    leaving = next(m for m in await stage.services.members.of(1) if m.name == "Zoila Vaca Ruiz")
    await stage.services.members.end(actor.seats[0], leaving.membership_id, leaving.starts_on)
    said = read_pdf(content(await issued(stage, secretary)))
    assert "Zoila Vaca Ruiz · Representación de partido" in said


async def test_of_a_correction_it_tells_in_order_with_which_version_each_act_was(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    await stage.taps(member, "Acusar recibo")
    await stage.advance(stage.clock.now() + timedelta(hours=1))
    await stage.says(secretary, "/sesion 5")
    await talk(stage, secretary, "[Mover]", "24 de febrero a las 13", "[Sí, es correcta]", "[Presencial]", "Otra sala")
    await talk(stage, secretary, "[Es una corrección]", "Error de captura", "[Sí, mover]")
    said = read_pdf(content(await issued(stage, secretary)))
    theirs = said[said.index("Nayma") : said.index("Ana López Ríos · ")]
    for told in ("Telegram lo aceptó (versión 1)", "Acusó recibo (versión 1)", "Telegram lo aceptó (versión 2)"):
        assert told in theirs
    whose = said[said.index("Ana López Ríos · ") :]
    assert whose.index("Convocatoria, intento 1") < whose.index("Corrigió la convocatoria")
    assert "Convocó" not in whose


async def test_what_the_plan_corrects_later_leaves_the_document_and_its_hash_as_they_were(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await convened(stage, secretary)
    document = await stage.taps(member, "Convocatoria (PDF)")
    first = json.loads(await data_of(stage, secretary, await issued(stage, secretary)))
    plan = load(packaged("ieepco-prep-2021-2022")).model_dump()
    plan["commission"]["city"] = "Otra ciudad"
    plan["people"] = list(plan["people"])
    plan["people"][1] |= {"name": "Nayma Enríquez de Estrada", "position": "Otro cargo"}
    await stage.services.plans.apply(PlanDocument.model_validate(plan))
    await stage.says(member, "/sesion 5")
    assert content(await stage.taps(member, "Convocatoria (PDF)")) == content(document)
    await stage.taps(member, "Acusar recibo")
    second = json.loads(await data_of(stage, secretary, await issued(stage, secretary)))
    assert second["convocation"]["document_sha256"] == first["convocation"]["document_sha256"]
    assert [person["name"] for person in second["people"]] == [person["name"] for person in first["people"]]
