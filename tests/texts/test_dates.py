"""Dates, times and spans as they are written in Mexico."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.month import Month
from prep_bot.i18n import speaking
from prep_bot.texts import dates

ZONE = ZoneInfo("America/Mexico_City")


def test_months_and_days() -> None:
    assert [dates.month_name(Month(2022, n)) for n in (1, 2, 9, 12)] == ["enero", "febrero", "septiembre", "diciembre"]
    assert dates.month_and_year(Month(2022, 2)) == "febrero de 2022"
    assert dates.day(date(2022, 2, 28)) == "28 de febrero"
    assert dates.day_and_year(date(2022, 3, 1)) == "1 de marzo de 2022"


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2022, 2, 24, 17, 0, tzinfo=UTC), "jueves 24 de febrero de 2022, 11:00 h"),
        (datetime(2022, 3, 1, 5, 59, tzinfo=UTC), "lunes 28 de febrero de 2022, 23:59 h"),
        (datetime(2022, 3, 1, 6, 0, tzinfo=UTC), "martes 1 de marzo de 2022, 00:00 h"),
        (datetime(2022, 4, 3, 7, 59, tzinfo=UTC), "domingo 3 de abril de 2022, 01:59 h"),
        (datetime(2022, 4, 3, 8, 0, tzinfo=UTC), "domingo 3 de abril de 2022, 03:00 h"),  # clocks go forward
        (datetime(2022, 5, 26, 16, 0, tzinfo=UTC), "jueves 26 de mayo de 2022, 11:00 h"),
        (datetime(2023, 5, 25, 17, 0, tzinfo=UTC), "jueves 25 de mayo de 2023, 11:00 h"),  # and never again
        (datetime(2022, 1, 1, 12, 5, tzinfo=ZoneInfo("Asia/Tokyo")), "viernes 31 de diciembre de 2021, 21:05 h"),
        (datetime(2022, 8, 31, 18, 0, tzinfo=UTC), "miércoles 31 de agosto de 2022, 13:00 h"),
        (datetime(2022, 2, 5, 18, 0, tzinfo=UTC), "sábado 5 de febrero de 2022, 12:00 h"),
    ],
)
def test_an_instant_is_written_by_the_commission_s_wall(instant: datetime, written: str) -> None:
    assert dates.weekday_and_time(instant, ZONE) == written
    assert dates.moment(instant, ZONE) == written.partition(" ")[2]


def test_no_space_that_breaks_elsewhere() -> None:
    instant = datetime(2022, 2, 24, 17, 0, tzinfo=UTC)
    assert not set(dates.weekday_and_time(instant, ZONE)) & {"\u00a0", "\u202f"}


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-30, "venció hace 30 días"),
        (-1, "venció hace 1 día"),
        (0, "vence hoy"),
        (1, "vence mañana"),
        (2, "faltan 2 días"),
        (145, "faltan 145 días"),
    ],
)
def test_days_left(days: int, said: str) -> None:
    assert dates.days_left(days) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(0), "falta menos de un minuto"),
        (timedelta(seconds=59), "falta menos de un minuto"),
        (timedelta(minutes=1), "falta 1 minuto"),
        (timedelta(minutes=59, seconds=59), "faltan 59 minutos"),
        (timedelta(hours=1), "falta 1 hora"),
        (timedelta(hours=1, minutes=1), "faltan 1 hora y 1 minuto"),
        (timedelta(hours=2, minutes=59), "faltan 2 horas y 59 minutos"),
        (timedelta(hours=3, minutes=59), "faltan 3 horas"),
        (timedelta(hours=23, minutes=59), "faltan 23 horas"),
        (timedelta(days=1), "falta 1 día"),
        (timedelta(days=1, minutes=59), "falta 1 día"),
        (timedelta(days=1, hours=1), "faltan 1 día y 1 hora"),
        (timedelta(days=2, hours=23), "faltan 2 días y 23 horas"),
        (timedelta(days=3), "faltan 3 días"),
        (timedelta(days=3, hours=23), "faltan 3 días"),
        (timedelta(days=19, hours=1), "faltan 19 días"),
    ],
)
def test_how_long_until_something(left: timedelta, said: str) -> None:
    assert dates.span(left) == said


@given(st.timedeltas(timedelta(0), timedelta(days=800)))
def test_a_span_promises_no_more_than_there_is(left: timedelta) -> None:
    units = {"día": timedelta(days=1), "hora": timedelta(hours=1), "minuto": timedelta(minutes=1)}
    told = [word.strip(",").rstrip("s") for word in dates.span(left).split()]
    said = sum((int(n) * units[unit] for n, unit in pairwise(told) if n.isdigit()), timedelta(0))
    tolerance = timedelta(days=1) if left >= timedelta(days=3) else timedelta(hours=1)
    assert timedelta(0) <= left - said < tolerance


def test_a_language_without_a_locale_is_written_as_in_mexico() -> None:
    with speaking("qps"):
        assert dates.month_and_year(Month(2022, 2)) == "febrero de 2022"


def test_another_language_names_its_own_months() -> None:
    with speaking("fr"):
        assert dates.month_name(Month(2022, 2)) == "février"
