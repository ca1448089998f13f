"""Column types that keep the domain's values whole, and the CHECKs that keep others out."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, CheckConstraint, Column, String, TypeDecorator
from sqlalchemy.engine.interfaces import Dialect

from prep_bot.domain.month import Month

E = TypeVar("E", bound=StrEnum)


class MonthType(TypeDecorator[Month]):
    """A month as `2022-02`: it sorts as text as it does in time."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text to store."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Month | None:  # noqa: ARG002
        """Return the stored month."""
        return None if value is None else Month.parse(value)


class EnumType(TypeDecorator[E]):
    """An enum by its value in a plain text column: adding a member needs no change of a native type."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text to store; a string that is no member is refused before it travels."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002
        """Return the stored member."""
        return None if value is None else self.kind(value)


def month_column(*, nullable: bool = False) -> Column[Any]:
    """Return a column of a month."""
    return Column(MonthType(), nullable=nullable)


def enum_column(kind: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    """Return a column of one of `kind`."""
    return Column(EnumType(kind), nullable=nullable)


def json_column() -> Column[Any]:
    """Return a column of plain JSON data."""
    return Column(JSON, nullable=False)


def one_of(column: str, kind: Iterable[StrEnum]) -> CheckConstraint:
    """Return the CHECK that `column` holds a value of the enum `kind`."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")
