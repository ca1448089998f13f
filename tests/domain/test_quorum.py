"""The quorum: how many it takes, whom the answers let expect, and who is there."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.quorum import Count, Forecast, Risk, count, forecast, required, worth_telling

answers = st.lists(st.none() | st.sampled_from(Answer), max_size=12)
attendances = st.lists(st.none() | st.sampled_from(Attendance), max_size=12)
rules = st.none() | st.integers(1, 12)


@pytest.mark.parametrize(
    ("voting", "needed"), [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4), (11, 6)]
)
def test_without_a_rule_more_than_half_are_needed(voting: int, needed: int) -> None:
    assert required(voting, None) == needed


@given(st.integers(0, 100))
def test_more_than_half_is_the_least_majority(voting: int) -> None:
    needed = required(voting, None)
    assert 2 * needed > voting
    assert 2 * (needed - 1) <= voting


@given(st.integers(0, 100), st.integers(1, 100))
def test_the_commissions_rule_goes_before(voting: int, rule: int) -> None:
    assert required(voting, rule) == rule


@given(answers, rules)
def test_everybody_is_counted_once(given_answers: list[Answer | None], rule: int | None) -> None:
    expected = forecast(given_answers, rule)
    assert expected.voting == len(given_answers)
    assert expected.absent == given_answers.count(Answer.ABSENT)
    assert expected.possible == given_answers.count(None)
    assert expected.confirmed + expected.possible + expected.absent == expected.voting


@given(answers, rules, st.data())
def test_only_a_no_can_put_the_quorum_out_of_reach(
    given_answers: list[Answer | None], rule: int | None, data: st.DataObject
) -> None:
    if not given_answers:
        return
    place, new = data.draw(st.integers(0, len(given_answers) - 1)), data.draw(st.sampled_from(Answer))
    before = forecast(given_answers, rule)
    after = forecast([*given_answers[:place], new, *given_answers[place + 1 :]], rule)
    if before.within_reach and not after.within_reach:
        assert new is Answer.ABSENT
    if new.attends and before.within_reach:
        assert after.within_reach


@given(answers, rules)
def test_the_order_does_not_matter(given_answers: list[Answer | None], rule: int | None) -> None:
    assert forecast(reversed(given_answers), rule) == forecast(given_answers, rule)


def test_of_three_one_may_be_missing() -> None:
    assert forecast([Answer.IN_PERSON, None, Answer.ABSENT], None) == Forecast(2, 3, 1, 1)
    assert forecast([Answer.REMOTE, None, Answer.ABSENT], None).within_reach
    assert not forecast([None, Answer.ABSENT, Answer.ABSENT], None).within_reach


@given(attendances, rules)
def test_whoever_attends_in_any_way_counts(recorded: list[Attendance | None], rule: int | None) -> None:
    counted = count(recorded, rule)
    there = recorded.count(Attendance.PRESENT) + recorded.count(Attendance.REMOTE)
    assert (counted.voting, counted.present) == (len(recorded), there)
    assert counted.met == (there >= required(len(recorded), rule))


@given(attendances, rules)
def test_one_more_never_undoes_a_quorum(recorded: list[Attendance | None], rule: int | None) -> None:
    for place in range(len(recorded)):
        more = count([*recorded[:place], Attendance.PRESENT, *recorded[place + 1 :]], rule)
        assert more.met or not count(recorded, rule).met


def test_of_three_two_are_enough() -> None:
    assert count([Attendance.PRESENT, Attendance.JUSTIFIED, None], None) == Count(2, 3, 1)
    assert count([Attendance.PRESENT, Attendance.REMOTE, None], None).met


@given(st.lists(st.none() | st.sampled_from(Answer), min_size=1, max_size=7), rules, st.data())
def test_no_situation_is_told_twice_in_an_hour_and_none_goes_untold(
    given_answers: list[Answer | None], rule: int | None, data: st.DataObject
) -> None:
    votes = dict(enumerate(given_answers))
    told: list[Risk] = []
    kept: list[int] = []
    before = forecast(votes.values(), rule)
    now = datetime(2022, 3, 1, 18, tzinfo=UTC)
    for _ in range(data.draw(st.integers(0, 20))):
        if told and data.draw(st.booleans()):
            kept.append(before.most)
        votes[data.draw(st.sampled_from(sorted(votes)))] = data.draw(st.sampled_from(Answer))
        now += timedelta(minutes=data.draw(st.sampled_from([0, 1, 59, 60])))
        after = forecast(votes.values(), rule)
        absent = frozenset(person for person, answer in votes.items() if answer is Answer.ABSENT)
        risk = Risk(now, after.most, absent)
        lately = [earlier for earlier in told if now - earlier.at < timedelta(hours=1)]
        if worth_telling(before, after, risk, told, kept):
            assert all(earlier.absent != absent for earlier in lately)
            assert not after.within_reach
            told.append(risk)
        elif before.within_reach and not after.within_reach:
            decided = kept and after.most >= min(earlier.most for earlier in told)
            assert decided or any(earlier.absent == absent for earlier in lately)
        before = after
