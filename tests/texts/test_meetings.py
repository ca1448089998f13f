"""Sessions in each of their states, as the calendar shows them and each by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import meetings
from prep_bot.texts.message import Message
from tests.support.views import agenda_view, meeting_view

ZONE = ZoneInfo("America/Mexico_City")
BEGINS = datetime(2022, 2, 24, 17, tzinfo=UTC)


def _in_state(state: MeetingState, number: int) -> MeetingView:
    view = meeting_view(number=number, state=state, topics=("Lista de asistencia.",))
    if state.undated:
        return view
    held_on = date(2022, 2, 24) if state is MeetingState.HELD else None
    place, link = "Sala de Sesiones", "https://example.org/sala"
    return replace(view, starts_at=BEGINS, held_on=held_on, modality=Modality.REMOTE, place=place, link=link)


ALL = [_in_state(state, number) for number, state in enumerate(MeetingState, start=1)]


def _shown(message: Message) -> str:
    return "\n".join([message.text, *(" ".join(f"[{button.label}]" for button in row) for row in message.buttons)])


def test_the_calendar_shows_every_state(snapshot: SnapshotAssertion) -> None:
    assert _shown(meetings.calendar(1, ALL, ZONE)) == snapshot


def test_a_session_in_every_state(snapshot: SnapshotAssertion) -> None:
    assert "\n\n".join(_shown(meetings.meeting(agenda_view(view), ZONE)) for view in ALL) == snapshot


def test_the_next_session_once_it_is_convened(snapshot: SnapshotAssertion) -> None:
    convened = _in_state(MeetingState.CONVENED, 5)
    assert (
        _shown(meetings.next_meeting(agenda_view(convened, convened=True), datetime(2022, 2, 22, 18, tzinfo=UTC), ZONE))
        == snapshot
    )


def test_a_cancelled_session_that_never_had_a_date() -> None:
    shown = meetings.meeting(agenda_view(meeting_view(state=MeetingState.CANCELLED)), ZONE).text
    assert shown.endswith("\n✖️ Febrero de 2022, cancelada")
