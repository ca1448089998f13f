"""The kinds of value in a plan's file: keys, texts, months, dates and times."""

import re
import unicodedata
from datetime import date, time
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    HttpUrl,
    PlainSerializer,
    PlainValidator,
    Strict,
    StringConstraints,
    TypeAdapter,
)

from prep_bot.domain.month import Month

_KEY = re.compile(r"[a-z0-9-]{1,60}")
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})
_WEB_ADDRESS = TypeAdapter(HttpUrl)


def _key(text: str) -> str:
    if _KEY.fullmatch(text) is None:
        raise ValueError(
            f"{text[:80]!r} is not a key: use lower-case letters a-z, digits and hyphens, at most 60, "
            "such as 'plan-de-seguridad'"
        )
    return text


def _composed(value: object) -> object:
    """Give each accented letter its single character: text copied from a PDF often has two."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _visible(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in _INVISIBLE:
            raise ValueError(f"holds the invisible character U+{ord(character):04X}: remove it")
    return text


def _month(value: object) -> Month:
    if isinstance(value, Month):
        return value
    if not isinstance(value, str):
        raise ValueError('write the month between quotes, such as "2022-02"')
    return Month.parse(value)


def _in_calendar(day: date) -> date:
    Month.of(day)
    return day


def _web_address(text: str) -> str:
    _WEB_ADDRESS.validate_python(text)
    return text


Key = Annotated[str, AfterValidator(_key)]
ShortLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(_visible),
    BeforeValidator(_composed),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_visible),
    BeforeValidator(_composed),
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
    AfterValidator(_visible),
    BeforeValidator(_composed),
]
Link = Annotated[Text, AfterValidator(_web_address)]
PlanMonth = Annotated[Month, PlainValidator(_month), PlainSerializer(str)]
Day = Annotated[date, Strict(), AfterValidator(_in_calendar)]
TimeOfDay = Annotated[time, Strict()]
