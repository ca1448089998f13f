"""Petitions of an extraordinary session: whose signatures make a majority, and for how long they can be given.

Source: the plan of the commission ("a solicitud de la mayoría de sus integrantes"): of those who vote.
"""

import zlib
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from prep_bot.domain.month import end_of_day, local_day


class PetitionState(StrEnum):
    """What became of a petition."""

    OPEN = "open"
    REACHED = "reached"
    """It has its majority: nothing undoes that."""
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Part(StrEnum):
    """What whoever proposes has to write."""

    TOPIC = "topic"
    REASON = "reason"


LIMITS = {Part.TOPIC: 500, Part.REASON: 1000}
"""Characters of each."""


class Proposal(BaseModel):
    """A petition that is being written."""

    model_config = ConfigDict(frozen=True)

    commission: int
    topic: str = ""
    reason: str = ""

    @property
    def lacks(self) -> Part | None:
        """What is to be asked next; None when it can be presented."""
        return next((part for part in Part if not getattr(self, part)), None)

    @property
    def stamp(self) -> int:
        """Stands on the button that presents it: a preview of other words presents nothing."""
        return zlib.crc32(self.model_dump_json().encode()) % 10**9


def majority(voting: int) -> int:
    """Return how many of that number of voting members are more than half."""
    return voting // 2 + 1


def reaches(signed: AbstractSet[int], voting: AbstractSet[int]) -> bool:
    """Tell whether the signatures make a majority: only those of people who vote now count."""
    return len(signed & voting) >= majority(len(voting))


def lapse(made_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return until when (excluded) a petition can be signed: the end of the day so many days after it was made."""
    return end_of_day(local_day(made_at, zone) + timedelta(days=days), zone)


def state_of(
    reached_at: datetime | None, withdrawn_at: datetime | None, lapses_at: datetime, now: datetime
) -> PetitionState:
    """Return how a petition stands at `now`; the instants are aware."""
    if reached_at is not None:
        return PetitionState.REACHED
    if withdrawn_at is not None:
        return PetitionState.WITHDRAWN
    return PetitionState.OPEN if now < lapses_at else PetitionState.LAPSED
