"""What a bot that looks at certain instants finds to be told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from prep_bot.simulation.expectation.convoking import Convoking
from prep_bot.simulation.expectation.history import History, blocked
from prep_bot.simulation.expectation.table import Expected, calendar


def expected(history: History, looks: Iterable[datetime]) -> list[Expected]:
    """Return what a bot that looks at those instants, in their order, finds to be told, the earliest first.

    It looks at least whenever somebody does something, and then it knows of that.
    """
    found: list[Expected] = []
    convoking = Convoking(history)
    before = history.activated_at
    for now in looks:
        due = [e for e in calendar(history, now) if before < e.at <= now]
        due += convoking.due(before, now)
        found += [replace(e, seen_at=now, reached=not blocked(history, e.recipient, now)) for e in due]
        before = now
    return sorted(found)


def moments(history: History, end: datetime, outages: Sequence[tuple[datetime, datetime]] = ()) -> tuple[datetime, ...]:
    """Return when a bot looks that misses nothing up to `end`: whenever something is due and whenever somebody acts.

    What falls between the beginning and the end of an outage is seen at that outage's end.
    """
    acts = _acts(history)
    found = set(acts)
    for act in acts:
        found |= {e.at for e in calendar(history, act)}
    seen = set()
    for moment in found:
        for start, stop in outages:
            if start <= moment < stop:
                moment = stop
        if history.activated_at <= moment <= end:
            seen.add(moment)
    return tuple(sorted(seen))


def _acts(history: History) -> set[datetime]:
    acts = {history.activated_at}
    if history.group_linked_at is not None:
        acts.add(history.group_linked_at)
    for person in history.people:
        if person.enrolled_at is not None:
            acts.add(max(person.enrolled_at, history.activated_at))
        acts |= {at for at, _ in person.hour_reminder + person.monthly_summary}
        acts |= {at for period in person.blocked for at in period if at is not None}
    for activity in history.activities:
        acts |= {at for at, _ in activity.open}
    for session in history.sessions:
        acts |= {session.known_at, *(at for at, _ in session.answers), *(step.at for step in session.steps)}
        acts |= {step.sends_at for step in session.steps if step.sends_at is not None}
    return acts
