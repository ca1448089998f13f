"""Dates, times and spans as they are written in Mexico. Patterns are explicit: the library's own vary."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from markupsafe import Markup

from prep_bot.domain.month import Month
from prep_bot.i18n import DEFAULT_LOCALE, current_locale, t, tn


def _locale() -> Locale:
    try:
        return Locale.parse(current_locale())
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT_LOCALE)


def month_name(month: Month) -> str:
    """Return `febrero`."""
    return format_date(month.first, "MMMM", _locale())


def month_and_year(month: Month) -> Markup:
    """Return `febrero de 2022`."""
    return t("{month} de {year}", month=month_name(month), year=month.year)


def day(value: date) -> Markup:
    """Return `28 de febrero`."""
    return t("{day} de {month}", day=value.day, month=month_name(Month.of(value)))


def day_and_year(value: date) -> Markup:
    """Return `28 de febrero de 2022`."""
    return t("{day} de {month} de {year}", day=value.day, month=month_name(Month.of(value)), year=value.year)


def weekday_name(value: date) -> str:
    """Return `jueves`."""
    return format_date(value, "EEEE", _locale())


def weekday_and_day(value: date) -> Markup:
    """Return `jueves 24 de febrero de 2022`."""
    return t("{weekday} {date}", weekday=weekday_name(value), date=day_and_year(value))


def weekday_and_time(instant: datetime, zone: ZoneInfo) -> Markup:
    """Return `jueves 24 de febrero de 2022, 11:00 h`, wall time in `zone`."""
    local = instant.astimezone(zone)
    weekday = weekday_name(local.date())
    return t("{weekday} {date}, {time} h", weekday=weekday, date=day_and_year(local.date()), time=clock(local))


def formal(instant: datetime, zone: ZoneInfo) -> Markup:
    """Return `jueves 24 de febrero de 2022, a las 11:00 horas`, as documents write it; wall time in `zone`."""
    local = instant.astimezone(zone)
    day = {"weekday": weekday_name(local.date()), "date": day_and_year(local.date()), "time": clock(local)}
    if local.hour == 1:
        return t("{weekday} {date}, a la {time} horas", **day)
    return t("{weekday} {date}, a las {time} horas", **day)


def moment(instant: datetime, zone: ZoneInfo) -> Markup:
    """Return `28 de febrero de 2022, 11:00 h`, wall time in `zone`."""
    local = instant.astimezone(zone)
    return t("{date}, {time} h", date=day_and_year(local.date()), time=clock(local))


def short_moment(instant: datetime, zone: ZoneInfo) -> Markup:
    """Return `24 de febrero, 11:00 h`, wall time in `zone`."""
    local = instant.astimezone(zone)
    return t("{date}, {time} h", date=day(local.date()), time=clock(local))


def clock(local: datetime) -> str:
    """Return `11:00`, the wall time that `local` carries."""
    return format_datetime(local, "HH:mm", tzinfo=local.tzinfo, locale=_locale())


def days_left(days: int) -> Markup:
    """Say how far a deadline is, in whole days; negative days have passed."""
    if days == 0:
        return t("vence hoy")
    if days == 1:
        return t("vence mañana")
    if days > 0:
        return tn("falta {n} día", "faltan {n} días", days)
    return tn("venció hace {n} día", "venció hace {n} días", -days)


def span(left: timedelta) -> Markup:
    """Say how long until something that is still to come, to the precision that matters."""
    total = int(left.total_seconds() // 60)
    if total >= 3 * 24 * 60:
        return tn("falta {n} día", "faltan {n} días", left // timedelta(days=1))
    hours, minutes = divmod(total, 60)
    days, hours = divmod(hours, 24)
    if days and hours:
        return t(
            "faltan {days} y {hours}",
            days=tn("{n} día", "{n} días", days),
            hours=tn("{n} hora", "{n} horas", hours),
        )
    if days:
        return tn("falta {n} día", "faltan {n} días", days)
    if hours and minutes and hours < 3:
        return t(
            "faltan {hours} y {minutes}",
            hours=tn("{n} hora", "{n} horas", hours),
            minutes=tn("{n} minuto", "{n} minutos", minutes),
        )
    if hours:
        return tn("falta {n} hora", "faltan {n} horas", hours)
    return tn("falta {n} minuto", "faltan {n} minutos", minutes) if minutes else t("falta menos de un minuto")
