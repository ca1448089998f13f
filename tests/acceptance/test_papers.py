"""The papers of a convocation: /documento, the signed one, the PDF for members, the session for calendars."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from icalendar import Calendar, Event
from syrupy.assertion import SnapshotAssertion

from prep_bot.documents.convocation_docx import TEMPLATE, use_templates
from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.convening import AskSigned, SendCalendar, SendConvocation, SendDocument
from tests.support.convening import STARTS, called_off, convened, dated, moved
from tests.support.conversation import another_plan, buttons, flashes, shown
from tests.support.files import docx_headers, read_docx, read_pdf
from tests.support.reading import Enrol

PDF = b"%PDF-1.7\nla convocatoria, firmada"
MARK = "SIMULACIÓN, SIN VALIDEZ"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López Ríos")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


@pytest.fixture
async def board(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> SimulatedMessage:
    return await convened(stage, secretary, link="https://video.example.org/5")


def content(message: SimulatedMessage) -> bytes:
    assert message.file is not None
    return message.file.data


def event_in(message: SimulatedMessage) -> Event:
    (event,) = Calendar.from_ical(content(message)).walk("VEVENT")
    assert isinstance(event, Event)
    return event


async def uploads(stage: Stage, user: SimulatedUser, data: bytes, name: str = "firmada.pdf") -> SimulatedMessage:
    stage.telegram.sends_document(user, name, data)
    await stage.settle()
    return stage.telegram.last(user)


# The document


async def test_the_secretary_gets_it_for_word(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    sent = await stage.says(secretary, "/documento 5")
    assert shown(sent) == snapshot
    assert sent.file is not None
    assert sent.file.name == "convocatoria-1-2022.docx"
    said = read_docx(content(sent))
    for words in ("Carmelita Sibaja Ochoa", "Oaxaca de Juárez, Oaxaca, a 5 de febrero de 2022.", "Ana López Ríos"):
        assert words in said
    assert MARK in docx_headers(content(sent))
    below = await stage.taps(secretary, "Documento (Word)", board)
    assert read_docx(content(below)) == said


async def test_without_a_number_it_is_that_of_the_only_convened_session(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    assert shown(await stage.says(secretary, "/documento")) == snapshot(name="none")
    await convened(stage, secretary)
    assert (await stage.says(secretary, "/documento")).file is not None
    await convened(stage, secretary, 6, STARTS + timedelta(days=30))
    asked = await stage.says(secretary, "/documento")
    assert shown(asked) == snapshot(name="several")
    sent = await stage.taps(secretary, buttons(asked)[1], asked)
    assert sent.text.startswith("Convocatoria 2/2022")


async def test_a_session_that_is_not_convened_has_none(
    stage: Stage, secretary: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await dated(stage, secretary)
    assert shown(await stage.says(secretary, "/documento 5")) == snapshot
    assert "No hay una sesión 99" in (await stage.says(secretary, "/documento 99")).text


async def test_a_version_that_was_replaced_says_so(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    await moved(stage, secretary, to=STARTS + timedelta(days=1), reason="Sin <sala>")
    old = await _tapped(stage, secretary, SendDocument(1, 1))
    assert shown(old) == snapshot(name="old")
    new = await stage.says(secretary, "/documento 5")
    assert shown(new) == snapshot(name="new")
    assert "Motivo del cambio: Sin <sala>" in read_docx(content(new))
    assert "Motivo" not in read_docx(content(old))


async def test_a_template_with_an_error(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, tmp_path: Path
) -> None:
    """It was in order when the bot started."""
    own = Document()
    own.add_paragraph("{{ number }}")
    own.save(str(tmp_path / TEMPLATE))
    use_templates(tmp_path)
    try:
        assert read_docx(content(await stage.says(secretary, "/documento 5"))) == "Convocatoria 1/2022"
        own.add_paragraph("{{ numero }}")
        own.save(str(tmp_path / TEMPLATE))
        refused = await stage.says(secretary, "/documento 5")
    finally:
        use_templates(None)
    assert refused.file is None
    assert "La plantilla del documento tiene un error" in refused.text


async def _tapped(
    stage: Stage, user: SimulatedUser, action: SendDocument | SendConvocation | SendCalendar | AskSigned
) -> SimulatedMessage:
    """Let the person tap that button of some message; return the newest message of their chat."""
    stage.telegram.taps_data(user, stage.telegram.messages(user)[-1], action.encode())
    await stage.settle()
    return stage.telegram.last(user)


# The signed one


async def test_the_signed_one_counts(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    sent = await stage.says(secretary, "/documento 5")
    assert shown(await stage.taps(secretary, "Subir la firmada", sent)) == snapshot(name="asked")
    kept = await uploads(stage, secretary, PDF)
    assert shown(kept) == snapshot(name="kept")
    assert hashlib.sha256(PDF).hexdigest() in kept.text
    received = await stage.taps(member, "Convocatoria (PDF)")
    assert content(received) == PDF
    assert shown(received) == snapshot(name="received")
    assert "Documento firmado." in (await stage.taps(secretary, "Convocatoria (PDF)", kept)).text


async def test_another_one_replaces_it(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, database_url: str
) -> None:
    for data in (PDF, PDF, PDF + b" otra vez"):
        await _tapped(stage, secretary, AskSigned(1, 1))
        await uploads(stage, secretary, data)
    assert content(await stage.taps(member, "Convocatoria (PDF)")) == PDF + b" otra vez"
    (report,) = await stage.services.ledger.check()
    assert report.broken is None


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04 un documento de Word", b"\n" * 2000 + b"%PDF-1.7"])
async def test_only_a_pdf_is_taken(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, data: bytes
) -> None:
    await _tapped(stage, secretary, AskSigned(1, 1))
    assert "Eso no es un PDF" in (await uploads(stage, secretary, data)).text
    assert "Eso no es un PDF" in (await stage.says(secretary, "aquí está")).text
    assert "Recibida" in (await uploads(stage, secretary, PDF)).text
    assert content(await stage.taps(member, "Convocatoria (PDF)")) == PDF


async def test_a_file_that_is_too_big(stage: Stage, secretary: SimulatedUser, board: SimulatedMessage) -> None:
    await _tapped(stage, secretary, AskSigned(1, 1))
    refused = await uploads(stage, secretary, PDF + b" " * (20 * 1024 * 1024))
    assert "pasa de 20 MB" in refused.text
    assert "De acuerdo" in (await stage.says(secretary, "/cancelar")).text


async def test_what_is_out_of_force_is_not_signed(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage
) -> None:
    """Neither when it was when it was asked for."""
    await _tapped(stage, secretary, AskSigned(1, 1))
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    assert "ya no se firma" in (await uploads(stage, secretary, PDF)).text
    await _tapped(stage, secretary, AskSigned(1, 1))
    assert "ya no se firma" in flashes(stage)[-1]
    await called_off(stage, secretary)
    await _tapped(stage, secretary, AskSigned(1, 2))
    assert "ya no se firma" in flashes(stage)[-1]


async def test_a_pdf_that_nobody_asked_for_may_be_the_signed_one(
    stage: Stage,
    secretary: SimulatedUser,
    member: SimulatedUser,
    board: SimulatedMessage,
    snapshot: SnapshotAssertion,
) -> None:
    await uploads(stage, secretary, PDF)
    await uploads(stage, secretary, PDF + b" anexo", "anexo.pdf")
    asked = next(m for m in reversed(stage.telegram.messages(secretary)) if "convocatoria firmada" in m.text)
    assert shown(asked) == snapshot(name="asked")
    kept = await stage.taps(secretary, buttons(asked)[0], asked)
    assert hashlib.sha256(PDF).hexdigest() in kept.text
    assert "Recibí «anexo.pdf». ¿De qué sesión es anexo? O /cancelar." in kept.text, "it is no longer lacking"
    assert "firmada" not in " ".join(buttons(kept))
    assert content(await stage.taps(member, "Convocatoria (PDF)")) == PDF


async def test_only_a_pdf_may_be_the_signed_one(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage
) -> None:
    stage.telegram.sends_document(secretary, "acta.docx", b"PK\x03\x04", "application/msword")
    await stage.settle()
    assert "firmada" not in " ".join(buttons(stage.telegram.last(secretary)))
    await stage.says(secretary, "/cancelar")
    asked = await uploads(stage, secretary, b"no es un PDF")
    assert "Eso no es un PDF" in (await stage.taps(secretary, buttons(asked)[0], asked)).text


async def test_what_was_replaced_meanwhile_is_not_signed_by_a_file_that_waits(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage
) -> None:
    asked = await uploads(stage, secretary, PDF)
    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    stage.telegram.taps_data(secretary, asked, asked.keyboard[0][0].data or "")
    await stage.settle()
    assert "ya no se firma" in flashes(stage)[-1]


# The PDF


async def test_without_a_signed_one_it_is_made_of_the_same_data(
    stage: Stage, member: SimulatedUser, board: SimulatedMessage, enrol: Enrol, snapshot: SnapshotAssertion
) -> None:
    received = await stage.taps(member, "Convocatoria (PDF)")
    digest = hashlib.sha256(content(received)).hexdigest()
    assert shown(received).replace(digest, "<sha256>") == snapshot
    assert MARK in read_pdf(content(received))
    again = await stage.taps(member, "Convocatoria (PDF)", await stage.says(member, "/sesion 5"))
    assert content(again) == content(received)
    await enrol(Role.TECHNICAL_UNIT, "Llegó Después Ruiz")
    assert content(await stage.taps(member, "Convocatoria (PDF)")) == content(received)


async def test_a_convocation_that_waits_for_the_morning_is_nobodys_yet(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser
) -> None:
    await stage.advance(STARTS - timedelta(days=10, hours=-11, minutes=-30))  # half past ten at night
    await dated(stage, secretary)
    preview = await stage.says(secretary, "/convocar 5")
    await stage.taps(secretary, "A las 08:00", preview)
    assert "Convocatoria (PDF)" not in buttons(await stage.says(member, "/sesion 5"))
    for action in (SendConvocation(1, 1), SendCalendar(1, 1)):
        await _tapped(stage, member, action)
        assert "ya no puede mostrarse" in flashes(stage)[-1]
    assert (await stage.says(secretary, "/documento 5")).file is not None
    await stage.advance(stage.clock.now() + timedelta(hours=12))
    assert "Convocatoria (PDF)" in buttons(await stage.says(member, "/sesion 5"))


async def test_a_guest_gets_that_of_their_session_only(
    stage: Stage, secretary: SimulatedUser, board: SimulatedMessage, enrol: Enrol
) -> None:
    guest = await enrol(Role.GUEST, "Invitada Mora Gil", (6,))
    await _tapped(stage, guest, SendConvocation(1, 1))
    assert "ya no puede mostrarse" in flashes(stage)[-1]
    await convened(stage, secretary, 6, STARTS + timedelta(days=30))
    assert (await stage.taps(guest, "Convocatoria (PDF)")).file is not None


async def test_nobody_gets_that_of_another_commission(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, enrol: Enrol
) -> None:
    other: PlanDocument = another_plan("quejas", "Quejas")
    await stage.services.plans.apply(other)
    stranger = await enrol(Role.TECHNICAL_SECRETARY, "Ajena Gil Mora", commission_id=2)
    for action in (SendConvocation(2, 1), SendCalendar(2, 1), SendDocument(2, 1), AskSigned(2, 1)):
        await _tapped(stage, stranger, action)
        assert "ya no puede mostrarse" in flashes(stage)[-1]


# The calendar


async def test_the_session_goes_into_a_calendar(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage, snapshot: SnapshotAssertion
) -> None:
    told = stage.telegram.last(member)
    first = await stage.taps(member, "Agregar a mi calendario", told)
    assert shown(first) == snapshot(name="added")
    assert event_in(first).decoded("dtstart") == STARTS
    assert event_in(first)["summary"].startswith(MARK)

    await moved(stage, secretary, to=STARTS + timedelta(days=1))
    later = await stage.taps(member, "Agregar a mi calendario", told)  # of the old message
    assert event_in(later).decoded("dtstart") == STARTS + timedelta(days=1)

    await called_off(stage, secretary, reason="Sin materia")
    gone = await stage.taps(member, "Quitar de mi calendario")
    assert shown(gone) == snapshot(name="gone")
    events = [event_in(message) for message in (first, later, gone)]
    assert len({event["uid"] for event in events}) == 1
    assert [event["sequence"] for event in events] == [2, 4, 5]
    assert events[-1]["status"] == "CANCELLED"


async def test_a_deferred_session_comes_back_after_it_was_struck_out(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, board: SimulatedMessage
) -> None:
    await called_off(stage, secretary, defer=True)
    gone = event_in(await stage.taps(member, "Quitar de mi calendario"))
    await convened(stage, secretary, starts_at=STARTS + timedelta(days=7))
    back = event_in(await stage.taps(member, "Agregar a mi calendario"))
    assert back["uid"] == gone["uid"]
    assert back["sequence"] > gone["sequence"]
    assert (gone["status"], back["status"]) == ("CANCELLED", "CONFIRMED")
