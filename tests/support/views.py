"""A session, and its agenda, as the texts are given them, where the test says only what matters to it."""

from datetime import UTC, datetime
from typing import Any

from prep_bot.domain.meeting import MeetingKind, MeetingState
from prep_bot.domain.month import Month
from prep_bot.domain.particulars import Point
from prep_bot.services.agenda import AgendaView
from prep_bot.services.meetings import MeetingView


def meeting_view(**values: Any) -> MeetingView:
    """Return the third ordinary session, undated, with other values."""
    usual: dict[str, Any] = {
        "id": 5,
        "commission_id": 1,
        "number": 5,
        "kind": MeetingKind.ORDINARY,
        "name": "Tercera sesión ordinaria",
        "month": Month(2022, 2),
        "state": MeetingState.UNSCHEDULED,
        "starts_at": None,
        "held_on": None,
        "modality": None,
        "place": "",
        "link": "",
        "topics": (),
        "note": "",
        "since": datetime(2021, 12, 1, tzinfo=UTC),
    }
    return MeetingView(**(usual | values))


def agenda_view(meeting: MeetingView, **values: Any) -> AgendaView:
    """Return the agenda of a session that nobody has drawn up, as a reader sees it, with other values."""
    usual: dict[str, Any] = {
        "meeting": meeting,
        "points": tuple(Point(text=topic) for topic in meeting.topics),
        "papers": (),
        "drawn_up": False,
        "convened": False,
        "editable": False,
        "keeps_record": False,
        "untold": False,
    }
    return AgendaView(**(usual | values))
