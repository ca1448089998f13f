"""Dates as people write them: what is clear is read, what is not is asked about, and nothing is guessed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prep_bot.domain.name import fold
from prep_bot.domain.spoken_date import (
    Ambiguous,
    Exact,
    Impossible,
    Incomplete,
    Reading,
    Reason,
    read_date,
    read_past,
    write_date,
)

ZONE = ZoneInfo("America/Mexico_City")
MONDAY = datetime(2022, 2, 14, 10, tzinfo=ZONE)


def local(text: str, *, fold: int = 0) -> datetime:
    """`02-24 11:00`, of 2022 unless it says another year, in the commission's zone."""
    whole = text if len(text) > len("02-24 11:00") else f"2022-{text}"
    return datetime.fromisoformat(whole).replace(tzinfo=ZONE, fold=fold).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text if len(text) > len("02-24") else f"2022-{text}")


def at(text: str) -> Exact:
    return Exact(local(text))


def ask(*texts: str) -> Ambiguous:
    return Ambiguous(tuple(local(text) for text in texts))


def only(*days: str) -> Incomplete:
    return Incomplete(days=tuple(day(text) for text in days))


def only_time(*times: float) -> Incomplete:
    return Incomplete(times=tuple(timedelta(hours=hours) for hours in times))


def no(reason: Reason) -> Impossible:
    return Impossible(reason)


def mismatch(days: list[str], *choices: str) -> Impossible:
    return Impossible(
        Reason.WEEKDAY_MISMATCH, tuple(day(text) for text in days), tuple(local(text) for text in choices)
    )


FIRST_0130, SECOND_0130 = local("10-30 01:30"), local("10-30 01:30", fold=1)

TO_COME: list[tuple[str, Reading]] = [
    # Day and month.
    ("15 de marzo a las 11", at("03-15 11:00")),
    ("el 15 de marzo, 11:00", at("03-15 11:00")),
    ("15 marzo 11 h", at("03-15 11:00")),
    ("15 mar 11:00", at("03-15 11:00")),
    ("24-feb 11 hrs", at("02-24 11:00")),
    ("24 feb 11", at("02-24 11:00")),
    ("24feb 11hrs.", at("02-24 11:00")),
    ("1o de abril 10hs", at("04-01 10:00")),
    ("1º de abril, 10:00", at("04-01 10:00")),
    ("1o. de abril 10:00", at("04-01 10:00")),
    ("primero de marzo 9:00", at("03-01 09:00")),
    ("marzo 15, 11:00", at("03-15 11:00")),
    ("el próximo 24 de febrero a las 11", at("02-24 11:00")),
    ("este 24 de febrero a las 11", at("02-24 11:00")),
    ("10 de setiembre 9:30", at("09-10 09:30")),
    ("10 set 9:30", at("09-10 09:30")),
    ("14 de febrero 11:00", at("02-14 11:00")),
    ("feb 24 11:00", at("02-24 11:00")),
    ("24 de febrero 1100", at("02-24 11:00")),
    ("24 de febrero 1730 hrs", at("02-24 17:30")),
    ("24 feb 20", at("02-24 20:00")),
    ("lunes 28 del presente, 10 horas", at("02-28 10:00")),
    ("el 24 de este mes a las 10", at("02-24 10:00")),
    ("Fecha: 24 de febrero. Hora: 11:00", at("02-24 11:00")),
    ("24 de febrero a las 11, por favor", at("02-24 11:00")),
    # With the year.
    ("24 feb 22 11:00", at("02-24 11:00")),
    ("24-feb-22 11:00", at("02-24 11:00")),
    ("24 de febrero de 2022 a las 11:00 hrs.", at("02-24 11:00")),
    ("24 de febrero del año 2022, a las 11:00 a. m.", at("02-24 11:00")),
    ("28/feb/2022 10:00am", at("02-28 10:00")),
    ("marzo 15, 2022 11:00", at("03-15 11:00")),
    ("14 de agosto de 2023 11:00", at("2023-08-14 11:00")),
    (
        "a las diez horas con treinta minutos del día veinticuatro de febrero de dos mil veintidós",
        at("02-24 10:30"),
    ),
    ("treinta y uno de marzo del año en curso a las doce horas", at("03-31 12:00")),
    # In figures: the day comes first, unless the year does.
    ("24/02/2022 11:00", at("02-24 11:00")),
    ("24/2/22, 11:00", at("02-24 11:00")),
    ("24 / 02 / 2022 - 11:00", at("02-24 11:00")),
    ("24.02.2022 11.30 hrs", at("02-24 11:30")),
    ("24.02.2022 11.00", at("02-24 11:00")),
    ("28/2 a las 5 de la tarde", at("02-28 17:00")),
    ("3/4 12:00", at("04-03 12:00")),
    ("2022-02-28 11:00", at("02-28 11:00")),
    ("2022-02-24T11:00", at("02-24 11:00")),
    # Counted from today.
    ("hoy 18 h", at("02-14 18:00")),
    ("hoy mismo a las 12", at("02-14 12:00")),
    ("mañana 10 am", at("02-15 10:00")),
    ("mañana 16", at("02-15 16:00")),
    ("mañana 15 a las 10", at("02-15 10:00")),
    ("mañana martes 15 de febrero, 10:00", at("02-15 10:00")),
    ("a las 10 de mañana", at("02-15 10:00")),
    ("mañana en la mañana a las 10", at("02-15 10:00")),
    ("pasado mañana a las 9 y media", at("02-16 09:30")),
    ("en 3 días a las 10", at("02-17 10:00")),
    ("dentro de una semana, 10:00", at("02-21 10:00")),
    ("dentro de 8 días a las 10", ask("02-21 10:00", "02-22 10:00")),
    ("de hoy en ocho a las 10", ask("02-21 10:00", "02-22 10:00")),
    ("de hoy en ocho, lunes, a las 10", at("02-21 10:00")),
    ("de hoy en quince días a las 10", ask("02-28 10:00", "03-01 10:00")),
    # Weekdays.
    ("jueves a las once de la mañana", at("02-17 11:00")),
    ("este jueves 10:00", at("02-17 10:00")),
    ("mie, 13 hrs", at("02-16 13:00")),
    ("lunes 9:00", at("02-21 09:00")),
    ("lunes 11:00", ask("02-14 11:00", "02-21 11:00")),
    ("próximo lunes 11:00", at("02-21 11:00")),
    ("próximo jueves 17:00", ask("02-17 17:00", "02-24 17:00")),
    ("este próximo jueves 17:00", ask("02-17 17:00", "02-24 17:00")),
    ("el jueves que viene a las 17:00", ask("02-17 17:00", "02-24 17:00")),
    ("jueves de esta semana 17:00", at("02-17 17:00")),
    ("el jueves de la próxima semana a las 17:00", at("02-24 17:00")),
    ("la semana que entra, el martes a las 10", at("02-22 10:00")),
    # Weekday and number.
    ("el jueves 24 a las 11:30", at("02-24 11:30")),
    ("jueves 24 11", at("02-24 11:00")),
    ("mar 15 10:00", at("02-15 10:00")),
    ("jueves 24 por la tarde, 5", at("02-24 17:00")),
    ("jueves 10, 10:00", at("03-10 10:00")),
    ("próximo jueves 24 a las 11", at("02-24 11:00")),
    ("a las 17:00 del jueves 24", at("02-24 17:00")),
    ("lunes 28 de febrero, 12:30 horas", at("02-28 12:30")),
    ("28 de febrero (lunes), 12:30", at("02-28 12:30")),
    ("viernes 15 a las 11", at("04-15 11:00")),
    ("domingo 17 a las 11", at("04-17 11:00")),
    ("lunes 18 a las 11", ask("02-18 11:00", "02-21 11:00", "04-18 11:00")),
    ("jueves 25 a las 11", ask("02-25 11:00", "02-24 11:00", "08-25 11:00")),
    ("jueves 25 a las 5", ask("02-25 17:00", "02-24 17:00", "08-25 17:00", "02-25 05:00")),
    # The number alone.
    ("el 24 a las 11", at("02-24 11:00")),
    ("24 a las 11", at("02-24 11:00")),
    ("el día 10 a las 11", at("03-10 11:00")),
    ("el 14 a las 9", at("03-14 09:00")),
    ("el 31 a las 9", at("03-31 09:00")),
    # Hours.
    ("11 am del 15 de marzo", at("03-15 11:00")),
    ("11 p.m. del 15 de marzo", at("03-15 23:00")),
    ("15 de marzo 12 pm", at("03-15 12:00")),
    ("15 de marzo 12:30 p. m.", at("03-15 12:30")),
    ("15 de marzo 0:30 am", at("03-15 00:30")),
    ("15 de marzo 0:30 pm", no(Reason.NO_SUCH_TIME)),
    ("15 de marzo 12 am", ask("03-15 12:00", "03-15 00:00")),
    ("15 de marzo 0:30", at("03-15 00:30")),
    ("15 de marzo a las cero horas", at("03-15 00:00")),
    ("15 de marzo a las 5", ask("03-15 17:00", "03-15 05:00")),
    ("15 de marzo a la una", ask("03-15 13:00", "03-15 01:00")),
    ("15 de marzo 7:59 hrs", ask("03-15 19:59", "03-15 07:59")),
    ("15 de marzo a las 8", at("03-15 08:00")),
    ("15 de marzo 05:00", at("03-15 05:00")),
    ("15 de marzo 05:00 pm", at("03-15 17:00")),
    ("15 de marzo 5 de la madrugada", at("03-15 05:00")),
    ("15 de marzo, 5 por la tarde", at("03-15 17:00")),
    ("15 de marzo a las 8 de la noche", at("03-15 20:00")),
    ("15 de marzo por la tarde, a las 5 en punto", at("03-15 17:00")),
    ("15 de marzo 17 pm", at("03-15 17:00")),
    ("15 de marzo, 17:00 (5 pm)", at("03-15 17:00")),
    ("el 3 de abril a mediodía", at("04-03 12:00")),
    ("15 de marzo a las 12 del medio día", at("03-15 12:00")),
    ("15 de marzo a las 12 del día", at("03-15 12:00")),
    ("15 de marzo a medianoche", ask("03-16 00:00", "03-15 00:00")),
    ("15 de marzo, 12 de la noche", ask("03-16 00:00", "03-15 00:00")),
    ("15 de marzo a las 24:00", at("03-16 00:00")),
    ("15 de marzo a las diez treinta", at("03-15 10:30")),
    ("15 de marzo a las 10.45", at("03-15 10:45")),
    ("15 de marzo 10h15", at("03-15 10:15")),
    ("15 de marzo a las 9 y cuarto", at("03-15 09:15")),
    ("15 de marzo a las nueve y treinta y cinco", at("03-15 09:35")),
    ("15 de marzo a las once horas con cuarenta y cinco minutos", at("03-15 11:45")),
    ("15 de marzo a las once y cincuenta y nueve", at("03-15 11:59")),
    ("15 de marzo 11 menos cuarto", at("03-15 10:45")),
    ("15 de marzo a la 1 menos 10 de la tarde", at("03-15 12:50")),
    ("un cuarto para las once del jueves 24", at("02-24 10:45")),
    ("10 minutos para las 11 del jueves 24", at("02-24 10:50")),
    ("jueves 10 en punto", at("02-17 10:00")),
    ("hoy a las 5", at("02-14 17:00")),
    ("a partir de las 11 del 24 de febrero", at("02-24 11:00")),
    # The clocks go back on 30 October and forward on 3 April.
    ("30 de octubre 01:30", Ambiguous((FIRST_0130, SECOND_0130))),
    ("30 de octubre 1:30", Ambiguous((local("10-30 13:30"), FIRST_0130, SECOND_0130))),
    ("30 de octubre 01:30 antes del cambio de hora", Exact(FIRST_0130)),
    ("30 de octubre 01:30 (después del cambio de hora)", Exact(SECOND_0130)),
    ("30 de octubre 12:30 antes del cambio de hora", at("10-30 12:30")),
    ("3 de abril 02:30", no(Reason.NO_SUCH_TIME)),
    ("3 de abril 2:30 am", no(Reason.NO_SUCH_TIME)),
    ("3 de abril 03:00", at("04-03 03:00")),
    # Only one half.
    ("jueves 24", only("02-24")),
    ("24 feb 22", only("02-24")),
    ("mañana en la tarde", only("02-15")),
    ("mañana 15", only("02-15")),
    ("14 de febrero", only("02-14")),
    ("lunes", only("02-14", "02-21")),
    ("próximo jueves", only("02-17", "02-24")),
    ("dentro de 8 días", only("02-21", "02-22")),
    ("jueves 25", only("02-25", "02-24", "08-25")),
    ("a las 11", only_time(11)),
    ("17:00 hrs", only_time(17)),
    ("a las 5 y media", only_time(17.5, 5.5)),
    ("medianoche", only_time(24, 0)),
    # No such day, no such time.
    ("30 de febrero 10:00", no(Reason.NO_SUCH_DAY)),
    ("31/04 10:00", no(Reason.NO_SUCH_DAY)),
    ("29 de febrero 10:00", no(Reason.NO_SUCH_DAY)),
    ("29/02/2023 10:00", no(Reason.NO_SUCH_DAY)),
    ("24/13/2022 10:00", no(Reason.NO_SUCH_DAY)),
    ("0/2 10:00", no(Reason.NO_SUCH_DAY)),
    ("el 32 a las 10", no(Reason.NO_SUCH_DAY)),
    ("jueves 45 a las 10", no(Reason.NO_SUCH_DAY)),
    ("24/02/2022 25:00", no(Reason.NO_SUCH_TIME)),
    ("24/02/2022 11:60", no(Reason.NO_SUCH_TIME)),
    ("24/02/2022 24:30", no(Reason.NO_SUCH_TIME)),
    ("24/02/2022 17 am", no(Reason.NO_SUCH_TIME)),
    ("24/02/2022 3 de la noche", no(Reason.NO_SUCH_TIME)),
    ("24/02/2022 11 de la tarde", no(Reason.NO_SUCH_TIME)),
    # Another weekday.
    ("jueves 25 de febrero", mismatch(["02-25", "02-24"])),
    ("jueves 25 de febrero a las 11", mismatch(["02-25", "02-24"], "02-25 11:00", "02-24 11:00")),
    (
        "jueves 25/02/2022 a las 5",
        mismatch(["02-25", "02-24"], "02-25 17:00", "02-24 17:00", "02-25 05:00", "02-24 05:00"),
    ),
    ("mañana jueves 10:00", mismatch(["02-15", "02-17"], "02-15 10:00", "02-17 10:00")),
    ("lunes 3 de febrero", mismatch(["2023-02-03", "2023-02-06"])),
    ("sábado 14 de febrero 11:00", mismatch(["02-14"], "02-14 11:00")),
    # Past, or too far.
    ("ayer 18:00", no(Reason.PAST)),
    ("hoy a las 9", no(Reason.PAST)),
    ("hoy a las 10:00", no(Reason.PAST)),
    ("24/02/2021 11:00", no(Reason.PAST)),
    ("24 feb 20 11:00", no(Reason.PAST)),
    ("10 de febrero 11:00", Impossible(Reason.PAST, (day("2023-02-10"),))),
    ("10 de febrero", Impossible(Reason.PAST, (day("2023-02-10"),))),
    ("14 de febrero 9:00", Impossible(Reason.PAST, (day("2023-02-14"),))),
    ("24 de febrero de dos mil", no(Reason.PAST)),
    ("antes de ayer", no(Reason.PAST)),
    ("10/02/2022 11:00", no(Reason.PAST)),
    ("24/02/0001 11:00", no(Reason.PAST)),
    ("jueves 3 de febrero 11:00", no(Reason.PAST)),
    ("el pasado jueves 10:00", no(Reason.PAST)),
    ("hace 2 días a las 10", no(Reason.PAST)),
    ("14 de agosto de 2023", only("2023-08-14")),
    ("15 de agosto de 2023 11:00", no(Reason.TOO_FAR)),
    ("24/02/9999 11:00", no(Reason.TOO_FAR)),
    ("dentro de 999 días", no(Reason.TOO_FAR)),
    # What has a word out of the grammar, or says two things, is not read in part.
    ("", no(Reason.NOT_UNDERSTOOD)),
    ("hola", no(Reason.NOT_UNDERSTOOD)),
    ("24", no(Reason.NOT_UNDERSTOOD)),
    ("11.30", no(Reason.NOT_UNDERSTOOD)),
    ("por la tarde", no(Reason.NOT_UNDERSTOOD)),
    ("la próxima semana", no(Reason.NOT_UNDERSTOOD)),
    ("la próxima semana a las 10", no(Reason.NOT_UNDERSTOOD)),
    ("el jueves de 10 a 12", no(Reason.NOT_UNDERSTOOD)),
    ("mañana 11:00-13:00", no(Reason.NOT_UNDERSTOOD)),
    ("mañana 10 am 5 pm", no(Reason.NOT_UNDERSTOOD)),
    ("mañana en 2 horas", no(Reason.NOT_UNDERSTOOD)),
    ("en 3 días hábiles a las 10", no(Reason.NOT_UNDERSTOOD)),
    ("1 o 2 de abril 10:00", no(Reason.NOT_UNDERSTOOD)),
    ("del 15 al 20 de marzo a las 10", no(Reason.NOT_UNDERSTOOD)),
    ("11 viernes", no(Reason.NOT_UNDERSTOOD)),
    ("mañana 16 a las 10", no(Reason.NOT_UNDERSTOOD)),
    ("jueves viernes 10:00", no(Reason.NOT_UNDERSTOOD)),
    ("mañana 24 de febrero 10:00", no(Reason.NOT_UNDERSTOOD)),
    ("mañana 15 de febrero de 2023, 10:00", no(Reason.NOT_UNDERSTOOD)),
    ("jueves 24 de febrero de esta semana 10:00", no(Reason.NOT_UNDERSTOOD)),
    ("jueves 9:5", no(Reason.NOT_UNDERSTOOD)),
    ("jueves 24 a las 11 12", no(Reason.NOT_UNDERSTOOD)),
    ("jueves 24 a las 11, sala 3", no(Reason.NOT_UNDERSTOOD)),
    ("mañana a las 0 menos cuarto", no(Reason.NO_SUCH_TIME)),
]

GONE: list[tuple[str, Reading]] = [
    ("hoy 9:00", at("02-14 09:00")),
    ("hoy a las 10", at("02-14 10:00")),
    ("hoy 11:00", no(Reason.FUTURE)),
    ("hoy a las 5", at("02-14 05:00")),
    ("ayer 18:00", at("02-13 18:00")),
    ("ayer a las 5", ask("02-13 17:00", "02-13 05:00")),
    ("ayer a medianoche", ask("02-14 00:00", "02-13 00:00")),
    ("antier a las 10", at("02-12 10:00")),
    ("antes de ayer a las 10", at("02-12 10:00")),
    ("anteayer a las 10", at("02-12 10:00")),
    ("hace 2 días a las 10", at("02-12 10:00")),
    ("hace ocho días a las 10", ask("02-07 10:00", "02-06 10:00")),
    ("24/02/2021 10:00", at("2021-02-24 10:00")),
    ("24/02/2022 10:00", no(Reason.FUTURE)),
    ("lunes 9 am", at("02-14 09:00")),
    ("lunes 11 am", at("02-07 11:00")),
    ("lunes", only("02-14")),
    ("jueves 10:00", at("02-10 10:00")),
    ("el jueves pasado a las 10", at("02-10 10:00")),
    ("el pasado lunes a las 9", at("02-07 09:00")),
    ("jueves 10 de febrero, 10:00", at("02-10 10:00")),
    ("jueves 10 a las 10:00", at("02-10 10:00")),
    ("el pasado 10 de febrero a las 18:00", at("02-10 18:00")),
    ("el 10 a las 10", at("02-10 10:00")),
    ("15 de febrero 10:00", Impossible(Reason.FUTURE, (day("2021-02-15"),))),
    ("15 de noviembre 10:00", at("2021-11-15 10:00")),
    ("10 feb 21", only("2021-02-10")),
    ("10 feb 23", at("02-10 23:00")),
    ("martes 15 de febrero 10:00", no(Reason.FUTURE)),
    ("viernes 10 de febrero", mismatch(["02-10", "02-11"])),
    ("domingo 14 de febrero 9:00", mismatch(["02-14", "02-13"], "02-14 09:00", "02-13 09:00")),
    ("14 de agosto de 2020", only("2020-08-14")),
    ("13 de agosto de 2020", no(Reason.TOO_FAR)),
    ("mañana 10:00", no(Reason.FUTURE)),
    ("próximo jueves 10:00", no(Reason.FUTURE)),
    ("10 de febrero", only("02-10")),
    ("hola", no(Reason.NOT_UNDERSTOOD)),
]


@pytest.mark.parametrize(("text", "expected"), TO_COME)
def test_a_moment_to_come(text: str, expected: Reading) -> None:
    assert read_date(text, MONDAY, ZONE) == expected


@pytest.mark.parametrize(("text", "expected"), GONE)
def test_a_moment_gone_by(text: str, expected: Reading) -> None:
    assert read_past(text, MONDAY, ZONE) == expected


@pytest.mark.parametrize(("text", "expected"), TO_COME)
def test_accents_capitals_and_spaces_do_not_matter(text: str, expected: Reading) -> None:
    assert read_date(fold(text).upper().replace(" ", "  ") + "\n", MONDAY.astimezone(UTC), ZONE) == expected


@pytest.mark.parametrize(
    ("time", "hours"),
    [
        ("6 de la madrugada", [6]),
        ("7 de la madrugada", []),
        ("12 de la madrugada", [24, 0]),
        ("1 de la mañana", [1]),
        ("11 de la mañana", [11]),
        ("12 de la mañana", [12, 0]),
        ("13 de la mañana", []),
        ("12 de la tarde", [12]),
        ("1 de la tarde", [13]),
        ("8 de la tarde", [20]),
        ("9 de la tarde", []),
        ("5 de la noche", []),
        ("6 de la noche", [18]),
        ("17 de la noche", []),
        ("18 de la noche", [18]),
        ("11 de la noche", [23]),
        ("12 de la noche", [24, 0]),
        ("13 am", []),
        ("11 pm", [23]),
        ("23 pm", [23]),
        ("24 pm", []),
    ],
)
def test_an_hour_belongs_to_its_part_of_the_day(time: str, hours: list[int]) -> None:
    expected = only_time(*hours) if hours else no(Reason.NO_SUCH_TIME)
    assert read_date(time, MONDAY, ZONE) == expected


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("02-17 10:00", "jueves 9:00", at("02-24 09:00")),
        ("02-17 10:00", "jueves 11:00", ask("02-17 11:00", "02-24 11:00")),
        ("02-17 10:00", "jueves a las 10:00", at("02-24 10:00")),
        ("02-17 10:00", "próximo jueves 11:00", at("02-24 11:00")),
        ("02-17 10:00", "próximo lunes 11:00", at("02-21 11:00")),
        ("02-17 10:00", "miércoles de esta semana 11:00", no(Reason.PAST)),
        ("02-17 10:00", "mañana jueves 11:00", mismatch(["02-18", "02-17"], "02-18 11:00", "02-17 11:00")),
        ("02-17 18:00", "hoy a las 5", no(Reason.PAST)),
        ("02-20 23:59", "lunes 11:00", at("02-21 11:00")),
        ("02-20 23:59", "hoy a medianoche", at("02-21 00:00")),
        ("12-20 10:00", "2 de enero 11:00", at("2023-01-02 11:00")),
        ("12-20 10:00", "lunes 2 a las 11", at("2023-01-02 11:00")),
        ("2023-12-20 10:00", "29 de febrero 11:00", at("2024-02-29 11:00")),
        ("08-15 10:00", "10 de febrero 9:00", at("2023-02-10 09:00")),
        ("12-20 10:00", "15 de enero 9:00", at("2023-01-15 09:00")),
        ("01-31 10:00", "el 30 a las 11", at("03-30 11:00")),
        ("2022-08-31 10:00", "28 de febrero de 2024", only("2024-02-28")),
        ("2022-08-31 10:00", "1 de marzo de 2024", no(Reason.TOO_FAR)),
    ],
)
def test_it_depends_on_the_day_on_which_it_is_said(now: str, text: str, expected: Reading) -> None:
    assert read_date(text, local(now), ZONE) == expected


def test_last_thursday_said_on_a_friday_is_this_weeks_or_the_one_before() -> None:
    friday = local("02-18 10:00")
    assert read_past("el jueves pasado a las 9", friday, ZONE) == ask("02-17 09:00", "02-10 09:00")
    assert read_past("el jueves a las 9", friday, ZONE) == at("02-17 09:00")


def test_the_day_is_the_zones() -> None:
    late = datetime(2022, 2, 15, 5, tzinfo=UTC)  # 14 February, 23:00 in Mexico City
    assert read_date("mañana 10:00", late, ZONE) == at("02-15 10:00")
    assert read_date("mañana 10:00", late, ZoneInfo("UTC")) == Exact(datetime(2022, 2, 16, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("first", "answer", "expected"),
    [
        ("jueves 24", "11", at("02-24 11:00")),
        ("jueves 24", "22", at("02-24 22:00")),
        ("jueves 24", "a las 11 y media", at("02-24 11:30")),
        ("jueves 24", "5", ask("02-24 17:00", "02-24 05:00")),
        ("jueves 24", "5 de la tarde", at("02-24 17:00")),
        ("jueves 24", "mejor mañana", no(Reason.NOT_UNDERSTOOD)),
        ("jueves 24", "mañana", only("02-15")),
        ("jueves 24", "mañana a las 9", at("02-15 09:00")),
        ("próximo jueves", "11", ask("02-17 11:00", "02-24 11:00")),
        ("hoy", "9", no(Reason.PAST)),
        ("14 de febrero", "9", no(Reason.PAST)),
        ("3 de abril", "02:30", no(Reason.NO_SUCH_TIME)),
        ("a las 11", "24", at("02-24 11:00")),
        ("a las 11", "el jueves", at("02-17 11:00")),
        ("a las 5", "24", ask("02-24 17:00", "02-24 05:00")),
        ("a las 9", "hoy", no(Reason.PAST)),
        ("a las 9", "lunes", at("02-21 09:00")),
        ("a las 9", "14 de febrero", Impossible(Reason.PAST, (day("2023-02-14"),))),
        ("medianoche", "15 de marzo", ask("03-16 00:00", "03-15 00:00")),
        ("a las 11", "a las 12", only_time(12)),
        ("a las 11", "jueves 25 de febrero", mismatch(["02-25", "02-24"], "02-25 11:00", "02-24 11:00")),
        ("a las 11", "99", no(Reason.NO_SUCH_DAY)),
        ("jueves 24", "24 11", no(Reason.NOT_UNDERSTOOD)),
        ("jueves 24", "11, viernes", no(Reason.NOT_UNDERSTOOD)),
        ("jueves 24", "25 a las 11", at("02-25 11:00")),
        ("a las 11", "25 a las 12", at("02-25 12:00")),
        ("jueves 24", "por la tarde", only("02-24")),
    ],
)
def test_what_is_missing_is_given_in_a_second_text(first: str, answer: str, expected: Reading) -> None:
    begun = read_date(first, MONDAY, ZONE)
    assert isinstance(begun, Incomplete)
    assert read_date(answer, MONDAY, ZONE, begun) == expected


def test_what_is_missing_of_a_past_moment_is_given_in_a_second_text() -> None:
    begun = read_past("lunes", MONDAY, ZONE)
    assert isinstance(begun, Incomplete)
    assert read_past("9", MONDAY, ZONE, begun) == at("02-14 09:00")


ZONES = [ZoneInfo(f"America/{city}") for city in ("Mexico_City", "Tijuana", "Ciudad_Juarez", "Hermosillo")]
CHANGES = [
    datetime(2021, 10, 31, 7, tzinfo=UTC),
    datetime(2022, 4, 3, 8, tzinfo=UTC),
    datetime(2022, 10, 30, 7, tzinfo=UTC),
    datetime(2022, 11, 30, 6, tzinfo=UTC),  # Ciudad Juárez changed its standard time
    datetime(2024, 11, 3, 9, tzinfo=UTC),  # Tijuana still changes its clocks
]
minutes = st.integers(0, 7 * 365 * 24 * 60).map(
    lambda count: datetime(2021, 1, 1, tzinfo=UTC) + timedelta(minutes=count)
)
around_a_change = st.builds(
    lambda change, count: change + timedelta(minutes=count), st.sampled_from(CHANGES), st.integers(-180, 180)
)
lags = st.timedeltas(timedelta(seconds=1), timedelta(days=540))


@given(minutes | around_a_change, lags, st.sampled_from(ZONES))
@example(FIRST_0130, timedelta(hours=1), ZONE)
@example(SECOND_0130, timedelta(minutes=1), ZONE)
def test_what_is_written_reads_back(moment: datetime, lag: timedelta, zone: ZoneInfo) -> None:
    assert read_date(write_date(moment, zone), moment - lag, zone) == Exact(moment)
    assert read_past(write_date(moment, zone), moment + lag, zone) == Exact(moment)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (local("02-24 11:00"), "jueves 24 de febrero de 2022, 11:00"),
        (local("2023-09-06 05:07"), "miércoles 6 de septiembre de 2023, 05:07"),
        (FIRST_0130, "domingo 30 de octubre de 2022, 01:30 (antes del cambio de hora)"),
        (SECOND_0130, "domingo 30 de octubre de 2022, 01:30 (después del cambio de hora)"),
        (local("10-30 02:00"), "domingo 30 de octubre de 2022, 02:00"),
    ],
)
def test_it_is_written_in_full(moment: datetime, written: str) -> None:
    assert write_date(moment, ZONE) == written


WORDS = sorted({word for text, _ in TO_COME + GONE for word in text.split()})
garbage = st.text(max_size=40) | st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=8).map(" ".join)


@given(garbage, minutes, st.sampled_from(ZONES))
def test_any_text_has_an_answer_and_the_answer_is_on_the_right_side_of_now(
    text: str, now: datetime, zone: ZoneInfo
) -> None:
    today = now.astimezone(zone).date()
    for read, after in ((read_date, True), (read_past, False)):
        match read(text, now, zone):
            case Exact(moment):
                moments, days = (moment,), ()
            case Ambiguous(moments):
                days = ()
                assert 2 <= len(moments) <= 4
            case Incomplete(days, times):
                moments = ()
                assert bool(days) != bool(times)
            case Impossible(reason, days, moments):
                assert not days or reason in {Reason.WEEKDAY_MISMATCH, Reason.PAST, Reason.FUTURE}
                assert days or reason is not Reason.WEEKDAY_MISMATCH
        assert len({*moments}) == len(moments)
        for moment in moments:
            assert moment.tzinfo is UTC
            assert (moment > now) == after
        assert all((each >= today if after else each <= today) for each in days)


@given(st.sampled_from([text for text, reading in TO_COME if isinstance(reading, Exact)]), minutes)
def test_a_clear_phrase_says_the_same_with_its_date_and_time_in_two_texts(text: str, now: datetime) -> None:
    whole = read_date(text, now, ZONE)
    if isinstance(whole, Exact):
        date_part, time_part = write_date(whole.at, ZONE).split(", ")
        begun = read_date(date_part, now, ZONE)
        assert isinstance(begun, Incomplete)
        again = read_date(time_part, now, ZONE, begun)
        assert again == whole
