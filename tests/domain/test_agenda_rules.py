"""The usual points of an agenda, where a point goes, and how points are read from what somebody wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.agenda import StandardPoint, drawn_up, place_for, read_points, standing_for, usual
from prep_bot.domain.meeting import MeetingKind

REPORT, DRAFTS = "Presentación del informe del avance.", "Aprobación de los acuerdos vinculados."


@pytest.mark.parametrize("kind", MeetingKind)
def test_general_matters_are_of_ordinary_sessions_only(kind: MeetingKind) -> None:
    points = usual(kind)
    assert (StandardPoint.OTHER in points) == (kind is MeetingKind.ORDINARY)
    assert [p for p in StandardPoint if p in points] == list(points)


def test_an_ordinary_agenda_has_the_usual_points_and_the_plans_topics_between_them() -> None:
    assert drawn_up(MeetingKind.ORDINARY, ["Presentación del plan."]) == (
        StandardPoint.QUORUM,
        StandardPoint.AGENDA,
        StandardPoint.MINUTES,
        StandardPoint.AGREEMENTS,
        StandardPoint.PROGRESS,
        StandardPoint.DRAFTS,
        "Presentación del plan.",
        StandardPoint.OTHER,
        StandardPoint.CLOSING,
    )


def test_a_topic_stands_for_the_usual_point_that_it_says() -> None:
    points = drawn_up(MeetingKind.ORDINARY, [REPORT, DRAFTS])
    assert points[4:6] == (REPORT, DRAFTS)
    assert StandardPoint.PROGRESS not in points
    assert StandardPoint.DRAFTS not in points
    assert standing_for("Seguimiento de acuerdos") is None


def test_any_other_session_deals_with_its_topics() -> None:
    assert drawn_up(MeetingKind.URGENT, ["Único"]) == (
        StandardPoint.QUORUM,
        StandardPoint.AGENDA,
        "Único",
        StandardPoint.CLOSING,
    )


@given(st.permutations(usual(MeetingKind.ORDINARY)))
def test_the_usual_points_come_to_their_order_however_they_are_added(order: list[StandardPoint]) -> None:
    present: list[StandardPoint | None] = []
    for point in order:
        present.insert(place_for(point, present), point)
    assert present == list(usual(MeetingKind.ORDINARY))


@given(st.lists(st.sampled_from([None, *StandardPoint]), max_size=8), st.sampled_from([None, *StandardPoint]))
def test_a_place_is_always_one_of_the_agenda(present: list[StandardPoint | None], point: StandardPoint | None) -> None:
    assert 0 <= place_for(point, present) <= len(present)


def test_whatever_is_added_goes_before_what_ends_the_session() -> None:
    present = [StandardPoint.QUORUM, None, StandardPoint.OTHER, StandardPoint.CLOSING]
    assert place_for(None, present) == 2
    assert place_for(StandardPoint.MINUTES, present) == 1
    assert place_for(StandardPoint.CLOSING, [None]) == 1


def test_points_are_read_one_a_line_without_their_numbers() -> None:
    written = "1. Lista de asistencia\n 2) Orden del día \n\n- Clausura\n• 2022: informe\n2022 informe"
    assert read_points(written) == (
        "Lista de asistencia",
        "Orden del día",
        "Clausura",
        "2022: informe",
        "2022 informe",
    )
    assert read_points("\u200b\n  ") == ()


@pytest.mark.parametrize(
    "written",
    [
        "Informe del Proceso Electoral 2021-2022",
        "Acuerdo IEEPCO-CG-108/2021",
        "Informe – cierre",
        "24-02-2022: acta",
        "1.5 millones de actas",
        "6.2 Acuerdos",
        "5*3",
    ],
)
def test_what_is_no_number_of_a_point_stays(written: str) -> None:
    assert read_points(written) == (written,)
