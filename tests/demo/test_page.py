"""The page of a conversation made by hand."""

from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from prep_bot.simulation.page import render
from prep_bot.simulation.reckoning import Evidence, Records, reckon
from prep_bot.simulation.transcript import BOT, GROUP, Event, Line, Remark

ZONE = ZoneInfo("America/Mexico_City")
AT = datetime(2022, 2, 1, 12, tzinfo=ZONE)
SUMMARY = replace(
    reckon(Records(now=AT, zone=ZONE), Evidence()).summary, activities=33, done=31, overdue=1, acknowledgements=64
)
SAID = Line(AT, "in", "Ana", "Ana", "message", "<3 & “/avance”", "&lt;3 &amp; “/avance”", (), False, (11, 1))
ANSWER = Line(AT, "out", "Ana", BOT, "sendMessage", "Sí & ya", "<b>Sí</b> &amp; ya", (("Sí", "<No>"),), False, (11, 2))


def body(*events: Event) -> ElementTree.Element:
    page = render([Remark(AT, "Febrero de 2022 · Prueba", title=True), *events], SUMMARY)
    return ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>"))  # noqa: S314 -- our own page


def classed(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in tree.iter() if name in (element.get("class") or "").split()]


def words(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def test_people_are_quoted_to_the_letter() -> None:
    (said,) = classed(body(SAID), "in")
    assert words(said) == "<3 & “/avance”12:00"
    assert [words(link) for link in classed(said, "go")] == ["/avance"]


def test_the_bot_keeps_its_bold_type_and_its_buttons() -> None:
    (answer,) = classed(body(SAID, ANSWER), "out")
    assert answer.findtext(".//b") == "Sí"
    (keys,) = classed(answer, "keys")
    assert [[words(key) for key in row] for row in keys] == [["Sí", "<No>"]]


def test_addresses_and_commands_stand_out_and_dates_do_not() -> None:
    html = "Véase https://t.me/prep_bot?start=… o /ayuda, el 24/02/2022 &lt;/b&gt; y/o <code>/sesion 3</code>"
    tree = body(replace(ANSWER, html=html))
    assert [words(link) for link in classed(tree, "go")] == ["https://t.me/prep_bot?start=…", "/ayuda", "/sesion"]


def test_an_edit_stands_below_what_it_replaced_and_says_so() -> None:
    edit = replace(ANSWER, method="editMessageText", html="Otra cosa", at=AT.replace(minute=1))
    first, second = classed(body(SAID, ANSWER, edit), "out")
    assert words(first).startswith("Sí & ya12:00")
    assert words(second).startswith("Otra cosaeditado 12:01")


def test_a_tap_a_toast_a_deed_and_a_picture_have_their_own_look() -> None:
    tree = body(
        replace(SAID, method="callback_query", html="Acepto"),
        replace(ANSWER, method="answerCallbackQuery", html="Ya no", buttons=()),
        replace(SAID, method="my_chat_member", text="kicked"),
        replace(ANSWER, picture=True),
    )
    assert words(classed(tree, "tap")[0]) == "👆 Acepto12:00"
    assert words(classed(tree, "toast")[0]) == "Ya no"
    assert "Ana bloqueó el bot · 12:00" in [words(element) for element in tree.iter("p")]
    assert words(classed(tree, "picture")[0]) == "código QR"


def test_only_the_group_says_who_speaks() -> None:
    assert classed(body(SAID, ANSWER), "who") == []
    spoken = classed(body(replace(SAID, chat=GROUP), replace(ANSWER, chat=GROUP)), "who")
    assert [words(name) for name in spoken] == ["Ana", "bot"]


def test_each_chat_has_its_days_and_the_remarks_about_its_people() -> None:
    next_day = AT.replace(day=2)
    tree = body(
        SAID,
        replace(SAID, chat=GROUP, at=next_day),
        Remark(next_day, "Beto se va.", chats=frozenset({"Ana"})),
        Remark(next_day, "Nadie lo ve."),
    )
    days = {words(day): day.get("class") for day in classed(tree, "day")}
    assert days == {"martes 1 de febrero de 2022": "day c1", "miércoles 2 de febrero de 2022": "day c1 c2"}
    assert {
        words(remark): remark.get("class") for remark in tree.iter("p") if "aside" in (remark.get("class") or "")
    } == {
        "Beto se va.": "aside c1",
        "Nadie lo ve.": "aside ",
    }


def test_one_finds_each_scene_from_the_list() -> None:
    tree = body(SAID, Remark(AT, "Marzo de 2022 · Otra", title=True))
    (scenes,) = classed(tree, "scenes")
    assert [(link.get("href"), link.text) for link in scenes] == [("#e1", "Febrero"), ("#e2", "Marzo")]
    assert [(title.get("id"), title.text) for title in tree.iter("h2")] == [
        ("e1", "Febrero de 2022 · Prueba"),
        ("e2", "Marzo de 2022 · Otra"),
    ]


def test_the_figures_are_told() -> None:
    told = words(body(SAID).find(".//dl") or ElementTree.Element("dl"))
    assert "33" in told
    assert "64" in told
    assert "31 concluidas, 1 vencidas" in told
    assert "0 perdidos, 0 duplicados" in told
