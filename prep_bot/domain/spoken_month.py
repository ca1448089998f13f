"""Reading a month as a person writes it: "febrero", "feb", "feb 2022", "2022-02", "02/2022"."""

import re
from collections.abc import Collection

from prep_bot.domain.month import Month
from prep_bot.domain.name import fold

_NAMES = (
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
_OTHER_SPELLINGS = {"setiembre": 9, "sept": 9, "set": 9}
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{4})")
_NAMED = re.compile(r"([a-z]+)\.?(?:(?: del?)?[-/ ](\d{4}))?")
_BEFORE = re.compile(r"(?:(?:en|de|del|para|el|mes) )*")


class UnknownMonthError(ValueError):
    """The text names no month."""


def read_month(text: str, planned: Collection[Month], present: Month) -> Month:
    """Return the month that `text` names.

    Without a year it is the one with that name among the `planned` months, or when none has it, the nearest to them;
    of several, the one nearest to the `present`. Raises UnknownMonthError.
    """
    folded = _BEFORE.sub("", fold(text).strip(" ¿?¡!.,"), count=1)
    try:
        if match := _YEAR_FIRST.fullmatch(folded):
            return Month(int(match[1]), int(match[2]))
        if match := _MONTH_FIRST.fullmatch(folded):
            return Month(int(match[2]), int(match[1]))
        if match := _NAMED.fullmatch(folded):
            number = _number(match[1])
            return Month(int(match[2]), number) if match[2] else _nearest(number, planned or [present], present)
    except ValueError as error:
        raise UnknownMonthError(text) from error
    raise UnknownMonthError(text)


def names_month(text: str) -> bool:
    """Tell whether `text` names a month, with or without its year."""
    try:
        read_month(text, (), present=Month(2022, 1))
    except UnknownMonthError:
        return False
    return True


def _number(word: str) -> int:
    if word in _OTHER_SPELLINGS:
        return _OTHER_SPELLINGS[word]
    matches = [number for number, name in enumerate(_NAMES, start=1) if name.startswith(word)]
    if len(word) < 3 or len(matches) != 1:
        raise UnknownMonthError(word)
    return matches[0]


def _nearest(number: int, planned: Collection[Month], present: Month) -> Month:
    years = range(min(planned).year - 1, max(planned).year + 2)
    candidates = [Month(year, number) for year in years]
    return min(candidates, key=lambda month: (min(abs(month - other) for other in planned), abs(month - present)))
