"""When signatures make a majority, and until when a petition can be signed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.petition import Part, PetitionState, Proposal, lapse, majority, reaches, state_of

ZONE = ZoneInfo("America/Mexico_City")
people = st.frozensets(st.integers(1, 9))
instants = st.datetimes(datetime(2021, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(("voting", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (7, 4)])
def test_more_than_half(voting: int, needed: int) -> None:
    assert majority(voting) == needed


@given(st.integers(0, 1000))
def test_a_majority_is_the_least_number_whose_opposition_is_smaller(voting: int) -> None:
    needed = majority(voting)
    assert needed > voting - needed
    assert needed - 1 <= voting - (needed - 1)


@given(people, people)
def test_only_who_votes_counts(signed: frozenset[int], voting: frozenset[int]) -> None:
    assert reaches(signed, voting) == (sum(person in voting for person in signed) * 2 > len(voting))


@given(people, people, people)
def test_two_disjoint_groups_never_both_make_one(
    one: frozenset[int], other: frozenset[int], all_: frozenset[int]
) -> None:
    assert not (reaches(one, all_) and reaches(other - one, all_))


@given(people, people, st.integers(1, 9))
def test_a_signature_more_never_undoes_it(signed: frozenset[int], voting: frozenset[int], person: int) -> None:
    assert not reaches(signed, voting) or reaches(signed | {person}, voting)


@given(instants, st.integers(1, 90))
def test_it_lapses_at_the_end_of_a_day(made_at: datetime, days: int) -> None:
    end = lapse(made_at, days, ZONE)
    assert end.astimezone(ZONE).time() == time(23, 59)
    assert end.astimezone(ZONE).date() - made_at.astimezone(ZONE).date() == timedelta(days=days)


@given(instants, instants, st.one_of(st.none(), instants), st.one_of(st.none(), instants))
def test_it_is_open_until_something_ends_it(
    now: datetime, lapses_at: datetime, reached_at: datetime | None, withdrawn_at: datetime | None
) -> None:
    state = state_of(reached_at, withdrawn_at, lapses_at, now)
    assert (state is PetitionState.REACHED) == (reached_at is not None)
    ended = reached_at is not None or withdrawn_at is not None
    assert (state is PetitionState.OPEN) == (not ended and now < lapses_at)
    assert (state is PetitionState.LAPSED) == (not ended and now >= lapses_at)


def test_a_proposal_lacks_its_topic_and_then_its_reason() -> None:
    empty = Proposal(commission=1)
    topic = empty.model_copy(update={"topic": "Tema"})
    whole = topic.model_copy(update={"reason": "Motivo"})
    assert [empty.lacks, topic.lacks, whole.lacks] == [Part.TOPIC, Part.REASON, None]
    assert len({empty.stamp, topic.stamp, whole.stamp}) == 3
    assert whole.stamp == Proposal(commission=1, topic="Tema", reason="Motivo").stamp
