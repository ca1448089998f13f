"""The conversation on a terminal and in plain lines, and what becomes of a log entry."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from syrupy.assertion import SnapshotAssertion

from prep_bot.simulation.messages import LogEntry
from prep_bot.simulation.transcript import GROUP, Event, Line, Remark, Screen, line_of

ZONE = ZoneInfo("America/Mexico_City")
ANA, GROUP_ID = 11, -33
NOON = datetime(2022, 2, 1, 18, tzinfo=UTC)

SAID = LogEntry(NOON, "in", "message", ANA, ANA, 1, "/pendientes", "/pendientes")
ANSWERED = LogEntry(
    NOON,
    "out",
    "sendMessage",
    ANA,
    ANA,
    2,
    "Pendientes\n\nQuedó vencido: 4 & 5. " + "Una línea larga. " * 6,
    "<b>Pendientes</b>\n\n<i>Quedó <b>vencido</b></i>: 4 &amp; 5. " + "Una línea larga. " * 6,
    (("4", "5"), ("◀ enero",)),
)
TAPPED = LogEntry(NOON, "in", "callback_query", ANA, ANA, 2, "4", "4", data="1ac:1:4")
FLASHED = LogEntry(NOON, "out", "answerCallbackQuery", ANA, ANA, None, "Ya no", "Ya no")


def line(entry: LogEntry) -> Line:
    told = line_of(entry, {ANA: "Ana"}, ZONE)
    assert told is not None
    return told


def story() -> list[Event]:
    at = NOON.astimezone(ZONE)
    return [
        Remark(at, "Febrero de 2022 · Lo vencido", title=True),
        Remark(at, "Ana abre el bot por primera vez en varios días, desde otra ciudad y con poco tiempo."),
        line(SAID),
        line(ANSWERED),
        line(TAPPED),
        line(replace(ANSWERED, method="editMessageText", text="Actividad 4", html="<b>Actividad 4</b>", buttons=())),
        line(replace(SAID, chat_id=GROUP_ID, at=NOON.replace(day=2))),
        line(replace(ANSWERED, chat_id=GROUP_ID, at=NOON.replace(day=2), text="Hola", html="Hola", buttons=())),
        line(replace(ANSWERED, at=NOON.replace(day=2), text="Aviso", html="Aviso", buttons=(), file_name="qr.png")),
        line(replace(SAID, method="my_chat_member", text="kicked")),
    ]


def told(*, terminal: bool) -> str:
    output = io.StringIO()
    colours = "standard" if terminal else None
    screen = Screen(Console(file=output, force_terminal=terminal, width=80, highlight=False, color_system=colours))
    for event in story():
        screen.show(event)
    return output.getvalue()


def test_in_a_pipe_the_lines_are_plain(snapshot: SnapshotAssertion) -> None:
    plain = told(terminal=False)
    assert "\x1b" not in plain
    assert plain == snapshot


def test_on_a_terminal_the_answers_are_bubbles(snapshot: SnapshotAssertion) -> None:
    coloured = told(terminal=True)
    assert "\x1b[1mPendientes\x1b[0m" in coloured
    plain = without_colours(coloured)
    assert all(cell_len(row) <= 80 for row in plain.splitlines())
    assert plain == snapshot


def without_colours(text: str) -> str:
    return "\n".join(row.rstrip() for row in Text.from_ansi(text).plain.splitlines())


def test_a_line_has_the_commissions_time_and_says_whose_chat_it_is() -> None:
    said = line(SAID)
    assert said.at.isoformat() == "2022-02-01T12:00:00-06:00"
    assert (said.chat, said.who) == ("Ana", "Ana")
    assert (line(ANSWERED).chat, line(ANSWERED).who) == ("Ana", "bot")
    assert line(replace(SAID, chat_id=GROUP_ID)).chat == GROUP


@pytest.mark.parametrize(
    "entry",
    [
        replace(ANSWERED, accepted=False),
        replace(FLASHED, text="", html=""),
        LogEntry(NOON, "out", "pinChatMessage", ANA, ANA, 2),
    ],
    ids=["refused", "a tap is acknowledged", "pinned"],
)
def test_what_nobody_sees_is_no_line(entry: LogEntry) -> None:
    assert line_of(entry, {ANA: "Ana"}, ZONE) is None


def test_what_people_say_among_themselves_is_told_although_the_bot_does_not_hear_it() -> None:
    assert line(replace(SAID, chat_id=GROUP_ID, text="Buen día", accepted=False)).text == "Buen día"


def test_what_flashes_up_is_told() -> None:
    assert line(FLASHED).text == "Ya no"


def test_invitation_codes_are_masked_wherever_they_stand() -> None:
    code = "4S64k9_RFJOJp9zJm1e5-w"
    for text in (f"/start {code}", f"https://t.me/prep_bot?start={code}\nSirve una vez"):
        masked = line(replace(SAID, text=text, html=text))
        assert masked.text == masked.html == text.replace(code, "…")
    assert line(replace(SAID, text="/start hola", html="/start hola")).text == "/start hola"


@pytest.mark.parametrize(
    ("chat", "status", "deed"),
    [
        (ANA, "kicked", "bloqueó el bot"),
        (ANA, "member", "desbloqueó el bot"),
        (GROUP_ID, "member", "agregó el bot al grupo"),
        (GROUP_ID, "kicked", "retiró el bot del grupo"),
    ],
)
def test_what_somebody_does_to_the_bot_is_a_deed(chat: int, status: str, deed: str) -> None:
    assert line(replace(SAID, chat_id=chat, method="my_chat_member", text=status)).deed == deed
    assert line(SAID).deed == ""


def test_causes_belong_to_the_message_and_not_to_its_edits() -> None:
    causes = {(ANA, 2): ("reminder:1",)}
    assert line(ANSWERED).as_json(causes)["causes"] == ["reminder:1"]
    assert line(replace(ANSWERED, method="editMessageText")).as_json(causes)["causes"] == []
    assert line(TAPPED).as_json(causes)["causes"] == []
    assert line(SAID).as_json(causes)["causes"] == []
