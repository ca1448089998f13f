"""Who is at the door: strangers get one answer, and guessing codes is slowed down.

All of it is in memory, for as long as the process lives: before the privacy notice is accepted, nothing about a person
is stored, not even the id of their account.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prep_bot.clock import Clock

ATTEMPTS = 5
"""Wrong codes that an account may try within WINDOW."""
WINDOW = timedelta(hours=1)
REMEMBERED = 10_000
"""Accounts that are remembered at most; the one that was quiet longest is forgotten first."""


@dataclass
class _Visitor:
    greeted: bool = False
    failures: list[datetime] = field(default_factory=list)


class Doorman:
    """Remembers the strangers who came by."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._visitors: OrderedDict[int, _Visitor] = OrderedDict()

    def greets(self, telegram_id: int) -> bool:
        """Tell whether that stranger gets the one answer, which this question uses up."""
        visitor = self._visitor(telegram_id)
        first, visitor.greeted = not visitor.greeted, True
        return first

    def admits(self, telegram_id: int) -> bool:
        """Tell whether that account may try another code now."""
        visitor = self._visitor(telegram_id)
        since = self._clock.now() - WINDOW
        visitor.failures = [at for at in visitor.failures if at > since]
        return len(visitor.failures) < ATTEMPTS

    def failed(self, telegram_id: int) -> None:
        """Remember that the account tried a wrong code."""
        self._visitor(telegram_id).failures.append(self._clock.now())

    def _visitor(self, telegram_id: int) -> _Visitor:
        visitor = self._visitors.setdefault(telegram_id, _Visitor())
        self._visitors.move_to_end(telegram_id)
        if len(self._visitors) > REMEMBERED:
            self._visitors.popitem(last=False)
        return visitor
