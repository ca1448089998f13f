"""The words of dates in Mexican Spanish, and one spelling for each before the grammar looks at them."""

import re
from collections.abc import Iterable
from datetime import date

from prep_bot.domain.name import fold

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def _beginnings(names: Iterable[str]) -> dict[str, int]:
    """Return each folded name, and each way to cut it short to three letters or more, with its place in the list."""
    return {fold(name)[:size]: place for place, name in enumerate(names) for size in range(3, len(name) + 1)}


WEEKDAY_NUMBERS = _beginnings(WEEKDAYS)
"""0 is Monday, as in `date.weekday`."""
MONTH_NUMBERS = {word: place + 1 for word, place in _beginnings(MONTHS).items()} | {"setiembre": 9, "set": 9}

DAYS_FROM_TODAY = {
    "hoy": 0,
    "manana": 1,
    "pasado manana": 2,
    "ayer": -1,
    "antier": -2,
    "anteayer": -2,
    "antes de ayer": -2,
}

_SMALL = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
]
_TENS = {"treinta": 30, "cuarenta": 40, "cincuenta": 50}
_VALUES = {word: value for value, word in enumerate(_SMALL)} | _TENS | {"un": 1, "una": 1, "primero": 1}

_HALF_OF_DAY = re.compile(r"(?<![a-z])([ap])\.? ?m(?![a-z])\.?")
_FIRST = re.compile(r"\b1\.?(?:o|ro|er|ero|°)\.?(?!\w)")
_NUMBER = re.compile(rf"\b(?:({'|'.join(_TENS)}) y ({'|'.join(_SMALL[1:10])})|({'|'.join(_VALUES)}))\b")
_THOUSANDS = re.compile(r"\b2 mil(?: (\d\d?))?(?! ?[\d:h])")
_GLUED = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")
_THIS_YEAR = re.compile(r"\b(?:de este ano|del presente ano|del ano en curso)\b")
_THIS_MONTH = re.compile(r"\b(?:de este mes|del mes en curso|del presente(?: mes)?)\b")
_SLASH = re.compile(r" ?/ ?")


def normalise(text: str, today: date) -> str:
    """Return `text`, written on `today`, folded, with its numbers in digits and the present month and year by name.

    "A las once horas del veinticuatro del presente mes" is "a las 11 horas del 24 de febrero de 2022".
    """
    normal = fold(text)
    normal = _HALF_OF_DAY.sub(r"\1m", normal)
    normal = _FIRST.sub("1", normal)
    normal = _NUMBER.sub(lambda found: str(sum(_VALUES[word] for word in found.groups() if word)), normal)
    normal = _THOUSANDS.sub(lambda found: str(2000 + int(found[1] or 0)), normal)
    normal = _GLUED.sub(" ", normal)
    normal = _THIS_YEAR.sub(f"de {today.year}", normal)
    normal = _THIS_MONTH.sub(f"de {MONTHS[today.month - 1]} de {today.year}", normal)
    return _SLASH.sub("/", normal)
