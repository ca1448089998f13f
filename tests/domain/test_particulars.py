"""What differs between two versions of a convocation: told whole, and nothing besides."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.meeting import MeetingKind, Modality
from prep_bot.domain.particulars import Edit, Paper, PaperEdit, Particulars, Point, PointEdit, differences

STARTS = datetime(2022, 2, 24, 17, tzinfo=UTC)
POINTS = tuple(Point(item=n, text=text) for n, text in enumerate("ABCDE", start=1))
PAPER = Paper(series=1, version=1, name="Informe.pdf", sha256="0" * 64, size=10)


def session(*points: Point, **values: Any) -> Particulars:
    usual: dict[str, Any] = {"kind": MeetingKind.ORDINARY, "name": "Tercera", "starts_at": STARTS, "points": points}
    return Particulars(**usual | values)


papers = st.lists(
    st.builds(
        Paper,
        series=st.integers(1, 4),
        version=st.integers(1, 3),
        name=st.sampled_from(["a.pdf", "b.pdf"]),
        sha256=st.sampled_from(["0" * 64, "1" * 64]),
        size=st.just(1),
    ),
    max_size=3,
    unique_by=lambda paper: paper.series,
)


@st.composite
def sessions(draw: st.DrawFn) -> Particulars:
    """Draw an agenda whose points have ids, or have none; an annex is in one place."""
    items: list[int | None] = draw(st.lists(st.integers(1, 8), max_size=6, unique=True)) or [None] * draw(
        st.integers(0, 3)
    )
    own = draw(papers)
    homes = [draw(st.integers(-1, len(items) - 1)) for _ in own]
    points = [
        Point(
            item=item,
            text=draw(st.sampled_from("ABC")),
            papers=tuple(p for p, home in zip(own, homes, strict=True) if home == place),
        )
        for place, item in enumerate(items)
    ]
    return session(
        *points,
        papers=tuple(p for p, home in zip(own, homes, strict=True) if home == -1),
        starts_at=STARTS + timedelta(hours=draw(st.integers(0, 1))),
        place=draw(st.sampled_from(["", "Sala"])),
        link=draw(st.sampled_from(["", "https://example.org"])),
        modality=draw(st.sampled_from([None, *Modality])),
    )


def told(of: Particulars) -> object:
    """Return what people read of it: ids are not."""
    return [
        (of.name, of.starts_at, of.modality, of.place, of.link),
        [point.text for point in of.points],
        sorted(
            (number or 0, paper.series, paper.version, paper.name, paper.sha256) for number, paper in of.all_papers()
        ),
    ]


@given(sessions())
def test_nothing_differs_from_itself(one: Particulars) -> None:
    assert not differences(one, one)


@given(sessions(), sessions())
def test_something_is_told_if_and_only_if_something_differs(before: Particulars, after: Particulars) -> None:
    found = differences(before, after)
    if told(before) != told(after):
        assert found
    elif [p.item for p in before.points] == [p.item for p in after.points]:
        assert not found


@given(sessions(), sessions())
def test_what_was_with_the_edits_is_what_is(before: Particulars, after: Particulars) -> None:
    found = differences(before, after)
    texts = Counter(point.text for point in before.points)
    for edit in found.points:
        match edit.edit:
            case Edit.ADDED:
                texts[edit.text] += 1
            case Edit.REMOVED:
                texts[edit.text] -= 1
            case Edit.CHANGED:
                texts[edit.was] -= 1
                texts[edit.text] += 1
    assert +texts == Counter(point.text for point in after.points)
    held = {paper.series: paper for _, paper in before.all_papers()}
    for paper in found.papers:
        if paper.edit is Edit.REMOVED:
            del held[paper.paper.series]
        else:
            held[paper.paper.series] = paper.paper
    assert held == {paper.series: paper for _, paper in after.all_papers()}


@given(sessions(), sessions())
def test_numbers_are_those_that_people_see(before: Particulars, after: Particulars) -> None:
    for edit in differences(before, after).points:
        assert edit.number is None or after.points[edit.number - 1].text == edit.text
        assert edit.was_number is None or before.points[edit.was_number - 1].text == edit.was


@given(st.permutations(range(6)))
def test_as_few_points_as_can_be_are_said_to_move(order: list[int]) -> None:
    points = [Point(item=n, text=str(n)) for n in range(6)]
    found = differences(session(*points), session(*(points[n] for n in order)))
    moved = {int(edit.text) for edit in found.points}
    assert {edit.edit for edit in found.points} <= {Edit.MOVED}
    stayed = [n for n in order if n not in moved]
    assert stayed == sorted(stayed)
    assert len(stayed) == max(
        len(rising)
        for rising in ([n for n in order if mask >> n & 1] for mask in range(64))
        if rising == sorted(rising)
    )


def test_points_are_known_again_by_their_id_and_topics_by_their_words() -> None:
    reworded = POINTS[0].model_copy(update={"text": "A, corregido"})
    found = differences(session(*POINTS), session(reworded, *POINTS[1:]))
    assert found.points == (PointEdit(Edit.CHANGED, "A, corregido", 1, "A", 1),)
    topics = (Point(text="A"), Point(text="B"))
    assert not differences(session(*topics), session(*POINTS[:2]))
    found = differences(session(*topics), session(*POINTS[:1]))
    assert found.points == (PointEdit(Edit.REMOVED, "B", was="B", was_number=2),)


def test_a_point_that_is_put_in_moves_none_of_the_others() -> None:
    found = differences(session(*POINTS), session(Point(item=9, text="Nuevo"), *POINTS))
    assert found.points == (PointEdit(Edit.ADDED, "Nuevo", 1),)


@pytest.mark.parametrize(
    ("before", "after", "edit"),
    [
        ((), (PAPER,), PaperEdit(Edit.ADDED, PAPER, None)),
        ((PAPER,), (), PaperEdit(Edit.REMOVED, PAPER, None, PAPER)),
    ],
)
def test_annexes_come_and_go(before: tuple[Paper, ...], after: tuple[Paper, ...], edit: PaperEdit) -> None:
    assert differences(session(papers=before), session(papers=after)).papers == (edit,)


def test_an_annex_is_replaced_by_its_next_version() -> None:
    newer = PAPER.model_copy(update={"version": 2, "sha256": "1" * 64})
    one, other = (session(Point(item=1, text="A", papers=(paper,))) for paper in (PAPER, newer))
    assert differences(one, other).papers == (PaperEdit(Edit.CHANGED, newer, 1, PAPER),)


def test_what_is_told_of_the_appointment() -> None:
    found = differences(session(), session(starts_at=STARTS + timedelta(hours=1), place="Sala"))
    assert found.appointment == {"starts_at", "place"}
    assert not differences(session(), session(starts_at=STARTS.astimezone())).appointment
