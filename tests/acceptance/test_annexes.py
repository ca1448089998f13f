"""Annexes: the secretary sends a file and says where it belongs; everyone who may, opens the version in force."""

import hashlib
from collections.abc import Awaitable, Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.annex import SIZE_LIMIT
from prep_bot.domain.role import Role
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.annexes import OpenAnnex
from tests.support.convening import STARTS, convened, dated
from tests.support.conversation import another_plan, buttons, flashes, sent_to, shown, stored
from tests.support.reading import Enrol
from tests.support.scheduling import session, talk

PDF = b"%PDF-1.4 informe"
NEWER = b"%PDF-1.4 informe corregido"
NAME = 'Informe <3 & "febrero".pdf'
STALE = "Ese archivo ya no está en espera: si hace falta, envíelo de nuevo."
NO_SUCH = "Ese anexo ya no está en el orden del día. Véalo de nuevo con /orden."

Sends = Callable[..., Awaitable[SimulatedMessage]]


@pytest.fixture
async def secretary(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Pérez Luna")


@pytest.fixture
async def member(enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


@pytest.fixture
def sends(stage: Stage, secretary: SimulatedUser) -> Sends:
    """Let somebody, or else the secretary, send a file; return what the bot answers."""

    async def send(
        name: str = NAME, data: bytes = PDF, user: SimulatedUser = secretary, caption: str = ""
    ) -> SimulatedMessage:
        stage.telegram.sends_document(user, name, data, "application/pdf", caption)
        await stage.settle()
        return stage.telegram.last(user)

    return send


async def to_point(stage: Stage, secretary: SimulatedUser, point: str = "5") -> SimulatedMessage:
    """Ask for an annex of a point of session 5, whose agenda is drawn up if it is not."""
    agenda = await stage.says(secretary, "/orden 5")
    if "Elaborar con los puntos usuales" in buttons(agenda):
        await stage.taps(secretary, "Elaborar con los puntos usuales")
    return await talk(stage, secretary, f"[{point}]", "[📎 Agregar anexo]")


async def opened(stage: Stage, user: SimulatedUser, label: str) -> SimulatedMessage:
    """Open an annex of session 5 from its agenda."""
    await stage.says(user, "/orden 5")
    return await stage.taps(user, label)


async def test_a_file_for_a_point(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, sends: Sends, snapshot: SnapshotAssertion
) -> None:
    assert shown(await to_point(stage, secretary)) == snapshot(name="asked")
    assert shown(await sends()) == snapshot(name="kept")
    assert hashlib.sha256(PDF).hexdigest() in stage.telegram.last(secretary).text
    assert shown(await stage.says(member, "/orden 5")) == snapshot(name="agenda")
    file = await stage.taps(member, f"📎 5. {NAME}")
    assert shown(file) == snapshot(name="opened")
    assert file.file is not None
    assert (file.file.name, file.file.data) == (NAME, PDF)
    assert "No entendí" in (await stage.says(secretary, "gracias")).text  # nothing is awaited any more


async def test_a_file_that_nobody_asked_for(
    stage: Stage, secretary: SimulatedUser, sends: Sends, snapshot: SnapshotAssertion
) -> None:
    await dated(stage, secretary)
    await talk(stage, secretary, "/orden 5", "[Elaborar con los puntos usuales]")
    assert shown(await sends()) == snapshot(name="which session")
    asked = await stage.taps(secretary, "5. Tercera sesión ordinaria · 24 de febrero, 11:00 h")
    assert shown(asked) == snapshot(name="which point")
    assert shown(await stage.taps(secretary, "De la sesión")) == snapshot(name="kept")
    assert shown(await stage.says(secretary, "/orden 5")) == snapshot(name="agenda")


async def test_a_caption_does_not_matter(secretary: SimulatedUser, sends: Sends) -> None:
    assert "¿De qué sesión es anexo?" in (await sends(caption="avance")).text


async def test_whoever_may_not_convene_sends_no_annex(
    stage: Stage, member: SimulatedUser, sends: Sends, snapshot: SnapshotAssertion, database_url: str
) -> None:
    before = stored(database_url)
    for caption in ("", "para la sesión 5"):
        answer = await sends(user=member, caption=caption)
        assert shown(answer) == snapshot
    assert stored(database_url) == before
    assert "Secretaria Pérez Luna" in (await stage.taps(member, buttons(answer)[0])).text


async def test_a_file_while_words_are_awaited_does_not_end_the_question(
    stage: Stage, secretary: SimulatedUser, sends: Sends
) -> None:
    await talk(stage, secretary, "/fijar 5")
    for caption in ("", "24 de febrero a las 11"):
        assert (await sends(caption=caption)).text.startswith("No guardé el archivo: primero conteste")
    assert "24 de febrero" in (await stage.says(secretary, "24 de febrero 11:00")).text


async def test_versions_replace_one_another(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, sends: Sends, snapshot: SnapshotAssertion
) -> None:
    await to_point(stage, secretary)
    await sends()
    before = await stage.says(member, "/orden 5")
    await to_point(stage, secretary)
    assert shown(await sends("Informe v2.pdf", NEWER)) == snapshot(name="replaces?")
    replaces = f"Reemplaza a {NAME} (v1)"
    assert shown(await stage.taps(secretary, replaces)) == snapshot(name="replaced")
    assert shown(await opened_annex(stage, secretary)) == snapshot(name="versions")
    assert (await stage.taps(secretary, "Abrir v1")).file.data == PDF  # type: ignore[union-attr]
    assert (await opened(stage, member, "📎 5. Informe v2.pdf")).file.data == NEWER  # type: ignore[union-attr]
    stale = await stage.taps(member, f"📎 5. {NAME}", before)
    assert shown(stale) == snapshot(name="superseded")
    assert (await stage.taps(member, "Abrir v2", stale)).file.data == NEWER  # type: ignore[union-attr]


async def opened_annex(stage: Stage, secretary: SimulatedUser) -> SimulatedMessage:
    """Show the annex of point 5 with its versions."""
    point = await talk(stage, secretary, "/orden 5", "[5]")
    return await stage.taps(secretary, next(label for label in buttons(point) if label.startswith("📎 Informe")))


async def test_a_next_version_is_sent_from_the_annex(stage: Stage, secretary: SimulatedUser, sends: Sends) -> None:
    await to_point(stage, secretary)
    await sends()
    await opened_annex(stage, secretary)
    asked = await stage.taps(secretary, "Nueva versión")
    assert asked.text.startswith(f"Nueva versión de «{NAME}» (del punto 5), que reemplazará a la v1.")
    assert "(v2, reemplaza a v1)" in (await sends(data=NEWER)).text


async def test_another_annex_of_the_same_point(stage: Stage, secretary: SimulatedUser, sends: Sends) -> None:
    for data in (PDF, NEWER):
        await to_point(stage, secretary)
        await sends(data=data)
    await stage.taps(secretary, "No: es un anexo nuevo")
    point = await talk(stage, secretary, "/orden 5", "[5]")
    assert [label for label in buttons(point) if label.startswith("📎 Informe")] == [f"📎 {NAME}"] * 2


async def test_the_same_content_is_no_other_version(
    stage: Stage, secretary: SimulatedUser, sends: Sends, database_url: str
) -> None:
    await to_point(stage, secretary)
    await sends()
    await to_point(stage, secretary)
    await sends("Otro nombre.pdf")
    answer = await stage.taps(secretary, f"Reemplaza a {NAME} (v1)")
    assert "es idéntico a la versión vigente" in answer.text
    assert stored(database_url).count("'annex.added'") == 1


async def test_each_content_is_kept_once(
    stage: Stage, secretary: SimulatedUser, sends: Sends, database_url: str
) -> None:
    for point in ("5", "6"):
        await to_point(stage, secretary, point)
        await sends()
    assert len([line for line in _inserts(database_url) if "stored_file" in line.split()[2]]) == 1


async def test_an_annex_is_withdrawn(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, sends: Sends, snapshot: SnapshotAssertion
) -> None:
    await to_point(stage, secretary)
    await sends()
    agenda = await stage.says(member, "/orden 5")
    card = await opened_annex(stage, secretary)
    assert shown(await stage.taps(secretary, "Retirar", card)) == snapshot
    await stage.taps(member, f"📎 5. {NAME}", agenda)
    assert flashes(stage)[-1] == NO_SUCH
    assert "📎" not in (await stage.says(member, "/orden 5")).text


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("virus.exe", b"MZ", "No se reciben archivos como «virus.exe»."),
        ("sin extension", PDF, "No se reciben archivos como «sin extension»."),
        ("informe.pdf", b"MZ\x90 no es un PDF", "«informe.pdf» es un programa, no un documento: no se guardó."),
        ("grande.pdf", b"%PDF" + b"0" * SIZE_LIMIT, "«grande.pdf» pesa más de 20 MB"),
    ],
    ids=["program", "no type", "disguised", "too big"],
)
async def test_what_is_not_taken(
    stage: Stage, secretary: SimulatedUser, sends: Sends, database_url: str, name: str, data: bytes, said: str
) -> None:
    await to_point(stage, secretary)
    assert (await sends(name, data)).text.startswith(said)
    assert not any("stored_file" in line.split()[2] for line in _inserts(database_url))


def _inserts(database_url: str) -> list[str]:
    return [line for line in stored(database_url).splitlines() if line.startswith("INSERT INTO")]


async def test_after_one_that_is_not_taken_another_can_be_sent(
    stage: Stage, secretary: SimulatedUser, sends: Sends
) -> None:
    await to_point(stage, secretary)
    await sends("virus.exe", b"MZ")
    assert "Anexo guardado" in (await sends()).text


async def test_a_photo_is_kept_as_it_is(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    picture = b"\xff\xd8\xff" + b"\0" * 40
    await to_point(stage, secretary)
    stage.telegram.sends_photo(secretary, picture)
    await stage.settle()
    kept = stage.telegram.last(secretary)
    assert "foto-2022-02-05-1000" in kept.text
    agenda = await stage.says(member, "/orden 5")
    file = await stage.taps(member, next(label for label in buttons(agenda) if label.startswith("📎")))
    assert file.file is not None
    assert (file.file.kind, file.file.data) == ("document", picture)


async def test_several_files_at_once_are_asked_about_one_by_one(
    stage: Stage, secretary: SimulatedUser, sends: Sends, snapshot: SnapshotAssertion
) -> None:
    await talk(stage, secretary, "/orden 5", "[Elaborar con los puntos usuales]")
    first = await sends("uno.pdf", b"1")
    for name in ("dos.pdf", "tres.pdf"):
        assert (await sends(name, name.encode())).text.startswith(f"Recibí también «{name}»")
    await stage.taps(secretary, next(label for label in buttons(first) if label.startswith("5. ")), first)
    assert shown(await stage.taps(secretary, "De la sesión", first)) == snapshot
    await stage.taps(secretary, "1. Lista de asistencia y declaración de quórum.", first)
    await stage.taps(secretary, "2. Lectura y, en su caso, aprobación del orden del…", first)
    agenda = (await stage.says(secretary, "/orden 5")).text
    assert [name in agenda for name in ("uno.pdf", "dos.pdf", "tres.pdf")] == [True] * 3


async def test_a_button_of_another_file_is_stale(stage: Stage, secretary: SimulatedUser, sends: Sends) -> None:
    first = await sends("uno.pdf", b"1")
    await stage.says(secretary, "/cancelar")
    await sends("dos.pdf", b"2")
    await stage.taps(secretary, buttons(first)[0], first)
    assert flashes(stage)[-1] == STALE


async def test_two_taps_keep_it_once(stage: Stage, secretary: SimulatedUser, sends: Sends, database_url: str) -> None:
    await talk(stage, secretary, "/orden 5", "[Elaborar con los puntos usuales]")
    asked = await sends()
    asked = await stage.taps(secretary, next(label for label in buttons(asked) if label.startswith("5. ")), asked)
    for _ in range(2):
        stage.telegram.taps(secretary, asked, "De la sesión")
    await stage.settle()
    assert flashes(stage)[-2:] == ["", STALE]
    assert stored(database_url).count("'annex.added'") == 1


async def test_a_point_that_is_gone_gets_no_annex(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, sends: Sends, database_url: str
) -> None:
    other = await enrol(Role.TECHNICAL_SECRETARY, "Suplente Díaz Cruz")
    await to_point(stage, secretary)
    await talk(stage, other, "/orden 5", "[5]", "[Quitar]")
    assert "no se guardó: el punto o el anexo cambió mientras tanto" in (await sends()).text
    assert "'annex.added'" not in stored(database_url)


async def test_a_session_that_has_begun_takes_no_annex(
    stage: Stage, secretary: SimulatedUser, sends: Sends, database_url: str
) -> None:
    await convened(stage, secretary)
    await to_point(stage, secretary)
    await stage.advance(STARTS)
    await sends()
    assert "'annex.added'" not in stored(database_url)


async def test_a_guest_opens_the_annexes_of_their_own_session_only(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, sends: Sends
) -> None:
    invited = await enrol(Role.GUEST, "Rosa Invitada", (5,))
    uninvited = await enrol(Role.GUEST, "Luis Visita", (6,))
    await to_point(stage, secretary)
    await sends()
    assert (await opened(stage, invited, f"📎 5. {NAME}")).file is not None
    (data,) = [
        b.data for row in (await stage.says(invited, "/orden 5")).keyboard for b in row if b.label.startswith("📎")
    ]
    assert data is not None
    message = await stage.says(uninvited, "/ayuda")
    stage.telegram.taps_data(uninvited, message, data)
    await stage.settle()
    assert flashes(stage)[-1] == NO_SUCH
    assert all(m.file is None for m in stage.telegram.messages(uninvited))


async def test_nobody_of_another_commission_opens_an_annex(
    stage: Stage, secretary: SimulatedUser, enrol: Enrol, sends: Sends
) -> None:
    await stage.services.plans.apply(another_plan("quejas", "Quejas"))
    foreigner = await enrol(Role.TECHNICAL_SECRETARY, "Secretaria Ajena Gil", commission_id=2)
    await to_point(stage, secretary)
    await sends()
    meeting = await session(stage, secretary, 5)
    message = await stage.says(foreigner, "/ayuda")
    for commission in (1, 2):
        stage.telegram.taps_data(foreigner, message, OpenAnnex(commission, meeting.id, 1, 1).encode())
        await stage.settle()
        assert flashes(stage)[-1] in {NO_SUCH, "Esta opción no corresponde a su carácter."}
    assert all(m.file is None for m in stage.telegram.messages(foreigner))


async def test_what_telegram_does_not_know_any_more_is_uploaded(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, sends: Sends, database_url: str
) -> None:
    await to_point(stage, secretary)
    await sends()
    known = stage.telegram.messages(secretary)[-2].file
    assert known is not None
    await stage.services.annexes.known_as(hashlib.sha256(PDF).hexdigest(), "BQACAgOfAnotherBot")
    file = await opened(stage, member, f"📎 5. {NAME}")
    assert file.file is not None
    assert file.file.data == PDF
    assert file.file.id != known.id
    assert file.file.id in stored(database_url)
    again = await opened(stage, member, f"📎 5. {NAME}")
    assert again.file is not None
    assert again.file.id == file.file.id  # nothing was uploaded


async def test_what_is_kept_is_sent_without_an_upload(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, sends: Sends
) -> None:
    await to_point(stage, secretary)
    await sends()
    known = stage.telegram.messages(secretary)[-2].file
    file = await opened(stage, member, f"📎 5. {NAME}")
    assert known is not None
    assert file.file is not None
    assert file.file.id == known.id


async def test_the_convocation_leads_to_the_annexes(
    stage: Stage, secretary: SimulatedUser, member: SimulatedUser, sends: Sends
) -> None:
    await to_point(stage, secretary)
    await sends()
    await convened(stage, secretary)
    told = stage.telegram.last(member)
    assert "📎 1 anexo: ábralo desde el orden del día." in told.text
    await stage.taps(member, "Orden del día y 1 anexo", told)
    assert (await stage.taps(member, f"📎 5. {NAME}")).file is not None
    assert any("📎 1 anexo" in text for text in sent_to(stage, member))
