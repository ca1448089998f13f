"""How a session stood at some instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prep_bot.domain.meeting import MeetingKind
from prep_bot.domain.rules import Rules
from prep_bot.simulation.expectation.history import Act, SessionHistory
from prep_bot.simulation.expectation.instants import wall


@dataclass
class Standing:
    """A session at some instant. `act` is the last thing done with it; None: it only has its month."""

    since: datetime
    act: Act | None = None
    starts_at: datetime | None = None
    convened_at: datetime | None = None
    """The sending instant of the convocation in force, if there is one."""
    made_at: datetime | None = None
    by: str = ""
    version: int = 0
    second_call: bool = False
    """It had no quorum, and was dated again."""


def standing_of(session: SessionHistory, now: datetime) -> Standing:
    """Return how the session stood then."""
    standing = Standing(since=session.known_at)
    for step in session.steps:
        if step.at > now:
            break
        if standing.act is Act.GATHERED and step.act is Act.DATED:
            standing.second_call = True
        if step.act is Act.CORRECTED:
            standing.version += 1
            continue
        standing.since, standing.act = step.at, step.act
        if step.act in (Act.DATED, Act.MOVED):
            standing.starts_at = step.starts_at
        if step.act is Act.CONVENED:
            standing.convened_at = max(step.sends_at or step.at, step.at)
        if step.act is Act.MOVED and standing.convened_at is not None:
            # What was to go out later still does, unless the session would have begun by then.
            too_late = standing.starts_at is None or standing.convened_at >= standing.starts_at
            standing.convened_at = step.at if too_late else max(step.at, standing.convened_at)
        if step.act in (Act.CONVENED, Act.MOVED):
            standing.made_at, standing.by = step.at, step.by
            standing.version += 1
        if step.act in (Act.DEFERRED, Act.CANCELLED, Act.HELD, Act.GATHERED):
            standing.convened_at = None
        if step.act is Act.DEFERRED:
            standing.starts_at = None
    return standing


def answered(session: SessionHistory, standing: Standing, now: datetime) -> set[str]:
    """Return who acknowledged the convocation in force, or was told by other means: whoever convened has, too."""
    since = standing.made_at or now
    return {standing.by} | {person for at, person in session.answers if since <= at <= now}


def expires(rules: Rules, session: SessionHistory, standing: Standing, starts_at: datetime) -> datetime:
    """Return when the notice term of a session that starts then expires. All days count here."""
    terms = rules.notice_terms
    term = terms.extraordinary if session.kind is MeetingKind.EXTRAORDINARY else terms.ordinary
    if session.kind is MeetingKind.URGENT:
        term = terms.urgent
    elif standing.second_call:
        term = terms.second_call
    if term.hours is not None:
        return starts_at - timedelta(hours=term.hours)
    local = starts_at.astimezone(rules.zone)
    return wall(rules, local.date() - timedelta(days=term.days or 0), local.time())
