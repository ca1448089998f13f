"""To when a person may postpone a reminder."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_AFTERNOON = time(17)
_MORNING = time(9)


class Later(StrEnum):
    """To when a reminder is postponed."""

    HOUR = "1h"
    AFTERNOON = "pm"
    TOMORROW = "am"


def instant_of(later: Later, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant that `later` means when said at `now` (aware), wall time in `zone`."""
    today = now.astimezone(zone).date()
    match later:
        case Later.HOUR:
            return now + timedelta(hours=1)
        case Later.AFTERNOON:
            return datetime.combine(today, _AFTERNOON, zone)
        case Later.TOMORROW:
            return datetime.combine(today + timedelta(days=1), _MORNING, zone)


def options(now: datetime, starts_at: datetime, zone: ZoneInfo) -> tuple[Later, ...]:
    """Return to when a reminder of a session can be postponed: never to its start or past it."""
    return tuple(later for later in Later if now < instant_of(later, now, zone) < starts_at)
