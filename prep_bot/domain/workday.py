"""Which days are no working days: weekends, Mexico's public holidays and the institution's own days off."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from prep_bot.domain.rules import Holidays

_SATURDAY = 5


@dataclass(frozen=True)
class DayOff:
    """Why a day is no working day: one reason at least."""

    weekend: bool
    holiday: str
    """The public holiday's name, in Spanish; of any other day, nothing."""
    own: bool
    """It is on the institution's own list."""


def day_off(day: date, rules: Holidays) -> DayOff | None:
    """Return why `day` is no working day, or None for a working day. An electoral process makes no difference here."""
    found = DayOff(
        weekend=day.weekday() >= _SATURDAY, holiday=_public_holidays(day.year).get(day, ""), own=day in rules.extra
    )
    return found if found.weekend or found.holiday or found.own else None


@cache
def _public_holidays(year: int) -> dict[date, str]:
    # Loaded when first asked: most commissions are in an electoral process, and count every day.
    from holidays import country_holidays

    return dict(country_holidays("MX", years=year, language="es"))
