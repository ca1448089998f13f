"""A draft asks for what it lacks, survives being stored, and its buttons are good for it alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.draft import Draft, Purpose, Question, Venue
from prep_bot.domain.meeting import Modality
from prep_bot.domain.spoken_date import Incomplete

AT = datetime(2022, 2, 24, 17, tzinfo=UTC)
instants = st.datetimes(datetime(2021, 1, 1), datetime(2023, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
words = st.text(max_size=20)
venues = st.builds(Venue, modality=st.sampled_from(Modality), place=words, link=words)
drafts = st.builds(
    Draft,
    commission=st.integers(1, 9),
    purpose=st.sampled_from(Purpose),
    meeting=st.none() | st.integers(1, 9),
    seen=st.none() | instants,
    kept=st.none() | instants,
    offered=st.none() | venues,
    subject=st.none() | words,
    given=st.builds(
        Incomplete,
        st.lists(st.dates(date(2021, 1, 1), date(2023, 1, 1)), max_size=2).map(tuple),
        st.lists(st.integers(0, 24).map(lambda hours: timedelta(hours=hours)), max_size=2).map(tuple),
    ),
    choices=st.lists(instants, max_size=4).map(tuple),
    starts_at=st.none() | instants,
    modality=st.none() | st.sampled_from(Modality),
    place=st.none() | words,
    link=st.none() | words,
    reason=st.none() | words,
    confirmed=st.booleans(),
)


@given(drafts)
def test_a_stored_draft_is_the_same_draft(draft: Draft) -> None:
    read = Draft.model_validate(draft.model_dump(mode="json"))
    assert read == draft
    assert read.stamp == draft.stamp


@given(drafts, drafts)
def test_another_draft_has_other_buttons(one: Draft, other: Draft) -> None:
    assert (one.stamp == other.stamp) == (one == other)
    assert 0 <= one.stamp < 10**9  # what callback data carries


def _asked(draft: Draft, modality: Modality, *, urgent: bool = False) -> list[Question]:
    """Return what is asked, in order, when each question is answered."""
    answers = {
        Question.SUBJECT: {"subject": "Tema"},
        Question.DATE: {"starts_at": AT},
        Question.URGENT: {"urgent": urgent},
        Question.URGENCY: {"urgency": "Motivo"},
        Question.MODALITY: {"modality": modality},
        Question.PLACE: {"place": "Sala"},
        Question.LINK: {"link": ""},
        Question.NATURE: {"correction": True},
        Question.REASON: {"reason": "Motivo"},
        Question.REMARK: {"reason": ""},
        Question.CONFIRM: {"confirmed": True},
    }
    asked = []
    while (question := draft.question) is not None:
        asked.append(question)
        draft = draft.model_copy(update=answers[question])
    return asked


@pytest.mark.parametrize(
    ("purpose", "modality", "asked"),
    [
        (Purpose.DATE, Modality.IN_PERSON, "date modality place"),
        (Purpose.DATE, Modality.REMOTE, "date modality link"),
        (Purpose.DATE, Modality.MIXED, "date modality place link"),
        (Purpose.ADD, Modality.IN_PERSON, "subject date urgent modality place confirm"),
        (Purpose.MOVE, Modality.REMOTE, "date modality link nature reason confirm"),
        (Purpose.AMEND, Modality.REMOTE, "nature reason confirm"),
        (Purpose.DEFER, Modality.MIXED, "reason confirm"),
        (Purpose.CANCEL, Modality.MIXED, "reason confirm"),
        (Purpose.CLOSE, Modality.MIXED, "remark"),
        (Purpose.CONVENE, Modality.MIXED, "reason confirm"),
    ],
)
def test_each_purpose_asks_what_it_needs(purpose: Purpose, modality: Modality, asked: str) -> None:
    assert " ".join(_asked(Draft(commission=1, purpose=purpose), modality)) == asked


def test_an_urgent_session_needs_a_reason() -> None:
    asked = _asked(Draft(commission=1, purpose=Purpose.ADD), Modality.REMOTE, urgent=True)
    assert " ".join(asked) == "subject date urgent urgency modality link confirm"
    urgent = Draft(commission=1, purpose=Purpose.ADD, subject="Tema", starts_at=AT, urgent=True)
    assert urgent.date_again().urgent is None  # another date may be in time


def test_an_answer_settles_the_present_question() -> None:
    closing = Draft(commission=1, purpose=Purpose.CLOSE)
    assert closing.answered("Con receso").reason == "Con receso"
    placing = Draft(commission=1, purpose=Purpose.DATE, starts_at=AT, modality=Modality.MIXED)
    assert placing.answered("Sala").place == "Sala"
    assert placing.answered("Sala").answered("https://example.org").link == "https://example.org"


def test_what_is_offered_is_taken_as_far_as_it_is_asked_about() -> None:
    offered = Venue(modality=Modality.MIXED, place="Sala", link="https://example.org")
    draft = Draft(commission=1, purpose=Purpose.DATE, starts_at=AT, offered=offered)
    assert draft.keep_offered().venue == offered
    remote = draft.model_copy(update={"modality": Modality.REMOTE})
    assert remote.keep_offered().venue == Venue(modality=Modality.REMOTE, link="https://example.org")
    in_person = draft.model_copy(update={"modality": Modality.IN_PERSON, "offered": Venue(modality=Modality.REMOTE)})
    assert in_person.keep_offered() == in_person  # there is no place to be kept
    assert Draft(commission=1, purpose=Purpose.DATE).keep_offered().venue is None


def test_to_correct_the_date_keeps_what_was_settled_within_reach() -> None:
    settled = Draft(
        commission=1,
        purpose=Purpose.MOVE,
        starts_at=AT,
        choices=(AT,),
        modality=Modality.IN_PERSON,
        place="Sala",
        reason="Motivo",
        confirmed=True,
    )
    again = settled.date_again()
    assert (again.question, again.options, again.confirmed) == (Question.DATE, (AT,), False)
    assert again.offered == Venue(modality=Modality.IN_PERSON, place="Sala")
    assert again.reason == "Motivo"
    assert again.date_again() == again


def test_nothing_is_changed_without_saying_what() -> None:
    with pytest.raises(ValueError, match="add"):
        _ = Draft(commission=1, purpose=Purpose.ADD).target
