"""What the linter finds suspicious, and what it must leave alone."""

from datetime import date, time
from typing import Any

import pytest

from prep_bot.domain.month import Month
from prep_bot.plans.document import PlanDocument
from prep_bot.plans.file import load, packaged
from prep_bot.plans.lint import MonthCount, Severity, check, summary

NOTICE = "Se guarda su nombre y su identificador de Telegram."


def plan(
    *activities: tuple[str, str], sessions: tuple[dict[str, Any], ...] = (), name: str = "Comisión de Obra"
) -> PlanDocument:
    """A plan of activities (month, text), keyed a1, a2…, in a commission that lacks nothing else."""
    return PlanDocument.model_validate(
        {
            "format": 1,
            "commission": {
                "key": "obra",
                "name": name,
                "short_name": "Obra",
                "institution": "Instituto",
                "process": "Proceso 2022",
                "legal_basis": {"document": "CG-1", "date": Month(2022, 1).first, "text": "Acuerdo."},
            },
            "people": [{"key": "ana", "name": "Ana", "role": "presidency", "since": Month(2022, 1).first}],
            "activities": [
                {"key": f"a{number}", "month": month, "text": text}
                for number, (month, text) in enumerate(activities or [("2022-01", "Planear")], start=1)
            ],
            "sessions": sessions or [session("s1", "2022-01")],
            "rules": {"privacy": {"notice": NOTICE}},
        }
    )


def session(key: str, month: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "ordinary", "name": "Sesión", "month": month} | more


def found(document: PlanDocument) -> set[tuple[str, str]]:
    return {(finding.code, finding.place) for finding in check(document)}


def messages(document: PlanDocument, code: str) -> list[str]:
    return [finding.message for finding in check(document) if finding.code == code]


@pytest.fixture(scope="module")
def shipped() -> PlanDocument:
    return load(packaged("ieepco-prep-2021-2022"))


def test_reports_the_oddities_of_the_shipped_plan_and_nothing_else(shipped: PlanDocument) -> None:
    assert found(shipped) == {
        ("acronym", 'activities[31] (key "estimado-actas-final").text'),
        ("expansion", 'activities[6] (key "ubicacion-centros-proyecto").text'),
        ("expansion", 'activities[7] (key "supervision-distritales-proyecto").text'),
        ("expansion", 'activities[12] (key "ubicacion-centros").text'),
        ("expansion", 'activities[14] (key "supervision-distritales-final").text'),
        ("body-name", 'sessions[1] (key "instalacion").topics[1]'),
        ("repeated", 'activities[27] (key "simulacros-primero-segundo-tercero")'),
    }


def test_says_what_is_odd_in_the_shipped_plan(shipped: PlanDocument) -> None:
    assert messages(shipped, "acronym") == ["«CADT» may be a slip for «CATD»"]
    assert messages(shipped, "expansion")[0].startswith("CATD is expanded as «Centros de Apoyo y Transmisión de Datos»")
    assert "Instalación del Comité." in messages(shipped, "body-name")[0]
    (repeated,) = messages(shipped, "repeated")
    assert "«Simulacros Primero, Segundo y Tercero.» (2022-05)" in repeated
    assert "«Simulacros del PREP.» (2022-03)" in repeated


def test_warnings_come_before_notes(shipped: PlanDocument) -> None:
    document = plan(("2022-03", "Recorridos"), ("2022-01", "Recorrido final"))
    severities = [finding.severity for finding in check(document)]
    assert severities == [Severity.WARNING] + [Severity.NOTE] * 4
    assert str(check(shipped)[-1]).startswith('note [repeated] activities[27] (key "simulacros-')


def test_counts_every_month_of_the_shipped_plan(shipped: PlanDocument) -> None:
    counts = summary(shipped)
    assert (counts.activities, counts.sessions, counts.people) == (33, 10, 3)
    assert [(str(count.month), count.activities, count.sessions) for count in counts.months] == [
        ("2021-11", 0, 1),
        ("2021-12", 2, 2),
        ("2022-01", 5, 1),
        ("2022-02", 8, 2),
        ("2022-03", 6, 1),
        ("2022-04", 5, 1),
        ("2022-05", 4, 1),
        ("2022-06", 3, 1),
    ]


def test_empty_months_are_counted_and_reported() -> None:
    document = plan(("2021-12", "Planear"), ("2022-02", "Informar"))
    assert summary(document).months[1] == MonthCount(Month(2022, 1), activities=0, sessions=1)
    assert found(document) == {
        ("empty-month", "2022-01"),
        ("month-without-session", "2021-12"),
        ("month-without-session", "2022-02"),
    }


def test_a_plain_plan_is_clean() -> None:
    assert check(plan()) == ()


def test_what_a_new_plan_leaves_blank_is_reported() -> None:
    blank = plan().model_dump(exclude={"people": True, "commission": {"legal_basis"}})
    assert found(PlanDocument.model_validate(blank)) == {("blank", "people"), ("blank", "commission.legal_basis")}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["La OSIN", "La OSIN decide", "La OISN"], ["«OISN» may be a slip for «OSIN»"]),
        (["La OSIN", "La OSIN decide", "La OSINE"], ["«OSINE» may be a slip for «OSIN»"]),
        (["Actas por CATDS, (CTAD)"], ["«CATDS» may be a slip for «CATD»", "«CTAD» may be a slip for «CATD»"]),
        (["El CADT", "El CADT otra vez", "El CATD"], ["«CADT» may be a slip for «CATD»"] * 2),
        (["La OSIN", "La OISN"], []),
        (["El INE", "El INE decide", "El IEE"], []),
        (["El COTAPREP y el PREP"], []),
    ],
)
def test_acronyms_one_slip_away_from_a_better_known_one(texts: list[str], expected: list[str]) -> None:
    assert messages(plan(*(("2022-01", text) for text in texts)), "acronym") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("los Centros de Acopio y Transmisión de Datos (CATD)", None),
        ("del centro de captura y verificación", None),
        ("el Comité Técnico Asesor del Programa de Resultados Electorales Preliminares", None),
        ("el Comité Técnico Asesor del PREP", None),
        ("una Casilla de Acopio y Transmisión de Datos", "Casilla de Acopio y Transmisión de Datos"),
        ("el Centro de Acopio y Trasmisión de Datos (CATD)", "Centro de Acopio y Trasmisión de Datos"),
        ("los Centros de Captura y Validación", "Centros de Captura y Validación"),
        ("un Centro de Salud y Deporte", None),
    ],
)
def test_expansions_that_nearly_are_the_official_ones(text: str, expected: str | None) -> None:
    reports = messages(plan(("2022-01", f"Visitar {text}, otra vez.")), "expansion")
    assert [report.split("«")[1].split("»")[0] for report in reports] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("name", "text", "reported"),
    [
        ("Comisión de Obra", "Instalación del Comité.", True),
        ("Comité de Obra", "Instalación de la Comisión.", True),
        ("Comisión de Obra", "Instalación de la Comisión.", False),
        ("Comisión de Obra", "Informe del Comité Técnico Asesor del PREP.", False),
        ("Junta de Obra", "Instalación del Comité.", False),
        ("2022", "Instalación del Comité.", False),
    ],
)
def test_the_body_is_called_by_its_own_name(name: str, text: str, reported: bool) -> None:
    sessions = (session("s1", "2022-01", topics=[text]),)
    expected = {("body-name", 'sessions[1] (key "s1").topics[1]')} if reported else set()
    assert found(plan(name=name, sessions=sessions)) == expected


DRAFT, FINAL = "Proyecto de acuerdo sobre el aula", "Versión final del acuerdo sobre el aula"


@pytest.mark.parametrize(
    ("activities", "expected"),
    [
        ([("2022-01", DRAFT), ("2022-02", FINAL)], None),
        ([("2022-01", DRAFT), ("2022-01", FINAL)], None),
        ([("2022-02", FINAL), ("2022-02", DRAFT)], None),
        ([("2022-01", FINAL), ("2022-02", DRAFT)], "final-before-draft"),
        ([("2022-01", FINAL), ("2022-02", "Proyecto de pintura")], "final-without-draft"),
        ([("2022-01", DRAFT), ("2022-02", FINAL), ("2022-03", DRAFT)], None),
    ],
)
def test_a_final_version_follows_its_draft(activities: list[tuple[str, str]], expected: str | None) -> None:
    codes = {(code, place) for code, place in found(plan(*activities)) if code.startswith("final")}
    assert codes == ({(expected, 'activities[1] (key "a1")')} if expected else set())


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Informe de obra", "INFORME DE OBRA.", Severity.WARNING),
        ("Informe de la obra pública", "Informe de las obras públicas", Severity.WARNING),
        ("Informe sobre la obra pública", "Informe de la obra pública", Severity.NOTE),
        ("Recorridos", "Recorrido final", Severity.NOTE),
        ("Primer recorrido", "Segundo recorrido", None),
        ("Proyecto de recorrido", "Versión final del recorrido", None),
        ("Proyecto de recorrido", "Recorrido", None),
        ("Recorrido por la obra", "Compra de material", None),
    ],
)
def test_entries_that_repeat_another(first: str, second: str, expected: Severity | None) -> None:
    document = plan(("2022-01", first), ("2022-01", second))
    severities = [finding.severity for finding in check(document) if finding.code == "repeated"]
    assert severities == ([expected] if expected else [])


def test_a_topic_given_twice_in_one_session_is_reported_but_a_standing_topic_is_not() -> None:
    standing = "Asuntos generales"
    sessions = (
        session("s1", "2022-01", topics=[standing]),
        session("s2", "2022-01", topics=[standing, standing + "."]),
    )
    assert found(plan(sessions=sessions)) == {("repeated", 'sessions[2] (key "s2").topics[2]')}


def test_activities_out_of_order_are_reported() -> None:
    document = plan(
        ("2022-02", "Planear"), ("2022-01", "Informar"), sessions=(session("s1", "2022-01"), session("s2", "2022-02"))
    )
    assert found(document) == {("activity-order", 'activities[2] (key "a2")')}


def test_sessions_outside_the_plan_are_reported_but_an_earlier_installation_is_not() -> None:
    sessions = (
        session("s1", "2021-11", kind="installation"),
        session("s2", "2021-12"),
        session("s3", "2022-01"),
        session("s4", "2022-02"),
    )
    assert found(plan(sessions=sessions)) == {
        ("session-outside-plan", 'sessions[2] (key "s2")'),
        ("session-outside-plan", 'sessions[4] (key "s4")'),
    }


def test_a_date_without_a_time_is_reported_unless_the_session_was_held() -> None:
    """It counts as a session without a date."""
    day = date(2022, 2, 24)
    sessions = (
        session("s1", "2022-02", date=day),
        session("s2", "2022-02", date=day, time=time(11)),
        session("s3", "2022-02", date=day, held=True),
    )
    document = plan(("2022-02", "Planear"), sessions=sessions)
    assert found(document) == {("session-without-time", 'sessions[1] (key "s1")')}


def test_sessions_out_of_order_are_reported() -> None:
    document = plan(
        ("2022-01", "Planear"), ("2022-02", "Informar"), sessions=(session("s1", "2022-02"), session("s2", "2022-01"))
    )
    assert found(document) == {("session-order", 'sessions[2] (key "s2")')}


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (["Primera sesión ordinaria", "Segunda sesión ordinaria"], []),
        (["Primera sesión ordinaria", "Tercera sesión ordinaria"], [2]),
        (["Segunda sesión ordinaria", "Primera sesión ordinaria"], [1, 2]),
        (["Sesión ordinaria", "Segunda sesión ordinaria"], []),
        ([f"Sesión {number}" for number in range(10)] + ["Undécima sesión", "Décima segunda sesión"], []),
        ([f"Sesión {number}" for number in range(10)] + ["Décima primera sesión", "Décima sesión"], [12]),
    ],
    ids=["right", "gap", "swapped", "unnumbered", "past ten", "ten again"],
)
def test_ordinals_follow_the_number_of_the_session_in_its_kind(names: list[str], wrong: list[int]) -> None:
    other = session("x", "2022-01", kind="extraordinary", name="Primera sesión extraordinaria")
    numbered = [session(f"s{number}", "2022-01", name=name) for number, name in enumerate(names, start=1)]
    document = plan(sessions=(*numbered, other))
    assert found(document) == {("session-number", f'sessions[{n}] (key "s{n}")') for n in wrong}


def test_two_sessions_at_the_same_instant_are_reported() -> None:
    day, at = Month(2022, 1).first, time(10)
    sessions = (
        session("s1", "2022-01", date=day, time=at),
        session("s2", "2022-01", date=day),
        session("s3", "2022-01", date=day),
        session("s4", "2022-01", date=day, time=at),
    )
    assert found(plan(sessions=sessions)) == {
        ("same-instant", 'sessions[4] (key "s4")'),
        ("session-without-time", 'sessions[2] (key "s2")'),
        ("session-without-time", 'sessions[3] (key "s3")'),
    }
