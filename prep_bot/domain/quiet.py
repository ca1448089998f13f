"""Quiet hours: when nothing goes out that can wait."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prep_bot.domain.rules import QuietHours


def is_quiet(at: datetime, hours: QuietHours, zone: ZoneInfo) -> bool:
    """Tell whether the aware instant `at` falls in the quiet hours, wall time in `zone`."""
    return _late(at, hours, zone) or _early(at, hours, zone)


def before_quiet(at: datetime, hours: QuietHours, zone: ZoneInfo) -> datetime:
    """Return `at`, or if it is quiet then, the evening before: for what is about a session, which later is too late."""
    if _late(at, hours, zone):
        return _on(at, hours.evening, zone)
    if _early(at, hours, zone):
        return _on(at, hours.evening, zone, days=-1)
    return at


def after_quiet(at: datetime, hours: QuietHours, zone: ZoneInfo) -> datetime:
    """Return `at`, or if it is quiet then, the end of the quiet hours."""
    if _late(at, hours, zone):
        return _on(at, hours.end, zone, days=1)
    if _early(at, hours, zone):
        return _on(at, hours.end, zone)
    return at


def _late(at: datetime, hours: QuietHours, zone: ZoneInfo) -> bool:
    return hours.start != hours.end and at.astimezone(zone).time() >= hours.start


def _early(at: datetime, hours: QuietHours, zone: ZoneInfo) -> bool:
    return hours.start != hours.end and at.astimezone(zone).time() < hours.end


def _on(at: datetime, clock: time, zone: ZoneInfo, *, days: int = 0) -> datetime:
    return datetime.combine(at.astimezone(zone).date() + timedelta(days=days), clock, zone).astimezone(UTC)
