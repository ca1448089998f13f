"""The quorum of a session: how many voting members it takes, who may be expected, and who is there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance


def required(voting: int, rule: int | None) -> int:
    """Return how many of `voting` members make a session valid: `rule`, or more than half when there is none."""
    return voting // 2 + 1 if rule is None else rule


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
    def absent(self) -> int:
        """How many said that they will not attend."""
        return self.voting - self.confirmed - self.possible

    @property
    def within_reach(self) -> bool:
        """Whether there can still be a quorum: if all who have not answered come, there is."""
        return self.confirmed + self.possible >= self.required


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


def count(attendances: Iterable[Attendance | None], rule: int | None) -> Count:
    """Return how many of the voting members, recorded so at the roll call, attend; None is not recorded."""
    recorded = tuple(attendances)
    present = sum(attendance is not None and attendance.attends for attendance in recorded)
    return Count(required(len(recorded), rule), len(recorded), present)
