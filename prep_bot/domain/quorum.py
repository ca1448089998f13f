"""The quorum of a session: how many voting members it takes, who may be expected, and who is there."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance


def required(voting: int, rule: int | None) -> int:
    """Return how many of `voting` members make a session valid: `rule`, or more than half when there is none."""
    return voting // 2 + 1 if rule is None else rule


SECOND_THOUGHTS = timedelta(hours=1)
"""For so long, whoever puts a quorum at risk, restores it and puts it at risk again is no news."""


@dataclass(frozen=True)
class Forecast:
    """What the voting members' answers let expect."""

    required: int
    voting: int
    confirmed: int
    """They said that they will attend, in the room or at a distance."""
    possible: int
    """They have not answered."""

    @property
    def most(self) -> int:
        """How many will attend if all who have not answered come."""
        return self.confirmed + self.possible

    @property
    def absent(self) -> int:
        """How many said that they will not attend."""
        return self.voting - self.confirmed - self.possible

    @property
    def within_reach(self) -> bool:
        """Whether there can still be a quorum: if all who have not answered come, there is."""
        return self.most >= self.required


@dataclass(frozen=True)
class Risk:
    """A quorum out of reach, as it was told."""

    at: datetime
    most: int
    """How many were to be expected at most."""
    absent: frozenset[int]
    """Who had said that they will not attend."""


@dataclass(frozen=True)
class Count:
    """How many voting members are there, by the roll call."""

    required: int
    voting: int
    present: int

    @property
    def met(self) -> bool:
        """Whether there is a quorum."""
        return self.present >= self.required


def forecast(answers: Iterable[Answer | None], rule: int | None) -> Forecast:
    """Return what to expect of the voting members who gave those answers; None is no answer."""
    given = Counter(answers)
    voting, possible = given.total(), given[None]
    confirmed = voting - possible - given[Answer.ABSENT]
    return Forecast(required(voting, rule), voting, confirmed, possible)


def worth_telling(before: Forecast, after: Forecast, risk: Risk, told: Collection[Risk], kept: Collection[int]) -> bool:
    """Tell whether an answer, which let expect `before` and now lets expect `after`, is to be alerted of.

    `risk` is what would be told; `told`, the risks of this convocation that were alerted of; `kept`, for each decision
    to keep the session nevertheless, how many were to be expected then. Each time that the quorum comes to be out of
    reach is told, but not that somebody changes their mind back and forth: the same people within SECOND_THOUGHTS.
    Once it was decided to keep the session, only what is worse than all that was told or decided.
    """
    if after.within_reach:
        return False
    if kept:
        return risk.most < min([*kept, *(earlier.most for earlier in told)])
    known = any(earlier.absent == risk.absent and risk.at - earlier.at < SECOND_THOUGHTS for earlier in told)
    return before.within_reach and not known


def count(attendances: Iterable[Attendance | None], rule: int | None) -> Count:
    """Return how many of the voting members, recorded so at the roll call, attend; None is not recorded."""
    recorded = tuple(attendances)
    present = sum(attendance is not None and attendance.attends for attendance in recorded)
    return Count(required(len(recorded), rule), len(recorded), present)
