"""What points to a row, from any table: whether it may be deleted, and pointing it all to another row."""

from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from prep_bot.db import tables  # noqa: F401 - so that the metadata has every table


def referring(model: type[SQLModel], *, besides: str = "") -> tuple[Any, ...]:
    """Return the columns of all tables, without that one, which point to rows of `model`."""
    key = _table(model).c.id
    return tuple(
        column
        for table in SQLModel.metadata.sorted_tables
        if table.name != besides
        for column in table.columns
        if column.references(key)
    )


async def referenced(session: AsyncSession, model: type[SQLModel], row_id: int | None, *, besides: str = "") -> bool:
    """Tell whether any row of any table, without that one, points to that row of `model`."""
    found = [exists().where(column == row_id) for column in referring(model, besides=besides)]
    return any((await session.execute(select(*(each.label(None) for each in found)))).one())


async def repoint(session: AsyncSession, model: type[SQLModel], old: int, new: int, *, besides: str) -> None:
    """Point whatever points to the row `old` of `model` to `new`, but in that one table, in the caller's transaction.

    Where a row of `new` says the same already, the one of `old` goes.
    """
    for column in referring(model, besides=besides):
        if column.primary_key:
            await session.execute(delete(column.table).where(column == old, _twin(column, new)))
        await session.execute(update(column.table).where(column == old).values({column.name: new}))


def _twin(column: Any, new: int) -> ColumnElement[bool]:
    """Return whether there is the same row, but for `column`, which is `new`."""
    twin = column.table.alias()
    others = [key for key in column.table.primary_key if key is not column]
    return exists(select(literal(1)).where(twin.c[column.name] == new, *(twin.c[key.name] == key for key in others)))


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]
