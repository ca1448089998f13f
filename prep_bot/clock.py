"""Where the program gets the time. Nothing else may ask the operating system for it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The present, and how to wait for a later moment of it."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def real(self, instant: datetime) -> datetime:
        """Return the machine's instant (UTC) at which this clock will show `instant`."""
        ...

    async def sleep_until(self, instant: datetime) -> None:
        """Return once this clock shows `instant` or later."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def real(self, instant: datetime) -> datetime:
        """Return `instant` itself: this clock is the machine's."""
        return instant

    async def sleep_until(self, instant: datetime) -> None:
        """Return once the machine's clock shows `instant`; it may be set back meanwhile, so look again."""
        while (wait := (instant - self.now()).total_seconds()) > 0:
            await asyncio.sleep(wait)


@dataclass(frozen=True)
class ScaledClock:
    """A clock for rehearsals: it showed `start` at the machine's `origin` and runs `rate` times as fast.

    All instants are aware, in UTC; `rate` is a positive number without unit.
    """

    start: datetime
    origin: datetime
    rate: float

    def now(self) -> datetime:
        """Return the rehearsed instant, aware, in UTC."""
        return self.start + (datetime.now(UTC) - self.origin) * self.rate

    def real(self, instant: datetime) -> datetime:
        """Return the machine's instant (UTC) at which this clock will show `instant`."""
        return self.origin + (instant - self.start) / self.rate

    async def sleep_until(self, instant: datetime) -> None:
        """Return once the rehearsed instant has come."""
        while (wait := (instant - self.now()) / self.rate) > timedelta(0):
            await asyncio.sleep(wait.total_seconds())
