"""What is sent again, when, and when not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.delivery import (
    Accepted,
    Decision,
    Migrated,
    NotDelivered,
    Outcome,
    Refused,
    RetryPolicy,
    Uncertain,
    Unreachability,
    Unreachable,
    Verdict,
)

NOW = datetime(2022, 4, 3, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
POLICY = RetryPolicy()

reasons = st.text(max_size=10)
waits = st.timedeltas(timedelta(0), timedelta(hours=2))
passing = st.builds(NotDelivered, reasons, waits) | st.builds(Uncertain, reasons) | st.builds(Migrated, st.integers())
final = (
    st.builds(Accepted, st.integers())
    | st.builds(Unreachable, st.sampled_from(Unreachability))
    | st.builds(Refused, reasons)
)


@st.composite
def cases(draw: st.DrawFn, outcomes: st.SearchStrategy[Outcome]) -> dict[str, Any]:
    outcome = draw(outcomes)
    attempts = draw(st.integers(1, 1000))
    return {
        "outcome": outcome,
        "attempts": attempts,
        "uncertain": draw(st.integers(int(isinstance(outcome, Uncertain)), attempts)),
        "resend_when_uncertain": draw(st.booleans()),
        "now": NOW,
        "useful_until": draw(st.none() | st.timedeltas(-timedelta(hours=1), timedelta(days=2)).map(NOW.__add__)),
    }


def decide(outcome: Outcome, attempts: int = 1, **changed: Any) -> Decision:
    case = {"uncertain": 0, "resend_when_uncertain": True, "now": NOW, "useful_until": None}
    return POLICY.decide(outcome, attempts, **{**case, **changed})


@given(cases(final))
def test_a_final_outcome_is_never_tried_again(case: dict[str, Any]) -> None:
    decision = POLICY.decide(**case)
    assert decision.at is None
    assert decision.verdict is (Verdict.SENT if isinstance(case["outcome"], Accepted) else Verdict.FAILED)


@given(cases(passing))
def test_an_attempt_is_neither_too_soon_nor_too_late(case: dict[str, Any]) -> None:
    decision = POLICY.decide(**case)
    assert (decision.at is not None) == (decision.verdict is Verdict.RETRY)
    if decision.at is None:
        return
    wait = decision.at - NOW
    asked = case["outcome"].after if isinstance(case["outcome"], NotDelivered) else timedelta(0)
    assert wait >= asked, "sooner than Telegram asked"
    doubtful = isinstance(case["outcome"], Uncertain)
    assert POLICY.first <= wait <= (max(POLICY.after_uncertain) if doubtful else max(POLICY.longest, asked))
    assert case["useful_until"] is None or decision.at < case["useful_until"]
    assert case["attempts"] < POLICY.most_attempts


@given(cases(passing))
def test_what_may_have_arrived_is_never_said_to_be_lost(case: dict[str, Any]) -> None:
    verdict = POLICY.decide(**case).verdict
    if case["uncertain"]:
        assert verdict in {Verdict.RETRY, Verdict.UNCERTAIN}
    else:
        assert verdict in {Verdict.RETRY, Verdict.EXPIRED, Verdict.FAILED}


@given(cases(st.builds(Uncertain, reasons)))
def test_what_may_have_arrived_is_sent_again_only_where_that_helps(case: dict[str, Any]) -> None:
    if POLICY.decide(**case).verdict is Verdict.RETRY:
        assert case["resend_when_uncertain"]
        assert case["uncertain"] <= len(POLICY.after_uncertain)


@given(st.integers(1, 60))
def test_the_pauses_grow(attempts: int) -> None:
    sooner, later = decide(NotDelivered("offline"), attempts), decide(NotDelivered("offline"), attempts + 1)
    assert sooner.at is not None
    assert later.at is not None
    assert sooner.at < later.at or later.at == NOW + POLICY.longest


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 10), (3, 20), (8, 640), (9, 900), (699, 900)])
def test_the_pauses(attempts: int, seconds: int) -> None:
    assert decide(NotDelivered("offline"), attempts) == Decision(Verdict.RETRY, NOW + seconds * SECOND, "offline")


def test_an_outage_of_a_week_is_outlived() -> None:
    now, attempts = NOW, 1
    while (decision := decide(NotDelivered("offline"), attempts, now=now)).at is not None:
        now, attempts = decision.at, attempts + 1
    assert decision == Decision(Verdict.FAILED, reason="offline")
    assert now - NOW > timedelta(days=7)


def test_telegram_says_how_long_to_wait() -> None:
    assert decide(NotDelivered("flood", 31 * SECOND)).at == NOW + 31 * SECOND
    assert decide(NotDelivered("flood", 3 * SECOND)).at == NOW + 5 * SECOND


def test_what_helps_nobody_any_more_expires() -> None:
    assert decide(NotDelivered("offline"), useful_until=NOW + 5 * SECOND) == Decision(Verdict.EXPIRED, reason="offline")
    assert decide(NotDelivered("offline"), useful_until=NOW + 6 * SECOND).verdict is Verdict.RETRY


def test_a_doubtful_reminder_is_doubled_and_a_digest_is_not() -> None:
    lost = Uncertain("no answer in time")
    pauses = {1: 5 * SECOND, 2: timedelta(minutes=10), 3: timedelta(hours=1)}
    for uncertain, pause in pauses.items():
        assert decide(lost, uncertain=uncertain) == Decision(Verdict.RETRY, NOW + pause, "no answer in time")
    assert decide(lost, uncertain=4) == Decision(Verdict.UNCERTAIN, reason="no answer in time")
    assert decide(lost, uncertain=1, resend_when_uncertain=False) == Decision(
        Verdict.UNCERTAIN, reason="no answer in time"
    )


def test_a_digest_that_certainly_did_not_go_out_is_sent_again() -> None:
    assert decide(NotDelivered("offline"), resend_when_uncertain=False).verdict is Verdict.RETRY


def test_a_group_that_moved_is_written_to_again() -> None:
    assert decide(Migrated(-100123)) == Decision(Verdict.RETRY, NOW + 5 * SECOND)


def test_the_reason_is_kept() -> None:
    assert decide(Unreachable(Unreachability.BLOCKED)) == Decision(Verdict.FAILED, reason="blocked")
    assert decide(Refused("Message is too long")) == Decision(Verdict.FAILED, reason="Message is too long")
    assert decide(Accepted(7)) == Decision(Verdict.SENT)
