"""A session for calendars: it stays the same event whatever becomes of it, and says so."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from prep_bot.documents.calendar_file import LASTS, calendar_file
from prep_bot.services.papers import ConvocationPaper, Standing
from tests.documents.conftest import AWKWARD
from tests.support.small_plan import NOW


def event_in(content: bytes) -> Event:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_what_it_says(paper: ConvocationPaper) -> None:
    event, particulars = event_in(calendar_file(paper)), paper.particulars
    assert event["summary"] == particulars.name
    assert event.decoded("dtstart") == particulars.starts_at
    assert event["dtstart"].to_ical() == b"20220224T170000Z"
    assert event.decoded("dtend") == particulars.starts_at + LASTS
    assert event["location"] == particulars.place
    assert event["url"] == particulars.link
    assert event["status"] == "CONFIRMED"
    assert event["uid"] == "prep.segunda@prep-bot"
    assert event["description"].splitlines() == [
        "Convocatoria 3/2022, versión 2",
        "Comisión del PREP",
        "1. Lista de asistencia.",
        f"2. Informe de {AWKWARD}",
        "La hora de término es estimada.",
        particulars.link,
    ]


def test_it_rings_a_day_and_an_hour_before(paper: ConvocationPaper) -> None:
    alarms = event_in(calendar_file(paper)).walk("VALARM")
    assert [alarm.decoded("trigger") for alarm in alarms] == [timedelta(days=-1), timedelta(hours=-1)]
    assert {str(alarm["action"]) for alarm in alarms} == {"DISPLAY"}


def test_lines_are_escaped_and_folded(paper: ConvocationPaper) -> None:
    lines = calendar_file(paper).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert rb"LOCATION:Sala de sesiones\, calle 5\; piso 2\, Oaxaca" in lines


@pytest.mark.parametrize("standing", [Standing.IN_FORCE, Standing.REPLACED, Standing.OVER])
def test_it_is_published(paper: ConvocationPaper, standing: Standing) -> None:
    calendar = Calendar.from_ical(calendar_file(replace(paper, standing=standing)))
    assert calendar["method"] == "PUBLISH"
    assert calendar["version"] == "2.0"


def test_called_off_it_is_cancelled(paper: ConvocationPaper) -> None:
    off = calendar_file(replace(paper, standing=Standing.CALLED_OFF, ended_at=NOW))
    assert Calendar.from_ical(off)["method"] == "CANCEL"
    event = event_in(off)
    assert event["status"] == "CANCELLED"
    assert event["uid"] == event_in(calendar_file(paper))["uid"]
    assert event.decoded("dtstamp") == NOW
    assert not event.walk("VALARM")


@given(st.lists(st.booleans(), min_size=2, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_comes_later_goes_over_what_came_before(paper: ConvocationPaper, called_off: list[bool]) -> None:
    """Versions one after another, some of them called off before the next."""
    sequences = []
    for version, off in enumerate(called_off, start=1):
        now = replace(paper, version=version)
        sequences.append(event_in(calendar_file(now))["sequence"])
        if off:
            sequences.append(event_in(calendar_file(replace(now, standing=Standing.CALLED_OFF)))["sequence"])
    assert sequences == sorted(set(sequences))


def test_a_session_at_a_distance_has_its_link_as_its_place(paper: ConvocationPaper) -> None:
    remote = paper.particulars.model_copy(update={"place": ""})
    assert event_in(calendar_file(replace(paper, particulars=remote)))["location"] == paper.particulars.link
    nowhere = remote.model_copy(update={"link": ""})
    assert "location" not in event_in(calendar_file(replace(paper, particulars=nowhere)))


def test_a_simulation_says_so(paper: ConvocationPaper) -> None:
    event = event_in(calendar_file(replace(paper, simulated=True)))
    assert event["summary"] == "SIMULACIÓN, SIN VALIDEZ: Segunda sesión ordinaria"


def test_the_same_data_give_the_same_bytes(paper: ConvocationPaper) -> None:
    assert calendar_file(paper) == calendar_file(paper)
