"""What a commission may set, and what is refused."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.rules import NoticeTerm, QuietHours, Reminders, Rules

PRIVACY = {"notice": "Se guarda su nombre y su identificador de Telegram."}


def rules(**sections: Any) -> Rules:
    return Rules.model_validate({"privacy": PRIVACY} | sections)


def test_the_defaults_are_the_table_of_messages() -> None:
    assert rules().zone == ZoneInfo("America/Mexico_City")
    assert rules().notice_terms.ordinary.hours == 72
    assert rules().notice_terms.extraordinary.hours == 24
    assert rules().quiet_hours == QuietHours(start=time(21), end=time(8), evening=time(20, 30))
    assert rules().reminders == Reminders(
        at=time(9),
        date_missing_days=(10, 5),
        convene_hours=(48, 24),
        chase_hours=24,
        meeting_hours=(24, 1),
        deadline_days=(7, 2),
        minimum_gap_hours=6,
    )


@pytest.mark.parametrize(
    ("kind", "call", "hours"),
    [
        (MeetingKind.INSTALLATION, 1, 72),
        (MeetingKind.ORDINARY, 1, 72),
        (MeetingKind.EXTRAORDINARY, 1, 24),
        (MeetingKind.URGENT, 1, 0),
        (MeetingKind.ORDINARY, 2, 24),
        (MeetingKind.ORDINARY, 3, 24),
        (MeetingKind.URGENT, 2, 0),
    ],
)
def test_each_kind_of_session_has_its_term(kind: MeetingKind, call: int, hours: int) -> None:
    assert rules().notice_terms.of(kind, call) == NoticeTerm(hours=hours)


def test_they_survive_their_storage() -> None:
    own = rules(
        timezone="America/Tijuana",
        reminders={"meeting_hours": [72, 24, 1]},
        quorum={"voting_members": 2},
        notice_terms={"ordinary": {"days": 3, "working": False, "article": "artículo 12"}},
        holidays={"electoral_process": False, "extra": ["2022-12-12"]},
    )
    assert Rules.model_validate(own.model_dump(mode="json")) == own


@pytest.mark.parametrize(
    ("sections", "complaint"),
    [
        ({"timezone": "Mexico_City"}, "IANA"),
        ({"reminders": {"meeting_hours": [1, 24]}}, "longest time first"),
        ({"reminders": {"deadline_days": [2, 2]}}, "longest time first"),
        ({"reminders": {"convene_hours": [24, 0]}}, "greater than or equal to 1"),
        ({"reminders": {"date_missing_days": [7, 6, 5, 4, 3, 2, 1]}}, "at most 6"),
        ({"reminders": {"chase_hours": 0}}, "greater than or equal to 1"),
        ({"reminders": {"every": 1}}, "Extra inputs"),
        ({"quiet_hours": {"evening": "21:00"}}, "`evening` lies outside"),
        ({"quiet_hours": {"evening": "07:00"}}, "`evening` lies outside"),
        ({"quiet_hours": {"start": "08:00", "end": "21:00"}}, "from an evening to a morning"),
        ({"notice_terms": {"ordinary": {"hours": -1}}}, "greater than or equal to 0"),
        ({"notice_terms": {"ordinary": {"article": "artículo 12"}}}, "either in hours"),
        ({"notice_terms": {"urgent": {"hours": 1, "days": 1}}}, "either in hours"),
        ({"notice_terms": {"second_call": {"days": 61}}}, "less than or equal to 60"),
        ({"quorum": {"voting_members": 0}}, "greater than or equal to 1"),
        ({"privacy": {"notice": "Breve."}}, "at least 40"),
    ],
)
def test_what_makes_no_sense_is_refused(sections: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        rules(**sections)


def test_a_ladder_may_be_empty_and_quiet_hours_may_be_none() -> None:
    silent = rules(reminders={"meeting_hours": []}, quiet_hours={"start": "00:00", "end": "00:00"})
    assert silent.reminders.meeting_hours == ()
