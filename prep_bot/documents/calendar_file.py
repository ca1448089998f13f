"""A session for calendars (.ics), with alarms a day and an hour before."""

from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event, vText

from prep_bot.documents.wording import mark, number_of, plain, words_of
from prep_bot.i18n import DEFAULT_LOCALE, speaking, t
from prep_bot.services.papers import ConvocationPaper, Standing

LASTS = timedelta(hours=2)
"""How much of the day it takes: nobody says how long a session will be, and calendars want to know. As much as keeps
two sessions from clashing; the entry says that it is an estimate."""

_ALARMS = (timedelta(hours=24), timedelta(hours=1))


def calendar_file(paper: ConvocationPaper) -> bytes:
    """Return the session as the newest version of its convocation, which `paper` is, leaves it.

    Each version goes over the one before in whatever calendar took that, and calling it off strikes it out.
    """
    called_off = paper.standing is Standing.CALLED_OFF
    with speaking(DEFAULT_LOCALE):
        calendar = Calendar()
        calendar.add("prodid", "-//prep-bot//ES")
        calendar.add("version", "2.0")
        calendar.add("method", "CANCEL" if called_off else "PUBLISH")
        calendar.add_component(_event(paper, called_off=called_off))
        return bytes(calendar.to_ical())


def _event(paper: ConvocationPaper, *, called_off: bool) -> Event:
    particulars, words = paper.particulars, words_of(paper)
    name = plain(t("{mark}: {session}", mark=mark(), session=words.session)) if paper.simulated else words.session
    event = Event()
    event.add("uid", f"{paper.uid}@prep-bot")
    # Two numbers for each version: the second one calls it off, and the next version comes after both.
    event.add("sequence", 2 * paper.version + called_off)
    event.add("dtstamp", paper.ended_at if called_off and paper.ended_at else paper.made_at)
    event.add("dtstart", particulars.starts_at.astimezone(UTC))
    event.add("dtend", particulars.starts_at.astimezone(UTC) + LASTS)
    event.add("status", "CANCELLED" if called_off else "CONFIRMED")
    event.add("summary", name)
    if words.place or words.link:
        event.add("location", words.place or words.link)
    if words.link:
        event.add("url", words.link)
    event.add("description", _description(paper))
    if not called_off:
        for before in _ALARMS:
            event.add_component(_alarm(name, before))
    return event


def _description(paper: ConvocationPaper) -> str:
    words = words_of(paper)
    lines = [plain(t("Convocatoria {number}, versión {version}", number=number_of(paper), version=paper.version))]
    lines += [words.commission, *(f"{point.number}. {point.text}" for point in words.points)]
    lines.append(plain(t("La hora de término es estimada.")))
    return "\n".join([*lines, *([words.link] if words.link else [])])


def _alarm(name: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", vText(name))
    return alarm
