"""Wall time and quiet hours, computed a second time."""

from datetime import UTC, date, datetime, time, timedelta

from prep_bot.domain.rules import Rules


def wall(rules: Rules, day: date, clock: time) -> datetime:
    """Return the instant, in UTC, at which the commission's clocks show that."""
    return datetime.combine(day, clock, rules.zone).astimezone(UTC)


def _quiet(rules: Rules, clock: time) -> bool:
    hours = rules.quiet_hours
    return hours.start != hours.end and (clock >= hours.start or clock < hours.end)


def about_session(rules: Rules, at: datetime) -> datetime:
    """Return `at`, or if it is quiet then, 20:30 of the evening before."""
    local = at.astimezone(rules.zone)
    if not _quiet(rules, local.time()):
        return at
    evening = local.date() if local.time() >= rules.quiet_hours.start else local.date() - timedelta(days=1)
    return wall(rules, evening, rules.quiet_hours.evening)


def morning(rules: Rules, day: date) -> datetime:
    """Return when on that day the bot speaks of the plan: at 09:00, or when the quiet hours are over."""
    clock = rules.reminders.at
    if not _quiet(rules, clock):
        return wall(rules, day, clock)
    if clock >= rules.quiet_hours.start:
        day += timedelta(days=1)
    return wall(rules, day, rules.quiet_hours.end)
