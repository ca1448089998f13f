"""The packaged plan against the document that it transcribes, a copy of which is `source.md` beside this file."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.month import Month
from prep_bot.domain.role import Role
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import load, packaged

SOURCE = Path(__file__).with_name("source.md").read_text(encoding="utf-8")
MONTHS = {
    name: Month.parse(month)
    for name, month in {
        "Noviembre": "2021-11",
        "Diciembre": "2021-12",
        "Enero": "2022-01",
        "Febrero": "2022-02",
        "Marzo": "2022-03",
        "Abril": "2022-04",
        "Mayo": "2022-05",
        "Junio": "2022-06",
    }.items()
}
ACTIVITY_ROW = re.compile(r"(?P<lead>.*?)\s*<ul[^>]*>(?P<bullets>.*)\t(?P<month>\w+)")


@pytest.fixture(scope="module")
def plan() -> PlanDocument:
    return load(packaged("ieepco-prep-2021-2022"))


def rows() -> list[str]:
    return [re.sub(r"</?p>", "", line) for line in SOURCE.splitlines()]


def activity_rows() -> list[tuple[str, list[str], Month]]:
    matches = [match for row in rows() if (match := ACTIVITY_ROW.fullmatch(row))]
    return [
        (match["lead"], [bullet.strip() for bullet in match["bullets"].split("•")[1:]], MONTHS[match["month"]])
        for match in matches
    ]


def session_rows() -> list[tuple[str, Month, list[str]]]:
    cells = [row.split("\t") for row in rows() if "<ul" not in row]
    return [
        (row[0], MONTHS[row[1]], [topic.strip() for topic in row[2].split("*")[1:]])
        for row in cells
        if len(row) == 3 and row[1] in MONTHS
    ]


def paragraph_after(heading: str) -> str:
    return re.split(rf"^{heading}\n+", SOURCE, flags=re.MULTILINE)[1].split("\n")[0]


def test_activities_are_the_documents_in_its_order(plan: PlanDocument) -> None:
    expected = [(month, text) for _, bullets, month in activity_rows() for text in bullets]
    assert [(activity.month, activity.text) for activity in plan.activities] == expected
    assert len(expected) == 33


def test_activities_of_each_month_are_counted(plan: PlanDocument) -> None:
    counts = Counter(str(activity.month) for activity in plan.activities)
    assert counts == {
        "2021-12": 2,
        "2022-01": 5,
        "2022-02": 8,
        "2022-03": 6,
        "2022-04": 5,
        "2022-05": 4,
        "2022-06": 3,
    }


def test_lead_ins_are_the_documents(plan: PlanDocument) -> None:
    expected = [(month, lead) for lead, _, month in activity_rows() if lead]
    assert [(entry.month, entry.lead) for entry in plan.months] == expected
    assert len(expected) == 6


def test_sessions_are_the_documents_in_its_order(plan: PlanDocument) -> None:
    shown = [
        (session.name + (f" Nota: {session.note}" if session.note else ""), session.month, list(session.topics))
        for session in plan.sessions
    ]
    assert shown == session_rows()
    assert len(shown) == 10


def test_session_kinds_follow_their_names(plan: PlanDocument) -> None:
    kinds = Counter(session.kind for session in plan.sessions)
    assert kinds == {MeetingKind.INSTALLATION: 1, MeetingKind.EXTRAORDINARY: 1, MeetingKind.ORDINARY: 8}
    words = {MeetingKind.INSTALLATION: "instalación", MeetingKind.EXTRAORDINARY: "extraordinaria"}
    for session in plan.sessions:
        assert session.name.lower().endswith(words.get(session.kind, " ordinaria"))


def test_only_the_installation_is_dated_and_held(plan: PlanDocument) -> None:
    assert "el 11 de noviembre de la presente anualidad, se instaló formalmente" in SOURCE
    dated = [(session.key, session.date, session.time, session.held) for session in plan.sessions if session.date]
    assert dated == [("instalacion", date(2021, 11, 11), None, True)]


def test_objectives_are_the_documents(plan: PlanDocument) -> None:
    assert plan.commission.objective == paragraph_after("Objetivo de la Comisión")
    assert list(plan.commission.objectives) == re.findall(r"^- (.+)$", SOURCE, re.MULTILINE)
    assert len(plan.commission.objectives) == 3


def test_convening_clauses_are_the_documents(plan: PlanDocument) -> None:
    clauses = re.findall(r"^Las Sesiones .+$", SOURCE, re.MULTILINE)
    assert [plan.commission.convening.ordinary, plan.commission.convening.extraordinary] == clauses


def test_legal_basis_is_the_documents(plan: PlanDocument) -> None:
    basis = plan.commission.legal_basis
    assert basis is not None
    assert (basis.document, basis.date) == ("IEEPCO-CG-108/2021", date(2021, 11, 8))
    assert SOURCE.count(basis.text + ", la cual quedó formalmente integrada") == 1
    assert basis.text.startswith("Con fecha 08 de noviembre del 2021, mediante acuerdo IEEPCO-CG-108/2021,")


def test_names_of_bodies_are_the_documents(plan: PlanDocument) -> None:
    commission = plan.commission
    assert f"la {commission.name}" in SOURCE
    assert commission.institution in SOURCE
    assert commission.process in SOURCE
    assert f"en este caso, la {commission.technical_unit}." in SOURCE


def test_people_are_the_documents(plan: PlanDocument) -> None:
    presidency, *members = re.findall(r"MTR[AO]\. [A-ZÁÉÍÓÚÑ ]+(?=\n|\t)", SOURCE)[:3]
    by_role = [(person.role, f"{person.title} {person.name}".upper()) for person in plan.people]
    assert by_role == [(Role.PRESIDENCY, presidency), *((Role.MEMBER, name) for name in members)]
    assert {person.since for person in plan.people} == {date(2021, 11, 8)}
    assert plan.people[0].position is not None
    assert plan.people[0].position.upper() in SOURCE


def test_keys_survive_another_calendar(plan: PlanDocument) -> None:
    months = re.compile(r"\d{4}|" + "|".join(name.lower() for name in MONTHS))
    assert [entry.key for entry in (*plan.activities, *plan.sessions) if months.search(entry.key)] == []


def test_privacy_notice_fits_a_message_and_says_how_to_exercise_ones_rights(plan: PlanDocument) -> None:
    privacy = plan.rules.privacy
    assert len(privacy.notice) <= 900
    assert "/misdatos" in privacy.notice
    assert plan.commission.institution in privacy.notice
    assert privacy.url is not None
