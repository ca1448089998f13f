"""The books of a performance, from records and logs made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.month import Month
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.domain.role import Role
from prep_bot.services.activities import ActivityView
from prep_bot.services.members import Member, Reach
from prep_bot.services.outbox import NoticeRecord
from prep_bot.simulation.expectation.table import Expected
from prep_bot.simulation.messages import LogEntry
from prep_bot.simulation.reckoning import Evidence, Reckoning, Records, reckon
from prep_bot.texts.actions.action import Action
from prep_bot.texts.actions.answers import Acknowledge
from prep_bot.texts.actions.people import AcceptPrivacy
from prep_bot.texts.actions.plan import RecordProgress, UndoProgress

NOON = datetime(2022, 2, 1, 18, tzinfo=UTC)
ZONE = ZoneInfo("America/Mexico_City")
ANA, BETO, GROUP = 11, 22, -33
NAMES = {ANA: "Ana", BETO: "Beto"}


def wrote(chat: int, message: int, text: str = "Aviso", minutes: int = 0) -> LogEntry:
    at = NOON + timedelta(minutes=minutes)
    return LogEntry(at, "out", "sendMessage", chat, None, message, text, text)


def tapped(chat: int, action: Action) -> LogEntry:
    return LogEntry(NOON, "in", "callback_query", chat, chat, 1, "…", "…", data=action.encode())


def notice(cause: str = "n:1", recipient: str | None = "Ana", message: int | None = 7, **other: object) -> NoticeRecord:
    record = NoticeRecord(cause, NoticeKind.RELINKED, None, {}, recipient, NOON, NoticeState.SENT, 1, message, 0)
    return replace(record, **other)  # type: ignore[arg-type]


def books(
    *notices: NoticeRecord,
    log: list[LogEntry],
    activities: tuple[ActivityView, ...] = (),
    members: tuple[Member, ...] = (),
) -> Reckoning:
    records = Records(NOON + timedelta(hours=1), ZONE, activities, members=members, notices=notices)
    unprompted = frozenset((e.chat_id, e.message_id or 0) for e in log if e.direction == "out")
    return reckon(records, Evidence(log, unprompted, NAMES))


def figures(reckoning: Reckoning) -> tuple[int, int, int]:
    return reckoning.summary.lost, reckoning.summary.duplicated, reckoning.summary.resent


def test_a_notice_that_was_told_once_is_in_order() -> None:
    reckoning = books(notice(), log=[wrote(ANA, 7)])
    assert figures(reckoning) == (0, 0, 0)
    assert reckoning.summary.notices == 1
    assert reckoning.causes == {(ANA, 7): ("n:1",)}
    assert reckoning.disagreements == ()


def test_one_message_can_carry_several_notices() -> None:
    reckoning = books(notice("n:1"), notice("n:2"), log=[wrote(ANA, 7)])
    assert reckoning.causes == {(ANA, 7): ("n:1", "n:2")}
    assert reckoning.summary.notices == 2
    assert reckoning.disagreements == ()


def test_a_group_is_nobodys_private_chat() -> None:
    assert books(notice(recipient=None), log=[wrote(GROUP, 7)]).causes == {(GROUP, 7): ("n:1",)}
    assert figures(books(notice(recipient=None), log=[wrote(ANA, 7)])) == (1, 1, 0)


@pytest.mark.parametrize(
    "log",
    [
        [],
        [wrote(BETO, 7)],
        [wrote(ANA, 8)],
        [replace(wrote(ANA, 7), accepted=False)],
        [replace(wrote(ANA, 7), method="editMessageText")],
    ],
    ids=["nothing", "another's", "another message", "refused", "an edit"],
)
def test_what_is_recorded_as_sent_and_is_not_in_the_log_is_lost(log: list[LogEntry]) -> None:
    reckoning = books(notice(), log=log)
    assert reckoning.summary.lost == 1
    assert "lost: the log has no message of n:1" in reckoning.disagreements


def test_what_is_due_and_was_never_sent_is_lost() -> None:
    waiting = notice(message=None, state=NoticeState.QUEUED, delivery_id=None)
    assert figures(books(waiting, log=[])) == (1, 0, 0)
    assert figures(books(replace(waiting, due_at=NOON + timedelta(days=1)), log=[])) == (0, 0, 0)


@pytest.mark.parametrize("state", [NoticeState.FAILED, NoticeState.EXPIRED, NoticeState.UNCERTAIN])
def test_what_is_recorded_as_not_sent_is_not_lost(state: NoticeState) -> None:
    reckoning = books(notice(message=None, state=state), log=[])
    assert figures(reckoning) == (0, 0, 0)
    assert reckoning.summary.notices == 0
    assert reckoning.disagreements == ()


def test_what_the_log_has_twice_is_duplicated() -> None:
    reckoning = books(notice(), log=[wrote(ANA, 7), wrote(ANA, 7)])
    assert figures(reckoning) == (0, 1, 0)
    assert reckoning.disagreements == ("duplicated: the log has n:1 once more",)


def test_what_was_sent_again_in_doubt_is_resent_and_the_first_one_has_the_causes() -> None:
    log = [wrote(ANA, 6), wrote(ANA, 7, minutes=1)]
    reckoning = books(notice(uncertain=1), log=log)
    assert figures(reckoning) == (0, 0, 1)
    assert reckoning.causes == {(ANA, 6): ("n:1",)}
    assert reckoning.disagreements == ()


def test_more_copies_than_there_were_doubts_are_duplicates() -> None:
    log = [wrote(ANA, 5), wrote(ANA, 6), wrote(ANA, 7, minutes=1)]
    assert figures(books(notice(uncertain=1), log=log)) == (0, 1, 1)
    assert figures(books(notice(uncertain=0), log=log)) == (0, 2, 0)


def test_another_text_or_another_chat_is_no_copy() -> None:
    log = [wrote(ANA, 5, "Otra cosa"), wrote(BETO, 6), wrote(ANA, 7)]
    assert figures(books(notice(uncertain=2), log=log)) == (0, 2, 0)


def test_two_notices_of_the_same_words_are_not_copies() -> None:
    first, second = notice("n:1", message=6, delivery_id=1, uncertain=1), notice("n:2", message=7, delivery_id=2)
    reckoning = books(first, second, log=[wrote(ANA, 6), wrote(ANA, 7)])
    assert figures(reckoning) == (0, 0, 0)
    assert reckoning.causes == {(ANA, 6): ("n:1",), (ANA, 7): ("n:2",)}


def test_what_may_have_been_sent_and_was_is_explained() -> None:
    reckoning = books(notice(message=None, state=NoticeState.UNCERTAIN, uncertain=1), log=[wrote(ANA, 7)])
    assert figures(reckoning) == (0, 0, 0)
    assert reckoning.causes == {(ANA, 7): ("n:1",)}


def test_a_message_that_no_record_explains_is_told() -> None:
    reckoning = books(log=[wrote(ANA, 7)])
    assert reckoning.disagreements == ("duplicated: no record explains message 7 of 2022-02-01 18:00",)


def test_an_answer_needs_no_record() -> None:
    log = [wrote(ANA, 7)]
    records = Records(NOON, ZONE)
    assert reckon(records, Evidence(log, frozenset(), NAMES)).disagreements == ()


def activity(number: int, state: ActivityState) -> ActivityView:
    return ActivityView(number, 1, number, Month(2022, 1), "Simulacros", date(2022, 1, 31), state)


def recorded(number: int, state: ActivityState) -> LogEntry:
    return tapped(ANA, RecordProgress(commission=1, number=number, state=state, after=0))


def test_progress_is_what_people_tapped() -> None:
    activities = (activity(1, ActivityState.DONE), activity(2, ActivityState.PENDING))
    log = [recorded(1, ActivityState.DONE), recorded(2, ActivityState.DONE), tapped(ANA, UndoProgress(1, 2))]
    reckoning = books(log=log, activities=activities)
    assert (reckoning.summary.done, reckoning.summary.overdue) == (1, 1)
    assert reckoning.disagreements == ()


@pytest.mark.parametrize("log", [[], [recorded(1, ActivityState.IN_PROGRESS)], [recorded(2, ActivityState.DONE)]])
def test_progress_that_nobody_tapped_is_told(log: list[LogEntry]) -> None:
    activities = (activity(1, ActivityState.DONE), activity(2, ActivityState.PENDING))
    told = books(log=log, activities=activities).disagreements
    assert any(line.startswith("activities done: the records say [1], the log says") for line in told)
    assert any(line.startswith("activities overdue: the records say [2], the log says") for line in told)


def member(name: str, enrolled: datetime | None) -> Member:
    return Member(1, 1, name, "", Role.MEMBER, "", date(2022, 1, 1), None, Reach.REACHABLE, enrolled)


def test_people_enrol_by_accepting() -> None:
    accepted = tapped(ANA, AcceptPrivacy("código"))
    members = (member("Ana", NOON), member("Beto", None))
    reckoning = books(log=[accepted], members=members)
    assert reckoning.summary.enrolled == 1
    assert reckoning.disagreements == ()
    assert books(log=[], members=members).disagreements == (
        "people enrolled: the records say ['Ana'], the log says []",
    )


def test_a_second_phone_is_the_same_person() -> None:
    log = [tapped(ANA, AcceptPrivacy("a")), tapped(BETO, AcceptPrivacy("b"))]
    records = Records(NOON, ZONE, members=(member("Ana", NOON),))
    reckoning = reckon(records, Evidence(log, frozenset(), {ANA: "Ana", BETO: "Ana"}))
    assert reckoning.disagreements == ()


def reminder(**other: object) -> NoticeRecord:
    return replace(notice("reminder:1"), **{"kind": NoticeKind.REMINDER, "meeting": 3, "message_id": 7} | other)  # type: ignore[arg-type]


FORESEEN = Expected(NOON, NoticeKind.REMINDER, "Ana", "3", until=NOON + timedelta(hours=2))


def held(*notices: NoticeRecord, expected: list[Expected], minutes: int = 0) -> tuple[str, ...]:
    """Return in what a notice's record and its message, that many minutes late, differ from what had to be told."""
    log = [wrote(ANA, 7, minutes=minutes)] if any(each.message_id for each in notices) else []
    records = Records(NOON + timedelta(hours=1), ZONE, notices=notices)
    return reckon(records, Evidence(log, frozenset({(ANA, 7)}), NAMES, expected)).disagreements


def test_what_was_told_as_it_had_to_be_is_in_order() -> None:
    assert held(reminder(), expected=[FORESEEN]) == ()


def test_what_had_to_be_told_and_is_not_on_record_is_lost() -> None:
    assert held(expected=[FORESEEN]) == ("lost: nothing is on record of reminder of 2022-02-01 18:00 to Ana about 3",)


def test_what_was_told_and_had_not_to_be_is_one_too_many() -> None:
    assert held(reminder(), expected=[]) == ("duplicated: nothing asks for reminder:1",)


def test_another_instant_or_another_person_is_another_occasion() -> None:
    late, other = replace(FORESEEN, at=NOON + timedelta(seconds=1)), replace(FORESEEN, recipient="Beto")
    assert len(held(reminder(), expected=[late])) == len(held(reminder(), expected=[other])) == 2


def test_a_message_that_goes_out_late_is_told() -> None:
    assert held(reminder(), expected=[FORESEEN], minutes=1) == ()
    assert held(reminder(), expected=[FORESEEN], minutes=2) == (
        "reminder:1 was told at 2022-02-01 18:02, and should have been at 2022-02-01 18:00",
    )
    seen_later = replace(FORESEEN, seen_at=NOON + timedelta(minutes=2))
    assert held(reminder(), expected=[seen_later], minutes=2) == ()


def test_what_could_not_be_told_in_time_or_at_all_must_be_on_record_as_such() -> None:
    expired = reminder(message_id=None, state=NoticeState.EXPIRED)
    failed = reminder(message_id=None, state=NoticeState.FAILED)
    too_late = replace(FORESEEN, seen_at=NOON + timedelta(hours=2))
    blocked = replace(FORESEEN, reached=False)
    assert held(expired, expected=[too_late]) == held(failed, expected=[blocked]) == ()
    assert held(expired, expected=[FORESEEN]) == ("reminder:1 is expired, and should be sent",)
    assert held(failed, expected=[too_late]) == ("reminder:1 is failed, and should be expired",)


def test_an_acknowledgement_is_a_tap() -> None:
    records = Records(NOON, ZONE, acknowledgements=frozenset({(1, "Ana")}))
    assert reckon(records, Evidence([tapped(ANA, Acknowledge(1))], names=NAMES)).disagreements == ()
    assert reckon(records, Evidence([tapped(BETO, Acknowledge(1))], names=NAMES)).disagreements == (
        "acknowledgements: the records say [(1, 'Ana')], the log says [(1, 'Beto')]",
    )


def test_the_messages_that_the_bot_began_are_counted_by_recipient_and_month() -> None:
    log = [wrote(ANA, 7), wrote(ANA, 8, minutes=60 * 24 * 30), wrote(GROUP, 7), wrote(ANA, 9)]
    evidence = Evidence(log, frozenset({(ANA, 7), (ANA, 8), (GROUP, 7)}), NAMES)
    assert reckon(Records(NOON, ZONE), evidence).summary.by_month == {
        "Ana": {"2022-02": 1, "2022-03": 1},
        "grupo": {"2022-02": 1},
    }
