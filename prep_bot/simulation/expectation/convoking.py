"""Convocations, changes and cancellations: to each convened person, once, and again if it could not reach them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from prep_bot.domain.notice import NoticeKind
from prep_bot.simulation.expectation.history import (
    GROUP,
    Act,
    History,
    SessionHistory,
    blocked,
    convened_to,
    enrolled,
    linked,
)
from prep_bot.simulation.expectation.standing import standing_of
from prep_bot.simulation.expectation.table import Expected


@dataclass
class Convoking:
    """What is told of convocations; it remembers who still has to get them."""

    history: History
    waiting: list[tuple[Expected, int]] = field(default_factory=list)
    """To be told, and of which version of the session's convocation."""
    had: set[tuple[str, int, str]] = field(default_factory=set)
    """Session, version and person of those that went out or wait."""
    told: dict[tuple[str, str], Act] = field(default_factory=dict)
    """Session and recipient: the last that reached them of it, whether it is convened, deferred or cancelled."""
    missed: dict[tuple[str, str], tuple[Act, Expected]] = field(default_factory=dict)
    """Session and person: that it is deferred or cancelled, while they had blocked the bot."""

    def due(self, before: datetime, now: datetime) -> Iterator[Expected]:
        """Yield what is told at `now`, of which the look at `before` did not know."""
        for session in self.history.sessions:
            for place, step in enumerate(session.steps):
                if before < step.at <= now:
                    yield from self._done(session, place, now)
            yield from self._come_back(session, now)
            self._latecomers(session, now)
        due = [(e, version) for e, version in self.waiting if e.at <= now]
        self.waiting = [(e, version) for e, version in self.waiting if e.at > now]
        for e, version in due:
            session = next(s for s in self.history.sessions if s.key == e.subject)
            standing = standing_of(session, now)
            if standing.convened_at is None or standing.version != version:
                continue
            yield e
            in_time = e.until is None or now < e.until
            if in_time and blocked(self.history, e.recipient, now):
                self.had.remove((e.subject, version, e.recipient))
            elif in_time:
                self.told[e.subject, e.recipient] = Act.CONVENED

    def _done(self, session: SessionHistory, place: int, now: datetime) -> Iterator[Expected]:
        step = session.steps[place]
        was = standing_of(replace(session, steps=session.steps[:place]), step.at)
        told = was.convened_at is not None and was.convened_at <= step.at
        if step.act in (Act.CONVENED, Act.MOVED, Act.CORRECTED):
            standing = standing_of(replace(session, steps=session.steps[: place + 1]), step.at)
            kind = NoticeKind.CHANGE if step.act is not Act.CONVENED and told else NoticeKind.CONVOCATION
            at = max(standing.convened_at or step.at, step.at)
            for recipient in self._convened(session, step.at):
                e = Expected(at, kind, recipient, session.key, until=standing.starts_at)
                self.waiting.append((e, standing.version))
                self.had.add((session.key, standing.version, recipient))
        elif step.act in (Act.DEFERRED, Act.CANCELLED):
            # To whoever believes that it will be held; a cancellation also to whoever believes that it is deferred.
            until = was.starts_at if was.starts_at is not None and was.starts_at > step.at else None
            for recipient in self._convened(session, step.at):
                last = self.told.get((session.key, recipient))
                if last is None or last is step.act or (step.act is Act.DEFERRED and was.convened_at is None):
                    continue
                e = Expected(step.at, NoticeKind.CALLED_OFF, recipient, session.key, until=until)
                yield e
                self._off(e, step.act, now)

    def _off(self, e: Expected, act: Act, now: datetime) -> None:
        """Note whether it reached them that the session is deferred or cancelled."""
        in_time = e.until is None or now < e.until
        if in_time and blocked(self.history, e.recipient, now):
            self.missed[e.subject, e.recipient] = act, e
        elif in_time:
            self.told[e.subject, e.recipient] = act

    def _come_back(self, session: SessionHistory, now: datetime) -> Iterator[Expected]:
        """Yield what was called off while they had blocked the bot, unless there is something newer to say by now."""
        standing = standing_of(session, now)
        for (key, person), (act, missed) in list(self.missed.items()):
            if key != session.key or blocked(self.history, person, now):
                continue
            del self.missed[key, person]
            holds = standing.act is act or (act is Act.DEFERRED and standing.act is Act.DATED)
            if holds and (missed.until is None or now < missed.until):
                e = replace(missed, at=now)
                yield e
                self._off(e, act, now)

    def _convened(self, session: SessionHistory, at: datetime) -> list[str]:
        people = [p.key for p in enrolled(self.history, at) if convened_to(p, session)]
        return people + ([GROUP] if linked(self.history, at) else [])

    def _latecomers(self, session: SessionHistory, now: datetime) -> None:
        standing = standing_of(session, now)
        if standing.convened_at is None or standing.starts_at is None or standing.starts_at <= now:
            return
        for person in enrolled(self.history, now):
            key = (session.key, standing.version, person.key)
            if convened_to(person, session) and key not in self.had and not blocked(self.history, person.key, now):
                at = max(now, standing.convened_at)
                e = Expected(at, NoticeKind.CONVOCATION, person.key, session.key, until=standing.starts_at)
                self.waiting.append((e, standing.version))
                self.had.add(key)
