"""What people write that is no command: near misses get the command, or the nearest one as a button."""

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.role import Role
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from prep_bot.texts.actions.general import RunCommand
from tests.support.conversation import another_plan, buttons, shown
from tests.support.reading import Enrol, numbers, record

NOT_UNDERSTOOD = "No entendí su mensaje."

WAYS = {
    "/pendientes": "pendientes|PENDIENTES|/PENDIENTES|/pendientes@otrobot|/Pendientes@prep_prueba_bot|¿Pendientes?|"
    "pendientes.| pendientes |/ pendientes|//pendientes|pendientes@prep_prueba_bot",
    "/pendientes enero": "/Pendientes@bot enero|pendientes enero|Pendientes  Enero|pendientes\nenero|"
    "Pendientes de enero|¿Pendientes en enero?|pendientes del mes de enero",
    "/pendientes todo": "pendientes todo|Pendientes TODO|pendientes todo el plan",
    "/proxima": "/próxima|próxima|PRÓXIMA|/PRÓXIMA|pro\u0301xima|próxima sesión|proxima",
    "/sesion 3": "/sesión 3|sesión 3|Sesion 3|/SESIÓN@x 3",
    "/actividad 12": "actividad 12|Actividad 12|actividad núm. 12",
    "/actividades marzo": "actividades marzo|actividades de marzo|Actividades Mar.",
    "/calendario": "calendario|Calendario",
    "/avance": "avance|¡Avance!",
    "/ayuda": "ayuda|¿Ayuda?",
}
"""Commands, and other ways to write each."""


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez Estrada")


# The command, written otherwise


async def test_the_command_itself_however_it_is_written(stage: Stage, member: SimulatedUser) -> None:
    for command, ways in WAYS.items():
        expected = (await stage.says(member, command)).html
        for way in ways.split("|"):
            assert (await stage.says(member, way)).html == expected, way


# Nearly the command


async def test_a_near_miss_gets_the_nearest_as_a_button_that_works(
    stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    for miss, meant in (
        ("/pendiente", "/pendientes"),
        ("pendiente", "/pendientes"),
        ("/pendinetes", "/pendientes"),
        ("/calendaro", "/calendario"),
        ("acitvidades", "/actividades"),
        ("/aktividad 12", "/actividad 12"),
        ("sesiom 3", "/sesion 3"),
        ("/proxma", "/proxima"),
        ("avanse", "/avance"),
        ("integrante", "/integrantes"),
        ("¿Cuándo es la próxima sesión?", "/proxima"),
        ("Buenas tardes, ¿qué pendientes hay?", "/pendientes"),
        ("qué hay pendiente", "/pendientes"),
    ):
        offer = await stage.says(member, miss)
        assert (offer.text, buttons(offer)) == (f"¿Quiso decir {meant}?", [meant]), miss
        answer = await stage.taps(member, meant, offer)
        assert answer.html == (await stage.says(member, meant)).html
        assert answer.id != offer.id
    assert shown(await stage.says(member, "/pendiente")) == snapshot


async def test_the_offer_keeps_the_argument(stage: Stage, member: SimulatedUser) -> None:
    offer = await stage.says(member, "/pendiente enero")
    assert buttons(offer) == ["/pendientes enero"]
    assert numbers((await stage.taps(member, "/pendientes enero", offer)).text) == [3, 4, 5, 6, 7]
    other_colon = await stage.says(member, "/pendiente a:b")
    assert buttons(other_colon) in (["/pendientes"], ["/pendientes a:b"])
    assert (await stage.taps(member, buttons(other_colon)[0], other_colon)).user_id is None


async def test_an_argument_that_fits_no_button_is_left_out(
    stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    offer = await stage.says(member, "/pendiente de todo lo que la Comisión tiene que hacer en el mes de febrero")
    assert shown(offer) == snapshot
    assert (await stage.taps(member, "/pendientes", offer)).text.startswith("Pendientes al 5 de febrero")
    for argument in ("ñ" * 40, "x" * 4000, "😀" * 20):
        assert buttons(await stage.says(member, f"/pendiente {argument}")) == ["/pendientes"]


async def test_only_what_the_person_may_use_is_offered(stage: Stage, enrol: Enrol, member: SimulatedUser) -> None:
    guest = await enrol(Role.GUEST, "Rosa Invitada", (4,))
    party = await enrol(Role.PARTY_REPRESENTATIVE, "Representación A")
    for person, misses in (
        (guest, ["/pendiente", "pendientes", "actividades", "/avanse", "integrantes", "¿qué pendientes hay?"]),
        (member, ["registrar", "/registra", "invitar", "/invita", "vincular"]),
        (party, ["registrar", "invitar"]),
    ):
        for miss in misses:
            answer = await stage.says(person, miss)
            assert answer.text.startswith(NOT_UNDERSTOOD), (person.name, miss)
            assert buttons(answer) == ["Qué puede preguntarme"]


async def test_every_offer_that_is_made_may_be_used(stage: Stage, enrol: Enrol) -> None:
    for role in Role:
        person = await enrol(role, f"Persona {role.value}", (4,))
        menu = set(stage.telegram.menu(person))
        for word in [
            "pendiente",
            "calendaro",
            "proxma",
            "actividads",
            "sesiom",
            "registra",
            "invita",
            "integrant",
            "vincula",
        ]:
            for label in buttons(await stage.says(person, f"/{word}")):
                assert label == "Qué puede preguntarme" or label.removeprefix("/") in menu


async def test_in_several_commissions_the_guess_asks_which(
    stage: Stage, enrol: Enrol, member: SimulatedUser, snapshot: SnapshotAssertion
) -> None:
    await stage.services.plans.apply(another_plan("quejas-2022", "Quejas y <denuncias>"))
    await enrol(Role.MEMBER, "Nayma Enríquez Estrada", commission_id=2, user=member)
    asked = await stage.taps(member, "/actividad 12", await stage.says(member, "/actvidad 12"))
    assert shown(asked) == snapshot
    answered = await stage.taps(member, "Quejas y <denuncias>", asked)
    assert answered.id == asked.id
    assert answered.text.startswith("Actividad 12 ·")
    long = await stage.says(member, "/actividad 12 " + "por favor " * 30)
    assert (await stage.taps(member, "PREP 2021-2022", long)).text.startswith("Actividades del plan")


# Nothing like a command


async def test_what_is_not_understood(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    answer = await stage.says(member, "¿Qué tal?")
    assert shown(answer) == snapshot
    assert (await stage.taps(member, "Qué puede preguntarme", answer)).text.startswith("¿En qué puedo ayudarle?")
    long = ("😀" * 2000, "x" * 4000, "x " * 2000, "/" + "p" * 80)
    for words in ("hola", "😀", "/", "//", "/😀", "/ñandú", "12", ".", "<b>", "/start_", *long):
        assert (await stage.says(member, words)).text.startswith(NOT_UNDERSTOOD), words[:20]


async def test_what_is_no_text(stage: Stage, member: SimulatedUser, snapshot: SnapshotAssertion) -> None:
    sends = stage.telegram
    for send in (
        lambda: sends.sends_photo(member, b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
        lambda: sends.sends_photo(member, b"\xff\xd8\xff" + b"\0" * 40),
        lambda: sends.sends_document(member, "acta.pdf", b"%PDF-1.7"),
        lambda: sends.sends_document(member, "voz.ogg", b"OggS", "audio/ogg"),
    ):
        send()
        await stage.settle()
        assert shown(stage.telegram.last(member)) == snapshot


async def test_an_edited_message_is_not_answered_again(stage: Stage, member: SimulatedUser) -> None:
    said = stage.telegram.says(member, "pendiente")
    await stage.settle()
    answer = stage.telegram.last(member)
    stage.telegram.edits(member, said, "/pendientes")
    await stage.settle()
    assert stage.telegram.last(member) == answer


async def test_forged_buttons_are_stale(stage: Stage, member: SimulatedUser) -> None:
    shown_message = await stage.says(member, "/ayuda")
    for data in [
        "x",
        "1",
        "1cm",
        "1cm:0",
        "1cm:0:nada",
        "1cm:0:nada:",
        "9pe::0:0",
        "1pe:2022-13:0:0",
        "1ac:1:x:0",
        "1ac:1",
        "😀",
    ]:
        before = len(stage.telegram.messages(member))
        tap = stage.telegram.taps_data(member, shown_message, data)
        await stage.settle()
        assert tap.answer is not None
        assert tap.answer.text.startswith("Este botón ya no sirve."), data
        assert len(stage.telegram.messages(member)) == before


async def test_a_guess_inside_a_dialogue_is_not_swallowed(stage: Stage, secretary: SimulatedUser) -> None:
    await record(stage, secretary, 9, "🔸 En proceso")
    assert (await stage.says(secretary, "Próxima")).text.startswith("Próxima sesión")
    await record(stage, secretary, 9, "🔸 En proceso")
    assert (await stage.says(secretary, "pendientes febrero")).text.startswith("Pendientes de febrero")
    await record(stage, secretary, 9, "🔸 En proceso")
    noted = await stage.says(secretary, "Pendientes de firma dos convenios")
    assert "Nota: «Pendientes de firma dos convenios»" in noted.text
    await record(stage, secretary, 9, "🔸 En proceso")
    assert "Nota: «Sesión pospuesta»" in (await stage.says(secretary, "Sesión pospuesta")).text


async def test_a_button_made_by_hand_for_a_command_of_others(stage: Stage, member: SimulatedUser) -> None:
    help_message = await stage.says(member, "/ayuda")
    stage.telegram.taps_data(member, help_message, RunCommand(0, "registrar", "9").encode())
    await stage.settle()
    assert stage.telegram.last(member).text == "/registrar no corresponde a su carácter. Consulte /ayuda."


async def test_a_number_without_its_space_and_a_month_with_its_mark(stage: Stage, enrol: Enrol) -> None:
    member = await enrol(Role.MEMBER, "Ana Ruiz")
    assert (await stage.says(member, "/actividad12")).button("/actividad 12")
    assert (await stage.taps(member, "/actividad 12")).text.startswith("Actividad 12")
    assert (await stage.says(member, "/pendientes mayo?")).text.startswith("Pendientes de mayo de 2022")
