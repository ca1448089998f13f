"""A clock that stands still until it is told: the demo and the tests step it from instant to instant."""

from datetime import UTC, datetime


class ManualClock:
    """Shows the instant that it was last given, and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant at which the clock stands, aware, in UTC."""
        return self._now

    def real(self, instant: datetime) -> datetime:
        """Return `instant` itself: nobody waits for this clock by the machine's."""
        return instant

    def advance_to(self, instant: datetime) -> None:
        """Stand at `instant` (aware) from now on.

        Raises ValueError when that would turn the clock back.
        """
        if instant < self._now:
            raise ValueError(f"the clock stands at {self._now}: it cannot go back to {instant}")
        self._now = instant.astimezone(UTC)

    async def sleep_until(self, instant: datetime) -> None:
        """Stand at `instant` at once, unless it is past: to wait is to step."""
        self._now = max(self._now, instant.astimezone(UTC))
