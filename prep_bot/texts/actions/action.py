"""What a button asks for: encoded to callback data and decoded from it, here only.

The data is `<version><tag>:<field>:<field>…`, at most 64 bytes. Whatever does not decode is a button of an older
version of the program, or a forgery: both get the same answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from types import UnionType
from typing import Any, ClassVar, Self, get_args, get_type_hints

from prep_bot.domain.month import Month

VERSION = "1"
LIMIT = 64
"""Bytes of callback data, by Telegram's rule."""

ALL_COMMISSIONS = 0
"""In the field `commission`: every commission of the person."""


_NUMBER = re.compile(r"[0-9]{1,9}")
_READERS: "dict[type[Action], list[Callable[[str], Any]]]" = {}


class StaleActionError(Exception):
    """The data is of no action that this version of the program knows."""


@dataclass(frozen=True)
class Action:
    """Something that a button asks for. The fields of a subclass are its parameters, in order."""

    tag: ClassVar[str]

    def encode(self) -> str:
        """Return the callback data. Raises ValueError when it does not fit."""
        values = (_written(getattr(self, field.name)) for field in fields(self))
        data = ":".join((VERSION + self.tag, *values))
        if len(data.encode()) > LIMIT:
            raise ValueError(f"the callback data of {type(self).__name__} has more than {LIMIT} bytes")
        return data

    @classmethod
    def read(cls, values: list[str]) -> Self:
        """Return the action with those written values. Raises ValueError when they are not its own."""
        readers = _readers(cls)
        if len(values) != len(readers):
            raise ValueError(f"{cls.__name__} has {len(readers)} fields")
        return cls(*(read(value) for read, value in zip(readers, values, strict=True)))


def decode(data: str) -> Action:
    """Return the action that callback data asks for. Raises StaleActionError."""
    tag, *values = data.split(":")
    for kind in Action.__subclasses__():
        if tag == VERSION + kind.tag:
            try:
                return kind.read(values)
            except ValueError:
                break
    raise StaleActionError


def _written(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _readers(kind: "type[Action]") -> list[Callable[[str], Any]]:
    """Return how each field is read: found out once, however often such a button is tapped."""
    if kind not in _READERS:
        hints = get_type_hints(kind)
        _READERS[kind] = [_reader(hints[field.name]) for field in fields(kind)]
    return _READERS[kind]


def _reader(hint: Any) -> Callable[[str], Any]:
    if isinstance(hint, UnionType):
        (inner,) = (choice for choice in get_args(hint) if choice is not type(None))
        read = _reader(inner)
        return lambda text: read(text) if text else None
    if hint is Month:
        return Month.parse
    if hint is bool:
        return lambda text: bool(_number(text))
    if hint is int:
        return _number
    if hint is str or issubclass(hint, StrEnum):
        return hint  # type: ignore[no-any-return]
    raise TypeError(f"callback data cannot carry {hint}")


def _number(text: str) -> int:
    """Read a number as `encode` writes it: what a forger writes instead must not reach the database."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a number of callback data")
    return int(text)
