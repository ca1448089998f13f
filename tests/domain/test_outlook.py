"""What a session's date leaves time for, against the calendar of messages itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.outlook import outlook
from prep_bot.domain.rules import NoticeTerm, NoticeTerms, Privacy, Reminders, Rules

ZONE = ZoneInfo("America/Mexico_City")
RULES = Rules(privacy=Privacy(notice="x" * 40))
STARTS = datetime(2022, 2, 24, 11, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("kind", "now", "late", "missed", "dropped"),
    [
        (MeetingKind.ORDINARY, "2022-02-05T10:00", False, 0, ()),
        (MeetingKind.ORDINARY, "2022-02-19T11:00", False, 0, ()),
        (MeetingKind.ORDINARY, "2022-02-19T11:01", False, 1, ()),
        (MeetingKind.ORDINARY, "2022-02-20T11:01", False, 2, ()),
        (MeetingKind.ORDINARY, "2022-02-21T11:00", False, 2, ()),
        (MeetingKind.ORDINARY, "2022-02-21T11:01", True, 2, ()),
        (MeetingKind.EXTRAORDINARY, "2022-02-21T11:01", False, 1, ()),
        (MeetingKind.EXTRAORDINARY, "2022-02-23T11:01", True, 2, (24,)),
        (MeetingKind.URGENT, "2022-02-24T10:59", False, 2, (24, 1)),
        (MeetingKind.ORDINARY, "2022-02-23T05:00", True, 2, ()),
        (MeetingKind.ORDINARY, "2022-02-23T05:01", True, 2, (24,)),
        (MeetingKind.ORDINARY, "2022-02-24T04:00", True, 2, (24,)),
        (MeetingKind.ORDINARY, "2022-02-24T04:01", True, 2, (24, 1)),
    ],
)
def test_what_there_is_time_for(kind: MeetingKind, now: str, late: bool, missed: int, dropped: tuple[int, ...]) -> None:
    view = outlook(RULES, kind, 1, STARTS, datetime.fromisoformat(now).replace(tzinfo=ZONE))
    assert (not view.term.in_time, view.calls_missed, view.reminders_dropped) == (late, missed, dropped)
    assert view.term.expires_at == STARTS - timedelta(hours=view.term.minimum)


def test_the_commission_sets_the_figures() -> None:
    rules = RULES.model_copy(
        update={
            "notice_terms": NoticeTerms(ordinary=NoticeTerm(hours=48, article="artículo 12")),
            "reminders": Reminders(convene_hours=(12,), meeting_hours=(30, 20, 2)),
        }
    )
    view = outlook(rules, MeetingKind.ORDINARY, 1, STARTS, STARTS - timedelta(hours=27))
    assert view.term.article == "artículo 12"
    assert view.term.expires_at == STARTS - timedelta(hours=48)
    assert (not view.term.in_time, view.calls_missed, view.reminders_dropped) == (True, 1, (30,))


def test_a_second_call_has_a_term_of_its_own() -> None:
    now = STARTS - timedelta(hours=30)
    assert not outlook(RULES, MeetingKind.ORDINARY, 1, STARTS, now).term.in_time
    assert outlook(RULES, MeetingKind.ORDINARY, 2, STARTS, now).term.in_time
