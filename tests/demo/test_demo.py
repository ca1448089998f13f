"""The whole demo, performed once: what people see, what the books say, and that nothing leaks."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from prep_bot.domain.name import fold
from prep_bot.plans.file import load, packaged
from prep_bot.simulation import demo, script
from prep_bot.simulation.comparison import BEYOND_THE_TABLE
from prep_bot.simulation.demo import Performance, in_words, main, performed, report, rows
from prep_bot.simulation.page import render
from prep_bot.simulation.reckoning import Reckoning, reckon
from prep_bot.simulation.transcript import BOT, GROUP, Event, Line

KEYS = ["at", "direction", "chat", "who", "method", "text", "buttons", "causes"]
FLASHED = "answerCallbackQuery"
MINUTE = timedelta(minutes=1)

seen: list[Event] = []


@pytest.fixture(scope="module")
def performance() -> Performance:
    seen.clear()
    return performed(seen.append)


@pytest.fixture(scope="module")
def reckoning(performance: Performance) -> Reckoning:
    return reckon(performance.records, performance.evidence)


@pytest.fixture(scope="module")
def lines(performance: Performance) -> list[Line]:
    return [event for event in performance.events if isinstance(event, Line)]


@pytest.fixture(scope="module")
def page(performance: Performance, reckoning: Reckoning) -> str:
    return render(performance.events, reckoning.summary)


@pytest.fixture
def tampered(performance: Performance) -> Performance:
    """The log lacks a notice that the records say was sent."""
    evidence = performance.evidence
    log = [entry for entry in evidence.log if (entry.chat_id, entry.message_id) not in evidence.unprompted]
    return replace(performance, evidence=replace(evidence, log=log))


def parsed(page: str) -> ElementTree.Element:
    return ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>"))  # noqa: S314 -- our own page


def test_the_books_are_in_order(reckoning: Reckoning) -> None:
    assert reckoning.disagreements == ()
    summary = reckoning.summary
    assert (summary.activities, summary.done, summary.overdue, summary.enrolled) == (33, 31, 1, 9)
    assert (summary.meetings, summary.added, summary.sessions) == (10, 1, {"held": 11})
    assert (summary.lost, summary.duplicated, summary.resent) == (0, 0, 1)
    assert (summary.acknowledgements, summary.told_otherwise, summary.announcements) == (76, 3, 7)
    assert summary.expected == summary.notices + summary.expired + summary.unreached - beyond_the_table(reckoning)
    assert summary.expired > 0, "what came due while the bot was down and helps no more"
    assert summary.unreached == 2, "the convocation and a request to acknowledge it, to whoever had blocked the bot"


def beyond_the_table(reckoning: Reckoning) -> int:
    causes = [cause for of_message in reckoning.causes.values() for cause in of_message]
    return sum(cause.partition(":")[0] in BEYOND_THE_TABLE for cause in causes)


def test_whoever_acknowledges_promptly_gets_few_messages(performance: Performance, reckoning: Reckoning) -> None:
    """Six in a month with one session and ten with two, but for changes and what no calendar foresees."""
    changes = Counter(
        f"{line.at:%Y-%m}"
        for line in performance.events
        if isinstance(line, Line)
        and line.chat == "Presidencia"
        and (causes := reckoning.causes.get(line.place, ()))
        and line.method == "sendMessage"
        and all(cause.partition(":")[0] in BEYOND_THE_TABLE | {"change", "deferred", "cancelled"} for cause in causes)
    )
    sessions = Counter(["2022-06", *(str(session.month) for session in script.plan().sessions)])
    counts = reckoning.summary.by_month["Presidencia"]
    assert set(counts) == {"2021-12", *(f"2022-0{month}" for month in range(1, 8))}
    for month, count in counts.items():
        assert count - changes[month] <= (10 if sessions[month] == 2 else 6), month


def test_each_is_told_once_of_what_the_outage_kept_back(lines: list[Line], reckoning: Reckoning) -> None:
    back = datetime.fromisoformat("2022-03-29T09:30:00-06:00")
    caused = [line for line in lines if line.place in reckoning.causes and not line.edit]
    told = Counter(line.chat for line in caused if back <= line.at < back + MINUTE)
    assert set(told.values()) == {1}
    assert len(told) == 8, "seven people and the group"


def test_the_last_message_is_that_of_the_first_of_july(lines: list[Line]) -> None:
    last = [line for line in lines if line.at >= datetime.fromisoformat("2022-07-01T09:00:00-05:00")]
    assert {line.chat for line in last} == {"Presidencia", "Secretaría Técnica", "Instancia interna", GROUP}
    assert all("Quedó vencido" in line.text for line in last)


def test_the_figures_are_those_of_the_conversation(reckoning: Reckoning, lines: list[Line]) -> None:
    counted = Counter(line.method for line in lines)
    summary = reckoning.summary
    assert summary.messages_in == counted["message"] + counted["callback_query"]
    assert summary.messages_out == sum(count for method, count in counted.items() if method.startswith("send"))
    assert summary.edits == sum(count for method, count in counted.items() if method.startswith("editMessage"))


def hashless(text: str) -> str:
    """Leave out the heads of the log: of what is sent at the same time, it is chance which is recorded first."""
    return re.sub(r"\b[0-9a-f]{64}\b", "…", text)


def test_the_json_is_the_same_each_time_and_has_exactly_its_keys(
    performance: Performance, reckoning: Reckoning, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(quiet=False, json=True, html=tmp_path / "chat.html") == 0
    printed = capsys.readouterr()
    objects = [json.loads(line) for line in hashless(printed.out).splitlines()]
    assert objects == json.loads(hashless(json.dumps(list(rows(performance, reckoning)))))
    *told, last = objects
    assert all(list(each) == KEYS for each in told)
    assert last["summary"]["activities"] == 33
    assert printed.err == f"The conversation is in {tmp_path / 'chat.html'}: open it with a browser.\n"
    assert hashless((tmp_path / "chat.html").read_text("utf-8")) == hashless(
        render(performance.events, reckoning.summary)
    )


def test_it_is_told_as_it_happens(performance: Performance) -> None:
    assert tuple(seen) == performance.events


def test_time_goes_on_in_the_commissions_zone(lines: list[Line]) -> None:
    zone = script.plan().rules.zone
    opening, closing = (datetime.fromisoformat(at).replace(tzinfo=zone) for at in (script.OPENING, script.CLOSING))
    assert opening <= lines[0].at < opening + MINUTE
    assert closing <= lines[-1].at < closing + MINUTE
    assert all(before.at <= after.at for before, after in pairwise(lines))
    offsets = {line.at.isoformat()[-6:]: line.at.month for line in lines}
    assert set(offsets) == {"-06:00", "-05:00"}, "clocks changed on 3 April 2022"


def test_the_clock_ends_where_the_play_does(performance: Performance) -> None:
    closing = datetime.fromisoformat("2022-07-01T09:00:00-05:00")
    assert closing <= performance.records.now < closing + MINUTE


def test_nobody_is_called_by_a_real_name(performance: Performance, reckoning: Reckoning, page: str) -> None:
    people = load(packaged("ieepco-prep-2021-2022")).people
    told = fold("\n".join(str(row) for row in rows(performance, reckoning)) + page)
    assert people
    for person in people:
        for word in fold(person.name).split():
            assert not re.search(rf"\b{word}\b", told), word


def test_invitation_codes_stay_secret(performance: Performance, reckoning: Reckoning, page: str) -> None:
    log = performance.evidence.log
    codes = {code for entry in log for code in re.findall(r"start[ =]([\w-]+)", entry.text)}
    assert len(codes) == reckoning.summary.enrolled + 2, "each enrolment, the one that expired and the lost phone's"
    told = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows(performance, reckoning))
    assert not [code for code in codes if code in told or code in page]
    assert "?start=…" in told


def test_every_message_fits(lines: list[Line]) -> None:
    assert all(len(line.text) <= (1024 if line.picture else 4096) for line in lines)


def test_whoever_writes_is_answered(lines: list[Line]) -> None:
    """In private, at once; but a stranger only once."""
    unanswered = []
    for chat in {line.chat for line in lines} - {GROUP}:
        own = [line for line in lines if line.chat == chat and not line.deed]
        asked = [(line, after) for line, after in zip(own, [*own[1:], None], strict=True) if line.direction == "in"]
        unanswered += [line.text for line, after in asked if after is None or after.direction == "in"]
    assert unanswered == ["¿Hay alguien?"]


def test_nothing_goes_wrong(lines: list[Line]) -> None:
    wrong = re.compile("Tuvimos un problema|ya no sirve|No entendí|mucho tiempo|ya no se p")
    assert [line.text for line in lines if line.who == BOT and wrong.search(line.text)] == []


@pytest.mark.parametrize(
    ("chat", "asked", "answered"),
    [
        ("Presidencia", "diciembre ▶", "Pendientes de diciembre de 2021"),
        ("Presidencia", "◀ diciembre", "Pendientes de diciembre de 2021"),
        ("Presidencia", "/proxima", "Extraordinaria"),
        ("Presidencia", "pendientes", "31 de enero (faltan 21 días)"),
        ("Presidencia", "/pendientes", "hace 1 día"),
        ("Consejería 1", "Esta tarde", "Se lo recordaré"),
        ("Consejería 1", "Acusar recibo", "usted acusó recibo"),
        ("Secretaría Técnica", "Convocar ahora", "Acuses"),
        ("Secretaría Técnica", "Sí, mover", "Acuses"),
        ("Secretaría Técnica", "Sí, diferir", "diferida"),
        ("Secretaría Técnica", "Sin observaciones", "celebrada"),
        ("Secretaría Técnica", "/envios", "Aceptados por Telegram"),
        ("Presidencia", "/avance", "31 de 32"),
        ("Consejería 1", "/actividad 14", "Faltan las observaciones"),
        ("Consejería 1", "próxima", "13 horas"),
        ("Consejería 2", "/pendiente", "¿Quiso decir /pendientes?"),
        ("Consejería 2", "/sesion 6", "Cuarta sesión ordinaria"),
        ("Consejería 2 (otro teléfono)", "/avance", "24 de 32"),
        ("Secretaría Técnica", "Sustituir", "¿Hasta qué día"),
        ("Instancia interna", "Deshacer", "ctividad 5"),
        ("Representación 1", "/calendario", "celebrada el 11 de noviembre de 2021"),
        ("Representación 1", "/misdatos", "Identificador de Telegram"),
        ("Representación 2", "/start …", "no es válida"),
        ("Representación 2", "/pendientes", "ya no es integrante"),
        ("Representación 2 (nueva)", "Acepto", "Listo"),
        ("Persona invitada", "/pendientes", "no corresponde a su carácter"),
        ("Persona ajena", "Hola, ¿aquí se puede saber quién va ganando?", "invitación"),
        (GROUP, "/vincular", "quedó vinculado"),
        (GROUP, "/misdatos", "se atiende en privado"),
        (GROUP, "/Pendientes@prep_prueba_bot diciembre", "Pendientes de diciembre de 2021"),
        (GROUP, "/proxima", "Segunda sesión ordinaria"),
    ],
)
def test_the_play_has_its_moments(lines: list[Line], chat: str, asked: str, answered: str) -> None:
    own = [line for line in lines if line.chat == chat]
    answers = [after.text for line, after in pairwise(own) if line.text == asked and after.who == BOT]
    assert any(answered in answer for answer in answers), answers


def test_the_secretary_is_told_once_of_who_cannot_be_reached_and_of_the_other_phone(
    lines: list[Line], reckoning: Reckoning
) -> None:
    caused = [(line.chat, cause) for line in lines if not line.edit for cause in reckoning.causes.get(line.place, ())]
    told = [(chat, cause.partition(":")[0]) for chat, cause in caused]
    assert [each for each in told if each[1] in {"unreachable", "relinked"}] == [
        ("Secretaría Técnica", "unreachable"),
        ("Secretaría Técnica", "relinked"),
    ]
    deeds = [(line.who, line.deed) for line in lines if line.deed]
    assert deeds == [
        ("Secretaría Técnica", "agregó el bot al grupo"),
        ("Representación 1", "bloqueó el bot"),
        ("Representación 1", "desbloqueó el bot"),
    ]


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere(page: str) -> None:
    tree = parsed(page)
    assert not {"script", "link", "img", "iframe", "object"} & {element.tag for element in tree.iter()}
    addresses = [
        value for element in tree.iter() for name, value in element.items() if name in {"href", "src", "action"}
    ]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    style = tree.findtext("head/style") or ""
    assert "@import" not in style
    assert all(source.startswith('"data:image/svg+xml,') for source in re.findall(r"url\(([^)]*)", style))


def test_the_page_says_that_it_is_a_simulation(page: str) -> None:
    assert "Simulación, sin validez" in [ribbon.text for ribbon in parsed(page).iter("p")]


def test_each_chat_of_the_page_shows_all_its_messages(page: str, lines: list[Line]) -> None:
    tree = parsed(page)
    targets = [element.get("id") for element in tree.iter("i") if element.get("id")]
    links = {(link.get("href") or "")[1:]: link.findtext("b") for link in tree.iter("a")}
    assert set(targets) <= set(links)
    for name in targets[1:]:
        chat = GROUP if links[name] == "Grupo de la Comisión" else links[name]
        shown = [line for line in lines if line.chat == chat and not line.deed and line.method != FLASHED]
        assert list(_told(tree, name)) == [line.text for line in shown], chat


def _told(tree: ElementTree.Element, name: str | None) -> Iterator[str]:
    for element in tree.iter("div"):
        classes = (element.get("class") or "").split()
        if name not in classes or not {"in", "out"} & set(classes):
            continue
        bubble = element.find("div")
        assert bubble is not None
        for extra in [child for child in bubble if child.get("class") in {"who", "picture"}]:
            tail = extra.tail or ""
            bubble.remove(extra)
            bubble.text = (bubble.text or "") + tail
        bubble.remove(bubble[-1])
        text = "".join(bubble.itertext())
        yield text.removeprefix("👆 ") if "tap" in classes else text


def test_by_default_the_page_is_left_in_the_working_folder(
    performance: Performance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert report(performance, quiet=False, json=False, html=None) == 0
    assert (tmp_path / demo.DEFAULT_PAGE).is_file()
    assert capsys.readouterr().out.endswith("The conversation is in demo.html: open it with a browser.\n")


@pytest.mark.parametrize(("quiet", "as_json"), [(True, False), (False, True)])
def test_quiet_and_json_leave_no_page_unless_asked(
    performance: Performance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet: bool, as_json: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    assert report(performance, quiet=quiet, json=as_json, html=None) == 0
    assert list(tmp_path.iterdir()) == []


def test_quiet_prints_the_summary_alone(
    performance: Performance, reckoning: Reckoning, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(performance, quiet=True, json=False, html=None) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == list(in_words(reckoning.summary))
    assert "33 activities: 31 done, 1 overdue" in printed.out
    assert printed.err == ""


def test_a_page_that_cannot_be_written_is_told_in_one_line(
    performance: Performance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(performance, quiet=True, json=False, html=tmp_path / "nowhere" / "chat.html") == 1
    assert capsys.readouterr().err.endswith("(No such file or directory): name another file with --html FILE\n")


def test_when_records_and_log_disagree_it_says_so_and_fails(
    tampered: Performance, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(tampered, quiet=True, json=False, html=None) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("Records and log disagree: lost: the log has no message of ")
